//! Tests that a search finds keys that an earlier version wrote by the rules of this version.

use model::key::{KeyDraft, KeyFilter, KeyQuery};
use store::Target;

use super::on_both;
use crate::Owner;
use crate::search_terms::BATCH;
use crate::testing::{Org, TestBed};

/// The number of keys that a search finds.
async fn found(bed: &TestBed, org: &Org, search: &str) -> u64 {
    let filter = KeyFilter { search: search.to_owned(), ..KeyFilter::default() };
    let query = KeyQuery { filter, ..KeyQuery::default() };
    bed.service.page_keys(&org.caller, &query).await.unwrap().found.number
}

on_both! {
    async fn every_batch_continues_where_the_last_one_ended(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for number in 0..60 {
            let draft = KeyDraft { name: Some(format!("{number}(prod)")), ..KeyDraft::default() };
            let new = draft.check(bed.clock.now()).unwrap();
            bed.service.create_key(&org.caller, &Owner::Caller, new).await.unwrap();
        }
        let text = match bed.database.target {
            Target::Postgres(_) => "UPDATE keys SET search_text = replace(substr(search_text, 2), chr(31) || 'prod)', '')",
            _ => "UPDATE keys SET search_text = replace(substr(search_text, 2), char(31) || 'prod)', '')",
        };
        bed.database.run(text).await;
        bed.database.run("DELETE FROM key_terms WHERE term = 'prod)'").await;
        assert_eq!(found(&bed, &org, "prod").await, 0);
        // Another process renews the second batch.
        let other = bed.other_process();
        let mut expected = 0;
        for service in [&bed.service, &other, &bed.service] {
            assert!(service.renew_next_search_terms().await.unwrap());
            expected += u64::from(BATCH);
            // The admin key is one of the outdated keys too.
            assert!(found(&bed, &org, "prod").await >= expected.min(61) - 1);
        }
        assert_eq!(found(&bed, &org, "prod").await, 60);
        assert!(!bed.service.renew_next_search_terms().await.unwrap());
    }

    async fn the_background_task_renews_outdated_terms(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.database.run("DELETE FROM user_terms").await;
        bed.database.run("UPDATE users SET terms_at = 0").await;
        assert_eq!(found(&bed, &org, "ada").await, 0);
        let background = bed.service.start_background();
        while found(&bed, &org, "ada").await == 0 {
            tokio::task::yield_now().await;
        }
        background.stop().await;
        assert_eq!(found(&bed, &org, "ada").await, 1);
    }
}
