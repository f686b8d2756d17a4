//! The parts that the database has in the trace of a request.

use tracing::Span;

/// The target of spans that belong to traces, for whoever collects them.
pub const TRACES: &str = "keystead::traces";

/// Begins a span that ends when it is dropped: the wait for a connection, and the time in which it is used.
pub(crate) fn reading() -> Span {
    tracing::info_span!(target: TRACES, "database read", otel.kind = "client")
}

/// As [`reading`], for a transaction that writes, including its commit.
pub(crate) fn writing() -> Span {
    tracing::info_span!(target: TRACES, "database transaction", otel.kind = "client")
}

/// The commit, from its start until the changes are durable.
pub(crate) fn committing(transaction: &Span) -> Span {
    tracing::info_span!(target: TRACES, parent: transaction, "database commit", otel.kind = "client")
}
