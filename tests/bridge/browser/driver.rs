//! The process of chromedriver, on a free port, ended with the test.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// A running chromedriver.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
    /// Kept open, for a process whose output nobody takes may end.
    _output: BufReader<ChildStdout>,
}

/// A free port may be taken before chromedriver has it on both versions of IP; it then ends, and is started again.
const TRIES: usize = 5;

impl Driver {
    /// Starts it and waits until it says where it listens.
    pub(crate) fn start() -> Self {
        (0..TRIES)
            .find_map(|_| Self::try_to_start())
            .expect("chromedriver did not start: run `chromedriver --port=0` to see why")
    }

    fn try_to_start() -> Option<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run `bash .ci/setup test`");
        let mut output = BufReader::new(process.stdout.take().expect("its output was piped"));
        let port = output
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| port_in(&line));
        let Some(port) = port else {
            // It has ended; nobody need know how.
            let _waited = process.wait();
            return None;
        };
        Some(Self {
            process,
            port,
            _output: output,
        })
    }

    /// Closes the browser of a session, and returns once it is closed.
    pub(crate) fn end_session(&self, session: &str) -> io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        write!(
            stream,
            "DELETE /session/{session} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )?;
        // The answer comes when the browser has ended. chromedriver keeps the connection, so its end never comes.
        stream.read(&mut [0; 256]).map(drop)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Both fail only if the process has ended already.
        let _ended = self.process.kill();
        let _waited = self.process.wait();
    }
}

/// The port in the line that says that it was "started successfully on port 35665."
fn port_in(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}
