//! The pages as the route table names them, grouped into bundles. The browser loads the code of a bundle when it opens
//! the first of its pages, so that the first page does not wait for the code of all others.

#[cfg(not(feature = "hydrate"))]
use std::future::{Ready, ready};

use leptos::prelude::*;
use leptos_router::LazyRoute;

// Writes out what `#[lazy]` of Leptos expands to, with the option `fallible`. Loading the code of a bundle can fail:
// the connection is lost, or a newer version of the server has other files. `#[lazy]` panics then, and the page does
// not respond until it is loaded again. With `fallible`, the error is returned.
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

            /// Renders the page once its code is loaded. If loading fails, loads the page as a document.
            #[cfg(feature = "hydrate")]
            async fn load(self) -> AnyView {
                match $bundle(self).await {
                    Ok(page) => page,
                    Err(_) => crate::initial_data::load_document().await,
                }
            }

            /// Renders the page, and names in the document the files that the browser will need.
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
                        crate::initial_data::load_document().await
                    }
                }
            }
        )*
    )*};
}

// There are few bundles, because code that several bundles share is split into one file for each combination of them.
// With one bundle for each page there were 130 files, of which the list of keys needed 80.
bundles! {
    /// The frame around the pages of a signed-in user.
    frame, preload_frame, FramePages {
        Frame = crate::components::users::SignedInFrame;
    }
    /// Sign-in has its own bundle because it is by far the most frequent first page.
    login, preload_login, LoginPages {
        Login = super::login::LoginPage;
    }
    /// The first pages of people who are new.
    welcome, preload_welcome, WelcomePages {
        Setup = super::setup::SetupPage;
        Invitation = super::invitation::InvitationPage;
        Reset = super::reset::ResetPage;
    }
    keys, preload_keys, KeysPages {
        Keys = super::keys::KeysPage;
        Key = super::keys::KeyPage;
    }
    /// These pages share one bundle because another bundle would add 5 KB to the first pages.
    people, preload_people, PeoplePages {
        Members = super::users::UsersPage;
        ServiceAccounts = super::service_accounts::ServiceAccountsPage;
        ServiceAccount = super::service_accounts::ServiceAccountPage;
        Gateways = super::gateways::GatewaysPage;
        Gateway = super::gateways::GatewayPage;
        Connect = super::connect::ConnectPage;
        Organization = super::organization::OrganizationPage;
        Account = super::account::AccountPage;
    }
}
