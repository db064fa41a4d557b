//! The guard against repeated and outdated requests.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::error::ApiError;
use super::error_kind::ErrorKind;

/// How far a request's Timestamp may be from the time of receipt, either way, in seconds.
pub const WINDOW_S: u64 = 7_200;

/// Requests that are remembered at most.
pub const REMEMBERED_MAX: usize = 1_000_000;

/// The requests of the last hours, by SecretId, Timestamp and Nonce. The Nonce alone would not
/// do: clients draw it from as few as 10,000 numbers.
///
/// Time is that of receipt, told by the caller: whatever the simulated clock says, a client signs
/// what its own clock says. A request is forgotten when its Timestamp alone would refuse it, or
/// when [`REMEMBERED_MAX`] later ones have come.
#[derive(Clone, Debug)]
pub struct ReplayMemory {
    capacity: usize,
    /// Numbers for SecretIds, so that a million requests need not hold a million texts.
    keys: BTreeMap<String, u32>,
    seen: BTreeSet<Seen>,
    /// In the order of receipt.
    order: VecDeque<Seen>,
}

/// A request: key, Timestamp, Nonce.
type Seen = (u32, u64, u64);

impl Default for ReplayMemory {
    fn default() -> Self {
        Self::with_capacity(REMEMBERED_MAX)
    }
}

impl ReplayMemory {
    /// One that remembers fewer requests: at least 1, at most [`REMEMBERED_MAX`].
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity: capacity.clamp(1, REMEMBERED_MAX),
            keys: BTreeMap::new(),
            seen: BTreeSet::new(),
            order: VecDeque::new(),
        }
    }

    /// Requests that are remembered now.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none is remembered.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Lets a request pass once, and remembers it. Ask only for requests whose signature is right:
    /// a stranger must not use up the numbers of a client.
    ///
    /// # Errors
    /// 4500 for a Timestamp outside the window, and for a request that has been here.
    pub fn admit(
        &mut self,
        secret_id: &str,
        timestamp_s: u64,
        nonce: u64,
        received_at_s: i64,
    ) -> Result<(), ApiError> {
        if !is_present(timestamp_s, received_at_s) {
            let words = format!(
                "Timestamp {timestamp_s} is more than {WINDOW_S} s from the time of receipt, {received_at_s}"
            );
            return Err(ApiError::new(ErrorKind::ReplayAttack, words));
        }
        self.forget(received_at_s);
        let request = (self.number(secret_id), timestamp_s, nonce);
        if !self.seen.insert(request) {
            let words =
                format!("a request with Timestamp {timestamp_s} and Nonce {nonce} was here");
            return Err(ApiError::new(ErrorKind::ReplayAttack, words));
        }
        self.order.push_back(request);
        if self.order.len() > self.capacity {
            self.forget_oldest();
        }
        Ok(())
    }

    /// Drops what the window refuses anyway, from the oldest on.
    fn forget(&mut self, received_at_s: i64) {
        let passed = |seen: &Seen| !is_present(seen.1, received_at_s);
        while self.order.front().is_some_and(passed) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.order.pop_front() {
            self.seen.remove(&oldest);
        }
    }

    fn number(&mut self, secret_id: &str) -> u32 {
        if let Some(number) = self.keys.get(secret_id) {
            return *number;
        }
        let number = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        self.keys.insert(secret_id.to_owned(), number);
        number
    }
}

fn is_present(timestamp_s: u64, received_at_s: i64) -> bool {
    let apart = i128::from(timestamp_s) - i128::from(received_at_s);
    apart.unsigned_abs() <= u128::from(WINDOW_S)
}
