//! Renders the page: an introduction, the operations by group, and the objects in their requests and responses.

use maud::{DOCTYPE, Markup, html};
use utoipa::openapi::OpenApi;

use super::described::{self, Described};
use super::parts::{method, prose};
use super::{introduction, schema, words};
use crate::api::openapi::Schemas;

const TITLE: &str = "Keystead API reference";
const HOUSE: &str = "M12 1.5 2.5 8.6A2.5 2.5 0 0 0 1.5 10.600V20A2.500 2.500 0 0 0 4 22.500H20A2.500 2.500 0 0 0 22.500 20V10.600A2.500 2.500 0 0 0 21.500 8.600z";
const KEYHOLE: &str =
    "M12 8.750A3.250 3.250 0 0 0 10.100 14.640L9.250 22.500H14.750L13.900 14.640A3.250 3.250 0 0 0 12 8.750z";

pub(super) fn write(document: &OpenApi) -> String {
    let empty = utoipa::openapi::Components::default();
    let schemas = Schemas(document.components.as_ref().unwrap_or(&empty));
    let operations = described::all(document);
    let layout = html! {
        div class="reference" {
            (side(document, &operations))
            (content(document, schemas, &operations))
        }
    };
    whole(true, &layout)
}

/// Writes the page for unauthenticated clients. It asks people to open the reference again after signing in, because
/// the console redirects only to its own pages.
pub(super) fn write_for_unauthenticated() -> String {
    let lead = "You need to sign in to read this page. Sign in to the console, then open the page again. Programs send an \
                API key as `Authorization: Bearer <key>`.";
    let main = html! {
        main class="unauthenticated" id="content" tabindex="-1" {
            h1 { "API reference" }
            p class="lead" { (prose(lead)) }
            p { a href=(app::paths::LOGIN) { "Sign in" } }
        }
    };
    whole(false, &main)
}

/// The whole document. Clients that may read the OpenAPI document get a link to it.
fn whole(may_read: bool, content: &Markup) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (TITLE) }
                link rel="icon" href="/favicon.svg";
                link rel="stylesheet" href="/docs/style.css";
            }
            body {
                a class="skip-link" href="#content" { "Skip to the content" }
                header class="top" {
                    (logo())
                    span class="top-title" { "API reference" }
                    @if may_read { a href="/openapi.json" { "openapi.json" } }
                }
                (content)
            }
        }
    };
    document.into_string()
}

fn logo() -> Markup {
    html! {
        a class="logo" href="/docs" {
            svg class="logo-mark" viewBox="0 0 24 24" aria-hidden="true" {
                path class="logo-house" d=(HOUSE) {}
                path class="logo-key" d=(KEYHOLE) {}
            }
            span class="logo-name" { "Keystead" }
        }
    }
}

/// The table of contents: beside the text on wide screens, and folded above it on narrow ones.
fn side(document: &OpenApi, operations: &[Described<'_>]) -> Markup {
    let entries = navigation(document, operations);
    html! {
        div class="side" {
            details class="side-folded" {
                summary { "Contents" }
                nav aria-label="Contents, folded" { (entries) }
            }
            nav aria-label="Contents" class="side-open" { (entries) }
        }
    }
}

fn navigation(document: &OpenApi, operations: &[Described<'_>]) -> Markup {
    html! {
        ul { @for (id, title) in introduction::SECTIONS { li { (link(id, title)) } } }
        @for tag in document.tags.iter().flatten() {
            p class="side-title" { (link(&group(&tag.name), &tag.name)) }
            ul {
                @for operation in operations.iter().filter(|operation| operation.is_tagged(&tag.name)) {
                    li {
                        a href=(format!("#{}", operation.anchor())) {
                            span { (operation.summary()) }
                            (method(operation.method))
                        }
                    }
                }
            }
        }
        p class="side-title" { (link("objects", "Objects")) }
    }
}

fn link(id: &str, text: &str) -> Markup {
    html! { a href=(format!("#{id}")) { (text) } }
}

fn group(tag: &str) -> String {
    format!("group-{}", tag.to_lowercase().replace(' ', "-"))
}

fn content(document: &OpenApi, schemas: Schemas<'_>, operations: &[Described<'_>]) -> Markup {
    html! {
        main id="content" tabindex="-1" {
            h1 { "API reference" }
            p class="lead" { (prose(document.info.description.as_deref().unwrap_or_default())) }
            (introduction::write(schemas))
            @for tag in document.tags.iter().flatten() {
                section id=(group(&tag.name)) {
                    h2 { (tag.name) }
                    p class="lead" { (prose(tag.description.as_deref().unwrap_or_default())) }
                    @for operation in operations.iter().filter(|operation| operation.is_tagged(&tag.name)) {
                        (operation.write(schemas))
                    }
                }
            }
            (objects(schemas))
        }
    }
}

fn objects(schemas: Schemas<'_>) -> Markup {
    html! {
        section id="objects" {
            h2 { "Objects" }
            @for (name, schema) in &schemas.0.schemas {
                @if let Some(table) = schemas
                    .resolve(schema)
                    .and_then(|object| schema::table(schemas, "Fields", object, name.ends_with("Request")))
                {
                    article class="object" id=(words::anchor(name)) {
                        h3 { (name) }
                        p { (prose(schemas.sentence(schema))) }
                        (table)
                    }
                }
            }
        }
    }
}
