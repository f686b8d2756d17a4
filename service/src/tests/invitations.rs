//! Tests how members join the console by an invitation.

use model::audit::AuditAction;
use model::email::Email;
use model::password::Password;
use model::session::PasswordChangeDraft;
use model::user::{Role, UserPatch, UserStatus};

use super::on_both;
use crate::sign_in_throttle::FAILURES_MAX;
use crate::testing::{PASSWORD, TestBed, setup};
use crate::{Error, Owner, RequestContext, SameName};

on_both! {
    async fn an_invitation_works_once(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (token, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        let shown = bed.service.invitation(token.reveal()).await.unwrap();
        assert_eq!((shown.organization.as_str(), shown.email.as_str()), ("Acme", "bob@acme.example"));
        let (context, password) = (RequestContext::default(), Password::typed(PASSWORD));
        let short = bed.service.accept_invitation(token.reveal(), &Password::typed("short"), &context).await;
        assert!(matches!(short, Err(Error::Invalid(_))));
        let signed_in = bed.service.accept_invitation(token.reveal(), &password, &context).await.unwrap();
        let caller = bed.service.authenticate_session(signed_in.token.reveal(), context.clone()).await.unwrap();
        assert_eq!(bed.service.me(&caller).await.unwrap().user_id, bob.user_id);
        assert!(bed.service.accept_invitation(token.reveal(), &password, &context).await.is_err());
        assert!(bed.service.sign_in("bob@acme.example", &password, &context).await.is_ok());
    }

    /// The attack: an admin who knows that they will lose their role makes links to come back.
    async fn links_of_an_admin_end_when_they_may_not_make_them_any_more(bed: TestBed) {
        for end in ["demoted", "suspended", "removed"] {
            let org = bed.organization(&format!("Acme-{end}")).await;
            let (mallory, by_mallory) = bed.member(&org, "mallory@acme.example", Role::Admin).await;
            let mut links = Vec::new();
            for name in ["bob", "carol", "dave"] {
                let (user, _) = bed.member(&org, &format!("{name}@acme.example"), Role::Member).await;
                links.push((bed.service.create_invitation(&by_mallory, &user.user_id).await.unwrap().0, user));
            }
            // Another admin's link for the same member is not theirs, even if the operator made a link too.
            let carol = &links[1].1;
            let (by_admin, _) = bed.service.create_invitation(&org.caller, &carol.user_id).await.unwrap();
            let of_org = Some(&org.organization_id);
            let joined = bed.service.create_reset_link(&links[2].1.email, of_org).await.unwrap();
            let works = async |token: &crate::PlainToken| bed.service.invitation(token.reveal()).await.is_ok();
            assert!(works(&links[0].0).await && works(&by_admin).await && works(&links[2].0).await);

            let mallory = Owner::Id(mallory.user_id.clone());
            let patch = |role, status| UserPatch { role, status, ..UserPatch::default() };
            match end {
                "demoted" => {
                    let patch = patch(Some(Role::Member), None);
                    bed.service.update_user(&org.caller, &mallory, patch).await.map(drop).unwrap();
                }
                "suspended" => {
                    let patch = patch(None, Some(UserStatus::Suspended));
                    bed.service.update_user(&org.caller, &mallory, patch).await.map(drop).unwrap();
                }
                _ => bed.service.remove_user(&org.caller, &mallory).await.unwrap(),
            }
            assert!(!works(&links[0].0).await && !works(&links[2].0).await, "{end}");
            let password = Password::typed(PASSWORD);
            let accepted =
                bed.service.accept_invitation(links[0].0.reveal(), &password, &RequestContext::default()).await;
            assert!(matches!(accepted, Err(Error::NotFound(_))), "{end}: {accepted:?}");
            assert!(works(&by_admin).await, "{end}");
            assert!(bed.service.reset(joined.token.reveal()).await.is_ok(), "{end}");
        }
    }

    async fn a_new_invitation_replaces_the_previous_one(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let (old, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        let (new, _) = bed.service.create_invitation(&org.caller, &bob.user_id).await.unwrap();
        assert!(bed.service.invitation(old.reveal()).await.is_err());
        assert!(bed.service.invitation(new.reveal()).await.is_ok());
        bed.clock.advance_seconds(7 * 86_400);
        assert!(bed.service.invitation(new.reveal()).await.is_err());
    }

    /// The attack: an admin of one organization invites themselves under another person's address, sets a password, and
    /// waits for that person's organization to add them.
    async fn an_account_on_a_foreign_address_gains_nothing(bed: TestBed) {
        let evil = bed.organization("Evil").await;
        let (squatter, _) = bed.member(&evil, "victim@acme.example", Role::Member).await;
        let (token, _) = bed.service.create_invitation(&evil.caller, &squatter.user_id).await.unwrap();
        let (context, password) = (RequestContext::default(), Password::typed(PASSWORD));
        let signed_in = bed.service.accept_invitation(token.reveal(), &password, &context).await.unwrap();
        let acme = bed.organization("Acme").await;
        bed.member(&acme, "victim@acme.example", Role::Admin).await;
        assert_eq!(bed.organizations_of(&signed_in).await, ["Evil"]);
        let mut third = setup("Third");
        third.email = Email::parse("victim@acme.example").unwrap();
        third.password = None;
        let third = bed.service.bootstrap(third, SameName::Refuse).await.unwrap();
        assert!(third.link.is_some(), "the operator proves an address only to the person with the link");
        assert_eq!(bed.organizations_of(&signed_in).await, ["Evil"]);
        let signed_in = bed.service.sign_in("victim@acme.example", &password, &RequestContext::default()).await.unwrap();
        assert_eq!(bed.organizations_of(&signed_in).await, ["Evil"]);
    }

    async fn a_signed_in_person_joins_another_organization_by_a_click(bed: TestBed) {
        let (acme, second) = (bed.organization("Acme").await, bed.organization("Second").await);
        let (user, _) = bed.member(&second, acme.admin.email.as_str(), Role::Viewer).await;
        let (token, _) = bed.service.create_invitation(&second.caller, &user.user_id).await.unwrap();
        let context = RequestContext::default();
        let stranger = bed.sign_in("admin@second.example", PASSWORD).await;
        let stranger = bed.service.authenticate_session(stranger.token.reveal(), context.clone()).await.unwrap();
        let refused = bed.service.join_by_invitation(&stranger, token.reveal()).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "another address: {refused:?}");
        let signed_in = bed.sign_in(acme.admin.email.as_str(), PASSWORD).await;
        let caller = bed.service.authenticate_session(signed_in.token.reveal(), context.clone()).await.unwrap();
        bed.service.join_by_invitation(&caller, token.reveal()).await.unwrap();
        assert_eq!(bed.organizations_of(&signed_in).await, ["Acme", "Second"]);
        let caller = bed.service.authenticate_session(signed_in.token.reveal(), context.clone()).await.unwrap();
        assert_eq!(bed.service.me(&caller).await.unwrap().user_id, user.user_id);
        assert!(bed.service.join_by_invitation(&caller, token.reveal()).await.is_err(), "a link works once");
        let record = &bed.audit(&second.caller).await[0];
        assert_eq!(record.action, AuditAction::InvitationAccepted);
        assert_eq!(record.actor_id, user.user_id.as_str());
    }

    /// A person who joins two organizations with the same password has one account from their next sign-in on. If
    /// another person happened to choose that password for their account of the address, their open session gains no
    /// memberships.
    async fn accounts_with_one_address_and_password_are_merged_and_their_sessions_end(bed: TestBed) {
        let email = "bob@acme.example";
        let mut sessions = Vec::new();
        for name in ["Acme", "Second"] {
            let org = bed.organization(name).await;
            let joined = bed.join(&org, email, PASSWORD).await;
            assert_eq!(bed.organizations_of(&joined).await, [name]);
            sessions.push(joined);
        }
        let signed_in = bed.sign_in(email, PASSWORD).await;
        assert_eq!(bed.organizations_of(&signed_in).await, ["Acme", "Second"]);
        for session in sessions {
            assert!(bed.service.authenticate_session(session.token.reveal(), RequestContext::default()).await.is_err());
        }
    }

    /// The attack: the owner of an account under another person's address sets one guess after the other as its
    /// password and signs in with each, which never fails.
    async fn a_guess_that_matches_the_guessers_own_account_is_counted(bed: TestBed) {
        let (evil, acme) = (bed.organization("Evil").await, bed.organization("Acme").await);
        let (context, email) = (RequestContext::default(), "v@acme.example");
        let mut squatter = bed.join(&evil, email, "a first guess").await;
        bed.join(&acme, email, PASSWORD).await;
        bed.fail_sign_ins(email, FAILURES_MAX - 2).await;
        for (current, guess) in
            [("a first guess", "a second guess"), ("a second guess", PASSWORD), (PASSWORD, "a last guess")]
        {
            let caller = bed.service.authenticate_session(squatter.token.reveal(), context.clone()).await.unwrap();
            let draft = PasswordChangeDraft { current: Password::typed(current), new: Password::typed(guess) };
            squatter = bed.service.change_password(&caller, &draft).await.unwrap();
            let session = bed.sign_in(email, guess).await;
            assert_eq!(bed.organizations_of(&session).await, ["Evil"], "the right guess comes too late");
        }
        assert!(bed.service.sign_in(email, &Password::typed(PASSWORD), &context).await.is_err());
        bed.service.allow_sign_in_locally(&Email::parse(email).unwrap()).await.unwrap();
        let owner = bed.sign_in(email, PASSWORD).await;
        assert_eq!(bed.organizations_of(&owner).await, ["Acme"]);
    }

    /// A person with two accounts and two passwords does not close one of them by signing in to the other.
    async fn signing_in_to_one_account_does_not_count_against_another(bed: TestBed) {
        let email = "two@acme.example";
        for (name, password) in [("Acme", PASSWORD), ("Second", "another passphrase")] {
            let org = bed.organization(name).await;
            bed.join(&org, email, password).await;
        }
        bed.fail_sign_ins(email, FAILURES_MAX - 2).await;
        for _ in 0..3 {
            let session = bed.sign_in(email, PASSWORD).await;
            assert_eq!(bed.organizations_of(&session).await, ["Acme"]);
        }
        let session = bed.sign_in(email, "another passphrase").await;
        assert_eq!(bed.organizations_of(&session).await, ["Second"]);
    }

    /// An invitation must not reveal whether the address has accounts in other organizations. Neither the invitation
    /// page nor the result of accepting it may differ.
    async fn an_invitation_reveals_no_other_accounts(bed: TestBed) {
        bed.organization("Acme").await;
        let evil = bed.organization("Evil").await;
        let (context, password) = (RequestContext::default(), Password::typed("chosen for this one"));
        let mut reported = Vec::new();
        for email in ["admin@acme.example", "nobody@acme.example"] {
            let (user, _) = bed.member(&evil, email, Role::Viewer).await;
            let (token, _) = bed.service.create_invitation(&evil.caller, &user.user_id).await.unwrap();
            let shown = format!("{:?}", bed.service.invitation(token.reveal()).await.unwrap());
            let accepted = bed.service.accept_invitation(token.reveal(), &password, &context).await;
            let signed_in = bed.service.sign_in(email, &password, &context).await;
            let wrong = bed.service.sign_in(email, &Password::typed("a guess of mine"), &context).await;
            let outcome = (accepted.is_ok(), signed_in.is_ok(), wrong.unwrap_err().to_problem(None));
            reported.push((shown.replace(email, "…"), outcome));
        }
        assert_eq!(reported[0], reported[1]);
        assert!(reported[0].1.0);
    }

    /// If an account without members ended only when the next account of its address is created, its owner would notice
    /// that other account.
    async fn an_account_without_users_ends_at_once(bed: TestBed) {
        let (evil, acme) = (bed.organization("Evil").await, bed.organization("Acme").await);
        let email = "victim@acme.example";
        bed.join(&evil, email, "the squatter's own").await;
        bed.service.remove_user(&evil.caller, &Owner::Email(email.to_owned())).await.unwrap();
        let sign_in = async || {
            let password = Password::typed("the squatter's own");
            bed.service.sign_in(email, &password, &RequestContext::default()).await.unwrap_err().to_problem(None)
        };
        let before = sign_in().await;
        bed.join(&acme, email, PASSWORD).await;
        assert_eq!(sign_in().await, before);
    }

    /// Another person's account under an address does not keep its owner out.
    async fn the_owner_of_a_squatted_address_can_join_another_organization(bed: TestBed) {
        let (evil, acme) = (bed.organization("Evil").await, bed.organization("Acme").await);
        let (context, email) = (RequestContext::default(), "victim@acme.example");
        let (squatter, _) = bed.member(&evil, email, Role::Member).await;
        let (token, _) = bed.service.create_invitation(&evil.caller, &squatter.user_id).await.unwrap();
        let theirs = Password::typed("the squatter's own");
        bed.service.accept_invitation(token.reveal(), &theirs, &context).await.unwrap();
        let (victim, _) = bed.member(&acme, email, Role::Member).await;
        let (token, _) = bed.service.create_invitation(&acme.caller, &victim.user_id).await.unwrap();
        let own = Password::typed(PASSWORD);
        bed.service.accept_invitation(token.reveal(), &own, &context).await.unwrap();
        for (password, name) in [(own, "Acme"), (theirs, "Evil")] {
            let signed_in = bed.service.sign_in(email, &password, &context).await.unwrap();
            assert_eq!(bed.organizations_of(&signed_in).await, [name]);
        }
    }
}
