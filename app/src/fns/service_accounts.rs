//! Server functions for service accounts.

#![expect(clippy::too_many_arguments, reason = "each argument is a field of the form")]

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Timestamp;
use model::audit::AuditEvent;
use model::field::FieldErrors;
use model::id::ServiceAccountId;
use model::service_account::{
    NewServiceAccount, ServiceAccount, ServiceAccountDetails, ServiceAccountDraft, ServiceAccountFilter,
    ServiceAccountRows,
};

use super::FnResult;
#[cfg(feature = "ssr")]
use super::caller::signed_in;
#[cfg(feature = "ssr")]
use super::response::redirect_plain_form;
use crate::metadata_rows::{MetadataRow, read_rows};
#[cfg(feature = "ssr")]
use crate::next::page_after_form;
#[cfg(feature = "ssr")]
use crate::paths;

/// How many service accounts a page of the list shows.
pub const SERVICE_ACCOUNTS_PAGE_SIZE: u32 = 50;

/// The draft from the fields of a form. `rights` are the permissions that were ticked, which have a meaning in
/// Keystead. `other` are further words as typed, separated by blanks or commas. `metadata` are rows, which are checked
/// by [`check_form`].
pub fn service_account_draft(
    name: String,
    description: String,
    rights: Option<Vec<String>>,
    other: &str,
    metadata: Option<&[MetadataRow]>,
) -> ServiceAccountDraft {
    let typed = other.split(|letter: char| letter.is_whitespace() || letter == ',');
    let typed = typed.filter(|word| !word.is_empty()).map(str::to_owned);
    let permissions = rights.unwrap_or_default().into_iter().chain(typed).collect();
    let metadata = metadata.map(|rows| read_rows(rows).0);
    let (name, description) = (Some(name), Some(description));
    ServiceAccountDraft { name, description, permissions: Some(permissions), metadata }
}

/// Checks the draft together with the rows of metadata from which it was made.
pub fn check_form(
    draft: &ServiceAccountDraft,
    metadata: Option<&[MetadataRow]>,
) -> Result<NewServiceAccount, FieldErrors> {
    let (mut errors, new) = match draft.check() {
        Ok(new) => (FieldErrors::default(), Some(new)),
        Err(errors) => (errors, None),
    };
    errors.append_at(&[], metadata.map(|rows| read_rows(rows).1).unwrap_or_default());
    errors.or(new)
}

/// One page of the service accounts, each with the number and last use of its keys. Pages count from 1.
#[server(name = ListServiceAccounts, prefix = "/console/api", endpoint = "service_accounts/list", input = Json)]
pub async fn list_service_accounts(filter: ServiceAccountFilter, page: u32) -> FnResult<ServiceAccountRows> {
    let (service, caller) = signed_in().await?;
    let skip = u64::from(page.saturating_sub(1)) * u64::from(SERVICE_ACCOUNTS_PAGE_SIZE);
    Ok(service.page_service_accounts(&caller, &filter, skip, SERVICE_ACCOUNTS_PAGE_SIZE).await?)
}

#[server(name = GetServiceAccount, prefix = "/console/api", endpoint = "service_accounts/get", input = Json)]
pub async fn get_service_account(service_account_id: ServiceAccountId) -> FnResult<ServiceAccountDetails> {
    let (service, caller) = signed_in().await?;
    Ok(service.service_account_details(&caller, &service_account_id).await?)
}

/// The audit records of a service account, newest first.
#[server(name = ServiceAccountHistory, prefix = "/console/api", endpoint = "service_accounts/history", input = Json)]
pub async fn service_account_history(service_account_id: ServiceAccountId) -> FnResult<Vec<AuditEvent>> {
    let (service, caller) = signed_in().await?;
    Ok(service.service_account_history(&caller, &service_account_id).await?)
}

/// Creates a service account, and redirects to its page, because the next step is to create a key for it.
#[server(name = CreateServiceAccount, prefix = "/console/api", endpoint = "service_accounts/create")]
pub async fn create_service_account(
    name: String,
    description: String,
    rights: Option<Vec<String>>,
    other: String,
    metadata: Option<Vec<MetadataRow>>,
) -> FnResult<ServiceAccount> {
    let (service, caller) = signed_in().await?;
    let draft = service_account_draft(name, description, rights, &other, metadata.as_deref());
    let new = check_form(&draft, metadata.as_deref())?;
    let service_account = service.create_service_account(&caller, new).await?;
    redirect_plain_form(&paths::service_account(&service_account.service_account_id));
    Ok(service_account)
}

/// Changes a service account. If `saw` is given, it must still be the time of the service account's last change.
/// Without `metadata`, the metadata stays as it is.
#[server(name = UpdateServiceAccount, prefix = "/console/api", endpoint = "service_accounts/update")]
pub async fn update_service_account(
    service_account_id: ServiceAccountId,
    name: String,
    description: String,
    rights: Option<Vec<String>>,
    other: String,
    metadata: Option<Vec<MetadataRow>>,
    saw: Option<Timestamp>,
    back: Option<String>,
) -> FnResult<ServiceAccount> {
    let (service, caller) = signed_in().await?;
    let draft = service_account_draft(name, description, rights, &other, metadata.as_deref());
    let new = check_form(&draft, metadata.as_deref())?;
    let service_account = service.update_service_account(&caller, &service_account_id, new, saw).await?;
    redirect_plain_form(page_after_form(back.as_deref(), paths::SERVICE_ACCOUNTS));
    Ok(service_account)
}

/// Ends a service account for good and revokes its keys.
#[server(name = DisableServiceAccount, prefix = "/console/api", endpoint = "service_accounts/disable")]
pub async fn disable_service_account(
    service_account_id: ServiceAccountId,
    back: Option<String>,
) -> FnResult<ServiceAccount> {
    let (service, caller) = signed_in().await?;
    let service_account = service.disable_service_account(&caller, &service_account_id).await?;
    redirect_plain_form(page_after_form(back.as_deref(), paths::SERVICE_ACCOUNTS));
    Ok(service_account)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ticked_and_typed_permissions_become_one_list() {
        let words = |rights: &[&str], other: &str| {
            let rights = rights.iter().map(|&word| word.to_owned()).collect();
            service_account_draft("ci".into(), String::new(), Some(rights), other, None).permissions.unwrap()
        };
        assert_eq!(
            words(&["apikey:read"], " org:read,\n\tflow:run "),
            ["apikey:read", "org:read", "flow:run"]
        );
        assert_eq!(words(&[], " ,, \n"), [""; 0]);
        let draft = service_account_draft("ci".into(), String::new(), None, "apikey:*", None);
        let errors = draft.check().unwrap_err();
        assert!(errors.message_for("permissions").is_some());
    }

    #[test]
    fn rows_become_metadata_and_the_error_of_a_row_keeps_its_position() {
        let row = |name: &str, value: &str| MetadataRow {
            name: name.into(),
            value: value.into(),
            ..MetadataRow::default()
        };
        let check = |rows: Option<&[MetadataRow]>| {
            let draft = service_account_draft("ci".into(), String::new(), None, "", rows);
            check_form(&draft, rows).map(|new| new.metadata.map(|metadata| json!(metadata)))
        };
        assert_eq!(check(None), Ok(None));
        assert_eq!(check(Some(&[row("", "")])), Ok(Some(json!({}))));
        assert_eq!(check(Some(&[row("", ""), row("team", "a")])), Ok(Some(json!({"team": "a"}))));
        let errors = check(Some(&[row("", ""), row("", "a")])).unwrap_err();
        let places: Vec<_> = errors.iter().map(|error| error.location.clone()).collect();
        assert_eq!(places, [vec!["metadata".into(), 1_usize.into(), "name".into()]]);
        let many: Vec<_> = (0..51).map(|number| row(&format!("m{number}"), "")).collect();
        let errors = check(Some(&many)).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.location.len()).collect::<Vec<_>>(), [1]);
    }
}
