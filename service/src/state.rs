//! The service: the settings and the state that the use cases share.

use std::sync::{Arc, OnceLock, RwLock};

use model::Timestamp;
use model::gateway::Gateway;
use model::id::{GatewayId, RequestId};
use model::key::KeyPrefix;
use store::{MigrationReport, Store};
use tokio::sync::Notify;

use crate::actor::Caller;
use crate::clock::{Clock, Moment};
use crate::counts::Counts;
use crate::crypto::Passwords;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::gateways::ActivityLog;
use crate::idempotency::SealKey;
use crate::key_cache::{Digest, KeyFacts};
use crate::mirrors::Mirrors;
use crate::nodes::ThisNode;
use crate::operator_token::OperatorToken;
use crate::policy::{self, Action};
use crate::rate::RateLimiter;
use crate::sessions::FailedSignIns;
use crate::sign_in_throttle::SignInThrottle;
use crate::single_flight::SingleFlight;
use crate::usage::Counter;
use crate::uses::Uses;
use crate::verify::ClientInfoLog;

/// The operator's settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The beginning of new secrets.
    pub key_prefix: KeyPrefix,
    /// Requests per 60 seconds for keys without a limit of their own.
    pub rate_limit_default: u32,
    /// Maximum number of keys of one organization that are neither revoked nor expired.
    pub keys_per_organization_max: u64,
    /// Seconds after which an unused session ends.
    pub session_idle_seconds: i64,
    /// Seconds after which any session ends.
    pub session_seconds_max: i64,
    /// Days for which usage counts are kept.
    pub usage_days_kept: i64,
    /// Maximum number of secrets in the key cache, about 140 bytes each. A key with scopes or metadata counts as
    /// several. Further keys are read from the database when they are verified.
    pub verified_keys_max: usize,
    /// The token that the operator authenticates with over REST. Without one, the operator cannot use REST. It can be
    /// replaced later ([`Service::replace_operator_token`]).
    pub operator_token: Option<OperatorToken>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key_prefix: KeyPrefix::default(),
            rate_limit_default: 6000,
            keys_per_organization_max: 1_000_000,
            session_idle_seconds: 30 * 60,
            session_seconds_max: 12 * 3600,
            usage_days_kept: 400,
            verified_keys_max: 5_000_000,
            operator_token: None,
        }
    }
}

/// The use cases, and the state that they share. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) settings: Arc<Settings>,
    pub(crate) passwords: Passwords,
    pub(crate) limiter: Arc<RateLimiter>,
    pub(crate) uses: Arc<Uses>,
    pub(crate) client_info: Arc<ClientInfoLog>,
    pub(crate) usage: Arc<Counter>,
    pub(crate) sign_in_throttle: Arc<SignInThrottle>,
    pub(crate) failed_sign_ins: Arc<FailedSignIns>,
    pub(crate) mirrors: Mirrors,
    pub(crate) secret_flights: Arc<SingleFlight<Digest, Option<Arc<KeyFacts>>>>,
    pub(crate) gateway_flights: Arc<SingleFlight<GatewayId, Option<Arc<Gateway>>>>,
    pub(crate) gateway_activity: Arc<ActivityLog>,
    /// Wakes the background task that revokes the keys of owners who have ended.
    pub(crate) owner_revoked: Arc<Notify>,
    /// The operator's token that counts, at first the one in the settings.
    pub(crate) operator_token: Arc<RwLock<Option<OperatorToken>>>,
    pub(crate) counts: Arc<Counts>,
    pub(crate) node: Arc<ThisNode>,
    /// The name by which the operator recognizes this server.
    pub(crate) node_name: Arc<str>,
    seal_key: Arc<OnceLock<SealKey>>,
}

impl Service {
    pub fn moment(&self) -> Moment {
        self.clock.moment()
    }

    /// Creates a service on an opened store.
    pub fn new(store: Store, clock: Clock, entropy: Entropy, settings: Settings) -> Self {
        let mirrors = Mirrors::new(settings.verified_keys_max);
        let now = clock.monotonic_millis();
        let counts = Arc::new(Counts::new(now));
        let listening = mirrors.clone();
        store.listen(move |invalidations| listening.apply(invalidations));
        Self {
            store,
            clock,
            entropy,
            operator_token: Arc::new(RwLock::new(settings.operator_token.clone())),
            settings: Arc::new(settings),
            passwords: Passwords::new(),
            limiter: Arc::default(),
            uses: Arc::default(),
            client_info: Arc::default(),
            usage: Arc::default(),
            sign_in_throttle: Arc::default(),
            failed_sign_ins: Arc::default(),
            mirrors,
            secret_flights: Arc::default(),
            gateway_flights: Arc::default(),
            gateway_activity: Arc::default(),
            owner_revoked: Arc::default(),
            counts,
            node: Arc::new(ThisNode::new(now)),
            node_name: "localhost".into(),
            seal_key: Arc::default(),
        }
    }

    /// Sets the name by which the operator recognizes this server.
    #[must_use]
    pub fn with_node_name(self, name: &str) -> Self {
        Self { node_name: name.into(), ..self }
    }

    /// Sets the key that stored responses are sealed with. Without it, each process generates its own key, and its
    /// responses cannot be returned by another process or after a restart.
    #[must_use]
    pub fn with_seal_key(self, key: SealKey) -> Self {
        Self { seal_key: Arc::new(OnceLock::from(key)), ..self }
    }

    pub(crate) fn seal_key(&self) -> Result<&SealKey> {
        if let Some(key) = self.seal_key.get() {
            return Ok(key);
        }
        let key = SealKey::new(*SealKey::generate(&self.entropy)?);
        Ok(self.seal_key.get_or_init(|| key))
    }

    /// The time of day, for callers that check drafts.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn new_request_id(&self) -> Result<RequestId> {
        Ok(RequestId::from_random(&self.entropy.id()?))
    }

    /// Whether keys can be verified from memory now. The database was then reached within the last second. This asks
    /// nothing: it reads what the background task that reads the database has noted.
    pub fn is_ready(&self) -> bool {
        self.mirrors.key_cache.mirror().is_current(self.clock.monotonic_millis())
    }

    /// Whether changes fail because the disk of the database is full. This asks only the memory.
    pub fn is_disk_full(&self) -> bool {
        self.store.counts().is_disk_full()
    }

    /// Checks that the store answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.store.ping().await?)
    }

    /// Migrates the database to the schema of this binary.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        Ok(self.store.migrate().await?)
    }

    /// Closes the database. Must be called before the process ends: otherwise the next start takes a SQLite file for a
    /// copy that was made while the file was in use.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Whether a restore or a copy into the database was not finished, so that rows are missing.
    pub async fn is_import_unfinished(&self) -> Result<bool> {
        Ok(store::archive::is_import_unfinished(&self.store).await?)
    }

    /// Checks whether the caller may perform the action at all. The REST handlers call it before they read a body, so
    /// that the response reveals nothing about members and keys. Each use case checks again.
    pub fn permit(&self, caller: &Caller, action: Action) -> Result<()> {
        policy::permit(caller, action)
    }

    /// Checks that the caller may act in an organization that a request names. The error is the same whether or not the
    /// organization exists.
    pub fn permit_in(&self, caller: &Caller, organization: &str) -> Result<()> {
        policy::permit_in(caller, organization)
    }
}

/// Repeats an attempt that lost a race against another writer. On PostgreSQL, two transactions can change one key at
/// the same time, and the slower one has to read it again.
macro_rules! retry {
    ($attempt:expr) => {{
        let mut tries_left = 8_u8;
        loop {
            match $attempt {
                Err($crate::error::Error::Conflict | $crate::error::Error::Store(store::Error::Retry(_)))
                    if tries_left > 0 =>
                {
                    tries_left -= 1;
                }
                other => break other,
            }
        }
    }};
}
pub(crate) use retry;
