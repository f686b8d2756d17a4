//! Counts a request when it is finished.

use std::sync::Arc;

use model::Timestamp;
use model::id::{KeyId, OrganizationId};

use super::Counter;
use crate::actor::{Actor, Caller};
use crate::state::Service;

/// A key's request that is being carried out. It is counted when this is dropped. Unless [`OpenRequest::answered`] was
/// called, it counts as an error, because the client disconnected.
pub struct OpenRequest {
    usage: Arc<Counter>,
    key_id: KeyId,
    organization_id: OrganizationId,
    endpoint: (&'static str, &'static str),
    at: Timestamp,
    is_error: bool,
}

impl OpenRequest {
    /// Records that the request was answered.
    pub fn answered(mut self, is_error: bool) {
        self.is_error = is_error;
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let Self { usage, key_id, organization_id, endpoint, at, is_error } = self;
        usage.record_request(key_id, organization_id, *endpoint, *at, *is_error);
    }
}

impl Service {
    /// Begins to count a request to an endpoint: a method, and the pattern of a route. Only requests of keys are
    /// counted.
    pub fn open_request(
        &self,
        caller: &Caller,
        method: &'static str,
        path: &'static str,
    ) -> Option<OpenRequest> {
        let Actor::Key(actor) = &caller.actor else { return None };
        Some(OpenRequest {
            usage: Arc::clone(&self.usage),
            key_id: actor.key.key_id.clone(),
            organization_id: actor.key.organization_id.clone(),
            endpoint: (method, path),
            at: self.clock.now(),
            is_error: true,
        })
    }
}
