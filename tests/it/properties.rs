//! Promises about every world, held against random ones.
//!
//! `ASGSIM_WORLDS` is the number of worlds per property (default 300; slow properties take a
//! third), `ASGSIM_SEED` any whole number that chooses which. A long run:
//! `ASGSIM_WORLDS=100000 cargo test --release --all-features --test it properties::`.
#![cfg(feature = "testkit")]

use asgsim::model::record::Entry;
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
