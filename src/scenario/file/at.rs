//! `[[at]]`: what happens at a time. The key `do` says which of the tables below it is.

use serde::Deserialize;

use crate::model::lifecycle_hook::{HookResult, Transition};
use crate::scenario::file::edit::{AdjustmentChange, MetricChange};
use crate::scenario::file::group::{AdjustmentTable, AnswerTable, MetricTable};
use crate::scenario::value::{Instances, Span, When};

/// Defines the kinds of `[[at]]`, one table each, and what all of them have in common.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($table:ident),)*) => {
        /// `[[at]]`: a command or a change of the world at a time.
        ///
        /// The reader of scenario files ([`decode`](crate::scenario::decode)) takes the variant
        /// from the key `do`, so that each error has the key it is about.
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema), schemars(tag = "do"))]
        #[serde(rename_all = "snake_case")]
        pub enum AtTable {
            $($(#[$doc])* $kind($table),)*
        }

        impl AtTable {
            /// When it happens, and the group it is meant for; none for all of them.
            pub fn head(&self) -> (&When, Option<&str>) {
                match self {
                    $(Self::$kind(table) => table.head(),)*
                }
            }
        }
    };
}

/// Defines a table of `[[at]]` for one group.
macro_rules! of_group {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// When: a civil time, or `+` and a duration from the start.
            pub time: When,
            /// Name of the group.
            pub group: String,
            $($(#[$about])* pub $field: $type,)*
        }

        impl $name {
            fn head(&self) -> (&When, Option<&str>) {
                (&self.time, Some(&self.group))
            }
        }
    };
}

/// Defines a table of `[[at]]` for the world: one group or all of them, for a time.
macro_rules! of_world {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// When it begins: a civil time, or `+` and a duration from the start.
            pub time: When,
            /// Name of the group. Default: all groups.
            pub group: Option<String>,
            $($(#[$about])* pub $field: $type,)*
            /// How long it lasts, above 0. Default: to the end of the run.
            #[serde(rename = "for")]
            pub length: Option<Span>,
        }

        impl $name {
            fn head(&self) -> (&When, Option<&str>) {
                (&self.time, self.group.as_deref())
            }
        }
    };
}

kinds! {
    /// Changes the sizes of a group; what is not given stays.
    SetCapacity(SizesTable),
    /// Protects instances from every removal that the service decides, or lifts that.
    Protect(ProtectTable),
    /// An instance has a fault.
    FailInstance(FailTable),
    /// The group does nothing of its own accord until it is resumed.
    Suspend(GroupOnly),
    /// It does again.
    Resume(GroupOnly),
    /// Deletes a group that has no instances.
    DeleteGroup(GroupOnly),
    /// Ends the wait of an instance at a hook.
    CompleteHook(CompleteTable),
    /// Renews the wait of an instance at a hook.
    RenewHook(RenewTable),
    /// Machines from outside groups join.
    Attach(AttachTable),
    /// Instances leave on a user's request.
    Detach(DetachTable),
    /// A hook is bound, and no other.
    BindHook(NamedHook),
    /// No hook is bound any more.
    UnbindHook(GroupOnly),
    /// Creates an alarm policy.
    CreatePolicy(NewPolicy),
    /// Changes an alarm policy; what is not given stays.
    ModifyPolicy(ChangedPolicy),
    /// Deletes an alarm policy.
    DeletePolicy(NamedPolicy),
    /// Creates a scheduled task, which must not start before that time.
    CreateTask(NewTask),
    /// Changes a scheduled task; what is not given stays.
    ModifyTask(ChangedTask),
    /// Deletes a scheduled task.
    DeleteTask(NamedTask),
    /// Creates a lifecycle hook; it holds nothing until it is bound.
    CreateHook(NewHook),
    /// Changes a lifecycle hook; what is not given stays, and so do waits under way.
    ModifyHook(ChangedHook),
    /// Deletes a lifecycle hook.
    DeleteHook(NamedHook),
    /// The image is deleted: launches fail with 10000.
    ImageDeleted(ConditionTable),
    /// The load balancer is deleted: launches fail with 10001.
    LbDeleted(ConditionTable),
    /// The snapshot is deleted: launches fail with 10002.
    SnapshotDeleted(ConditionTable),
    /// The security group is deleted: launches fail with 10003.
    SecurityGroupDeleted(ConditionTable),
    /// The subnet is deleted: launches fail with 10004.
    SubnetDeleted(PlaceTable),
    /// Machines are sold out: launches fail with 20000.
    SoldOut(PlaceTable),
    /// The model is not sold any more: launches fail with 20001.
    ModelGone(PlaceTable),
    /// The back end is short of resources: launches fail with 20002.
    Short(PlaceTable),
    /// The account's quota is used up, or down to a limit: launches fail with 30000.
    Quota(QuotaTable),
    /// The account's balance is used up: launches fail with 30001.
    Balance(ConditionTable),
    /// The key pair is deleted: launches fail with 50000.
    KeyDeleted(ConditionTable),
    /// Every instance of a zone or subnet has a fault.
    ZoneOutage(PlaceTable),
}

of_group! {
    /// A command that says no more.
    GroupOnly {}
}

of_group! {
    /// `do = "set_capacity"`.
    SizesTable {
        /// New minimum size.
        min: Option<u32>,
        /// New maximum size.
        max: Option<u32>,
        /// New desired capacity. Default: the old one, moved into the bounds.
        desired: Option<u32>,
    }
}

of_group! {
    /// `do = "protect"`.
    ProtectTable {
        /// Number of the instance in its group, counted from 1, or a list of numbers.
        instance: Instances,
        /// Whether they are protected from then on. Default true.
        protect: Option<bool>,
    }
}

of_group! {
    /// `do = "fail_instance"`.
    FailTable {
        /// Number of the instance in its group, counted from 1.
        instance: u32,
        /// How long the fault lasts, above 0. Default: for ever.
        #[serde(rename = "for")]
        length: Option<Span>,
    }
}

of_group! {
    /// `do = "complete_hook"`.
    CompleteTable {
        /// Number of the instance in its group, counted from 1.
        instance: u32,
        /// What becomes of it: `continue` or `disable`. Default `continue`.
        result: Option<HookResult>,
    }
}

of_group! {
    /// `do = "renew_hook"`.
    RenewTable {
        /// Number of the instance in its group, counted from 1.
        instance: u32,
        /// The wait ends so long from then; at least 1 s.
        timeout: Span,
    }
}

of_group! {
    /// `do = "attach"`; give one of `count` and `ids`.
    AttachTable {
        /// So many of those that fit, in the order in which they came to be outside groups.
        count: Option<u32>,
        /// Ids of machines: those of `[[machine]]`, or of instances that were kept.
        ids: Option<Vec<String>>,
    }
}

of_group! {
    /// `do = "detach"`.
    DetachTable {
        /// Number of the instance in its group, counted from 1, or a list of numbers.
        instance: Instances,
        /// Whether it runs on outside the group; attached machines always do. Default false.
        keep: Option<bool>,
    }
}

of_group! {
    /// A policy by its name.
    NamedPolicy {
        /// The name it has then.
        policy: String,
    }
}

of_group! {
    /// A task by its name.
    NamedTask {
        /// The name it has then.
        task: String,
    }
}

of_group! {
    /// A hook by its name.
    NamedHook {
        /// The name it has then.
        hook: String,
    }
}

of_group! {
    /// `do = "create_policy"`.
    NewPolicy {
        /// Unique in the group.
        name: String,
        /// When it triggers.
        metric: MetricTable,
        /// What it then asks for.
        adjustment: AdjustmentTable,
        /// How long the group rests after its activity.
        cooldown: Span,
        /// User groups that are told of each accepted trigger. Default none.
        notify_ids: Option<Vec<String>>,
    }
}

of_group! {
    /// `do = "modify_policy"`.
    ChangedPolicy {
        /// The name it has then.
        policy: String,
        /// Its new name.
        name: Option<String>,
        /// What changes of its condition.
        metric: Option<MetricChange>,
        /// What changes of what it asks for.
        adjustment: Option<AdjustmentChange>,
        /// How long the group rests after its activity.
        cooldown: Option<Span>,
        /// User groups that are told of each accepted trigger.
        notify_ids: Option<Vec<String>>,
    }
}

of_group! {
    /// `do = "create_task"`.
    NewTask {
        /// Unique in the group.
        name: String,
        /// The minimum size it sets.
        min: u32,
        /// The maximum size it sets.
        max: u32,
        /// Its first trigger, and the time of day of all others; not before `time`.
        start: When,
        /// The last instant at which it may trigger. Goes with `recurrence`.
        end: Option<When>,
        /// The days on which it repeats, as a crontab. Goes with `end`.
        recurrence: Option<String>,
    }
}

of_group! {
    /// `do = "modify_task"`.
    ChangedTask {
        /// The name it has then.
        task: String,
        /// Its new name.
        name: Option<String>,
        /// The minimum size it sets.
        min: Option<u32>,
        /// The maximum size it sets.
        max: Option<u32>,
        /// Its first trigger; not before `time`.
        start: Option<When>,
        /// The last instant at which it may trigger.
        end: Option<When>,
        /// The days on which it repeats, as a crontab.
        recurrence: Option<String>,
        /// `true` takes its repetition away. Default false.
        once: Option<bool>,
    }
}

of_group! {
    /// `do = "create_hook"`.
    NewHook {
        /// Unique in the group.
        name: String,
        /// `launch`: it holds instances after their creation; `terminate`: before their removal.
        transition: Transition,
        /// How long an instance waits: whole seconds, 1 to 7200.
        timeout: Span,
        /// What happens then: `continue` or `disable`.
        default_result: HookResult,
        /// User groups that are told of each wait. Default none.
        notify_ids: Option<Vec<String>>,
        /// Who completes its waits. Default: nobody, they time out.
        answer: Option<AnswerTable>,
    }
}

of_group! {
    /// `do = "modify_hook"`.
    ChangedHook {
        /// The name it has then.
        hook: String,
        /// Its new name.
        name: Option<String>,
        /// `launch` or `terminate`.
        transition: Option<Transition>,
        /// How long an instance waits: whole seconds, 1 to 7200.
        timeout: Option<Span>,
        /// What happens then: `continue` or `disable`.
        default_result: Option<HookResult>,
        /// User groups that are told of each wait.
        notify_ids: Option<Vec<String>>,
        /// Who completes its waits.
        answer: Option<AnswerTable>,
    }
}

of_world! {
    /// A cause of failures that concerns whole groups.
    ConditionTable {}
}

of_world! {
    /// A cause of failures, or an outage, that may concern a single place.
    PlaceTable {
        /// The zone or subnet. Default: all of them.
        zone: Option<String>,
    }
}

of_world! {
    /// `do = "quota"`.
    QuotaTable {
        /// The most instances the account may have meanwhile, machines outside groups included.
        /// Default: none can be made at all.
        limit: Option<u32>,
    }
}
