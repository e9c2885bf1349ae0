//! One entity as an identity provider: its `IDPSSODescriptor` and nothing else of it.

use time::OffsetDateTime;

use crate::protocol::saml::metadata::document::{self, Choice};
use crate::protocol::saml::metadata::{
    Endpoint, Findings, MetadataFlaw, MetadataWarning, endpoint, keys, signed, validity,
};
use crate::protocol::saml::names::{DSIG, FAKE_ENTITY_ID_MARK, METADATA, PROTOCOL};
use crate::protocol::saml::signature::VerificationKey;
use crate::protocol::saml::xml::ElementRef;

/// The longest entity ID (SAML Metadata 2.2.1), in characters.
const LONGEST_ENTITY_ID: usize = 1024;

/// An identity provider's metadata that may be used. Only [`IdpMetadata::read`] makes one.
#[derive(Debug, Clone)]
pub struct IdpMetadata {
    provider: Provider,
    warnings: Vec<MetadataWarning>,
}

/// What an entity says of itself as an identity provider, of use or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Provider {
    pub(super) entity_id: Option<String>,
    pub(super) keys: Vec<VerificationKey>,
    pub(super) sso: Vec<Endpoint>,
    pub(super) slo: Vec<Endpoint>,
    pub(super) valid_until: Option<OffsetDateTime>,
    error_url: Option<String>,
    wants_signed_requests: bool,
    name_id_formats: Vec<String>,
}

impl IdpMetadata {
    /// Reads a document: the entity called `entity_id`, or the only identity provider in it.
    ///
    /// # Errors
    /// Every reason against it at the instant `at`.
    pub fn read(
        document: &[u8],
        entity_id: Option<&str>,
        at: OffsetDateTime,
    ) -> Result<Self, Vec<MetadataFlaw>> {
        let tree = document::open(document).map_err(|flaw| vec![flaw])?;
        let root = document::root(&tree).map_err(|flaw| vec![flaw])?;
        let mut findings = Findings::default();
        signed::check(root, &mut findings);
        let provider = match document::choose(root, entity_id, &mut findings) {
            Choice::One(entity) => {
                signed::Aggregates::default().check_around(entity, &mut findings);
                Some(examine(entity, at, &mut findings))
            }
            Choice::Several(providers) => {
                findings.refuse(MetadataFlaw::Several(providers.len()));
                None
            }
            Choice::Nothing => None,
        };
        match provider {
            Some(provider) if findings.flaws.is_empty() => Ok(Self {
                provider,
                warnings: findings.warnings,
            }),
            Some(_) | None => Err(findings.flaws),
        }
    }

    /// Its entity ID, byte for byte.
    pub fn entity_id(&self) -> &str {
        self.provider.entity_id.as_deref().unwrap_or_default()
    }

    /// Its signing keys, at least one, in the order of the document.
    pub fn keys(&self) -> &[VerificationKey] {
        &self.provider.keys
    }

    /// Where it signs people in, usable or not.
    pub fn sso(&self) -> &[Endpoint] {
        &self.provider.sso
    }

    /// Where it signs people out, usable or not.
    pub fn slo(&self) -> &[Endpoint] {
        &self.provider.slo
    }

    /// Where it explains to people what went wrong.
    pub fn error_url(&self) -> Option<&str> {
        self.provider.error_url.as_deref()
    }

    /// Whether it asks for signed requests.
    pub fn wants_signed_requests(&self) -> bool {
        self.provider.wants_signed_requests
    }

    /// The formats of names that it offers.
    pub fn name_id_formats(&self) -> &[String] {
        &self.provider.name_id_formats
    }

    /// The instant from which the document may no longer be used.
    pub fn valid_until(&self) -> Option<OffsetDateTime> {
        self.provider.valid_until
    }

    /// True if it is a fake's.
    pub fn is_fake(&self) -> bool {
        self.provider.is_fake()
    }

    /// What an operator should know.
    pub fn warnings(&self) -> &[MetadataWarning] {
        &self.warnings
    }
}

impl Provider {
    fn is_fake(&self) -> bool {
        let marked = |id: &String| id.contains(FAKE_ENTITY_ID_MARK);
        self.entity_id.as_ref().is_some_and(marked) || self.keys.iter().any(VerificationKey::is_fake)
    }
}

/// Reads an `EntityDescriptor` and notes what is wrong with it. Signatures around it are not looked at.
pub(super) fn examine(entity: ElementRef<'_, '_>, at: OffsetDateTime, findings: &mut Findings) -> Provider {
    if entity.parent().is_some() {
        signed::check(entity, findings);
    }
    let entity_id = read_entity_id(entity, findings);
    let Some(role) = role_of(entity, findings) else {
        return Provider {
            entity_id,
            ..Provider::default()
        };
    };
    if has_inner_signature(entity, role) {
        findings.warn(MetadataWarning::InnerSignature);
    }
    let provider = read_role(role, entity_id, at, findings);
    if provider.is_fake() {
        findings.warn(MetadataWarning::Fake);
    }
    provider
}

fn read_role(
    role: ElementRef<'_, '_>,
    entity_id: Option<String>,
    at: OffsetDateTime,
    findings: &mut Findings,
) -> Provider {
    let keys = keys::read(role, findings);
    keys::remark(&keys, at, findings);
    let sso = endpoint::read(role, "SingleSignOnService", findings);
    if !sso.iter().any(|service| service.usable) {
        findings.refuse(MetadataFlaw::NoEndpoint);
    } else if !sso.iter().any(Endpoint::is_redirect) {
        findings.warn(MetadataWarning::NoRedirect);
    }
    let wants_signed_requests = matches!(
        role.attribute("WantAuthnRequestsSigned").map(str::trim_ascii),
        Some("true" | "1")
    );
    if wants_signed_requests {
        findings.warn(MetadataWarning::WantsSignedRequests);
    }
    let formats = role.children_named(METADATA, "NameIDFormat");
    Provider {
        entity_id,
        keys,
        sso,
        slo: endpoint::read(role, "SingleLogoutService", findings),
        valid_until: validity::read(role, at, findings),
        error_url: role
            .attribute("errorURL")
            .filter(|url| endpoint::is_web_address(url))
            .map(ToOwned::to_owned),
        wants_signed_requests,
        name_id_formats: formats.map(|format| format.text().trim().to_owned()).collect(),
    }
}

fn read_entity_id(entity: ElementRef<'_, '_>, findings: &mut Findings) -> Option<String> {
    let Some(entity_id) = entity.attribute("entityID").filter(|id| !id.is_empty()) else {
        findings.refuse(MetadataFlaw::NoEntityId);
        return None;
    };
    if entity_id.chars().count() > LONGEST_ENTITY_ID {
        findings.refuse(MetadataFlaw::EntityIdTooLong);
    }
    // Entra's document for every tenant: `https://sts.windows.net/{tenantid}/`.
    if entity_id.contains(['{', '}']) {
        findings.refuse(MetadataFlaw::Template(entity_id.to_owned()));
    }
    Some(entity_id.to_owned())
}

/// The only `IDPSSODescriptor` for SAML 2.0. Roles of other kinds are passed over, whatever keys and addresses they
/// hold: in ADFS's document they stand first.
fn role_of<'t, 'a>(entity: ElementRef<'t, 'a>, findings: &mut Findings) -> Option<ElementRef<'t, 'a>> {
    let roles: Vec<_> = entity.children_named(METADATA, "IDPSSODescriptor").collect();
    let for_saml: Vec<_> = roles.iter().filter(|role| is_for_saml_2(**role)).collect();
    match (for_saml.as_slice(), roles.is_empty()) {
        ([only], _) => return Some(**only),
        ([], true) => findings.refuse(MetadataFlaw::NoProvider),
        ([], false) => findings.refuse(MetadataFlaw::Protocol),
        ([_, _, ..], _) => findings.refuse(MetadataFlaw::SeveralRoles(for_saml.len())),
    }
    None
}

fn is_for_saml_2(role: ElementRef<'_, '_>) -> bool {
    role.attribute("protocolSupportEnumeration")
        .is_some_and(|list| list.split_ascii_whitespace().any(|protocol| protocol == PROTOCOL))
}

/// True if the entity is unsigned as a whole and something inside carries a signature.
fn has_inner_signature(entity: ElementRef<'_, '_>, role: ElementRef<'_, '_>) -> bool {
    let extensions = entity.child(METADATA, "Extensions");
    let mut inside = role
        .children()
        .chain(extensions.into_iter().flat_map(ElementRef::descendants));
    entity.child(DSIG, "Signature").is_none() && inside.any(|element| element.is(DSIG, "Signature"))
}
