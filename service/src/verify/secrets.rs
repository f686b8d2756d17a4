//! Reads secrets from the database for the key cache.

use std::sync::Arc;

use model::id::OrganizationId;
use model::key::{KeyOwner, ResourceScope};
use model::service_account::AccountRight;
use store::keys::{Credential, CredentialOwner};

use crate::crypto::unhex;
use crate::key_cache::{Digest, KeyFacts, Owner, Subject};
use crate::mirror::{Mirror, ReadEpoch};
use crate::mirrors::KeyCache;
use crate::single_flight::{Answer, Mirrored, SingleFlight};
use crate::state::Service;
use crate::verdict::{ceiling, is_active};

/// The secrets in the key cache.
pub(crate) struct Secrets;

impl Mirrored for Secrets {
    type Key = Digest;
    type Found = Option<Arc<KeyFacts>>;
    type Subject = Subject;

    fn mirror(service: &Service) -> &Mirror<Subject> {
        service.mirrors.key_cache.mirror()
    }

    fn flights(service: &Service) -> &SingleFlight<Digest, Self::Found> {
        &service.secret_flights
    }

    fn subject(digest: &Digest) -> Subject {
        Subject::Secret(*digest)
    }

    async fn read(service: &Service, epoch: &ReadEpoch, digest: &Digest) -> Answer<Self::Found> {
        let key_cache = &service.mirrors.key_cache;
        let mut db = service.store.read().await?;
        // What the cache stores must not depend on the time of day, which can be set back.
        let Some(credential) = store::keys::find_by_hash(&mut db, digest).await? else {
            drop(db);
            key_cache.insert_absent(epoch, digest);
            return Ok(None);
        };
        drop(db);
        let facts = facts_of(key_cache, epoch, digest, credential);
        key_cache.insert(epoch, [facts.clone()]);
        Ok(Some(Arc::new(facts)))
    }
}

fn facts_of(key_cache: &KeyCache, epoch: &ReadEpoch, digest: &Digest, credential: Credential) -> KeyFacts {
    let Credential { key, owner, earlier_until } = credential;
    let current = unhex(&key.key_hash).unwrap_or(*digest);
    let cached = key_cache.owner(epoch, owner_of(key.owner.clone(), key.organization_id.clone(), &owner));
    KeyFacts {
        digest: *digest,
        earlier: earlier_until.map(|end| (current, end)),
        key_id: key.key_id.as_str().to_owned(),
        name: key.fields.name.as_str().to_owned(),
        owner: cached,
        permissions: key.fields.permissions,
        scopes: (!key.fields.scopes.is_empty()).then(|| Arc::<[ResourceScope]>::from(key.fields.scopes)),
        limit: key.fields.rate_limit_override,
        expires_at: key.fields.expires_at,
        environment: key.fields.environment,
        metadata: (!key.fields.metadata.is_empty()).then(|| key.fields.metadata.to_json().into()),
        is_disabled: key.disabled.is_some(),
        is_revoked: key.revoked.is_some(),
        has_ended: key.ended_at.is_some(),
    }
}

/// Converts an owner as read from the database.
pub(super) fn owner_of(id: KeyOwner, organization: OrganizationId, owner: &CredentialOwner) -> Owner {
    let (name, may_verify) = match owner {
        CredentialOwner::User { email, .. } => (email, false),
        CredentialOwner::ServiceAccount { name, permissions, .. } => {
            (name, permissions.grants(AccountRight::VerifyKeys))
        }
    };
    Owner::new(id, organization, name, ceiling(owner), is_active(owner), may_verify)
}
