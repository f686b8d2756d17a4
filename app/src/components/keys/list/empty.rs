//! What the key list shows when it has no rows.

use leptos::prelude::*;

use model::key::{KeyTotals, KeyView};
use model::user::Role;

use crate::components::keys::count::view_label;
use crate::components::keys::list_path::KeyListPath;
use crate::paths;
use crate::ui::{ButtonKind, ButtonLink, EmptyState, Glyph};

/// Why the list is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// There is no key at all.
    NoKeys,
    /// The list is limited to one owner, who has no key in this view.
    NoneOfOwner,
    /// No key matches the filters.
    NoMatch,
    /// No key is in this view, which is often good news.
    NoneInView(KeyView),
}

impl Why {
    fn of(path: &KeyListPath, totals: &KeyTotals) -> Self {
        if totals.all().number == 0 {
            Self::NoKeys
        } else if path.query.filter.owner.is_some() && !path.with_owner(None).is_narrowed() {
            Self::NoneOfOwner
        } else if path.is_narrowed() {
            Self::NoMatch
        } else {
            Self::NoneInView(path.query.filter.view)
        }
    }
}

/// Says why the list is empty, and offers what to do about it.
#[component]
pub fn EmptyKeys(
    path: KeyListPath,
    totals: KeyTotals,
    /// The role of the signed-in user.
    role: Role,
) -> impl IntoView {
    let all = path.reset().with_view(KeyView::All).to_path();
    match Why::of(&path, &totals) {
        Why::NoKeys if role == Role::Viewer => view! {
            <EmptyState
                icon=Glyph::Key
                title="You have no keys"
                sentence="A viewer cannot create keys. Ask an admin of the organization for one."
            />
        }
        .into_any(),
        Why::NoKeys => view! {
            <EmptyState
                icon=Glyph::Key
                title="No keys yet"
                sentence="A key lets a program call your services in somebody's name. Give each program its own, \
                          so that one can be stopped without the others."
            >
                <ButtonLink href=path.creating(None).to_path() kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</ButtonLink>
                <ButtonLink href=paths::CONNECT icon=Glyph::Plug>"Connect a service"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        Why::NoneOfOwner => view! {
            <EmptyState
                icon=Glyph::Key
                title="No such key of this owner"
                sentence=format!("The owner has no key under “{}”.", view_label(path.query.filter.view))
            >
                <ButtonLink href=path.with_view(KeyView::All).to_path()>"Show all keys of the owner"</ButtonLink>
                {(role == Role::Admin).then(|| view! {
                    <ButtonLink href=path.creating(None).to_path() kind=ButtonKind::Primary icon=Glyph::Plus>
                        "Create key"
                    </ButtonLink>
                })}
            </EmptyState>
        }
        .into_any(),
        Why::NoMatch => view! {
            <EmptyState
                icon=Glyph::Search
                title="Nothing matches"
                sentence="No key fits these filters. Words are found from their beginning."
            >
                <ButtonLink href=path.reset().to_path()>"Reset the filters"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        Why::NoneInView(view) => view! {
            <EmptyState
                icon=Glyph::CircleCheck
                title=format!("No keys under “{}”", view_label(view))
                sentence="There is nothing to look at here."
            >
                <ButtonLink href=all>"Show all keys"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::key::Count;

    #[test]
    fn an_empty_list_knows_why() {
        let none = KeyTotals::default();
        let some = KeyTotals { active: Count { number: 1, or_more: false }, ..none };
        let path = KeyListPath::default();
        assert_eq!(Why::of(&path.with_search("x"), &none), Why::NoKeys);
        assert_eq!(Why::of(&path.with_search("x"), &some), Why::NoMatch);
        let owner = model::key::KeyOwner::parse("sa_a1").ok();
        assert_eq!(Why::of(&path.with_owner(owner.clone()), &some), Why::NoneOfOwner);
        assert_eq!(Why::of(&path.with_search("x").with_owner(owner), &some), Why::NoMatch);
        assert_eq!(Why::of(&path.with_view(KeyView::Revoked), &some), Why::NoneInView(KeyView::Revoked));
    }
}
