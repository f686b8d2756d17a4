//! Compares the service with the model.

use std::collections::BTreeSet;

use model::id::KeyId;
use model::key::{KeyFilter, KeyQuery, KeyView, PlainKey};
use model::verify::{PresentedSecret, VerifyRequest};

use super::NAMES;
use super::expected::Lifecycle;

impl Lifecycle<'_> {
    /// Verifies every secret that has ever existed, and looks up every key.
    pub(super) async fn present_all(&self) {
        let now = self.bed.clock.now();
        for key in self.keys.iter().flatten() {
            let works = key.is_active(now) && !key.is_disabled;
            assert_eq!(self.accepts(&key.secret).await, works, "the current secret");
            for (secret, end) in &key.grace_periods {
                assert_eq!(self.accepts(secret).await, works && now < *end, "a secret in grace");
            }
        }
        for secret in &self.dead {
            assert!(!self.accepts(secret).await, "a dead secret");
        }
        assert!(self.bed.accepts(&self.elsewhere.secret).await, "a key in another organization");
        self.compare_lists().await;
    }

    /// Whether a secret is accepted. The database and the key cache of this process must agree.
    async fn accepts(&self, secret: &PlainKey) -> bool {
        self.bed.mark_cache_valid();
        let verify_request = VerifyRequest {
            secret: PresentedSecret::Borrowed(secret.reveal()),
            cost: 0,
            ..VerifyRequest::default()
        };
        let verdict = self.bed.service.verdict(&self.org.organization_id, &verify_request).await.unwrap();
        let is_accepted = self.bed.accepts(secret).await;
        assert_eq!(verdict.is_valid(), is_accepted, "memory and database");
        is_accepted
    }

    /// Like [`Self::present_all`], but verifies at the other process after it has read the changes.
    pub(super) async fn present_to_node(&self) {
        let (now, organization) = (self.bed.clock.now(), &self.org.organization_id);
        for key in self.keys.iter().flatten() {
            let works = key.is_active(now) && !key.is_disabled;
            assert_eq!(
                self.node.accepts(organization, &key.secret).await,
                works,
                "elsewhere, the current secret"
            );
            for (secret, end) in &key.grace_periods {
                let works = works && now < *end;
                assert_eq!(
                    self.node.accepts(organization, secret).await,
                    works,
                    "elsewhere, a secret in grace"
                );
            }
        }
        for secret in &self.dead {
            assert!(!self.node.accepts(organization, secret).await, "elsewhere, a dead secret");
        }
    }

    fn active_ids(&self) -> BTreeSet<&KeyId> {
        let now = self.bed.clock.now();
        self.keys.iter().flatten().filter(|key| key.is_active(now)).map(|key| &key.id).collect()
    }

    /// The list, the quota and the lookup by name must show the active keys, even before the sweep.
    async fn compare_lists(&self) {
        let (service, caller) = (&self.bed.service, &self.org.caller);
        let active = self.active_ids();
        let listed = self.bed.list_keys_of_user(caller, &self.owner(), false).await.unwrap();
        assert_eq!(listed.iter().map(|key| &key.key_id).collect::<BTreeSet<_>>(), active, "the list");
        let now = self.bed.clock.now();
        let mut db = self.bed.database.store.read().await.unwrap();
        let live = store::keys::count_live(&mut db, &self.org.organization_id, now).await.unwrap();
        let ended = store::keys::count_ended(&mut db, &self.org.organization_id).await.unwrap();
        drop(db);
        assert_eq!(live - ended, active.len() as u64 + 1, "the quota, with admin-key");
        for name in 0..NAMES {
            let found = service.get_key(caller, &self.key_ref(name)).await.ok().map(|found| found.key.key_id);
            let expected = self.keys[name].as_ref().filter(|key| key.is_active(now)).map(|key| &key.id);
            assert_eq!(found.as_ref(), expected, "by its name");
        }
    }

    /// The pages of the list must show the active keys, too. They do a sweep of their own.
    pub(super) async fn compare_pages(&self) {
        let active = self.active_ids();
        let owner = Some(self.owner.user_id.clone().into());
        let filter = KeyFilter { owner, view: KeyView::Active, ..KeyFilter::default() };
        let query = KeyQuery { filter, ..KeyQuery::default() };
        let page = self.bed.service.page_keys(&self.org.caller, &query).await.unwrap();
        assert_eq!(page.rows.iter().map(|row| &row.key.key_id).collect::<BTreeSet<_>>(), active, "the page");
        assert_eq!(page.totals.active.number, active.len() as u64 + 1, "the total, with admin-key");
    }
}
