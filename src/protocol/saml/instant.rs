//! Instants as SAML writes them: `xs:dateTime` in UTC (SAML Core 1.3.3).

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Fraction digits that are read. .NET writes seven.
const FRACTION_DIGITS: usize = 9;

/// Reads an instant in UTC, `Z` or `+00:00`. Everything else is `None`, never "no limit": another offset, no
/// offset, 24:00:00, a leap second, a year outside 0001–9999, more than nine fraction digits, blanks.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    let local = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00"))?;
    let (whole, fraction) = local.split_once('.').unwrap_or((local, "0"));
    let shape = b"0000-00-00T00:00:00";
    let whole_is_good = whole.len() == shape.len()
        && whole.bytes().zip(shape).all(|(at, want)| {
            if *want == b'0' {
                at.is_ascii_digit()
            } else {
                at == *want
            }
        });
    let fraction_is_good =
        (1..=FRACTION_DIGITS).contains(&fraction.len()) && fraction.bytes().all(|d| d.is_ascii_digit());
    // RFC 3339 as read here would round a leap second away.
    if !whole_is_good || !fraction_is_good || whole.ends_with("60") || whole.starts_with("0000") {
        return None;
    }
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

/// Writes an instant with milliseconds and `Z`, as ADFS and Entra do.
pub(crate) fn write(at: OffsetDateTime) -> String {
    let at = at.to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_instants_in_utc_are_read() {
        for good in [
            "2026-11-21T21:44:00Z",
            "2026-11-21T21:44:00.123Z",
            "2026-11-21T21:44:00.1234567Z",
            "2026-11-21T21:44:00+00:00",
        ] {
            assert!(parse(good).is_some(), "{good}");
        }
        let bad = [
            "",
            "2026-11-21",
            "2026-11-21T21:44:00",
            "2026-11-21T21:44:00+01:00",
            "2026-11-21T24:00:00Z",
            "2026-06-30T23:59:60Z",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-11-21T21:44:00.1234567890Z",
            "2026-11-21 21:44:00Z",
            "2026-11-21t21:44:00z",
            "2026-02-30T00:00:00Z",
            "now",
            "2020-09-25T16=7:00:00+00:00",
            " 2026-11-21T21:44:00Z",
        ];
        for bad in bad {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let at = parse("2026-11-21T21:44:00.120Z").unwrap();
        assert_eq!(write(at), "2026-11-21T21:44:00.120Z");
    }
}
