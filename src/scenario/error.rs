//! What can be wrong with a scenario, told so that it can be mended.

use std::fmt;

use crate::scenario::node::{Node, Place, Segment};

/// A fault in a scenario: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key at fault, from the top of the file.
    pub path: Vec<Segment>,
    /// Its place, if the reader knew it better than the path does.
    pub place: Option<Place>,
    /// What was found, and what is allowed.
    pub message: String,
}

impl Fault {
    /// A fault of the value at the end of `path`.
    pub fn at(path: impl IntoIterator<Item = Segment>, message: impl Into<String>) -> Self {
        Self { path: path.into_iter().collect(), place: None, message: message.into() }
    }

    /// The same fault as seen from one level up.
    #[must_use]
    pub fn under(mut self, segment: Segment) -> Self {
        self.path.insert(0, segment);
        self
    }
}

/// Bad input: a scenario or a trace that cannot be used. One clear message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScenarioError {
    /// The file at fault.
    pub file: String,
    /// The line, from 1, if the fault has one.
    pub line: Option<usize>,
    /// The key at fault as `--set` would write it; empty if the file as a whole is at fault.
    pub key: String,
    /// What was found, and what is allowed.
    pub message: String,
}

impl ScenarioError {
    /// A fault of a whole file.
    pub fn of_file(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, key: String::new(), message: message.into() }
    }

    /// Places a fault in the text and tree it was found in.
    pub fn locate(fault: Fault, file: &str, text: &str, root: &Node, overrides: &[String]) -> Self {
        if fault.path.is_empty() && fault.place.is_none() {
            return Self::of_file(file, fault.message);
        }
        let place = fault.place.unwrap_or_else(|| root.place_of(&fault.path));
        let key = root.show_path(&fault.path);
        let (file, line) = match place {
            Place::Byte(at) => (file.to_owned(), Some(line_of(text, at))),
            Place::Override(i) => {
                (format!("--set {}", overrides.get(i).map_or("", String::as_str)), None)
            }
        };
        Self { file, line, key, message: fault.message }
    }
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|b| **b == b'\n').count()
}

/// The longest key and the longest message that are shown, in characters.
const KEY_MAX: usize = 200;
const MESSAGE_MAX: usize = 1_000;

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.file, MESSAGE_MAX))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", one_line(&self.key, KEY_MAX))?;
        }
        write!(f, ": {}", one_line(&self.message, MESSAGE_MAX))
    }
}

/// A text on one line, its control characters escaped and, beyond `most` characters, its middle
/// left out: what stands in a file must not take over a terminal.
pub fn one_line(text: &str, most: usize) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.into() };
    if text.chars().nth(most).is_none() {
        return text.chars().map(shown).collect();
    }
    let half = most / 2;
    let head: String = text.chars().take(half).map(shown).collect();
    let tail: Vec<char> = text.chars().rev().take(half).collect();
    let tail: String = tail.into_iter().rev().map(shown).collect();
    format!("{head} … {tail}")
}

impl std::error::Error for ScenarioError {}

/// The longest word that is compared, in bytes, and the most words it is compared with.
const WORD_MAX: usize = 120;
const CANDIDATES_MAX: usize = 10_000;

/// The candidate that looks most like a misspelt word, if one looks like it at all.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // The comparison takes time and room for the product of two lengths.
    if word.len() > WORD_MAX {
        return None;
    }
    let candidates = candidates.iter().take(CANDIDATES_MAX).filter(|c| c.len() <= WORD_MAX);
    #[cfg(feature = "cli")]
    {
        let scored = candidates.map(|c| (strsim::normalized_damerau_levenshtein(word, c), *c));
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 >= 0.5).then_some(best.1)
    }
    #[cfg(not(feature = "cli"))]
    candidates.into_iter().find(|c| c.eq_ignore_ascii_case(word)).copied()
}
