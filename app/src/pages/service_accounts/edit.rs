//! The form that edits a service account.

use leptos::prelude::*;
use model::service_account::ServiceAccountDetails;

use super::fields::{ServiceAccountFields, ServiceAccountFieldset, read_metadata};
use crate::{
    components::{
        post_form::{Fields, PostForm},
        problem::refused,
        task_dialog::ChangeRefusal,
    },
    fns::service_accounts::UpdateServiceAccount,
    ui::{Button, ButtonKind, FormActions, FormFields},
};

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
    let error = refused(move || action.value().get());
    let form = fields.form(error);
    let id = service_account.service_account_id.to_string();
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard() on:input=move |_| action.value().set(None)>
            <ChangeRefusal error what="this service account" close/>
            <PostForm action=action read=read_update>
                <input type="hidden" name="service_account_id" value=id/>
                <input type="hidden" name="saw" value=service_account.updated_at.to_rfc3339()/>
                <input type="hidden" name="back" value=back/>
                <FormFields>
                    <ServiceAccountFieldset fields form/>
                </FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>"Save changes"</Button>
                </FormActions>
            </PostForm>
        </div>
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
