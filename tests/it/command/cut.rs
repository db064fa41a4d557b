//! Runs in parts, and with changed values: `--until`, `--save`, `--restore`, `--set`, `--seed`.

use serde_json::{Value, json};

use super::{TWO, asgsim, json, write};

/// The two groups, with something to come and something to hold later on.
fn with_a_future() -> String {
    let later = r#"
[[at]]
time = "+2h"
do = "set_capacity"
group = "a"
min = 4
[[expect]]
group = "a"
at = "+2h30m"
desired = { min = 4 }
[[expect]]
group = "a"
during = ["+30m", "+90m"]
desired = { min = 1 }
"#;
    format!("{TWO}{later}")
}

#[test]
fn a_run_may_be_cut_before_what_its_scenario_says_of_later() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "later.toml", &with_a_future());
    let expected = |until: &str| {
        let result = json(&["run", &scenario, "--json", "-", "--until", until]);
        let findings = result["expectations"].as_array().unwrap().clone();
        findings.iter().map(|f| f["expected"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let throughout = "desired <= 9 throughout";
    let at = "desired >= 4 at 2024-03-01 12:30:00";
    let during = "desired >= 1 from 2024-03-01 10:30:00 to 2024-03-01 11:30:00";
    // What lies beyond the end is not judged.
    assert_eq!(expected("+1h"), [throughout]);
    assert_eq!(expected("+90m"), [throughout, during]);
    assert_eq!(expected("+2h30m"), [throughout, during]);
    assert_eq!(expected("2024-03-01 12:30:01"), [throughout, at, during]);
}

#[test]
fn a_run_that_is_saved_before_its_script_goes_on_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "later.toml", &with_a_future());
    let saved = folder.path().join("saved.json");
    let saved = saved.to_str().unwrap();
    let whole = json(&["run", &scenario, "--json", "-"]);
    for until in ["+30m", "+2h", "+2h1s"] {
        assert_eq!(asgsim(&["run", &scenario, "-q", "--until", until, "--save", saved]).0, 0);
        assert_eq!(json(&["run", "--restore", saved, "--json", "-"]), whole, "{until}");
    }
}

#[test]
fn a_part_of_a_run_is_the_beginning_of_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    // Noise and latencies are drawn alike, however long the run.
    let scenario =
        TWO.replace("series = \"150x60 500x60 100x60\"", "synth = { base = 300, noise = 80 }");
    let scenario = scenario + "[latency]\nrandom = true\n";
    let scenario = write(folder.path(), "noisy.toml", &scenario);
    let events = |until: &str| asgsim(&["run", &scenario, "--events", "-", "--until", until]).1;
    let whole = events("+3h");
    for until in ["+30m", "+1h7m13s"] {
        let part = events(until);
        assert!(!part.is_empty() && whole.starts_with(&part), "{until}");
    }
    assert!(events("+5h").starts_with(&whole));
}

#[test]
fn a_time_that_is_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let refused = |until: &str| {
        let (status, out, err) = asgsim(&["run", &scenario, "--until", until]);
        assert_eq!((status, out.as_str()), (2, ""), "{until}");
        err.trim_end().strip_prefix("asgsim: error: ").unwrap().replace(&scenario, "two.toml")
    };
    assert_eq!(refused("+0s"), "two.toml: --until: the run must end after its start");
    assert_eq!(
        refused("2024-03-01 09:00:00"),
        "two.toml: --until: the run must end after its start"
    );
    assert_eq!(refused("+4000d"), "two.toml: --until: a run lasts at most ten years (3660d)");
    assert_eq!(
        refused("noon"),
        "--until noon: `noon` is no civil time: write `YYYY-MM-DD hh:mm:ss`"
    );
    assert!(refused("+1x").starts_with("--until +1x: "));
}

#[test]
fn the_seed_is_a_value_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{TWO}[latency]\nrandom = true\n");
    let scenario = write(folder.path(), "two.toml", &text);
    let run = |arguments: &[&str]| {
        let all = [&["run", scenario.as_str(), "--json", "-"], arguments].concat();
        json(&all)
    };
    let seven = run(&["--seed", "7"]);
    assert_eq!(seven["seed"], 7);
    assert_eq!(seven, run(&["--set", "seed=7"]));
    assert_eq!(seven, run(&["--set", "seed=1", "--seed", "7"]));
    assert_ne!(seven["digest"], run(&[])["digest"]);
    assert_eq!(run(&[]), run(&["--seed", "0"]));
}

#[test]
fn values_are_set_for_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let capacity = |set: &[&str]| {
        let options = set.iter().flat_map(|set| ["--set", set]);
        let arguments: Vec<&str> =
            ["run", &scenario, "--json", "-"].into_iter().chain(options).collect();
        let row = json(&arguments)["groups"][0]["timeline"][0].clone();
        [&row["min"], &row["max"], &row["desired"]].map(|n| n.as_u64().unwrap())
    };
    assert_eq!(capacity(&[]), [1, 9, 2]);
    assert_eq!(capacity(&["group.a.max=5"]), [1, 5, 2]);
    assert_eq!(capacity(&["group.0.max=5", "group.a.desired=3"]), [1, 5, 3]);
    assert_eq!(capacity(&["group.a.max=5", "group.a.max=6"]), [1, 6, 2]);
    let (status, _, err) = asgsim(&["run", &scenario, "--set", "group.c.max=5"]);
    assert_eq!(status, 2);
    let expected =
        "asgsim: error: --set group.c.max=5: `c` in `group.c.max` names nothing: there is a, b\n";
    assert_eq!(err, expected);
    let (_, _, err) = asgsim(&["run", &scenario, "--set", "group.a.max=many"]);
    assert_eq!(
        err,
        "asgsim: error: --set group.a.max=many: group.a.max: found string \"many\", expected a whole \
         number, 0 or more\n"
    );
}

/// A saved state with one value changed.
fn refused_snapshot(change: impl FnOnce(&mut Value)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let saved = folder.path().join("saved.json");
    let saved = saved.to_str().unwrap();
    assert_eq!(asgsim(&["run", &scenario, "-q", "--until", "+1h", "--save", saved]).0, 0);
    let mut snapshot: Value =
        serde_json::from_str(&std::fs::read_to_string(saved).unwrap()).unwrap();
    change(&mut snapshot);
    let changed = write(folder.path(), "changed.json", &snapshot.to_string());
    let (status, out, err) = asgsim(&["run", "--restore", &changed]);
    assert_eq!((status, out.as_str()), (2, ""), "{err}");
    err.replace(&changed, "changed.json").replace("asgsim: error: ", "")
}

#[test]
fn snapshots_that_cannot_be_gone_on_from() {
    let here = env!("CARGO_PKG_VERSION");
    let found = refused_snapshot(|s| s["version"] = json!("9.9.9"));
    let expected = format!(
        "changed.json: the snapshot is of asgsim.snapshot/1, version 9.9.9; this is \
         asgsim.snapshot/1, version {here}\n"
    );
    assert_eq!(found, expected);
    let found = refused_snapshot(|s| s["schema"] = json!("asgsim.snapshot/7"));
    assert!(
        found.starts_with("changed.json: the snapshot is of asgsim.snapshot/7, version "),
        "{found}"
    );
    let found = refused_snapshot(|s| s["digest"] = json!("00"));
    let expected = "changed.json: the snapshot plays another story now: its digest differs\n";
    assert_eq!(found, expected);
    let found = refused_snapshot(|s| {
        s["text"] = json!(s["text"].as_str().unwrap().replace("150x60", "950x60"))
    });
    assert_eq!(found, expected);
    let found = refused_snapshot(|s| s["extra"] = json!(1));
    assert!(
        found.starts_with("changed.json:1: this is no snapshot: unknown field `extra`"),
        "{found}"
    );
    let found = refused_snapshot(|s| drop(s.as_object_mut().unwrap().remove("now")));
    assert!(
        found.starts_with("changed.json:1: this is no snapshot: missing field `now`"),
        "{found}"
    );
}
