//! The menu that limits the key list to one environment.

use leptos::prelude::*;

use model::key::{ENVIRONMENT_LENGTH_MAX, Environment};

use super::filter_form::FilterForm;
use crate::components::keys::environment::ENVIRONMENTS_OFFERED;
use crate::components::keys::list_path::KeyListPath;
use crate::ui::{ButtonKind, Glyph, Menu, MenuLine, MenuLink, TextField, typed_length};

/// Links to the usual environments, and a form for any other.
#[component]
pub fn EnvironmentFilter(path: Memo<KeyListPath>) -> impl IntoView {
    let item = move |environment: Option<Environment>| {
        let words = environment.map_or_else(|| "Any environment".to_owned(), |word| word.to_string());
        let href = Signal::derive(move || path.with(|path| path.with_environment(environment).to_path()));
        let current = Signal::derive(move || path.with(|path| path.query.filter.environment == environment));
        view! { <MenuLink href current>{words}</MenuLink> }
    };
    let offered = ENVIRONMENTS_OFFERED.iter().filter_map(|word| Environment::parse(word).ok());
    let items = offered.map(|environment| item(Some(environment))).collect_view();
    let typed = RwSignal::new(String::new());
    let tried = RwSignal::new(false);
    let wanted = Callback::new(move |()| {
        tried.set(true);
        let environment = typed.with_untracked(|word| Environment::parse(word.trim())).ok()?;
        Some(path.get_untracked().with_environment(Some(environment)))
    });
    let error = Signal::derive(move || {
        let refused = typed.with(|word| Environment::parse(word.trim()).err());
        refused.filter(|_| tried.get()).map(|error| error.message)
    });
    view! {
        <Menu id="filter-environment" label="Environment" icon=Glyph::Filter kind=ButtonKind::Secondary>
            {item(None)}
            {items}
            <MenuLine/>
            <FilterForm path changed="environment" wanted>
                <TextField
                    id="filter-environment-word" name="environment" label="Another environment" value=typed error
                    length_max=typed_length(ENVIRONMENT_LENGTH_MAX)
                />
            </FilterForm>
        </Menu>
    }
}
