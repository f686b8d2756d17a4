//! Why there is no new certificate.

use std::io;

use instant_acme::Problem;

use super::super::certificate::Unusable;

#[derive(Debug, thiserror::Error)]
pub(super) enum AcmeError {
    #[error("the authority could not be asked, or refused")]
    Authority(#[from] instant_acme::Error),
    #[error("the authority could not check the name {name}: {reason}")]
    Unchecked { name: String, reason: String },
    #[error("the authority refused the order without a reason")]
    Refused,
    #[error("the authority cannot check the name {0} by a handshake (tls-alpn-01)")]
    NoChallenge(String),
    #[error("the request could not be made")]
    Request(#[from] rcgen::Error),
    #[error("the key of a challenge could not be used")]
    ChallengeKey(#[from] tokio_rustls::rustls::Error),
    #[error("the authority issued a certificate that cannot be used: it {0}")]
    Issued(#[from] Unusable),
    #[error(
        "the authority issued a certificate that must be renewed at once; check the clock of this machine"
    )]
    EndsAtOnce,
    #[error("the data folder cannot be written")]
    Cache(#[from] io::Error),
    #[error("it took too long")]
    TooSlow,
}

impl AcmeError {
    /// Whether the authority does not know the account, for example because it lost its data.
    pub(super) fn is_unknown_account(&self) -> bool {
        matches!(self, Self::Authority(instant_acme::Error::Api(Problem { r#type: Some(kind), .. }))
            if kind == "urn:ietf:params:acme:error:accountDoesNotExist")
    }
}
