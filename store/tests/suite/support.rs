//! Creates valid test data. Each call returns different data.

use std::sync::atomic::{AtomicU64, Ordering};

use model::Timestamp;
use model::email::Email;
use model::id::{AccountId, InternalId, KeyId, OrganizationId, ServiceAccountId, UserId};
use model::key::{Key, KeyCursor, KeyName, Revocation, SortColumn};
use model::metadata::Metadata;
use model::organization::{Organization, RateLimits};
use model::service_account::{ServiceAccount, ServiceAccountPermissions};
use model::user::{Role, User, UserStatus};
use store::accounts::Account;
use store::testing::TestDatabase;
use store::{Store, Target, keys, organizations, service_accounts, users};

/// The current time in the tests, in seconds since 1970.
pub const NOW: i64 = 1_795_336_200;

/// A moment this many seconds after [`NOW`].
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(NOW + seconds)
}

/// A number that no other call returns.
pub fn number() -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

/// Sixteen letters and digits that look random and are different for each number.
pub fn scattered(number: u64) -> String {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    format!("{:016x}", x ^ (x >> 31))
}

pub fn organization() -> Organization {
    let n = number();
    Organization {
        organization_id: OrganizationId::from_random(&scattered(n)),
        internal_id: InternalId::from_random(&scattered(n)),
        name: format!("Organization {n}"),
        logo_url: None,
        billing_email: None,
        metadata: serde_json::Map::new(),
        rate_limits: RateLimits::default(),
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn user(organization: &Organization) -> User {
    let n = number();
    User {
        user_id: UserId::from_random(&scattered(n)),
        organization_id: organization.organization_id.clone(),
        email: Email::parse(&format!("user{n}@example.com")).unwrap(),
        user_name: format!("User {n}"),
        avatar_url: None,
        role: Role::Member,
        status: UserStatus::Active,
        metadata: serde_json::Map::new(),
        can_sign_in: false,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub fn service_account(organization: &Organization) -> ServiceAccount {
    let n = number();
    ServiceAccount {
        service_account_id: ServiceAccountId::from_random(&scattered(n)),
        organization_id: organization.organization_id.clone(),
        name: format!("Robot {n}"),
        description: String::new(),
        permissions: ServiceAccountPermissions::default(),
        metadata: Metadata::default(),
        created_by: None,
        created_at: at(0),
        updated_at: at(0),
        disabled_at: None,
    }
}

pub fn account() -> Account {
    let n = number();
    Account {
        account_id: AccountId::from_random(&scattered(n)),
        email: Email::parse(&format!("account{n}@example.com")).unwrap(),
        password_hash: "$argon2id$".into(),
        is_proven: false,
        created_at: at(0),
    }
}

/// A hash that no other call returns.
pub fn hash() -> [u8; 32] {
    hex_bytes(&hex())
}

pub fn hex() -> String {
    let n = number();
    (0..4).map(|part| scattered(n * 4 + part + 1_000_000_000)).collect()
}

pub fn hex_bytes(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

pub fn key(home: &TestOrganization) -> Key {
    let n = number();
    let key = Key {
        key_id: KeyId::from_random(&scattered(n)),
        organization_id: home.organization.organization_id.clone(),
        internal_id: home.organization.internal_id.clone(),
        owner: home.user.user_id.clone().into(),
        key_hash: hex(),
        shown_prefix: format!("sk_live_{:02}", n % 100),
        created_at: at(0),
        created_by: Some(home.user.user_id.clone().into()),
        ..model::testing::key()
    };
    key.with(|fields| fields.name = KeyName::parse(&format!("key {n}")).unwrap())
}

pub fn named(home: &TestOrganization, name: &str) -> Key {
    key(home).with(|fields| fields.name = KeyName::parse(name).unwrap())
}

pub fn revoked(key: Key) -> Key {
    Key { revoked: Some(Revocation { at: at(0), by: None, reason: "test".into() }), ..key }
}

/// A stored organization with one user.
#[derive(Clone)]
pub struct TestOrganization {
    pub organization: Organization,
    pub user: User,
}

impl TestOrganization {
    pub async fn new(store: &Store) -> Self {
        let organization = organization();
        let user = user(&organization);
        let mut tx = store.begin().await.unwrap();
        organizations::insert(&mut tx, &organization).await.unwrap();
        users::insert(&mut tx, &user, None).await.unwrap();
        tx.commit().await.unwrap();
        Self { organization, user }
    }

    pub async fn another(&self, store: &Store) -> Self {
        let user = user(&self.organization);
        let mut tx = store.begin().await.unwrap();
        users::insert(&mut tx, &user, None).await.unwrap();
        tx.commit().await.unwrap();
        Self { organization: self.organization.clone(), user }
    }

    pub async fn service_account(&self, store: &Store) -> ServiceAccount {
        let account = service_account(&self.organization);
        let mut tx = store.begin().await.unwrap();
        service_accounts::insert(&mut tx, &account).await.unwrap();
        tx.commit().await.unwrap();
        account
    }

    pub fn id(&self) -> &OrganizationId {
        &self.organization.organization_id
    }
}

pub async fn insert_all(store: &Store, all: &[Key]) {
    let mut tx = store.begin().await.unwrap();
    keys::insert_many(&mut tx, all).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn insert(store: &Store, key: Key) -> Key {
    insert_all(store, std::slice::from_ref(&key)).await;
    key
}

/// Stores a change, which must succeed, and returns the key as it is stored then.
pub async fn change(store: &Store, key: &Key) -> Key {
    let mut tx = store.begin().await.unwrap();
    assert!(keys::update(&mut tx, key, at(0)).await.unwrap());
    tx.commit().await.unwrap();
    stored(store, key).await
}

pub async fn stored(store: &Store, key: &Key) -> Key {
    let mut db = store.read().await.unwrap();
    keys::find(&mut db, &key.organization_id, &key.key_id).await.unwrap().expect("a stored key")
}

/// Runs a query directly on the database, without the store, and returns the single row.
pub async fn ask<T>(db: &TestDatabase, sql: &'static str) -> T
where
    T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin,
{
    match &db.target {
        Target::Postgres(url) => {
            let mut conn = <sqlx::PgConnection as sqlx::Connection>::connect(url.as_str()).await.unwrap();
            sqlx::query_as(sql).fetch_one(&mut conn).await.unwrap()
        }
        Target::Sqlite(path) => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut conn = sqlx::ConnectOptions::connect(&options).await.unwrap();
            sqlx::query_as(sql).fetch_one(&mut conn).await.unwrap()
        }
        Target::SqliteMemory => panic!("a database in memory can only be used through its store"),
    }
}

/// The keys of a user, newest first: those that are active at a moment, or all keys if no moment is given. They are
/// read a hundred at a time.
pub async fn list_of_user(
    db: &mut impl store::Connection,
    user: &UserId,
    active_at: Option<Timestamp>,
) -> Vec<Key> {
    let mut all: Vec<Key> = Vec::new();
    loop {
        let after = all.last().map(|key| KeyCursor::of(key, SortColumn::Created));
        let part = keys::list_of_user(db, user, active_at, after.as_ref(), 100).await.unwrap();
        if part.is_empty() {
            return all;
        }
        all.extend(part);
    }
}
