//! The audit settings of an organization.

/// The audit settings of an organization.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditSettings {
    /// Whether reads are recorded too, not only changes.
    pub read_auditing_enabled: bool,
}
