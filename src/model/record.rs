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
use crate::model::group::{Capacity, RemovePolicy};
use crate::model::id::{
    ActivityOrdinal, HookOrdinal, InstanceOrdinal, NotificationOrdinal, PolicyOrdinal, TaskOrdinal,
};
use crate::model::instance::{CreationType, LifecycleState};
use crate::model::lifecycle_hook::{HookResult, LifecycleHook};
use crate::model::notification::{NotificationType, Subscription};
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
    /// A policy is another one from now on; its streak is 0 again.
    PolicyModified {
        /// Its number.
        policy: PolicyOrdinal,
        /// The policy after the change.
        definition: Arc<Policy>,
    },
    /// A policy is no more.
    PolicyDeleted {
        /// Its number.
        policy: PolicyOrdinal,
    },
    /// A scheduled task exists from now on.
    TaskCreated {
        /// Its number.
        task: TaskOrdinal,
        /// The task.
        definition: Arc<ScheduledTask>,
    },
    /// A scheduled task is another one from now on.
    TaskModified {
        /// Its number.
        task: TaskOrdinal,
        /// The task after the change.
        definition: Arc<ScheduledTask>,
    },
    /// A scheduled task is no more.
    TaskDeleted {
        /// Its number.
        task: TaskOrdinal,
    },
    /// A lifecycle hook exists from now on.
    HookCreated {
        /// Its number.
        hook: HookOrdinal,
        /// The hook.
        definition: Arc<LifecycleHook>,
    },
    /// A hook is another one from now on.
    HookModified {
        /// Its number.
        hook: HookOrdinal,
        /// The hook after the change.
        definition: Arc<LifecycleHook>,
    },
    /// A hook is no more.
    HookDeleted {
        /// Its number.
        hook: HookOrdinal,
    },
    /// Another hook is bound from now on; none, if it is `None`.
    HookBound {
        /// Its number.
        hook: Option<HookOrdinal>,
    },
    /// A subscription exists from now on.
    NotificationCreated {
        /// Its number.
        notification: NotificationOrdinal,
        /// The subscription.
        definition: Arc<Subscription>,
    },
    /// A subscription is another one from now on.
    NotificationModified {
        /// Its number.
        notification: NotificationOrdinal,
        /// The subscription after the change.
        definition: Arc<Subscription>,
    },
    /// A subscription is no more.
    NotificationDeleted {
        /// Its number.
        notification: NotificationOrdinal,
    },
    /// The group has another configuration or removal policy from now on.
    GroupModified {
        /// Name of its configuration.
        configuration: Arc<str>,
        /// Who leaves first.
        remove_policy: RemovePolicy,
    },
    /// The group shows another name from now on; its log goes on under the first.
    GroupRenamed {
        /// The name.
        name: Arc<str>,
    },
    /// The group was suspended: phase 7 starts nothing until it is resumed (4.2).
    Suspended,
    /// The group was resumed.
    Resumed,
    /// The group is no more.
    GroupDeleted,
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
    /// A scale-out alarm found the group inactive: an activity of type 0, status 4, start and end
    /// now (8.2).
    ActivityFailed {
        /// Its number.
        activity: ActivityOrdinal,
        /// What asked for it.
        origin: Origin,
        /// The standing cause.
        error: ActivityError,
    },
    /// The activity that has just ended was a failure: its work waits, or is given up (8.3).
    BackedOff {
        /// Failures in a row, this one included.
        failures: u32,
        /// When it is tried again; `None` if it is given up.
        until: Option<SimTime>,
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
    /// An instance joins: written for those of a group with zones or subnets and for machines that
    /// are attached, before their first state.
    Joined {
        /// Its number.
        instance: InstanceOrdinal,
        /// Who made it.
        creation_type: CreationType,
        /// Its zone or subnet, if the group names any.
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<Arc<str>>,
        /// The id of the machine that is attached.
        #[serde(skip_serializing_if = "Option::is_none")]
        machine: Option<Arc<str>>,
    },
    /// The creation of an instance failed; it leaves at once (8.1).
    LaunchFailed {
        /// Its number.
        instance: InstanceOrdinal,
        /// Why.
        error: ActivityError,
    },
    /// An instance begins to wait at a hook.
    HookWaiting {
        /// Its number.
        instance: InstanceOrdinal,
        /// Which hook.
        hook: HookOrdinal,
        /// When the default result is applied, unless the wait is over by then.
        deadline: SimTime,
    },
    /// A wait was renewed.
    HookRenewed {
        /// Its number.
        instance: InstanceOrdinal,
        /// The new deadline.
        deadline: SimTime,
    },
    /// A wait is over.
    HookEnded {
        /// Its number.
        instance: InstanceOrdinal,
        /// What becomes of the instance.
        result: HookResult,
        /// Whether nobody completed it in time.
        expired: bool,
    },
    /// An instance was found unhealthy (7.1).
    Marked {
        /// Its number.
        instance: InstanceOrdinal,
    },
    /// The protection of an instance was set or lifted.
    Protected {
        /// Its number.
        instance: InstanceOrdinal,
        /// Whether it is protected now.
        protected: bool,
    },
    /// Somebody was told of something.
    Notified(Notice),
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

/// Who was told of what (10.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Notice {
    /// The end of an activity, to one subscription.
    Activity {
        /// Which subscription.
        notification: NotificationOrdinal,
        /// Which activity.
        activity: ActivityOrdinal,
        /// How it ended.
        notification_type: NotificationType,
        /// Who was told, sorted.
        receivers: Arc<[String]>,
    },
    /// An accepted trigger.
    Policy {
        /// Which policy.
        policy: PolicyOrdinal,
        /// Who was told, sorted.
        receivers: Arc<[String]>,
    },
    /// An instance that begins to wait at a hook.
    Hook {
        /// Which hook.
        hook: HookOrdinal,
        /// Which instance.
        instance: InstanceOrdinal,
        /// Who was told, sorted.
        receivers: Arc<[String]>,
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
    /// A trigger refused: the group is suspended.
    Suspended,
    /// A scale-out refused: the group is inactive.
    Failed,
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
    /// A running activity one of whose instances waits at a hook.
    Hook {
        /// The activity.
        activity: ActivityOrdinal,
        /// The hook.
        hook: HookOrdinal,
        /// The latest deadline of its waits then.
        until: SimTime,
    },
    /// An activity that starts later at the same instant.
    Pending,
    /// The cause for which the group is inactive.
    Cause {
        /// The code that it gives.
        error: ActivityError,
        /// When the group is active again, if that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<SimTime>,
    },
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
            Self::Cooldown { until, .. } | Self::Hook { until, .. } => Some(until),
            Self::Cause { until, .. } => until,
            Self::Activity { .. } | Self::Pending => None,
        }
    }
}
