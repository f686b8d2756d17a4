//! Tests that a request that began before its credential ended, and is finished after that, changes nothing.

use model::gateway::GatewayDraft;
use model::key::{Change, CreatedKey, KeyDraft, KeyPatchDraft, Precondition, RotateDraft};
use model::organization::OrganizationPatchDraft;
use model::password::Password;
use model::service_account::{ServiceAccount, ServiceAccountDraft};
use model::session::PasswordChangeDraft;
use model::user::{Role, User, UserDraft, UserPatchDraft};

use super::on_both;
use crate::testing::{Org, PASSWORD, TestBed};
use crate::{Caller, Error, KeyRef, Owner, RequestContext, Result};

/// An organization with one thing of each kind, and a second admin.
struct Scene {
    org: Org,
    second: User,
    by_second: Caller,
    victim: CreatedKey,
    service_account: ServiceAccount,
    gateway: model::gateway::Gateway,
}

async fn scene(bed: &TestBed) -> Scene {
    let org = bed.organization("Acme").await;
    let (second, by_second) = bed.member(&org, "second@acme.example", Role::Admin).await;
    let victim = bed.key(&org, &org.admin, |draft| draft.name = Some("victim".into())).await;
    let service_account = bed.service_account(&org, "robot", &[]).await;
    let gateway = bed.gateway(&org, GatewayDraft::default()).await;
    Scene { org, second, by_second, victim, service_account, gateway }
}

/// Creates an unscoped admin key of the second admin, and authenticates it.
async fn admin_key(bed: &TestBed, scene: &Scene) -> (CreatedKey, Caller) {
    let made = bed
        .key(&scene.org, &scene.second, |draft| {
            (draft.name, draft.permissions) = (Some("deploy".into()), Some(vec!["admin".into()]));
        })
        .await;
    let caller = bed.caller_of(&made.secret).await;
    (made, caller)
}

/// Tries every kind of change. Each must be refused and leave no trace.
async fn changes_nothing(bed: &TestBed, scene: &Scene, caller: &Caller, why: &str) {
    let before = bed.audit(&scene.org.caller).await;
    let all = all_changes(bed, scene, caller).await;
    for (what, outcome) in all {
        let is_refused =
            matches!(outcome, Err(Error::Unauthorized(_) | Error::Forbidden(_) | Error::NotFound(_)));
        assert!(is_refused, "{why}: {what}: {outcome:?}");
    }
    assert_eq!(bed.audit(&scene.org.caller).await, before, "{why}");
    assert!(bed.accepts(&scene.victim.secret).await, "{why}");
}

async fn all_changes(bed: &TestBed, scene: &Scene, caller: &Caller) -> Vec<(&'static str, Result<()>)> {
    let (service, now) = (&bed.service, bed.clock.now());
    let owner = Owner::Id(scene.org.admin.user_id.clone());
    let key = KeyRef::Id(scene.victim.key.key_id.clone());
    let new = KeyDraft { name: Some("new".into()), ..KeyDraft::default() }.check(now).unwrap();
    let rotation = RotateDraft { grace_period_seconds: Some(60) }.check().unwrap();
    let patch = KeyPatchDraft { description: Some("x".into()), ..KeyPatchDraft::default() };
    let user = UserDraft {
        email: Some("new@acme.example".into()),
        user_name: Some("New".into()),
        role: Some("viewer".into()),
        ..UserDraft::default()
    };
    let rename = UserPatchDraft { user_name: Some("Another".into()), ..UserPatchDraft::default() };
    let service_account = ServiceAccountDraft {
        name: Some("another".into()),
        permissions: Some(Vec::new()),
        ..ServiceAccountDraft::default()
    };
    let service_account = service_account.check().unwrap();
    let robot_id = &scene.service_account.service_account_id;
    let gateway = GatewayDraft { name: Some("another".into()), ..GatewayDraft::default() };
    let gateway_id = &scene.gateway.gateway_id;
    let gateway_patch = GatewayDraft { name: Some("x".into()), ..GatewayDraft::default() };
    let organization = OrganizationPatchDraft {
        organization_name: Some("Another".into()),
        ..OrganizationPatchDraft::default()
    };
    vec![
        ("create", service.create_key(caller, &owner, new).await.map(drop)),
        ("rotate", service.rotate_key(caller, &key, rotation, &Precondition::Anything).await.map(drop)),
        (
            "update",
            service
                .update_key(caller, &key, patch.check(now).unwrap(), &Precondition::Anything)
                .await
                .map(drop),
        ),
        (
            "disable",
            service.disable_key(caller, &scene.victim.key.key_id, &Precondition::Anything).await.map(drop),
        ),
        ("end grace", service.end_grace_period(caller, &scene.victim.key.key_id).await),
        ("revoke", service.revoke_key(caller, &key, String::new(), &Precondition::Anything).await.map(drop)),
        ("add user", service.add_user(caller, user.check().unwrap()).await.map(drop)),
        ("update user", service.update_user(caller, &owner, rename.check().unwrap()).await.map(drop)),
        ("remove user", service.remove_user(caller, &owner).await),
        ("invite", service.create_invitation(caller, &scene.second.user_id).await.map(drop)),
        ("add account", service.create_service_account(caller, service_account.clone()).await.map(drop)),
        (
            "update account",
            service.update_service_account(caller, robot_id, service_account, None).await.map(drop),
        ),
        ("disable account", service.disable_service_account(caller, robot_id).await.map(drop)),
        ("add gateway", service.create_gateway(caller, gateway.check().unwrap()).await.map(drop)),
        (
            "update gateway",
            service
                .update_gateway(caller, gateway_id, gateway_patch.check_patch().unwrap(), None)
                .await
                .map(drop),
        ),
        ("remove gateway", service.remove_gateway(caller, gateway_id).await.map(drop)),
        (
            "update organization",
            service.update_organization(caller, organization.check().unwrap()).await.map(drop),
        ),
        ("audit settings", service.update_audit_settings(caller, Some(true)).await.map(drop)),
    ]
}

fn patch_of(change: impl FnOnce(&mut KeyPatchDraft)) -> KeyPatchDraft {
    let mut patch = KeyPatchDraft::default();
    change(&mut patch);
    patch
}

on_both! {
    async fn a_request_of_an_ended_key_changes_nothing(bed: TestBed) {
        let scene = scene(&bed).await;
        let service = &bed.service;
        for end in ["revoked", "rotated", "narrowed", "disabled", "expired"] {
            let (made, caller) = admin_key(&bed, &scene).await;
            let key = KeyRef::Id(made.key.key_id.clone());
            let by = &scene.org.caller;
            let update = async |patch: KeyPatchDraft| {
                let patch = patch.check(bed.clock.now()).unwrap();
                service.update_key(by, &key, patch, &Precondition::Anything).await.unwrap();
            };
            match end {
                "rotated" => {
                    let rotation = RotateDraft::default().check().unwrap();
                    service.rotate_key(by, &key, rotation, &Precondition::Anything).await.unwrap();
                }
                "narrowed" => update(patch_of(|patch| patch.permissions = Some(vec!["read".into()]))).await,
                "disabled" => drop(service.disable_key(by, &made.key.key_id, &Precondition::Anything).await.unwrap()),
                "expired" => {
                    let end = bed.clock.now().plus_seconds(60);
                    update(patch_of(|patch| patch.expires_at = Change::Set(end.to_string()))).await;
                    bed.clock.advance_seconds(60);
                }
                _ => drop(service.revoke_key(by, &key, String::new(), &Precondition::Anything).await.unwrap()),
            }
            changes_nothing(&bed, &scene, &caller, end).await;
            // Frees the name for the next round.
            let _ = service.revoke_key(by, &key, String::new(), &Precondition::Anything).await;
        }
    }

    async fn a_request_of_a_demoted_suspended_or_removed_member_changes_nothing(bed: TestBed) {
        let scene = scene(&bed).await;
        let (_, by_key) = admin_key(&bed, &scene).await;
        let second = Owner::Id(scene.second.user_id.clone());
        let change = async |role: &str, status: &str| {
            let (role, status) = (Some(role.to_owned()), Some(status.to_owned()));
            let patch = UserPatchDraft { role, status, ..UserPatchDraft::default() };
            bed.service.update_user(&scene.org.caller, &second, patch.check().unwrap()).await.unwrap();
        };
        change("viewer", "active").await;
        changes_nothing(&bed, &scene, &by_key, "a key of a demoted member").await;
        changes_nothing(&bed, &scene, &scene.by_second, "a demoted member").await;
        change("admin", "suspended").await;
        changes_nothing(&bed, &scene, &by_key, "a key of a suspended member").await;
        changes_nothing(&bed, &scene, &scene.by_second, "a suspended member").await;
        let (third, by_third) = bed.member(&scene.org, "third@acme.example", Role::Admin).await;
        bed.service.remove_user(&scene.org.caller, &Owner::Id(third.user_id)).await.unwrap();
        changes_nothing(&bed, &scene, &by_third, "a removed member").await;
    }

    async fn a_request_of_an_ended_session_changes_nothing(bed: TestBed) {
        let scene = scene(&bed).await;
        bed.service.sign_out(&scene.by_second).await.unwrap();
        changes_nothing(&bed, &scene, &scene.by_second, "signed out").await;
        let again = bed.service.sign_out(&scene.by_second).await;
        assert!(matches!(again, Err(Error::Unauthorized(_))), "{again:?}");
    }

    /// Between the check and the commit, nothing that the check depends on can end.
    async fn the_end_of_a_caller_waits_for_its_running_changes(bed: TestBed) {
        let scene = scene(&bed).await;
        let (made, caller) = admin_key(&bed, &scene).await;
        let (tx, _) = bed.service.begin_for(&caller, |_| Ok(())).await.unwrap();
        let (service, by) = (bed.service.clone(), scene.org.caller.clone());
        let key = KeyRef::Id(made.key.key_id.clone());
        let mut end = tokio::spawn(async move {
            service.revoke_key(&by, &key, String::new(), &Precondition::Anything).await
        });
        // The revocation must not get through, however long this waits. A slow machine cannot fail the test.
        let early = tokio::time::timeout(std::time::Duration::from_millis(300), &mut end).await;
        assert!(early.is_err(), "the key ended under whoever acts with it: {early:?}");
        tx.commit().await.unwrap();
        end.await.unwrap().unwrap();
        changes_nothing(&bed, &scene, &caller, "after the revocation").await;
    }

    async fn a_key_can_still_rotate_and_revoke_itself(bed: TestBed) {
        let scene = scene(&bed).await;
        let (made, caller) = admin_key(&bed, &scene).await;
        let key = KeyRef::Id(made.key.key_id.clone());
        let rotation = || RotateDraft::default().check().unwrap();
        let (first, second) = tokio::join!(
            bed.service.rotate_key(&caller, &key, rotation(), &Precondition::Anything),
            bed.service.rotate_key(&caller, &key, rotation(), &Precondition::Anything),
        );
        // The slower one began with a secret that has ended.
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        let rotated = first.or(second).unwrap();
        let caller = bed.caller_of(&rotated.secret).await;
        bed.service.revoke_key(&caller, &key, String::new(), &Precondition::Anything).await.unwrap();
        assert!(!bed.accepts(&rotated.secret).await);
    }

    async fn an_old_password_opens_no_session_after_its_change(bed: TestBed) {
        bed.organization("Acme").await;
        let context = RequestContext::default();
        let (email, old) = ("admin@acme.example", Password::typed(PASSWORD));
        let signed_in = bed.service.sign_in(email, &old, &context).await.unwrap();
        let who = bed.service.authenticate_session(signed_in.token.reveal(), context.clone()).await.unwrap();
        let late = bed.service.prove(email, None, &old, &context).await.unwrap();
        let change = |new: &str| PasswordChangeDraft { current: old.clone(), new: Password::typed(new) };
        let in_flight = bed.service.sign_in(email, &old, &context).await.unwrap();
        let thief = bed.service.authenticate_session(in_flight.token.reveal(), context.clone()).await.unwrap();
        bed.service.change_password(&who, &change("a new passphrase")).await.unwrap();
        let refused = bed.service.try_sign_in(&late, &context).await;
        assert!(matches!(refused, Err(Error::Unauthorized(_))), "{refused:?}");
        // Another change of the password, in a session that the first change has ended.
        let refused = bed.service.try_change_password(&thief, &late, "a hash").await;
        assert!(matches!(refused, Err(Error::Unauthorized(_))), "{refused:?}");
        assert!(bed.service.sign_in(email, &Password::typed("a new passphrase"), &context).await.is_ok());
    }
}
