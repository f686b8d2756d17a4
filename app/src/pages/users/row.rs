//! One row of the list of members.

use leptos::prelude::*;
use model::user::{User, UserStatus};

use super::{
    actions::{Actions, read_allow_sign_in, read_update},
    path::{OpenDialog, UserDialog, UsersPath},
};
use crate::{
    components::{
        post_form::PostForm,
        users::{AccessBadge, RoleBadge, StatusBadge},
    },
    state::me::use_me,
    ui::{ActionsCell, Avatar, Cell, Glyph, MenuItem, MenuLine, MenuLink, RelativeTime, RowMenu},
};

/// Admins also get a menu of actions.
#[component]
pub(super) fn UserTableRow(user: User, shown: UsersPath, is_admin: bool, actions: Actions) -> impl IntoView {
    let is_me = use_me().with(|me| me.user_id == user.user_id);
    let User { user_name, email, role, status, can_sign_in, created_at, .. } = user.clone();
    view! {
        <tr>
            <Cell label="">
                <div class="member">
                    <Avatar name=user_name.clone()/>
                    <div class="member-words">
                        <span class="member-name">
                            {user_name} {is_me.then(|| view! { <span class="member-me">"you"</span> })}
                        </span>
                        <span class="member-email">{email.to_string()}</span>
                    </div>
                </div>
            </Cell>
            <Cell label="Role"><RoleBadge role/></Cell>
            <Cell label="Status"><StatusBadge status/></Cell>
            <Cell label="Console"><AccessBadge can_sign_in/></Cell>
            <Cell label="Added"><RelativeTime at=created_at/></Cell>
            {is_admin.then(|| view! { <ActionsCell><UserMenu user shown actions/></ActionsCell> })}
        </tr>
    }
}

#[component]
fn UserMenu(user: User, shown: UsersPath, actions: Actions) -> impl IntoView {
    let User { user_id, user_name, status, can_sign_in, .. } = user;
    let link = |dialog: UserDialog| shown.with(OpenDialog::With(dialog, user_id.clone())).to_path();
    let (edit, invite, suspend, remove) = (
        link(UserDialog::Edit),
        link(UserDialog::Invite),
        link(UserDialog::Suspend),
        link(UserDialog::Remove),
    );
    let is_me = use_me().with(|me| me.user_id == user_id);
    let (menu, back, user_id) = (format!("menu-{user_id}"), shown.to_path(), user_id.to_string());
    // The action is offered whether or not failed attempts have closed the account. Showing which accounts are closed
    // could reveal who is under attack. Offering the action for other accounts does no harm.
    let (whom, back_to) = (user_id.clone(), back.clone());
    let allow = (can_sign_in && !is_me).then(|| {
        view! {
            <PostForm action=actions.allow read=read_allow_sign_in>
                <input type="hidden" name="user_id" value=whom/>
                <input type="hidden" name="back" value=back_to/>
                <MenuItem submit=true icon=Glyph::ShieldCheck>"Allow sign-in again"</MenuItem>
            </PostForm>
        }
    });
    let activity = if status == UserStatus::Active {
        view! { <MenuLink href=suspend icon=Glyph::CirclePause>"Suspend…"</MenuLink> }.into_any()
    } else {
        view! {
            <PostForm action=actions.update read=read_update>
                <input type="hidden" name="user_id" value=user_id/>
                <input type="hidden" name="status" value=UserStatus::Active.as_str()/>
                <input type="hidden" name="back" value=back/>
                <MenuItem submit=true icon=Glyph::CircleCheck>"Activate"</MenuItem>
            </PostForm>
        }
        .into_any()
    };
    let invitation = (!can_sign_in).then(|| {
        view! { <MenuLink href=invite icon=Glyph::Mail>"Invitation link…"</MenuLink> }
    });
    view! {
        <RowMenu id=menu label=format!("Actions for {user_name}")>
            <MenuLink href=edit icon=Glyph::Pencil>"Name and role…"</MenuLink>
            {invitation}
            {allow}
            {activity}
            <MenuLine/>
            <MenuLink href=remove icon=Glyph::Trash>"Remove…"</MenuLink>
        </RowMenu>
    }
}
