//! Renders one operation.

use maud::{Markup, html};
use utoipa::openapi::Schema;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::response::Response;

use super::described::{Described, json};
use super::parts::{code, method, prose};
use super::schema::{self, Row};
use super::{curl, words};
use crate::api::openapi::{Schemas, sample};

impl<'a> Described<'a> {
    pub(super) fn write(&self, schemas: Schemas<'a>) -> Markup {
        html! {
            article class="operation" id=(self.anchor()) {
                h3 { a href=(format!("#{}", self.anchor())) { (self.summary()) } }
                div class="operation-columns" {
                    div class="operation-text" {
                        p class="address" { (method(self.method)) code { (self.path) } }
                        p { (prose(self.operation.description.as_deref().unwrap_or_default())) }
                        @for table in self.tables(schemas) { (table) }
                    }
                    div class="operation-examples" { (self.examples(schemas)) }
                }
            }
        }
    }

    fn tables(&self, schemas: Schemas<'a>) -> Vec<Markup> {
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

    fn answers(&self, schemas: Schemas<'a>) -> Markup {
        html! {
            table class="members answers" {
                caption { "Responses" }
                tbody {
                    @for (status, response) in self.responses(schemas) {
                        (answer(schemas, status, response))
                    }
                }
            }
        }
    }

    fn examples(&self, schemas: Schemas<'a>) -> Markup {
        let name = |what: &str| format!("{what}: {}", self.summary());
        let answer = self.responses(schemas).into_iter().find(|(status, _)| *status == "200");
        let answer = answer.and_then(|(_, response)| json(response.content.get("application/json")));
        html! {
            (code("Request", &name("Request"), &curl::write(schemas, self)))
            @if let Some(schema) = answer {
                (code("Response, status 200", &name("Response"), &sample::write(schemas, schema)))
            }
        }
    }
}

fn answer(schemas: Schemas<'_>, status: &str, response: &Response) -> Markup {
    let class = if status.starts_with('2') { "status status-good" } else { "status" };
    let schema = json(response.content.get("application/json")).filter(|_| status == "200");
    html! {
        tr {
            th scope="row" { span class=(class) { (status) } }
            td {
                @if let Some(schema) = schema { div class="kind" { (words::kind(schemas, schema)) } }
                p { (prose(&response.description)) }
            }
        }
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
