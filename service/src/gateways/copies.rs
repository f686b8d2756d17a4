//! Copies of gateways in memory, so that a question costs no query.
//!
//! A copy is forgotten at the commit that changes its gateway, if this process commits. Another process's change is seen
//! when the copy gets old. A reading that began before a change cannot put back what the change has made old: it names the
//! generation that it saw, and each change begins another one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use model::gateway::Gateway;
use store::changes::Subject;

use super::ids::Ids;

/// From this age on, in milliseconds, one of those who ask looks again.
const AGE_MILLIS_FRESH: u64 = 1000;
/// A copy of this age is not used any more, whoever looks again.
pub(super) const AGE_MILLIS_MAX: u64 = 2000;
/// Most copies: more than one node serves.
const COPIES_MAX: usize = 10_000;
/// Most ids of which it is remembered that there is no such gateway. Anybody can make them up, so they go all at once.
const ABSENT_MAX: usize = 1000;

/// The copies.
#[derive(Default)]
pub(crate) struct Copies(RwLock<Inner>);

#[derive(Default)]
struct Inner {
    generation: u64,
    copies: HashMap<String, Copy>,
    /// When it was asked for.
    absent: HashMap<String, u64>,
    ids: Ids,
}

struct Copy {
    gateway: Arc<Gateway>,
    /// When it was asked for.
    asked_at: u64,
    /// Whether somebody looks again.
    is_renewed: AtomicBool,
}

/// What is known of an id.
pub(super) enum Found {
    /// The gateway, or that there is none.
    Copy(Option<Arc<Gateway>>),
    /// Nothing that is fresh enough: look, and keep it under this generation.
    Unknown {
        /// Of the moment of asking.
        generation: u64,
    },
}

impl Copies {
    /// What is known of an id at a moment. The list of all ids counts only while changes of others are heard of.
    pub(super) fn look(&self, id: &str, now: u64, is_heard: bool) -> Found {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let age = |asked_at: u64| now.saturating_sub(asked_at);
        if let Some(copy) = inner.copies.get(id) {
            let is_fresh = age(copy.asked_at) < AGE_MILLIS_FRESH;
            let is_renewed = || copy.is_renewed.swap(true, Ordering::Relaxed);
            if is_fresh || (age(copy.asked_at) < AGE_MILLIS_MAX && is_renewed()) {
                return Found::Copy(Some(Arc::clone(&copy.gateway)));
            }
        } else if is_heard && inner.ids.lacks(id)
            || inner.absent.get(id).is_some_and(|asked_at| age(*asked_at) < AGE_MILLIS_FRESH)
        {
            return Found::Copy(None);
        }
        Found::Unknown { generation: inner.generation }
    }

    /// Keeps what was found, unless something has changed since it was asked for.
    pub(super) fn keep(&self, id: &str, found: Option<Arc<Gateway>>, asked_at: u64, generation: u64) {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if inner.generation != generation {
            return;
        }
        if let Some(gateway) = found {
            if inner.copies.len() >= COPIES_MAX {
                inner.copies.clear();
            }
            inner.absent.remove(id);
            let copy = Copy { gateway, asked_at, is_renewed: AtomicBool::new(false) };
            inner.copies.insert(id.to_owned(), copy);
        } else {
            if inner.absent.len() >= ABSENT_MAX {
                inner.absent.clear();
            }
            inner.copies.remove(id);
            inner.absent.insert(id.to_owned(), asked_at);
        }
    }

    /// Begins to list all ids, if they are not listed.
    pub(super) fn begin_list(&self) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).ids.begin()
    }

    /// Ends it with what was read since it began.
    pub(super) fn end_list(&self, ids: Vec<String>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).ids.end(ids);
    }

    /// Forgets what has changed.
    pub(crate) fn forget(&self, subjects: &[Subject]) {
        let concerns = |subject: &Subject| match subject {
            Subject::Gateway(_) | Subject::Organization(_) | Subject::Everything => true,
            Subject::Secret(_) | Subject::Owner(_) => false,
        };
        if !subjects.iter().any(concerns) {
            return;
        }
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        inner.generation += 1;
        for subject in subjects {
            match subject {
                Subject::Gateway(id) => {
                    inner.copies.remove(id);
                    inner.absent.remove(id);
                    inner.ids.note(id);
                }
                Subject::Organization(id) => {
                    inner.copies.retain(|_, copy| copy.gateway.organization_id.as_str() != id);
                }
                Subject::Everything => {
                    inner.copies.clear();
                    inner.absent.clear();
                    inner.ids.clear();
                }
                Subject::Secret(_) | Subject::Owner(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Timestamp;
    use model::gateway::GatewayDraft;
    use model::id::{GatewayId, OrganizationId};

    use super::*;

    fn gateway() -> Arc<Gateway> {
        let draft = GatewayDraft { name: Some("api".into()), ..GatewayDraft::default() };
        let (id, organization) = (GatewayId::from_random("a"), OrganizationId::from_random("o"));
        Arc::new(draft.check().unwrap().into_gateway(id, organization, None, Timestamp::from_seconds(0)))
    }

    fn generation(copies: &Copies, id: &str, now: u64) -> Option<u64> {
        match copies.look(id, now, true) {
            Found::Copy(_) => None,
            Found::Unknown { generation } => Some(generation),
        }
    }

    #[test]
    fn one_looks_again_at_a_copy_that_gets_old_and_nobody_uses_an_older_one() {
        let copies = Copies::default();
        copies.keep("gw_a", Some(gateway()), 0, 0);
        assert_eq!(generation(&copies, "gw_a", 999), None);
        assert_eq!(generation(&copies, "gw_a", 1000), Some(0));
        assert_eq!(generation(&copies, "gw_a", 1000), None);
        assert_eq!(generation(&copies, "gw_a", 2000), Some(0));
        assert_eq!(generation(&copies, "gw_a", 2000), Some(0));
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        for subject in
            [Subject::Gateway("gw_a".into()), Subject::Organization("org_o".into()), Subject::Everything]
        {
            let copies = Copies::default();
            copies.keep("gw_a", Some(gateway()), 0, 0);
            copies.forget(std::slice::from_ref(&subject));
            assert_eq!(generation(&copies, "gw_a", 0), Some(1), "{subject:?}");
            copies.keep("gw_a", Some(gateway()), 0, 0);
            assert_eq!(generation(&copies, "gw_a", 0), Some(1), "{subject:?}");
        }
        let copies = Copies::default();
        copies.keep("gw_a", Some(gateway()), 0, 0);
        copies.forget(&[Subject::Secret([0; 32]), Subject::Owner("usr_a".into())]);
        assert_eq!(generation(&copies, "gw_a", 0), None);
    }

    #[test]
    fn ids_that_anybody_makes_up_take_a_bounded_room() {
        let copies = Copies::default();
        for n in 0..5 * ABSENT_MAX {
            copies.keep(&format!("gw_{n}"), None, 0, 0);
        }
        assert!(copies.0.read().unwrap().absent.len() <= ABSENT_MAX);
        copies.keep("gw_a", None, 0, 0);
        assert_eq!(generation(&copies, "gw_a", 999), None);
        assert_eq!(generation(&copies, "gw_a", 1000), Some(0));
    }

    #[test]
    fn with_all_ids_listed_one_that_is_made_up_is_known_to_be_nobodys_while_changes_are_heard_of() {
        let copies = Copies::default();
        assert!(copies.begin_list());
        copies.end_list(vec!["gw_a".to_owned()]);
        assert_eq!(generation(&copies, "gw_b", 0), None);
        assert_eq!(generation(&copies, "gw_a", 0), Some(0));
        assert!(matches!(copies.look("gw_b", 0, false), Found::Unknown { .. }));
        copies.forget(&[Subject::Gateway("gw_b".into())]);
        assert_eq!(generation(&copies, "gw_b", 0), Some(1));
        copies.forget(&[Subject::Everything]);
        assert_eq!(generation(&copies, "gw_c", 0), Some(2));
    }
}
