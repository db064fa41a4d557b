//! Fixed metrics, groups with nothing in them, and what a script makes of a group.

use std::sync::Arc;

use asgsim::env::load::{Fixed, Load};
use asgsim::env::trace::Trace;
use asgsim::lint::check;
use asgsim::model::policy::Dimension;
use asgsim::scenario::Scenario;
use asgsim::{GroupSetup, Micro, Setup, SimDuration, SimTime};

use super::{linted, scenario, shown};

const TWO_METRICS: &str = r#"
name = "fixed"
start = "2024-03-01 00:00:00"
duration = "1d"
[trace.load]
series = "1x1439"
[[group]]
name = "web"
min = 1
max = 6
desired = 2
load = { demand = "load", per_instance = 1, mem_per_load = 1 }
policy = [
  { name = "out", metric = { dimension = "cpu_usage", operator = "Greater", threshold = 60, repeat_times = 1 }, adjustment = { type = "QuantityChangeInCapacity", value = 1 }, cooldown = "5m" },
  { name = "in", metric = { dimension = "mem_usage", operator = "Less", threshold = 30, repeat_times = 1 }, adjustment = { type = "QuantityChangeInCapacity", value = -1 }, cooldown = "5m" },
]
"#;

/// With fixed metrics, rules fight if they hold at one instant.
#[test]
fn fixed_metrics() {
    let trace = |values: &[i64]| {
        let values: Vec<_> = values.iter().map(|v| Some(Micro::from_int(*v))).collect();
        let start =
            SimTime::parse_civil("2024-03-01 00:00:00", asgsim::UtcOffset::BEIJING).unwrap();
        Some(Arc::new(Trace::from_grid(start, SimDuration::from_s(21_600), &values)))
    };
    let found = |cpu: &[i64], memory: &[i64]| {
        let mut scenario = scenario(TWO_METRICS, &[]);
        let mut fixed = Fixed::default();
        fixed.usage[Dimension::CpuUsage.index()] = trace(cpu);
        fixed.usage[Dimension::MemUsage.index()] = trace(memory);
        scenario.setup.groups[0].load = Some(Load::Fixed(fixed));
        shown(&check(&scenario).found)
    };
    assert_eq!(found(&[50, 61, 50, 50], &[29, 50, 50, 50]), "");
    let both = "warning[flapping] group.web.policy.out, warning[opposed] group.web.policy.in";
    assert_eq!(found(&[50, 61, 50, 50], &[50, 29, 50, 50]), both);
    let (out, less) = (
        "warning[never-fires] group.web.policy.out.metric",
        "warning[never-fires] group.web.policy.in.metric",
    );
    assert_eq!(found(&[60; 4], &[29; 4]), out);
    assert_eq!(found(&[61; 4], &[30; 4]), less);
}

#[test]
fn what_the_script_brings() {
    let base = include_str!("faulty/flapping.toml");
    let quiet = ["group.web.policy.in.metric.threshold=39"];
    let with = |script: &str| shown(&linted(&format!("{base}\n{script}"), &quiet).found);
    assert_eq!(with(""), "");
    let create = |threshold: u32| {
        with(&format!(
            "[[at]]\ntime = \"+1h\"\ndo = \"create_policy\"\ngroup = \"web\"\nname = \"in2\"\n\
             metric = {{ dimension = \"cpu_usage\", operator = \"Less\", threshold = {threshold} }}\n\
             adjustment = {{ type = \"QuantityChangeInCapacity\", value = -1 }}\ncooldown = \"5m\"\n"
        ))
    };
    assert_eq!(create(40), "");
    assert_eq!(create(49), "warning[flapping] group.web.policy.out");
    // With one instance the same pair is too close: 60 % of 1 is 30 % of 2.
    let resize = |min: u32| {
        with(&format!(
            "[[at]]\ntime = \"+1h\"\ndo = \"set_capacity\"\ngroup = \"web\"\nmin = {min}\n"
        ))
    };
    assert_eq!(resize(3), "");
    assert_eq!(resize(1), "note[flapping] group.web.policy.out");
}

/// Groups without policies, without a load, without anything.
#[test]
fn nothing_to_say() {
    let mut setup = Setup::new(SimTime::from_unix_s(0));
    setup.groups.push(GroupSetup::new("none", 0, 0, 0));
    setup.groups.push(GroupSetup::new("fixed", 3, 3, 3));
    let end = setup.start + SimDuration::from_s(3600);
    assert_eq!(check(&Scenario::of("plain", setup, end)), asgsim::lint::Findings::default());
}
