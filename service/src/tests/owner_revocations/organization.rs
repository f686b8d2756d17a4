//! Tests the end of an organization: it changes one row, which everything that depends on the organization checks.

use super::*;
use crate::{Actor, Caller, RequestContext};

on_both! {
    async fn removing_an_organization_does_not_change_its_users(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let made = bed.key(&org, &bob, |_| ()).await;
        let (token, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        bed.service.invitation(token.reveal()).await.unwrap();
        let operator = Actor::Operator(org.organization_id.clone());
        let operator = Caller { actor: operator, context: RequestContext::default() };
        bed.service.remove_organization(&operator).await.unwrap();
        assert!(!bed.accepts(&made.secret).await);
        assert!(matches!(bed.service.invitation(token.reveal()).await, Err(Error::NotFound(_))));
        let replaced = bed.service.replace_admin_key(&org.admin.email, None).await;
        assert!(matches!(replaced, Err(Error::NotFound(_))), "{replaced:?}");
        let mut db = bed.database.store.read().await.unwrap();
        let found = store::users::find(&mut db, &org.organization_id, &bob.user_id).await.unwrap();
        assert_eq!(found, Some(bob));
    }
}
