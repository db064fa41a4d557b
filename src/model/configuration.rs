//! Scaling configurations: the template from which instances are made.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::kernel::SimTime;
use crate::model::id::ConfigurationOrdinal;
use crate::model::policy::is_name;
use crate::model::realm::Realm;

/// What a group's instances look like: all fields of the reference. A configuration never
/// changes; it can be deleted while nothing uses it.
///
/// The simulator's load model takes the capacity of an instance from the group's load; of the
/// fields here only cores and memory matter to it, for machines that are attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Configuration {
    /// User-defined name, unique in the account, 1 to 60 characters.
    pub name: String,
    /// The image of the system disk.
    pub image_id: String,
    /// Cores: one of 1, 2, 4, 8, 12, 16, 24, 32, 48, 56.
    pub cpu: u32,
    /// Memory in GB, 1 to 256, and 1 to 8 for each core.
    pub mem_gb: u32,
    /// Data disk.
    pub storage_type: StorageType,
    /// Size of the data disk in GB, in steps of 10: up to 500 local, up to 4000 cloud; 0 for none.
    pub storage_size_gb: u32,
    /// How bandwidth is paid for.
    pub bandwidth_type: BandwidthType,
    /// Bandwidth in Mbps: 0 to 200, or 65535 for no cap.
    pub bandwidth_mbps: u32,
    /// 1: the account's own image; 2: a public one.
    pub image_type: u32,
    /// System disk in GB, 20 to 500; default 50.
    pub root_size_gb: u32,
    /// Key pair for logging in; not together with a password.
    pub key_id: Option<String>,
    /// That a password was set. The password itself is never kept.
    pub has_password: bool,
    /// Whether the monitoring agent is installed; default true.
    pub need_monitor_agent: bool,
    /// Whether the security agent is installed; default true.
    pub need_security_agent: bool,
    /// Whether instances get a public address; default true.
    pub wan_ip: bool,
    /// The security group they join.
    pub security_group: Option<String>,
    /// The project they belong to; 0 is the default one.
    pub project: u32,
    /// Snapshot from which the data disk is made; needs a cloud disk.
    pub data_snapshot_id: Option<String>,
    /// Type of the machine: 11, 12, 21, 22, 31, 32 or 42; default 11.
    pub cvm_type: u32,
    /// User data in Base64, up to 16384 bytes.
    pub userdata: String,
    /// Whose it is, and where. Its name is unique there.
    #[serde(skip_serializing_if = "Realm::is_default")]
    pub realm: Realm,
}

/// A configuration that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What groups and commands call it: its name, unless a configuration of another realm has the
    /// same.
    pub key: Arc<str>,
    /// Its number.
    pub ordinal: ConfigurationOrdinal,
    /// Its public id, `asc-…`.
    pub id: Arc<str>,
    /// Since when.
    pub created: SimTime,
    /// What it is.
    pub definition: Configuration,
}

/// The reference's storageType.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StorageType {
    /// 1.
    LocalDisk,
    /// 2.
    CloudDisk,
    /// 3.
    LocalSsd,
    /// 5.
    CloudSsd,
    /// 6.
    PremiumCloudDisk,
}

impl StorageType {
    /// The number in the reference's table.
    pub const fn number(self) -> u32 {
        match self {
            Self::LocalDisk => 1,
            Self::CloudDisk => 2,
            Self::LocalSsd => 3,
            Self::CloudSsd => 5,
            Self::PremiumCloudDisk => 6,
        }
    }

    /// The type of that number.
    pub fn from_number(number: u32) -> Option<Self> {
        use StorageType as T;
        let all = [T::LocalDisk, T::CloudDisk, T::LocalSsd, T::CloudSsd, T::PremiumCloudDisk];
        all.into_iter().find(|kind| kind.number() == number)
    }

    /// Whether the disk is one of the host's own.
    pub const fn is_local(self) -> bool {
        matches!(self, Self::LocalDisk | Self::LocalSsd)
    }
}

/// The reference's bandwidthType.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum BandwidthType {
    /// For each hour.
    PayByHour,
    /// For each byte.
    PayByTraffic,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            name: String::from("default"),
            image_id: String::from("img-default"),
            cpu: 1,
            mem_gb: 1,
            storage_type: StorageType::CloudDisk,
            storage_size_gb: 0,
            bandwidth_type: BandwidthType::PayByTraffic,
            bandwidth_mbps: 0,
            image_type: 2,
            root_size_gb: 50,
            key_id: None,
            has_password: false,
            need_monitor_agent: true,
            need_security_agent: true,
            wan_ip: true,
            security_group: None,
            project: 0,
            data_snapshot_id: None,
            cvm_type: 11,
            userdata: String::new(),
            realm: Realm::default(),
        }
    }
}

const CPUS: [u32; 10] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 56];
const CVM_TYPES: [u32; 7] = [11, 12, 21, 22, 31, 32, 42];
const USERDATA_MAX: usize = 16_384;
const UNCAPPED_MBPS: u32 = 65_535;

/// Why the service refuses a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// Empty, longer than 60 characters, or with control characters.
    #[error(
        "configuration name {name:?} must have 1 to 60 characters, none of them a control character"
    )]
    Name {
        /// The name found.
        name: String,
    },
    /// No machine of that size is sold.
    #[error(
        "{cpu} cores with {mem_gb} GB are not sold: cores {CPUS:?}, memory 1 to 256 GB and 1 to 8 GB for each core"
    )]
    Size {
        /// Cores.
        cpu: u32,
        /// Memory.
        mem_gb: u32,
    },
    /// A machine of 1 core and 1 GB has no local disk.
    #[error("a machine of 1 core and 1 GB cannot have a local data disk")]
    LocalDiskTooLarge,
    /// A snapshot needs a cloud disk.
    #[error("a snapshot needs a cloud disk as data disk")]
    SnapshotOnLocalDisk,
    /// The data disk is too large.
    #[error("data disk of {size_gb} GB is out of range: 0 to {max_gb}")]
    StorageSize {
        /// The size found.
        size_gb: u32,
        /// The largest for the type.
        max_gb: u32,
    },
    /// The system disk is too small or too large.
    #[error("system disk of {size_gb} GB is out of range: 20 to 500")]
    RootSize {
        /// The size found.
        size_gb: u32,
    },
    /// Another value that cannot be.
    #[error("{what} {found} is out of range: {allowed}")]
    Other {
        /// The key of the scenario file.
        what: &'static str,
        /// The value found.
        found: String,
        /// What is allowed, in words.
        allowed: &'static str,
    },
}

impl ConfigurationError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } | Self::Other { .. } => "InvalidParameter",
            Self::Size { .. } => "OprationFail.CpuOrMemNotExsit",
            Self::LocalDiskTooLarge => "InvalidParameter.CbsNotMatchCpu",
            Self::SnapshotOnLocalDisk => "InvalidParameter.storageType",
            Self::StorageSize { .. } => "QuotaExceeded.storageSize",
            Self::RootSize { .. } => "QuotaExceeded.rootSize",
        }
    }

    /// The key of the scenario file that is at fault.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Name { .. } => "name",
            Self::Size { .. } => "cpu",
            Self::LocalDiskTooLarge | Self::SnapshotOnLocalDisk => "storage_type",
            Self::StorageSize { .. } => "storage_size",
            Self::RootSize { .. } => "root_size",
            Self::Other { what, .. } => what,
        }
    }
}

impl Configuration {
    /// Checks every field by the ranges of the reference.
    ///
    /// # Errors
    /// The first [`ConfigurationError`] in the order of the fields.
    pub fn check(&self) -> Result<(), ConfigurationError> {
        use ConfigurationError as E;
        if !is_name(&self.name) {
            return Err(E::Name { name: self.name.clone() });
        }
        let (cpu, mem_gb) = (self.cpu, self.mem_gb);
        let by_core = mem_gb >= cpu && mem_gb <= cpu.saturating_mul(8);
        if !CPUS.contains(&cpu) || !(1..=256).contains(&mem_gb) || !by_core {
            return Err(E::Size { cpu, mem_gb });
        }
        if (cpu, mem_gb) == (1, 1) && self.storage_type.is_local() {
            return Err(E::LocalDiskTooLarge);
        }
        if self.storage_type.is_local() && self.data_snapshot_id.is_some() {
            return Err(E::SnapshotOnLocalDisk);
        }
        let (size_gb, max_gb) =
            (self.storage_size_gb, if self.storage_type.is_local() { 500 } else { 4000 });
        if size_gb > max_gb {
            return Err(E::StorageSize { size_gb, max_gb });
        }
        if !(20..=500).contains(&self.root_size_gb) {
            return Err(E::RootSize { size_gb: self.root_size_gb });
        }
        self.check_others()
    }

    fn check_others(&self) -> Result<(), ConfigurationError> {
        let mbps = self.bandwidth_mbps;
        let logins = (&self.key_id, self.has_password);
        let rules = [
            (self.image_id.is_empty(), "image", String::from("\"\""), "an image's id"),
            (
                !self.storage_size_gb.is_multiple_of(10),
                "storage_size",
                self.storage_size_gb.to_string(),
                "a multiple of 10 GB",
            ),
            (
                mbps > 200 && mbps != UNCAPPED_MBPS,
                "bandwidth",
                mbps.to_string(),
                "0 to 200 Mbps, or 65535",
            ),
            (
                !(1..=2).contains(&self.image_type),
                "image_type",
                self.image_type.to_string(),
                "1 or 2",
            ),
            (
                matches!(logins, (Some(_), true)),
                "key",
                String::from("with a password"),
                "one of the two",
            ),
            (
                !CVM_TYPES.contains(&self.cvm_type),
                "cvm_type",
                self.cvm_type.to_string(),
                "11, 12, 21, 22, 31, 32 or 42",
            ),
            (
                self.userdata.len() > USERDATA_MAX,
                "userdata",
                format!("of {} bytes", self.userdata.len()),
                "up to 16384 bytes of Base64",
            ),
        ];
        match rules.into_iter().find(|(broken, ..)| *broken) {
            Some((_, what, found, allowed)) => {
                Err(ConfigurationError::Other { what, found, allowed })
            }
            None => Ok(()),
        }
    }
}
