//! The key list of an organization: filter, order, cursor and one page of results.

use crate::id::{KeyId, UserId};
use crate::metadata::MetadataFilter;
use crate::page::PageSize;
use crate::string_enum::string_enum;
use crate::time::Timestamp;

use super::{Environment, GracePeriod, Key, KeyName, KeyOwner, Permission};

string_enum! {
    /// Which keys, by what needs attention.
    KeyView {
        /// Every key, ended ones too.
        All = "all",
        /// Those that work or can work again.
        Active = "active",
        /// Active ones that end within 14 days.
        Expiring = "expiring",
        /// Active ones not used for 90 days, or never and made that long ago.
        Unused = "unused",
        /// Active ones that never end.
        NeverExpires = "never_expires",
        /// Active ones without a limit of their own.
        NoRateLimit = "no_rate_limit",
        /// Active ones out of service for a time.
        Disabled = "disabled",
        /// Ended by their expiry.
        Expired = "expired",
        /// Ended by a person or a program, or together with their owner.
        Revoked = "revoked",
    }
}

string_enum! {
    /// What the list is sorted by. The key's id breaks ties.
    SortColumn {
        /// When it was made.
        Created = "created",
        /// The name, without regard to case.
        Name = "name",
        /// When it was last used; never used is earliest.
        LastUsed = "last_used",
        /// When it ends; never is latest.
        Expires = "expires",
        /// The environment, in alphabetical order.
        Environment = "environment",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeySort {
    pub column: SortColumn,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

impl Default for KeySort {
    fn default() -> Self {
        Self { column: SortColumn::Created, descending: true }
    }
}

/// A position between two rows: the sort value and id of the row next to it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyCursor {
    /// The row's value in the sort column: microseconds, the case-folded name or the environment.
    pub value: String,
    pub key_id: KeyId,
}

impl KeyCursor {
    /// The form in a URL: `key_….value`.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.key_id, self.value)
    }

    /// Reads the form in a URL. `None` if the text is malformed.
    pub fn from_text(text: &str) -> Option<Self> {
        let (key_id, value) = text.split_once('.')?;
        let is_short = value.len() <= 1000;
        is_short.then_some(())?;
        Some(Self { value: value.to_owned(), key_id: KeyId::parse(key_id).ok()? })
    }

    /// The position of a key in an order.
    pub fn of(key: &Key, column: SortColumn) -> Self {
        let value = match column {
            SortColumn::Created => key.created_at.micros().to_string(),
            SortColumn::Name => crate::text::fold(key.fields.name.as_str()),
            SortColumn::LastUsed => key.last_use.as_ref().map_or(0, |used| used.at.micros()).to_string(),
            SortColumn::Expires => key.fields.expires_at.map_or(i64::MAX, Timestamp::micros).to_string(),
            SortColumn::Environment => key.fields.environment.to_string(),
        };
        Self { value, key_id: key.key_id.clone() }
    }
}

/// Which part of the list of one user's keys, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserKeyQuery {
    /// Whether to include revoked and expired keys.
    pub include_ended: bool,
    /// The place after which the part begins, in the order by creation. `None` for the newest key.
    pub after: Option<KeyCursor>,
    pub size: PageSize,
}

/// A part of the list of one user's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserKeyPage {
    pub user_id: UserId,
    pub keys: Vec<Key>,
    /// Where the list continues. `None` at its end. If the caller is a scoped key, the rest of the list may turn out
    /// to be empty.
    pub next: Option<KeyCursor>,
}

/// Which page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Place {
    /// The first page.
    #[default]
    First,
    /// The page after a cursor.
    After(KeyCursor),
    /// The page before a cursor.
    Before(KeyCursor),
    /// The last page.
    Last,
    /// The page after this many rows. The database has to walk over all of them, so large numbers are slow. Prefer a
    /// cursor.
    Skip(u32),
}

/// The conditions that narrow the list. A key has to meet all of them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyFilter {
    pub view: KeyView,
    /// Text at the beginning of a word of the key's name, the key id, the shown prefix, or the owner's name or e-mail
    /// address.
    pub search: String,
    pub owner: Option<KeyOwner>,
    /// Keys whose strongest permission is exactly this one.
    pub permission: Option<Permission>,
    /// Keys with exactly this name.
    pub name: Option<KeyName>,
    /// Keys of this environment.
    pub environment: Option<Environment>,
    /// Keys whose metadata has all these members. At most [`METADATA_FILTERS_MAX`].
    ///
    /// [`METADATA_FILTERS_MAX`]: crate::metadata::METADATA_FILTERS_MAX
    pub metadata: Vec<MetadataFilter>,
    /// Keys that expire before this moment.
    pub expires_before: Option<Timestamp>,
    /// Keys not used since this moment, including keys that were never used.
    pub last_used_before: Option<Timestamp>,
}

impl Default for KeyFilter {
    fn default() -> Self {
        Self {
            view: KeyView::Active,
            search: String::new(),
            owner: None,
            permission: None,
            name: None,
            environment: None,
            metadata: Vec::new(),
            expires_before: None,
            last_used_before: None,
        }
    }
}

/// Everything that determines the contents of one page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyQuery {
    pub filter: KeyFilter,
    pub sort: KeySort,
    pub place: Place,
    pub size: PageSize,
}

/// A number of keys. It is only a lower bound if counting stopped early.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Count {
    pub number: u64,
    /// Whether there are more than `number`.
    pub or_more: bool,
}

/// The number of keys in each view. [`KeyView`] defines the views.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyTotals {
    pub active: Count,
    pub expiring: Count,
    pub unused: Count,
    pub never_expires: Count,
    pub no_rate_limit: Count,
    pub disabled: Count,
    pub expired: Count,
    pub revoked: Count,
}

impl KeyTotals {
    /// The number of all keys, including expired and revoked ones.
    pub fn all(&self) -> Count {
        let parts = [self.active, self.expired, self.revoked];
        Count { number: parts.iter().map(|c| c.number).sum(), or_more: parts.iter().any(|c| c.or_more) }
    }

    /// The number of keys in one view.
    pub fn of(&self, view: KeyView) -> Count {
        match view {
            KeyView::All => self.all(),
            KeyView::Active => self.active,
            KeyView::Expiring => self.expiring,
            KeyView::Unused => self.unused,
            KeyView::NeverExpires => self.never_expires,
            KeyView::NoRateLimit => self.no_rate_limit,
            KeyView::Disabled => self.disabled,
            KeyView::Expired => self.expired,
            KeyView::Revoked => self.revoked,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyRow {
    pub key: Key,
    /// Earlier secrets that are still valid.
    pub grace_periods: Vec<GracePeriod>,
    /// The owner's e-mail address. Empty for a service account, which has none.
    pub owner_email: String,
    pub owner_name: String,
}

/// One page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyPage {
    /// The rows, in the requested order.
    pub rows: Vec<KeyRow>,
    /// The number of keys that match the filter.
    pub found: Count,
    /// The number of keys in each view, whatever the filter.
    pub totals: KeyTotals,
    /// Whether there are rows before this page.
    pub has_previous: bool,
    /// Whether there are rows after this page.
    pub has_next: bool,
}
