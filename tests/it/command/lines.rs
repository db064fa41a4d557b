//! Exit statuses, words on stdout and stderr, and readers that go away.

use std::path::Path;

use assert_cmd::Command;
use expect_test::expect;
use tempfile::TempDir;

/// Two groups for an hour, one of them with chance in it.
pub const SCENARIO: &str = r#"name = "two"
start = "2024-03-01 10:00:00"
duration = "1h"

[latency]
random = true

[trace.load]
file = "load.csv"

[[group]]
name = "web"
min = 1
max = 9
desired = 2

[group.load]
demand = "load"
per_instance = 100

[[group.policy]]
name = "out"
metric = { dimension = "cpu_usage", operator = "Greater", threshold = 70, repeat_times = 1 }
adjustment = { type = "QuantityChangeInCapacity", value = 1 }
cooldown = "2m"

[[group]]
name = "db"
min = 1
max = 3

[[at]]
do = "set_capacity"
time = "+40m"
group = "db"
min = 3

[[expect]]
group = "db"
at = "+50m"
in_service = 3
"#;

pub const TRACE: &str = "time,load\n2024-03-01 10:00:00,150\n2024-03-01 10:30:00,600\n";

/// A folder with the scenario `two.toml` and its trace.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("two.toml"), SCENARIO).unwrap();
    std::fs::write(folder.path().join("load.csv"), TRACE).unwrap();
    folder
}

fn asgsim(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("asgsim").unwrap();
    command.current_dir(folder).args(arguments);
    command
}

/// Status, stdout and stderr.
pub fn ran(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let output = asgsim(folder.path(), arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The stdout of a command that ends well and says nothing on stderr.
#[track_caller]
pub fn stdout(folder: &TempDir, arguments: &[&str]) -> String {
    let (status, stdout, stderr) = ran(folder, arguments);
    assert_eq!((status, stderr.as_str()), (0, ""), "{arguments:?}");
    stdout
}

#[test]
fn exit_statuses() {
    let folder = folder();
    let table: [(&[&str], i32); 23] = [
        (&["run", "two.toml"], 0),
        (&["test", "two.toml"], 0),
        (&["schema"], 0),
        (&["completions", "bash"], 0),
        (&["man", "run"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
        (&["run", "--help"], 0),
        (&["test", "two.toml", "--set", "expect.0.in_service=4"], 1),
        (&[], 2),
        (&["run"], 2),
        (&["walk"], 2),
        (&["run", "two.toml", "--fast"], 2),
        (&["run", "two.toml", "--seed", "-1"], 2),
        (&["run", "none.toml"], 2),
        (&["run", "two.toml", "--set", "group.web.mim=1"], 2),
        (&["run", "two.toml", "--restore", "half.json"], 2),
        (&["run", "two.toml", "--json", "-", "--events", "-"], 2),
        (&["completions", "tcsh"], 2),
        (&["man", "walk"], 2),
        (&["test", "none.toml"], 2),
        (&["run", "two.toml", "--json", "none/result.json"], 3),
        (&["run", "two.toml", "--set", "limits.records=10"], 3),
    ];
    for (arguments, expected) in table {
        let (status, stdout, stderr) = ran(&folder, arguments);
        assert_eq!(status, expected, "{arguments:?}: {stdout}{stderr}");
        assert_eq!(stderr.is_empty(), status < 2, "{arguments:?}: {stderr}");
    }
}

#[test]
fn errors_are_one_line_on_stderr() {
    let folder = folder();
    let mut lines = String::new();
    for arguments in [
        ["run", "two.toml", "--set", "group.web.mim=1"],
        ["run", "two.toml", "--until", "tomorrow"],
        ["run", "two.toml", "--json", "none/result.json"],
        ["run", "two.toml", "--set", "limits.records=10"],
        ["run", "two.toml", "--set", "trace.load.file=\"none.csv\""],
        ["run", "two.toml", "--seed", "18446744073709551615"],
    ] {
        let (_, stdout, stderr) = ran(&folder, &arguments);
        assert_eq!(stdout, "");
        lines += &stderr;
    }
    expect![[r#"
        asgsim: error: --set group.web.mim=1: group.web.mim: unknown key `mim`, did you mean `min`? (known: name, configuration, min, max, desired, initial, remove_policy, zones, subnets, load_balancers, load, policy, scheduled_task, hook, notification, faults)
        asgsim: error: --until tomorrow: `tomorrow` is no civil time: write `YYYY-MM-DD hh:mm:ss`
        asgsim: error: none/result.json: No such file or directory (os error 2)
        asgsim: error: group "web": the run has more than 10 records at 2024-03-01 02:06:07 UTC (limits.records): shorten it, calm its policies or raise the limit
        asgsim: error: --set trace.load.file="none.csv": trace.load.file: none.csv: No such file or directory (os error 2)
        asgsim: error: --set seed=18446744073709551615: `18446744073709551615` is out of range: at most 9223372036854775807 in size
    "#]].assert_eq(&lines);
}

#[test]
fn quiet_prints_nothing() {
    let folder = folder();
    assert_eq!(stdout(&folder, &["run", "two.toml", "--quiet"]), "");
    assert_eq!(stdout(&folder, &["test", "two.toml", "-q"]), "");
    assert_eq!(stdout(&folder, &["run", "two.toml", "-q", "--json", "result.json"]), "");
    assert!(folder.path().join("result.json").exists());
    // What fails is told all the same.
    let fail = ["test", "two.toml", "-q", "--set", "expect.0.in_service=4"];
    assert!(ran(&folder, &fail).1.starts_with("FAIL"));
}

/// The reader goes away before anything is written.
#[test]
fn a_closed_pipe_is_no_failure() {
    let folder = folder();
    let commands: [&[&str]; 7] = [
        &["run", "two.toml"],
        &["run", "two.toml", "--json", "-"],
        &["run", "two.toml", "--json", "-", "--series", "--decisions", "all"],
        &["run", "two.toml", "--events", "-"],
        &["test", "two.toml"],
        &["schema"],
        &["--help"],
    ];
    for arguments in commands {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("asgsim"))
            .current_dir(folder.path())
            .args(arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn test_tells_what_holds() {
    let folder = folder();
    let fail = SCENARIO.replace("in_service = 3", "in_service = 4\nmembers = 3");
    std::fs::write(folder.path().join("fail.toml"), fail).unwrap();
    std::fs::write(folder.path().join("bad.toml"), "name = 1\n").unwrap();
    assert_eq!(stdout(&folder, &["test", "two.toml"]), "ok    two.toml: 1 as expected\n");
    let (status, told, _) =
        ran(&folder, &["test", "two.toml", "fail.toml", "--junit", "report.xml"]);
    assert_eq!(status, 1);
    expect![[r#"
        ok    two.toml: 1 as expected
        FAIL  fail.toml: 1 of 2 not as expected
              group db: expected in_service = 4 at 2024-03-01 10:50:00, found in_service = 3 at 2024-03-01 10:50:00
    "#]].assert_eq(&told);
    let xml = std::fs::read_to_string(folder.path().join("report.xml")).unwrap();
    assert!(xml.starts_with("<?xml"), "{xml}");
    for part in [
        "<testsuite name=\"two.toml\" tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"0\">",
        "<testsuite name=\"fail.toml\" tests=\"2\" skipped=\"0\" errors=\"0\" failures=\"1\">",
        "<testcase name=\"db: members = 3 at 2024-03-01 10:50:00\"/>",
        "found in_service = 3 at 2024-03-01 10:50:00",
    ] {
        assert!(xml.contains(part), "{part} is not in {xml}");
    }
    // Bad input is worse than a failure, and the others are told all the same.
    let (status, told, error) =
        ran(&folder, &["test", "fail.toml", "bad.toml", "two.toml", "--junit", "report.xml"]);
    assert_eq!(status, 2);
    assert!(told.starts_with("FAIL  fail.toml") && told.ends_with("1 as expected\n"), "{told}");
    expect![[r#"
        asgsim: error: bad.toml:1: name: found `1`, expected a string in quotes
    "#]]
    .assert_eq(&error);
    let xml = std::fs::read_to_string(folder.path().join("report.xml")).unwrap();
    let suite =
        "<testsuite name=\"bad.toml\" tests=\"1\" skipped=\"0\" errors=\"1\" failures=\"0\">";
    assert!(xml.contains(suite), "{xml}");
}
