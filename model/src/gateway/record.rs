//! A gateway, and what it requires of a request.

use crate::id::{GatewayId, OrganizationId};
use crate::key::{KeyOwner, Permissions};
use crate::string_enum::string_enum;
use crate::time::Timestamp;
use crate::verify::Resource;

use super::headers::HandedHeaders;
use super::key_header::KeyHeader;
use super::path::RequestPath;
use super::pattern::Pieces;
use super::rule::{GatewayRule, ResourceSource, RuleAccess, RuleMethod};

/// Longest name, in characters.
pub const GATEWAY_NAME_LENGTH_MAX: usize = 100;

string_enum! {
    /// What applies to a request that no rule of a gateway matches.
    Otherwise {
        /// Any valid key passes.
        Key = "key",
        /// No request passes.
        Closed = "closed",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Gateway {
    /// Never changes. Anyone who knows it can ask about keys whose secret they have.
    pub gateway_id: GatewayId,
    /// The organization whose keys may pass.
    pub organization_id: OrganizationId,
    /// Unique within the organization.
    pub name: String,
    /// The header that carries the key.
    pub key_header: KeyHeader,
    /// The first rule that matches decides.
    pub rules: Vec<GatewayRule>,
    /// What applies to a request that no rule matches.
    pub otherwise: Otherwise,
    /// The identity headers that the upstream receives. All other identity headers are sent empty.
    pub headers: HandedHeaders,
    /// Whether the key is removed before the request reaches the upstream.
    pub hide_key: bool,
    pub created_by: Option<KeyOwner>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// The request passes without a key.
    Nothing,
    /// The request needs a valid key with these rights.
    Key {
        /// The permissions that the key must have.
        permissions: Permissions,
        /// The resource that the scopes of the key must cover.
        resource: Option<Resource>,
    },
    /// The request does not pass with any key.
    Refused(Refusal),
}

/// Why a request does not pass with any key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A rule closes the path, or no rule opens it.
    Closed,
    /// The method or path is ambiguous, or the proxy did not send it.
    Unreadable,
}

impl Gateway {
    /// Decides what a request needs. `target` is the path and query as they were sent.
    ///
    /// Without rules, both arguments are ignored. With rules, ambiguous input is refused. That includes a path that
    /// matches a rule only for an upstream that ignores letter case, accents, or dots at the end of a name.
    pub fn need(&self, method: Option<&str>, target: Option<&str>) -> Requirement {
        if self.rules.is_empty() {
            return self.otherwise.need();
        }
        let (Some(method), Some(target)) = (method, target) else {
            return Requirement::Refused(Refusal::Unreadable);
        };
        let path = match RequestPath::read(target) {
            Ok(path) if RuleMethod::is_method(method) => path,
            _ => return Requirement::Refused(Refusal::Unreadable),
        };
        let rules = self.rules.iter();
        for rule in rules.filter(|rule| rule.method.as_ref().is_none_or(|own| own.covers(method))) {
            match rule.path.fit(path.segments()) {
                Pieces::Differ => {}
                Pieces::FitLoosely => return Requirement::Refused(Refusal::Unreadable),
                Pieces::Fit => return rule.need(&path),
            }
        }
        self.otherwise.need()
    }

    /// Whether any rule depends on the method. Some upstreams let a header or a form field replace the method.
    pub fn depends_on_method(&self) -> bool {
        self.rules.iter().any(|rule| rule.method.is_some())
    }
}

impl Otherwise {
    fn need(self) -> Requirement {
        match self {
            Self::Key => Requirement::Key { permissions: Permissions::default(), resource: None },
            Self::Closed => Requirement::Refused(Refusal::Closed),
        }
    }
}

impl GatewayRule {
    fn need(&self, path: &RequestPath<'_>) -> Requirement {
        match self.access {
            RuleAccess::Open => return Requirement::Nothing,
            RuleAccess::Closed => return Requirement::Refused(Refusal::Closed),
            RuleAccess::Key => {}
        }
        let permissions = self.permission.into_iter().collect::<Vec<_>>().into();
        let Some(asked) = &self.resource else { return Requirement::Key { permissions, resource: None } };
        let id = match &asked.id {
            ResourceSource::Literal(id) => Some(id.as_str()),
            ResourceSource::Segment(name) => self.path.named(name, path.segments()),
        };
        // A checked rule only names segments that its path has. If the segment is missing nevertheless, the resource is
        // unknown, so the request is refused.
        let Some(id) = id else { return Requirement::Refused(Refusal::Unreadable) };
        let resource = Resource {
            resource_type: asked.resource_type,
            resource_id: id.to_owned(),
            operation: asked.operation,
        };
        Requirement::Key { permissions, resource: Some(resource) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::{GatewayDraft, RuleDraft, RuleResourceDraft};
    use crate::key::{Operation, Permission, ResourceType};

    fn gateway(rules: &[(&str, &str, &str)], otherwise: Otherwise) -> Gateway {
        let rule = |(method, path, what): &(&str, &str, &str)| {
            let (access, permission) = match *what {
                "open" | "closed" => (Some((*what).to_owned()), None),
                "key" => (None, None),
                word => (None, Some(word.to_owned())),
            };
            let bucket = path.contains("{bucket}").then(|| RuleResourceDraft {
                resource_type: Some("bucket".into()),
                id: Some("{bucket}".into()),
                operation: Some("read_data".into()),
            });
            RuleDraft {
                method: (!method.is_empty()).then(|| (*method).to_owned()),
                path: Some((*path).to_owned()),
                access,
                permission,
                resource: bucket,
            }
        };
        let draft = GatewayDraft {
            name: Some("api".into()),
            rules: Some(rules.iter().map(rule).collect()),
            otherwise: Some(otherwise.as_str().to_owned()),
            ..GatewayDraft::default()
        };
        let new = draft.check().unwrap();
        let at = Timestamp::from_seconds(0);
        new.into_gateway(GatewayId::from_random("a1"), OrganizationId::from_random("b2"), None, at)
    }

    fn needs(permission: Option<Permission>) -> Requirement {
        let permissions = permission.into_iter().collect::<Vec<_>>().into();
        Requirement::Key { permissions, resource: None }
    }

    const UNREADABLE: Requirement = Requirement::Refused(Refusal::Unreadable);
    const CLOSED: Requirement = Requirement::Refused(Refusal::Closed);

    #[test]
    fn the_first_matching_rule_decides() {
        let rules = [
            ("", "/healthz", "open"),
            ("", "/internal/**", "closed"),
            ("GET", "/v1/**", "read"),
            ("DELETE", "/v1/**", "delete"),
            ("", "/v1/**", "write"),
            ("", "/plain", "key"),
        ];
        let gateway = gateway(&rules, Otherwise::Closed);
        for (method, target, need) in [
            ("GET", "/healthz", Requirement::Nothing),
            ("POST", "/healthz/?x", Requirement::Nothing),
            ("GET", "/internal/x", CLOSED),
            ("GET", "/v1/a", needs(Some(Permission::Read))),
            ("HEAD", "/v1/a", needs(Some(Permission::Read))),
            ("DELETE", "/v1/a", needs(Some(Permission::Delete))),
            ("PURGE", "/v1/a", needs(Some(Permission::Write))),
            ("GET", "/plain", needs(None)),
            ("GET", "/other", CLOSED),
            ("GET", "/", CLOSED),
        ] {
            assert_eq!(gateway.need(Some(method), Some(target)), need, "{method} {target}");
        }
    }

    #[test]
    fn no_spelling_of_a_path_bypasses_a_rule() {
        let rules = [("", "/admin/**", "admin"), ("", "/public/**", "open"), ("", "/**", "read")];
        let gateway = gateway(&rules, Otherwise::Key);
        for target in [
            "/Admin/x",
            "/ADMIN",
            "/%41dmin/x",
            "//admin/x",
            "/./admin/x",
            "/x/../admin/x",
            "/public/../admin",
            "/public/..%2fadmin",
            "/public/%2e%2e/admin",
            "/public/..;/admin",
            "/admin;x=1/y",
            "/admin%2Fx",
            "/admin%252Fx",
            "/admin\\x",
            "/admin%00",
            "/adm%C4%B1n/x",
            "/%EF%BD%81dmin/x",
            "/admin./x",
            "/admin%20/x",
            "/admin%E2%80%8B",
            "/admin/...",
            "/admin::$INDEX_ALLOCATION/x",
            "/Public/x",
            "/%E2%84%AA/../admin",
            "http://upstream/admin",
            "",
        ] {
            assert_eq!(gateway.need(Some("GET"), Some(target)), UNREADABLE, "{target}");
        }
        let admin = needs(Some(Permission::Admin));
        for target in ["/admin", "/admin/", "/admin?x=/public", "/%61dmin/x", "/admin/public"] {
            assert_eq!(gateway.need(Some("GET"), Some(target)), admin, "{target}");
        }
        for method in ["get", "Get", "", "GET ", "G\u{c9}T"] {
            assert_eq!(gateway.need(Some(method), Some("/admin")), UNREADABLE, "{method}");
        }
        assert_eq!(gateway.need(None, Some("/admin")), UNREADABLE);
        assert_eq!(gateway.need(Some("GET"), None), UNREADABLE);
    }

    #[test]
    fn a_named_segment_gives_the_resource_id() {
        let gateway = gateway(&[("", "/v1/buckets/{bucket}/**", "read")], Otherwise::Closed);
        let Requirement::Key { resource: Some(resource), .. } =
            gateway.need(Some("GET"), Some("/v1/buckets/a%20b/x/y"))
        else {
            panic!("no resource");
        };
        assert_eq!((resource.resource_type, resource.resource_id.as_str()), (ResourceType::Bucket, "a b"));
        assert_eq!(resource.operation, Some(Operation::ReadData));
        assert_eq!(gateway.need(Some("GET"), Some("/v1/buckets")), CLOSED);
    }

    #[test]
    fn without_rules_the_fallback_applies() {
        let open = gateway(&[], Otherwise::Key);
        for target in [None, Some("/x/../y")] {
            assert_eq!(open.need(None, target), needs(None));
        }
        assert_eq!(gateway(&[], Otherwise::Closed).need(Some("GET"), Some("/")), CLOSED);
    }
}
