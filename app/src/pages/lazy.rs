//! Pages as the route table names them, in bundles: the code of each bundle is loaded when the first of its pages is
//! opened. So the first page waits for its own code and not for that of all others.
//!
//! Few bundles, because what several share becomes a file for each combination of them: a bundle for each page made a
//! hundred and thirty files, of which the list of keys needed eighty.
//!
//! The code of a page may fail to come: the connection is gone, or a newer version of the server has other files. The
//! framework's own `#[lazy]` panics then, and nothing in the browser answers any more until somebody loads the page again. So
//! what it expands to is written out here, with the option that gives the failure back.

#[cfg(not(feature = "hydrate"))]
use std::future::{Ready, ready};

use leptos::prelude::*;
use leptos_router::LazyRoute;

macro_rules! bundles {
    ($($(#[$doc:meta])* $bundle:ident, $preload:ident, $pages:ident {
        $($(#[$page_doc:meta])* $name:ident = $page:path;)*
    })*) => {$(
        $(#[$doc])*
        #[cfg(feature = "hydrate")]
        #[leptos::wasm_split::wasm_split(
            $bundle,
            wasm_split_path = leptos::wasm_split,
            preload($preload),
            fallible
        )]
        fn $bundle(page: $pages) -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
            Ok(page.render())
        }

        impl $pages {
            fn render(self) -> AnyView {
                match self {
                    $(Self::$name => {
                        use $page as Page;
                        view! { <Page/> }.into_any()
                    })*
                }
            }

            /// The page, once its code is there.
            #[cfg(feature = "hydrate")]
            async fn load(self) -> AnyView {
                match $bundle(self).await {
                    Ok(page) => page,
                    Err(_) => crate::arrival::load_document().await,
                }
            }

            /// The page, for which the document names the files that the browser will need.
            #[cfg(not(feature = "hydrate"))]
            fn load(self) -> Ready<AnyView> {
                #[cfg(feature = "ssr")]
                leptos::prefetch_lazy_fn_on_server(stringify!($bundle));
                ready(self.render())
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
                    $pages::$name.load().await
                }

                async fn preload() {
                    #[cfg(feature = "hydrate")]
                    if $preload().await.is_err() {
                        crate::arrival::load_document().await
                    }
                }
            }
        )*
    )*};
}

bundles! {
    /// What surrounds the pages of somebody who is signed in.
    frame, preload_frame, FramePages {
        /// The frame.
        Frame = crate::components::people::SignedInFrame;
    }
    /// Signing in: by far the most frequent first page.
    login, preload_login, LoginPages {
        /// Signing in.
        Login = super::login::LoginPage;
    }
    /// The first page of those who come for the first time.
    welcome, preload_welcome, WelcomePages {
        /// The first run.
        Setup = super::setup::SetupPage;
        /// Joining by a link.
        Invitation = super::invitation::InvitationPage;
        /// Choosing a new password by a link.
        Reset = super::reset::ResetPage;
    }
    /// Keys.
    keys, preload_keys, KeysPages {
        /// The list of keys.
        Keys = super::keys::KeysPage;
        /// One key.
        Key = super::keys::KeyPage;
    }
    /// People, service accounts, gateways and settings: a bundle more would cost the first pages 5 KB.
    people, preload_people, PeoplePages {
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
