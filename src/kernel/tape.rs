//! A list that only grows, and that forks share.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Items per chunk: what a fork copies at most, and the most that is moved when a list grows.
const CHUNK: usize = 128;

/// An append-only list, cheap to clone: full chunks are shared, only the last one is copied.
///
/// ```
/// use asgsim::kernel::Tape;
/// let mut tape: Tape<u32> = (0..1_000).collect();
/// let fork = tape.clone();
/// tape.push(1_000);
/// assert_eq!((tape.len(), fork.len()), (1_001, 1_000));
/// assert_eq!(tape.since(999).copied().collect::<Vec<_>>(), [999, 1_000]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tape<T> {
    sealed: Vec<Arc<[T]>>,
    open: Vec<T>,
}

impl<T> Default for Tape<T> {
    fn default() -> Self {
        Self { sealed: Vec::new(), open: Vec::new() }
    }
}

impl<T> Tape<T> {
    /// Appends an item.
    pub fn push(&mut self, item: T) {
        if self.open.len() == CHUNK {
            self.sealed.push(std::mem::take(&mut self.open).into());
        }
        self.open.push(item);
    }

    /// Takes back what was pushed last, if nothing was taken back since.
    pub(crate) fn take_back(&mut self) -> Option<T> {
        self.open.pop()
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.sealed.len() * CHUNK + self.open.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items from number `from` (counted from 0) on.
    pub fn since(&self, from: usize) -> impl Iterator<Item = &T> + Clone {
        let chunks = self.sealed.iter().skip(from / CHUNK).map(AsRef::as_ref);
        let skipped = (from / CHUNK).min(self.sealed.len()) * CHUNK;
        chunks.chain([self.open.as_slice()]).flatten().skip(from - skipped)
    }

    /// All items.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.sealed.iter().map(AsRef::as_ref).chain([self.open.as_slice()]).flatten()
    }

    /// Item number `n` (counted from 0), if there is one.
    pub fn get(&self, n: usize) -> Option<&T> {
        match self.sealed.get(n / CHUNK) {
            Some(chunk) => chunk.get(n % CHUNK),
            None => self.open.get(n - self.sealed.len() * CHUNK),
        }
    }
}

impl<T> FromIterator<T> for Tape<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut tape = Self::default();
        items.into_iter().for_each(|item| tape.push(item));
        tape
    }
}

impl<T: Serialize> Serialize for Tape<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Tape<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from_iter)
    }
}
