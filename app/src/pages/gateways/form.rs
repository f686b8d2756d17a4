//! The state of the form fields of a new or an edited gateway.

use leptos::prelude::*;
use model::field::FieldErrors;
use model::gateway::{Gateway, HandedHeader, RULES_MAX, RuleAccess};

use crate::components::post_form::Fields;
use crate::components::users::LiveForm;
use crate::error::ConsoleError;
use crate::fns::gateways::{GatewayFields, RuleFields};

#[derive(Clone, Copy)]
pub(super) struct GatewayForm {
    pub name: RwSignal<String>,
    pub key_header: RwSignal<String>,
    pub rules: RwSignal<Vec<RuleRow>>,
    pub otherwise: RwSignal<String>,
    pub headers: StoredValue<Vec<(HandedHeader, RwSignal<bool>)>>,
    pub hide_key: RwSignal<bool>,
    /// The number that the next added row gets.
    next: StoredValue<usize>,
}

/// One row of the rules. Its number identifies it and stays the same when the row moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RuleRow {
    pub number: usize,
    pub method: RwSignal<String>,
    pub path: RwSignal<String>,
    pub needs: RwSignal<String>,
    pub kind: RwSignal<String>,
    pub id: RwSignal<String>,
    pub operation: RwSignal<String>,
}

impl RuleRow {
    fn of(number: usize, rule: RuleFields) -> Self {
        let RuleFields { method, path, needs, kind, id, operation } = rule;
        let needs = if needs.is_empty() { RuleAccess::Key.to_string() } else { needs };
        Self {
            number,
            method: RwSignal::new(method),
            path: RwSignal::new(path),
            needs: RwSignal::new(needs),
            kind: RwSignal::new(kind),
            id: RwSignal::new(id),
            operation: RwSignal::new(operation),
        }
    }

    pub fn fields(self) -> RuleFields {
        RuleFields {
            method: self.method.get(),
            path: self.path.get(),
            needs: self.needs.get(),
            kind: self.kind.get(),
            id: self.id.get(),
            operation: self.operation.get(),
        }
    }
}

impl GatewayForm {
    /// The fields of a new gateway, with their defaults.
    pub fn empty() -> Self {
        let headers = HandedHeader::ALL.iter().map(ToString::to_string).collect();
        let key_header = "Authorization".to_owned();
        Self::new(GatewayFields { key_header, headers, hide_key: true, ..GatewayFields::default() })
    }

    pub fn of(gateway: &Gateway) -> Self {
        Self::new(GatewayFields::of(gateway))
    }

    /// Adds an empty row after the rules unless they are full, because without JavaScript no row can be added.
    fn new(fields: GatewayFields) -> Self {
        let GatewayFields { name, key_header, mut rules, otherwise, headers, hide_key } = fields;
        if rules.len() < RULES_MAX {
            rules.push(RuleFields::default());
        }
        let next = rules.len();
        let is_on = |header: &HandedHeader| headers.iter().any(|name| name == header.as_str());
        let headers = HandedHeader::ALL.iter().map(|header| (*header, RwSignal::new(is_on(header))));
        let rules = rules.into_iter().enumerate().map(|(number, rule)| RuleRow::of(number, rule));
        Self {
            name: RwSignal::new(name),
            key_header: RwSignal::new(key_header),
            rules: RwSignal::new(rules.collect()),
            otherwise: RwSignal::new(otherwise),
            headers: StoredValue::new(headers.collect()),
            hide_key: RwSignal::new(hide_key),
            next: StoredValue::new(next),
        }
    }

    fn fields(self) -> GatewayFields {
        let ticked = self.headers.with_value(|headers| {
            headers.iter().filter(|(_, is_on)| is_on.get()).map(|(header, _)| header.to_string()).collect()
        });
        GatewayFields {
            name: self.name.get(),
            key_header: self.key_header.get(),
            rules: self.rules.get().into_iter().map(RuleRow::fields).collect(),
            otherwise: self.otherwise.get(),
            headers: ticked,
            hide_key: self.hide_key.get(),
        }
    }

    /// Checks the fields without asking the server.
    fn errors(self) -> FieldErrors {
        self.fields().to_draft().check().err().unwrap_or_default()
    }

    /// The form that shows the errors of its own check and those of the server's last refusal.
    pub fn live(self, refused: Signal<Option<ConsoleError>>) -> LiveForm {
        LiveForm::new(move || self.errors(), refused)
    }

    /// The index of a row among the rules that are sent. A blank row is not sent and has no index.
    pub fn index_of(self, number: usize) -> Option<usize> {
        let filled = self.rules.with(|rows| {
            let filled = rows.iter().filter(|row| !row.fields().is_blank());
            filled.map(|row| row.number).collect::<Vec<_>>()
        });
        filled.iter().position(|one| *one == number)
    }

    /// Adds an empty row at the end and returns its number.
    pub fn add_rule(self) -> usize {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        self.rules.update(|rows| rows.push(RuleRow::of(number, RuleFields::default())));
        number
    }

    pub fn remove_rule(self, number: usize) {
        self.rules.update(|rows| rows.retain(|row| row.number != number));
    }

    /// Moves a row up by one place, so that its rule is tried earlier.
    pub fn move_up(self, number: usize) {
        self.rules.update(|rows| {
            if let Some(at) = rows.iter().position(|row| row.number == number).filter(|at| *at > 0) {
                rows.swap(at - 1, at);
            }
        });
    }
}

/// Reads the submitted form. Blank rows are left out.
pub(super) fn read_fields(fields: &Fields) -> GatewayFields {
    let rule = |index: usize| {
        let part = |name: &str| fields.get(&format!("fields[rules][{index}][{name}]"));
        let word = |name: &str| part(name).unwrap_or_default();
        Some(RuleFields {
            path: part("path")?,
            method: word("method"),
            needs: word("needs"),
            kind: word("kind"),
            id: word("id"),
            operation: word("operation"),
        })
    };
    GatewayFields {
        name: fields.text("fields[name]"),
        key_header: fields.text("fields[key_header]"),
        rules: (0..).map_while(rule).filter(|rule| !rule.is_blank()).collect(),
        otherwise: fields.text("fields[otherwise]"),
        headers: fields.all("fields[headers][]"),
        hide_key: fields.get("fields[hide_key]").is_some(),
    }
}
