//! Changing a service account.

use leptos::prelude::*;
use model::{problem::Code, service_account::ServiceAccountDetails};

use super::{
    fields::{AccountFields, AccountFieldset},
    subject::focus_when_shown,
};
use crate::{
    components::{
        post_form::{Fields, PostForm},
        problem::{Refusal, refused},
    },
    fns::service_accounts::UpdateServiceAccount,
    ui::{Button, ButtonKind, Callout, FormActions, FormFields, Glyph, Tone},
};

/// The fields as the account has them. A change that somebody else made meanwhile is not overwritten.
#[component]
pub(super) fn EditForm(
    subject: ServiceAccountDetails,
    action: ServerAction<UpdateServiceAccount>,
    back: String,
    close: Callback<()>,
) -> impl IntoView {
    let account = subject.account;
    let fields = AccountFields::of(&account);
    let error = refused(move || action.value().get());
    let form = fields.form(error);
    let is_stale = move |code: Code| matches!(code, Code::Conflict | Code::NotFound);
    let general = Signal::derive(move || {
        error.get().filter(|error| error.0.fields.is_empty() && !is_stale(error.code()))
    });
    let stale = move || error.with(|error| error.as_ref().is_some_and(|error| is_stale(error.code())));
    let id = account.service_account_id.to_string();
    focus_when_shown("name");
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard() on:input=move |_| action.value().set(None)>
            <Refusal error=general/>
            {move || stale().then(|| view! { <Stale close/> })}
            <PostForm action=action read=change>
                <input type="hidden" name="service_account_id" value=id/>
                <input type="hidden" name="saw" value=account.updated_at.to_rfc3339()/>
                <input type="hidden" name="back" value=back/>
                <FormFields>
                    <AccountFieldset fields form/>
                </FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary submit=true loading=action.pending()>"Save changes"</Button>
                </FormActions>
            </PostForm>
        </div>
    }
}

fn change(fields: &Fields) -> Option<UpdateServiceAccount> {
    Some(UpdateServiceAccount {
        service_account_id: fields.text("service_account_id").parse().ok()?,
        name: fields.text("name"),
        description: fields.text("description"),
        rights: Some(fields.all("rights[]")),
        other: fields.text("other"),
        saw: model::Timestamp::parse(&fields.text("saw")).ok(),
        back: fields.get("back"),
    })
}

/// Somebody else was faster. The page behind the dialog shows what they did.
#[component]
fn Stale(close: Callback<()>) -> impl IntoView {
    view! {
        <Callout tone=Tone::Danger title="Somebody else changed this service account meanwhile" alert=true>
            "Nothing was done. Look at what it is now, then decide again."
            <p class="key-again">
                <Button small=true icon=Glyph::Refresh on_press=close>"Look again"</Button>
            </p>
        </Callout>
    }
}
