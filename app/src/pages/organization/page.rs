//! The organization's own settings, and what its members may know of the server.

use leptos::prelude::*;
use leptos_meta::Title;
use model::field::FieldErrors;
use model::organization::{ORGANIZATION_NAME_LENGTH_MAX, Organization, check_organization_name};

use super::nodes::NodesSection;
use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::{ProblemView, Refusal, refused};
use crate::components::users::LiveForm;
use crate::fns::keys::{KeySettings, key_settings};
use crate::fns::nodes::list_nodes;
use crate::fns::organization::{UpdateOrganization, get_organization};
use crate::hydration::mark_hydrated;
use crate::resource::read;
use crate::state::me::use_me;
use crate::state::toasts::use_toasts;
use crate::ui::{
    Button, ButtonKind, CopyButton, Fact, Facts, FormActions, FormFields, Number, PageHeader, RelativeTime,
    Section, SkeletonLines, TextField,
};

/// The organization's name and ids, and the operator's settings for its keys.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    mark_hydrated();
    let organization = read(|| (), |()| get_organization());
    let settings = read(|| (), |()| key_settings());
    let is_admin = use_me().is_admin();
    let nodes = read(|| (), move |()| async move { if is_admin { list_nodes().await } else { Ok(None) } });
    view! {
        <Title text="Settings"/>
        <PageHeader title="Settings" sentence=Some("Your organization, and the settings for its keys.".to_owned())/>
        <Suspense fallback=|| view! { <SkeletonLines/> }>
            {move || Suspend::new(async move {
                let nodes = match nodes.await {
                    Ok(nodes) => nodes.map(|nodes| view! { <NodesSection nodes/> }).into_any(),
                    Err(error) => view! { <ProblemView error/> }.into_any(),
                };
                match (organization.await, settings.await) {
                    (Ok(organization), Ok(settings)) => view! {
                        <NameSection organization=organization.clone()/>
                        <IdsSection organization server_url=settings.server_url.clone()/>
                        <KeysSection settings/>
                        {nodes}
                    }
                    .into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <ProblemView error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn NameSection(organization: Organization) -> impl IntoView {
    let me = use_me();
    if !me.is_admin() {
        return view! {
            <Section id="name" title="Organization">
                <Facts><Fact label="Name">{organization.name}</Fact></Facts>
                <p class="fact-note">"An admin can rename the organization."</p>
            </Section>
        }
        .into_any();
    }
    let update = ServerAction::<UpdateOrganization>::new();
    let toasts = use_toasts();
    Effect::new(move || {
        if let Some(Ok(saved)) = update.value().get() {
            me.rename_organization(&saved.name);
            toasts.success("The organization was renamed.");
        }
    });
    let name = RwSignal::new(organization.name);
    let error = refused(move || update.value().get());
    let errors = move || {
        let mut errors = FieldErrors::default();
        errors.take("organization_name", check_organization_name(&name.get()));
        errors
    };
    let form = LiveForm::new(errors, error);
    let general = Signal::derive(move || error.get().filter(|error| error.0.fields.is_empty()));
    let read =
        |fields: &Fields| Some(UpdateOrganization { organization_name: fields.text("organization_name") });
    view! {
        <Section id="name" title="Organization" sentence="Members see the name at the top of the navigation.">
            <div class="narrow-form" on:submit:capture=form.guard() on:input=move |_| update.value().set(None)>
                <Refusal error=general/>
                <PostForm action=update read>
                    <FormFields>
                        <TextField
                            id="organization_name" label="Name" value=name required=true
                            length_max=u32::try_from(ORGANIZATION_NAME_LENGTH_MAX).unwrap_or(u32::MAX)
                            error=form.message("organization_name") on_leave=form.on_leave_of("organization_name")
                        />
                        <FormActions>
                            <Button kind=ButtonKind::Primary submit=true loading=update.pending()>"Save"</Button>
                        </FormActions>
                    </FormFields>
                </PostForm>
            </div>
        </Section>
    }
    .into_any()
}

#[component]
fn IdsSection(organization: Organization, server_url: String) -> impl IntoView {
    let Organization { organization_id, internal_id, created_at, .. } = organization;
    view! {
        <Section id="ids" title="Addresses and ids" sentence="Values that your programs need. None of them is secret.">
            <Facts>
                <Fact label="API address"><Copyable text=format!("{server_url}/v1")/></Fact>
                <Fact label="Organization id"><Copyable text=organization_id.to_string()/></Fact>
                <Fact label="Internal id"><Copyable text=internal_id.to_string()/></Fact>
                <Fact label="Created"><RelativeTime at=created_at/></Fact>
            </Facts>
        </Section>
    }
}

#[component]
fn Copyable(text: String) -> impl IntoView {
    let label = format!("Copy {text}");
    view! { <code class="mono">{text.clone()}</code> <CopyButton text label icon_only=true/> }
}

#[component]
fn KeysSection(settings: KeySettings) -> impl IntoView {
    let KeySettings { key_prefix, rate_limit_default, keys_per_organization_max, server_url: _ } = settings;
    view! {
        <Section id="keys" title="Keys" sentence="Only the operator of this server can change these settings.">
            <Facts>
                <Fact label="Key prefix"><code class="mono">{key_prefix}</code></Fact>
                <Fact label="Default rate limit">
                    <Number value=u64::from(rate_limit_default)/> " requests per minute"
                </Fact>
                <Fact label="Maximum number of keys"><Number value=keys_per_organization_max/></Fact>
            </Facts>
        </Section>
    }
}
