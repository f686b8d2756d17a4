//! The pages of the gallery. They look like pages of the console, with invented content.

use app::components::keys::EnvironmentBadge;
use app::components::metadata::{MetadataField, MetadataList};
use app::layouts::{ConsoleLayout, NavItem, PlainLayout};
use app::metadata_rows::{MetadataRow, read_rows};
use app::state::toasts::use_toasts;
#[expect(clippy::wildcard_imports, reason = "the gallery uses every part")]
use app::ui::*;
use leptos::prelude::*;
use model::Timestamp;
use model::key::Environment;
use model::metadata::Metadata;
use serde_json::Value;

/// The names of the pages, from which the names of their files are made.
pub const NAMES: [&str; 5] = ["list", "detail", "form", "states", "sign-in"];

const NAV: [NavItem; 6] = [
    NavItem { label: "Keys", icon: Glyph::Key, href: "/keys" },
    NavItem { label: "Service accounts", icon: Glyph::Bot, href: "/service-accounts" },
    NavItem { label: "Members", icon: Glyph::Users, href: "/members" },
    NavItem { label: "Audit log", icon: Glyph::Log, href: "/audit" },
    NavItem { label: "Connect", icon: Glyph::Plug, href: "/connect" },
    NavItem { label: "Settings", icon: Glyph::Settings, href: "/settings" },
];

#[component]
pub fn Gallery(
    /// One of `NAMES`.
    name: &'static str,
) -> impl IntoView {
    if name == "sign-in" {
        return view! { <SignIn/> }.into_any();
    }
    let page = match name {
        "list" => view! { <List/> }.into_any(),
        "detail" => view! { <Detail/> }.into_any(),
        "form" => view! { <FormPage/> }.into_any(),
        _ => view! { <States/> }.into_any(),
    };
    let switcher = || {
        view! {
            <MenuLink href="#" current=true>"Northwind Traders"</MenuLink>
            <MenuLink href="#">"Contoso Research"</MenuLink>
        }
    };
    let account = || {
        view! {
            <MenuLink href="#" icon=Glyph::User>"Account"</MenuLink>
            <form method="post"><MenuItem submit=true icon=Glyph::SignOut>"Sign out"</MenuItem></form>
        }
    };
    view! {
        <ConsoleLayout
            path="/keys"
            nav=NAV.to_vec()
            organization="Northwind Traders"
            switcher=ViewFnOnce::from(switcher)
            person="Ada Lovelace"
            role="Admin"
            account=account
        >
            {page}
        </ConsoleLayout>
    }
    .into_any()
}

#[component]
fn SignIn() -> impl IntoView {
    view! {
        <PlainLayout title="Sign in" sentence="Use the e-mail address of your account.">
            <form method="post">
                <FormFields>
                    <Callout tone=Tone::Warning>"Your session has ended. Sign in again to continue where you left off."</Callout>
                    <TextField id="email" label="Email" kind="email" autocomplete="username" required=true/>
                    <PasswordField id="password" label="Password" required=true/>
                    <FormActions><Button kind=ButtonKind::Primary submit=true>"Sign in"</Button></FormActions>
                </FormFields>
            </form>
        </PlainLayout>
    }
}

const ROWS: [(&str, &str, &str, Tone, Glyph, &str, &str); 6] = [
    ("Billing export", "key_7f2k", "sk_live_ab12…", Tone::Success, Glyph::CircleCheck, "Active", "read"),
    (
        "Warehouse sync",
        "key_9q1m",
        "sk_live_Zk8w…",
        Tone::Warning,
        Glyph::Clock,
        "Expires soon",
        "read, write",
    ),
    (
        "Checkout (production)",
        "key_2b7x",
        "sk_live_p0Qe…",
        Tone::Accent,
        Glyph::Hourglass,
        "In grace",
        "read, write",
    ),
    ("Old mobile application", "key_1c3v", "sk_live_77aB…", Tone::Danger, Glyph::Ban, "Revoked", "read"),
    (
        "Nightly report of the finance department in Lisbon",
        "key_5t9z",
        "sk_live_mm3K…",
        Tone::Neutral,
        Glyph::CirclePause,
        "Disabled",
        "read",
    ),
    ("Partner: Fabrikam", "key_8w4d", "sk_live_x9Lr…", Tone::Neutral, Glyph::CircleMinus, "Expired", "admin"),
];

#[component]
fn List() -> impl IntoView {
    let search = RwSignal::new(String::new());
    let rows = ROWS.into_iter().enumerate().map(|(index, row)| view! { <Row index row/> }).collect_view();
    view! {
        <PageHeader title="Keys" sentence="Every API key of the organization: who owns it, what it may do, and whether it is still needed.">
            <ButtonLink href="#" icon=Glyph::Download>"Export"</ButtonLink>
            <Button kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</Button>
        </PageHeader>
        <div class="gallery-stack">
            <CountTabs label="Keys by state">
                <CountTab label="All" href="#" count=Some("1,286".to_owned()) current=true/>
                <CountTab label="Active" href="#" count=Some("1,240".to_owned())/>
                <CountTab label="Expires within 14 days" href="#" count=Some("12".to_owned())/>
                <CountTab label="Not used for 90 days" href="#" count=Some("118".to_owned())/>
                <CountTab label="Never expires" href="#" count=Some("31".to_owned())/>
                <CountTab label="Owner gone" href="#"/>
            </CountTabs>
            <div class="gallery-bar">
                <SearchBox id="search" label="Search by name, prefix, id or owner" value=search shortcut="/"/>
                <Menu id="filter" label="Filter" icon=Glyph::Filter kind=ButtonKind::Secondary>
                    <MenuLink href="#">"Status"</MenuLink>
                    <MenuLink href="#">"Owner"</MenuLink>
                </Menu>
                <Button icon=Glyph::Refresh kind=ButtonKind::Quiet label="Refresh"/>
            </div>
            <Chips clear_href="#">
                <Chip name="Status" value="Active" remove_href="#"/>
                <Chip name="Owner" value="ada@northwind.example" remove_href="#"/>
            </Chips>
            <Table label="Keys">
                <thead>
                    <tr>
                        <SortHeader label="Name" href="#" direction=Some(Direction::Ascending)/>
                        <Header label="Secret"/>
                        <Header label="Owner"/>
                        <Header label="Permissions"/>
                        <SortHeader label="Last used" href="#" direction=None/>
                        <SortHeader label="Expires" href="#" direction=None/>
                        <Header label="Status"/>
                        <Header label="Actions" hidden=true/>
                    </tr>
                </thead>
                <tbody>{rows} <SkeletonRows columns=8 rows=2/></tbody>
            </Table>
            <Pagination
                total="1–50 of 1,286 keys"
                first=None
                previous=None
                next=Some("#".to_owned())
                last=Some("#".to_owned())
                size=50
                sizes=vec![(25, "#".to_owned()), (50, "#".to_owned()), (100, "#".to_owned())]
            />
        </div>
    }
}

#[component]
fn Row(
    index: usize,
    row: (&'static str, &'static str, &'static str, Tone, Glyph, &'static str, &'static str),
) -> impl IntoView {
    let (name, id, secret, tone, icon, status, permissions) = row;
    let environment = if index == 1 { test_environment() } else { Environment::LIVE };
    view! {
        <tr>
            <Cell label="" wide=true>
                <div class="gallery-name">
                    <span class="key-name">
                        <a href="#">{name}</a>
                        {(!environment.is_live()).then(|| view! { <EnvironmentBadge environment/> })}
                    </span>
                    <span class="key-created">
                        <code class="mono">{id}</code>
                        {environment.is_live().then(|| view! { " · " <EnvironmentBadge environment/> })}
                    </span>
                </div>
            </Cell>
            <Cell label="Secret"><code class="mono">{secret}</code></Cell>
            <Cell label="Owner">"ada@northwind.example"</Cell>
            <Cell label="Permissions">{permissions}</Cell>
            <Cell label="Last used"><RelativeTime at=Timestamp::from_seconds(1_795_336_200)/></Cell>
            <Cell label="Expires">"in 3 months"</Cell>
            <Cell label="Status">
                <Tooltip id=format!("why-{index}") text="Valid until 22 Feb 2027, 08:30 UTC.">
                    <Badge tone icon>{status}</Badge>
                </Tooltip>
            </Cell>
            <RowActions id=format!("row-{index}") name>
                <MenuLink href="#" icon=Glyph::Pencil>"Edit"</MenuLink>
                <MenuItem icon=Glyph::Rotate>"Rotate"</MenuItem>
                <MenuLine/>
                <MenuItem icon=Glyph::Ban danger=true>"Revoke"</MenuItem>
            </RowActions>
        </tr>
    }
}

fn test_environment() -> Environment {
    Environment::parse("test").unwrap_or_default()
}

/// Text and other values, as forms and pages show them.
fn metadata() -> Metadata {
    let object = [("team", "payments".into()), ("ticket", 4711.into()), ("regions", vec!["eu", "us"].into())];
    Metadata::check(
        &object.map(|(name, value): (&str, Value)| (name.to_owned(), value)).into_iter().collect(),
    )
    .unwrap_or_default()
}

#[component]
fn Detail() -> impl IntoView {
    view! {
        <PageHeader
            title="Checkout (production)"
            sentence="Used by the checkout of the shop to read prices and to write orders."
            crumbs=vec![("Keys".to_owned(), "#".to_owned())]
            beside=|| view! { <Badge tone=Tone::Success icon=Glyph::CircleCheck>"Active"</Badge> <EnvironmentBadge environment=test_environment()/> }
        >
            <Button icon=Glyph::Pencil>"Edit"</Button>
            <Button icon=Glyph::Rotate>"Rotate"</Button>
            <Button kind=ButtonKind::Danger>"Revoke"</Button>
        </PageHeader>
        <LinkTabs label="Parts of the key">
            <LinkTab href="#" current=true>"Overview"</LinkTab>
            <LinkTab href="#">"History"</LinkTab>
            <LinkTab href="#">"Settings"</LinkTab>
        </LinkTabs>
        <div class="gallery-stack gallery-below">
            <Callout tone=Tone::Warning title="The old secret is valid until 22 Nov 2026, 12:00 UTC">
                "Last used 3 minutes ago from 10.0.0.4."
            </Callout>
            <Section id="facts" title="Facts" action=|| view! { <Button small=true icon=Glyph::Pencil>"Edit"</Button> }>
                <Facts>
                    <Fact label="Id"><code class="mono">"key_2b7xk1"</code> <CopyButton text="key_2b7xk1" label="Copy the id" icon_only=true/></Fact>
                    <Fact label="Owner">"ada@northwind.example"</Fact>
                    <Fact label="Secret"><code class="mono">"sk_live_p0Qe…"</code></Fact>
                    <Fact label="Calls"><Number value=1_234_567_u64/></Fact>
                    <Fact label="Created"><RelativeTime at=Timestamp::from_seconds(1_790_336_200)/></Fact>
                    <Fact label="Expires">"Never"</Fact>
                </Facts>
            </Section>
            <MetadataList metadata=metadata()/>
            <Section id="history" title="History" sentence="All changes, newest first.">
                <Timeline label="History of the key">
                    <TimelineEntry icon=Glyph::Rotate tone=Tone::Accent title=|| view! { <b>"Ada Lovelace"</b> " rotated the key" } when=|| "2 hours ago">
                        "The old secret stays valid for 24 hours. Request req_01h9."
                    </TimelineEntry>
                    <TimelineEntry icon=Glyph::Pencil title=|| view! { <b>"Grace Hopper"</b> " changed the rate limit" } when=|| "3 days ago">
                        "From 100 to 250 requests per minute, from 10.0.0.4."
                    </TimelineEntry>
                    <TimelineEntry icon=Glyph::Plus tone=Tone::Success title=|| view! { <b>"Ada Lovelace"</b> " created the key" } when=|| "2 months ago"/>
                </Timeline>
            </Section>
            <Reveal/>
        </div>
    }
}

#[component]
fn Reveal() -> impl IntoView {
    let open = RwSignal::new(0);
    view! {
        <Section id="reveal" title="Secret" sentence="Shown this once. Copy it to a safe place now.">
            <div class="gallery-stack">
                <SecretBox id="secret" label="Secret of Checkout" secret="sk_live_p0QeTz81mKx4vWn2RcYb7LdHs9GfJa3EuXq5iOt"/>
                <div>
                    <Tabs label="Ways to use the secret">
                        <Tab id="tab-env" selected=Signal::derive(move || open.get() == 0) on_select=move || open.set(0)>".env"</Tab>
                        <Tab id="tab-curl" selected=Signal::derive(move || open.get() == 1) on_select=move || open.set(1)>"curl"</Tab>
                    </Tabs>
                    <TabPanel tab_id="tab-env" shown=Signal::derive(move || open.get() == 0)>
                        <CodeBlock id="env" label=".env line" code="KEYSTEAD_API_KEY=sk_live_…"/>
                    </TabPanel>
                    <TabPanel tab_id="tab-curl" shown=Signal::derive(move || open.get() == 1)>
                        <CodeBlock id="curl" label="curl command" code="curl https://keys.example.com/v1/whoami \\\n  -H 'Authorization: Bearer sk_live_…'"/>
                    </TabPanel>
                </div>
            </div>
        </Section>
    }
}

#[component]
fn FormPage() -> impl IntoView {
    let name = RwSignal::new("Billing export".to_owned());
    let error =
        Signal::derive(move || name.with(String::is_empty).then(|| "Give the key a name.".to_owned()));
    let errors = vec![
        ("scope".to_owned(), "The resource id must not be empty.".to_owned()),
        ("expires".to_owned(), "Choose a moment within 365 days.".to_owned()),
    ];
    let on = RwSignal::new(true);
    let owners = vec![Choice::new("ada", "Ada Lovelace"), Choice::new("grace", "Grace Hopper")];
    let permissions = vec![
        Choice::new("read", "Read").hint("Reads what the scopes name."),
        Choice::new("write", "Write").hint("Also creates and changes it."),
        Choice::new("admin", "Admin")
            .refused("You cannot grant this. The strongest permission of a member is delete."),
    ];
    let mut rows = MetadataRow::all_of(&metadata());
    rows.push(MetadataRow { value: "of a row without a name".to_owned(), ..MetadataRow::default() });
    let row_errors = Signal::stored(read_rows(&rows).1);
    view! {
        <PageHeader title="Create key" crumbs=vec![("Keys".to_owned(), "#".to_owned())]/>
        <Section id="key" title="Key">
            <form>
                <FormFields>
                    <FormErrors errors/>
                    <TextField id="name" label="Name" value=name error hint="What it is used for."/>
                    <TextArea id="description" label="Description" optional=true/>
                    <FormRow>
                        <Select id="owner" label="Owner" choices=owners value=RwSignal::new("grace".to_owned())/>
                        <DateTimeField
                            id="expires"
                            label="Expires"
                            value=RwSignal::new("2027-11-30T08:30".to_owned())
                            error=Some("Choose a moment within 365 days.".to_owned())
                        />
                    </FormRow>
                    <RadioGroup id="permission" legend="Permission" choices=permissions value=RwSignal::new("read".to_owned())/>
                    <Segmented
                        id="days"
                        legend="Valid for"
                        choices=["7 days", "30 days", "90 days", "365 days", "Custom", "Never"].map(|days| Choice::new(days, days)).to_vec()
                        value=RwSignal::new("90 days".to_owned())
                        hint="Ends on 20 Feb 2027 at 08:30 UTC."
                    />
                    <TextField
                        id="scope"
                        label="Resource id"
                        mono=true
                        placeholder="orders/*"
                        error=Some("The resource id must not be empty.".to_owned())
                    />
                    <MetadataField id="metadata" rows=RwSignal::new(rows) errors=row_errors on_leave=Callback::new(|()| ())/>
                    <Checkbox id="limit" label="Limit the rate" checked=RwSignal::new(true) hint="Requests beyond the limit are refused."/>
                    <Checkbox id="notify" label="Notify the owner"/>
                    <Switch id="switch" label="Enabled" on on_change=move |wanted| on.set(wanted) hint="Takes effect at once."/>
                    <PasswordField id="confirm" label="Your password" autocomplete="current-password"/>
                    <FormActions>
                        <Button kind=ButtonKind::Quiet>"Reset"</Button>
                        <Button>"Cancel"</Button>
                        <Button disabled=true>"Disabled"</Button>
                        <Button loading=true>"Saving"</Button>
                        <Button kind=ButtonKind::Primary submit=true>"Create key"</Button>
                    </FormActions>
                </FormFields>
            </form>
        </Section>
    }
}

#[component]
fn States() -> impl IntoView {
    let open = RwSignal::new(false);
    let sheet = RwSignal::new(false);
    let toasts = use_toasts();
    view! {
        <PageHeader title="States">
            <Button on_press=move || sheet.set(true)>"Form dialog"</Button>
            <Button kind=ButtonKind::Danger on_press=move || open.set(true)>"Revoke"</Button>
            <Button on_press=move || toasts.undoable("Revoked “Billing export”.", Callback::new(|()| ()))>"Toast"</Button>
        </PageHeader>
        <div class="gallery-stack">
            <EmptyState icon=Glyph::Key title="No keys yet" sentence="Programs use keys to call your services. Create a key for each program.">
                <Button kind=ButtonKind::Primary icon=Glyph::Plus>"Create key"</Button>
                <ButtonLink href="#">"How to connect"</ButtonLink>
            </EmptyState>
            <ErrorView
                title="The keys could not be loaded"
                sentence="The database did not answer in time. Try again; if it fails again, give the request id to the operator."
                request_id="req_01hgq3v9m2k7"
                on_retry=move || ()
            />
            <Callout title="Information">"Text with " <a href="#">"a link"</a> " in it."</Callout>
            <Callout tone=Tone::Success title="Done">"The key was verified for the first time."</Callout>
            <Callout tone=Tone::Danger title="Leaked">"This key was found in a public repository."</Callout>
            <Section id="lines" title="Loading"><SkeletonLines/></Section>
            <p><KeyHint keys="Ctrl K"/> " opens the palette."</p>
            <Section id="panel" title="Revoke">
                <Revoke field="typed" open/>
            </Section>
        </div>
        <Dialog
            id="revoke"
            title="Revoke “Billing export”"
            description="A revoked key cannot be restored."
            open
            on_close_request=move || open.set(false)
        >
            <Revoke field="typed-dialog" open/>
        </Dialog>
        <Dialog id="sheet" title="Create key" open=sheet on_close_request=move || sheet.set(false) keep_on_outside_press=true>
            <form>
                <FormFields>
                    <TextField id="sheet-name" label="Name" required=true/>
                    <TextArea id="sheet-description" label="Description" optional=true/>
                    <FormActions>
                        <Button on_press=move || sheet.set(false)>"Cancel"</Button>
                        <Button kind=ButtonKind::Primary submit=true>"Create key"</Button>
                    </FormActions>
                </FormFields>
            </form>
        </Dialog>
    }
}

#[component]
fn Revoke(field: &'static str, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <ConfirmPanel
            id=field
            title="1,204 calls in the last 24 hours will be refused at once."
            action="Revoke key"
            typed="Billing export"
            on_confirm=move || open.set(false)
            on_cancel=move || open.set(false)
        >
            <Facts>
                <Fact label="Last used">"3 minutes ago from 10.0.0.4"</Fact>
                <Fact label="Owner">"ada@northwind.example"</Fact>
            </Facts>
            <TextField id=format!("{field}-reason") label="Reason" optional=true/>
        </ConfirmPanel>
    }
}
