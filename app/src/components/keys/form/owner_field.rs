//! The form field for the owner of a new key.

use leptos::prelude::*;

use model::key::{FoundOwner, KeyOwner};
use model::session::Me;

use crate::components::list_page::Debounce;
use crate::fns::keys::find_owners;
use crate::ui::{Choice, Select, TextField};

/// The server returns at most this many members and at most this many service accounts. If it returns that many, there
/// may be more.
const OWNERS_FOUND_MAX: usize = 20;

/// The chosen owner, and the owners found.
#[derive(Clone, Copy)]
pub struct OwnerChoice {
    /// The id of the chosen owner.
    pub id: RwSignal<String>,
    me: StoredValue<Me>,
    found: RwSignal<Vec<FoundOwner>>,
}

impl OwnerChoice {
    /// Starts with the owner `first`; `None` stands for the signed-in user.
    pub fn new(me: Me, first: Option<KeyOwner>) -> Self {
        let id = RwSignal::new(first.map_or_else(|| me.user_id.to_string(), |owner| owner.to_string()));
        Self { id, me: StoredValue::new(me), found: RwSignal::new(Vec::new()) }
    }

    pub fn chosen(self) -> Option<KeyOwner> {
        KeyOwner::parse(&self.id.get_untracked()).ok()
    }

    /// The chosen owner, if more than the id is known.
    pub fn known(self) -> Option<FoundOwner> {
        let id = self.id.get();
        let own = self.me.with_value(|me| (me.user_id.as_str() == id).then(|| own(me)));
        let other = || self.found.with(|found| found.iter().find(|one| one.owner.as_str() == id).cloned());
        own.or_else(other)
    }
}

/// Offers the signed-in user, and the members and service accounts found by name or e-mail address.
#[component]
pub fn OwnerField(owner: OwnerChoice) -> impl IntoView {
    let find = Action::new(move |search: &String| find_owners(search.clone(), owner.chosen()));
    Effect::new(move || drop(find.dispatch(String::new())));
    let search = RwSignal::new(String::new());
    let many = RwSignal::new(false);
    Effect::new(move || {
        if let Some(Ok(found)) = find.value().get() {
            if has_more(&found) {
                many.set(true);
            }
            owner.found.set(found);
        }
    });
    let pause = Debounce::new();
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
    let hint = Signal::derive(move || {
        let is_service_account = owner.known().is_some_and(|known| known.role.is_none());
        is_service_account.then(|| {
            "In Keystead, the key can do only what the permissions of the service account allow.".to_owned()
        })
    });
    view! {
        <div class="key-owner">
            <Show when=move || many.get()>
                <TextField
                    id="key-form-owner-search"
                    label="Find an owner"
                    placeholder="Name or e-mail"
                    value=search
                />
            </Show>
            <Select id="key-form-owner" label="Owner" choices value=owner.id hint/>
        </div>
    }
    .into_any()
}

/// Whether there are probably more owners than were found.
pub fn has_more(found: &[FoundOwner]) -> bool {
    let service_accounts = found.iter().filter(|one| one.role.is_none()).count();
    service_accounts >= OWNERS_FOUND_MAX || found.len() - service_accounts >= OWNERS_FOUND_MAX
}

fn own(me: &Me) -> FoundOwner {
    FoundOwner {
        owner: me.user_id.clone().into(),
        name: me.user_name.clone(),
        email: Some(me.email.to_string()),
        role: Some(me.role),
        is_active: true,
    }
}

/// The signed-in user first, then the owners found. The chosen owner stays in the list even if the search does not find
/// them.
fn choices(me: &Me, found: &[FoundOwner], chosen: &str) -> Vec<Choice> {
    let own = Choice::new(me.user_id.as_str(), format!("{} (you)", me.user_name));
    let others: Vec<_> =
        found.iter().filter(|one| one.owner.user_id() != Some(&me.user_id)).map(choice).collect();
    let is_listed = others.iter().any(|choice| choice.value == chosen) || own.value == chosen;
    let kept = (!is_listed).then(|| Choice::new(chosen, "Previously selected owner"));
    std::iter::once(own).chain(kept).chain(others).collect()
}

fn choice(found: &FoundOwner) -> Choice {
    let FoundOwner { owner, name, email, role: _, is_active } = found;
    let choice = Choice::new(owner.as_str(), owner_text(name, email.as_deref()));
    match (is_active, email) {
        (true, _) => choice,
        (false, Some(_)) => choice.refused("This member is not active, so no key can be created for them."),
        (false, None) => choice.refused("This service account is disabled."),
    }
}

/// The name with the e-mail address or "service account", which tells owners of the same name apart.
pub fn owner_text(name: &str, email: Option<&str>) -> String {
    format!("{name} · {}", email.unwrap_or("service account"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::user::Role;

    fn found(id: &str, email: Option<&str>, is_active: bool) -> FoundOwner {
        FoundOwner {
            owner: KeyOwner::parse(id).unwrap(),
            name: "Nightly".into(),
            email: email.map(str::to_owned),
            role: email.map(|_| Role::Member),
            is_active,
        }
    }

    #[test]
    fn a_choice_says_whether_the_owner_is_a_person_or_a_service_account() {
        let person = choice(&found("usr_a", Some("n@example.com"), true));
        assert_eq!((person.label.as_str(), person.refused), ("Nightly · n@example.com", None));
        let service_account = choice(&found("sa_a", None, true));
        assert_eq!(
            (service_account.label.as_str(), service_account.refused),
            ("Nightly · service account", None)
        );
        for (id, email) in [("usr_a", Some("n@example.com")), ("sa_a", None)] {
            assert!(choice(&found(id, email, false)).refused.is_some(), "{id}");
        }
    }

    #[test]
    fn a_full_list_of_owners_probably_has_more() {
        let service_accounts: Vec<_> =
            (0..OWNERS_FOUND_MAX).map(|n| found(&format!("sa_{n}"), None, true)).collect();
        assert!(has_more(&service_accounts));
        assert!(!has_more(&service_accounts[1..]));
        let mixed: Vec<_> =
            (0..OWNERS_FOUND_MAX).map(|n| found(&format!("usr_{n}"), Some("a@b.example"), true)).collect();
        assert!(has_more(&mixed));
    }
}
