//! The locks of the model checker.

pub(super) use shuttle::sync::{
    Mutex, MutexGuard, RwLock, RwLockWriteGuard,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
