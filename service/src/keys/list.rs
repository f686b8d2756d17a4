//! Lists keys: those of one member, and pages of the organization's keys.

use model::Timestamp;
use model::audit::AuditAction;
use model::id::UserId;
use model::key::{Key, KeyCursor, KeyOwner, KeyPage, KeyQuery, SortColumn, UserKeyPage, UserKeyQuery};
use model::metadata::MetadataFilter;
use model::page::{PAGE_SIZE_MAX, PageSize};
use store::Connection;

use crate::actor::{Caller, Owner};
use crate::audit::AuditTarget;
use crate::error::{Error, Result};
use crate::policy::{self, Action, PolicyTarget, Visibility};
use crate::state::Service;

/// Minimum number of keys that are read at once for a scoped key.
const SCOPED_STEP: u32 = 100;
/// Maximum number of keys that are read for one part of a list. A scoped key may see none of a million keys, and must
/// not hold a connection to the database while all of them are read.
const ROWS_PER_PART_MAX: u32 = PAGE_SIZE_MAX;

impl Service {
    /// Returns a part of a member's keys, newest first. For a scoped key, the part may be shorter than `query.size`, or
    /// empty, although the list continues.
    pub async fn list_keys_of_user(
        &self,
        caller: &Caller,
        owner: &Owner,
        query: &UserKeyQuery,
    ) -> Result<UserKeyPage> {
        let page = self.find_keys_of_user(caller, owner, query).await?;
        self.record_read(caller, AuditAction::ApiKeyAccessed, AuditTarget::User(&page.user_id)).await?;
        Ok(page)
    }

    /// Returns the next part for a response that is already being sent. The read was recorded with the first part. The
    /// caller's key is checked again, because it may have ended while the client was reading.
    pub async fn continue_keys_of_user(
        &self,
        caller: &Caller,
        user_id: &UserId,
        query: &UserKeyQuery,
    ) -> Result<UserKeyPage> {
        let caller = self.current_reader(caller).await?;
        self.find_keys_of_user(&caller, &Owner::Id(user_id.clone()), query).await
    }

    async fn find_keys_of_user(
        &self,
        caller: &Caller,
        owner: &Owner,
        query: &UserKeyQuery,
    ) -> Result<UserKeyPage> {
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
        let is_scoped = policy::visibility(caller) == Visibility::Scoped;
        let is_visible = |key: &Key| {
            let key_name = Some(key.fields.name.as_str());
            let target = PolicyTarget { owner: Some(&user), key: Some(key), key_name };
            !is_scoped || policy::check_scopes(caller, Action::ListKeys, owner, target).is_ok()
        };
        let active_at = (!query.include_ended).then(|| self.clock.now());
        let UserKeyQuery { after, size, .. } = query;
        // A scoped key may see few of the keys, so more are read at once.
        let step = if is_scoped { PageSize::new(size.get().max(SCOPED_STEP)) } else { *size };
        let mut list = VisibleKeys { user: &user.user_id, active_at, step, after: after.clone() };
        let (keys, next) = list.take(&mut db, *size, is_visible).await?;
        Ok(UserKeyPage { user_id: user.user_id, keys, next })
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
        let checked = MetadataFilter::check_number(query.filter.metadata.len());
        checked.map_err(|error| Error::field("metadata", error.rule, &error.message))?;
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

/// The list of a user's keys, as far as it has been read.
struct VisibleKeys<'u> {
    user: &'u UserId,
    active_at: Option<Timestamp>,
    /// How many keys are read at once.
    step: PageSize,
    after: Option<KeyCursor>,
}

impl VisibleKeys<'_> {
    /// Reads keys until it has found `size` visible ones, has read [`ROWS_PER_PART_MAX`], or none are left. Also
    /// returns where the list continues.
    async fn take(
        &mut self,
        db: &mut impl Connection,
        size: PageSize,
        is_visible: impl Fn(&Key) -> bool,
    ) -> Result<(Vec<Key>, Option<KeyCursor>)> {
        let length = |size: PageSize| usize::try_from(size.get()).unwrap_or(usize::MAX);
        let cursor = |key: &Key| KeyCursor::of(key, SortColumn::Created);
        let mut keys = Vec::new();
        let mut rows_left = ROWS_PER_PART_MAX;
        loop {
            // One more key than needed is read, to know whether there are more.
            let limit = self.step.get().saturating_add(1);
            let after = self.after.as_ref();
            let mut read = store::keys::list_of_user(db, self.user, self.active_at, after, limit).await?;
            let has_more = read.len() > length(self.step);
            self.after = read.last().map(cursor);
            read.retain(&is_visible);
            keys.append(&mut read);
            if keys.len() > length(size) {
                keys.truncate(length(size));
                let next = keys.last().map(cursor);
                return Ok((keys, next));
            }
            if !has_more {
                return Ok((keys, None));
            }
            rows_left = rows_left.saturating_sub(self.step.get());
            if rows_left == 0 {
                return Ok((keys, self.after.take()));
            }
        }
    }
}
