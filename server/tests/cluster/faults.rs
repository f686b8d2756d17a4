//! Nodes are killed, paused and cut off from the database while keys are revoked.

use std::time::Duration;

use tokio::time::sleep;

use crate::deployment::Deployment;
use crate::node::Node;
use crate::proxy;
use crate::record::{TARGETS, check};

/// Keys that are revoked in each state of the nodes.
const REVOKED_EACH: usize = 6;
/// The time for which clients ask about each key before and after it is revoked.
const AROUND: Duration = Duration::from_millis(150);

/// What happens to a node while keys are revoked at the next one.
#[derive(Debug, Clone, Copy)]
enum Fault {
    None,
    Killed,
    Paused,
    CutOff,
}

const FAULTS: [(Fault, usize); 9] = [
    (Fault::None, 0),
    (Fault::Killed, 1),
    (Fault::Paused, 2),
    (Fault::CutOff, 0),
    (Fault::Killed, 0),
    (Fault::Paused, 1),
    (Fault::None, 1),
    (Fault::Killed, 2),
    (Fault::CutOff, 0),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_to_nodes_no_revoked_key_is_accepted_and_no_living_one_called_invalid() {
    if !proxy::is_wanted() {
        return;
    }
    let mut deployment = Deployment::start(FAULTS.len() * REVOKED_EACH).await;
    let mut to_revoke = deployment.keys.to_revoke();
    let clients = deployment.clients();
    for (fault, number) in FAULTS {
        begin(fault, &mut deployment.nodes[number]);
        // Only a node that works can acknowledge a revocation. Others learn of it from the database.
        let rest = deployment.nodes[(number + 1) % 3].rest(&deployment.admin);
        for key in to_revoke.by_ref().take(REVOKED_EACH) {
            deployment.keys.set_current(key);
            sleep(AROUND).await;
            while !deployment.keys.revoke(key, &rest).await {}
            sleep(AROUND).await;
        }
        // Clients send questions to a paused node for longer than a second after the last revocation.
        sleep(Duration::from_millis(1200)).await;
        end(fault, &mut deployment.nodes[number]);
        sleep(Duration::from_millis(300)).await;
    }
    sleep(Duration::from_secs(1)).await;
    let exchanges = clients.end().await;
    check("faults of nodes", &exchanges, &deployment.keys.all(), &TARGETS);
}

fn begin(fault: Fault, node: &mut Node) {
    match fault {
        Fault::None => {}
        Fault::Killed => node.kill(),
        Fault::Paused => node.pause(),
        Fault::CutOff => match node.namespace() {
            Some(namespace) => namespace.cut(),
            None => {
                println!("skipped: a node is cut off from the database (needs root and network namespaces)");
            }
        },
    }
}

fn end(fault: Fault, node: &mut Node) {
    match fault {
        Fault::None => {}
        Fault::Killed => node.start(),
        Fault::Paused => node.go_on(),
        Fault::CutOff => {
            if let Some(namespace) = node.namespace() {
                namespace.mend();
            }
        }
    }
}
