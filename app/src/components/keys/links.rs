//! The links of the key list, each made from the path of the current page.

use model::id::KeyId;
use model::key::{
    Environment, KeyCursor, KeyFilter, KeyOwner, KeyPage, KeySort, KeyView, Permission, Place, SortColumn,
};
use model::page::PageSize;

use super::list_path::{KeyListPath, is_descending_first};
use super::metadata_filters::with_member;
use crate::query::search_of;

impl KeyListPath {
    /// The first page of another view, with the same search and filters.
    #[must_use]
    pub fn with_view(&self, view: KeyView) -> Self {
        let mut path = self.first_page();
        path.query.filter.view = view;
        path
    }

    /// The first page of another search. If the text contains a secret, only the beginning of the secret is searched
    /// for.
    #[must_use]
    pub fn with_search(&self, search: &str) -> Self {
        let mut path = self.first_page();
        path.query.filter.search = search_of(search);
        path
    }

    /// The first page of one owner's keys; `None` for the keys of all owners.
    #[must_use]
    pub fn with_owner(&self, owner: Option<KeyOwner>) -> Self {
        let mut path = self.first_page();
        path.query.filter.owner = owner;
        path
    }

    /// The first page of the keys with one permission; `None` for any permission.
    #[must_use]
    pub fn with_permission(&self, permission: Option<Permission>) -> Self {
        let mut path = self.first_page();
        path.query.filter.permission = permission;
        path
    }

    /// The first page of the keys of one environment; `None` for any environment.
    #[must_use]
    pub fn with_environment(&self, environment: Option<Environment>) -> Self {
        let mut path = self.first_page();
        path.query.filter.environment = environment;
        path
    }

    /// The first page of the keys whose metadata also has this member. An empty value removes the condition.
    #[must_use]
    pub fn with_metadata(&self, name: &str, value: &str) -> Self {
        let mut path = self.first_page();
        path.query.filter.metadata = with_member(path.query.filter.metadata, name, value);
        path
    }

    /// The first page without search and filters. View, order and page size stay.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        let mut path = self.first_page();
        path.query.filter = KeyFilter { view: path.query.filter.view, ..KeyFilter::default() };
        path
    }

    /// The first page in the order that a click on a column header asks for. If the list is sorted by this column
    /// already, the direction changes.
    #[must_use]
    pub fn with_sort(&self, column: SortColumn) -> Self {
        let KeySort { column: current, descending } = self.query.sort;
        let descending = if column == current { !descending } else { is_descending_first(column) };
        self.sorted_by(KeySort { column, descending })
    }

    /// The first page in another order.
    #[must_use]
    pub fn sorted_by(&self, sort: KeySort) -> Self {
        let mut path = self.first_page();
        path.query.sort = sort;
        path
    }

    /// The first page with another number of rows.
    #[must_use]
    pub fn with_size(&self, size: PageSize) -> Self {
        let mut path = self.first_page();
        path.query.size = size;
        path
    }

    /// Another page of the same list.
    #[must_use]
    pub fn at(&self, place: Place) -> Self {
        let mut path = self.closed();
        path.query.place = place;
        path
    }

    /// The first page of the same list.
    #[must_use]
    pub fn first_page(&self) -> Self {
        self.at(Place::First)
    }

    /// The same page with the form for a new key open. If `from` names a key, the form is filled in with its values.
    #[must_use]
    pub fn creating(&self, from: Option<KeyId>) -> Self {
        Self { query: self.query.clone(), create: true, from }
    }

    /// The same page without the form for a new key.
    #[must_use]
    pub fn closed(&self) -> Self {
        Self { query: self.query.clone(), create: false, from: None }
    }

    /// The first page of the default view, without filters. Page size and order stay.
    #[must_use]
    pub fn reset(&self) -> Self {
        let mut path = Self::default();
        path.query.size = self.query.size;
        path.query.sort = self.query.sort;
        path
    }

    /// Whether a search or a filter limits the list, besides the view.
    pub fn is_filtered(&self) -> bool {
        self.query.filter != self.unfiltered().query.filter
    }

    /// The path of the page before `page`, if there is one.
    pub fn previous(&self, page: &KeyPage) -> Option<Self> {
        let row = page.rows.first().filter(|_| page.has_previous)?;
        Some(self.at(Place::Before(KeyCursor::of(&row.key, self.query.sort.column))))
    }

    /// The path of the page after `page`, if there is one.
    pub fn next(&self, page: &KeyPage) -> Option<Self> {
        let row = page.rows.last().filter(|_| page.has_next)?;
        Some(self.at(Place::After(KeyCursor::of(&row.key, self.query.sort.column))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far_into_a_search() -> KeyListPath {
        let mut path = KeyListPath { create: true, ..KeyListPath::default() };
        path.query.filter.search = "ci".into();
        path.query.place = Place::Last;
        path
    }

    #[test]
    fn every_change_of_the_list_leads_to_its_first_page() {
        let path = far_into_a_search();
        for (changed, href) in [
            (path.with_view(KeyView::Revoked), "/keys?view=revoked&q=ci"),
            (path.with_search(""), "/keys"),
            (path.with_owner(KeyOwner::parse("usr_a1").ok()), "/keys?q=ci&owner=usr_a1"),
            (path.with_permission(Some(Permission::Admin)), "/keys?q=ci&permission=admin"),
            (path.with_environment(Some(Environment::LIVE)), "/keys?q=ci&environment=live"),
            (path.with_metadata("team", "a"), "/keys?q=ci&metadata.team=a"),
            (path.with_metadata("team", "a").with_metadata("team", ""), "/keys?q=ci"),
            (path.with_metadata("team", "a").with_environment(Some(Environment::LIVE)).unfiltered(), "/keys"),
            (path.with_size(PageSize::new(25)), "/keys?q=ci&size=25"),
            (path.reset(), "/keys"),
        ] {
            assert_eq!(changed.to_path(), href);
        }
    }

    #[test]
    fn a_second_click_on_a_header_reverses_the_order() {
        let once = KeyListPath::default().with_sort(SortColumn::Name);
        let twice = once.with_sort(SortColumn::Name);
        let other = twice.with_sort(SortColumn::LastUsed);
        assert_eq!(
            [once.to_path(), twice.to_path(), other.to_path()],
            ["/keys?sort=name", "/keys?sort=name&dir=desc", "/keys?sort=last_used"]
        );
    }

    #[test]
    fn the_form_for_a_new_key_opens_and_closes_on_the_same_page() {
        let path = far_into_a_search().closed();
        assert_eq!(path.to_path(), "/keys?q=ci&last=1");
        assert_eq!(path.creating(None).to_path(), "/keys?q=ci&last=1&create=1");
        assert_eq!(path.creating(None).closed(), path);
    }
}
