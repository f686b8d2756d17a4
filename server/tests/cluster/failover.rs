//! The primary fails under load, and its replica is promoted. Later the old primary comes back, writable.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Client;
use service::testing::Outage;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use crate::binary::{Answer, Rest};
use crate::clients::{Verdict, verify};
use crate::deployment::Deployment;
use crate::proxy;
use crate::record::{TARGETS, check};

const REVOKED: usize = 40;
/// The latest time after the promotion until changes are accepted again.
const RECOVERY_MAX: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_primary_was_killed_no_acknowledged_change_is_missing() {
    fail_over(Outage::Killed).await;
}

/// When the machine of the primary goes on, PostgreSQL there continues in the middle of what it was doing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_primary_was_frozen_no_acknowledged_change_is_missing() {
    fail_over(Outage::Hanging).await;
}

async fn fail_over(how: Outage) {
    if !proxy::is_wanted() {
        return;
    }
    let deployment = Deployment::start(REVOKED).await;
    let mut to_revoke = deployment.keys.to_revoke();
    let clients = deployment.clients();
    let is_over = Arc::new(AtomicBool::new(false));
    let creator = tokio::spawn(create_keys(deployment.rest(), is_over.clone()));

    revoke_some(&deployment, &mut to_revoke, 10).await;
    let (old, new) = (deployment.primary.clone(), deployment.replica.clone());
    spawn_blocking(move || old.begin_outage(how)).await.unwrap();
    let gone = Instant::now();
    spawn_blocking(move || new.promote()).await.unwrap();
    let promoted = Instant::now();
    // This revocation is sent for the first time while no node has a primary.
    revoke_some(&deployment, &mut to_revoke, 1).await;
    assert!(promoted.elapsed() < RECOVERY_MAX, "{:?}", promoted.elapsed());
    println!("{how:?}: changes were accepted again {:?} after the primary was gone", gone.elapsed());
    revoke_some(&deployment, &mut to_revoke, 10).await;

    // Nobody has told the old primary. It knows nothing of the promotion, and has none of the changes since.
    let old = deployment.primary.clone();
    spawn_blocking(move || old.end_outage(how)).await.unwrap();
    assert_eq!(deployment.primary.run("SELECT pg_is_in_recovery()"), "f");
    sleep(Duration::from_secs(2)).await;
    revoke_some(&deployment, &mut to_revoke, REVOKED).await;
    sleep(Duration::from_secs(2)).await;

    is_over.store(true, Ordering::SeqCst);
    check(&format!("{how:?}"), &clients.end().await, &deployment.keys.all(), &TARGETS);
    are_all_accepted(&deployment, &creator.await.unwrap()).await;
}

/// Revokes keys one after the other through the load balancer, each until that is acknowledged.
async fn revoke_some(deployment: &Deployment, to_revoke: &mut Range<usize>, number: usize) {
    let rest = deployment.rest();
    for key in to_revoke.take(number) {
        deployment.keys.set_current(key);
        sleep(Duration::from_millis(100)).await;
        while !deployment.keys.revoke(key, &rest).await {
            sleep(Duration::from_millis(20)).await;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Creates keys until it is told to stop. Returns the secrets of those that were acknowledged.
async fn create_keys(rest: Rest, is_over: Arc<AtomicBool>) -> Vec<String> {
    let (mut secrets, mut number) = (Vec::new(), 0);
    while !is_over.load(Ordering::SeqCst) {
        number += 1;
        if let Answer::Done(made) = rest.create(&format!("created {number}")).await {
            secrets.push(made["key"].as_str().unwrap().to_owned());
        }
        sleep(Duration::from_millis(20)).await;
    }
    secrets
}

/// No acknowledged key is missing at any node.
async fn are_all_accepted(deployment: &Deployment, created: &[String]) {
    assert!(created.len() > 20, "{}", created.len());
    println!("  {} keys created meanwhile, all of them there", created.len());
    let client = Client::builder().no_proxy().build().unwrap();
    for address in deployment.addresses() {
        let path = format!("{address}/v1/keys/verify");
        for secret in created {
            assert_eq!(verify(&client, &path, &deployment.admin, secret).await, Verdict::Valid);
        }
    }
}
