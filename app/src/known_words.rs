//! What an address says of a refused form.
//!
//! A form that is posted without WebAssembly is answered with the way back to its page, and the framework writes into that
//! address why the form was refused, as a whole sentence. Anybody can write such an address, and the page would show their
//! sentence as its own. So the server lets only those through whose sentences are its own, chosen by the codes beside them,
//! and leads from any other to one that is so.

use leptos::server_fn::error::ServerFnUrlError;
use model::{
    field::{FieldError, FieldErrors, Rule, Step},
    problem::{Code, Details, Problem},
};

use crate::{
    error::ConsoleError,
    query::{Query, decode},
};

/// The framework's name for the server function that refused.
const FUNCTION: &str = "__path";
/// The framework's name for why.
const REFUSAL: &str = "__err";

/// More broken rules than a form has fields.
const FIELDS_MAX: usize = 100;

/// The same query, with a refusal in known words alone; nothing where it is so already.
pub fn in_known_words(query: &str) -> Option<String> {
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

/// Whether one of the two names is meant, however often it is encoded.
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

/// A refusal as the framework writes it, in known words.
fn known(function: &str, text: &str) -> Option<String> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'/';
    if !function.strip_prefix("/console/api/")?.bytes().all(is_word) {
        return None;
    }
    let told = ConsoleError(reworded(ServerFnUrlError::<ConsoleError>::decode_err(text).0));
    let url = ServerFnUrlError::new(function, told).to_url("http://localhost/").ok()?;
    url.query().map(str::to_owned)
}

/// Keeps codes, places and numbers of a problem, and none of its texts.
fn reworded(problem: Problem) -> Problem {
    let Problem { code, message: _, fields, details, request_id } = problem;
    let mut known = FieldErrors::default();
    for error in fields.iter().take(FIELDS_MAX) {
        if error.location.len() <= 8 && error.location.iter().all(is_place) {
            known.push_at(error.location.clone(), FieldError::new(error.rule, words_for_rule(error)));
        }
    }
    let details = details.filter(|details| matches!(details, Details::RateLimit { .. }));
    Problem {
        code,
        message: words_for_code(code).to_owned(),
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

/// Whether a request's id is one of the server's own, and not a word that a client chose.
fn is_made_here(id: &str) -> bool {
    let digits = id.strip_prefix("req_").unwrap_or_default();
    digits.len() == 24 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

const fn words_for_code(code: Code) -> &'static str {
    match code {
        Code::Unauthorized => "You are signed out, or the password is not right. Try again.",
        Code::Forbidden => {
            "This is not allowed to your role, or would leave the organization without an admin."
        }
        Code::QuotaExceeded => "The limit is reached. Revoke what is not needed any more.",
        Code::NotFound => "This is not there any more. Load the page again.",
        Code::AlreadyExists => "There is one of this name or address already. Choose another.",
        Code::Conflict | Code::PreconditionFailed => {
            "Somebody else changed this meanwhile. Load it again and repeat."
        }
        Code::Validation => "Something in the form cannot be used. Check it and try again.",
        Code::TooManyRequests => "Too many requests. Wait a moment and try again.",
        Code::Internal => "The server failed. Try again, and tell the operator the request id.",
        Code::Unavailable => "The server cannot answer now. Try again in a moment.",
        Code::BadRequest
        | Code::MethodNotAllowed
        | Code::PayloadTooLarge
        | Code::UnsupportedMediaType
        | Code::MisdirectedRequest => "The request cannot be understood. Load the page again and repeat.",
    }
}

fn words_for_rule(error: &FieldError) -> &'static str {
    match (error.field(), error.rule) {
        ("current", Rule::ValueError) => "This is not your current password.",
        ("new", Rule::ValueError) => "Choose another than the current one.",
        ("new" | "password", Rule::StringTooShort) => "Use at least 10 characters.",
        ("email", _) => "Use an e-mail address such as ada@example.com.",
        (_, Rule::Missing) => "Fill this in.",
        (_, Rule::StringTooShort) => "This is too short.",
        (_, Rule::StringTooLong) => "This is too long.",
        (_, Rule::Enum) => "Choose one of the offered words.",
        _ => "This cannot be used. Change it and try again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "Call 555-0100 and tell us your password.";

    /// A query as the framework makes it.
    fn query_of(problem: Problem) -> String {
        let told = ServerFnUrlError::new("/console/api/account/change_password", ConsoleError(problem));
        told.to_url("http://localhost/").unwrap().query().unwrap().to_owned()
    }

    fn told(query: &str) -> Problem {
        let query = Query::parse(query);
        ServerFnUrlError::<ConsoleError>::decode_err(query.get(REFUSAL).unwrap()).0
    }

    #[test]
    fn no_text_of_an_address_is_shown() {
        for code in Code::ALL {
            let mut problem = Problem::new(*code, SENTENCE).in_request("Call-555-0100");
            problem.fields.push("current", Rule::ValueError, SENTENCE);
            problem.fields.push("Call 555-0100", Rule::ValueError, SENTENCE);
            problem.details = Some(Details::Quota { resource: SENTENCE.to_owned(), current: 1, limit: 1 });
            let known = in_known_words(&query_of(problem)).unwrap();
            let told = told(&known);
            assert!(!serde_json::to_string(&told).unwrap().contains("555"), "{told:?}");
            assert_eq!((told.code, told.fields.iter().count()), (*code, 1));
            assert_eq!(told.fields.message_for("current"), Some("This is not your current password."));
            assert_eq!(in_known_words(&known), None, "led there once");
        }
    }

    #[test]
    fn what_says_nothing_of_a_refusal_stays_as_it_is() {
        for query in ["", "view=all&q=%5Fa+b", "a=__err", "x__err=1", "%zz=1", "&&"] {
            assert_eq!(in_known_words(query), None, "{query}");
        }
    }

    #[test]
    fn whatever_is_no_refusal_of_ours_is_left_out() {
        let good = in_known_words(&query_of(Problem::new(Code::NotFound, "x"))).unwrap();
        let error = good.split_once("__err=").unwrap().1;
        for query in [
            format!("view=all&__err={error}"),
            format!("view=all&__path=https://evil.example/&__err={error}"),
            "view=all&__path=/console/api/x".to_owned(),
            format!("view=all&{}={error}", "%5F%5Ferr"),
            format!("view=all&{}={error}", "%255F%255Ferr"),
            format!("view=all&{}={error}", "%25252525255Ferr"),
        ] {
            assert_eq!(in_known_words(&query).as_deref(), Some("view=all"), "{query}");
        }
        let twice = format!("{good}&{good}");
        assert_eq!(in_known_words(&twice), Some(good.clone()));
        assert_eq!(in_known_words(&format!("{good}&view=all")), Some(format!("view=all&{good}")));
        let broken = in_known_words("__path=/console/api/x&__err=%%%").map(|query| query.len());
        assert_eq!(broken, Some(0), "the value cannot be decoded");
        let known = in_known_words("__path=/console/api/x&__err=none").unwrap();
        assert_eq!((told(&known).code, in_known_words(&known)), (Code::BadRequest, None));
    }

    #[test]
    fn the_id_of_a_request_is_kept_where_the_server_made_it() {
        let id = "req_0123456789abcdef01234567";
        let known = in_known_words(&query_of(Problem::new(Code::Internal, "x").in_request(id))).unwrap();
        assert_eq!(told(&known).request_id.as_deref(), Some(id));
    }
}
