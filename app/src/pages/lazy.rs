//! Pages as the route table names them: each one's code is a file of its own, which the browser loads when the page is
//! first opened. So the first page waits for its own code and not for that of all others.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

macro_rules! lazy_pages {
    ($($(#[$doc:meta])* $name:ident = $page:path;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        #[lazy_route]
        impl LazyRoute for $name {
            fn data() -> Self {
                Self
            }

            fn view(_this: Self) -> AnyView {
                use $page as Page;
                view! { <Page/> }.into_any()
            }
        }
    )*};
}

lazy_pages! {
    /// What surrounds the pages of somebody who is signed in.
    Frame = crate::components::people::SignedInFrame;
    /// The first run.
    Setup = super::setup::SetupPage;
    /// Signing in.
    Login = super::login::LoginPage;
    /// Joining by a link.
    Invitation = super::invitation::InvitationPage;
    /// The list of keys.
    Keys = super::keys::KeysPage;
    /// One key.
    Key = super::keys::KeyPage;
    /// The people.
    Members = super::members::MembersPage;
    /// The organization.
    Organization = super::organization::OrganizationPage;
    /// The own account.
    Account = super::account::AccountPage;
}
