//! A trace of system calls that strace has written, in the order in which the system saw them.

use std::collections::HashMap;
use std::path::Path;

pub struct Trace {
    calls: Vec<Call>,
}

/// A system call that matters to the tests. `begin` and `end` are line numbers in the trace.
struct Call {
    kind: Kind,
    begin: usize,
    end: usize,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Writes to the write-ahead log of the database.
    Log,
    /// Syncs the write-ahead log of the database.
    Flush,
    /// Syncs another file, such as the database itself.
    OtherFlush,
    /// Sends something to a client.
    Answer,
}

impl Trace {
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let mut calls: Vec<Call> = Vec::new();
        let mut unfinished: HashMap<&str, usize> = HashMap::new();
        for (place, line) in text.lines().enumerate() {
            let (thread, rest) = line.split_once(' ').unwrap_or((line, ""));
            let rest = rest.trim_start();
            if rest.starts_with("<... ") {
                if let Some(index) = unfinished.remove(thread) {
                    calls[index].end = place;
                    calls[index].text.push_str(rest);
                }
            } else if let Some(kind) = Kind::of(rest) {
                if rest.ends_with("<unfinished ...>") {
                    unfinished.insert(thread, calls.len());
                }
                calls.push(Call { kind, begin: place, end: place, text: rest.to_owned() });
            }
        }
        Self { calls }
    }

    /// Checks that the change with this mark was written to the log, then synced, and only then answered.
    #[track_caller]
    pub fn assert_synced_before_answer(&self, mark: &str) {
        let first = |kind| self.calls.iter().find(|call| call.kind == kind && call.text.contains(mark));
        let written = first(Kind::Log).unwrap_or_else(|| panic!("{mark} is in no log"));
        let answered = first(Kind::Answer).unwrap_or_else(|| panic!("{mark} is in no answer"));
        let is_flushed = self.calls.iter().any(|call| {
            call.kind == Kind::Flush
                && call.text.ends_with("= 0")
                && written.end < call.begin
                && call.end < answered.begin
        });
        assert!(
            is_flushed,
            "{mark}: written at {}, answered at {}, no flush between",
            written.end, answered.begin
        );
    }

    /// The number of syncs between the first answer with the mark `first` and the last answer with the mark `last`.
    pub fn flushes_between(&self, first: &str, last: &str) -> usize {
        let is_answer = |call: &&Call, mark| call.kind == Kind::Answer && call.text.contains(mark);
        let begin = self.calls.iter().find(|call| is_answer(call, first)).unwrap().end;
        let end = self.calls.iter().rfind(|call| is_answer(call, last)).unwrap().begin;
        let flushes = self.calls.iter().filter(|call| matches!(call.kind, Kind::Flush | Kind::OtherFlush));
        flushes.filter(|call| begin < call.begin && call.begin < end).count()
    }
}

impl Kind {
    fn of(call: &str) -> Option<Self> {
        let (name, arguments) = call.split_once('(')?;
        let file = arguments.split(',').next()?;
        match name {
            "fsync" | "fdatasync" if file.contains("keystead.db-wal") => Some(Self::Flush),
            "fsync" | "fdatasync" => Some(Self::OtherFlush),
            "pwrite64" if file.contains("keystead.db-wal") => Some(Self::Log),
            "write" | "writev" | "sendto" | "sendmsg" if arguments.contains("HTTP/1.1 ") => {
                Some(Self::Answer)
            }
            _ => None,
        }
    }
}
