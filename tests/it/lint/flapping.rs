//! Pairs of rules against the engine: what is called safe never flaps, and what is called flapping
//! nearly always does.
//!
//! `ASGSIM_LINT_PAIRS=10000 cargo test --release --all-features --test it lint::flapping -- --nocapture`
//! is the full size; without the variable a sample is taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use asgsim::engine::Engine;
use asgsim::env::latency::{Latency, PhaseLength};
use asgsim::env::load::{Demand, Load, Memory, Overload};
use asgsim::env::trace::Trace;
use asgsim::lint::flapping::{Flap, flaps};
use asgsim::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
use asgsim::model::record::Record;
use asgsim::model::semantics::{PercentRounding, Statistic, StreakRule};
use asgsim::scenario::Scenario;
use asgsim::{GroupSetup, Micro, Setup, SimDuration, SimTime, UtcOffset};

const LOADS: usize = 200;
/// What one instance serves.
const SERVES: i64 = 100;

/// A small generator of our own: the same pairs on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn within(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap();
        low + i64::try_from(self.next() % width).unwrap()
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.within(1, n) == 1
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.within(0, i64::try_from(of.len()).unwrap() - 1)).unwrap()]
    }
}

/// Two rules and the group they are for, with all that may matter to them.
#[derive(Debug)]
struct Pair {
    kind: &'static str,
    setup: Setup,
}

fn pair(dice: &mut Dice) -> Pair {
    let kind = match dice.within(1, 10) {
        1..=5 => "out and in, one metric",
        6 => "out and in, two metrics",
        7 => "out and in, queue",
        8 => "out and in, short cooldowns",
        _ => "any two rules",
    };
    let mut setup =
        Setup::new(SimTime::parse_civil("2024-03-01 00:00:00", UtcOffset::BEIJING).unwrap());
    setup.seed = dice.next();
    let (min, max) = (dice.within(0, 3), dice.within(4, 30));
    let desired = dice.within(min, max);
    let size = |n: i64| u32::try_from(n).unwrap();
    let mut group = GroupSetup::new("web", size(min), size(max), size(desired));
    let mut demand = Demand {
        offered: Arc::new(Trace::constant(Micro::ZERO)),
        per_instance: Micro::from_int(SERVES),
        base: Micro::from_int(if dice.one_in(3) { dice.within(0, 20) } else { 0 }),
        overload: Overload::Drop,
        memory: Some(Memory {
            base: Micro::from_int(dice.within(0, 30)),
            per_load: Micro::from_millionths(dice.within(2, 9) * 100_000),
        }),
        bytes_in_per_load: Some(Micro::from_int(1)),
        bytes_out_per_load: Some(Micro::ONE),
    };
    if kind == "out and in, queue" {
        let (max_backlog, timeout) = (None, Some(SimDuration::from_s(60 * dice.within(1, 10))));
        demand.overload = Overload::Queue { max_backlog, timeout };
    }
    group.load = Some(Load::Demand(demand));
    group.policies = vec![policy(dice, kind, true), policy(dice, kind, false)];
    if dice.one_in(2) {
        group.policies.reverse();
    }
    if dice.one_in(4) {
        group.load_balancers.push(String::from("lb"));
    }
    setup.groups.push(group);
    setup.latency = latency(dice);
    setup.semantics.period = SimDuration::from_s(if dice.one_in(4) { 60 } else { 300 });
    setup.semantics.streak =
        dice.pick(&[StreakRule::Sliding, StreakRule::Sliding, StreakRule::Rearm]);
    setup.semantics.statistic =
        dice.pick(&[Statistic::Average, Statistic::Maximum, Statistic::Minimum]);
    setup.semantics.percent_rounding =
        dice.pick(&[PercentRounding::TowardZeroAtLeastOne, PercentRounding::Nearest]);
    Pair { kind, setup }
}

fn policy(dice: &mut Dice, kind: &str, grows: bool) -> Policy {
    let dimension = match kind {
        "out and in, two metrics" if grows => Dimension::CpuUsage,
        "out and in, two metrics" => dice.pick(&Dimension::ALL[1..]),
        "any two rules" => dice.pick(&Dimension::ALL),
        _ => Dimension::CpuUsage,
    };
    let (operator, adjustment) = if kind == "any two rules" {
        let change = [
            Adjustment::QuantityChangeInCapacity(dice.within(-5, 5)),
            Adjustment::PercentChangeInCapacity(dice.within(-100, 100)),
            Adjustment::TotalCapacity(dice.within(0, 30)),
        ];
        (dice.pick(&Operator::ALL), dice.pick(&change))
    } else if grows {
        let change = [
            Adjustment::QuantityChangeInCapacity(dice.within(1, 5)),
            Adjustment::QuantityChangeInCapacity(dice.within(1, 2)),
            Adjustment::PercentChangeInCapacity(dice.within(5, 100)),
            Adjustment::TotalCapacity(dice.within(4, 30)),
        ];
        (dice.pick(&[Operator::Greater, Operator::EqualOrGreater]), dice.pick(&change))
    } else {
        let change = [
            Adjustment::QuantityChangeInCapacity(-dice.within(1, 5)),
            Adjustment::QuantityChangeInCapacity(-dice.within(1, 2)),
            Adjustment::PercentChangeInCapacity(-dice.within(5, 100)),
            Adjustment::TotalCapacity(dice.within(1, 3)),
        ];
        (dice.pick(&[Operator::Less, Operator::EqualOrLess]), dice.pick(&change))
    };
    let threshold = match (kind, grows) {
        ("any two rules", _) => dice.within(1, 100),
        (_, true) => dice.within(40, 95),
        (_, false) => dice.within(10, 60),
    };
    let cooldown_s = match kind {
        "out and in, short cooldowns" => dice.pick(&[0, 0, 30, 60, 120, 200]),
        _ => dice.pick(&[0, 120, 300, 300, 300, 301, 600]),
    };
    let repeat_times = u32::try_from(dice.pick(&[1, 1, 1, 2, 2, 3])).unwrap();
    let statistic = dice.one_in(4).then(|| dice.pick(&[Statistic::Average, Statistic::Maximum]));
    Policy {
        name: String::from(if grows { "out" } else { "in" }),
        alarm: AlarmRule { dimension, operator, threshold, repeat_times, statistic },
        adjustment,
        cooldown: SimDuration::from_s(cooldown_s),
        notify_ids: Vec::new(),
    }
}

fn latency(dice: &mut Dice) -> Latency {
    let creating = match dice.within(1, 6) {
        1 => PhaseLength::Fixed(SimDuration::ZERO),
        2 => PhaseLength::Fixed(SimDuration::from_s(dice.within(1, 900))),
        3 => PhaseLength::LogNormal { median: SimDuration::from_s(100), sigma: 0.3 },
        _ => PhaseLength::Fixed(SimDuration::from_s(60)),
    };
    Latency { creating, ..Latency::default() }
}

fn scenario(setup: &Setup) -> Scenario {
    Scenario::of("pair", setup.clone(), setup.start + SimDuration::from_s(86_400))
}

/// The setup with a load of its own before that of the rest.
fn with_load(setup: &Setup, before: Option<(Micro, SimTime)>, load: Micro) -> Setup {
    let mut setup = setup.clone();
    let start = setup.start;
    if let Some(Load::Demand(demand)) = &mut setup.groups[0].load {
        demand.offered = Arc::new(match before {
            None => Trace::constant(load),
            Some((first, until)) => {
                let long = SimDuration::from_s(1000 * 86_400);
                let steps = usize::try_from((until - start).ms() / 3_600_000).unwrap();
                let mut values = vec![Some(first); steps];
                let rest = usize::try_from(long.ms() / 3_600_000).unwrap();
                values.extend(std::iter::repeat_n(Some(load), rest));
                Trace::from_grid(start, SimDuration::from_s(3600), &values)
            }
        });
    }
    setup
}

/// Whether a group never comes to rest after `from`: it comes to some size for the third time.
fn never_rests(setup: &Setup, from: SimTime) -> bool {
    let policies = &setup.groups[0].policies;
    let period = setup.semantics.period;
    let cooldown = policies.iter().map(|p| p.cooldown).max().unwrap();
    let repeat = policies.iter().map(|p| i64::from(p.alarm.repeat_times)).max().unwrap();
    // Nothing that is going to happen takes longer: cooldown, streaks, boots, a queue.
    let quiet = cooldown + period.times(2 * repeat + 2) + SimDuration::from_s(900 + 900);
    let mut engine = Engine::new(setup).unwrap();
    engine.run_until(from).unwrap();
    let mut arrivals: BTreeMap<u32, u32> = BTreeMap::new();
    let mut seen = engine.groups().next().unwrap().log().count();
    for _ in 0..1000 {
        engine.run_until(engine.now() + quiet).unwrap();
        let view = engine.groups().next().unwrap();
        let mut moved = false;
        for entry in view.log().since(seen) {
            if let Record::Capacity(capacity) = &entry.record {
                moved = true;
                *arrivals.entry(capacity.desired).or_default() += 1;
            }
        }
        seen = view.log().count();
        if arrivals.values().any(|times| *times >= 3) {
            return true;
        }
        if !moved {
            return false;
        }
    }
    panic!("neither rest nor a loop: {setup:?}");
}

/// Loads all over the range, and close to where one of the rules changes its mind.
fn loads(dice: &mut Dice, setup: &Setup) -> Vec<Micro> {
    let group = &setup.groups[0];
    let max = i64::from(group.capacity.max);
    let grid = (0..LOADS / 2).map(|i| {
        let part = i64::try_from(i).unwrap();
        Micro::from_millionths(
            max * SERVES * 1_050_000 * part / (i64::try_from(LOADS / 2).unwrap() - 1),
        )
    });
    let mut all: Vec<Micro> = grid.collect();
    while all.len() < LOADS {
        let rule = group.policies[usize::try_from(dice.within(0, 1)).unwrap()].alarm;
        let full = dice.within(1, max) * SERVES;
        let near = full * 1_000_000 * rule.threshold / 100
            + dice.pick(&[-1, 1]) * dice.within(0, 5_000_000);
        all.push(Micro::from_millionths(near.max(0)));
    }
    all
}

/// Whether any of the loads keeps the group from resting, half of them after another load.
fn flaps_at(setup: &Setup, loads: &[Micro]) -> Option<Micro> {
    let start = setup.start;
    let at_once = loads.iter().step_by(2).map(|load| (None, *load));
    let later = start + SimDuration::from_s(3 * 3600);
    let after_another = loads.iter().skip(1).step_by(2).zip(loads.iter().rev());
    let after_another = after_another.map(|(load, before)| (Some((*before, later)), *load));
    let mut all = at_once.chain(after_another);
    all.find(|(before, load)| {
        let from = before.map_or(start, |(_, until)| until);
        never_rests(&with_load(setup, *before, *load), from)
    })
    .map(|(_, load)| load)
}

/// Whether the group never rests at the load that the finding names, from a size it names.
fn flaps_as_told(setup: &Setup, flap: &Flap) -> bool {
    flap.steps.iter().any(|step| {
        let mut setup = with_load(setup, None, flap.load);
        setup.groups[0].capacity.desired = step.from;
        never_rests(&setup, setup.start)
    })
}

/// A row of the table.
#[derive(Default)]
struct Row {
    safe: u32,
    safe_but_flaps: u32,
    called: u32,
    /// At the load that is named.
    as_told: u32,
    /// At one of the loads that everybody is tried at.
    at_loads: u32,
    never: u32,
    perhaps: u32,
    perhaps_and_flaps: u32,
}

#[test]
fn safe_pairs_rest_and_flapping_pairs_flap() {
    let pairs = std::env::var("ASGSIM_LINT_PAIRS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let threads = 2;
    let slices: Vec<BTreeMap<&'static str, Row>> = std::thread::scope(|scope| {
        let slices: Vec<_> = (0..threads)
            .map(|slice| scope.spawn(move || judge((slice..pairs).step_by(threads))))
            .collect();
        slices.into_iter().map(|slice| slice.join().unwrap()).collect()
    });
    let mut table: BTreeMap<&'static str, Row> = BTreeMap::new();
    for (kind, row) in slices.into_iter().flatten() {
        for kind in [kind, "~ all"] {
            let sum = table.entry(kind).or_default();
            sum.safe += row.safe;
            sum.safe_but_flaps += row.safe_but_flaps;
            sum.called += row.called;
            sum.as_told += row.as_told;
            sum.at_loads += row.at_loads;
            sum.never += row.never;
            sum.perhaps += row.perhaps;
            sum.perhaps_and_flaps += row.perhaps_and_flaps;
        }
    }
    println!("{pairs} pairs, each at {LOADS} constant loads");
    println!("{:28}|{:^17}|{:^36}|{:^17}", "", "safe", "never rests", "may never rest");
    println!(
        "{:28}|{:>8}{:>8} |{:>8}{:>9}{:>10}{:>8} |{:>8}{:>8} ",
        "", "pairs", "flap", "pairs", "as told", "at loads", "never", "pairs", "flap"
    );
    for (kind, row) in &table {
        println!(
            "{kind:28}|{:>8}{:>8} |{:>8}{:>9}{:>10}{:>8} |{:>8}{:>8} ",
            row.safe,
            row.safe_but_flaps,
            row.called,
            row.as_told,
            row.at_loads,
            row.never,
            row.perhaps,
            row.perhaps_and_flaps
        );
    }
    let all = &table["~ all"];
    assert_eq!(all.safe_but_flaps, 0, "a pair called safe flaps");
    assert!(all.never * 20 <= all.called, "more than 5 % of the pairs called flapping never do");
    assert!(all.safe > 0 && all.called > 0);
}

fn judge(numbers: impl Iterator<Item = usize>) -> BTreeMap<&'static str, Row> {
    let mut table: BTreeMap<&'static str, Row> = BTreeMap::new();
    for number in numbers {
        let mut dice = Dice(0x5EED ^ (u64::try_from(number).unwrap() << 20));
        let Pair { kind, setup } = pair(&mut dice);
        let row = table.entry(kind).or_default();
        let found = flaps(&scenario(&setup), 0).expect("not too much to search");
        let at_loads = flaps_at(&setup, &loads(&mut dice, &setup));
        if !found.is_empty() && found.iter().all(|flap| !flap.is_certain) {
            row.perhaps += 1;
            let flaps = at_loads.is_some() || found.iter().any(|flap| flaps_as_told(&setup, flap));
            row.perhaps_and_flaps += u32::from(flaps);
            continue;
        }
        if found.is_empty() {
            row.safe += 1;
            if let Some(load) = at_loads {
                row.safe_but_flaps += 1;
                println!("pair {number} ({kind}) is called safe and flaps at {load}: {setup:?}");
            }
            continue;
        }
        let as_told = found.iter().any(|flap| flap.is_certain && flaps_as_told(&setup, flap));
        row.called += 1;
        row.as_told += u32::from(as_told);
        row.at_loads += u32::from(at_loads.is_some());
        if !as_told && at_loads.is_none() {
            row.never += 1;
            println!("pair {number} ({kind}) is called flapping and never does: {:?}", found[0]);
            println!("    {:?}", setup.groups[0].policies);
        }
    }
    table
}
