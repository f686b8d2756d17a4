//! Sign-ins to the console.

use std::fmt;

use service::SignInResult;

use super::super::Source;
use super::super::page::Page;

pub(in crate::metrics) fn write(source: &Source, page: &mut Page<'_>) -> fmt::Result {
    let counts = &source.service.counts().sign_ins;
    page.counters(
        "keystead_sign_ins",
        "Sign-ins with an e-mail address and a password, by result",
        SignInResult::ALL.map(|result| ([("result", result.as_str())], counts.total(result))),
    )
}
