//! What is written where: tables, series, words, and nothing else.

use std::path::Path;

use serde_json::Value;

use super::{CROWD, TWO, asgsim, json, write};

/// The header and the rows of a table.
fn table(folder: &Path, name: &str) -> (String, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().collect::<Vec<_>>().join(",");
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (header, rows.collect())
}

/// A JSON value as a field of a table has it.
fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.len().to_string(),
        // A decimal is written as a number in JSON: 3600.0 and 3600 are one.
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        other => other.to_string(),
    }
}

/// A number as a field of a table has it.
fn plain(text: &str) -> String {
    text.parse::<f64>().map_or(text.to_owned(), |number| number.to_string())
}

#[test]
fn tables_say_what_the_result_says() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let tables = folder.path().join("deep/tables");
    let target = tables.to_str().unwrap();
    let result =
        json(&["run", &scenario, "--json", "-", "--csv", target, "--series", "--decisions", "all"]);
    let expected = [
        (
            "timeline",
            "group,t,min,max,desired,members,in_service,recorded",
            "t min max desired members in_service recorded",
        ),
        (
            "activities",
            "group,id,type,status,error_code,cause,description,msg,t_start,t_end,start_time,\
             end_time,succeeded,failed,origin,origin_name",
            "id type status error_code cause description msg t_start t_end start_time end_time \
             succ_ins_list fail_ins_list origin origin_name",
        ),
        (
            "decisions",
            "group,t,policy,value,threshold,streak,outcome,desired,unclamped,target,actual,\
             blocked_by,blocker_id,blocked_until",
            "t policy value threshold streak outcome desired unclamped target actual blocker.by \
             blocker.id blocker.until",
        ),
    ];
    for (name, header, keys) in expected {
        let (found, rows) = table(&tables, &format!("{name}.csv"));
        assert_eq!(found, header);
        let of_group = |group: &Value| {
            let row = |entry: &Value| {
                let fields = keys.split_whitespace().map(|key| {
                    field(
                        key.split('.')
                            .fold(entry, |entry, key| entry.get(key).unwrap_or(&Value::Null)),
                    )
                });
                std::iter::once(field(&group["name"])).chain(fields).collect::<Vec<String>>()
            };
            group[name].as_array().unwrap().iter().map(row).collect::<Vec<_>>()
        };
        let groups = result["groups"].as_array().unwrap();
        let expected: Vec<Vec<String>> = groups.iter().flat_map(of_group).collect();
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|text| plain(text)).collect()).collect();
        assert!(!rows.is_empty());
        assert_eq!(rows, expected, "{name}");
    }
}

#[test]
fn the_series_is_a_row_per_minute_and_group() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let target = folder.path().to_str().unwrap();
    let arguments = ["run", &scenario, "--json", "-", "--csv", target, "--series"];
    let cut = [&arguments[..], &["--until", "+90m30s"]].concat();
    let result = json(&cut);
    let (header, rows) = table(folder.path(), "series.csv");
    let columns = "t,offered,served,capacity,lost,backlog,in_service,cpu_usage,mem_usage,\
                   lan_outtraffic,lan_intraffic,recorded";
    assert_eq!(header, format!("group,{columns}"));
    assert_eq!(rows.len(), 2 * 91);
    for (group, rows) in result["groups"].as_array().unwrap().iter().zip(rows.chunks(91)) {
        let series = group["series"].as_object().unwrap();
        assert_eq!(series.len(), 12);
        for (place, column) in columns.split(',').enumerate() {
            let values: Vec<String> =
                series[column].as_array().unwrap().iter().map(field).collect();
            let found: Vec<String> = rows.iter().map(|row| plain(&row[place + 1])).collect();
            assert_eq!(found, values, "{column}");
        }
        assert!(rows.iter().all(|row| row[0] == group["name"].as_str().unwrap()));
    }
    let first: Vec<String> = rows[0].iter().map(|text| plain(text)).collect();
    let expected = ["a", "1709258400", "150", "150", "200", "0", "0", "2", "75", "", "", "", ""];
    assert_eq!(first, expected);
}

#[test]
fn no_series_unless_asked_for() {
    let result = json(&["run", CROWD, "--json", "-"]);
    assert_eq!(result["groups"][0].get("series"), None);
}

#[test]
fn arrays_are_present_when_empty() {
    let folder = tempfile::tempdir().unwrap();
    let calm = "name = \"calm\"\nstart = \"2024-03-01 00:00:00\"\nduration = \"1h\"\n\
                [[group]]\nname = \"web\"\nmin = 2\nmax = 2\n";
    let scenario = write(folder.path(), "calm.toml", calm);
    let result = json(&["run", &scenario, "--json", "-"]);
    for key in ["expectations", "warnings"] {
        assert_eq!(result[key], Value::Array(Vec::new()), "{key}");
    }
    let group = &result["groups"][0];
    for key in ["activities", "decisions", "notifications"] {
        assert_eq!(group[key], Value::Array(Vec::new()), "{key}");
    }
    assert_eq!(group["timeline"].as_array().unwrap().len(), 1);
    // Figures without a meaning are null, and there.
    for key in ["slo_minutes", "lost_load", "under_accuracy", "instability", "recorded_cost"] {
        assert_eq!(group["summary"].get(key), Some(&Value::Null), "{key}");
    }
}

#[test]
fn a_row_of_recorded_load_tells_the_recorded_count() {
    let folder = tempfile::tempdir().unwrap();
    let text = "name = \"x\"\nstart = \"2024-03-01 00:00:00\"\nduration = \"30m\"\n\
                [trace.cpu]\nseries = \"50x30\"\n[trace.n]\nseries = \"4x9 _ _ 6x18\"\n\
                [[group]]\nname = \"g\"\nmin = 3\nmax = 3\n\
                load = { recorded = \"cpu\", instances = \"n\" }\n";
    let scenario = write(folder.path(), "x.toml", text);
    let result = json(&["run", &scenario, "--json", "-"]);
    let rows = result["groups"][0]["timeline"].as_array().unwrap().clone();
    let start = result["start"].as_f64().unwrap();
    let found: Vec<(f64, &Value)> = rows
        .iter()
        .map(|row| ((row["t"].as_f64().unwrap() - start) / 60.0, &row["recorded"]))
        .collect();
    let [four, six] = [Value::from(4), Value::from(6)];
    assert_eq!(found, [(0.0, &four), (10.0, &Value::Null), (12.0, &six)]);
}

#[test]
fn words_stay_away_from_data() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let file = folder.path().join("out");
    let file = file.to_str().unwrap();
    let silent = [
        vec!["run", &scenario, "--quiet"],
        vec!["run", &scenario, "-q", "--json", file],
        vec!["run", &scenario, "-q", "--events", file],
        vec!["run", &scenario, "-q", "--save", file],
        vec!["test", &scenario, "--quiet"],
    ];
    for arguments in silent {
        assert_eq!(asgsim(&arguments), (0, String::new(), String::new()), "{arguments:?}");
    }
    let (status, out, err) = asgsim(&["run", &scenario, "--save", "-"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let snapshot: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(snapshot["schema"], "asgsim.snapshot/1");
    // A file takes no words away.
    let (_, out, _) = asgsim(&["run", &scenario, "--json", file]);
    assert!(
        out.starts_with("two\n2024-03-01 10:00:00 to 2024-03-01 13:00:00 (+08:00), 3h\n"),
        "{out}"
    );
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let written: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(written, json(&["run", &scenario, "--json", "-"]));
}

#[test]
fn bad_usage_and_outputs_that_fail() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = write(folder.path(), "two.toml", TWO);
    let file = write(folder.path(), "file", "");
    let nowhere = folder.path().join("no/where");
    let nowhere = nowhere.to_str().unwrap();
    let table = [
        (2, vec![]),
        (2, vec!["ruin", &scenario]),
        (2, vec!["run", &scenario, "--jsn", "-"]),
        (2, vec!["run", &scenario, "--decisions", "some"]),
        (2, vec!["run", &scenario, "--seed", "-1"]),
        (2, vec!["run", &scenario, "--restore", &file]),
        (2, vec!["run", "--restore", &file]),
        (2, vec!["run", nowhere]),
        (2, vec!["run", folder.path().to_str().unwrap()]),
        (2, vec!["test", nowhere]),
        (2, vec!["test"]),
        (2, vec!["completions", "elvis"]),
        (0, vec!["--help"]),
        (0, vec!["run", "--help"]),
        (3, vec!["run", &scenario, "--json", nowhere]),
        (3, vec!["run", &scenario, "--events", nowhere]),
        (3, vec!["run", &scenario, "--save", nowhere]),
        (3, vec!["run", &scenario, "--csv", &file]),
        (3, vec!["test", &scenario, "--junit", nowhere]),
        // The run itself fails.
        (3, vec!["run", &scenario, "--set", "limits.records=3"]),
        (3, vec!["test", &scenario, "--set", "limits.records=3"]),
    ];
    for (expected, arguments) in table {
        let (status, out, err) = asgsim(&arguments);
        assert_eq!(status, expected, "{arguments:?}: {err}");
        assert_eq!(err.is_empty(), status == 0, "{arguments:?}: {err}");
        if status != 0 {
            assert_eq!(out, "", "{arguments:?}");
        }
    }
}

#[test]
fn a_test_tells_what_failed_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.toml", TWO);
    let wrong = write(folder.path(), "wrong.toml", &TWO.replace("{ max = 9 }", "{ max = 4 }"));
    let (status, out, err) = asgsim(&["test", &wrong, &good]);
    assert_eq!((status, err.as_str()), (1, ""));
    let out = out.replace(folder.path().to_str().unwrap(), "folder");
    assert_eq!(
        out,
        "FAIL  folder/wrong.toml: 1 of 1 not as expected\n\
         \u{20}     group b: expected desired <= 4 throughout, found desired = 8 at 2024-03-01 10:45:00\n\
         ok    folder/good.toml: 1 as expected\n"
    );
    // Bad input is the worse news, and the others are still told.
    let (status, out, err) = asgsim(&["test", &wrong, "nowhere.toml", &good]);
    assert_eq!((status, out.lines().count(), err.lines().count()), (2, 3, 1));
    assert!(err.starts_with("asgsim: error: nowhere.toml: "), "{err}");
}

#[test]
fn junit_tells_every_expectation_and_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.toml", TWO);
    let wrong = write(folder.path(), "wrong.toml", &TWO.replace("{ max = 9 }", "{ max = 4 }"));
    let bad = write(folder.path(), "bad.toml", "nme = \"x\"\n");
    let report = folder.path().join("report.xml");
    let junit = ["test", &good, &wrong, &bad, "--junit", report.to_str().unwrap()];
    assert_eq!(asgsim(&junit).0, 2);
    let xml = std::fs::read_to_string(report).unwrap();
    let has = |text: &str| assert!(xml.contains(text), "{text}: {xml}");
    has("<testsuites name=\"asgsim\" tests=\"3\" skipped=\"0\" failures=\"1\" errors=\"1\"");
    has("<testcase name=\"b: desired &lt;= 9 throughout\"");
    has("<testcase name=\"b: desired &lt;= 4 throughout\"");
    has("<failure message=\"group b: expected desired &lt;= 4 throughout, found desired = 8");
    has("bad.toml:1: nme: unknown key `nme`, did you mean `name`?");
    assert!(!xml.contains("timestamp") && !xml.contains("uuid"), "the same every time: {xml}");
}
