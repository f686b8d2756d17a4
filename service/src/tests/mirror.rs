//! Tests of the protocol of mirrors alone.

use crate::mirror::{Change, Changed, CloseOnDrop, Mirror, Subject};

#[derive(Clone, PartialEq, Eq, Hash)]
struct Name(&'static str);

impl Subject for Name {
    fn is_shared(&self) -> bool {
        false
    }
}

#[test]
fn a_reader_learns_what_has_changed_since_it_began() {
    let mirror = Mirror::default();
    let early = mirror.begin_read();
    let mut invalidated = Vec::new();
    mirror.apply(&[Change::Of(Name("a"))], |change| invalidated.push(change.clone()));
    assert_eq!(invalidated.len(), 1);
    let late = mirror.begin_read();
    let covers = |epoch, name| mirror.store(epoch, |changed| changed.covers(&Name(name)));
    assert_eq!([covers(&early, "a"), covers(&early, "b"), covers(&late, "a")], [true, false, false]);
    mirror.apply(&[Change::Everything], |_| ());
    assert!(covers(&late, "a"));
}

#[test]
fn nothing_is_stored_under_an_epoch_that_was_closed() {
    let mirror = Mirror::<Name>::default();
    let epoch = mirror.begin_read();
    drop(CloseOnDrop(&mirror, &epoch));
    assert!(mirror.store(&epoch, Changed::is_everything));
}

#[test]
fn a_mirror_is_used_only_until_its_time_is_over() {
    let mirror = Mirror::<Name>::default();
    assert!(!mirror.is_current(0));
    mirror.set_valid_until(10);
    assert!(mirror.is_current(9) && !mirror.is_current(10));
}
