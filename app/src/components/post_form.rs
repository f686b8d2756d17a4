//! A form for a server function.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

/// The content of a form's fields.
pub struct Fields(FormData);

impl Fields {
    /// The text of a field; empty if there is no such field.
    pub fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }

    /// The texts of all fields with this name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.get_all(name).iter().filter_map(|value| value.as_string()).collect()
    }

    /// The text of a field; `None` if there is no such field.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).as_string()
    }
}

/// A form whose fields are sent to a server function. The browser posts the form until the page is hydrated. From then
/// on, the page reads the fields and sends them.
///
/// The framework's own form is not used because it reads the fields from a query string. With it, every page with a
/// form would load 20 KB more.
#[component]
pub fn PostForm<F>(
    action: ServerAction<F>,
    /// Makes the call from the fields; `None` if the fields do not make a call.
    read: fn(&Fields) -> Option<F>,
    children: Children,
) -> impl IntoView
where
    F: ServerFn + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
    F::Error: Send + Sync + 'static,
{
    let submit = move |event: SubmitEvent| {
        // A listener in the capture phase, such as `LiveForm::guard`, may have stopped the event.
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        let form = event.current_target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let data = form.and_then(|form| FormData::new_with_form(&form).ok());
        if let Some(call) = data.and_then(|data| read(&Fields(data))) {
            action.dispatch(call);
        }
    };
    view! { <form action=F::url() method="post" on:submit=submit>{children()}</form> }
}
