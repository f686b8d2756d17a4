//! The servers that share the database, as an admin sees them in the settings.

use crate::users::{Console, Person};

const LIST: &str = "/console/api/nodes/list";
const JSON: &str = "application/json";

#[tokio::test]
async fn admins_of_the_only_organization_see_the_nodes() {
    let console = Console::start().await;
    let list = console.call(Person::Admin, LIST, "{}", JSON).await.ok();
    assert_eq!(
        (list.as_array().unwrap().len(), &list[0]["name"], &list[0]["is_this"]),
        (1, &"localhost".into(), &true.into())
    );
    let page = console.open(Person::Admin, "/settings").await.text();
    assert!(
        page.contains("id=\"nodes\"") && page.contains("localhost") && page.contains("Answering"),
        "{page}"
    );
    assert!(!page.contains("Different versions"));
}

#[tokio::test]
async fn nobody_else_sees_them() {
    let console = Console::start().await;
    for person in [Person::Member, Person::Viewer] {
        assert_eq!(console.call(person, LIST, "{}", JSON).await.status, 403);
        let page = console.open(person, "/settings").await;
        assert!(page.status == 200 && !page.text().contains("id=\"nodes\""), "{person:?}");
    }
    console.server.foreign().await;
    assert!(
        console.call(Person::Admin, LIST, "{}", JSON).await.ok().is_null(),
        "another organization shares the server"
    );
    assert!(!console.open(Person::Admin, "/settings").await.text().contains("id=\"nodes\""));
}
