//! `asgsim run`: simulate a scenario and say what happened.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::input::{self, Loaded};
use crate::cli::output::{width, write_events, write_snapshot, write_to};
use crate::cli::{Failure, progress};
use crate::engine::{Engine, RunError};
use crate::report::csv::TABLES;
use crate::report::result::{Run, RunResult};
use crate::report::text::{Layout, report};
use crate::report::{html, svg};
use crate::scenario::PlayError;

/// Simulate a scenario: summary and chart on stdout.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  asgsim run scenarios/flash-crowd.toml
  asgsim run web.toml --set group.web.policy.out.metric.threshold=60 --json result.json
  asgsim run web.toml --html report.html --svg chart.svg -q
  asgsim run web.toml --until +2d --save half.json; asgsim run --restore half.json")]
pub(crate) struct Args {
    /// The scenario, TOML or JSON.
    #[arg(required_unless_present = "restore")]
    scenario: Option<String>,
    /// Write the result as JSON (asgsim.result/1) to a file, or to stdout for `-`.
    #[arg(long, value_name = "FILE|-")]
    json: Option<String>,
    /// Write the event log, one JSON object per line, to a file, or to stdout for `-`.
    #[arg(long, value_name = "FILE|-")]
    events: Option<String>,
    /// Write timeline.csv, activities.csv, decisions.csv, notifications.csv and series.csv into a folder.
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    /// Write the run as one page to open in a browser, to a file, or to stdout for `-`.
    #[arg(long, value_name = "FILE|-")]
    html: Option<String>,
    /// Write the run as a still picture (SVG) to a file, or to stdout for `-`.
    #[arg(long, value_name = "FILE|-")]
    svg: Option<String>,
    /// Add per-minute series to the JSON result.
    #[arg(long)]
    series: bool,
    /// Run the groups without their policies too, and say how much the policies are worth.
    #[arg(long)]
    baseline: bool,
    /// Change a value of the scenario before it runs; may be given again.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Take another seed.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// End the run there: a civil time, or `+` and a duration from the start.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Which evaluations of policies the result lists.
    #[arg(long, value_enum, default_value_t = Decisions::Triggers)]
    decisions: Decisions,
    /// No text on stdout.
    #[arg(long, short)]
    quiet: bool,
    /// Save the state at the end (or --until), to go on from with --restore.
    #[arg(long, value_name = "FILE")]
    save: Option<String>,
    /// Go on from a saved state instead of a scenario's start.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "set", "seed", "baseline"])]
    restore: Option<String>,
}

impl Args {
    /// How many outputs go to stdout. Data there stays clean of words, and of other data.
    fn on_stdout(&self) -> usize {
        let outputs = [&self.json, &self.events, &self.html, &self.svg, &self.save];
        outputs.iter().filter(|target| target.as_deref() == Some("-")).count()
    }
}

/// Which evaluations are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Decisions {
    /// Those that triggered.
    Triggers,
    /// Every one.
    All,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    if args.on_stdout() > 1 {
        let message = "only one of --json, --events, --html, --svg, --save can go to stdout";
        return Err(Failure::Input(String::from(message)));
    }
    let (loaded, mut engine) = prepare(args)?;
    progress::run(&mut engine, &loaded.scenario, loaded.scenario.end).map_err(
        |error| match error {
            RunError::Backwards { now, .. } => {
                let offset = loaded.scenario.setup.utc_offset;
                let (end, now) =
                    (loaded.scenario.end.format_civil(offset), now.format_civil(offset));
                Failure::Input(format!(
                    "--until: the run would end at {end}, but is at {now} already"
                ))
            }
            other => Failure::Run(other.to_string()),
        },
    )?;
    write_outputs(args, &loaded, &engine)
}

/// The engine at the start, or where a snapshot left it.
fn prepare(args: &Args) -> Result<(Loaded, Engine), Failure> {
    let until = args.until.as_deref();
    let (loaded, snapshot) = match (&args.restore, &args.scenario) {
        (Some(path), _) => {
            let (loaded, snapshot) = input::snapshot(path, until)?;
            (loaded, Some((path, snapshot)))
        }
        (None, scenario) => {
            let mut overrides = args.set.clone();
            overrides.extend(args.seed.map(|seed| format!("seed={seed}")));
            let path = scenario.as_deref().unwrap_or_default();
            (input::scenario(path, &overrides, until)?, None)
        }
    };
    let mut engine =
        Engine::new(&loaded.scenario.setup).map_err(|e| Failure::Input(e.to_string()))?;
    if args.decisions == Decisions::All {
        engine.keep_all_decisions();
    }
    if let Some((path, snapshot)) = snapshot {
        snapshot.restore(path, &mut engine)?;
    }
    Ok((loaded, engine))
}

fn write_outputs(args: &Args, loaded: &Loaded, engine: &Engine) -> Result<(), Failure> {
    if let Some(path) = &args.save {
        write_to(path, |out| write_snapshot(loaded, engine, out))?;
    }
    if let Some(path) = &args.events {
        write_to(path, |out| write_events(engine, out))?;
    }
    let mut run = loaded.scenario.report(engine);
    if args.baseline {
        let baseline = loaded.scenario.without_policies();
        let failed = |error: PlayError| Failure::Run(format!("without policies: {error}"));
        let engine = baseline.play().map_err(failed)?;
        run.hold_against(&baseline.report(&engine));
    }
    let run = run;
    if let Some(folder) = &args.csv {
        write_csv(folder, &run)?;
    }
    if let Some(path) = &args.json {
        let result = RunResult::of(&run);
        let result = if args.series { result.with_series(&run) } else { result };
        write_to(path, |out| {
            serde_json::to_writer(&mut *out, &result)?;
            out.write_all(b"\n")
        })?;
    }
    if let Some(path) = &args.html {
        write_to(path, |out| html::write(&html::Document::of(&run, loaded.source()), out))?;
    }
    if let Some(path) = &args.svg {
        write_to(path, |out| out.write_all(svg::picture(&run)?.as_bytes()))?;
    }
    if args.quiet || args.on_stdout() > 0 {
        return Ok(());
    }
    let layout = Layout { width: width(), ..Layout::default() };
    write_to("-", |out| out.write_all(report(&run, layout).as_bytes()))
}

fn write_csv(folder: &Path, run: &Run<'_>) -> Result<(), Failure> {
    let result = RunResult::of(run);
    let failed = |e| Failure::Run(format!("{}: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    for (name, write) in TABLES {
        write_to(&folder.join(name).to_string_lossy(), |out| write(run, &result, out))?;
    }
    Ok(())
}
