//! The request bodies that create and change a gateway.

use model::gateway::{
    GatewayDraft, GatewayPatch, HandedHeader, NewGateway, Otherwise, RuleAccess, RuleDraft, RuleResourceDraft,
};
use model::key::{Operation, Permission, ResourceType};

use crate::api::http::failure::Failure;
use crate::api::http::json::{Members, RequestObject, request_body};

pub(in crate::api) fn read_new(body: Members) -> Result<NewGateway, Failure> {
    GatewayCreateRequest::checked(body, |draft| draft.check())
}

pub(in crate::api) fn read_patch(body: Members) -> Result<GatewayPatch, Failure> {
    GatewayUpdateRequest::checked(body, |draft| draft.check_patch())
}

request_body! {
    /// A gateway to create.
    pub(super) struct GatewayCreateRequest for GatewayDraft {
        /// The name of the gateway. It must be unique in the organization.
        #[schema(min_length = 1, max_length = 100, examples("Public API"))]
        name: String = text or null,
        /// The header in which clients send their key. In `Authorization` it is a bearer token. In any other header it
        /// is the whole value.
        #[schema(min_length = 1, max_length = 64, default = "Authorization", examples("Authorization"))]
        key_header: Option<String> = text or null,
        /// The first rule that matches a request decides. If there are rules, ambiguous paths are refused.
        #[schema(max_items = 100)]
        rules: Option<Vec<RuleRequest>> = objects::<RuleRequest> or null,
        /// What applies if no rule matches. The default is `key` without rules, and `closed` with rules.
        otherwise: Option<Otherwise> = text or null,
        /// The identity headers that the upstream receives. The default is all of them. All others are set to an empty
        /// value.
        headers: Option<Vec<HandedHeader>> = texts or null,
        /// Whether the key itself is hidden from the upstream.
        #[schema(default = true, examples(true))]
        hide_key: Option<bool> = flag or null,
    }
}

request_body! {
    /// A change to a gateway. Fields that are absent or null stay as they are.
    pub(super) struct GatewayUpdateRequest for GatewayDraft {
        /// The name of the gateway. It must be unique in the organization.
        #[schema(min_length = 1, max_length = 100, examples("Public API"))]
        name: Option<String> = text or null,
        /// The header in which clients send their key.
        #[schema(min_length = 1, max_length = 64, examples("X-Api-Key"))]
        key_header: Option<String> = text or null,
        /// The new rules, which replace all present ones.
        #[schema(max_items = 100)]
        rules: Option<Vec<RuleRequest>> = objects::<RuleRequest> or null,
        /// What applies if no rule matches.
        otherwise: Option<Otherwise> = text or null,
        /// The new set of identity headers, which replaces the present one.
        headers: Option<Vec<HandedHeader>> = texts or null,
        /// Whether the key itself is hidden from the upstream.
        #[schema(examples(true))]
        hide_key: Option<bool> = flag or null,
    }
}

request_body! {
    /// What a request with a certain method and path needs.
    pub(super) struct RuleRequest for RuleDraft {
        /// The method, in capital letters. If absent, any method matches. `GET` also matches `HEAD`.
        #[schema(min_length = 1, max_length = 20, examples("GET"))]
        method: Option<String> = text or null,
        /// The path. A segment is literal, `*` for any segment, or `{name}` for a segment that the resource refers to.
        /// At the end, `**` stands for all further segments.
        #[schema(min_length = 1, max_length = 500, examples("/v1/buckets/{bucket}/**"))]
        path: String = text,
        /// Which requests pass. The default is `key`.
        access: Option<RuleAccess> = text or null,
        /// The permission that the key must have.
        permission: Option<Permission> = text or null,
        /// The resource that the scopes of the key must cover.
        resource: Option<RuleResourceRequest> = object::<RuleResourceRequest> or null,
    }
}

request_body! {
    /// The resource that a request is about.
    pub(super) struct RuleResourceRequest for RuleResourceDraft {
        /// The type of the resource.
        resource_type as "type": ResourceType = text,
        /// An id, or the name of a segment of the path in braces.
        #[schema(min_length = 1, max_length = 100, examples("{bucket}"))]
        id: String = text,
        /// The operation on the resource.
        operation: Option<Operation> = text or null,
    }
}
