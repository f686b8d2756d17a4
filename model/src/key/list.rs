//! The organization's key list: what is asked of it and one page of the answer.

use crate::id::KeyId;
use crate::page::PageSize;
use crate::time::Timestamp;
use crate::words::words;

use super::{Grace, Key, KeyName, KeyOwner, Permission};

words! {
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
        /// Ended by somebody.
        Revoked = "revoked",
    }
}

words! {
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
    }
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeySort {
    /// By what.
    pub column: SortColumn,
    /// Greatest first.
    pub descending: bool,
}

impl Default for KeySort {
    fn default() -> Self {
        Self { column: SortColumn::Created, descending: true }
    }
}

/// A place between two rows: the sort value and the id of the row beside it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyCursor {
    /// The row's value in the sort column: microseconds, or the folded name.
    pub value: String,
    /// The row.
    pub key_id: KeyId,
}

impl KeyCursor {
    /// The form in a URL: `key_….value`.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.key_id, self.value)
    }

    /// Reads the form in a URL; nothing when it is none.
    pub fn from_text(text: &str) -> Option<Self> {
        let (key_id, value) = text.split_once('.')?;
        let is_short = value.len() <= 1000;
        is_short.then_some(())?;
        Some(Self { value: value.to_owned(), key_id: KeyId::parse(key_id).ok()? })
    }

    /// The place of a key in an order.
    pub fn of(key: &Key, column: SortColumn) -> Self {
        let value = match column {
            SortColumn::Created => key.created_at.micros().to_string(),
            SortColumn::Name => crate::text::fold(key.name.as_str()),
            SortColumn::LastUsed => key.last_use.as_ref().map_or(0, |used| used.at.micros()).to_string(),
            SortColumn::Expires => key.expires_at.map_or(i64::MAX, Timestamp::micros).to_string(),
        };
        Self { value, key_id: key.key_id.clone() }
    }
}

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Place {
    /// The first rows.
    #[default]
    First,
    /// The rows after a place.
    After(KeyCursor),
    /// The rows before a place.
    Before(KeyCursor),
    /// The last rows.
    Last,
    /// The rows after so many. They are counted off, so a far place takes long: a cursor is better.
    Skip(u32),
}

/// What narrows the list. All of it holds together.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyFilter {
    /// By what needs attention.
    pub view: KeyView,
    /// Text found at the start of a word of the name, of the id, the secret's first characters, or the owner's name or
    /// e-mail.
    pub search: String,
    /// One owner's.
    pub owner: Option<KeyOwner>,
    /// Those whose strongest permission is this one.
    pub permission: Option<Permission>,
    /// Those of exactly this name.
    pub name: Option<KeyName>,
    /// Those that end before a moment.
    pub expires_before: Option<Timestamp>,
    /// Those not used since a moment, or never.
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
            expires_before: None,
            last_used_before: None,
        }
    }
}

/// Everything that decides what one page of the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyQuery {
    /// Which keys.
    pub filter: KeyFilter,
    /// In which order.
    pub sort: KeySort,
    /// Which page.
    pub place: Place,
    /// How many rows.
    pub size: PageSize,
}

/// A number of things, perhaps only a lower bound, because counting stops early.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Count {
    /// How many were counted.
    pub number: u64,
    /// Whether there are more than that.
    pub or_more: bool,
}

/// How many keys each view holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyTotals {
    /// See [`KeyView::Active`].
    pub active: Count,
    /// See [`KeyView::Expiring`].
    pub expiring: Count,
    /// See [`KeyView::Unused`].
    pub unused: Count,
    /// See [`KeyView::NeverExpires`].
    pub never_expires: Count,
    /// See [`KeyView::NoRateLimit`].
    pub no_rate_limit: Count,
    /// See [`KeyView::Disabled`].
    pub disabled: Count,
    /// See [`KeyView::Expired`].
    pub expired: Count,
    /// See [`KeyView::Revoked`].
    pub revoked: Count,
}

impl KeyTotals {
    /// How many keys there are, ended ones too.
    pub fn all(&self) -> Count {
        let parts = [self.active, self.expired, self.revoked];
        Count { number: parts.iter().map(|c| c.number).sum(), or_more: parts.iter().any(|c| c.or_more) }
    }

    /// The count of one view.
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

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyRow {
    /// The record.
    pub key: Key,
    /// Earlier secrets that are still valid.
    pub graces: Vec<Grace>,
    /// The owner's e-mail; empty for a service account, which has none.
    pub owner_email: String,
    /// The owner's name.
    pub owner_name: String,
}

/// One page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeyPage {
    /// The rows, in the order asked for.
    pub rows: Vec<KeyRow>,
    /// How many keys the filter finds.
    pub found: Count,
    /// How many keys each view holds, without search, owner and permission.
    pub totals: KeyTotals,
    /// Whether there are rows before these.
    pub has_previous: bool,
    /// Whether there are rows after these.
    pub has_next: bool,
}
