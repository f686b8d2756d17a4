//! The path of a page that lists items: which items are listed, and which dialog is open.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use leptos::prelude::*;

use crate::paths;
use crate::query::{Query, use_query};

/// The dialogs about the items of one kind, and how paths name them.
pub trait ItemDialog: Copy + PartialEq + Send + Sync + 'static {
    type Id: Clone + Eq + Debug + Display + FromStr + Send + Sync + 'static;

    /// The path of the list.
    const LIST: &'static str;
    /// The query parameter that names the item of the open dialog.
    const ITEM: &'static str;
    /// The dialog for a new item: its word in the path, and its title.
    const NEW: (&'static str, &'static str);
    /// The dialogs about one item, each with its word and its title.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// The dialog that a word in the path names.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own, _)| *own == word).map(|(dialog, ..)| *dialog)
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(dialog, ..)| *dialog == self).map_or("", |(_, word, _)| word)
    }
}

/// A dialog that the path opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenDialog<D: ItemDialog> {
    /// The dialog for a new item.
    New,
    /// A dialog about one item.
    With(D, D::Id),
}

impl<D: ItemDialog> OpenDialog<D> {
    fn of(query: &Query) -> Option<Self> {
        let word = query.get("do")?;
        if word == D::NEW.0 {
            return Some(Self::New);
        }
        Some(Self::With(D::of(word)?, query.get(D::ITEM)?.parse().ok()?))
    }

    pub fn title(&self) -> &'static str {
        match self {
            Self::New => D::NEW.1,
            Self::With(dialog, _) => {
                D::ALL.iter().find(|(own, ..)| own == dialog).map_or("", |(_, _, title)| title)
            }
        }
    }
}

/// The conditions that limit a list.
pub trait ListFilter: Clone + Default + PartialEq + Send + Sync + 'static {
    /// Reads a query. Unknown and malformed values are replaced by defaults.
    fn of(query: &Query) -> Self;

    /// The query parameters, without those that have their default.
    fn pairs(&self) -> Vec<(&'static str, String)>;
}

/// For lists that show everything.
impl ListFilter for () {
    fn of(_query: &Query) -> Self {}

    fn pairs(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The state of the page, which its path contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPath<F, D: ItemDialog> {
    pub filter: F,
    /// The number of the page, from 1. 0 also means the first page.
    pub page: u32,
    /// Which dialog is open. `None` for the list alone.
    pub task: Option<OpenDialog<D>>,
}

impl<F: ListFilter, D: ItemDialog> Default for ListPath<F, D> {
    fn default() -> Self {
        Self::first(F::default())
    }
}

impl<F: ListFilter, D: ItemDialog> ListPath<F, D> {
    /// The path of the current page.
    pub fn current() -> Memo<Self> {
        let query = use_query();
        Memo::new(move |_| query.with(Self::of))
    }

    /// Reads a query. Unknown and malformed values are replaced by defaults.
    pub fn of(query: &Query) -> Self {
        let page = query.get("page").and_then(|text| text.parse().ok()).unwrap_or_default();
        Self { filter: F::of(query), page, task: OpenDialog::of(query) }
    }

    /// The first page of a list, without a dialog.
    pub fn first(filter: F) -> Self {
        Self { filter, page: 0, task: None }
    }

    /// The same list with this dialog open.
    #[must_use]
    pub fn with(&self, task: OpenDialog<D>) -> Self {
        Self { task: Some(task), ..self.clone() }
    }

    /// The same list without a dialog.
    #[must_use]
    pub fn list(&self) -> Self {
        Self { task: None, ..self.clone() }
    }

    /// Another page of the same list, without a dialog.
    #[must_use]
    pub fn at_page(&self, page: u32) -> Self {
        Self { page, ..self.list() }
    }

    pub fn to_path(&self) -> String {
        let mut pairs = self.filter.pairs();
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        match &self.task {
            Some(OpenDialog::New) => pairs.push(("do", D::NEW.0.to_owned())),
            Some(OpenDialog::With(dialog, id)) => {
                pairs.extend([("do", dialog.word().to_owned()), (D::ITEM, id.to_string())]);
            }
            None => {}
        }
        paths::with_pairs(D::LIST, &pairs)
    }
}

/// The link that opens a dialog about one item of the list.
pub fn dialog_link<F: ListFilter, D: ItemDialog>(
    shown: Memo<ListPath<F, D>>,
    dialog: D,
    id: &D::Id,
) -> Signal<String> {
    let task = StoredValue::new(OpenDialog::With(dialog, id.clone()));
    Signal::derive(move || shown.with(|shown| shown.with(task.get_value()).to_path()))
}
