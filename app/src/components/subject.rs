//! What a dialog is about, loaded when it opens.

use std::future::Future;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::problem::ProblemView;
use crate::{fns::Answer, ui::SkeletonLines, wire::read};

/// Loads the thing with an id and shows the dialog's content for it.
#[component]
pub fn WithSubject<I, T, F>(
    /// Which.
    id: I,
    /// Loads it.
    load: fn(I) -> F,
    /// The content.
    view: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    I: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Answer<T>> + Send + 'static,
{
    let subject = read(move || id.clone(), load);
    view! {
        <Suspense fallback=|| view! { <SkeletonLines/> }>
            {move || {
                let view = view.clone();
                Suspend::new(async move {
                    match subject.await {
                        Ok(subject) => view(subject),
                        Err(error) => view! { <ProblemView error/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}
