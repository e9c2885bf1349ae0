//! Writes and signs one logout message, bent if a tester asked for it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::{Duration, OffsetDateTime};

use crate::fakes::fence;
use crate::fakes::saml_idp::answer::{NoAnswer, layout};
use crate::fakes::saml_idp::logout::{LogoutBinding, LogoutMischief, NextLogout};
use crate::fakes::saml_idp::{Keys, Personality};
use crate::platform::random::{Random, token, xml_id};
use crate::protocol::saml::binding::{MessageKind, Redirect, encode_post, redirect_address};
use crate::protocol::saml::logout::{LogoutHead, LogoutRequest, LogoutResponse};
use crate::protocol::saml::names::{STATUS_PARTIAL_LOGOUT, STATUS_RESPONDER, STATUS_SUCCESS};
use crate::protocol::saml::response::Name;
use crate::protocol::saml::signature::{SignatureAlgorithm, SigningKey, sign, sign_octets};

const ELSEWHERE: &str = "https://another.example.test/slo";
const ANOTHER_ISSUER: &str = "https://another.fake.nhsmail-bridge.invalid/";

/// How long a request is good for, as Entra writes it.
const GOOD_FOR: Duration = Duration::hours(1);

/// A message on its way to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::fakes::saml_idp) enum Sent {
    /// The browser goes to this address.
    To(String),
    /// The browser posts this message.
    Form {
        /// Where.
        address: String,
        /// `SAMLRequest` or `SAMLResponse`.
        field: &'static str,
        /// The message, base64.
        message: String,
        /// `RelayState`.
        relay_state: String,
    },
}

/// What a message is about.
#[derive(Debug, Clone)]
pub(super) enum Body<'l> {
    /// A session is over.
    Request {
        /// Whose.
        name: &'l Name,
        /// Which.
        session_index: Option<&'l str>,
    },
    /// A request was heard.
    Response {
        /// Its `ID`.
        in_response_to: &'l str,
        /// The status codes, outermost first.
        status: &'l [&'l str],
    },
}

/// One message, and what should be wrong with it.
#[derive(Debug, Clone)]
pub(super) struct Letter<'l> {
    pub(super) personality: Personality,
    /// Where it goes.
    pub(super) address: &'l str,
    pub(super) body: Body<'l>,
    pub(super) relay_state: Option<&'l str>,
    pub(super) next: NextLogout,
    pub(super) at: OffsetDateTime,
}

impl Letter<'_> {
    /// Writes it down, signed.
    pub(super) fn send(&self, keys: &Keys, random: &dyn Random) -> Result<Sent, NoAnswer> {
        fence::within(&[self.address])?;
        let id = xml_id(random)?;
        let xml = self.xml(&id, random)?;
        if self.next.binding == LogoutBinding::Post {
            return self.posted(xml, &id, keys);
        }
        self.redirect(&xml, keys)
    }

    fn is(&self, mischief: LogoutMischief) -> bool {
        self.next.mischief == mischief
    }

    fn xml(&self, id: &str, random: &dyn Random) -> Result<String, NoAnswer> {
        let late = if self.is(LogoutMischief::Stale) {
            Duration::hours(-1)
        } else if self.is(LogoutMischief::FromTheFuture) {
            Duration::hours(1)
        } else {
            Duration::ZERO
        };
        let head = LogoutHead {
            id,
            issued_at: self.at + late,
            destination: if self.is(LogoutMischief::WrongDestination) {
                ELSEWHERE
            } else {
                self.address
            },
            issuer: self.issuer(),
        };
        let xml = match self.body {
            Body::Request { name, session_index } => self.request(head, name, session_index, random)?,
            Body::Response {
                in_response_to,
                status,
            } => {
                let another = xml_id(random)?;
                let response = LogoutResponse {
                    head,
                    in_response_to: if self.is(LogoutMischief::WrongQuestion) {
                        &another
                    } else {
                        in_response_to
                    },
                    status: if self.is(LogoutMischief::Partial) {
                        &[STATUS_SUCCESS, STATUS_PARTIAL_LOGOUT]
                    } else if self.is(LogoutMischief::Refused) {
                        &[STATUS_RESPONDER]
                    } else {
                        status
                    },
                };
                response.to_xml()
            }
        };
        if self.is(LogoutMischief::NoDestination) {
            return Ok(without_attribute(&xml, "Destination"));
        }
        Ok(xml)
    }

    fn request(
        &self,
        head: LogoutHead<'_>,
        name: &Name,
        session_index: Option<&str>,
        random: &dyn Random,
    ) -> Result<String, NoAnswer> {
        let mut name = name.clone();
        if self.personality == Personality::Entra {
            // Its requests lack the format that its assertions have.
            name.format = None;
        }
        if self.is(LogoutMischief::OtherName) {
            name.value = token(random)?;
        }
        let mut indexes: Vec<String> = session_index.map(str::to_owned).into_iter().collect();
        if self.is(LogoutMischief::NoSession) {
            indexes.clear();
        } else if self.is(LogoutMischief::OtherSession) {
            indexes = vec![xml_id(random)?];
        }
        let not_on_or_after = if self.is(LogoutMischief::Expired) {
            self.at - Duration::minutes(10)
        } else {
            self.at + GOOD_FOR
        };
        let request = LogoutRequest {
            head,
            not_on_or_after: Some(not_on_or_after),
            name: &name,
            session_indexes: &indexes,
        };
        Ok(request.to_xml())
    }

    /// Entra signs its answers by the name of its login page.
    fn issuer(&self) -> &'static str {
        match self.body {
            _ if self.is(LogoutMischief::WrongIssuer) => ANOTHER_ISSUER,
            Body::Request { .. } => self.personality.entity_id(),
            Body::Response { .. } => self.personality.logout_issuer(),
        }
    }

    fn key<'k>(&self, keys: &'k Keys) -> Result<Option<&'k SigningKey>, NoAnswer> {
        if self.is(LogoutMischief::Unsigned) {
            return Ok(None);
        }
        Ok(Some(if self.is(LogoutMischief::WrongKey) {
            keys.stranger()?
        } else {
            keys.signing(self.personality)
        }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        if self.is(LogoutMischief::Sha1) {
            SignatureAlgorithm::RSA_SHA1
        } else {
            SignatureAlgorithm::RSA_SHA256
        }
    }

    fn posted(&self, xml: String, id: &str, keys: &Keys) -> Result<Sent, NoAnswer> {
        let mut message = match self.key(keys)? {
            Some(key) => sign(&xml, id, key, self.algorithm(), layout(self.personality))?,
            None => xml,
        };
        if self.is(LogoutMischief::ChangedAfterSigning) {
            message = message.replacen(" IssueInstant=\"", " Consent=\"urn:none\" IssueInstant=\"", 1);
        }
        Ok(Sent::Form {
            address: self.address.to_owned(),
            field: match self.body {
                Body::Request { .. } => "SAMLRequest",
                Body::Response { .. } => "SAMLResponse",
            },
            message: encode_post(&message),
            relay_state: self.relay_state.unwrap_or_default().to_owned(),
        })
    }

    fn redirect(&self, xml: &str, keys: &Keys) -> Result<Sent, NoAnswer> {
        let kind = match self.body {
            Body::Request { .. } => MessageKind::Request,
            Body::Response { .. } => MessageKind::Response,
        };
        let redirect = Redirect::of(kind, xml).with_relay_state(self.relay_state);
        // Both products escape in lower case.
        let mut query = lower_escapes(&redirect.query());
        if let Some(key) = self.key(keys)? {
            let algorithm = self.algorithm();
            query.push_str("&SigAlg=");
            push_escaped(algorithm.uri(), &mut query);
            let signed = sign_octets(key, algorithm, query.as_bytes());
            let value = signed.map_err(|cause| NoAnswer::Signing(cause.to_string()))?;
            query.push_str("&Signature=");
            push_escaped(&STANDARD.encode(value), &mut query);
        }
        if self.is(LogoutMischief::ChangedAfterSigning) {
            query = query.replacen("&RelayState=", "&RelayState=x", 1);
        } else if self.is(LogoutMischief::EscapedAnew) {
            query = upper_escapes(&query);
        } else if self.is(LogoutMischief::Reordered) {
            query = query.rsplit('&').collect::<Vec<_>>().join("&");
        }
        Ok(Sent::To(redirect_address(self.address, &query)))
    }
}

fn push_escaped(text: &str, out: &mut String) {
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            out.push(char::from(octet));
        } else {
            let written = write!(out, "%{octet:02x}");
            debug_assert!(written.is_ok(), "writing to a String cannot fail");
        }
    }
}

fn lower_escapes(query: &str) -> String {
    with_escapes(query, str::to_ascii_lowercase)
}

fn upper_escapes(query: &str) -> String {
    with_escapes(query, str::to_ascii_uppercase)
}

fn with_escapes(query: &str, write: impl Fn(&str) -> String) -> String {
    let mut parts = query.split('%');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        written.push_str(&["%", &write(digits), rest].concat());
    }
    written
}

fn without_attribute(xml: &str, name: &str) -> String {
    let Some((before, from)) = xml.split_once(&format!(" {name}=\"")) else {
        return xml.to_owned();
    };
    let after = from.split_once('"').map_or("", |(_, after)| after);
    [before, after].concat()
}
