//! Pages as the route table names them, in bundles: the code of each bundle is loaded when the first of its pages is
//! opened. So the first page waits for its own code and not for that of all others.
//!
//! Few bundles, because what several share becomes a file for each combination of them: a bundle for each page made a
//! hundred and thirty files, of which the list of keys needed eighty.

use leptos::prelude::*;
use leptos_router::LazyRoute;

macro_rules! bundles {
    ($($(#[$doc:meta])* $bundle:ident, $preload:ident, $pages:ident {
        $($(#[$page_doc:meta])* $name:ident = $page:path;)*
    })*) => {$(
        $(#[$doc])*
        #[lazy]
        fn $bundle(page: $pages) -> AnyView {
            match page {
                $($pages::$name => {
                    use $page as Page;
                    view! { <Page/> }.into_any()
                })*
            }
        }

        #[derive(Clone, Copy)]
        enum $pages {
            $($name,)*
        }

        $(
            $(#[$page_doc])*
            pub struct $name;

            impl LazyRoute for $name {
                fn data() -> Self {
                    Self
                }

                async fn view(_this: Self) -> AnyView {
                    $bundle($pages::$name).await
                }

                async fn preload() {
                    #[cfg(feature = "hydrate")]
                    $preload().await;
                }
            }
        )*
    )*};
}

bundles! {
    /// What surrounds the pages of somebody who is signed in.
    frame, __preload_frame, FramePages {
        /// The frame.
        Frame = crate::components::people::SignedInFrame;
    }
    /// Signing in: by far the most frequent first page.
    login, __preload_login, LoginPages {
        /// Signing in.
        Login = super::login::LoginPage;
    }
    /// The first page of those who come for the first time.
    welcome, __preload_welcome, WelcomePages {
        /// The first run.
        Setup = super::setup::SetupPage;
        /// Joining by a link.
        Invitation = super::invitation::InvitationPage;
        /// Choosing a new password by a link.
        Reset = super::reset::ResetPage;
    }
    /// Keys.
    keys, __preload_keys, KeysPages {
        /// The list of keys.
        Keys = super::keys::KeysPage;
        /// One key.
        Key = super::keys::KeyPage;
    }
    /// People, service accounts, gateways and settings: a bundle more would cost the first pages 5 KB.
    people, __preload_people, PeoplePages {
        /// The people.
        Members = super::members::MembersPage;
        /// The service accounts.
        Accounts = super::service_accounts::AccountsPage;
        /// One service account.
        ServiceAccount = super::service_accounts::AccountPage;
        /// The gateways.
        Gateways = super::gateways::GatewaysPage;
        /// One gateway.
        Gateway = super::gateways::GatewayPage;
        /// Ready snippets.
        Connect = super::connect::ConnectPage;
        /// The organization.
        Organization = super::organization::OrganizationPage;
        /// The own account.
        Account = super::account::AccountPage;
    }
}
