//! Tests setting a new password by the operator's link.

use model::audit::{ActorKind, AuditAction};
use model::email::Email;
use model::password::Password;
use model::session::PasswordChangeDraft;
use model::user::Role;

use super::on_both;
use crate::sign_in_throttle::FAILURES_MAX;
use crate::testing::{PASSWORD, TestBed, setup};
use crate::{Error, RequestContext, SameName, SignedIn};

const NEW: &str = "a new passphrase";

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

async fn reset(bed: &TestBed, token: &str) -> Result<SignedIn, Error> {
    bed.service.reset_password(token, &Password::typed(NEW), &RequestContext::default()).await
}

async fn is_signed_in(bed: &TestBed, session: &SignedIn) -> bool {
    bed.service.authenticate_session(session.token.reveal(), RequestContext::default()).await.is_ok()
}

async fn opens(bed: &TestBed, email: &str, password: &str) -> bool {
    bed.service.sign_in(email, &Password::typed(password), &RequestContext::default()).await.is_ok()
}

on_both! {
    async fn an_admin_without_a_password_can_use_the_link(bed: TestBed) {
        let made = bed.service.bootstrap(without_password("Acme"), SameName::Refuse).await.unwrap();
        let link = made.link.unwrap();
        assert_eq!((link.email.as_str(), &link.organizations), ("admin@acme.example", &vec![made.organization_id]));
        assert_eq!(bed.service.reset(link.token.reveal()).await.unwrap().email, link.email);
        let short = Password::typed("short");
        let short = bed.service.reset_password(link.token.reveal(), &short, &RequestContext::default()).await;
        assert!(matches!(short, Err(Error::Invalid(_))));
        let signed_in = reset(&bed, link.token.reveal()).await.unwrap();
        assert_eq!(bed.organizations_of(&signed_in).await, ["Acme"]);
        assert!(opens(&bed, "ADMIN@acme.example", NEW).await);
        for dead in [link.token.reveal(), "", "guess"] {
            assert!(matches!(reset(&bed, dead).await, Err(Error::NotFound(_))));
        }
        let mut second = without_password("Second");
        second.email = email("admin@acme.example");
        let second = bed.service.bootstrap(second, SameName::Refuse).await.unwrap();
        assert!(second.link.is_none(), "the account is proven");
        let signed_in = bed.sign_in("admin@acme.example", NEW).await;
        assert_eq!(bed.organizations_of(&signed_in).await, ["Acme", "Second"]);
    }

    async fn the_first_admin_of_two_organizations_can_use_both_links_in_any_order(bed: TestBed) {
        for first in [0, 1] {
            let mut links = Vec::new();
            for name in ["One", "Two"] {
                let mut setup = without_password(&format!("{name}{first}"));
                setup.email = email(&format!("ada{first}@acme.example"));
                links.push(bed.service.bootstrap(setup, SameName::Refuse).await.unwrap().link.unwrap());
            }
            let (used, other) = (&links[first], &links[1 - first]);
            assert_eq!(bed.organizations_of(&reset(&bed, used.token.reveal()).await.unwrap()).await.len(), 1);
            let both = reset(&bed, other.token.reveal()).await.unwrap();
            assert_eq!(bed.organizations_of(&both).await, [format!("One{first}"), format!("Two{first}")]);
            assert!(reset(&bed, used.token.reveal()).await.is_err(), "each works once");
        }
    }

    /// The attack: an old link of the operator lies around in a mailbox.
    async fn a_link_of_the_operator_ends_when_the_password_changes(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let link = bed.service.create_reset_link(&org.admin.email, None).await.unwrap();
        let session = bed.sign_in("admin@acme.example", PASSWORD).await;
        let caller = bed.service.authenticate_session(session.token.reveal(), RequestContext::default()).await.unwrap();
        let draft = PasswordChangeDraft { current: Password::typed(PASSWORD), new: Password::typed(NEW) };
        bed.service.change_password(&caller, &draft).await.unwrap();
        assert!(matches!(bed.service.reset(link.token.reveal()).await, Err(Error::NotFound(_))));
        assert!(matches!(reset(&bed, link.token.reveal()).await, Err(Error::NotFound(_))));
        assert!(opens(&bed, "admin@acme.example", NEW).await);
    }

    async fn a_link_ends_after_half_an_hour_or_with_a_new_one(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let old = bed.service.create_reset_link(&org.admin.email, None).await.unwrap();
        let new = bed.service.create_reset_link(&org.admin.email, None).await.unwrap();
        assert!(bed.service.reset(old.token.reveal()).await.is_err());
        bed.clock.advance_seconds(30 * 60 - 1);
        assert!(bed.service.reset(new.token.reveal()).await.is_ok());
        bed.clock.advance_seconds(1);
        assert!(bed.service.reset(new.token.reveal()).await.is_err() && reset(&bed, new.token.reveal()).await.is_err());
        assert!(opens(&bed, "admin@acme.example", PASSWORD).await, "nothing happened");
    }

    async fn using_a_link_ends_the_sessions_and_the_old_password(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let before = bed.sign_in("admin@acme.example", PASSWORD).await;
        let link = bed.service.create_reset_link(&org.admin.email, None).await.unwrap();
        assert!(is_signed_in(&bed, &before).await && opens(&bed, "admin@acme.example", PASSWORD).await);
        let after = reset(&bed, link.token.reveal()).await.unwrap();
        assert!(!is_signed_in(&bed, &before).await && is_signed_in(&bed, &after).await);
        assert!(!opens(&bed, "admin@acme.example", PASSWORD).await);
    }

    async fn only_one_of_two_simultaneous_uses_of_a_link_succeeds(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let link = bed.service.create_reset_link(&org.admin.email, None).await.unwrap();
        let (one, other) = tokio::join!(reset(&bed, link.token.reveal()), reset(&bed, link.token.reveal()));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }

    async fn only_one_of_two_simultaneously_created_links_works(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for _ in 0..5 {
            let make = || bed.service.create_reset_link(&org.admin.email, None);
            let (one, other) = tokio::join!(make(), make());
            let mut working = 0;
            for link in [one.unwrap(), other.unwrap()] {
                working += u32::from(bed.service.reset(link.token.reveal()).await.is_ok());
            }
            assert_eq!(working, 1);
        }
    }

    /// If an organization is joined while the link takes the account over, the new account gets that membership, too.
    async fn a_link_also_opens_organizations_that_were_joined_in_the_meantime(bed: TestBed) {
        let (acme, second) = (bed.organization("Acme").await, bed.organization("Second").await);
        let session = bed.join(&acme, "bob@acme.example", PASSWORD).await;
        let caller = bed.service.authenticate_session(session.token.reveal(), RequestContext::default()).await.unwrap();
        let (user, _) = bed.member(&second, "bob@acme.example", Role::Viewer).await;
        let (token, _) = bed.service.create_invitation(&second.caller, &user.user_id).await.unwrap();
        let link = bed.service.create_reset_link(&email("bob@acme.example"), None).await.unwrap();
        // A lock on the member's row keeps both transactions open at the same time.
        let mut holding = bed.database.store.begin().await.unwrap();
        assert!(store::users::lock_active(&mut holding, &user.user_id).await.unwrap());
        let (joined, after, ()) = tokio::join!(
            bed.service.join_by_invitation(&caller, token.reveal()),
            reset(&bed, link.token.reveal()),
            async {
                tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
                holding.commit().await.unwrap();
            }
        );
        joined.unwrap();
        assert_eq!(bed.organizations_of(&after.unwrap()).await, ["Acme", "Second"]);
    }

    async fn a_reset_is_recorded_in_every_organization_of_the_account(bed: TestBed) {
        let acme = bed.organization("Acme").await;
        let mut second = setup("Second");
        second.email = acme.admin.email.clone();
        bed.service.bootstrap(second, SameName::Refuse).await.unwrap();
        let link = bed.service.create_reset_link(&acme.admin.email, None).await.unwrap();
        assert_eq!(link.organizations.len(), 2);
        let by_second = bed.service.operate_locally(&link.organizations[1]).await.unwrap();
        reset(&bed, link.token.reveal()).await.unwrap();
        for caller in [&acme.caller, &by_second] {
            let records = bed.audit(caller).await;
            let of = |action| records.iter().find(|record| record.action == action).unwrap();
            let made = of(AuditAction::PasswordResetCreated);
            assert!(made.actor_kind == ActorKind::Operator && made.actor_id == "operator");
            let used = of(AuditAction::PasswordChanged);
            assert!(used.actor_kind == ActorKind::User && used.resource_id == made.resource_id);
            assert_eq!(used.changes["link"]["after"], "operator");
        }
    }

    /// The attack: an account under another person's address, made by an invitation of the attacker's own organization.
    async fn a_reset_link_of_the_real_owner_removes_a_squatters_access(bed: TestBed) {
        let (evil, acme) = (bed.organization("Evil").await, bed.organization("Acme").await);
        let squatter = bed.join(&evil, "victim@acme.example", "the squatter's own").await;
        let owner = bed.join(&acme, "Victim@acme.example", PASSWORD).await;
        let link = bed.service.create_reset_link(&email("victim@acme.example"), None).await.unwrap();
        let after = reset(&bed, link.token.reveal()).await.unwrap();
        assert_eq!(bed.organizations_of(&after).await, ["Acme", "Evil"]);
        assert!(!is_signed_in(&bed, &squatter).await && !is_signed_in(&bed, &owner).await);
        for old in ["the squatter's own", PASSWORD] {
            assert!(!opens(&bed, "victim@acme.example", old).await);
        }
        assert!(opens(&bed, "victim@acme.example", NEW).await);
        // The squatter's next account gives access to their own organization only. The owner loses that membership and
        // nothing else.
        let admin = crate::Owner::Email("victim@acme.example".to_owned());
        bed.service.remove_user(&evil.caller, &admin).await.unwrap();
        let again = bed.join(&evil, "victim@acme.example", "the squatter's own").await;
        assert_eq!(bed.organizations_of(&again).await, ["Evil"]);
        let owner = bed.sign_in("victim@acme.example", NEW).await;
        assert_eq!(bed.organizations_of(&owner).await, ["Acme"]);
    }

    /// A removed member leaves no account. Otherwise repeated invitations would pile up accounts, all of which every
    /// sign-in reads.
    async fn repeated_invitations_and_removals_leave_no_account(bed: TestBed) {
        let evil = bed.organization("Evil").await;
        for _ in 0..4 {
            bed.join(&evil, "victim@acme.example", PASSWORD).await;
            let victim = crate::Owner::Email("victim@acme.example".to_owned());
            bed.service.remove_user(&evil.caller, &victim).await.unwrap();
        }
        let mut db = bed.database.store.read().await.unwrap();
        let accounts = store::accounts::find_by_email(&mut db, "victim@acme.example").await.unwrap();
        assert!(accounts.is_empty());
    }

    async fn a_reset_link_clears_all_failed_attempts(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for _ in 0..8 {
            assert!(!opens(&bed, "admin@acme.example", "not the password").await);
        }
        assert!(!opens(&bed, "admin@acme.example", PASSWORD).await, "slowed");
        bed.fail_sign_ins("admin@acme.example", FAILURES_MAX).await;
        let link = bed.service.create_reset_link(&org.admin.email, None).await.unwrap();
        reset(&bed, link.token.reveal()).await.unwrap();
        assert!(opens(&bed, "admin@acme.example", NEW).await);
    }

    async fn an_ambiguous_or_unknown_address_is_reported(bed: TestBed) {
        let (acme, evil) = (bed.organization("Acme").await, bed.organization("Evil").await);
        let unknown = bed.service.create_reset_link(&email("nobody@acme.example"), None).await;
        assert!(matches!(unknown, Err(Error::NotFound(_))));
        for org in [&acme, &evil] {
            bed.member(org, "new@acme.example", Role::Member).await;
        }
        let new = email("new@acme.example");
        let several = bed.service.create_reset_link(&new, None).await.unwrap_err();
        assert!(format!("{several:?}").contains(acme.organization_id.as_str()), "{several:?}");
        let link = bed.service.create_reset_link(&new, Some(&acme.organization_id)).await.unwrap();
        let signed_in = reset(&bed, link.token.reveal()).await.unwrap();
        assert_eq!(bed.organizations_of(&signed_in).await, ["Acme"], "an organization that was not joined needs its own link");
        let third = bed.organization("Third").await.organization_id;
        let elsewhere = bed.service.create_reset_link(&new, Some(&third)).await;
        assert!(matches!(elsewhere, Err(Error::NotFound(_))));
    }
}

fn without_password(organization: &str) -> model::session::NewSetup {
    let mut setup = setup(organization);
    setup.password = None;
    setup
}
