//! The form that ends an item for good, in a dialog.

use leptos::prelude::*;
use model::Timestamp;
use model::field::{FieldErrors, Rule};
use model::time::DAY_SECONDS;

use super::actions::{ConsoleFn, refusal_of};
use crate::components::post_form::{Fields, PostForm};
use crate::components::problem::Refusal;
use crate::components::users::LiveForm;
use crate::ui::{Button, ButtonKind, Callout, FormActions, FormFields, TextField, Tone};

/// How long something counts as in use after its last use.
const IN_USE_SECONDS: i64 = 7 * DAY_SECONDS;

/// Whether something that was last used then is in use, so that ending it would probably break something.
pub fn is_in_use(last_used_at: Timestamp, now: Timestamp) -> bool {
    now.seconds_since(last_used_at) < IN_USE_SECONDS
}

/// Says what will stop working and asks for confirmation. If the item is in use, its name has to be typed.
#[component]
pub fn EndForm<S: ConsoleFn>(
    action: ServerAction<S>,
    /// Makes the call from the fields.
    read: fn(&Fields) -> Option<S>,
    /// The names and values of the hidden fields.
    hidden: Vec<(&'static str, String)>,
    /// The name of the item.
    name: String,
    in_use: bool,
    /// The text of the button that sends the form.
    label: &'static str,
    close: Callback<()>,
    /// What will stop working.
    children: Children,
) -> impl IntoView {
    let error = refusal_of(action);
    let typed = RwSignal::new(String::new());
    let wanted = StoredValue::new(name.trim().to_owned());
    let form = LiveForm::new(move || check_typed_name(in_use, &typed.get(), &wanted.get_value()), error);
    let field = in_use.then(|| {
        view! {
            <TextField
                id="typed" label=format!("Type “{}” to confirm", wanted.get_value()) value=typed required=true
                error=form.message("typed") on_leave=form.on_leave_of("typed")
            />
        }
    });
    let hidden = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <div class="dialog-parts" on:submit:capture=form.guard()>
            <Refusal error/>
            <Callout tone=Tone::Danger title=format!("“{name}” cannot be restored")>{children()}</Callout>
            <PostForm action read>
                {hidden}
                <FormFields>{field}</FormFields>
                <FormActions>
                    <Button on_press=close>"Cancel"</Button>
                    <Button kind=ButtonKind::Danger submit=true loading=action.pending()>{label}</Button>
                </FormActions>
            </PostForm>
        </div>
    }
}

/// Checks the field `typed`: if the form `asks` for it, the person has to type the name `wanted` of the item.
fn check_typed_name(asks: bool, typed: &str, wanted: &str) -> FieldErrors {
    if asks && typed.trim() != wanted {
        FieldErrors::one("typed", Rule::ValueError, "Type the name exactly as shown above.")
    } else {
        FieldErrors::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_has_to_be_typed_if_something_would_break() {
        assert!(check_typed_name(false, "", "ci").is_empty());
        assert!(check_typed_name(true, " ci ", "ci").is_empty());
        for typed in ["", "CI", "c"] {
            assert!(!check_typed_name(true, typed, "ci").is_empty());
        }
    }

    #[test]
    fn what_was_used_within_a_week_is_in_use() {
        let used_at = Timestamp::from_seconds(0);
        assert!(is_in_use(used_at, Timestamp::from_seconds(7 * DAY_SECONDS - 1)));
        assert!(!is_in_use(used_at, Timestamp::from_seconds(7 * DAY_SECONDS)));
    }
}
