//! The data that the server loads before it renders a page, and passes to the browser with the page.
//!
//! If a page waited for this data while it is rendered, the server would build the page several times. The browser
//! would also load the code that requests the data. It never needs this code, because it always reaches these pages by
//! loading a document.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::session::Me;

use crate::fns::FnResult;
use crate::fns::invitation::ShownInvitation;
use crate::fns::reset::ShownReset;
use crate::fns::setup::SetupStatus;
use crate::resource::JsonResource;

/// The data that is loaded before a page is rendered. The variant depends on the page.
#[derive(Clone, Debug)]
pub enum InitialData {
    /// Who is signed in.
    Person(FnResult<Me>),
    /// The state of the setup.
    Setup(FnResult<SetupStatus>),
    /// What the page of an invitation shows.
    Invitation(FnResult<ShownInvitation>),
    /// What the page of a password reset link shows.
    Reset(FnResult<ShownReset>),
}

/// Who is signed in. Like the functions below, returns `None` if the browser reached the page without loading a
/// document.
pub fn person() -> Option<FnResult<Me>> {
    transferred(|data| if let InitialData::Person(person) = data { Some(person) } else { None })
}

/// The state of the setup, and whether the setup link of the current page still works.
pub fn setup() -> Option<FnResult<SetupStatus>> {
    transferred(|data| if let InitialData::Setup(status) = data { Some(status) } else { None })
}

/// What the invitation of the current page is for.
pub fn invitation() -> Option<FnResult<ShownInvitation>> {
    transferred(|data| if let InitialData::Invitation(invitation) = data { Some(invitation) } else { None })
}

/// Whose password the link of the current page replaces.
pub fn reset() -> Option<FnResult<ShownReset>> {
    transferred(|data| if let InitialData::Reset(reset) = data { Some(reset) } else { None })
}

/// Passes the data from the server to the browser. `None` if the browser reached the page without loading a document.
fn transferred<T>(pick: fn(InitialData) -> Option<T>) -> Option<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    SharedValue::<Option<T>, JsonResource>::new_with_encoding(|| request_data().and_then(pick)).into_inner()
}

#[cfg(feature = "ssr")]
fn request_data() -> Option<InitialData> {
    use_context::<http::request::Parts>()?.extensions.get::<InitialData>().cloned()
}

#[cfg(not(feature = "ssr"))]
fn request_data() -> Option<InitialData> {
    None
}

/// Loads the current page as a document, because its data comes only with a document.
#[component]
pub fn LoadDocument() -> impl IntoView {
    #[cfg(not(feature = "ssr"))]
    {
        let _ = window().location().set_href(&current_page());
    }
}

/// Loads the current page as a document, because its code could not be loaded. The browser then shows what is wrong
/// with the connection, or gets the page from a newer version of the server. Never returns.
///
/// If no page is hydrated yet, the document stays as it is: it can be read, and its links and forms work. Loading it
/// again could repeat for ever.
#[cfg(feature = "hydrate")]
pub(crate) async fn load_document<T>() -> T {
    if crate::hydration::is_hydrated() {
        let location = window().location();
        let page = current_page();
        let shown = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        // Setting a URL that is the same, or differs only in its fragment, would not load a document.
        let _ = if page == shown { location.reload() } else { location.set_href(&page) };
    }
    std::future::pending().await
}

/// The path and query of the current page.
pub fn current_page() -> String {
    let location = use_location();
    let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

#[cfg(feature = "ssr")]
impl InitialData {
    /// Loads the data that the page of a request needs.
    pub async fn of(service: &service::Service, parts: &http::request::Parts) -> Self {
        use crate::fns::{caller, invitation, reset, setup};
        use crate::paths;

        let query = crate::query::Query::parse(parts.uri.query().unwrap_or_default());
        let token = query.get("token").unwrap_or_default();
        let to_console_error = |error: service::Error| {
            let request_id = caller::context_of(parts).request_id;
            crate::error::ConsoleError(error.to_problem(request_id.as_deref()))
        };
        match parts.uri.path() {
            paths::LOGIN | paths::SETUP => {
                Self::Setup(setup::status(service, token).await.map_err(to_console_error))
            }
            paths::INVITATION => {
                Self::Invitation(invitation::shown(service, parts, token).await.map_err(to_console_error))
            }
            paths::RESET => Self::Reset(reset::shown(service, token).await.map_err(to_console_error)),
            _ => Self::Person(caller::person(service, parts).await.map_err(to_console_error)),
        }
    }
}
