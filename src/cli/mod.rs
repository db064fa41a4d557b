//! The command line: one file per subcommand.

mod compare;
mod completions;
mod explain;
mod input;
mod lint;
mod man;
mod output;
mod progress;
mod run;
mod schema;
mod test;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::scenario::error::one_line;

/// Simulates the Tencent Cloud Auto Scaling service: replay metrics through scaling rules, see what
/// the group would have done and why.
#[derive(Debug, Parser)]
#[command(name = "asgsim", version, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 done, 1 something expected does not hold, 2 bad input or usage,
3 the run or an output failed.

Start here: asgsim run scenarios/flash-crowd.toml"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Test(test::Args),
    Lint(lint::Args),
    Explain(explain::Args),
    Compare(compare::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Why a command did not end well; each kind has its exit status.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Status 1: something expected does not hold; what it is has been printed.
    Expectation,
    /// Status 2: the input cannot be used.
    Input(String),
    /// Status 3: the run or an output failed.
    Run(String),
    /// Status 0: the reader of our output went away.
    ClosedPipe,
}

impl From<crate::scenario::ScenarioError> for Failure {
    fn from(error: crate::scenario::ScenarioError) -> Self {
        Self::Input(error.to_string())
    }
}

/// Reads arguments, the command's name not among them, and does nothing. What cannot be run gives
/// the exit status and the text that the command would print: help, the version, or an error.
///
/// # Errors
/// Status and text; see above.
pub fn check_arguments<'a>(
    arguments: impl IntoIterator<Item = &'a str>,
) -> Result<(), (i32, String)> {
    let all = std::iter::once("asgsim").chain(arguments);
    match Cli::try_parse_from(all) {
        Ok(_) => Ok(()),
        Err(error) => Err((error.exit_code(), harmless(&error.render().to_string()))),
    }
}

/// The longest line of an error about arguments, in characters.
const LINE_MAX: usize = 1_000;

/// A text whose control characters, line ends aside, are escaped and whose long lines are cut: an
/// argument that is shown must not give orders to the terminal, nor fill it.
fn harmless(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| one_line(line, LINE_MAX)).collect();
    lines.join("\n")
}

/// Says why the arguments cannot be run; help and version come this way too, to stdout.
fn tell(error: &clap::Error) -> std::io::Result<()> {
    let plain = error.render().to_string();
    let shown = harmless(&plain);
    if shown == plain {
        // With colours, where they are wanted.
        return error.print();
    }
    std::io::stderr().write_all(shown.as_bytes())
}

/// Runs the command with the arguments of the process. Exit status: 0 done, 1 expectations
/// failed, 2 bad input or usage, 3 the run or an output failed.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return match tell(&error) {
                Ok(()) => ExitCode::from(code),
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    ExitCode::from(code)
                }
                Err(_) => ExitCode::from(3),
            };
        }
    };
    let outcome = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match outcome {
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(Failure::Expectation) => ExitCode::from(1),
        Err(Failure::Input(message)) => output::fail(&message, 2),
        Err(Failure::Run(message)) => output::fail(&message, 3),
    }
}
