//! One mutant from one seed: one to three mutations, each chosen by chance from a visible list.

use super::chance::Chance;
use super::outline::Outline;
use super::{bytes, markup, tree, wrapping};

type Mutation = fn(&Outline, &mut Chance) -> Option<Vec<u8>>;

/// Every mutation, by name.
pub(crate) const MUTATIONS: &[(&str, Mutation)] = &[
    ("flip a bit", bytes::flip_a_bit),
    ("replace an octet", bytes::replace_an_octet),
    ("insert a meaningful octet", bytes::insert_a_meaningful_octet),
    ("cut a stretch", bytes::cut_a_stretch),
    ("repeat a stretch", bytes::repeat_a_stretch),
    ("move a stretch", bytes::move_a_stretch),
    ("truncate", bytes::truncate),
    ("add outside the root", bytes::add_outside_the_root),
    ("break a text", markup::break_a_text),
    ("respell a text", markup::respell_a_text),
    ("replace a text", markup::replace_a_text),
    ("repeat an attribute", markup::repeat_an_attribute),
    ("drop an attribute", markup::drop_an_attribute),
    ("change a value", markup::change_a_value),
    ("rearrange an attribute", markup::rearrange_an_attribute),
    ("declare a namespace", markup::declare_a_namespace),
    ("rename an element", markup::rename_an_element),
    ("insert blanks", markup::insert_blanks),
    ("respell an empty element", markup::respell_an_empty_element),
    ("change the declaration", markup::change_the_declaration),
    ("drop an element", tree::drop_an_element),
    ("clone an element", tree::clone_an_element),
    ("move an element", tree::move_an_element),
    ("wrap an element", tree::wrap_an_element),
    ("swap two elements", tree::swap_two_elements),
    ("change an identifier", tree::change_an_identifier),
    ("change the signature", tree::change_the_signature),
    ("move a signature", tree::move_a_signature),
    ("wrap the assertion", wrapping::wrap_the_assertion),
    ("wrap the response", wrapping::wrap_the_response),
];

/// The mutant of a message that a sequence of chance leads to. It may by chance be the message itself.
pub(crate) fn mutant(message: &Outline, chance: &mut Chance) -> Vec<u8> {
    let mut changed = mutated(message, chance);
    for _ in 0..2 {
        if chance.once_in(2) {
            break;
        }
        changed = mutated(&Outline::of(changed), chance);
    }
    changed
}

/// One mutation: the first that chance picks and that finds something to change.
fn mutated(message: &Outline, chance: &mut Chance) -> Vec<u8> {
    for _ in 0..8 {
        let picked = chance
            .pick(MUTATIONS)
            .and_then(|(_, mutation)| mutation(message, chance));
        if let Some(changed) = picked {
            return changed;
        }
    }
    message.bytes.clone()
}

#[test]
fn every_mutation_changes_a_genuine_message() {
    let message = crate::corpus::index::read("responses/gosaml2/adfs_response.xml");
    let outline = Outline::of(message.clone());
    for (name, mutation) in MUTATIONS {
        let mutants = (0..50).filter_map(|number| mutation(&outline, &mut Chance::of(1, name, number)));
        let changed = mutants.filter(|mutant| *mutant != message).count();
        assert!(changed > 10, "{name} changed only {changed} of 50");
    }
}

#[test]
fn the_same_seed_gives_the_same_mutant() {
    let outline = Outline::of(crate::corpus::index::read("responses/gosaml2/adfs_response.xml"));
    let one = mutant(&outline, &mut Chance::of(7, "adfs", 3));
    assert_eq!(one, mutant(&outline, &mut Chance::of(7, "adfs", 3)));
    assert_ne!(one, mutant(&outline, &mut Chance::of(7, "adfs", 4)));
}
