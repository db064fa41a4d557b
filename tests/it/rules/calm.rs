//! Time that is passed over because no alarm minds it: what is looked at is exactly what would
//! have been lived (1.2, 1.4).

use std::sync::Arc;

use asgsim::env::load::{Demand, Fixed, Load};
use asgsim::env::trace::{Gaps, Sample, Trace};
use asgsim::kernel::Tape;
use asgsim::model::alarm::{Calm, Pooled, evaluate};
use asgsim::model::policy::{Dimension, Operator};
use asgsim::model::semantics::{Semantics, Statistic};
use asgsim::{Engine, Micro, SimDuration, SimTime};
use proptest::prelude::*;

use super::world::{World, demand, micro, policy, time};

#[test]
fn r_1_3_values_that_an_alarm_does_not_mind() {
    let table = [
        (">", Some(("0", "70"))),
        (">=", Some(("0", "69.999999"))),
        ("<", Some(("70", "9223372036854.775807"))),
        ("<=", Some(("70.000001", "9223372036854.775807"))),
        // 60 and 80 come to 70 in the mean.
        ("=", None),
        ("<>", Some(("70", "70"))),
    ];
    for (operator, expected) in table {
        let rule = policy(&format!("p cpu {operator} 70 x1 +1 0s")).alarm;
        let expected = expected.map(|(low, high)| Calm { low: micro(low), high: micro(high) });
        assert_eq!(Calm::of(&rule), expected, "{operator}");
    }
}

/// Values on either side of 70, as close as they come.
fn near() -> impl Strategy<Value = Micro> {
    prop_oneof![
        Just(70_000_000),
        69_999_990..=70_000_010_i64,
        Just(0),
        Just(100_000_000),
        0..=100_000_000_i64,
    ]
    .prop_map(Micro::from_millionths)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r_1_2_samples_within_never_breach(
        samples in prop::collection::vec((near(), 1..5_u32), 1..9),
        operator in prop::sample::select(Operator::ALL.to_vec()),
        statistic in prop::sample::select(vec![
            Statistic::Average, Statistic::Minimum, Statistic::Maximum,
        ]),
    ) {
        let mut rule = policy("p cpu > 70 x1 +1 0s").alarm;
        (rule.operator, rule.statistic) = (operator, Some(statistic));
        let Some(calm) = Calm::of(&rule) else { return Ok(()) };
        let mut period = Pooled::default();
        for (value, instances) in samples {
            period.add(value.clamp(calm.low, calm.high), instances);
        }
        let found = evaluate(&rule, 3, &period, &Semantics::default());
        prop_assert_eq!((found.breaching, found.streak_after), (Some(false), 0));
    }

    /// A look ahead finds what looking step by step finds: grids and lists, with holes, over and
    /// over, with other values spliced in.
    #[test]
    fn a_look_ahead_finds_the_first_step_that_leaves(
        values in prop::collection::vec(prop::option::weighted(0.95, -9..40_i64), 1..200),
        odd in any::<bool>(),
        repeats in any::<bool>(),
        splice in prop::option::of((0..30_000_i64, 1..9_000_i64, prop::option::of(0..40_i64))),
        (low, width) in (-10..5_i64, 20..50_i64),
        (from, length) in (-500..30_000_i64, 0..60_000_i64),
    ) {
        let at = SimTime::from_unix_s;
        let trace = if odd {
            let place = |i: i64| at(i * 100 + i % 3);
            let samples = (0..).zip(&values).filter_map(|(i, value)| {
                Some(Sample { at: place(i), value: Micro::from_int((*value)?) })
            });
            let samples: Vec<_> = samples.collect();
            Trace::from_samples(&samples, SimDuration::from_s(100), Gaps::Missing)
        } else {
            let values: Vec<_> = values.iter().map(|v| v.map(Micro::from_int)).collect();
            Trace::from_grid(at(0), SimDuration::from_s(100), &values)
        };
        let trace = if repeats { trace.repeating() } else { trace };
        let trace = match splice {
            Some((from, length, value)) => {
                trace.spliced(at(from), at(from + length), value.map(Micro::from_int))
            }
            None => trace,
        };
        let calm = Calm { low: Micro::from_int(low), high: Micro::from_int(low + width) };
        let (from, to) = (at(from), at(from + length));
        let leaves = |value: Option<Micro>| {
            value.is_none_or(|value| value < calm.low || value > calm.high)
        };
        let first = trace.steps(from, to).find(|(_, step)| leaves(step.value));
        prop_assert_eq!(trace.first_outside(calm, from, to), first.map_or(to, |(t, _)| t));
    }

    /// An engine that keeps every evaluation judges period by period. One that does not tells the
    /// same story.
    #[test]
    fn r_1_4_what_is_passed_over_changes_nothing(
        values in prop::collection::vec(prop::option::weighted(0.97, near()), 20..300),
        minutes in 1..8_i64,
        (first, second) in (0..Operator::ALL.len(), 0..Operator::ALL.len()),
        repeat in 1..4_u32,
        (is_fixed, is_coupled) in any::<(bool, bool)>(),
    ) {
        let step = SimDuration::MINUTE.times(minutes);
        let trace = Arc::new(Trace::from_grid(time("10:00"), step, &values).repeating());
        let load = if is_fixed {
            let mut fixed = Fixed::default();
            fixed.usage[Dimension::CpuUsage.index()] = Some(trace);
            Load::Fixed(fixed)
        } else {
            // Of two instances the usage is that value, of others another one.
            let double = trace.zip(&Trace::constant(Micro::from_int(2)), |value, by| {
                Micro::from_millionths(value.millionths() * by.millionths() / 1_000_000)
            });
            Load::Demand(Demand { offered: Arc::new(double), ..demand("10:00 0", 100) })
        };
        let world = World::new(1, 6, 2).edit(|setup| {
            setup.groups[0].load = Some(load.clone());
            setup.instance_limit = is_coupled.then_some(9);
            for (name, operator, by) in [("a", first, "+1"), ("b", second, "-1")] {
                let mut new = policy(&format!("{name} cpu > 70 x{repeat} {by} 60s"));
                new.alarm.operator = Operator::ALL[operator];
                setup.groups[0].policies.push(new);
            }
            let mut other = setup.groups[0].clone();
            other.name = String::from("other");
            other.policies.reverse();
            setup.groups.push(other);
        });
        let mut fast = Engine::new(&world.setup).unwrap();
        let mut told = fast.clone();
        told.keep_all_decisions();
        for until in ["10:31", "14:02:30", "21:00"] {
            fast.run_until(time(until)).unwrap();
            told.run_until(time(until)).unwrap();
            prop_assert_eq!(fast.digest(), told.digest(), "until {}", until);
        }
    }

    #[test]
    fn a_tape_is_a_list(length in 0..600_usize, more in 0..300_usize, from in 0..700_usize) {
        let mut tape: Tape<usize> = (0..length).collect();
        let fork = tape.clone();
        (length..length + more).for_each(|item| tape.push(item));
        prop_assert_eq!((tape.len(), fork.len()), (length + more, length));
        prop_assert!(fork.iter().copied().eq(0..length));
        prop_assert!(tape.since(from).copied().eq(from.min(length + more)..length + more));
        prop_assert_eq!(tape.get(from).copied(), (from < length + more).then_some(from));
        let text = serde_json::to_string(&tape).unwrap();
        prop_assert_eq!(serde_json::from_str::<Tape<usize>>(&text).unwrap(), tape);
    }
}
