//! The request body that creates or changes a service account.

use model::metadata::Metadata;
use model::service_account::{NewServiceAccount, ServiceAccountDraft};

use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};

pub(in crate::api) fn read(body: Members) -> Result<NewServiceAccount, Failure> {
    ServiceAccountRequest::checked(body, |draft| draft.check())
}

request_body! {
    /// A service account to create, or the new state of one.
    pub(super) struct ServiceAccountRequest for ServiceAccountDraft {
        /// The name of the service account. It must be unique among the active ones.
        #[schema(min_length = 1, max_length = 100, examples("deployer"))]
        name: String = text,
        /// What the service account is for.
        #[schema(max_length = 500, examples("ships the site"))]
        description: Option<String> = text or null,
        /// Permissions such as `apikey:read`. Permissions that Keystead does not know are stored, but allow nothing
        /// here.
        #[schema(max_items = 100, examples("apikey:read"))]
        permissions: Vec<String> = texts,
        /// Any data that your programs want to store. If absent, it stays as it is.
        metadata: Option<Metadata> = map or null,
    }
}
