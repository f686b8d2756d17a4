//! After the database was replaced by an older copy, the server no longer uses anything that it had read before.

use std::time::Duration;

use tokio::time::sleep;

use crate::binary::Rest;
use crate::ends::{End, Victim};
use crate::race::outcome_of;
use crate::trial::{BACK, Trial};
use crate::verifier::Reply;

/// Uses up many transaction ids, so that the next ones are much higher.
const MANY_TRANSACTIONS: &str =
    "DO $$ BEGIN FOR n IN 1..2000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$";
/// Time after which a server has certainly noticed a change.
const PROPAGATION_TIME: Duration = Duration::from_secs(1);

/// The copy replaces the database while the server is stopped. Then the copy's history gets longer than the history
/// that the server had read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_database_is_read_again() {
    let trial = Trial::start().await;
    let victim = Victim::new(&trial.rest, 0).await;
    trial.save().await;
    trial.run(MANY_TRANSACTIONS).await;
    trial.verifier.accepted_within(&victim.secret, BACK).await;
    let lost = Victim::new(&trial.rest, 1).await;
    trial.verifier.accepted_within(&lost.secret, BACK).await;
    sleep(PROPAGATION_TIME).await;

    trial.server.signal("-STOP");
    trial.restore().await;
    let (_place, other) = trial.another();
    let ended = victim.end(&Rest::new(&other.address, &trial.admin), End::Revoked).await;
    trial.run(MANY_TRANSACTIONS).await;
    trial.run(MANY_TRANSACTIONS).await;
    trial.server.signal("-CONT");

    // No requests are sent before the server has looked for changes: a request would make it read the key from the
    // database again, and hide that its memory is outdated.
    sleep(4 * PROPAGATION_TIME).await;
    let asking = trial.verifier.keep_asking(&victim.secret, 2);
    sleep(PROPAGATION_TIME).await;
    assert_ne!(trial.verifier.verify(&lost.secret).await.outcome, Reply::Yes, "of a history that is gone");
    let asks = asking.end().await;
    assert_eq!(outcome_of(&asks, ended, End::Revoked).latest_yes, None);
    assert!(!asks.is_empty());
}
