//! Why a run ends before its time.

use crate::kernel::SimTime;

/// Why a run cannot go on. The engine must not be used after it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A group does not come to rest at one instant (0.2).
    #[error("group {group:?} found more than 100000 pieces of work at {at}")]
    TooMuchWork {
        /// The instant.
        at: SimTime,
        /// The group's name.
        group: String,
    },
    /// A group has used all its ordinals.
    #[error("group {group:?} ran out of ids at {at}")]
    OutOfIds {
        /// The instant.
        at: SimTime,
        /// The group's name.
        group: String,
    },
    /// The run makes more records than may be kept.
    #[error(
        "group {group:?}: the run has more than {limit} records at {at} (limits.records): shorten it, calm its policies or raise the limit"
    )]
    TooManyRecords {
        /// The instant.
        at: SimTime,
        /// The group at work then.
        group: String,
        /// How many may be kept.
        limit: u32,
    },
    /// Time was asked to run backwards.
    #[error("cannot run to {to}: the engine is at {now} already")]
    Backwards {
        /// Where the engine is.
        now: SimTime,
        /// Where it was asked to go.
        to: SimTime,
    },
}
