//! What groups share: configurations, machines, the account, chance.

use serde::Deserialize;

use crate::model::configuration::{BandwidthType, StorageType};
use crate::scenario::value::{LaunchFailures, Password, Span};

/// `[faults]` and `[group.faults]`: how often instances fail by chance. Of the two a group's own
/// keys count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FaultsTable {
    /// Mean time between failures of an instance in service, above 0; exponentially distributed.
    /// A fault that comes stays. Default: none comes.
    pub mtbf: Option<Span>,
    /// How probable it is that a launch fails, 0 to 1 (the cause is then `short`), or
    /// `{ probability, cause }`. Default 0.
    pub launch_failure: Option<LaunchFailures>,
}

/// `[account]`: whose groups they are.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AccountTable {
    /// Number of the project, and the default of configurations. Default 0.
    pub project: u32,
    /// The region, as the service's API names it. Default `gz`.
    pub region: Option<String>,
    /// The most instances the account may have, machines outside groups included. Default: no
    /// limit.
    pub instance_limit: Option<u32>,
}

/// `[[machine]]`: a machine outside groups, which can be attached.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MachineTable {
    /// Its id, unique.
    pub id: String,
    /// The zone it stands in. Default: not known.
    pub zone: Option<String>,
    /// Cores.
    pub cpu: u32,
    /// Memory in GB.
    pub mem: u32,
    /// Whether it runs; only a running machine can be attached. Default true.
    pub running: Option<bool>,
}

/// `[[configuration]]`: the template of a group's instances. Of all its fields only cores and
/// memory matter to the simulation: machines that are attached must have as many.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfigurationTable {
    /// Unique name, 1 to 60 characters.
    pub name: String,
    /// Cores: 1, 2, 4, 8, 12, 16, 24, 32, 48 or 56.
    pub cpu: u32,
    /// Memory in GB: 1 to 256, and 1 to 8 for each core.
    pub mem: u32,
    /// Id of the image. Default `img-default`.
    pub image: Option<String>,
    /// 1: the account's own image; 2: a public one. Default 2.
    pub image_type: Option<u32>,
    /// Type of the data disk. Default `cloud_disk`.
    pub storage_type: Option<StorageType>,
    /// Size of the data disk in GB, a multiple of 10: up to 500 local, up to 4000 cloud. Default 0,
    /// none.
    pub storage_size: Option<u32>,
    /// Id of the snapshot from which the data disk is made; needs a cloud disk. Default none.
    pub data_snapshot: Option<String>,
    /// Size of the system disk in GB, 20 to 500. Default 50.
    pub root_size: Option<u32>,
    /// How bandwidth is paid for. Default `PayByTraffic`.
    pub bandwidth_type: Option<BandwidthType>,
    /// Bandwidth in Mbps: 0 to 200, or 65535 for no cap. Default 0.
    pub bandwidth: Option<u32>,
    /// Id of the key pair for logging in; not with a password. Default none.
    pub key: Option<String>,
    /// `true` or `"set"`: a password was set. The password itself is nobody's business here: any
    /// other text is refused. Default false.
    pub password: Option<Password>,
    /// Whether the monitoring agent is installed. Default true.
    pub need_monitor_agent: Option<bool>,
    /// Whether the security agent is installed. Default true.
    pub need_security_agent: Option<bool>,
    /// Whether instances have a public address. Default true.
    pub wan_ip: Option<bool>,
    /// Id of the security group they join. Default none.
    pub security_group: Option<String>,
    /// Number of the project they belong to. Default: the account's.
    pub project: Option<u32>,
    /// Type of the machine: 11, 12, 21, 22, 31, 32 or 42. Default 11.
    pub cvm_type: Option<u32>,
    /// User data in Base64, up to 16384 bytes. Default none.
    pub userdata: Option<String>,
}
