//! Renders the page: an introduction, the operations by group, and the objects in their requests and responses.

use model::problem::Code;
use utoipa::openapi::{OpenApi, RefOr};

use super::described::{self, Described};
use super::html::{Element, element};
use super::operation::{code, method};
use super::schema;
use super::words;
use crate::api::openapi::Schemas;

const TITLE: &str = "Keystead API reference";
const START: &str = "export KEYSTEAD=https://keys.example.com\nexport KEY=sk_live_…\n\ncurl -s \"$KEYSTEAD/v1/me\" \\\n  -H \"Authorization: Bearer $KEY\"";
const HOUSE: &str = "M12 1.5 2.5 8.6A2.5 2.5 0 0 0 1.5 10.600V20A2.500 2.500 0 0 0 4 22.500H20A2.500 2.500 0 0 0 22.500 20V10.600A2.500 2.500 0 0 0 21.500 8.600z";
const KEYHOLE: &str =
    "M12 8.750A3.250 3.250 0 0 0 10.100 14.640L9.250 22.500H14.750L13.900 14.640A3.250 3.250 0 0 0 12 8.750z";

pub(super) fn write(document: &OpenApi) -> String {
    let empty = utoipa::openapi::Components::default();
    let schemas = Schemas(document.components.as_ref().unwrap_or(&empty));
    let operations = described::all(document);
    let layout = element("div").class("reference").child(side(document, &operations)).child(content(
        document,
        schemas,
        &operations,
    ));
    whole(top(true), layout)
}

/// Writes the page for unauthenticated clients. It asks people to open the reference again after signing in, because
/// the console redirects only to its own pages.
pub(super) fn write_for_unauthenticated() -> String {
    let lead = "You need to sign in to read this page. Sign in to the console, then open the page again. Programs send an \
                API key as `Authorization: Bearer <key>`.";
    let link = element("p").child(element("a").with("href", app::paths::LOGIN).text("Sign in"));
    let main = element("main").class("unauthenticated").with("id", "content").with("tabindex", "-1");
    let main = main
        .child(element("h1").text("API reference"))
        .child(element("p").class("lead").prose(lead))
        .child(link);
    whole(top(false), main)
}

fn whole(top: Element, content: Element) -> String {
    let skip = element("a").class("skip-link").with("href", "#content").text("Skip to the content");
    let body = element("body").child(skip).child(top).child(content);
    format!("<!doctype html>{}", element("html").with("lang", "en").child(head()).child(body).written())
}

fn head() -> Element {
    let link = |kind, address| element("link").with("rel", kind).with("href", address);
    element("head")
        .child(element("meta").with("charset", "utf-8"))
        .child(
            element("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
        )
        .child(element("title").text(TITLE))
        .child(link("icon", "/favicon.svg"))
        .child(link("stylesheet", "/docs/style.css"))
}

/// The bar at the top. Clients that may read the OpenAPI document get a link to it.
fn top(may_read: bool) -> Element {
    let shape = |class, path| element("path").class(class).with("d", path);
    let mark = element("svg").class("logo-mark").with("viewBox", "0 0 24 24").with("aria-hidden", "true");
    let mark = mark.child(shape("logo-house", HOUSE)).child(shape("logo-key", KEYHOLE));
    let logo = element("a")
        .class("logo")
        .with("href", "/docs")
        .child(mark)
        .child(element("span").class("logo-name").text("Keystead"));
    let file = element("a").with("href", "/openapi.json").text("openapi.json");
    let bar = element("header").class("top").child(logo);
    let bar = bar.child(element("span").class("top-title").text("API reference"));
    if may_read { bar.child(file) } else { bar }
}

/// The table of contents: beside the text on wide screens, and folded above it on narrow ones.
fn side(document: &OpenApi, operations: &[Described<'_>]) -> Element {
    let folded = element("details").class("side-folded").child(element("summary").text("Contents"));
    let folded = folded.child(navigation("Contents, folded", document, operations));
    element("div")
        .class("side")
        .child(folded)
        .child(navigation("Contents", document, operations).class("side-open"))
}

fn navigation(label: &str, document: &OpenApi, operations: &[Described<'_>]) -> Element {
    let entry = |address: &str, text: &str| element("a").with("href", &format!("#{address}")).text(text);
    let guide = [
        ("authentication", "Authentication"),
        ("errors", "Errors"),
        ("rate-limits", "Rate limits"),
        ("safe-changes", "Safe changes"),
    ];
    let guide = guide.map(|(address, text)| element("li").child(entry(address, text)));
    let mut whole = element("nav").with("aria-label", label).child(element("ul").children(guide));
    for tag in document.tags.iter().flatten() {
        let of_tag = operations.iter().filter(|operation| operation.is_tagged(&tag.name));
        let entries = of_tag.map(|operation| {
            let words = element("span").text(operation.summary());
            let link = element("a")
                .with("href", &format!("#{}", operation.anchor()))
                .child(words)
                .child(method(operation.method));
            element("li").child(link)
        });
        let title = element("p").class("side-title").child(entry(&group(&tag.name), &tag.name));
        whole = whole.child(title).child(element("ul").children(entries));
    }
    whole.child(element("p").class("side-title").child(entry("objects", "Objects")))
}

fn group(tag: &str) -> String {
    format!("group-{}", tag.to_lowercase().replace(' ', "-"))
}

fn content(document: &OpenApi, schemas: Schemas<'_>, operations: &[Described<'_>]) -> Element {
    let intro = element("p").class("lead").prose(document.info.description.as_deref().unwrap_or_default());
    let mut main = element("main").with("id", "content").with("tabindex", "-1");
    main = main
        .child(element("h1").text("API reference"))
        .child(intro)
        .child(authentication())
        .child(errors(schemas))
        .child(limits())
        .child(safe_changes());
    for tag in document.tags.iter().flatten() {
        let id = group(&tag.name);
        let title = element("h2").text(&tag.name);
        let lead = element("p").class("lead").prose(tag.description.as_deref().unwrap_or_default());
        let of_tag = operations.iter().filter(|operation| operation.is_tagged(&tag.name));
        let written = of_tag.map(|operation| operation.write(schemas));
        main = main.child(element("section").with("id", &id).child(title).child(lead).children(written));
    }
    main.child(objects(schemas))
}

fn authentication() -> Element {
    let text = "Send an API key as `Authorization: Bearer <key>`. Send exactly one such header. Keys in other places and \
                cookies are ignored. A key can do what its permissions allow, within its scopes and the role of its owner. \
                Most endpoints require the permission `admin`. The first key of an organization, `admin-key`, is shown \
                when the organization is created.";
    let section = element("section").with("id", "authentication").child(element("h2").text("Authentication"));
    section.child(element("p").class("lead").prose(text)).child(code("Try it", "Try it", START))
}

fn errors(schemas: Schemas<'_>) -> Element {
    let text = "Every error has the body `ErrorResponse`. It has a sentence for people in `message` and a code for \
                programs in `type`. Validation errors of a request are all reported together.";
    let rows = Code::ALL.iter().filter_map(|code| {
        let RefOr::T(response) = schemas.0.responses.get(code.as_str())? else { return None };
        let status = element("span").class("status").text(&code.status().to_string());
        let head = element("th").with("scope", "row").child(status);
        let word = element("div").class("kind").child(element("code").text(code.as_str()));
        Some(
            element("tr")
                .child(head)
                .child(element("td").child(word).child(element("p").prose(&response.description))),
        )
    });
    let table = element("table")
        .class("members answers")
        .child(element("caption").text("Statuses"))
        .child(element("tbody").children(rows));
    let section = element("section").with("id", "errors").child(element("h2").text("Errors"));
    section.child(element("p").class("lead").prose(text)).child(table)
}

fn limits() -> Element {
    let text = "The number of requests that a key may make in any 60 seconds is limited, by its own `rate_limit_override` \
                or by the default of the server. Every response to a key reports what is left of the limit in \
                `X-RateLimit-Limit`, `X-RateLimit-Remaining`, `X-RateLimit-Reset` and `X-RateLimit-Window`, and in \
                `RateLimit` and `RateLimit-Policy` of the IETF draft. Requests beyond the limit get status 429, with the \
                exact wait in `Retry-After`. Every response has the id of its request in `X-Request-Id`.";
    let section = element("section").with("id", "rate-limits").child(element("h2").text("Rate limits"));
    section.child(element("p").class("lead").prose(text))
}

fn safe_changes() -> Element {
    let text = "A response with one key has an `ETag`. Send it in `If-Match` to change the key only if nobody else has \
                changed it in the meantime. If someone has, the response has status 412 and nothing is changed. Requests \
                that create or rotate a key accept an `Idempotency-Key`. If a response got lost, send the same request \
                again within 10 minutes. It is not carried out again and gets the same response with the same secret, \
                marked `Idempotent-Replayed`.";
    let section = element("section").with("id", "safe-changes").child(element("h2").text("Safe changes"));
    section.child(element("p").class("lead").prose(text))
}

fn objects(schemas: Schemas<'_>) -> Element {
    let shown = schemas.0.schemas.iter().filter_map(|(name, schema)| {
        let table = schema::table(schemas, "Fields", schemas.resolve(schema)?, name.ends_with("Request"))?;
        let lead = element("p").prose(schemas.sentence(schema));
        let object = element("article").class("object").with("id", &words::anchor(name));
        Some(object.child(element("h3").text(name)).child(lead).child(table))
    });
    let shown: Vec<_> = shown.collect();
    element("section").with("id", "objects").child(element("h2").text("Objects")).children(shown)
}
