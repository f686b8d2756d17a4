//! How far an import has come.

use super::batch::Batch;
use super::tally::Tally;
use crate::{Refusal, Result};

/// The rows that the target holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub rows: u64,
    pub digest: [u8; 32],
}

/// Leads an import past the rows that an earlier run has written.
pub(super) struct Progress {
    /// Where the earlier run stopped.
    reached: Position,
    tally: Tally,
}

impl Progress {
    pub fn new(reached: Position) -> Self {
        Self { reached, tally: Tally::default() }
    }

    /// Counts a batch. Returns the positions before and after it, or `None` if the target already holds it. Fails if
    /// the earlier run has read other rows.
    pub fn advance(&mut self, batch: &Batch) -> Result<Option<(Position, Position)>> {
        let before = self.position();
        self.tally.add(batch);
        if before.rows < self.reached.rows {
            let after = self.position();
            let is_same = after.rows < self.reached.rows || after == self.reached;
            return if is_same { Ok(None) } else { Err(Refusal::OtherSource.into()) };
        }
        Ok(Some((before, self.position())))
    }

    /// Returns what was counted, once the source has ended.
    pub fn end(self) -> Result<Tally> {
        if self.tally.rows() < self.reached.rows { Err(Refusal::OtherSource.into()) } else { Ok(self.tally) }
    }

    fn position(&self) -> Position {
        Position::of(&self.tally)
    }
}

impl Position {
    pub fn start() -> Self {
        Self::of(&Tally::default())
    }

    fn of(tally: &Tally) -> Self {
        Self { rows: tally.rows(), digest: tally.digest() }
    }

    /// The number of rows as the databases store it.
    pub fn stored_rows(&self) -> i64 {
        self.rows.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    fn batch(line: &str) -> Batch {
        let mut batch = Batch::of(0);
        batch.push_line(line.as_bytes());
        batch
    }

    #[test]
    fn an_import_continues_behind_the_rows_that_are_there() {
        let mut first = Progress::new(Position::start());
        let (_, reached) = first.advance(&batch("[1]")).unwrap().unwrap();
        let mut again = Progress::new(reached.clone());
        assert_eq!(again.advance(&batch("[1]")).unwrap(), None);
        let (before, after) = again.advance(&batch("[2]")).unwrap().unwrap();
        assert_eq!((before, after.rows), (reached, 2));
        assert_eq!(again.end().unwrap().rows(), 2);
    }

    #[test]
    fn other_rows_do_not_continue_an_import() {
        let mut first = Progress::new(Position::start());
        let (_, reached) = first.advance(&batch("[1]")).unwrap().unwrap();
        let refused = |result: Result<()>| matches!(result, Err(Error::Archive(Refusal::OtherSource)));
        assert!(refused(Progress::new(reached.clone()).advance(&batch("[2]")).map(drop)));
        assert!(refused(Progress::new(reached).end().map(drop)));
    }
}
