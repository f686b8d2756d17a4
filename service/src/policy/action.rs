//! What there is to do.

use model::key::ResourceType;

/// What somebody wants to do, before it is known to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Look at a member's keys, by the member.
    ListKeys,
    /// Create, change, rotate, revoke a member's keys, by the member.
    ChangeKeys,
    /// Look at the organization's keys, whoever owns them.
    ReadKeys,
    /// Create keys, whoever will own them.
    CreateKeys,
    /// Change and rotate keys, whoever owns them.
    UpdateKeys,
    /// Revoke keys, whoever owns them.
    RevokeKeys,
    /// Look at service accounts.
    ReadServiceAccounts,
    /// Add service accounts.
    CreateServiceAccounts,
    /// Change service accounts.
    UpdateServiceAccounts,
    /// Disable service accounts.
    DisableServiceAccounts,
    /// Look at gateways.
    ReadGateways,
    /// Add gateways.
    CreateGateways,
    /// Change gateways.
    UpdateGateways,
    /// Remove gateways.
    DeleteGateways,
    /// Look at oneself.
    ReadSelf,
    /// Look at members.
    ReadUsers,
    /// Add, change, remove members.
    ChangeUsers,
    /// Look at the organization.
    ReadOrganization,
    /// Change the organization.
    ChangeOrganization,
    /// Look at the audit log.
    ReadAudit,
    /// Look at how often all keys were used.
    ReadUsage,
}

impl Action {
    /// The kinds of scopes that reach such things at all.
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

    /// Whether it changes nothing.
    pub(super) fn is_read(self) -> bool {
        matches!(
            self,
            Self::ReadSelf
                | Self::ListKeys
                | Self::ReadKeys
                | Self::ReadUsers
                | Self::ReadOrganization
                | Self::ReadAudit
                | Self::ReadUsage
                | Self::ReadServiceAccounts
                | Self::ReadGateways
        )
    }
}
