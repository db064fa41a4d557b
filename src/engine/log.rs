//! The log of a group: append-only, cheap to clone, and hashed (SEMANTICS 0.4).

use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::kernel::{SimTime, Tape};
use crate::model::record::{Entry, Record};

/// What becomes of records as they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Retention {
    /// They are kept.
    #[default]
    Keep,
    /// They are hashed and counted, and then forgotten: for fleets and sweeps of which only the
    /// outcome is wanted.
    Digest,
}

/// The records of one group in the order of processing; forks share them.
#[derive(Clone, Debug, Default)]
pub struct Log {
    kept: Tape<Entry>,
    count: usize,
    /// Present if records are forgotten.
    hash: Option<Sha256>,
    group: Arc<str>,
}

/// A record as a line of the event log: its instant, its group, what it says.
#[derive(Serialize)]
struct Line<'a> {
    t: SimTime,
    group: &'a str,
    #[serde(flatten)]
    record: &'a Record,
}

impl Log {
    /// An empty log of the group of that name.
    pub(super) fn new(group: &str, retention: Retention) -> Self {
        let hash = (retention == Retention::Digest).then(Sha256::new);
        Self { hash, group: group.into(), ..Self::default() }
    }

    /// Appends a record.
    pub(super) fn push(&mut self, t: SimTime, record: Record) {
        self.count += 1;
        if let Some(hash) = &mut self.hash {
            hash.update(line(&self.group, t, &record));
            return;
        }
        self.kept.push(Entry { t, record });
    }

    /// How many records there have been, forgotten ones included.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// How many records are in memory.
    pub(super) fn kept(&self) -> usize {
        self.kept.len()
    }

    /// The records kept, from number `from` (counted from 0) on. Keep the count as a cursor to
    /// see only what is new.
    pub fn since(&self, from: usize) -> impl Iterator<Item = &Entry> {
        self.kept.since(from)
    }

    /// All records kept.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.since(0)
    }

    /// Record number `n` (counted from 0), if it is kept.
    pub fn get(&self, n: usize) -> Option<&Entry> {
        self.kept.get(n)
    }

    /// SHA-256 over the lines of this log, each ended by a newline.
    pub fn digest(&self) -> [u8; 32] {
        let hash = self.hash.clone().unwrap_or_else(|| {
            let mut hash = Sha256::new();
            self.entries().for_each(|e| hash.update(line(&self.group, e.t, &e.record)));
            hash
        });
        hash.finalize().into()
    }
}

/// One record as a line of JSON, newline included: what `--events` prints and the digest hashes.
pub fn line(group: &str, t: SimTime, record: &Record) -> Vec<u8> {
    // Records hold nothing that JSON cannot: no maps with odd keys, no floats out of range.
    let mut bytes = serde_json::to_vec(&Line { t, group, record }).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The digest of a run: SHA-256 over the groups' digests in file order, in hexadecimal.
pub(super) fn run_digest<'a>(logs: impl Iterator<Item = &'a Log>) -> String {
    let mut hash = Sha256::new();
    logs.for_each(|log| hash.update(log.digest()));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
