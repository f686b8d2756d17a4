//! The account page: details, password, sessions and theme of the signed-in user.

use leptos::prelude::*;
use leptos_meta::Title;

use super::password::PasswordSection;
use super::sessions::SessionsSection;
use crate::components::users::RoleBadge;
use crate::hydration::mark_hydrated;
use crate::layouts::ThemeSwitch;
use crate::state::me::use_me;
use crate::ui::{Fact, Facts, PageHeader, Section};

#[component]
pub fn AccountPage() -> impl IntoView {
    mark_hydrated();
    view! {
        <Title text="Account"/>
        <PageHeader title="Account" sentence=Some("Your profile, your password and your sessions.".to_owned())/>
        <AboutSection/>
        <PasswordSection/>
        <SessionsSection/>
        <Section id="appearance" title="Appearance" sentence="This browser remembers the choice.">
            <ThemeSwitch id="account-theme"/>
        </Section>
    }
}

#[component]
fn AboutSection() -> impl IntoView {
    let me = use_me();
    view! {
        <Section id="about" title="About you">
            <Facts>
                <Fact label="Name">{move || me.with(|me| me.user_name.clone())}</Fact>
                <Fact label="E-mail">{move || me.with(|me| me.email.to_string())}</Fact>
                <Fact label="Organization">{move || me.with(|me| me.organization.name.clone())}</Fact>
                <Fact label="Role">
                    {move || me.with(|me| {
                        let role = me.role;
                        view! { <RoleBadge role/> <p class="fact-note">{role.sentence()}</p> }
                    })}
                </Fact>
            </Facts>
        </Section>
    }
}
