//! Whose something is, and where.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// An account in a region. Things of two realms do not see each other, and may have one name;
/// quotas of a project count all regions of its account. A world that is set up in code or by a
/// scenario is all of one realm, whose names are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Realm {
    /// The account.
    pub account: Arc<str>,
    /// The region.
    pub region: Arc<str>,
}

impl Realm {
    /// Whether it is the realm of a setup.
    pub fn is_default(&self) -> bool {
        self.account.is_empty() && self.region.is_empty()
    }
}
