//! States that are saved and gone on from.

use tempfile::TempDir;

use super::lines::{TRACE, folder, ran, stdout};

fn saved(folder: &TempDir, until: &str) {
    let arguments = ["run", "two.toml", "--until", until, "--save", "half.json", "--quiet"];
    assert_eq!(stdout(folder, &arguments), "");
}

#[test]
fn half_and_half_is_the_whole() {
    let folder = folder();
    let whole = stdout(&folder, &["run", "two.toml", "--json", "-"]);
    let events = stdout(&folder, &["run", "two.toml", "--events", "-"]);
    for until in ["+1ms", "+5m", "+30m", "2024-03-01 10:40:00", "+59m59s999ms", "+1h"] {
        saved(&folder, until);
        assert_eq!(stdout(&folder, &["run", "--restore", "half.json", "--json", "-"]), whole);
        assert_eq!(stdout(&folder, &["run", "--restore", "half.json", "--events", "-"]), events);
    }
}

#[test]
fn a_state_of_a_state() {
    let folder = folder();
    let whole = stdout(&folder, &["run", "two.toml", "--seed", "3", "--json", "-"]);
    let first = ["run", "two.toml", "--seed", "3", "--until", "+10m", "--save", "a.json", "-q"];
    stdout(&folder, &first);
    let second = ["run", "--restore", "a.json", "--until", "+20m", "--save", "b.json", "-q"];
    stdout(&folder, &second);
    assert_eq!(stdout(&folder, &["run", "--restore", "b.json", "--json", "-"]), whole);
    // The state itself may go to stdout.
    let state = stdout(&folder, &["run", "--restore", "b.json", "--until", "+20m", "--save", "-"]);
    assert_eq!(state, std::fs::read_to_string(folder.path().join("b.json")).unwrap());
    // All evaluations are there, also those before the state was saved.
    let all = ["--json", "-", "--decisions", "all"];
    assert_eq!(
        stdout(&folder, &[&["run", "--restore", "b.json"], &all[..]].concat()),
        stdout(&folder, &[&["run", "two.toml", "--seed", "3"], &all[..]].concat())
    );
}

#[test]
fn the_folder_of_the_traces_is_known() {
    let folder = folder();
    let whole = stdout(&folder, &["run", "two.toml", "--json", "-"]);
    saved(&folder, "+30m");
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("half.json"), elsewhere.path().join("half.json")).unwrap();
    assert_eq!(stdout(&elsewhere, &["run", "--restore", "half.json", "--json", "-"]), whole);
}

#[track_caller]
fn assert_refused(folder: &TempDir, arguments: &[&str], expected: &str) {
    let (status, stdout, stderr) = ran(folder, arguments);
    assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
    assert_eq!(stderr, format!("asgsim: error: {expected}\n"));
}

#[test]
fn time_does_not_run_backwards() {
    let folder = folder();
    saved(&folder, "+30m");
    assert_refused(
        &folder,
        &["run", "--restore", "half.json", "--until", "+29m59s"],
        "--until: the run would end at 2024-03-01 10:29:59, but is at 2024-03-01 10:30:00 already",
    );
    stdout(&folder, &["run", "--restore", "half.json", "--until", "+30m", "-q"]);
}

#[test]
fn a_changed_trace_is_noticed() {
    let folder = folder();
    saved(&folder, "+30m");
    // Even where the run has passed, or has not come.
    std::fs::write(folder.path().join("load.csv"), TRACE.replace("600", "601")).unwrap();
    assert_refused(
        &folder,
        &["run", "--restore", "half.json"],
        "half.json: load.csv is not what it was when this was saved",
    );
    // The scenario itself is in the snapshot.
    std::fs::write(folder.path().join("load.csv"), TRACE).unwrap();
    std::fs::remove_file(folder.path().join("two.toml")).unwrap();
    stdout(&folder, &["run", "--restore", "half.json", "-q"]);
}

#[test]
fn another_version_is_refused() {
    let folder = folder();
    saved(&folder, "+30m");
    let path = folder.path().join("half.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let other = text.replace(&format!("\"version\": \"{version}\""), "\"version\": \"9.9.9\"");
    std::fs::write(&path, other).unwrap();
    let expected = format!(
        "half.json: the snapshot is of asgsim.snapshot/1, version 9.9.9; this is \
         asgsim.snapshot/1, version {version}"
    );
    assert_refused(&folder, &["run", "--restore", "half.json"], &expected);
}
