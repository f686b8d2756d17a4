//! Tests the operator's commands about members and organizations.

use model::audit::{ActorKind, AuditAction};
use model::email::Email;
use model::id::OrganizationId;
use model::invitee::{Invitee, InviteeDraft};
use model::password::Password;
use model::user::{Role, User, UserPatch, UserStatus};

use super::on_both;
use crate::testing::{Org, PASSWORD, TestBed, setup};
use crate::{Error, Owner, RequestContext, SameName};

const BOB: &str = "bob@acme.example";

fn invitee(user_name: Option<&str>, role: Option<&str>) -> Invitee {
    let draft = InviteeDraft {
        email: BOB.to_owned(),
        user_name: user_name.map(str::to_owned),
        role: role.map(str::to_owned),
    };
    draft.check().unwrap()
}

fn unknown() -> OrganizationId {
    OrganizationId::from_random("0123456789abcdef")
}

async fn change(bed: &TestBed, org: &Org, user: &User, patch: UserPatch) {
    bed.service.update_user(&org.caller, &Owner::Id(user.user_id.clone()), patch).await.unwrap();
}

async fn suspend(bed: &TestBed, org: &Org, user: &User) {
    change(bed, org, user, UserPatch { status: Some(UserStatus::Suspended), ..UserPatch::default() }).await;
}

async fn count(bed: &TestBed, org: &Org, action: AuditAction) -> usize {
    let records = bed.audit(&org.caller).await;
    let of =
        records.iter().filter(|record| record.action == action && record.actor_kind == ActorKind::Operator);
    of.count()
}

async fn names(
    bed: &TestBed,
    organization: Option<&OrganizationId>,
    after: Option<&User>,
) -> Vec<(String, String)> {
    let found = bed.service.list_users_locally(organization, after).await.unwrap();
    found.into_iter().map(|found| (found.organization.name, found.user.email.to_string())).collect()
}

on_both! {
    async fn an_invited_person_is_added_and_joins_by_the_link(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let made = bed.service.invite_locally(&org.organization_id, &invitee(None, Some("admin"))).await.unwrap();
        let user = &made.membership.user;
        assert_eq!((user.user_name.as_str(), user.role, user.can_sign_in), ("bob", Role::Admin, false));
        assert_eq!(made.membership.organization.name, "Acme");
        let again = bed.service.invite_locally(&org.organization_id, &invitee(None, None)).await.unwrap();
        assert_eq!(again.membership.user.user_id, user.user_id);
        assert!(bed.service.invitation(made.token.reveal()).await.is_err(), "the new link replaces it");
        assert_eq!(again.expires_at, bed.clock.now().plus_seconds(7 * 86_400));
        let (password, context) = (Password::typed(PASSWORD), RequestContext::default());
        bed.service.accept_invitation(again.token.reveal(), &password, &context).await.unwrap();
        assert_eq!(bed.organizations_of(&bed.sign_in(BOB, PASSWORD).await).await, ["Acme"]);
        assert_eq!(count(&bed, &org, AuditAction::InvitationCreated).await, 2);
        let added = bed.audit(&org.caller).await;
        let added = added.iter().filter(|record| record.resource_id == user.user_id.as_str());
        assert_eq!(added.filter(|record| record.action == AuditAction::UserCreated).count(), 1);
    }

    async fn a_member_is_invited_only_as_the_member_that_they_are(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let invite = async |invitee: Invitee| bed.service.invite_locally(&org.organization_id, &invitee).await;
        assert!(matches!(bed.service.invite_locally(&unknown(), &invitee(None, None)).await, Err(Error::NotFound(_))));
        let (bob, _) = bed.member(&org, "Bob@acme.example", Role::Viewer).await;
        for (refused, field) in [
            (invite(invitee(None, Some("admin"))).await, "role"),
            (invite(invitee(Some("Bob"), None)).await, "user_name"),
        ] {
            let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
            assert!(errors.message_for(field).is_some(), "{errors:?}");
        }
        assert!(invite(invitee(Some("Somebody"), Some("viewer"))).await.is_ok());
        suspend(&bed, &org, &bob).await;
        assert!(matches!(invite(invitee(None, None)).await, Err(Error::Forbidden(_))));
        bed.service.remove_user(&org.caller, &Owner::Id(bob.user_id)).await.unwrap();
        bed.join(&org, BOB, PASSWORD).await;
        let before = bed.audit(&org.caller).await.len();
        assert!(matches!(invite(invitee(None, None)).await, Err(Error::Forbidden(_))), "who can sign in needs none");
        assert_eq!(bed.audit(&org.caller).await.len(), before);
    }

    async fn two_simultaneous_invitations_add_one_member(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let invitee = invitee(None, None);
        let invite = || bed.service.invite_locally(&org.organization_id, &invitee);
        let (one, other) = tokio::join!(invite(), invite());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.membership.user.user_id, other.membership.user.user_id);
        let working = [bed.service.invitation(one.token.reveal()).await, bed.service.invitation(other.token.reveal()).await];
        assert_eq!(working.iter().filter(|found| found.is_ok()).count(), 1);
    }

    async fn an_active_member_becomes_an_admin_once(bed: TestBed) {
        let org = bed.organization("Acme").await;
        let other = bed.organization("Other").await;
        let (bob, _) = bed.member(&org, "Bob@acme.example", Role::Viewer).await;
        let email = Email::parse(BOB).unwrap();
        for _ in 0..2 {
            let made = bed.service.make_admin_locally(&org.organization_id, &email).await.unwrap();
            assert_eq!((made.user.user_id, made.user.role), (bob.user_id.clone(), Role::Admin));
        }
        assert_eq!(count(&bed, &org, AuditAction::PermissionUpdated).await, 1);
        for id in [&other.organization_id, &unknown()] {
            assert!(matches!(bed.service.make_admin_locally(id, &email).await, Err(Error::NotFound(_))));
        }
        change(&bed, &org, &bob, UserPatch { role: Some(Role::Member), ..UserPatch::default() }).await;
        suspend(&bed, &org, &bob).await;
        let refused = bed.service.make_admin_locally(&org.organization_id, &email).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let bob = bed.service.get_user(&org.caller, &Owner::Id(bob.user_id)).await.unwrap();
        assert_eq!((bob.role, bob.status), (Role::Member, UserStatus::Suspended));
    }

    async fn members_are_listed_by_organization_and_oldest_first(bed: TestBed) {
        let (mut one, mut two) = (bed.organization("Acme").await, bed.organization("Second").await);
        if one.organization_id > two.organization_id {
            std::mem::swap(&mut one, &mut two);
        }
        let gone = bed.organization("Gone").await;
        bed.clock.advance_seconds(1);
        let (suspended, _) = bed.member(&one, BOB, Role::Member).await;
        let (removed, _) = bed.member(&one, "removed@acme.example", Role::Member).await;
        suspend(&bed, &one, &suspended).await;
        bed.service.remove_user(&one.caller, &Owner::Id(removed.user_id)).await.unwrap();
        let operator = bed.service.operate_locally(&gone.organization_id).await.unwrap();
        bed.service.remove_organization(&operator).await.unwrap();
        let admin = |org: &Org| org.admin.email.to_string();
        let all = names(&bed, None, None).await;
        assert_eq!(all.iter().map(|(_, email)| email.clone()).collect::<Vec<_>>(), [admin(&one), BOB.to_owned(), admin(&two)]);
        assert_eq!(names(&bed, None, Some(&one.admin)).await, all[1..]);
        assert_eq!(names(&bed, Some(&one.organization_id), None).await, all[..2]);
        assert_eq!(names(&bed, Some(&one.organization_id), Some(&one.admin)).await, all[1..2]);
        for id in [&gone.organization_id, &unknown()] {
            assert!(matches!(bed.service.list_users_locally(Some(id), None).await, Err(Error::NotFound(_))));
        }
    }

    async fn an_organization_that_audits_reads_sees_the_list_once(bed: TestBed) {
        let (org, other) = (bed.organization("Acme").await, bed.organization("Other").await);
        bed.member(&org, BOB, Role::Member).await;
        bed.service.update_audit_settings(&org.caller, Some(true)).await.unwrap();
        names(&bed, Some(&org.organization_id), None).await;
        names(&bed, Some(&org.organization_id), Some(&org.admin)).await;
        names(&bed, None, None).await;
        assert_eq!(count(&bed, &org, AuditAction::UserAccessed).await, 2);
        assert_eq!(count(&bed, &other, AuditAction::UserAccessed).await, 0);
    }

    /// Two spellings of a name are one name.
    async fn an_organization_with_the_name_of_another_is_made_only_on_request(bed: TestBed) {
        let named = |name: &str| model::session::NewSetup { organization: name.to_owned(), ..setup("Acme") };
        let first = bed.service.bootstrap(named("Caf\u{e9}"), SameName::Refuse).await.unwrap();
        for name in ["Caf\u{e9}", "Cafe\u{301}", "CAF\u{c9}", "caf\u{e9}", " Caf\u{e9} "] {
            let refused = bed.service.bootstrap(named(name), SameName::Refuse).await;
            let Err(Error::Invalid(errors)) = refused else { panic!("{refused:?}") };
            assert!(errors.message_for("organization").unwrap().contains("--allow-same-name"));
        }
        assert_eq!(names(&bed, None, None).await.len(), 1);
        bed.service.bootstrap(named("Cafe"), SameName::Refuse).await.unwrap();
        let second = bed.service.bootstrap(named("Cafe\u{301}"), SameName::Allow).await.unwrap();
        for id in [&first.organization_id, &second.organization_id] {
            assert!(bed.service.bootstrap(named("Caf\u{e9}"), SameName::Refuse).await.is_err());
            let operator = bed.service.operate_locally(id).await.unwrap();
            bed.service.remove_organization(&operator).await.unwrap();
        }
        bed.service.bootstrap(named("Caf\u{e9}"), SameName::Refuse).await.unwrap();
    }

    async fn only_one_of_two_simultaneous_organizations_gets_a_name(bed: TestBed) {
        let make = || bed.service.bootstrap(setup("Acme"), SameName::Refuse);
        let (one, other) = tokio::join!(make(), make());
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }
}
