//! Machines outside groups, which a user can attach (SEMANTICS 3.4, 5.3).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::realm::Realm;

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
    /// The type of machine, if that is known; as a configuration's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvm_type: Option<u32>,
    /// The project it belongs to; only a group of the same project takes it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub project: u32,
    /// Whose it is, and where.
    #[serde(default, skip_serializing_if = "Realm::is_default")]
    pub realm: Realm,
}

/// A running machine of one core and 1 GB.
impl Default for Machine {
    fn default() -> Self {
        Self {
            id: Arc::from(""),
            zone: None,
            cpu: 1,
            mem_gb: 1,
            running: true,
            cvm_type: None,
            project: 0,
            realm: Realm::default(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(project: &u32) -> bool {
    *project == 0
}
