//! A cache of every API key of a database, for millions of keys. In well under a microsecond, it answers whether a
//! presented secret is one of them and what the key may do.
//!
//! **What it knows.** Each secret is listed by its SHA-256, with the facts that a verdict needs ([`KeyFacts`]). Facts
//! about an owner are stored once for all their keys ([`Owner`]). Once every secret was listed
//! ([`KeyCache::complete`]), a secret that is not listed is known to be unknown, so that made-up secrets cost no query.
//! Nothing here depends on the time: the caller compares expiry dates with the clock.
//!
//! **How it stays right.** The cache is a mirror, and keeps the protocol that the module `mirror` describes: readers
//! hold a read epoch, changes are applied after their commit, and the cache is used only while its feed of changes is
//! current. A change makes the entries that it affects *stale*: they stay listed, so that they are not taken for
//! unknown, and are read again before they are used. What can change is a [`Subject`]: a secret, an owner, or an
//! organization.
//!
//! ```text
//! let found = if cache.mirror().is_current(now) { cache.find(&digest, |view| verdict(view)) } else { None };
//! // `None`: ask the database.
//! let epoch = cache.mirror().begin_read();
//! let row = database.read(&digest);
//! match row {
//!     Some(row) => cache.insert(&epoch, [facts_of(row, cache.owner(&epoch, owner_of(row)))]),
//!     None => cache.insert_absent(&epoch, &digest),
//! }
//! cache.mirror().end_read(&epoch);
//! ```
//!
//! **Counters.** Beside each secret there are two counters of eight bytes, which survive its changes. One counts the
//! uses that are not written to the database yet ([`KeyCache::take_pending`]). They are written under the key id and
//! the organization, which a stale entry still knows, because a changed secret may never be read again. The other is
//! of a type that the user of the cache chooses, for example to count against a rate limit ([`KeyCache::count`]).
//!
//! **Costs.** A lookup takes one shared lock, and reads one slot of a table and one entry. It allocates nothing, and
//! lookups do not wait for each other. A key takes about 140 bytes: an entry of 128 ([`Entry`]) and its share of a
//! table. Scopes, metadata, earlier secrets and long names, which few keys have, are stored elsewhere. Scopes and
//! metadata count as further entries, by their size, so that they cannot take all memory. If there is no room for a
//! secret, another one is dropped, and the cache is incomplete from then on: slower, but never wrong. The command
//! `scripts/bench cache` measures the costs.
//!
//! **What it depends on.** The types of the domain (`model`), and two modules beside this one: the protocol (`mirror`)
//! and the locks (`locks`). It does not know the service, the database, or the clock.

mod blocks;
mod cache;
mod digest;
mod dirty;
mod entry;
mod facts;
mod hash_table;
mod owners;
mod pending;
mod shard;
mod subject;

pub use cache::KeyCache;
pub use digest::{BuildDigestHasher, Digest};
pub use entry::{Entry, Listed};
pub use facts::{KeyFacts, KeyView};
pub use owners::{Organization, Owner};
pub use pending::{Pending, PendingUses};
pub use subject::Subject;
