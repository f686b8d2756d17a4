//! The form fields that creating and editing a service account have in common.

use leptos::prelude::*;
use model::field::FieldErrors;
use model::key::DESCRIPTION_LENGTH_MAX;
use model::metadata::METADATA_MEMBERS_MAX;
use model::service_account::{ACCOUNT_NAME_LENGTH_MAX, AccountRight, ServiceAccount};

use super::labels::known_and_other;
use crate::components::metadata::MetadataField;
use crate::components::post_form::Fields;
use crate::components::users::LiveForm;
use crate::error::ConsoleError;
use crate::fns::service_accounts::{check_form, service_account_draft};
use crate::metadata_rows::MetadataRow;
use crate::ui::{Checkbox, TextArea, TextField, typed_length};

/// The state of the form fields.
#[derive(Clone, Copy)]
pub(super) struct ServiceAccountFields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    rights: StoredValue<Vec<(AccountRight, RwSignal<bool>)>>,
    other: RwSignal<String>,
    metadata: RwSignal<Vec<MetadataRow>>,
}

impl ServiceAccountFields {
    pub fn empty() -> Self {
        Self::new(String::new(), String::new(), &[], String::new(), Vec::new())
    }

    pub fn of(service_account: &ServiceAccount) -> Self {
        let (rights, others) = known_and_other(&service_account.permissions);
        Self::new(
            service_account.name.clone(),
            service_account.description.clone(),
            &rights,
            others.join("\n"),
            MetadataRow::all_of(&service_account.metadata),
        )
    }

    /// Adds an empty row after the metadata unless it is full, because without JavaScript no row can be added.
    fn new(
        name: String,
        description: String,
        rights: &[AccountRight],
        other: String,
        mut metadata: Vec<MetadataRow>,
    ) -> Self {
        if metadata.len() < METADATA_MEMBERS_MAX {
            metadata.push(MetadataRow::default());
        }
        let rights = AccountRight::ALL.iter().map(|right| (*right, RwSignal::new(rights.contains(right))));
        Self {
            name: RwSignal::new(name),
            description: RwSignal::new(description),
            rights: StoredValue::new(rights.collect()),
            other: RwSignal::new(other),
            metadata: RwSignal::new(metadata),
        }
    }

    /// Checks the fields without asking the server.
    pub fn errors(self) -> FieldErrors {
        let rights = self.rights.with_value(|rights| {
            let ticked = rights.iter().filter(|(_, is_on)| is_on.get());
            ticked.map(|(right, _)| right.to_string()).collect::<Vec<_>>()
        });
        let (name, description) = (self.name.get(), self.description.get());
        let metadata = self.metadata.get();
        let draft =
            service_account_draft(name, description, Some(rights), &self.other.get(), Some(&metadata));
        check_form(&draft, Some(&metadata)).err().unwrap_or_default()
    }

    /// The form that shows the errors of its own check and those of the server's last refusal.
    pub fn form(self, refused: Signal<Option<ConsoleError>>) -> LiveForm {
        LiveForm::new(move || self.errors(), refused)
    }
}

/// Reads the submitted rows of metadata.
pub(super) fn read_metadata(fields: &Fields) -> Vec<MetadataRow> {
    let row = |index: usize| {
        let part = |name: &str| fields.get(&format!("metadata[{index}][{name}]"));
        let (value, json) = (part("value").unwrap_or_default(), part("json").unwrap_or_default());
        Some(MetadataRow { name: part("name")?, value, json })
    };
    (0..).map_while(row).collect()
}

/// Name, description, permissions and metadata of the service account.
#[component]
pub(super) fn ServiceAccountFieldset(fields: ServiceAccountFields, form: LiveForm) -> impl IntoView {
    let hint = |words: &str| Some(words.to_owned());
    let rights = fields
        .rights
        .get_value()
        .into_iter()
        .map(|(right, checked)| view! { <Right right checked/> })
        .collect_view();
    view! {
        <TextField
            id="name" label="Name" value=fields.name required=true autofocus=true placeholder="nightly-backup"
            hint=hint("Name the program, so that colleagues know what depends on it.")
            length_max=typed_length(ACCOUNT_NAME_LENGTH_MAX)
            error=form.message("name") on_leave=form.on_leave_of("name")
        />
        <TextArea
            id="description" label="Description" value=fields.description optional=true rows=2
            length_max=typed_length(DESCRIPTION_LENGTH_MAX) error=form.message("description")
        />
        <fieldset class="service-account-rights-field" aria-describedby="rights-note">
            <legend class="field-label">"What its keys may do in Keystead"</legend>
            <p class="field-hint" id="rights-note">
                "Most programs need no permission here, because they only call your own services. A key can use one of these \
                 permissions only if its own permission (read, write or delete) allows that too."
            </p>
            <div class="service-account-rights-grid">{rights}</div>
        </fieldset>
        <TextArea
            id="other" label="Permissions in your own services" value=fields.other optional=true rows=2
            placeholder="workflow:execute"
            hint=hint("A resource and a verb each. They grant nothing in Keystead. Your services can read them with \
                       GET /v1/service-accounts/{id}.")
            error=form.message("permissions")
        />
        <MetadataField
            id="metadata" rows=fields.metadata errors=form.errors_of_rows("metadata") on_leave=form.on_leave_of("metadata")
        />
    }
}

#[component]
fn Right(right: AccountRight, checked: RwSignal<bool>) -> impl IntoView {
    let word = right.as_str();
    let hint = Some(right.sentence().to_owned());
    let id = format!("right-{}", word.replace(':', "-"));
    view! {
        <div class="service-account-right">
            <Checkbox id label=right.title() name="rights[]" value=word checked hint/>
            <code class="mono service-account-right-word">{word}</code>
        </div>
    }
}
