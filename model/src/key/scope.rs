//! Scopes: the resources to which a key is limited.

use crate::field::{FieldError, FieldErrors, Rule, Step};
use crate::string_enum::string_enum;
use crate::text::check_line;

use super::permission::Permission;

/// Longest `resource_id`, in characters.
pub const RESOURCE_ID_LENGTH_MAX: usize = 100;
/// The maximum number of scopes of one key.
pub const SCOPES_MAX: usize = 100;

string_enum! {
    /// A type of resource. These are the types that the published client knows. It cannot read a list that contains
    /// another one.
    ResourceType {
        Organization = "organization",
        User = "user",
        ApiKey = "api_key",
        Namespace = "namespace",
        Collection = "collection",
        Bucket = "bucket",
        Retriever = "retriever",
        Cluster = "cluster",
        StorageConnection = "storage_connection",
        Taxonomy = "taxonomy",
        Alert = "alert",
    }
}

string_enum! {
    /// An operation on a resource.
    Operation {
        ReadData = "read_data",
        WriteData = "write_data",
        DeleteData = "delete_data",
        ExecuteRetriever = "execute_retriever",
        CreateRetriever = "create_retriever",
        DeleteRetriever = "delete_retriever",
        ExecuteJob = "execute_job",
        CancelJob = "cancel_job",
        CreateCluster = "create_cluster",
        DeleteCluster = "delete_cluster",
        ModifyCluster = "modify_cluster",
        ModifyInfrastructure = "modify_infrastructure",
        ManagePermissions = "manage_permissions",
    }
}

impl Operation {
    /// The weakest permission with which a key may carry out the operation.
    pub fn least_permission(self) -> Permission {
        match self {
            Self::ReadData | Self::ExecuteRetriever => Permission::Read,
            Self::WriteData
            | Self::CreateRetriever
            | Self::ExecuteJob
            | Self::CancelJob
            | Self::CreateCluster
            | Self::ModifyCluster => Permission::Write,
            Self::DeleteData | Self::DeleteRetriever | Self::DeleteCluster => Permission::Delete,
            Self::ModifyInfrastructure | Self::ManagePermissions => Permission::Admin,
        }
    }
}

/// A resource, or a pattern of resources, to which a key is limited, and the operations that are allowed on it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(examples(json!(
    {"resource_type": "bucket", "resource_id": "prod-*", "operations": ["read_data"]}
))))]
pub struct ResourceScope {
    /// The type of the resource.
    pub resource_type: ResourceType,
    /// The id of a resource, or a pattern in which each `*` stands for any characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100, examples("prod-*")))]
    pub resource_id: String,
    /// The allowed operations. If none is given, all operations that the permissions allow.
    #[serde(default)]
    pub operations: Option<Vec<Operation>>,
}

impl ResourceScope {
    pub fn covers(&self, resource_type: ResourceType, resource_id: &str) -> bool {
        self.resource_type == resource_type && matches_pattern(&self.resource_id, resource_id)
    }
}

/// Whether `text` matches a pattern with `*`. Runs in linear time: taking the leftmost match of each piece is
/// sufficient, because `*` is the only wildcard.
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<_> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some(at) = text.find(piece) else { return false };
        text = text.get(at + piece.len()..).unwrap_or_default();
    }
    text.ends_with(last)
}

/// An unchecked scope.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ScopeDraft {
    /// A word of [`ResourceType`].
    pub resource_type: Option<String>,
    /// An id or a pattern with `*`.
    pub resource_id: Option<String>,
    /// Words of [`Operation`].
    pub operations: Option<Vec<String>>,
}

impl ScopeDraft {
    /// Checks the scope by itself. Error locations are relative to the scope.
    pub fn check(&self) -> Result<ResourceScope, FieldErrors> {
        let mut errors = FieldErrors::default();
        let resource_type = match &self.resource_type {
            Some(word) => errors.take("resource_type", ResourceType::check(word)),
            None => {
                errors.take("resource_type", Err(FieldError::new(Rule::Missing, "Choose a resource type.")))
            }
        };
        let resource_id = match &self.resource_id {
            Some(id) => {
                errors.take("resource_id", check_line(id, 1, RESOURCE_ID_LENGTH_MAX)).map(|()| id.clone())
            }
            None => {
                errors.take("resource_id", Err(FieldError::new(Rule::Missing, "Give an id, or * for all.")))
            }
        };
        let operations = self.operations.as_ref().map(|words| check_operations(words, &mut errors));
        let scope = resource_type.zip(resource_id).map(|(resource_type, resource_id)| ResourceScope {
            resource_type,
            resource_id,
            operations,
        });
        errors.or(scope)
    }
}

impl From<&ResourceScope> for ScopeDraft {
    fn from(scope: &ResourceScope) -> Self {
        let ResourceScope { resource_type, resource_id, operations } = scope;
        Self {
            resource_type: Some(resource_type.as_str().to_owned()),
            resource_id: Some(resource_id.clone()),
            operations: operations.as_ref().map(|list| list.iter().map(|o| o.as_str().to_owned()).collect()),
        }
    }
}

fn check_operations(words: &[String], errors: &mut FieldErrors) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match Operation::check(word) {
            Ok(operation) if operations.contains(&operation) => {}
            Ok(operation) => operations.push(operation),
            Err(error) => errors.push_at(vec!["operations".into(), index.into()], error),
        }
    }
    operations
}

/// Checks all scopes of a draft. Errors are located below `field`.
pub fn check_scopes(drafts: &[ScopeDraft], field: &str, errors: &mut FieldErrors) -> Vec<ResourceScope> {
    if drafts.len() > SCOPES_MAX {
        errors.push(field, Rule::ValueError, format!("Use at most {SCOPES_MAX} scopes."));
        return Vec::new();
    }
    let mut scopes = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.iter().enumerate() {
        match draft.check() {
            Ok(scope) => scopes.push(scope),
            Err(broken) => errors.append_at(&[field.into(), Step::from(index)], broken),
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, text, fits) in [
            ("*", "anything", true),
            ("prod-*", "prod-eu", true),
            ("prod-*", "dev-eu", false),
            ("*-eu", "prod-eu", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("literal", "literal", true),
            ("literal", "Literal", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn every_validation_error_of_a_scope_has_its_location() {
        let draft = ScopeDraft {
            resource_type: Some("planet".into()),
            resource_id: Some(String::new()),
            operations: Some(vec!["read_data".into(), "fly".into()]),
        };
        let mut errors = FieldErrors::default();
        check_scopes(&[draft], "scopes", &mut errors);
        let places: Vec<_> = errors.iter().map(|e| (e.location.len(), e.rule)).collect();
        assert_eq!(places, [(3, Rule::Enum), (3, Rule::StringTooShort), (4, Rule::Enum)]);
    }
}
