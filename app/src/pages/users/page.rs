//! The page that lists the members, with its filters and dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    actions::Actions,
    dialogs::UserDialogs,
    filters::Filters,
    list::UserTable,
    path::{OpenDialog, UsersPath},
};
use crate::{
    components::problem::ProblemView,
    fns::users::list_users,
    hydration::mark_hydrated,
    query::use_query,
    resource::read,
    state::{me::use_me, toasts::use_toasts},
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
};

/// The members of the organization. Admins can add, change and remove them.
#[component]
pub fn UsersPage() -> impl IntoView {
    mark_hydrated();
    let query = use_query();
    let path = Memo::new(move |_| query.with(UsersPath::of));
    let shown = Memo::new(move |_| path.with(UsersPath::list));
    let actions = Actions::new();
    show_toasts(actions);
    let users = read(
        move || (shown.get(), actions.version()),
        |(shown, _)| list_users(shown.filter, shown.page.max(1)),
    );
    let is_admin = use_me().is_admin();
    let sentence = "The people in your organization, and what they may do.";
    view! {
        <Title text="Members"/>
        <PageHeader title="Members" sentence=Some(sentence.to_owned())>
            {is_admin.then(|| {
                let href = move || path.with(|path| path.with(OpenDialog::Add).to_path());
                view! {
                    <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=Signal::derive(href)>"Add member"</ButtonLink>
                }
            })}
        </PageHeader>
        <Filters path/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || users.get().map(|found| match found {
                Ok(page) => view! { <UserTable page shown=shown.get_untracked() is_admin actions/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| users.refetch()/> }.into_any(),
            })}
        </Transition>
        {is_admin.then(|| view! { <UserDialogs path actions/> })}
    }
}

fn show_toasts(actions: Actions) {
    let toasts = use_toasts();
    Effect::new(move || {
        if let Some(Ok(user)) = actions.add.value().get() {
            toasts.success(format!("{} was added.", user.user_name));
        }
    });
    Effect::new(move || {
        if let Some(Ok(user)) = actions.update.value().get() {
            toasts.success(format!("{} was changed.", user.user_name));
        }
    });
    Effect::new(move || {
        if let Some(Ok(())) = actions.remove.value().get() {
            toasts.success("The member was removed. Their keys are revoked.");
        }
    });
    Effect::new(move || match actions.allow.value().get() {
        Some(Ok(())) => toasts.success("The member can sign in again."),
        // A fixed text, because after a plain form the problem is read from the address, into which anyone can write
        // any sentence.
        Some(Err(_)) => {
            toasts.danger("The member could not be allowed to sign in. Reload the page and try again.");
        }
        None => {}
    });
}
