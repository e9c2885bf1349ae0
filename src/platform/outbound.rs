//! The one HTTP client: TLS of the system's library, limits of time and size, no redirects, no proxy.
//!
//! Whoever asks decides about redirects and cookies; neither is followed or kept behind anyone's back. A proxy is
//! not picked up from the environment.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(10);
/// The largest body that is read, in octets.
pub const BODY_OCTETS: usize = 2 * 1024 * 1024;

/// Asks other hosts.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client,
}

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Send<'a> {
    /// GET.
    Get,
    /// POST of a form: names and values, in order.
    Form(&'a [(String, String)]),
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Every header field that is text, names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The body, at most [`BODY_OCTETS`].
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// The client could not be made.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
    /// Nobody answered in time, or the address is none.
    #[error("{url} was not reached: {cause}")]
    NoAnswer {
        /// The address without its query.
        url: String,
        /// What the system said.
        cause: String,
    },
    /// The answer is larger than it may be.
    #[error("{0} answered with more than {BODY_OCTETS} octets")]
    TooLarge(String),
}

impl Outbound {
    /// A client with the bounds of this module and TLS 1.2 or newer.
    pub fn new() -> Result<Self, Unreached> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(Policy::none())
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .no_proxy()
            .build();
        let client = client.map_err(|cause| Unreached::Client(cause.to_string()))?;
        Ok(Self { client })
    }

    /// Sends one request with these header fields and reads the whole answer.
    pub async fn ask(&self, url: &str, send: Send<'_>, headers: &[(&str, &str)]) -> Result<Reply, Unreached> {
        let mut request = match send {
            Send::Get => self.client.get(url),
            Send::Form(fields) => self.client.post(url).form(fields),
        };
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.map_err(|cause| no_answer(url, &cause))?;
        let status = response.status().as_u16();
        let headers = text_headers(&response);
        let body = body(url, response).await?;
        Ok(Reply {
            status,
            headers,
            body,
        })
    }
}

impl Reply {
    /// Every value of the header field `name` (lower case).
    pub fn all<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        let named = self.headers.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The first value of the header field `name` (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text; what is not UTF-8 becomes U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn text_headers(response: &Response) -> Vec<(String, String)> {
    let all = response.headers().iter();
    all.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

async fn body(url: &str, mut response: Response) -> Result<Vec<u8>, Unreached> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|cause| no_answer(url, &cause))? {
        if body.len() + chunk.len() > BODY_OCTETS {
            return Err(Unreached::TooLarge(without_query(url)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn no_answer(url: &str, cause: &reqwest::Error) -> Unreached {
    // The innermost cause is the one a person can act on: "Connection refused".
    let mut innermost: &dyn std::error::Error = cause;
    while let Some(deeper) = innermost.source() {
        innermost = deeper;
    }
    Unreached::NoAnswer {
        url: without_query(url),
        cause: innermost.to_string(),
    }
}

/// A query may carry a message or a secret; it is never repeated.
fn without_query(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// A server that says `answer` once, whatever it is asked.
    fn server(answer: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a?secret=1", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4096];
            let _read = stream.read(&mut asked).unwrap();
            // A client that has read enough hangs up; that is no fault of this server.
            let _written = stream.write_all(&answer);
        });
        url
    }

    #[tokio::test]
    async fn a_redirect_is_given_back_and_not_followed() {
        let url = server(
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec(),
        );
        let reply = Outbound::new().unwrap().ask(&url, Send::Get, &[]).await.unwrap();
        assert_eq!(
            (reply.status, reply.header("location")),
            (302, Some("http://127.0.0.1:1/"))
        );
    }

    #[tokio::test]
    async fn a_body_is_read_to_the_bound_and_not_beyond() {
        for (octets, fits) in [(BODY_OCTETS, true), (BODY_OCTETS + 1, false)] {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {octets}\r\n\r\n");
            let url = server([head.into_bytes(), vec![b'a'; octets]].concat());
            let reply = Outbound::new().unwrap().ask(&url, Send::Get, &[]).await;
            assert_eq!(reply.is_ok(), fits, "{octets}");
        }
    }

    #[tokio::test]
    async fn who_is_not_there_is_named_without_the_query() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a?secret=1", listener.local_addr().unwrap());
        drop(listener);
        let said = Outbound::new()
            .unwrap()
            .ask(&url, Send::Form(&[]), &[])
            .await
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("/a was not reached") && !said.contains("secret"),
            "{said}"
        );
    }
}
