//! A chart of text: load against capacity over the run, readable without colour.

use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::symbols::Marker;
use ratatui_core::widgets::Widget;
use ratatui_widgets::chart::{Axis, Chart, Dataset, GraphType};

use crate::kernel::SimTime;
use crate::model::policy::Dimension;
use crate::report::Span;
use crate::report::minutes::Stretches;
use crate::report::result::{GroupRun, Run};

/// Rows of a chart, axes included.
const HEIGHT: u16 = 16;

const OFFERED: char = '•';
const CAPACITY: char = '─';
const SHORTFALL: char = '█';
const RECORDED: char = '·';
const USAGE: char = '•';

/// What one column of a chart shows of its share of the run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Column {
    /// Highest offered load.
    pub(crate) offered: Option<f64>,
    /// Mean capacity in service.
    pub(crate) capacity: f64,
    /// Most load above capacity.
    pub(crate) shortfall: f64,
    /// Highest recorded count.
    pub(crate) recorded: Option<f64>,
    /// Highest usage, per cent, of a load that is no closed loop.
    pub(crate) usage: Option<f64>,
    pub(crate) covered_ms: f64,
}

/// The chart of a group in `width` columns; empty if its load has nothing to show.
pub fn chart(run: &Run<'_>, group: &GroupRun<'_>, width: u16) -> String {
    let Some(load) = group.load else { return String::new() };
    let columns = columns(run.span, group, usize::from(width));
    let closed_loop = load.demand().is_some();
    let series = if closed_loop { load_series(&columns) } else { usage_series(&columns) };
    let top = series.iter().flat_map(|s| &s.points).map(|(_, y)| *y).fold(0.0, f64::max);
    if top <= 0.0 {
        return String::new();
    }
    let legend: Vec<String> = series
        .iter()
        .filter(|s| !s.points.is_empty())
        .map(|s| format!("{} {}", s.mark, s.name))
        .collect();
    let drawn = draw(run, &series, top, width);
    format!("{}\n{drawn}", legend.join("   "))
}

/// Points of one kind.
struct Series {
    name: &'static str,
    mark: char,
    points: Vec<(f64, f64)>,
}

/// Folds the run into columns of equal time.
pub(crate) fn columns(span: Span, group: &GroupRun<'_>, width: usize) -> Vec<Column> {
    let mut columns = vec![Column::default(); width.max(1)];
    let per_column = span.ms() as f64 / columns.len() as f64;
    let per_instance = group.load.and_then(|l| l.demand()).map_or(0.0, |d| d.per_instance.to_f64());
    let place = |t: SimTime| ((t - span.start).ms() as f64 / per_column) as usize;
    for stretch in Stretches::new(&group.history, group.load, span) {
        let Some(column) = columns.get_mut(place(stretch.start)) else { continue };
        let capacity = f64::from(stretch.in_service) * per_instance;
        let ms = stretch.length.ms() as f64;
        column.capacity += capacity * ms;
        column.covered_ms += ms;
        if let Some(offered) = stretch.offered {
            let offered = offered.to_f64();
            column.offered = Some(column.offered.map_or(offered, |o| o.max(offered)));
            column.shortfall = column.shortfall.max(offered - capacity);
        }
        if let Some(usage) = stretch.usage.get(Dimension::CpuUsage.index()).copied().flatten() {
            let usage = usage.to_f64();
            column.usage = Some(column.usage.map_or(usage, |u| u.max(usage)));
        }
        if let Some(count) = group.recorded().and_then(|r| r.count.at(stretch.start).value) {
            let count = count.to_f64();
            column.recorded = Some(column.recorded.map_or(count, |c| c.max(count)));
        }
    }
    for column in &mut columns {
        column.capacity /= column.covered_ms.max(1.0);
    }
    columns
}

fn points(columns: &[Column], y: impl Fn(&Column) -> Option<f64>) -> Vec<(f64, f64)> {
    columns.iter().enumerate().filter_map(|(x, c)| Some((x as f64, y(c)?))).collect()
}

/// Load, capacity and what is missing between them. Later series are drawn over earlier ones.
fn load_series(columns: &[Column]) -> Vec<Series> {
    let top = columns.iter().filter_map(|c| c.offered).fold(0.0, f64::max);
    let step = top / f64::from(HEIGHT * 2);
    let mut shortfall = Vec::new();
    for (x, column) in columns.iter().enumerate() {
        let Some(offered) = column.offered.filter(|_| column.shortfall > 0.0) else { continue };
        let mut y = offered - column.shortfall;
        while y <= offered {
            shortfall.push((x as f64, y));
            y += step.max(f64::MIN_POSITIVE);
        }
    }
    let series = |name, mark, points| Series { name, mark, points };
    vec![
        series("recorded instances", RECORDED, points(columns, |c| c.recorded)),
        series("shortfall", SHORTFALL, shortfall),
        series("capacity in service", CAPACITY, points(columns, |c| Some(c.capacity))),
        series("offered load", OFFERED, points(columns, |c| c.offered)),
    ]
}

/// The metric itself, where capacity does not change it.
fn usage_series(columns: &[Column]) -> Vec<Series> {
    let points = points(columns, |c| c.usage);
    vec![Series { name: "cpu_usage, per cent", mark: USAGE, points }]
}

fn draw(run: &Run<'_>, series: &[Series], top: f64, width: u16) -> String {
    let datasets = series
        .iter()
        .map(|s| {
            let marker = Marker::Custom(s.mark);
            Dataset::default().marker(marker).graph_type(GraphType::Scatter).data(&s.points)
        })
        .collect();
    let Span { start, end } = run.span;
    let middle = SimTime::from_unix_ms(start.unix_ms().midpoint(end.unix_ms()));
    let times = [start, middle, end].map(|t| {
        let civil = t.format_civil(run.utc_offset);
        civil.get(5..16).unwrap_or(&civil).to_owned()
    });
    let values = [0.0, top / 2.0, top].map(short_number);
    let chart = Chart::new(datasets)
        .x_axis(Axis::default().bounds([0.0, f64::from(width) - 1.0]).labels(times))
        .y_axis(Axis::default().bounds([0.0, top]).labels(values))
        .legend_position(None);
    let area = Rect::new(0, 0, width, HEIGHT);
    let mut buffer = Buffer::empty(area);
    chart.render(area, &mut buffer);
    let rows = (0..HEIGHT).map(|y| {
        let row: String = (0..width).filter_map(|x| Some(buffer.cell((x, y))?.symbol())).collect();
        row.trim_end().to_owned() + "\n"
    });
    rows.collect()
}

/// A number in few characters: 1234567 becomes 1.23M.
pub(crate) fn short_number(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        size if size >= 1e9 => (value / 1e9, "G"),
        size if size >= 1e6 => (value / 1e6, "M"),
        size if size >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let text = match scaled.abs() {
        size if size >= 100.0 => format!("{scaled:.0}"),
        size if size >= 10.0 => format!("{scaled:.1}"),
        _ => format!("{scaled:.2}"),
    };
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}
