//! Lists of keys: one member's, and pages of the organization's.

use model::audit::AuditAction;
use model::key::{Key, KeyOwner, KeyPage, KeyQuery};

use crate::actor::{Caller, Owner};
use crate::audit::Subject;
use crate::error::Result;
use crate::policy::{self, Action, Reach, Target};
use crate::state::Service;

impl Service {
    /// A member's keys, newest first: active ones, and ended ones if asked for.
    pub async fn list_keys_of_user(
        &self,
        caller: &Caller,
        owner: &Owner,
        include_ended: bool,
    ) -> Result<Vec<Key>> {
        policy::permit(caller, Action::ListKeys)?;
        let mut db = self.store.read().await?;
        // A key that is scoped to keys, not to members, reaches the list but sees only those keys in it.
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
        if policy::reach(caller) == Reach::Scoped {
            keys.retain(|key| {
                let target = Target { owner: Some(&user), key: Some(key), key_name: Some(key.name.as_str()) };
                policy::check_scopes(caller, Action::ListKeys, owner, target).is_ok()
            });
        }
        self.record_read(caller, AuditAction::ApiKeyAccessed, Subject::User(&user.user_id)).await?;
        Ok(keys)
    }

    /// One page of the organization's keys. Whoever is no admin sees their own; a key that is held to some members asks
    /// for those of one of them.
    pub async fn page_keys(&self, caller: &Caller, query: &KeyQuery) -> Result<KeyPage> {
        let page = self.find_keys(caller, query).await?;
        let subject = Subject::Organization(caller.organization());
        self.record_read(caller, AuditAction::ApiKeyAccessed, subject).await?;
        Ok(page)
    }

    /// The same without a record of the look, for what looks again and again by itself.
    pub(crate) async fn find_keys(&self, caller: &Caller, query: &KeyQuery) -> Result<KeyPage> {
        policy::permit(caller, Action::ReadKeys)?;
        let mut query = query.clone();
        let is_own = policy::reach(caller) == Reach::Own;
        match policy::reach(caller) {
            Reach::All => {}
            Reach::Own => query.filter.owner = caller.user_id().cloned().map(KeyOwner::User),
            Reach::Scoped => self.check_list(caller, query.filter.owner.as_ref()).await?,
        }
        self.note_expired().await?;
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let mut page = store::keys::page(&mut db, caller.organization(), &query, now).await?;
        // How many keys others have is not theirs to know.
        if let (true, Some(user_id)) = (is_own, caller.user_id()) {
            page.totals = store::keys::totals_of_user(&mut db, user_id, now).await?;
        }
        Ok(page)
    }

    /// Whether the scopes of a key reach the whole list, or at least the one owner's keys in it.
    async fn check_list(&self, caller: &Caller, owner: Option<&KeyOwner>) -> Result<()> {
        let whole = policy::check_organization(caller, Action::ReadKeys);
        let Some(owner) = owner.filter(|_| whole.is_err()) else { return whole };
        // A scope may name the member by e-mail.
        let member = self.member_of(&mut self.store.read().await?, caller, owner).await?;
        let target = Target { owner: member.as_ref(), ..Target::default() };
        policy::check_scopes(caller, Action::ReadKeys, &owner.clone().into(), target)
    }
}
