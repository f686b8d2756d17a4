//! Cleans the errors of forms that the framework writes into URLs.
//!
//! When a form is posted without WebAssembly and refused, the response redirects back to its page, and the framework
//! writes the error into the URL of the page as a whole sentence. Anybody can make such a URL, and the page would show
//! their sentence as its own. So the server replaces each sentence with a fixed one, chosen by the code beside it, and
//! redirects to the cleaned URL.

use leptos::server_fn::error::ServerFnUrlError;
use model::email::Email;
use model::field::{FieldError, FieldErrors, Rule, Step};
use model::password::Password;
use model::problem::{Code, DISK_FULL, Details, Problem};
use model::session::PasswordChangeDraft;

use crate::error::ConsoleError;
use crate::failures::{UNAVAILABLE, UNREADABLE};
use crate::query::{Query, decode};

/// The framework's query parameter for the server function that failed.
const FUNCTION: &str = "__path";
/// The framework's query parameter for the error.
const REFUSAL: &str = "__err";

/// The largest number of field errors that is kept. The server reports no more for one form.
const FIELDS_MAX: usize = 100;

/// The query with known sentences only. An error that does not name a server function of the console is removed.
/// Returns `None` if the query needs no change.
pub fn with_known_errors(query: &str) -> Option<String> {
    let (refusal, others): (Vec<_>, Vec<_>) = query.split('&').partition(|pair| is_of_refusal(pair));
    if refusal.is_empty() {
        return None;
    }
    let given = Query::parse(&refusal.join("&"));
    let known =
        given.get(FUNCTION).zip(given.get(REFUSAL)).and_then(|(function, text)| known(function, text));
    let parts: Vec<_> = others.into_iter().filter(|pair| !pair.is_empty()).chain(known.as_deref()).collect();
    let clean = parts.join("&");
    (clean != query).then_some(clean)
}

/// Whether a pair has one of the two names, even if the name is encoded several times.
fn is_of_refusal(pair: &str) -> bool {
    let mut name = pair.split('=').next().unwrap_or_default().trim_start_matches('?').to_owned();
    for _ in 0..4 {
        if name == FUNCTION || name == REFUSAL {
            return true;
        }
        match decode(&name) {
            Some(decoded) if decoded != name => name = decoded,
            _ => return false,
        }
    }
    true
}

/// The error as the framework writes it, with known sentences only; `None` if `function` does not look like the path
/// of a server function.
fn known(function: &str, text: &str) -> Option<String> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'/';
    if !function.strip_prefix("/console/api/")?.bytes().all(is_word) {
        return None;
    }
    let reported = ConsoleError(reworded(ServerFnUrlError::<ConsoleError>::decode_err(text).0));
    let url = ServerFnUrlError::new(function, reported).to_url("http://localhost/").ok()?;
    url.query().map(str::to_owned)
}

/// Keeps the codes, locations, numbers and request id of a problem, and replaces its other texts.
fn reworded(problem: Problem) -> Problem {
    let Problem { code, message: _, fields, details, request_id } = problem;
    let mut known = FieldErrors::default();
    for error in fields.iter().take(FIELDS_MAX) {
        if error.location.len() <= 8 && error.location.iter().all(is_place) {
            known.push_at(error.location.clone(), FieldError::new(error.rule, message_for_rule(error)));
        }
    }
    let details = details.filter(|details| matches!(details, Details::RateLimit { .. }));
    Problem {
        code,
        message: message_for_code(code).to_owned(),
        fields: known,
        details,
        request_id: request_id.filter(|id| is_made_here(id)),
    }
}

fn is_place(step: &Step) -> bool {
    match step {
        Step::Index(_) => true,
        Step::Name(name) => {
            name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        }
    }
}

/// Whether a request id has the form of the server's own ids, and is not text that a client chose.
fn is_made_here(id: &str) -> bool {
    let digits = id.strip_prefix("req_").unwrap_or_default();
    digits.len() == 24 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

const fn message_for_code(code: Code) -> &'static str {
    match code {
        Code::Unauthorized => "You are signed out, or the password is wrong. Try again.",
        Code::Forbidden => "Your role does not allow this, or you are changing the last active admin.",
        Code::QuotaExceeded => "The limit is reached. Remove what is no longer needed, then try again.",
        Code::NotFound => "This does not exist anymore. Reload the page.",
        Code::AlreadyExists => "This name or e-mail address is already in use. Choose another.",
        Code::Conflict | Code::PreconditionFailed => {
            "Someone else has changed this. Reload the page and try again."
        }
        Code::Validation => "Some of the values are not valid. Check them and try again.",
        Code::TooManyRequests => "Too many requests. Wait a moment and try again.",
        Code::Internal => service::FAILED,
        Code::Unavailable => UNAVAILABLE,
        Code::InsufficientStorage => DISK_FULL,
        Code::BadRequest
        | Code::MethodNotAllowed
        | Code::PayloadTooLarge
        | Code::UnsupportedMediaType
        | Code::MisdirectedRequest => UNREADABLE,
    }
}

/// The sentence of the rule, or a general one where the rule names a number or a list that the error does not contain.
fn message_for_rule(error: &FieldError) -> String {
    let (field, rule) = (error.field(), error.rule);
    let general = match (field, rule) {
        ("current", Rule::ValueError) => {
            return PasswordChangeDraft::wrong_current()
                .message_for("current")
                .unwrap_or_default()
                .to_owned();
        }
        ("new", Rule::ValueError) => return PasswordChangeDraft::unchanged().message,
        ("new" | "password", Rule::StringTooShort) => return broken(Password::default().check()),
        ("email", _) => return broken(Email::existing("no address")),
        (_, Rule::Missing) => "This field is required.",
        (_, Rule::StringTooShort) => "This is too short.",
        (_, Rule::StringTooLong) => "This is too long.",
        (_, Rule::Enum) => "Choose one of the listed values.",
        _ => "This value is not valid. Change it and try again.",
    };
    general.to_owned()
}

/// The message of a check whose input was chosen so that it fails.
fn broken<T>(checked: Result<T, FieldError>) -> String {
    checked.err().map(|error| error.message).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "Call 555-0100 and tell us your password.";

    /// A query as the framework writes it.
    fn query_of(problem: Problem) -> String {
        let reported = ServerFnUrlError::new("/console/api/account/change_password", ConsoleError(problem));
        reported.to_url("http://localhost/").unwrap().query().unwrap().to_owned()
    }

    fn carried(query: &str) -> Problem {
        let query = Query::parse(query);
        ServerFnUrlError::<ConsoleError>::decode_err(query.get(REFUSAL).unwrap()).0
    }

    #[test]
    fn no_text_from_an_address_is_shown() {
        for code in Code::ALL {
            let mut problem = Problem::new(*code, SENTENCE).in_request("Call-555-0100");
            problem.fields.push("current", Rule::ValueError, SENTENCE);
            problem.fields.push("Call 555-0100", Rule::ValueError, SENTENCE);
            problem.details = Some(Details::Quota { resource: SENTENCE.to_owned(), current: 1, limit: 1 });
            let known = with_known_errors(&query_of(problem)).unwrap();
            let reported = carried(&known);
            assert!(!serde_json::to_string(&reported).unwrap().contains("555"), "{reported:?}");
            assert_eq!((reported.code, reported.fields.iter().count()), (*code, 1));
            assert_eq!(reported.fields.message_for("current"), Some("This is not your current password."));
            assert_eq!(with_known_errors(&known), None, "led there once");
        }
    }

    #[test]
    fn the_sentence_of_a_rule_is_that_of_the_model() {
        for (field, rule, sentence) in [
            ("current", Rule::ValueError, "This is not your current password."),
            ("new", Rule::ValueError, "Choose a password other than the current one."),
            ("password", Rule::StringTooShort, "Use at least 10 characters."),
            ("email", Rule::Missing, "Use an e-mail address such as ada@example.com."),
            ("name", Rule::StringTooLong, "This is too long."),
        ] {
            let problem = Problem::validation(FieldErrors::one(field, rule, SENTENCE));
            let known = with_known_errors(&query_of(problem)).unwrap();
            assert_eq!(carried(&known).fields.message_for(field), Some(sentence));
        }
    }

    #[test]
    fn a_query_without_an_error_stays_as_it_is() {
        for query in ["", "view=all&q=%5Fa+b", "a=__err", "x__err=1", "%zz=1", "&&"] {
            assert_eq!(with_known_errors(query), None, "{query}");
        }
    }

    #[test]
    fn an_error_that_the_console_did_not_write_is_removed() {
        let good = with_known_errors(&query_of(Problem::new(Code::NotFound, "x"))).unwrap();
        let error = good.split_once("__err=").unwrap().1;
        for query in [
            format!("view=all&__err={error}"),
            format!("view=all&__path=https://evil.example/&__err={error}"),
            "view=all&__path=/console/api/x".to_owned(),
            format!("view=all&{}={error}", "%5F%5Ferr"),
            format!("view=all&{}={error}", "%255F%255Ferr"),
            format!("view=all&{}={error}", "%25252525255Ferr"),
        ] {
            assert_eq!(with_known_errors(&query).as_deref(), Some("view=all"), "{query}");
        }
        let twice = format!("{good}&{good}");
        assert_eq!(with_known_errors(&twice), Some(good.clone()));
        assert_eq!(with_known_errors(&format!("{good}&view=all")), Some(format!("view=all&{good}")));
        let length = with_known_errors("__path=/console/api/x&__err=%%%").map(|query| query.len());
        assert_eq!(length, Some(0), "the value cannot be decoded");
        let known = with_known_errors("__path=/console/api/x&__err=none").unwrap();
        assert_eq!((carried(&known).code, with_known_errors(&known)), (Code::BadRequest, None));
    }

    #[test]
    fn a_request_id_that_the_server_made_is_kept() {
        let id = "req_0123456789abcdef01234567";
        let known = with_known_errors(&query_of(Problem::new(Code::Internal, "x").in_request(id))).unwrap();
        assert_eq!(carried(&known).request_id.as_deref(), Some(id));
    }
}
