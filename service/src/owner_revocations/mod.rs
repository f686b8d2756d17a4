//! Ends the owners of keys: members who are suspended or removed, and service accounts that are disabled.
//!
//! The end is one short transaction that touches no key: from its commit on, all keys of the owner count as revoked,
//! and a background task revokes them in batches, each key with its own audit record. Each end has a number and applies
//! to the keys that were created before it, whatever the clock says: if the owner comes back before the last batch,
//! their old keys stay revoked and new keys work. Keys that had already expired end for good, so that none becomes
//! valid again if the clock is set back.

mod batches;
mod free_name;
mod revoke;

#[cfg(test)]
pub(crate) use batches::BATCH;
