//! Writes a request as a command that can be pasted into a shell.

use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::{RefOr, Schema};

use super::described::Described;
use crate::api::openapi::{Schemas, sample};

/// Writes the command. `$KEYSTEAD` is the address of the server, and `$KEY` or `$OPERATOR_TOKEN` the credential.
pub(super) fn write(schemas: Schemas<'_>, described: &Described<'_>) -> String {
    let mut lines =
        vec![format!("curl -s{} \"$KEYSTEAD{}\"", method(described), address(schemas, described))];
    if let Some(token) = described.token() {
        lines.push(format!("-H \"Authorization: Bearer ${token}\""));
    }
    if let Some((schema, true)) = described.body() {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{}'", sample::write(schemas, schema).replace('\'', "'\\''")));
    }
    lines.join(" \\\n  ")
}

fn method(described: &Described<'_>) -> String {
    let needs_none = described.method == "GET"
        || (described.method == "POST" && matches!(described.body(), Some((_, true))));
    if needs_none { String::new() } else { format!(" -X {}", described.method) }
}

fn address(schemas: Schemas<'_>, described: &Described<'_>) -> String {
    let mut path = described.path.to_owned();
    for parameter in described.parameters(schemas) {
        if parameter.parameter_in == ParameterIn::Path
            && let Some(schema) = &parameter.schema
        {
            path = path.replace(&format!("{{{}}}", parameter.name), &encoded(schemas, schema));
        }
    }
    path
}

fn encoded(schemas: Schemas<'_>, schema: &RefOr<Schema>) -> String {
    sample::write(schemas, schema).trim_matches('"').replace('@', "%40")
}
