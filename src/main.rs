//! The `asgsim` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    asgsim::cli::main()
}
