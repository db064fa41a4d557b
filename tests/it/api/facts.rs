//! What the reference says of each action: its parameters, and the fields of its answer.
//!
//! In `facts.txt`, a row is words, and behind a word stands the number of the sentence that says it. `in`: name and
//! type of a parameter, then what else is known of it: that it is `required` (or `sometimes`, with
//! another), the code for an id of nothing (`unknown=`), the most entries of a list (`max=`), its
//! values (`of=`) and the code for any other (`else=`), and its `default=`. `out`: a field below
//! `data` and its JSON type. Behind an action stands what `data` is on success, and `example` for
//! the printed call. A row without a number is ours: the anomalies say why.

use std::collections::BTreeMap;

use asgsim::api::Action;

/// An action.
#[derive(Debug)]
pub struct Page {
    pub action: Action,
    /// `object`, `[]` or `none`.
    pub data: &'static str,
    pub parameters: Vec<Parameter>,
    /// Type by path.
    pub fields: BTreeMap<&'static str, &'static str>,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Without the `.n` of a list.
    pub name: &'static str,
    /// `text`, `int`, `time` or `list`.
    pub kind: &'static str,
    pub is_required: bool,
    pub is_conditional: bool,
    pub unknown: Option<&'static str>,
    pub max: Option<usize>,
    pub values: Vec<&'static str>,
    pub other: Option<&'static str>,
    pub default: Option<&'static str>,
}

/// Lines of words, without those that are numbers.
fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = FACTS.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.split_whitespace().filter(|word| number(word).is_none()).collect())
}

fn number(word: &str) -> Option<u32> {
    word.parse().ok()
}

/// All pages, in the order of the reference.
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for words in lines() {
        match words.as_slice() {
            ["in", name, kind, rest @ ..] => {
                pages.last_mut().unwrap().parameters.push(parameter(name, kind, rest));
            }
            ["out", path, kind] => {
                pages.last_mut().unwrap().fields.insert(path, kind);
            }
            [action, data, "example"] => {
                let action = Action::find(action).unwrap();
                let fields = BTreeMap::new();
                pages.push(Page { action, data, parameters: Vec::new(), fields });
            }
            _ => panic!("no fact: {words:?}"),
        }
    }
    assert_eq!(pages.len(), Action::ALL.len());
    pages
}

fn parameter(name: &'static str, kind: &'static str, rest: &[&'static str]) -> Parameter {
    let of = |key: &str| rest.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    Parameter {
        name: name.trim_end_matches(".n"),
        kind,
        is_required: rest.contains(&"required"),
        is_conditional: rest.contains(&"sometimes"),
        unknown: of("unknown"),
        max: of("max").map(|max| max.parse().unwrap()),
        values: of("of").map(|values| values.split(',').collect()).unwrap_or_default(),
        other: of("else"),
        default: of("default"),
    }
}

/// A sentence that a row of the table holds.
pub struct Sentence {
    pub number: u32,
    /// What it is about: an action, a parameter with its `.n`, or the path of a field.
    pub subject: &'static str,
    /// How the checklist puts it, one way or another; `?` is the subject.
    pub form: &'static str,
}

/// The sentences of the table. The tests of `reference` go through all its rows.
pub fn sentences() -> Vec<Sentence> {
    let mut found = Vec::new();
    for line in FACTS.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let [word, next] = pair else { continue };
            let Some(number) = number(next) else { continue };
            let key = word.split_once('=').map_or(*word, |(key, _)| key);
            let (subject, form) = match (words[0], key) {
                ("out", _) => (words[1], "Result data.? ("),
                ("in", "unknown") => (words[1], "? must name an existing resource"),
                ("in", "max") => (words[1], "? takes at most"),
                ("in", "of") => (words[1], "? allows only"),
                ("in", "default") => (words[1], "? defaults to"),
                ("in", _) => (words[1], "? ("),
                // What attaching and detaching answer is ours.
                (_, "object") => (words[0], "data is an object|no data is documented"),
                (_, "[]") => (words[0], "data is [] on success"),
                (_, "none") => (words[0], "no data is documented"),
                (_, "example") => (words[0], "The documented example request"),
                _ => (words[0], "Action=? selects this call"),
            };
            found.push(Sentence { number, subject, form });
        }
    }
    found
}

const FACTS: &str = include_str!("facts.txt");
