//! Scaling groups: create, describe, modify, delete.

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{equals, missing, passes};
use super::inventory::ResourceKind;
use super::page::Page;
use super::parameters::LIST_MAX;
use super::response::Response;
use crate::engine::command::{Command, GroupChange, NewGroup, Reply, WorldCommand};
use crate::engine::view::GroupView;
use crate::model::capacity::Resize;
use crate::model::configuration::Registered;
use crate::model::failure::FailureCause;
use crate::model::group::{RemovePolicy, Site};

pub(super) const ACTIONS: [Row; 4] = [
    row::<Create>(Action::CreateScalingGroup),
    row::<Describe>(Action::DescribeScalingGroup),
    row::<Modify>(Action::ModifyScalingGroup),
    row::<Delete>(Action::DeleteScalingGroup),
];

const SIZE: ErrorKind = ErrorKind::ConflictMaxsizeLessMinsize;
const DESIRED: ErrorKind = ErrorKind::InvalidParameterDesiredCapacity;

/// The sizes of a group, as far as they are there.
fn sizes(call: &Call<'_>) -> Result<Resize, ApiError> {
    let p = call.parameters;
    Ok(Resize {
        min: p.number("minSize", SIZE)?,
        max: p.number("maxSize", SIZE)?,
        desired: p.number("desiredCapacity", DESIRED)?,
    })
}

struct Create {
    configuration: String,
    new: NewGroup,
}

impl Called for Create {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let configuration = p.text("scalingConfigurationId")?;
        let name = p.new_name("scalingGroupName")?;
        let Resize { min, max, desired } = sizes(call)?;
        let network = p.network()?.ok_or_else(|| missing("vpcId"))?;
        let site = Site {
            // However long, the page has codes for lists that are too long.
            zones: p.ids("zoneIds", usize::MAX)?,
            subnets: p.ids("subnetIds", usize::MAX)?,
            load_balancers: p.ids("loadBalancerIds", usize::MAX)?,
            network,
            project: p.project(call)?,
            realm: call.realm.clone(),
        };
        let new = NewGroup {
            name,
            configuration: String::new(),
            min: min.ok_or_else(|| missing("minSize"))?,
            max: max.ok_or_else(|| missing("maxSize"))?,
            desired,
            remove_policy: p.remove_policy()?.ok_or_else(|| missing("removePolicy"))?,
            site,
        };
        Ok(Self { configuration, new })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let configuration = call.configuration(&self.configuration)?.key.to_string();
        check_network(&self.new.site)?;
        if call.api.unverified_accounts.contains(&call.account) {
            return Err(ErrorKind::IdentityNotVerified.into());
        }
        check_resources(call, &self.new.site)?;
        let new = NewGroup { configuration, ..self.new };
        let reply = call.apply_to_world(&WorldCommand::CreateGroup(new))?;
        let Reply::Group(index) = reply else { return Err(ErrorKind::InternalError.into()) };
        let id = call.engine.group(index).map(|group| group.id());
        Ok(Response::object(&Created { scaling_group_id_set: id.as_slice() }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    scaling_group_id_set: &'a [&'a str],
}

/// The basic network has zones, a private one has subnets.
fn check_network(site: &Site) -> Result<(), ApiError> {
    let error = |kind, words: &str| Err(ApiError::new(kind, words));
    let no_subnet = ErrorKind::InvalidParameterVpcIdOrSubnetIdError;
    match (&site.network, site.zones.is_empty(), site.subnets.is_empty()) {
        (None, true, _) => error(
            ErrorKind::InvalidParameterZoneIdError,
            "parameter zoneIds is missing, as vpcId is 0",
        ),
        (None, _, false) => error(no_subnet, "parameter subnetIds needs a vpcId other than 0"),
        (Some(_), false, _) => error(
            ErrorKind::ConflictVpcIdVszoneId,
            "parameter zoneIds needs vpcId 0: the zones of a private network follow from its subnets",
        ),
        (Some(_), _, true) => error(no_subnet, "parameter subnetIds is missing, as vpcId is not 0"),
        _ => Ok(()),
    }
}

fn check_resources(call: &Call<'_>, site: &Site) -> Result<(), ApiError> {
    let no_subnet = ErrorKind::InvalidParameterVpcIdOrSubnetIdError;
    let project = Some(site.project);
    for zone in &site.zones {
        call.check(ResourceKind::Zone, zone, None, ErrorKind::InvalidParameterZoneIdError)?;
    }
    if let Some(network) = &site.network {
        call.check(ResourceKind::Network, network, None, no_subnet)?;
    }
    for subnet in &site.subnets {
        call.check(ResourceKind::Subnet, subnet, None, no_subnet)?;
        let known = call.api.inventory.get(ResourceKind::Subnet, subnet);
        let of = known.and_then(|subnet| subnet.network.as_ref());
        if of.is_some_and(|network| Some(network) != site.network.as_ref()) {
            let words = format!("the subnet {subnet} is one of another network");
            return Err(ApiError::new(no_subnet, words));
        }
    }
    for balancer in &site.load_balancers {
        let unknown = ErrorKind::InvalidParameterLoadBalancerIdError;
        call.check(ResourceKind::LoadBalancer, balancer, project, unknown)?;
    }
    Ok(())
}

struct Describe {
    ids: Vec<String>,
    name: Option<String>,
    configuration: Option<String>,
    network: Option<Option<String>>,
    project: Option<u32>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self {
            ids: p.ids("scalingGroupIds", LIST_MAX)?,
            name: p.maybe_text("scalingGroupName")?,
            configuration: p.maybe_text("scalingConfigurationId")?,
            network: p.network()?,
            project: p.maybe_project()?,
            page: Page::read(p)?,
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        // An unknown id matches nothing; no key is empty.
        let key = |id| call.configuration(id).map_or("", |known| &*known.key);
        let configuration = self.configuration.as_deref().map(key);
        let found = call.groups().filter(|group| {
            let site = group.site();
            passes(&self.ids, group.id())
                && equals(self.name.as_deref(), group.shown_name())
                && equals(configuration, group.configuration())
                && equals(self.network.as_ref(), &site.network)
                && equals(self.project.as_ref(), &site.project)
        });
        let page = self.page.of(found);
        let items = page.items.iter().map(|group| Shown::of(call, group)).collect();
        Ok(Response::object(&Described { total_count: page.total, scaling_group_set: items }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    total_count: usize,
    scaling_group_set: Vec<Shown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    scaling_group_id: &'a str,
    scaling_group_name: &'a str,
    scaling_configuration_id: &'a str,
    scaling_configuration_name: &'a str,
    min_size: u32,
    max_size: u32,
    desired_capacity: u32,
    create_time: String,
    instance_num: usize,
    remove_policy: RemovePolicy,
    load_balancer_id_set: Vec<LoadBalancer<'a>>,
    vpc_id: Network<'a>,
    subnet_id_set: Vec<Subnet<'a>>,
    zone_id_set: Vec<Zone<'a>>,
    project_id: u32,
    b_in_scaling_activity: u8,
}

/// The basic network is the number 0, a private one its id.
#[derive(Serialize)]
#[serde(untagged)]
enum Network<'a> {
    Basic(u8),
    Private(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoadBalancer<'a> {
    status: u8,
    load_balancer_id: &'a str,
    owner: &'a str,
    zone_id: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subnet<'a> {
    status: u8,
    subnet_id: &'a str,
    owner: &'a str,
    zone_id: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Zone<'a> {
    status: u8,
    owner: &'a str,
    zone_id: u64,
}

impl<'a> Shown<'a> {
    fn of(call: &'a Call<'_>, group: &GroupView<'a>) -> Self {
        let (site, capacity) = (group.site(), group.capacity());
        let configuration = configuration(call, group);
        let owner = call.account.as_str();
        let status = |cause, place| u8::from(!group.is_struck(cause, place));
        let zone = |kind, id: &str| {
            let known = call.api.inventory.get(kind, id);
            known.and_then(|known| known.zone).unwrap_or(0)
        };
        let balancer = |id: &'a String| LoadBalancer {
            status: status(FailureCause::LbDeleted, None),
            load_balancer_id: id,
            owner,
            zone_id: zone(ResourceKind::LoadBalancer, id),
        };
        let subnet = |id: &'a String| Subnet {
            status: status(FailureCause::SubnetDeleted, Some(id)),
            subnet_id: id,
            owner,
            zone_id: zone(ResourceKind::Subnet, id),
        };
        let number = |id: &String| id.parse().unwrap_or_else(|_| zone(ResourceKind::Zone, id));
        Self {
            scaling_group_id: group.id(),
            scaling_group_name: group.shown_name(),
            scaling_configuration_id: configuration.map_or("", |known| &*known.id),
            scaling_configuration_name: configuration
                .map_or(group.configuration(), |known| &known.definition.name),
            min_size: capacity.min,
            max_size: capacity.max,
            desired_capacity: capacity.desired,
            create_time: call.civil(group.created()),
            instance_num: group.members().len(),
            remove_policy: group.remove_policy(),
            load_balancer_id_set: site.load_balancers.iter().map(balancer).collect(),
            vpc_id: site.network.as_ref().map_or(Network::Basic(0), |id| Network::Private(id)),
            subnet_id_set: site.subnets.iter().map(subnet).collect(),
            zone_id_set: site
                .zones
                .iter()
                .map(|id| Zone { status: 1, owner, zone_id: number(id) })
                .collect(),
            project_id: site.project,
            b_in_scaling_activity: group.running_activity().is_some().into(),
        }
    }
}

/// The group's configuration; a world set up without any has none to show.
fn configuration<'a>(call: &'a Call<'_>, group: &GroupView<'_>) -> Option<&'a Registered> {
    call.engine.registered().find(|known| *known.key == *group.configuration())
}

struct Modify {
    group: String,
    configuration: Option<String>,
    change: GroupChange,
}

impl Called for Modify {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let group = p.text("scalingGroupId")?;
        let sizes = sizes(call)?;
        let remove_policy = p.remove_policy()?;
        if !call.api.lenient_modify {
            sizes.min.ok_or_else(|| missing("minSize"))?;
            sizes.max.ok_or_else(|| missing("maxSize"))?;
            remove_policy.ok_or_else(|| missing("removePolicy"))?;
        }
        let name = p.maybe_name("scalingGroupName")?;
        let configuration = p.maybe_text("scalingConfigurationId")?;
        let change = GroupChange { name, configuration: None, remove_policy, sizes };
        Ok(Self { group, configuration, change })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        let configuration = match &self.configuration {
            Some(id) => Some(call.configuration(id)?.key.to_string()),
            None => None,
        };
        call.apply(index, &Command::ModifyGroup(GroupChange { configuration, ..self.change }))?;
        Ok(Response::bare())
    }
}

struct Delete {
    group: String,
}

impl Called for Delete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        Ok(Self { group: call.parameters.text("scalingGroupId")? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        call.apply(index, &Command::DeleteGroup)?;
        Ok(Response::bare())
    }
}
