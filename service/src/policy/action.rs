//! The actions that need permission.

use model::key::ResourceType;

/// An action that a caller wants to perform. It does not say on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Read the keys of a member, in a request that names the member.
    ListKeys,
    /// Create, change, rotate or revoke the keys of a member, in a request that names the member.
    ChangeKeys,
    /// Read keys of the organization, of any owner.
    ReadKeys,
    /// Create keys for any owner.
    CreateKeys,
    /// Change and rotate keys of any owner.
    UpdateKeys,
    /// Revoke keys of any owner.
    RevokeKeys,
    ReadServiceAccounts,
    CreateServiceAccounts,
    UpdateServiceAccounts,
    DisableServiceAccounts,
    ReadGateways,
    CreateGateways,
    UpdateGateways,
    DeleteGateways,
    /// Read who the caller is.
    ReadSelf,
    ReadUsers,
    /// Add, change or remove members.
    ChangeUsers,
    ReadOrganization,
    ChangeOrganization,
    ReadAudit,
    /// Read which servers share the database.
    ReadNodes,
    /// Read usage counts of all keys.
    ReadUsage,
}

impl Action {
    /// The kinds of scopes that can permit the action.
    pub(super) fn reaching(self) -> &'static [ResourceType] {
        match self {
            Self::ListKeys
            | Self::ChangeKeys
            | Self::ReadKeys
            | Self::CreateKeys
            | Self::UpdateKeys
            | Self::RevokeKeys => &[ResourceType::Organization, ResourceType::User, ResourceType::ApiKey],
            Self::ReadUsers | Self::ChangeUsers => &[ResourceType::Organization, ResourceType::User],
            Self::ReadSelf
            | Self::ReadOrganization
            | Self::ChangeOrganization
            | Self::ReadAudit
            | Self::ReadNodes
            | Self::ReadUsage
            | Self::ReadServiceAccounts
            | Self::CreateServiceAccounts
            | Self::UpdateServiceAccounts
            | Self::DisableServiceAccounts
            | Self::ReadGateways
            | Self::CreateGateways
            | Self::UpdateGateways
            | Self::DeleteGateways => &[ResourceType::Organization],
        }
    }

    /// Whether the action changes nothing.
    pub(super) fn is_read(self) -> bool {
        matches!(
            self,
            Self::ReadSelf
                | Self::ListKeys
                | Self::ReadKeys
                | Self::ReadUsers
                | Self::ReadOrganization
                | Self::ReadAudit
                | Self::ReadNodes
                | Self::ReadUsage
                | Self::ReadServiceAccounts
                | Self::ReadGateways
        )
    }
}
