//! The form for the address of the API behind the proxy, which is written into configurations.

use leptos::prelude::*;
use model::field::FieldError;
use model::gateway::ProxyAddress;

use crate::ui::TextField;

/// The address shown at first, an example that people replace with their own.
pub const UPSTREAM: &str = "http://127.0.0.1:8080";

/// The button for browsers without scripts. It is set as inner HTML: browsers with scripts parse the content of
/// `noscript` as text, so hydration would not find its elements.
const APPLY: &str = "<button type=\"submit\" class=\"button button-secondary\">Apply</button>";

/// Parses the typed address. Blanks around it are ignored.
pub(super) fn upstream_of(typed: &str) -> Result<ProxyAddress, FieldError> {
    ProxyAddress::parse(typed.trim())
}

/// A field for the upstream address. The configuration follows it while the person types. Without scripts, submitting
/// the form loads the page again with the address in its query.
#[component]
pub fn UpstreamForm(
    /// The path of the page that contains the form.
    action: String,
    /// The other query parameters of the page, sent as hidden fields.
    hidden: Signal<Vec<(&'static str, String)>>,
    upstream: RwSignal<String>,
) -> impl IntoView {
    let error =
        Signal::derive(move || upstream.with(|typed| upstream_of(typed).err()).map(|error| error.message));
    let others = move || {
        let pair = |(name, value)| view! { <input type="hidden" name=name value=value/> };
        hidden.get().into_iter().map(pair).collect_view()
    };
    let keep = move |event: leptos::ev::SubmitEvent| event.prevent_default();
    view! {
        <form class="upstream-form" method="get" action=action on:submit=keep>
            {others}
            <TextField id="upstream" label="Address of your API" value=upstream mono=true error length_max=300_u32/>
            <noscript inner_html=APPLY></noscript>
        </form>
    }
}
