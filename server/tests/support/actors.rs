//! Who may send a request: every kind of credential, with what is wrong about it.

use model::key::{Access, KeyDraft, KeyPrefix, PlainKey};
use model::service_account::ServiceAccount;

use super::{Client, TestServer};

/// The first admin of a test's organization.
pub const ADMIN: &str = "admin@acme.example";
/// A member of it.
pub const MEMBER: &str = "member@acme.example";
/// A viewer of it.
pub const VIEWER: &str = "viewer@acme.example";

/// A kind of caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// Without a credential.
    Nobody,
    /// With a well-formed key that was never made.
    Unknown,
    /// With a viewer's key.
    Viewer,
    /// With a member's key that holds all that a member can.
    Member,
    /// With a key of the permission delete, of an admin.
    LesserKey,
    /// With the `admin-key`.
    Admin,
    /// With another organization's `admin-key`.
    Foreign,
    /// With an admin's key that was revoked.
    Revoked,
    /// With an admin's key that has expired.
    Expired,
    /// With an admin's key that is held to resources of another kind.
    Scoped,
    /// With the operator's token, which is no key.
    Operator,
    /// With a read-write key of a service account that may do all that one can.
    Robot,
    /// With a read key of such an account.
    LesserRobot,
}

/// Every permission of a service account that means something here.
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
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Nobody,
        Self::Unknown,
        Self::Viewer,
        Self::Member,
        Self::LesserKey,
        Self::Admin,
        Self::Foreign,
        Self::Revoked,
        Self::Expired,
        Self::Scoped,
        Self::Operator,
        Self::Robot,
        Self::LesserRobot,
    ];

    /// Those who are nobody to the server.
    pub const UNAUTHENTICATED: [Self; 4] = [Self::Nobody, Self::Unknown, Self::Revoked, Self::Expired];

    /// Those of the organization who may change nothing over REST.
    pub const POWERLESS: [Self; 4] = [Self::Viewer, Self::Member, Self::LesserKey, Self::Scoped];
}

impl TestServer {
    /// A client of a kind. Makes what it takes.
    pub async fn client(&self, actor: Actor) -> Client {
        match actor {
            Actor::Nobody => self.with_key(None),
            Actor::Unknown => {
                let secret = PlainKey::from_random(&KeyPrefix::default(), "0123456789abcdefghijABCDEFGHIJxy");
                self.with_key(Some(secret.reveal()))
            }
            Actor::Viewer => self.with_new_key(VIEWER, "viewing", &["read"], None).await,
            Actor::Member => self.with_new_key(MEMBER, "working", &["delete"], None).await,
            Actor::LesserKey => self.with_new_key(ADMIN, "lesser", &["delete"], None).await,
            Actor::Admin => self.admin(),
            Actor::Foreign => self.with_key(Some(self.foreign().await.admin_key.reveal())),
            Actor::Revoked => {
                let client = self.with_new_key(ADMIN, "revoked", &["admin"], None).await;
                self.admin().delete(&super::key_at(ADMIN, "revoked")).await.ok();
                client
            }
            Actor::Expired => {
                let end = self.bed.clock.now().plus_seconds(60);
                let client = self.with_new_key(ADMIN, "expired", &["admin"], Some(end)).await;
                self.bed.clock.advance_seconds(60);
                client
            }
            Actor::Scoped => {
                let scope = serde_json::json!({"resource_type": "namespace", "resource_id": "*"});
                self.with_scoped_key(ADMIN, "scoped", scope).await
            }
            Actor::Operator => self.with_key(Some(super::OPERATOR_TOKEN)),
            Actor::Robot => self.robot("managing", &ALL_WORDS, Access::ReadWrite).await.1,
            Actor::LesserRobot => self.robot("looking", &ALL_WORDS, Access::Read).await.1,
        }
    }

    /// A service account, and whoever holds a key of it.
    pub async fn robot(&self, name: &str, words: &[&str], access: Access) -> (ServiceAccount, Client) {
        let robot = self.bed.robot(&self.org, name, words).await;
        let made = self.bed.robot_key(&self.org, &robot, name, access).await;
        (robot, self.with_key(Some(made.secret.reveal())))
    }

    /// With the organization's `admin-key`.
    pub fn admin(&self) -> Client {
        self.with_key(Some(self.org.admin_key.reveal()))
    }

    /// With an admin's key that is held to one scope.
    pub async fn with_scoped_key(&self, email: &str, name: &str, scope: serde_json::Value) -> Client {
        let body = serde_json::json!({"name": name, "permissions": ["admin"], "scopes": [scope]});
        let secret = self.admin().post(&super::keys_of(email), body).await.secret();
        self.with_key(Some(&secret))
    }

    async fn with_new_key(
        &self,
        email: &str,
        name: &str,
        permissions: &[&str],
        expires_at: Option<model::Timestamp>,
    ) -> Client {
        let draft = KeyDraft {
            name: Some(name.to_owned()),
            permissions: Some(permissions.iter().map(|&word| word.to_owned()).collect()),
            expires_at: expires_at.map(model::Timestamp::to_rfc3339),
            ..KeyDraft::default()
        };
        let owner = service::Owner::Email(email.to_owned());
        let new = draft.check(self.bed.clock.now()).unwrap();
        let created = self.bed.service.create_key(&self.org.caller, &owner, new).await.unwrap();
        self.with_key(Some(created.secret.reveal()))
    }
}
