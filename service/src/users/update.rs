//! Changes members.

use model::audit::AuditAction;
use model::user::{Role, User, UserPatch, UserStatus};
use serde_json::json;
use store::Tx;

use crate::actor::{Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::error::{Error, Result};
use crate::policy::{self, Action};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

const LAST_ADMIN: &str = "This is the organization's last active admin. Make someone else an admin first.";

impl Service {
    /// Changes a member. Fields that are absent from the patch stay as they are. Suspending a member ends all their
    /// keys and sessions (see `service/src/owner_revocations/`).
    pub async fn update_user(&self, caller: &Caller, user: &Owner, patch: UserPatch) -> Result<User> {
        retry!(self.try_update_user(caller, user, patch.clone()).await)
    }

    async fn try_update_user(&self, caller: &Caller, user: &Owner, patch: UserPatch) -> Result<User> {
        let (mut tx, caller) =
            self.begin_for(caller, |caller| policy::permit(caller, Action::ChangeUsers)).await?;
        let caller = &caller;
        store::organizations::lock(&mut tx, caller.organization()).await?;
        let before = self.load_user(&mut tx, caller, Action::ChangeUsers, user).await?;
        let after = self.change_user(&mut tx, caller, &before, patch).await?;
        tx.commit().await?;
        if has_ended(&before, &after) {
            self.owner_revoked.notify_one();
        }
        Ok(after)
    }

    /// Writes a change of a member, what follows from it, and its audit record. The caller must have locked the
    /// organization.
    pub(super) async fn change_user(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        before: &User,
        patch: UserPatch,
    ) -> Result<User> {
        let UserPatch { user_name, avatar_url, role, status, metadata } = patch;
        let mut after = before.clone();
        after.user_name = user_name.unwrap_or(after.user_name);
        after.avatar_url = avatar_url.apply(after.avatar_url);
        after.role = role.unwrap_or(after.role);
        after.status = status.unwrap_or(after.status);
        after.metadata = metadata.unwrap_or(after.metadata);
        let changes = changes(before, &after);
        if changes.is_empty() {
            return Ok(after);
        }
        // The role counts even without the status: a suspended user who gets it is an admin once they are active again.
        let is_made_admin = after.role == Role::Admin && before.role != Role::Admin;
        if is_made_admin || (is_active_admin(&after) && !is_active_admin(before)) {
            policy::may_make_admin(caller)?;
        }
        after.updated_at = self.clock.now();
        store::users::update(tx, &after).await?;
        self.require_an_admin(tx, before, Some(&after)).await?;
        let action =
            if changes.has("role") { AuditAction::PermissionUpdated } else { AuditAction::UserUpdated };
        let target = AuditTarget::User(&after.user_id);
        let event = self.record_event(tx, caller, action, target, changes).await?;
        if is_active_admin(before) && !is_active_admin(&after) {
            store::one_time_tokens::delete_made_by(tx, &after.organization_id, &after.user_id).await?;
        }
        if has_ended(before, &after) {
            let owner = after.user_id.clone().into();
            self.revoke_keys_of(tx, caller, &owner, &event, "The owner was suspended.").await?;
            store::sessions::delete_of_user(tx, &after.user_id).await?;
            store::one_time_tokens::delete_of_user(tx, &after.user_id).await?;
        }
        Ok(after)
    }

    /// Refuses a change that would leave an organization without an active admin. The caller must have locked the
    /// organization, so that two admins cannot remove each other at the same time.
    pub(crate) async fn require_an_admin(
        &self,
        tx: &mut Tx,
        before: &User,
        after: Option<&User>,
    ) -> Result<()> {
        let one_less = is_active_admin(before) && !after.is_some_and(is_active_admin);
        if one_less && store::users::count_admins(tx, &before.organization_id).await? == 0 {
            return Err(Error::Forbidden(LAST_ADMIN));
        }
        Ok(())
    }
}

fn changes(before: &User, after: &User) -> Changes {
    Changes::default()
        .field("user_name", before.user_name.as_str(), after.user_name.as_str())
        .field("avatar_url", json!(before.avatar_url), json!(after.avatar_url))
        .field("role", before.role.as_str(), after.role.as_str())
        .field("status", before.status.as_str(), after.status.as_str())
        .field("metadata", json!(before.metadata), json!(after.metadata))
}

fn has_ended(before: &User, after: &User) -> bool {
    before.status == UserStatus::Active && after.status != UserStatus::Active
}

fn is_active_admin(user: &User) -> bool {
    user.role == Role::Admin && user.status == UserStatus::Active
}
