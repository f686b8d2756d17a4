//! The choice of a new key's owner.

use leptos::prelude::*;

use model::key::KeyOwner;
use model::session::Me;
use model::user::{Role, User};

use super::pause::Pause;
use crate::fns::keys::{OWNERS_MAX, find_owners};
use crate::ui::{Choice, Select, TextField};

/// Whose key it will be.
#[derive(Clone, Copy)]
pub struct OwnerChoice {
    /// The chosen owner's id.
    pub id: RwSignal<String>,
    me: StoredValue<Me>,
    found: RwSignal<Vec<User>>,
}

impl OwnerChoice {
    /// The person themselves, at first.
    pub fn new(me: Me) -> Self {
        let id = RwSignal::new(me.user_id.to_string());
        Self { id, me: StoredValue::new(me), found: RwSignal::new(Vec::new()) }
    }

    /// The owner to send.
    pub fn chosen(self) -> Option<KeyOwner> {
        KeyOwner::parse(&self.id.get_untracked()).ok()
    }

    /// The chosen owner's role, where it is known.
    pub fn role(self) -> Option<Role> {
        let id = self.id.get();
        let own = self.me.with_value(|me| (me.user_id.as_str() == id).then_some(me.role));
        let other = || {
            self.found
                .with(|found| found.iter().find(|user| user.user_id.as_str() == id).map(|user| user.role))
        };
        own.or_else(other)
    }
}

/// Whose key it will be: the person themselves, or any member found by name or e-mail.
#[component]
pub fn OwnerField(
    /// What is chosen.
    owner: OwnerChoice,
) -> impl IntoView {
    let find = Action::new(|search: &String| find_owners(search.clone()));
    Effect::new(move || drop(find.dispatch(String::new())));
    let search = RwSignal::new(String::new());
    let many = RwSignal::new(false);
    Effect::new(move || {
        if let Some(Ok(found)) = find.value().get() {
            if found.len() >= OWNERS_MAX as usize {
                many.set(true);
            }
            owner.found.set(found);
        }
    });
    let pause = Pause::new();
    Effect::new(move |before: Option<String>| {
        let text = search.get();
        if before.is_some_and(|before| before != text) {
            let text = text.clone();
            pause.then(move || drop(find.dispatch(text)));
        }
        text
    });
    let choices = Signal::derive(move || {
        let chosen = owner.id.get();
        owner.me.with_value(|me| choices(me, &owner.found.get(), &chosen))
    });
    view! {
        <div class="key-owner">
            <Show when=move || many.get()>
                <TextField
                    id="key-form-owner-search"
                    label="Find the owner"
                    placeholder="Name or e-mail"
                    value=search
                />
            </Show>
            <Select id="key-form-owner" label="Owner" choices value=owner.id/>
        </div>
    }
    .into_any()
}

/// The person first, then those found. A choice made earlier stays, found or not.
fn choices(me: &Me, found: &[User], chosen: &str) -> Vec<Choice> {
    let own = Choice::new(me.user_id.as_str(), format!("{} (you)", me.user_name));
    let others: Vec<_> = found
        .iter()
        .filter(|user| user.user_id != me.user_id)
        .map(|user| {
            let choice =
                Choice::new(user.user_id.as_str(), format!("{} · {}", user.user_name, user.email.as_str()));
            match user.status {
                model::user::UserStatus::Active => choice,
                _ => choice.refused("Only active members own keys that work."),
            }
        })
        .collect();
    let is_listed = others.iter().any(|choice| choice.value == chosen) || own.value == chosen;
    let kept = (!is_listed).then(|| Choice::new(chosen, "The member chosen before"));
    std::iter::once(own).chain(kept).chain(others).collect()
}
