//! Tests the first run and the operator's commands.

use super::on_both;
use crate::testing::{TestBed, setup};
use crate::{Error, RequestContext, SameName};

on_both! {
    async fn a_setup_link_works_once(bed: TestBed) {
        let token = bed.service.issue_setup_link().await.unwrap().unwrap();
        let other = bed.service.issue_setup_link().await.unwrap().unwrap();
        let made = bed.service.set_up(token.reveal(), setup("Acme"), &RequestContext::default()).await.unwrap();
        assert!(bed.accepts(&made.admin_key.secret).await);
        let session = bed.service.authenticate_session(made.signed_in.token.reveal(), RequestContext::default()).await;
        assert!(session.is_ok());
        for dead in [token.reveal(), other.reveal(), "", "guess"] {
            assert!(!bed.service.setup_link_is_valid(dead).await.unwrap());
            let again = bed.service.set_up(dead, setup("Evil"), &RequestContext::default()).await;
            assert!(matches!(again, Err(Error::NotFound(_))));
        }
        assert!(bed.service.issue_setup_link().await.unwrap().is_none());
    }

    async fn only_one_of_two_simultaneous_setups_succeeds(bed: TestBed) {
        let one = bed.service.issue_setup_link().await.unwrap().unwrap();
        let two = bed.service.issue_setup_link().await.unwrap().unwrap();
        let context = RequestContext::default();
        let (first, second) = tokio::join!(
            bed.service.set_up(one.reveal(), setup("One"), &context),
            bed.service.set_up(two.reveal(), setup("Two"), &context),
        );
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    }

    async fn a_setup_link_ends_after_a_day(bed: TestBed) {
        let token = bed.service.issue_setup_link().await.unwrap().unwrap();
        bed.clock.advance_seconds(24 * 3600);
        assert!(!bed.service.setup_link_is_valid(token.reveal()).await.unwrap());
    }

    async fn replacing_the_admin_key_ends_the_old_one(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let replaced = bed.service.replace_admin_key(&org.admin.email, None).await.unwrap();
        assert!(!bed.accepts(&org.admin_key).await && bed.accepts(&replaced.admin_key).await);
        assert_eq!(replaced.user_id, org.admin.user_id);
        let nobody = model::email::Email::parse("nobody@acme.example").unwrap();
        assert!(matches!(bed.service.replace_admin_key(&nobody, None).await, Err(Error::NotFound(_))));
    }

    async fn an_ambiguous_address_asks_for_the_organization(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let mut second = setup("Second");
        second.email = org.admin.email.clone();
        let second = bed.service.bootstrap(second, SameName::Refuse).await.unwrap();
        assert!(matches!(bed.service.replace_admin_key(&org.admin.email, None).await, Err(Error::Invalid(_))));
        let id = &second.organization_id;
        let replaced = bed.service.replace_admin_key(&org.admin.email, Some(id)).await.unwrap();
        assert_eq!(&replaced.organization_id, id);
        assert!(bed.accepts(&org.admin_key).await && !bed.accepts(&second.admin_key).await);
    }

    async fn a_wrong_password_does_not_give_an_account_an_organization(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let mut second = setup("Second");
        second.email = org.admin.email.clone();
        second.password = Some(model::password::Password::typed("another password"));
        assert!(matches!(bed.service.bootstrap(second, SameName::Refuse).await, Err(Error::Invalid(_))));
    }
}
