//! Scenario files: how they are read, what is refused and in which words, what they expect.

mod expectations;
mod faults;
mod faults_of_groups;
mod faults_of_service;
mod faults_of_times;
mod reading;
mod schema;
mod service;
mod snapshots;
mod stories;

use asgsim::scenario::Scenario;
use asgsim::scenario::build::build;
use asgsim::scenario::document::Document;
use asgsim::scenario::file::ScenarioFile;
use asgsim::scenario::value::When;

/// One group for an hour, with one policy.
const BASE: &str = r#"name = "base"
start = "2024-03-01 10:00:00"
duration = "1h"

[trace.web]
series = "150x59"

[[configuration]]
name = "small"
cpu = 1
mem = 2

[[group]]
name = "web"
configuration = "small"
min = 1
max = 9
desired = 2

[group.load]
demand = "web"
per_instance = 100

[[group.policy]]
name = "out"
metric = { dimension = "cpu_usage", operator = "Greater", threshold = 70, repeat_times = 2 }
adjustment = { type = "QuantityChangeInCapacity", value = 2 }
cooldown = "5m"
"#;

/// The trace files of these tests.
const FILES: [(&str, &str); 3] = [
    ("load.csv", "time,load\n2024-03-01 10:00:00,150\n2024-03-01 10:30:00,300\n"),
    ("cpu.csv", "time,cpu,count\n2024-03-01 10:00:00,60,4\n2024-03-01 10:30:00,30,8\n"),
    ("broken.csv", "time,load\n2024-03-01 10:00:00,150\n2024-03-01 10:30:00,many\n"),
];

fn document(text: &[u8], set: &[&str]) -> Result<Document, String> {
    let set: Vec<String> = set.iter().map(|item| (*item).to_owned()).collect();
    Document::parse("case.toml", text, &set).map_err(|e| e.to_string())
}

fn file(text: &str, set: &[&str]) -> Result<ScenarioFile, String> {
    document(text.as_bytes(), set)?.decode().map_err(|e| e.to_string())
}

/// The scenario, or the line that the command would print.
fn scenario(text: &str, set: &[&str]) -> Result<Scenario, String> {
    scenario_until(text.as_bytes(), set, None)
}

fn scenario_until(text: &[u8], set: &[&str], until: Option<&str>) -> Result<Scenario, String> {
    let document = document(text, set)?;
    let file: ScenarioFile = document.decode().map_err(|e| e.to_string())?;
    let until = until.map(|text| When::parse(text).unwrap());
    let read = |name: &str| {
        let found = FILES.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| format!("no file {name}"))
    };
    build(&file, &read, until.as_ref()).map_err(|fault| document.locate(fault).to_string())
}
