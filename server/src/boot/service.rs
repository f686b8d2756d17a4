//! Opens the service that all commands and requests use.

use service::{Clock, Entropy, Service, Settings, Store, StoreSettings, Target};

use super::{BootError, folder};
use crate::config::{Database, KeySettings, ServiceSettings, SessionSettings};

/// Opens the database, creates it if necessary, and brings it to this version's schema.
pub async fn open_service(settings: &ServiceSettings) -> Result<Service, BootError> {
    let service = open_unmigrated(settings).await?;
    let report = service.migrate().await.map_err(BootError::Database)?;
    for (number, name) in &report.applied {
        tracing::info!(migration.number = number, migration.name = name, "migrated the database");
    }
    Ok(service)
}

/// As [`open_service`], but only if a Keystead database exists. A mistyped folder or database is reported and not
/// created.
pub async fn open_existing(settings: &ServiceSettings) -> Result<Service, BootError> {
    // If the check itself fails, opening the database gives the better error.
    if let Ok(false) = Store::exists(&target(&settings.store)).await {
        let (setting, place) = folder::named(&settings.store);
        return Err(BootError::NoKeystead { setting, place });
    }
    open_service(settings).await
}

/// Opens the database without changing its schema.
pub async fn open_unmigrated(settings: &ServiceSettings) -> Result<Service, BootError> {
    let ServiceSettings { store, keys, sessions, usage_days_kept } = settings;
    folder::prepare(store)?;
    let target = target(store);
    let rules = Settings { usage_days_kept: (*usage_days_kept).into(), ..rules(keys, sessions) };
    let settings = StoreSettings { target, connections_max: store.database_connections_max };
    let store = Store::open(settings).await.map_err(|error| BootError::Database(error.into()))?;
    Ok(Service::new(store, Clock::system(), Entropy::system(), rules))
}

fn target(settings: &crate::config::StoreSettings) -> Target {
    match &settings.database {
        Database::Sqlite(file) => Target::Sqlite(file.clone()),
        Database::Postgres(url) => Target::Postgres(url.clone()),
    }
}

fn rules(keys: &KeySettings, sessions: &SessionSettings) -> Settings {
    Settings {
        key_prefix: keys.prefix.clone(),
        rate_limit_default: keys.rate_limit_default,
        keys_per_organization_max: keys.per_organization_max.into(),
        verified_keys_max: usize::try_from(keys.verified_max).unwrap_or(usize::MAX),
        session_idle_seconds: seconds(sessions.idle),
        session_seconds_max: seconds(sessions.max),
        ..Settings::default()
    }
}

fn seconds(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
