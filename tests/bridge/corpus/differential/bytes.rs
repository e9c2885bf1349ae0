//! Mutations that know nothing of XML.

use std::ops::Range;

use super::chance::Chance;
use super::outline::Outline;

/// Change one bit.
pub(crate) fn flip_a_bit(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let mut changed = message.bytes.clone();
    let at = chance.below(changed.len());
    *changed.get_mut(at)? ^= 1 << chance.below(8);
    Some(changed)
}

/// Put any octet in the place of another.
pub(crate) fn replace_an_octet(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let mut changed = message.bytes.clone();
    let at = chance.below(changed.len());
    *changed.get_mut(at)? = u8::try_from(chance.below(256)).ok()?;
    Some(changed)
}

/// Put something that means much to a parser anywhere.
pub(crate) fn insert_a_meaningful_octet(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const MEANINGFUL: [&str; 16] = [
        "<", ">", "&", "\"", "'", "/", "=", ":", " ", "\r", "\n", "\t", "\0", "\u{feff}", "\u{a0}", "]]>",
    ];
    let at = a_place(message, chance)?;
    Some(message.inserted(at, chance.one_of(&MEANINGFUL).as_bytes()))
}

/// Take a stretch away.
pub(crate) fn cut_a_stretch(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let stretch = stretch(message, chance)?;
    Some(message.with(&stretch, b""))
}

/// Say a stretch twice.
pub(crate) fn repeat_a_stretch(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let stretch = stretch(message, chance)?;
    let repeated = message.piece(&stretch);
    Some(message.inserted(stretch.end, &repeated))
}

/// Put a stretch somewhere else.
pub(crate) fn move_a_stretch(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let stretch = stretch(message, chance)?;
    let moved = message.piece(&stretch);
    let mut changed = message.with(&stretch, b"");
    let at = chance.below(changed.len());
    changed.splice(at..at, moved);
    Some(changed)
}

/// End early.
pub(crate) fn truncate(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    let mut changed = message.bytes.clone();
    changed.truncate(a_place(message, chance)?);
    Some(changed)
}

/// Say more after the end, or before the beginning.
pub(crate) fn add_outside_the_root(message: &Outline, chance: &mut Chance) -> Option<Vec<u8>> {
    const OUTSIDE: [&str; 8] = [
        "\n",
        " ",
        "\u{feff}",
        "<!-- -->",
        "<?x y?>",
        "<a/>",
        "text",
        "<!DOCTYPE a>",
    ];
    let root = message.elements.first()?;
    let at = if chance.once_in(2) { 0 } else { root.whole.end };
    Some(message.inserted(at, chance.one_of(&OUTSIDE).as_bytes()))
}

fn stretch(message: &Outline, chance: &mut Chance) -> Option<Range<usize>> {
    let start = a_place(message, chance)?;
    let longest = if chance.once_in(3) { 600 } else { 12 };
    Some(start..(start + 1 + chance.below(longest)).min(message.bytes.len()))
}

/// Anywhere; nowhere in a message without octets.
fn a_place(message: &Outline, chance: &mut Chance) -> Option<usize> {
    let length = message.bytes.len();
    (length > 0).then(|| chance.below(length))
}
