//! Changes over REST that end a key or narrow its permissions.

use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::binary::{Answer, Rest};

/// A way in which a key that could write stops doing so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Revoked,
    RevokedById,
    Rotated,
    Narrowed,
    Suspended,
    Demoted,
}

impl End {
    pub const ALL: [Self; 6] =
        [Self::Revoked, Self::RevokedById, Self::Rotated, Self::Narrowed, Self::Suspended, Self::Demoted];

    /// The codes that verify requests may return afterwards.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Revoked | Self::RevokedById => &["REVOKED"],
            // Suspending also revokes all keys. A request that reads the key just before and the owner just after
            // returns the owner's code.
            Self::Suspended => &["REVOKED", "OWNER_INACTIVE"],
            Self::Rotated => &["NOT_FOUND"],
            Self::Narrowed | Self::Demoted => &["INSUFFICIENT_PERMISSIONS"],
        }
    }
}

/// A key that may write, of a member that has only this key.
pub struct Victim {
    pub secret: String,
    user: String,
    id: String,
}

async fn done(rest: &Rest, method: Method, path: &str, body: Option<serde_json::Value>) -> serde_json::Value {
    match rest.send(method, path, body).await {
        Answer::Done(body) => body,
        other => panic!("{path}: {other:?}"),
    }
}

impl Victim {
    pub async fn new(rest: &Rest, number: usize) -> Self {
        Self::with(rest, number, "member", "write").await
    }

    /// Creates another admin with a key that has the permission admin.
    pub async fn admin(rest: &Rest, number: usize) -> Self {
        Self::with(rest, number, "admin", "admin").await
    }

    async fn with(rest: &Rest, number: usize, role: &str, permission: &str) -> Self {
        let email = format!("m{number}@acme.example");
        let users = "/v1/organizations/users";
        let body = json!({"email": email, "user_name": "Member", "role": role});
        done(rest, Method::POST, users, Some(body)).await;
        let user = format!("{users}/{email}");
        let body = json!({"name": "ci", "permissions": [permission]});
        let made = done(rest, Method::POST, &format!("{user}/api-keys"), Some(body)).await;
        let text = |member: &str| made[member].as_str().unwrap().to_owned();
        Self { secret: text("key"), id: text("key_id"), user }
    }

    /// Ends the key, and returns the moment after the server confirmed that.
    pub async fn end(&self, rest: &Rest, how: End) -> Instant {
        let key = format!("{}/api-keys/ci", self.user);
        let by_id = format!("/v1/api-keys/{}", self.id);
        match how {
            End::Revoked => done(rest, Method::DELETE, &key, None).await,
            End::RevokedById => done(rest, Method::DELETE, &by_id, None).await,
            End::Rotated => done(rest, Method::POST, &format!("{key}/rotate"), None).await,
            End::Narrowed => done(rest, Method::PATCH, &key, Some(json!({"permissions": ["read"]}))).await,
            End::Suspended => {
                done(rest, Method::PATCH, &self.user, Some(json!({"status": "suspended"}))).await
            }
            End::Demoted => done(rest, Method::PATCH, &self.user, Some(json!({"role": "viewer"}))).await,
        };
        Instant::now()
    }
}
