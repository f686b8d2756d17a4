//! A page that lists items.

use std::future::Future;

use leptos::prelude::*;
use leptos_meta::Title;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::path::{ItemDialog, ListFilter, ListPath, OpenDialog};
use super::reloaded::Reloaded;
use crate::fns::FnResult;
use crate::resource::read;
use crate::ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines};

/// The heading with a link that opens the dialog for a new item, the filters, and the list.
#[component]
pub fn ListPage<F, D, T, L>(
    path: Memo<ListPath<F, D>>,
    title: &'static str,
    sentence: &'static str,
    /// The text of the link that opens the dialog for a new item, if the user may create one.
    new: Option<&'static str>,
    /// Changes whenever the list has to be loaded again.
    #[prop(into)]
    version: Signal<usize>,
    /// Loads the list of a path.
    load: fn(ListPath<F, D>) -> L,
    /// Shown above the list.
    #[prop(optional, into)]
    filters: ViewFnOnce,
    /// Renders the loaded list. The second argument is its path.
    list: impl Fn(Signal<T>, Memo<ListPath<F, D>>) -> AnyView + Send + Sync + 'static,
) -> impl IntoView
where
    F: ListFilter,
    D: ItemDialog,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    L: Future<Output = FnResult<T>> + Send + 'static,
{
    let wanted = Memo::new(move |_| path.with(ListPath::list));
    let found = read(move || (wanted.get(), version.get()), move |(wanted, _)| load(wanted));
    let list = move |page: Signal<T>| {
        // Follows the path when the list of the new path has arrived, so that rows, links and list agree.
        let shown = Memo::new(move |_| {
            page.track();
            wanted.get_untracked()
        });
        list(page, shown)
    };
    let new = new.map(|text| {
        let href = Signal::derive(move || path.with(|path| path.with(OpenDialog::New).to_path()));
        view! { <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href>{text}</ButtonLink> }
    });
    view! {
        <Title text=title/>
        <PageHeader title sentence=Some(sentence.to_owned())>{new}</PageHeader>
        {filters.run()}
        <Reloaded found fallback=|| view! { <SkeletonLines lines=8/> } view=list/>
    }
}
