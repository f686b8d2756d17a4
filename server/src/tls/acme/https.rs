//! The HTTP client below the client of ACME. It speaks only https, opens a connection for each request, and follows no
//! redirects.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use http::header::HOST;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long the authority may take for an answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);
/// Maximum size of an answer, in bytes. A chain has about 8 kilobytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

#[derive(Clone)]
pub(super) struct Https(Arc<ClientConfig>);

impl Https {
    /// Trusts the root certificates in `roots`, which are in PEM, or the public ones. Returns `None` if there are none.
    pub(super) fn new(roots: Option<&[u8]>) -> Option<Self> {
        let mut trusted = RootCertStore::empty();
        match roots {
            None => trusted.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Some(pem) => {
                for root in CertificateDer::pem_slice_iter(pem) {
                    trusted.add(root.ok()?).ok()?;
                }
            }
        }
        if trusted.is_empty() {
            return None;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().ok()?;
        Some(Self(Arc::new(builder.with_root_certificates(trusted).with_no_client_auth())))
    }
}

impl HttpClient for Https {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let config = Arc::clone(&self.0);
        Box::pin(async move {
            let answer = timeout(ANSWERED_WITHIN, exchange(config, request)).await;
            answer
                .unwrap_or_else(|_| Err(Failure::TooSlow))
                .map_err(|failure| Error::Other(Box::new(failure)))
        })
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the address is not an https address")]
    Address,
    #[error("the authority cannot be reached")]
    Unreachable(#[source] io::Error),
    #[error("the answer cannot be read")]
    Unreadable(#[source] Box<dyn StdError + Send + Sync>),
    #[error("the authority did not answer in time")]
    TooSlow,
}

async fn exchange(
    config: Arc<ClientConfig>,
    mut request: Request<BodyWrapper<Bytes>>,
) -> Result<BytesResponse, Failure> {
    let uri = std::mem::take(request.uri_mut());
    let authority =
        uri.authority().filter(|_| uri.scheme() == Some(&Scheme::HTTPS)).ok_or(Failure::Address)?;
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = authority.port_u16().unwrap_or(443);
    let named = HeaderValue::from_str(authority.as_str()).map_err(|_| Failure::Address)?;
    request.headers_mut().insert(HOST, named);
    let path = uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);

    let name = host.clone().try_into().map_err(|_| Failure::Address)?;
    let stream = TcpStream::connect((host, port)).await.map_err(Failure::Unreachable)?;
    let stream = TlsConnector::from(config).connect(name, stream).await.map_err(Failure::Unreachable)?;
    let unreadable = |error: hyper::Error| Failure::Unreadable(error.into());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(unreadable)?;
    let answered = async {
        let (parts, body) = sender.send_request(request).await.map_err(unreadable)?.into_parts();
        let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(Failure::Unreadable)?;
        Ok(BytesResponse { parts, body: Box::new(body.to_bytes()) })
    };
    let ended = async {
        // The answer says what went wrong.
        let _ended = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        biased;
        answer = answered => answer,
        () = ended => Err(Failure::TooSlow),
    }
}
