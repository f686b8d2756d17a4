//! The requests that the dialogs about the items of a list send.

use super::actions::ConsoleFn;
use super::dialog_action::DialogAction;

/// The actions of the dialogs about items of one kind. The page loads its data again after each of them.
#[derive(Clone)]
pub struct ItemActions<C: ConsoleFn, U: ConsoleFn, E: ConsoleFn> {
    pub create: DialogAction<C>,
    pub update: DialogAction<U>,
    /// Removes an item, or disables it for good.
    pub end: DialogAction<E>,
}

impl<C: ConsoleFn, U: ConsoleFn, E: ConsoleFn> Copy for ItemActions<C, U, E> {}

impl<C: ConsoleFn, U: ConsoleFn, E: ConsoleFn> ItemActions<C, U, E> {
    pub(crate) fn new() -> Self {
        Self { create: DialogAction::new(), update: DialogAction::new(), end: DialogAction::new() }
    }

    /// A number that grows with every answer.
    pub fn version(self) -> usize {
        self.create.version() + self.update.version() + self.end.version()
    }

    /// Begins an opening of the page's dialog.
    pub(super) fn renew(self) {
        self.create.renew();
        self.update.renew();
        self.end.renew();
    }
}
