//! Promises about every world, held against random ones.
//!
//! `ASGSIM_WORLDS` is the number of worlds per property (default 300; slow properties take a
//! third), `ASGSIM_SEED` any whole number that chooses which. A long run:
//! `ASGSIM_WORLDS=100000 cargo test --release --all-features --test it properties::`.
#![cfg(feature = "testkit")]

mod census;

use std::cell::RefCell;
use std::collections::BTreeSet;

use std::sync::Arc;

use asgsim::engine::command::Command;
use asgsim::engine::log::Retention;
use asgsim::model::instance::LifecycleState;
use asgsim::model::policy::Dimension;
use asgsim::model::record::{Blocker, Entry, Outcome, Record, Trigger};
use asgsim::testkit::invariants::{INVARIANTS, Story, check_all};
use asgsim::testkit::{reference, strategies};
use asgsim::{Engine, GroupIndex, Setup, SimDuration, SimTime};
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
        meddle(&mut engine, &touches);
        engine.run_until(engine.now().max(until)).unwrap();
        check_all(&setup, &logs(&engine)).map_err(TestCaseError::fail)
    });
}

/// A law that no log can break says nothing: small damage to good logs must break each of them.
#[test]
fn every_law_can_be_broken() {
    let broken = RefCell::new(BTreeSet::new());
    let damage = prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 40);
    let worlds = (strategies::world(), strategies::run_length(), damage);
    hold(1, worlds, |(setup, length, damage)| {
        let logs = run(&setup, setup.start + length);
        for (group, log) in setup.groups.iter().zip(logs) {
            for (place, way) in &damage {
                let log = damaged(log.clone(), place.index(log.len()), *way);
                let story = Story { setup: &setup, group, log: &log };
                let laws = INVARIANTS.iter().filter(|law| (law.check)(&story).is_err());
                broken.borrow_mut().extend(laws.map(|law| law.name));
            }
        }
        Ok(())
    });
    let all: BTreeSet<_> = INVARIANTS.iter().map(|law| law.name).collect();
    assert_eq!(broken.into_inner(), all);
}

/// The log with a fault at record `n`.
fn damaged(mut log: Vec<Entry>, n: usize, way: u8) -> Vec<Entry> {
    match way {
        0 => drop(log.remove(n)),
        1 => log.insert(n, log[n].clone()),
        2 if n > 0 => log.swap(n - 1, n),
        3 => log[n].t = log[n].t - SimDuration::from_ms(1),
        _ => match &mut log[n].record {
            Record::Capacity(sizes) => sizes.desired += 1,
            Record::Trigger(decision) if way < 6 => decision.streak = 0,
            Record::Trigger(decision) => decision.outcome = Outcome::Accepted,
            Record::ActivityStarted { count, .. } if way < 6 => *count += 1,
            Record::ActivityStarted { activity, .. } => *activity = activity.next(),
            Record::CooldownOpened { until, .. } => *until = *until + SimDuration::from_s(9999),
            Record::Instance { instance, .. } if way < 6 => *instance = instance.next(),
            Record::Instance { state, .. } => *state = LifecycleState::Creating,
            _ => {}
        },
    }
    log
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
        meddle(&mut first, &touches);
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
        meddle(&mut trunk, &before);
        let mut branch = trunk.clone();
        let mut other = trunk.clone();
        let until = trunk.now() + length;

        meddle(&mut other, &after);
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

#[test]
fn another_group_changes_nothing() {
    let worlds = (strategies::plan(), strategies::plan(), strategies::run_length());
    hold(2, worlds, |(plan, more, length)| {
        let alone = plan.build(SimDuration::ZERO);
        let until = alone.start + length;
        let mut together = plan.clone();
        together.groups.extend(more.groups);
        // A quota of policies is the world's, so the larger world keeps its own.
        together.policies_per_group = plan.policies_per_group;
        let mut found = run(&together.build(SimDuration::ZERO), until);
        found.truncate(alone.groups.len());
        compare(("alone", "together"), &run(&alone, until), &found)
    });
}

#[test]
fn weeks_later_is_the_same() {
    let worlds = (strategies::plan(), strategies::run_length(), 1..100_i64);
    hold(2, worlds, |(plan, length, weeks)| {
        let later = SimDuration::from_s(weeks * 7 * 86_400);
        let (now, then) = (plan.build(SimDuration::ZERO), plan.build(later));
        let mut expected = run(&now, now.start + length);
        expected.iter_mut().flatten().for_each(|entry| shift(entry, later));
        compare(("shifted", "later"), &expected, &run(&then, then.start + length))
    });
}

/// The same record, `later`.
fn shift(entry: &mut Entry, later: SimDuration) {
    entry.t = entry.t + later;
    match &mut entry.record {
        Record::CooldownOpened { until, .. } => *until = *until + later,
        Record::TaskCreated { definition, .. } => {
            let task = Arc::make_mut(definition);
            task.start = task.start + later;
            if let Some(repeat) = &mut task.repeat {
                repeat.end = repeat.end + later;
            }
        }
        Record::Trigger(decision) => {
            if let Some(Trigger { blocker: Some(Blocker::Cooldown { until, .. }), .. }) =
                &mut decision.trigger
            {
                *until = *until + later;
            }
        }
        _ => {}
    }
}

/// A hand from outside: wait so long, do what is due or not, then ask a group for something.
#[derive(Clone, Debug)]
struct Touch {
    wait_ms: i64,
    settle: bool,
    step: bool,
    group: u32,
    command: Command,
}

fn touches() -> impl Strategy<Value = Vec<Touch>> {
    let wait_ms = prop_oneof![
        Just(0),
        (0..20_i64).prop_map(|periods| periods * 300_000),
        (0..100_i64).prop_map(|minutes| minutes * 60_000),
        0..4_000_000_i64,
    ];
    // Every load has the processor's usage.
    let command =
        strategies::commands(vec![Dimension::CpuUsage], SimTime::from_unix_s(strategies::EPOCH_S));
    let touch = (wait_ms, any::<bool>(), any::<bool>(), 0..4_u32, command);
    let touch = touch.prop_map(|(wait_ms, settle, step, group, command)| Touch {
        wait_ms,
        settle,
        step,
        group,
        command,
    });
    prop::collection::vec(touch, 0..8)
}

/// Lays hands on a run. Groups that are not there refuse, as they should.
fn meddle(engine: &mut Engine, touches: &[Touch]) {
    for touch in touches {
        engine.run_until(engine.now() + SimDuration::from_ms(touch.wait_ms)).unwrap();
        if touch.settle {
            engine.settle().unwrap();
        }
        if touch.step {
            engine.step().unwrap();
        }
        drop(engine.apply(GroupIndex(touch.group), &touch.command).unwrap());
    }
}
