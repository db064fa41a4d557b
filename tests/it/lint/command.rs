//! `asgsim lint`: what is printed, and exit statuses.

use expect_test::expect;
use serde_json::{Value, json};
use tempfile::TempDir;

const FLAPPING: &str = include_str!("faulty/flapping.toml");
const IDLE: &str = include_str!("faulty/idle-task.toml");

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn ran(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::Command::cargo_bin("asgsim").unwrap();
    let output = command.current_dir(folder).arg("lint").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn assert_keys(value: &Value, sorted: &str) {
    let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.join(" "), sorted);
}

const MEND: &str = "group.web.policy.in.metric.threshold=39";

#[test]
fn text_and_exit_statuses() {
    let folder = folder(&[("a.toml", FLAPPING), ("b.toml", IDLE)]);
    let (status, out, err) = ran(&folder, &["a.toml", "b.toml"]);
    assert_eq!((status, err.as_str()), (0, ""));
    expect![[r#"
        a.toml:21: warning[flapping] group.web.policy.out: at a constant load of 190 (and any from 180.000002 to 199.999997) the group never rests: `out` goes 3 → 4 at 63.33 > 60 and `in` goes 4 → 3 at 47.5 < 50. Move the thresholds further apart, take smaller steps, or raise min: the fewer the instances, the more one of them matters
        b.toml:37: note[idle-task] group.web.scheduled_task.late.start: `late` triggers at 2024-03-02 08:00:00 for the first time, after the end of the run. Move its times into the run, or take it out
    "#]].assert_eq(&out);
    let status = |arguments: &[&str]| ran(&folder, arguments).0;
    assert_eq!(status(&["a.toml", "--deny", "warnings"]), 1);
    assert_eq!(status(&["a.toml", "--deny", "warnings", "--set", MEND]), 0);
    assert_eq!(status(&["b.toml", "--deny", "warnings"]), 0, "a note is no warning");
    assert_eq!(status(&["a.toml", "--deny", "notes"]), 2);
    assert_eq!(status(&["c.toml"]), 2);
    assert_eq!(status(&[]), 2);
    let (_, out, _) = ran(&folder, &["a.toml", "--set", MEND]);
    assert_eq!(out, "ok    a.toml\n");
}

#[test]
fn json_has_every_key() {
    let allow = "\n[[lint.allow]]\nrule = \"flapping\"\nreason = \"to see it\"\n";
    let allowed = format!("{FLAPPING}{allow}");
    let folder = folder(&[("a.toml", FLAPPING), ("b.toml", &allowed), ("c.toml", "name = 1")]);
    let (status, out, err) = ran(&folder, &["a.toml", "b.toml", "c.toml", "--json", "-"]);
    assert_eq!(status, 2);
    assert!(err.starts_with("asgsim: error: c.toml:1: name: "), "{err}");
    let output: Value = serde_json::from_str(&out).expect("one JSON document and nothing else");
    assert_eq!(output["schema"], "asgsim.lint/1");
    assert_eq!(output["version"], env!("CARGO_PKG_VERSION"));
    let [a, b, c] = &output["files"].as_array().unwrap()[..] else { panic!("three files") };
    for file in [a, b, c] {
        assert_keys(file, "allowed errors file findings");
    }
    let finding = &a["findings"][0];
    assert_keys(finding, "advice key line rule severity why");
    assert_eq!(finding["key"], "group.web.policy.out");
    assert_eq!((&finding["severity"], &finding["line"]), (&json!("warning"), &json!(21)));
    assert_eq!((&a["errors"], &a["allowed"]), (&json!([]), &json!([])));
    assert_eq!(b["findings"], json!([]));
    let (reason, rule) = (&b["allowed"][0]["reason"], &b["allowed"][0]["rule"]);
    assert_eq!((reason, rule), (&json!("to see it"), &json!("flapping")));
    assert_eq!((&c["errors"][0]["line"], &c["errors"][0]["key"]), (&json!(1), &json!("name")));
    let (_, text, _) = ran(&folder, &["a.toml", "--json", "out.json"]);
    assert!(text.starts_with("a.toml:21: warning[flapping] "), "{text}");
    assert!(folder.path().join("out.json").exists());
}

/// `run` stops at the first fault, `lint` tells all of them.
#[test]
fn all_that_is_wrong_with_the_input() {
    let text = FLAPPING
        .replace("value = 1 }", "value = 99 }")
        .replace("repeat_times = 2", "repeat_times = 11")
        .replace("desired = 2", "desirred = 2")
        + "\n[[group]]\nname = \"web\"\nmin = 3\nmax = 2\n\n[[expect]]\ngroup = \"wob\"\nat = \"+1h\"\n\
           in_service = 1\n\n[[lint.allow]]\nrule = \"flapping\"\nreason = \" \"\n";
    let folder = folder(&[("a.toml", &text)]);
    let (status, out, err) = ran(&folder, &["a.toml"]);
    assert_eq!((status, out.as_str()), (2, ""));
    expect![[r#"
        asgsim: error: a.toml:15: group.web.desirred: unknown key `desirred`, did you mean `desired`? (known: name, configuration, min, max, desired, initial, remove_policy, zones, subnets, load_balancers, load, policy, scheduled_task, hook, notification, faults)
        asgsim: error: a.toml:24: group.web.policy.out.adjustment.value: InvalidParameter.AdjustmentValue: adjustment value 99 is out of range: -30 to 30 (limits.max_size)
        asgsim: error: a.toml:29: group.web.policy.in.metric.repeat_times: InvalidParameter.Metric: repeat_times 11 is out of range: 1 to 10
        asgsim: error: a.toml:35: group.web.min: Conflict.MaxsizeLessMinsize: minimum size 3 is above the maximum size 2
        asgsim: error: a.toml:39: expect[0].group: no [[group]] is named `wob`, did you mean `web`?
        asgsim: error: a.toml:45: lint.allow[0].reason: the reason is empty: say why the finding is meant to be there
    "#]].assert_eq(&err);
    let mut run = assert_cmd::Command::cargo_bin("asgsim").unwrap();
    let first = run.current_dir(&folder).args(["run", "a.toml"]).output().unwrap().stderr;
    assert!(err.starts_with(&String::from_utf8(first).unwrap()));
}
