//! `/auth/{gateway_id}/…`: what proxies ask before they let a request pass, in the words of each of them.
//!
//! This is the busiest path of a server, so it goes around what happens to other requests: no body is read, no line is logged
//! but for failures, and an answer that lets pass has no name. The id of the gateway is all that a proxy shows. Whoever
//! knows it learns whether a key that they hold is good, and nothing else.

mod answer;
mod asked;
mod credential;
mod grpc;
mod judge;

use std::net::IpAddr;

use http::{HeaderName, Request};

#[cfg(any(test, fuzzing))]
pub(crate) use self::credential::shown;
pub(crate) use self::grpc::serve as serve_envoy;

use self::answer::{Dialect, Response};
use self::asked::{Asked, gateway_id};
use self::judge::{Call, Unsettled};
use crate::state::AppState;

const X_ORIGINAL_METHOD: HeaderName = HeaderName::from_static("x-original-method");
const X_ORIGINAL_URI: HeaderName = HeaderName::from_static("x-original-uri");
const X_FORWARDED_METHOD: HeaderName = HeaderName::from_static("x-forwarded-method");
const X_FORWARDED_URI: HeaderName = HeaderName::from_static("x-forwarded-uri");
/// What Caddy tells of a request. Traefik tells the same, and the prefix that it cut off the path.
static BY_CADDY: [HeaderName; 2] = [X_FORWARDED_METHOD, X_FORWARDED_URI];
static BY_TRAEFIK: [HeaderName; 3] =
    [X_FORWARDED_METHOD, X_FORWARDED_URI, HeaderName::from_static("x-forwarded-prefix")];
static BY_NGINX: [HeaderName; 2] = [X_ORIGINAL_METHOD, X_ORIGINAL_URI];

/// Answers a request of a proxy, whatever its method, if nothing has to be waited for; nothing for one of somebody else.
pub(crate) fn answer_now<B>(
    state: &AppState,
    peer: IpAddr,
    request: &Request<B>,
) -> Option<Result<Response, Waiting>> {
    let proxy = Proxy::asked(request.uri().path())?;
    Some(call(state, peer, request, proxy).answer_now().map_err(|unsettled| Waiting { proxy, unsettled }))
}

/// Answers a request that could not be answered at once.
pub(crate) async fn answer(
    state: &AppState,
    peer: IpAddr,
    request: Request<()>,
    waiting: Waiting,
) -> Response {
    let Waiting { proxy, unsettled } = waiting;
    call(state, peer, &request, proxy).answer_in_time(unsettled).await
}

/// A request of a proxy for which the database must be asked.
pub(crate) struct Waiting {
    proxy: Proxy,
    unsettled: Unsettled,
}

fn call<'a, B>(state: &'a AppState, peer: IpAddr, request: &'a Request<B>, proxy: Proxy) -> Call<'a> {
    let headers = request.headers();
    let asked = match proxy {
        Proxy::Nginx => Asked::in_headers(headers, &X_ORIGINAL_METHOD, &X_ORIGINAL_URI),
        Proxy::Caddy | Proxy::Traefik => Asked::in_headers(headers, &X_FORWARDED_METHOD, &X_FORWARDED_URI),
        Proxy::Envoy => Asked::below_prefix(request),
    };
    let (own_headers, dialect): (&[HeaderName], _) = match proxy {
        Proxy::Nginx => (&BY_NGINX, Dialect::Nginx),
        Proxy::Caddy => (&BY_CADDY, Dialect::Whole),
        Proxy::Traefik => (&BY_TRAEFIK, Dialect::Whole),
        Proxy::Envoy => (&[], Dialect::Envoy),
    };
    Call { state, gateway: gateway_id(request.uri().path()), headers, peer, asked, own_headers, dialect }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proxy {
    /// nginx's `auth_request`: 2xx, 401 and 403 mean something, all else is a failure.
    Nginx,
    /// Caddy's `forward_auth`: what does not let pass is given to the client as it is.
    Caddy,
    /// Traefik's `forwardAuth`, which does the same.
    Traefik,
    /// Envoy's `ext_authz` over HTTP: exactly 200 lets pass; method and path are those of the request itself, behind the
    /// address.
    Envoy,
}

impl Proxy {
    /// Who asks at an address, `/auth/{gateway_id}/…`.
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
    fn each_proxy_has_its_address() {
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
