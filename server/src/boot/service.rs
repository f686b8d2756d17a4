//! Opens the service that all commands and requests use.

use service::{Clock, Entropy, Service, Settings, Store, StoreSettings, Target, WithoutLog};

use super::{BootError, folder, shared_folder};
use crate::config::{Database, KeySettings, ServiceSettings, SessionSettings};

/// Opens the database, creates it if there is none, and brings it to this version's schema. Only for the commands that
/// begin with an empty database.
pub async fn open_or_create(settings: &ServiceSettings) -> Result<Service, BootError> {
    shared_folder::check(&settings.store)?;
    require_log(&settings.store).await?;
    migrated(require_finished(open(settings).await?, &settings.store).await?).await
}

/// Opens the database of a Keystead, and brings it to this version's schema. Refuses a folder or a database without
/// one, and creates nothing there.
pub async fn open_existing(settings: &ServiceSettings) -> Result<Service, BootError> {
    migrated(open_unmigrated(settings).await?).await
}

/// As [`open_existing`], but leaves the schema as it is.
pub async fn open_unmigrated(settings: &ServiceSettings) -> Result<Service, BootError> {
    shared_folder::check(&settings.store)?;
    require_keystead(&settings.store).await?;
    require_log(&settings.store).await?;
    require_finished(open(settings).await?, &settings.store).await
}

/// Opens the database, and creates it if there is none. It may have no schema yet, or a restore or a copy may not have
/// filled it completely.
pub async fn open_to_fill(settings: &ServiceSettings) -> Result<Service, BootError> {
    shared_folder::check(&settings.store)?;
    open(settings).await
}

/// Refuses a mistyped folder or database. Nothing is created and no permissions change before this is known.
async fn require_keystead(settings: &crate::config::StoreSettings) -> Result<(), BootError> {
    match Store::exists(&target(settings)).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            let (setting, place) = folder::named(settings);
            Err(BootError::NoKeystead { setting, place })
        }
        Err(error) => {
            // The database is there but cannot be read. For a file, this says why.
            folder::explain(settings)?;
            Err(BootError::database(error.into()))
        }
    }
}

/// Refuses a database that a restore or a copy has not filled completely, because rows are missing.
async fn require_finished(
    service: Service,
    settings: &crate::config::StoreSettings,
) -> Result<Service, BootError> {
    let error = match service.is_import_unfinished().await {
        Ok(false) => return Ok(service),
        Ok(true) => {
            let (setting, place) = folder::named(settings);
            BootError::Unfinished { setting, place }
        }
        Err(error) => BootError::database(error),
    };
    service.close().await;
    Err(error)
}

/// Refuses a database file without its write-ahead log if it contains no organization, because a new organization would
/// hide what was lost. With organizations, only the latest changes may be missing, so that is logged.
async fn require_log(settings: &crate::config::StoreSettings) -> Result<(), BootError> {
    // If the check itself fails, opening the database gives the better error.
    let Ok(Some(without)) = Store::without_log(&target(settings)).await else { return Ok(()) };
    let (setting, place) = folder::named(settings);
    match without {
        WithoutLog::Empty => Err(BootError::WithoutLog { setting, place }),
        WithoutLog::InUse => {
            tracing::warn!(
                place,
                "the write-ahead log of the database is missing: if the file was copied while Keystead was running, its \
                 latest changes are lost"
            );
            Ok(())
        }
    }
}

async fn migrated(service: Service) -> Result<Service, BootError> {
    let report = match service.migrate().await {
        Ok(report) => report,
        Err(error) => {
            service.close().await;
            return Err(BootError::database(error));
        }
    };
    for (number, name) in &report.applied {
        tracing::info!(migration.number = number, migration.name = name, "migrated the database");
    }
    Ok(service)
}

async fn open(settings: &ServiceSettings) -> Result<Service, BootError> {
    let ServiceSettings { store, keys, sessions, usage_days_kept } = settings;
    let target = target(store);
    // PostgreSQL needs no preparation, and a file that cannot be read gives its reason there.
    let has_keystead = matches!(target, Target::Sqlite(_)) && Store::exists(&target).await.unwrap_or(false);
    folder::prepare(store, has_keystead)?;
    let rules = Settings { usage_days_kept: (*usage_days_kept).into(), ..rules(keys, sessions) };
    let settings = StoreSettings { target, connections_max: store.database_connections_max };
    let store = Store::open(settings).await.map_err(|error| BootError::database(error.into()))?;
    Ok(Service::new(store, Clock::system(), Entropy::system(), rules))
}

pub fn target(settings: &crate::config::StoreSettings) -> Target {
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
