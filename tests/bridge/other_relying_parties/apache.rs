//! The process of an Apache with `mod_auth_openidc`: on a free port, in a folder of its own, ended with the test. It never
//! touches the service of the machine, and runs as root or as anybody else.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use tempfile::TempDir;

use super::scene::free_port;

/// Where Debian puts them.
const MODULES: &str = "/usr/lib/apache2/modules";
const NEEDED: [&str; 7] = [
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_user",
    "headers",
    "dir",
    "auth_openidc",
];
/// Starts Apache, and ends it when our end of the input does, so that it never outlives the test. Its log is its own, so
/// that the log ends with it.
const KEEPER: &str = "/usr/sbin/apache2 -f \"$0\" -DFOREGROUND & exec 2>/dev/null; read -r _; kill $!; wait";
/// A free port may be taken before Apache has it; it then ends, and is started again on another.
const TRIES: usize = 5;

/// A running Apache, behind which one page stands.
#[derive(Debug)]
pub(super) struct Apache {
    keeper: Child,
    port: u16,
    /// Kept open, for a process whose log nobody takes may end.
    _log: BufReader<ChildStderr>,
    _folder: TempDir,
}

impl Apache {
    /// Starts it with these lines of `mod_auth_openidc`, and waits until it says that it is ready. `lines` is told the
    /// address at which it will be.
    pub(super) fn start(lines: impl Fn(&str) -> String) -> Self {
        (0..TRIES)
            .find_map(|_| Self::try_to_start(&lines))
            .expect("Apache did not start: is libapache2-mod-auth-openidc there (`bash .ci/setup test`)?")
    }

    fn try_to_start(lines: impl Fn(&str) -> String) -> Option<Self> {
        let port = free_port();
        let folder = tempfile::tempdir().expect("a folder");
        let site = site(folder.path());
        let configuration = folder.path().join("apache.conf");
        let text = configured(folder.path(), &site, port) + &lines(&at(port, ""));
        fs::write(&configuration, text).expect("it can be written");
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER])
            .arg(&configuration)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut log = BufReader::new(keeper.stderr.take().expect("its log was piped"));
        let is_ready = says_that_it_is_ready(&mut log);
        let apache = Self {
            keeper,
            port,
            _log: log,
            _folder: folder,
        };
        is_ready.then_some(apache)
    }

    /// An address of it.
    pub(super) fn url(&self, path: &str) -> String {
        at(self.port, path)
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // It fails only if the process has ended already.
        let _waited = self.keeper.wait();
    }
}

fn at(port: u16, path: &str) -> String {
    format!("http://127.0.0.1:{port}{path}")
}

/// The page behind it. Apache's children are not who started it, and must be able to read.
fn site(folder: &Path) -> std::path::PathBuf {
    let site = folder.join("site");
    fs::create_dir(&site).expect("a folder");
    fs::write(site.join("index.html"), "<h1>Rota behind Apache</h1>\n").expect("a page");
    for place in [folder, &site] {
        fs::set_permissions(place, Permissions::from_mode(0o755)).expect("it is ours");
    }
    site
}

fn configured(folder: &Path, site: &Path, port: u16) -> String {
    let (folder, site) = (folder.display(), site.display());
    let mut text = String::new();
    for module in NEEDED {
        writeln!(text, "LoadModule {module}_module {MODULES}/mod_{module}.so").expect("a string takes it");
    }
    // User and Group count only for root.
    write!(
        text,
        "ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nMutex file:{folder} default\n\
         ErrorLog /dev/stderr\nLogLevel notice\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\n\
         User www-data\nGroup www-data\nServerLimit 1\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n\
         DocumentRoot {site}\nDirectoryIndex index.html\n"
    )
    .expect("a string takes it");
    text
}

fn says_that_it_is_ready(log: &mut impl BufRead) -> bool {
    log.lines()
        .map_while(Result::ok)
        .any(|line| line.contains("resuming normal operations"))
}
