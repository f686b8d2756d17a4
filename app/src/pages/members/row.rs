//! One member of the list.

use leptos::prelude::*;
use model::user::{User, UserStatus};

use super::{
    address::{Address, Deed, Task},
    page::{Actions, allowance, change},
};
use crate::{
    components::{
        people::{AccessBadge, RoleBadge, StatusBadge},
        post_form::PostForm,
    },
    state::me::use_me,
    ui::{ActionsCell, Avatar, Cell, Glyph, MenuItem, MenuLine, MenuLink, RelativeTime, RowMenu},
};

/// A row; for admins with a menu.
#[component]
pub(super) fn MemberRow(user: User, shown: Address, is_admin: bool, actions: Actions) -> impl IntoView {
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
            {is_admin.then(|| view! { <ActionsCell><MemberMenu user shown actions/></ActionsCell> })}
        </tr>
    }
}

#[component]
fn MemberMenu(user: User, shown: Address, actions: Actions) -> impl IntoView {
    let User { user_id, user_name, status, can_sign_in, .. } = user;
    let link = |deed: Deed| shown.with(Task::With(deed, user_id.clone())).to_url();
    let (edit, invite, suspend, remove) =
        (link(Deed::Edit), link(Deed::Invite), link(Deed::Suspend), link(Deed::Remove));
    let is_me = use_me().with(|me| me.user_id == user_id);
    let (menu, back, user_id) = (format!("menu-{user_id}"), shown.to_url(), user_id.to_string());
    // Whether too many attempts have failed is not shown: it may be a sign of who is attacked, and allowing does no harm.
    let (whom, back_to) = (user_id.clone(), back.clone());
    let allow = (can_sign_in && !is_me).then(|| {
        view! {
            <PostForm action=actions.allow read=allowance>
                <input type="hidden" name="user_id" value=whom/>
                <input type="hidden" name="back" value=back_to/>
                <MenuItem submit=true icon=Glyph::ShieldCheck>"Allow sign-in again"</MenuItem>
            </PostForm>
        }
    });
    let activity = if status == UserStatus::Active {
        view! { <MenuLink href=suspend icon=Glyph::CirclePause>"Suspend …"</MenuLink> }.into_any()
    } else {
        view! {
            <PostForm action=actions.update read=change>
                <input type="hidden" name="user_id" value=user_id/>
                <input type="hidden" name="status" value=UserStatus::Active.as_str()/>
                <input type="hidden" name="back" value=back/>
                <MenuItem submit=true icon=Glyph::CircleCheck>"Activate"</MenuItem>
            </PostForm>
        }
        .into_any()
    };
    let invitation = (!can_sign_in).then(|| {
        view! { <MenuLink href=invite icon=Glyph::Mail>"Invitation link …"</MenuLink> }
    });
    view! {
        <RowMenu id=menu label=format!("Actions for {user_name}")>
            <MenuLink href=edit icon=Glyph::Pencil>"Name and role …"</MenuLink>
            {invitation}
            {allow}
            {activity}
            <MenuLine/>
            <MenuLink href=remove icon=Glyph::Trash>"Remove …"</MenuLink>
        </RowMenu>
    }
}
