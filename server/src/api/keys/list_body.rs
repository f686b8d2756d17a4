//! The list of all keys of a user as a body that is written part by part, so that its size needs no memory.
//!
//! No connection to the database is held between two parts: a client that stops reading occupies nothing but its own
//! connection. If a part cannot be read, the body ends with an error, and the server closes the connection in the
//! middle of the response. Its last bytes would be `total`, so what has arrived by then is no JSON.

use axum::body::Bytes;
use futures_util::{Stream, stream};
use model::Timestamp;
use model::key::{UserKeyPage, UserKeyQuery};
use service::{Caller, Service};

use super::dto::APIKeyModel;
use crate::api::call::Call;
use crate::middleware::RequestId;

/// The keys that are in memory at the same time. Each takes a few hundred bytes, and never more than a body may have.
pub(super) const KEYS_PER_PART: u32 = 100;

/// Why a list was cut off.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    #[error("read keys")]
    Service(#[from] service::Error),
    #[error("write keys")]
    Json(#[from] serde_json::Error),
}

/// A list of which a part is still to be written.
pub(super) struct KeyListBody {
    service: Service,
    caller: Caller,
    query: UserKeyQuery,
    /// The part that is written next, or the last one that was written.
    page: UserKeyPage,
    is_begun: bool,
    total: usize,
    request_id: RequestId,
}

impl KeyListBody {
    /// The list that begins with a page.
    pub(super) fn of(call: Call, query: UserKeyQuery, page: UserKeyPage) -> Self {
        let Call { service, caller, .. } = call;
        let request_id = RequestId::current().unwrap_or_else(RequestId::make);
        Self { service, caller, query, page, is_begun: false, total: 0, request_id }
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, Cut>> + Send {
        stream::try_unfold(Some(self), |list| async move {
            let Some(list) = list else { return Ok(None) };
            let id = list.request_id.clone();
            let part = id.clone().scope(list.next_part()).await;
            part.map(Some).inspect_err(|cut| {
                tracing::warn!(
                    error = cut as &(dyn std::error::Error + 'static),
                    request.id = id.as_str(),
                    "a list was cut off, because its next part could not be sent"
                );
            })
        })
    }

    /// Returns the next part, and the list if there are more.
    async fn next_part(mut self) -> Result<(Bytes, Option<Self>), Cut> {
        let mut text = Vec::new();
        if self.is_begun {
            self.query.after = self.page.next.take();
            let user_id = &self.page.user_id;
            self.page = self.service.continue_keys_of_user(&self.caller, user_id, &self.query).await?;
        } else {
            text.extend_from_slice(b"{\"results\":[");
            self.is_begun = true;
        }
        self.write_keys(&mut text, self.service.now())?;
        if self.page.next.is_some() {
            return Ok((text.into(), Some(self)));
        }
        text.extend_from_slice(format!("],\"total\":{}}}", self.total).as_bytes());
        Ok((text.into(), None))
    }

    fn write_keys(&mut self, text: &mut Vec<u8>, now: Timestamp) -> serde_json::Result<()> {
        for key in &self.page.keys {
            if self.total > 0 {
                text.push(b',');
            }
            serde_json::to_writer(&mut *text, &APIKeyModel::of(key, now))?;
            self.total += 1;
        }
        Ok(())
    }
}
