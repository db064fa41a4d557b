//! What a run may cost, tried on both sides of each limit, and the large runs that must stay
//! possible.

use asgsim::Engine;
use asgsim::scenario::build::EXPECTATIONS_MAX;
use asgsim::scenario::node::PATH_PARTS_MAX;

use super::mutate::Case;
use super::play::load;

/// A scenario of one empty group, with more at its head and at its end.
fn scenario(duration: &str, head: &str, tail: &str) -> Case {
    let text = format!(
        "name = \"bounds\"\nstart = \"2024-03-01 00:00:00\"\nduration = \"{duration}\"\n{head}\n\
         [[group]]\nname = \"g\"\nmin = 0\nmax = 20\n{tail}"
    );
    Case { scenario: text.into_bytes(), ..Case::default() }
}

#[track_caller]
fn refused(case: &Case, part: &str) {
    match load(case) {
        Ok(_) => panic!("it was accepted, not refused with {part:?}"),
        Err(message) => assert!(message.contains(part), "{message:?} has no {part:?}"),
    }
}

#[track_caller]
fn accepted(case: &Case) {
    if let Err(message) = load(case) {
        panic!("{message}");
    }
}

#[track_caller]
fn runs(case: &Case) -> Result<(), String> {
    let scenario = load(case).unwrap();
    let mut engine = Engine::new(&scenario.setup).map_err(|e| e.to_string())?;
    engine.run_until(scenario.end).map_err(|e| e.to_string())
}

fn group(name: &str, policies: usize) -> String {
    let policy = |i: usize| {
        format!(
            "[[group.policy]]\nname = \"p{i}\"\ncooldown = 60\n\
             metric = {{ dimension = \"cpu_usage\", operator = \"Greater\", threshold = 70 }}\n\
             adjustment = {{ type = \"QuantityChangeInCapacity\", value = 1 }}\n"
        )
    };
    let policies: String = (0..policies).map(policy).collect();
    format!(
        "[[group]]\nname = \"{name}\"\nmin = 1\nmax = 20\n\
         [group.load]\ndemand = \"t\"\nper_instance = 100\n{policies}"
    )
}

fn world(duration: &str, limits: &str, interval: &str, groups: &str) -> Case {
    let text = format!(
        "name = \"large\"\nstart = \"2024-03-01 00:00:00\"\nduration = \"{duration}\"\n\
         limits = {{ {limits} }}\n\
         [trace.t]\nsynth = {{ base = 300, daily = 200, noise = 20 }}\ninterval = \"{interval}\"\n\
         {groups}"
    );
    Case { scenario: text.into_bytes(), ..Case::default() }
}

#[test]
fn large_runs_are_possible() {
    accepted(&world("3650d", "", "5m", &group("g", 4)));
    accepted(&world("365d", "", "1m", &group("g", 10)));
    let all: String = (0..10_000).map(|i| group(&format!("g{i}"), 1)).collect();
    accepted(&world("1d", "groups_per_project = 10000", "5m", &all));
}

/// An hour is 61 minutes of work, counting the one that is begun.
#[test]
fn work_is_limited() {
    accepted(&scenario("1h", "limits = { work = 61 }", ""));
    refused(
        &scenario("1h", "limits = { work = 60 }", ""),
        "limits.work: the run is about 61 steps",
    );
    accepted(&scenario("1h", "limits = { work = 2000000000 }", ""));
    refused(&scenario("1h", "limits = { work = 2000000001 }", ""), "limits.work");
    // Making a synthetic trace is work, and refused before it is done.
    let synth = |work: u32| {
        let limits = format!("limits = {{ work = {work} }}\n");
        limits + "[trace.t]\nsynth = { base = 1 }\ninterval = \"1s\""
    };
    accepted(&scenario("1h", &synth(3601), ""));
    refused(&scenario("1h", &synth(3600), ""), "limits.work: the synthetic traces have 3601");
    // The default, by a trace of one step each millisecond.
    let trace = |ms| format!("[trace.t]\nseries = [1, 2]\ninterval = \"{ms}ms\"\nrepeat = true");
    let load = "[group.load]\nfixed = { cpu_usage = \"t\" }\n";
    refused(&scenario("10d", &trace(1), load), "limits.work");
    accepted(&scenario("10d", &trace(100), load));
}

/// The group's size is one record; each of three instances makes more of them.
#[test]
fn records_are_limited() {
    let case = |records: u32| {
        scenario("1h", &format!("limits = {{ records = {records} }}"), "desired = 3\n")
    };
    let kept = {
        let scenario = load(&case(1000)).unwrap();
        let mut engine = Engine::new(&scenario.setup).unwrap();
        engine.run_until(scenario.end).unwrap();
        let kept: usize = engine.groups().map(|g| g.log().entries().count()).sum();
        u32::try_from(kept).unwrap()
    };
    assert!(kept > 3, "{kept}");
    assert_eq!(runs(&case(kept)), Ok(()));
    refused(&case(2), "the groups begin with 3 instances");
    refused(&case(50_000_001), "limits.records");
    accepted(&case(50_000_000));
}

/// A group that changes its size each minute writes without end.
#[test]
fn a_run_with_too_many_records_is_given_up() {
    let busy = super::seeds::SCENARIOS[4];
    let with = |records: u32| Case {
        scenario: busy.as_bytes().to_vec(),
        overrides: vec!["duration=1h".to_owned(), format!("limits.records={records}")],
        ..Case::default()
    };
    let error = runs(&with(500)).unwrap_err();
    assert!(error.contains("more than 500 records"), "{error}");
    assert_eq!(runs(&with(1_000_000)), Ok(()));
}

#[test]
fn expectations_of_a_group_are_limited() {
    let expect = "[[expect]]\ngroup = \"g\"\nthroughout = true\ndesired = 0\n";
    let count = usize::try_from(EXPECTATIONS_MAX).unwrap();
    accepted(&scenario("1h", "", &expect.repeat(count)));
    refused(&scenario("1h", "", &expect.repeat(count + 1)), "at most 1000 expectations");
}

#[test]
fn steps_of_traces_are_limited() {
    // Ten days of 200 ms are 4,320,000 steps, and one at the end.
    let trace =
        |name: &str| format!("[trace.{name}]\nsynth = {{ base = 1 }}\ninterval = \"200ms\"\n");
    accepted(&scenario("10d", &["a", "b"].map(trace).concat(), ""));
    let three = ["a", "b", "c"].map(trace).concat();
    refused(&scenario("10d", &three, ""), "all traces together have 12960003 steps");
}

#[test]
fn spikes_times_samples_are_limited() {
    let trace = |spikes: usize| {
        let spike = "{ at = \"+1h\", peak = 1, hold = \"1m\" },";
        format!(
            "[trace.t]\ninterval = \"1s\"\nsynth = {{ base = 1, spikes = [{}] }}",
            spike.repeat(spikes)
        )
    };
    accepted(&scenario("1d", &trace(10), ""));
    refused(&scenario("10d", &trace(600), ""), "spikes times samples");
}

#[test]
fn a_path_has_a_depth() {
    let deep = |parts: usize| Case {
        overrides: vec![format!("{}=1", vec!["a"; parts].join("."))],
        ..scenario("1h", "", "")
    };
    refused(&deep(PATH_PARTS_MAX), "unknown");
    refused(&deep(PATH_PARTS_MAX + 1), "a path has at most 20 parts");
}

/// Where sums of times saturate, a trace would never go on.
#[test]
fn a_trace_stays_within_the_years_1_to_9999() {
    let trace = |shift: &str| Case {
        traces: vec![("t.csv".to_owned(), b"time,v\n2024-03-01 00:00:00,1\n".to_vec())],
        ..scenario(
            "1h",
            &format!("[trace.t]\nfile = \"t.csv\"\ninterval = \"1m\"\nshift = \"{shift}\"\n"),
            "",
        )
    };
    // Within, its only fault is that it tells nothing of the run.
    refused(&trace("-700000d"), "covers none of the run");
    refused(&trace("-800000d"), "beyond the years 1 to 9999");
    refused(&trace("2900000d"), "covers none of the run");
    refused(&trace("3000000d"), "beyond the years 1 to 9999");
}

#[test]
fn messages_stay_on_one_line() {
    let long = "x".repeat(5_000);
    for name in ["a\\u001b[2J", "a\\nb", &long] {
        let case = scenario("1h", &format!("semantics = {{ \"{name}\" = 1 }}"), "");
        let message = load(&case).err().unwrap();
        assert!(!message.contains(char::is_control) && message.len() < 2_000, "{message:?}");
    }
}
