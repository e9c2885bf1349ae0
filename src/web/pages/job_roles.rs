//! The job roles of the national list that settings are likely to name, in words.

/// Code and name as the national role based access control list has them.
const KNOWN: [(&str, &str); 10] = [
    ("R0001", "Privacy Officer"),
    ("R0260", "General Medical Practitioner"),
    ("R5080", "Registration Authority Manager"),
    ("R5105", "Caldicott Guardian"),
    ("R8000", "Clinical Practitioner"),
    ("R8001", "Nurse"),
    ("R8003", "Health Professional"),
    ("R8006", "Medical Secretary"),
    ("R8008", "Admin or Clinical Support"),
    ("R8015", "Systems Support"),
];

/// `Nurse (R8001)` for `R8001` and for `S8000:G8000:R8001`; anything that is not on the list as it stands.
pub(crate) fn in_words(role: &str) -> String {
    let code = role.rsplit(':').next().unwrap_or(role);
    match KNOWN.iter().find(|(known, _)| *known == code) {
        Some((_, name)) => format!("{name} ({role})"),
        None => role.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_code_gets_its_name_and_anything_else_stays_as_it_is() {
        assert_eq!(in_words("R8001"), "Nurse (R8001)");
        assert_eq!(in_words("S8000:G8000:R8001"), "Nurse (S8000:G8000:R8001)");
        assert_eq!(in_words("R9999"), "R9999");
        assert_eq!(in_words("Pharmacist"), "Pharmacist");
    }
}
