//! How scenario files are read.

use std::path::Path;
use std::sync::Arc;

use asgsim::env::load::Load;
use asgsim::env::trace::Trace;
use asgsim::model::semantics::Statistic;
use asgsim::scenario::Scenario;
use asgsim::scenario::build::build;
use asgsim::{SimDuration, SimTime, UtcOffset};
use expect_test::expect;

use super::faults::edited;
use super::{BASE, file, scenario, scenario_until};

fn civil(text: &str) -> SimTime {
    SimTime::parse_civil(&format!("2024-03-01 {text}"), UtcOffset::BEIJING).unwrap()
}

fn digest(scenario: &Scenario) -> String {
    scenario.play().unwrap().digest()
}

fn as_json(toml: &str) -> String {
    let value: serde_json::Value = toml::from_str(toml).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn toml_and_json_are_one_scenario() {
    let rich = format!(
        "{BASE}[latency]\ncreating = {{ median = \"97s\", sigma = 0.2 }}\nrandom = true\n\
         [slo]\nutilisation = 79.5\n[trace.made]\nsynth = {{ base = 1.5, noise = 0.25 }}\n\
         [[at]]\ndo = \"set_capacity\"\ntime = \"+20m\"\ngroup = \"web\"\nmin = 3\n\
         [[expect]]\ngroup = \"web\"\nthroughout = true\ndesired = {{ min = 1, max = 9 }}\n"
    );
    let json = as_json(&rich);
    assert_eq!(file(&rich, &[]).unwrap(), file(&json, &[]).unwrap());
    let (a, b) = (scenario(&rich, &[]).unwrap(), scenario(&json, &[]).unwrap());
    assert_eq!(digest(&a), digest(&b));
    // Written by hand: nulls are absent keys, and a byte order mark does no harm.
    let json = "\u{feff}{\"name\": \"j\", \"start\": \"2024-03-01 10:00:00\", \"duration\": 3600,
        \"about\": \"\\u00e9\", \"utc_offset\": null, \"seed\": 7,
        \"group\": [{\"name\": \"g\", \"min\": 1, \"max\": 2, \"desired\": null}]}";
    let toml = "name = \"j\"\nstart = 2024-03-01 10:00:00\nduration = 3600.0\nabout = \"é\"\n\
                seed = 7\n[[group]]\nname = \"g\"\nmin = 1\nmax = 2\n";
    let (a, b) = (scenario(json, &[]).unwrap(), scenario(toml, &[]).unwrap());
    assert_eq!((&a.name, &a.about, a.end), (&b.name, &b.about, b.end));
    assert_eq!(digest(&a), digest(&b));
}

#[test]
fn shipped_scenarios_read_the_same_as_json() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let json = as_json(&text);
            assert_eq!(file(&text, &[]).unwrap(), file(&json, &[]).unwrap(), "{path:?}");
            count += 1;
        }
    }
    assert!(count >= 2);
}

/// Drift of a shipped scenario shows as another word beside its name.
#[test]
fn shipped_scenarios_play_as_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let committed = std::fs::read_to_string(folder.join("digests.txt")).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort_unstable();
    let played = names.iter().map(|name| {
        let text = std::fs::read(folder.join(format!("{name}.toml"))).unwrap();
        let document = super::document(&text, &[]).unwrap();
        let read = |file: &str| std::fs::read(folder.join(file)).map_err(|e| e.to_string());
        let scenario = build(&document.decode().unwrap(), &read, None).unwrap();
        let engine = scenario.play().unwrap();
        let failed = scenario.report(&engine).findings.iter().filter(|f| !f.holds).count();
        assert_eq!(failed, 0, "{name}: see `asgsim test`");
        format!("{name} {}\n", engine.digest())
    });
    assert_eq!(played.collect::<String>(), committed);
}

#[test]
fn set_finds_its_way_by_name_and_by_place() {
    let base = format!("{BASE}[[expect]]\ngroup = \"web\"\nthroughout = true\ndesired = 2\n");
    let set = |items: &[&str]| file(&base, items).unwrap();
    assert_eq!(set(&["group.web.max=7"]), set(&["group.0.max=7"]));
    assert_eq!(set(&["group.web.max=7"]).group[0].max, 7);
    let by_name = set(&["group.web.policy.out.metric.threshold=60"]);
    assert_eq!(by_name.group[0].policy[0].metric.threshold, 60);
    assert_eq!(by_name, set(&["group.0.policy.0.metric.threshold = 60"]));
    assert!(set(&["expect.0.desired={min=1}"]).expect[0].desired.unwrap().max.is_none());
    // The last word counts.
    assert_eq!(set(&["group.web.max=7", "group.web.max=8"]).group[0].max, 8);
    // Tables that are missing are made.
    assert_eq!(set(&["cost.per_instance_hour=0.5"]).cost.per_instance_hour.to_string(), "0.5");
    assert_eq!(set(&["trace.other.series=1x3"]).trace.len(), 2);
    assert_eq!(set(&["semantics.statistic=Maximum"]).semantics.statistic, Some(Statistic::Maximum));
}

#[test]
fn set_takes_text_numbers_and_truth() {
    let about = |item| file(BASE, &[item]).unwrap().about;
    assert_eq!(about("about=two words = one text"), "two words = one text");
    assert_eq!(about("about=\"7\""), "7");
    assert_eq!(about("about="), "");
    assert!(file(BASE, &["latency.random=true"]).unwrap().latency.random);
    let start = |item| scenario(BASE, &[item]).unwrap().setup.start;
    assert_eq!(start("start=2024-03-01 09:00:00"), civil("09:00:00"));
    assert_eq!(start("start=\"2024-03-01 09:00:00\""), civil("09:00:00"));
}

#[test]
fn durations() {
    let length = |text: &str| {
        let scenario = scenario(&edited("\"1h\"", text), &[]).unwrap();
        (scenario.end - scenario.setup.start).ms()
    };
    let table = [
        ("\"1h30m\"", 5_400_000),
        ("5400", 5_400_000),
        ("5400.25", 5_400_250),
        ("\"5400\"", 5_400_000),
        ("\"90m\"", 5_400_000),
        ("\"250ms\"", 250),
        ("0.001", 1),
        ("\"1w2d3h4m5s6ms\"", 788_645_006),
    ];
    for (text, expected) in table {
        assert_eq!(length(text), expected, "{text}");
    }
}

#[test]
fn times_and_offsets() {
    let start = |text: &str| {
        let from = "start = \"2024-03-01 10:00:00\"";
        scenario(&edited(from, text), &[]).unwrap().setup.start.unix_ms() / 1000
    };
    let base = start("start = \"2024-03-01 10:00:00\"");
    assert_eq!(base, 1_709_258_400);
    assert_eq!(start("start = \"2024-03-01T10:00:00\""), base);
    assert_eq!(start("start = 2024-03-01T10:00:00"), base);
    assert_eq!(start("start = \"2024-03-01 02:00:00\"\nutc_offset = \"+00:00\""), base);
    assert_eq!(start("start = \"2024-02-29 22:30:00\"\nutc_offset = \"-03:30\""), base);
    let at = |time: &str| {
        let text = format!(
            "{BASE}[[at]]\ndo = \"set_capacity\"\ngroup = \"web\"\ntime = \"{time}\"\nmin = 2\n"
        );
        scenario(&text, &[]).unwrap().setup.groups[0].script[0].0
    };
    assert_eq!(at("+1m30s"), civil("10:01:30"));
    assert_eq!(at("2024-03-01 10:01:30"), civil("10:01:30"));
    assert_eq!(at("+90"), civil("10:01:30"));
    assert_eq!(at("+0s"), civil("10:00:00"));
    let until = |text| scenario_until(BASE.as_bytes(), &[], Some(text)).unwrap().end;
    assert_eq!(until("+1ms"), civil("10:00:00") + SimDuration::from_ms(1));
    assert_eq!(until("2024-03-01 10:20:00"), civil("10:20:00"));
}

const OF_FILE: &str = r#"name = "file"
[trace.web]
file = "load.csv"
utc_offset = "+08:00"
[[group]]
name = "web"
min = 1
max = 9
[group.load]
demand = "web"
per_instance = 100
"#;

#[test]
fn the_run_defaults_to_the_span_of_the_traces() {
    let span = |set: &[&str]| {
        let scenario = scenario(OF_FILE, set).unwrap();
        let clock = |t: SimTime| t.format_civil(UtcOffset::BEIJING)[11..].to_owned();
        format!("{} to {}", clock(scenario.setup.start), clock(scenario.end))
    };
    // Two samples half an hour apart: the last holds for one interval.
    assert_eq!(span(&[]), "10:00:00 to 11:00:00");
    assert_eq!(span(&["duration=20m"]), "10:00:00 to 10:20:00");
    assert_eq!(span(&["start=\"2024-03-01 10:15:00\""]), "10:15:00 to 11:00:00");
    assert_eq!(span(&["trace.web.shift=-1h"]), "09:00:00 to 10:00:00");
    assert_eq!(span(&["trace.web.stamp=end"]), "09:30:00 to 10:30:00");
    assert_eq!(span(&["trace.web.interval=15m"]), "10:00:00 to 10:45:00");
    // The widest of all traces.
    let more = ["trace.b.series=1x59", "trace.b.start=\"2024-03-01 10:30:00\""];
    assert_eq!(span(&more), "10:00:00 to 11:30:00");
}

fn offered(text: &str, set: &[&str]) -> Arc<Trace> {
    let scenario = scenario(text, set).unwrap();
    Arc::clone(&scenario.setup.groups[0].load.as_ref().unwrap().demand().unwrap().offered)
}

/// The values at these times of day, `_` for none.
fn values(trace: &Trace, times: &[&str]) -> String {
    let value = |t: &&str| match trace.at(civil(&format!("{t}:00"))).value {
        Some(value) => value.to_string(),
        None => "_".to_owned(),
    };
    times.iter().map(value).collect::<Vec<_>>().join(" ")
}

#[test]
fn traces_of_files() {
    let times = ["09:30", "10:00", "10:29", "10:30", "10:59", "11:00", "11:30"];
    let told = |set: &[&str]| values(&offered(OF_FILE, set), &times);
    assert_eq!(told(&[]), "_ 150 150 300 300 _ _");
    let scaled = told(&["trace.web.scale=0.1"]);
    assert_eq!(scaled, "_ 15 15 30 30 _ _");
    assert_eq!(told(&["trace.web.per=1m"]), "_ 2.5 2.5 5 5 _ _");
    assert_eq!(told(&["trace.web.shift=30m"]), "_ _ _ 150 150 300 _");
    assert_eq!(told(&["trace.web.repeat=true", "duration=2h"]), "_ 150 150 300 300 150 300");
    assert_eq!(told(&["trace.web.interval=10m"]), "_ 150 _ 300 _ _ _");
    let held = told(&["trace.web.interval=10m", "trace.web.gaps=hold"]);
    assert_eq!(held, "_ 150 150 300 _ _ _");
    let interpolated = told(&["trace.web.interval=10m", "trace.web.gaps=interpolate"]);
    assert_eq!(interpolated, "_ 150 250 300 _ _ _");
}

#[test]
fn series_written_out() {
    let with = |series: &str| edited("series = \"150x59\"", series);
    let times = ["10:00", "10:01", "10:02", "10:03", "10:04", "10:30"];
    let told = |series: &str| values(&offered(&with(series), &[]), &times);
    assert_eq!(told("series = \"1+2x2 _ 7\""), "1 3 5 _ 7 _");
    assert_eq!(told("series = [1, 3, 5.5]"), "1 3 5.5 _ _ _");
    assert_eq!(told("series = \"1 2 3\"\nrepeat = true"), "1 2 3 1 2 1");
    assert_eq!(told("series = \"1 2\"\ninterval = \"2m\""), "1 1 2 2 _ _");
    assert_eq!(told("series = \"1 2\"\nstart = \"2024-03-01 10:03:00\""), "_ _ _ 1 2 _");
    // JSON has a word for what is not known.
    let json = as_json(&with("series = \"here\"")).replace("\"here\"", "[null, 2]");
    assert_eq!(values(&offered(&json, &[]), &["10:00", "10:01"]), "_ 2");
}

#[test]
fn series_made_up() {
    let text = edited(
        "series = \"150x59\"",
        "synth = { base = 100, noise = 5, spikes = [{ at = \"+30m\", peak = 900, hold = \"5m\" }] }",
    );
    let minutes = ["10:00", "10:10", "10:30", "10:34", "10:35"];
    let quiet = values(&offered(&text, &["trace.web.synth.noise=0"]), &minutes);
    assert_eq!(quiet, "100 100 1000 1000 100");
    let told = |set: &[&str]| values(&offered(&text, set), &minutes);
    assert_eq!(told(&[]), told(&["seed=0"]));
    assert_ne!(told(&[]), told(&["seed=1"]));
    // A run that is cut, or goes on, sees the same noise.
    let cut = scenario_until(text.as_bytes(), &[], Some("+31m")).unwrap();
    let Some(Load::Demand(demand)) = &cut.setup.groups[0].load else { panic!("a demand") };
    assert_eq!(values(&demand.offered, &minutes[..3]), values(&offered(&text, &[]), &minutes[..3]));
}

const RECORDED: &str = r#"name = "recorded"
[trace.cpu]
file = "cpu.csv"
value = "cpu"
[trace.count]
file = "cpu.csv"
value = "count"
[[group]]
name = "web"
min = 1
max = 9
[group.load]
recorded = "cpu"
instances = "count"
"#;

#[test]
fn recorded_load() {
    let times = ["10:00", "10:30", "11:00"];
    assert_eq!(values(&offered(RECORDED, &[]), &times), "2.4 2.4 _");
    let fixed_count = values(&offered(RECORDED, &["group.web.load.instances=4"]), &times);
    assert_eq!(fixed_count, "2.4 1.2 _");
    let repeat = ["group.web.load.instances=4", "trace.cpu.repeat=true", "duration=2h"];
    assert_eq!(values(&offered(RECORDED, &repeat), &times), "2.4 1.2 2.4");
    let both = ["trace.cpu.repeat=true", "trace.count.repeat=true", "duration=2h"];
    expect!["case.toml:14: group.web.load.instances: a repeating trace goes with a number of instances, not with their trace"]
        .assert_eq(&scenario(RECORDED, &both).err().unwrap());
}

#[test]
fn what_was_odd_is_told() {
    let mut set = vec!["trace.web.shift=5m", "duration=2h", "start=\"2024-03-01 10:00:00\""];
    let warnings = scenario(OF_FILE, &set).unwrap().warnings.join("\n");
    expect![[r#"
        trace web: it begins at 2024-03-01 10:05:00, after the run does
        trace web: it ends at 2024-03-01 11:05:00, before the run does"#]]
    .assert_eq(&warnings);
    set = vec!["trace.web.repeat=true", "duration=2h"];
    assert_eq!(scenario(OF_FILE, &set).unwrap().warnings, [""; 0]);
}
