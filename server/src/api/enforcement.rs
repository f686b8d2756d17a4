//! The parameter `enforcement` of revocations, and what they respond with if it is set.

use serde::Serialize;
use service::Enforcement;
use utoipa::ToSchema;

use super::http::call::Call;
use super::http::failure::Failure;

/// How many servers of the database enforce a revocation.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(in crate::api) struct EnforcementModel {
    /// The servers that run, or ended within an hour without saying so.
    #[schema(examples(3))]
    nodes: usize,
    /// The servers that have applied this revocation, among them the one that responds.
    #[schema(examples(3))]
    enforcing: usize,
    /// The other servers. They did not say so in time. Each of them refuses the key as well: it has not used anything
    /// older than the revocation since 0.9 seconds after it.
    #[schema(examples(0))]
    silent: usize,
    /// Milliseconds that this response waited after the revocation, at most about 1000.
    #[schema(examples(41))]
    waited_ms: u64,
}

impl From<Enforcement> for EnforcementModel {
    fn from(enforcement: Enforcement) -> Self {
        let Enforcement { nodes, enforcing, silent, waited } = enforcement;
        Self { nodes, enforcing, silent, waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX) }
    }
}

/// Whether the request asks how many servers enforce its revocation.
pub(in crate::api) fn is_asked(call: &Call) -> Result<bool, Failure> {
    let mut query = call.query();
    let is_asked = query.flag("enforcement");
    query.finish()?;
    Ok(is_asked)
}
