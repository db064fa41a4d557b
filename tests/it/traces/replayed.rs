//! Each public trace in a scenario of its own, run to the end, with what is odd about it said in
//! the warnings.

use std::path::PathBuf;

use asgsim::scenario::build::build;
use asgsim::scenario::document::Document;
use asgsim::scenario::file::ScenarioFile;
use expect_test::{Expect, expect};

/// A scenario of one group on one trace: further keys of the trace, and the group's load.
fn warnings(file: &str, trace: &str, load: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let folder = std::env::var_os("ASGSIM_TRACES").map_or(beside, PathBuf::from);
    if !folder.join(file).exists() {
        println!("skipped: no ASGSIM_TRACES, and no ../shared/traces beside the crate");
        return None;
    }
    let text = format!(
        r#"
        name = "replay"
        utc_offset = "+00:00"
        [trace.t]
        file = "{file}"
        {trace}
        [[group]]
        name = "g"
        min = 1
        max = 20
        load = {load}
        [[group.policy]]
        name = "out"
        metric = {{ dimension = "cpu_usage", operator = "Greater", threshold = 55, repeat_times = 1 }}
        adjustment = {{ type = "QuantityChangeInCapacity", value = 1 }}
        cooldown = "5m"
        [[group.policy]]
        name = "in"
        metric = {{ dimension = "cpu_usage", operator = "Less", threshold = 30, repeat_times = 3 }}
        adjustment = {{ type = "QuantityChangeInCapacity", value = -1 }}
        cooldown = "5m"
        "#
    );
    let document = Document::parse("replay.toml", text.as_bytes(), &[]).unwrap();
    let shape: ScenarioFile = document.decode().unwrap();
    let read = |name: &str| std::fs::read(folder.join(name)).map_err(|e| e.to_string());
    let scenario = build(&shape, &read, None);
    let scenario = scenario.unwrap_or_else(|fault| panic!("{}", document.locate(fault)));
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    let acted = run.groups[0].history.triggers.len();
    assert!(acted > 0, "{file}: the rules never triggered");
    Some(format!("{:#?}", run.warnings))
}

#[track_caller]
fn check(file: &str, trace: &str, load: &str, expected: Expect) {
    if let Some(found) = warnings(file, trace, load) {
        expected.assert_eq(&found);
    }
}

#[test]
fn files_of_utilisation() {
    let recorded = r#"{ recorded = "t", instances = 4 }"#;
    check(
        "nab_cpu_utilization_asg_misconfiguration.csv",
        "",
        recorded,
        expect![[r#"
        [
            "trace t: the samples stand 4m after the multiples of 5m",
            "trace t: 18050 times without a zone: read at +00:00 (utc_offset)",
        ]"#]],
    );
    check(
        "nab_ec2_cpu_utilization_ac20cd.csv",
        "",
        recorded,
        expect![[r#"
        [
            "trace t: the samples stand 4m after the multiples of 5m",
            "trace t: 4032 times without a zone: read at +00:00 (utc_offset)",
            "trace t: 2 gaps, 5 slots of 5m without a value (gaps = \"missing\")",
        ]"#]],
    );
    check(
        "nab_ec2_cpu_utilization_fe7f93.csv",
        "",
        recorded,
        expect![[r#"
        [
            "trace t: the samples stand 2m after the multiples of 5m",
            "trace t: 4032 times without a zone: read at +00:00 (utc_offset)",
        ]"#]],
    );
    check(
        "nab_rds_cpu_utilization_cc0c53.csv",
        "",
        recorded,
        expect![[r#"
        [
            "trace t: 4032 times without a zone: read at +00:00 (utc_offset)",
            "trace t: 1 gap, 1 slot of 5m without a value (gaps = \"missing\")",
        ]"#]],
    );
    check(
        "nab_grok_asg_anomaly.csv",
        "",
        recorded,
        expect![[r#"
        [
            "trace t: 4621 times without a zone: read at +00:00 (utc_offset)",
        ]"#]],
    );
}

#[test]
fn files_of_counts_and_rates() {
    let of = |per_instance: &str| format!(r#"{{ demand = "t", per_instance = {per_instance} }}"#);
    let zero = "per = \"5m\"\ngaps = \"zero\"";
    check(
        "nab_elb_request_count_8c0756.csv",
        zero,
        &of("0.5"),
        expect![[r#"
        [
            "trace t: the samples stand 4m after the multiples of 5m",
            "trace t: 4032 times without a zone: read at +00:00 (utc_offset)",
            "trace t: 8 gaps, 8 slots of 5m without a value (gaps = \"zero\")",
        ]"#]],
    );
    check(
        "nab_ec2_network_in_5abac7.csv",
        "per = \"5m\"",
        &of("1000"),
        expect![[r#"
        [
            "trace t: the samples stand 1m after the multiples of 5m",
            "trace t: 4730 times without a zone: read at +00:00 (utc_offset)",
            "trace t: 11 repeated timestamps with other values: the last of each was taken (duplicates = \"last\")",
            "trace t: 12 rows off the grid of 5m from 2014-03-01 17:36:00 (+00:00) on",
            "trace t: 1 gap, 12 slots of 5m without a value (gaps = \"missing\")",
        ]"#]],
    );
    check(
        "nab_nyc_taxi.csv",
        "per = \"30m\"",
        &of("4"),
        expect![[r#"
        [
            "trace t: 10320 times without a zone: read at +00:00 (utc_offset)",
        ]"#]],
    );
    check(
        "nab_twitter_volume_aapl.csv",
        "per = \"5m\"",
        &of("2"),
        expect![[r#"
        [
            "trace t: the samples stand 2m53s after the multiples of 5m",
            "trace t: 15902 times without a zone: read at +00:00 (utc_offset)",
        ]"#]],
    );
    check("ms_mongo-01.csv", "", &of("1500"), expect!["[]"]);
    check("ms_ingress-05.csv", "", &of("100000"), expect!["[]"]);
    check("ms_purchase-03.csv", "per = \"1h\"", &of("2"), expect!["[]"]);
}

#[test]
fn files_without_a_calendar() {
    let start = "start = \"2024-01-01 00:00:00\"";
    let cpu = format!("{start}\nvalue = \"cpu_usage\"");
    let load = r#"{ demand = "t", per_instance = 1000000 }"#;
    check(
        "azure_v2_vm_month_300s.csv",
        &cpu,
        load,
        expect![[r#"
        [
            "trace t: the times count seconds from start: the first is 2024-01-01 00:00:00 (+00:00)",
        ]"#]],
    );
    let fraction = format!("{start}\ninterval = \"5m\"\nvalue = \"avg_cpu\"\nscale = 100");
    let fixed = r#"{ fixed = { cpu_usage = "t" } }"#;
    check(
        "google2019_instance_usage_month_300s.csv",
        &fraction,
        fixed,
        expect![[r#"
        [
            "trace t: there is no column of times: rows are 5m apart from 2024-01-01 00:00:00 (+00:00)",
        ]"#]],
    );
}
