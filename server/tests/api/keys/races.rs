//! Clients that send the same request at the same time.

use serde_json::json;

use crate::support::{MEMBER, TestServer, key_at, keys_of};

async fn create_at_once(server: &TestServer) {
    let admin = server.admin();
    let creating = (0..10).map(|_| {
        let admin = admin.clone();
        tokio::spawn(async move { admin.post(&keys_of(MEMBER), json!({"name": "ci"})).await })
    });
    let mut statuses = Vec::new();
    for task in creating.collect::<Vec<_>>() {
        let reply = task.await.unwrap();
        if reply.status != 200 {
            reply.refused(409, "AlreadyExistsError");
        }
        statuses.push(reply.status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(admin.get(&keys_of(MEMBER)).await.ok()["total"], 1);
}

async fn rotate_at_once(server: &TestServer) {
    let admin = server.admin();
    admin.post(&keys_of(MEMBER), json!({"name": "turning"})).await.ok();
    let path = format!("{}/rotate", key_at(MEMBER, "turning"));
    let rotating = (0..4).map(|_| {
        let (admin, path) = (admin.clone(), path.clone());
        tokio::spawn(async move { admin.post_nothing(&path).await.ok() })
    });
    let mut handed_out = Vec::new();
    for task in rotating.collect::<Vec<_>>() {
        handed_out.push(task.await.unwrap());
    }
    let list = admin.get(&keys_of(MEMBER)).await.ok();
    let stored = list["results"].as_array().unwrap().iter().find(|key| key["name"] == "turning").unwrap();
    let mut live = Vec::new();
    for made in &handed_out {
        if server.with_key(made["key"].as_str()).get(&keys_of(MEMBER)).await.status == 200 {
            live.push(&made["key_hash"]);
        }
    }
    assert_eq!(live, [&stored["key_hash"]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_ten_simultaneous_creates_with_one_name_succeeds() {
    create_at_once(&TestServer::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_ten_simultaneous_creates_with_one_name_succeeds_on_postgres() {
    create_at_once(&TestServer::start_on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_simultaneous_rotations_leave_one_working_secret() {
    rotate_at_once(&TestServer::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_simultaneous_rotations_leave_one_working_secret_on_postgres() {
    rotate_at_once(&TestServer::start_on_postgres().await).await;
}
