//! The process of the provider, on a free port, ended with the test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc-provider/main.mjs");
/// Where `.ci/fetch-oidc-provider` puts the package.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/npm/oidc-provider");

/// A running provider. It would end by itself with our end of its input.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it, and waits until it says its issuer.
    pub(super) fn start() -> (Self, String) {
        let mut child = Command::new("node")
            .args([PROGRAM, PACKAGE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node is missing: run `bash .ci/setup test`");
        let input = child.stdin.take().expect("its input was piped");
        let output = BufReader::new(child.stdout.take().expect("its output was piped"));
        let mut process = Self { child, input, output };
        let issuer = process.hear()["issuer"].as_str().expect("an issuer").to_owned();
        (process, issuer)
    }

    /// Tells it what it shall be, and waits until it is.
    pub(super) fn tell(&mut self, wanted: &Value) {
        writeln!(self.input, "{wanted}").expect("it listens");
        assert_eq!(self.hear()["ready"], true);
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("text");
        serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut complaint = String::new();
            let _read = self
                .child
                .stderr
                .take()
                .map(|mut stderr| stderr.read_to_string(&mut complaint));
            panic!("oidc-provider did not start; is it there (`bash .ci/fetch-oidc-provider`)?\n{complaint}")
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
