//! One row of the list of members.

use leptos::prelude::*;
use model::user::{User, UserStatus};

use super::actions::{ActivateAction, AllowAction, read_allow_sign_in, read_update};
use super::path::{UserDialog, UsersPath};
use crate::components::list_page::dialog_link;
use crate::components::post_form::PostForm;
use crate::components::users::{AccessBadge, RoleBadge, StatusBadge};
use crate::state::me::use_me;
use crate::ui::{Avatar, Cell, Glyph, MenuItem, MenuLine, MenuLink, RelativeTime, RowActions};

/// Admins also get a menu of actions.
#[component]
pub(super) fn UserTableRow(
    user: Signal<User>,
    shown: Memo<UsersPath>,
    is_admin: bool,
    activate: ActivateAction,
    allow: AllowAction,
) -> impl IntoView {
    let is_me = use_me().with_untracked(|me| user.with_untracked(|user| me.user_id == user.user_id));
    let name = Signal::derive(move || user.with(|user| user.user_name.clone()));
    view! {
        <tr>
            <Cell label="">
                <div class="member">
                    <Avatar name/>
                    <div class="member-words">
                        <span class="member-name">
                            {name} {is_me.then(|| view! { <span class="member-me">"you"</span> })}
                        </span>
                        <span class="member-email">{move || user.with(|user| user.email.to_string())}</span>
                    </div>
                </div>
            </Cell>
            <Cell label="Role">{move || view! { <RoleBadge role=user.with(|user| user.role)/> }}</Cell>
            <Cell label="Status">{move || view! { <StatusBadge status=user.with(|user| user.status)/> }}</Cell>
            <Cell label="Console">
                {move || view! { <AccessBadge can_sign_in=user.with(|user| user.can_sign_in)/> }}
            </Cell>
            <Cell label="Added"><RelativeTime at=Signal::derive(move || user.with(|user| user.created_at))/></Cell>
            {is_admin.then(|| view! { <UserMenu user name is_me shown activate allow/> })}
        </tr>
    }
}

#[component]
fn UserMenu(
    user: Signal<User>,
    name: Signal<String>,
    is_me: bool,
    shown: Memo<UsersPath>,
    activate: ActivateAction,
    allow: AllowAction,
) -> impl IntoView {
    let user_id = user.with_untracked(|user| user.user_id.clone());
    let link = |dialog| dialog_link(shown, dialog, &user_id);
    let (edit, invite, password, suspend, remove) = (
        link(UserDialog::Edit),
        link(UserDialog::Invite),
        link(UserDialog::NewPassword),
        link(UserDialog::Suspend),
        link(UserDialog::Remove),
    );
    // The action is offered whether or not failed attempts have closed the account. Showing which accounts are closed
    // could reveal who is under attack. Offering the action for other accounts does no harm.
    let can_sign_in = Memo::new(move |_| user.with(|user| user.can_sign_in));
    let access = move || match (can_sign_in.get(), is_me) {
        (true, false) => {
            let items = view! {
                <MenuLink href=password icon=Glyph::Key>"New password…"</MenuLink>
                <AllowItem user shown allow/>
            };
            Some(items.into_any())
        }
        (true, true) => None,
        (false, _) => {
            Some(view! { <MenuLink href=invite icon=Glyph::Mail>"Invitation link…"</MenuLink> }.into_any())
        }
    };
    let is_active = Memo::new(move |_| user.with(|user| user.status == UserStatus::Active));
    let activity = move || {
        if is_active.get() {
            view! { <MenuLink href=suspend icon=Glyph::CirclePause>"Suspend…"</MenuLink> }.into_any()
        } else {
            view! { <ActivateItem user shown activate/> }.into_any()
        }
    };
    view! {
        <RowActions id=format!("menu-{user_id}") name>
            <MenuLink href=edit icon=Glyph::Pencil>"Name and role…"</MenuLink>
            {access}
            {activity}
            <MenuLine/>
            <MenuLink href=remove icon=Glyph::Trash>"Remove…"</MenuLink>
        </RowActions>
    }
}

#[component]
fn AllowItem(user: Signal<User>, shown: Memo<UsersPath>, allow: AllowAction) -> impl IntoView {
    view! {
        <PostForm action=allow read=read_allow_sign_in>
            <RowFields user shown/>
            <MenuItem submit=true icon=Glyph::ShieldCheck>"Allow sign-in again"</MenuItem>
        </PostForm>
    }
}

#[component]
fn ActivateItem(user: Signal<User>, shown: Memo<UsersPath>, activate: ActivateAction) -> impl IntoView {
    view! {
        <PostForm action=activate read=read_update>
            <RowFields user shown/>
            <input type="hidden" name="status" value=UserStatus::Active.as_str()/>
            <MenuItem submit=true icon=Glyph::CircleCheck>"Activate"</MenuItem>
        </PostForm>
    }
}

/// Which member a form in the menu is about, and the page to show after it.
#[component]
fn RowFields(user: Signal<User>, shown: Memo<UsersPath>) -> impl IntoView {
    view! {
        <input type="hidden" name="user_id" value=user.with_untracked(|user| user.user_id.to_string())/>
        <input type="hidden" name="back" value=move || shown.with(UsersPath::to_path)/>
    }
}
