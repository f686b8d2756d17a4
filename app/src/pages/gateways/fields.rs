//! The form fields that creating and editing a gateway have in common.

use leptos::prelude::*;
use model::gateway::{GATEWAY_NAME_LENGTH_MAX, HandedHeader, Otherwise, RULES_MAX};

use super::form::GatewayForm;
use super::rule_row::RuleRowFields;
use crate::components::users::LiveForm;
use crate::hydration::use_hydrated;
use crate::ui::{Button, Checkbox, Choice, Glyph, RadioGroup, TextField, focus_id, typed_length};

/// A hint for browsers without JavaScript. It is a string because other browsers parse the content of `noscript` as
/// text, so there is no element to hydrate.
const ONE_BY_ONE: &str = "<p class=\"field-hint\">Without JavaScript, you can add one rule at a time. \
                          Save, then edit again to add the next.</p>";

/// Name, key header, rules, the result for requests that no rule matches, the identity headers, and whether the key is
/// hidden from the API.
#[component]
pub(super) fn GatewayFieldset(
    fields: GatewayForm,
    form: LiveForm,
    /// Whether the gateway is new. A new gateway can leave open what happens to requests that no rule matches; its
    /// rules then decide the default.
    #[prop(optional)]
    is_new: bool,
) -> impl IntoView {
    let hint = |words: &str| Some(words.to_owned());
    view! {
        <TextField
            id="name" name="fields[name]" label="Name" value=fields.name required=true autofocus=true
            placeholder="Public API" hint=hint("Name the API behind the gateway, as your colleagues call it.")
            length_max=typed_length(GATEWAY_NAME_LENGTH_MAX)
            error=form.message("name") on_leave=form.on_leave_of("name")
        />
        <TextField
            id="key_header" name="fields[key_header]" label="Key header" value=fields.key_header mono=true
            hint=hint("In Authorization, the value is Bearer <key>. In any other header, such as X-Api-Key, it is the key alone.")
            error=form.message("key_header") on_leave=form.on_leave_of("key_header")
        />
        <Rules fields form/>
        <RadioGroup
            id="otherwise" name="fields[otherwise]" legend="Requests that no rule matches"
            choices=otherwise_choices(is_new) value=fields.otherwise error=form.message("otherwise")
        />
        <IdentityHeaderFields fields/>
    }
}

fn otherwise_choices(is_new: bool) -> Vec<Choice> {
    let usual =
        Choice::new("", "Default").hint("Without rules, any valid key passes. With rules, nobody passes.");
    let key = Choice::new(Otherwise::Key.as_str(), "Any valid key passes");
    let closed = Choice::new(Otherwise::Closed.as_str(), "Nobody passes");
    is_new.then_some(usual).into_iter().chain([key, closed]).collect()
}

#[component]
fn Rules(fields: GatewayForm, form: LiveForm) -> impl IntoView {
    let is_hydrated = use_hydrated();
    let rows = move || fields.rules.get().into_iter().enumerate().collect::<Vec<_>>();
    let is_full = Signal::derive(move || fields.rules.with(|rows| rows.len() >= RULES_MAX));
    let add = move |()| {
        fields.add_rule();
        let last = fields.rules.with_untracked(Vec::len).saturating_sub(1);
        request_animation_frame(move || focus_id(&format!("rule-{last}-path")));
    };
    let whole =
        form.message_within("rules", |place| place.len() == 1 && place.first() == Some(&"rules".into()));
    view! {
        <fieldset class="field gateway-rules" aria-describedby="rules-note">
            <legend class="field-label">"Rules"<span class="field-optional">"optional"</span></legend>
            <p class="field-hint" id="rules-note">
                "The first rule that matches a request decides. In a path, "<code>"*"</code>" stands for any one segment, "
                <code>"**"</code>" at the end for all remaining segments, and "<code>"{name}"</code>" for a segment that \
                 contains the id of a resource."
            </p>
            <For each=rows key=|(index, row)| (*index, row.number) let((index, row))>
                <RuleRowFields fields form row index/>
            </For>
            <p class="field-error" hidden=move || whole.with(Option::is_none)>{move || whole.get()}</p>
            <noscript inner_html=ONE_BY_ONE></noscript>
            <div class="gateway-add" class:is-waiting=move || !is_hydrated.get()>
                <Button icon=Glyph::Plus small=true disabled=is_full on_press=add>"Add a rule"</Button>
            </div>
        </fieldset>
    }
}

#[component]
fn IdentityHeaderFields(fields: GatewayForm) -> impl IntoView {
    let boxes = fields
        .headers
        .get_value()
        .into_iter()
        .map(|(header, checked)| {
            let word = header.as_str();
            let hint = Some(header_description(header).to_owned());
            view! { <Checkbox id=format!("header-{word}") label=word name="fields[headers][]" value=word checked hint/> }
        })
        .collect_view();
    let hint = Some("The proxy removes the key header before it passes the request on.".to_owned());
    view! {
        <fieldset class="field gateway-headers">
            <legend class="field-label">"Identity headers"</legend>
            <div class="gateway-headers-grid">{boxes}</div>
        </fieldset>
        <Checkbox id="hide_key" name="fields[hide_key]" label="Hide the key from your API" checked=fields.hide_key hint/>
    }
}

/// Describes the value of a header.
pub(super) const fn header_description(header: HandedHeader) -> &'static str {
    match header {
        HandedHeader::KeyId => "The id of the key.",
        HandedHeader::KeyName => "The name of the key.",
        HandedHeader::KeyOwner => "The id of the owner.",
        HandedHeader::KeyOwnerName => "The owner's e-mail address, or the name of the service account.",
        HandedHeader::OrganizationId => "The id of your organization.",
        HandedHeader::KeyPermissions => "The permissions of the key.",
        HandedHeader::KeyScopes => "The scopes of the key.",
        HandedHeader::KeyExpiresAt => "The time at which the key expires.",
        HandedHeader::KeyEnvironment => "The environment of the key.",
    }
}
