//! One record of the audit log: who did what, when, from where, and which values changed.

use serde_json::{Map, Value};

use crate::id::{AuditId, OrganizationId};
use crate::stored::Stored;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

string_enum! {
    /// The action.
    AuditAction {
        OrganizationCreated = "organization_created",
        OrganizationUpdated = "organization_updated",
        /// An organization was removed with everything in it.
        OrganizationDeleted = "organization_deleted",
        /// The audit settings were changed.
        AuditSettingsUpdated = "audit_settings_updated",
        UserCreated = "user_created",
        /// A member was changed, but not their role.
        UserUpdated = "user_updated",
        UserDeleted = "user_deleted",
        /// A member's role was changed.
        PermissionUpdated = "permission_updated",
        /// A member was given a link to join the console.
        InvitationCreated = "invitation_created",
        /// A member joined the console.
        InvitationAccepted = "invitation_accepted",
        ApiKeyCreated = "api_key_created",
        /// A key was changed, but neither its permissions nor its scopes.
        ApiKeyUpdated = "api_key_updated",
        /// A key's permissions or scopes were changed.
        ApiKeyScopeUpdated = "api_key_scope_updated",
        /// A key's secret was replaced.
        ApiKeyRotated = "api_key_rotated",
        /// The grace period of an earlier secret was changed or ended.
        ApiKeyGraceUpdated = "api_key_grace_updated",
        /// A key was put out of service for a time.
        ApiKeyDisabled = "api_key_disabled",
        /// A key was put back into service.
        ApiKeyEnabled = "api_key_enabled",
        ApiKeyRevoked = "api_key_revoked",
        ServiceAccountCreated = "service_account_created",
        ServiceAccountUpdated = "service_account_updated",
        /// A service account was disabled, which also ends its keys.
        ServiceAccountDisabled = "service_account_disabled",
        GatewayCreated = "gateway_created",
        GatewayUpdated = "gateway_updated",
        GatewayDeleted = "gateway_deleted",
        SignedIn = "signed_in",
        SignedOut = "signed_out",
        /// A sign-in failed because the password was wrong.
        SignInFailed = "sign_in_failed",
        /// A person ended sessions of their own account.
        SessionEnded = "session_ended",
        PasswordChanged = "password_changed",
        /// A member was allowed to sign in again after too many failed attempts.
        SignInAllowed = "sign_in_allowed",
        /// A person was given a link by which they choose a new password.
        PasswordResetCreated = "password_reset_created",
        OrganizationAccessed = "organization_accessed",
        /// A member or the list of members was read.
        UserAccessed = "user_accessed",
        /// A key or a list of keys was read.
        ApiKeyAccessed = "api_key_accessed",
        /// Usage counts were read.
        UsageAccessed = "usage_accessed",
        AuditLogAccessed = "audit_log_accessed",
        /// A service account or the list of service accounts was read.
        ServiceAccountAccessed = "service_account_accessed",
        /// A gateway or the list of gateways was read.
        GatewayAccessed = "gateway_accessed",
    }
}

impl AuditAction {
    /// A short phrase for people, such as "Key created".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OrganizationCreated => "Organization created",
            Self::OrganizationUpdated => "Organization changed",
            Self::OrganizationDeleted => "Organization removed",
            Self::AuditSettingsUpdated => "Audit settings changed",
            Self::UserCreated => "Member added",
            Self::UserUpdated => "Member changed",
            Self::UserDeleted => "Member removed",
            Self::PermissionUpdated => "Role changed",
            Self::InvitationCreated => "Invitation link created",
            Self::InvitationAccepted => "Joined the console",
            Self::ApiKeyCreated => "Key created",
            Self::ApiKeyUpdated => "Key changed",
            Self::ApiKeyScopeUpdated => "Permissions changed",
            Self::ApiKeyRotated => "Secret rotated",
            Self::ApiKeyGraceUpdated => "Grace period changed",
            Self::ApiKeyDisabled => "Key disabled",
            Self::ApiKeyEnabled => "Key enabled",
            Self::ApiKeyRevoked => "Key revoked",
            Self::ServiceAccountCreated => "Service account created",
            Self::ServiceAccountUpdated => "Service account changed",
            Self::ServiceAccountDisabled => "Service account disabled",
            Self::GatewayCreated => "Gateway created",
            Self::GatewayUpdated => "Gateway changed",
            Self::GatewayDeleted => "Gateway removed",
            Self::SignedIn => "Signed in",
            Self::SignedOut => "Signed out",
            Self::SignInFailed => "Sign-in failed",
            Self::SessionEnded => "Sessions ended",
            Self::PasswordChanged => "Password changed",
            Self::SignInAllowed => "Sign-in allowed again",
            Self::PasswordResetCreated => "Password reset link created",
            Self::OrganizationAccessed => "Organization viewed",
            Self::UserAccessed => "Members viewed",
            Self::ApiKeyAccessed => "Keys viewed",
            Self::UsageAccessed => "Usage viewed",
            Self::AuditLogAccessed => "Audit log viewed",
            Self::ServiceAccountAccessed => "Service accounts viewed",
            Self::GatewayAccessed => "Gateways viewed",
        }
    }

    /// Whether the action only reads. Organizations store such records only if they turn on read auditing.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::OrganizationAccessed
                | Self::UserAccessed
                | Self::ApiKeyAccessed
                | Self::UsageAccessed
                | Self::AuditLogAccessed
                | Self::ServiceAccountAccessed
                | Self::GatewayAccessed
        )
    }
}

string_enum! {
    /// The type of the resource.
    AuditResource {
        Organization = "organization",
        User = "user",
        ApiKey = "api_key",
        ServiceAccount = "service_account",
        Gateway = "gateway",
    }
}

string_enum! {
    /// The kind of actor.
    ActorKind {
        /// A person, in the console.
        User = "user",
        /// A key, over REST.
        ApiKey = "api_key",
        /// The operator, on the command line or with the operator's token.
        Operator = "operator",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuditEvent {
    pub audit_id: AuditId,
    pub organization_id: OrganizationId,
    pub at: Timestamp,
    pub action: Stored<AuditAction>,
    pub resource: Stored<AuditResource>,
    /// The id of the changed or read resource.
    pub resource_id: String,
    pub actor_kind: Stored<ActorKind>,
    /// The id of a user or service account. When a key acted, this is the id of its owner. `operator` for the operator.
    pub actor_id: String,
    /// The actor's display name at the time: an e-mail address, a service account's name, or the operator.
    pub actor_name: String,
    /// The key that acted, if any.
    pub actor_key_id: Option<String>,
    /// Per JSON member: `{"before": …, "after": …}`. Never contains a secret.
    pub changes: Map<String, Value>,
    /// The client address.
    pub address: Option<String>,
    /// The user agent.
    pub agent: Option<String>,
    pub request_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_views_count_as_reads() {
        for action in AuditAction::ALL {
            assert_eq!(action.is_read(), action.as_str().ends_with("_accessed"), "{action}");
        }
    }
}
