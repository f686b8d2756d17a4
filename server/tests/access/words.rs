//! What each permission of a service account allows. An account with exactly the permissions of a row may send the
//! request of that row. An account that lacks one of them may not, even if it has all other permissions.

use std::collections::BTreeSet;

use model::key::Access;

use crate::case::Case;
use crate::support::{ALL_WORDS, Actor};
use crate::table::{
    API_KEY, API_KEYS, GATEWAY, GATEWAYS, INTROSPECT, ROTATE_API_KEY, Row, SERVICE_ACCOUNT, SERVICE_ACCOUNTS,
    SNIPPET, VERIFY, VERIFY_BATCH, table,
};

type Words = (&'static str, &'static str, &'static [&'static str]);

const WORDS: &[Words] = &[
    ("POST", VERIFY, &["apikey:verify"]),
    ("POST", VERIFY_BATCH, &["apikey:verify"]),
    ("POST", INTROSPECT, &["apikey:verify"]),
    ("GET", API_KEYS, &["apikey:read"]),
    ("POST", API_KEYS, &["apikey:create"]),
    ("GET", API_KEY, &["apikey:read"]),
    // A change counts as creating the changed key and deleting the previous one.
    ("PATCH", API_KEY, &["apikey:create", "apikey:delete"]),
    ("DELETE", API_KEY, &["apikey:delete"]),
    ("GET", SERVICE_ACCOUNTS, &["serviceaccount:read"]),
    // A caller cannot grant a permission that it lacks, and the request of this row grants apikey:read.
    ("POST", SERVICE_ACCOUNTS, &["serviceaccount:create", "apikey:read"]),
    ("GET", SERVICE_ACCOUNT, &["serviceaccount:read"]),
    ("PATCH", SERVICE_ACCOUNT, &["serviceaccount:update", "apikey:read"]),
    ("DELETE", SERVICE_ACCOUNT, &["serviceaccount:delete"]),
    ("GET", GATEWAYS, &["gateway:read"]),
    ("POST", GATEWAYS, &["gateway:create"]),
    ("GET", GATEWAY, &["gateway:read"]),
    ("PATCH", GATEWAY, &["gateway:update"]),
    ("DELETE", GATEWAY, &["gateway:delete"]),
    ("GET", SNIPPET, &["gateway:read"]),
];

/// The rows whose request a service account may send only if it has permissions.
fn rows() -> Vec<Row> {
    let needs_words = |row: &Row| {
        row.status(Actor::ServiceAccount) == 200 && row.status(Actor::PowerlessServiceAccount) == 403
    };
    table().into_iter().filter(needs_words).collect()
}

#[test]
fn every_route_of_service_accounts_has_its_permissions() {
    let listed: BTreeSet<_> = WORDS.iter().map(|(method, path, _)| (*method, *path)).collect();
    let rows = rows();
    assert_eq!(rows.iter().map(|row| (row.method, row.path)).collect::<BTreeSet<_>>(), listed);
    assert_eq!(WORDS.len(), rows.len());
    // Only people can rotate a person's key, so rotation has no row here.
    assert_eq!(
        table().iter().find(|row| row.path == ROTATE_API_KEY).unwrap().status(Actor::ServiceAccount),
        403
    );
    let used: BTreeSet<_> = WORDS.iter().flat_map(|(_, _, words)| *words).collect();
    assert_eq!(used, ALL_WORDS.iter().collect(), "every permission allows something");
}

#[tokio::test]
async fn a_service_account_can_do_only_what_its_permissions_allow() {
    for row in rows() {
        let (_, _, words) =
            WORDS.iter().find(|(method, path, _)| (*method, *path) == (row.method, row.path)).unwrap();
        let case = Case::start(row.method, row.path, &row.body).await;
        for without in *words {
            let others: Vec<_> = ALL_WORDS.into_iter().filter(|word| word != without).collect();
            let (_, client) =
                case.server.service_account(&format!("without {without}"), &others, Access::ReadWrite).await;
            let before = case.server.own_state().await;
            let reply = case.send(&client).await;
            assert_eq!(reply.status, 403, "{} {} without {without}: {}", row.method, row.path, reply.text());
            assert_eq!(
                case.server.own_state().await,
                before,
                "{} {} without {without}",
                row.method,
                row.path
            );
        }
        let (_, client) = case.server.service_account("just these", words, Access::ReadWrite).await;
        let reply = case.send(&client).await;
        assert_eq!(reply.status, 200, "{} {} with {words:?}: {}", row.method, row.path, reply.text());
    }
}
