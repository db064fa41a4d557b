//! The report on the terminal: what happened, in the order a reader asks.

mod sections;

pub(crate) use sections::happened;

use std::fmt::Write;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use crate::kernel::SimTime;
use crate::report::chart::{chart, short_number};
use crate::report::result::{GroupRun, Run};
use crate::report::slo::Durations;
use crate::report::summary::Summary;
use crate::report::words;

/// How much to show, and in how much room.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns of the terminal, at least 40.
    pub width: u16,
    /// Activities shown per group, the last ones.
    pub activities: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { width: 80, activities: 10 }
    }
}

/// The whole report.
pub fn report(run: &Run<'_>, layout: Layout) -> String {
    let mut text = String::new();
    head(&mut text, run, layout);
    for group in &run.groups {
        // Writing into a string cannot fail.
        let _ = write!(text, "\n{}", of_group(run, group, layout));
    }
    sections::troubles(&mut text, run, layout);
    expectations(&mut text, run, layout);
    if !run.warnings.is_empty() {
        let _ = writeln!(text, "\nwarnings");
        for warning in &run.warnings {
            indented(&mut text, warning, layout);
        }
    }
    // A digest has 64 characters: beside the number it would not fit a terminal.
    let _ = writeln!(text, "\n{} events\ndigest {}", run.events, run.digest);
    // Names come from files: none of them may give orders to the terminal.
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

fn expectations(text: &mut String, run: &Run<'_>, layout: Layout) {
    if run.findings.is_empty() {
        return;
    }
    let failed: Vec<_> = run.findings.iter().filter(|f| !f.holds).collect();
    let held = run.findings.len() - failed.len();
    let _ = writeln!(text, "\nexpectations: {held} of {} hold", run.findings.len());
    for finding in failed {
        indented(text, &words::finding(finding, run.utc_offset), layout);
    }
}

/// Lines of a text of any length, below a heading.
fn indented(text: &mut String, words: &str, layout: Layout) {
    for (i, line) in wrapped(words, usize::from(layout.width).saturating_sub(4)).iter().enumerate()
    {
        let _ = writeln!(text, "{}{line}", if i == 0 { "  " } else { "    " });
    }
}

fn head(text: &mut String, run: &Run<'_>, layout: Layout) {
    let (start, end) = (civil(run, run.span.start), civil(run, run.span.end));
    let length = run.span.end - run.span.start;
    let span = format!("{start} to {end} ({}), {length}", run.utc_offset);
    for words in [run.scenario, run.about, &span] {
        for line in wrapped(words, usize::from(layout.width)) {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn civil(run: &Run<'_>, t: SimTime) -> String {
    t.format_civil(run.utc_offset)
}

/// Breaks a text at blanks, and words that are longer than a line wherever the line ends.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => {
                let letters: Vec<char> = word.chars().collect();
                lines.extend(letters.chunks(width).map(|part| part.iter().collect::<String>()));
            }
        }
    }
    lines
}

fn of_group(run: &Run<'_>, group: &GroupRun<'_>, layout: Layout) -> String {
    let summary = run.summary(group);
    let mut text = String::new();
    let rows = &group.history.timeline;
    if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
        let peak = rows.iter().map(|row| row.in_service).max().unwrap_or(0);
        let line = format!(
            "group {}: {} in service at the start, at most {peak}, {} at the end (min {}, max {})",
            group.name, first.in_service, last.in_service, last.min, last.max
        );
        for line in wrapped(&line, usize::from(layout.width)) {
            let _ = writeln!(text, "{line}");
        }
    }
    let chart = chart(run, group, layout.width);
    if !chart.is_empty() {
        let _ = write!(text, "\n{chart}");
    }
    let _ = writeln!(text, "\n{}", figure_table(run, &summary, layout));
    sections::activities(&mut text, run, group, layout);
    sections::refusals(&mut text, group, layout);
    sections::waits(&mut text, run, group, layout);
    sections::events(&mut text, run, group, &summary, layout);
    text
}

fn number(value: Option<f64>, unit: &str) -> String {
    match value {
        // A little is not nothing.
        Some(value) if unit == "%" && value > 0.0 && value < 0.05 => String::from("< 0.1%"),
        Some(value) if unit == "%" || unit.is_empty() => format!("{value:.1}{unit}"),
        Some(value) => format!("{} {unit}", short_number(value)),
        None => String::from("-"),
    }
}

/// A table without lines that breaks its cells where they do not fit.
fn table(layout: Layout) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(layout.width);
    table
}

/// A figure: what it is, and how it reads.
pub(crate) type Figure = (&'static str, String);

/// The figures of a run in words: what it cost and was worth, and how it moved.
pub(crate) fn figures(run: &Run<'_>, summary: &Summary) -> (Vec<Figure>, Vec<Figure>) {
    let s = summary;
    let money = |cost: f64| format!("{cost:.2} {}", run.tariff.currency);
    let lost = s.lost_load.map(|share| share * 100.0);
    let mut left = vec![
        ("instance hours", number(Some(s.instance_hours), "")),
        ("cost", money(s.cost)),
        ("SLO broken", number(s.slo_minutes, "min")),
        ("load lost", number(lost, "%")),
        ("utilisation mean", number(s.utilisation.mean, "%")),
        ("utilisation p95", number(s.utilisation.p95, "%")),
        ("headroom min", number(s.headroom.min, "%")),
    ];
    let mut right = vec![
        ("scale out / in", format!("{} / {}", s.scale_outs, s.scale_ins)),
        ("flaps", s.flaps.to_string()),
        ("refused busy / cooldown", format!("{} / {}", s.refused_busy, s.refused_cooldown)),
        ("time too few / too many", pair(s.under_timeshare, s.over_timeshare)),
        ("pinned at min / max", minutes_pair(s.pinned_min_minutes, s.pinned_max_minutes)),
        ("recoveries, median", recovery(s)),
        ("reaction / provisioning", medians(s)),
    ];
    if let (Some(hours), Some(cost)) = (s.recorded_instance_hours, s.recorded_cost) {
        left.push(("recorded hours", number(Some(hours), "")));
        left.push(("recorded cost", money(cost)));
        right.push(("above 95 % recorded", number(s.low_confidence_minutes, "min")));
    }
    if let Some(response) = s.response_time {
        let seconds = |value: Option<f64>| value.map_or_else(|| "-".into(), |s| format!("{s:.2}"));
        let words = format!("{} s", seconds(response.mean_s));
        left.push(("estimated response", words));
    }
    if s.missing_minutes > 0.0 {
        right.push(("load unknown", number(Some(s.missing_minutes), "min")));
    }
    (left, right)
}

/// The figures, two columns of them side by side.
fn figure_table(run: &Run<'_>, summary: &Summary, layout: Layout) -> String {
    let (mut left, mut right) = figures(run, summary);
    let blank = ("", String::new());
    let rows = left.len().max(right.len());
    left.resize(rows, blank.clone());
    right.resize(rows, blank);
    let mut table = table(layout);
    for ((name, value), (other, its_value)) in left.into_iter().zip(right) {
        table.add_row([name, &value, "  ", other, &its_value]);
    }
    for column in [1, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    trimmed(&table)
}

fn pair(a: Option<f64>, b: Option<f64>) -> String {
    format!("{} / {}", number(a, "%"), number(b, "%"))
}

fn minutes_pair(a: f64, b: f64) -> String {
    format!("{} / {} min", short_number(a), short_number(b))
}

fn recovery(summary: &Summary) -> String {
    let recovery = summary.recovery;
    match recovery.median_s {
        Some(median) => format!("{}, {} min", recovery.count, short_number(median / 60.0)),
        None => recovery.count.to_string(),
    }
}

/// Median reaction and provisioning time.
fn medians(summary: &Summary) -> String {
    let minutes = |times: Durations| match times.median_s {
        Some(median) => short_number(median / 60.0),
        None => String::from("-"),
    };
    format!("{} / {} min", minutes(summary.reaction), minutes(summary.provisioning))
}

/// A table without blanks at the ends of its lines.
fn trimmed(table: &Table) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned() + "\n");
    lines.collect()
}
