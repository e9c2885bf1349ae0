//! A browser's part: cookies by their rules, redirects, forms and their buttons. No script, no picture.
//!
//! `replay` uses it to bring an answer to a service as a real browser would, and tests to walk a whole sign-in. It
//! keeps the one rule that decides how a bridge must be built: a POST that comes from another site carries no cookie
//! that is `SameSite=Lax`.

mod cookies;
mod markup;
mod page;

use url::Url;

use crate::platform::outbound::{Outbound, Reply, Send, Unreached};

use cookies::{Initiator, Jar};
pub use page::{Button, Form, Page};

/// More redirects than this in a row are a loop.
const MOST_REDIRECTS: usize = 20;

/// A browser with its cookies.
#[derive(Debug, Clone)]
pub struct Browser {
    outbound: Outbound,
    jar: Jar,
}

/// One request and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address without its query, which may carry a message.
    pub address: String,
    /// The status code.
    pub status: u16,
}

/// Why the browser got no further.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// Nobody answered.
    #[error(transparent)]
    Unreached(#[from] Unreached),
    /// No address, or one that is neither http nor https.
    #[error("{0} is no http or https address")]
    Address(String),
    /// Redirects without end.
    #[error("redirected more than {MOST_REDIRECTS} times, last to {0}")]
    Loop(String),
    /// The page has no such form, button or link.
    #[error("the page {address} has no {wanted}")]
    Missing {
        /// Where.
        address: String,
        /// What was looked for.
        wanted: String,
    },
}

/// A request on its way.
#[derive(Debug, Clone)]
struct Errand {
    url: Url,
    fields: Option<Vec<(String, String)>>,
    initiator: Initiator,
}

impl Browser {
    /// A browser without cookies.
    pub fn new() -> Result<Self, Unreached> {
        Ok(Self {
            outbound: Outbound::new()?,
            jar: Jar::default(),
        })
    }

    /// Types an address and follows redirects.
    pub async fn open(&mut self, address: &str) -> Result<Page, Lost> {
        self.follow(Errand {
            url: parse(address)?,
            fields: None,
            initiator: Initiator::Person,
        })
        .await
    }

    /// Types an address and takes one answer, redirect or not.
    pub async fn open_once(&mut self, address: &str) -> Result<Page, Lost> {
        let errand = Errand {
            url: parse(address)?,
            fields: None,
            initiator: Initiator::Person,
        };
        let mut steps = Vec::new();
        let reply = self.send(&errand, &mut steps).await?;
        Ok(Page::new(errand.url, reply, steps))
    }

    /// Posts a form that stands on a page of another site, and takes one answer.
    pub async fn post_from_elsewhere(
        &mut self,
        address: &str,
        fields: Vec<(String, String)>,
    ) -> Result<Page, Lost> {
        let errand = Errand {
            url: parse(address)?,
            fields: Some(fields),
            initiator: Initiator::AnotherSite,
        };
        let mut steps = Vec::new();
        let reply = self.send(&errand, &mut steps).await?;
        Ok(Page::new(errand.url, reply, steps))
    }

    /// Goes where the redirect of `page` leads, and on; `page` itself if it is none.
    pub async fn follow_redirect(&mut self, page: Page) -> Result<Page, Lost> {
        let Some(location) = page.redirect() else {
            return Ok(page);
        };
        let errand = Errand {
            url: location,
            fields: None,
            initiator: Initiator::Site(page.url.clone()),
        };
        let mut next = self.follow(errand).await?;
        next.steps.splice(0..0, page.steps);
        Ok(next)
    }

    /// Presses a button, named by its words or its value, and follows redirects.
    pub async fn press(&mut self, page: &Page, button: &str) -> Result<Page, Lost> {
        let forms = page.forms();
        let found = forms.iter().find_map(|form| Some((form, form.button(button)?)));
        let (form, button) = found.ok_or_else(|| missing(page, &format!("button {button:?}")))?;
        let mut fields = form.fields.clone();
        fields.extend(button.field.clone());
        self.submit(page, form, fields).await
    }

    /// Sends a form of `page` with these fields and follows redirects.
    pub async fn submit(
        &mut self,
        page: &Page,
        form: &Form,
        fields: Vec<(String, String)>,
    ) -> Result<Page, Lost> {
        let initiator = Initiator::Site(page.url.clone());
        let mut url = form.action.clone();
        let fields = if form.is_post {
            Some(fields)
        } else {
            url.query_pairs_mut().clear().extend_pairs(fields);
            None
        };
        self.follow(Errand {
            url,
            fields,
            initiator,
        })
        .await
    }

    /// Sends a form of `page` by POST with these fields, and takes one answer.
    pub async fn submit_once(
        &mut self,
        page: &Page,
        form: &Form,
        fields: Vec<(String, String)>,
    ) -> Result<Page, Lost> {
        let errand = Errand {
            url: form.action.clone(),
            fields: Some(fields),
            initiator: Initiator::Site(page.url.clone()),
        };
        let mut steps = page.steps.clone();
        let reply = self.send(&errand, &mut steps).await?;
        Ok(Page::new(errand.url, reply, steps))
    }

    /// Follows the link with these words.
    pub async fn click(&mut self, page: &Page, words: &str) -> Result<Page, Lost> {
        let url = page
            .link(words)
            .ok_or_else(|| missing(page, &format!("link {words:?}")))?;
        self.follow(Errand {
            url,
            fields: None,
            initiator: Initiator::Site(page.url.clone()),
        })
        .await
    }

    async fn follow(&mut self, mut errand: Errand) -> Result<Page, Lost> {
        let mut steps = Vec::new();
        for _ in 0..=MOST_REDIRECTS {
            let reply = self.send(&errand, &mut steps).await?;
            let Some(location) = page::redirect(&errand.url, &reply) else {
                return Ok(Page::new(errand.url, reply, steps));
            };
            errand.url = location;
            // 307 and 308 keep the method; every other redirect makes a GET of it.
            if !matches!(reply.status, 307 | 308) {
                errand.fields = None;
            }
        }
        Err(Lost::Loop(without_query(&errand.url)))
    }

    async fn send(&mut self, errand: &Errand, steps: &mut Vec<Step>) -> Result<Reply, Lost> {
        let send = errand.fields.as_deref().map_or(Send::Get, Send::Form);
        let is_post = errand.fields.is_some();
        let cookies = self.jar.header_for(&errand.url, send, &errand.initiator);
        let origin = errand.initiator.origin().filter(|_| is_post);
        let mut headers = vec![
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
            ("sec-fetch-site", errand.initiator.fetch_site(&errand.url)),
        ];
        headers.extend(cookies.as_deref().map(|cookies| ("cookie", cookies)));
        headers.extend(origin.as_deref().map(|origin| ("origin", origin)));
        let reply = self.outbound.ask(errand.url.as_str(), send, &headers).await?;
        for set in reply.all("set-cookie") {
            self.jar.take(&errand.url, set);
        }
        steps.push(Step {
            method: if is_post { "POST" } else { "GET" },
            address: without_query(&errand.url),
            status: reply.status,
        });
        Ok(reply)
    }
}

fn parse(address: &str) -> Result<Url, Lost> {
    let url = Url::parse(address).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| Lost::Address(address.to_owned()))
}

fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

fn missing(page: &Page, wanted: &str) -> Lost {
    Lost::Missing {
        address: without_query(&page.url),
        wanted: wanted.to_owned(),
    }
}
