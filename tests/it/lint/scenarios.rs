//! Small faulty scenarios, each with its fault and no other; and the good ones, which have none.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use asgsim::lint::RULES;

use super::{linted, shown};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    files
}

fn comment<'a>(text: &'a str, head: &str) -> &'a str {
    text.lines().find_map(|line| line.strip_prefix(head)).expect(head).trim()
}

/// Each file says in its first lines what is found in it, and which change mends it.
#[test]
fn faulty_scenarios_have_their_fault_and_no_other() {
    let files = files("tests/it/lint/faulty");
    for path in &files {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let found = linted(&text, &[]);
        assert_eq!(shown(&found.found), comment(&text, "# finds:"), "{name}");
        assert!(found.found.iter().any(|finding| finding.rule == name), "{name}");
        let mended = linted(&text, &[comment(&text, "# mended by:")]);
        assert_eq!(shown(&mended.found), "", "{name}, mended");
    }
    let names: BTreeSet<_> =
        files.iter().map(|p| p.file_stem().unwrap().to_str().unwrap()).collect();
    let rules: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(names, rules);
}

/// What the scenarios of the repository say is meant to be there.
const ALLOWED: [(&str, &str); 6] = [
    ("diurnal-week", "warning[flapping] group.shop.policy.out"),
    ("either-or", "warning[either-or] group.promo.scheduled_task.friday-13th.recurrence"),
    ("flapping-pair", "warning[flapping] group.web.policy.out"),
    ("launch-hook-timeout", "warning[short-cooldown] group.web.policy.out.cooldown"),
    ("launch-hook-timeout", "warning[hook-timeout] group.web.hook.ready.timeout"),
    ("slow-boot", "warning[short-cooldown] group.terminal.policy.out.cooldown"),
];

#[test]
fn the_scenarios_of_the_repository_are_clean() {
    let command = |path: &Path| {
        let mut command = assert_cmd::Command::cargo_bin("asgsim").unwrap();
        let output = command.arg("lint").arg(path).args(["--json", "-"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", path.display());
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let mut allowed = Vec::new();
    for path in files("scenarios") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let output = command(&path);
        assert_eq!(output["files"][0]["findings"], serde_json::json!([]), "{name}");
        for finding in output["files"][0]["allowed"].as_array().unwrap() {
            let text = |key: &str| finding[key].as_str().unwrap();
            let shown = format!("{}[{}] {}", text("severity"), text("rule"), text("key"));
            allowed.push((name.clone(), shown));
        }
    }
    let known = ALLOWED.map(|(name, finding)| (name.to_owned(), finding.to_owned()));
    assert_eq!(allowed, known);
}
