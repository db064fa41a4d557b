//! A queue of future events in a fixed, explainable order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::SimTime;

/// Events by (time, rank, sequence): at one instant the lowest rank leaves first, and equal ranks
/// leave in the order they came.
///
/// The rank is chosen by the caller (for a group: the phase and the instance), so that an innocent
/// change in the order of insertions does not reorder the world. Nothing is ever removed out of
/// turn: an event is a reminder, its owner holds the facts and ignores one that is stale.
///
/// `push` and `pop_due` cost O(log n).
///
/// ```
/// use asgsim::kernel::{EventQueue, SimTime};
/// let mut queue = EventQueue::new();
/// let noon = SimTime::from_unix_s(43_200);
/// queue.push(noon, 2, "second");
/// queue.push(noon, 1, "first");
/// assert_eq!(queue.next_time(), Some(noon));
/// assert_eq!(queue.pop_due(noon), Some("first"));
/// ```
#[derive(Clone, Debug)]
pub struct EventQueue<R, E> {
    heap: BinaryHeap<Entry<R, E>>,
    sequence: u64,
}

#[derive(Clone, Debug)]
struct Entry<R, E> {
    key: (SimTime, R, u64),
    event: E,
}

impl<R: Ord + Copy, E> EventQueue<R, E> {
    /// An empty queue.
    pub const fn new() -> Self {
        Self { heap: BinaryHeap::new(), sequence: 0 }
    }

    /// Adds an event that is due at `at`.
    pub fn push(&mut self, at: SimTime, rank: R, event: E) {
        self.heap.push(Entry { key: (at, rank, self.sequence), event });
        self.sequence += 1;
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<SimTime> {
        self.heap.peek().map(|entry| entry.key.0)
    }

    /// When the next event is due, and its rank.
    pub fn peek(&self) -> Option<(SimTime, R)> {
        self.heap.peek().map(|entry| (entry.key.0, entry.key.1))
    }

    /// Takes the next event if it is due at `now` or before.
    pub fn pop_due(&mut self, now: SimTime) -> Option<E> {
        if self.next_time()? > now {
            return None;
        }
        self.heap.pop().map(|entry| entry.event)
    }

    /// How many events wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl<R: Ord + Copy, E> Default for EventQueue<R, E> {
    fn default() -> Self {
        Self::new()
    }
}

// The heap gives the greatest first, so the order is turned round.
impl<R: Ord, E> Ord for Entry<R, E> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key)
    }
}

impl<R: Ord, E> PartialOrd for Entry<R, E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Ord, E> PartialEq for Entry<R, E> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<R: Ord, E> Eq for Entry<R, E> {}
