//! `demo --check`: signs in once with each personality through real sockets, and prints the tokens decoded.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::cli::demo::words_on_door;
use crate::fakes::browser::{Browser, Page};
use crate::fakes::saml_idp::{FakeSamlIdp, NextAnswer, Personality};
use crate::platform::origin::Origin;

/// Who signs in: a clinician who has everything that an account can have.
const PERSON: &str = "amara-example";

type Trouble = Box<dyn std::error::Error>;

/// Signs in with each personality, in a browser of its own. The first thing that is not as it should be ends it.
pub(crate) async fn check(
    bridge: &Origin,
    wanted: &str,
    fake: &FakeSamlIdp,
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    for personality in Personality::ALL {
        let token = sign_in(bridge, wanted, fake, personality).await;
        let token = token.map_err(|cause| format!("{}: {cause}", personality.label()))?;
        writeln!(
            out,
            "{}: signed in, and the sample application shows its page. The session token:",
            personality.label()
        )?;
        for part in token.split('.').take(2) {
            writeln!(out, "{}", serde_json::to_string_pretty(&decoded(part)?)?)?;
        }
    }
    writeln!(out, "Every door works.")?;
    Ok(())
}

/// One person's way from a protected page of the application back to it, and the token of the session.
async fn sign_in(
    bridge: &Origin,
    wanted: &str,
    fake: &FakeSamlIdp,
    personality: Personality,
) -> Result<String, Trouble> {
    fake.script(NextAnswer {
        personality: Some(personality),
        person: Some(PERSON.to_owned()),
        ..NextAnswer::default()
    });
    let mut browser = Browser::new()?;
    let chooser = browser.open(wanted).await?;
    let mut page = browser.click(&chooser, &words_on_door(personality)).await?;
    // The fake's page posts the answer; the bridge's own page may post it once more.
    for _ in 0..2 {
        if let Some(form) = page.form_with("SAMLResponse") {
            page = browser.submit(&page, &form, form.fields.clone()).await?;
        }
    }
    if page.url.as_str() != wanted || page.status() != 200 {
        return Err(format!("ended at {} with {}: {}", page.url, page.status(), page.heading()).into());
    }
    let answer = browser
        .open_once(&format!("{}/session/token", bridge.as_str()))
        .await?;
    token_in(&answer)
}

fn token_in(answer: &Page) -> Result<String, Trouble> {
    let told: Value = serde_json::from_slice(&answer.reply.body)?;
    let token = told.get("token").and_then(Value::as_str);
    Ok(token.ok_or("the bridge gives no token")?.to_owned())
}

/// A part of a token, for people to look at; whoever relies on a token verifies it.
fn decoded(part: &str) -> Result<Value, Trouble> {
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?)
}
