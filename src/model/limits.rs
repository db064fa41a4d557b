//! Quotas of the service, and what one run may cost: each a named limit that a scenario can raise.

/// The limits of one run. Names are the keys of a scenario's `[limits]` table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest maxSize, and so the largest TotalCapacity or quantity of a policy; 30.
    pub max_size: u32,
    /// Scaling groups of one project; 20.
    pub groups_per_project: u32,
    /// Alarm policies of one group, without the default policy; 100.
    pub policies_per_group: u32,
    /// Scheduled tasks of one group; 10.
    pub scheduled_tasks_per_group: u32,
    /// Scaling configurations of one project; 20.
    pub configurations_per_project: u32,
    /// Lifecycle hooks of one group; 10.
    pub hooks_per_group: u32,
    /// Notifications of one group; 20.
    pub notifications_per_group: u32,
    /// Zones of one group; 20.
    pub zones_per_group: u32,
    /// Subnets of one group; 20.
    pub subnets_per_group: u32,
    /// Load balancers of one group; 20.
    pub load_balancers_per_group: u32,
    /// Instances of one call that attaches or detaches; 20.
    pub instances_per_call: u32,
    /// User groups that one policy or hook tells; 20.
    pub notify_ids: u32,
    /// Records that a run keeps in memory, all groups together, and evaluations if all are kept:
    /// about 100 bytes each in the log, and half as much in reports; 1,000,000. The run ends
    /// with an error when it has more.
    pub records: u32,
    /// Steps of work that a scenario may come to, estimated when it is loaded: minutes, steps of
    /// traces and evaluations of policies, all groups together; 100,000,000, which is under a
    /// minute's wait. An embedder's world is not held against it.
    pub work: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_size: 30,
            groups_per_project: 20,
            policies_per_group: 100,
            scheduled_tasks_per_group: 10,
            configurations_per_project: 20,
            hooks_per_group: 10,
            notifications_per_group: 20,
            zones_per_group: 20,
            subnets_per_group: 20,
            load_balancers_per_group: 20,
            instances_per_call: 20,
            notify_ids: 20,
            records: 1_000_000,
            work: 100_000_000,
        }
    }
}

/// The highest value a scenario may give [`Limits::max_size`].
pub const MAX_SIZE_CEILING: u32 = 10_000;
/// The highest value a scenario may give [`Limits::policies_per_group`].
pub const POLICIES_CEILING: u32 = 10_000;
/// The highest value a scenario may give [`Limits::records`]: some ten gigabytes.
pub const RECORDS_CEILING: u32 = 50_000_000;
/// The highest value a scenario may give [`Limits::work`]: some ten minutes.
pub const WORK_CEILING: u32 = 2_000_000_000;
