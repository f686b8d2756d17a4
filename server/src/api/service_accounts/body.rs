//! The body that both making and changing an account take.

use model::service_account::{NewServiceAccount, ServiceAccountDraft};

use crate::api::call::Call;
use crate::api::failure::Failure;

/// Reads and checks the body.
pub(super) fn read(call: &Call) -> Result<NewServiceAccount, Failure> {
    let mut body = call.members()?.ignoring_null(&["description"]);
    let draft = ServiceAccountDraft {
        name: body.text("name"),
        description: body.text("description"),
        permissions: body.texts("permissions"),
    };
    body.finish(draft.check())
}
