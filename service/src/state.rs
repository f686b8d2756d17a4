//! The service itself: what every use case works with.

use std::sync::{Arc, OnceLock};

use model::Timestamp;
use model::id::RequestId;
use model::key::KeyPrefix;
use store::{MigrationReport, Store};
use tokio::sync::Notify;

use crate::actor::Caller;
use crate::attempts::Attempts;
use crate::clock::{Clock, Moment};
use crate::crypto::Passwords;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::gateways::{Copies, Sightings};
use crate::once::SealKey;
use crate::operator::OperatorToken;
use crate::policy::{self, Action};
use crate::rate::RateLimiter;
use crate::sessions::FailedSignIns;
use crate::usage::Counter;
use crate::uses::Uses;
use crate::verify::{Directory, Misses, Origins};

/// What an operator decides about the rules.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What new secrets begin with.
    pub key_prefix: KeyPrefix,
    /// Requests per 60 seconds of a key without a limit of its own.
    pub rate_limit_default: u32,
    /// Most keys of one organization that are neither revoked nor expired.
    pub keys_per_organization_max: u64,
    /// Seconds after which an unused session ends.
    pub session_idle_seconds: i64,
    /// Seconds after which any session ends.
    pub session_seconds_max: i64,
    /// Days for which it is kept how often keys were used.
    pub usage_days_kept: i64,
    /// Most secrets that are kept in memory for verifying; about 150 bytes each. With more keys than that the rest is read
    /// from the database when it is verified.
    pub verified_keys_max: usize,
    /// What the operator proves themselves with over REST; without it there is no operator there.
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

/// Everything that can be done. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) settings: Arc<Settings>,
    pub(crate) passwords: Passwords,
    pub(crate) limiter: Arc<RateLimiter>,
    pub(crate) uses: Arc<Uses>,
    pub(crate) origins: Arc<Origins>,
    pub(crate) usage: Arc<Counter>,
    pub(crate) attempts: Arc<Attempts>,
    pub(crate) failed_sign_ins: Arc<FailedSignIns>,
    pub(crate) directory: Arc<Directory>,
    pub(crate) misses: Arc<Misses>,
    pub(crate) gateways: Arc<Copies>,
    pub(crate) sightings: Arc<Sightings>,
    /// Told when an owner has ended whose keys are to be revoked.
    pub(crate) ended: Arc<Notify>,
    seal_key: Arc<OnceLock<SealKey>>,
}

impl Service {
    /// The present moment.
    pub fn moment(&self) -> Moment {
        self.clock.moment()
    }

    /// A service on an opened store.
    pub fn new(store: Store, clock: Clock, entropy: Entropy, settings: Settings) -> Self {
        let directory = Arc::new(Directory::new(settings.verified_keys_max));
        let gateways: Arc<Copies> = Arc::default();
        let told = (Arc::clone(&directory), Arc::clone(&gateways));
        store.listen(move |subjects| {
            told.0.forget(subjects);
            told.1.forget(subjects);
        });
        Self {
            store,
            clock,
            entropy,
            settings: Arc::new(settings),
            passwords: Passwords::new(),
            limiter: Arc::default(),
            uses: Arc::default(),
            origins: Arc::default(),
            usage: Arc::default(),
            attempts: Arc::default(),
            failed_sign_ins: Arc::default(),
            directory,
            misses: Arc::default(),
            gateways,
            sightings: Arc::default(),
            ended: Arc::default(),
            seal_key: Arc::default(),
        }
    }

    /// The same service with a key of choice to seal kept answers with. Without one each process makes its own, and its
    /// answers cannot be given again by another one or after a restart.
    #[must_use]
    pub fn with_seal_key(self, key: SealKey) -> Self {
        Self { seal_key: Arc::new(OnceLock::from(key)), ..self }
    }

    /// The key that kept answers are sealed with.
    pub(crate) fn seal_key(&self) -> Result<&SealKey> {
        if let Some(key) = self.seal_key.get() {
            return Ok(key);
        }
        let key = SealKey::new(*SealKey::generate(&self.entropy)?);
        Ok(self.seal_key.get_or_init(|| key))
    }

    /// The time of day, for fronts that check drafts.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What an operator decided.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A new request's id.
    pub fn new_request_id(&self) -> Result<RequestId> {
        Ok(RequestId::from_random(&self.entropy.id()?))
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.store.ping().await?)
    }

    /// Brings the database to this binary's schema.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        Ok(self.store.migrate().await?)
    }

    /// Whether the caller may do such a thing at all. Fronts ask before they look at a body, so that the answer tells
    /// nothing about members and keys; each use case asks again.
    pub fn permit(&self, caller: &Caller, action: Action) -> Result<()> {
        policy::permit(caller, action)
    }

    /// Whether the caller may act in an organization that a request names. The answer is the same for one that exists
    /// and one that does not.
    pub fn permit_in(&self, caller: &Caller, organization: &str) -> Result<()> {
        policy::permit_in(caller, organization)
    }
}

/// Repeats an attempt that lost a race against another writer: on PostgreSQL two may change one key at once, and the
/// slower looks again.
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
