//! `asgsim schema`: the shape of scenario files, for editors.

use crate::cli::Failure;
use crate::cli::output::write_to;
use crate::scenario::schema::schema;

/// Print the JSON Schema of scenario files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: asgsim schema > scenario.schema.json
An editor with TOML support checks a scenario that begins with `#:schema ./scenario.schema.json`.")]
pub(crate) struct Args {}

/// Runs the subcommand.
pub(crate) fn run(_: &Args) -> Result<(), Failure> {
    write_to("-", |out| {
        serde_json::to_writer_pretty(&mut *out, &schema())?;
        out.write_all(b"\n")
    })
}
