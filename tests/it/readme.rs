//! What the README shows is what the command prints.
//!
//! Blocks marked `console` are run as they stand; `TRYCMD=overwrite` writes what was found. The
//! walk-through needs a trace that is not shipped; where it is, it is run too, and
//! `UPDATE_EXPECT=1` writes what was found.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

#[test]
fn console_blocks() {
    trycmd::TestCases::new().case("README.md");
}

/// The folder of real traces, if it is here.
fn traces() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let folder = std::env::var_os("ASGSIM_TRACES").map_or(beside, PathBuf::from);
    folder.join("ms_mongo-01.csv").exists().then_some(folder)
}

/// The block of a kind that begins with a text: its place in the README.
fn block(readme: &str, kind: &str, first: &str) -> std::ops::Range<usize> {
    let open = format!("```{kind}\n{first}");
    let start = readme.find(&open).expect("the README has the block") + kind.len() + 4;
    let length = readme[start..].find("```").expect("the block ends");
    start..start + length
}

#[test]
fn the_walk_through() {
    let Some(traces) = traces() else {
        println!("skipped: no folder of traces (ASGSIM_TRACES)");
        return;
    };
    let mut readme = std::fs::read_to_string(README).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let scenario = readme[block(&readme, "toml", "name = \"mongo\"")].to_owned();
    assert!(scenario.lines().count() <= 25, "the scenario is short");
    std::fs::write(folder.path().join("mongo.toml"), scenario).unwrap();
    std::fs::copy(traces.join("ms_mongo-01.csv"), folder.path().join("ms_mongo-01.csv")).unwrap();
    let commands =
        ["run mongo.toml\n", "run mongo.toml --set group.db.policy.in.metric.threshold=50\n"];
    let mut stale = Vec::new();
    for command in commands {
        let place = block(&readme, "text", &format!("$ asgsim {command}"));
        let arguments = command.split_whitespace();
        let run = Command::cargo_bin("asgsim").unwrap().current_dir(&folder).args(arguments).ok();
        let printed = String::from_utf8(run.unwrap().stdout).unwrap();
        let expected = format!("$ asgsim {command}{printed}");
        if readme[place.clone()] != expected {
            readme.replace_range(place, &expected);
            stale.push(command);
        }
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(README, readme).unwrap();
    } else {
        assert!(stale.is_empty(), "UPDATE_EXPECT=1 would write other output for {stale:?}");
    }
}
