//! Creates members.

use model::audit::AuditAction;
use model::id::{AccountId, UserId};
use model::user::{NewUser, Role, User, UserStatus};
use store::Tx;

use crate::actor::{Caller, Owner};
use crate::audit::{AuditTarget, Changes};
use crate::error::Result;
use crate::policy::{self, Action, PolicyTarget};
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

impl Service {
    /// Creates a member. They can own keys at once, and sign in after an invitation.
    pub async fn add_user(&self, caller: &Caller, new: NewUser) -> Result<User> {
        retry!(self.try_add_user(caller, new.clone()).await)
    }

    async fn try_add_user(&self, caller: &Caller, new: NewUser) -> Result<User> {
        let asked = Owner::Email(new.email.to_string());
        let may = |caller: &Caller| {
            policy::permit(caller, Action::ChangeUsers)?;
            policy::check_scopes(caller, Action::ChangeUsers, &asked, PolicyTarget::default())?;
            if new.role == Role::Admin { policy::may_make_admin(caller) } else { Ok(()) }
        };
        let (mut tx, caller) = self.begin_for(caller, may).await?;
        let user = self.insert_user(&mut tx, &caller, new, None).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Writes a new member and its audit record.
    pub(crate) async fn insert_user(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        new: NewUser,
        account: Option<&AccountId>,
    ) -> Result<User> {
        let now = self.clock.now();
        let NewUser { email, user_name, avatar_url, role, metadata } = new;
        let user = User {
            user_id: UserId::from_random(&self.entropy.id()?),
            organization_id: caller.organization().clone(),
            email,
            user_name,
            avatar_url,
            role,
            status: UserStatus::Active,
            metadata,
            can_sign_in: account.is_some(),
            created_at: now,
            updated_at: now,
        };
        store::users::insert(tx, &user, account).await?;
        let changes = Changes::default()
            .added("email", user.email.as_str())
            .added("user_name", user.user_name.as_str())
            .added("role", user.role.as_str());
        self.record(tx, caller, AuditAction::UserCreated, AuditTarget::User(&user.user_id), changes).await?;
        Ok(user)
    }
}
