//! Semantics, limits, latencies, promise and price.

use crate::env::latency::{Latency, PhaseLength};
use crate::kernel::{Micro, SimDuration};
use crate::model::id::GROUPS_MAX;
use crate::model::limits::{
    Limits, MAX_SIZE_CEILING, POLICIES_CEILING, RECORDS_CEILING, WORK_CEILING,
};
use crate::model::semantics::Semantics;
use crate::report::{Slo, Tariff};
use crate::scenario::build::fault;
use crate::scenario::error::{Fault, nearest};
use crate::scenario::file::{LatencyTable, LimitsTable, ScenarioFile, SemanticsTable, SloTable};
use crate::scenario::value::Length;

pub(super) fn semantics(table: &SemanticsTable) -> Result<Semantics, Fault> {
    let profile = table.profile.unwrap_or_default().semantics();
    let period = match table.period {
        None => profile.period,
        Some(300) => SimDuration::from_s(300),
        Some(60) => SimDuration::from_s(60),
        Some(other) => return Err(fault("period", format!("found {other}, allowed 300 or 60"))),
    };
    Ok(Semantics {
        period,
        statistic: table.statistic.unwrap_or(profile.statistic),
        missing: table.missing.unwrap_or(profile.missing),
        streak: table.streak.unwrap_or(profile.streak),
        percent_rounding: table.percent_rounding.unwrap_or(profile.percent_rounding),
        percent_base: table.percent_base.unwrap_or(profile.percent_base),
        scheduled_obeys_cooldown: table
            .scheduled_obeys_cooldown
            .unwrap_or(profile.scheduled_obeys_cooldown),
        replace_order: table.replace_order.unwrap_or(profile.replace_order),
        retry: table.retry.unwrap_or(profile.retry),
    })
}

/// The highest value of the limits that have none of their own.
const CEILING: u32 = 1_000;

pub(super) fn limits(table: &LimitsTable) -> Result<Limits, Fault> {
    let mut limits = Limits::default();
    let l = &mut limits;
    let all = [
        ("max_size", &mut l.max_size, table.max_size, MAX_SIZE_CEILING),
        ("groups_per_project", &mut l.groups_per_project, table.groups_per_project, GROUPS_MAX),
        (
            "policies_per_group",
            &mut l.policies_per_group,
            table.policies_per_group,
            POLICIES_CEILING,
        ),
        (
            "scheduled_tasks_per_group",
            &mut l.scheduled_tasks_per_group,
            table.scheduled_tasks_per_group,
            CEILING,
        ),
        (
            "configurations_per_project",
            &mut l.configurations_per_project,
            table.configurations_per_project,
            CEILING,
        ),
        ("hooks_per_group", &mut l.hooks_per_group, table.hooks_per_group, CEILING),
        (
            "notifications_per_group",
            &mut l.notifications_per_group,
            table.notifications_per_group,
            CEILING,
        ),
        ("zones_per_group", &mut l.zones_per_group, table.zones_per_group, CEILING),
        ("subnets_per_group", &mut l.subnets_per_group, table.subnets_per_group, CEILING),
        (
            "load_balancers_per_group",
            &mut l.load_balancers_per_group,
            table.load_balancers_per_group,
            CEILING,
        ),
        ("instances_per_call", &mut l.instances_per_call, table.instances_per_call, CEILING),
        ("notify_ids", &mut l.notify_ids, table.notify_ids, CEILING),
        ("records", &mut l.records, table.records, RECORDS_CEILING),
        ("work", &mut l.work, table.work, WORK_CEILING),
    ];
    for (name, limit, found, most) in all {
        match found {
            Some(n) if n > most => {
                return Err(fault(name, format!("found {n}, allowed at most {most}")));
            }
            Some(n) => *limit = n,
            None => {}
        }
    }
    Ok(limits)
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

pub(super) fn latency(table: &LatencyTable) -> Result<Latency, Fault> {
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
        ("attaching", &mut latency.attaching, table.attaching, SIGMA_OTHER),
        ("detaching", &mut latency.detaching, table.detaching, SIGMA_OTHER),
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

pub(super) fn slo(table: &SloTable) -> Result<Slo, Fault> {
    let utilisation = table.utilisation.unwrap_or(Slo::default().utilisation);
    if utilisation <= Micro::ZERO || utilisation > Micro::HUNDRED {
        let message = format!("found {utilisation}, allowed above 0 to 100 per cent");
        return Err(fault("utilisation", message));
    }
    let lost_load = table.lost_load;
    if !(Micro::ZERO..=Micro::ONE).contains(&lost_load) {
        return Err(fault("lost_load", format!("found {lost_load}, allowed a share of 0 to 1")));
    }
    Ok(Slo { utilisation, lost_load, response_time: table.response_time })
}

pub(super) fn tariff(file: &ScenarioFile) -> Result<Tariff, Fault> {
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
