//! From shape to world: everything that the shape alone cannot promise is checked here.

use crate::engine::command::Command;
use crate::engine::setup::{GroupSetup, Setup, ValidationError};
use crate::env::latency::{Latency, PhaseLength};
use crate::kernel::{Micro, SimDuration, SimTime, UtcOffset};
use crate::model::capacity::{Resize, resize};
use crate::model::group::Capacity;
use crate::model::id::GROUPS_MAX;
use crate::model::limits::{Limits, MAX_SIZE_CEILING};
use crate::model::policy::{Adjustment, AlarmRule, Policy, REPEAT_TIMES_DEFAULT};
use crate::model::semantics::Semantics;
use crate::report::{Slo, Tariff};
use crate::scenario::Scenario;
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{
    AdjustmentTable, AdjustmentType, AtTable, GroupTable, LatencyTable, LimitsTable, MetricTable,
    PolicyTable, ScenarioFile, SemanticsTable, SloTable,
};
use crate::scenario::load::build_load;
use crate::scenario::node::Segment;
use crate::scenario::traces::{ReadFile, Traces};
use crate::scenario::value::{Length, When};

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
/// The first [`Fault`] in the order of this page: times, traces, switches, limits, groups, script.
pub fn build(
    file: &ScenarioFile,
    read: ReadFile<'_>,
    until: Option<&str>,
) -> Result<Scenario, Fault> {
    let utc_offset = match &file.utc_offset {
        Some(text) => UtcOffset::parse(text).map_err(|e| fault("utc_offset", e.to_string()))?,
        None => UtcOffset::default(),
    };
    let mut traces = Traces::read(file, utc_offset, read)?;
    let (start, end) = span(file, &traces, utc_offset, until)?;
    traces.cover(start, end, file.seed, utc_offset)?;
    let mut setup = Setup {
        utc_offset,
        seed: file.seed,
        semantics: semantics(&file.semantics).map_err(|f| f.under(key("semantics")))?,
        limits: limits(&file.limits).map_err(|f| f.under(key("limits")))?,
        latency: latency(&file.latency).map_err(|f| f.under(key("latency")))?,
        ..Setup::new(start)
    };
    check_configurations(file)?;
    if file.group.is_empty() {
        return Err(fault("group", "a scenario needs at least one [[group]]"));
    }
    for (i, table) in file.group.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("group"));
        let built = group(file, table, &traces, &setup).map_err(under)?;
        setup.groups.push(built);
    }
    script(file, &mut setup, end)?;
    setup.check().map_err(setup_fault)?;
    Ok(Scenario {
        name: file.name.clone(),
        about: file.about.clone(),
        end,
        slo: slo(&file.slo).map_err(|f| f.under(key("slo")))?,
        tariff: tariff(file)?,
        warnings: traces.warnings(),
        setup,
    })
}

/// Start and end of the run; both default to the traces' span.
fn span(
    file: &ScenarioFile,
    traces: &Traces,
    offset: UtcOffset,
    until: Option<&str>,
) -> Result<(SimTime, SimTime), Fault> {
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
    let end = match until {
        None => natural,
        Some(text) => {
            let until = |message: String| Fault::at([], format!("--until {text}: {message}"));
            let when = When::parse(text).map_err(|e| until(e.to_string()))?;
            when.resolve(start, offset).ok_or_else(|| until(String::from("no such time")))?
        }
    };
    let named = if until.is_some() { "until" } else { "duration" };
    if end <= start {
        return Err(fault(named, "the run must end after its start"));
    }
    if end - start > DURATION_MAX {
        return Err(fault(named, "a run lasts at most ten years (3660d)"));
    }
    Ok((start, end))
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

fn semantics(table: &SemanticsTable) -> Result<Semantics, Fault> {
    let period = match table.period {
        None | Some(300) => SimDuration::from_s(300),
        Some(60) => SimDuration::from_s(60),
        Some(other) => return Err(fault("period", format!("found {other}, allowed 300 or 60"))),
    };
    let SemanticsTable { statistic, missing, streak, percent_rounding, percent_base, .. } = *table;
    Ok(Semantics { period, statistic, missing, streak, percent_rounding, percent_base })
}

fn limits(table: &LimitsTable) -> Result<Limits, Fault> {
    let default = Limits::default();
    let limit = |name: &str, found: Option<u32>, default: u32, most: u32| match found {
        Some(n) if n > most => Err(fault(name, format!("found {n}, allowed at most {most}"))),
        found => Ok(found.unwrap_or(default)),
    };
    Ok(Limits {
        max_size: limit("max_size", table.max_size, default.max_size, MAX_SIZE_CEILING)?,
        groups_per_project: limit(
            "groups_per_project",
            table.groups_per_project,
            default.groups_per_project,
            GROUPS_MAX,
        )?,
        policies_per_group: limit(
            "policies_per_group",
            table.policies_per_group,
            default.policies_per_group,
            10_000,
        )?,
    })
}

/// Named creation times: what public measurements of the time found.
const PRESETS: [(&str, i64); 3] =
    [("ec2-linux-2012", 97), ("ec2-windows-2012", 810), ("modern-linux", 30)];

/// The usual spread of a phase when latencies are random (5.2).
const SIGMA_CREATING: f64 = 0.25;
const SIGMA_ATTACH_LB: f64 = 0.4;
const SIGMA_OTHER: f64 = 0.3;

/// The longest phase.
const PHASE_MAX: SimDuration = SimDuration::from_s(30 * 86_400);

fn latency(table: &LatencyTable) -> Result<Latency, Fault> {
    let mut latency = Latency::default();
    if let Some(name) = &table.preset {
        let found = PRESETS.iter().find(|(preset, _)| preset == name);
        let Some((_, seconds)) = found else {
            let known: Vec<_> = PRESETS.iter().map(|(preset, _)| *preset).collect();
            let guess = nearest(name, &known).map(|n| format!(", did you mean `{n}`?"));
            let known = known.join(", ");
            let message =
                format!("unknown preset `{name}`{} (known: {known})", guess.unwrap_or_default());
            return Err(fault("preset", message));
        };
        latency.creating = PhaseLength::Fixed(SimDuration::from_s(*seconds));
    }
    let phases = [
        ("creating", &mut latency.creating, table.creating, SIGMA_CREATING),
        ("preheating", &mut latency.preheating, table.preheating, SIGMA_OTHER),
        ("attach_lb", &mut latency.attach_lb, table.attach_lb, SIGMA_ATTACH_LB),
        ("detach_lb", &mut latency.detach_lb, table.detach_lb, SIGMA_OTHER),
        ("removing", &mut latency.removing, table.removing, SIGMA_OTHER),
    ];
    for (name, length, found, sigma) in phases {
        match found {
            Some(Length::Median(median)) => *length = PhaseLength::Fixed(median),
            Some(Length::LogNormal { median, sigma }) => {
                *length = PhaseLength::LogNormal { median, sigma };
            }
            None => {}
        }
        if let PhaseLength::Fixed(median) = *length
            && table.random
            && median.is_positive()
        {
            *length = PhaseLength::LogNormal { median, sigma };
        }
        let (PhaseLength::Fixed(median) | PhaseLength::LogNormal { median, .. }) = *length;
        if median > PHASE_MAX {
            return Err(fault(name, format!("found {median}, allowed at most {PHASE_MAX}")));
        }
    }
    Ok(latency)
}

fn slo(table: &SloTable) -> Result<Slo, Fault> {
    let utilisation = table.utilisation.unwrap_or(Slo::default().utilisation);
    if utilisation <= Micro::ZERO || utilisation > Micro::HUNDRED {
        let message = format!("found {utilisation}, allowed above 0 to 100 per cent");
        return Err(fault("utilisation", message));
    }
    let lost_load = table.lost_load;
    if !(Micro::ZERO..=Micro::ONE).contains(&lost_load) {
        return Err(fault("lost_load", format!("found {lost_load}, allowed a share of 0 to 1")));
    }
    Ok(Slo { utilisation, lost_load })
}

fn tariff(file: &ScenarioFile) -> Result<Tariff, Fault> {
    let price = file.cost.per_instance_hour;
    if price < Micro::ZERO || price > Micro::from_int(1_000_000) {
        return Err(fault(
            "cost.per_instance_hour",
            format!("found {price}, allowed 0 to 1000000"),
        ));
    }
    Ok(Tariff {
        per_instance_hour: price,
        billing: file.cost.billing,
        currency: file.cost.currency.clone().unwrap_or(Tariff::default().currency),
    })
}

fn check_configurations(file: &ScenarioFile) -> Result<(), Fault> {
    for (i, table) in file.configuration.iter().enumerate() {
        let at = |f: Fault| f.under(Segment::Index(i)).under(key("configuration"));
        let earlier = file.configuration.iter().take(i);
        if earlier.clone().any(|other| other.name == table.name) {
            let message = format!("NameDuplicate: two configurations are named {:?}", table.name);
            return Err(at(fault("name", message)));
        }
        if table.cpu == 0 {
            return Err(at(fault("cpu", "found 0, allowed 1 or more")));
        }
        if table.mem == 0 {
            return Err(at(fault("mem", "found 0, allowed 1 or more")));
        }
    }
    Ok(())
}

fn group(
    file: &ScenarioFile,
    table: &GroupTable,
    traces: &Traces,
    setup: &Setup,
) -> Result<GroupSetup, Fault> {
    let (min, max) = (table.min, table.max);
    let desired = table.desired.unwrap_or(min);
    let none = Capacity { min: 0, max: 0, desired: 0 };
    let sizes = Resize { min: Some(min), max: Some(max), desired: Some(desired) };
    let capacity = resize(none, sizes, &setup.limits)
        .map_err(|e| fault(e.key(), format!("{}: {e}", e.code())))?;
    let known: Vec<&str> = file.configuration.iter().map(|c| c.name.as_str()).collect();
    let configuration = match &table.configuration {
        Some(name) if !known.contains(&name.as_str()) => {
            let guess = nearest(name, &known).map(|n| format!(", did you mean `{n}`?"));
            let message =
                format!("no [[configuration]] is named `{name}`{}", guess.unwrap_or_default());
            return Err(fault("configuration", message));
        }
        Some(name) => name.clone(),
        None => known.first().map_or_else(|| String::from("default"), |name| (*name).to_owned()),
    };
    let load = match &table.load {
        Some(load) => Some(build_load(load, traces).map_err(|f| f.under(key("load")))?),
        None => None,
    };
    let policies: Vec<Policy> = table.policy.iter().map(policy).collect();
    for (i, policy) in policies.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("policy"));
        policy
            .check(&setup.limits)
            .map_err(|e| under(fault(e.key(), format!("{}: {e}", e.code()))))?;
        check_source(policy, load.as_ref()).map_err(under)?;
    }
    Ok(GroupSetup {
        configuration,
        capacity,
        initial: table.initial,
        remove_policy: table.remove_policy,
        load_balancers: table.load_balancers.clone(),
        load,
        policies,
        ..GroupSetup::new(&table.name, min, max, desired)
    })
}

/// A policy on a metric that nothing measures would never do anything.
fn check_source(policy: &Policy, load: Option<&crate::env::load::Load>) -> Result<(), Fault> {
    let dimension = policy.alarm.dimension;
    if load.is_some_and(|load| load.has(dimension)) {
        return Ok(());
    }
    let message = format!("the group's load has no {dimension}: give it a source in [group.load]");
    Err(fault("metric.dimension", message))
}

fn policy(table: &PolicyTable) -> Policy {
    policy_of(&table.name, &table.metric, &table.adjustment, table.cooldown.0)
}

fn policy_of(
    name: &str,
    metric: &MetricTable,
    adjustment: &AdjustmentTable,
    cooldown: SimDuration,
) -> Policy {
    let MetricTable { dimension, operator, threshold, repeat_times, statistic } = *metric;
    let repeat_times = repeat_times.unwrap_or(REPEAT_TIMES_DEFAULT);
    let value = adjustment.value;
    Policy {
        name: name.to_owned(),
        alarm: AlarmRule { dimension, operator, threshold, repeat_times, statistic },
        adjustment: match adjustment.kind {
            AdjustmentType::TotalCapacity => Adjustment::TotalCapacity(value),
            AdjustmentType::QuantityChangeInCapacity => Adjustment::QuantityChangeInCapacity(value),
            AdjustmentType::PercentChangeInCapacity => Adjustment::PercentChangeInCapacity(value),
        },
        cooldown,
    }
}

/// Hands the timed commands to their groups.
fn script(file: &ScenarioFile, setup: &mut Setup, end: SimTime) -> Result<(), Fault> {
    let (start, offset, limits) = (setup.start, setup.utc_offset, setup.limits);
    for (i, table) in file.at.iter().enumerate() {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("at"));
        let at = table.time().resolve(start, offset);
        let Some(at) = at.filter(|at| (start..end).contains(at)) else {
            let (from, to) = (start.format_civil(offset), end.format_civil(offset));
            let message = format!("the time lies outside the run, {from} to {to}");
            return Err(under(fault("time", message)));
        };
        let names: Vec<&str> = file.group.iter().map(|g| g.name.as_str()).collect();
        let guess = nearest(table.group(), &names).map(|n| format!(", did you mean `{n}`?"));
        let target = setup.groups.iter_mut().find(|group| group.name == table.group());
        let Some(target) = target else {
            let guess = guess.unwrap_or_default();
            let message = format!("no [[group]] is named `{}`{guess}", table.group());
            return Err(under(fault("group", message)));
        };
        let command = match table {
            AtTable::SetCapacity { min, max, desired, .. } => {
                Command::Resize(Resize { min: *min, max: *max, desired: *desired })
            }
            AtTable::CreatePolicy { name, metric, adjustment, cooldown, .. } => {
                let policy = policy_of(name, metric, adjustment, cooldown.0);
                policy
                    .check(&limits)
                    .map_err(|e| under(fault(e.key(), format!("{}: {e}", e.code()))))?;
                check_source(&policy, target.load.as_ref()).map_err(under)?;
                Command::CreatePolicy(policy)
            }
        };
        target.script.push((at, command));
    }
    Ok(())
}

/// A fault of the world as a whole, at the group it names.
fn setup_fault(error: ValidationError) -> Fault {
    fault("group", error.to_string())
}
