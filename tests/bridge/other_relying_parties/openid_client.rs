//! The process of an application with openid-client, ended with the test.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openid-client/main.mjs");
/// Where `.ci/fetch-openid-client` puts the package.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/npm/openid-client");

/// A running application. It would end by itself with our end of its input.
#[derive(Debug)]
pub(super) struct OpenIdClient {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl OpenIdClient {
    /// Starts it.
    pub(super) fn start() -> Self {
        let mut child = Command::new("node")
            .args([PROGRAM, PACKAGE])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("node is missing: run `bash .ci/setup test`");
        let input = child.stdin.take().expect("its input was piped");
        let output = BufReader::new(child.stdout.take().expect("its output was piped"));
        Self { child, input, output }
    }

    /// Has it do one thing, and gives what came of it. While it works the bridge must be able to answer, so that the
    /// waiting is done beside the runtime.
    pub(super) async fn does(mut self, what: &str, mut wanted: Value) -> (Self, Value) {
        wanted["do"] = json!(what);
        let waiting = tokio::task::spawn_blocking(move || {
            writeln!(self.input, "{wanted}").expect("it listens");
            let said = self.hear();
            (self, said)
        });
        waiting.await.expect("it answers")
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("text");
        serde_json::from_str(&line).unwrap_or_else(|_| {
            let mut complaint = String::new();
            let stderr = self.child.stderr.take();
            let _read = stderr.map(|mut stderr| stderr.read_to_string(&mut complaint));
            panic!("openid-client did not start; is it there (`bash .ci/fetch-openid-client`)?\n{complaint}")
        })
    }
}

impl Drop for OpenIdClient {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
