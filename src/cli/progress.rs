//! A bar for runs that take longer than a person likes to wait, on a terminal's stderr only.

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::{Engine, RunError};
use crate::kernel::{SimDuration, SimTime};
use crate::scenario::Scenario;

/// Evaluations of policies after which a bar is worth its line: about a second's work.
const EVALUATIONS_WORTH_A_BAR: i64 = 4_000_000;

/// Parts a long run is cut into. Cutting changes nothing (0.1).
const PARTS: u64 = 200;

/// Runs an engine to `end`, with a bar if that will take a while.
pub(crate) fn run(engine: &mut Engine, scenario: &Scenario, end: SimTime) -> Result<(), RunError> {
    let span = end - engine.now();
    let periods = span.ms() / scenario.setup.semantics.period.ms().max(1);
    let policies: usize = scenario.setup.groups.iter().map(|g| g.policies.len()).sum();
    let evaluations = periods.saturating_mul(i64::try_from(policies).unwrap_or(i64::MAX));
    if evaluations < EVALUATIONS_WORTH_A_BAR {
        return engine.run_until(end);
    }
    // Hidden by indicatif itself where stderr is no terminal.
    let bar = ProgressBar::new(PARTS);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent} %, {eta} left") {
        bar.set_style(style);
    }
    let start = engine.now();
    for part in 1..=PARTS {
        let share = i128::from(span.ms()) * i128::from(part) / i128::from(PARTS);
        let share = SimDuration::from_ms(i64::try_from(share).unwrap_or(i64::MAX));
        engine.run_until(start + share)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    engine.run_until(end)
}
