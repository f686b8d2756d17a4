//! The locks of the model checker.

pub(super) use shuttle::sync::atomic::{AtomicBool, AtomicU64, Ordering};
pub(super) use shuttle::sync::{Mutex, MutexGuard, RwLock, RwLockWriteGuard};
