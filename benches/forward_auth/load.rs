//! Many connections that ask the same question again and again, and read nothing of the answer but its status and length.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// One question, as octets.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    address: SocketAddr,
    octets: String,
}

/// Many who ask it.
#[derive(Debug)]
pub(crate) struct Load<'a> {
    question: &'a Question,
    connections: usize,
}

impl Question {
    /// A GET with these headers.
    pub(crate) fn get(address: SocketAddr, path: &str, headers: &[(&str, String)]) -> Self {
        let mut octets = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in headers {
            write!(octets, "{name}: {value}\r\n").expect("a String takes everything");
        }
        octets.push_str("\r\n");
        Self { address, octets }
    }
}

impl<'a> Load<'a> {
    /// `connections` that ask `question`.
    pub(crate) fn of(question: &'a Question, connections: usize) -> Self {
        Self {
            question,
            connections,
        }
    }

    /// Asks for so long; gives answers per second.
    #[expect(clippy::disallowed_methods, reason = "this measures the machine's own time")]
    pub(crate) async fn run(&self, time: Duration) -> f64 {
        let start = Instant::now();
        let until = start + time;
        let mut all = JoinSet::new();
        for _connection in 0..self.connections {
            all.spawn(ask_until(self.question.clone(), until));
        }
        let answers: u32 = all.join_all().await.into_iter().sum();
        f64::from(answers) / start.elapsed().as_secs_f64()
    }
}

#[expect(clippy::disallowed_methods, reason = "this measures the machine's own time")]
async fn ask_until(question: Question, until: Instant) -> u32 {
    let mut stream = TcpStream::connect(question.address)
        .await
        .expect("somebody listens");
    stream.set_nodelay(true).expect("a socket");
    let mut answers = 0;
    let mut buffer = Vec::with_capacity(16_384);
    while Instant::now() < until {
        stream
            .write_all(question.octets.as_bytes())
            .await
            .expect("it is sent");
        read_answer(&mut stream, &mut buffer).await;
        answers += 1;
    }
    answers
}

/// Reads one answer, which has no body.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    while !buffer.ends_with(b"\r\n\r\n") {
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the server hung up");
    }
    let is_good = buffer.starts_with(b"HTTP/1.1 200 ");
    assert!(is_good, "{}", String::from_utf8_lossy(buffer));
}
