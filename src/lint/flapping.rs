//! `flapping`: rules that undo each other while the load stays the same.
//!
//! At a constant load what each instance feels depends on the number of instances alone, so a
//! group is a walk over sizes, and it never rests if the walk has a loop. Which steps there are
//! changes at finitely many loads, which the load model gives exactly; between two of them the
//! walk is the same, and each such band is searched once.
//!
//! The walk allows for what it does not know: of several rules that breach, any may be the first
//! to have breached often enough, unless one is sure to go first. After a cooldown shorter than a
//! period, the period judged holds some of the time before the launch was over: its figure is
//! worked out sample by sample, or is anything between those of the two sizes if the launch is of
//! no known length. A queue may be worked off. So a group without a finding rests at every load.

use std::collections::{BTreeMap, BTreeSet};

use crate::env::load::Load;
use crate::kernel::Micro;
use crate::lint::crossing::usage;
use crate::lint::cycle::{Breach, Judge, Step};
use crate::lint::group::Group;
use crate::lint::search::{Band, Loop, Search, graph};
use crate::lint::words::{and, figure, load_in};
use crate::lint::{Finding, Rule, Severity, at_once};
use crate::scenario::Scenario;

pub(super) const RULE: Rule =
    Rule { id: "flapping", title: "rules that undo each other at one load", check };

/// A loop: at each load of a band a group goes through these steps for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flap {
    /// The smallest such load.
    pub from: Micro,
    /// The largest.
    pub to: Micro,
    /// One between them that is easy to read.
    pub load: Micro,
    /// The steps; the last leads to where the first begins. Policies are counted in creation
    /// order, with those of the script last.
    pub steps: Vec<Step>,
    /// Whether each step is sure to be taken. Where a queue, the length of launches or the count of
    /// a streak leaves something open, a loop may come to an end by itself.
    pub is_certain: bool,
    /// Whether the scenario's own trace ever asks for such a load.
    pub is_met: bool,
}

/// The loops of a group whose load is demand or recorded, one for each set of policies that take
/// part in one; `None` if there is too much to search.
pub fn flaps(scenario: &Scenario, group: usize) -> Option<Vec<Flap>> {
    let setup = scenario.setup.groups.get(group)?;
    flaps_of(&Group::new(scenario, group, setup))
}

fn flaps_of(group: &Group<'_>) -> Option<Vec<Flap>> {
    let Some(demand) = group.demand() else { return Some(Vec::new()) };
    let mut bands = Vec::new();
    for bounds in &group.bounds {
        bands.extend(Search::new(group, demand, *bounds).bands()?);
    }
    let offered = group.offered();
    let mut best: BTreeMap<BTreeSet<usize>, Flap> = BTreeMap::new();
    for Band { from, to, found: Loop { steps, is_certain } } in bands {
        let (is_met, width) = (offered.range(from..to).next().is_some(), to - from);
        let taking_part = steps.iter().map(|step| step.policy).collect();
        let worth = (is_met && is_certain, is_certain, is_met, width);
        let of = |flap: &Flap| {
            let width = flap.to.millionths() + 1 - flap.from.millionths();
            (flap.is_met && flap.is_certain, flap.is_certain, flap.is_met, width)
        };
        if best.get(&taking_part).is_some_and(|known| of(known) >= worth) {
            continue;
        }
        let at = Micro::from_millionths;
        let (load, _) = load_in(from, to - 1);
        let (from, to) = (at(from), at(to - 1));
        best.insert(taking_part, Flap { from, to, load, steps, is_certain, is_met });
    }
    Some(best.into_values().collect())
}

fn check(group: &Group<'_>) -> Vec<Finding> {
    if let Some(Load::Fixed(_)) = &group.setup.load {
        return check_fixed(group);
    }
    let Some(flaps) = flaps_of(group) else {
        let why = "so many sizes and policies were not searched for rules that undo each other";
        let advice = "lower max, or have fewer policies, to have them judged";
        return vec![Finding::note(&RULE, group.place.clone().key("max"), why, advice)];
    };
    flaps.iter().filter_map(|flap| finding(group, flap)).collect()
}

fn finding(group: &Group<'_>, flap: &Flap) -> Option<Finding> {
    let demand = group.demand()?;
    let load = flap.load;
    let told: BTreeMap<usize, &Step> = flap.steps.iter().rev().map(|s| (s.policy, s)).collect();
    let reasons = told.values().filter_map(|step| {
        let alarm = &group.alarms.get(step.policy)?.policy;
        let found = usage(demand, alarm.alarm.dimension, load.millionths(), step.from);
        let (name, rule, from, to) = (&alarm.name, &alarm.alarm, step.from, step.to);
        let shown = figure(found, rule.threshold);
        let (sign, threshold) = (rule.operator.sign(), rule.threshold);
        let holds = rule.operator.holds(found.cmp(&Micro::from_int(threshold)));
        Some(match holds {
            true => format!("`{name}` goes {from} → {to} at {shown} {sign} {threshold}"),
            false => format!(
                "`{name}` goes {from} → {to} though it settles at {shown}: it asks for {sign} \
                 {threshold}, and its period still holds what came before"
            ),
        })
    });
    let reasons: Vec<String> = reasons.collect();
    let (_, band) = load_in(flap.from.millionths(), flap.to.millionths());
    let verb = if flap.is_certain { "never rests" } else { "may never rest" };
    let mut why = format!("at a constant load of {band} the group {verb}: {}", and(&reasons));
    if !flap.is_met {
        why.push_str("; the trace of this scenario never asks for that");
    }
    let advice = "move the thresholds further apart, take smaller steps, or raise min: the fewer \
                  the instances, the more one of them matters";
    let place = group.alarms.get(flap.steps.iter().map(|step| step.policy).min()?)?.place.clone();
    let severity = if flap.is_met && flap.is_certain { Severity::Warning } else { Severity::Note };
    Some(Finding::new(&RULE, severity, place, why, advice))
}

/// The alarms that breach, whatever the size.
struct Holding<'a>(&'a BTreeSet<usize>);

impl Judge for Holding<'_> {
    fn settled(&self, _: usize, policy: usize) -> Breach {
        if self.0.contains(&policy) { Breach::Steady } else { Breach::No }
    }

    fn fresh(&self, row: usize, _: (usize, usize), policy: usize) -> Breach {
        self.settled(row, policy)
    }
}

/// With metrics that capacity does not change, rules that hold at once go on holding.
fn check_fixed(group: &Group<'_>) -> Vec<Finding> {
    let mut found: BTreeMap<BTreeSet<usize>, Vec<Step>> = BTreeMap::new();
    for holding in at_once::holding(group) {
        for bounds in &group.bounds {
            if let Some(steps) = graph(group, *bounds).cycle(&Holding(&holding)) {
                found.entry(steps.iter().map(|step| step.policy).collect()).or_insert(steps);
            }
        }
    }
    let findings = found.into_iter().filter_map(|(policies, steps)| {
        let names: Vec<String> = policies
            .iter()
            .filter_map(|policy| Some(format!("`{}`", group.alarms.get(*policy)?.policy.name)))
            .collect();
        let sizes: Vec<String> = steps.iter().map(|step| step.from.to_string()).collect();
        let why = format!(
            "{} breach at once at times, and capacity does not change a fixed metric: the group \
             then goes {} → {} for as long as that lasts",
            and(&names),
            sizes.join(" → "),
            steps.first()?.from
        );
        let advice = "let their conditions exclude each other, or give the group a load that its \
                      instances share";
        Some(Finding::warning(
            &RULE,
            group.alarms.get(*policies.first()?)?.place.clone(),
            why,
            advice,
        ))
    });
    findings.collect()
}
