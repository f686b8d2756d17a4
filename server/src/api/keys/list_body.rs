//! The list of all keys of a user, as a body that is written part by part. A long list needs no more memory than one
//! part.
//!
//! Between two parts, no connection to the database is held. A client that stops reading occupies only its own
//! connection to the server. If a part cannot be read, the body ends with an error, and the server closes the
//! connection in the middle of the response. `total` comes last, so what has arrived by then is not valid JSON.

use axum::body::Bytes;
use futures_util::{Stream, stream};
use model::Timestamp;
use model::key::{UserKeyPage, UserKeyQuery};
use service::{Caller, Service, causes};

use super::dto::APIKeyModel;
use crate::api::http::call::Call;
use crate::request_id::RequestId;

/// Maximum number of keys in a part. Only one part is in memory at a time. Most keys take a few hundred bytes, and
/// none takes much more than the longest request body.
pub(super) const KEYS_PER_PART: u32 = 100;

/// Why a list ended before its last key.
#[derive(Debug, thiserror::Error)]
pub(super) enum CutOff {
    #[error("read keys")]
    Service(#[from] service::Error),
    #[error("write keys")]
    Json(#[from] serde_json::Error),
}

/// A list, as far as it has been written.
pub(super) struct KeyListBody {
    service: Service,
    caller: Caller,
    query: UserKeyQuery,
    /// The part that was read last. While `is_begun` is false, it has not been written yet.
    page: UserKeyPage,
    is_begun: bool,
    total: usize,
    request_id: RequestId,
}

impl KeyListBody {
    /// The list whose first part has been read.
    pub(super) fn of(call: Call, query: UserKeyQuery, page: UserKeyPage) -> Self {
        let Call { service, caller, .. } = call;
        let request_id = RequestId::current().unwrap_or_else(RequestId::make);
        Self { service, caller, query, page, is_begun: false, total: 0, request_id }
    }

    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, CutOff>> + Send {
        stream::try_unfold(Some(self), |list| async move {
            let Some(list) = list else { return Ok(None) };
            let id = list.request_id.clone();
            let part = id.clone().scope(list.next_part()).await;
            part.map(Some).inspect_err(|error| {
                tracing::warn!(
                    error = %causes(error),
                    request.id = id.as_str(),
                    "a list of keys was cut off, because its next part could not be read"
                );
            })
        })
    }

    /// Writes the next part. Also returns the list if more parts follow.
    async fn next_part(mut self) -> Result<(Bytes, Option<Self>), CutOff> {
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
