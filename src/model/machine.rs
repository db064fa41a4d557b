//! Machines outside groups, which a user can attach (SEMANTICS 3.4, 5.3).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A machine of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Its id, unique in the world.
    pub id: Arc<str>,
    /// The zone it stands in, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Arc<str>>,
    /// Cores; at least 1.
    pub cpu: u32,
    /// Memory in GB; at least 1.
    pub mem_gb: u32,
    /// Whether it runs; only a running machine can be attached.
    pub running: bool,
}
