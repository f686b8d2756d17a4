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
enum EmptyReason {
    /// There is no key at all.
    NoKeys,
    /// The list is limited to one owner, who has no key in this view.
    NoneOfOwner,
    /// No key matches the filters.
    NoMatch,
    /// No key is in this view, which is often good news.
    NoneInView(KeyView),
}

impl EmptyReason {
    fn of(path: &KeyListPath, totals: &KeyTotals) -> Self {
        if totals.all().number == 0 {
            Self::NoKeys
        } else if path.query.filter.owner.is_some() && !path.with_owner(None).is_filtered() {
            Self::NoneOfOwner
        } else if path.is_filtered() {
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
    match EmptyReason::of(&path, &totals) {
        EmptyReason::NoKeys if role == Role::Viewer => view! {
            <EmptyState
                icon=Glyph::Key
                title="You have no keys"
                sentence="Viewers cannot create keys. Ask an admin of the organization for a key."
            />
        }
        .into_any(),
        EmptyReason::NoKeys => view! {
            <EmptyState
                icon=Glyph::Key
                title="No keys yet"
                sentence="Programs use keys to call your services. Create a key for each program, so that you can \
                          revoke one without affecting the others."
            >
                <ButtonLink href=path.creating(None).to_path() kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</ButtonLink>
                <ButtonLink href=paths::CONNECT icon=Glyph::Plug>"Connect a service"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        EmptyReason::NoneOfOwner => view! {
            <EmptyState
                icon=Glyph::Key
                title="This owner has no keys here"
                sentence=format!("The owner has no keys in the view “{}”.", view_label(path.query.filter.view))
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
        EmptyReason::NoMatch => view! {
            <EmptyState
                icon=Glyph::Search
                title="Nothing matches"
                sentence="No key matches the filters. A search finds the beginnings of words."
            >
                <ButtonLink href=path.reset().to_path()>"Clear the filters"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        EmptyReason::NoneInView(view) => view! {
            <EmptyState
                icon=Glyph::CircleCheck
                title=format!("No keys in “{}”", view_label(view))
                sentence="No key belongs to this view at the moment."
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
    fn the_reason_for_an_empty_list_is_found() {
        let none = KeyTotals::default();
        let some = KeyTotals { active: Count { number: 1, or_more: false }, ..none };
        let path = KeyListPath::default();
        assert_eq!(EmptyReason::of(&path.with_search("x"), &none), EmptyReason::NoKeys);
        assert_eq!(EmptyReason::of(&path.with_search("x"), &some), EmptyReason::NoMatch);
        let owner = model::key::KeyOwner::parse("sa_a1").ok();
        assert_eq!(EmptyReason::of(&path.with_owner(owner.clone()), &some), EmptyReason::NoneOfOwner);
        assert_eq!(EmptyReason::of(&path.with_search("x").with_owner(owner), &some), EmptyReason::NoMatch);
        assert_eq!(
            EmptyReason::of(&path.with_view(KeyView::Revoked), &some),
            EmptyReason::NoneInView(KeyView::Revoked)
        );
    }
}
