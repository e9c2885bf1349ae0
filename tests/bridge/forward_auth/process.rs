//! A reverse proxy of the machine, with a configuration of the test's own, ended with the test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use nhsmail_bridge::cli::protect::{self, Arguments, Proxy};
use nhsmail_bridge::platform::origin::Origin;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What nginx needs around the servers that it serves. One process, so that nothing is left behind.
const AROUND_NGINX: &str = "daemon off;
master_process off;
pid FOLDER/nginx.pid;
error_log stderr notice;
events { }
http {
    access_log off;
    client_body_temp_path FOLDER/body;
    proxy_temp_path FOLDER/proxy;
    fastcgi_temp_path FOLDER/fastcgi;
    uwsgi_temp_path FOLDER/uwsgi;
    scgi_temp_path FOLDER/scgi;
    include FOLDER/site.conf;
}
";

/// What Caddy needs in front of its sites.
const BEFORE_CADDY: &str = "{
	admin off
	storage file_system FOLDER
}
";

/// How long Traefik may take until it knows its site.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running proxy.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    /// Kept, so that it can go on complaining.
    _stderr: BufReader<ChildStderr>,
    _folder: TempDir,
}

/// Debian keeps it where only the administrator's shell looks.
fn nginx_program() -> &'static str {
    let debian = "/usr/sbin/nginx";
    if Path::new(debian).exists() {
        debian
    } else {
        "nginx"
    }
}

/// What `.ci/fetch-proxies` has brought.
fn fetched(program: &str) -> PathBuf {
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pypi/proxies/bin");
    packages.join(program)
}

/// Host and port.
fn authority(site: &Origin) -> &str {
    let text = site.as_str();
    text.split_once("://").map_or(text, |(_, authority)| authority)
}

/// What `site` answers, if anything does. The bridge it asks meanwhile is of the test's own runtime.
async fn status(site: &Origin) -> Option<String> {
    let mut stream = TcpStream::connect(authority(site)).await.ok()?;
    let question = format!(
        "GET / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
        authority(site)
    );
    stream.write_all(question.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    answer.split(' ').nth(1).map(str::to_owned)
}

/// Where a site may be found that has not been started: a port that was free a moment ago.
pub(super) fn free_site() -> Origin {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("its address");
    Origin::parse(&format!("http://{address}")).expect("an origin")
}

/// What `protect` prints.
pub(super) fn snippet(proxy: Proxy, site: &str, upstream: &str, bridge: &str) -> String {
    let arguments = Arguments {
        proxy,
        upstream: upstream.to_owned(),
        host: site.to_owned(),
        bridge: bridge.to_owned(),
    };
    let mut out = Vec::new();
    assert_eq!(protect::run(&arguments, &mut out), 0);
    String::from_utf8(out).expect("text")
}

impl Process {
    /// nginx with this configuration of a site.
    pub(super) fn nginx(site: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let around = write(folder.path(), "nginx.conf", AROUND_NGINX);
        write(folder.path(), "site.conf", site);
        let mut command = Command::new(nginx_program());
        command.arg("-p").arg(folder.path()).args(["-c", &around]);
        Self::start(command, folder, "getrlimit")
    }

    /// Caddy with this configuration of a site.
    pub(super) fn caddy(site: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = write(folder.path(), "Caddyfile", &format!("{BEFORE_CADDY}{site}"));
        let mut command = Command::new("caddy");
        command
            .args(["run", "--adapter", "caddyfile", "--config", &file])
            .env("HOME", folder.path());
        Self::start(command, folder, "serving initial configuration")
    }

    /// Traefik with this configuration of a site, which is its dynamic one.
    pub(super) async fn traefik(site: &str, at: &Origin) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = write(folder.path(), "site.yaml", site);
        let log = folder.path().join("log");
        let mut command = Command::new(fetched("traefik"));
        command
            .arg(format!("--entryPoints.web.address={}", authority(at)))
            .arg(format!("--providers.file.filename={file}"))
            .args([
                "--global.checkNewVersion=false",
                "--global.sendAnonymousUsage=false",
            ])
            .arg(format!("--log.filePath={}", log.display()));
        let process = Self::start(command, folder, "");
        // It listens before it knows any site, and says nothing when it does.
        let known = async {
            while status(at).await.is_none_or(|status| status == "404") {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, known).await.is_ok();
        let said = || std::fs::read_to_string(&log).unwrap_or_default();
        assert!(in_time, "Traefik does not know the site:\n{}", said());
        process
    }

    /// Envoy with this configuration, which is the whole.
    pub(super) fn envoy(whole: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = write(folder.path(), "envoy.yaml", whole);
        let mut command = Command::new(fetched("envoy"));
        command.args(["-c", &file, "--disable-hot-restart", "--concurrency", "1"]);
        Self::start(command, folder, "starting workers")
    }

    /// Starts it, and waits until it says that it listens.
    fn start(mut command: Command, folder: TempDir, ready: &str) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the proxy is missing: run `bash .ci/setup test`");
        let mut stderr = BufReader::new(child.stderr.take().expect("it was piped"));
        let mut said = String::new();
        while !said.contains(ready) {
            let read = stderr.read_line(&mut said).expect("text");
            assert!(read > 0, "the proxy did not start:\n{said}");
        }
        Self {
            child,
            _stderr: stderr,
            _folder: folder,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// True if nginx takes this configuration of a site; else what it says.
pub(super) fn nginx_takes(site: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let around = write(folder.path(), "nginx.conf", AROUND_NGINX);
    write(folder.path(), "site.conf", site);
    let mut child = Command::new(nginx_program())
        .arg("-t")
        .arg("-p")
        .arg(folder.path())
        .args(["-c", &around])
        .stderr(Stdio::piped())
        .spawn()
        .expect("nginx is missing: run `bash .ci/setup test`");
    let mut said = String::new();
    let mut stderr = child.stderr.take().expect("it was piped");
    stderr.read_to_string(&mut said).expect("text");
    let took = child.wait().expect("it ended").success();
    took.then_some(()).ok_or(said)
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let place = folder.to_str().expect("text");
    let file = folder.join(name);
    std::fs::write(&file, text.replace("FOLDER", place)).expect("it is written");
    file.to_str().expect("text").to_owned()
}
