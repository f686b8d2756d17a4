//! The list with its filters and dialogs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    address::{Address, Task},
    filters::Filters,
    list::MemberList,
    task::TaskDialogs,
};
use crate::{
    alive::come_alive,
    components::{post_form::Fields, problem::ProblemView},
    fns::members::{AddMember, AllowSignIn, RemoveMember, UpdateMember, list_members},
    query::use_query,
    state::{me::use_me, toasts::use_toasts},
    ui::{ButtonKind, ButtonLink, Glyph, PageHeader, SkeletonLines},
    wire::read,
};

/// What the page's dialogs do. Whenever one of them is done, the list is asked for again.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    pub add: ServerAction<AddMember>,
    pub update: ServerAction<UpdateMember>,
    pub remove: ServerAction<RemoveMember>,
    pub allow: ServerAction<AllowSignIn>,
}

impl Actions {
    fn new() -> Self {
        Self {
            add: ServerAction::new(),
            update: ServerAction::new(),
            remove: ServerAction::new(),
            allow: ServerAction::new(),
        }
    }

    /// Changes with each finished action.
    pub fn version(self) -> usize {
        self.add.version().get() + self.update.version().get() + self.remove.version().get()
    }

    /// Forgets what earlier actions answered, so that a dialog opens without an old refusal.
    pub fn forget(self) {
        self.add.value().set(None);
        self.update.value().set(None);
        self.remove.value().set(None);
        self.allow.value().set(None);
    }
}

/// Everybody in the organization; admins add, change and remove.
#[component]
pub fn MembersPage() -> impl IntoView {
    come_alive();
    let query = use_query();
    let address = Memo::new(move |_| query.with(Address::of));
    let shown = Memo::new(move |_| address.with(Address::list));
    let actions = Actions::new();
    say_what_is_done(actions);
    let members = read(
        move || (shown.get(), actions.version()),
        |(shown, _)| list_members(shown.filter, shown.page.max(1)),
    );
    let is_admin = use_me().is_admin();
    let sentence = "People who own keys, and who may do what.";
    view! {
        <Title text="Members"/>
        <PageHeader title="Members" sentence=Some(sentence.to_owned())>
            {is_admin.then(|| {
                let href = move || address.with(|address| address.with(Task::Add).to_url());
                view! {
                    <ButtonLink kind=ButtonKind::Primary icon=Glyph::Plus href=Signal::derive(href)>"Add member"</ButtonLink>
                }
            })}
        </PageHeader>
        <Filters address/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || members.get().map(|found| match found {
                Ok(page) => view! { <MemberList page shown=shown.get_untracked() is_admin actions/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| members.refetch()/> }.into_any(),
            })}
        </Transition>
        {is_admin.then(|| view! { <TaskDialogs address actions/> })}
    }
}

/// A change of a member as their forms send it; what a form does not ask for stays as it is.
pub(super) fn change(fields: &Fields) -> Option<UpdateMember> {
    Some(UpdateMember {
        user_id: fields.text("user_id").parse().ok()?,
        user_name: fields.get("user_name"),
        role: fields.get("role"),
        status: fields.get("status"),
        back: fields.get("back"),
    })
}

/// The removal of a member as its form sends it.
pub(super) fn removal(fields: &Fields) -> Option<RemoveMember> {
    Some(RemoveMember { user_id: fields.text("user_id").parse().ok()?, back: fields.get("back") })
}

/// The permission to sign in again as its form sends it.
pub(super) fn allowance(fields: &Fields) -> Option<AllowSignIn> {
    Some(AllowSignIn { user_id: fields.text("user_id").parse().ok()?, back: fields.get("back") })
}

fn say_what_is_done(actions: Actions) {
    let toasts = use_toasts();
    Effect::new(move || {
        if let Some(Ok(user)) = actions.add.value().get() {
            toasts.success(format!("{} is a member now.", user.user_name));
        }
    });
    Effect::new(move || {
        if let Some(Ok(user)) = actions.update.value().get() {
            toasts.success(format!("{} is changed.", user.user_name));
        }
    });
    Effect::new(move || {
        if let Some(Ok(())) = actions.remove.value().get() {
            toasts.success("The member is removed, their keys are revoked.");
        }
    });
    Effect::new(move || match actions.allow.value().get() {
        Some(Ok(())) => toasts.success("The member may sign in again."),
        // In words of its own: after a plain form the problem comes out of the address.
        Some(Err(_)) => {
            toasts.danger("The member could not be allowed to sign in. Load the page again and repeat.");
        }
        None => {}
    });
}
