//! The kinds of callers: every kind of credential, valid or invalid in some way.

use model::Timestamp;
use model::id::KeyId;
use model::key::{Access, KeyDraft, KeyPrefix, PlainKey, Precondition};
use model::service_account::ServiceAccount;
use model::user::Role;
use serde_json::{Value, json};
use service::{Caller, Owner};

use super::{Client, TestServer};

pub const ADMIN: &str = "admin@acme.example";
pub const MEMBER: &str = "member@acme.example";
pub const VIEWER: &str = "viewer@acme.example";

/// The credential that a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// None.
    Nobody,
    /// A well-formed key that does not exist.
    Unknown,
    /// The `admin-key` with one character changed.
    Altered,
    /// The `admin-key`, cut short.
    Truncated,
    /// A viewer's key.
    Viewer,
    /// A member's key with all permissions that a member's key can have.
    Member,
    /// An admin's key with the permission delete.
    LesserKey,
    /// An admin's key with the permission write.
    WritingKey,
    /// An admin's key with the permission read.
    ReadingKey,
    /// The `admin-key`.
    Admin,
    /// The `admin-key` of another organization.
    Foreign,
    /// The key of a member of another organization.
    ForeignMember,
    /// An admin's key that was revoked.
    Revoked,
    /// An admin's key that has expired.
    Expired,
    /// An admin's key that was disabled.
    Disabled,
    /// The earlier secret of an admin's key that was rotated without a grace period.
    Rotated,
    /// A key of a user who was suspended.
    Suspended,
    /// An admin's key that is scoped to resources of another kind.
    Scoped,
    /// An admin's key that is scoped to the organization.
    ScopedToOrganization,
    /// An admin's key that may only read the organization.
    ScopedToReading,
    /// An admin's key that is scoped to the member.
    ScopedToMember,
    /// An admin's key that is scoped to keys named `ci`.
    ScopedToKey,
    /// The operator's token, which is not a key.
    Operator,
    /// A read-write key of a service account with all permissions.
    ServiceAccount,
    /// A read key of a service account with all permissions.
    ReadOnlyServiceAccount,
    /// A read-write key of a service account without permissions.
    PowerlessServiceAccount,
    /// A key of a service account that was disabled.
    DisabledServiceAccount,
}

/// All permissions of a service account that have an effect in Keystead.
pub const ALL_WORDS: [&str; 12] = [
    "apikey:read",
    "apikey:create",
    "apikey:delete",
    "apikey:verify",
    "serviceaccount:read",
    "serviceaccount:create",
    "serviceaccount:update",
    "serviceaccount:delete",
    "gateway:read",
    "gateway:create",
    "gateway:update",
    "gateway:delete",
];

impl Actor {
    pub const ALL: [Self; 27] = [
        Self::Nobody,
        Self::Unknown,
        Self::Altered,
        Self::Truncated,
        Self::Revoked,
        Self::Expired,
        Self::Disabled,
        Self::Rotated,
        Self::Suspended,
        Self::DisabledServiceAccount,
        Self::Viewer,
        Self::Member,
        Self::LesserKey,
        Self::WritingKey,
        Self::ReadingKey,
        Self::Admin,
        Self::Foreign,
        Self::ForeignMember,
        Self::Scoped,
        Self::ScopedToOrganization,
        Self::ScopedToReading,
        Self::ScopedToMember,
        Self::ScopedToKey,
        Self::ServiceAccount,
        Self::ReadOnlyServiceAccount,
        Self::PowerlessServiceAccount,
        Self::Operator,
    ];

    /// A selection of the actors that the server cannot authenticate, as different from each other as possible.
    pub const UNAUTHENTICATED: [Self; 4] = [Self::Nobody, Self::Unknown, Self::Revoked, Self::Expired];

    /// Whether the server cannot authenticate this actor.
    pub fn is_nobody(self) -> bool {
        let broken = [Self::Altered, Self::Truncated];
        let ended = [Self::Disabled, Self::Rotated, Self::Suspended, Self::DisabledServiceAccount];
        [Self::UNAUTHENTICATED.as_slice(), &broken, &ended].concat().contains(&self)
    }

    /// Actors of the organization who cannot change anything in it over REST.
    pub const POWERLESS: [Self; 4] = [Self::Viewer, Self::Member, Self::LesserKey, Self::Scoped];
}

impl TestServer {
    /// Returns a client with the actor's credential. Creates what the credential needs.
    pub async fn client(&self, actor: Actor) -> Client {
        match actor {
            Actor::Nobody => self.with_key(None),
            Actor::Unknown => {
                let secret = PlainKey::from_random(&KeyPrefix::default(), "0123456789abcdefghijABCDEFGHIJxy");
                self.with_key(Some(secret.reveal()))
            }
            Actor::Altered | Actor::Truncated => {
                let (start, end) = self.org.admin_key.reveal().split_at(20);
                let (altered, cut) = (format!("{start}{}{}", other(end), &end[1..]), start.to_owned());
                self.with_key(Some(if actor == Actor::Altered { &altered } else { &cut }))
            }
            Actor::Viewer => self.with_new_key(VIEWER, "viewing", &["read"], None).await,
            Actor::Member => self.with_new_key(MEMBER, "working", &["delete"], None).await,
            Actor::LesserKey => self.with_new_key(ADMIN, "lesser", &["delete"], None).await,
            Actor::WritingKey => self.with_new_key(ADMIN, "writing", &["write"], None).await,
            Actor::ReadingKey => self.with_new_key(ADMIN, "reading", &["read"], None).await,
            Actor::Admin => self.admin(),
            Actor::Foreign => self.with_key(Some(self.foreign().await.admin_key.reveal())),
            Actor::ForeignMember => {
                let (caller, email) = (&self.foreign().await.caller, "member@globex.example");
                self.with_key_made_by(caller, email, "working", &["delete"], None).await
            }
            Actor::Operator => self.with_key(Some(super::OPERATOR_TOKEN)),
            Actor::Revoked | Actor::Expired | Actor::Disabled | Actor::Rotated | Actor::Suspended => {
                self.with_ended_key(actor).await
            }
            Actor::Scoped
            | Actor::ScopedToOrganization
            | Actor::ScopedToReading
            | Actor::ScopedToMember
            | Actor::ScopedToKey => self.with_scope(actor).await,
            Actor::ServiceAccount => self.service_account("managing", &ALL_WORDS, Access::ReadWrite).await.1,
            Actor::ReadOnlyServiceAccount => {
                self.service_account("looking", &ALL_WORDS, Access::Read).await.1
            }
            Actor::PowerlessServiceAccount => {
                self.service_account("powerless", &[], Access::ReadWrite).await.1
            }
            Actor::DisabledServiceAccount => {
                let (service_account, client) =
                    self.service_account("ended", &ALL_WORDS, Access::ReadWrite).await;
                let id = &service_account.service_account_id;
                self.bed.service.disable_service_account(&self.org.caller, id).await.unwrap();
                client
            }
        }
    }

    /// Returns a client whose key could manage everything until it was ended in the actor's way.
    async fn with_ended_key(&self, actor: Actor) -> Client {
        let admin = self.admin();
        match actor {
            Actor::Expired => {
                let end = self.bed.clock.now().plus_seconds(60);
                let client = self.with_new_key(ADMIN, "expired", &["admin"], Some(end)).await;
                self.bed.clock.advance_seconds(60);
                client
            }
            Actor::Suspended => {
                let email = "suspended@acme.example";
                self.bed.member(&self.org, email, Role::Admin).await;
                let client = self.with_new_key(email, "own", &["admin"], None).await;
                admin.patch(&super::user_at(email), json!({"status": "suspended"})).await.ok();
                client
            }
            _ => {
                let name = format!("{actor:?}");
                let client = self.with_new_key(ADMIN, &name, &["admin"], None).await;
                let path = super::key_at(ADMIN, &name);
                let keys = admin.get(&super::keys_of(ADMIN)).await.ok();
                let id = KeyId::parse(keys["results"][0]["key_id"].as_str().unwrap()).unwrap();
                match actor {
                    Actor::Disabled => {
                        let (service, caller) = (&self.bed.service, &self.org.caller);
                        service.disable_key(caller, &id, &Precondition::Anything).await.unwrap();
                    }
                    Actor::Rotated => _ = admin.post_nothing(&format!("{path}/rotate")).await.secret(),
                    _ => _ = admin.delete(&path).await.ok(),
                }
                client
            }
        }
    }

    /// Returns a client with an admin's key that has the actor's scope.
    async fn with_scope(&self, actor: Actor) -> Client {
        let (kind, id) = match actor {
            Actor::ScopedToOrganization => ("organization", "org_*"),
            Actor::ScopedToReading => ("organization", "*"),
            Actor::ScopedToMember => ("user", MEMBER),
            Actor::ScopedToKey => ("api_key", "ci"),
            _ => ("namespace", "*"),
        };
        let mut scope = json!({"resource_type": kind, "resource_id": id});
        if actor == Actor::ScopedToReading {
            scope["operations"] = json!(["read_data"]);
        }
        self.with_scoped_key(ADMIN, &format!("{actor:?}"), scope).await
    }

    /// Creates a service account, and a client with one of its keys.
    pub async fn service_account(
        &self,
        name: &str,
        words: &[&str],
        access: Access,
    ) -> (ServiceAccount, Client) {
        let service_account = self.bed.service_account(&self.org, name, words).await;
        let made = self.bed.service_account_key(&self.org, &service_account, name, access).await;
        (service_account, self.with_key(Some(made.secret.reveal())))
    }

    /// Returns a client with the organization's `admin-key`.
    pub fn admin(&self) -> Client {
        self.with_key(Some(self.org.admin_key.reveal()))
    }

    /// Returns a client with a new key of the user that has one scope.
    pub async fn with_scoped_key(&self, email: &str, name: &str, scope: Value) -> Client {
        let body = json!({"name": name, "permissions": ["admin"], "scopes": [scope]});
        let secret = self.admin().post(&super::keys_of(email), body).await.secret();
        self.with_key(Some(&secret))
    }

    async fn with_new_key(
        &self,
        email: &str,
        name: &str,
        permissions: &[&str],
        expires_at: Option<Timestamp>,
    ) -> Client {
        self.with_key_made_by(&self.org.caller, email, name, permissions, expires_at).await
    }

    async fn with_key_made_by(
        &self,
        caller: &Caller,
        email: &str,
        name: &str,
        permissions: &[&str],
        expires_at: Option<Timestamp>,
    ) -> Client {
        let draft = KeyDraft {
            name: Some(name.to_owned()),
            permissions: Some(permissions.iter().map(|&word| word.to_owned()).collect()),
            expires_at: expires_at.map(Timestamp::to_rfc3339),
            ..KeyDraft::default()
        };
        let new = draft.check(self.bed.clock.now()).unwrap();
        let owner = Owner::Email(email.to_owned());
        let created = self.bed.service.create_key(caller, &owner, new).await.unwrap();
        self.with_key(Some(created.secret.reveal()))
    }
}

/// Returns a character that differs from the first character of a text.
fn other(text: &str) -> char {
    if text.starts_with('x') { 'y' } else { 'x' }
}
