//! What exists besides the keys of a lifecycle: another process on the database, and the same person in another
//! organization.

use model::id::OrganizationId;
use model::key::PlainKey;
use model::user::{Role, User, UserPatchDraft};
use model::verify::{PresentedSecret, VerifyRequest};

use crate::invalidation_feed::Feed;
use crate::testing::{Org, TestBed};
use crate::{Owner, Service};

/// Another process, which reads the changes only when a step says so.
pub(super) struct Node {
    service: Service,
    feed: Feed,
}

impl Node {
    pub fn new(bed: &TestBed) -> Self {
        Self { service: bed.other_process(), feed: Feed::default() }
    }

    /// Reads the changes since the last time. If it is late, only the newest of them is still in the table.
    pub async fn read_invalidations(&mut self, bed: &TestBed, is_late: bool) {
        if is_late {
            let mut tx = bed.database.store.begin().await.unwrap();
            let end = store::invalidations::end(&mut tx).await.unwrap();
            store::invalidations::forget(&mut tx, end).await.unwrap();
            tx.commit().await.unwrap();
        }
        self.service.apply_invalidations(&mut self.feed).await.unwrap();
    }

    pub async fn accepts(&self, organization: &OrganizationId, secret: &PlainKey) -> bool {
        let verify_request = VerifyRequest {
            secret: PresentedSecret::Borrowed(secret.reveal()),
            cost: 0,
            ..VerifyRequest::default()
        };
        self.service.verdict(organization, &verify_request).await.unwrap().is_valid()
    }
}

/// The same person in another organization, with a key that always works.
pub(super) struct OtherMembership<'a> {
    org: &'a Org,
    user: User,
    pub secret: PlainKey,
}

impl<'a> OtherMembership<'a> {
    pub async fn new(bed: &TestBed, org: &'a Org, email: &str) -> Self {
        let (user, _) = bed.member(org, email, Role::Member).await;
        let secret = bed.key(org, &user, |_| ()).await.secret;
        Self { org, user, secret }
    }

    /// Suspends the person in that organization, which ends their key, activates them again, and creates a new key.
    pub async fn end(&mut self, bed: &TestBed) {
        let owner = Owner::Id(self.user.user_id.clone());
        for status in ["suspended", "active"] {
            let draft = UserPatchDraft { status: Some(status.to_owned()), ..UserPatchDraft::default() };
            let patch = draft.check().unwrap();
            bed.service.update_user(&self.org.caller, &owner, patch).await.unwrap();
        }
        assert!(!bed.accepts(&self.secret).await, "a key whose owner was ended");
        self.secret = bed.key(self.org, &self.user, |_| ()).await.secret;
    }
}
