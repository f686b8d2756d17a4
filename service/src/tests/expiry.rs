//! Tests what expires by the clock, and what a wrong clock may and may not do.

use model::Timestamp;
use model::key::{
    CreatedKey, Key, KeyFilter, KeyPatchDraft, KeyQuery, KeyStatus, KeyView, Precondition, RotateDraft,
    Rotation,
};
use model::password::Password;
use model::time::DAY_SECONDS;
use model::user::{Role, UserPatchDraft, UserStatus};
use model::verify::VerifyRequest;

use super::on_both;
use crate::testing::{Org, PASSWORD, TestBed};
use crate::{Clock, Entropy, Error, KeyRef, Owner, PlainToken, RequestContext, Service, Settings, TestClock};

const HOUR: i64 = 3600;
const YEAR: i64 = 365 * DAY_SECONDS;

fn named(org: &Org, name: &str) -> KeyRef {
    KeyRef::Named { owner: Owner::Id(org.admin.user_id.clone()), name: name.to_owned() }
}

fn grace(seconds: i64) -> Rotation {
    RotateDraft { grace_period_seconds: Some(seconds) }.check().unwrap()
}

/// A key of the admin that expires in an hour.
async fn ending(bed: &TestBed, org: &Org, name: &str) -> CreatedKey {
    let end = bed.clock.now().plus_seconds(HOUR).to_rfc3339();
    bed.key(org, &org.admin, |draft| {
        draft.name = Some(name.to_owned());
        draft.expires_at = Some(end);
    })
    .await
}

/// Whether a secret is accepted. The database and the key cache of this process must agree.
async fn works(bed: &TestBed, org: &Org, made: &CreatedKey) -> bool {
    let verify_request = VerifyRequest {
        secret: model::verify::PresentedSecret::Borrowed(made.secret.reveal()),
        cost: 0,
        ..VerifyRequest::default()
    };
    let verdict = bed.service.verdict(&org.organization_id, &verify_request).await.unwrap();
    let is_accepted = bed.accepts(&made.secret).await;
    assert_eq!(verdict.is_valid(), is_accepted, "{verdict:?}");
    is_accepted
}

/// Like [`works`], after marking the key cache as valid.
async fn works_from_memory(bed: &TestBed, org: &Org, made: &CreatedKey) -> bool {
    bed.mark_cache_valid();
    works(bed, org, made).await
}

async fn page(bed: &TestBed, org: &Org, view: KeyView) -> (Vec<Key>, u64) {
    let filter = KeyFilter { view, ..KeyFilter::default() };
    let query = KeyQuery { filter, ..KeyQuery::default() };
    let page = bed.service.page_keys(&org.caller, &query).await.unwrap();
    (page.rows.into_iter().map(|row| row.key).collect(), page.totals.of(view).number)
}

async fn set_status(bed: &TestBed, org: &Org, owner: &model::user::User, status: UserStatus) {
    let draft = UserPatchDraft { status: Some(status.as_str().to_owned()), ..UserPatchDraft::default() };
    let owner = Owner::Id(owner.user_id.clone());
    bed.service.update_user(&org.caller, &owner, draft.check().unwrap()).await.unwrap();
}

on_both! {
    async fn the_cache_follows_a_clock_that_is_set_back(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let made = bed.key(&org, &org.admin, |_| ()).await;
        let key = KeyRef::Id(made.key.key_id.clone());
        bed.service.rotate_key(&org.caller, &key, grace(HOUR), &Precondition::Anything).await.unwrap();
        for is_loaded in [false, true] {
            bed.clock.set_by_seconds(2 * HOUR);
            if is_loaded {
                bed.warm().await;
            }
            assert!(!works_from_memory(&bed, &org, &made).await);
            bed.clock.set_by_seconds(-2 * HOUR);
            assert!(works_from_memory(&bed, &org, &made).await, "{is_loaded}");
        }
    }

    /// Of two earlier secrets of one key, one has ended. The grace period of the other can still be extended.
    async fn extending_a_key_does_not_revive_ended_secrets(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let first = bed.key(&org, &org.admin, |_| ()).await;
        let key = named(&org, "ci");
        let second = bed.service.rotate_key(&org.caller, &key, grace(1), &Precondition::Anything).await.unwrap();
        bed.clock.advance_seconds(1);
        assert!(!works_from_memory(&bed, &org, &first).await);
        let third = bed.service.rotate_key(&org.caller, &key, grace(60), &Precondition::Anything).await.unwrap();
        bed.service.extend_grace_period(&org.caller, &first.key.key_id, grace(600)).await.unwrap();
        assert!(!works_from_memory(&bed, &org, &first).await);
        assert!(works_from_memory(&bed, &org, &second).await && works_from_memory(&bed, &org, &third).await);
        bed.clock.advance_seconds(600);
        assert!(!works_from_memory(&bed, &org, &second).await);
        let patch = KeyPatchDraft { description: Some("new".into()), ..KeyPatchDraft::default() };
        let patch = patch.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &key, patch, &Precondition::Anything).await.unwrap();
        // Secrets that were touched after their end stay refused, even if the clock is set back.
        bed.clock.set_by_seconds(-DAY_SECONDS);
        assert!(!works_from_memory(&bed, &org, &first).await && !works_from_memory(&bed, &org, &second).await);
        assert!(works_from_memory(&bed, &org, &third).await);
    }

    /// Key cache and database must also agree on secrets that the sweep has deleted.
    async fn an_earlier_secret_that_the_sweep_removed_stays_refused(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let first = bed.key(&org, &org.admin, |_| ()).await;
        bed.service.rotate_key(&org.caller, &named(&org, "ci"), grace(HOUR), &Precondition::Anything).await.unwrap();
        assert!(works_from_memory(&bed, &org, &first).await);
        bed.clock.set_by_seconds(DAY_SECONDS);
        bed.service.sweep_due().await.unwrap();
        bed.clock.set_by_seconds(-DAY_SECONDS);
        assert!(!works_from_memory(&bed, &org, &first).await);
    }

    /// A clock that was a day ahead stored keys as expired. Once it is right again, the keys work as before, even
    /// before the next sweep.
    async fn a_clock_that_was_ahead_ends_no_key_for_good(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let (one, two) = (ending(&bed, &org, "one").await, ending(&bed, &org, "two").await);
        let three = ending(&bed, &org, "three").await;
        bed.clock.set_by_seconds(DAY_SECONDS);
        bed.service.sweep_due().await.unwrap();
        assert!(!works_from_memory(&bed, &org, &one).await);
        assert_eq!(page(&bed, &org, KeyView::Expired).await.1, 3);
        bed.clock.set_by_seconds(-DAY_SECONDS);
        assert!(works_from_memory(&bed, &org, &one).await);
        assert_eq!(bed.service.get_key(&org.caller, &named(&org, "one")).await.unwrap().key.key_id, one.key.key_id);
        let owner = Owner::Id(org.admin.user_id.clone());
        let listed = bed.list_keys_of_user(&org.caller, &owner, false).await.unwrap();
        assert_eq!(listed.len(), 4, "with admin-key");
        let mut db = bed.database.store.read().await.unwrap();
        let live = store::keys::count_live(&mut db, &org.organization_id, bed.clock.now()).await;
        drop(db);
        assert_eq!(live.unwrap(), 4);
        let again = model::key::KeyDraft { name: Some("one".into()), ..Default::default() };
        let again = bed.service.create_key(&org.caller, &owner, again.check(bed.clock.now()).unwrap()).await;
        assert!(matches!(again, Err(Error::AlreadyExists(_))), "{again:?}");
        let renamed = KeyPatchDraft { name: Some("one".into()), ..KeyPatchDraft::default() };
        let renamed = renamed.check(bed.clock.now()).unwrap();
        let renamed = bed.service.update_key(&org.caller, &named(&org, "two"), renamed, &Precondition::Anything).await;
        assert!(matches!(renamed, Err(Error::AlreadyExists(_))), "{renamed:?}");
        let forever = KeyPatchDraft { expires_at: model::key::Change::Clear, ..KeyPatchDraft::default() };
        let forever = forever.check(bed.clock.now()).unwrap();
        bed.service.update_key(&org.caller, &named(&org, "two"), forever, &Precondition::Anything).await.unwrap();
        bed.service.revoke_key(&org.caller, &named(&org, "three"), String::new(), &Precondition::Anything).await.unwrap();
        assert!(!works_from_memory(&bed, &org, &three).await);
        assert_eq!(page(&bed, &org, KeyView::Active).await.1, 3);
        assert_eq!(page(&bed, &org, KeyView::Expired).await, (Vec::new(), 0));
        assert!(works_from_memory(&bed, &org, &one).await && works_from_memory(&bed, &org, &two).await);
        // The key expires at the time it was created with.
        bed.clock.advance_seconds(HOUR);
        assert!(!works_from_memory(&bed, &org, &one).await && works_from_memory(&bed, &org, &two).await);
        assert_eq!(page(&bed, &org, KeyView::Expired).await.1, 1);
    }

    async fn an_expired_key_whose_name_was_reused_has_ended_for_good(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        for is_swept in [false, true] {
            let name = if is_swept { "swept" } else { "not swept" };
            let (old, moved) = (ending(&bed, &org, name).await, ending(&bed, &org, &format!("{name} 2")).await);
            bed.clock.set_by_seconds(DAY_SECONDS);
            if is_swept {
                bed.service.sweep_due().await.unwrap();
            }
            let next = bed.key(&org, &org.admin, |draft| draft.name = Some(name.to_owned())).await;
            let other = bed.key(&org, &org.admin, |draft| draft.name = Some(format!("{name} 3"))).await;
            let rename = KeyPatchDraft { name: Some(format!("{name} 2")), ..KeyPatchDraft::default() };
            let rename = rename.check(bed.clock.now()).unwrap();
            let id = KeyRef::Id(other.key.key_id.clone());
            bed.service.update_key(&org.caller, &id, rename, &Precondition::Anything).await.unwrap();
            bed.clock.set_by_seconds(-DAY_SECONDS);
            for _ in 0..2 {
                for ended in [&old, &moved] {
                    assert!(!works_from_memory(&bed, &org, ended).await);
                    let id = KeyRef::Id(ended.key.key_id.clone());
                    let shown = bed.service.get_key(&org.caller, &id).await.unwrap().key;
                    assert_eq!(shown.status(bed.clock.now()), KeyStatus::Expired);
                    let revived = bed.service.rotate_key(&org.caller, &id, grace(0), &Precondition::Anything).await;
                    assert!(matches!(revived, Err(Error::NotFound(_))));
                }
                assert!(works_from_memory(&bed, &org, &next).await && works_from_memory(&bed, &org, &other).await);
                let found = bed.service.get_key(&org.caller, &named(&org, name)).await.unwrap().key;
                assert_eq!(found.key_id, next.key.key_id);
                bed.service.sweep_due().await.unwrap();
            }
        }
        assert_eq!(page(&bed, &org, KeyView::Expired).await.1, 4);
        assert_eq!(page(&bed, &org, KeyView::Active).await.1, 5);
    }

    /// The owner ends while a wrong clock has stored their keys as expired.
    async fn the_end_of_an_owner_also_ends_expired_keys(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.warm().await;
        let (member, _) = bed.member(&org, "m@acme.example", Role::Member).await;
        let service_account = bed.service_account(&org, "deploy", &[]).await;
        let end = bed.clock.now().plus_seconds(HOUR).to_rfc3339();
        let mut all = Vec::new();
        for (n, is_late) in [(0, false), (1, true)] {
            let made = bed.key(&org, &member, |draft| {
                draft.name = Some(format!("{n}"));
                draft.expires_at = Some(end.clone());
            }).await;
            let draft = model::key::KeyDraft {
                name: Some(format!("{n}")),
                expires_at: Some(end.clone()),
                ..Default::default()
            };
            let account = Owner::ServiceAccount(service_account.service_account_id.clone());
            let new = draft.check(bed.clock.now()).unwrap();
            if n == 0 {
                all.push(bed.service.create_key(&org.caller, &account, new).await.unwrap());
            }
            all.push(made);
            bed.clock.set_by_seconds(DAY_SECONDS);
            bed.service.sweep_due().await.unwrap();
            // In the first round the owner ends while the clock is wrong, in the second after it was set right but
            // before the next sweep.
            if is_late {
                bed.clock.set_by_seconds(-DAY_SECONDS);
            }
            set_status(&bed, &org, &member, UserStatus::Suspended).await;
            if n == 0 {
                bed.service.disable_service_account(&org.caller, &service_account.service_account_id).await.unwrap();
            }
            if !is_late {
                bed.clock.set_by_seconds(-DAY_SECONDS);
            }
            set_status(&bed, &org, &member, UserStatus::Active).await;
            for ended in &all {
                assert!(!works_from_memory(&bed, &org, ended).await);
            }
        }
        bed.service.sweep_due().await.unwrap();
        for ended in &all {
            assert!(!works_from_memory(&bed, &org, ended).await);
        }
        let owner = Owner::Id(member.user_id.clone());
        assert_eq!(bed.list_keys_of_user(&org.caller, &owner, false).await.unwrap(), []);
    }

    /// The clock is set forward and back by years.
    async fn a_very_wrong_clock_locks_nobody_out_and_revives_no_key(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let org = bed.by_key(org).await;
        bed.warm().await;
        let forever = bed.key(&org, &org.admin, |_| ()).await;
        let ended = ending(&bed, &org, "hour").await;
        let revoked = bed.key(&org, &org.admin, |draft| draft.name = Some("revoked".into())).await;
        bed.service.revoke_key(&org.caller, &named(&org, "revoked"), String::new(), &Precondition::Anything).await.unwrap();
        for seconds in [-30 * DAY_SECONDS, 40 * YEAR, -80 * YEAR, 9000 * YEAR, -9000 * YEAR, 40 * YEAR, 30 * DAY_SECONDS] {
            bed.clock.set_by_seconds(seconds);
            bed.service.sweep_due().await.unwrap();
            bed.flush().await;
            assert!(works_from_memory(&bed, &org, &forever).await, "{}", bed.clock.now());
            assert!(!works_from_memory(&bed, &org, &revoked).await, "{}", bed.clock.now());
            let is_before = ended.key.fields.expires_at.unwrap() > bed.clock.now();
            assert_eq!(works_from_memory(&bed, &org, &ended).await, is_before, "{}", bed.clock.now());
            assert_eq!(page(&bed, &org, KeyView::Active).await.1, if is_before { 3 } else { 2 });
            assert!(page(&bed, &org, KeyView::Unused).await.1 <= 3);
            let made = bed.key(&org, &org.admin, |draft| draft.name = Some("new".into())).await;
            assert!(works_from_memory(&bed, &org, &made).await);
            bed.service.revoke_key(&org.caller, &named(&org, "new"), String::new(), &Precondition::Anything).await.unwrap();
        }
    }

    /// The clocks of two nodes differ near the end of a key: one node has stored the key as expired, the other changes
    /// it.
    async fn a_change_on_a_node_with_a_slow_clock_does_not_damage_a_key(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = ending(&bed, &org, "one").await;
        let behind = TestClock::at(bed.clock.now().plus_seconds(HOUR - 2));
        let other = Service::new(
            bed.database.store.without_listener(), Clock::from(behind.clone()), Entropy::seeded(2), Settings::default(),
        );
        bed.clock.advance_seconds(HOUR);
        bed.service.sweep_due().await.unwrap();
        assert!(!bed.accepts(&made.secret).await);
        let end = behind.now().plus_seconds(DAY_SECONDS).to_rfc3339();
        let patch = KeyPatchDraft { expires_at: model::key::Change::Set(end), ..KeyPatchDraft::default() };
        let by_id = KeyRef::Id(made.key.key_id.clone());
        other.update_key(&org.caller, &by_id, patch.check(behind.now()).unwrap(), &Precondition::Anything).await.unwrap();
        // The key is active for both nodes, has its name, and is on every list.
        assert!(bed.accepts(&made.secret).await);
        let found = bed.service.get_key(&org.caller, &named(&org, "one")).await.unwrap();
        assert_eq!(found.key.key_id, made.key.key_id);
        assert_eq!(page(&bed, &org, KeyView::Active).await.1, 2);
    }

    /// One person is a member of two organizations, with keys of the same name in both.
    async fn an_end_in_one_organization_does_not_affect_another(bed: TestBed) {
        let (one, two) = (bed.organization("Acme").await, bed.organization("Globex").await);
        let (mine, _) = bed.member(&one, "m@both.example", Role::Member).await;
        let (yours, _) = bed.member(&two, "m@both.example", Role::Member).await;
        let end = bed.clock.now().plus_seconds(HOUR).to_rfc3339();
        let first = bed.key(&one, &mine, |draft| draft.expires_at = Some(end.clone())).await;
        let second = bed.key(&two, &yours, |draft| draft.expires_at = Some(end.clone())).await;
        bed.clock.set_by_seconds(DAY_SECONDS);
        bed.service.sweep_due().await.unwrap();
        let next = bed.key(&one, &mine, |_| ()).await;
        bed.clock.set_by_seconds(-DAY_SECONDS);
        assert!(!works(&bed, &one, &first).await && works(&bed, &one, &next).await);
        assert!(works(&bed, &two, &second).await);
        let by_email = KeyRef::Named { owner: Owner::Email("m@both.example".into()), name: "ci".into() };
        let found = bed.service.get_key(&two.caller, &by_email).await.unwrap();
        assert_eq!(found.key.key_id, second.key.key_id);
        set_status(&bed, &one, &mine, UserStatus::Suspended).await;
        assert!(!works(&bed, &one, &next).await && works(&bed, &two, &second).await);
        bed.service.revoke_key(&two.caller, &by_email, String::new(), &Precondition::Anything).await.unwrap();
        assert!(!works(&bed, &two, &second).await);
    }

    /// Sessions and links that were created by a clock years ahead do not last for years.
    async fn sessions_and_links_created_by_a_fast_clock_end(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let sign_in = async || {
            let password = Password::typed(PASSWORD);
            bed.service.sign_in("admin@acme.example", &password, &RequestContext::default()).await.unwrap().token
        };
        let is_signed_in = async |token: &PlainToken| {
            bed.service.authenticate_session(token.reveal(), RequestContext::default()).await.is_ok()
        };
        let (member, _) = bed.member(&org, "m@acme.example", Role::Member).await;
        bed.clock.set_by_seconds(40 * YEAR);
        let ahead = sign_in().await;
        let link = bed.service.create_invitation(&org.caller, &member.user_id).await.unwrap().0;
        assert!(is_signed_in(&ahead).await && bed.service.invitation(link.reveal()).await.is_ok());
        bed.clock.set_by_seconds(-40 * YEAR);
        assert!(!is_signed_in(&ahead).await && bed.service.invitation(link.reveal()).await.is_err());
        let right = sign_in().await;
        assert!(is_signed_in(&right).await);
        // This is like a request to another node whose clock is a little behind.
        bed.clock.set_by_seconds(-60);
        assert!(is_signed_in(&right).await);
    }

    async fn rate_limits_do_not_follow_the_wall_clock(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.key(&org, &org.admin, |draft| draft.rate_limit_override = Some(2)).await;
        assert!(bed.accepts(&made.secret).await && bed.accepts(&made.secret).await);
        for seconds in [DAY_SECONDS, -30 * DAY_SECONDS] {
            bed.clock.set_by_seconds(seconds);
            assert!(!bed.accepts(&made.secret).await);
        }
        bed.clock.advance_seconds(61);
        assert!(bed.accepts(&made.secret).await);
    }
}

/// Keys that a wrong clock stored as expired count again as soon as the clock is right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_quota_follows_the_clock() {
    let bed = TestBed::sqlite_with(Settings { keys_per_organization_max: 2, ..Settings::default() }).await;
    let org = bed.organization("Acme").await;
    ending(&bed, &org, "one").await;
    bed.clock.set_by_seconds(DAY_SECONDS);
    bed.service.sweep_due().await.unwrap();
    bed.clock.set_by_seconds(-DAY_SECONDS);
    let create = async |name: &str, now: Timestamp| {
        let draft = model::key::KeyDraft { name: Some(name.into()), ..Default::default() };
        let owner = Owner::Id(org.admin.user_id.clone());
        bed.service.create_key(&org.caller, &owner, draft.check(now).unwrap()).await
    };
    let refused = create("two", bed.clock.now()).await;
    assert!(matches!(refused, Err(Error::Quota { current: 2, .. })), "{refused:?}");
    // A key that has expired does not count, even before the sweep.
    bed.clock.advance_seconds(HOUR);
    create("two", bed.clock.now()).await.unwrap();
}
