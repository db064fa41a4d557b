//! Two roads to one truth: what reports fold out of the log is what the engine saw (12, 1.2).

use asgsim::engine::view::GroupView;
use asgsim::env::load::{Demand, Load, Overload};
use asgsim::kernel::fixed::div_round;
use asgsim::model::instance::LifecycleState;
use asgsim::model::policy::Dimension;
use asgsim::model::record::Record;
use asgsim::report::Span;
use asgsim::report::history::{History, Row};
use asgsim::report::minutes::minutes;
use asgsim::{Micro, SimDuration, SimTime};
use proptest::prelude::*;

use super::world::{Run, World, clock, demand, micro, modify, time};

/// An hour from 10:00, in seconds.
const SECONDS: i64 = 3600;

#[derive(Clone, Debug)]
struct Plan {
    steps: Vec<(i64, Option<u32>)>,
    desired: Vec<(i64, u32)>,
    creating_s: i64,
    load_balancer: bool,
    queue: bool,
    fixed: bool,
}

fn plans() -> impl Strategy<Value = Plan> {
    let step = (0..SECONDS, prop::option::weighted(0.9, 0..400_u32));
    (
        prop::collection::vec(step, 1..15),
        prop::collection::vec((0..SECONDS, 0..6_u32), 0..6),
        prop::sample::select(vec![0, 7, 60, 119, 400]),
        any::<[bool; 3]>(),
    )
        .prop_map(|(mut steps, desired, creating_s, [load_balancer, queue, fixed])| {
            steps.sort_by_key(|(at, _)| *at);
            steps.dedup_by_key(|(at, _)| *at);
            Plan { steps, desired, creating_s, load_balancer, queue, fixed }
        })
}

fn second(s: i64) -> SimTime {
    time("10:00") + SimDuration::from_s(s)
}

fn world(plan: &Plan) -> World {
    let step = |(at, value): &(i64, Option<u32>)| {
        // A fixed metric in per cent.
        let value = value.map(|v| if plan.fixed { v % 101 } else { v });
        let value = value.map_or("_".to_owned(), |v| v.to_string());
        format!("{} {value}", clock(second(*at)))
    };
    let steps: Vec<String> = plan.steps.iter().map(step).collect();
    let steps = steps.join(", ");
    let overload = match plan.queue {
        true => Overload::Queue { max_backlog: Some(Micro::from_int(9000)), timeout: None },
        false => Overload::Drop,
    };
    let mut world = World::new(0, 9, 2);
    world = match plan.fixed {
        true => world.cpu(&steps),
        false => {
            let demand = Demand { overload, base: micro("7"), ..demand(&steps, 90) };
            world.load(Load::Demand(demand))
        }
    };
    if plan.load_balancer {
        world = world.load_balancer();
    }
    for (at, desired) in &plan.desired {
        world = world.at(&clock(second(*at)), modify(&format!("desired {desired}")));
    }
    let world = world.creating(&format!("{}s", plan.creating_s));
    world.policy("out cpu > 60 x1 +2 60s").policy("in cpu < 30 x2 -1 60s")
}

/// What the engine itself says of its sizes, as a row at `t`.
fn row(view: &GroupView<'_>, t: SimTime) -> Row {
    let capacity = view.capacity();
    let members = u32::try_from(view.members().len()).unwrap();
    let (min, max, desired) = (capacity.min, capacity.max, capacity.desired);
    Row { t, min, max, desired, members, in_service: view.in_service() }
}

/// From when to when each instance was in service, open ends at `SimTime::MAX`.
fn services(run: &Run) -> Vec<(SimTime, SimTime)> {
    let mut spans: Vec<(u32, SimTime, SimTime)> = Vec::new();
    for entry in run.web().log().entries() {
        let Record::Instance { instance, state, .. } = entry.record else { continue };
        if state == LifecycleState::InService {
            spans.push((instance.0, entry.t, SimTime::MAX));
        } else if let Some(span) = spans.iter_mut().find(|(ordinal, ..)| *ordinal == instance.0) {
            span.2 = span.2.min(entry.t);
        }
    }
    spans.into_iter().map(|(_, from, to)| (from, to)).collect()
}

/// The average of a period by the minutes of the report: each instance that was in service all
/// minute has a sample of every minute known throughout.
fn average(run: &Run, load: &Load, history: &History, end: SimTime) -> Option<Micro> {
    let start = end - SimDuration::from_s(300);
    let services = services(run);
    let (mut sum, mut count) = (0_i128, 0_i128);
    let all = minutes(history, Some(load), Span { start: time("10:00"), end });
    for minute in all.filter(|m| m.start >= start) {
        let minute_end = minute.start + SimDuration::MINUTE;
        let held = services.iter().filter(|(from, to)| *from <= minute.start && *to >= minute_end);
        let weight = i128::try_from(held.count()).unwrap();
        let known_throughout = match load {
            Load::Demand(_) => minute.known == SimDuration::MINUTE,
            _ => (0..60).all(|s| {
                let t = minute.start + SimDuration::from_s(s);
                let Load::Fixed(fixed) = load else { return false };
                fixed.usage[0].as_ref().unwrap().at(t).value.is_some()
            }),
        };
        if weight > 0 && known_throughout {
            let usage = minute.usage[Dimension::CpuUsage.index()].unwrap();
            sum += i128::from(usage.millionths()) * weight;
            count += weight;
        }
    }
    let mean = div_round(sum, count)?;
    Some(Micro::from_millionths(i64::try_from(mean).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn r_12_the_history_has_the_sizes_of_the_view(plan in plans()) {
        let mut run = world(&plan).run();
        let mut seen = Vec::new();
        for s in (0..=SECONDS).step_by(37) {
            run.engine.run_until(second(s)).unwrap();
            // All work before this instant is done: what holds now held a moment ago.
            seen.push(row(&run.web(), second(s) - SimDuration::from_ms(1)));
        }
        let history = History::of(run.web().log().entries());
        for expected in seen.into_iter().skip(1) {
            let found = history.row_at(expected.t).unwrap();
            prop_assert_eq!(Row { t: expected.t, ..*found }, expected);
            prop_assert_eq!(history.in_service_at(expected.t), expected.in_service);
        }
        prop_assert_eq!(history.lives.len(), history.lives.last().map_or(0, |l| l.ordinal.0 as usize));
    }

    #[test]
    fn r_12_the_report_feels_what_the_alarms_saw(plan in plans()) {
        let world = world(&plan);
        let load = world.setup.groups[0].load.clone().unwrap();
        let mut run = world.run();
        run.engine.run_until(second(SECONDS)).unwrap();
        let history = History::of(run.web().log().entries());
        let decisions = run.web().decisions().unwrap();
        prop_assert!(decisions.len() >= 20);
        for (t, decision) in decisions {
            prop_assert_eq!(decision.value, average(&run, &load, &history, *t), "at {}", clock(*t));
        }
    }
}
