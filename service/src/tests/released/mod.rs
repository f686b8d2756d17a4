//! Upgrades: backups with the schemas of released versions are kept in this folder, one for each schema, and this
//! version restores them into both databases. Beside each is a file with what must be true afterwards.
//!
//! When a version with a new schema is released, add its backup, and never change one that is there:
//! `KEYSTEAD_KEEP_BACKUP=1 cargo test -p service --lib released`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::gateway::GatewayDraft;
use model::key::{Access, KeyDraft, Precondition, RotateDraft};
use model::user::{Role, UserPatchDraft};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::testing::{Org, PASSWORD, TestBed};
use crate::{BackupFile, KeyRef, NewBackup, Owner, Progress};

const ADMIN: &str = "admin@acme.example";
/// The environment variable with which the backup of the present schema is written.
const KEEP: &str = "KEYSTEAD_KEEP_BACKUP";

/// What must be true after an upgrade.
#[derive(Serialize, Deserialize)]
struct Facts {
    /// Secrets of keys that work.
    accepted: Vec<String>,
    /// Secrets of keys that have ended.
    refused: Vec<String>,
    keys: usize,
    service_accounts: usize,
    gateways: usize,
    audit_records: usize,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/released")
}

fn backup_of(schema: i64) -> PathBuf {
    folder().join(format!("schema-{schema}.backup"))
}

fn facts_of(schema: i64) -> PathBuf {
    folder().join(format!("schema-{schema}.json"))
}

/// The schemas of the kept backups.
fn schemas() -> Vec<i64> {
    let names =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_prefix("schema-")?.strip_suffix(".backup")?.parse().ok()).collect()
}

/// Fills a database with keys of all kinds, and says what must be true of them.
async fn fill(bed: &TestBed) -> Facts {
    let org = bed.organization("Acme").await;
    let mut draft = KeyDraft { name: Some("works".to_owned()), ..KeyDraft::default() };
    draft.environment = Some("test".to_owned());
    draft.metadata = json!({"team": "billing"}).as_object().cloned();
    draft.permissions = Some(vec!["read".to_owned(), "write".to_owned()]);
    let works = bed.key(&org, &org.admin, |new| *new = draft).await;
    let name = |name: &'static str| move |draft: &mut KeyDraft| draft.name = Some(name.to_owned());
    let revoked = bed.key(&org, &org.admin, name("revoked")).await;
    let (key, any) = (KeyRef::Id(revoked.key.key_id.clone()), Precondition::Anything);
    bed.service.revoke_key(&org.caller, &key, "left".to_owned(), &any).await.unwrap();
    let before_rotation = bed.key(&org, &org.admin, name("rotated")).await;
    let key = KeyRef::Id(before_rotation.key.key_id.clone());
    let rotation = RotateDraft::default().check().unwrap();
    let rotated = bed.service.rotate_key(&org.caller, &key, rotation, &any).await.unwrap();
    let end = bed.clock.now().plus_seconds(60).to_rfc3339();
    let expired = bed.key(&org, &org.admin, |draft| {
        draft.name = Some("expired".to_owned());
        draft.expires_at = Some(end);
    });
    let expired = expired.await;
    let of_suspended = suspended(bed, &org).await;
    let account = bed.service_account(&org, "deploy", &["keys:read"]).await;
    let of_account = bed.service_account_key(&org, &account, "deploy", Access::ReadWrite).await;
    bed.gateway(&org, GatewayDraft::default()).await;
    bed.flush().await;
    let reveal = |secret: &model::key::PlainKey| secret.reveal().to_owned();
    let (keys, service_accounts) = bed.keys_and_service_accounts(&org.caller).await;
    Facts {
        accepted: [&org.admin_key, &works.secret, &rotated.secret, &of_account.secret].map(reveal).to_vec(),
        refused: [&revoked.secret, &before_rotation.secret, &expired.secret, &of_suspended]
            .map(reveal)
            .to_vec(),
        keys: keys.len(),
        service_accounts: service_accounts.len(),
        gateways: bed.gateways(&org.caller).await.len(),
        audit_records: bed.audit(&org.caller).await.len(),
    }
}

/// The secret of a member who was suspended.
async fn suspended(bed: &TestBed, org: &Org) -> model::key::PlainKey {
    let (bob, _) = bed.member(org, "bob@acme.example", Role::Member).await;
    let key = bed.key(org, &bob, |_| ()).await;
    let suspend = UserPatchDraft { status: Some("suspended".to_owned()), ..UserPatchDraft::default() };
    bed.service.update_user(&org.caller, &Owner::Id(bob.user_id), suspend.check().unwrap()).await.unwrap();
    key.secret
}

/// Does nothing unless it is asked to write the files.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_backup_of_this_schema_is_kept() {
    let schema = store::newest_migration();
    if std::env::var_os(KEEP).is_some() {
        assert!(!backup_of(schema).exists(), "a released schema does not change");
        let bed = TestBed::sqlite().await;
        let facts = fill(&bed).await;
        fs::write(facts_of(schema), serde_json::to_string_pretty(&facts).unwrap() + "\n").unwrap();
        bed.service.back_up(&backup_of(schema), NewBackup::default(), Progress::default()).await.unwrap();
    }
    let schemas = schemas();
    assert!(schemas.iter().all(|kept| *kept <= schema) && !schemas.is_empty(), "{schemas:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn databases_of_released_schemas_come_to_this_one_with_all_they_contain() {
    for schema in schemas() {
        let facts: Facts = serde_json::from_str(&fs::read_to_string(facts_of(schema)).unwrap()).unwrap();
        let databases = [store::testing::empty_sqlite().await, store::testing::empty_postgres().await];
        for database in databases {
            let bed = TestBed::with_settings(database, crate::Settings::default());
            let backup = Arc::new(BackupFile::open(&backup_of(schema), None).await.unwrap());
            bed.service.restore(backup, Progress::default()).await.unwrap();
            bed.clock.advance_seconds(3600);
            check(&bed, &facts).await;
        }
    }
}

async fn check(bed: &TestBed, facts: &Facts) {
    let works = |secret: &str| {
        let secret = secret.to_owned();
        async move { bed.service.authenticate_key(&secret, crate::RequestContext::default()).await }
    };
    for secret in &facts.refused {
        assert!(works(secret).await.is_err(), "{secret}");
    }
    for secret in &facts.accepted {
        assert!(works(secret).await.is_ok(), "{secret}");
    }
    bed.sign_in(ADMIN, PASSWORD).await;
    let caller = works(&facts.accepted[0]).await.unwrap().caller;
    let (keys, service_accounts) = bed.keys_and_service_accounts(&caller).await;
    assert_eq!((keys.len(), service_accounts.len()), (facts.keys, facts.service_accounts));
    assert_eq!(bed.gateways(&caller).await.len(), facts.gateways);
    // The sign-in is in the audit log too.
    assert_eq!(bed.audit(&caller).await.len(), facts.audit_records + 1);
}
