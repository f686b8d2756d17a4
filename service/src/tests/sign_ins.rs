//! Tests that guessing passwords is slowed down, and how accounts are closed and opened again.

use model::audit::{ActorKind, AuditAction};
use model::email::Email;
use model::password::Password;
use model::user::{Role, UserPatch, UserStatus};

use super::on_both;
use crate::sign_in_throttle::{FAILURES_MAX, REOPENINGS_MAX};
use crate::testing::{Org, PASSWORD, TestBed};
use crate::{Caller, Error, Owner, RequestContext, SignedIn};

const ADA: &str = "admin@acme.example";

fn from(address: &str) -> RequestContext {
    RequestContext { address: Some(address.to_owned()), ..RequestContext::default() }
}

async fn sign_in(bed: &TestBed, password: &str, address: &str) -> Result<SignedIn, Error> {
    bed.service.sign_in(ADA, &Password::typed(password), &from(address)).await
}

/// Counts failed sign-ins for the organization's admin, without hashing passwords.
async fn fail(bed: &TestBed, times: u32) {
    bed.fail_sign_ins(ADA, times).await;
}

/// Creates another admin of the organization, and signs them in to the console.
async fn other_admin(bed: &TestBed, org: &Org) -> Caller {
    bed.member(org, "second@acme.example", Role::Admin).await.1
}

on_both! {
    async fn the_log_of_a_suspended_member_says_that_the_operator_opened_their_account(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.join(&org, "bob@acme.example", PASSWORD).await;
        let bob = Owner::Email("bob@acme.example".to_owned());
        let patch = UserPatch { status: Some(UserStatus::Suspended), ..UserPatch::default() };
        bed.service.update_user(&org.caller, &bob, patch).await.unwrap();
        bed.service.allow_sign_in_locally(&Email::parse("bob@acme.example").unwrap()).await.unwrap();
        let records = bed.audit(&org.caller).await;
        let mut of_it = records.iter().filter(|record| record.action == AuditAction::SignInAllowed);
        assert!(of_it.next().unwrap().actor_kind == ActorKind::Operator && of_it.next().is_none());
    }

    async fn the_operator_can_open_the_account_of_the_only_admin(bed: TestBed) {
        let org = bed.organization("Acme").await;
        fail(&bed, FAILURES_MAX).await;
        assert!(matches!(sign_in(&bed, PASSWORD, "192.0.2.1").await, Err(Error::Unauthorized(_))));
        let unknown = bed.service.allow_sign_in_locally(&Email::parse("nobody@acme.example").unwrap()).await;
        assert!(matches!(unknown, Err(Error::NotFound(_))), "{unknown:?}");
        bed.service.allow_sign_in_locally(&Email::parse("ADMIN@acme.example").unwrap()).await.unwrap();
        sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
        let records = bed.audit(&org.caller).await;
        let allowed = records.iter().find(|record| record.action == AuditAction::SignInAllowed).unwrap();
        assert_eq!(allowed.actor_kind, ActorKind::Operator);
        assert_eq!(allowed.resource_id, org.admin.user_id.as_str());
    }

    async fn after_a_hundred_failures_the_right_password_is_refused_too(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let session = sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
        fail(&bed, FAILURES_MAX - 1).await;
        let wrong = sign_in(&bed, "the hundredth", "192.0.2.1").await.unwrap_err();
        let closed = sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap_err();
        let unknown = bed.service.sign_in("nobody@acme.example", &Password::typed(PASSWORD), &from("192.0.2.1")).await;
        for refusal in [&closed, &unknown.unwrap_err()] {
            assert_eq!(refusal.to_problem(None), wrong.to_problem(None));
        }
        // Neither time nor another process opens the account again.
        bed.clock.advance_seconds(7200);
        let elsewhere = bed.other_process().sign_in(ADA, &Password::typed(PASSWORD), &from("192.0.2.1")).await;
        assert!(matches!(elsewhere, Err(Error::Unauthorized(_))));
        assert!(bed.accepts(&org.admin_key).await, "keys still work");
        bed.clock.advance_seconds(-7200);
        let session = bed.service.authenticate_session(session.token.reveal(), RequestContext::default()).await;
        assert!(session.is_ok(), "sessions still work");
    }

    async fn the_hundredth_attempt_can_succeed_and_resets_the_count(bed: TestBed) {
        bed.organization("Acme").await;
        for _ in 0..2 {
            fail(&bed, FAILURES_MAX - 1).await;
            sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
        }
    }

    async fn another_admin_can_open_a_closed_account_but_not_their_own(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let mine = sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
        let mine = bed.service.authenticate_session(mine.token.reveal(), RequestContext::default()).await.unwrap();
        let other = other_admin(&bed, &org).await;
        let stranger = bed.organization("Evil").await.caller;
        let (_, viewer) = bed.member(&org, "viewer@acme.example", Role::Viewer).await;
        fail(&bed, FAILURES_MAX).await;
        let ada = &org.admin.user_id;
        assert!(matches!(bed.service.allow_sign_in(&mine, ada).await, Err(Error::Forbidden(_))));
        assert!(matches!(bed.service.allow_sign_in(&viewer, ada).await, Err(Error::Forbidden(_))));
        assert!(matches!(bed.service.allow_sign_in(&stranger, ada).await, Err(Error::NotFound(_))));
        assert!(sign_in(&bed, PASSWORD, "192.0.2.1").await.is_err());
        bed.service.allow_sign_in(&other, ada).await.unwrap();
        assert!(sign_in(&bed, PASSWORD, "192.0.2.1").await.is_ok());
        let actions: Vec<_> = bed.audit(&other).await.into_iter().map(|event| event.action).collect();
        let allowed = actions.iter().filter(|action| **action == AuditAction::SignInAllowed);
        assert_eq!(allowed.count(), 1, "{actions:?}");
    }

    /// The attack: an account belongs to several organizations, and an admin of one of them guesses at its password and
    /// allows the next hundred guesses each time.
    async fn an_admin_can_open_an_account_only_a_few_times_without_a_sign_in(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (other, ada) = (other_admin(&bed, &org).await, &org.admin.user_id);
        for _ in 0..2 {
            for _ in 0..REOPENINGS_MAX {
                fail(&bed, FAILURES_MAX).await;
                bed.service.allow_sign_in(&other, ada).await.unwrap();
                bed.service.allow_sign_in(&other, ada).await.unwrap();
            }
            fail(&bed, FAILURES_MAX - 1).await;
            let refused = bed.service.allow_sign_in(&other, ada).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
            sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
        }
        for _ in 0..=REOPENINGS_MAX {
            fail(&bed, FAILURES_MAX).await;
            bed.service.allow_sign_in_locally(&Email::parse(ADA).unwrap()).await.unwrap();
        }
        fail(&bed, FAILURES_MAX).await;
        bed.service.allow_sign_in(&other, ada).await.unwrap();
        sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
    }

    async fn allowing_sign_in_does_not_help_a_member_without_an_account(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        assert!(matches!(bed.service.allow_sign_in(&org.caller, &bob.user_id).await, Err(Error::Forbidden(_))));
    }

    async fn a_crowd_from_one_network_does_not_lock_out_others(bed: TestBed) {
        bed.organization("Acme").await;
        let crowd: Vec<_> = (0..100).map(|n| {
            let service = bed.service.clone();
            let (email, context) = (format!("{n}@acme.example"), from(&format!("2001:db8::{n}")));
            tokio::spawn(async move { service.sign_in(&email, &Password::typed("wrong"), &context).await })
        }).collect();
        sign_in(&bed, PASSWORD, "192.0.2.1").await.unwrap();
        let mut slowed = 0;
        for one in crowd {
            match one.await.unwrap() {
                Err(Error::Unauthorized(_)) => {}
                Err(Error::TooManyAttempts { .. }) => slowed += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(slowed >= 40, "{slowed} of 100 were slowed");
    }
}
