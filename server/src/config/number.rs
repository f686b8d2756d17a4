//! Settings that are whole numbers within bounds.

use std::ops::RangeInclusive;

use super::SettingError;

/// Parses a number, or returns an error that says which numbers are allowed.
pub(super) fn number(
    name: &'static str,
    text: &str,
    bounds: RangeInclusive<u32>,
) -> Result<u32, SettingError> {
    let right = format!("Give a whole number from {} to {}.", bounds.start(), bounds.end());
    let digits = text.trim();
    if digits.is_empty() {
        return Err(SettingError::new(name, "is empty", right));
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SettingError::new(name, "is not a whole number", right));
    }
    match digits.parse::<u32>() {
        Ok(number) if bounds.contains(&number) => Ok(number),
        Ok(number) if number < *bounds.start() => Err(SettingError::new(name, "is too small", right)),
        _ => Err(SettingError::new(name, "is too large", right)),
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_within_bounds_are_accepted_and_others_refused_with_a_reason() {
        assert_eq!(number("connections_max", " 10 ", 1..=10), Ok(10));
        let cases = [
            ("", "is empty"),
            ("ten", "is not a whole number"),
            ("-1", "is not a whole number"),
            ("1.5", "is not a whole number"),
            ("0", "is too small"),
            ("11", "is too large"),
            ("99999999999999999999", "is too large"),
        ];
        for (text, given) in cases {
            let error = number("connections_max", text, 1..=10).unwrap_err();
            assert_eq!(error.given, given, "{text}");
            assert_eq!(error.right, "Give a whole number from 1 to 10.");
        }
    }
}
