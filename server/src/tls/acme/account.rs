//! The account with the authority.

use instant_acme::{Account, NewAccount};

use super::cache::Cache;
use super::error::AcmeError;
use super::https::Https;
use crate::config::AcmeSettings;

/// Uses the stored account, or creates one and stores it. An account that cannot be stored is of no use: the
/// certificate could not be stored either, and each start would request another one until the authority refuses.
pub(super) async fn account(
    settings: &AcmeSettings,
    cache: &Cache,
    https: &Https,
) -> Result<Account, AcmeError> {
    let builder = Account::builder_with_http(Box::new(https.clone()));
    if let Some(credentials) = cache.account() {
        return Ok(builder.from_credentials(credentials).await?);
    }
    let contact = settings.contact.as_ref().map(|address| format!("mailto:{address}"));
    let contact: Vec<_> = contact.as_deref().into_iter().collect();
    let new = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
    let (account, credentials) = builder.create(&new, settings.directory.to_string(), None).await?;
    cache.store_account(&credentials)?;
    Ok(account)
}
