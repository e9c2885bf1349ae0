//! The client assertion that this connection would send, judged as the token endpoint would.
//!
//! CIS2 answers every mistake in it with the same `JWT is not valid`; here each has its name.

use time::OffsetDateTime;

use crate::platform::secret::Secret;
use crate::protocol::jose::Algorithm;
use crate::protocol::jose::key_set::KeySet;
use crate::upstream::checkup::{Asked, Check, Mend};
use crate::upstream::judgement::Who;
use crate::upstream::judgement::explanation::{RuleVerdict, Word};
use crate::upstream::oidc_rp::client_authentication::{Form, NoProof};
use crate::upstream::oidc_rp::discovery::Provider;
use crate::upstream::oidc_rp::doctor::Visit;
use crate::upstream::oidc_rp::explanation::{Explanation, explain_client_assertion};
use crate::upstream::oidc_rp::settings::{AssertionAudience, ClientAuthentication, Settings};
use crate::upstream::oidc_rp::terms::{CLIENT_ASSERTION_LIFE, ClientAssertionTerms, Keys, Terms};
use crate::upstream::verified::Door;

/// The key set at our public address.
#[derive(Debug)]
pub(super) enum Published {
    /// This one.
    Set(Box<KeySet>),
    /// Nobody reaches it.
    Nowhere,
    /// Something else is there.
    Unreadable,
    /// We prove ourselves by a secret.
    NotNeeded,
}

/// The token endpoint as judge.
#[derive(Debug)]
pub(super) struct Judge<'j> {
    /// Whose it is.
    pub(super) provider: &'j Provider,
    /// The keys that it would find.
    pub(super) published: &'j Published,
    /// The algorithms that it takes.
    pub(super) algorithms: Vec<Algorithm>,
    /// Its time.
    pub(super) there: OffsetDateTime,
}

/// What a rule that refuses has found, in the words of those who look for it (what hides behind `JWT is not valid`).
const MISTAKES: [(&str, &str); 11] = [
    (
        "client-assertion-no-api-key",
        "an API platform key stands where the client id belongs",
    ),
    ("client-assertion-issuer", "iss is not the client id"),
    ("client-assertion-subject", "sub is not the client id"),
    ("client-assertion-audience-port", "the audience has lost its :443"),
    ("client-assertion-audience", "wrong audience"),
    ("client-assertion-life", "the assertion lives too long"),
    ("client-assertion-id-unused", "the jti was used before"),
    ("token-expires", "expired by the provider's clock"),
    ("token-algorithm", "wrong algorithm"),
    ("token-key-set", "JWKS not reachable or without a usable key"),
    ("token-key", "unknown kid"),
];

/// Makes two assertions, as two sign-ins in a row would, and judges the second rule by rule. Neither is sent.
pub(super) fn judge(visit: Visit<'_>, judge: &Judge<'_>) -> Vec<Check> {
    let settings = visit.party.settings();
    let asked = Asked::new(
        "client-assertion",
        "the client assertion that we would send, rule by rule",
    );
    match settings.client_authentication {
        ClientAuthentication::PrivateKeyJwt | ClientAuthentication::ClientSecretJwt => {}
        method @ (ClientAuthentication::ClientSecretPost | ClientAuthentication::ClientSecretBasic) => {
            return vec![asked.ok(format!(
                "{} sends the secret itself: there is nothing to judge",
                method.as_str()
            ))];
        }
    }
    let made =
        assertion(visit, judge.provider).and_then(|first| Ok([first, assertion(visit, judge.provider)?]));
    let secret = settings.read_client_secret().ok().flatten();
    match made {
        Ok([first, second]) => {
            let first = explain(settings, judge, secret.as_ref(), (&first, &[]));
            let used: Vec<String> = jti(&first).into_iter().collect();
            told(
                asked,
                explain(settings, judge, secret.as_ref(), (&second, &used)).rules,
            )
        }
        Err(cause) => {
            let mend = Mend::ours("Look at the first client_key of this connection.");
            vec![asked.trouble(cause.to_string(), mend)]
        }
    }
}

fn assertion(visit: Visit<'_>, provider: &Provider) -> Result<String, NoProof> {
    let mut form = Form::default();
    visit
        .party
        .prove(&mut form, provider, visit.clock.now(), visit.random)?;
    let field = form
        .fields
        .into_iter()
        .find(|(name, _)| name == "client_assertion");
    Ok(field.map(|(_, value)| value).unwrap_or_default())
}

/// The judgement of a token beside every `jti` that came before it.
fn explain(
    settings: &Settings,
    judge: &Judge<'_>,
    secret: Option<&Secret>,
    (token, used): (&str, &[String]),
) -> Explanation {
    let keys = match (judge.published, secret) {
        (Published::Set(set), _) => Keys::Published(set),
        (Published::NotNeeded, Some(secret)) => Keys::Shared(secret),
        (Published::Nowhere, _) | (Published::NotNeeded, None) => Keys::NotGiven,
        (Published::Unreadable, _) => Keys::Unreadable,
    };
    // CIS2 compares with its token endpoint. Others may have documented the issuer (RFC 7523bis), and mean it.
    let audience = match (&settings.assertion_audience, settings.door) {
        (AssertionAudience::Issuer, Door::Nhsmail) => &settings.issuer,
        _ => &judge.provider.token_endpoint,
    };
    let terms = ClientAssertionTerms {
        token: Terms {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            algorithms: &judge.algorithms,
            keys,
            now: judge.there,
            skew: settings.clock_skew,
        },
        token_endpoint: audience,
        max_life: CLIENT_ASSERTION_LIFE,
        used,
    };
    explain_client_assertion(token.as_bytes(), &terms)
}

fn jti(first: &Explanation) -> Option<String> {
    let claims = &first.identity.as_ref()?.claims;
    Some(claims.get("jti")?.as_ref()?.as_str()?.to_owned())
}

/// One check for the whole, and one for each rule that refuses. What a rule that holds has read is left out.
fn told(asked: Asked, rules: Vec<RuleVerdict>) -> Vec<Check> {
    let refusing: Vec<Check> = rules
        .iter()
        .filter(|rule| rule.verdict == Word::Refuses)
        .map(refusal)
        .collect();
    let mut whole = if refusing.is_empty() {
        let held = rules.iter().filter(|rule| rule.verdict == Word::Holds).count();
        asked.ok(format!("all {held} rules hold that concern it"))
    } else {
        asked.trouble(
            format!(
                "{} rules refuse it: the provider would say invalid_client",
                refusing.len()
            ),
            Mend::ours("See to each of the rules that follow."),
        )
    };
    whole.rules = rules.into_iter().map(without_what_holds).collect();
    std::iter::once(whole).chain(refusing).collect()
}

fn refusal(rule: &RuleVerdict) -> Check {
    let known = MISTAKES.iter().find(|(id, _)| *id == rule.id);
    let mistake = known.map_or("the rule refuses", |(_, mistake)| mistake);
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let asked = Asked::new(
        rule.id,
        format!("{} of the client assertion", rule.element.unwrap_or("the form")),
    );
    let means = format!(
        "{mistake}: {}, expected {}",
        part(&rule.actual),
        part(&rule.expected)
    );
    asked.trouble(means, mend(rule))
}

/// We signed it, so nobody else can mend the signature.
fn mend(rule: &RuleVerdict) -> Mend {
    match rule.id {
        "token-key-set" => {
            Mend::ours("Mend our own key set first, as said above: the provider must find it.")
        }
        "token-signature" => Mend::ours("Publish the key that signs: another one stands under its kid."),
        "token-expires" => Mend::by(Who::Both, "Compare the clocks, and set ours by NTP."),
        _ => Mend::ours(rule.remedy.unwrap_or("Look at the settings of this connection.")),
    }
}

fn without_what_holds(rule: RuleVerdict) -> RuleVerdict {
    if rule.verdict == Word::Refuses {
        return rule;
    }
    RuleVerdict {
        expected: None,
        actual: None,
        ..rule
    }
}

#[cfg(test)]
mod tests;
