//! The filters of the list. Each has a condition on a row and an index that leads to the rows that meet it.
//!
//! Parameters have the same numbers in every statement of the list; see [`super::values`].

use model::key::{KeyFilter, KeyOwner, KeyView, SortColumn};

use super::super::ended::is_ended;
use super::super::ended_counts::{ENDED_COUNTED_MAX, EndedCounts};
use crate::search_terms::Search;

/// One condition besides the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    /// A view of keys that need attention.
    View(Attention),
    /// The keys of one user.
    OfUser,
    /// The keys of one service account.
    OfAccount,
    /// Keys with this strongest permission.
    Permission,
    /// Keys of this environment.
    Environment,
    /// Keys with this name.
    Name,
    /// Keys that expire before a moment.
    ExpiresBefore,
    /// Keys that were not used since a moment.
    LastUsedBefore,
    /// Keys that a search finds.
    Search,
    /// Keys with this member of metadata. The number is its place in the filter.
    Metadata(usize),
}

/// The views that need a condition besides the status. They all contain active keys only, and each has an index in
/// every order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attention {
    Expiring,
    Unused,
    NeverExpires,
    NoRateLimit,
    Disabled,
}

/// How many keys were ended by an owner revocation and are still stored as active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// None, which is nearly always the case.
    None,
    /// Few enough to sort all of them.
    Few,
    /// So many that a walk along an index finds them quickly.
    Many,
}

impl Ended {
    pub fn of(counts: EndedCounts) -> Self {
        match counts {
            EndedCounts { all: 0, .. } => Self::None,
            EndedCounts { all: 1..=ENDED_COUNTED_MAX, .. } => Self::Few,
            EndedCounts { .. } => Self::Many,
        }
    }

    /// The condition that excludes such keys from views of active keys and includes them in the view of revoked keys.
    pub fn condition(self, view: KeyView) -> &'static str {
        match (self, view) {
            (Self::None, _) | (_, KeyView::All | KeyView::Expired) => "",
            (_, KeyView::Revoked) => concat!(" AND (r.status = 'revoked' OR ", is_ended!("r"), ")"),
            _ => concat!(" AND NOT (", is_ended!("r"), ")"),
        }
    }
}

/// The stored statuses of a view.
pub(super) fn statuses(view: KeyView, ended: Ended) -> &'static [&'static str] {
    match view {
        KeyView::All => &["active", "expired", "revoked"],
        KeyView::Expired => &["expired"],
        KeyView::Revoked if ended != Ended::None => &["active", "revoked"],
        KeyView::Revoked => &["revoked"],
        KeyView::Active
        | KeyView::Expiring
        | KeyView::Unused
        | KeyView::NeverExpires
        | KeyView::NoRateLimit
        | KeyView::Disabled => &["active"],
    }
}

/// The values of `class` that the keys of a view can have. Active keys have 0 to 3: 1 is added if the key never
/// expires, and 2 if it has no rate limit of its own. Expired keys have 4 and revoked keys have 5.
pub(super) fn classes(view: KeyView, ended: Ended) -> &'static str {
    match view {
        KeyView::All => "0, 1, 2, 3, 4, 5",
        KeyView::Revoked if ended != Ended::None => "0, 1, 2, 3, 5",
        KeyView::Expired => "4",
        KeyView::Revoked => "5",
        KeyView::NeverExpires => "1, 3",
        KeyView::NoRateLimit => "2, 3",
        KeyView::Active | KeyView::Expiring | KeyView::Unused | KeyView::Disabled => "0, 1, 2, 3",
    }
}

/// The conditions whose rows together make up a view. For each, an index contains exactly its rows in every order.
pub(super) fn parts(view: KeyView, ended: Ended) -> &'static [&'static str] {
    match view {
        KeyView::Revoked if ended == Ended::Many => {
            &["r.class = 0", "r.class = 1", "r.class = 2", "r.class = 3", "r.class = 5"]
        }
        KeyView::All => {
            &["r.class = 0", "r.class = 1", "r.class = 2", "r.class = 3", "r.class = 4", "r.class = 5"]
        }
        KeyView::Active => &["r.class = 0", "r.class = 1", "r.class = 2", "r.class = 3"],
        KeyView::NeverExpires => &["r.class = 1", "r.class = 3"],
        KeyView::NoRateLimit => &["r.class = 2", "r.class = 3"],
        KeyView::Expired => &["r.class = 4"],
        KeyView::Revoked => &["r.class = 5"],
        KeyView::Expiring => &[EXPIRING],
        KeyView::Unused => &[UNUSED],
        KeyView::Disabled => &[DISABLED],
    }
}

const EXPIRING: &str = "r.status = 'active' AND r.is_expiring";
const UNUSED: &str = "r.status = 'active' AND r.is_unused";
const DISABLED: &str = "r.status = 'active' AND r.disabled_at IS NOT NULL";

/// All filters that are set.
pub(super) fn filters(filter: &KeyFilter, search: Option<&Search>) -> Vec<Filter> {
    let attention = match filter.view {
        KeyView::All | KeyView::Active | KeyView::Expired | KeyView::Revoked => None,
        KeyView::Expiring => Some(Attention::Expiring),
        KeyView::Unused => Some(Attention::Unused),
        KeyView::NeverExpires => Some(Attention::NeverExpires),
        KeyView::NoRateLimit => Some(Attention::NoRateLimit),
        KeyView::Disabled => Some(Attention::Disabled),
    };
    let parts = [
        attention.map(Filter::View),
        filter.owner.as_ref().map(|owner| match owner {
            KeyOwner::User(_) => Filter::OfUser,
            KeyOwner::ServiceAccount(_) => Filter::OfAccount,
        }),
        filter.permission.map(|_| Filter::Permission),
        filter.name.as_ref().map(|_| Filter::Name),
        filter.expires_before.map(|_| Filter::ExpiresBefore),
        filter.last_used_before.map(|_| Filter::LastUsedBefore),
        filter.environment.map(|_| Filter::Environment),
        search.map(|_| Filter::Search),
    ];
    let members = (0..filter.metadata.len()).map(Filter::Metadata);
    parts.into_iter().flatten().chain(members).collect()
}

/// The number of the parameter of a member of metadata.
fn member(place: usize) -> usize {
    18 + place
}

impl Filter {
    /// The condition on a row of `keys` with alias `r`.
    pub fn condition(self) -> String {
        let text = match self {
            Self::View(Attention::Expiring) => EXPIRING,
            Self::View(Attention::Unused) => UNUSED,
            Self::View(Attention::NeverExpires) => "r.class IN (1, 3)",
            Self::View(Attention::NoRateLimit) => "r.class IN (2, 3)",
            Self::View(Attention::Disabled) => DISABLED,
            Self::OfUser => "r.user_id = $5",
            Self::OfAccount => "r.service_account_id = $5",
            Self::Permission => "r.permissions >= $6 AND r.permissions < $7",
            Self::Environment => "r.environment = $17",
            Self::Name => "r.name IN ($12, $16)",
            Self::ExpiresBefore => "r.expires_order < $13",
            Self::LastUsedBefore => "r.last_used_order < $14",
            Self::Search => {
                "({contains}(r.search_text, $10) > 0 OR r.user_id IN (SELECT t.user_id FROM user_terms t \
                 WHERE t.organization_id = $1 AND t.term >= $8 AND t.term < $9) \
                 OR r.service_account_id IN (SELECT t.service_account_id FROM service_account_terms t \
                 WHERE t.organization_id = $1 AND t.term >= $8 AND t.term < $9))"
            }
            Self::Metadata(place) => return format!("{{contains}}(r.search_text, ${}) > 0", member(place)),
        };
        text.to_owned()
    }

    /// A select of the rows that meet the condition, through an index that was made for it. It returns the column
    /// `{row}` as `row_id`. A search and a member of metadata return `key_id` instead, and a search may return a key
    /// more than once.
    pub fn candidates(self, view: KeyView, ended: Ended, limit: Option<u64>) -> String {
        let classes = classes(view, ended);
        let statuses =
            statuses(view, ended).iter().map(|status| format!("'{status}'")).collect::<Vec<_>>().join(", ");
        let limit = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let condition = self.condition();
        match self {
            // The first condition excludes owners of other organizations without reading each of their keys.
            Self::OfUser => format!(
                "SELECT r.{{row}} AS row_id FROM keys r WHERE EXISTS (SELECT 1 FROM users u WHERE u.user_id = $5 \
                 AND u.organization_id = $1) AND {condition} AND r.status IN ({statuses}){limit}"
            ),
            Self::OfAccount => format!(
                "SELECT r.{{row}} AS row_id FROM keys r WHERE EXISTS (SELECT 1 FROM service_accounts s \
                 WHERE s.service_account_id = $5 AND s.organization_id = $1) AND {condition} \
                 AND r.status IN ({statuses}){limit}"
            ),
            Self::View(_) => {
                format!(
                    "SELECT r.{{row}} AS row_id FROM keys r WHERE r.organization_id = $1 AND {condition}{limit}"
                )
            }
            Self::Permission => format!(
                "SELECT r.{{row}} AS row_id FROM keys r WHERE r.organization_id = $1 AND r.status IN ({statuses}) \
                 AND {condition}{limit}"
            ),
            // The index of the order by name contains keys by their spelling, which may be any of one name. Another
            // index contains the few keys whose spelling is not the name.
            Self::Name => format!(
                "SELECT * FROM (SELECT r.{{row}} AS row_id FROM keys r WHERE r.organization_id = $1 \
                 AND r.class IN ({classes}) AND r.name_folded IN ($11, $15) AND {condition} \
                 AND COALESCE(r.spelling, r.name) = r.name{limit}) AS by_name UNION ALL \
                 SELECT * FROM (SELECT r.{{row}} AS row_id FROM keys r WHERE r.organization_id = $1 AND {condition} \
                 AND r.spelling <> r.name AND r.class IN ({classes}){limit}) AS by_spelling"
            ),
            // These use the index of an order.
            Self::ExpiresBefore | Self::LastUsedBefore | Self::Environment => format!(
                "SELECT r.{{row}} AS row_id FROM keys r WHERE r.organization_id = $1 AND r.class IN ({classes}) \
                 AND {condition}{limit}"
            ),
            // The term is the parameter without its first character.
            Self::Metadata(place) => format!(
                "SELECT t.key_id FROM key_terms t WHERE t.organization_id = $1 AND t.status IN ({statuses}) \
                 AND t.term = substr(${}, 2){limit}",
                member(place)
            ),
            Self::Search => format!(
                "SELECT * FROM (SELECT t.key_id FROM key_terms t WHERE t.organization_id = $1 \
                 AND t.status IN ({statuses}) AND t.term >= $8 AND t.term < $9{limit}) AS by_key UNION ALL \
                 SELECT * FROM (SELECT r.key_id FROM user_terms t CROSS JOIN keys r WHERE r.user_id = t.user_id \
                 AND t.organization_id = $1 AND t.term >= $8 AND t.term < $9 AND r.status IN ({statuses}){limit}) \
                 AS by_user UNION ALL \
                 SELECT * FROM (SELECT r.key_id FROM service_account_terms t CROSS JOIN keys r \
                 WHERE r.service_account_id = t.service_account_id \
                 AND t.organization_id = $1 AND t.term >= $8 AND t.term < $9 AND r.status IN ({statuses}){limit}) \
                 AS by_account"
            ),
        }
    }

    /// Whether the rows that meet the condition are contiguous in the index of an order.
    pub fn is_range_of(self, column: SortColumn) -> bool {
        match self {
            Self::View(_) => true,
            Self::ExpiresBefore => column == SortColumn::Expires,
            Self::LastUsedBefore => column == SortColumn::LastUsed,
            Self::Environment => column == SortColumn::Environment,
            _ => false,
        }
    }
}
