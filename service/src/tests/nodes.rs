//! Tests of nodes: who is listed, and when a revocation is said to be enforced.

use model::key::{CreatedKey, KeyDraft, Precondition};
use store::invalidations::{TransactionId, transaction_id};

use super::verify::is_in_memory;
use crate::invalidation_feed::Feed;
use crate::testing::{Org, TestBed};
use crate::{Enforcement, KeyRef, Node, NodeState, Operator, OperatorToken, RequestContext, Service};

const TOKEN: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Another server, with how far it has read the changes.
struct Other {
    service: Service,
    feed: Feed,
}

impl Other {
    /// Starts a server up to the point where it uses its mirrors.
    async fn start(bed: &TestBed) -> Self {
        let mut other = Self { service: bed.other_process().with_node_name("other"), feed: Feed::default() };
        other.read().await;
        other
    }

    async fn read(&mut self) {
        self.service.apply_invalidations(&mut self.feed).await.unwrap();
    }

    async fn report(&self) {
        self.service.write_node().await.unwrap();
    }
}

async fn list(service: &Service) -> Vec<Node> {
    let service = service.clone().with_operator(Some(OperatorToken::of(TOKEN)));
    let operator: Operator = service.authenticate_operator(TOKEN, RequestContext::default()).unwrap();
    service.list_nodes(&operator).await.unwrap()
}

async fn revoke(bed: &TestBed, org: &Org, made: &CreatedKey) -> Enforcement {
    let (key, any) = (KeyRef::Id(made.key.key_id.clone()), Precondition::Anything);
    bed.service.revoke_key_everywhere(&org.caller, &key, String::new(), &any).await.unwrap().1.unwrap()
}

/// A change that this process commits.
async fn change(bed: &TestBed) -> TransactionId {
    let mut tx = bed.database.store.begin().await.unwrap();
    let change = transaction_id(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    change
}

async fn enforcement(bed: &TestBed, change: TransactionId) -> (usize, usize, usize) {
    let Enforcement { nodes, enforcing, silent, waited: _ } =
        bed.service.await_enforcement(change).await.unwrap();
    (nodes, enforcing, silent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_embedded_database_has_one_node_and_no_row() {
    let bed = TestBed::sqlite().await;
    let org = bed.organization("Acme").await;
    let made = bed.key(&org, &org.admin, |_| ()).await;
    bed.warm().await;
    bed.service.start_background().stop().await;
    assert_eq!(revoke(&bed, &org, &made).await.enforcing, 1);
    let rows = store::nodes::list(&mut bed.database.store.read().await.unwrap()).await.unwrap();
    assert_eq!((list(&bed.service).await.len(), rows.len()), (1, 0));
}

/// Otherwise it could answer from its mirrors without being waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_listed_before_it_uses_what_it_has_read() {
    let bed = TestBed::postgres().await;
    let other = Other::start(&bed).await;
    assert!(other.service.is_ready());
    assert_eq!(enforcement(&bed, change(&bed).await).await, (2, 1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_enforces_a_change_once_it_has_applied_and_said_so() {
    let bed = TestBed::postgres().await;
    let mut other = Other::start(&bed).await;
    let change = change(&bed).await;
    // What it says is from before the change.
    other.report().await;
    assert_eq!(enforcement(&bed, change).await, (2, 1, 1));
    other.read().await;
    other.report().await;
    assert_eq!(enforcement(&bed, change).await, (2, 2, 0));
}

/// Transactions commit in another order than that of their ids, so a later change proves nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_has_applied_a_later_change_may_not_have_applied_this_one() {
    let bed = TestBed::postgres().await;
    let mut other = Other::start(&bed).await;
    let mut early = bed.database.store.begin().await.unwrap();
    let early_id = transaction_id(&mut early).await.unwrap();
    let late_id = change(&bed).await;
    other.read().await;
    other.report().await;
    early.commit().await.unwrap();
    assert_eq!(enforcement(&bed, late_id).await, (2, 2, 0));
    assert_eq!(enforcement(&bed, early_id).await, (2, 1, 1));
}

/// After that time, the mirrors of a server that has read nothing since are not valid any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_says_nothing_is_waited_for_until_its_mirrors_are_invalid() {
    let bed = TestBed::postgres().await;
    let org = bed.organization("Acme").await;
    let made = bed.key(&org, &org.admin, |_| ()).await;
    let _silent = Other::start(&bed).await;
    let found = revoke(&bed, &org, &made).await;
    assert_eq!((found.nodes, found.enforcing, found.silent), (2, 1, 1));
    assert!(found.waited.as_millis() >= 950, "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn running_servers_confirm_a_revocation_and_one_that_stops_is_gone() {
    let bed = TestBed::postgres().await;
    let org = bed.organization("Acme").await;
    let other = bed.other_process();
    let background = other.start_background();
    let mut tries = 0;
    // A busy machine may take longer than the revocation waits, but not every time.
    let found = loop {
        tries += 1;
        let name = format!("ci {tries}");
        let made = bed.key(&org, &org.admin, |draft: &mut KeyDraft| draft.name = Some(name)).await;
        let found = revoke(&bed, &org, &made).await;
        if found.nodes == 2 && found.silent == 0 || tries == 30 {
            break found;
        }
    };
    assert_eq!((found.nodes, found.enforcing, found.silent), (2, 2, 0));
    background.stop().await;
    assert!(!other.is_ready(), "nobody waits for it any more");
    assert_eq!(enforcement(&bed, change(&bed).await).await, (1, 1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_shows_how_far_each_server_is() {
    let bed = TestBed::postgres().await;
    let org = bed.organization("Acme").await;
    bed.read_invalidations().await;
    let mut other = Other::start(&bed).await;
    other.read().await;
    other.report().await;
    bed.key(&org, &org.admin, |_| ()).await;
    bed.read_invalidations().await;
    let [this, shown] = list(&bed.service).await.try_into().unwrap();
    assert_eq!((this.name.as_str(), this.is_this, this.changes_behind), ("localhost", true, Some(0)));
    assert_eq!((shown.name.as_str(), shown.is_this, shown.changes_behind), ("other", false, Some(1)));
    assert_eq!((this.state, shown.state), (NodeState::Answering, NodeState::Answering));
    other.read().await;
    other.report().await;
    assert_eq!(list(&bed.service).await[1].changes_behind, Some(0));
    bed.database.run("UPDATE nodes SET seen_at = seen_at - 6000000 WHERE name = 'other'").await;
    let silent = &list(&bed.service).await[1];
    assert_eq!((silent.state, silent.changes_behind), (NodeState::Silent, None));
    bed.database.run("UPDATE nodes SET seen_at = seen_at - 3600000000 WHERE name = 'other'").await;
    bed.service.sweep_nodes().await.unwrap();
    assert_eq!(list(&bed.service).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_write_its_row_verifies_from_memory() {
    let bed = TestBed::postgres().await;
    let org = bed.organization("Acme").await;
    let made = bed.key(&org, &org.admin, |_| ()).await;
    bed.database.run("DROP TABLE nodes").await;
    assert!(bed.service.write_node().await.is_err());
    bed.warm().await;
    assert!(is_in_memory(&bed, &org, &made));
    let (key, any) = (KeyRef::Id(made.key.key_id.clone()), Precondition::Anything);
    let revoked = bed.service.revoke_key_everywhere(&org.caller, &key, String::new(), &any).await.unwrap();
    assert_eq!(revoked.1, None, "nobody can say how many servers there are");
    assert!(!is_in_memory(&bed, &org, &made));
}
