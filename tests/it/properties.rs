//! Promises about every world, held against random ones.
//!
//! `ASGSIM_WORLDS` is the number of worlds per property (default 300; slow properties take a
//! third), `ASGSIM_SEED` any whole number that chooses which. A long run:
//! `ASGSIM_WORLDS=100000 cargo test --release --all-features --test it properties::`.
#![cfg(feature = "testkit")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use asgsim::model::activity::{ActivityKind, Origin};
use asgsim::model::instance::LifecycleState;
use asgsim::model::record::{Blocker, Entry, Outcome, Record};
use asgsim::testkit::{reference, strategies};
use asgsim::{Engine, Setup, SimTime};
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

/// Worlds in which nothing happens prove nothing: the strategies must keep producing every kind
/// of event often.
#[test]
fn worlds_are_lively() {
    let counts = RefCell::new(BTreeMap::new());
    hold(1, (strategies::world(), strategies::run_length()), |(setup, length)| {
        for log in run(&setup, setup.start + length) {
            let seen: BTreeSet<&str> = log.iter().flat_map(|entry| kinds(&entry.record)).collect();
            seen.into_iter().for_each(|kind| *counts.borrow_mut().entry(kind).or_insert(0) += 1);
        }
        *counts.borrow_mut().entry("worlds").or_insert(0) += 1;
        Ok(())
    });
    let counts = counts.into_inner();
    println!("{counts:#?}");
    let share = |kind: &str| counts.get(kind).copied().unwrap_or(0) * 100 / counts["worlds"];
    for (kind, least_pct) in LIVELY {
        assert!(share(kind) >= least_pct, "{kind}: {} % of the worlds", share(kind));
    }
}

/// What a group's log must show, in at least so many per cent of the worlds.
const LIVELY: [(&str, i32); 10] = [
    ("accepted", 30),
    ("busy", 10),
    ("pending", 1),
    ("cooldown", 10),
    ("no_change", 20),
    ("scale_out", 30),
    ("scale_in", 20),
    ("by user", 20),
    ("by bounds", 10),
    ("detach_lb", 5),
];

fn kinds(record: &Record) -> Vec<&'static str> {
    match record {
        Record::Trigger(decision) => {
            let outcome = match decision.outcome {
                Outcome::Accepted => "accepted",
                Outcome::Busy => "busy",
                Outcome::Cooldown => "cooldown",
                Outcome::NoChange => "no_change",
                _ => "other",
            };
            match decision.trigger.and_then(|trigger| trigger.blocker) {
                Some(Blocker::Pending) => vec![outcome, "pending"],
                _ => vec![outcome],
            }
        }
        Record::ActivityStarted { activity_kind, origin, .. } => {
            let kind = match activity_kind {
                ActivityKind::ScaleIn => "scale_in",
                _ => "scale_out",
            };
            match origin {
                Origin::User => vec![kind, "by user"],
                Origin::Bounds => vec![kind, "by bounds"],
                _ => vec![kind],
            }
        }
        Record::Instance { state: LifecycleState::DetachLb, .. } => vec!["detach_lb"],
        Record::PolicyCreated { .. } => vec!["policy"],
        _ => vec![],
    }
}
