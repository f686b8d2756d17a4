//! Lists keys: those of one member, and pages of the organization's keys.

use model::audit::AuditAction;
use model::key::{Key, KeyOwner, KeyPage, KeyQuery};

use crate::actor::{Caller, Owner};
use crate::audit::AuditTarget;
use crate::error::Result;
use crate::policy::{self, Action, PolicyTarget, Visibility};
use crate::state::Service;

impl Service {
    /// Returns a member's keys, newest first. Ended keys are included only if `include_ended` is set.
    pub async fn list_keys_of_user(
        &self,
        caller: &Caller,
        owner: &Owner,
        include_ended: bool,
    ) -> Result<Vec<Key>> {
        policy::permit(caller, Action::ListKeys)?;
        let mut db = self.store.read().await?;
        // A key that is scoped to keys and not to members may ask for the list, but sees only those keys in it.
        let by_key = self.load_owner(&mut db, caller, Action::ListKeys, owner, Some("*")).await;
        let user = match by_key {
            Ok(user) => user,
            Err(refusal) if policy::lists_by_key(caller) => {
                self.find_user(&mut db, caller, owner).await?.ok_or(refusal)?
            }
            Err(refusal) => return Err(refusal),
        };
        let active_at = (!include_ended).then(|| self.clock.now());
        let mut keys = store::keys::list_of_user(&mut db, &user.user_id, active_at).await?;
        drop(db);
        if policy::visibility(caller) == Visibility::Scoped {
            keys.retain(|key| {
                let target = PolicyTarget {
                    owner: Some(&user),
                    key: Some(key),
                    key_name: Some(key.fields.name.as_str()),
                };
                policy::check_scopes(caller, Action::ListKeys, owner, target).is_ok()
            });
        }
        self.record_read(caller, AuditAction::ApiKeyAccessed, AuditTarget::User(&user.user_id)).await?;
        Ok(keys)
    }

    /// Returns one page of the organization's keys. Users who are not admins see their own keys. A key that is scoped
    /// to some members must ask for the keys of one of them.
    pub async fn page_keys(&self, caller: &Caller, query: &KeyQuery) -> Result<KeyPage> {
        let page = self.find_keys(caller, query).await?;
        let target = AuditTarget::Organization(caller.organization());
        self.record_read(caller, AuditAction::ApiKeyAccessed, target).await?;
        Ok(page)
    }

    /// Like [`Self::page_keys`], but the read is not audited, for pages that poll.
    pub(crate) async fn find_keys(&self, caller: &Caller, query: &KeyQuery) -> Result<KeyPage> {
        policy::permit(caller, Action::ReadKeys)?;
        let mut query = query.clone();
        let is_own = policy::visibility(caller) == Visibility::Own;
        match policy::visibility(caller) {
            Visibility::All => {}
            Visibility::Own => query.filter.owner = caller.user_id().cloned().map(KeyOwner::User),
            Visibility::Scoped => self.check_list(caller, query.filter.owner.as_ref()).await?,
        }
        self.record_expired().await?;
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let mut page = store::keys::page(&mut db, caller.organization(), &query, now).await?;
        // The caller may not learn how many keys others have.
        if let (true, Some(user_id)) = (is_own, caller.user_id()) {
            page.totals = store::keys::totals_of_user(&mut db, user_id, now).await?;
        }
        Ok(page)
    }

    /// Checks that the scopes of a key cover the whole list, or at least the keys of `owner`.
    async fn check_list(&self, caller: &Caller, owner: Option<&KeyOwner>) -> Result<()> {
        let whole = policy::check_organization(caller, Action::ReadKeys);
        let Some(owner) = owner.filter(|_| whole.is_err()) else { return whole };
        // A scope may name the member by e-mail.
        let member = self.member_of(&mut self.store.read().await?, caller, owner).await?;
        let target = PolicyTarget { owner: member.as_ref(), ..PolicyTarget::default() };
        policy::check_scopes(caller, Action::ReadKeys, &owner.clone().into(), target)
    }
}
