//! The address of one's own API, to be written into configurations.

use leptos::prelude::*;
use model::{field::FieldError, gateway::ProxyAddress};

use crate::ui::TextField;

/// A usual place, to be replaced.
pub const UPSTREAM: &str = "http://127.0.0.1:8080";

/// For browsers without scripts. To others it is text, hence out of reach of hydration.
const APPLY: &str = "<button type=\"submit\" class=\"button button-secondary\">Apply</button>";

/// Reads what was typed.
pub(super) fn upstream_of(typed: &str) -> Result<ProxyAddress, FieldError> {
    ProxyAddress::parse(typed.trim())
}

/// A field whose text is written into the configuration at once; a form whose address is the page, without scripts.
#[component]
pub fn UpstreamForm(
    /// The path of the page.
    action: String,
    /// What else its address says.
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
