//! What the server finds out before it renders a page, and hands to the browser with it.
//!
//! A page that waited for such things while it is rendered would be built several times over, and would bring the means to
//! ask for them along to the browser, which never does: to the pages concerned one comes by loading a document.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::session::Me;

use crate::{
    fns::{Answer, invitation::ShownInvitation, reset::ShownReset, setup::SetupStatus},
    wire::Wire,
};

/// What is known before the page is rendered; which it is depends on the page.
#[derive(Clone, Debug)]
pub enum Arrival {
    /// Who is signed in.
    Person(Answer<Me>),
    /// How far the first run has come.
    Setup(Answer<SetupStatus>),
    /// What the link at hand is for.
    Invitation(Answer<ShownInvitation>),
    /// Whose password the link at hand replaces.
    Reset(Answer<ShownReset>),
}

/// Who is signed in.
pub fn person() -> Option<Answer<Me>> {
    taken(|arrival| if let Arrival::Person(person) = arrival { Some(person) } else { None })
}

/// How far the first run has come, and whether the link at hand would go on with it.
pub fn setup() -> Option<Answer<SetupStatus>> {
    taken(|arrival| if let Arrival::Setup(status) = arrival { Some(status) } else { None })
}

/// What the invitation link at hand is for.
pub fn invitation() -> Option<Answer<ShownInvitation>> {
    taken(|arrival| if let Arrival::Invitation(invitation) = arrival { Some(invitation) } else { None })
}

/// Whose password the link at hand replaces.
pub fn reset() -> Option<Answer<ShownReset>> {
    taken(|arrival| if let Arrival::Reset(reset) = arrival { Some(reset) } else { None })
}

/// From the server to the browser. Nothing when the browser came here without loading a document.
fn taken<T>(pick: fn(Arrival) -> Option<T>) -> Option<T>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    SharedValue::<Option<T>, Wire>::new_with_encoding(|| here().and_then(pick)).into_inner()
}

#[cfg(feature = "ssr")]
fn here() -> Option<Arrival> {
    use_context::<http::request::Parts>()?.extensions.get::<Arrival>().cloned()
}

#[cfg(not(feature = "ssr"))]
fn here() -> Option<Arrival> {
    None
}

/// Loads the page at hand as a document: what it needs comes only with one.
#[component]
pub fn LoadDocument() -> impl IntoView {
    #[cfg(not(feature = "ssr"))]
    {
        let _ = window().location().set_href(&page_at_hand());
    }
}

/// Loads the page at hand as a document, because its code did not come. The browser says what is wrong with the connection, or
/// gets the page of a newer server. Never comes back.
///
/// A document whose own code does not come stays as it is: it can be read, and its links and forms work. To load it again
/// could go on for ever.
#[cfg(feature = "hydrate")]
pub(crate) async fn load_document<T>() -> T {
    if crate::alive::is_alive() {
        let location = window().location();
        let page = page_at_hand();
        let shown = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        // An address that differs in its fragment alone, or not at all, would not be loaded.
        let _ = if page == shown { location.reload() } else { location.set_href(&page) };
    }
    std::future::pending().await
}

/// The path and the query of the page at hand.
pub fn page_at_hand() -> String {
    let location = use_location();
    let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

#[cfg(feature = "ssr")]
impl Arrival {
    /// Finds out what the page of a request needs.
    pub async fn of(service: &service::Service, parts: &http::request::Parts) -> Self {
        use crate::fns::{caller, invitation, reset, setup};

        let query = crate::query::Query::parse(parts.uri.query().unwrap_or_default());
        let token = query.get("token").unwrap_or_default();
        let said = |error: service::Error| {
            let request_id = caller::origin_of(parts).request_id;
            crate::error::ConsoleError(error.to_problem(request_id.as_deref()))
        };
        match parts.uri.path() {
            "/login" | "/setup" => Self::Setup(setup::status(service, token).await.map_err(said)),
            "/invitation" => Self::Invitation(invitation::shown(service, parts, token).await.map_err(said)),
            "/reset" => Self::Reset(reset::shown(service, token).await.map_err(said)),
            _ => Self::Person(caller::person(service, parts).await.map_err(said)),
        }
    }
}
