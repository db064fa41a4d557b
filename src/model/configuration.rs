//! Scaling configurations: the template from which instances are made.

/// What a group's instances look like. The simulator's load model takes the capacity of an
/// instance from the group's load, so the size here is descriptive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// User-defined name, unique in the scenario.
    pub name: String,
    /// Cores; at least 1.
    pub cpu: u32,
    /// Memory in GB; at least 1.
    pub mem_gb: u32,
}
