//! Tests under many schedules that each use that was counted in the key cache is written once, although its secret
//! changes, and although a write fails.

use std::sync::Arc;

use shuttle::thread;

use super::keys::{Model, Step};
use super::schedules::{Invalidated, Opening, try_schedules};

/// More than the number of secrets.
const ALL: usize = 10;

/// Writes the uses. Returns their number.
fn write(model: &Model) -> u32 {
    let taken = model.key_cache.take_pending(ALL);
    assert!(taken.iter().all(|uses| uses.key_id == "key_a" && uses.organization.as_str() == "org_a"));
    taken.iter().map(|uses| uses.n).sum()
}

/// One thread uses the secret, one changes it, and one writes. Its first write fails.
fn race(change: Step, reported: Invalidated) {
    let model = Model::new(change);
    assert!(model.verify(Opening::Before));
    let using = {
        let model = Arc::clone(&model);
        thread::spawn(move || (0..2).for_each(|_| model.count_use()))
    };
    let changing = {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            model.change(change, reported);
            model.count_use();
        })
    };
    let writing = {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            let unwritten = model.key_cache.take_pending(ALL);
            model.key_cache.put_back(unwritten);
            write(&model)
        })
    };
    using.join().unwrap();
    changing.join().unwrap();
    let written = writing.join().unwrap();
    assert_eq!(written + write(&model), *model.uses.lock().unwrap());
    assert_eq!(write(&model), 0);
}

#[test]
fn each_use_is_written_once_under_every_schedule() {
    for (change, reported) in [
        (Step::Revoked, Invalidated::ByName),
        (Step::Replaced, Invalidated::ByName),
        (Step::Suspended, Invalidated::AsEverything),
    ] {
        try_schedules(move || race(change, reported));
    }
}
