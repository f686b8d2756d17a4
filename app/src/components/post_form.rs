//! A form for a server function.

use leptos::{
    ev::SubmitEvent,
    prelude::*,
    server_fn::ServerFn,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};

/// What stands in the fields of a form.
pub struct Fields(FormData);

impl Fields {
    /// The text of a field; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default()
    }

    /// The texts of all fields of one name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.get_all(name).iter().filter_map(|value| value.as_string()).collect()
    }

    /// The text of a field, if there is one.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).as_string()
    }
}

/// A form whose fields go to a server function: posted as they are until WebAssembly has arrived, and from then on read
/// and sent by the running page.
///
/// Not the framework's own: that one reads the fields back out of a query string, for which every page with a form would
/// load 20 KB more.
#[component]
pub fn PostForm<F>(
    /// Sends it.
    action: ServerAction<F>,
    /// Makes the call of what stands in the fields; nothing when no call can be made of it.
    read: fn(&Fields) -> Option<F>,
    /// The fields.
    children: Children,
) -> impl IntoView
where
    F: ServerFn + Clone + Send + Sync + 'static,
    F::Output: Send + Sync + 'static,
    F::Error: Send + Sync + 'static,
{
    let submit = move |event: SubmitEvent| {
        // A guard on the way down may have stopped it.
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
