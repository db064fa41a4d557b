//! Chance in the lives of instances: failed launches, faults, answers of hooks (SEMANTICS 6.2, 7.1,
//! 8.1).

use serde::{Deserialize, Serialize};

use crate::kernel::chance::Stream;
use crate::kernel::{Micro, SimDuration};
use crate::model::failure::FailureCause;
use crate::model::id::InstanceOrdinal;

/// How often instances of a group fail. The default is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Faults {
    /// Mean time between failures of an instance in service, drawn from the exponential
    /// distribution; above 0. A fault that comes holds for ever.
    pub mtbf: Option<SimDuration>,
    /// How often a launch fails, and why.
    pub launch_failure: Option<LaunchFailure>,
}

/// Launches that fail by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchFailure {
    /// How probable it is that one fails: 0 to 1.
    pub probability: Micro,
    /// The cause, which gives the code.
    pub cause: FailureCause,
}

impl Faults {
    /// Whether both figures are in range; the key of the first that is not.
    ///
    /// # Errors
    /// `"mtbf"` if it is not above 0, `"launch_failure"` if the probability is not within 0 and 1.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.mtbf.is_some_and(|mean| !mean.is_positive()) {
            return Err("mtbf");
        }
        let in_range = |f: &LaunchFailure| (0..=1_000_000).contains(&f.probability.millionths());
        match self.launch_failure.as_ref().is_none_or(in_range) {
            true => Ok(()),
            false => Err("launch_failure"),
        }
    }
}

/// The faults of one group: each is a function of (seed, group name, ordinal).
#[derive(Clone, Debug)]
pub struct GroupFaults {
    faults: Faults,
    launch: Stream,
    failure: Stream,
    answer: Stream,
}

impl GroupFaults {
    /// Prepares the streams of the group of that name.
    pub fn new(faults: Faults, seed: u64, group: &str) -> Self {
        Self {
            faults,
            launch: Stream::new(seed, "faults.launch", group),
            failure: Stream::new(seed, "faults.mtbf", group),
            answer: Stream::new(seed, "hook.answer", group),
        }
    }

    /// Whether the launch of that instance fails, and why.
    pub fn launch_failure(&self, instance: InstanceOrdinal) -> Option<FailureCause> {
        let LaunchFailure { probability, cause } = self.faults.launch_failure?;
        happens(&self.launch, instance, probability).then_some(cause)
    }

    /// How long after entering service that instance has a fault of its own, if it ever has.
    pub fn time_to_fault(&self, instance: InstanceOrdinal) -> Option<SimDuration> {
        let mean_ms = self.faults.mtbf?.ms() as f64;
        let (u, _) = self.failure.uniform_pair(u64::from(instance.0));
        // 1 - u lies in (0, 1], where the logarithm is finite.
        let drawn_ms = -libm::log(1.0 - u) * mean_ms;
        Some(SimDuration::from_ms((libm::round(drawn_ms) as i64).max(1)))
    }

    /// Whether a hook's scripted answer comes for that instance.
    pub fn answers(&self, instance: InstanceOrdinal, probability: Micro) -> bool {
        happens(&self.answer, instance, probability)
    }
}

fn happens(stream: &Stream, instance: InstanceOrdinal, probability: Micro) -> bool {
    let (u, _) = stream.uniform_pair(u64::from(instance.0));
    u * 1e6 < probability.millionths() as f64
}
