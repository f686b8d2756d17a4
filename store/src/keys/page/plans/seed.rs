//! One organization with keys of every kind.

use model::Timestamp;
use model::email::Email;
use model::id::{InternalId, KeyId, OrganizationId, ServiceAccountId, UserId};
use model::key::{Disabling, Key, KeyName, LastUse, Permissions, Revocation};
use model::metadata::Metadata;
use model::organization::{Organization, RateLimits};
use model::service_account::{ServiceAccount, ServiceAccountPermissions};
use model::user::{Role, User, UserStatus};

use crate::{Store, keys, organizations, service_accounts, users};

/// Enough keys to make reading all of them the worse plan.
const KEYS: u64 = 20_000;

pub(super) fn now() -> Timestamp {
    Timestamp::from_seconds(1_795_336_200)
}

pub(super) struct Home {
    pub(super) organization: OrganizationId,
    pub(super) owners: Vec<UserId>,
    pub(super) accounts: Vec<ServiceAccountId>,
}

pub(super) async fn seed(store: &Store) -> Home {
    let organization = Organization {
        organization_id: OrganizationId::from_random("a"),
        internal_id: InternalId::from_random("a"),
        name: "a".into(),
        logo_url: None,
        billing_email: None,
        metadata: serde_json::Map::new(),
        rate_limits: RateLimits::default(),
        created_at: now(),
        updated_at: now(),
    };
    let mut tx = store.begin().await.unwrap();
    organizations::insert(&mut tx, &organization).await.unwrap();
    let mut owners = Vec::new();
    // The first owner has nearly all keys, the last one very few.
    for n in 0..3 {
        let user = User {
            user_id: UserId::from_random(&n.to_string()),
            organization_id: organization.organization_id.clone(),
            email: Email::parse(&format!("user{n}@example.com")).unwrap(),
            user_name: format!("Owner {n}"),
            avatar_url: None,
            role: Role::Member,
            status: UserStatus::Active,
            metadata: serde_json::Map::new(),
            can_sign_in: false,
            created_at: now(),
            updated_at: now(),
        };
        users::insert(&mut tx, &user, None).await.unwrap();
        owners.push(user.user_id);
    }
    let mut accounts = Vec::new();
    for n in 0..2 {
        let account = ServiceAccount {
            service_account_id: ServiceAccountId::from_random(&n.to_string()),
            organization_id: organization.organization_id.clone(),
            name: format!("Robot {n}"),
            description: String::new(),
            permissions: ServiceAccountPermissions::default(),
            metadata: Metadata::default(),
            created_by: None,
            created_at: now(),
            updated_at: now(),
            disabled_at: None,
        };
        service_accounts::insert(&mut tx, &account).await.unwrap();
        accounts.push(account.service_account_id);
    }
    let home = Home { organization: organization.organization_id.clone(), owners, accounts };
    let all: Vec<_> = (0..KEYS).map(|n| key(&organization, &home, n)).collect();
    keys::insert_many(&mut tx, &all).await.unwrap();
    // Gives some keys each status. This runs in batches, because a statement must not take longer than five seconds
    // even on a busy machine.
    for _ in 0..20 {
        keys::sweep_due(&mut tx, now().plus_seconds(1_000_000), 500).await.unwrap();
    }
    tx.commit().await.unwrap();
    home
}

fn key(organization: &Organization, home: &Home, n: u64) -> Key {
    let scattered = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let key = Key {
        key_id: KeyId::from_random(&format!("{scattered:016x}")),
        organization_id: organization.organization_id.clone(),
        internal_id: organization.internal_id.clone(),
        owner: if n.is_multiple_of(7) {
            home.accounts[usize::from(n.is_multiple_of(700))].clone().into()
        } else {
            home.owners[if n.is_multiple_of(1000) { 2 } else { usize::from(n.is_multiple_of(10)) }]
                .clone()
                .into()
        },
        key_hash: format!("{scattered:064x}"),
        created_at: now().plus_seconds(-i64::try_from(n).unwrap() * 1000),
        last_use: n.is_multiple_of(2).then(|| LastUse { at: now(), address: None, agent: None }),
        disabled: n.is_multiple_of(6).then(|| Disabling { at: now(), by: None }),
        revoked: (n % 5 == 1).then(|| Revocation { at: now(), by: None, reason: String::new() }),
        ..model::testing::key()
    };
    key.with(|fields| {
        fields.name = KeyName::parse(&format!("ci deploy {n}")).unwrap();
        fields.permissions = Permissions::from_bits(if n.is_multiple_of(500) { 8 } else { 1 });
        fields.rate_limit_override = n.is_multiple_of(3).then_some(5);
        fields.expires_at =
            n.is_multiple_of(4).then(|| now().plus_seconds(i64::try_from(n).unwrap() * 100 + 1));
    })
}
