//! The end of an owner of keys: a member who is suspended or removed, or a service account that is disabled.
//!
//! Ending the owner is one short transaction, however many keys there are. All of them count as revoked from its commit on,
//! and the background revokes them one batch after another, each key with its own audit record. The number of the end decides
//! which keys it concerns, and no clock: those that were made before it. So the keys stay dead if the owner comes back before the
//! last batch, and keys that are made then live. Keys that have expired end for good with their owner, so that none is valid
//! again if the clock is set back.

mod begin;
mod finish;
mod free_name;

#[cfg(test)]
pub(crate) use finish::BATCH;
