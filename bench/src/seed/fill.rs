//! Fills a database with an organization, its users and their keys.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use model::email::Email;
use model::id::{InternalId, OrganizationId, UserId};
use model::password::Password;
use model::session::SetupDraft;
use model::user::{Role, User, UserStatus};
use serde::{Deserialize, Serialize};
use service::{Bootstrapped, Clock, Entropy, SameName, Service, Settings};
use store::{Store, Target};

use super::key::{Home, key};
use super::put_off::PutOff;
use crate::Result;

/// Keys per transaction.
const BATCH: u64 = 10_000;
/// The admin's password. It protects nothing, because the database is discarded.
const PASSWORD: &str = "correct horse battery";

/// What was created: one line of JSON like that of `keystead bootstrap`, and the password.
#[derive(Clone, Serialize, Deserialize)]
pub struct Filled {
    pub organization_id: String,
    pub user_id: String,
    pub user_email: String,
    pub admin_key: String,
    #[serde(default)]
    pub password: String,
}

/// Fills the database of a data folder, which must not have one yet. Writes a line `secret<TAB>key_id` for each key.
pub async fn fill(folder: &Path, keys: u64, out: &Path) -> Result<Filled> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join("keystead.db");
    if file.exists() {
        return Err(format!("{} exists; name a folder without a database", file.display()).into());
    }
    let target = Target::Sqlite(file.clone());
    let store = Store::open(store::Settings { target, connections_max: 2 }).await?;
    store.migrate().await?;
    let made = bootstrap(&store).await?;
    let members = u32::try_from((keys / 1000).clamp(10, 1000))?;
    let home = add_members(&store, &made, members).await?;
    let put_off = PutOff::begin(&file)?;
    let mut lines = BufWriter::new(File::create(out)?);
    for begin in (0..keys).step_by(usize::try_from(BATCH)?) {
        let end = keys.min(begin + BATCH);
        let batch = (begin..end).map(|number| key(&home, number)).collect::<Result<Vec<_>>>()?;
        let mut tx = store.begin().await?;
        for (secret, key) in &batch {
            writeln!(lines, "{}\t{}", secret.reveal(), key.key_id)?;
        }
        let batch: Vec<_> = batch.into_iter().map(|(_, key)| key).collect();
        store::keys::insert_with_past(&mut tx, &batch, home.now).await?;
        tx.commit().await?;
        if end.is_multiple_of(100_000) {
            eprintln!("  {end} keys");
        }
    }
    lines.flush()?;
    store.close().await;
    put_off.end(&file)?;
    let Bootstrapped { organization_id, internal_id: _, user_id, user_email, admin_key, link: _ } = made;
    Ok(Filled {
        organization_id: organization_id.into(),
        user_id: user_id.into(),
        user_email,
        admin_key: admin_key.reveal().to_owned(),
        password: PASSWORD.to_owned(),
    })
}

async fn bootstrap(store: &Store) -> Result<Bootstrapped> {
    let service = Service::new(store.clone(), Clock::system(), Entropy::system(), Settings::default());
    let setup = SetupDraft {
        organization: "Bench".to_owned(),
        user_name: "Ada Admin".to_owned(),
        email: "ada@bench.example".to_owned(),
        password: Password::typed(PASSWORD),
    };
    let setup = setup.check().map_err(|errors| format!("{errors:?}"))?;
    Ok(service.bootstrap(setup, SameName::Allow).await?)
}

async fn add_members(store: &Store, made: &Bootstrapped, members: u32) -> Result<Home> {
    let now = Clock::system().now();
    let organization: OrganizationId = made.organization_id.clone();
    let internal: InternalId = made.internal_id.clone();
    let mut tx = store.begin().await?;
    let mut owners = Vec::new();
    for number in 0..members {
        let user_id = UserId::from_random(&format!("bench{number:015}"));
        let user = User {
            user_id: user_id.clone(),
            organization_id: organization.clone(),
            email: Email::parse(&format!("member{number}@bench.example")).map_err(|error| error.message)?,
            user_name: format!("Member {number}"),
            avatar_url: None,
            role: Role::Member,
            status: UserStatus::Active,
            metadata: serde_json::Map::new(),
            can_sign_in: false,
            created_at: now,
            updated_at: now,
        };
        store::users::insert(&mut tx, &user, None).await?;
        owners.push(user_id);
    }
    tx.commit().await?;
    Ok(Home { organization, internal, owners, now })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// Every object of the schema, with its SQL.
    fn schema(folder: &Path) -> Vec<(String, Option<String>)> {
        let db = Connection::open(folder.join("keystead.db")).unwrap();
        let whole: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        let mut found = db.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
        found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(|row| row.unwrap()).collect()
    }

    #[tokio::test]
    async fn a_filled_database_is_built_like_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let (filled, empty) = (folder.path().join("filled"), folder.path().join("empty"));
        fill(&filled, 100, &folder.path().join("keys")).await.unwrap();
        std::fs::create_dir(&empty).unwrap();
        let target = Target::Sqlite(empty.join("keystead.db"));
        let store = Store::open(store::Settings { target, connections_max: 2 }).await.unwrap();
        store.migrate().await.unwrap();
        store.close().await;
        assert_eq!(schema(&filled), schema(&empty));
    }
}
