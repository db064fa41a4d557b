//! `asgsim serve` where the command was built without it.

use crate::cli::Failure;

/// Serve the service's API on a local port (not in this build: it needs the feature `server`).
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    /// Taken and not looked at.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<String>,
}

/// Says how to get it.
pub(crate) fn run(_args: &Args) -> Result<(), Failure> {
    let message = "this build has no server: build it with `--features server`";
    Err(Failure::Input(String::from(message)))
}
