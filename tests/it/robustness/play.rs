//! One case, through the library just as the command goes, but for the files.

use asgsim::Engine;
use asgsim::kernel::SimDuration;
use asgsim::model::limits::Limits;
use asgsim::report::result::RunResult;
use asgsim::report::text::{Layout, report};
use asgsim::scenario::Scenario;
use asgsim::scenario::build::build;
use asgsim::scenario::document::Document;
use asgsim::scenario::expect::check;
use asgsim::scenario::file::ScenarioFile;
use asgsim::scenario::value::When;

use super::mutate::Case;

/// What a case may cost, so that heavy but valid ones do not hide the rest: the run is cut.
const WORK: u64 = 50_000;
/// Beyond that a case is refused like one beyond its own limit: five million samples, which a
/// scenario may well ask for, are most of a second before the run begins.
const LOADED_WORK: u32 = 2_000_000;
const RECORDS: u32 = 20_000;

/// The longest message of an error, in bytes.
const MESSAGE_MAX: usize = 4_000;

/// Plays a case; `Err` says in what way it did not end well.
pub fn play(case: &Case) -> Result<(), String> {
    match load_within(case, LOADED_WORK) {
        Ok(scenario) => run(scenario, case),
        Err(message) => one_clear_message(&message),
    }
}

/// A scenario, or the message that the command would print.
pub fn load(case: &Case) -> Result<Scenario, String> {
    load_within(case, u32::MAX)
}

/// The same with at most so much work, whatever the scenario allows.
fn load_within(case: &Case, work: u32) -> Result<Scenario, String> {
    let parsed = Document::parse("case.toml", &case.scenario, &case.overrides);
    let document = parsed.map_err(|e| e.to_string())?;
    let until = case.until.as_deref().map(When::parse).transpose();
    let until = until.map_err(|e| format!("--until: {e}"))?;
    let mut file: ScenarioFile = document.decode().map_err(|e| e.to_string())?;
    if work < file.limits.work.unwrap_or(Limits::default().work) {
        file.limits.work = Some(work);
    }
    let read = |name: &str| {
        let found = case.traces.iter().find(|(known, _)| known == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| "no such file".to_owned())
    };
    build(&file, &read, until.as_ref()).map_err(|fault| document.locate(fault).to_string())
}

fn run(mut scenario: Scenario, case: &Case) -> Result<(), String> {
    cut(&mut scenario);
    let mut engine = Engine::new(&scenario.setup).map_err(|e| format!("a built world: {e}"))?;
    if case.keep_decisions {
        engine.keep_all_decisions();
    }
    if let Err(error) = engine.run_until(scenario.end) {
        return one_clear_message(&error.to_string());
    }
    let run = scenario.report(&engine);
    let json = serde_json::to_string(&RunResult::of(&run)).map_err(|e| format!("JSON: {e}"))?;
    let back: Result<serde::de::IgnoredAny, _> = serde_json::from_str(&json);
    back.map_err(|e| format!("the result is no JSON: {e}"))?;
    let text = report(&run, Layout { width: case.width, ..Layout::default() });
    if let Some(odd) = text.chars().find(|c| c.is_control() && *c != '\n') {
        return Err(format!("the report holds the control character {odd:?}"));
    }
    let findings = check(&run, &scenario.expectations);
    match findings.len() >= scenario.expectations.len() {
        true => Ok(()),
        false => Err("an expectation was not looked at".to_owned()),
    }
}

/// Shortens a run that would take long.
fn cut(scenario: &mut Scenario) {
    let limits = &mut scenario.setup.limits;
    limits.records = limits.records.min(RECORDS);
    let work = scenario.setup.work(scenario.end);
    if work > WORK {
        let span = scenario.end - scenario.setup.start;
        let share = i128::from(span.ms()) * i128::from(WORK) / i128::from(work);
        let share = i64::try_from(share).unwrap_or(i64::MAX).max(1);
        scenario.end = scenario.setup.start + SimDuration::from_ms(share);
    }
}

/// An error must be one line of a length that a person reads.
pub fn one_clear_message(message: &str) -> Result<(), String> {
    if message.is_empty() || message.len() > MESSAGE_MAX {
        return Err(format!("a message of {} bytes", message.len()));
    }
    match message.chars().find(|c| c.is_control()) {
        Some(odd) => Err(format!("the message holds {odd:?}: {message}")),
        None => Ok(()),
    }
}
