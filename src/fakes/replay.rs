//! Sends a saved answer at an assertion consumer service again, playing the browser's part, and says what came of it.

mod report;
mod sign_in;

use time::OffsetDateTime;
use url::Url;

use crate::fakes::browser::{Browser, Lost, Page};
use crate::fakes::saml_idp::{Keys, NoStamp, SavedAnswer, Stamp, restamp};
use crate::platform::outbound::Unreached;
use crate::platform::random::Random;
use crate::protocol::saml::binding::encode_post;

pub use report::{Report, SignedIn};
use sign_in::FreshQuestion;
pub use sign_in::NoQuestion;

/// A form that is sent again more often than this goes in a circle.
const MOST_REPOSTS: usize = 3;

/// What is to be sent, and where.
#[derive(Debug, Clone)]
pub struct Replay<'r> {
    /// The answer.
    pub saved: &'r SavedAnswer,
    /// The assertion consumer service.
    pub acs_url: &'r str,
    /// Unchanged or with a new stamp.
    pub stamping: Stamping<'r>,
}

/// Whether the answer gets a new stamp.
#[derive(Debug, Clone)]
pub enum Stamping<'r> {
    /// It is sent as it was, octet for octet.
    Verbatim,
    /// It gets new identifiers and instants and is signed again.
    Restamp {
        /// The new instant.
        at: OffsetDateTime,
        /// The keys of the fake that wrote it.
        keys: &'r Keys,
        /// Where a sign-in begins, to be asked a fresh question; absent: where this bridge begins one, if the
        /// service is such a bridge.
        sign_in: Option<&'r str>,
        /// Where identifiers come from.
        random: &'r dyn Random,
    },
}

/// Why nothing could be sent.
#[derive(Debug, thiserror::Error)]
pub enum NotSent {
    /// The answer cannot be read or stamped.
    #[error(transparent)]
    Stamp(#[from] NoStamp),
    /// No question was asked where one was expected.
    #[error(transparent)]
    Question(#[from] NoQuestion),
    /// The browser got no further.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// There is no browser.
    #[error(transparent)]
    Browser(#[from] Unreached),
}

/// Sends the answer and reports what came of it.
pub async fn replay(order: &Replay<'_>) -> Result<Report, NotSent> {
    let mut browser = Browser::new()?;
    let question = fresh_question(&mut browser, order).await?;
    let message = message(order, question.as_ref())?;
    let relay_state = match &question {
        Some(fresh) => fresh.relay_state.clone(),
        None => order.saved.question.relay_state.clone(),
    };
    let mut fields = vec![("SAMLResponse".to_owned(), message)];
    fields.extend(relay_state.map(|state| ("RelayState".to_owned(), state)));
    let first = browser.post_from_elsewhere(order.acs_url, fields).await?;
    let answered = sent_again(&mut browser, first, order.acs_url).await?;
    let status = answered.status();
    // Where a successful sign-in leads may be an application that is not running.
    let (last, got_lost) = match browser.follow_redirect(answered.clone()).await {
        Ok(last) => (last, None),
        Err(lost) => (answered, Some(lost.to_string())),
    };
    let signed_in = who_is_signed_in(&mut browser, order.acs_url).await;
    Ok(Report {
        asked_first: question.is_some(),
        ..Report::of(status, &last, got_lost, signed_in)
    })
}

async fn fresh_question(browser: &mut Browser, order: &Replay<'_>) -> Result<Option<FreshQuestion>, NotSent> {
    let Stamping::Restamp { sign_in, .. } = &order.stamping else {
        return Ok(None);
    };
    // An answer that nobody asked for stays one.
    if order.saved.question.request_id.is_none() {
        return Ok(None);
    }
    match sign_in {
        Some(address) => Ok(Some(sign_in::asked_at(browser, address).await?)),
        None => match sign_in::where_a_bridge_begins(order.acs_url) {
            // A service that is no such bridge begins nothing there, and its question stays the old one.
            Some(address) => Ok(sign_in::asked_at(browser, &address).await.ok()),
            None => Ok(None),
        },
    }
}

fn message(order: &Replay<'_>, question: Option<&FreshQuestion>) -> Result<String, NotSent> {
    let Stamping::Restamp { at, keys, random, .. } = &order.stamping else {
        return Ok(order.saved.message.clone());
    };
    let stamp = Stamp {
        at: *at,
        acs_url: order.acs_url.to_owned(),
        question: question.map(|fresh| (fresh.request_id.clone(), fresh.issuer.clone())),
    };
    Ok(encode_post(&restamp(order.saved, &stamp, keys, *random)?))
}

/// A page of the service that sends the same answer once more from its own address: its button is pressed.
async fn sent_again(browser: &mut Browser, first: Page, acs_url: &str) -> Result<Page, Lost> {
    let mut page = first;
    let own = Url::parse(acs_url).map(|url| url.origin()).ok();
    for _ in 0..MOST_REPOSTS {
        let form = page.form_with("SAMLResponse");
        let Some(form) = form.filter(|form| form.is_post && Some(form.action.origin()) == own) else {
            break;
        };
        let mut fields = form.fields.clone();
        fields.extend(form.buttons.first().and_then(|button| button.field.clone()));
        page = browser.submit_once(&page, &form, fields).await?;
    }
    Ok(page)
}

/// Asks the bridge with the cookies that it gave.
async fn who_is_signed_in(browser: &mut Browser, acs_url: &str) -> SignedIn {
    let Some(session) = Url::parse(acs_url).ok().and_then(|acs| acs.join("/session").ok()) else {
        return SignedIn::Unknown("the address is none".to_owned());
    };
    match browser.open_once(session.as_str()).await {
        Ok(page) => SignedIn::told(page.status(), &page.reply.body),
        Err(lost) => SignedIn::Unknown(lost.to_string()),
    }
}
