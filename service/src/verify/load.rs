//! Filling the directory.

use std::collections::HashMap;
use std::sync::Arc;

use store::keys::Secret;

use super::directory::{Facts, Owner, Ticket};
use super::miss::owner_of;
use crate::error::Result;
use crate::state::Service;

impl Service {
    /// Reads every secret into the directory. Until it is done, what is missing is asked for one by one.
    pub(crate) async fn load_directory(&self) -> Result<()> {
        let (ticket, drops) = (self.directory.open(), self.directory.drops());
        let loaded = self.load(&ticket).await;
        if loaded.is_ok() {
            self.directory.complete(&ticket, drops);
        }
        self.directory.close(&ticket);
        loaded
    }

    async fn load(&self, ticket: &Ticket) -> Result<()> {
        let now = self.clock.now();
        let mut db = self.store.read().await?;
        let owners: HashMap<String, Arc<Owner>> = store::keys::owners(&mut db)
            .await?
            .into_iter()
            .map(|(id, organization, holder)| {
                let owner = self.directory.owner(ticket, owner_of(id.clone(), organization, &holder));
                (id.as_str().to_owned(), owner)
            })
            .collect();
        let ends = store::ends::newest(&mut db).await?;
        self.directory.list(store::keys::earlier_secrets(&mut db, now).await?);
        drop(db);
        store::keys::each_secret(&self.store, |secrets| {
            // Keys of removed organizations have no owner here, and are nobody's.
            let known = |mut secret: Secret| {
                let owner = owners.get(&secret.owner_id)?;
                // An end that is written from now on makes the owner stale.
                let end = if ends.is_empty() { None } else { ends.get(&secret.owner_id) };
                let is_ended = secret.after_end.zip(end).is_some_and(|(made, end)| *end > made);
                // What had expired by a clock stays expired, for good.
                secret.is_revoked |= is_ended && !secret.is_expired;
                secret.has_ended |= is_ended && secret.is_expired;
                Some(facts_of(secret, owner))
            };
            self.directory.learn(ticket, secrets.into_iter().filter_map(known));
        })
        .await?;
        Ok(())
    }
}

fn facts_of(secret: Secret, owner: &Arc<Owner>) -> Facts {
    let Secret {
        hash,
        key_id,
        owner_id: _,
        name,
        permissions,
        scopes,
        rate_limit_override,
        expires_at,
        is_disabled,
        is_revoked,
        is_expired: _,
        after_end: _,
        has_ended,
    } = secret;
    Facts {
        digest: hash,
        earlier: None,
        key_id,
        name,
        owner: Arc::clone(owner),
        permissions,
        scopes: (!scopes.is_empty()).then(|| scopes.into()),
        limit: rate_limit_override,
        expires_at,
        is_disabled,
        is_revoked,
        has_ended,
    }
}
