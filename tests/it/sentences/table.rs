//! The table of owners against the checklist, and against the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::owners::OWNERS;
use crate::api::facts;
use crate::tidy::source::{Source, code_only, functions, sources};

/// Where the tests of the façade stand; those of the engine stand elsewhere.
const FACADE_TESTS: [&str; 2] = ["tests/it/api/", "tests/it/server/"];
/// The checklist, beside the repository.
const CHECKLIST: &str = "../shared/contract/CHECKLIST.md";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Engine,
    Facade,
    Both,
    None,
}

impl Owner {
    const fn is_engine(self) -> bool {
        matches!(self, Self::Engine | Self::Both)
    }

    const fn is_facade(self) -> bool {
        matches!(self, Self::Facade | Self::Both)
    }
}

/// Every number of the table with its owner, in the order of the table.
fn read_owners(table: &str) -> Vec<(u32, Owner)> {
    let rows = table.lines().filter(|line| line.starts_with(' '));
    rows.flat_map(|row| {
        let (numbers, reason) = row.split_once(": ").unwrap_or((row, ""));
        let mut words = numbers.split_whitespace();
        let owner = match words.next() {
            Some("engine") => Owner::Engine,
            Some("facade") => Owner::Facade,
            Some("both") => Owner::Both,
            Some("none") => Owner::None,
            other => panic!("{other:?} owns nothing: {row}"),
        };
        assert_eq!(owner == Owner::None, !reason.is_empty(), "a reason, and none else: {row}");
        words.flat_map(range).map(move |number| (number, owner)).collect::<Vec<_>>()
    })
    .collect()
}

/// `476` or `476-480`.
fn range(word: &str) -> std::ops::RangeInclusive<u32> {
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (first, last) = (number(first), number(last));
    assert!(first <= last, "{word}");
    first..=last
}

fn owners() -> BTreeMap<u32, Owner> {
    read_owners(OWNERS).into_iter().collect()
}

#[test]
fn every_sentence_has_one_owner() {
    let rows = read_owners(OWNERS);
    let numbers: BTreeSet<u32> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers.len(), rows.len(), "a number stands twice: {:?}", twice(&rows));
    let Some(checklist) = checklist() else { return };
    let sentences: BTreeSet<u32> = checklist.into_keys().collect();
    let unowned: Vec<_> = sentences.difference(&numbers).collect();
    let unsaid: Vec<_> = numbers.difference(&sentences).collect();
    assert!(unowned.is_empty(), "sentences without an owner: {unowned:?}");
    assert!(unsaid.is_empty(), "owners without a sentence: {unsaid:?}");
}

fn twice(rows: &[(u32, Owner)]) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|(number, _)| *number).filter(|number| !seen.insert(*number)).collect()
}

/// Lines of the form `- S-001 [page] text`: page and text by number.
fn sentences(text: &str) -> BTreeMap<u32, (String, String)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("- S-"));
    let read = |line: &str| {
        let (number, rest) = line.split_once(" [")?;
        let (page, text) = rest.split_once("] ")?;
        Some((number.parse().ok()?, (page.to_owned(), text.to_owned())))
    };
    lines.filter_map(read).collect()
}

/// The checklist by number, if it lies beside the repository.
pub fn checklist() -> Option<BTreeMap<u32, (String, String)>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHECKLIST);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("left out: {CHECKLIST} is not there");
        return None;
    };
    let found = sentences(&text);
    assert!(!found.is_empty(), "{CHECKLIST} has no lines of the form `- S-001 [page] …`");
    Some(found)
}

#[test]
fn every_sentence_is_held_by_a_test() {
    let (owners, found) = (owners(), sources(&["tests"]));
    let (in_facade, in_engine): (Vec<_>, Vec<_>) = found
        .iter()
        .partition(|source| FACADE_TESTS.iter().any(|folder| source.path.starts_with(folder)));
    let (mut facade, engine) = (cited(&in_facade), cited(&in_engine));
    for sentence in facts::sentences() {
        facade.entry(sentence.number).or_insert_with(|| String::from("the table of facts"));
    }
    let mut faults = unheld(&owners, &engine, Owner::is_engine, "engine");
    faults.extend(unheld(&owners, &facade, Owner::is_facade, "façade"));
    for (number, test) in engine.iter().chain(&facade) {
        match owners.get(number) {
            None => faults.push(format!("{test} cites S-{number:03}, which is no sentence")),
            Some(Owner::None) => {
                faults.push(format!("{test} cites S-{number:03}, which the table gives to nobody"));
            }
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn unheld(
    owners: &BTreeMap<u32, Owner>,
    cited: &BTreeMap<u32, String>,
    is_owner: impl Fn(Owner) -> bool,
    who: &str,
) -> Vec<String> {
    let left = owners.iter().filter(|(number, owner)| {
        let is_held = cited.contains_key(number);
        is_owner(**owner) && !is_held
    });
    left.map(|(number, _)| format!("S-{number:03} has no test of the {who}")).collect()
}

/// The sentences that tests hold, each with one of its tests.
fn cited(sources: &[&Source]) -> BTreeMap<u32, String> {
    let mut found = BTreeMap::new();
    for source in sources {
        for (name, text) in tests_of(source) {
            let in_name = name.strip_prefix("s_").and_then(|rest| rest.split('_').next());
            let in_name = in_name.and_then(|number| number.parse().ok());
            let in_comments = text.lines().filter_map(|line| Some(line.split_once("//")?.1));
            for number in in_comments.flat_map(numbers_in).chain(in_name) {
                found.entry(number).or_insert_with(|| format!("{}: {name}", source.path));
            }
        }
    }
    found
}

/// The tests of a file: name, and text with the comments and attributes above it.
fn tests_of(source: &Source) -> Vec<(String, String)> {
    let lines: Vec<&str> = source.text.lines().collect();
    let of = |function: crate::tidy::source::Function| {
        let first = function.line - 1;
        let is_above =
            |line: &&&str| line.trim().starts_with("//") || line.trim().starts_with("#[");
        let above = lines[..first].iter().rev().take_while(is_above).count();
        let text = &lines[first - above..first + function.lines];
        let is_test = text[..above].iter().any(|line| line.trim() == "#[test]");
        is_test.then(|| (function.name, text.join("\n")))
    };
    functions(&source.code).into_iter().filter_map(of).collect()
}

/// The numbers of a comment: `S-476`, or all of `S-476 to S-480`.
fn numbers_in(comment: &str) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    let mut is_range = false;
    for word in comment.split(' ') {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let number = word.strip_prefix("S-").and_then(|digits| digits.parse::<u32>().ok());
        match (number, found.last().copied()) {
            (Some(last), Some(first)) if is_range => found.extend(first + 1..=last),
            (Some(number), _) => found.push(number),
            (None, _) => {}
        }
        is_range = word == "to";
    }
    found
}

#[test]
fn owners_are_read() {
    let table = "\npage\n    engine 1 3-4\n    none 2: nothing to see\n";
    let expected = [(1, Owner::Engine), (3, Owner::Engine), (4, Owner::Engine), (2, Owner::None)];
    assert_eq!(read_owners(table), expected);
    assert_eq!(twice(&[(1, Owner::Both), (2, Owner::Both), (1, Owner::None)]), [1]);
    let read = sentences("# S-1\n- S-007 [a] b c\n- s-8 [a] b\n- S-12 [d] e");
    let of = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(read, BTreeMap::from([(7, of("a", "b c")), (12, of("d", "e"))]));
}

#[test]
fn citations_are_read() {
    let text = "/// S-002 to S-004, S-009.\n#[test]\nfn s_001_a() {\n    // S-5: why.\n}\n\
                // S-100\nfn helper() {}\n#[test]\nfn r_1_1_b() { let x = \"S-200\"; }\n";
    let source = Source { path: "a.rs".to_owned(), code: code_only(text), text: text.to_owned() };
    let numbers: Vec<u32> = cited(&[&source]).into_keys().collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 9]);
    let owners = BTreeMap::from([(1, Owner::Engine), (2, Owner::Facade), (6, Owner::Both)]);
    let cited = cited(&[&source]);
    let left = unheld(&owners, &cited, Owner::is_engine, "engine");
    assert_eq!(left, ["S-006 has no test of the engine"]);
    assert_eq!(unheld(&owners, &cited, Owner::is_facade, "façade").len(), 1);
}
