//! The command as a user meets it: exit statuses, clean outputs, files that fit together.

mod compare;
mod explain;
mod lines;
mod outputs;
mod service;
mod states;

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use sha2::{Digest, Sha256};

pub const CROWD: &str = "scenarios/flash-crowd.toml";

pub fn asgsim(args: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("asgsim").unwrap().args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(args: &[&str]) -> Value {
    let (status, out, err) = asgsim(args);
    assert_eq!(status, 0, "{err}");
    serde_json::from_str(&out).expect("one JSON document and nothing else")
}

pub fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Two groups with loads of their own.
pub const TWO: &str = r#"
name = "two"
start = "2024-03-01 10:00:00"
duration = "3h"
[trace.a]
series = "150x60 500x60 100x60"
[trace.b]
series = "100x30 900x30 100x120"
[[group]]
name = "a"
min = 1
max = 9
desired = 2
load = { demand = "a", per_instance = 100 }
policy = [
  { name = "out", metric = { dimension = "cpu_usage", operator = "Greater", threshold = 70, repeat_times = 1 }, adjustment = { type = "QuantityChangeInCapacity", value = 2 }, cooldown = "5m" },
  { name = "in", metric = { dimension = "cpu_usage", operator = "Less", threshold = 30, repeat_times = 2 }, adjustment = { type = "QuantityChangeInCapacity", value = -1 }, cooldown = "5m" },
]
[[group]]
name = "b"
min = 1
max = 9
load = { demand = "b", per_instance = 100, overload = "queue", timeout = "5m" }
policy = [
  { name = "out", metric = { dimension = "cpu_usage", operator = "Greater", threshold = 70, repeat_times = 2 }, adjustment = { type = "PercentChangeInCapacity", value = 100 }, cooldown = "2m" },
]
[[expect]]
group = "b"
throughout = true
desired = { max = 9 }
"#;

/// The lines are in order, and whoever has them can compute the digest.
#[test]
fn events_are_what_the_digest_covers() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let result = json(&["run", &scenario, "--json", "-"]);
    let (_, events, _) = asgsim(&["run", &scenario, "--events", "-"]);
    assert_eq!(result["events"], events.lines().count());
    let parsed: Vec<Value> = events.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let places: Vec<_> =
        parsed.iter().map(|e| (e["t"].as_f64().unwrap(), e["group"].as_str().unwrap())).collect();
    assert!(places.is_sorted_by(|a, b| a <= b), "by time, then by group");
    let mut all = Sha256::new();
    for group in ["a", "b"] {
        let of_group = events.lines().zip(&parsed).filter(|(_, e)| e["group"] == group);
        let text: String = of_group.map(|(line, _)| format!("{line}\n")).collect();
        all.update(Sha256::digest(text.as_bytes()));
    }
    let digest: String = all.finalize().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(result["digest"], digest);
}

#[test]
fn a_run_goes_on_from_where_it_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let half = folder.path().join("half.json");
    let half = half.to_str().unwrap();
    let whole = json(&["run", &scenario, "--json", "-"]);
    for until in ["+1h", "+61m30s", "2024-03-01 11:10:00"] {
        let (status, out, err) =
            asgsim(&["run", &scenario, "--until", until, "--save", half, "-q"]);
        assert_eq!((status, out.as_str(), err.as_str()), (0, "", ""));
        assert_eq!(json(&["run", "--restore", half, "--json", "-"]), whole, "{until}");
    }
    let (status, _, err) = asgsim(&["run", "--restore", half, "--until", "+1m"]);
    assert_eq!(status, 2);
    assert!(err.contains("is at 2024-03-01 11:10:00 already"), "{err}");
}

#[test]
fn a_snapshot_notices_another_trace() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "cpu.csv", "time,cpu\n1709287200,50\n1709287500,90\n1709287800,20\n");
    let text = "name = \"x\"\n[trace.t]\nfile = \"cpu.csv\"\n[[group]]\nname = \"g\"\nmin = 1\n\
                max = 3\nload = { recorded = \"t\", instances = 2 }\n";
    let scenario = write(folder.path(), "x.toml", text);
    let saved = folder.path().join("saved.json");
    let saved = saved.to_str().unwrap();
    assert_eq!(asgsim(&["run", &scenario, "--until", "+5m", "--save", saved, "-q"]).0, 0);
    assert_eq!(asgsim(&["run", "--restore", saved, "-q"]).0, 0);
    write(folder.path(), "cpu.csv", "time,cpu\n1709287200,50\n1709287500,91\n1709287800,20\n");
    let (status, _, err) = asgsim(&["run", "--restore", saved, "-q"]);
    assert_eq!(status, 2);
    assert!(err.contains("cpu.csv is not what it was when this was saved"), "{err}");
}

#[test]
fn all_decisions_are_more_and_change_nothing() {
    let few = json(&["run", CROWD, "--json", "-"]);
    let all = json(&["run", CROWD, "--json", "-", "--decisions", "all"]);
    assert_eq!(few["digest"], all["digest"]);
    let outcomes = |result: &Value| {
        let decisions = result["groups"][0]["decisions"].as_array().unwrap().clone();
        decisions.iter().map(|d| d["outcome"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (few, all) = (outcomes(&few), outcomes(&all));
    // 71 periods of six hours are judged by two policies: the first begins at the start.
    assert_eq!(all.len(), 71 * 2);
    let triggers =
        all.iter().filter(|o| !["not_breaching", "streaking", "no_data"].contains(&o.as_str()));
    assert_eq!(triggers.cloned().collect::<Vec<_>>(), few);
}

#[test]
fn tables_and_series_have_a_row_for_each_minute() {
    let folder = tempfile::tempdir().unwrap();
    let tables = folder.path().join("tables");
    assert_eq!(asgsim(&["run", CROWD, "-q", "--csv", tables.to_str().unwrap()]).0, 0);
    let rows = |name: &str| {
        let text = std::fs::read_to_string(tables.join(name)).unwrap();
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).count()
    };
    let result = json(&["run", CROWD, "--json", "-", "--series"]);
    let group = &result["groups"][0];
    for name in ["timeline", "activities", "decisions", "notifications"] {
        assert_eq!(rows(&format!("{name}.csv")), group[name].as_array().unwrap().len(), "{name}");
    }
    assert_eq!(rows("series.csv"), 360);
    for (name, column) in group["series"].as_object().unwrap() {
        assert_eq!(column.as_array().unwrap().len(), 360, "{name}");
    }
}

#[test]
fn exit_statuses() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "two.toml", TWO);
    let wrong = write(folder.path(), "wrong.toml", &TWO.replace("{ max = 9 }", "{ max = 4 }"));
    let bad = write(folder.path(), "bad.toml", &TWO.replace("min = 1", "min = 10"));
    assert_eq!(asgsim(&["test", &good]).0, 0);
    let (status, out, _) = asgsim(&["test", &good, &wrong]);
    assert_eq!(status, 1);
    assert!(out.contains("expected desired <= 4 throughout, found desired = "), "{out}");
    let (status, _, err) = asgsim(&["test", &wrong, &bad]);
    assert_eq!(status, 2, "{err}");
    assert!(err.contains("bad.toml:11: group.a.min: Conflict.MaxsizeLessMinsize"), "{err}");
    assert_eq!(asgsim(&["run", &wrong, "-q"]).0, 0, "a run reports, it does not judge");
    assert_eq!(asgsim(&["run"]).0, 2);
    assert_eq!(asgsim(&["--version"]).0, 0);
    let (status, _, err) = asgsim(&["run", &good, "--json", folder.path().to_str().unwrap()]);
    assert_eq!(status, 3, "{err}");
}

#[test]
fn junit_tells_failures() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = write(folder.path(), "wrong.toml", &TWO.replace("{ max = 9 }", "{ max = 4 }"));
    let report = folder.path().join("report.xml");
    assert_eq!(asgsim(&["test", &wrong, "--junit", report.to_str().unwrap(), "-q"]).0, 1);
    let xml = std::fs::read_to_string(report).unwrap();
    assert!(xml.contains("failures=\"1\"") && xml.contains("found desired = "), "{xml}");
}

#[test]
fn completions_for_common_shells() {
    for shell in ["bash", "zsh", "fish"] {
        let (status, out, _) = asgsim(&["completions", shell]);
        assert_eq!(status, 0);
        assert!(out.contains("--restore"), "{shell}");
    }
}

#[test]
fn manual_pages_of_the_command_and_of_each_subcommand() {
    let (status, page, _) = asgsim(&["man"]);
    assert_eq!(status, 0);
    assert!(page.starts_with(".ie") && page.contains(".TH asgsim 1"), "{page}");
    for subcommand in ["run", "test", "lint", "explain", "compare", "schema", "man"] {
        assert!(page.contains(&format!("asgsim\\-{subcommand}(1)")), "{subcommand}: {page}");
        let (status, page, _) = asgsim(&["man", subcommand]);
        assert_eq!(status, 0, "{subcommand}");
        assert!(page.contains(&format!(".TH asgsim-{subcommand} 1")), "{subcommand}: {page}");
    }
    let (_, page, _) = asgsim(&["man", "run"]);
    assert!(page.contains("\\-\\-baseline"), "{page}");
    let (status, _, err) = asgsim(&["man", "walk"]);
    assert_eq!(status, 2);
    assert!(err.contains("no subcommand \"walk\", only run, test"), "{err}");
}

#[test]
fn a_run_is_held_against_one_without_policies() {
    let crowd = "scenarios/flash-crowd.toml";
    let told = json(&["run", crowd, "--baseline", "--json", "-"]);
    let (with, baseline) = (&told["groups"][0]["summary"], &told["groups"][0]["baseline"]);
    // The same as a run whose rules can never trigger.
    let never = ["out.metric.threshold=100", "in.metric.threshold=0"];
    let sets = never.map(|rule| format!("group.web.policy.{rule}"));
    let still = json(&["run", crowd, "--json", "-", "--set", &sets[0], "--set", &sets[1]]);
    let without = &still["groups"][0]["summary"];
    assert_eq!(&baseline["summary"], without);
    assert_eq!(without["scale_outs"], 0);
    let ratio = |key: &str| without[key].as_f64().unwrap() / with[key].as_f64().unwrap();
    let keys = ["under_accuracy", "over_accuracy", "under_timeshare", "over_timeshare"];
    let expected = keys.map(ratio).iter().product::<f64>().powf(0.25);
    let found = baseline["elastic_speedup"].as_f64().unwrap();
    assert!((found - expected).abs() < 1e-4, "{found}, expected {expected}");
    let (_, text, _) = asgsim(&["run", crowd, "--baseline"]);
    assert!(text.contains("without policies"), "{text}");
    assert!(text.contains(&format!("elastic speed-up {found:.2}")), "{text}");
    // Without the flag there is none.
    let plain = json(&["run", crowd, "--json", "-"]);
    assert!(plain["groups"][0].get("baseline").is_none());
}
