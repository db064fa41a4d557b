//! `asgsim compare`: two runs side by side.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, Table, presets};

use crate::cli::input::Loaded;
use crate::cli::output::write_to;
use crate::cli::{Failure, input, progress};
use crate::engine::Engine;
use crate::kernel::UtcOffset;
use crate::report::compare::{Comparison, Figure, GroupComparison, compare};
use crate::report::html;
use crate::scenario::Scenario;
use crate::scenario::error::one_line;

/// Run two scenarios under the same chance: where they part and why, then what it comes to.
///
/// Give two files, or one file and what is different: --set-a and --set-b change one side only.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  asgsim compare before.toml after.toml
  asgsim compare web.toml --set-b group.web.policy.out.metric.threshold=60
  asgsim compare before.toml after.toml --html both.html
  asgsim compare web.toml --set-a seed=1 --set-b seed=2 --json -")]
pub(crate) struct Args {
    /// The first scenario, TOML or JSON.
    a: String,
    /// The second; without it the first again.
    b: Option<String>,
    /// Change a value on both sides; may be given again.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Change a value of the first only.
    #[arg(long, value_name = "PATH=VALUE")]
    set_a: Vec<String>,
    /// Change a value of the second only.
    #[arg(long, value_name = "PATH=VALUE")]
    set_b: Vec<String>,
    /// The comparison as data.
    #[arg(long, value_name = "FILE|-")]
    json: Option<String>,
    /// Write both runs over each other as one page to open in a browser, to a file, or to stdout
    /// for `-`.
    #[arg(long, value_name = "FILE|-")]
    html: Option<String>,
    /// Show every figure, not only those that differ.
    #[arg(long)]
    all: bool,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let on_stdout = |target: &Option<String>| target.as_deref() == Some("-");
    let silent = on_stdout(&args.json) || on_stdout(&args.html);
    if on_stdout(&args.json) && on_stdout(&args.html) {
        return Err(Failure::Input(String::from("only one of --json, --html can go to stdout")));
    }
    let second = args.b.as_ref().unwrap_or(&args.a);
    let (a, b) = (load(&args.a, &args.set, &args.set_a)?, load(second, &args.set, &args.set_b)?);
    let (engine_a, engine_b) = (play(&a.scenario)?, play(&b.scenario)?);
    let (mut run_a, mut run_b) = (a.scenario.report(&engine_a), b.scenario.report(&engine_b));
    let comparison = compare(&run_a, &run_b);
    if let Some(path) = &args.json {
        write_to(path, |out| {
            serde_json::to_writer_pretty(&mut *out, &comparison)?;
            writeln!(out)
        })?;
    }
    if let Some(path) = &args.html {
        // The page lists triggers; every evaluation was kept for the explanations only.
        for group in run_a.groups.iter_mut().chain(&mut run_b.groups) {
            group.evaluations = None;
        }
        let sides = [(&run_a, a.source()), (&run_b, b.source())];
        let page = html::Document::comparing(sides, &comparison);
        write_to(path, |out| html::write(&page, out))?;
    }
    if silent {
        return Ok(());
    }
    let text = text(&comparison, a.scenario.setup.utc_offset, args.all);
    write_to("-", |out| out.write_all(text.as_bytes()))
}

fn load(path: &str, both: &[String], own: &[String]) -> Result<Loaded, Failure> {
    input::scenario(path, &[both, own].concat(), None)
}

fn play(scenario: &Scenario) -> Result<Engine, Failure> {
    let mut engine =
        Engine::new(&scenario.setup).map_err(|error| Failure::Input(error.to_string()))?;
    engine.keep_all_decisions();
    progress::run(&mut engine, scenario, scenario.end)
        .map_err(|error| Failure::Run(error.to_string()))?;
    Ok(engine)
}

fn text(comparison: &Comparison, offset: UtcOffset, all: bool) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let (a, b) = (one_line(&comparison.a, 100), one_line(&comparison.b, 100));
    let _ = match a == b {
        true => writeln!(text, "{a}, twice"),
        false => writeln!(text, "A: {a}\nB: {b}"),
    };
    if comparison.same_digest {
        let _ = writeln!(text, "The event logs are the same.");
    }
    for group in &comparison.groups {
        let _ = write!(text, "\n{}", of_group(group, offset, all));
    }
    for name in &comparison.unpaired {
        let _ = writeln!(text, "\ngroup {} is in one of them only", one_line(name, 100));
    }
    text
}

fn of_group(group: &GroupComparison, offset: UtcOffset, all: bool) -> String {
    let name = one_line(&group.group, 100);
    let mut text = String::new();
    let _ = match &group.first_difference {
        None => writeln!(text, "group {name} does the same in both"),
        Some(difference) => {
            let (t, what) = (difference.t.format_civil(offset), difference.what);
            writeln!(text, "group {name}: they part at {t}, over {what}\n")
                .and_then(|()| write!(text, "{}", side("A", &difference.a)))
                .and_then(|()| writeln!(text, "{}", side("B", &difference.b)))
        }
    };
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let shown = group.figures.iter().filter(|figure| all || figure.a != figure.b);
    let rows: Vec<_> = shown.collect();
    if rows.is_empty() {
        return text;
    }
    table.add_row(["", "A", "B", "difference"]);
    for figure in rows {
        table.add_row(cells(figure));
    }
    for column in [1, 2, 3] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// One side's explanation, indented under its letter.
fn side(letter: &str, explanation: &str) -> String {
    let mut text = String::new();
    for (n, line) in explanation.lines().enumerate() {
        let head = if n == 0 { letter } else { " " };
        let _ = writeln!(text, "{head} {}", one_line(line, usize::MAX));
    }
    text
}

fn cells(figure: &Figure) -> [String; 4] {
    let number = |value: Option<f64>| {
        value.map_or_else(
            || String::from("-"),
            |value| format!("{}", (value * 100.0).round() / 100.0),
        )
    };
    let delta = figure.delta().map_or_else(String::new, |delta| {
        let sign = if delta > 0.0 { "+" } else { "" };
        format!("{sign}{}", (delta * 100.0).round() / 100.0)
    });
    [figure.key.replace('_', " "), number(figure.a), number(figure.b), delta]
}
