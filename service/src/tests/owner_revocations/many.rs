//! Tests the end of an owner with very many keys. The durations depend on the machine, so they are only printed.
//! `docs/internals/testing.md` has figures.

use store::Target;

use super::*;
use crate::Settings;

/// Number of the owner's keys, unless `KEYSTEAD_TEST_OWNED_KEYS` is set.
const KEYS: u32 = 1000;
/// Pause between two keys that another owner creates meanwhile.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);
/// Milliseconds between two lines of progress.
const REPORT_EVERY: u64 = 10_000;

/// Copies the key `ci` for its owner. It uses few statements, so that a million keys take only a minute or two.
const COPIES: &str = "
    INSERT INTO keys (key_id, organization_id, user_id, key_hash, shown_prefix, name, name_folded, description, permissions,
        scopes, created_at, created_by, status, version, search_text, is_expiring, is_unused)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < NUMBER)
    SELECT 'key_' || PADDED, organization_id, user_id, HASH, shown_prefix, 'copy ' || i, 'copy ' || i, description, permissions,
        scopes, created_at, created_by, 'active', 1,
        MARK || 'copy ' || i || MARK || i || MARK || 'key_' || PADDED || MARK || PADDED || MARK || lower(shown_prefix),
        is_expiring, is_unused
    FROM keys CROSS JOIN n WHERE name = 'ci';
    INSERT INTO key_terms (organization_id, status, term, key_id)
    SELECT organization_id, status, name, key_id FROM keys WHERE name LIKE 'copy %'
    UNION ALL SELECT organization_id, status, substr(name, 6), key_id FROM keys WHERE name LIKE 'copy %'
    UNION ALL SELECT organization_id, status, key_id, key_id FROM keys WHERE name LIKE 'copy %'
    UNION ALL SELECT organization_id, status, substr(key_id, 5), key_id FROM keys WHERE name LIKE 'copy %'
    UNION ALL SELECT organization_id, status, lower(shown_prefix), key_id FROM keys WHERE name LIKE 'copy %';
    INSERT INTO key_totals (organization_id, part, slot, n)
    SELECT organization_id, part, 0, NUMBER FROM organizations CROSS JOIN
        (SELECT 'active' AS part UNION ALL SELECT 'never_expires' UNION ALL SELECT 'no_rate_limit') AS parts WHERE TRUE
    ON CONFLICT (organization_id, part, slot) DO UPDATE SET n = key_totals.n + excluded.n";

async fn copy_by_sql(bed: &TestBed, number: u32) {
    let [padded, hash, mark] = match bed.database.target {
        Target::Postgres(_) => ["lpad(i::text, 20, '0')", "sha256(i::text::bytea)", "chr(31)"],
        Target::Sqlite(_) | Target::SqliteMemory => ["printf('%020d', i)", "randomblob(32)", "char(31)"],
    };
    let sql = COPIES.replace("NUMBER", &number.to_string()).replace("PADDED", padded);
    bed.database.run(sql.replace("HASH", hash).replace("MARK", mark).leak()).await;
    if matches!(bed.database.target, Target::Sqlite(_)) {
        // Otherwise the first writer of the test would do the checkpoint.
        bed.database.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    }
}

/// Creates a service with the machine's clock, by which the batches pause, and with a quota for all these keys.
fn service(bed: &TestBed, number: u32) -> Service {
    let keys_per_organization_max = u64::from(number) * 2 + 1000;
    let settings = Settings { keys_per_organization_max, ..Settings::default() };
    Service::new(bed.database.store.without_listener(), Clock::system(), Entropy::system(), settings)
}

async fn make_key(service: &Service, org: &Org, number: usize) {
    let draft = model::key::KeyDraft { name: Some(format!("beside {number}")), ..Default::default() };
    let new = draft.check(Clock::system().now()).unwrap();
    service.create_key(&org.caller, &Owner::Id(org.admin.user_id.clone()), new).await.unwrap();
}

async fn revoked(service: &Service, org: &Org) -> u64 {
    let query = KeyQuery { size: PageSize::new(1), ..KeyQuery::default() };
    let mut db = service.store.read().await.unwrap();
    let page = store::keys::page(&mut db, org.caller.organization(), &query, Clock::system().now()).await;
    page.unwrap().totals.revoked.number
}

on_both! {
    async fn others_can_write_while_many_keys_are_revoked(bed: TestBed) {
        let number = std::env::var("KEYSTEAD_TEST_OWNED_KEYS").map_or(KEYS, |number| number.parse().unwrap());
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        bed.key(&org, &bob, |_| ()).await;
        let org = bed.by_key(org).await;
        copy_by_sql(&bed, number).await;
        let (service, clock) = (service(&bed, number), Clock::system());
        let background = service.start_background();
        make_key(&service, &org, 0).await;
        while !service.mirrors.key_cache.is_complete() {
            tokio::time::sleep(PAUSE).await;
        }

        let since = |moment| clock.monotonic_millis() - moment;
        let started = clock.monotonic_millis();
        service.update_user(&org.caller, &Owner::Id(bob.user_id), status("suspended")).await.unwrap();
        println!("suspended with {number} keys in {} ms", since(started));

        let (mut made, mut longest, mut recent, mut reported) = (0, 0, 0, started);
        while store::owner_revocations::any(&mut service.store.read().await.unwrap()).await.unwrap() {
            made += 1;
            let asked = clock.monotonic_millis();
            make_key(&service, &org, made).await;
            recent = since(asked).max(recent);
            longest = recent.max(longest);
            if since(reported) >= REPORT_EVERY {
                println!("after {} ms: {made} other keys created, the slowest of the latest in {recent} ms", since(started));
                (reported, recent) = (clock.monotonic_millis(), 0);
            }
            tokio::time::sleep(PAUSE).await;
        }
        println!(
            "all are stored as revoked after {} ms; meanwhile {made} other keys were created, the slowest in {longest} ms",
            since(started)
        );
        background.stop().await;
        assert_eq!(revoked(&service, &org).await, u64::from(number) + 1);
    }
}
