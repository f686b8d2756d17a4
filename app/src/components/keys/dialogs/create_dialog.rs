//! The dialog for a new key.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use model::id::KeyId;
use model::key::KeyOwner;
use model::session::Me;

use crate::components::keys::clock::now;
use crate::components::keys::form::{CreateForm, KeyValues};
use crate::components::keys::key_page_state::use_key_page;
use crate::components::keys::list_path::KeyListPath;
use crate::fns::keys::get_key;
use crate::ui::{Callout, Dialog, SkeletonLines, Tone};

/// The dialog for a new key. It is open while the path contains `create=1`, until the secret of the new key is shown.
#[component]
pub fn CreateDialog(path: Memo<KeyListPath>, me: Me) -> impl IntoView {
    let key_page = use_key_page();
    let navigate = StoredValue::new(use_navigate());
    let leave = move || {
        let stay = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&path.get_untracked().closed().to_path(), stay));
    };
    let cancel = move || {
        key_page.create.renew();
        leave();
    };
    key_page.create.on_success(move |made, is_open| {
        key_page.fresh.set(Some(made.key.key_id));
        if is_open {
            leave();
        }
    });
    // A memo, because the dialog builds a new form each time this signal fires. Without the memo, a refusal by the
    // server would make it fire, and what was typed would be lost.
    let open = Memo::new(move |_| path.with(|path| path.create) && !key_page.create.has_succeeded());
    let me = StoredValue::new(me);
    view! {
        <Dialog
            id="create-key"
            title="Create key"
            description=Some("The secret is shown once, after you create the key.".to_owned())
            open
            on_close_request=move |()| cancel()
            keep_on_outside_press=true
        >
            <CreateBody
                from=path.with_untracked(|path| path.from.clone())
                owner=path.with_untracked(|path| path.query.filter.owner.clone())
                me=me.get_value()
                on_cancel=move |()| cancel()
            />
        </Dialog>
    }
}

/// The form. If `from` names a key, the form appears when that key is loaded, filled in with its values. In a list of
/// one owner's keys, that owner is selected at first.
#[component]
fn CreateBody(
    from: Option<KeyId>,
    owner: Option<KeyOwner>,
    me: Me,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let source = Action::new(|id: &KeyId| get_key(id.clone()));
    let first = StoredValue::new((me, owner));
    let form = move |values| {
        let (me, owner) = first.get_value();
        view! { <CreateForm values me owner on_cancel/> }.into_any()
    };
    let Some(from) = from else { return form(KeyValues::default()) };
    Effect::new(move || drop(source.dispatch(from.clone())));
    let view = move || {
        match source.value().get() {
        None => view! { <SkeletonLines lines=8/> }.into_any(),
        Some(Ok(details)) => form(KeyValues::copy_of(&details.key, now())),
        Some(Err(error)) => view! {
            <Callout tone=Tone::Warning title="The key to copy could not be loaded.">{error.0.message}</Callout>
            {form(KeyValues::default())}
        }
        .into_any(),
    }
    };
    view.into_any()
}
