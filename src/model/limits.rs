//! Quotas of the service, each a named limit that a scenario can raise.

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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_size: 30,
            groups_per_project: 20,
            policies_per_group: 100,
            scheduled_tasks_per_group: 10,
        }
    }
}

/// The highest value a scenario may give [`Limits::max_size`].
pub const MAX_SIZE_CEILING: u32 = 10_000;
