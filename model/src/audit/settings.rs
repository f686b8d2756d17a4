//! The audit settings of an organization.

/// What an organization wants audited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditSettings {
    /// Whether looking at things is recorded too, not only changing them.
    pub read_auditing_enabled: bool,
}
