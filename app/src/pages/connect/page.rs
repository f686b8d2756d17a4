//! The Connect page, which shows the part for code or the part for proxies.

use leptos::prelude::*;
use leptos_meta::Title;

use super::code::Code;
use super::path::{ConnectPath, Purpose};
use super::proxy::ProxyPart;
use super::shown::{PageData, load};
use crate::components::gateways::{ActivitySource, LiveActivity, proxy_name};
use crate::components::keys::KeyListPath;
use crate::components::problem::ProblemView;
use crate::hydration::mark_hydrated;
use crate::paths;
use crate::query::use_query;
use crate::resource::read;
use crate::state::me::use_me;
use crate::ui::{ButtonLink, CodeBlock, LinkTab, LinkTabs, PageHeader, Section, SkeletonLines};

#[component]
pub fn ConnectPage() -> impl IntoView {
    mark_hydrated();
    let query = use_query();
    let is_admin = use_me().is_admin();
    let path = Memo::new(move |_| query.with(ConnectPath::of));
    // The part of the path that decides what is loaded. A change from one language to another, or from one proxy to
    // another, loads nothing.
    let wanted = Memo::new(move |_| {
        let ConnectPath { purpose, gateway, .. } = path.get();
        (matches!(purpose, Purpose::Proxy(_)), gateway)
    });
    let shown = read(move || wanted.get(), move |(for_proxy, gateway)| load(is_admin, for_proxy, gateway));
    let retry = move || shown.refetch();
    let upstream = RwSignal::new(path.with_untracked(|path| path.upstream.clone()));
    let sentence = "Code and proxy configurations to copy, filled in with this server's address.";
    view! {
        <Title text="Connect"/>
        <PageHeader title="Connect" sentence=Some(sentence.to_owned())/>
        <Choices path upstream/>
        <Transition fallback=|| view! { <SkeletonLines lines=8/> }>
            {move || shown.get().map(|shown| match shown {
                Ok(data) => view! { <Part data path upstream/> }.into_any(),
                Err(error) => view! { <ProblemView error on_retry=move |()| retry()/> }.into_any(),
            })}
        </Transition>
    }
}

#[component]
fn Choices(path: Memo<ConnectPath>, upstream: RwSignal<String>) -> impl IntoView {
    let tabs = Purpose::all()
        .map(|purpose| {
            let href = Signal::derive(move || {
                let there = ConnectPath { upstream: upstream.get(), ..path.get().with_purpose(purpose) };
                there.to_path()
            });
            let current = Signal::derive(move || path.with(|path| path.purpose == purpose));
            let name = match purpose {
                Purpose::Code(code) => code.name(),
                Purpose::Proxy(proxy) => proxy_name(proxy),
            };
            view! { <LinkTab href current>{name}</LinkTab> }
        })
        .collect_view();
    view! { <div class="connect-choices"><LinkTabs label="Connect with">{tabs}</LinkTabs></div> }
}

#[component]
fn Part(data: PageData, path: Memo<ConnectPath>, upstream: RwSignal<String>) -> impl IntoView {
    // Follows the loaded data and not the selected tab, because the data for a newly selected tab may still be loading.
    if data.for_proxy {
        view! { <ProxyPart data path upstream/> }.into_any()
    } else {
        view! { <CodePart data path/> }.into_any()
    }
}

#[component]
fn CodePart(data: PageData, path: Memo<ConnectPath>) -> impl IntoView {
    let PageData { server_url, seen, .. } = data;
    let is_admin = use_me().is_admin();
    let language = Memo::new(move |before: Option<&Code>| match path.with(|path| path.purpose) {
        Purpose::Code(code) => code,
        Purpose::Proxy(_) => before.copied().unwrap_or(Code::Curl),
    });
    let code = Signal::derive(move || language.get().text(&server_url));
    view! {
        <div class="key-page">
            <Section
                id="ask-title"
                title="Verify each key"
                sentence="Your code receives a key and asks Keystead whether it is valid."
            >
                <div class="connect-part">
                    {move || view! { <CodeBlock id="snippet" label=language.get().name() code/> }}
                    <p class="connect-note">
                        "KEYSTEAD_KEY is the key with which your program calls Keystead. Use a key of a service account with the \
                         permission " <code>"apikey:verify"</code>", or a key with the permission admin. "
                        {if is_admin { "Create it once, and store it as the program's secret." } else { "Ask an admin for it." }}
                    </p>
                    {is_admin.then(|| view! {
                        <p class="connect-links">
                            <ButtonLink small=true href=format!("{}?do=create", paths::SERVICE_ACCOUNTS)>
                                "Create a service account"
                            </ButtonLink>
                            <ButtonLink small=true href=KeyListPath::default().creating(None).to_path()>
                                "Create a key to try it with"
                            </ButtonLink>
                        </p>
                    })}
                </div>
            </Section>
            <Section
                id="requests-title"
                title="Requests"
                sentence="The latest use of any key that you can see."
            >
                <LiveActivity watched=ActivitySource::Keys start=seen/>
            </Section>
        </div>
    }
}
