//! The requests of dialogs, kept apart by the opening of the dialog that sent them.

use leptos::prelude::*;

use super::actions::{ConsoleFn, on_answer};
use crate::fns::FnResult;
use crate::state::toasts::use_toasts;

/// Shown if a request is refused after its dialog was closed. A fixed sentence, because it stands alone: nothing else
/// says which request it was.
const LATE_REFUSAL: &str =
    "A request from a dialog that is closed by now failed. Reload the page to see the current state.";

/// Sends the requests of one kind for the dialogs of a page. Each opening of a dialog has an action of its own. So an
/// answer that arrives late neither closes a dialog that was opened in the meantime nor appears in it.
#[derive(Clone)]
pub struct DialogAction<S: ConsoleFn>(RwSignal<Openings<S>>);

impl<S: ConsoleFn> Copy for DialogAction<S> {}

struct Openings<S: ConsoleFn> {
    /// The actions of earlier openings, in order.
    earlier: Vec<ServerAction<S>>,
    current: ServerAction<S>,
    /// Owns the actions, which have to outlive their dialogs.
    page: Option<WeakOwner>,
}

impl<S: ConsoleFn> Openings<S> {
    fn actions(&self) -> impl Iterator<Item = ServerAction<S>> {
        self.earlier.iter().copied().chain([self.current])
    }
}

impl<S: ConsoleFn> DialogAction<S> {
    /// To be created by the page, not by a dialog.
    pub(crate) fn new() -> Self {
        let page = Owner::current().map(|page| page.downgrade());
        let openings = Openings { earlier: Vec::new(), current: ServerAction::new(), page };
        let (own, toasts) = (Self(RwSignal::new(openings)), use_toasts());
        own.on_answer(move |answer, is_open| {
            if answer.is_err() && !is_open {
                toasts.danger(LATE_REFUSAL);
            }
        });
        own
    }

    /// The action of the current opening.
    pub fn current(self) -> ServerAction<S> {
        self.0.with_untracked(|openings| openings.current)
    }

    /// Begins an opening. To be called before a dialog opens, and when one closes.
    pub fn renew(self) {
        let current = self.current();
        if current.value().with_untracked(Option::is_none) && !current.pending().get_untracked() {
            return;
        }
        let page = self.0.with_untracked(|openings| openings.page.clone());
        let Some(page) = page.and_then(|page| page.upgrade()) else { return };
        let next = page.with(ServerAction::new);
        // A new action begins with the refusal of a plain form, as long as the address of the page contains one.
        next.clear();
        self.0.update(|openings| {
            openings.earlier.push(openings.current);
            openings.current = next;
        });
    }

    /// A number that grows with every answer.
    pub fn version(self) -> usize {
        self.0.with(|openings| openings.actions().map(|action| action.version().get()).sum())
    }

    /// Whether the request of the current opening succeeded.
    pub fn has_succeeded(self) -> bool {
        let current = self.0.with(|openings| openings.current);
        current.value().with(|answer| matches!(answer, Some(Ok(_))))
    }

    /// The outputs of all requests that succeeded, in the order of the openings.
    pub fn successes(self) -> Vec<S::Output> {
        self.0.with(|openings| openings.actions().filter_map(|action| action.value().get()?.ok()).collect())
    }

    /// Removes an output from memory.
    pub fn clear_success(self, output: &S::Output)
    where
        S::Output: PartialEq,
    {
        let is_it = |answer: Option<&FnResult<S::Output>>| {
            answer.and_then(|answer| answer.as_ref().ok()).is_some_and(|own| own == output)
        };
        for action in self.0.with_untracked(|openings| openings.actions().collect::<Vec<_>>()) {
            if action.value().with_untracked(|answer| is_it(answer.as_ref())) {
                action.clear();
            }
        }
    }

    /// Calls `done` each time a request succeeds, with whether the dialog that sent it is still open.
    pub fn on_success(self, done: impl Fn(S::Output, bool) + Clone + 'static) {
        self.on_answer(move |answer, is_open| {
            if let Ok(output) = answer {
                done(output, is_open);
            }
        });
    }

    fn on_answer(self, react: impl Fn(FnResult<S::Output>, bool) + Clone + 'static) {
        Effect::new(move |known: Option<usize>| {
            let (actions, page) =
                self.0.with(|openings| (openings.actions().collect::<Vec<_>>(), openings.page.clone()));
            let Some(page) = page.and_then(|page| page.upgrade()) else { return 0 };
            for (number, action) in actions.iter().copied().enumerate().skip(known.unwrap_or(0)) {
                let react = react.clone();
                let is_open = move || self.0.with_untracked(|openings| openings.earlier.len()) == number;
                // Not owned by this effect, which ends what it owns when the next dialog opens.
                page.with(|| on_answer(action, move |answer| react(answer, is_open())));
            }
            actions.len()
        });
    }
}
