//! `[[at]]`: timed commands of groups, and changes of the world.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::Request;
use crate::engine::command::{Command, Machines, Outage, WorldCommand};
use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::{SimDuration, SimTime};
use crate::model::capacity::{Resize, resize};
use crate::model::failure::{Condition, FailureCause};
use crate::model::group::Capacity;
use crate::model::id::{GroupIndex, InstanceOrdinal};
use crate::model::lifecycle_hook::HookResult;
use crate::model::limits::Limits;
use crate::scenario::build::edits::{self, Edits};
use crate::scenario::build::{fault, key};
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{
    AtTable, AttachTable, ConditionTable, PlaceTable, ScenarioFile, SizesTable,
};
use crate::scenario::node::Segment;
use crate::scenario::value::Span;

/// What a table of `[[at]]` comes to.
enum Deed {
    /// A command of the group that it names.
    Command(Command),
    /// A cause of failures stands for a time.
    Stand(FailureCause, Scope),
    /// The instances of a place have a fault for a time.
    Outage(Scope),
}

/// Where and for how long something holds.
#[derive(Default)]
struct Scope {
    zone: Option<Arc<str>>,
    length: Option<SimDuration>,
    limit: Option<u32>,
}

/// Hands timed commands to their groups, and conditions to the world.
pub(super) fn script(file: &ScenarioFile, setup: &mut Setup, end: SimTime) -> Result<(), Fault> {
    // The first of a name, as everywhere; that names are unique is checked later.
    let mut places = BTreeMap::new();
    for (place, table) in file.group.iter().enumerate() {
        places.entry(table.name.as_str()).or_insert(place);
    }
    let mut edits = Vec::new();
    for (i, table) in file.at.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("at"));
        let (at, group) = head(table, &places, setup, end).map_err(under)?;
        let named = group.and_then(|place| setup.groups.get(place));
        let deed = deed(table, at, named, setup).map_err(under)?;
        let index = group.map(|place| GroupIndex(u32::try_from(place).unwrap_or(u32::MAX)));
        match deed {
            Deed::Command(command) => {
                let target = group.and_then(|place| setup.groups.get_mut(place));
                let Some(target) = target else { continue };
                if edits::is_edit(&command) {
                    edits.push((group.unwrap_or_default(), at, i));
                }
                target.script.push((at, command));
            }
            Deed::Stand(cause, Scope { zone, length, limit }) => {
                let (begin, end) = (at, length.map_or(SimTime::MAX, |length| at + length));
                let condition = Condition { cause, limit, group: index, place: zone, begin, end };
                setup.conditions.push(condition);
            }
            Deed::Outage(Scope { zone, length, .. }) => {
                let (begin, end) = (at, length.map_or(SimTime::MAX, |length| at + length));
                setup.outages.push(Outage { group: index, place: zone, begin, end });
            }
        }
    }
    check_edits(setup, edits)
}

/// What a table asks of a world that is running, at `now`; its own time is not looked at. `group`
/// is the one it names, and `setup` has the groups that there now are.
///
/// # Errors
/// A fault of the table, if its values cannot be.
pub fn at_once(
    table: &AtTable,
    group: Option<GroupIndex>,
    now: SimTime,
    setup: &Setup,
) -> Result<Request, Fault> {
    let place = group.and_then(|group| usize::try_from(group.0).ok());
    let named = place.and_then(|place| setup.groups.get(place));
    let until = |length: Option<SimDuration>| length.map_or(SimTime::MAX, |length| now + length);
    Ok(match deed(table, now, named, setup)? {
        Deed::Command(command) => {
            let group = group.ok_or_else(|| fault("group", "key `group` is missing"))?;
            Request::Group(group, command)
        }
        Deed::Stand(cause, Scope { zone, length, limit }) => {
            let (begin, end) = (now, until(length));
            let condition = Condition { cause, limit, group, place: zone, begin, end };
            Request::World(Box::new(WorldCommand::Condition(condition)))
        }
        Deed::Outage(Scope { zone, length, .. }) => {
            let outage = Outage { group, place: zone, begin: now, end: until(length) };
            Request::World(Box::new(WorldCommand::Outage(outage)))
        }
    })
}

/// When a table is due, and the place of its group, if it names one.
fn head(
    table: &AtTable,
    places: &BTreeMap<&str, usize>,
    setup: &Setup,
    end: SimTime,
) -> Result<(SimTime, Option<usize>), Fault> {
    let (time, group) = table.head();
    let (start, offset) = (setup.start, setup.utc_offset);
    let at = time.resolve(start, offset).filter(|at| (start..end).contains(at));
    let at = at.ok_or_else(|| {
        let (from, to) = (start.format_civil(offset), end.format_civil(offset));
        fault("time", format!("the time lies outside the run, {from} to {to}"))
    })?;
    let Some(name) = group else { return Ok((at, None)) };
    match places.get(name) {
        Some(place) => Ok((at, Some(*place))),
        None => {
            let names: Vec<&str> = places.keys().copied().collect();
            let guess = nearest(name, &names).map(|n| format!(", did you mean `{n}`?"));
            let guess = guess.unwrap_or_default();
            Err(fault("group", format!("no [[group]] is named `{name}`{guess}")))
        }
    }
}

/// What a table says; `group` is the one it names.
fn deed(
    table: &AtTable,
    at: SimTime,
    group: Option<&GroupSetup>,
    setup: &Setup,
) -> Result<Deed, Fault> {
    use FailureCause as C;
    let whole = |cause, table: &ConditionTable| {
        let length = length_of(table.length)?;
        Ok(Deed::Stand(cause, Scope { length, ..Scope::default() }))
    };
    let local = |cause, table: &PlaceTable| {
        scope(table, group, setup).map(|scope| Deed::Stand(cause, scope))
    };
    match table {
        AtTable::ImageDeleted(table) => whole(C::ImageDeleted, table),
        AtTable::LbDeleted(table) => whole(C::LbDeleted, table),
        AtTable::SnapshotDeleted(table) => whole(C::SnapshotDeleted, table),
        AtTable::SecurityGroupDeleted(table) => whole(C::SecurityGroupDeleted, table),
        AtTable::Balance(table) => whole(C::Balance, table),
        AtTable::KeyDeleted(table) => whole(C::KeyDeleted, table),
        AtTable::SubnetDeleted(table) => local(C::SubnetDeleted, table),
        AtTable::SoldOut(table) => local(C::SoldOut, table),
        AtTable::ModelGone(table) => local(C::ModelGone, table),
        AtTable::Short(table) => local(C::Short, table),
        AtTable::Quota(table) => {
            let (length, limit) = (length_of(table.length)?, table.limit);
            Ok(Deed::Stand(C::Quota, Scope { length, limit, zone: None }))
        }
        AtTable::ZoneOutage(table) => scope(table, group, setup).map(Deed::Outage),
        other => command(other, at, group, setup).map(Deed::Command),
    }
}

/// A length that has to be above 0, if it is given.
fn length_of(length: Option<Span>) -> Result<Option<SimDuration>, Fault> {
    match length {
        Some(Span(length)) if !length.is_positive() => {
            Err(fault("for", format!("found {length}, allowed more")))
        }
        length => Ok(length.map(|span| span.0)),
    }
}

/// The place of a condition must be one of the group's, or of any group's.
fn scope(table: &PlaceTable, group: Option<&GroupSetup>, setup: &Setup) -> Result<Scope, Fault> {
    let scope = Scope { length: length_of(table.length)?, ..Scope::default() };
    let Some(zone) = &table.zone else { return Ok(scope) };
    let groups = match group {
        Some(group) => std::slice::from_ref(group),
        None => &setup.groups,
    };
    let places: BTreeSet<&str> =
        groups.iter().flat_map(|g| g.zones.iter().chain(&g.subnets)).map(String::as_str).collect();
    if places.contains(zone.as_str()) {
        return Ok(Scope { zone: Some(Arc::from(zone.as_str())), ..scope });
    }
    let names: Vec<&str> = places.into_iter().collect();
    let guess = nearest(zone, &names).map(|n| format!(", did you mean `{n}`?"));
    let whose = match group {
        Some(group) => format!("group `{}` has no zone or subnet", group.name),
        None => String::from("no group has a zone or subnet"),
    };
    Err(fault("zone", format!("{whose} `{zone}`{}", guess.unwrap_or_default())))
}

fn command(
    table: &AtTable,
    at: SimTime,
    group: Option<&GroupSetup>,
    setup: &Setup,
) -> Result<Command, Fault> {
    let limits = &setup.limits;
    let command = match table {
        AtTable::SetCapacity(table) => Command::Resize(sizes(table, limits)?),
        AtTable::Suspend(_) => Command::Suspend,
        AtTable::Resume(_) => Command::Resume,
        AtTable::DeleteGroup(_) => Command::DeleteGroup,
        AtTable::UnbindHook(_) => Command::UnbindHook,
        AtTable::BindHook(table) => Command::BindHook { hook: table.hook.clone() },
        AtTable::Protect(table) => Command::Protect {
            instances: instances(&table.instance.0, u32::MAX)?,
            protect: table.protect.unwrap_or(true),
        },
        AtTable::FailInstance(table) => Command::FailInstance {
            instance: instance(table.instance)?,
            length: length_of(table.length)?,
        },
        AtTable::CompleteHook(table) => Command::CompleteHook {
            instance: instance(table.instance)?,
            result: table.result.unwrap_or(HookResult::Continue),
        },
        AtTable::RenewHook(table) => {
            let (instance, timeout) = (instance(table.instance)?, table.timeout.0);
            if timeout < SimDuration::from_s(1) {
                let message = format!("InvalidParameter: found {timeout}, allowed 1s or more");
                return Err(fault("timeout", message));
            }
            Command::RenewHook { instance, timeout }
        }
        AtTable::Attach(table) => Command::Attach(machines(table, limits)?),
        AtTable::Detach(table) => Command::Detach {
            instances: instances(&table.instance.0, limits.instances_per_call)?,
            keep: table.keep.unwrap_or(false),
        },
        other => return edits::command(other, at, group, setup),
    };
    Ok(command)
}

/// Sizes that no group could have are no command but a mistake.
fn sizes(table: &SizesTable, limits: &Limits) -> Result<Resize, Fault> {
    let change = Resize { min: table.min, max: table.max, desired: table.desired };
    let widest = Capacity { min: 0, max: limits.max_size, desired: 0 };
    match resize(widest, change, limits) {
        Ok(_) => Ok(change),
        Err(error) => Err(fault(error.key(), format!("{}: {error}", error.code()))),
    }
}

fn instance(number: u32) -> Result<InstanceOrdinal, Fault> {
    match number {
        0 => Err(fault("instance", "found 0: instances are counted from 1")),
        number => Ok(InstanceOrdinal(number)),
    }
}

/// Between one and `most` instances, each counted once.
fn instances(numbers: &[u32], most: u32) -> Result<Vec<InstanceOrdinal>, Fault> {
    check_count("instance", numbers.iter().collect::<BTreeSet<_>>().len(), most)?;
    numbers.iter().map(|number| instance(*number)).collect()
}

fn machines(table: &AttachTable, limits: &Limits) -> Result<Machines, Fault> {
    let most = limits.instances_per_call;
    match (&table.count, &table.ids) {
        (Some(count), None) => {
            check_count("count", usize::try_from(*count).unwrap_or(usize::MAX), most)?;
            Ok(Machines::Count(*count))
        }
        (None, Some(ids)) => {
            check_count("ids", ids.iter().collect::<BTreeSet<_>>().len(), most)?;
            Ok(Machines::Ids(ids.clone()))
        }
        _ => Err(Fault::at([], "give one of `count` and `ids`")),
    }
}

fn check_count(name: &str, count: usize, most: u32) -> Result<(), Fault> {
    match u32::try_from(count) {
        Ok(count) if (1..=most).contains(&count) => Ok(()),
        _ if count == 0 => Err(fault(name, "InvalidParameter: found none, allowed 1 or more")),
        _ => {
            let message = format!(
                "InvalidParameter: found {count}, allowed at most {most} (limits.instances_per_call)"
            );
            Err(fault(name, message))
        }
    }
}

/// Checks what edits of policies, tasks and hooks make of them, in the order of time.
fn check_edits(setup: &Setup, edits: Vec<(usize, SimTime, usize)>) -> Result<(), Fault> {
    let mut by_group: BTreeMap<usize, Vec<(SimTime, usize)>> = BTreeMap::new();
    for (group, at, table) in edits {
        by_group.entry(group).or_default().push((at, table));
    }
    for (group, mut tables) in by_group {
        let Some(group) = setup.groups.get(group) else { continue };
        // Stable: at one instant in file order, which is that of the script too.
        tables.sort_by_key(|(at, _)| *at);
        let mut script: Vec<&(SimTime, Command)> =
            group.script.iter().filter(|(_, command)| edits::is_edit(command)).collect();
        script.sort_by_key(|(at, _)| *at);
        let mut edits = Edits::of(group, setup);
        for ((at, command), (_, table)) in script.into_iter().zip(tables) {
            edits
                .take(*at, command)
                .map_err(|f| f.under(Segment::Index(table)).under(key("at")))?;
        }
    }
    Ok(())
}
