//! The routes under which requests are counted. There are few: clients decide about paths, so no part of a path is ever
//! a name.

use std::collections::HashMap;

use crate::api;

/// A route under which requests are counted, by its number among all names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route(usize);

/// Groups of addresses. The routes of the API come after them.
const GROUPS: [&str; 8] =
    ["other", "gateway", "envoy_grpc", "health", "docs", "console", "assets", "/v1/keys/verify"];

impl Route {
    /// Addresses that do not exist.
    pub const OTHER: Self = Self(0);
    /// Questions of proxies over HTTP.
    pub const GATEWAY: Self = Self(1);
    /// Questions of Envoy over gRPC.
    pub const ENVOY_GRPC: Self = Self(2);
    const HEALTH: Self = Self(3);
    const DOCS: Self = Self(4);
    /// Pages, server functions and live requests of the console.
    const CONSOLE: Self = Self(5);
    /// Files.
    pub const ASSETS: Self = Self(6);
    /// Has a fixed number, because the fast path answers it without routing.
    pub const VERIFY: Self = Self(7);

    pub(super) fn number(self) -> usize {
        self.0
    }

    #[cfg(test)]
    pub(super) fn last(routes: &Routes) -> Self {
        Self(routes.names.len() - 1)
    }
}

/// All names of routes.
pub(super) struct Routes {
    names: Vec<&'static str>,
    of_api: HashMap<&'static str, Route>,
}

impl Default for Routes {
    fn default() -> Self {
        let mut names = GROUPS.to_vec();
        let mut of_api = HashMap::new();
        for route in api::ROUTES {
            let number = names.iter().position(|name| *name == route.path).unwrap_or_else(|| {
                names.push(route.path);
                names.len() - 1
            });
            of_api.insert(route.path, Route(number));
        }
        Self { names, of_api }
    }
}

impl Routes {
    pub(super) fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The route of a pattern that the router matched. Patterns that are not the API's belong to a group.
    pub(super) fn of_pattern(&self, pattern: &str) -> Route {
        let below = |path: &str| {
            pattern.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match self.of_api.get(pattern) {
            Some(route) => *route,
            None if below("/v1") => Route::OTHER,
            None if below("/healthz") || below("/readyz") => Route::HEALTH,
            None if below("/docs") || pattern == "/openapi.json" => Route::DOCS,
            None => Route::CONSOLE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_has_a_route() {
        let routes = Routes::default();
        for route in api::ROUTES {
            assert_eq!(routes.names[routes.of_pattern(route.path).number()], route.path);
        }
        for (pattern, name) in [
            ("/v1/{*rest}", "other"),
            ("/v1", "other"),
            ("/healthz", "health"),
            ("/readyz", "health"),
            ("/docs", "docs"),
            ("/docs/style.css", "docs"),
            ("/openapi.json", "docs"),
            ("/", "console"),
            ("/keys/{id}", "console"),
            ("/docsx", "console"),
        ] {
            assert_eq!(routes.names[routes.of_pattern(pattern).number()], name, "{pattern}");
        }
        assert_eq!(routes.of_pattern("/v1/keys/verify"), Route::VERIFY);
        assert_eq!(routes.names[Route::ASSETS.number()], "assets");
    }
}
