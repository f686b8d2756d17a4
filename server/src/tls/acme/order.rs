//! Orders a certificate: answers the challenges, and sends the request with a new key.

use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::super::certificates::Certificates;
use super::error::AcmeError;

/// How often to ask for the state of an order, and for how long.
const PATIENCE: RetryPolicy = RetryPolicy::new().timeout(Duration::from_mins(2));

/// Returns the new key and the chain, in one text in PEM.
pub(super) async fn order(
    account: &Account,
    domains: &[String],
    certificates: &Arc<Certificates>,
) -> Result<Zeroizing<String>, AcmeError> {
    let identifiers: Vec<_> = domains.iter().cloned().map(Identifier::Dns).collect();
    let mut order = account.new_order(&NewOrder::new(&identifiers)).await?;
    let answers = Answers(Arc::clone(certificates));
    answers.begin(&mut order).await?;
    match order.poll_ready(&PATIENCE).await {
        Ok(OrderStatus::Ready | OrderStatus::Valid) => {}
        Ok(_) => return Err(reason(&mut order).await.unwrap_or(AcmeError::Refused)),
        Err(error) => return Err(reason(&mut order).await.unwrap_or(error.into())),
    }
    drop(answers);
    let mut params = CertificateParams::new(domains)?;
    params.distinguished_name = DistinguishedName::new();
    let key = KeyPair::generate()?;
    order.finalize_csr(params.serialize_request(&key)?.der()).await?;
    let chain = order.poll_certificate(&PATIENCE).await?;
    let key = Zeroizing::new(key.serialize_pem());
    Ok(Zeroizing::new([key.as_str(), &chain].concat()))
}

/// The answers to the challenges of an order. They end when this is dropped.
struct Answers(Arc<Certificates>);

impl Answers {
    async fn begin(&self, order: &mut Order) -> Result<(), AcmeError> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let name = authorization.identifier().to_string();
            let Some(mut challenge) = authorization.challenge(ChallengeType::TlsAlpn01) else {
                return Err(AcmeError::NoChallenge(name));
            };
            let digest = challenge.key_authorization().digest();
            self.0.begin_challenge(&name, answer(&name, digest.as_ref())?);
            challenge.set_ready().await?;
        }
        Ok(())
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.0.end_challenges();
    }
}

/// The certificate that answers a challenge. It contains a digest that only the owner of the account can compute.
fn answer(name: &str, digest: &[u8]) -> Result<CertifiedKey, AcmeError> {
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions.push(CustomExtension::new_acme_identifier(digest));
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?.der().clone();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    Ok(CertifiedKey::new(vec![certificate], ring::sign::any_supported_type(&key)?))
}

/// Why the authority refused: the fault that it found with one of the names. The order itself does not say it.
async fn reason(order: &mut Order) -> Option<AcmeError> {
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let name = authorization.identifier().to_string();
        let state = authorization.refresh().await.ok()?;
        if let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.as_ref()) {
            let reason = problem.detail.clone().unwrap_or_else(|| problem.to_string());
            return Some(AcmeError::Unchecked { name, reason });
        }
    }
    None
}
