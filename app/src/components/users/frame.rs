//! The frame around every page that needs a signed-in user. If nobody is signed in, it redirects to the sign-in page.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use model::organization::OrganizationSummary;
use model::session::Me;
use model::user::Role;

use super::frame_refusal::report_refused_form;
use super::role_name;
use crate::components::navigate::NavigateTo;
use crate::components::problem::ProblemView;
use crate::error::ConsoleError;
use crate::fns::session::{SignOut, SwitchOrganization};
use crate::initial_data::{LoadDocument, current_page, person};
use crate::layouts::{ConsoleLayout, NavItem};
use crate::next::sign_in_page;
use crate::paths;
use crate::state::me::{MeState, provide_me};
use crate::ui::{Glyph, MenuItem, MenuLine, MenuLink};

/// The navigation items, and whether each is for admins only.
const NAV_ITEMS: &[(NavItem, bool)] = &[
    (NavItem { label: "Keys", icon: Glyph::Key, href: paths::KEYS }, false),
    (NavItem { label: "Service accounts", icon: Glyph::Bot, href: paths::SERVICE_ACCOUNTS }, true),
    (NavItem { label: "Gateways", icon: Glyph::Gateway, href: paths::GATEWAYS }, true),
    (NavItem { label: "Connect", icon: Glyph::Plug, href: paths::CONNECT }, false),
    (NavItem { label: "Members", icon: Glyph::Users, href: paths::MEMBERS }, false),
    (NavItem { label: "Settings", icon: Glyph::Settings, href: paths::SETTINGS }, false),
];

fn nav_items(is_admin: bool) -> Vec<NavItem> {
    NAV_ITEMS.iter().filter(|(_, for_admins)| is_admin || !for_admins).map(|(item, _)| *item).collect()
}

/// Shows the page inside the frame if someone is signed in.
///
/// The server finds that out before it renders, so nothing here waits. The browser never builds the frame by itself:
/// when the person comes from a page without the frame, the browser loads a new document.
#[component]
pub fn SignedInFrame() -> impl IntoView {
    match person() {
        Some(Ok(me)) => view! { <Frame me/> }.into_any(),
        Some(Err(error)) => view! { <NotSignedIn error/> }.into_any(),
        None => view! { <LoadDocument/> }.into_any(),
    }
}

#[component]
fn NotSignedIn(error: ConsoleError) -> impl IntoView {
    if !error.is_signed_out() {
        return view! { <main class="content" id="content"><ProblemView error/></main> }.into_any();
    }
    let path = sign_in_page(&current_page(), had_session());
    view! { <NavigateTo path/> }.into_any()
}

/// Whether the request has a session cookie. If it has one and nobody is signed in, the session has ended. Always
/// `false` in the browser.
fn had_session() -> bool {
    #[cfg(feature = "ssr")]
    return crate::fns::caller::has_session_cookie();
    #[cfg(not(feature = "ssr"))]
    return false;
}

#[component]
fn Frame(me: Me) -> impl IntoView {
    report_refused_form();
    let organizations = me.organizations.clone();
    let nav = nav_items(me.role == Role::Admin);
    let me = provide_me(me);
    let location = use_location();
    let organization = Signal::derive(move || me.with(|me| me.organization.name.clone()));
    let person = Signal::derive(move || me.with(|me| me.user_name.clone()));
    let role = Signal::derive(move || me.with(|me| role_name(me.role).to_owned()));
    let account = ViewFnOnce::from(move || view! { <AccountMenu me/> });
    if organizations.len() < 2 {
        return view! {
            <ConsoleLayout path=location.pathname nav organization person role account>
                <Outlet/>
            </ConsoleLayout>
        }
        .into_any();
    }
    let current = me.with_untracked(|me| me.organization.organization_id.clone());
    let switcher = ViewFnOnce::from(move || {
        organizations
            .into_iter()
            .map(|one| {
                let is_current = one.organization_id == current;
                view! { <OrganizationItem organization=one is_current/> }
            })
            .collect_view()
    });
    view! {
        <ConsoleLayout path=location.pathname nav organization switcher person role account>
            <Outlet/>
        </ConsoleLayout>
    }
    .into_any()
}

/// An organization to switch to. It is a plain form: the browser loads the whole page anew, so that nothing of the
/// previous organization stays in memory.
#[component]
fn OrganizationItem(organization: OrganizationSummary, is_current: bool) -> impl IntoView {
    let OrganizationSummary { organization_id, name } = organization;
    if is_current {
        return view! { <MenuLink href=paths::KEYS icon=Glyph::Building current=true>{name}</MenuLink> }
            .into_any();
    }
    view! {
        <form method="post" action=SwitchOrganization::url()>
            <input type="hidden" name="organization_id" value=organization_id.to_string()/>
            <MenuItem icon=Glyph::Building submit=true>{name}</MenuItem>
        </form>
    }
    .into_any()
}

/// The account menu. Signing out is a plain form as well, so that no data stays in the memory of a page.
#[component]
fn AccountMenu(me: MeState) -> impl IntoView {
    view! {
        <p class="menu-note">{move || me.with(|me| me.email.to_string())}</p>
        <MenuLink href=paths::ACCOUNT icon=Glyph::User>"Account"</MenuLink>
        <MenuLine/>
        <form method="post" action=SignOut::url()>
            <MenuItem icon=Glyph::SignOut submit=true>"Sign out"</MenuItem>
        </form>
    }
}
