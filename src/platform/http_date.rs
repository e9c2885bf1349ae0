//! The date of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 5.6.7).

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

const FORM: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// The instant that `text` states; `None` if it is not of the one form that is still sent.
pub fn read(text: &str) -> Option<OffsetDateTime> {
    let instant = PrimitiveDateTime::parse(text.trim(), FORM).ok()?;
    Some(instant.assume_utc())
}

/// `instant` as a header field states it, in whole seconds; `None` for a year that has no four digits.
pub fn write(instant: OffsetDateTime) -> Option<String> {
    instant.to_offset(UtcOffset::UTC).format(FORM).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_date_is_read_as_it_was_written_and_nothing_else_is_a_date() {
        let example = "Sun, 06 Nov 1994 08:49:37 GMT";
        let instant = datetime!(1994-11-06 08:49:37 UTC);
        assert_eq!(read(example), Some(instant));
        assert_eq!(
            write(instant.to_offset(time::macros::offset!(+1))).as_deref(),
            Some(example)
        );
        for other in [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 +0100",
            "now",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
