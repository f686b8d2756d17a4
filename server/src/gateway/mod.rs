//! `/auth/{gateway_id}/…`: answers proxies that ask whether a request may pass, in the protocol of each proxy.
//!
//! This is the busiest path of the server, so it skips much of what other requests go through. No body is read, and a
//! request that passes is not logged and has no request id in its response. The gateway id is
//! the only credential of a proxy. A client that knows it can find out whether a key that it already has is valid, and
//! nothing else.

mod credential;
mod evaluate;
mod original_request;
mod response;

use std::net::IpAddr;

use http::{HeaderName, Request};
use service::Surface;

#[cfg(any(test, fuzzing))]
pub(crate) use self::credential::shown;

pub(crate) use self::evaluate::Call;
pub(crate) use self::original_request::OriginalRequest;
pub(crate) use self::response::{Dialect, Response, X_ENVOY_AUTH_HEADERS_TO_REMOVE};

use self::evaluate::UncachedGateway;
use self::original_request::gateway_id;
use crate::state::AppState;

const X_ORIGINAL_METHOD: HeaderName = HeaderName::from_static("x-original-method");
const X_ORIGINAL_URI: HeaderName = HeaderName::from_static("x-original-uri");
const X_FORWARDED_METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");
const X_FORWARDED_URI: HeaderName = HeaderName::from_static("x-forwarded-uri");
/// The headers in which Caddy describes the original request. Traefik sends the same ones, and the prefix that it
/// removed from the path.
static BY_CADDY: [HeaderName; 2] = [X_FORWARDED_METHOD, X_FORWARDED_URI];
static BY_TRAEFIK: [HeaderName; 3] =
    [X_FORWARDED_METHOD, X_FORWARDED_URI, HeaderName::from_static("x-forwarded-prefix")];
static BY_NGINX: [HeaderName; 2] = [X_ORIGINAL_METHOD, X_ORIGINAL_URI];

/// Answers the request of a proxy from memory, whatever its method. Returns `None` if the path is not one for proxies,
/// and an error if the database has to be asked.
pub(crate) fn answer_now<B>(
    state: &AppState,
    peer: IpAddr,
    request: &Request<B>,
) -> Option<Result<Response, PendingCheck>> {
    let proxy = Proxy::asked(request.uri().path())?;
    Some(
        call(state, peer, request, proxy).answer_now().map_err(|unsettled| PendingCheck { proxy, unsettled }),
    )
}

/// Answers a request that [`answer_now`] could not answer.
pub(crate) async fn answer(
    state: &AppState,
    peer: IpAddr,
    request: Request<()>,
    waiting: PendingCheck,
) -> Response {
    let PendingCheck { proxy, unsettled } = waiting;
    call(state, peer, &request, proxy).answer_in_time(unsettled).await
}

/// The request of a proxy for which the database has to be asked.
pub(crate) struct PendingCheck {
    proxy: Proxy,
    unsettled: UncachedGateway,
}

fn call<'a, B>(state: &'a AppState, peer: IpAddr, request: &'a Request<B>, proxy: Proxy) -> Call<'a> {
    let headers = request.headers();
    let asked = match proxy {
        Proxy::Nginx => OriginalRequest::in_headers(headers, &X_ORIGINAL_METHOD, &X_ORIGINAL_URI),
        Proxy::Caddy | Proxy::Traefik => {
            OriginalRequest::in_headers(headers, &X_FORWARDED_METHOD, &X_FORWARDED_URI)
        }
        Proxy::Envoy => OriginalRequest::below_prefix(request),
    };
    let (own_headers, dialect): (&[HeaderName], _) = match proxy {
        Proxy::Nginx => (&BY_NGINX, Dialect::Nginx),
        Proxy::Caddy => (&BY_CADDY, Dialect::Whole),
        Proxy::Traefik => (&BY_TRAEFIK, Dialect::Whole),
        Proxy::Envoy => (&[], Dialect::Envoy),
    };
    let (gateway, surface) = (gateway_id(request.uri().path()), proxy.surface());
    Call { state, route: proxy.route(), gateway, headers, peer, asked, own_headers, dialect, surface }
}

/// The kind of proxy that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proxy {
    /// nginx's `auth_request`: 2xx, 401 and 403 are decisions, and any other status is a failure.
    Nginx,
    /// Caddy's `forward_auth`: a response that refuses a request is passed to the client unchanged.
    Caddy,
    /// Traefik's `forwardAuth`, which behaves like Caddy's.
    Traefik,
    /// Envoy's `ext_authz` over HTTP: only status 200 allows a request. The method is that of the call itself, and the
    /// path follows `/auth/{gateway_id}/envoy`.
    Envoy,
}

impl Proxy {
    /// The pattern of the path, for the log.
    fn route(self) -> &'static str {
        match self {
            Self::Nginx => "/auth/{gateway_id}/nginx",
            Self::Caddy => "/auth/{gateway_id}/caddy",
            Self::Traefik => "/auth/{gateway_id}/traefik",
            Self::Envoy => "/auth/{gateway_id}/envoy",
        }
    }

    fn surface(self) -> Surface {
        match self {
            Self::Nginx => Surface::Nginx,
            Self::Caddy => Surface::Caddy,
            Self::Traefik => Surface::Traefik,
            Self::Envoy => Surface::Envoy,
        }
    }

    /// The kind of proxy that uses a path, `/auth/{gateway_id}/…`.
    fn asked(path: &str) -> Option<Self> {
        let (gateway, proxy) = path.strip_prefix("/auth/")?.split_once('/')?;
        match proxy {
            _ if gateway.is_empty() => None,
            "nginx" => Some(Self::Nginx),
            "caddy" => Some(Self::Caddy),
            "traefik" => Some(Self::Traefik),
            _ => (proxy.split('/').next() == Some("envoy")).then_some(Self::Envoy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_proxy_has_its_own_address() {
        for (path, proxy) in [
            ("/auth/gw_a/nginx", Some(Proxy::Nginx)),
            ("/auth/gw_a/traefik", Some(Proxy::Traefik)),
            ("/auth/gw_a/caddy", Some(Proxy::Caddy)),
            ("/auth/gw_a/envoy", Some(Proxy::Envoy)),
            ("/auth/gw_a/envoy/", Some(Proxy::Envoy)),
            ("/auth/gw_a/envoy//../x", Some(Proxy::Envoy)),
            ("/auth/gw_a/envoyx", None),
            ("/auth/gw_a/nginx/", None),
            ("/auth/gw_a", None),
            ("/auth//nginx", None),
            ("/auth", None),
            ("/v1/keys", None),
        ] {
            assert_eq!(Proxy::asked(path), proxy, "{path}");
        }
    }
}
