//! The dialog that the path of a page opens, for one item or for a new one.

use std::future::Future;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::actions::ConsoleFn;
use super::item_actions::ItemActions;
use super::path::{ItemDialog, OpenDialog};
use crate::components::problem::ProblemView;
use crate::fns::FnResult;
use crate::resource::read;
use crate::ui::{Dialog, DialogSize, SkeletonLines};

/// What the forms in a dialog need besides their action.
#[derive(Clone)]
pub struct DialogFrame {
    /// The path of the page without a dialog.
    pub back: String,
    pub close: Callback<()>,
}

/// The one dialog of a page. The path decides what it shows.
#[component]
pub fn TaskDialog<D: ItemDialog, T, L, C, U, E>(
    /// The open dialog, if there is one.
    task: Memo<Option<OpenDialog<D>>>,
    /// The path of the page without a dialog.
    back: Signal<String>,
    /// The requests that the dialog sends. After each of them, it closes.
    actions: ItemActions<C, U, E>,
    /// The path to show after an item was created; `None` for the page without a dialog.
    after_new: fn(&C::Output) -> Option<String>,
    /// The path to show after an item was removed, if it is not the page without a dialog.
    #[prop(optional)]
    after_end: Option<&'static str>,
    #[prop(default = DialogSize::Medium)] size: DialogSize,
    /// Loads the item that a dialog is about.
    load: fn(D::Id) -> L,
    /// Renders the form for a new item.
    new: impl Fn(DialogFrame) -> AnyView + Send + Sync + 'static,
    /// Renders the content of a dialog about one item.
    about: impl Fn(D, T, DialogFrame) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    L: Future<Output = FnResult<T>> + Send + 'static,
    C: ConsoleFn,
    U: ConsoleFn,
    E: ConsoleFn,
{
    // Not in an effect, because the actions have to be new before the content of the next dialog is made.
    let task = Memo::new(move |before: Option<&Option<OpenDialog<D>>>| {
        let task = task.get();
        if before.is_some() {
            actions.renew();
        }
        task
    });
    let navigate = StoredValue::new(use_navigate());
    let show = move |path: &str| navigate.with_value(|navigate| navigate(path, NavigateOptions::default()));
    let close = Callback::new(move |()| {
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&back.get_untracked(), options));
    });
    actions.create.on_success(move |item, is_open| {
        if is_open {
            after_new(&item).map_or_else(|| close.run(()), |path| show(&path));
        }
    });
    actions.update.on_success(move |_, is_open| {
        if is_open {
            close.run(());
        }
    });
    actions.end.on_success(move |_, is_open| {
        if is_open {
            after_end.map_or_else(|| close.run(()), show);
        }
    });
    let (new, about) = (StoredValue::new(new), StoredValue::new(about));
    let content = move || {
        let frame = DialogFrame { back: back.get_untracked(), close };
        Some(match task.get()? {
            OpenDialog::New => new.with_value(|new| new(frame)),
            OpenDialog::With(dialog, id) => {
                let about = about.get_value();
                let view = move |item| about(dialog, item, frame.clone());
                view! { <WithLoaded id load view/> }.into_any()
            }
        })
    };
    view! {
        <Dialog
            id="task"
            title=Signal::derive(move || task.get().map_or("", |task| task.title()).to_owned())
            open=Signal::derive(move || task.with(Option::is_some))
            on_close_request=close
            size
            keep_on_outside_press=true
        >
            {content}
        </Dialog>
    }
}

/// Loads the item with an id and shows the content of the dialog for it.
#[component]
fn WithLoaded<I, T, F>(
    id: I,
    load: fn(I) -> F,
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
