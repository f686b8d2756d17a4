//! How many verifications had each outcome.

use model::verify::VerifyCode;
use store::counts::ShardedCounts;

/// The interface over which a verification was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Verify,
    Batch,
    Introspect,
    Nginx,
    Caddy,
    Traefik,
    Envoy,
    EnvoyGrpc,
}

/// Why a question was answered without a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unverified {
    /// The gateway lets this request pass without a key.
    Open,
    /// The request has no key.
    NoKey,
    /// The gateway lets nobody pass here.
    Closed,
    /// The request can be read in two ways.
    Unreadable,
    UnknownGateway,
    /// The database did not answer.
    Failed,
}

impl Surface {
    pub const ALL: [Self; 8] = [
        Self::Verify,
        Self::Batch,
        Self::Introspect,
        Self::Nginx,
        Self::Caddy,
        Self::Traefik,
        Self::Envoy,
        Self::EnvoyGrpc,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Batch => "batch",
            Self::Introspect => "introspect",
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Traefik => "traefik",
            Self::Envoy => "envoy",
            Self::EnvoyGrpc => "envoy_grpc",
        }
    }
}

impl Unverified {
    /// Whether a question over this surface can be answered for this reason. Only proxies ask about gateways.
    fn is_of(self, surface: Surface) -> bool {
        let is_of_proxy = !matches!(surface, Surface::Verify | Surface::Batch | Surface::Introspect);
        is_of_proxy || self == Self::Failed
    }

    pub const ALL: [Self; 6] =
        [Self::Open, Self::NoKey, Self::Closed, Self::Unreadable, Self::UnknownGateway, Self::Failed];

    /// In the style of verify codes, because both are values of one label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::NoKey => "NO_KEY",
            Self::Closed => "CLOSED",
            Self::Unreadable => "UNREADABLE",
            Self::UnknownGateway => "UNKNOWN_GATEWAY",
            Self::Failed => "FAILED",
        }
    }
}

const CODES: usize = VerifyCode::ALL.len();
const OUTCOMES: usize = CODES + Unverified::ALL.len();

/// Verifications by surface and outcome.
#[derive(Default)]
pub struct VerificationCounts(ShardedCounts<{ Surface::ALL.len() * OUTCOMES }>);

impl VerificationCounts {
    /// Counts a verdict.
    pub fn verified(&self, surface: Surface, code: VerifyCode) {
        self.0.add(surface as usize * OUTCOMES + code as usize, 1);
    }

    /// Counts a question that was answered without a verification.
    pub fn unverified(&self, surface: Surface, reason: Unverified) {
        self.0.add(surface as usize * OUTCOMES + CODES + reason as usize, 1);
    }

    /// All counts, with the names of their surface and outcome. Those that are zero are included, because a monitoring
    /// system sees the first of something only if it has seen that there was none.
    pub fn all(&self) -> Vec<(&'static str, &'static str, u64)> {
        let count = |surface: Surface, place| self.0.total(surface as usize * OUTCOMES + place);
        let mut all = Vec::with_capacity(Surface::ALL.len() * OUTCOMES);
        for surface in Surface::ALL {
            let codes = VerifyCode::ALL.iter().map(|code| (code.as_str(), *code as usize));
            let reasons = Unverified::ALL.into_iter().filter(|reason| reason.is_of(surface));
            let reasons = reasons.map(|reason| (reason.as_str(), CODES + reason as usize));
            all.extend(
                codes
                    .chain(reasons)
                    .map(|(outcome, place)| (surface.as_str(), outcome, count(surface, place))),
            );
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_of_each_surface_has_a_count_of_its_own() {
        let counts = VerificationCounts::default();
        assert!(counts.all().iter().all(|(.., n)| *n == 0));
        for surface in Surface::ALL {
            for code in VerifyCode::ALL {
                counts.verified(surface, *code);
            }
            for reason in Unverified::ALL.into_iter().filter(|reason| reason.is_of(surface)) {
                counts.unverified(surface, reason);
            }
        }
        assert_eq!(counts.all().len(), 3 * (CODES + 1) + 5 * OUTCOMES);
        assert!(counts.all().iter().all(|(.., n)| *n == 1));
        counts.verified(Surface::Introspect, VerifyCode::RateLimited);
        counts.unverified(Surface::EnvoyGrpc, Unverified::Failed);
        let twice: Vec<_> = counts.all().into_iter().filter(|(.., n)| *n == 2).collect();
        assert_eq!(twice, [("introspect", "RATE_LIMITED", 2), ("envoy_grpc", "FAILED", 2)]);
    }
}
