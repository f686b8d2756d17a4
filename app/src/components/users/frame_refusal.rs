//! Says that the server refused a form of the frame around all pages.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::fns::session::{SignOut, SwitchOrganization};
use crate::state::toasts::use_toasts;

/// Shows a toast if the page was loaded because the server refused to sign out or to switch the organization. These
/// forms are always plain ones, so the refusal is in the address.
pub(super) fn report_refused_form() {
    let toasts = use_toasts();
    let sentence = use_context::<ServerActionError>().and_then(|refusal| sentence_of(refusal.path()));
    Effect::new(move || {
        if let Some(sentence) = sentence {
            toasts.danger(sentence);
        }
    });
}

/// A fixed sentence for the server function at a path, because anyone can write any sentence into an address.
fn sentence_of(function: &str) -> Option<&'static str> {
    [
        (SignOut::PATH, "You could not be signed out. Try again."),
        (
            SwitchOrganization::PATH,
            "The other organization could not be opened. Reload the page and try again.",
        ),
    ]
    .into_iter()
    .find_map(|(own, sentence)| (own == function).then_some(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_forms_of_the_frame_are_reported() {
        assert_eq!(
            sentence_of("/console/api/session/sign_out"),
            Some("You could not be signed out. Try again.")
        );
        assert!(sentence_of("/console/api/session/switch").is_some_and(|said| said.contains("organization")));
        for other in ["/console/api/session/sign_in", "/console/api/members/update", ""] {
            assert_eq!(sentence_of(other), None);
        }
    }
}
