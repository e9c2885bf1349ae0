//! The process of a program that the guide prints: in a folder of its own, on a port that was free, ended with the test.

use std::fs;
use std::io::Read as _;
use std::net::Ipv4Addr;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::other_relying_parties::scene::SECRET;

/// Where `.ci/fetch-guide` puts the packages of the Node program.
const NODE_MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/npm/guide/node_modules");
/// Debian's own: its packages are for no other.
const PYTHON: &str = "/usr/bin/python3";
/// How long one may take until it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whose program it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Language {
    Node,
    Python,
}

/// A running program.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    _folder: TempDir,
}

impl Language {
    /// Puts the program into `folder`, and says how it is run.
    fn command(self, text: &str, folder: &Path, port: u16) -> Command {
        let keep = |name: &str| fs::write(folder.join(name), text).expect("it is written");
        match self {
            Self::Node => {
                keep("rota.mjs");
                symlink(NODE_MODULES, folder.join("node_modules")).expect("a link");
                let mut command = Command::new("node");
                command.arg("rota.mjs");
                command
            }
            Self::Python => {
                keep("rota.py");
                let mut command = Command::new(PYTHON);
                command.args(["-m", "flask", "--app", "rota", "run", "--port", &port.to_string()]);
                command
            }
        }
    }
}

impl Program {
    /// Starts it, with the secrets that the guide takes from the environment, and waits until it listens. Meanwhile it may
    /// ask the bridge, which is of the test's own runtime.
    pub(super) async fn start(language: Language, text: &str, bridge: &str, port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let child = language
            .command(text, folder.path(), port)
            .current_dir(folder.path())
            .env("BRIDGE", bridge)
            .env("ROTA", format!("http://127.0.0.1:{port}"))
            .env("ROTA_SECRET", SECRET)
            .env("COOKIE_SECRET", "an invented secret for the cookies of Rota")
            .env("PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("its language is missing: run `bash .ci/setup test`");
        let mut program = Self {
            child,
            _folder: folder,
        };
        let listens = tokio::time::timeout(PATIENCE, program.listens(port)).await;
        assert!(listens.is_ok(), "{language:?} does not listen");
        program
    }

    async fn listens(&mut self, port: u16) {
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            if self.child.try_wait().expect("it is ours").is_some() {
                let mut said = String::new();
                let stderr = self.child.stderr.take();
                let _read = stderr.map(|mut stderr| stderr.read_to_string(&mut said));
                panic!("it ended:\n{said}");
            }
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
