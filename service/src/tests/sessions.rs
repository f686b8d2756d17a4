//! Tests signing in, and what ends a session.

use model::password::Password;
use model::session::PasswordChangeDraft;
use model::user::UserPatchDraft;

use super::on_both;
use crate::testing::{PASSWORD, TestBed};
use crate::{Caller, Error, Owner, RequestContext, SameName, SignedIn};

async fn sign_in(bed: &TestBed, email: &str, password: &str) -> Result<SignedIn, Error> {
    bed.service.sign_in(email, &Password::typed(password), &RequestContext::default()).await
}

async fn caller(bed: &TestBed, signed_in: &SignedIn) -> Result<Caller, Error> {
    bed.service.authenticate_session(signed_in.token.reveal(), RequestContext::default()).await
}

on_both! {
    async fn a_wrong_password_and_an_unknown_address_get_the_same_response(bed: TestBed) {
        bed.organization("Acme").await;
        let wrong = sign_in(&bed, "admin@acme.example", "not the password").await.unwrap_err();
        let unknown = sign_in(&bed, "nobody@acme.example", PASSWORD).await.unwrap_err();
        assert_eq!(wrong.to_problem(None), unknown.to_problem(None));
        assert!(sign_in(&bed, "ADMIN@acme.example", PASSWORD).await.is_ok());
    }

    async fn guesses_are_slowed_and_waiting_helps(bed: TestBed) {
        bed.organization("Acme").await;
        for _ in 0..6 {
            assert!(sign_in(&bed, "admin@acme.example", "not the password").await.is_err());
        }
        let slowed = sign_in(&bed, "admin@acme.example", PASSWORD).await;
        assert!(matches!(slowed, Err(Error::TooManyAttempts { retry_after_seconds: 2 })), "{slowed:?}");
        bed.clock.advance_seconds(2);
        assert!(sign_in(&bed, "admin@acme.example", PASSWORD).await.is_ok());
    }

    async fn a_session_ends_when_idle_and_at_its_end(bed: TestBed) {
        bed.organization("Acme").await;
        let idle = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        bed.clock.advance_seconds(29 * 60);
        assert!(caller(&bed, &idle).await.is_ok());
        bed.clock.advance_seconds(30 * 60);
        assert!(matches!(caller(&bed, &idle).await, Err(Error::Unauthorized(_))));
        let busy = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        for _ in 0..35 {
            bed.clock.advance_seconds(20 * 60);
            assert!(caller(&bed, &busy).await.is_ok());
        }
        bed.clock.advance_seconds(20 * 60);
        assert!(caller(&bed, &busy).await.is_err(), "twelve hours");
    }

    async fn signing_out_ends_the_session_on_the_server(bed: TestBed) {
        bed.organization("Acme").await;
        let signed_in = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let who = caller(&bed, &signed_in).await.unwrap();
        bed.service.sign_out(&who).await.unwrap();
        assert!(caller(&bed, &signed_in).await.is_err());
    }

    async fn a_new_password_ends_all_sessions(bed: TestBed) {
        bed.organization("Acme").await;
        let one = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let two = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let who = caller(&bed, &one).await.unwrap();
        let draft = |current: &str| PasswordChangeDraft {
            current: Password::typed(current),
            new: Password::typed("a new passphrase"),
        };
        let wrong = bed.service.change_password(&who, &draft("not the password")).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))));
        let new = bed.service.change_password(&who, &draft(PASSWORD)).await.unwrap();
        assert!(caller(&bed, &one).await.is_err() && caller(&bed, &two).await.is_err());
        assert!(caller(&bed, &new).await.is_ok());
        assert!(sign_in(&bed, "admin@acme.example", PASSWORD).await.is_err());
        assert!(sign_in(&bed, "admin@acme.example", "a new passphrase").await.is_ok());
    }

    async fn sessions_are_listed_and_ended_by_their_owner_only(bed: TestBed) {
        bed.organization("Acme").await;
        bed.organization("Evil").await;
        let one = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let two = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let other = sign_in(&bed, "admin@evil.example", PASSWORD).await.unwrap();
        let who = caller(&bed, &one).await.unwrap();
        let stranger = caller(&bed, &other).await.unwrap();
        let sessions = bed.service.list_sessions(&who).await.unwrap();
        assert_eq!(sessions.len(), 2);
        let second = sessions.iter().find(|session| !session.is_current).unwrap();
        assert!(bed.service.end_session(&stranger, &second.session_id).await.is_err());
        assert!(caller(&bed, &two).await.is_ok());
        bed.service.end_session(&who, &second.session_id).await.unwrap();
        assert!(caller(&bed, &two).await.is_err() && caller(&bed, &one).await.is_ok());
    }

    async fn a_demotion_applies_to_the_next_request(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.member(&org, "second@acme.example", model::user::Role::Admin).await;
        let signed_in = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let demote = UserPatchDraft { role: Some("viewer".into()), ..UserPatchDraft::default() };
        let admin = Owner::Id(org.admin.user_id.clone());
        bed.service.update_user(&org.caller, &admin, demote.check().unwrap()).await.unwrap();
        let who = caller(&bed, &signed_in).await.unwrap();
        assert!(matches!(bed.service.permit(&who, crate::Action::ChangeKeys), Err(Error::Forbidden(_))));
    }

    async fn one_person_can_belong_to_several_organizations(bed: TestBed) {
        let acme = bed.organization("Acme").await;
        let mut second = crate::testing::setup("Second");
        second.email = acme.admin.email.clone();
        let second = bed.service.bootstrap(second, SameName::Refuse).await.unwrap();
        let signed_in = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        let who = caller(&bed, &signed_in).await.unwrap();
        let me = bed.service.me(&who).await.unwrap();
        assert_eq!((me.organization.name.as_str(), me.organizations.len()), ("Acme", 2));
        bed.service.switch_organization(&who, &second.organization_id).await.unwrap();
        let who = caller(&bed, &signed_in).await.unwrap();
        assert_eq!(bed.service.me(&who).await.unwrap().organization.name, "Second");
        let foreign = bed.organization("Evil").await.organization_id;
        assert!(matches!(bed.service.switch_organization(&who, &foreign).await, Err(Error::NotFound(_))));
    }

    async fn the_end_of_a_session_is_in_the_audit_log(bed: TestBed) {
        bed.organization("Acme").await;
        let mut callers = Vec::new();
        for _ in 0..4 {
            let signed_in = sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
            callers.push(caller(&bed, &signed_in).await.unwrap());
        }
        let [one, .., last] = callers.as_slice() else { panic!("four sessions") };
        let other = bed.service.list_sessions(one).await.unwrap().into_iter().find(|one| !one.is_current);
        bed.service.end_session(one, &other.unwrap().session_id).await.unwrap();
        bed.service.end_other_sessions(one).await.unwrap();
        bed.service.end_other_sessions(one).await.unwrap();
        bed.service.sign_out(one).await.unwrap();
        let records = bed.audit(last).await;
        let ended: Vec<_> = records.iter().take(3).collect();
        let actions: Vec<_> = ended.iter().map(|record| record.action.as_str()).collect();
        assert_eq!(actions, ["signed_out", "session_ended", "session_ended"]);
        let numbers: Vec<_> = ended.iter().map(|record| record.changes.get("sessions").cloned()).collect();
        let ended_sessions = |n| Some(serde_json::json!({"before": n, "after": 0}));
        assert_eq!(numbers, [None, ended_sessions(2), ended_sessions(1)]);
    }

    async fn failed_sign_ins_are_recorded_later_if_the_record_cannot_be_written(bed: TestBed) {
        let org = bed.organization("Acme").await;
        for _ in 0..3 {
            sign_in(&bed, "admin@acme.example", "not the password").await.unwrap_err();
        }
        bed.database.run("ALTER TABLE audit_events RENAME TO gone").await;
        bed.service.write_failed_sign_ins(false).await.unwrap_err();
        bed.database.run("ALTER TABLE gone RENAME TO audit_events").await;
        sign_in(&bed, "admin@acme.example", "not the password").await.unwrap_err();
        bed.clock.advance_seconds(60);
        bed.service.write_failed_sign_ins(false).await.unwrap();
        let records = bed.audit(&org.caller).await;
        let failed: Vec<_> = records.iter().filter(|record| record.action.as_str() == "sign_in_failed").collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].changes["attempts"]["after"], 4);
    }

    async fn a_user_that_cannot_be_read_does_not_hold_up_the_failed_sign_ins_of_others(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.organization("Beta").await;
        bed.database.run("UPDATE users SET metadata = '?' WHERE email_folded = 'admin@beta.example'").await;
        for email in ["admin@beta.example", "admin@acme.example"] {
            sign_in(&bed, email, "not the password").await.unwrap_err();
        }
        bed.service.write_failed_sign_ins(false).await.unwrap();
        let records = bed.audit(&org.caller).await;
        assert_eq!(records.iter().filter(|record| record.action.as_str() == "sign_in_failed").count(), 1);
    }

    async fn failed_sign_ins_are_recorded_once_a_minute_for_each_account(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let failures = async || {
            bed.service.write_failed_sign_ins(false).await.unwrap();
            let records = bed.audit(&org.caller).await;
            let failed = records.into_iter().filter(|record| record.action.as_str() == "sign_in_failed");
            let attempts = failed.map(|record| {
                assert_eq!(record.resource_id, org.admin.user_id.as_str());
                record.changes["attempts"]["after"].as_u64().unwrap()
            });
            attempts.collect::<Vec<_>>()
        };
        let wrong = async |email: &str| {
            sign_in(&bed, email, "not the password").await.unwrap_err();
        };
        wrong("nobody@acme.example").await;
        assert!(failures().await.is_empty(), "no organization could read it");
        for _ in 0..3 {
            wrong("admin@acme.example").await;
        }
        assert_eq!(failures().await, [3]);
        wrong("admin@acme.example").await;
        wrong("admin@acme.example").await;
        assert_eq!(failures().await, [3], "one record a minute");
        bed.clock.advance_seconds(60);
        assert_eq!(failures().await, [2, 3]);
        bed.clock.advance_seconds(60);
        assert_eq!(failures().await, [2, 3]);
        sign_in(&bed, "admin@acme.example", PASSWORD).await.unwrap();
        assert_eq!(failures().await, [2, 3]);
        wrong("admin@acme.example").await;
        assert_eq!(failures().await, [1, 2, 3]);
        wrong("admin@acme.example").await;
        bed.service.write_failed_sign_ins(true).await.unwrap();
        assert_eq!(failures().await, [1, 1, 2, 3], "none is lost when the server stops");
    }
}
