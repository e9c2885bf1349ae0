//! `demo --check`: signs in once through each door by real sockets, and prints the tokens decoded.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::cli::demo::doors;
use crate::fakes::browser::{Browser, Page};
use crate::fakes::cis2::{self, FakeCis2};
use crate::fakes::saml_idp::{self, FakeSamlIdp, Personality};
use crate::platform::origin::Origin;

/// Who signs in: a clinician who has everything that an account can have.
const PERSON: &str = "amara-example";
/// Who signs in with a Care Identity, in a role of several.
const CARE_IDENTITY: &str = "priya-tester";
const ROLE: &str = "555200000221";

type Trouble = Box<dyn std::error::Error>;

/// Signs in through each door, in a browser of its own. The first thing that is not as it should be ends it.
pub(crate) async fn check(
    bridge: &Origin,
    wanted: &str,
    fakes: (&FakeSamlIdp, &FakeCis2),
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    let (nhsmail, cis2) = fakes;
    for personality in Personality::ALL {
        nhsmail.script(saml_idp::NextAnswer {
            personality: Some(personality),
            person: Some(PERSON.to_owned()),
            ..saml_idp::NextAnswer::default()
        });
        let words = doors::words_on_door(personality);
        signed_in(bridge, wanted, &words, personality.label(), out).await?;
    }
    cis2.script(cis2::NextAnswer {
        role: Some(ROLE.to_owned()),
        ..cis2::NextAnswer::about(CARE_IDENTITY)
    });
    signed_in(bridge, wanted, doors::WORDS_ON_CIS2, "NHS CIS2", out).await?;
    writeln!(out, "Every door works.")?;
    Ok(())
}

/// Signs in by the button with these words, and prints the token.
async fn signed_in(
    bridge: &Origin,
    wanted: &str,
    words: &str,
    door: &str,
    out: &mut dyn Write,
) -> Result<(), Trouble> {
    let token = sign_in(bridge, wanted, words).await;
    let token = token.map_err(|cause| format!("{door}: {cause}"))?;
    writeln!(
        out,
        "{door}: signed in, and the sample application shows its page. The session token:"
    )?;
    for part in token.split('.').take(2) {
        writeln!(out, "{}", serde_json::to_string_pretty(&decoded(part)?)?)?;
    }
    Ok(())
}

/// One person's way from a protected page of the application back to it, and the token of the session.
async fn sign_in(bridge: &Origin, wanted: &str, words: &str) -> Result<String, Trouble> {
    let mut browser = Browser::new()?;
    let chooser = browser.open(wanted).await?;
    let mut page = browser.click(&chooser, words).await?;
    // A fake NHSmail's page posts the answer; the bridge's own page may post it once more.
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
