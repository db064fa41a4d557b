//! What the log holds: small facts, in the order of processing (SEMANTICS 0.4).
//!
//! Views, reports and tests are folds of these records. Where one piece of work leaves several,
//! cause stands before effect: a trigger (of a policy or a task), then the new sizes, then the activity, then its
//! instances by ordinal, then (if nothing has to be waited for) its end and its cooldown. A
//! refused trigger is followed by the cancelled activity.

use std::sync::Arc;

use serde::Serialize;

use crate::kernel::{Micro, SimTime};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus, Origin};
use crate::model::group::Capacity;
use crate::model::id::{ActivityOrdinal, InstanceOrdinal, PolicyOrdinal, TaskOrdinal};
use crate::model::instance::LifecycleState;
use crate::model::policy::Policy;
use crate::model::scheduled_task::ScheduledTask;

/// A record and its instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When.
    pub t: SimTime,
    /// What.
    #[serde(flatten)]
    pub record: Record,
}

/// One fact about one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// The sizes of the group from now on: at its creation, and whenever one of them changes.
    Capacity(Capacity),
    /// A policy exists from now on.
    PolicyCreated {
        /// Its number.
        policy: PolicyOrdinal,
        /// The policy.
        definition: Arc<Policy>,
    },
    /// A scheduled task exists from now on.
    TaskCreated {
        /// Its number.
        task: TaskOrdinal,
        /// The task.
        definition: Arc<ScheduledTask>,
    },
    /// A scheduled task triggered and wrote its bounds.
    TaskTriggered {
        /// Its number.
        task: TaskOrdinal,
    },
    /// A policy triggered; whatever came of it.
    Trigger(Decision),
    /// An activity began.
    ActivityStarted {
        /// Its number.
        activity: ActivityOrdinal,
        /// Its type.
        activity_kind: ActivityKind,
        /// What it came from.
        origin: Origin,
        /// How many instances it is to launch or remove.
        count: u32,
    },
    /// An activity ended and gave the lock back.
    ActivityEnded {
        /// Its number.
        activity: ActivityOrdinal,
        /// How it ended.
        status: ActivityStatus,
        /// Why, if not well.
        error: ActivityError,
    },
    /// An activity was refused before it began: status 5, start and end now.
    ActivityCancelled {
        /// Its number.
        activity: ActivityOrdinal,
        /// The type it would have had.
        activity_kind: ActivityKind,
        /// What asked for it.
        origin: Origin,
        /// Why it was refused.
        error: ActivityError,
    },
    /// Alarms are refused until then.
    CooldownOpened {
        /// The activity that opened it.
        activity: ActivityOrdinal,
        /// The first instant free of it.
        until: SimTime,
    },
    /// An instance entered a state.
    Instance {
        /// Its number.
        instance: InstanceOrdinal,
        /// The state.
        state: LifecycleState,
        /// The activity that moved it; none for those that are there at the start.
        #[serde(skip_serializing_if = "Option::is_none")]
        activity: Option<ActivityOrdinal>,
    },
}

/// What an evaluation of a policy came to (1.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The condition did not hold.
    NotBreaching,
    /// It held, but not yet often enough.
    Streaking,
    /// There was no sample.
    NoData,
    /// A trigger that asked for what is there.
    NoChange,
    /// A trigger refused: an activity is under way or about to start.
    Busy,
    /// A trigger refused: the group is in cooldown.
    Cooldown,
    /// A trigger that was carried out.
    Accepted,
}

/// One evaluation of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Which policy.
    pub policy: PolicyOrdinal,
    /// The statistic, in the metric's unit with six decimals; `None` without samples.
    pub value: Option<Micro>,
    /// What it was compared with.
    pub threshold: i64,
    /// Breaching periods in a row, this one included.
    pub streak: u32,
    /// What it came to.
    pub outcome: Outcome,
    /// More, if the policy triggered.
    #[serde(flatten)]
    pub trigger: Option<Trigger>,
}

/// What a trigger asked for and met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// Desired capacity before.
    pub desired: u32,
    /// What the adjustment asked for.
    pub unclamped: i64,
    /// The same within the bounds.
    pub target: u32,
    /// Members that were not leaving.
    pub actual: u32,
    /// Who stood in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocker: Option<Blocker>,
}

/// Who refused a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Blocker {
    /// A running activity; when it ends is not known then.
    Activity {
        /// Which.
        activity: ActivityOrdinal,
    },
    /// An activity that starts later at the same instant.
    Pending,
    /// A cooldown.
    Cooldown {
        /// The activity that opened it.
        activity: ActivityOrdinal,
        /// The first instant free of it.
        until: SimTime,
    },
}

impl Blocker {
    /// Until when it stands in the way, if that is known.
    pub const fn until(self) -> Option<SimTime> {
        match self {
            Self::Cooldown { until, .. } => Some(until),
            Self::Activity { .. } | Self::Pending => None,
        }
    }
}
