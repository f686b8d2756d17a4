//! A server for one test: the complete request handling on a private database, with a clock that does not advance by
//! itself.

use clap::Parser;
use model::id::KeyId;
use model::key::KeyStatus;
use model::user::{Role, User, UserFilter};
use serde_json::{Value, json};
use server::assets::Assets;
use server::config::{Origin, ServeArgs};
use server::fast_path::FastPath;
use server::state::AppState;
use service::testing::{Org, TestBed};
use service::{Caller, OperatorToken, Owner, Settings};
use tokio::sync::OnceCell;

use super::Client;

/// A server with an organization named Acme, whose users are `admin@acme.example`, `member@acme.example` and
/// `viewer@acme.example`.
pub struct TestServer {
    pub bed: TestBed,
    pub org: Org,
    pub member: User,
    pub viewer: User,
    foreign: OnceCell<Org>,
    fast_path: FastPath,
}

/// Everything that a request could change, for comparisons.
#[derive(Debug, PartialEq)]
pub struct State(Value);

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: ServeArgs,
}

/// The operator's token of the test servers.
pub const OPERATOR_TOKEN: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The default settings, with an operator.
fn settings() -> Settings {
    Settings { operator_token: Some(OperatorToken::of(OPERATOR_TOKEN)), ..Settings::default() }
}

impl TestServer {
    pub async fn start() -> Self {
        Self::on(TestBed::sqlite_with(settings()).await).await
    }

    pub async fn start_on_postgres() -> Self {
        Self::on(TestBed::postgres_with(settings()).await).await
    }

    pub async fn start_with(settings: Settings) -> Self {
        Self::on(TestBed::sqlite_with(settings).await).await
    }

    async fn on(bed: TestBed) -> Self {
        let org = bed.organization("Acme").await;
        let (member, _) = bed.member(&org, super::MEMBER, Role::Member).await;
        let (viewer, _) = bed.member(&org, super::VIEWER, Role::Viewer).await;
        let settings = Arguments::parse_from(["keystead"]).settings.check().unwrap();
        let state = AppState::new(
            Assets::of_this_build(),
            bed.service.clone(),
            vec![Origin::local("localhost", 3000)],
            &settings,
        );
        Self { fast_path: FastPath::new(state), bed, org, member, viewer, foreign: OnceCell::new() }
    }

    /// Another organization, named Globex, with the member `member@globex.example`. It is created at the first call.
    pub async fn foreign(&self) -> &Org {
        let make = async || {
            let org = self.bed.organization("Globex").await;
            self.bed.member(&org, "member@globex.example", Role::Member).await;
            org
        };
        self.foreign.get_or_init(make).await
    }

    /// Returns a client that presents this key.
    pub fn with_key(&self, key: Option<&str>) -> Client {
        Client::new(&self.fast_path, key)
    }

    /// Returns everything in the database that a request could change, except for last uses.
    pub async fn state(&self) -> State {
        let mut parts = vec![self.state_of(&self.org.caller).await];
        if let Some(foreign) = self.foreign.get() {
            parts.push(self.state_of(&foreign.caller).await);
        }
        State(Value::Array(parts))
    }

    /// As [`Self::state`], but of the first organization only.
    pub async fn own_state(&self) -> State {
        State(self.state_of(&self.org.caller).await)
    }

    async fn state_of(&self, caller: &Caller) -> Value {
        let service = &self.bed.service;
        let organization = service.get_organization(caller).await.unwrap();
        let users = service.list_users(caller, &UserFilter::default(), 0, 1000).await.unwrap().users;
        let (mut keys, service_accounts) = self.bed.keys_and_service_accounts(caller).await;
        for key in &mut keys {
            key.last_use = None;
            // Reading a list may store that the key has expired, which counts as a new version.
            if key.status(self.bed.clock.now()) == KeyStatus::Expired {
                key.version = 0;
            }
        }
        let settings = service.audit_settings(caller).await.unwrap();
        let audit = self.bed.audit(caller).await;
        let gateways = self.bed.gateways(caller).await;
        json!({
            "organization": organization, "users": users, "keys": keys, "robots": service_accounts, "settings": settings,
            "audit": audit, "gateways": gateways,
        })
    }

    /// Returns a key's audit actions, the newest first.
    pub async fn history(&self, key_id: &Value) -> Vec<&'static str> {
        let key_id = KeyId::parse(key_id.as_str().unwrap()).unwrap();
        let events = self.bed.service.key_history(&self.org.caller, &key_id).await.unwrap();
        events.iter().map(|event| event.action.known().unwrap().as_str()).collect()
    }
}
