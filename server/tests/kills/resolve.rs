//! A change whose answer was cut is there as a whole, or not at all, and can be done again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::binary::{Answer, Rest};
use crate::caller::{Caller, Change};
use crate::database::hash;
use crate::held::Held;

/// The live keys as the API lists them, by id.
pub type Listed = BTreeMap<String, Value>;

/// A change that was cut, and whether it is there.
pub struct Resolved {
    change: Change,
    pub is_there: bool,
}

impl Caller {
    /// Finds out what became of the change that was cut, and knows from now on what must be true. `known` are the keys
    /// that any caller had before.
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
                    self.add(Held::new(key_id, name, None));
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

    /// Does what was cut once more.
    pub async fn repeat(&mut self, resolved: Resolved, rest: &Rest) {
        let Resolved { change, is_there } = resolved;
        if is_there && matches!(&change, Change::Revoke { name, .. } if name.starts_with("shared-")) {
            // The name may be another caller's by now.
            return;
        }
        let answer = change.ask(rest).await;
        match (&change, is_there) {
            (Change::Create { name }, true) => {
                assert!(matches!(answer, Answer::Refused(409)), "{change:?}: {answer:?}");
                // Its secret was in the answer that was cut: only another one is of any use.
                let key_id = self.live.iter().find(|held| held.name == *name).unwrap().key_id.clone();
                let (name, asked) = (name.clone(), tokio::time::Instant::now());
                let rotate = Change::Rotate { key_id, name, grace: std::time::Duration::ZERO, asked };
                let answer = rotate.ask(rest).await;
                self.note(rotate, answer);
            }
            (Change::Revoke { .. }, true) => {
                assert!(matches!(answer, Answer::Refused(404)), "{change:?}: {answer:?}");
            }
            // Nothing to change, and no second record.
            (Change::Describe { .. }, true) => {
                assert!(matches!(answer, Answer::Done(_)), "{change:?}: {answer:?}");
            }
            (Change::Rotate { .. }, true) | (_, false) => self.note(change, answer),
        }
        assert!(self.cut.is_none(), "the server is there");
    }
}
