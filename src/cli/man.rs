//! `asgsim man`: manual pages, made from the definition of the arguments.

use clap::CommandFactory;
use clap_mangen::Man;

use crate::cli::output::write_to;
use crate::cli::{Cli, Failure};

/// Print the manual page of the command, or of one of its subcommands.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  asgsim man run | man -l -
  asgsim man > ~/.local/share/man/man1/asgsim.1")]
pub(crate) struct Args {
    /// The subcommand; without it the whole command.
    subcommand: Option<String>,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let mut root = Cli::command();
    // Gives subcommands their full names: asgsim-run.
    root.build();
    let page = match &args.subcommand {
        None => root,
        Some(name) => match root.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let known: Vec<&str> =
                    root.get_subcommands().map(clap::Command::get_name).collect();
                let message = format!("there is no subcommand {name:?}, only {}", known.join(", "));
                return Err(Failure::Input(message));
            }
        },
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text).map_err(|error| Failure::Run(error.to_string()))?;
    write_to("-", |out| out.write_all(&text))
}
