//! `asgsim completions`: what a shell needs to complete arguments.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::output::write_to;
use crate::cli::{Cli, Failure};

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: asgsim completions bash > ~/.local/share/bash-completion/completions/asgsim"
)]
pub(crate) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "asgsim", &mut script);
    write_to("-", |out| out.write_all(&script))
}
