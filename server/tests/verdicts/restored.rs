//! When the database is replaced by a copy from before, nothing that was heard of it counts any more.

use std::time::Duration;

use tokio::time::sleep;

use crate::asker::Said;
use crate::binary::Rest;
use crate::ends::{End, Victim};
use crate::race::judge;
use crate::trial::{BACK, Trial};

/// Lets transactions pass, so that the next ones have much higher numbers.
const MANY_TRANSACTIONS: &str =
    "DO $$ BEGIN FOR n IN 1..2000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$";
/// By then a server has long heard what was changed.
const HEARD: Duration = Duration::from_secs(1);

/// The copy takes the place while the server is stopped, and its own history then goes past what the server had heard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_went_back_and_on_again_is_read_anew() {
    let trial = Trial::start().await;
    let victim = Victim::new(&trial.rest, 0).await;
    trial.save().await;
    trial.run(MANY_TRANSACTIONS).await;
    trial.asker.accepted_within(&victim.secret, BACK).await;
    let lost = Victim::new(&trial.rest, 1).await;
    trial.asker.accepted_within(&lost.secret, BACK).await;
    sleep(HEARD).await;

    trial.server.signal("-STOP");
    trial.restore().await;
    let (_place, other) = trial.another();
    let ended = victim.end(&Rest::new(&other.address, &trial.admin), End::Revoked).await;
    trial.run(MANY_TRANSACTIONS).await;
    trial.run(MANY_TRANSACTIONS).await;
    trial.server.signal("-CONT");

    // Not asked before the server has looked: what it asks the database about it would know again.
    sleep(4 * HEARD).await;
    let asking = trial.asker.keep_asking(&victim.secret, 2);
    sleep(HEARD).await;
    assert_ne!(trial.asker.verify(&lost.secret).await.said, Said::Yes, "of a history that is gone");
    let asks = asking.end().await;
    assert_eq!(judge(&asks, ended, End::Revoked).latest_yes, None);
    assert!(!asks.is_empty());
}
