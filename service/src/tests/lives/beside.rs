//! What stands beside the keys of a life: another process on the database, and the same person in another organization.

use model::id::OrganizationId;
use model::key::PlainKey;
use model::user::{Role, User, UserPatchDraft};
use model::verify::{Question, Shown};

use crate::testing::{Org, TestBed};
use crate::verify::Feed;
use crate::{Owner, Service};

/// Another process, which hears what has changed when it is told to look.
pub(super) struct Node {
    service: Service,
    feed: Feed,
}

impl Node {
    pub fn new(bed: &TestBed) -> Self {
        Self { service: bed.other_process(), feed: Feed::default() }
    }

    /// Looks at what has changed since the last time, of which only the newest is left if it is late.
    pub async fn hear(&mut self, bed: &TestBed, is_late: bool) {
        if is_late {
            let mut tx = bed.database.store.begin().await.unwrap();
            let end = store::changes::end(&mut tx).await.unwrap();
            store::changes::forget(&mut tx, end).await.unwrap();
            tx.commit().await.unwrap();
        }
        self.service.hear(&mut self.feed).await.unwrap();
    }

    pub async fn accepts(&self, organization: &OrganizationId, secret: &PlainKey) -> bool {
        let question = Question { secret: Shown::Lent(secret.reveal()), cost: 0, ..Question::default() };
        self.service.verdict(organization, &question).await.unwrap().is_valid()
    }
}

/// The person in another organization, with a key that always works.
pub(super) struct Elsewhere<'a> {
    org: &'a Org,
    user: User,
    pub secret: PlainKey,
}

impl<'a> Elsewhere<'a> {
    pub async fn new(bed: &TestBed, org: &'a Org, email: &str) -> Self {
        let (user, _) = bed.member(org, email, Role::Member).await;
        let secret = bed.key(org, &user, |_| ()).await.secret;
        Self { org, user, secret }
    }

    /// Suspends the person there. Their key ends, and they come back with a new one.
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
