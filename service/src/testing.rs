//! A service for tests, on an empty database of its own, with predictable ids and a clock that tests control.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test bed that cannot be built fails its test"
)]

use std::path::Path;
use std::sync::Arc;

use model::Timestamp;
use model::audit::{AuditEvent, AuditFilter};
use model::email::Email;
use model::gateway::{Gateway, GatewayDraft};
use model::id::{AccountId, KeyId, OrganizationId, SessionId};
use model::key::{
    Access, CreatedKey, Key, KeyDraft, KeyFilter, KeyName, KeyQuery, KeyView, PlainKey, UserKeyQuery,
};
use model::page::{PAGE_SIZE_MAX, PageSize};
use model::password::Password;
use model::service_account::{ServiceAccount, ServiceAccountDraft, ServiceAccountFilter};
use model::session::{NewSetup, SetupDraft};
use model::usage::{Coverage, day_of};
use model::user::{Role, User, UserDraft};
use store::accounts::Account;
pub use store::newest_migration;
use store::sessions::Session;
use store::testing::TestDatabase;
pub use store::testing::{Cluster, Outage, empty_postgres, empty_sqlite};
use tokio::sync::Mutex;

use crate::crypto::sha256;
use crate::invalidation_feed::Feed;
use crate::sign_in_throttle::FAILURES_MAX;
use crate::{
    Actor, BackupFile, Bootstrapped, Caller, Clock, Entropy, Member, Owner, Progress, RequestContext, Result,
    SameName, Service, Settings, SignedIn, TestClock,
};

/// The password of all people who can sign in to a test bed.
pub const PASSWORD: &str = "correct horse battery";

/// A service for a test, with its clock and database.
pub struct TestBed {
    pub service: Service,
    pub clock: TestClock,
    /// The database, which is deleted when this is dropped.
    pub database: TestDatabase,
    /// How far the service has read the invalidations.
    pub(crate) feed: Mutex<Feed>,
}

pub struct Org {
    pub organization_id: OrganizationId,
    pub admin: User,
    /// The secret of the admin's `admin-key`.
    pub admin_key: PlainKey,
    /// The admin, signed in to the console.
    pub caller: Caller,
}

impl TestBed {
    pub async fn sqlite() -> Self {
        Self::on(store::testing::sqlite().await)
    }

    /// On SQLite in memory.
    pub async fn memory() -> Self {
        Self::on(store::testing::memory().await)
    }

    pub async fn postgres() -> Self {
        Self::on(store::testing::postgres().await)
    }

    pub async fn sqlite_with(settings: Settings) -> Self {
        Self::with_settings(store::testing::sqlite().await, settings)
    }

    pub async fn postgres_with(settings: Settings) -> Self {
        Self::with_settings(store::testing::postgres().await, settings)
    }

    fn on(database: TestDatabase) -> Self {
        Self::with_settings(database, Settings::default())
    }

    pub fn with_settings(database: TestDatabase, settings: Settings) -> Self {
        let clock = TestClock::at(Timestamp::from_seconds(1_795_305_600));
        let service =
            Service::new(database.store.clone(), Clock::from(clock.clone()), Entropy::seeded(1), settings);
        Self { service, clock, database, feed: Mutex::default() }
    }

    /// A service on an empty database that is filled from a backup and keeps the schema of the backup.
    pub async fn restored_as_it_was(database: TestDatabase, backup: &Path) -> Self {
        let bed = Self::on(database);
        let backup = Arc::new(BackupFile::open(backup, None).await.expect("a backup"));
        bed.service.restore_as_it_was(backup, Progress::default()).await.expect("restoring a backup");
        bed
    }

    /// Creates an organization. Its admin has the e-mail `admin@<name in lower case>.example`.
    pub async fn organization(&self, name: &str) -> Org {
        let setup = setup(name);
        let made = self.service.bootstrap(setup, SameName::Allow).await.expect("an organization");
        let Bootstrapped { organization_id, admin_key, user_id, .. } = made;
        let authenticated =
            self.service.authenticate_key(admin_key.reveal(), RequestContext::default()).await;
        let by_key = authenticated.expect("the admin key works").caller;
        let admin = self.service.get_user(&by_key, &Owner::Id(user_id)).await.expect("the admin");
        Org { organization_id, caller: self.signed_in(&admin).await, admin, admin_key }
    }

    /// Creates a member, and signs them in to the console.
    pub async fn member(&self, org: &Org, email: &str, role: Role) -> (User, Caller) {
        let draft = UserDraft {
            email: Some(email.to_owned()),
            user_name: Some("Somebody".to_owned()),
            role: Some(role.as_str().to_owned()),
            ..UserDraft::default()
        };
        let new = draft.check().expect("a good draft");
        let user = self.service.add_user(&org.caller, new).await.expect("a member");
        let caller = self.signed_in(&user).await;
        (user, caller)
    }

    /// Signs a member in to the console, in a session that does not end by itself. The session's account is not linked
    /// to the member, so the member can still be invited.
    pub async fn signed_in(&self, user: &User) -> Caller {
        let suffix = user.user_id.as_str().trim_start_matches("usr_");
        let (account_id, session_id) = (AccountId::from_random(suffix), SessionId::from_random(suffix));
        let (now, never) = (self.clock.now(), Timestamp::from_seconds(253_402_300_799));
        let account = Account {
            account_id: account_id.clone(),
            email: Email::parse(&format!("{suffix}@sessions.example")).expect("an address"),
            password_hash: String::new(),
            is_proven: false,
            created_at: now,
        };
        let session = Session {
            session_id: session_id.clone(),
            account_id: account_id.clone(),
            user_id: user.user_id.clone(),
            created_at: now,
            last_seen_at: never,
            ends_at: never,
            address: None,
            agent: None,
        };
        let mut tx = self.database.store.begin().await.expect("a transaction");
        store::accounts::insert(&mut tx, &account).await.expect("an account");
        let token = sha256(session_id.as_str());
        store::sessions::insert(&mut tx, &session, &token).await.expect("a session");
        tx.commit().await.expect("a commit");
        let member = Member {
            account_id,
            session_id,
            user_id: user.user_id.clone(),
            email: user.email.clone(),
            role: user.role,
            organization_id: user.organization_id.clone(),
        };
        Caller { actor: Actor::Member(member), context: RequestContext::default() }
    }

    /// Creates a key for a member, on behalf of the organization's admin, from a draft that `change` edits.
    pub async fn key(&self, org: &Org, owner: &User, change: impl FnOnce(&mut KeyDraft)) -> CreatedKey {
        let mut draft = KeyDraft { name: Some("ci".to_owned()), ..KeyDraft::default() };
        change(&mut draft);
        let new = draft.check(self.clock.now()).expect("a good draft");
        let owner = Owner::Id(owner.user_id.clone());
        self.service.create_key(&org.caller, &owner, new).await.expect("a key")
    }

    /// Creates a service account with these permissions, on behalf of the organization's admin.
    pub async fn service_account(&self, org: &Org, name: &str, words: &[&str]) -> ServiceAccount {
        let draft = ServiceAccountDraft {
            name: Some(name.to_owned()),
            permissions: Some(words.iter().map(|&word| word.to_owned()).collect()),
            ..ServiceAccountDraft::default()
        };
        let new = draft.check().expect("a good draft");
        self.service.create_service_account(&org.caller, new).await.expect("a service account")
    }

    /// Creates a key for a service account, on behalf of the organization's admin.
    pub async fn service_account_key(
        &self,
        org: &Org,
        service_account: &ServiceAccount,
        name: &str,
        access: Access,
    ) -> CreatedKey {
        let words = access.permissions().words().into_iter().map(str::to_owned).collect();
        let draft = KeyDraft { name: Some(name.to_owned()), permissions: Some(words), ..KeyDraft::default() };
        let new = draft.check(self.clock.now()).expect("a good draft");
        let owner = Owner::ServiceAccount(service_account.service_account_id.clone());
        self.service.create_key(&org.caller, &owner, new).await.expect("a key")
    }

    /// Adds copies of one of an owner's keys, each with a name of its own. Their secrets are unknown.
    pub async fn copies(&self, key: &Key, number: u32) {
        let copy = |n: u32| {
            Key {
                key_id: KeyId::from_random(&format!("{n:08}{}", key.key_hash.get(..16).unwrap_or_default())),
                key_hash: format!("{n:08x}{}", key.key_hash.get(8..).unwrap_or_default()),
                ..key.clone()
            }
            .with(|fields| fields.name = KeyName::parse(&format!("copy {n}")).expect("a good name"))
        };
        let keys: Vec<_> = (0..number).map(copy).collect();
        let mut tx = self.database.store.begin().await.expect("a transaction");
        store::keys::insert_many(&mut tx, &keys).await.expect("storing keys");
        tx.commit().await.expect("a commit");
    }

    /// All keys of the caller's organization, including ended ones, and all its service accounts, at most 1,000 each.
    pub async fn keys_and_service_accounts(&self, caller: &Caller) -> (Vec<Key>, Vec<ServiceAccount>) {
        let filter = KeyFilter { view: KeyView::All, ..KeyFilter::default() };
        let query = KeyQuery { filter, size: PageSize::new(PAGE_SIZE_MAX), ..KeyQuery::default() };
        let mut db = self.database.store.read().await.expect("a connection");
        let organization = caller.organization();
        let page = store::keys::page(&mut db, organization, &query, self.clock.now()).await;
        let service_accounts = ServiceAccountFilter::default();
        let service_accounts =
            store::service_accounts::list(&mut db, organization, &service_accounts, 0, PAGE_SIZE_MAX).await;
        let keys = page.expect("a list").rows.into_iter().map(|row| row.key).collect();
        (keys, service_accounts.expect("a list").accounts)
    }

    pub async fn gateways(&self, caller: &Caller) -> Vec<Gateway> {
        let mut db = self.database.store.read().await.expect("a connection");
        store::gateways::list(&mut db, caller.organization()).await.expect("a list")
    }

    /// Creates a gateway from a draft, on behalf of the organization's admin.
    pub async fn gateway(&self, org: &Org, draft: GatewayDraft) -> Gateway {
        let draft = GatewayDraft { name: draft.name.or(Some("api".to_owned())), ..draft };
        let new = draft.check().expect("a good draft");
        self.service.create_gateway(&org.caller, new).await.expect("a gateway")
    }

    /// Authenticates a secret.
    pub async fn caller_of(&self, secret: &PlainKey) -> Caller {
        self.service
            .authenticate_key(secret.reveal(), RequestContext::default())
            .await
            .expect("a working key")
            .caller
    }

    pub async fn accepts(&self, secret: &PlainKey) -> bool {
        self.service.authenticate_key(secret.reveal(), RequestContext::default()).await.is_ok()
    }

    /// Returns the organization with its `admin-key` as the caller. Unlike a session, the key stays valid when a test
    /// sets the clock back.
    pub async fn by_key(&self, org: Org) -> Org {
        let secret = org.admin_key.reveal();
        let shown = self.service.authenticate_key(secret, RequestContext::default()).await;
        Org { caller: shown.expect("the admin-key").caller, ..org }
    }

    pub fn is_sqlite(&self) -> bool {
        !matches!(self.database.target, store::Target::Postgres(_))
    }

    /// Loads all secrets and gateway ids into the caches and marks them as valid.
    pub async fn warm(&self) {
        self.read_invalidations().await;
        self.service.load_key_cache().await.expect("reading every secret");
        self.service.list_gateway_ids().await.expect("reading the ids of all gateways");
        self.mark_cache_valid();
    }

    /// Marks the key cache and the gateway cache as valid for the next 0.9 seconds.
    pub fn mark_cache_valid(&self) {
        self.service.mirrors.set_valid_until(Clock::from(self.clock.clone()).monotonic_millis() + 900);
    }

    /// Applies the changes of other processes since the last call, and marks the caches as valid.
    pub async fn read_invalidations(&self) {
        let mut feed = self.feed.lock().await;
        self.service.apply_invalidations(&mut feed).await.expect("the changes");
    }

    /// Creates another service on the same database, like that of another process.
    pub fn other_process(&self) -> Service {
        let store = self.database.store.without_listener();
        let clock = Clock::from(self.clock.clone());
        Service::new(store, clock, Entropy::seeded(2), Settings::default())
    }

    /// How many verifications of a key had each outcome today.
    pub async fn outcomes(&self, made: &CreatedKey) -> Vec<(&'static str, u64)> {
        let mut db = self.database.store.read().await.expect("a connection");
        let (none, day) =
            ((Timestamp::from_seconds(0), Timestamp::from_seconds(0)), day_of(self.clock.now()));
        let days = (day, day.plus_seconds(1));
        let cover = Coverage { first_hours: none, days, last_hours: none };
        let target = store::usage::UsageScope::Key(&made.key.key_id);
        let mut counts = store::usage::counts(&mut db, &[target], cover).await.expect("the counts");
        let counts = counts.remove(made.key.key_id.as_str()).unwrap_or_default();
        counts.iter().map(|(outcome, n)| (outcome.known().expect("an outcome").as_str(), n)).collect()
    }

    /// Does the work of the background task that revokes the keys of owners who have ended. Returns the number of
    /// batches.
    pub async fn finish_ends(&self) -> u32 {
        let mut batches = 0;
        while self.service.revoke_next_batch().await.expect("revoking keys of ended owners") {
            batches += 1;
        }
        batches
    }

    /// Does a part of the work of the background task: writes uses and counts, and deletes old counts.
    pub async fn flush(&self) {
        self.service.write_uses().await.expect("writing last uses");
        self.service.write_pending().await.expect("writing uses");
        self.service.write_usage().await.expect("writing counts");
        self.service.sweep_usage().await.expect("sweeping counts");
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> SignedIn {
        let password = Password::typed(password);
        self.service.sign_in(email, &password, &RequestContext::default()).await.expect("the right password")
    }

    /// Creates a member and accepts an invitation for them.
    pub async fn join(&self, org: &Org, email: &str, password: &str) -> SignedIn {
        let (user, _) = self.member(org, email, Role::Member).await;
        let (token, _) =
            self.service.create_invitation(&org.caller, &user.user_id).await.expect("an invitation");
        let password = Password::typed(password);
        let joined =
            self.service.accept_invitation(token.reveal(), &password, &RequestContext::default()).await;
        joined.expect("a session")
    }

    /// Counts failed sign-ins for an address, without hashing passwords.
    pub async fn fail_sign_ins(&self, email: &str, times: u32) {
        let mut db = self.database.store.read().await.expect("a connection");
        let accounts = store::accounts::find_by_email(&mut db, email).await.expect("accounts");
        let ids: Vec<_> = accounts.into_iter().map(|account| account.account_id).collect();
        for _ in 0..times {
            let mut tx = self.database.store.begin().await.expect("a transaction");
            store::accounts::count_attempt(&mut tx, &ids, FAILURES_MAX).await.expect("a count");
            tx.commit().await.expect("a commit");
        }
    }

    /// The names of the organizations that a session can switch to.
    pub async fn organizations_of(&self, session: &SignedIn) -> Vec<String> {
        let caller =
            self.service.authenticate_session(session.token.reveal(), RequestContext::default()).await;
        let me = self.service.me(&caller.expect("a session")).await.expect("a person");
        me.organizations.into_iter().map(|organization| organization.name).collect()
    }

    /// The audit records of the caller's organization, newest first.
    pub async fn audit(&self, caller: &Caller) -> Vec<AuditEvent> {
        let filter = AuditFilter::default();
        let mut db = self.database.store.read().await.expect("a connection");
        store::audit::list(&mut db, caller.organization(), &filter, 0, 1000).await.expect("a list")
    }

    /// All keys of a member, including ended ones.
    pub async fn keys_of(&self, org: &Org, owner: &User) -> Vec<Key> {
        let owner = Owner::Id(owner.user_id.clone());
        self.list_keys_of_user(&org.caller, &owner, true).await.expect("a list")
    }

    /// A member's keys, newest first, read part by part.
    pub async fn list_keys_of_user(
        &self,
        caller: &Caller,
        owner: &Owner,
        include_ended: bool,
    ) -> Result<Vec<Key>> {
        let (mut keys, mut after) = (Vec::new(), None);
        loop {
            let query = UserKeyQuery { include_ended, after, size: PageSize::default() };
            let page = self.service.list_keys_of_user(caller, owner, &query).await?;
            keys.extend(page.keys);
            after = page.next;
            if after.is_none() {
                return Ok(keys);
            }
        }
    }
}

/// A first run with all fields filled in.
pub fn setup(organization: &str) -> NewSetup {
    let draft = SetupDraft {
        organization: organization.to_owned(),
        user_name: "Ada Admin".to_owned(),
        email: format!("admin@{}.example", organization.to_lowercase()),
        password: Password::typed(PASSWORD),
    };
    draft.check().expect("a good draft")
}
