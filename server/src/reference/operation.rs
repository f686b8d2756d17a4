//! Renders one operation.

use utoipa::openapi::Schema;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::described::{Described, json};
use super::html::{Element, element};
use super::schema::{self, Row};
use super::{curl, words};
use crate::api::openapi::{Schemas, sample};

impl<'a> Described<'a> {
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
