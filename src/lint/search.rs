//! The search for loops, load by load.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::env::load::{Demand, LOAD_MAX, Overload};
use crate::kernel::SimDuration;
use crate::lint::crossing::{Crossing, Mixture, full_load, may_hold};
use crate::lint::cycle::{Breach, Graph, Judge, Move, Row, Step};
use crate::lint::group::{Alarm, Group, Launch};
use crate::model::group::Capacity;
use crate::model::semantics::{Semantics, Statistic, StreakRule};

/// More steps of a search than this are not taken.
const WORK_MAX: usize = 150_000_000;

/// Loads from `from` up to, but not, `to`, in whole millionths, with the same loop.
pub(super) struct Band {
    pub from: i64,
    pub to: i64,
    pub found: Loop,
}

/// A loop, and whether nothing that is left open could end it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Loop {
    pub steps: Vec<Step>,
    pub is_certain: bool,
}

/// The search of one group within one pair of bounds.
pub(super) struct Search<'a> {
    group: &'a Group<'a>,
    demand: &'a Demand,
    graph: Graph,
    /// By row, then by policy.
    crossings: Vec<Vec<Crossing>>,
    /// Periods in which a launch ends, by the row and the policy that launched: their number from
    /// the launch on, and what each policy finds. Without an entry its length is not known.
    mixtures: BTreeMap<(usize, usize), (i64, Vec<Crossing>)>,
}

impl<'a> Search<'a> {
    pub fn new(group: &'a Group<'a>, demand: &'a Demand, bounds: Capacity) -> Self {
        let graph = graph(group, bounds);
        let of_size = |row: &Row| {
            let alarms = group.alarms.iter().map(|alarm| &alarm.policy.alarm);
            alarms
                .map(|a| Crossing::of(demand, a.dimension, a.threshold, row.size.max(1)))
                .collect()
        };
        let crossings = graph.rows.iter().map(of_size).collect();
        let mut mixtures = BTreeMap::new();
        for (row, step) in graph.rows.iter().enumerate().flat_map(|(i, row)| {
            row.moves.iter().filter(|step| step.is_mixed).map(move |step| (i, step))
        }) {
            let sizes = (graph.rows.get(row), graph.rows.get(step.to));
            if let (Some(before), Some(after)) = sizes
                && let Some((number, mixture)) = mixture(group, before.size, after.size)
            {
                let found = group.alarms.iter().map(|alarm| {
                    let rule = &alarm.policy.alarm;
                    let of_run = group.scenario.setup.semantics.statistic;
                    let statistic = rule.statistic.unwrap_or(of_run);
                    Crossing::of_mixture(demand, rule, &Mixture { statistic, ..mixture })
                });
                mixtures.insert((row, step.policy), (number, found.collect()));
            }
        }
        Self { group, demand, graph, crossings, mixtures }
    }

    /// All bands that have a loop, from the smallest load; `None` if there is too much to do.
    pub fn bands(&self) -> Option<Vec<Band>> {
        let loads = self.loads();
        let work = loads.len().checked_mul(self.graph.rows.len())?;
        if work.checked_mul(1 + self.graph.policies)? > WORK_MAX {
            return None;
        }
        let ends = loads.iter().skip(1).copied().chain([LOAD_MAX.millionths() + 1]);
        let mut bands: Vec<Band> = Vec::new();
        for (from, to) in loads.iter().copied().zip(ends) {
            let Some(found) = self.at(from) else { continue };
            match bands.last_mut() {
                Some(last) if last.to == from && last.found == found => last.to = to,
                _ => bands.push(Band { from, to, found }),
            }
        }
        Some(bands)
    }

    /// The loads at which anything changes, in order.
    fn loads(&self) -> BTreeSet<i64> {
        let mixtures = self.mixtures.values().flat_map(|(_, found)| found);
        let crossings = self.crossings.iter().flatten().chain(mixtures);
        let mut loads: BTreeSet<i64> = crossings.flat_map(|c| [c.reaches, c.passes]).collect();
        loads.insert(0);
        if self.has_queue() {
            loads.extend(self.graph.rows.iter().map(|row| full_load(self.demand, row.size) + 1));
        }
        loads.split_off(&(LOAD_MAX.millionths() + 1));
        loads
    }

    fn has_queue(&self) -> bool {
        matches!(self.demand.overload, Overload::Queue { .. })
    }

    /// The loop at one load: rather one that nothing could end.
    fn at(&self, load: i64) -> Option<Loop> {
        let at = At { search: self, load, allows: Breach::Steady, is_behind: false };
        if let Some(steps) = self.graph.cycle(&at) {
            return Some(Loop { steps, is_certain: true });
        }
        let maybe = At { allows: Breach::Possible, ..at };
        let perhaps = |steps| Loop { steps, is_certain: false };
        let found = self.graph.cycle(&maybe).map(perhaps);
        if found.is_some() || !self.has_queue() {
            return found;
        }
        // Work piles up at a size that is too small, and is worked off at full speed at others.
        let behind = At { is_behind: true, ..maybe };
        let too_small = |row: &Row| row.size > 0 && full_load(self.demand, row.size) < load;
        let rows = self.graph.rows.iter().enumerate().filter(|(_, row)| too_small(row));
        let mut rows = rows.map(|(place, _)| place);
        rows.find_map(|place| self.graph.return_to(place, &behind)).map(perhaps)
    }

    fn crossing(&self, row: usize, policy: usize) -> Option<&Crossing> {
        self.crossings.get(row)?.get(policy)
    }
}

/// What policies find at one load.
#[derive(Clone, Copy)]
struct At<'a> {
    search: &'a Search<'a>,
    load: i64,
    /// The least certain breach that counts.
    allows: Breach,
    /// Whether instances may be full because work has piled up.
    is_behind: bool,
}

impl Judge for At<'_> {
    fn settled(&self, row: usize, policy: usize) -> Breach {
        let here = self.search.crossing(row, policy);
        let found = here.zip(self.search.group.alarms.get(policy)).map(|(here, alarm)| {
            let low = here.at(self.load);
            let high = if self.is_behind { here.full() } else { low };
            between(alarm, low, high)
        });
        self.counted(found)
    }

    fn fresh(&self, row: usize, from: (usize, usize), policy: usize) -> Breach {
        let search = self.search;
        let (Some(here), Some(before), Some(alarm)) = (
            search.crossing(row, policy),
            search.crossing(from.0, policy),
            search.group.alarms.get(policy),
        ) else {
            return Breach::No;
        };
        let (low, old) = (here.at(self.load), before.at(self.load));
        let mixture = search.mixtures.get(&from).filter(|_| !self.is_behind);
        let exact = mixture.and_then(|(number, found)| Some((*number, found.get(policy)?)));
        let found = match exact {
            Some((number, mixed)) => {
                let rule = &alarm.policy.alarm;
                match rule.operator.holds(mixed.at(self.load)) {
                    false => Breach::No,
                    true => {
                        self.counted_on(alarm, (policy == from.1, rule.operator.holds(old)), number)
                    }
                }
            }
            None => {
                let high = if self.is_behind { here.full() } else { old.max(low) };
                between(alarm, low, high).min(Breach::Possible)
            }
        };
        self.counted(Some(found))
    }
}

impl At<'_> {
    fn counted(&self, found: Option<Breach>) -> Breach {
        found.filter(|found| *found >= self.allows).unwrap_or(Breach::No)
    }

    /// Whether an alarm that breaches in the period number `number` after a launch has breached
    /// often enough by then: it may be the one that launched, and may have held before.
    fn counted_on(&self, alarm: &Alarm<'_>, (launched, held): (bool, bool), number: i64) -> Breach {
        let times = i64::from(alarm.policy.alarm.repeat_times);
        let rearms = self.search.group.scenario.setup.semantics.streak == StreakRule::Rearm;
        // Periods in a row since the launch, at which its count was full or, rearmed, 0.
        let since = if held { number } else { 1 };
        let is_enough = match (launched, rearms) {
            (true, true) => (since - 1) % times + 1 == times,
            (true, false) => number == 1 || held || times == 1,
            (false, _) if times == 1 => true,
            (false, _) if !held => false,
            (false, true) => return Breach::Possible,
            (false, false) if number >= times => true,
            (false, false) => return Breach::Possible,
        };
        if is_enough { Breach::Steady } else { Breach::No }
    }
}

/// What an alarm makes of a figure between two.
fn between(alarm: &Alarm<'_>, low: Ordering, high: Ordering) -> Breach {
    match may_hold(alarm.policy.alarm.operator, low, high) {
        false => Breach::No,
        true if low == high => Breach::Steady,
        true => Breach::Possible,
    }
}

/// The sizes of a group within bounds and where its policies lead.
pub(super) fn graph(group: &Group<'_>, bounds: Capacity) -> Graph {
    let sizes: Vec<u32> =
        group.sizes.range(bounds.min..).take_while(|n| **n <= bounds.max).copied().collect();
    let semantics = &group.scenario.setup.semantics;
    let launch = group.launch();
    let shortest = group.alarms.iter().map(|alarm| alarm.policy.cooldown).min();
    let moves = |size: u32| {
        let moves = group.alarms.iter().enumerate().filter_map(|(policy, alarm)| {
            let target = group.target(&alarm.policy, size, bounds);
            let to = sizes.binary_search(&target).ok().filter(|_| size > 0 && target != size)?;
            let cooldown = alarm.policy.cooldown;
            Some(Move {
                policy,
                to,
                is_mixed: target > size && is_mixed(launch, cooldown, semantics.period),
                comes_first: comes_first(alarm, shortest.unwrap_or_default(), semantics),
            })
        });
        moves.collect()
    };
    let rows = sizes.iter().map(|size| Row { size: *size, moves: moves(*size) }).collect();
    Graph { rows, policies: group.alarms.len() }
}

/// Whether the first period that is judged after a launch may reach back to before its end.
///
/// A launch begins at the end of a period. If its length is known, so is the first period end that
/// the cooldown leaves free.
fn is_mixed(launch: Launch, cooldown: SimDuration, period: SimDuration) -> bool {
    if cooldown >= period {
        return false;
    }
    if !launch.is_exact {
        return true;
    }
    let first = periods_in(launch.length + cooldown, period).max(1);
    period.times(first - 1) < launch.length
}

/// The period in which a launch of known length ends, and its number from the launch on.
fn mixture(group: &Group<'_>, before: u32, after: u32) -> Option<(i64, Mixture)> {
    let launch = group.launch();
    let period = group.scenario.setup.semantics.period;
    let number = periods_in(launch.length, period).max(1);
    let entry = SimDuration::from_ms(launch.length.ms() - period.times(number - 1).ms());
    let statistic = Statistic::Average;
    let mixture = Mixture { before, after, entry, period, statistic };
    launch.is_exact.then_some((number, mixture))
}

/// How many periods begin within a span.
fn periods_in(span: SimDuration, period: SimDuration) -> i64 {
    let period = period.ms().max(1);
    (span.ms() + period - 1) / period
}

/// Whether a policy that breaches at a size is sure to have breached often enough by the time any
/// policy may act there, so that no policy created later gets its turn.
fn comes_first(alarm: &Alarm<'_>, shortest: SimDuration, semantics: &Semantics) -> bool {
    let periods = shortest.ms() / semantics.period.ms().max(1);
    let repeat_times = alarm.policy.alarm.repeat_times;
    let counts_on = repeat_times == 1 || semantics.streak == StreakRule::Sliding;
    alarm.is_lasting && counts_on && i64::from(repeat_times) <= periods
}
