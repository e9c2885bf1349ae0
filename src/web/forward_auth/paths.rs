//! What an application asks under the path of a request.
//!
//! The server behind the proxy may read a path in another way than we do: decode it once more, drop what follows a
//! semicolon, take capitals for small letters, forgive a dot at the end. So a path is judged by every such reading, and
//! all of them must be fulfilled. What leads out of its own folder, or hides a slash, is refused. An application that
//! asks the same of every path is not bothered with any of this.

use percent_encoding::percent_decode_str;

use crate::downstream::application::requirements::{PathAccess, PathRequirements, Requirements};

/// What is asked under a path, beyond what the application asks everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked<'a> {
    /// Nothing; not even that anybody is signed in.
    Nothing,
    /// All of these.
    All(Vec<&'a Requirements>),
}

/// The path is absent, or some server could read it as quite another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ambiguous;

/// What `rules` ask of a request for `place`, which is path and query as they were sent.
pub(crate) fn asked<'a>(rules: &'a [PathRequirements], place: Option<&str>) -> Result<Asked<'a>, Ambiguous> {
    if rules.is_empty() {
        return Ok(Asked::All(Vec::new()));
    }
    let readings = readings(place.ok_or(Ambiguous)?)?;
    let found: Vec<Option<&PathAccess>> = readings.iter().map(|path| longest(rules, path)).collect();
    if found
        .iter()
        .all(|access| matches!(access, Some(PathAccess::Public)))
    {
        return Ok(Asked::Nothing);
    }
    let mut all: Vec<&Requirements> = Vec::new();
    for access in found.into_iter().flatten() {
        if let PathAccess::Requires(requirements) = access
            && !all.contains(&&**requirements)
        {
            all.push(requirements);
        }
    }
    Ok(Asked::All(all))
}

/// The rule with the longest prefix of `path`.
fn longest<'a>(rules: &'a [PathRequirements], path: &Reading) -> Option<&'a PathAccess> {
    let matching = rules.iter().filter(|rule| path.is_below(&rule.prefix));
    matching
        .max_by_key(|rule| rule.prefix.len())
        .map(|rule| &rule.access)
}

/// One way to read a path.
#[derive(Debug, PartialEq, Eq)]
enum Reading {
    Exact(String),
    /// Where capitals and small letters are the same.
    AnyCase(String),
}

impl Reading {
    /// A prefix ends at a slash or at the end of the path.
    fn is_below(&self, prefix: &str) -> bool {
        let below = |path: &str, prefix: &str| {
            let rest = path.strip_prefix(prefix.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match self {
            Self::Exact(path) => below(path, prefix),
            Self::AnyCase(path) => below(path, &prefix.to_lowercase()),
        }
    }
}

fn readings(place: &str) -> Result<[Reading; 3], Ambiguous> {
    let path = place.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_cause| Ambiguous)?;
    let hides_a_slash = decoded.matches('/').count() != path.matches('/').count();
    let says_more = percent_decode_str(&decoded).any(|octet| octet.is_ascii_control() || octet == b'\\')
        || percent_decode_str(&decoded).count() != decoded.len();
    if hides_a_slash || says_more || !path.starts_with('/') {
        return Err(Ambiguous);
    }
    let plain: Vec<&str> = decoded.split('/').map(plain_segment).collect();
    let last = plain.len() - 1;
    let inner = plain.iter().enumerate().skip(1);
    // An empty last segment is the slash at the end; what is empty elsewhere, or became so, is a riddle.
    if inner
        .filter(|(at, _)| *at < last)
        .any(|(_, segment)| segment.is_empty())
        || is_riddle(&decoded)
    {
        return Err(Ambiguous);
    }
    let plain = plain.join("/");
    Ok([
        Reading::Exact(decoded.to_string()),
        Reading::AnyCase(plain.to_lowercase()),
        Reading::Exact(plain),
    ])
}

/// A last segment that is nothing but dots and parameters, such as `..;x=1`.
fn is_riddle(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !last.is_empty() && plain_segment(last).is_empty()
}

/// A segment without its parameters, and without the dots and blanks that some file systems forgive.
fn plain_segment(segment: &str) -> &str {
    let name = segment.split(';').next().unwrap_or_default();
    name.trim_matches(' ').trim_end_matches(['.', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Vec<PathRequirements> {
        let stronger = Requirements {
            minimum_aal: Some(3),
            ..Requirements::default()
        };
        let rule = |prefix: &str, access| PathRequirements {
            prefix: prefix.to_owned(),
            access,
        };
        vec![
            rule("/admin", PathAccess::Requires(Box::new(stronger))),
            rule("/assets/", PathAccess::Public),
            rule("/admin/help", PathAccess::Public),
        ]
    }

    /// How many requirements are asked; `None` for a public path.
    fn asks(place: &str) -> Result<Option<usize>, Ambiguous> {
        let rules = rules();
        asked(&rules, Some(place)).map(|asked| match asked {
            Asked::Nothing => None,
            Asked::All(all) => Some(all.len()),
        })
    }

    #[test]
    fn ap_12_the_longest_prefix_decides_and_ends_at_a_slash() {
        assert_eq!(asks("/"), Ok(Some(0)));
        for strict in ["/admin", "/admin/", "/admin?x=/assets/", "/admin/people/1"] {
            assert_eq!(asks(strict), Ok(Some(1)), "{strict}");
        }
        assert_eq!(asks("/administrators"), Ok(Some(0)));
        for public in [
            "/assets/a.css",
            "/assets",
            "/admin/help",
            "/admin/help/1?x=%2e%2e/",
        ] {
            assert_eq!(asks(public), Ok(None), "{public}");
        }
    }

    #[test]
    fn ap_12_a_path_that_a_server_may_read_as_strict_is_strict() {
        for strict in [
            "/Admin/people",
            "/%61dmin",
            "/admin;x=1/people",
            "/admin./people",
            "/admin%20/people",
            "/ADMIN;a",
        ] {
            assert!(asks(strict).is_ok_and(|asked| asked > Some(0)), "{strict}");
        }
        for not_public in ["/Assets/a.css", "/assets;x/a.css"] {
            assert!(
                asks(not_public).is_ok_and(|asked| asked.is_some()),
                "{not_public}"
            );
        }
    }

    #[test]
    fn ap_12_a_path_with_two_meanings_is_refused() {
        for bad in [
            "/assets/../admin",
            "/assets/%2e%2e/admin",
            "/assets/..;/admin",
            "/assets/..%2fadmin",
            "/assets/%2E./admin",
            "/assets/./admin",
            "//admin",
            "/assets//admin",
            "/assets%2fadmin",
            "/assets%5cadmin",
            "/assets\\admin",
            "/%2561dmin",
            "/a%00b",
            "/a%0ab",
            "/%ff",
            "/assets/..",
            "/assets/.. /admin",
            "/;x/admin",
            "admin",
            "*",
            "",
        ] {
            assert_eq!(asks(bad), Err(Ambiguous), "{bad}");
        }
        assert_eq!(asked(&rules(), None), Err(Ambiguous));
    }

    #[test]
    fn an_application_that_asks_the_same_everywhere_takes_any_path() {
        for any in ["/a//b", "/x%2Fy", "/%2561", "/../x"] {
            assert_eq!(asked(&[], Some(any)), Ok(Asked::All(Vec::new())), "{any}");
        }
        assert_eq!(asked(&[], None), Ok(Asked::All(Vec::new())));
    }
}
