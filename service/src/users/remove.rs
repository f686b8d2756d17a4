//! Removes members.

use model::audit::AuditAction;

use crate::actor::{Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::policy::{self, Action};
use crate::state::{Service, retry};

impl Service {
    /// Removes a member and ends all their keys and sessions (see `service/src/owner_revocations/`). Their rows stay. A
    /// provisional account ends with its last membership. If it ended only when the next account of its address is
    /// created, its owner would notice that other account.
    pub async fn remove_user(&self, caller: &Caller, user: &Owner) -> Result<()> {
        retry!(self.try_remove_user(caller, user).await)
    }

    async fn try_remove_user(&self, caller: &Caller, user: &Owner) -> Result<()> {
        let (mut tx, caller) =
            self.begin_for(caller, |caller| policy::permit(caller, Action::ChangeUsers)).await?;
        let caller = &caller;
        store::organizations::lock(&mut tx, caller.organization()).await?;
        let user = self.load_user(&mut tx, caller, Action::ChangeUsers, user).await?;
        store::accounts::lock_email(&mut tx, &user.email.folded()).await?;
        store::sessions::delete_of_user(&mut tx, &user.user_id).await?;
        store::one_time_tokens::delete_of_user(&mut tx, &user.user_id).await?;
        // Nobody joins by a link of somebody who was removed.
        store::one_time_tokens::delete_made_by(&mut tx, &user.organization_id, &user.user_id).await?;
        store::users::remove(&mut tx, &user.user_id, self.clock.now()).await?;
        store::accounts::delete_orphans(&mut tx, user.email.as_str()).await?;
        self.require_an_admin(&mut tx, &user, None).await?;
        let changes = Changes::default().field("email", user.email.as_str(), serde_json::Value::Null);
        let (action, target) = (AuditAction::UserDeleted, AuditTarget::User(&user.user_id));
        let event = self.record_event(&mut tx, caller, action, target, changes).await?;
        let owner = user.user_id.clone().into();
        self.revoke_keys_of(&mut tx, caller, &owner, &event, "The owner was removed.").await?;
        tx.commit().await?;
        self.owner_revoked.notify_one();
        Ok(())
    }
}
