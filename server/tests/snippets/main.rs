//! Takes the code that the page Connect shows and runs it unchanged against the server that shows it.
//!
//! The tests need curl, Node and Python. Go is tested if it is installed.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where this fails"
)]

#[path = "../binary/mod.rs"]
mod binary;

mod page;
mod program;

use std::time::Instant;

use binary::{ADMIN, Answer, Rest, TestFolder};
use page::Visitor;
use program::{Ended, LANGUAGES};

const PASSWORD: &str = "correct horse battery";

async fn key(rest: &Rest, name: &str) -> String {
    match rest.create(name).await {
        Answer::Done(made) => made["key"].as_str().unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_on_the_connect_page_works() {
    let place = TestFolder::new();
    std::fs::write(place.path("password"), PASSWORD).unwrap();
    let made = place.bootstrap(&["--password-file", "password"]);
    let own = made["admin_key"].as_str().unwrap();
    let server = place.start(&[]);
    let rest = Rest::new(&server.address, own);
    let (good, ended) = (key(&rest, "good").await, key(&rest, "ended").await);
    rest.revoke("ended").await;
    let visitor = Visitor::sign_in(&server.address, ADMIN, PASSWORD).await;
    for language in LANGUAGES {
        let code = visitor.code_shown(language.word).await;
        assert!(code.contains(&format!("{}/v1/keys/verify", server.address)), "{code}");
        let Some(program) = language.program(&place, &code) else {
            println!("{}: left out, {} is not installed", language.word, language.command);
            continue;
        };
        #[expect(clippy::disallowed_methods, reason = "the real duration is printed")]
        let started = Instant::now();
        let verdict = program.run(own, &good).verdict();
        assert_eq!((&verdict["valid"], &verdict["code"]), (&true.into(), &"VALID".into()), "{verdict}");
        assert_eq!(verdict["name"], "good");
        let verdict = program.run(own, &ended).verdict();
        assert_eq!((&verdict["valid"], &verdict["code"]), (&false.into(), &"REVOKED".into()), "{verdict}");
        // A caller that may not verify keys gets no verdict.
        match program.run(&good, &good) {
            Ended::Well(text) => assert!(language.word == "curl" && !text.contains("\"valid\""), "{text}"),
            Ended::Badly(_) => assert_ne!(language.word, "curl"),
        }
        println!("{}: {:?}", language.word, started.elapsed());
    }
}
