//! Which table of the file a fault of the whole world is about.

use crate::engine::command::CommandError;
use crate::engine::setup::ValidationError;
use crate::kernel::UtcOffset;
use crate::scenario::build::{fault, key};
use crate::scenario::error::Fault;
use crate::scenario::file::{GroupTable, ScenarioFile};
use crate::scenario::node::Segment;
use crate::scenario::refusal;

/// A fault of the world as a whole, at the table that it is about, with the service's code if the
/// service has one.
pub(super) fn blame(file: &ScenarioFile, error: &ValidationError, offset: UtcOffset) -> Fault {
    use ValidationError as E;
    let whole = || fault("group", error.to_string());
    let in_group = |name: &str, find: &dyn Fn(&GroupTable) -> Fault| {
        let place = file.group.iter().rposition(|table| table.name == name);
        let found = place.and_then(|i| Some((i, file.group.get(i)?)));
        found.map_or_else(whole, |(i, table)| {
            find(table).under(Segment::Index(i)).under(key("group"))
        })
    };
    match error {
        E::GroupName { name } | E::GroupNameTaken { name } => {
            in_group(name, &|_| fault("name", error.to_string()))
        }
        E::Policy { group, policy, error } => in_group(group, &|table| {
            named("policy", table.policy.iter().map(|p| p.name.as_str()), policy, error, offset)
        }),
        E::Task { group, task, error } => in_group(group, &|table| {
            let names = table.scheduled_task.iter().map(|t| t.name.as_str());
            named("scheduled_task", names, task, error, offset)
        }),
        E::Hook { group, hook, error } => in_group(group, &|table| {
            named("hook", table.hook.iter().map(|h| h.name.as_str()), hook, error, offset)
        }),
        E::Notification { group, number, error } => in_group(group, &|_| {
            let place = Segment::Index(number.saturating_sub(1));
            Fault::at([], refusal(error, offset)).under(place).under(key("notification"))
        }),
        E::TooManyPlaces { group, what, .. } => {
            in_group(group, &|_| fault(what, error.to_string()))
        }
        E::Place { group, what, .. } => {
            let list = format!("{}s", what.replace(' ', "_"));
            in_group(group, &|_| fault(&list, error.to_string()))
        }
        E::Configuration { name, error } => {
            let names = file.configuration.iter().map(|table| table.name.as_str());
            named("configuration", names, name, error, offset)
        }
        _ => whole(),
    }
}

/// A fault of the last element of that name in a list.
fn named<'a>(
    list: &str,
    names: impl DoubleEndedIterator<Item = &'a str> + ExactSizeIterator,
    name: &str,
    error: &CommandError,
    offset: UtcOffset,
) -> Fault {
    let told = refusal(error, offset);
    let at = match error {
        CommandError::TaskConflict { .. } => "start",
        _ => "name",
    };
    match names.enumerate().rfind(|(_, known)| *known == name) {
        Some((i, _)) => fault(at, told).under(Segment::Index(i)).under(key(list)),
        None => fault(list, told),
    }
}
