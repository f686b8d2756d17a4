//! A secret that a person pastes into a search.

use model::key::{KeyPrefix, PlainKey};
use service::Settings;

use crate::support::{TestServer, encode};
use crate::users::{Console, Person};

fn secret() -> String {
    PlainKey::from_random(&KeyPrefix::default(), "0123456789abcdefghijABCDEFGHIJxy").reveal().to_owned()
}

#[tokio::test]
async fn a_secret_in_an_address_is_removed_and_not_rendered() {
    let console = Console::start().await;
    let secret = secret();
    for page in
        ["/keys?q=", "/members?search=", "/service-accounts?search=", "/keys?view=all&q=", "/account?x="]
    {
        for text in [secret.clone(), encode(&format!(" {secret}\n")), format!("Bearer+{secret}")] {
            let path = format!("{page}{text}");
            let reply = console.open(Person::Admin, &path).await;
            let clean = reply.header("location").unwrap_or_default().to_owned();
            assert_eq!((reply.status, clean.as_str()), (302, format!("{page}sk_live_01").as_str()), "{path}");
            assert!(!reply.text().contains(&secret[8..]), "{path}");
            let html = console.open(Person::Admin, &clean).await;
            assert_eq!(html.status, 200, "{clean}");
            assert!(!html.text().contains(&secret[..11]), "{clean}");
        }
    }
}

#[tokio::test]
async fn a_pasted_secret_still_finds_its_key() {
    let console = Console::start().await;
    let made = console.server.bed.key(&console.server.org, &console.server.org.admin, |draft| {
        draft.name = Some("pasted".into());
    });
    let made = made.await;
    let path = format!("/keys?q={}", made.secret.reveal());
    let clean = console.open(Person::Admin, &path).await.header("location").unwrap().to_owned();
    assert!(console.open(Person::Admin, &clean).await.text().contains(">pasted<"), "{clean}");
}

#[tokio::test]
async fn a_pasted_secret_with_a_long_prefix_finds_only_its_key() {
    let key_prefix = KeyPrefix::parse("sk_{environment}_").unwrap();
    let settings = Settings { key_prefix, ..Settings::default() };
    let console = Console::of(TestServer::start_with(settings).await).await;
    let mut made = Vec::new();
    for name in ["another", "pasted"] {
        let key = console.server.bed.key(&console.server.org, &console.server.org.admin, |draft| {
            draft.name = Some(name.into());
            draft.environment = Some("staging9x".into());
        });
        made.push(key.await);
    }
    let secret = made[1].secret.reveal();
    let clean = format!("/keys?q={}", &secret[..17]);
    let reply = console.open(Person::Admin, &format!("/keys?q={secret}")).await;
    assert_eq!(reply.header("location"), Some(clean.as_str()));
    let html = console.open(Person::Admin, &clean).await;
    assert!(html.text().contains(">pasted<") && !html.text().contains(">another<"));
    assert!(!html.text().contains(&secret[..18]));
}

#[tokio::test]
async fn the_sign_in_redirect_never_contains_a_secret() {
    let console = Console::start().await;
    let secret = secret();
    for path in [format!("/keys?q={secret}"), format!("/login?next=%2Fkeys%3Fq%3D{secret}")] {
        let mut path = path;
        for _ in 0..3 {
            let reply = console.open(Person::Nobody, &path).await;
            assert!(!reply.text().contains(&secret), "{path}");
            let Some(next) = reply.header("location") else { break };
            assert!(!next.contains(&secret[..11]), "{next}");
            next.clone_into(&mut path);
        }
    }
}
