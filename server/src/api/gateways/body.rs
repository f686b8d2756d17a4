//! The request bodies that create and change a gateway.

use model::gateway::{GatewayDraft, GatewayPatch, HandedHeader, NewGateway, Otherwise, RuleAccess};
use model::key::{Operation, Permission, ResourceType};
use utoipa::ToSchema;

use crate::api::http::failure::Failure;
use crate::api::http::json::Members;

pub(in crate::api) fn read_new(body: Members) -> Result<NewGateway, Failure> {
    let (body, draft) = read(body);
    body.finish(draft.check())
}

pub(in crate::api) fn read_patch(body: Members) -> Result<GatewayPatch, Failure> {
    let (body, draft) = read(body);
    body.finish(draft.check_patch())
}

/// Reads the draft. Also returns the members, which hold the errors so far and the members that are unknown.
fn read(body: Members) -> (Members, GatewayDraft) {
    let names = ["name", "key_header", "rules", "otherwise", "headers", "hide_key"];
    let mut body = body.ignoring_null(&names);
    let draft = GatewayDraft {
        name: body.text("name"),
        key_header: body.text("key_header"),
        rules: body.rules("rules"),
        otherwise: body.text("otherwise"),
        headers: body.texts("headers"),
        hide_key: body.flag("hide_key"),
    };
    (body, draft)
}

/// A gateway to create.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(super) struct GatewayCreateRequest {
    /// The name of the gateway. It must be unique in the organization.
    #[schema(min_length = 1, max_length = 100, examples("Public API"))]
    name: String,
    /// The header in which clients send their key. In `Authorization` it is a bearer token. In any other header it is
    /// the whole value.
    #[schema(min_length = 1, max_length = 64, default = "Authorization", examples("Authorization"))]
    key_header: Option<String>,
    /// The first rule that matches a request decides. If there are rules, ambiguous paths are refused.
    #[schema(max_items = 100)]
    rules: Option<Vec<RuleRequest>>,
    /// What applies if no rule matches. The default is `key` without rules, and `closed` with rules.
    otherwise: Option<Otherwise>,
    /// The identity headers that the upstream receives. The default is all of them. All others are set to an empty
    /// value.
    headers: Option<Vec<HandedHeader>>,
    /// Whether the key itself is hidden from the upstream.
    #[schema(default = true, examples(true))]
    hide_key: Option<bool>,
}

/// A change to a gateway. Fields that are absent or null stay as they are.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(super) struct GatewayUpdateRequest {
    /// The name of the gateway. It must be unique in the organization.
    #[schema(min_length = 1, max_length = 100, examples("Public API"))]
    name: Option<String>,
    /// The header in which clients send their key.
    #[schema(min_length = 1, max_length = 64, examples("X-Api-Key"))]
    key_header: Option<String>,
    /// The new rules, which replace all present ones.
    #[schema(max_items = 100)]
    rules: Option<Vec<RuleRequest>>,
    /// What applies if no rule matches.
    otherwise: Option<Otherwise>,
    /// The new set of identity headers, which replaces the present one.
    headers: Option<Vec<HandedHeader>>,
    /// Whether the key itself is hidden from the upstream.
    #[schema(examples(true))]
    hide_key: Option<bool>,
}

/// What a request with a certain method and path needs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(super) struct RuleRequest {
    /// The method, in capital letters. If absent, any method matches. `GET` also matches `HEAD`.
    #[schema(min_length = 1, max_length = 20, examples("GET"))]
    method: Option<String>,
    /// The path. A segment is literal, `*` for any segment, or `{name}` for a segment that the resource refers to. At
    /// the end, `**` stands for all further segments.
    #[schema(min_length = 1, max_length = 500, examples("/v1/buckets/{bucket}/**"))]
    path: String,
    /// Which requests pass. The default is `key`.
    access: Option<RuleAccess>,
    /// The permission that the key must have.
    permission: Option<Permission>,
    /// The resource that the scopes of the key must cover.
    resource: Option<RuleResourceRequest>,
}

/// The resource that a request is about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the fields, which are read one by one")]
pub(super) struct RuleResourceRequest {
    /// The type of the resource.
    r#type: ResourceType,
    /// An id, or the name of a segment of the path in braces.
    #[schema(min_length = 1, max_length = 100, examples("{bucket}"))]
    id: String,
    /// The operation on the resource.
    operation: Option<Operation>,
}
