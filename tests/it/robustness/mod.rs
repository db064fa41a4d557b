//! Whatever is put in, the command ends well: an error that says what is wrong, or a run; never a
//! panic, never a hang, never memory without bound.
//!
//! `ASGSIM_INPUTS=1000000 cargo test --release --all-features --test it robustness` tries a million
//! mutated inputs, holds each against a time, and tells the slowest and the memory used.
//! `ASGSIM_SEED` is a number that makes them other ones.

mod arguments;
mod bounds;
mod mutate;
mod play;
mod seeds;
mod watch;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use mutate::{Case, cases};
use play::play;
use watch::Watch;

/// Inputs of a short run: a few seconds without optimisation.
const INPUTS_DEFAULT: u32 = 400;

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A runner that tries the same inputs each time, or the ones that were asked for.
fn runner(cases: u32) -> TestRunner {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number_of("ASGSIM_SEED").unwrap_or(0).to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn inputs() -> (u32, bool) {
    let asked = number_of("ASGSIM_INPUTS").and_then(|n| u32::try_from(n).ok());
    (asked.unwrap_or(INPUTS_DEFAULT), asked.is_some())
}

#[test]
fn mutated_inputs_end_well() {
    let (count, is_long) = inputs();
    let watch = Watch::new(is_long);
    let tried = runner(count).run(&cases(), |case: Case| {
        let outcome = watch.time(&case, || play(&case));
        match outcome {
            Ok(()) => Ok(()),
            Err(fault) => Err(TestCaseError::fail(fault)),
        }
    });
    watch.report();
    if let Err(error) = tried {
        panic!("{error}");
    }
}

/// Bytes that never were a scenario.
#[test]
fn any_bytes_end_well() {
    let (count, is_long) = inputs();
    let watch = Watch::new(is_long);
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    let tried = runner(count / 10).run(&bytes, |scenario| {
        let case = Case { scenario, ..Case::default() };
        watch.time(&case, || play(&case)).map_err(TestCaseError::fail)
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
}
