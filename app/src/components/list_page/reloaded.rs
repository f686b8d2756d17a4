//! Shows data that a page loads again and again.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::components::problem::ProblemView;
use crate::fns::FnResult;
use crate::resource::JsonRead;

/// Shows the content once its data is loaded, or why it could not be loaded. When the data is loaded again, the content
/// stays in the page and its signal changes. So a menu that is open stays open, and the focus stays where it is.
#[component]
pub fn Reloaded<T>(
    found: JsonRead<FnResult<T>>,
    /// Shown while the data is loaded for the first time.
    #[prop(into)]
    fallback: ViewFnOnce,
    /// Renders the content. The signal fires whenever the data was loaded, even if nothing has changed.
    view: impl Fn(Signal<T>) -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let view = StoredValue::new(view);
    view! {
        <Transition fallback>
            {
                let state = state_of(found);
                move || match state.get()? {
                    Ok(()) => {
                        // `get_untracked` alone would track the resource: below a `Transition` it also asks whether
                        // the data is ready, and that question is tracked.
                        let first = untrack(|| found.get_untracked())?.ok()?;
                        Some(view.with_value(|view| view(latest(found, first))))
                    }
                    Err(error) => {
                        Some(view! { <ProblemView error on_retry=move |()| found.refetch()/> }.into_any())
                    }
                }
            }
        </Transition>
    }
}

/// Whether loading succeeded; `None` while nothing is loaded.
///
/// The server builds each page once. A memo could miss there that the data has arrived, because another thread loads
/// it.
fn state_of<T>(found: JsonRead<FnResult<T>>) -> Signal<Option<FnResult<()>>>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let state = move || found.with(|found| Some(found.as_ref()?.as_ref().map(|_| ()).map_err(Clone::clone)));
    if cfg!(feature = "ssr") { Signal::derive(state) } else { Memo::new(move |_| state()).into() }
}

/// The data that was loaded last without an error.
fn latest<T>(found: JsonRead<FnResult<T>>, first: T) -> Signal<T>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    if cfg!(feature = "ssr") {
        return Signal::stored(first);
    }
    let load = move |before: Option<&T>| {
        let data = found.get().and_then(Result::ok);
        data.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    };
    Memo::new_with_compare(load, |_, _| true).into()
}
