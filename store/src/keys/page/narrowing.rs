//! What narrows the list: a condition on a row, and an index that leads to the rows that meet it.
//!
//! Parameters have the same numbers in every statement of the list; see [`super::scan`].

use model::key::{KeyFilter, KeyOwner, KeyView, SortColumn};

use super::super::ended::is_ended;
use super::super::ended_counts::{ENDED_COUNTED_MAX, EndedCounts};
use crate::terms::Search;

/// One condition beyond the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrowing {
    /// What needs attention.
    View(Attention),
    /// One member's keys.
    OfUser,
    /// One service account's keys.
    OfAccount,
    /// One strongest permission.
    Permission,
    /// One name.
    Name,
    /// An end before a moment.
    ExpiresBefore,
    /// No use since a moment.
    LastUsedBefore,
    /// A text.
    Search,
}

/// Views that are more than a status. All of them are of active keys, and each has an index in every order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attention {
    Expiring,
    Unused,
    NeverExpires,
    NoRateLimit,
    Disabled,
}

/// Keys that have ended with their owners and are still stored as active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// There are none, as nearly always.
    None,
    /// So few that all of them can be sorted.
    Few,
    /// So many that a walk soon meets them.
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

    /// What keeps such keys out of the views of active keys, and lets them into that of revoked ones.
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

/// The classes of keys of a view, or of which a view has some.
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

/// What a view is put together from: for each of these conditions an index holds exactly its rows, in every order.
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

/// Everything in a filter that narrows.
pub(super) fn narrowings(filter: &KeyFilter, search: Option<&Search>) -> Vec<Narrowing> {
    let attention = match filter.view {
        KeyView::All | KeyView::Active | KeyView::Expired | KeyView::Revoked => None,
        KeyView::Expiring => Some(Attention::Expiring),
        KeyView::Unused => Some(Attention::Unused),
        KeyView::NeverExpires => Some(Attention::NeverExpires),
        KeyView::NoRateLimit => Some(Attention::NoRateLimit),
        KeyView::Disabled => Some(Attention::Disabled),
    };
    let parts = [
        attention.map(Narrowing::View),
        filter.owner.as_ref().map(|owner| match owner {
            KeyOwner::User(_) => Narrowing::OfUser,
            KeyOwner::ServiceAccount(_) => Narrowing::OfAccount,
        }),
        filter.permission.map(|_| Narrowing::Permission),
        filter.name.as_ref().map(|_| Narrowing::Name),
        filter.expires_before.map(|_| Narrowing::ExpiresBefore),
        filter.last_used_before.map(|_| Narrowing::LastUsedBefore),
        search.map(|_| Narrowing::Search),
    ];
    parts.into_iter().flatten().collect()
}

impl Narrowing {
    /// The condition on a row of keys called `r`.
    pub fn condition(self) -> &'static str {
        match self {
            Self::View(Attention::Expiring) => EXPIRING,
            Self::View(Attention::Unused) => UNUSED,
            Self::View(Attention::NeverExpires) => "r.class IN (1, 3)",
            Self::View(Attention::NoRateLimit) => "r.class IN (2, 3)",
            Self::View(Attention::Disabled) => DISABLED,
            Self::OfUser => "r.user_id = $5",
            Self::OfAccount => "r.service_account_id = $5",
            Self::Permission => "r.permissions >= $6 AND r.permissions < $7",
            Self::Name => "r.name_folded = $11 AND r.name = $12",
            Self::ExpiresBefore => "r.expires_order < $13",
            Self::LastUsedBefore => "r.last_used_order < $14",
            Self::Search => {
                "({contains}(r.search_text, $10) > 0 OR r.user_id IN (SELECT t.user_id FROM user_terms t \
                 WHERE t.organization_id = $1 AND t.term >= $8 AND t.term < $9) \
                 OR r.service_account_id IN (SELECT t.service_account_id FROM service_account_terms t \
                 WHERE t.organization_id = $1 AND t.term >= $8 AND t.term < $9))"
            }
        }
    }

    /// A select of the rows that meet the condition, through an index made for it: a `row_id` of each, as `{row}` tells it.
    /// A search gives each `key_id`, perhaps more than once.
    pub fn candidates(self, view: KeyView, ended: Ended, limit: Option<u64>) -> String {
        let classes = classes(view, ended);
        let statuses =
            statuses(view, ended).iter().map(|status| format!("'{status}'")).collect::<Vec<_>>().join(", ");
        let limit = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let condition = self.condition();
        match self {
            // The first condition keeps a foreign owner's keys out without a look at each of them.
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
            // Through the index of an order.
            Self::Name | Self::ExpiresBefore | Self::LastUsedBefore => format!(
                "SELECT r.{{row}} AS row_id FROM keys r WHERE r.organization_id = $1 AND r.class IN ({classes}) \
                 AND {condition}{limit}"
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

    /// Whether the index of an order holds exactly these rows side by side.
    pub fn is_range_of(self, column: SortColumn) -> bool {
        match self {
            Self::View(_) => true,
            Self::ExpiresBefore => column == SortColumn::Expires,
            Self::LastUsedBefore => column == SortColumn::LastUsed,
            _ => false,
        }
    }
}
