//! Tests how an admin lets a member who lost their password choose a new one.

use model::audit::{ActorKind, AuditAction};
use model::password::Password;
use model::session::PasswordChangeDraft;
use model::user::{Role, User};
use store::one_time_tokens::{OneTimeToken, Purpose};

use super::on_both;
use crate::sign_in_throttle::FAILURES_MAX;
use crate::testing::{Org, PASSWORD, TestBed};
use crate::{Caller, Error, Owner, PlainToken, RequestContext, SignedIn};

const BOB: &str = "bob@acme.example";
const NEW: &str = "a new passphrase";

async fn find(bed: &TestBed, org: &Org, email: &str) -> User {
    bed.service.get_user(&org.caller, &Owner::Email(email.to_owned())).await.unwrap()
}

async fn link(bed: &TestBed, org: &Org, email: &str) -> PlainToken {
    let user = find(bed, org, email).await;
    bed.service.create_invitation(&org.caller, &user.user_id).await.unwrap().0
}

async fn choose(bed: &TestBed, token: &PlainToken) -> Result<SignedIn, Error> {
    bed.service.accept_invitation(token.reveal(), &Password::typed(NEW), &RequestContext::default()).await
}

async fn caller(bed: &TestBed, session: &SignedIn) -> Result<Caller, Error> {
    bed.service.authenticate_session(session.token.reveal(), RequestContext::default()).await
}

async fn opens(bed: &TestBed, password: &str) -> bool {
    bed.service.sign_in(BOB, &Password::typed(password), &RequestContext::default()).await.is_ok()
}

on_both! {
    async fn a_member_who_lost_their_password_gets_in_again_and_keeps_their_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let before = bed.join(&org, BOB, PASSWORD).await;
        let bob = find(&bed, &org, BOB).await;
        let key = bed.key(&org, &bob, |_| ()).await;
        bed.fail_sign_ins(BOB, FAILURES_MAX).await;
        let token = link(&bed, &org, BOB).await;
        assert!(bed.service.invitation(token.reveal()).await.unwrap().has_joined);
        assert!(caller(&bed, &before).await.is_ok(), "until the link is used");
        let after = choose(&bed, &token).await.unwrap();
        assert_eq!(bed.service.me(&caller(&bed, &after).await.unwrap()).await.unwrap().user_id, bob.user_id);
        assert!(caller(&bed, &before).await.is_err());
        assert!(opens(&bed, NEW).await && !opens(&bed, PASSWORD).await);
        assert!(bed.accepts(&key.secret).await);
        assert!(matches!(choose(&bed, &token).await, Err(Error::NotFound(_))), "a link works once");
        let records = bed.audit(&org.caller).await;
        let of = |action| records.iter().find(|record| record.action == action).unwrap();
        let (made, used) = (of(AuditAction::PasswordResetCreated), of(AuditAction::PasswordChanged));
        assert!(made.actor_kind == ActorKind::User && made.actor_id == org.admin.user_id.as_str());
        assert!(used.actor_id == bob.user_id.as_str() && used.changes["link"]["after"] == "admin");
    }

    /// The attack: an admin of one organization makes a link for a person who also works in another one.
    async fn the_link_opens_only_the_organization_of_the_admin(bed: TestBed) {
        let (acme, evil) = (bed.organization("Acme").await, bed.organization("Evil").await);
        for org in [&acme, &evil] {
            bed.join(org, BOB, PASSWORD).await;
        }
        let person = bed.sign_in(BOB, PASSWORD).await;
        assert_eq!(bed.organizations_of(&person).await, ["Acme", "Evil"]);
        bed.service.switch_organization(&caller(&bed, &person).await.unwrap(), &acme.organization_id).await.unwrap();
        let session = choose(&bed, &link(&bed, &evil, BOB).await).await.unwrap();
        assert_eq!(bed.organizations_of(&session).await, ["Evil"]);
        assert_eq!(bed.organizations_of(&person).await, ["Acme"], "their session continues");
        let switched = bed.service.switch_organization(&caller(&bed, &person).await.unwrap(), &evil.organization_id).await;
        assert!(matches!(switched, Err(Error::NotFound(_))));
        for (password, organization) in [(PASSWORD, "Acme"), (NEW, "Evil")] {
            assert_eq!(bed.organizations_of(&bed.sign_in(BOB, password).await).await, [organization]);
        }
    }

    /// A suspension at the same moment would not see the link, and would not end it. Neither would another link.
    async fn a_link_is_created_only_after_other_changes_of_members(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, BOB, Role::Member).await;
        let mut change = bed.service.store.begin().await.unwrap();
        store::organizations::lock(&mut change, &org.organization_id).await.unwrap();
        let (service, by) = (bed.service.clone(), org.caller.clone());
        let mut create = tokio::spawn(async move { service.create_invitation(&by, &bob.user_id).await });
        // The link must not be created, however long this waits. A slow machine cannot fail the test.
        let early = tokio::time::timeout(std::time::Duration::from_millis(300), &mut create).await;
        assert!(early.is_err(), "the link was created during a change: {early:?}");
        change.commit().await.unwrap();
        create.await.unwrap().unwrap();
    }

    async fn the_use_of_a_link_ends_all_links_of_the_member(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.join(&org, BOB, PASSWORD).await;
        let (used, other) = (link(&bed, &org, BOB).await, PlainToken::new("7".repeat(43)));
        let mut tx = bed.service.store.begin().await.unwrap();
        let now = bed.service.clock.now();
        let same = OneTimeToken {
            purpose: Purpose::Invitation,
            user_id: Some(find(&bed, &org, BOB).await.user_id),
            email_folded: Some(BOB.to_owned()),
            created_at: now,
            expires_at: now.plus_seconds(60),
        };
        store::one_time_tokens::insert(&mut tx, &same, &other.hash()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(bed.service.invitation(other.reveal()).await.is_ok());
        choose(&bed, &used).await.unwrap();
        assert!(matches!(choose(&bed, &other).await, Err(Error::NotFound(_))));
    }

    /// The attack: someone who took over an admin's session makes it last by choosing a password.
    async fn nobody_creates_a_link_for_themselves(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let session = bed.sign_in("admin@acme.example", PASSWORD).await;
        let me = caller(&bed, &session).await.unwrap();
        let refused = bed.service.create_invitation(&me, &org.admin.user_id).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let (member, by_member) = bed.member(&org, "eve@acme.example", Role::Member).await;
        for user in [&org.admin, &member] {
            assert!(matches!(bed.service.create_invitation(&by_member, &user.user_id).await, Err(Error::Forbidden(_))));
        }
    }

    async fn the_link_ends_after_a_day_with_a_new_one_or_with_a_new_password(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let session = bed.join(&org, BOB, PASSWORD).await;
        let (old, new) = (link(&bed, &org, BOB).await, link(&bed, &org, BOB).await);
        assert!(choose(&bed, &old).await.is_err());
        bed.clock.advance_seconds(60);
        let me = caller(&bed, &session).await.unwrap();
        let draft = PasswordChangeDraft { current: Password::typed(PASSWORD), new: Password::typed("my own choice") };
        bed.service.change_password(&me, &draft).await.unwrap();
        assert!(choose(&bed, &new).await.is_err(), "the owner knows their password");
        let last = link(&bed, &org, BOB).await;
        bed.clock.advance_seconds(86_400 - 1);
        assert!(bed.service.invitation(last.reveal()).await.is_ok());
        bed.clock.advance_seconds(1);
        assert!(choose(&bed, &last).await.is_err());
        assert!(opens(&bed, "my own choice").await, "nothing happened");
    }

    async fn an_invitation_from_before_does_not_replace_a_password(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, BOB, Role::Member).await;
        let invitation = link(&bed, &org, BOB).await;
        let reset = bed.service.create_reset_link(&bob.email, None).await.unwrap();
        let password = Password::typed(PASSWORD);
        bed.service.reset_password(reset.token.reveal(), &password, &RequestContext::default()).await.unwrap();
        assert!(choose(&bed, &invitation).await.is_err());
        let new = link(&bed, &org, BOB).await;
        let session = bed.sign_in(BOB, PASSWORD).await;
        let joined = bed.service.join_by_invitation(&caller(&bed, &session).await.unwrap(), new.reveal()).await;
        assert!(matches!(joined, Err(Error::Forbidden(_))));
        assert!(opens(&bed, PASSWORD).await);
    }

    async fn only_one_of_two_simultaneous_uses_succeeds(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.join(&org, BOB, PASSWORD).await;
        let token = link(&bed, &org, BOB).await;
        let (one, other) = tokio::join!(choose(&bed, &token), choose(&bed, &token));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }
}
