//! Good inputs, and what happens to them.

use std::fmt;
use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::seeds::{SCENARIOS, TRACES, WORDS};

/// All that the command reads.
#[derive(Clone)]
pub struct Case {
    pub scenario: Vec<u8>,
    pub traces: Vec<(String, Vec<u8>)>,
    pub overrides: Vec<String>,
    pub until: Option<String>,
    pub keep_decisions: bool,
    pub width: u16,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            scenario: Vec::new(),
            traces: Vec::new(),
            overrides: Vec::new(),
            until: None,
            keep_decisions: false,
            width: 80,
        }
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let cut: String = text.chars().take(6_000).collect();
            if cut.len() < text.len() { format!("{cut}… ({} bytes)", bytes.len()) } else { cut }
        };
        let (overrides, until) = (&self.overrides, &self.until);
        writeln!(f, "--set {overrides:?} --until {until:?} width {}", self.width)?;
        writeln!(f, "--- scenario\n{}", short(&self.scenario))?;
        for (name, bytes) in &self.traces {
            writeln!(f, "--- {name}\n{}", short(bytes))?;
        }
        Ok(())
    }
}

/// One change of a text.
#[derive(Clone, Debug)]
pub enum Change {
    Flip(Index, u8),
    Delete(Index, usize),
    Duplicate(Index, usize),
    Insert(Index, Vec<u8>),
    /// Puts something in the place of a number, a string or a whole value.
    Number(Index, Vec<u8>),
    Text(Index, Vec<u8>),
    Value(Index, Vec<u8>),
    DropLine(Index),
    DoubleLine(Index, usize),
    MoveLine(Index, Index),
}

/// A number that few readers think of.
fn numbers() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "0",
        "-1",
        "1",
        "2",
        "59",
        "60",
        "100",
        "101",
        "300",
        "9999",
        "10000",
        "10001",
        "1e308",
        "-1e308",
        "1e-320",
        "1e999",
        "0.0000001",
        "0.5",
        "2147483647",
        "2147483648",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "9223372036854",
        "9223372036855",
        "99999999999999999999",
        "1000000000",
        "1000000000000",
        "nan",
        "inf",
        "-inf",
        "-0.0",
        "+5",
        "0x10",
        "1_000",
        "1e5",
        "00",
        "1e2147483648",
    ];
    prop_oneof![
        3 => select(ODD).prop_map(str::to_owned),
        1 => any::<i64>().prop_map(|n| n.to_string()),
        1 => any::<f64>().prop_map(|n| format!("{n:e}")),
        2 => (0..2000_i64).prop_map(|n| n.to_string()),
    ]
}

/// What a string may hold, quotes not included.
pub fn texts() -> impl Strategy<Value = String> {
    const ODD: &[&str] = &[
        "",
        " ",
        "web",
        "all",
        "mixed.csv",
        "plain.csv",
        "no-such.csv",
        "../x",
        "/",
        "cpu",
        "count",
        "wave",
        "steps",
        "repeat",
        "+0s",
        "+1ms",
        "+1h",
        "+3660d",
        "+3661d",
        "+99999999w",
        "+9223372036854775807ms",
        "9223372036854775807ms",
        "9223372036854775808ms",
        "15250284452w",
        "1ms",
        "0s",
        "3660d",
        "30d",
        "-1h",
        "-9223372036854775807ms",
        "1h60m",
        "2024-03-01 00:00:00",
        "2024-02-30 00:00:00",
        "1970-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "+262142-12-31 23:59:59",
        "-262143-01-01 00:00:00",
        "0000-01-01 00:00:00",
        "2024-03-01T00:00:60",
        "+23:59",
        "-23:59",
        "+24:00",
        "UTC",
        "1x99999999999999999999",
        "1+1x4999999",
        "0x100000",
        "_x5",
        "1e12x3",
        "é",
        "\u{202e}x",
        "\\u0000",
        "\\u001b[2J",
        "\\n",
        "日本語の名前",
        "a\u{300}",
        "Maximum",
        "queue",
        "launch",
    ];
    prop_oneof![
        6 => select(ODD).prop_map(str::to_owned),
        1 => (1..20_000_usize).prop_map(|n| "x".repeat(n)),
        1 => (0..100_000_i64, select(vec!["ms", "s", "m", "h", "d", "w"]))
            .prop_map(|(n, unit)| format!("{n}{unit}")),
    ]
}

/// Something to put anywhere.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let nested = |open: &'static str, close: &'static str| {
        (1..3_000_usize).prop_map(move |n| (open.repeat(n) + &close.repeat(n)).into_bytes())
    };
    prop_oneof![
        8 => select(&WORDS[..]).prop_map(|word| word.as_bytes().to_vec()),
        3 => numbers().prop_map(String::into_bytes),
        3 => texts().prop_map(|text| format!("\"{text}\"").into_bytes()),
        1 => vec(any::<u8>(), 1..8),
        1 => nested("[", "]"),
        1 => nested("{a=", "}"),
        1 => nested("{\"a\":", "}"),
        1 => (1..3_000_usize).prop_map(|n| ("a.".repeat(n) + "a = 1\n").into_bytes()),
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    prop_oneof![
        2 => (place(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        2 => (place(), 1..40_usize).prop_map(|(at, n)| Change::Delete(at, n)),
        2 => (place(), 1..200_usize).prop_map(|(at, n)| Change::Duplicate(at, n)),
        2 => (place(), pieces()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        6 => (place(), numbers()).prop_map(|(at, n)| Change::Number(at, n.into_bytes())),
        6 => (place(), texts()).prop_map(|(at, t)| Change::Text(at, t.into_bytes())),
        4 => (place(), pieces()).prop_map(|(at, piece)| Change::Value(at, piece)),
        2 => place().prop_map(Change::DropLine),
        2 => (place(), 1..30_usize).prop_map(|(at, n)| Change::DoubleLine(at, n)),
        2 => (place(), place()).prop_map(|(from, to)| Change::MoveLine(from, to)),
    ]
}

/// The cases.
pub fn cases() -> impl Strategy<Value = Case> {
    let overrides = vec(
        (select(&WORDS[..]), prop_oneof![numbers(), texts()])
            .prop_map(|(word, value)| format!("{}={value}", word.trim())),
        0..3,
    );
    let overrides = prop_oneof![6 => Just(Vec::new()), 1 => overrides];
    let until = prop_oneof![8 => Just(None), 1 => texts().prop_map(Some)];
    let scenario = (select(&SCENARIOS[..]), vec(changes(), 0..5));
    let traces = (any::<Index>(), prop_oneof![3 => Just(Vec::new()), 1 => vec(changes(), 1..4)]);
    let width = prop_oneof![4 => Just(80_u16), 1 => 40..=200_u16];
    (scenario, traces, overrides, until, any::<bool>(), width).prop_map(
        |((text, changes), (which, of_trace), overrides, until, keep_decisions, width)| {
            let mut traces: Vec<(String, Vec<u8>)> =
                TRACES.iter().map(|(name, text)| ((*name).to_owned(), text.to_vec())).collect();
            let at = which.index(traces.len());
            apply(&mut traces[at].1, &of_trace);
            let mut scenario = text.as_bytes().to_vec();
            apply(&mut scenario, &changes);
            Case { scenario, traces, overrides, until, keep_decisions, width }
        },
    )
}

fn apply(text: &mut Vec<u8>, changes: &[Change]) {
    for change in changes {
        if !text.is_empty() {
            change.apply(text);
        }
    }
}

impl Change {
    fn apply(&self, text: &mut Vec<u8>) {
        let length = text.len();
        let from = |at: &Index, n: usize| {
            let at = at.index(length);
            at..(at + n).min(length)
        };
        match self {
            Self::Flip(at, byte) => text[at.index(length)] ^= byte,
            Self::Delete(at, n) => drop(text.drain(from(at, *n))),
            Self::Duplicate(at, n) => {
                let range = from(at, *n);
                let again = text[range.clone()].to_vec();
                text.splice(range.start..range.start, again);
            }
            Self::Insert(at, piece) => {
                let at = at.index(length);
                text.splice(at..at, piece.iter().copied());
            }
            Self::Number(at, new) => replace(text, &ranges(text, number), at, new),
            Self::Text(at, new) => replace(text, &ranges(text, string), at, new),
            Self::Value(at, new) => replace(text, &ranges(text, value), at, new),
            Self::DropLine(at) => replace(text, &lines(text), at, b""),
            Self::DoubleLine(at, n) => {
                let lines = lines(text);
                let range = lines[at.index(lines.len())].clone();
                let again = text[range.clone()].repeat(*n);
                text.splice(range.start..range.start, again);
            }
            Self::MoveLine(from, to) => {
                let lines = lines(text);
                let line = text[lines[from.index(lines.len())].clone()].to_vec();
                let to = lines[to.index(lines.len())].start;
                text.splice(to..to, line);
            }
        }
    }
}

fn replace(text: &mut Vec<u8>, ranges: &[Range<usize>], at: &Index, new: &[u8]) {
    if !ranges.is_empty() {
        let range = ranges[at.index(ranges.len())].clone();
        text.splice(range, new.iter().copied());
    }
}

/// Lines with their ends.
fn lines(text: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let ends = text.split_inclusive(|b| *b == b'\n').map(|line| {
        start += line.len();
        start - line.len()..start
    });
    ends.collect()
}

/// The ranges that a reader finds, one after another.
fn ranges(text: &[u8], find: fn(&[u8]) -> Option<(usize, usize)>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((skip, length)) = text.get(at..).and_then(find) {
        found.push(at + skip..at + skip + length);
        at += skip + length + 1;
    }
    found
}

fn number(text: &[u8]) -> Option<(usize, usize)> {
    let start = text.iter().position(u8::is_ascii_digit)?;
    let length = text[start..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    Some((start, length))
}

fn string(text: &[u8]) -> Option<(usize, usize)> {
    let start = text.iter().position(|b| *b == b'"')? + 1;
    let length = text[start..].iter().position(|b| *b == b'"')?;
    Some((start, length))
}

/// What stands behind `=` or `:` up to the next comma, brace or end of line.
fn value(text: &[u8]) -> Option<(usize, usize)> {
    let start = text.iter().position(|b| matches!(b, b'=' | b':'))? + 1;
    let length = text[start..].iter().take_while(|b| !matches!(b, b',' | b'}' | b'\n')).count();
    Some((start, length))
}
