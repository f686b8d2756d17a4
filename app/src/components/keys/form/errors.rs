//! The errors of the form for a key: which field each belongs to, and where the focus goes.

use model::field::{FieldErrors, Rule, Step};
use model::problem::{Code, Problem};

use crate::ui::focus_id;

/// The beginning of the element ids of all fields.
const ID: &str = "key-form";

/// The element id of a field.
pub fn field_id(field: &str) -> String {
    format!("{ID}-{field}")
}

/// The field errors of a problem. A name that is taken counts as one of them, although the server reports it without a
/// field.
pub fn fields_of(problem: &Problem) -> FieldErrors {
    if problem.code == Code::AlreadyExists && problem.fields.is_empty() {
        return FieldErrors::one("name", Rule::ValueError, problem.message.clone());
    }
    problem.fields.clone()
}

/// The message of the first error of a field.
pub fn message_of(errors: &FieldErrors, field: &str) -> Option<String> {
    errors.iter().find(|error| field_of(&error.location) == field).map(|error| error.message.clone())
}

/// Moves the focus to the field of the first error.
pub fn focus_first_bad(errors: &FieldErrors) {
    let Some(first) = errors.iter().next() else { return };
    let field = field_of(&first.location);
    focus_id(&field_id(match field.as_str() {
        "permissions" => "permissions-0",
        "metadata" => "metadata-0-name",
        field => field,
    }));
}

/// The name of the field that shows the errors at this location of the draft. In scopes and metadata, each part of each
/// row is a field, such as `scopes-0-resource_id`.
fn field_of(location: &[Step]) -> String {
    let has_rows =
        matches!(location.first(), Some(Step::Name(list)) if list == "scopes" || list == "metadata");
    let steps = location.iter().take(if has_rows { 3 } else { 1 }).map(|step| match step {
        Step::Index(index) => index.to_string(),
        Step::Name(name) => name.clone(),
    });
    steps.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_shown_at_its_field() {
        let in_a_list = |list: &str, part: &str| vec![list.into(), 1_usize.into(), part.into()];
        assert_eq!(field_of(&["name".into()]), "name");
        assert_eq!(field_of(&["permissions".into(), 0_usize.into()]), "permissions");
        assert_eq!(field_of(&["scopes".into()]), "scopes");
        assert_eq!(field_of(&in_a_list("scopes", "resource_id")), "scopes-1-resource_id");
        assert_eq!(field_of(&in_a_list("metadata", "name")), "metadata-1-name");
        let mut deep = in_a_list("scopes", "operations");
        deep.push(2_usize.into());
        assert_eq!(field_of(&deep), "scopes-1-operations");
    }

    #[test]
    fn a_name_that_is_taken_is_an_error_of_the_name() {
        let problem = Problem::new(Code::AlreadyExists, "taken");
        assert_eq!(fields_of(&problem).message_for("name"), Some("taken"));
        assert!(fields_of(&Problem::new(Code::Internal, "x")).is_empty());
    }
}
