//! The locks of the key cache. `model_checked` has other locks with the same names.

pub(super) use std::sync::{
    Mutex, MutexGuard, RwLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
