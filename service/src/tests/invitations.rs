//! Joining the console by a link.

use model::password::Password;
use model::user::Role;

use super::on_both;
use crate::testing::{PASSWORD, TestBed, setup};
use crate::{Error, Origin};

on_both! {
    async fn a_link_lets_its_member_in_once(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (token, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        let shown = bed.service.invitation(token.reveal()).await.unwrap();
        assert_eq!((shown.organization.as_str(), shown.has_account), ("Acme", false));
        let (origin, password) = (Origin::default(), Password::typed(PASSWORD));
        let short = bed.service.accept_invitation(token.reveal(), &Password::typed("short"), &origin).await;
        assert!(matches!(short, Err(Error::Invalid(_))));
        let signed_in = bed.service.accept_invitation(token.reveal(), &password, &origin).await.unwrap();
        let caller = bed.service.authenticate_session(signed_in.token.reveal(), origin.clone()).await.unwrap();
        assert_eq!(bed.service.me(&caller).await.unwrap().user_id, bob.user_id);
        assert!(bed.service.accept_invitation(token.reveal(), &password, &origin).await.is_err());
        assert!(bed.service.sign_in("bob@acme.example", &password, &origin).await.is_ok());
    }

    async fn a_new_link_ends_the_one_before(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (old, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        let (new, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        assert!(bed.service.invitation(old.reveal()).await.is_err());
        assert!(bed.service.invitation(new.reveal()).await.is_ok());
        bed.clock.advance_seconds(7 * 86_400);
        assert!(bed.service.invitation(new.reveal()).await.is_err());
    }

    /// The attack: an admin of one organization invites themselves under another person's address, sets a password,
    /// and waits for that person's organization to add them.
    async fn a_squatted_address_gains_nothing(bed: TestBed) {
        let evil = bed.organization("Evil").await;
        let (squatter, _) = bed.member(&evil, "victim@acme.example", Role::Member).await;
        let (token, _) = bed.service.create_invitation(&evil.caller, &squatter.user_id).await.unwrap();
        let (origin, password) = (Origin::default(), Password::typed(PASSWORD));
        let signed_in = bed.service.accept_invitation(token.reveal(), &password, &origin).await.unwrap();
        let acme = bed.organization("Acme").await;
        bed.member(&acme, "victim@acme.example", Role::Admin).await;
        let caller = bed.service.authenticate_session(signed_in.token.reveal(), origin).await.unwrap();
        assert_eq!(bed.service.me(&caller).await.unwrap().organizations.len(), 1);
        let mut third = setup("Third");
        third.email = model::email::Email::parse("victim@acme.example").unwrap();
        third.password = None;
        assert!(matches!(bed.service.bootstrap(third).await, Err(Error::Invalid(_))));
    }

    async fn an_account_that_exists_must_prove_itself(bed: TestBed) {
        let (acme, second) = (bed.organization("Acme").await, bed.organization("Second").await);
        let (user, _) = bed.member(&second, acme.admin.email.as_str(), Role::Viewer).await;
        let (token, _) = bed.service.create_invitation(&second.caller, &user.user_id).await.unwrap();
        assert!(bed.service.invitation(token.reveal()).await.unwrap().has_account);
        let origin = Origin::default();
        let wrong = bed.service.accept_invitation(token.reveal(), &Password::typed("a guess of mine"), &origin).await;
        assert!(matches!(wrong, Err(Error::Unauthorized(_))));
        let right = bed.service.accept_invitation(token.reveal(), &Password::typed(PASSWORD), &origin).await.unwrap();
        let caller = bed.service.authenticate_session(right.token.reveal(), origin).await.unwrap();
        assert_eq!(bed.service.me(&caller).await.unwrap().organizations.len(), 2);
    }
}
