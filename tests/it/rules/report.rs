//! Chapter 12: what a run is judged by.

mod bill;
mod elasticity;
mod history;
mod promise;
mod reaction;

use asgsim::report::summary::Summary;
use asgsim::scenario::Scenario;
use asgsim::{Engine, Micro, SimTime};

use super::world::{World, micro, time};

/// The world as a scenario from its start to a time of the day.
fn scenario(world: &World, until: &str) -> Scenario {
    Scenario::of("test", world.setup.clone(), time(until))
}

/// The figures of the group `web` of a scenario.
fn figures(scenario: &Scenario) -> Summary {
    let engine: Engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    run.summary(&run.groups[0])
}

/// The figures of the group `web` at a time of the day.
fn summary(world: &World, until: &str) -> Summary {
    figures(&scenario(world, until))
}

/// A trace in text of a value per minute from 10:00 on: `90 50 _`.
fn minutely(values: &str) -> String {
    let start = time("10:00");
    let step = |(i, value): (usize, &str)| {
        let t: SimTime = start + asgsim::SimDuration::MINUTE.times(i64::try_from(i).unwrap());
        format!("{} {value}", super::world::clock(t))
    };
    values.split_whitespace().enumerate().map(step).collect::<Vec<_>>().join(", ")
}

/// Whole numbers of load, or of anything else.
fn whole(number: i64) -> Micro {
    Micro::from_int(number)
}

#[test]
fn a_value_per_minute() {
    assert_eq!(minutely("90 _ 5"), "10:00:00 90, 10:01:00 _, 10:02:00 5");
    assert_eq!(whole(3), micro("3"));
}
