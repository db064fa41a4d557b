//! `asgsim lint`: findings that need no run.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use crate::cli::output::{tell, write_to};
use crate::cli::{Failure, input};
use crate::lint::{self, Finding, Part, Place, Severity};
use crate::scenario::document::Document;
use crate::scenario::error::{Fault, ScenarioError, one_line};
use crate::scenario::node::Segment;

/// Look for what is likely not meant, without a run: rules that undo each other, alarms that cannot
/// fire, tasks that fight.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  asgsim lint scenarios/*.toml
  asgsim lint web.toml --deny warnings --json findings.json

Exit status: 0 done, 1 a warning with --deny warnings, 2 bad input; all that is wrong with
the input is told, not only the first. docs/lint.md explains each rule. A finding that is meant
to be there is left out with its reason, in the scenario:
  [[lint.allow]]
  rule = \"flapping\"
  at = \"group.web\"
  reason = \"the load passes that band within minutes\"")]
pub(crate) struct Args {
    /// The scenarios, TOML or JSON.
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Change a value of each scenario first; may be given again.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Exit with status 1 if there is a warning.
    #[arg(long, value_enum, value_name = "KIND")]
    deny: Option<Deny>,
    /// Write the findings as JSON (asgsim.lint/1) to a file, or to stdout for `-`.
    #[arg(long, value_name = "FILE")]
    json: Option<String>,
}

/// What `--deny` turns into a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings; notes never are.
    Warnings,
}

/// The JSON that is written.
#[derive(Serialize)]
struct Output<'a> {
    schema: &'static str,
    version: &'static str,
    files: &'a [File],
}

/// What came of one file.
#[derive(Serialize)]
struct File {
    file: String,
    errors: Vec<Error>,
    findings: Vec<Placed>,
    allowed: Vec<Allowed>,
}

/// What is wrong with the input.
#[derive(Serialize)]
struct Error {
    line: Option<usize>,
    key: String,
    message: String,
    /// As it is printed.
    #[serde(skip)]
    text: String,
}

/// A finding with its line.
#[derive(Serialize)]
struct Placed {
    #[serde(flatten)]
    finding: Finding,
    line: Option<usize>,
}

/// A finding that is meant to be there.
#[derive(Serialize)]
struct Allowed {
    #[serde(flatten)]
    placed: Placed,
    reason: String,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let files: Vec<File> = args.scenarios.iter().map(|path| file(path, &args.set)).collect();
    if let Some(target) = &args.json {
        let (schema, version) = ("asgsim.lint/1", env!("CARGO_PKG_VERSION"));
        let output = Output { schema, version, files: &files };
        write_to(target, |out| {
            serde_json::to_writer(&mut *out, &output)?;
            out.write_all(b"\n")
        })?;
    }
    if args.json.as_deref() != Some("-") {
        let text = lines(&files);
        write_to("-", |out| out.write_all(text.as_bytes()))?;
    }
    let errors: Vec<&str> =
        files.iter().flat_map(|f| &f.errors).map(|error| error.text.as_str()).collect();
    if let Some((last, before)) = errors.split_last() {
        before.iter().for_each(|error| tell(error));
        return Err(Failure::Input((*last).to_owned()));
    }
    let mut findings = files.iter().flat_map(|file| &file.findings);
    match args.deny {
        Some(Deny::Warnings)
            if findings.any(|placed| placed.finding.severity == Severity::Warning) =>
        {
            Err(Failure::Expectation)
        }
        _ => Ok(()),
    }
}

fn file(path: &str, overrides: &[String]) -> File {
    let mut file = File {
        file: path.to_owned(),
        errors: Vec::new(),
        findings: Vec::new(),
        allowed: Vec::new(),
    };
    let (document, scenario) = match input::for_lint(path, overrides) {
        Ok(read) => read,
        Err(Failure::Input(text) | Failure::Run(text)) => {
            let (line, key, message) = (None, String::new(), text.clone());
            file.errors.push(Error { line, key, message, text });
            return file;
        }
        Err(_) => return file,
    };
    match scenario {
        Ok(scenario) => {
            let findings = lint::check(&scenario);
            let placed = |finding: Finding| {
                let line = line(&document, &finding.place);
                Placed { finding, line }
            };
            file.findings = findings.found.into_iter().map(placed).collect();
            file.findings.sort_by_key(|placed| placed.line);
            let allowed = findings.allowed.into_iter();
            file.allowed = allowed
                .map(|(finding, reason)| Allowed { placed: placed(finding), reason })
                .collect();
        }
        Err(faults) => file.errors.extend(faults.into_iter().map(|error| {
            let text = error.to_string();
            let ScenarioError { line, key, message, .. } = error;
            Error { line, key, message, text }
        })),
    }
    file
}

/// The line of a key, or of the last table on the way to it that is written.
fn line(document: &Document, place: &Place) -> Option<usize> {
    let segments = place.0.iter().map(|part| match part {
        Part::Key(key) => Segment::Key((*key).to_owned()),
        Part::Item { index, .. } => Segment::Index(*index),
    });
    document.locate(Fault::at(segments, "")).line
}

/// A line for each finding, and one for each file that has none.
fn lines(files: &[File]) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    for file in files.iter().filter(|file| file.errors.is_empty()) {
        let path = one_line(&file.file, usize::MAX);
        if file.findings.is_empty() {
            let _ = match file.allowed.len() {
                0 => writeln!(text, "ok    {path}"),
                1 => writeln!(text, "ok    {path}: 1 finding allowed"),
                more => writeln!(text, "ok    {path}: {more} findings allowed"),
            };
        }
        for Placed { finding, line } in &file.findings {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            let Finding { rule, severity, place, why, advice } = finding;
            let said = format!("{}[{rule}] {place}: {why}. {}", severity.name(), sentence(advice));
            let _ = writeln!(text, "{path}{line}: {}", one_line(&said, usize::MAX));
        }
    }
    text
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
