//! The locks of mirrors. `model_checked` has other locks with the same names.

pub(super) use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard, RwLock, RwLockWriteGuard};
