//! A server for one test: all of what answers requests over a private database, with a clock that stands still.

use clap::Parser;
use model::id::KeyId;
use model::key::KeyStatus;
use model::user::{Role, User, UserFilter};
use serde_json::{Value, json};
use server::assets::Assets;
use server::config::{Origin, ServeArgs};
use server::front::Front;
use server::state::AppState;
use service::testing::{Org, TestBed};
use service::{Caller, OperatorToken, Owner, Settings};
use tokio::sync::OnceCell;

use super::Client;

/// A server with an organization named Acme: `admin@acme.example`, `member@acme.example` and `viewer@acme.example`.
pub struct TestServer {
    pub bed: TestBed,
    pub org: Org,
    pub member: User,
    pub viewer: User,
    foreign: OnceCell<Org>,
    front: Front,
}

/// Everything that a request could change, to be compared.
#[derive(Debug, PartialEq)]
pub struct State(Value);

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    settings: ServeArgs,
}

/// What the operator of a test's server proves themselves with.
pub const OPERATOR_TOKEN: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// The usual settings, with an operator.
fn settings() -> Settings {
    Settings { operator_token: Some(OperatorToken::of(OPERATOR_TOKEN)), ..Settings::default() }
}

impl TestServer {
    /// On SQLite.
    pub async fn start() -> Self {
        Self::on(TestBed::sqlite_with(settings()).await).await
    }

    /// On PostgreSQL.
    pub async fn start_on_postgres() -> Self {
        Self::on(TestBed::postgres_with(settings()).await).await
    }

    /// With settings of choice.
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
        Self { front: Front::new(state), bed, org, member, viewer, foreign: OnceCell::new() }
    }

    /// Another organization, named Globex, with a member `member@globex.example`.
    pub async fn foreign(&self) -> &Org {
        let make = async || {
            let org = self.bed.organization("Globex").await;
            self.bed.member(&org, "member@globex.example", Role::Member).await;
            org
        };
        self.foreign.get_or_init(make).await
    }

    /// Whoever holds this secret.
    pub fn with_key(&self, key: Option<&str>) -> Client {
        Client::new(&self.front, key)
    }

    /// Everything in the database that a request could change, but for last uses.
    pub async fn state(&self) -> State {
        let mut parts = vec![self.state_of(&self.org.caller).await];
        if let Some(foreign) = self.foreign.get() {
            parts.push(self.state_of(&foreign.caller).await);
        }
        State(Value::Array(parts))
    }

    /// As [`Self::state`], of the first organization alone.
    pub async fn own_state(&self) -> State {
        State(self.state_of(&self.org.caller).await)
    }

    async fn state_of(&self, caller: &Caller) -> Value {
        let service = &self.bed.service;
        let organization = service.get_organization(caller).await.unwrap();
        let users = service.list_users(caller, &UserFilter::default(), 0, 1000).await.unwrap().users;
        let (mut keys, robots) = self.bed.keys_and_robots(caller).await;
        for key in &mut keys {
            key.last_use = None;
            // That it has expired may be noted by whoever looks at a list, which counts as a version.
            if key.status(self.bed.clock.now()) == KeyStatus::Expired {
                key.version = 0;
            }
        }
        let settings = service.audit_settings(caller).await.unwrap();
        let audit = self.bed.audit(caller).await;
        let gateways = self.bed.gateways(caller).await;
        json!({
            "organization": organization, "users": users, "keys": keys, "robots": robots, "settings": settings,
            "audit": audit, "gateways": gateways,
        })
    }

    /// A key's audit actions, newest first.
    pub async fn history(&self, key_id: &Value) -> Vec<&'static str> {
        let key_id = KeyId::parse(key_id.as_str().unwrap()).unwrap();
        let events = self.bed.service.key_history(&self.org.caller, &key_id).await.unwrap();
        events.iter().map(|event| event.action.known().unwrap().as_str()).collect()
    }
}
