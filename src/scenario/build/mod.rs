//! From shape to world: everything that the shape alone cannot promise is checked here.

mod blame;
mod edits;
mod expect;
mod group;
mod lint;
mod load;
mod parts;
mod script;
mod switches;
mod traces;
mod world;

use std::collections::BTreeMap;

use crate::engine::setup::Setup;
use crate::env::faults::Faults;
use crate::kernel::{SimDuration, SimTime, UtcOffset};
use crate::scenario::error::Fault;
use crate::scenario::file::ScenarioFile;
use crate::scenario::node::Segment;
use crate::scenario::value::When;
use crate::scenario::{Expectation, Scenario};

pub use expect::EXPECTATIONS_MAX;
pub use traces::ReadFile;
use traces::Traces;

/// The longest run: ten years.
pub const DURATION_MAX: SimDuration = SimDuration::from_s(3_660 * 86_400);

pub(super) fn key(name: &str) -> Segment {
    Segment::Key(name.to_owned())
}

/// A fault of one key of the table at hand.
pub(super) fn fault(name: &str, message: impl Into<String>) -> Fault {
    let path = name.split('.').map(key);
    Fault::at(path, message)
}

/// Builds the world a file describes; `read` gives the bytes of a trace file, and `until`, if
/// given, takes the place of the scenario's end.
///
/// # Errors
/// The first [`Fault`] in the order of this page: times, limits, traces, switches, groups, script.
pub fn build(
    file: &ScenarioFile,
    read: ReadFile<'_>,
    until: Option<&When>,
) -> Result<Scenario, Fault> {
    let utc_offset = match &file.utc_offset {
        Some(text) => UtcOffset::parse(text).map_err(|e| fault("utc_offset", e.to_string()))?,
        None => UtcOffset::default(),
    };
    let mut traces = Traces::read(file, utc_offset, read)?;
    let Times { start, end, whole } = times(file, &traces, utc_offset, until)?;
    let limits = switches::limits(&file.limits).map_err(|f| f.under(key("limits")))?;
    // Synthetic traces are made to the scenario's own end, so they are judged by it.
    traces.check_synthetic(whole - start, limits.work)?;
    traces.cover(start, whole, file.seed, utc_offset)?;
    let mut setup = Setup {
        utc_offset,
        seed: file.seed,
        semantics: switches::semantics(&file.semantics).map_err(|f| f.under(key("semantics")))?,
        limits,
        latency: switches::latency(&file.latency).map_err(|f| f.under(key("latency")))?,
        instance_limit: file.account.instance_limit,
        project: file.account.project,
        configurations: world::configurations(file)?,
        machines: world::machines(&file.machine, file.account.project)?,
        ..Setup::new(start)
    };
    let faults = world::faults(&file.faults, Faults::default());
    let faults = faults.map_err(|f| f.under(key("faults")))?;
    if file.group.is_empty() {
        return Err(fault("group", "a scenario needs at least one [[group]]"));
    }
    for (i, table) in file.group.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("group"));
        let built = group::group(table, &traces, &setup, faults).map_err(under)?;
        setup.groups.push(built);
    }
    script::script(file, &mut setup, whole)?;
    setup.check().map_err(|error| blame::blame(file, &error, utc_offset))?;
    let mut expectations = expect::expectations(file, &setup, whole)?;
    expectations.retain(|expectation| expectation.when.is_over_by(end));
    check_work(&setup, &expectations, end)?;
    Ok(Scenario {
        name: file.name.clone(),
        about: file.about.clone(),
        end,
        slo: switches::slo(&file.slo).map_err(|f| f.under(key("slo")))?,
        tariff: switches::tariff(file)?,
        account: world::account(&file.account).map_err(|f| f.under(key("account")))?,
        expectations,
        allow: lint::allow(&file.lint)?,
        warnings: traces.warnings().into_iter().chain(idle_tasks(&setup)).collect(),
        setup,
    })
}

/// A line for each task whose last trigger lies before the run (9.2).
fn idle_tasks(setup: &Setup) -> Vec<String> {
    let offset = setup.utc_offset;
    let all = setup.groups.iter().flat_map(|g| g.tasks.iter().map(move |task| (g, task)));
    let idle = all.filter(|(_, task)| task.next_trigger(setup.start, offset).is_none());
    let lines = idle.map(|(group, task)| {
        let (group, name) = (&group.name, &task.name);
        match &task.repeat {
            None => {
                let at = task.start.format_civil(offset);
                format!("group {group}: task {name} triggers once, at {at}, before the run begins")
            }
            Some(_) => {
                format!("group {group}: task {name} has its last trigger before the run begins")
            }
        }
    });
    lines.collect()
}

/// Refuses a run that nobody would wait for. What an expectation reads minute by minute counts
/// too.
fn check_work(setup: &Setup, expectations: &[Expectation], end: SimTime) -> Result<(), Fault> {
    let by_group = setup.groups.iter().zip(setup.work_by_group(end));
    let by_group: BTreeMap<&str, u64> = by_group.map(|(g, work)| (g.name.as_str(), work)).collect();
    let of_expectations = expectations.iter().map(|expectation| {
        let folds = expectation.bounds.iter().filter(|(quantity, _)| quantity.reads_minutes());
        let folds = u64::try_from(folds.count()).unwrap_or(u64::MAX);
        by_group.get(expectation.group.as_str()).map_or(0, |work| work.saturating_mul(folds))
    });
    let all = of_expectations.chain(by_group.values().copied());
    let work = all.fold(0, u64::saturating_add);
    let most = setup.limits.work;
    if work <= u64::from(most) {
        return Ok(());
    }
    let message = format!(
        "the run is about {work} steps of work (minutes, steps of traces, evaluations of policies), \
         allowed {most}: shorten it, take longer intervals or raise the limit"
    );
    Err(fault("limits.work", message))
}

/// When a run begins and ends.
struct Times {
    start: SimTime,
    end: SimTime,
    /// Where the scenario's own times may lie: to its own end, though the run may end before it.
    whole: SimTime,
}

/// Start and end of the run; both default to the traces' span.
fn times(
    file: &ScenarioFile,
    traces: &Traces,
    offset: UtcOffset,
    until: Option<&When>,
) -> Result<Times, Fault> {
    let start = match (start_of(file, offset)?, traces.span()) {
        (Some(start), _) | (None, Some((start, _))) => start,
        (None, None) => {
            return Err(fault(
                "start",
                "key `start` is missing, and no trace has times of its own",
            ));
        }
    };
    let natural = match (&file.duration, traces.span()) {
        (Some(duration), _) => start + duration.0,
        (None, Some((_, end))) if end > start => end,
        _ => {
            let message = "key `duration` is missing, and no trace goes on after the start";
            return Err(fault("duration", message));
        }
    };
    let end = until.map_or(Some(natural), |when| when.resolve(start, offset));
    let refuse = |message: &str| match until {
        Some(_) => Fault::at([], format!("--until: {message}")),
        None => fault("duration", message),
    };
    let end = end.filter(|end| *end > start);
    let end = end.ok_or_else(|| refuse("the run must end after its start"))?;
    if end - start > DURATION_MAX {
        return Err(refuse("a run lasts at most ten years (3660d)"));
    }
    let whole = natural.min(start + DURATION_MAX).max(end);
    Ok(Times { start, end, whole })
}

/// The scenario's own start, if it names one.
pub(super) fn start_of(file: &ScenarioFile, offset: UtcOffset) -> Result<Option<SimTime>, Fault> {
    let Some(text) = &file.start else { return Ok(None) };
    let start = SimTime::parse_civil(text, offset).map_err(|e| fault("start", e.to_string()))?;
    // The years of the API's own date format, well inside the range of SimTime.
    let known = SimTime::from_unix_s(0)..SimTime::from_unix_s(253_402_300_800);
    if known.contains(&start) {
        Ok(Some(start))
    } else {
        Err(fault("start", format!("`{text}` is out of range: 1970 to 9999")))
    }
}
