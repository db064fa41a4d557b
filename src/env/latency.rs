//! How long the phases of an instance take (SEMANTICS 5.2).

use crate::kernel::SimDuration;
use crate::kernel::chance::Stream;
use crate::model::id::InstanceOrdinal;
use crate::model::instance::LifecycleState;

/// The length of one phase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PhaseLength {
    /// Always the same; 0 means that the phase is not entered.
    Fixed(SimDuration),
    /// Log-normal, clamped to a quarter and four times the median, then rounded to ms, at least
    /// 1 ms.
    LogNormal {
        /// The median; above 0.
        median: SimDuration,
        /// Standard deviation of the logarithm; 0 to 3.
        sigma: f64,
    },
}

/// The lengths of all phases. Defaults are the medians of SEMANTICS 5.2, fixed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// From the start of a launch until the machine runs; 60 s.
    pub creating: PhaseLength,
    /// Warming up; 0 s.
    pub preheating: PhaseLength,
    /// Binding to the load balancer; 5 s.
    pub attach_lb: PhaseLength,
    /// Unbinding from it; 2 s.
    pub detach_lb: PhaseLength,
    /// Binding a machine to the group; 2 s.
    pub attaching: PhaseLength,
    /// Unbinding an instance from it; 2 s.
    pub detaching: PhaseLength,
    /// Removing; 10 s.
    pub removing: PhaseLength,
}

impl Default for Latency {
    fn default() -> Self {
        let fixed = |s| PhaseLength::Fixed(SimDuration::from_s(s));
        Self {
            creating: fixed(60),
            preheating: fixed(0),
            attach_lb: fixed(5),
            detach_lb: fixed(2),
            attaching: fixed(2),
            detaching: fixed(2),
            removing: fixed(10),
        }
    }
}

/// The states that take time, with the purpose that keys their chance.
const PHASES: [(LifecycleState, &str); 7] = [
    (LifecycleState::Creating, "latency.creating"),
    (LifecycleState::Preheating, "latency.preheating"),
    (LifecycleState::AttachLb, "latency.attach_lb"),
    (LifecycleState::DetachLb, "latency.detach_lb"),
    (LifecycleState::Attaching, "latency.attaching"),
    (LifecycleState::Detaching, "latency.detaching"),
    (LifecycleState::Removing, "latency.removing"),
];

impl PhaseLength {
    /// The length that half of them do not exceed.
    pub const fn median(self) -> SimDuration {
        match self {
            Self::Fixed(length) => length,
            Self::LogNormal { median, .. } => median,
        }
    }

    /// Whether chance has a part in it.
    pub const fn is_random(self) -> bool {
        matches!(self, Self::LogNormal { .. })
    }
}

impl Latency {
    const fn of(&self, state: LifecycleState) -> PhaseLength {
        match state {
            LifecycleState::Creating => self.creating,
            LifecycleState::Preheating => self.preheating,
            LifecycleState::AttachLb => self.attach_lb,
            LifecycleState::DetachLb => self.detach_lb,
            LifecycleState::Removing => self.removing,
            LifecycleState::Attaching => self.attaching,
            LifecycleState::Detaching => self.detaching,
            _ => PhaseLength::Fixed(SimDuration::ZERO),
        }
    }
}

impl Latency {
    /// Checks the ranges of every phase.
    ///
    /// # Errors
    /// The first phase that is out of range.
    pub fn check(&self) -> Result<(), LifecycleState> {
        let wrong = PHASES.iter().find(|(state, _)| match self.of(*state) {
            PhaseLength::Fixed(length) => length < SimDuration::ZERO,
            PhaseLength::LogNormal { median, sigma } => {
                !median.is_positive() || !(0.0..=3.0).contains(&sigma)
            }
        });
        wrong.map_or(Ok(()), |(state, _)| Err(*state))
    }
}

/// The latencies of one group: lengths are a function of (seed, group name, ordinal, phase).
#[derive(Clone, Debug)]
pub struct GroupLatency {
    latency: Latency,
    streams: [Stream; PHASES.len()],
}

impl GroupLatency {
    /// Prepares the streams of the group of that name.
    pub fn new(latency: Latency, seed: u64, group: &str) -> Self {
        Self { latency, streams: PHASES.map(|(_, purpose)| Stream::new(seed, purpose, group)) }
    }

    /// How long that instance stays in `state`; 0 for a state that takes no time.
    pub fn length(&self, state: LifecycleState, instance: InstanceOrdinal) -> SimDuration {
        match self.latency.of(state) {
            PhaseLength::Fixed(length) => length,
            PhaseLength::LogNormal { median, sigma } => {
                let stream = PHASES.iter().zip(&self.streams).find(|((s, _), _)| *s == state);
                let z = stream.map_or(0.0, |(_, s)| s.standard_normal(u64::from(instance.0)));
                log_normal(median, sigma, z)
            }
        }
    }
}

/// The log-normal length at `z` standard deviations.
fn log_normal(median: SimDuration, sigma: f64, z: f64) -> SimDuration {
    let median_ms = median.ms() as f64;
    let drawn = median_ms * libm::exp(sigma * z);
    let clamped = drawn.clamp(median_ms / 4.0, median_ms * 4.0);
    SimDuration::from_ms((libm::round(clamped) as i64).max(1))
}
