//! `GET /v1/api-keys`: lists the organization's keys.

use axum::response::Response;
use model::Timestamp;
use model::field::{FieldError, FieldErrors, Rule};
use model::key::{Environment, KeyCursor, KeyFilter, KeyName, KeyOwner, KeyQuery, KeyView, Place};
use model::metadata::MetadataFilter;
use model::page::PageSize;
use model::text::check_length;
use serde::Serialize;
use utoipa::ToSchema;

use super::cursor;
use super::dto::ApiKey;
use crate::api::http::call::Call;
use crate::api::http::envelope;
use crate::api::http::failure::Failure;
use crate::api::http::query::{LIMIT_DEFAULT, LIMIT_MAX, OFFSET_MAX, Query};

/// The longest search text, in characters.
const SEARCH_LENGTH_MAX: usize = 200;

/// A page of keys.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ApiKeyPage<'a> {
    /// The keys.
    items: Vec<ApiKey<'a>>,
    /// The value from the request, or the default.
    #[schema(examples(20))]
    limit: u32,
    /// The value from the request, or the default.
    #[schema(examples(0))]
    offset: u32,
    /// Whether there are more after this page.
    #[schema(examples(false))]
    has_more: bool,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Lists the newest keys first, unless `sort` asks for another order. Leaves out keys that have ended, unless `status`
/// or `includeRevoked` asks for them.
#[utoipa::path(
    get,
    path = "/v1/api-keys",
    tag = "Keys by id",
    operation_id = "list_api_keys",
    summary = "List keys",
    description = "Lists the keys of the organization in pages, including the keys of service accounts. A key that cannot \
                   see other owners' keys lists the keys of its own owner. To get the next page, send `nextCursor` as \
                   `cursor`. To find keys by a member of their metadata, add `metadata.` before its name, as in \
                   `metadata.team=search`. At most 3 members can be given at once.",
    params(
        ("limit" = Option<u32>, Query, description = "Maximum number of keys in the response. The default is 20.", minimum = 1, maximum = 100),
        ("offset" = Option<u32>, Query, description = "Number of keys to skip. Cannot be combined with `cursor`.", minimum = 0, maximum = 2_147_483_647),
        ("cursor" = Option<String>, Query, description = "The `nextCursor` of an earlier response."),
        ("sort" = Option<String>, Query, description = "The order: `createdAt`, `name`, `lastUsedAt`, `expiresAt` or \
                                                        `environment`. With a minus before it, the greatest value \
                                                        comes first.", example = "-createdAt"),
        ("includeRevoked" = Option<bool>, Query, description = "Whether to include revoked and expired keys."),
        ("status" = Option<String>, Query, description = "Only keys with this status: `active`, `disabled`, `expired`, \
                                                          `revoked`, or `all`.", example = "active"),
        ("owner" = Option<KeyOwner>, Query, description = "Only keys of this user or service account."),
        ("name" = Option<KeyName>, Query, description = "Only keys with this name."),
        ("environment" = Option<Environment>, Query, description = "Only keys of this environment."),
        ("search" = Option<String>, Query, description = "Only keys with a word in the name, an id, a prefix, \
            or an owner's name or e-mail address that begins with this text.", max_length = 200, example = "dep"),
        ("expiresBefore" = Option<Timestamp>, Query, description = "Only keys that expire before this time."),
        ("lastUsedBefore" = Option<Timestamp>, Query, description = "Only keys that were last used before this time."),
    ),
    responses((status = 200, description = "Some keys.", body = ApiKeyPage)),
)]
pub(in crate::api) async fn list(call: Call) -> Result<Response, Failure> {
    let mut query = call.query();
    let limit = query.number("limit", 1..=LIMIT_MAX, LIMIT_DEFAULT);
    let offset = query.number("offset", 0..=OFFSET_MAX, 0);
    let filter = filter(&mut query);
    let sort = query.word("sort", cursor::read_sort);
    let cursor = query.word("cursor", cursor::read);
    query.finish()?;
    let (sort, place) = match cursor {
        Some(_) if offset > 0 => {
            return Err(refused("offset", "Give either a cursor or an offset, not both."));
        }
        Some((own, _)) if sort.is_some_and(|sort| sort != own) => {
            return Err(refused(
                "cursor",
                "This cursor belongs to a list in a different order. Use it with the same sort, \
                                          or leave it out.",
            ));
        }
        Some((own, cursor)) => (own, Place::After(cursor)),
        None => (sort.unwrap_or_default(), Place::Skip(offset)),
    };
    let query = KeyQuery { filter, sort, place, size: PageSize::new(limit) };
    let page = call.service.page_keys(&call.caller, &query).await?;
    let last = page.rows.last().filter(|_| page.has_next);
    let data = ApiKeyPage {
        items: page.rows.iter().map(|row| ApiKey::from(&row.key)).collect(),
        limit,
        offset,
        has_more: page.has_next,
        next_cursor: last.map(|row| cursor::write(sort, &KeyCursor::of(&row.key, sort.column))),
    };
    Ok(envelope::ok(&call, data))
}

fn filter(query: &mut Query) -> KeyFilter {
    let include_revoked = query.flag("includeRevoked");
    let standard = if include_revoked { KeyView::All } else { KeyView::Active };
    KeyFilter {
        view: query.word("status", read_status).unwrap_or(standard),
        search: query.word("search", read_search).unwrap_or_default(),
        owner: query.word("owner", read_owner),
        permission: None,
        name: query.word("name", KeyName::existing),
        environment: query.word("environment", Environment::parse),
        metadata: query.members("metadata", MetadataFilter::check),
        expires_before: query.word("expiresBefore", read_moment),
        last_used_before: query.word("lastUsedBefore", read_moment),
    }
}

/// Parses a status. The other views of [`KeyView`] exist only for the console.
fn read_status(word: &str) -> Result<KeyView, FieldError> {
    match KeyView::from_word(word) {
        Some(
            view @ (KeyView::All | KeyView::Active | KeyView::Disabled | KeyView::Expired | KeyView::Revoked),
        ) => Ok(view),
        _ => Err(FieldError::new(Rule::Enum, "Use one of: active, disabled, expired, revoked, all.")),
    }
}

fn read_search(text: &str) -> Result<String, FieldError> {
    check_length(text, 0, SEARCH_LENGTH_MAX).map(|()| text.to_owned())
}

fn read_owner(id: &str) -> Result<KeyOwner, FieldError> {
    let message = "Use the id of a user or of a service account.";
    KeyOwner::parse(id).map_err(|_| FieldError::new(Rule::ValueError, message))
}

fn read_moment(text: &str) -> Result<Timestamp, FieldError> {
    let message = "Use a date and time such as 2027-01-31T12:00:00Z.";
    Timestamp::parse(text).map_err(|_| FieldError::new(Rule::DatetimeParsing, message))
}

fn refused(parameter: &str, message: &str) -> Failure {
    Failure::Query(FieldErrors::one(parameter, Rule::ValueError, message))
}
