//! A scaling group's own data: its sizes and how it chooses whom to remove.

use serde::{Deserialize, Serialize};

use crate::model::realm::Realm;

/// The three sizes of a group. Between events `min <= desired <= max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Minimum size.
    pub min: u32,
    /// Maximum size.
    pub max: u32,
    /// The number of instances the group works toward.
    pub desired: u32,
}

impl Capacity {
    /// The nearest whole number of instances within the bounds.
    pub fn clamp(self, wanted: i64) -> u32 {
        let clamped = wanted.min(i64::from(self.max)).max(i64::from(self.min));
        u32::try_from(clamped).unwrap_or(self.min)
    }
}

/// Which instances leave first when the group shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum RemovePolicy {
    /// The one that joined first.
    RemoveOldestInstance,
    /// The one that joined last.
    RemoveNewestInstance,
}

/// What a scenario's group begins with (3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Initial {
    /// `desired` instances are in service at start and billed from then.
    #[default]
    InService,
    /// It is empty, and its instances are launched at start as CreateScalingGroup does.
    Launch,
}

/// Where a group stands, and whose it is. This never changes.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Site {
    /// The zones in which instances are made; not together with subnets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// The subnets of a private network in which instances are made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subnets: Vec<String>,
    /// Ids of its load balancers; with none, instances skip AttachLb and DetachLb.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load_balancers: Vec<String>,
    /// The private network; `None` for the basic one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The project; 0 is the default one.
    pub project: u32,
    /// Whose it is, and in which region. Its name is unique there.
    #[serde(skip_serializing_if = "Realm::is_default")]
    pub realm: Realm,
}
