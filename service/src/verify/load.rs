//! Loads the key cache from the database.

use std::collections::HashMap;
use std::sync::Arc;

use store::keys::Secret;

use super::secrets::owner_of;
use crate::error::Result;
use crate::key_cache::{KeyFacts, Owner};
use crate::mirror::{CloseOnDrop, ReadEpoch};
use crate::state::Service;

impl Service {
    /// Reads every secret into the key cache. Until this is done, missing secrets are read one by one.
    pub(crate) async fn load_key_cache(&self) -> Result<()> {
        let key_cache = &self.mirrors.key_cache;
        let (epoch, drop_count) = (key_cache.mirror().begin_read(), key_cache.drop_count());
        let _close = CloseOnDrop(key_cache.mirror(), &epoch);
        self.load(&epoch).await?;
        key_cache.complete(&epoch, drop_count);
        Ok(())
    }

    async fn load(&self, epoch: &ReadEpoch) -> Result<()> {
        let mut db = self.store.read().await?;
        let owners: HashMap<String, Arc<Owner>> = store::keys::owners(&mut db)
            .await?
            .into_iter()
            .map(|(id, organization, owner)| {
                let owner = self.mirrors.key_cache.owner(epoch, owner_of(id.clone(), organization, &owner));
                (id.as_str().to_owned(), owner)
            })
            .collect();
        let ends = store::owner_revocations::newest(&mut db).await?;
        self.mirrors.key_cache.insert_stale(store::keys::earlier_secrets(&mut db).await?);
        drop(db);
        store::keys::each_secret(&self.store, |secrets| {
            // Keys of removed organizations have no owner in this map and count as unknown.
            let known = |mut secret: Secret| {
                let owner = owners.get(&secret.owner_id)?;
                // An owner revocation that is written after this makes the owner stale.
                let end = if ends.is_empty() { None } else { ends.get(&secret.owner_id) };
                let is_ended = secret.after_end.zip(end).is_some_and(|(made, end)| *end > made);
                // Keys that had already expired stay expired for good.
                secret.is_revoked |= is_ended && !secret.is_expired;
                secret.has_ended |= is_ended && secret.is_expired;
                Some(facts_of(secret, owner))
            };
            self.mirrors.key_cache.insert(epoch, secrets.into_iter().filter_map(known));
        })
        .await?;
        Ok(())
    }
}

fn facts_of(secret: Secret, owner: &Arc<Owner>) -> KeyFacts {
    let Secret {
        hash,
        key_id,
        owner_id: _,
        name,
        permissions,
        scopes,
        rate_limit_override,
        expires_at,
        environment,
        metadata,
        is_disabled,
        is_revoked,
        is_expired: _,
        after_end: _,
        has_ended,
    } = secret;
    KeyFacts {
        digest: hash,
        earlier: None,
        key_id,
        name,
        owner: Arc::clone(owner),
        permissions,
        scopes: (!scopes.is_empty()).then(|| scopes.into()),
        limit: rate_limit_override,
        expires_at,
        environment,
        metadata: metadata.map(Arc::from),
        is_disabled,
        is_revoked,
        has_ended,
    }
}
