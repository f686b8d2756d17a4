//! The form that edits a service account.

use leptos::prelude::*;
use model::service_account::ServiceAccountDetails;

use super::fields::{ServiceAccountFields, ServiceAccountFieldset, read_metadata};
use crate::components::list_page::{ItemForm, refusal_of};
use crate::components::post_form::Fields;
use crate::fns::service_accounts::UpdateServiceAccount;

/// The fields with the service account's values. The server refuses the change if the service account has changed since
/// the form was loaded.
#[component]
pub(super) fn EditForm(
    target: ServiceAccountDetails,
    action: ServerAction<UpdateServiceAccount>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let service_account = target.account;
    let fields = ServiceAccountFields::of(&service_account);
    let form = fields.form(refusal_of(action));
    let id = service_account.service_account_id.to_string();
    view! {
        <ItemForm action read=read_update form what="this service account" label="Save changes" close>
            <input type="hidden" name="service_account_id" value=id/>
            <input type="hidden" name="saw" value=service_account.updated_at.to_rfc3339()/>
            <input type="hidden" name="back" value=back/>
            <ServiceAccountFieldset fields form/>
        </ItemForm>
    }
}

fn read_update(fields: &Fields) -> Option<UpdateServiceAccount> {
    Some(UpdateServiceAccount {
        service_account_id: fields.text("service_account_id").parse().ok()?,
        name: fields.text("name"),
        description: fields.text("description"),
        rights: Some(fields.all("rights[]")),
        other: fields.text("other"),
        metadata: Some(read_metadata(fields)),
        saw: model::Timestamp::parse(&fields.text("saw")).ok(),
        back: fields.get("back"),
    })
}
