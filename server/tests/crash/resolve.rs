//! A change whose answer was cut is stored completely or not at all, and can be repeated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::binary::{Answer, Rest};
use crate::caller::{Caller, Change};
use crate::database::hash;
use crate::held::ActiveKey;

/// The active keys as the API lists them, by id.
pub type Listed = BTreeMap<String, Value>;

/// A change whose answer was cut, and whether it is stored.
pub struct Resolved {
    change: Change,
    pub is_there: bool,
}

impl Caller {
    /// Finds out whether the cut change is stored, and updates what this caller knows. `known` contains the ids of all
    /// keys that any caller had before.
    pub fn resolve(&mut self, listed: &Listed, known: &mut BTreeSet<String>) -> Option<Resolved> {
        let change = self.cut.take()?;
        let is_there = match &change {
            Change::Create { name } => {
                let found = listed.values().find(|key| {
                    key["name"] == name.as_str() && !known.contains(key["key_id"].as_str().unwrap())
                });
                if let Some(key) = found {
                    let key_id = key["key_id"].as_str().unwrap();
                    known.insert(key_id.to_owned());
                    self.add(ActiveKey::new(key_id, name, None));
                }
                found.is_some()
            }
            Change::Describe { key_id, description, .. } => {
                listed[key_id]["description"] == description.as_str()
            }
            Change::Rotate { key_id, .. } => {
                let before = hash(self.held(key_id).secret.as_ref().unwrap());
                listed[key_id]["key_hash"] != before.as_str()
            }
            Change::Revoke { key_id, .. } => !listed.contains_key(key_id),
        };
        if is_there && !matches!(change, Change::Create { .. }) {
            self.apply(&change, None);
        }
        Some(Resolved { change, is_there })
    }

    /// Sends the cut change again.
    pub async fn repeat(&mut self, resolved: Resolved, rest: &Rest) {
        let Resolved { change, is_there } = resolved;
        if is_there && matches!(&change, Change::Revoke { name, .. } if name.starts_with("shared-")) {
            // Another caller may have a key of that name by now.
            return;
        }
        let answer = change.ask(rest).await;
        match (&change, is_there) {
            (Change::Create { name }, true) => {
                assert!(matches!(answer, Answer::Refused(409)), "{change:?}: {answer:?}");
                // The secret was in the answer that was cut. Only a rotation can produce a usable secret.
                let key_id = self.live.iter().find(|held| held.name == *name).unwrap().key_id.clone();
                let (name, asked) = (name.clone(), tokio::time::Instant::now());
                let rotate = Change::Rotate { key_id, name, grace: std::time::Duration::ZERO, asked };
                let answer = rotate.ask(rest).await;
                self.record(rotate, answer);
            }
            (Change::Revoke { .. }, true) => {
                assert!(matches!(answer, Answer::Refused(404)), "{change:?}: {answer:?}");
            }
            // The repetition changes nothing, so it adds no audit record.
            (Change::Describe { .. }, true) => {
                assert!(matches!(answer, Answer::Done(_)), "{change:?}: {answer:?}");
            }
            (Change::Rotate { .. }, true) | (_, false) => self.record(change, answer),
        }
        assert!(self.cut.is_none(), "the server is there");
    }
}
