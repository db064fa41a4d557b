//! Scheduled tasks: create, describe, modify, delete.

use std::borrow::Cow;

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{equals, missing, passes};
use super::page::Page;
use super::parameters::{LIST_MAX, ParameterFault, Parameters};
use super::read::{CivilTime, civil, text};
use super::response::Response;
use crate::engine::command::{Command, CommandError, Reply};
use crate::engine::view::GroupView;
use crate::kernel::SimTime;
use crate::model::cron::Crontab;
use crate::model::id::{IdKind, TaskOrdinal};
use crate::model::scheduled_task::{Repeat, ScheduledTask, TaskChange, TaskError};

pub(super) const ACTIONS: [Row; 4] = [
    row::<Create>(Action::CreateScheduledTask),
    row::<Describe>(Action::DescribeScheduledTask),
    row::<Modify>(Action::ModifyScheduledTask),
    row::<Delete>(Action::DeleteScheduledTask),
];

const SIZE: ErrorKind = ErrorKind::ConflictMaxsizeLessMinsize;
const EVERY_DAY: &str = "* * * * *";

/// What a request says of a repetition.
enum Repetition {
    /// Nothing.
    Unsaid,
    /// There is to be none.
    None,
    /// The days and the end, as far as they are there.
    Some(Option<Crontab>, Option<SimTime>),
}

impl Repetition {
    fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let end = p.optional("endTime", civil(call.engine.utc_offset()))?;
        let recurrence = p.optional("recurrence", crontab)?;
        match (recurrence, end) {
            (None, None) => Ok(Self::Unsaid),
            (Some(days), Some(CivilTime::Unset)) if days.as_str() == EVERY_DAY => Ok(Self::None),
            // A repetition that never ends, or a end that is none, is half a repetition.
            (_, Some(CivilTime::Unset)) => Err(half()),
            (days, Some(CivilTime::At(end))) => Ok(Self::Some(days, Some(end))),
            (days, None) => Ok(Self::Some(days, None)),
        }
    }
}

fn half() -> ApiError {
    CommandError::from(TaskError::HalfRepeat).into()
}

/// Five fields of which the first two are `*`, blanks or not where all are `*`; with six, of which
/// three are `*`, the first is one too many.
fn crontab(value: &str) -> Result<Crontab, ParameterFault> {
    const EXPECTED: &str = "a crontab of five fields, the first two of them *";
    let fields: Vec<&str> = value.split_whitespace().collect();
    let text = match fields.as_slice() {
        ["*****"] => Cow::Borrowed(EVERY_DAY),
        ["*", "*", "*", last @ ..] if last.len() == 3 => {
            Cow::Owned(format!("* * {}", last.join(" ")))
        }
        _ => Cow::Borrowed(value),
    };
    Crontab::parse(&text).map_err(|_| ParameterFault::malformed(value, EXPECTED))
}

/// A time that is there.
fn instant(call: &Call<'_>, name: &str) -> Result<Option<SimTime>, ApiError> {
    let offset = call.engine.utc_offset();
    let read = |value| match civil(offset)(value)? {
        CivilTime::At(at) => Ok(at),
        CivilTime::Unset => Err(ParameterFault::malformed(value, "a time")),
    };
    Ok(call.parameters.optional(name, read)?)
}

/// The task's id, which one example spells otherwise.
fn task_id(p: &Parameters) -> Result<String, ApiError> {
    match p.maybe_text("scalingScheduledTaskId")? {
        Some(id) => Ok(id),
        None => {
            let other = p.optional("scalingScheduleTaskId", text)?;
            Ok(other.ok_or_else(|| missing("scalingScheduledTaskId"))?.to_owned())
        }
    }
}

struct Create {
    group: String,
    task: ScheduledTask,
}

impl Called for Create {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let group = p.text("scalingGroupId")?;
        let name = p.new_name("scalingScheduledTaskName")?;
        let max = p.needed_number("readjustMaxSize", SIZE)?;
        let min = p.needed_number("readjustMinSize", SIZE)?;
        let start = instant(call, "startTime")?.ok_or_else(|| missing("startTime"))?;
        let repeat = match Repetition::read(call)? {
            Repetition::Unsaid | Repetition::None => None,
            Repetition::Some(Some(recurrence), Some(end)) => Some(Repeat { recurrence, end }),
            Repetition::Some(..) => return Err(half()),
        };
        Ok(Self { group, task: ScheduledTask { name, min, max, start, repeat } })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        let reply = call.apply(index, &Command::CreateTask(self.task))?;
        let (Reply::Task(task), Some(group)) = (reply, call.engine.group(index)) else {
            return Err(ErrorKind::InternalError.into());
        };
        let scaling_schedule_task_id = [group.id_of(IdKind::Task, task.0)];
        Ok(Response::object(&Created { scaling_schedule_task_id }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    scaling_schedule_task_id: [String; 1],
}

struct Describe {
    group: String,
    ids: Vec<String>,
    name: Option<String>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let ids = match p.ids("scalingScheduledTaskIds", LIST_MAX)? {
            ids if ids.is_empty() => p.ids("scalingScheduleTaskIds", LIST_MAX)?,
            ids => ids,
        };
        let name = p.maybe_text("scalingScheduledTaskName")?;
        Ok(Self { group: p.text("scalingGroupId")?, ids, name, page: Page::read(p)? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = with_tasks(call, &self.group)?;
        let found = group.tasks().filter(|(ordinal, task, _)| {
            let has_id =
                self.ids.is_empty() || passes(&self.ids, &group.id_of(IdKind::Task, ordinal.0));
            equals(self.name.as_deref(), &task.name) && has_id
        });
        let page = self.page.of(found);
        let shown =
            page.items.into_iter().map(|(ordinal, task, _)| Shown::of(call, &group, ordinal, task));
        let (total_count, scaling_schedule_task_set) = (page.total, shown.collect());
        Ok(Response::object(&Described { total_count, scaling_schedule_task_set }))
    }
}

/// The group of that id. One that was deleted is remembered by the tasks that it left.
fn with_tasks<'a>(call: &'a Call<'_>, id: &str) -> Result<GroupView<'a>, ApiError> {
    let found = call.find_group(id);
    let found = found.filter(|group| !group.is_deleted() || group.tasks().next().is_some());
    found.ok_or_else(|| ErrorKind::InvalidParameterScalingGroupIdError.into())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    total_count: usize,
    scaling_schedule_task_set: Vec<Shown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    scaling_scheduled_task_id: String,
    scaling_scheduled_task_name: &'a str,
    readjust_max_size: u32,
    readjust_min_size: u32,
    start_time: String,
    end_time: String,
    recurrence: &'a str,
    create_time: String,
}

impl<'a> Shown<'a> {
    fn of(
        call: &Call<'_>,
        group: &GroupView<'_>,
        ordinal: TaskOrdinal,
        task: &'a ScheduledTask,
    ) -> Self {
        let end = task.repeat.as_ref().map_or(CivilTime::Unset, |r| CivilTime::At(r.end));
        let created = group.task_created(ordinal).unwrap_or(group.created());
        Self {
            scaling_scheduled_task_id: group.id_of(IdKind::Task, ordinal.0),
            scaling_scheduled_task_name: &task.name,
            readjust_max_size: task.max,
            readjust_min_size: task.min,
            start_time: call.civil(task.start),
            end_time: end.format(call.engine.utc_offset()),
            recurrence: task.repeat.as_ref().map_or("", |repeat| repeat.recurrence.as_str()),
            create_time: call.civil(created),
        }
    }
}

/// The group and the name of the task with that id; `group` is where it should be, if that is said.
fn find<'a>(
    call: &'a Call<'_>,
    group: Option<&str>,
    id: &str,
) -> Result<(GroupView<'a>, String), ApiError> {
    let unknown = ErrorKind::InvalidScheduledTaskNotExist;
    let named = match group {
        Some(group) => Some(with_tasks(call, group)?),
        None => None,
    };
    let (index, ordinal) = call.engine.read_id(IdKind::Task, id).ok_or(unknown)?;
    let group = call.engine.group(index).ok_or(unknown)?;
    let found = group.tasks().find(|(known, ..)| known.0 == ordinal);
    let found = found.filter(|_| call.sees(&group.site().realm));
    let name = found.map(|(_, task, _)| task.name.clone()).ok_or(unknown)?;
    match named {
        Some(named) if named.index() != index => Err(unknown.into()),
        _ => Ok((group, name)),
    }
}

struct Modify {
    group: Option<String>,
    id: String,
    change: TaskChange,
}

impl Called for Modify {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let id = task_id(p)?;
        let (once, recurrence, end) = match Repetition::read(call)? {
            Repetition::Unsaid => (false, None, None),
            Repetition::None => (true, None, None),
            Repetition::Some(recurrence, end) => (false, recurrence, end),
        };
        let change = TaskChange {
            name: p.maybe_name("scalingScheduledTaskName")?,
            min: p.number("readjustMinSize", SIZE)?,
            max: p.number("readjustMaxSize", SIZE)?,
            start: instant(call, "startTime")?,
            recurrence,
            end,
            once,
        };
        Ok(Self { group: p.maybe_text("scalingGroupId")?, id, change })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        // Here another group than the task's is a wrong group, not a wrong task.
        let (index, task) = match find(call, None, &self.id) {
            Ok((group, _)) if self.group.as_deref().is_some_and(|id| id != group.id()) => {
                return Err(ErrorKind::InvalidParameterScalingGroupIdError.into());
            }
            found => found.map(|(group, task)| (group.index(), task))?,
        };
        call.apply(index, &Command::ModifyTask { task, change: self.change })?;
        Ok(Response::empty())
    }
}

struct Delete {
    group: String,
    id: String,
}

impl Called for Delete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self { group: p.text("scalingGroupId")?, id: task_id(p)? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (group, task) = find(call, Some(&self.group), &self.id)?;
        let index = group.index();
        call.apply(index, &Command::DeleteTask { task })?;
        Ok(Response::empty())
    }
}
