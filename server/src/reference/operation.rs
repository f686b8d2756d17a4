//! Renders one operation.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::response::Response;
use utoipa::openapi::{OpenApi, RefOr, Schema};

use super::html::{Element, element};
use super::schema::{self, Row};
use super::{curl, words};
use crate::api::ROUTES;
use crate::api::openapi::{Schemas, sample};

/// An operation with its method and path.
pub(super) struct Described<'a> {
    pub(super) method: &'static str,
    pub(super) path: &'a str,
    operation: &'a Operation,
}

/// All operations, in the order of the route table.
pub(super) fn all(document: &OpenApi) -> Vec<Described<'_>> {
    let routes =
        ROUTES.iter().flat_map(|route| route.endpoints.iter().map(|endpoint| (endpoint.method, route.path)));
    let addresses = routes.chain([("GET", "/healthz")]);
    addresses.filter_map(|(method, path)| described(document, method, path)).collect()
}

fn described<'a>(document: &'a OpenApi, method: &'static str, path: &'static str) -> Option<Described<'a>> {
    let item = document.paths.paths.get(path)?;
    let operation = match method {
        "GET" => item.get.as_ref(),
        "POST" => item.post.as_ref(),
        "PATCH" => item.patch.as_ref(),
        "PUT" => item.put.as_ref(),
        "DELETE" => item.delete.as_ref(),
        _ => None,
    };
    Some(Described { method, path, operation: operation? })
}

impl<'a> Described<'a> {
    /// The id of its element on the page.
    pub(super) fn anchor(&self) -> &'a str {
        self.operation.operation_id.as_deref().unwrap_or_default()
    }

    pub(super) fn summary(&self) -> &'a str {
        self.operation.summary.as_deref().unwrap_or_default()
    }

    /// Whether it belongs to the group `name`.
    pub(super) fn is_tagged(&self, name: &str) -> bool {
        self.operation.tags.iter().flatten().any(|tag| tag == name)
    }

    /// The shell variable that holds its credential. `None` if it needs no credential.
    pub(super) fn token(&self) -> Option<&'static str> {
        match self.operation.security.as_ref()?.first()? {
            needs if *needs == utoipa::openapi::security::SecurityRequirement::default() => None,
            _ if self.path.starts_with("/v1/private") => Some("OPERATOR_TOKEN"),
            _ => Some("KEY"),
        }
    }

    /// The schema of its JSON body, and whether the body is required.
    pub(super) fn body(&self) -> Option<(&'a RefOr<Schema>, bool)> {
        let RefOr::T(body) = self.operation.request_body.as_ref()? else { return None };
        let is_required = body.required.as_ref().is_some_and(schema::is_required);
        json(body.content.get("application/json")).map(|schema| (schema, is_required))
    }

    /// Its parameters, after following references.
    pub(super) fn parameters(&self, schemas: Schemas<'a>) -> Vec<&'a Parameter> {
        let resolve = |parameter: &'a RefOr<Parameter>| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(reference) => {
                match schemas.0.parameters.get(reference.ref_location.rsplit('/').next()?)? {
                    RefOr::T(parameter) => Some(parameter),
                    RefOr::Ref(_) => None,
                }
            }
        };
        self.operation.parameters.iter().flatten().filter_map(resolve).collect()
    }

    pub(super) fn write(&self, schemas: Schemas<'a>) -> Element {
        let title = element("h3")
            .child(element("a").with("href", &format!("#{}", self.anchor())).text(self.summary()));
        let address =
            element("p").class("address").child(method(self.method)).child(element("code").text(self.path));
        let description = element("p").prose(self.operation.description.as_deref().unwrap_or_default());
        let text = element("div")
            .class("operation-text")
            .child(address)
            .child(description)
            .children(self.tables(schemas));
        let examples = element("div").class("operation-examples").children(self.examples(schemas));
        let columns = element("div").class("operation-columns").child(text).child(examples);
        element("article").class("operation").with("id", self.anchor()).child(title).child(columns)
    }

    fn tables(&self, schemas: Schemas<'a>) -> Vec<Element> {
        let parameters = self.parameters(schemas);
        let of = |place: ParameterIn, caption: &str| {
            let rows: Vec<_> =
                parameters.iter().filter(|parameter| parameter.parameter_in == place).collect();
            (!rows.is_empty())
                .then(|| schema::table_of(schemas, caption, rows.into_iter().map(|parameter| row(parameter))))
        };
        let body = self.body().and_then(|(body, is_required)| {
            let caption = if is_required { "Body" } else { "Body, optional" };
            // An optional body is described as a choice between the body and null.
            let schema = match schemas.resolve(body)? {
                Schema::OneOf(one) => one
                    .items
                    .iter()
                    .find(|item| !sample::is_null(item))
                    .and_then(|item| schemas.resolve(item))?,
                schema => schema,
            };
            schema::table(schemas, caption, schema, true)
        });
        let tables = [
            of(ParameterIn::Path, "Path"),
            of(ParameterIn::Query, "Query"),
            of(ParameterIn::Header, "Headers"),
            body,
            Some(self.answers(schemas)),
        ];
        tables.into_iter().flatten().collect()
    }

    fn answers(&self, schemas: Schemas<'a>) -> Element {
        let rows = self.responses(schemas).into_iter().map(|(status, response)| {
            let kind = if status.starts_with('2') { "status status-good" } else { "status" };
            let head = element("th").with("scope", "row").child(element("span").class(kind).text(status));
            let mut meaning = element("td");
            if status == "200"
                && let Some(schema) = json(response.content.get("application/json"))
            {
                meaning = meaning.child(element("div").class("kind").children(words::kind(schemas, schema)));
            }
            element("tr").child(head).child(meaning.child(element("p").prose(&response.description)))
        });
        let body = element("tbody").children(rows);
        element("table").class("members answers").child(element("caption").text("Responses")).child(body)
    }

    fn responses(&self, schemas: Schemas<'a>) -> Vec<(&'a str, &'a Response)> {
        let resolve = |response: &'a RefOr<Response>| match response {
            RefOr::T(response) => Some(response),
            RefOr::Ref(reference) => {
                match schemas.0.responses.get(reference.ref_location.rsplit('/').next()?)? {
                    RefOr::T(response) => Some(response),
                    RefOr::Ref(_) => None,
                }
            }
        };
        let responses = self.operation.responses.responses.iter();
        responses.filter_map(|(status, response)| Some((status.as_str(), resolve(response)?))).collect()
    }

    fn examples(&self, schemas: Schemas<'a>) -> Vec<Element> {
        let name = |what: &str| format!("{what}: {}", self.summary());
        let request = code("Request", &name("Request"), &curl::write(schemas, self));
        let answer = self.responses(schemas).into_iter().find(|(status, _)| *status == "200");
        let answer = answer.and_then(|(_, response)| json(response.content.get("application/json")));
        let answer = answer
            .map(|schema| code("Response, status 200", &name("Response"), &sample::write(schemas, schema)));
        std::iter::once(request).chain(answer).collect()
    }
}

fn row(parameter: &Parameter) -> Row<'_> {
    Row {
        name: &parameter.name,
        schema: parameter.schema.as_ref(),
        sentence: parameter.description.as_deref().unwrap_or_default(),
        required: parameter.parameter_in != ParameterIn::Path && schema::is_required(&parameter.required),
    }
}

fn json(content: Option<&RefOr<utoipa::openapi::Content>>) -> Option<&RefOr<Schema>> {
    match content? {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    }
}

/// The method as a label.
pub(super) fn method(method: &str) -> Element {
    element("span").class(&format!("method method-{}", method.to_lowercase())).text(method)
}

/// Text to copy. A click selects all of it. The element can be scrolled, so it has to be able to take the focus.
pub(super) fn code(title: &str, name: &str, text: &str) -> Element {
    let lines = element("code").text(text);
    let frame =
        element("pre").with("tabindex", "0").with("role", "region").with("aria-label", name).child(lines);
    element("figure").class("code").child(element("figcaption").text(title)).child(frame)
}
