//! What the account has besides the things of auto scaling: resources of other services, which
//! their own interfaces would list.

use std::collections::BTreeMap;

use super::region::Region;

/// A kind of resource that parameters name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ResourceKind {
    /// An image of a system disk.
    Image,
    /// A key pair for logging in.
    KeyPair,
    /// A security group.
    SecurityGroup,
    /// A snapshot of a data disk.
    Snapshot,
    /// A zone.
    Zone,
    /// A private network.
    Network,
    /// A subnet of a private network.
    Subnet,
    /// A load balancer.
    LoadBalancer,
    /// A group of users who can be told something.
    UserGroup,
}

/// What is known of a resource; what is `None` fits everywhere.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Resource {
    /// Where it is.
    pub region: Option<Region>,
    /// The project it belongs to.
    pub project: Option<u32>,
    /// The zone it stands in, by number.
    pub zone: Option<u64>,
    /// Of a subnet: its network.
    pub network: Option<String>,
    /// Of a snapshot: its size in GB.
    pub size_gb: Option<u32>,
    /// Of an image: whether it is a Windows.
    pub is_windows: bool,
}

/// The resources that exist. A kind of which none is listed is not looked into: every id will do.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Inventory {
    known: BTreeMap<ResourceKind, BTreeMap<String, Resource>>,
}

impl Inventory {
    /// Adds a resource, or replaces what was known of it.
    pub fn add(&mut self, kind: ResourceKind, id: &str, resource: Resource) {
        self.known.entry(kind).or_default().insert(id.to_owned(), resource);
    }

    /// Takes a resource away. When the last of its kind goes, the kind is not looked into again.
    pub fn remove(&mut self, kind: ResourceKind, id: &str) -> Option<Resource> {
        let of_kind = self.known.get_mut(&kind)?;
        let removed = of_kind.remove(id);
        if of_kind.is_empty() {
            self.known.remove(&kind);
        }
        removed
    }

    /// What is known of a resource.
    pub fn get(&self, kind: ResourceKind, id: &str) -> Option<&Resource> {
        self.known.get(&kind)?.get(id)
    }

    /// Whether a resource of this id can be used in a region, and by a project if one is named.
    pub fn has(&self, kind: ResourceKind, id: &str, region: Region, project: Option<u32>) -> bool {
        let Some(of_kind) = self.known.get(&kind) else { return true };
        of_kind.get(id).is_some_and(|resource| {
            let is_here = resource.region.is_none_or(|of| of == region);
            let is_ours = match (resource.project, project) {
                (Some(of), Some(project)) => of == project,
                _ => true,
            };
            is_here && is_ours
        })
    }
}
