//! All that a page carries: one run, or two and how they differ.

use serde::Serialize;

use crate::report::compare::{Comparison, Figure, GroupComparison};
use crate::report::html::page::{Page, Source};
use crate::report::result::Run;

/// Version of the data's shape; it belongs to the page's script and is no format to build on.
pub const SCHEMA: &str = "asgsim.page/1";

/// What the script reads.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    schema: &'static str,
    runs: Vec<Page<'a>>,
    /// Absent for one run.
    comparison: Option<Compared<'a>>,
}

#[derive(Debug, Serialize)]
struct Compared<'a> {
    same_digest: bool,
    groups: Vec<Pair<'a>>,
}

/// A group that both runs have.
#[derive(Debug, Serialize)]
struct Pair<'a> {
    name: &'a str,
    first: Option<First<'a>>,
    figures: Vec<Row>,
}

/// Where the runs of a group part: milliseconds, what differs, and the explanation of each side.
#[derive(Debug, Serialize)]
struct First<'a> {
    t: i64,
    what: &'static str,
    a: &'a str,
    b: &'a str,
}

#[derive(Debug, Serialize)]
struct Row {
    key: String,
    a: Option<f64>,
    b: Option<f64>,
}

impl<'a> Document<'a> {
    /// One run.
    pub fn of(run: &'a Run<'a>, source: Source<'a>) -> Self {
        Self { schema: SCHEMA, runs: vec![Page::of(run, source)], comparison: None }
    }

    /// Two runs, and what was found when they were compared.
    pub fn comparing(sides: [(&'a Run<'a>, Source<'a>); 2], found: &'a Comparison) -> Self {
        Self {
            schema: SCHEMA,
            runs: sides.into_iter().map(|(run, source)| Page::of(run, source)).collect(),
            comparison: Some(Compared {
                same_digest: found.same_digest,
                groups: found.groups.iter().map(Pair::of).collect(),
            }),
        }
    }

    /// The scenario's name, or those of both.
    pub fn title(&self) -> String {
        let mut names: Vec<&str> = self.runs.iter().map(Page::scenario).collect();
        names.dedup();
        match (self.comparison.is_some(), names.as_slice()) {
            (true, [name]) => format!("{name}, twice"),
            (_, names) => names.join(" and "),
        }
    }
}

impl<'a> Pair<'a> {
    fn of(group: &'a GroupComparison) -> Self {
        let first = group.first_difference.as_ref();
        Self {
            name: &group.group,
            first: first.map(|d| First { t: d.t.unix_ms(), what: d.what, a: &d.a, b: &d.b }),
            figures: group.figures.iter().map(Row::of).collect(),
        }
    }
}

impl Row {
    fn of(figure: &Figure) -> Self {
        Self { key: figure.key.replace('_', " "), a: figure.a, b: figure.b }
    }
}
