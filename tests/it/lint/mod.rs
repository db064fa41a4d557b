//! The linter: findings that need no run.

mod command;
mod docs;
mod flapping;
mod rules;
mod scenarios;
mod setups;

use asgsim::lint::{Finding, Findings, check};
use asgsim::scenario::Scenario;
use asgsim::scenario::build::build;
use asgsim::scenario::document::Document;
use asgsim::scenario::file::ScenarioFile;

/// The scenario of a text, with `PATH=VALUE` of each override.
#[track_caller]
fn scenario(text: &str, set: &[&str]) -> Scenario {
    let set: Vec<String> = set.iter().map(|item| (*item).to_owned()).collect();
    let document = Document::parse("case.toml", text.as_bytes(), &set).unwrap();
    let file: ScenarioFile = document.decode().unwrap();
    let no_files = |name: &str| Err(format!("no file {name}"));
    match build(&file, &no_files, None) {
        Ok(scenario) => scenario,
        Err(fault) => panic!("{set:?}: {}", document.locate(fault)),
    }
}

#[track_caller]
fn linted(text: &str, set: &[&str]) -> Findings {
    check(&scenario(text, set))
}

/// `warning[flapping] group.web.policy.out` for each finding.
fn shown(found: &[Finding]) -> String {
    let lines = found.iter().map(|f| format!("{}[{}] {}", f.severity.name(), f.rule, f.place));
    lines.collect::<Vec<_>>().join(", ")
}
