//! Who is signed in: known to every page inside the console's frame.

use leptos::prelude::*;
use model::{session::Me, user::Role};

/// The person who is signed in, and the organization on whose behalf they act.
#[derive(Clone, Copy, Debug)]
pub struct MeState(RwSignal<Me>);

impl MeState {
    /// Everything about them.
    pub fn get(self) -> Me {
        self.0.get()
    }

    /// Looks at them without a copy.
    pub fn with<T>(self, look: impl FnOnce(&Me) -> T) -> T {
        self.0.with(look)
    }

    /// Whether they manage everything here. Only decides what is offered: the server decides what is done.
    pub fn is_admin(self) -> bool {
        self.0.with(|me| me.role == Role::Admin)
    }

    /// Shows the organization's new name, once the server has it.
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

/// Makes the person known to the pages below. Called once, by the console's frame.
pub fn provide_me(me: Me) -> MeState {
    let state = MeState(RwSignal::new(me));
    provide_context(state);
    state
}

/// The person who is signed in. Only for what is shown inside the console's frame.
pub fn use_me() -> MeState {
    expect_context()
}

/// Leads to the sign-in page, and from there back to this one. Loads a new document, so that nothing of the ended session
/// stays in memory. Pages that need no person stay: there, a refusal is about what was typed.
#[cfg(not(feature = "ssr"))]
pub fn leave() {
    let location = window().location();
    let page = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if crate::next::can_return_to(&page) {
        let _ = location.set_href(&crate::next::sign_in_page(&page, true));
    }
}
