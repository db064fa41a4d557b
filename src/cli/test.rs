//! `asgsim test`: hold scenarios against what they expect.

use std::fmt::Write as _;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::cli::output::write_to;
use crate::cli::{Failure, input, progress};
use crate::engine::Engine;
use crate::kernel::UtcOffset;
use crate::report::result::Finding;
use crate::report::words;
use crate::scenario::error::one_line;

/// Check the [[expect]] tables of scenarios; exit status 1 if one does not hold.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  asgsim test scenarios/*.toml
  asgsim test web.toml --set group.web.policy.out.cooldown=60 --junit report.xml")]
pub(crate) struct Args {
    /// The scenarios, TOML or JSON.
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Change a value of each scenario before it runs; may be given again.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Write the outcome as JUnit XML too.
    #[arg(long, value_name = "FILE")]
    junit: Option<String>,
    /// Print failures only.
    #[arg(long, short)]
    quiet: bool,
}

/// What came of one scenario.
struct Outcome<'a> {
    path: &'a str,
    offset: UtcOffset,
    result: Result<Vec<Finding>, Failure>,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let outcomes: Vec<Outcome<'_>> =
        args.scenarios.iter().map(|path| outcome(path, &args.set)).collect();
    if let Some(path) = &args.junit {
        let xml = junit(&outcomes).to_string().map_err(|e| Failure::Run(e.to_string()))?;
        write_to(path, |out| out.write_all(xml.as_bytes()))?;
    }
    let text = lines(&outcomes, args.quiet);
    write_to("-", |out| out.write_all(text.as_bytes()))?;
    // Input that cannot be used is worse than an expectation that does not hold.
    let mut status = Ok(());
    for outcome in outcomes {
        match outcome.result {
            Ok(findings) if findings.iter().any(|f| !f.holds) && status.is_ok() => {
                status = Err(Failure::Expectation);
            }
            Ok(_) => {}
            Err(failure) => return Err(failure),
        }
    }
    status
}

fn outcome<'a>(path: &'a str, overrides: &[String]) -> Outcome<'a> {
    let loaded = match input::scenario(path, overrides, None) {
        Ok(loaded) => loaded,
        Err(failure) => return Outcome { path, offset: UtcOffset::UTC, result: Err(failure) },
    };
    let scenario = loaded.scenario;
    let offset = scenario.setup.utc_offset;
    let played = Engine::new(&scenario.setup).map_err(|e| Failure::Input(e.to_string()));
    let played = played.and_then(|mut engine| {
        progress::run(&mut engine, &scenario, scenario.end)
            .map_err(|e| Failure::Run(e.to_string()))?;
        Ok(scenario.report(&engine).findings)
    });
    Outcome { path, offset, result: played }
}

fn lines(outcomes: &[Outcome<'_>], quiet: bool) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let Ok(findings) = &outcome.result else { continue };
        let path = one_line(outcome.path, usize::MAX);
        let failed: Vec<&Finding> = findings.iter().filter(|f| !f.holds).collect();
        // Writing into a string cannot fail.
        if failed.is_empty() {
            if !quiet {
                let _ = writeln!(text, "ok    {path}: {} as expected", findings.len());
            }
            continue;
        }
        let (failures, all) = (failed.len(), findings.len());
        let _ = writeln!(text, "FAIL  {path}: {failures} of {all} not as expected");
        for finding in failed {
            let _ = writeln!(
                text,
                "      {}",
                one_line(&words::finding(finding, outcome.offset), usize::MAX)
            );
        }
    }
    text
}

fn junit(outcomes: &[Outcome<'_>]) -> Report {
    let mut report = Report::new("asgsim");
    for outcome in outcomes {
        let mut suite = TestSuite::new(outcome.path);
        match &outcome.result {
            Ok(findings) => suite.add_test_cases(findings.iter().map(|finding| {
                let mut status = TestCaseStatus::success();
                if !finding.holds {
                    status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(words::finding(finding, outcome.offset));
                }
                TestCase::new(format!("{}: {}", finding.group, finding.expected), status)
            })),
            Err(Failure::Input(message) | Failure::Run(message)) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(message.as_str());
                suite.add_test_cases([TestCase::new("run", status)])
            }
            Err(_) => &mut suite,
        };
        report.add_test_suite(suite);
    }
    report
}
