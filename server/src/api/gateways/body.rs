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

/// What a gateway is to be.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
pub(super) struct GatewayCreateRequest {
    /// Unique in the organization.
    #[schema(min_length = 1, max_length = 100, examples("Public API"))]
    name: String,
    /// Where clients show their key: `Authorization`, as a bearer's token, or another header, as it is.
    #[schema(min_length = 1, max_length = 64, default = "Authorization", examples("Authorization"))]
    key_header: Option<String>,
    /// The first that fits a request decides. With rules, a path that can be read in different ways is refused.
    #[schema(max_items = 100)]
    rules: Option<Vec<RuleRequest>>,
    /// What holds when no rule fits. By default `key` without rules, and `closed` with rules.
    otherwise: Option<Otherwise>,
    /// What the upstream is told of the key; everything by default. Others are handed empty.
    headers: Option<Vec<HandedHeader>>,
    /// Whether the upstream does not see the key itself.
    #[schema(default = true, examples(true))]
    hide_key: Option<bool>,
}

/// What is to change of a gateway. What is absent or null stays.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
pub(super) struct GatewayUpdateRequest {
    /// Unique in the organization.
    #[schema(min_length = 1, max_length = 100, examples("Public API"))]
    name: Option<String>,
    /// Where clients show their key.
    #[schema(min_length = 1, max_length = 64, examples("X-Api-Key"))]
    key_header: Option<String>,
    /// Replaces all rules.
    #[schema(max_items = 100)]
    rules: Option<Vec<RuleRequest>>,
    /// What holds when no rule fits.
    otherwise: Option<Otherwise>,
    /// Replaces the whole set.
    headers: Option<Vec<HandedHeader>>,
    /// Whether the upstream does not see the key itself.
    #[schema(examples(true))]
    hide_key: Option<bool>,
}

/// What a request needs by its method and its path.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
pub(super) struct RuleRequest {
    /// In capital letters; any when absent. `GET` covers `HEAD`.
    #[schema(min_length = 1, max_length = 20, examples("GET"))]
    method: Option<String>,
    /// Segments are literal, `*` for any one, `{name}` for one that is used, or at the end `**` for the rest.
    #[schema(min_length = 1, max_length = 500, examples("/v1/buckets/{bucket}/**"))]
    path: String,
    /// Who passes; `key` when absent.
    access: Option<RuleAccess>,
    /// What the key must be permitted.
    permission: Option<Permission>,
    /// What the key must reach.
    resource: Option<RuleResourceRequest>,
}

/// The resource that a request is about.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the members, which are read one by one")]
pub(super) struct RuleResourceRequest {
    /// The kind.
    r#type: ResourceType,
    /// An id, or the name of a segment of the path in braces.
    #[schema(min_length = 1, max_length = 100, examples("{bucket}"))]
    id: String,
    /// What is done to it.
    operation: Option<Operation>,
}
