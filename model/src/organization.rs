//! Organizations, which own keys, users, service accounts and gateways.

use serde_json::{Map, Value};

use crate::email::Email;
use crate::field::{FieldError, FieldErrors, Rule};
use crate::id::{InternalId, OrganizationId};
use crate::key::Change;
use crate::metadata::check_values;
use crate::picture_url::{check_url, check_url_change};
use crate::string_enum::string_enum;
use crate::text::check_line;
use crate::time::Timestamp;
use crate::user::{NewUser, Role, UserDraft};

/// Longest organization name, in characters.
pub const ORGANIZATION_NAME_LENGTH_MAX: usize = 100;
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Organization {
    /// The public id.
    pub organization_id: OrganizationId,
    /// The second id, which the API requires.
    pub internal_id: InternalId,
    pub name: String,
    pub logo_url: Option<String>,
    pub billing_email: Option<String>,
    /// Arbitrary data that the organization's own programs store here.
    pub metadata: Map<String, Value>,
    /// Requests per minute for each category.
    pub rate_limits: RateLimits,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Requests per minute by kind of work. Each limit is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RateLimits {
    /// Metadata.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_147_483_647, examples(1000)))]
    pub metadata: u32,
    /// Data.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_147_483_647, examples(1000)))]
    pub data: u32,
    /// Search.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_147_483_647, examples(1000)))]
    pub search: u32,
    /// Upload.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_147_483_647, examples(100)))]
    pub upload: u32,
    /// Compute.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 2_147_483_647, examples(100)))]
    pub compute: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { metadata: 1000, data: 1000, search: 1000, upload: 100, compute: 100 }
    }
}

string_enum! {
    /// The plans that the published client knows. All of them are accepted, and none makes a difference, because a
    /// self-hosted server has no plans.
    AccountType {
        Free = "free",
        Pro = "pro",
        Team = "team",
        /// The plan that responses contain.
        Enterprise = "enterprise",
    }
}

/// Unchecked limits, in requests per minute. Absent limits stay as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct RateLimitsDraft {
    pub metadata: Option<i64>,
    pub data: Option<i64>,
    pub search: Option<i64>,
    pub upload: Option<i64>,
    pub compute: Option<i64>,
}

/// Checked limits. Absent limits stay as they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateLimitsPatch([Option<u32>; 5]);

impl RateLimitsPatch {
    pub fn apply(self, before: RateLimits) -> RateLimits {
        let RateLimits { metadata, data, search, upload, compute } = before;
        let [new_metadata, new_data, new_search, new_upload, new_compute] = self.0;
        RateLimits {
            metadata: new_metadata.unwrap_or(metadata),
            data: new_data.unwrap_or(data),
            search: new_search.unwrap_or(search),
            upload: new_upload.unwrap_or(upload),
            compute: new_compute.unwrap_or(compute),
        }
    }
}

/// Unchecked change of an organization. Absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct OrganizationPatchDraft {
    pub organization_name: Option<String>,
    pub logo_url: Change<String>,
    pub billing_email: Change<String>,
    /// Replaces all metadata.
    pub metadata: Option<Map<String, Value>>,
    pub rate_limits: Option<RateLimitsDraft>,
}

/// A checked change. Only [`OrganizationPatchDraft::check`] creates it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrganizationPatch {
    pub name: Option<String>,
    pub logo_url: Change<String>,
    pub billing_email: Change<String>,
    /// Replaces all metadata.
    pub metadata: Option<Map<String, Value>>,
    pub rate_limits: RateLimitsPatch,
}

impl OrganizationPatchDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<OrganizationPatch, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = self.organization_name.as_ref();
        let patch = OrganizationPatch {
            name: name.and_then(|name| errors.take("organization_name", check_organization_name(name))),
            logo_url: check_url_change(&self.logo_url, "logo_url", &mut errors),
            billing_email: match &self.billing_email {
                Change::Set(text) => errors
                    .take("billing_email", Email::parse(text))
                    .map_or(Change::Keep, |email| Change::Set(email.into())),
                other => other.clone(),
            },
            metadata: self.metadata.as_ref().and_then(|given| errors.take("metadata", check_values(given))),
            rate_limits: self
                .rate_limits
                .map(|draft| check_rate_limits(draft, &mut errors))
                .unwrap_or_default(),
        };
        errors.or(Some(patch))
    }
}

/// Unchecked input for a new organization, which only the operator can create.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationDraft {
    /// Required.
    pub organization_name: Option<String>,
    pub logo_url: Option<String>,
    /// The first users. The first one becomes an admin if no role is given.
    pub users: Vec<UserDraft>,
    /// Empty when absent.
    pub metadata: Option<Map<String, Value>>,
    /// A plan of the published client. It is checked and has no effect.
    pub account_type: Option<String>,
}

/// A checked new organization. Only [`OrganizationDraft::check`] creates it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOrganization {
    pub name: String,
    pub logo_url: Option<String>,
    pub users: Vec<NewUser>,
    /// Arbitrary data that the organization's own programs store here.
    pub metadata: Map<String, Value>,
}

impl OrganizationDraft {
    /// Checks all fields and reports all errors together.
    pub fn check(&self) -> Result<NewOrganization, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = match &self.organization_name {
            Some(name) => errors.take("organization_name", check_organization_name(name)),
            None => errors.take("organization_name", Err(FieldError::new(Rule::Missing, "Give a name."))),
        };
        let logo_url = self.logo_url.as_ref().and_then(|url| errors.take("logo_url", check_url(url)));
        let mut users = self.users.clone();
        if let Some(first) = users.first_mut() {
            // Without an admin, only the operator could manage the organization.
            first.role.get_or_insert_with(|| Role::Admin.as_str().to_owned());
        }
        let users = check_users(&users, &mut errors);
        if let Some(word) = &self.account_type {
            errors.take("account_type", AccountType::check(word));
        }
        let metadata = self
            .metadata
            .as_ref()
            .and_then(|given| errors.take("metadata", check_values(given)))
            .unwrap_or_default();
        errors.or(name.map(|name| NewOrganization { name, logo_url, users, metadata }))
    }
}

/// Checks a list of new users. Errors are located below `users`.
pub fn check_users(users: &[UserDraft], errors: &mut FieldErrors) -> Vec<NewUser> {
    let mut checked = Vec::with_capacity(users.len());
    for (index, draft) in users.iter().enumerate() {
        match draft.check() {
            Ok(user) => checked.push(user),
            Err(inner) => errors.append_at(&["users".into(), index.into()], inner),
        }
    }
    checked
}

fn check_rate_limits(draft: RateLimitsDraft, errors: &mut FieldErrors) -> RateLimitsPatch {
    let RateLimitsDraft { metadata, data, search, upload, compute } = draft;
    let mut check = |name: &str, value: Option<i64>| match crate::key::check_rate_limit(value?) {
        Ok(limit) => Some(limit),
        Err(error) => {
            errors.push_at(vec!["rate_limits".into(), name.into()], error);
            None
        }
    };
    RateLimitsPatch([
        check("metadata", metadata),
        check("data", data),
        check("search", search),
        check("upload", upload),
        check("compute", compute),
    ])
}

/// Checks an organization's name and returns it.
pub fn check_organization_name(text: &str) -> Result<String, FieldError> {
    check_line(text, 1, ORGANIZATION_NAME_LENGTH_MAX).map(|()| text.to_owned())
}

/// An organization in the console's organization switcher.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OrganizationSummary {
    pub organization_id: OrganizationId,
    pub name: String,
}
/// The form by which names of organizations are compared where they should differ: in normalization form C, in lower
/// case, with single blanks.
#[cfg(not(target_family = "wasm"))]
pub fn compared_name(name: &str) -> String {
    let words: Vec<_> = name.split_whitespace().collect();
    crate::text::fold(&crate::text::normalized(&words.join(" ")))
}
