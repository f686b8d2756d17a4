//! Loads the item that a dialog is about when the dialog opens.

use std::future::Future;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::problem::ProblemView;
use crate::{fns::FnResult, resource::read, ui::SkeletonLines};

/// Loads the item with an id and shows the content of the dialog for it.
#[component]
pub fn WithLoaded<I, T, F>(
    id: I,
    load: fn(I) -> F,
    /// Renders the content.
    view: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    I: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = FnResult<T>> + Send + 'static,
{
    let target = read(move || id.clone(), load);
    view! {
        <Suspense fallback=|| view! { <SkeletonLines/> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match target.await {
                        Ok(target) => view(target),
                        Err(error) => view! { <ProblemView error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}
