//! People who use the console, each with a session, and the keys they look at.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::body::Body;
use model::gateway::{Gateway, GatewayDraft};
use model::id::{KeyId, UserId};
use model::key::Access;
use model::password::Password;
use model::service_account::ServiceAccount;
use model::user::User;
use serde_json::Value;
use service::testing::PASSWORD;
use service::{RequestContext, SignedIn};

use crate::support::{ADMIN, Reply, TestServer};

/// The console's address in the tests.
pub const CONSOLE: &str = "http://localhost:3000";

/// The person who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    Nobody,
    Viewer,
    Member,
    Admin,
}

/// A server with people who are signed in, a key for each of them, and a key for a service account.
pub struct Console {
    pub server: TestServer,
    viewer: SignedIn,
    member: SignedIn,
    admin: SignedIn,
    viewer_key: KeyId,
    member_key: KeyId,
    admin_key: KeyId,
    /// A service account with a key.
    pub service_account: ServiceAccount,
    /// A gateway named `Public API`.
    pub gateway: Gateway,
}

impl Console {
    pub async fn start() -> Self {
        Self::of(TestServer::start().await).await
    }

    pub async fn of(server: TestServer) -> Self {
        let service = &server.bed.service;
        let password = Password::typed(PASSWORD);
        let admin = service.sign_in(ADMIN, &password, &RequestContext::default()).await.unwrap();
        let member = join(&server, &server.member).await;
        let viewer = join(&server, &server.viewer).await;
        let mut keys = Vec::new();
        for owner in [&server.viewer, &server.member, &server.org.admin] {
            keys.push(server.bed.key(&server.org, owner, |_| ()).await.key.key_id);
        }
        let [viewer_key, member_key, admin_key] = <[KeyId; 3]>::try_from(keys).unwrap();
        let service_account =
            server.bed.service_account(&server.org, "Nightly build", &["apikey:read", "flow:run"]).await;
        server.bed.service_account_key(&server.org, &service_account, "runner", Access::Read).await;
        let draft = GatewayDraft { name: Some("Public API".to_owned()), ..GatewayDraft::default() };
        let gateway = server.bed.gateway(&server.org, draft).await;
        Self { server, viewer, member, admin, viewer_key, member_key, admin_key, service_account, gateway }
    }

    /// The person's own key. For nobody, the admin's.
    pub fn key_of(&self, person: Person) -> &KeyId {
        match person {
            Person::Nobody | Person::Admin => &self.admin_key,
            Person::Member => &self.member_key,
            Person::Viewer => &self.viewer_key,
        }
    }

    /// The person's own user. For nobody, the admin's.
    pub fn user_of(&self, person: Person) -> &UserId {
        match person {
            Person::Nobody | Person::Admin => &self.server.org.admin.user_id,
            Person::Member => &self.server.member.user_id,
            Person::Viewer => &self.server.viewer.user_id,
        }
    }

    pub fn cookie(&self, person: Person) -> Option<String> {
        let session = match person {
            Person::Nobody => return None,
            Person::Viewer => &self.viewer,
            Person::Member => &self.member,
            Person::Admin => &self.admin,
        };
        Some(format!("__Host-keystead={}", session.token.reveal()))
    }

    /// Calls a server function as the hydrated console does.
    pub async fn call(&self, person: Person, path: &str, body: &str, kind: &str) -> Reply {
        self.send(
            person,
            "POST",
            path,
            body,
            &[("origin", CONSOLE), ("content-type", kind), ("accept", "application/json")],
        )
        .await
    }

    /// Opens a page as a browser does.
    pub async fn open(&self, person: Person, path: &str) -> Reply {
        self.send(person, "GET", path, "", &[("accept", "text/html")]).await
    }

    /// Sends a request with the person's cookie and with additional headers.
    pub async fn send(
        &self,
        person: Person,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Reply {
        let cookie = self.cookie(person);
        let mut all = vec![("host", "localhost:3000")];
        all.extend(cookie.as_deref().map(|cookie| ("cookie", cookie)));
        all.extend_from_slice(headers);
        self.server.with_key(None).send(method, path, &all, Body::from(body.to_owned())).await
    }

    /// Everything that a request could change.
    pub async fn state(&self) -> (crate::support::State, Value) {
        let sessions = self.call(Person::Admin, "/console/api/session/list", "{}", "application/json").await;
        (self.server.state().await, sessions.json())
    }
}

/// Makes a user join the organization with an invitation.
async fn join(server: &TestServer, user: &User) -> SignedIn {
    let service = &server.bed.service;
    let (token, _) = service.create_invitation(&server.org.caller, &user.user_id).await.unwrap();
    let password = Password::typed(PASSWORD);
    service.accept_invitation(token.reveal(), &password, &RequestContext::default()).await.unwrap()
}
