//! Chapter 11: what load does to instances, and what instances do to load.

use std::sync::Arc;

use asgsim::env::load::{
    CustomLoad, Demand, Fixed, Flow, Load, Memory, Overload, Recorded, WORK_UNIT,
};
use asgsim::env::trace::{Gaps, Step, Trace};
use asgsim::model::policy::Dimension;
use asgsim::{Engine, Micro, SimDuration, SimTime};
use expect_test::expect;

use super::world::{World, create, demand, micro, modify, samples, span, time, trace};

const SECOND: SimDuration = SimDuration::from_s(1);

/// A stretch of 60 s on two instances of 100 per second, in units of load: offered, capacity,
/// served, lost, backlog.
fn minute(overload: Overload, offered: &str, backlog: i128) -> [i128; 5] {
    let demand = Demand { overload, ..demand("10:00 0", 100) };
    let Flow { offered, capacity, served, lost, backlog } =
        demand.flow(micro(offered), 2, SimDuration::MINUTE, backlog * WORK_UNIT);
    [offered, capacity, served, lost, backlog].map(|work| {
        assert_eq!(work % WORK_UNIT, 0);
        work / WORK_UNIT
    })
}

#[test]
fn r_11_1_drop_loses_what_is_above_capacity() {
    let table = [
        // offered per second; then offered, capacity, served, lost, backlog
        ("0", [0, 12_000, 0, 0, 0]),
        ("150", [9_000, 12_000, 9_000, 0, 0]),
        ("200", [12_000, 12_000, 12_000, 0, 0]),
        ("200.05", [12_003, 12_000, 12_000, 3, 0]),
        ("500", [30_000, 12_000, 12_000, 18_000, 0]),
    ];
    for (offered, expected) in table {
        assert_eq!(minute(Overload::Drop, offered, 0), expected, "{offered}");
    }
}

#[test]
fn r_11_1_queue_keeps_it_and_serves_it_later() {
    let queue = Overload::Queue { max_backlog: None, timeout: None };
    let table = [
        // offered per second, backlog before; then offered, capacity, served, lost, backlog
        ("250", 0, [15_000, 12_000, 12_000, 0, 3_000]),
        ("250", 3_000, [15_000, 12_000, 12_000, 0, 6_000]),
        ("100", 6_000, [6_000, 12_000, 12_000, 0, 0]),
        ("100", 6_060, [6_000, 12_000, 12_000, 0, 60]),
        ("0", 500, [0, 12_000, 500, 0, 0]),
    ];
    for (offered, before, expected) in table {
        assert_eq!(minute(queue, offered, before), expected, "{offered} after {before}");
    }
}

#[test]
fn r_11_1_a_backlog_is_cut_at_its_size_or_age() {
    let queue = |max_backlog: Option<&str>, timeout: Option<&str>| Overload::Queue {
        max_backlog: max_backlog.map(micro),
        timeout: timeout.map(span),
    };
    // 3,000 are left over; two instances serve 200 per second.
    let table = [
        (queue(Some("3000"), None), 0, 3_000),
        (queue(Some("2999"), None), 1, 2_999),
        (queue(Some("0"), None), 3_000, 0),
        (queue(None, Some("15s")), 0, 3_000),
        (queue(None, Some("14s")), 200, 2_800),
        (queue(None, Some("0s")), 3_000, 0),
        (queue(Some("2000"), Some("14s")), 1_000, 2_000),
        (queue(Some("2900"), Some("10s")), 1_000, 2_000),
    ];
    for (overload, lost, backlog) in table {
        let expected = [15_000, 12_000, 12_000, lost, backlog];
        assert_eq!(minute(overload, "250", 0), expected, "{overload:?}");
    }
}

#[test]
fn r_11_1_without_instances_everything_is_lost_or_waits() {
    let flow = |overload| {
        let demand = Demand { overload, ..demand("10:00 0", 100) };
        let flow = demand.flow(micro("5"), 0, SECOND, 0);
        [flow.served, flow.lost, flow.backlog].map(|work| work / WORK_UNIT)
    };
    assert_eq!(flow(Overload::Drop), [0, 5, 0]);
    assert_eq!(flow(Overload::Queue { max_backlog: None, timeout: None }), [0, 0, 5]);
    // No capacity, no time to wait for.
    assert_eq!(flow(Overload::Queue { max_backlog: None, timeout: Some(SECOND) }), [0, 5, 0]);
}

/// The usage of each of `in_service` instances over one second.
fn usage(demand: &Demand, dimension: Dimension, offered: &str, in_service: u32) -> String {
    let flow = demand.flow(micro(offered), in_service, SECOND, 0);
    let usage = demand.usage(dimension, &flow, in_service, SECOND);
    usage.map_or("none".to_owned(), |usage| usage.to_string())
}

#[test]
fn r_11_1_cpu_rises_from_the_base_and_stops_at_100() {
    let table = [
        // base, offered, instances, per cent
        ("0", "0", 1, "0"),
        ("0", "50", 1, "50"),
        ("0", "100", 1, "100"),
        ("0", "1000", 1, "100"),
        ("0", "100", 3, "33.333333"),
        ("0", "200", 3, "66.666667"),
        ("0", "0.0000005", 1, "0.000001"),
        ("20", "0", 1, "20"),
        ("20", "50", 1, "60"),
        ("20", "100", 1, "100"),
        ("20", "100", 3, "46.666667"),
        ("100", "0", 1, "100"),
        ("0", "5", 0, "none"),
    ];
    for (base, offered, in_service, expected) in table {
        let demand = Demand { base: micro(base), ..demand("10:00 0", 100) };
        let found = usage(&demand, Dimension::CpuUsage, offered, in_service);
        assert_eq!(found, expected, "base {base}, {offered} on {in_service}");
    }
}

#[test]
fn r_11_1_an_alarm_cannot_see_demand_above_capacity() {
    let value = |offered: &str| {
        let world = World::new(1, 9, 1).demand(&format!("10:00 {offered}"), 100);
        let mut run = world.policy("p cpu >= 100 x1 =1 0s").run();
        run.until("10:06");
        run.decisions()
    };
    assert_eq!(value("100"), value("900"));
    assert_eq!(value("99.999999"), "10:05:00 p 99.999999 streak 0 not_breaching\n");
}

#[test]
fn r_11_1_a_backlog_keeps_instances_at_work() {
    // 200 per second for a minute on one instance of 100: with a queue the second minute is as
    // full as the first. The mean over five minutes is 20 or 40 per cent.
    let value = |overload| {
        let demand = Demand { overload, ..demand("10:00 200, 10:01 0", 100) };
        let mut run = World::new(1, 9, 1).load(Load::Demand(demand)).run();
        run.apply(&create("p cpu > 99 x1 +1 0s")).unwrap();
        run.until("10:06");
        run.decisions().split(' ').nth(2).unwrap().to_owned()
    };
    assert_eq!(value(Overload::Drop), "20");
    assert_eq!(value(Overload::Queue { max_backlog: None, timeout: None }), "40");
    // 30 s at full capacity: half of the backlog is cut at the end of the first stretch.
    assert_eq!(value(Overload::Queue { max_backlog: None, timeout: Some(span("30s")) }), "30");
    assert_eq!(value(Overload::Queue { max_backlog: Some(micro("1500")), timeout: None }), "25");
}

#[test]
fn r_11_1_a_backlog_grows_before_anybody_watches() {
    // The first policy comes at 10:05; 300 s of an excess of 100 per second have piled up, and
    // 30,000 take five minutes to serve.
    let queue = Overload::Queue { max_backlog: None, timeout: None };
    let demand = Demand { overload: queue, ..demand("10:00 200, 10:05 0", 100) };
    let world = World::new(1, 9, 1).load(Load::Demand(demand));
    let mut run = world.at("10:05", create("p cpu > 99 x9 +1 0s")).run();
    run.until("10:16");
    expect![[r#"
        10:10:00 p 100 streak 1 streaking
        10:15:00 p 0 streak 0 not_breaching
    "#]]
    .assert_eq(&run.decisions());
}

#[test]
fn r_11_1_a_new_policy_cuts_no_stretch() {
    // At 10:04 one of two instances leaves a backlog of 6,000, and one may keep 3,000. The stretch
    // is the whole minute: by its end 3,000 are served and 3,000 are left, so nothing is cut. Were
    // it cut at 10:04:30, where the policy comes, 1,500 would be lost.
    let queue = Overload::Queue { max_backlog: None, timeout: Some(span("30s")) };
    let offered = samples("10:00 300, 10:04 50, 10:08 50", "4m", Gaps::Missing);
    let demand = Demand { overload: queue, offered: Arc::new(offered), ..demand("10:00 0", 100) };
    let world = World::new(1, 9, 2).load(Load::Demand(demand)).at("10:04", modify("desired 1"));
    let mut run = world.at("10:04:30", create("p cpu > 99 x1 +1 0s")).run();
    run.until("10:11");
    // A minute at 100 and four at 50.
    assert_eq!(run.decisions(), "10:10:00 p 60 streak 0 not_breaching\n");
}

#[test]
fn r_11_2_recorded_demand_is_usage_times_count() {
    // 60 % of 4 instances is 2.4 instances' work: on 3 it is 80 %, on 6 it is 40 %.
    let recorded = Recorded::new(trace("10:00 60"), Arc::new(Trace::constant(micro("4"))));
    assert_eq!(recorded.demand.offered.at(time("10:00")).value, Some(micro("2.4")));
    assert_eq!(recorded.demand.per_instance, Micro::ONE);
    let value = |instances| {
        let load = Load::Recorded(recorded.clone());
        let world = World::new(1, 9, instances).load(load).policy("p cpu > 99 x1 +1 0s");
        let mut run = world.run();
        run.until("10:06");
        run.decisions().split(' ').nth(2).unwrap().to_owned()
    };
    assert_eq!([value(3), value(4), value(6), value(2)], ["80", "60", "40", "100"]);
}

#[test]
fn r_11_2_recorded_demand_is_rounded_to_millionths_and_known_where_both_are() {
    let recorded = Recorded::new(
        trace("10:00 33.333333, 10:02 _, 10:03 0.00005"),
        trace("10:01 3, 10:04 1, 10:05 _"),
    );
    let at = |t| recorded.demand.offered.at(time(t)).value.map(|v| v.to_string());
    assert_eq!(at("10:00:59"), None);
    assert_eq!(at("10:01").as_deref(), Some("1")); // 0.99999999
    assert_eq!(at("10:02"), None);
    assert_eq!(at("10:03").as_deref(), Some("0.000002")); // 0.0000015
    assert_eq!(at("10:04").as_deref(), Some("0.000001")); // 0.0000005
    assert_eq!(at("10:05"), None);
}

#[test]
fn r_11_3_fixed_metrics_do_not_feel_capacity() {
    let usage = [Some(trace("10:00 60")), None, None, Some(trace("10:00 5000"))];
    let world = World::new(1, 9, 1).load(Load::Fixed(Fixed { usage }));
    let world = world.policy("cpu cpu > 50 x1 +1 0s").policy("in in > 4999 x9 +1 0s");
    let mut run = world.run();
    run.until("10:16");
    expect![[r#"
        10:05:00 cpu 60 streak 1 accepted
        10:05:00 in 5000 streak 1 streaking
        10:10:00 cpu 60 streak 2 accepted
        10:10:00 in 5000 streak 2 streaking
        10:15:00 cpu 60 streak 3 accepted
        10:15:00 in 5000 streak 3 streaking
    "#]]
    .assert_eq(&run.decisions());
}

#[test]
fn r_11_3_fixed_metrics_have_no_sample_without_an_instance() {
    let mut run = World::new(0, 9, 0).cpu("10:00 60").policy("p cpu > 50 x1 +1 0s").run();
    run.until("10:06");
    assert_eq!(run.decisions(), "10:05:00 p - streak 0 no_data\n");
}

#[test]
fn r_11_3_a_policy_on_a_metric_without_a_source_is_refused() {
    let refused = |load: Option<Load>, metric: &str| {
        let mut world = World::new(1, 9, 1);
        world.web().load = load;
        let world = world.policy(&format!("p {metric} > 50 x1 +1 0s"));
        Engine::new(&world.setup).is_err()
    };
    let loop_of_demand = || Some(Load::Demand(demand("10:00 1", 1)));
    assert!(refused(None, "cpu"));
    assert!(!refused(loop_of_demand(), "cpu"));
    assert!(refused(loop_of_demand(), "mem"));
    assert!(refused(loop_of_demand(), "in"));
    assert!(refused(Some(Load::Fixed(Fixed::default())), "cpu"));
}

#[test]
fn r_11_4_memory_and_traffic_follow_the_load_served() {
    let demand = Demand {
        memory: Some(Memory { base: micro("30"), per_load: micro("0.5") }),
        bytes_in_per_load: Some(micro("1000")),
        bytes_out_per_load: Some(micro("0.1")),
        ..demand("10:00 0", 100)
    };
    let table = [
        // offered, instances, memory, in, out: per instance, of what is served
        ("0", 1, ["30", "0", "0"]),
        ("40", 1, ["50", "40000", "4"]),
        ("40", 2, ["40", "20000", "2"]),
        ("100", 1, ["80", "100000", "10"]),
        ("900", 1, ["80", "100000", "10"]),
        ("100", 3, ["46.666667", "33333.333333", "3.333333"]),
    ];
    for (offered, in_service, expected) in table {
        let [memory, bytes_in, bytes_out] =
            [Dimension::MemUsage, Dimension::LanIntraffic, Dimension::LanOuttraffic]
                .map(|dimension| usage(&demand, dimension, offered, in_service));
        assert_eq!([memory, bytes_in, bytes_out], expected, "{offered} on {in_service}");
    }
    let greedy =
        Demand { memory: Some(Memory { base: micro("90"), per_load: Micro::ONE }), ..demand };
    assert_eq!(usage(&greedy, Dimension::MemUsage, "10", 1), "100");
    assert_eq!(usage(&greedy, Dimension::MemUsage, "11", 1), "100");
}

/// The values of a trace at whole and half minutes from 10:00 on; `_` is missing.
fn told(trace: &Trace, minutes: i64) -> String {
    let half = SimDuration::from_s(30);
    let value = |i| trace.at(time("10:00") + half.times(i)).value;
    let told = |i| value(i).map_or("_".to_owned(), |v| v.to_string());
    (0..2 * minutes).map(told).collect::<Vec<_>>().join(" ")
}

#[test]
fn r_11_4_a_value_holds_for_at_most_one_and_a_half_intervals() {
    // The next sample after 90 s: no gap. One millisecond later: a gap from 60 s on.
    let close = samples("10:00 5, 10:01:30 7", "1m", Gaps::Missing);
    assert_eq!(told(&close, 3), "5 5 5 7 7 _");
    let wide = samples("10:00 5, 10:01:30.001 7", "1m", Gaps::Missing);
    assert_eq!(wide.at(time("10:00:59.999")).value, Some(micro("5")));
    assert_eq!(wide.at(time("10:01")).value, None);
    assert_eq!(wide.at(time("10:01:30")).value, None);
    assert_eq!(wide.at(time("10:01:30.001")).value, Some(micro("7")));
}

#[test]
fn r_11_4_before_the_first_and_after_the_last_nothing_is_known() {
    let trace = samples("10:01 5", "1m", Gaps::Hold);
    assert_eq!(told(&trace, 4), "_ _ 5 5 _ _ _ _");
    assert_eq!(trace.at(time("10:00")).until, time("10:01"));
    assert_eq!(trace.at(time("10:02")).until, SimTime::MAX);
}

#[test]
fn r_11_4_gaps_are_a_choice() {
    let gap = |gaps| told(&samples("10:00 10, 10:04 30", "1m", gaps), 6);
    assert_eq!(gap(Gaps::Missing), "10 10 _ _ _ _ _ _ 30 30 _ _");
    assert_eq!(gap(Gaps::Hold), "10 10 10 10 10 10 10 10 30 30 _ _");
    assert_eq!(gap(Gaps::Interpolate), "10 10 15 15 20 20 25 25 30 30 _ _");
    assert_eq!(gap(Gaps::Zero), "10 10 0 0 0 0 0 0 30 30 _ _");
}

#[test]
fn r_11_4_a_trace_may_repeat() {
    let trace = samples("10:00 1, 10:01 2, 10:02 3", "1m", Gaps::Missing).repeating();
    assert_eq!(told(&trace, 7), "1 1 2 2 3 3 1 1 2 2 3 3 1 1");
    assert_eq!(trace.at(time("10:04:30")).until, time("10:05"));
}

#[test]
fn r_11_4_without_a_value_a_backlog_stands_still() {
    // 6,000 wait as the trace breaks off for two minutes; then they are served in one.
    let queue = Overload::Queue { max_backlog: None, timeout: None };
    let demand = Demand { overload: queue, ..demand("10:00 200, 10:01 _, 10:03 0", 100) };
    let world = World::new(1, 9, 1).load(Load::Demand(demand)).policy("p cpu > 99 x1 +1 0s");
    let mut run = world.run();
    run.until("10:06");
    // Samples of the minutes 10:00, 10:03 and 10:04: 100, 100 and 0.
    assert_eq!(run.decisions(), "10:05:00 p 66.666667 streak 0 not_breaching\n");
}

/// Ten per cent and ten more for each instance there is; after 10:05 five less.
#[derive(Debug)]
struct Crowding;

impl CustomLoad for Crowding {
    fn usage(&self, _: Dimension, at: SimTime, in_service: u32) -> Step {
        let crowded = i64::from(in_service) * 10 + 10;
        let change = time("10:05");
        let (value, until) = match at < change {
            true => (crowded, change),
            false => (crowded - 5, SimTime::MAX),
        };
        Step { value: Some(Micro::from_int(value)), until }
    }

    fn has(&self, dimension: Dimension) -> bool {
        dimension == Dimension::CpuUsage
    }
}

#[test]
fn r_11_4_a_load_model_may_be_the_embedders() {
    let world = World::new(1, 9, 2).load(Load::Custom(Arc::new(Crowding)));
    let mut run = world.policy("p cpu > 28 x1 +1 0s").run();
    run.until("10:16");
    expect![[r#"
        10:05:00 p 30 streak 1 accepted
        10:10:00 p 33.571429 streak 2 accepted
        10:15:00 p 43.421053 streak 3 accepted
    "#]]
    .assert_eq(&run.decisions());
    assert!(!Load::Custom(Arc::new(Crowding)).has(Dimension::MemUsage));
}
