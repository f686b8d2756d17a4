//! The tasks that pages offer for a key, and the reasons why they offer none.

use model::Timestamp;
use model::key::{Key, KeyStatus};
use model::user::Role;

/// A task for one key. Each has a dialog of its own, except [`Self::Enable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTask {
    Edit,
    Rotate,
    /// Puts the key out of service for a time.
    Disable,
    Enable,
    /// Ends the key for good.
    Revoke,
}

impl KeyTask {
    pub fn label(self) -> &'static str {
        match self {
            Self::Edit => "Edit…",
            Self::Rotate => "Rotate secret…",
            Self::Disable => "Disable…",
            Self::Enable => "Enable",
            Self::Revoke => "Revoke…",
        }
    }

    /// The tasks in a key's menu, in order. Of disabling and enabling, only the one that changes something is included.
    pub fn of(key: &Key) -> [Self; 4] {
        let pause = if key.disabled.is_some() { Self::Enable } else { Self::Disable };
        [Self::Edit, Self::Rotate, pause, Self::Revoke]
    }
}

/// Why the key cannot be changed; `None` if it can. Of several reasons, returns the one that lasts longest.
///
/// This only decides what pages offer. The service checks every request itself.
pub fn refusal(key: &Key, may_change: bool, now: Timestamp) -> Option<&'static str> {
    if key.status(now) == KeyStatus::Revoked {
        Some("A revoked key cannot be restored. Create a similar key instead.")
    } else if key.status(now) == KeyStatus::Expired {
        Some("An expired key cannot be restored. Create a similar key instead.")
    } else if key.is_admin_key() {
        Some("The admin-key is protected. The operator can replace it on the server with keystead admin-key.")
    } else if may_change {
        None
    } else {
        Some("Only the owner of this key and the organization's admins can change it.")
    }
}

/// Whether a user may change a key: admins may change every key, members their own, and viewers none.
pub fn may_change(role: Role, is_own: bool) -> bool {
    match role {
        Role::Admin => true,
        Role::Member => is_own,
        Role::Viewer => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::keys::sample::{key, moment};

    #[test]
    fn a_menu_offers_to_disable_or_to_enable() {
        let mut key = key();
        assert!(KeyTask::of(&key).contains(&KeyTask::Disable));
        key.disabled = Some(model::key::Disabling { at: moment(0), by: None });
        assert!(KeyTask::of(&key).contains(&KeyTask::Enable));
    }

    #[test]
    fn the_reason_that_lasts_longest_is_given() {
        let mut key = key();
        assert_eq!(refusal(&key, true, moment(0)), None);
        assert!(refusal(&key, false, moment(0)).is_some_and(|why| why.starts_with("Only the owner")));
        key.fields.name = model::key::KeyName::admin_key();
        assert!(refusal(&key, true, moment(0)).is_some_and(|why| why.contains("protected")));
        key.fields.expires_at = Some(moment(5));
        assert!(refusal(&key, true, moment(5)).is_some_and(|why| why.starts_with("An expired key")));
    }

    #[test]
    fn viewers_change_no_key_and_members_only_their_own() {
        for (role, is_own, may) in [
            (Role::Admin, false, true),
            (Role::Member, true, true),
            (Role::Member, false, false),
            (Role::Viewer, true, false),
        ] {
            assert_eq!(may_change(role, is_own), may);
        }
    }
}
