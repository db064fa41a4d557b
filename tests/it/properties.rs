//! Promises about every world, held against random ones.
//!
//! `ASGSIM_WORLDS` is the number of worlds per property (default 300; slow properties take a
//! third), `ASGSIM_SEED` any whole number that chooses which. A long run:
//! `ASGSIM_WORLDS=100000 cargo test --release --all-features --test it properties::`.
#![cfg(feature = "testkit")]

mod census;
mod damage;
mod hands;
mod later;
mod rest;

use asgsim::engine::command::WorldCommand;
use asgsim::engine::log::Retention;
use asgsim::model::record::Entry;
use asgsim::testkit::invariants::check_all;
use asgsim::testkit::strategies::GroupPlan;
use asgsim::testkit::{reference, strategies};
use asgsim::{Engine, GroupIndex, Setup, SimDuration, SimTime};
use hands::{meddle, touches};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

const WORLDS_DEFAULT: u32 = 300;

/// Holds `law` against random values; a failure is shrunk and printed.
fn hold<S: Strategy>(share: u32, worlds: S, law: impl Fn(S::Value) -> TestCaseResult) {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let wanted = number("ASGSIM_WORLDS").unwrap_or(u64::from(WORLDS_DEFAULT));
    let cases = u32::try_from(wanted).unwrap_or(u32::MAX).div_ceil(share);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("ASGSIM_SEED").unwrap_or(0).to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(&worlds, law) {
        panic!("ASGSIM_SEED={}: {failure}", number("ASGSIM_SEED").unwrap_or(0));
    }
}

/// The logs of all groups.
fn logs(engine: &Engine) -> Vec<Vec<Entry>> {
    engine.groups().map(|group| group.log().entries().cloned().collect()).collect()
}

/// The logs of a run from the start to `until`.
fn run(setup: &Setup, until: SimTime) -> Vec<Vec<Entry>> {
    let mut engine = Engine::new(setup).unwrap();
    engine.run_until(until).unwrap();
    logs(&engine)
}

/// The first place at which two runs differ, with what stands around it.
fn compare(names: (&str, &str), left: &[Vec<Entry>], right: &[Vec<Entry>]) -> TestCaseResult {
    if left.len() != right.len() {
        return Err(TestCaseError::fail(format!("{} groups and {}", left.len(), right.len())));
    }
    for (group, (a, b)) in left.iter().zip(right).enumerate() {
        let common = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        if common == a.len() && common == b.len() {
            continue;
        }
        let mut text = format!("group {group} differs at record {common}\n");
        for (name, log) in [(names.0, a), (names.1, b)] {
            text.push_str(&format!("{name}:\n"));
            for (n, entry) in log.iter().enumerate().skip(common.saturating_sub(6)).take(10) {
                let mark = if n == common { ">" } else { " " };
                text.push_str(&format!("{mark} {n} {} {:?}\n", entry.t.unix_ms(), entry.record));
            }
        }
        return Err(TestCaseError::fail(text));
    }
    Ok(())
}

#[test]
fn fast_equals_reference() {
    hold(1, (strategies::world(), strategies::run_length()), |(setup, length)| {
        let until = setup.start + length;
        compare(("engine", "reference"), &run(&setup, until), &reference::run(&setup, until))
    });
}

#[test]
fn every_log_obeys_the_laws() {
    let worlds = (strategies::world(), strategies::run_length(), touches());
    hold(1, worlds, |(setup, length, touches)| {
        let until = setup.start + length;
        check_all(&setup, &run(&setup, until)).map_err(TestCaseError::fail)?;
        let mut engine = Engine::new(&setup).unwrap();
        // The laws look up causes, so they must hear of those that come from outside.
        let known = meddle(&mut engine, &setup, &touches);
        engine.run_until(engine.now().max(until)).unwrap();
        check_all(&known, &logs(&engine)).map_err(TestCaseError::fail)
    });
}

#[test]
fn same_world_same_digest() {
    hold(3, (strategies::world(), strategies::run_length()), |(setup, length)| {
        let digest = |retention| {
            let mut engine = Engine::with_retention(&setup, retention).unwrap();
            engine.run_until(setup.start + length).unwrap();
            (engine.digest(), engine.event_count())
        };
        let kept = digest(Retention::Keep);
        prop_assert_eq!(&kept, &digest(Retention::Keep));
        prop_assert_eq!(&kept, &digest(Retention::Digest));
        Ok(())
    });
}

/// A run may be cut anywhere, into stretches of time or into single instants.
#[test]
fn a_run_in_parts_is_the_run() {
    let stops = prop::collection::vec(0..100_u8, 0..5);
    let worlds = (strategies::world(), strategies::run_length(), stops);
    hold(1, worlds, |(setup, length, mut stops)| {
        let until = setup.start + length;
        let whole = run(&setup, until);

        stops.sort_unstable();
        let mut parts = Engine::new(&setup).unwrap();
        for stop in stops {
            let part = SimDuration::from_ms(length.ms() / 100 * i64::from(stop));
            parts.run_until(setup.start + part).unwrap();
            if stop % 2 == 0 {
                parts.settle().unwrap();
            }
        }
        parts.run_until(until).unwrap();
        compare(("whole", "parts"), &whole, &logs(&parts))?;

        let mut steps = Engine::new(&setup).unwrap();
        while let Some(wake) = steps.next_wake().filter(|wake| *wake < until) {
            prop_assert_eq!(steps.step().unwrap(), Some(wake));
        }
        steps.run_until(until).unwrap();
        compare(("whole", "steps"), &whole, &logs(&steps))?;
        prop_assert_eq!(parts.digest(), steps.digest());
        Ok(())
    });
}

/// The journal, the setup and the time are all there is to a state.
#[test]
fn a_replayed_journal_is_the_state() {
    let worlds = (strategies::world(), touches(), strategies::run_length());
    hold(1, worlds, |(setup, touches, length)| {
        let mut first = Engine::new(&setup).unwrap();
        meddle(&mut first, &setup, &touches);
        let mut second = Engine::new(&setup).unwrap();
        second.replay(first.journal(), first.now(), first.is_settled()).unwrap();
        compare(("first", "replayed"), &logs(&first), &logs(&second))?;
        prop_assert_eq!(first.journal(), second.journal());
        prop_assert_eq!(first.next_wake(), second.next_wake());

        let until = first.now() + length;
        first.run_until(until).unwrap();
        second.run_until(until).unwrap();
        compare(("first", "replayed"), &logs(&first), &logs(&second))
    });
}

/// A clone goes on like its original, and what is done to one does not reach the other.
#[test]
fn a_fork_is_a_world_of_its_own() {
    let worlds = (strategies::world(), strategies::run_length(), touches(), touches());
    hold(2, worlds, |(setup, length, before, after)| {
        let mut trunk = Engine::new(&setup).unwrap();
        meddle(&mut trunk, &setup, &before);
        let mut branch = trunk.clone();
        let mut other = trunk.clone();
        let until = trunk.now() + length;

        meddle(&mut other, &setup, &after);
        branch.run_until(until).unwrap();
        other.run_until(other.now().max(until)).unwrap();
        trunk.run_until(until).unwrap();
        compare(("trunk", "branch"), &logs(&trunk), &logs(&branch))
    });
}

/// A scripted command at t is the same as `run_until(t)` and a command from outside (0.1).
#[test]
fn a_script_is_commands_on_time() {
    hold(1, (strategies::world(), strategies::run_length()), |(setup, length)| {
        let until = setup.start + length;
        let mut bare = setup.clone();
        let mut commands = Vec::new();
        for (index, group) in (0..).zip(&mut bare.groups) {
            commands.extend(group.script.drain(..).map(|(at, what)| (at, GroupIndex(index), what)));
        }
        // Stable: at one instant the file's order stays.
        commands.sort_by_key(|(at, ..)| *at);
        let mut engine = Engine::new(&bare).unwrap();
        for (at, group, command) in commands.into_iter().filter(|(at, ..)| *at < until) {
            engine.run_until(at).unwrap();
            drop(engine.apply(group, &command).unwrap());
        }
        engine.run_until(until).unwrap();
        compare(("script", "outside"), &run(&setup, until), &logs(&engine))
    });
}

/// Causes and outages that are told of at the start are those of the file.
#[test]
fn troubles_from_outside_are_troubles_of_the_file() {
    hold(2, (strategies::world(), strategies::run_length()), |(setup, length)| {
        let until = setup.start + length;
        let mut bare = setup.clone();
        let (conditions, outages) =
            (std::mem::take(&mut bare.conditions), std::mem::take(&mut bare.outages));
        let machines = std::mem::take(&mut bare.machines);
        let mut engine = Engine::new(&bare).unwrap();
        // What is over before the start cannot be told of any more.
        let told = outages.into_iter().filter(|outage| outage.end > setup.start);
        let commands = (conditions.into_iter().map(WorldCommand::Condition))
            .chain(told.map(WorldCommand::Outage))
            .chain(machines.into_iter().map(WorldCommand::AddMachine));
        for command in commands {
            prop_assert!(engine.apply_to_world(&command).is_ok());
        }
        engine.run_until(until).unwrap();
        compare(("file", "outside"), &run(&setup, until), &logs(&engine))
    });
}

#[test]
fn another_group_changes_nothing() {
    let worlds = (strategies::plan(), strategies::plan(), strategies::run_length());
    hold(2, worlds, |(plan, more, length)| {
        let mut plan = plan;
        // Groups meet in the account's limits and in the pool of machines, and nowhere else.
        plan.troubles.instance_limit = None;
        plan.troubles.conditions.retain(|condition| condition.limit.is_none());
        let alone = plan.build(SimDuration::ZERO);
        let until = alone.start + length;
        let mut together = plan.clone();
        together.groups.extend(more.groups.into_iter().map(GroupPlan::without_moves));
        let mut found = run(&together.build(SimDuration::ZERO), until);
        found.truncate(alone.groups.len());
        compare(("alone", "together"), &run(&alone, until), &found)
    });
}
