//! A run as a still picture, fit for a pull request: load against capacity, and the group's sizes.

use std::io;

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

use crate::kernel::{SimTime, UtcOffset};
use crate::report::Span;
use crate::report::chart::{Column, columns, short_number};
use crate::report::history::{History, Row};
use crate::report::result::{GroupRun, Run};
use crate::report::text::figures;

const WIDTH: u32 = 960;
const HEAD: u32 = 56;
const GROUP: u32 = 400;
const SIZES: u32 = 150;
/// The most columns into which a run is folded: one for each pixel between the axes, or nearly so.
const COLUMNS_MAX: i64 = 860;
/// Groups beyond this are counted, not drawn: a picture must end somewhere.
const GROUPS_MAX: usize = 20;

const INK: RGBColor = RGBColor(0x1b, 0x1f, 0x24);
const FAINT: RGBColor = RGBColor(0x5b, 0x64, 0x70);
const LOAD: RGBColor = RGBColor(0x0b, 0x5f, 0xa5);
const SHORT: RGBColor = RGBColor(0xd6, 0x45, 0x2c);
const DESIRED: RGBColor = RGBColor(0x8a, 0x4b, 0xc4);
const SERVICE: RGBColor = RGBColor(0x1d, 0x7f, 0x4f);

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Points = Vec<(f64, f64)>;

/// The picture of a run.
///
/// # Errors
/// If it could not be drawn.
pub fn picture(run: &Run<'_>) -> io::Result<String> {
    let mut text = String::new();
    draw(run, &mut text).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(text)
}

fn draw(run: &Run<'_>, text: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let shown = run.groups.len().min(GROUPS_MAX);
    let height = HEAD + GROUP * u32::try_from(shown)?;
    let root = SVGBackend::with_string(text, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE)?;
    let (head, mut rest) = root.split_vertically(HEAD);
    let civil = |t: SimTime| t.format_civil(run.utc_offset);
    let Span { start, end } = run.span;
    let more = match run.groups.len() - shown {
        0 => String::new(),
        more => format!(", and {more} more groups"),
    };
    let span = format!("{} to {} ({}){more}", civil(start), civil(end), run.utc_offset);
    head.draw(&Text::new(plain(run.scenario), (16, 10), font(20, INK)))?;
    head.draw(&Text::new(span, (16, 36), font(13, FAINT)))?;
    for group in run.groups.iter().take(shown) {
        let (own, below) = rest.split_vertically(GROUP);
        draw_group(run, group, &own)?;
        rest = below;
    }
    root.present()?;
    Ok(())
}

fn font(size: i32, colour: RGBColor) -> TextStyle<'static> {
    let mut style = TextStyle::from(("sans-serif", size).into_font());
    style.color = colour.to_backend_color();
    style
}

/// A name from a file, on one line and of a length that fits.
fn plain(name: &str) -> String {
    name.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn draw_group(
    run: &Run<'_>,
    group: &GroupRun<'_>,
    area: &Area<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    let (head, body) = area.split_vertically(44);
    let (left, right) = figures(run, &run.summary(group));
    let told = left.iter().skip(1).take(3).chain(right.iter().take(3));
    let told: Vec<String> = told.map(|(name, value)| format!("{name} {value}")).collect();
    head.draw(&Text::new(format!("group {}", plain(group.name)), (16, 4), font(16, INK)))?;
    head.draw(&Text::new(told.join("  ·  "), (16, 26), font(12, FAINT)))?;
    let times = times(run.span);
    let folded = columns(run.span, group, times.len().saturating_sub(1));
    let demand = group.load.and_then(|load| load.demand()).is_some();
    if !demand && folded.iter().all(|column| column.usage.is_none()) {
        // A group without load has its sizes only, and all the room for them.
        return draw_sizes(run, &body, &group.history, &times);
    }
    let (upper, lower) = body.split_vertically(GROUP - 44 - SIZES);
    match demand {
        true => draw_load(run, &upper, &folded, &times)?,
        false => draw_usage(run, &upper, &folded, &times)?,
    }
    draw_sizes(run, &lower, &group.history, &times)
}

/// Where columns begin and end, as milliseconds; none of them is shorter than a minute.
fn times(span: Span) -> Vec<f64> {
    let count = (span.ms() / MINUTE_MS).clamp(1, COLUMNS_MAX);
    let step = span.ms() as f64 / count as f64;
    (0..=count).map(|i| span.start.unix_ms() as f64 + i as f64 * step).collect()
}

const MINUTE_MS: i64 = 60_000;

/// Steps between marks on the axis of time, in minutes.
const STEPS: [i64; 14] =
    [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7 * 1_440, 30 * 1_440];

/// The axis of time in steps from a round civil time, because the library marks round numbers.
#[derive(Clone, Copy)]
struct Clock {
    origin: f64,
    step: f64,
}

impl Clock {
    fn of(span: Span, offset: UtcOffset) -> Self {
        let wide = |step: &&i64| span.ms() / (**step * MINUTE_MS) <= 7;
        let long = 90 * 1_440 * (1 + span.ms() / (600 * 1_440 * MINUTE_MS));
        let step = STEPS.iter().find(wide).map_or(long, |step| *step) * MINUTE_MS;
        let origin = (span.start.unix_ms() + offset.ms()).div_euclid(step) * step - offset.ms();
        Self { origin: origin as f64, step: step as f64 }
    }

    fn place(self, ms: f64) -> f64 {
        (ms - self.origin) / self.step
    }

    fn time(self, place: f64) -> SimTime {
        SimTime::from_unix_ms((self.origin + place * self.step) as i64)
    }
}

/// A line and how to tell it from the others.
struct Line {
    name: &'static str,
    colour: RGBColor,
    width: u32,
    /// The length of its dashes; 0 for none.
    dash: i32,
    points: Points,
}

fn draw_load(
    run: &Run<'_>,
    area: &Area<'_>,
    folded: &[Column],
    times: &[f64],
) -> Result<(), Box<dyn std::error::Error>> {
    let step = times.get(1).zip(times.first()).map_or(0.0, |(b, a)| b - a);
    let short = folded.iter().zip(times).filter(|(c, _)| c.shortfall > 0.0);
    let short = short.filter_map(|(c, t)| {
        let offered = c.offered?;
        Some([(*t, offered - c.shortfall), (t + step, offered)])
    });
    let lines = [
        Line {
            name: "capacity in service",
            colour: INK,
            width: 2,
            dash: 0,
            points: stairs(folded, times, |c| Some(c.capacity)),
        },
        Line {
            name: "offered load",
            colour: LOAD,
            width: 2,
            dash: 5,
            points: stairs(folded, times, |c| c.offered),
        },
    ];
    draw_panel(run, area, times, &lines, &short.collect::<Vec<_>>())
}

fn draw_usage(
    run: &Run<'_>,
    area: &Area<'_>,
    folded: &[Column],
    times: &[f64],
) -> Result<(), Box<dyn std::error::Error>> {
    let points = stairs(folded, times, |c| c.usage);
    let line = Line { name: "cpu_usage, per cent", colour: LOAD, width: 2, dash: 0, points };
    draw_panel(run, area, times, &[line], &[])
}

fn draw_sizes(
    run: &Run<'_>,
    area: &Area<'_>,
    history: &History,
    times: &[f64],
) -> Result<(), Box<dyn std::error::Error>> {
    let line = |name, colour, width, dash, of: fn(&Row) -> u32| {
        let points = sizes(history, times, of);
        Line { name, colour, width, dash, points }
    };
    let lines = [
        line("min and max", FAINT, 1, 2, |row| row.min),
        line("", FAINT, 1, 2, |row| row.max),
        line("desired", DESIRED, 2, 5, |row| row.desired),
        line("in service", SERVICE, 2, 0, |row| row.in_service),
    ];
    draw_panel(run, area, times, &lines, &[])
}

/// A value per column as stairs.
fn stairs(folded: &[Column], times: &[f64], of: impl Fn(&Column) -> Option<f64>) -> Points {
    let ends = times.iter().zip(times.iter().skip(1));
    let steps = folded.iter().zip(ends).filter_map(|(c, (from, to))| Some((of(c)?, *from, *to)));
    steps.flat_map(|(value, from, to)| [(from, value), (to, value)]).collect()
}

/// A size as stairs: in each column the first and the highest that held in it.
fn sizes(history: &History, times: &[f64], of: fn(&Row) -> u32) -> Points {
    let mut rows = history.timeline.iter().peekable();
    let mut value = rows.peek().map_or(0, |row| of(row));
    let mut points = Points::new();
    for (from, to) in times.iter().zip(times.iter().skip(1)) {
        let mut top = value;
        while let Some(row) = rows.next_if(|row| (row.t.unix_ms() as f64) < *to) {
            value = of(row);
            top = top.max(value);
        }
        points.extend([(*from, f64::from(top)), (*to, f64::from(value))]);
    }
    points
}

fn draw_panel(
    run: &Run<'_>,
    area: &Area<'_>,
    times: &[f64],
    lines: &[Line],
    short: &[[(f64, f64); 2]],
) -> Result<(), Box<dyn std::error::Error>> {
    let axis = Clock::of(run.span, run.utc_offset);
    let first = axis.place(times.first().copied().unwrap_or(0.0));
    let last = axis.place(times.last().copied().unwrap_or(1.0)).max(first + 1e-6);
    let placed = |(t, y): (f64, f64)| (axis.place(t), y);
    let top = lines.iter().flat_map(|l| &l.points).map(|(_, y)| *y).fold(1.0, f64::max) * 1.05;
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .margin_top(22)
        .margin_right(40)
        .x_label_area_size(24)
        .y_label_area_size(56)
        .build_cartesian_2d(first..last, 0.0..top)?;
    let whole_days = axis.step >= (1_440 * MINUTE_MS) as f64;
    let clock = |place: &f64| {
        let civil = axis.time(*place).format_civil(run.utc_offset);
        let shown = if whole_days { civil.get(..10) } else { civil.get(5..16) };
        shown.unwrap_or_default().to_owned()
    };
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(0xe3, 0xe6, 0xea))
        .axis_style(FAINT)
        .x_labels(8)
        .y_labels(5)
        .x_label_formatter(&clock)
        .y_label_formatter(&|y| short_number(*y))
        .label_style(font(12, FAINT))
        .draw()?;
    let boxes =
        short.iter().map(|corners| Rectangle::new(corners.map(placed), SHORT.mix(0.55).filled()));
    chart.draw_series(boxes)?;
    let mut x = 64;
    for line in lines {
        let style = line.colour.stroke_width(line.width);
        if line.dash == 0 {
            let points: Points = line.points.iter().copied().map(placed).collect();
            chart.draw_series([PathElement::new(points, style)])?;
        } else {
            let (points, dash) = (line.points.iter().copied().map(placed), line.dash);
            chart.draw_series([DashedPathElement::new(points, dash, dash, style)])?;
        }
        if !line.name.is_empty() {
            x = legend(area, line, x)?;
        }
    }
    if !short.is_empty() {
        area.draw(&Rectangle::new([(x, 8), (x + 20, 18)], SHORT.mix(0.55).filled()))?;
        area.draw(&Text::new("shortfall", (x + 26, 7), font(12, INK)))?;
    }
    Ok(())
}

/// A sample of the line and its name above the plot; gives where the next may begin.
fn legend(area: &Area<'_>, line: &Line, x: i32) -> Result<i32, Box<dyn std::error::Error>> {
    let sample = [(x, 13), (x + 20, 13)];
    let style = line.colour.stroke_width(line.width);
    match line.dash {
        0 => area.draw(&PathElement::new(sample, style))?,
        dash => area.draw(&DashedPathElement::new(sample, dash, dash, style))?,
    }
    area.draw(&Text::new(line.name, (x + 26, 7), font(12, INK)))?;
    Ok(x + 46 + i32::try_from(line.name.len())? * 7)
}
