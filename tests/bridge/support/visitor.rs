//! A browser without a window.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use reqwest::redirect::Policy;
use reqwest::{Client, Request, Response};
use url::Url;

use super::bridge::TestBridge;
use super::jar::{Jar, Sender};
use super::page::{Form, Page};

/// More redirects than this are a circle.
const MOST_REDIRECTS: usize = 8;
/// What every browser accepts that opens a page.
const ACCEPTS: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
/// The cookie of the session, as it is called over plain http on loopback.
const SESSION_COOKIE: &str = "nhsmail-bridge";

/// Somebody with a browser.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    client: Client,
    bridge: Url,
    jar: Jar,
}

impl Visitor {
    pub(super) fn of(bridge: &TestBridge) -> Self {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .default_headers(named(&[("accept", ACCEPTS)]))
            .build();
        Self {
            client: client.expect("a client"),
            bridge: bridge.url("/"),
            jar: Jar::default(),
        }
    }

    /// Opens an address, a path being one of the bridge, and follows where it leads.
    pub(crate) async fn open(&mut self, address: &str) -> Page {
        let first = self.ask(Method::GET, address, &[]).await;
        self.follow(first).await
    }

    /// Asks with these headers and follows nothing.
    pub(crate) async fn ask(&mut self, method: Method, address: &str, headers: &[(&str, &str)]) -> Page {
        let mut request = Request::new(method, self.address(address));
        request.headers_mut().extend(named(headers));
        self.send(request, Sender::Anybody).await
    }

    /// Posts a body as a program would, and follows nothing.
    pub(crate) async fn post(&mut self, address: &str, headers: &[(&str, &str)], body: String) -> Page {
        let mut request = Request::new(Method::POST, self.address(address));
        request.headers_mut().extend(named(headers));
        *request.body_mut() = Some(body.into());
        self.send(request, Sender::Anybody).await
    }

    /// Presses the button with this text or value on `page`, and follows where it leads.
    pub(crate) async fn press(&mut self, page: &Page, button: &str) -> Page {
        self.submit(page, &page.form(button)).await
    }

    /// Sends a form that stands on `page`, and follows where it leads.
    pub(crate) async fn submit(&mut self, page: &Page, form: &Form) -> Page {
        let first = self.submit_without_following(page, form).await;
        self.follow(first).await
    }

    /// Sends a form that stands on `page`.
    pub(crate) async fn submit_without_following(&mut self, page: &Page, form: &Form) -> Page {
        let request = self.client.post(form.action.clone()).form(&form.fields).build();
        let is_home = page.url.host_str() == form.action.host_str();
        let sender = if is_home {
            Sender::Anybody
        } else {
            Sender::AnotherSitesForm
        };
        self.send(request.expect("a request"), sender).await
    }

    /// Leaves through a door; ends at the page of the identity provider that asks who signs in.
    pub(crate) async fn leave(&mut self, door: &str) -> Page {
        self.open(&format!("/sign-in?door={door}")).await
    }

    /// Says at the identity provider who signs in; ends at its page that will bring the answer.
    pub(crate) async fn pick(&mut self, page: &Page, person: &str) -> Page {
        let answer = self.press(page, person).await;
        assert_eq!(answer.heading(), "Continue to the service", "{}", answer.body);
        answer
    }

    /// Brings the answer to the bridge, and once more from the bridge's own page; ends wherever that leads.
    pub(crate) async fn bring(&mut self, answer: &Page) -> Page {
        self.bring_form(answer, &answer.form("Continue")).await
    }

    /// The same with a form that was changed on the way.
    pub(crate) async fn bring_form(&mut self, answer: &Page, form: &Form) -> Page {
        let again = self.submit(answer, form).await;
        if again.heading() == "Finish logging in" {
            self.press(&again, "Continue").await
        } else {
            again
        }
    }

    /// Signs in through a door as one of the cast.
    pub(crate) async fn sign_in(&mut self, door: &str, person: &str) -> Page {
        let question = self.leave(door).await;
        let answer = self.pick(&question, person).await;
        self.bring(&answer).await
    }

    /// Signs in at the fake CIS2 as one of its cast, with this method; ends wherever that leads.
    pub(crate) async fn sign_in_at_cis2(&mut self, door: &str, method: &str, person: &str) -> Page {
        let methods = self.leave(door).await;
        let mut form = methods.form("Continue");
        form.fields.retain(|(name, _)| name != "method");
        let people = self.submit(&methods, &form.with("method", method)).await;
        self.press(&people, person).await
    }

    /// Whether the bridge knows who this is.
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.ask(Method::GET, "/session", &[]).await.status == 200
    }

    /// The ticket that the browser holds.
    pub(crate) fn ticket(&self) -> Option<&str> {
        self.jar.value(&self.bridge, SESSION_COOKIE)
    }

    /// Puts a ticket into the browser, as somebody might who wants its person to use a session of theirs.
    pub(crate) fn plant_ticket(&mut self, ticket: &str) {
        self.jar.plant(&self.bridge, SESSION_COOKIE, ticket);
    }

    /// Every value of every cookie.
    pub(crate) fn cookies(&self) -> Vec<String> {
        self.jar.values().map(str::to_owned).collect()
    }

    /// The cookies that the browser would show at an address, as it would.
    pub(crate) fn cookies_for(&self, address: &str) -> String {
        let shown = self.jar.shown_to(&self.address(address), Sender::Anybody);
        shown.unwrap_or_default()
    }

    /// Forgets every cookie.
    pub(crate) fn forget_cookies(&mut self) {
        self.jar.empty();
    }

    async fn follow(&mut self, first: Page) -> Page {
        let mut page = first;
        let mut sent_to = Vec::new();
        while matches!(page.status, 302 | 303) {
            assert!(sent_to.len() < MOST_REDIRECTS, "a circle: {sent_to:?}");
            let location = page.url.join(page.header("location")).expect("an address");
            sent_to.push(location.clone());
            let request = Request::new(Method::GET, location);
            page = self.send(request, Sender::Anybody).await;
        }
        Page { sent_to, ..page }
    }

    async fn send(&mut self, mut request: Request, sender: Sender) -> Page {
        let url = request.url().clone();
        let cookies = self.jar.shown_to(&url, sender);
        if let Some(cookies) = cookies.filter(|_| !request.headers().contains_key(header::COOKIE)) {
            let value = HeaderValue::from_str(&cookies).expect("a cookie");
            request.headers_mut().insert(header::COOKIE, value);
        }
        let answer = self.client.execute(request).await.expect("an answer");
        self.see(url, answer).await
    }

    async fn see(&mut self, url: Url, answer: Response) -> Page {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        for set in headers.get_all(header::SET_COOKIE) {
            self.jar.keep(&url, set.to_str().expect("plain text"));
        }
        Page {
            url,
            sent_to: Vec::new(),
            status,
            headers,
            body: answer.text().await.expect("a body"),
        }
    }

    fn address(&self, text: &str) -> Url {
        self.bridge.join(text).expect("an address")
    }
}

fn named(headers: &[(&str, &str)]) -> HeaderMap {
    let read = headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().expect("a name");
        (name, HeaderValue::from_str(value).expect("a value"))
    });
    read.collect()
}
