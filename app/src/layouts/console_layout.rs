//! The layout of every page of the console: the navigation on the left and, on a narrow screen, a top bar with a button
//! that opens it.
//!
//! The navigation is one element. On a wide screen it is always visible. On a narrow screen it is the browser's own
//! popover, so its button works without WebAssembly.

use leptos::ev::MouseEvent;
use leptos::html::Nav;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::theme_switch::ThemeSwitch;
use super::toasts::ToastRegion;
use crate::ui::{Avatar, Glyph, Icon, Logo, Menu, MenuLine, SkipLink};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub label: &'static str,
    pub icon: Glyph,
    /// The address, without a slash at the end. The item is marked as current on this page and on all pages below it.
    pub href: &'static str,
}

/// The frame around a page of the console. It contains the page, in `main#content`, and the toasts.
#[component]
pub fn ConsoleLayout(
    /// The path of the current page, without the query.
    #[prop(into)]
    path: Signal<String>,
    #[prop(into)] nav: Signal<Vec<NavItem>>,
    /// The name of the organization.
    #[prop(into)]
    organization: Signal<String>,
    /// The organizations to switch to, as `MenuLink`s or as forms with `MenuItem`s. Without it, the name of the
    /// organization is plain text.
    #[prop(optional, into)]
    switcher: Option<ViewFnOnce>,
    /// The name of the signed-in user.
    #[prop(into)]
    person: Signal<String>,
    /// The name of the user's role.
    #[prop(into)]
    role: Signal<String>,
    /// Links about the account and the form that signs out, as `MenuLink`s and `MenuItem`s.
    #[prop(into)]
    account: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Nav>::new();
    let items = move || nav.get().into_iter().map(|item| view! { <NavLink item path/> }).collect_view();
    view! {
        <div class="console">
            <SkipLink/>
            <header class="topbar">
                <button type="button" class="button button-quiet button-icon" popovertarget="navigation" aria-label="Navigation">
                    <Icon glyph=Glyph::Menu/>
                </button>
                <Logo mark_only=true/>
                <span class="topbar-name">{organization}</span>
            </header>
            <nav
                node_ref=node
                class="sidebar"
                popover="auto"
                aria-label="Console"
                on:click=move |event| close_after_link(&event, node)
                id="navigation"
            >
                <div class="sidebar-top"><Organization organization switcher/></div>
                <ul class="sidebar-items">{items}</ul>
                <div class="sidebar-bottom"><Account person role account/></div>
            </nav>
            <main class="content" id="content" tabindex="-1">{children()}</main>
            <ToastRegion/>
        </div>
    }
}

#[component]
fn NavLink(item: NavItem, path: Signal<String>) -> impl IntoView {
    let NavItem { label, icon, href } = item;
    let current = move || path.with(|path| is_within(path, href)).then_some("page");
    view! {
        <li>
            <a class="nav-item" href=href aria-current=current><Icon glyph=icon/><span>{label}</span></a>
        </li>
    }
}

#[component]
fn Organization(organization: Signal<String>, switcher: Option<ViewFnOnce>) -> impl IntoView {
    // The logo is hidden from screen readers, because the name beside it says the same.
    let name = move || {
        view! {
            <span aria-hidden="true"><Logo mark_only=true/></span>
            <span class="organization-name">{organization}</span>
        }
    };
    match switcher {
        None => view! { <p class="organization">{name()}</p> }.into_any(),
        Some(switcher) => {
            let trigger = move || {
                view! {
                    <span class="organization">
                        {name()} <span class="visually-hidden">", switch organization"</span> <Icon glyph=Glyph::Sort/>
                    </span>
                }
            };
            view! {
                <Menu id="organizations" label="Switch organization" trigger=ViewFnOnce::from(trigger)>{switcher.run()}</Menu>
            }
            .into_any()
        }
    }
}

#[component]
fn Account(person: Signal<String>, role: Signal<String>, account: ViewFnOnce) -> impl IntoView {
    let trigger = move || {
        view! {
            <span class="account">
                <Avatar name=person/>
                <span class="account-words">
                    <span class="account-name">{person}</span>
                    <span class="account-role">{role}</span>
                </span>
                <Icon glyph=Glyph::Sort/>
            </span>
        }
    };
    view! {
        <Menu id="account" label="Account" above=true trigger=ViewFnOnce::from(trigger)>
            {account.run()}
            <MenuLine/>
            <div class="menu-theme"><span>"Theme"</span><ThemeSwitch id="theme"/></div>
        </Menu>
    }
}

/// Whether `path` is the page `href` or a page below it. `/keys-old` is not below `/keys`.
fn is_within(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Closes the navigation when one of its links is followed. A link does not load a new document, so nothing else would
/// close the navigation on a narrow screen.
fn close_after_link(event: &MouseEvent, node: NodeRef<Nav>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a").ok().flatten()).is_some();
    if link && let Some(nav) = node.get_untracked() {
        let _ = nav.hide_popover();
    }
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn an_item_is_current_on_its_page_and_on_all_pages_below() {
        for (path, expected) in [("/keys", true), ("/keys/key_1", true), ("/keys-old", false), ("/", false)] {
            assert_eq!(is_within(path, "/keys"), expected, "{path}");
        }
    }
}
