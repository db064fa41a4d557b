//! Hands from outside, laid on a run.

use asgsim::engine::Request;
use asgsim::engine::command::WorldCommand;
use asgsim::model::policy::Dimension;
use asgsim::testkit::strategies;
use asgsim::{Engine, GroupIndex, Setup, SimDuration, SimTime};
use proptest::prelude::*;

/// Wait so long, do what is due or not, then ask a group or the world for something.
#[derive(Clone, Debug)]
pub struct Touch {
    wait_ms: i64,
    settle: bool,
    step: bool,
    request: Request,
}

pub fn touches() -> impl Strategy<Value = Vec<Touch>> {
    let wait_ms = prop_oneof![
        Just(0),
        (0..20_i64).prop_map(|periods| periods * 300_000),
        (0..100_i64).prop_map(|minutes| minutes * 60_000),
        0..4_000_000_i64,
    ];
    let start = SimTime::from_unix_s(strategies::EPOCH_S);
    // Every load has the processor's usage.
    let command = strategies::commands(vec![Dimension::CpuUsage], start);
    let request = prop_oneof![
        4 => (0..4_u32, command).prop_map(|(group, c)| Request::Group(GroupIndex(group), c)),
        1 => strategies::world_commands(start).prop_map(|command| Request::World(Box::new(command))),
    ];
    let touch = (wait_ms, any::<bool>(), any::<bool>(), request);
    let touch =
        touch.prop_map(|(wait_ms, settle, step, request)| Touch { wait_ms, settle, step, request });
    prop::collection::vec(touch, 0..8)
}

/// Lays hands on a run. Groups that are not there refuse, as they should. Gives the world with
/// the causes and outages that came to it, each from when on it was known.
pub fn meddle(engine: &mut Engine, setup: &Setup, touches: &[Touch]) -> Setup {
    let mut known = setup.clone();
    for touch in touches {
        engine.run_until(engine.now() + SimDuration::from_ms(touch.wait_ms)).unwrap();
        if touch.settle {
            engine.settle().unwrap();
        }
        if touch.step {
            engine.step().unwrap();
        }
        if let Request::World(_) = touch.request {
            // The laws know instants, not what came first in one: the world changes between them.
            engine.run_until(engine.now() + SimDuration::from_ms(1)).unwrap();
        }
        let now = engine.now();
        match &touch.request {
            Request::Group(group, command) => drop(engine.apply(*group, command).unwrap()),
            Request::World(command) => {
                if engine.apply_to_world(command).is_err() {
                    continue;
                }
                match *command.clone() {
                    WorldCommand::Condition(mut condition) => {
                        condition.begin = condition.begin.max(now);
                        known.conditions.push(condition);
                    }
                    WorldCommand::Outage(mut outage) => {
                        outage.begin = outage.begin.max(now);
                        known.outages.push(outage);
                    }
                    _ => {}
                }
            }
        }
    }
    known
}
