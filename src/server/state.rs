//! `GET /_sim/state`: the world at a glance.

use serde::Serialize;

use super::hosted::Hosted;
use crate::engine::view::GroupView;
use crate::kernel::SimTime;
use crate::model::instance::{HealthStatus, Instance};

/// The world at a glance.
#[derive(Debug, Serialize)]
pub(super) struct State {
    /// Engine time, Unix seconds.
    now: SimTime,
    /// The same as the service writes it.
    time: String,
    /// `manual`, `real`, or `x` and a number.
    clock: String,
    /// When anything happens next, if nobody calls.
    next_wake: Option<SimTime>,
    /// Lines of the event log.
    events: usize,
    /// Commands from outside so far.
    commands: usize,
    /// Names of the configurations.
    configurations: Vec<String>,
    /// Ids of the machines outside groups.
    machines: Vec<String>,
    groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct Group {
    id: String,
    name: String,
    configuration: String,
    min: u32,
    max: u32,
    desired: u32,
    in_service: u32,
    /// The number of the activity under way.
    running_activity: Option<u32>,
    cooldown_until: Option<SimTime>,
    suspended: bool,
    policies: Vec<String>,
    tasks: Vec<String>,
    hooks: Vec<String>,
    members: Vec<Member>,
}

#[derive(Debug, Serialize)]
struct Member {
    id: String,
    /// Its number in the group, by which `/_sim/world` names it.
    instance: u32,
    state: &'static str,
    healthy: bool,
    protected: bool,
    /// Whether it waits at a hook.
    waiting: bool,
}

impl State {
    pub fn of(world: &Hosted) -> Self {
        let engine = &world.engine;
        let groups = engine.groups().filter(|group| !group.is_deleted());
        Self {
            now: engine.now(),
            time: engine.now().format_civil(world.setup.utc_offset),
            clock: world.clock.pace().to_string(),
            next_wake: engine.next_wake(),
            events: engine.event_count(),
            commands: engine.journal().len(),
            configurations: engine.configurations().map(|c| c.name.clone()).collect(),
            machines: engine.machines().map(|machine| machine.id.to_string()).collect(),
            groups: groups.map(Group::of).collect(),
        }
    }
}

impl Group {
    fn of(group: GroupView<'_>) -> Self {
        let capacity = group.capacity();
        Self {
            id: group.id().to_owned(),
            name: group.shown_name().to_owned(),
            configuration: group.configuration().to_owned(),
            min: capacity.min,
            max: capacity.max,
            desired: capacity.desired,
            in_service: group.in_service(),
            running_activity: group.running_activity().map(|activity| activity.0),
            cooldown_until: group.cooldown_until(),
            suspended: group.is_suspended(),
            policies: group.policies().map(|(_, policy, _)| policy.name.clone()).collect(),
            tasks: group.tasks().map(|(_, task, _)| task.name.clone()).collect(),
            hooks: group.hooks().map(|(_, hook)| hook.name.clone()).collect(),
            members: group.members().iter().map(|member| Member::of(group, member)).collect(),
        }
    }
}

impl Member {
    fn of(group: GroupView<'_>, member: &Instance) -> Self {
        Self {
            id: group.instance_id(member),
            instance: member.ordinal.0,
            state: member.state.name(),
            healthy: member.health == HealthStatus::Healthy,
            protected: member.protected,
            waiting: member.wait.is_some(),
        }
    }
}
