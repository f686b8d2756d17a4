//! The queue of lines that wait to be written.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::lost::count_lost;

/// A queue of whole lines. Adding a line waits only while other threads copy theirs.
pub(super) struct Queue {
    state: Mutex<State>,
    has_work: Condvar,
    is_written: Condvar,
    bytes_max: usize,
}

struct State {
    lines: Vec<u8>,
    /// The number of lines for which there was no room after `lines`.
    dropped: u64,
    /// Whether the writer is still writing what it has taken.
    is_writing: bool,
}

impl State {
    const fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.dropped == 0
    }
}

impl Queue {
    pub const fn new(bytes_max: usize) -> Self {
        let state = State { lines: Vec::new(), dropped: 0, is_writing: false };
        Self { state: Mutex::new(state), has_work: Condvar::new(), is_written: Condvar::new(), bytes_max }
    }

    /// Adds a line, or counts it as dropped if there is no room.
    pub fn push(&self, line: &[u8]) {
        let mut state = self.lock();
        if self.bytes_max.saturating_sub(state.lines.len()) < line.len() {
            state.dropped = state.dropped.saturating_add(1);
            count_lost(1);
        } else {
            state.lines.extend_from_slice(line);
        }
        drop(state);
        self.has_work.notify_one();
    }

    /// Waits for lines and swaps them with the empty `batch`. Returns the number of lines that were dropped since
    /// the last call. The lines count as written when this is called again.
    pub fn take(&self, batch: &mut Vec<u8>) -> u64 {
        let mut state = self.lock();
        state.is_writing = false;
        if state.is_empty() {
            self.is_written.notify_all();
        }
        let waited = self.has_work.wait_while(state, |state| state.is_empty());
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_writing = true;
        std::mem::swap(&mut state.lines, batch);
        std::mem::take(&mut state.dropped)
    }

    /// Waits until nothing is left to write, but at most for `limit`.
    pub fn wait_until_written(&self, limit: Duration) {
        let is_busy = |state: &mut State| state.is_writing || !state.is_empty();
        let _too_slow = self.is_written.wait_timeout_while(self.lock(), limit, is_busy);
    }

    /// Ignores poisoning: nothing panics while it holds the lock, and logging must not end.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_do_not_fit_are_counted_and_never_block() {
        let queue = Queue::new(10);
        for line in ["12345\n", "67\n", "89\n", "0\n"] {
            queue.push(line.as_bytes());
        }
        queue.wait_until_written(Duration::from_millis(1));
        let mut batch = Vec::new();
        assert_eq!(queue.take(&mut batch), 2);
        assert_eq!(batch, b"12345\n67\n");
        batch.clear();
        queue.push(b"next\n");
        assert_eq!((queue.take(&mut batch), batch.as_slice()), (0, b"next\n".as_slice()));
    }

    #[test]
    fn the_end_waits_for_lines_that_are_being_written() {
        let queue = Queue::new(10);
        std::thread::scope(|scope| {
            queue.push(b"a\n");
            let mut batch = Vec::new();
            queue.take(&mut batch);
            let waiting = scope.spawn(|| queue.wait_until_written(Duration::from_mins(10)));
            assert!(!waiting.is_finished());
            batch.clear();
            scope.spawn(|| queue.take(&mut Vec::new()));
            waiting.join().unwrap();
            // Lets the second call of `take` return.
            queue.push(b"b\n");
        });
    }
}
