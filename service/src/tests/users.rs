//! Tests creating, changing and removing members.

use model::user::{Role, UserFilter, UserPatchDraft, UserStatus};

use super::on_both;
use crate::testing::TestBed;
use crate::{Error, Owner};

fn patch(change: impl FnOnce(&mut UserPatchDraft)) -> model::user::UserPatch {
    let mut draft = UserPatchDraft::default();
    change(&mut draft);
    draft.check().unwrap()
}

on_both! {
    async fn a_suspended_users_keys_are_revoked_for_good(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let made = bed.key(&org, &bob, |_| ()).await;
        let owner = Owner::Email("BOB@acme.example".into());
        let suspend = patch(|draft| draft.status = Some("suspended".into()));
        let bob = bed.service.update_user(&org.caller, &owner, suspend).await.unwrap();
        assert_eq!(bob.status, UserStatus::Suspended);
        assert!(!bed.accepts(&made.secret).await);
        let new = model::key::KeyDraft { name: Some("x".into()), ..Default::default() };
        let new = new.check(bed.clock.now()).unwrap();
        let refused = bed.service.create_key(&org.caller, &owner, new).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let activate = patch(|draft| draft.status = Some("active".into()));
        bed.service.update_user(&org.caller, &owner, activate).await.unwrap();
        assert!(!bed.accepts(&made.secret).await);
    }

    async fn a_removed_users_keys_are_revoked_and_the_address_is_free(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, _) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let made = bed.key(&org, &bob, |_| ()).await;
        let owner = Owner::Id(bob.user_id);
        bed.service.remove_user(&org.caller, &owner).await.unwrap();
        assert!(!bed.accepts(&made.secret).await);
        assert!(matches!(bed.service.get_user(&org.caller, &owner).await, Err(Error::NotFound(_))));
        let (again, _) = bed.member(&org, "Bob@acme.example", Role::Member).await;
        assert!(bed.keys_of(&org, &again).await.is_empty());
    }

    async fn an_address_is_one_member_in_any_letter_case(bed: TestBed) {
        let org = bed.organization("Acme").await;
        bed.member(&org, "bob@acme.example", Role::Member).await;
        let draft = model::user::UserDraft {
            email: Some("BOB@ACME.example".into()),
            user_name: Some("Bob".into()),
            ..Default::default()
        };
        let taken = bed.service.add_user(&org.caller, draft.check().unwrap()).await;
        assert!(matches!(taken, Err(Error::AlreadyExists(_))));
        let page = bed.service.list_users(&org.caller, &UserFilter::default(), 0, 50).await.unwrap();
        assert_eq!(page.total, 2);
    }

    async fn the_last_admin_cannot_be_removed(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let admin = Owner::Id(org.admin.user_id.clone());
        for change in [
            patch(|draft| draft.role = Some("member".into())),
            patch(|draft| draft.status = Some("suspended".into())),
        ] {
            let refused = bed.service.update_user(&org.caller, &admin, change).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))));
        }
        assert!(matches!(bed.service.remove_user(&org.caller, &admin).await, Err(Error::Forbidden(_))));
        assert!(bed.accepts(&org.admin_key).await, "nothing was changed");
    }

    async fn only_admins_can_change_members(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let (bob, caller) = bed.member(&org, "bob@acme.example", Role::Member).await;
        let promote = patch(|draft| draft.role = Some("admin".into()));
        let refused = bed.service.update_user(&caller, &Owner::Id(bob.user_id), promote).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        assert!(bed.service.list_users(&caller, &UserFilter::default(), 0, 50).await.is_ok());
    }
}
