//! The house keeps its own order: these tests read the source tree.

pub mod source;

use source::{Source, code_only, functions, paths_from, read, sources, words};

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 80;

/// What each part of the library may use besides itself. `cli`, `main.rs` and `lib.rs` may use
/// everything. A part that is not here is a fault: say first where it stands.
const LAYERS: [(&str, &[&str]); 10] = [
    ("kernel", &[]),
    ("model", &["kernel"]),
    ("env", &["kernel", "model"]),
    ("engine", &["kernel", "model", "env"]),
    // Expectations are held against reports.
    ("scenario", &["kernel", "model", "env", "engine", "report"]),
    // Activities are folds of records, as reports have them.
    ("api", &["kernel", "model", "env", "engine", "report::history", "report::words"]),
    // Reports are folds of records and traces; they do not look at the state of an engine.
    ("report", &["kernel", "model", "env", "engine::log"]),
    ("lint", &["kernel", "model", "env", "engine", "scenario"]),
    ("testkit", &["kernel", "model", "env", "engine", "scenario", "report", "lint"]),
    ("server", &["kernel", "model", "env", "engine", "scenario", "report", "lint", "api"]),
];

/// Whatever makes two runs differ, or reads the world outside.
const BANNED: [&str; 5] = ["HashMap", "HashSet", "Instant::now", "SystemTime", "thread_rng"];

/// Rules that have no test yet. This list must shrink: a rule leaves it with its first test.
const UNTESTED: [&str; 0] = [];

#[track_caller]
fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn files_and_functions_are_short() {
    assert_none(sources(&["src", "tests", "benches"]).iter().flat_map(long_parts).collect());
}

fn long_parts(source: &Source) -> Vec<String> {
    let Source { path, text, code } = source;
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX {
        faults.push(format!("{path} has {lines} lines, at most {FILE_LINES_MAX}: split it"));
    }
    for function in functions(code).into_iter().filter(|f| f.lines > FUNCTION_LINES_MAX) {
        let (line, name, lines) = (function.line, function.name, function.lines);
        faults.push(format!(
            "{path}:{line}: `{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}: split it"
        ));
    }
    faults
}

#[test]
fn layers_hold() {
    let found = sources(&["src"]);
    assert_none(found.iter().flat_map(|s| layer_faults(&s.path, &s.code)).collect());
}

/// The part of the library that a path of `src` belongs to.
fn part_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split_once('/').map_or(inside.trim_end_matches(".rs"), |(part, _)| part)
}

fn layer_faults(path: &str, code: &str) -> Vec<String> {
    let part = part_of(path);
    if ["cli", "main", "lib"].contains(&part) {
        return Vec::new();
    }
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == part) else {
        return vec![format!("{path}: `{part}` has no row in LAYERS: say what it may use")];
    };
    let is_part = |name: &str| name == "cli" || LAYERS.iter().any(|(part, _)| *part == name);
    // `super::engine` in `src/env/mod.rs` is another way to write `crate::engine`.
    let by_super = paths_from(code, "super").into_iter().map(|p| p.replace("super::", ""));
    let by_super = by_super.filter(|p| is_part(p.split("::").next().unwrap_or_default()));
    let all = paths_from(code, "crate").into_iter().chain(by_super);
    let faults = all.filter_map(|used| {
        let first = used.split("::").next().unwrap_or_default();
        let within = |whole: &str| used == *whole || used.starts_with(&format!("{whole}::"));
        if first == part || allowed.iter().any(|whole| within(whole)) {
            return None;
        }
        Some(match is_part(first) {
            true => format!("{path}: `{part}` may not use `crate::{used}`, only {allowed:?}"),
            false => format!("{path}: write `crate::{used}` with the part it comes from"),
        })
    });
    faults.collect()
}

#[test]
fn nothing_makes_two_runs_differ() {
    let found = sources(&["src"]);
    assert_none(found.iter().flat_map(|s| banned_words(&s.path, &s.code)).collect());
}

fn banned_words(path: &str, code: &str) -> Vec<String> {
    let fault = |banned: &&str| {
        let head = banned.split("::").next().unwrap_or_default();
        let lines = words(code)
            .filter(|(at, word)| *word == head && code[*at..].starts_with(banned))
            .map(|(at, _)| code[..at].matches('\n').count() + 1);
        let told = lines.map(|line| format!("{path}:{line}: `{banned}` is banned in the library"));
        told.collect::<Vec<_>>()
    };
    BANNED.iter().flat_map(fault).collect()
}

#[test]
fn every_rule_has_a_test() {
    let names: Vec<String> = sources(&["src", "tests"])
        .iter()
        .flat_map(|source| functions(&source.code))
        .map(|function| function.name)
        .collect();
    let rules = rules_of(&read("docs/semantics.md"));
    assert!(!rules.is_empty(), "docs/semantics.md has no headings of the form `### 1.6 …`");
    assert_none(rule_faults(&rules, &names, &UNTESTED));
}

/// The numbers of the rules: headings of the form `### 1.6 …`.
fn rules_of(text: &str) -> Vec<String> {
    let headings = text.lines().filter_map(|line| line.strip_prefix("### "));
    let numbers = headings.filter_map(|heading| heading.split(' ').next());
    let is_rule = |number: &&str| {
        let mut parts = number.split('.');
        let mut part = || parts.next().is_some_and(|p| p.parse::<u32>().is_ok());
        part() && part() && parts.next().is_none()
    };
    numbers.filter(is_rule).map(str::to_owned).collect()
}

fn rule_faults(rules: &[String], names: &[String], untested: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for (i, rule) in rules.iter().enumerate() {
        let start = format!("r_{}_", rule.replace('.', "_"));
        let tested = names.iter().any(|name| name.starts_with(&start));
        match (tested, untested.contains(&rule.as_str())) {
            (false, false) => faults.push(format!("rule {rule} has no test named `{start}…`")),
            (true, true) => faults.push(format!("rule {rule} has a test: strike it off UNTESTED")),
            _ => {}
        }
        if rules[..i].contains(rule) {
            faults.push(format!("rule {rule} has two headings in docs/semantics.md"));
        }
    }
    let gone = untested.iter().filter(|rule| !rules.iter().any(|known| known == *rule));
    faults.extend(gone.map(|rule| format!("UNTESTED lists {rule}, which is no rule")));
    faults
}

#[test]
fn unsafe_code_stays_forbidden() {
    assert_none(unsafe_faults(&read("src/lib.rs")));
}

fn unsafe_faults(lib: &str) -> Vec<String> {
    let kept = code_only(lib).lines().any(|line| line.trim() == "#![forbid(unsafe_code)]");
    let fault = "src/lib.rs has lost its `#![forbid(unsafe_code)]`".to_owned();
    if kept { Vec::new() } else { vec![fault] }
}

/// A source of this many lines, all in one function.
fn long_source(lines: usize) -> Source {
    let text = format!("fn long() {{\n{}}}\n", "    work();\n".repeat(lines - 2));
    Source { path: "src/a.rs".to_owned(), code: code_only(&text), text }
}

#[test]
fn long_parts_are_found() {
    assert_eq!(long_parts(&long_source(80)), [""; 0]);
    let of_81 = "src/a.rs:1: `long` has 81 lines, at most 80: split it";
    assert_eq!(long_parts(&long_source(81)), [of_81]);
    assert_eq!(long_parts(&long_source(600)).len(), 1);
    let of_601 = long_parts(&long_source(601));
    assert_eq!(of_601[0], "src/a.rs has 601 lines, at most 600: split it");
}

#[test]
fn broken_layers_are_found() {
    let table = [
        ("src/env/load.rs", "use crate::model::id::GroupIndex;", true),
        ("src/env/load.rs", "use crate::env::trace::Trace; use super::trace::Step;", true),
        ("src/env/load.rs", "use crate::engine::log::Log;", false),
        ("src/env/mod.rs", "use super::engine::Engine;", false),
        ("src/kernel/time.rs", "use crate::{kernel::fixed, model::id};", false),
        ("src/model/plan.rs", "fn a() { crate::env::trace::Trace::default() }", false),
        ("src/model/plan.rs", "fn a() { crate::model::plan::actual() }", true),
        ("src/report/text.rs", "use crate::engine::log::Log;", true),
        ("src/report/text.rs", "use crate::engine::{log::Log, view::GroupView};", false),
        ("src/report/text.rs", "use crate::engine::logger::Log;", false),
        ("src/scenario/file.rs", "use crate::api::Api;", false),
        ("src/api/call.rs", "use crate::scenario::file;", false),
        ("src/testkit/reference.rs", "use crate::server::http;", false),
        ("src/engine/mod.rs", "use crate::cli::run;", false),
        ("src/engine/mod.rs", "use crate::SimTime;", false),
        ("src/engine/mod.rs", "pub(crate) struct A;", true),
        ("src/cli/run.rs", "use crate::api::Api;", true),
        ("src/main.rs", "use crate::api::Api;", true),
        ("src/wizard.rs", "", false),
        ("src/wizard/mod.rs", "", false),
    ];
    for (path, code, fine) in table {
        let faults = layer_faults(path, code);
        assert_eq!(faults.is_empty(), fine, "{path}: {code}: {faults:?}");
    }
}

#[test]
fn banned_words_are_found() {
    let found = |code: &str| banned_words("src/a.rs", &code_only(code)).join("; ");
    assert_eq!(found("use std::collections::BTreeMap; // no HashMap"), "");
    assert_eq!(found("\nHashMap::new()"), "src/a.rs:2: `HashMap` is banned in the library");
    assert_eq!(
        found("std::time::Instant::now()"),
        "src/a.rs:1: `Instant::now` is banned in the library"
    );
    assert_eq!(found("let at: Instant = now;"), "");
    for word in BANNED {
        assert_ne!(found(word), "", "{word}");
    }
}

#[test]
fn rules_without_a_test_are_found() {
    let doc = "# 1 Title\n## 1. Chapter\n### 1.1 First\n### 1.2 Second\n### Other\n### 12.1 Last\n";
    let rules = rules_of(doc);
    assert_eq!(rules, ["1.1", "1.2", "12.1"]);
    let faults = |names: &[&str], untested: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        rule_faults(&rules, &names, untested).join("; ")
    };
    let all = ["r_1_1_a", "r_1_2_b", "r_12_1_c"];
    assert_eq!(faults(&all, &[]), "");
    assert_eq!(faults(&all[..2], &["12.1"]), "");
    // `r_1_12_…` is no test of 1.1.
    assert_eq!(faults(&["r_1_12_a", "r_1_2_b"], &["12.1"]), "rule 1.1 has no test named `r_1_1_…`");
    assert_eq!(faults(&all, &["12.1"]), "rule 12.1 has a test: strike it off UNTESTED");
    assert_eq!(faults(&all, &["9.9"]), "UNTESTED lists 9.9, which is no rule");
    let twice = rule_faults(&rules_of("### 1.1 a\n### 1.1 b\n"), &["r_1_1_a".to_owned()], &[]);
    assert_eq!(twice, ["rule 1.1 has two headings in docs/semantics.md"]);
}

#[test]
fn a_lost_forbid_is_found() {
    assert_eq!(unsafe_faults("//! Doc.\n#![forbid(unsafe_code)]\n"), [""; 0]);
    assert_eq!(unsafe_faults("// #![forbid(unsafe_code)]\n").len(), 1);
    assert_eq!(unsafe_faults("#![deny(unsafe_code)]\n").len(), 1);
}
