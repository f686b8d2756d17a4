//! Checks a value against a schema. This supports only the part of JSON Schema that the description of the API uses.
//! Any other keyword is an error, so that it is not ignored silently.

use model::key::Environment;
use serde_json::{Map, Value};

/// Returns what is wrong with a value and where, or `None` if it matches the schema. References point into `document`.
pub fn mismatch(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let schema = resolve(document, schema);
    let Some(words) = schema.as_object() else { return Some(format!("no schema: {schema}")) };
    words.iter().find_map(|(word, rule)| {
        broken(document, words, word, rule, value).map(|place| format!("{place}: not as {word} says"))
    })
}

/// Follows a reference. Returns any other value itself.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let found = document.pointer(reference.trim_start_matches('#'));
            resolve(document, found.unwrap_or(&Value::Null))
        }
        None => value,
    }
}

/// Returns the place at which a rule is broken.
fn broken(
    document: &Value,
    words: &Map<String, Value>,
    word: &str,
    rule: &Value,
    value: &Value,
) -> Option<String> {
    let here = |is_broken: bool| is_broken.then(|| short(value));
    let fits = |schema: &Value| mismatch(document, schema, value).is_none();
    match word {
        "type" => here(!is_of_type(rule, value)),
        "enum" => here(!rule.as_array().unwrap().contains(value)),
        "oneOf" => here(rule.as_array().unwrap().iter().filter(|one| fits(one)).count() != 1),
        "allOf" => rule.as_array().unwrap().iter().find_map(|part| mismatch(document, part, value)),
        "properties" => {
            let members = rule.as_object().unwrap().iter();
            let mut given = members.filter_map(|(name, schema)| Some((name, schema, value.get(name)?)));
            given.find_map(|(name, schema, value)| {
                mismatch(document, schema, value).map(|inner| format!("{name}.{inner}"))
            })
        }
        "required" => {
            let mut names = rule.as_array().unwrap().iter().filter_map(Value::as_str);
            names.find(|name| value.is_object() && value.get(name).is_none()).map(str::to_owned)
        }
        "additionalProperties" => extra(document, words, rule, value),
        "items" => {
            let mut items = value.as_array()?.iter().enumerate();
            items.find_map(|(at, item)| mismatch(document, rule, item).map(|inner| format!("{at}.{inner}")))
        }
        "minItems" => here(value.as_array()?.len() < size(rule)),
        "maxItems" => here(value.as_array()?.len() > size(rule)),
        "maxProperties" => here(value.as_object()?.len() > size(rule)),
        "minLength" => here(value.as_str()?.chars().count() < size(rule)),
        "maxLength" => here(value.as_str()?.chars().count() > size(rule)),
        "minimum" => here(value.as_f64()? < rule.as_f64().unwrap()),
        "maximum" => here(value.as_f64()? > rule.as_f64().unwrap()),
        "pattern" => here(!fits_pattern(rule.as_str().unwrap(), value.as_str()?)),
        "format" => here(!is_of_format(rule.as_str().unwrap(), value)),
        "propertyNames" | "description" | "examples" | "default" => None,
        unknown => Some(format!("the word {unknown} is not known to the tests")),
    }
}

fn extra(document: &Value, words: &Map<String, Value>, rule: &Value, value: &Value) -> Option<String> {
    let described = words.get("properties").and_then(Value::as_object);
    let is_described = |name: &str| described.is_some_and(|described| described.contains_key(name));
    let mut extra = value.as_object()?.iter().filter(|(name, _)| !is_described(name));
    extra.find_map(|(name, value)| match rule {
        Value::Bool(true) => None,
        Value::Bool(false) => Some(name.clone()),
        schema => mismatch(document, schema, value).map(|inner| format!("{name}.{inner}")),
    })
}

fn is_of_type(rule: &Value, value: &Value) -> bool {
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known to the tests"),
    };
    match rule {
        Value::String(kind) => is(kind),
        kinds => kinds.as_array().unwrap().iter().filter_map(Value::as_str).any(is),
    }
}

fn is_of_format(format: &str, value: &Value) -> bool {
    match (format, value) {
        ("date-time", Value::String(text)) => {
            text.ends_with('Z') && model::Timestamp::parse(text).is_ok_and(|at| at.to_rfc3339() == *text)
        }
        ("int32", Value::Number(number)) => {
            // utoipa describes a `u32` as an int32 with a minimum of 0.
            number
                .as_i64()
                .is_some_and(|number| (i64::from(i32::MIN)..=i64::from(u32::MAX)).contains(&number))
        }
        ("int64" | "int32" | "date-time", _) => true,
        (other, _) => panic!("the format {other} is not known to the tests"),
    }
}

/// Checks a pattern. The description has only the pattern of environments and those of ids.
fn fits_pattern(pattern: &str, text: &str) -> bool {
    if pattern == "^[a-z][a-z0-9]*$" {
        return Environment::parse(text).is_ok();
    }
    let (prefix, rest) = pattern.trim_start_matches('^').split_once('[').unwrap();
    assert_eq!(rest, "0-9A-Za-z]+$");
    let random = text.strip_prefix(prefix).unwrap_or_default();
    !random.is_empty() && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn size(rule: &Value) -> usize {
    usize::try_from(rule.as_u64().unwrap()).unwrap()
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(200).collect()
}
