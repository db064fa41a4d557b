//! `asgsim explain`: why a group did or did not scale.

use crate::cli::output::write_to;
use crate::cli::{Failure, input, progress};
use crate::engine::Engine;
use crate::kernel::SimTime;
use crate::report::explain;
use crate::scenario::Scenario;
use crate::scenario::error::one_line;
use crate::scenario::value::When;

/// Say why a group did or did not scale, at an instant or over a span.
///
/// Runs the scenario with every evaluation kept, and tells what each policy saw, what it decided,
/// what stood in the way, and what would have had to be different.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Times are civil (\"2024-03-01 13:05:00\") or count from the start (+13h5m).

Examples:
  asgsim explain scenarios/flash-crowd.toml --at +1h
  asgsim explain web.toml --group web --from \"2024-03-01 12:00:00\" --to \"2024-03-01 13:00:00\""
)]
pub(crate) struct Args {
    /// The scenario, TOML or JSON.
    scenario: String,
    /// The group. Default: the only one of the scenario.
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// The instant.
    #[arg(long, value_name = "TIME", required_unless_present = "from", conflicts_with = "from")]
    at: Option<String>,
    /// The begin of a span.
    #[arg(long, value_name = "TIME", requires = "to")]
    from: Option<String>,
    /// The end of it.
    #[arg(long, value_name = "TIME", requires = "from")]
    to: Option<String>,
    /// Change a value of the scenario before it runs; may be given again.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The same as data.
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let scenario = input::scenario(&args.scenario, &args.set, None)?.scenario;
    let span = span(args, &scenario)?;
    let place = group(args, &scenario)?;
    let mut engine =
        Engine::new(&scenario.setup).map_err(|error| Failure::Input(error.to_string()))?;
    engine.keep_all_decisions();
    progress::run(&mut engine, &scenario, scenario.end)
        .map_err(|error| Failure::Run(error.to_string()))?;
    let run = scenario.report(&engine);
    let Some(group) = run.groups.get(place) else { return Ok(()) };
    let explanation = match span {
        (at, None) => explain::at(&run, group, at),
        (from, Some(to)) => explain::during(&run, group, from, to),
    };
    if args.json {
        let json = serde_json::to_string_pretty(&explanation)
            .map_err(|error| Failure::Run(error.to_string()))?;
        return write_to("-", |out| writeln!(out, "{json}"));
    }
    let text = explain::text(&explanation);
    let lines: Vec<String> = text.lines().map(|line| one_line(line, usize::MAX)).collect();
    write_to("-", |out| writeln!(out, "{}", lines.join("\n")))
}

/// The instant, or the two ends of the span.
fn span(args: &Args, scenario: &Scenario) -> Result<(SimTime, Option<SimTime>), Failure> {
    let time = |name: &str, text: &str| {
        let (start, offset) = (scenario.setup.start, scenario.setup.utc_offset);
        let when = When::parse(text).map_err(|e| Failure::Input(format!("--{name}: {e}")))?;
        let t = when.resolve(start, offset);
        let t = t.filter(|t| (start..=scenario.end).contains(t));
        t.ok_or_else(|| {
            let (from, to) = (start.format_civil(offset), scenario.end.format_civil(offset));
            let text = one_line(text, 60);
            Failure::Input(format!("--{name}: {text} is outside the run, {from} to {to}"))
        })
    };
    match (&args.at, &args.from, &args.to) {
        (Some(at), _, _) => Ok((time("at", at)?, None)),
        (None, Some(from), Some(to)) => {
            let (from, to) = (time("from", from)?, time("to", to)?);
            match from <= to {
                true => Ok((from, Some(to))),
                false => Err(Failure::Input(String::from("--from lies after --to"))),
            }
        }
        _ => Err(Failure::Input(String::from("give --at, or --from and --to"))),
    }
}

/// The place of the group that is meant.
fn group(args: &Args, scenario: &Scenario) -> Result<usize, Failure> {
    let names: Vec<&str> = scenario.setup.groups.iter().map(|g| g.name.as_str()).collect();
    let known = one_line(&names.join(", "), 200);
    match &args.group {
        Some(name) => names.iter().position(|known| known == name).ok_or_else(|| {
            Failure::Input(format!("--group: no group `{}`, only {known}", one_line(name, 60)))
        }),
        None if names.len() == 1 => Ok(0),
        None => Err(Failure::Input(format!("--group: the scenario has several: {known}"))),
    }
}
