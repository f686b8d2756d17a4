//! The signed-in user, available to every page inside the console's frame.

use leptos::prelude::*;
use model::session::Me;
use model::user::Role;

/// The signed-in user, and the organization for which they act.
#[derive(Clone, Copy, Debug)]
pub struct MeState(RwSignal<Me>);

impl MeState {
    /// Reads the data without cloning it.
    pub fn with<T>(self, look: impl FnOnce(&Me) -> T) -> T {
        self.0.with(look)
    }

    /// Reads what never changes while the page is loaded, such as the user's id and role.
    pub fn with_untracked<T>(self, look: impl FnOnce(&Me) -> T) -> T {
        self.0.with_untracked(look)
    }

    /// Whether the user is an admin. This decides only what the console offers: the server checks every action itself.
    pub fn is_admin(self) -> bool {
        self.with_untracked(|me| me.role == Role::Admin)
    }

    /// Shows the organization's new name. To be called after the server has stored it.
    pub fn rename_organization(self, name: &str) {
        self.0.update(|me| {
            let Me { organization, organizations, .. } = me;
            for one in
                organizations.iter_mut().filter(|one| one.organization_id == organization.organization_id)
            {
                name.clone_into(&mut one.name);
            }
            name.clone_into(&mut organization.name);
        });
    }
}

/// Provides the signed-in user to the pages below. Called once, by the console's frame.
pub fn provide_me(me: Me) -> MeState {
    let state = MeState(RwSignal::new(me));
    provide_context(state);
    state
}

/// The signed-in user. Panics outside the console's frame.
pub fn use_me() -> MeState {
    expect_context()
}

/// Goes to the sign-in page, which leads back to the current page. This loads a new document, so that nothing of the
/// ended session stays in memory. Does nothing on pages that need no sign-in, because a refusal there is about what was
/// typed.
#[cfg(not(feature = "ssr"))]
pub fn leave() {
    let location = window().location();
    let page = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if crate::next::can_return_to(&page) {
        let _ = location.set_href(&crate::next::sign_in_page(&page, true));
    }
}
