//! The command line: one file per subcommand.

mod completions;
mod input;
mod output;
mod progress;
mod run;
mod schema;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    Schema(schema::Args),
    Completions(completions::Args),
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

/// Runs the command with the arguments of the process. Exit status: 0 done, 1 expectations
/// failed, 2 bad input or usage, 3 the run or an output failed.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, to stdout and with status 0.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return match error.print() {
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
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
    };
    match outcome {
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(Failure::Expectation) => ExitCode::from(1),
        Err(Failure::Input(message)) => output::fail(&message, 2),
        Err(Failure::Run(message)) => output::fail(&message, 3),
    }
}
