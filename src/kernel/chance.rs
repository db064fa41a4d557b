//! Chance without state: a draw is a pure function of what it is for (SEMANTICS 0.4).
//!
//! A stream is keyed by (seed, purpose, group name); draw k of it stands at word 16 k of a ChaCha
//! stream. So another group, another purpose or one draw more moves nothing else, and two rule
//! sets compared under one seed meet the same luck.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};

/// Words of a ChaCha block: each draw has a block of its own.
const WORDS_PER_DRAW: u128 = 16;

/// The chance of one purpose in one group.
///
/// ```
/// use asgsim::kernel::chance::Stream;
/// let web = Stream::new(42, "latency.creating", "web");
/// assert_eq!(web.standard_normal(7).to_bits(), web.standard_normal(7).to_bits());
/// ```
#[derive(Clone, Debug)]
pub struct Stream {
    origin: ChaCha12Rng,
}

impl Stream {
    /// The stream of `purpose` in the group of that name.
    pub fn new(seed: u64, purpose: &str, group: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        // Lengths in front keep ("ab", "c") and ("a", "bc") apart.
        for part in [purpose, group] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self { origin: ChaCha12Rng::from_seed(hash.finalize().into()) }
    }

    /// Draw number `k` as two uniform floats in [0, 1).
    pub fn uniform_pair(&self, k: u64) -> (f64, f64) {
        let mut rng = self.origin.clone();
        rng.set_word_pos(u128::from(k) * WORDS_PER_DRAW);
        (rng.random::<f64>(), rng.random::<f64>())
    }

    /// Draw number `k` from the standard normal distribution, by Box-Muller over libm, so that
    /// its bits are the same on every machine.
    pub fn standard_normal(&self, k: u64) -> f64 {
        let (u, v) = self.uniform_pair(k);
        // 1 - u lies in (0, 1], where the logarithm is finite.
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - u));
        radius * libm::cos(2.0 * core::f64::consts::PI * v)
    }
}
