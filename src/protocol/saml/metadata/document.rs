//! A document and the entity in it that is meant.

use crate::protocol::saml::metadata::{Findings, MetadataFlaw};
use crate::protocol::saml::names::METADATA;
use crate::protocol::saml::xml::{ElementRef, Reading, Tree, read};

/// Reads the document as XML.
pub(super) fn open(document: &[u8]) -> Result<Tree<'_>, MetadataFlaw> {
    read(document, &Reading::METADATA).map_err(|flaw| MetadataFlaw::unreadable(document, &flaw))
}

/// The outermost element, if it is one of metadata.
pub(super) fn root<'t, 'a>(tree: &'t Tree<'a>) -> Result<ElementRef<'t, 'a>, MetadataFlaw> {
    let root = tree
        .root()
        .ok_or_else(|| MetadataFlaw::Root("missing".to_owned()))?;
    if is_entity(root) || is_aggregate(root) {
        Ok(root)
    } else {
        Err(MetadataFlaw::Root(format!(
            "{{{}}}{}",
            root.namespace(),
            root.local()
        )))
    }
}

/// Which entities are to be looked at.
#[derive(Debug)]
pub(super) enum Choice<'t, 'a> {
    /// The one that is meant.
    One(ElementRef<'t, 'a>),
    /// Nobody said which of these identity providers.
    Several(Vec<ElementRef<'t, 'a>>),
    /// None.
    Nothing,
}

/// Finds the entity called `entity_id`, or what may be meant when no name is given.
pub(super) fn choose<'t, 'a>(
    root: ElementRef<'t, 'a>,
    entity_id: Option<&str>,
    findings: &mut Findings,
) -> Choice<'t, 'a> {
    if is_entity(root) {
        if let (Some(wanted), Some(found)) = (entity_id, root.attribute("entityID"))
            && wanted != found
        {
            findings.refuse(MetadataFlaw::OtherEntity {
                wanted: wanted.to_owned(),
                found: found.to_owned(),
            });
        }
        return Choice::One(root);
    }
    match entity_id {
        Some(entity_id) => choose_by_name(root, entity_id, findings),
        None => choose_provider(root, findings),
    }
}

fn choose_by_name<'t, 'a>(
    root: ElementRef<'t, 'a>,
    entity_id: &str,
    findings: &mut Findings,
) -> Choice<'t, 'a> {
    let mut named = entities(root).filter(|entity| entity.attribute("entityID") == Some(entity_id));
    let Some(first) = named.next() else {
        findings.refuse(MetadataFlaw::NotHere(entity_id.to_owned()));
        return Choice::Nothing;
    };
    let count = 1 + named.count();
    if count > 1 {
        let entity_id = entity_id.to_owned();
        findings.refuse(MetadataFlaw::Twice { entity_id, count });
        return Choice::Nothing;
    }
    Choice::One(first)
}

fn choose_provider<'t, 'a>(root: ElementRef<'t, 'a>, findings: &mut Findings) -> Choice<'t, 'a> {
    let providers: Vec<_> = entities(root)
        .filter(|entity| entity.child(METADATA, "IDPSSODescriptor").is_some())
        .collect();
    match providers.as_slice() {
        [] => {
            findings.refuse(MetadataFlaw::NoProviderInAggregate);
            Choice::Nothing
        }
        [only] => match only.attribute("entityID") {
            // Another entity may have the same name in another role.
            Some(entity_id) => choose_by_name(root, entity_id, findings),
            None => Choice::One(*only),
        },
        [_, _, ..] => Choice::Several(providers),
    }
}

/// The entities of an aggregate and of the aggregates in it, in document order. What stands in `Extensions` or in
/// another role is none.
pub(super) fn entities<'t, 'a>(root: ElementRef<'t, 'a>) -> impl Iterator<Item = ElementRef<'t, 'a>> {
    let mut open = vec![root];
    let mut found = Vec::new();
    while let Some(element) = open.pop() {
        if is_entity(element) {
            found.push(element);
        } else if is_aggregate(element) {
            open.extend(element.children());
        }
    }
    found.sort_unstable_by_key(|entity| entity.id());
    found.into_iter()
}

fn is_entity(element: ElementRef<'_, '_>) -> bool {
    element.is(METADATA, "EntityDescriptor")
}

fn is_aggregate(element: ElementRef<'_, '_>) -> bool {
    element.is(METADATA, "EntitiesDescriptor")
}
