//! Finds the key of a secret for the log.

use model::id::KeyId;
use model::verify::{VerifyCode, VerifyRequest, evaluate};

use super::check::digest_of;
use super::secrets::Secrets;
use crate::mirrors::KeyView;
use crate::state::Service;

impl Service {
    /// Returns the id of the key that a secret belongs to, and whether the key is valid now. For log lines only: it
    /// proves nothing about a caller, and counts as no use. `None` if there is no such key, or if the database does not
    /// say.
    pub async fn find_key(&self, secret: &str) -> Option<(KeyId, VerifyCode)> {
        let digest = digest_of(secret)?;
        let at = self.moment();
        let describe = |view: KeyView<'_>| {
            let code = evaluate(&view.state(), &VerifyRequest::default(), at.now);
            (KeyId::known(view.key_id), code)
        };
        if self.mirrors.key_cache.mirror().is_current(at.millis)
            && let Some(found) = self.mirrors.key_cache.find(&digest, |view| view.map(describe))
        {
            return found;
        }
        let facts = self.ask::<Secrets>(digest).await.ok()??;
        Some(describe(facts.view()))
    }
}
