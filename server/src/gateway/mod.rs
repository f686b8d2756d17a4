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

use axum::extract::Request;
use axum::response::Response;

pub(crate) use self::grpc::serve as serve_envoy;

use self::answer::Dialect;
use self::asked::Asked;
use crate::state::AppState;

/// Answers a request of a proxy, whatever its method; gives back one that is for somebody else.
pub(crate) async fn answer(state: &AppState, request: Request) -> Result<Response, Request> {
    let Some(proxy) = Proxy::asked(request.uri().path()) else { return Err(request) };
    let (head, _body) = request.into_parts();
    let (asked, dialect) = match proxy {
        Proxy::Nginx => {
            (Asked::in_headers(&head.headers, "x-original-method", "x-original-uri"), Dialect::Nginx)
        }
        Proxy::Forwarding => {
            (Asked::in_headers(&head.headers, "x-forwarded-method", "x-forwarded-uri"), Dialect::Whole)
        }
        Proxy::Envoy => (Asked::below_prefix(&head), Dialect::Envoy),
    };
    Ok(judge::answer(state, &head, asked, dialect).await)
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proxy {
    /// nginx's `auth_request`: 2xx, 401 and 403 mean something, all else is a failure.
    Nginx,
    /// Traefik's `forwardAuth` and Caddy's `forward_auth`: what does not let pass is given to the client as it is.
    Forwarding,
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
            "traefik" | "caddy" => Some(Self::Forwarding),
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
            ("/auth/gw_a/traefik", Some(Proxy::Forwarding)),
            ("/auth/gw_a/caddy", Some(Proxy::Forwarding)),
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
