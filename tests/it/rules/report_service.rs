//! Chapter 12 over the whole service: what reports make of waits, failures, marks and machines.

use asgsim::SimDuration;
use asgsim::engine::command::Command;
use asgsim::env::faults::LaunchFailure;
use asgsim::model::failure::FailureCause;
use asgsim::model::id::{HookOrdinal, InstanceOrdinal};
use asgsim::model::lifecycle_hook::{HookChange, HookResult};
use asgsim::model::policy::PolicyChange;
use asgsim::model::semantics::RetryRule;
use asgsim::report::history::{Activity, History};
use asgsim::report::result::RunResult;
use asgsim::report::summary::Summary;
use asgsim::report::{Billing, Tariff};
use asgsim::scenario::Scenario;
use expect_test::expect;
use serde_json::Value;

use super::report_laws::summary_of;
use super::world::{World, attach, clock, detach, fail, hook, micro, modify, protect, time};

fn scenario(world: World) -> Scenario {
    let mut scenario = Scenario::of("service", world.setup, time("11:00"));
    scenario.tariff =
        Tariff { per_instance_hour: micro("1"), billing: Billing::PerSecond, ..Tariff::default() };
    scenario
}

fn summary(world: World) -> Summary {
    summary_of(&scenario(world))
}

fn history(world: World) -> History {
    let engine = scenario(world).play().unwrap();
    let web = engine.groups().next().unwrap();
    History::of(web.log().entries())
}

/// The result as JSON.
fn result(world: World) -> Value {
    let scenario = scenario(world);
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    serde_json::to_value(RunResult::of(&run)).unwrap()
}

fn numbers(instances: &[InstanceOrdinal]) -> Vec<u32> {
    instances.iter().map(|instance| instance.0).collect()
}

/// Launches that fail for want of machines.
fn failing(probability: &str) -> World {
    let mut world = World::new(0, 20, 2).creating("60s").at("10:10", modify("desired 4"));
    let (probability, cause) = (micro(probability), FailureCause::SoldOut);
    world.web().faults.launch_failure = Some(LaunchFailure { probability, cause });
    world
}

#[test]
fn r_12_4_a_launch_that_fails_costs_nothing() {
    let found = summary(failing("1"));
    // Ten launches failed, and not even the least of 60 s is billed for them.
    assert_eq!((found.failed_launches, found.instance_hours, found.cost), (10, 2.0, 2.0));
    assert_eq!((found.failed_activities, found.given_up), (5, 1));
    assert_eq!(found.refused_launches, 0);
}

#[test]
fn r_12_4_a_wait_at_a_launch_hook_costs() {
    // Two instances, created at 10:11, wait for two minutes.
    let base = || World::new(0, 20, 0).creating("60s").at("10:10", modify("desired 2"));
    let taken = summary(base().hook("warm launch 120s continue"));
    assert_eq!(taken.instance_hours, 1.633333);
    assert_eq!((taken.hook_waits, taken.expired_waits, taken.refused_launches), (2, 2, 0));
    assert_eq!(taken.hook_wait_minutes, 4.0);
    // Refused ones cost until they are released: the wait, and the ten seconds of Removing.
    let world = base().hook("warm launch 120s disable");
    let refused = summary(world.edit(|s| s.semantics.retry = RetryRule::None));
    assert_eq!((refused.refused_launches, refused.failed_launches), (2, 0));
    assert_eq!(refused.instance_hours, 0.072222);
}

#[test]
fn r_12_4_an_attached_machine_costs_from_attach_to_detach() {
    let world = World::new(0, 20, 0)
        .machines("m-1")
        .load_balancer()
        .at("10:10", attach("m-1"))
        .at("10:40", detach("1", false));
    // 30 minutes, and 2 s each of DetachLb and Detaching.
    assert_eq!(summary(world).instance_hours, 0.501111);
}

#[test]
fn r_12_3_attaching_is_no_change_of_direction() {
    let world = World::new(0, 20, 1)
        .machines("m-1")
        .at("10:05", modify("desired 2"))
        .at("10:10", attach("m-1"))
        .at("10:15", detach("1", false))
        .at("10:20", modify("desired 3"));
    assert_eq!(summary(world).flaps, 0);
}

/// What an activity did, in a line.
fn told(activity: &Activity) -> String {
    format!(
        "{:?} {:?} {}: {} of {}, succeeded {:?}, failed {:?}, concerned {:?}\n",
        activity.kind,
        activity.status,
        activity.error.code(),
        activity.done(),
        activity.count,
        numbers(&activity.succeeded),
        numbers(&activity.failed),
        numbers(&activity.concerned),
    )
}

#[test]
fn r_12_2_activities_list_who_came_who_failed_and_whom_they_concern() {
    let world = failing("0.5")
        .machines("m-1")
        .hook("warm launch 60s disable 30s continue")
        .at("10:30", fail(1, ""))
        .at("10:40", attach("m-1"))
        .at("10:45", detach("2 8", true));
    let lines: String = history(world).activities.iter().map(told).collect();
    expect![[r#"
        ScaleOut Successful 0: 2 of 2, succeeded [3, 4], failed [], concerned []
        Replace Failed 20000: 0 of 1, succeeded [1], failed [5], concerned [1]
        ScaleOut Failed 20000: 0 of 1, succeeded [], failed [6], concerned []
        ScaleOut Successful 0: 1 of 1, succeeded [7], failed [], concerned []
        Attach Successful 0: 1 of 1, succeeded [8], failed [], concerned [8]
        Detach Successful 0: 2 of 2, succeeded [2, 8], failed [], concerned [2, 8]
    "#]]
    .assert_eq(&lines);
}

#[test]
fn r_12_2_waits_renewals_and_refusals() {
    let complete =
        |instance, result| Command::CompleteHook { instance: InstanceOrdinal(instance), result };
    let renew = |instance| Command::RenewHook {
        instance: InstanceOrdinal(instance),
        timeout: SimDuration::from_s(600),
    };
    let change = HookChange { timeout: Some(SimDuration::from_s(60)), ..HookChange::default() };
    let world = World::new(0, 20, 2)
        .creating("60s")
        .hook("warm launch 120s continue")
        .at("10:10", modify("desired 5"))
        .at("10:11:30", complete(3, HookResult::Disable))
        .at("10:12", renew(4))
        .at("10:12:30", Command::ModifyHook { hook: "warm".to_owned(), change })
        .at("10:15", complete(4, HookResult::Continue))
        .at("10:59:30", Command::Resize(super::world::sizes("desired 6")));
    let history = history(world);
    let lines: String = history
        .waits
        .iter()
        .map(|wait| {
            let end = wait.end.map_or("-".to_owned(), |end| {
                format!("{} {:?} expired {}", clock(end.t), end.result, end.expired)
            });
            let (begin, deadline) = (clock(wait.begin), clock(wait.deadline));
            format!("{} {begin} until {deadline}: {end}\n", wait.instance)
        })
        .collect();
    expect![[r#"
        3 10:11:00 until 10:13:00: 10:11:30 Disable expired false
        4 10:11:00 until 10:22:00: 10:15:00 Continue expired false
        5 10:11:00 until 10:13:00: 10:13:00 Continue expired true
        6 10:16:30 until 10:17:30: 10:17:30 Continue expired true
    "#]]
    .assert_eq(&lines);
    assert_eq!(history.hook_name(HookOrdinal(1)), "warm");
    assert_eq!(history.hooks[0].1.timeout, SimDuration::from_s(60));
    assert_eq!(history.waits.iter().filter(|wait| wait.is_refused()).count(), 1);
}

#[test]
fn r_12_2_marks_back_offs_and_suspended_spans() {
    let mut world = failing("1")
        .policy("out cpu > 70 x1 +1 0s")
        .cpu("10:00 10, 10:50 90")
        .notify("6 2 to b a")
        .at("10:20", fail(1, ""))
        .at("10:20", protect("1", true))
        .at("10:25", protect("1", false))
        .at("10:30", Command::Suspend)
        .at("10:31", Command::Resume)
        .at("10:58", Command::Suspend);
    let renamed = PolicyChange { name: Some("up".to_owned()), ..PolicyChange::default() };
    let change = Command::ModifyPolicy { policy: "out".to_owned(), change: renamed };
    world = world.at("10:40", change);
    let found = history(world.clone());
    let t = |t| clock(t);
    let marks: Vec<_> = found.marks.iter().map(|(at, i)| format!("{} {i}", t(*at))).collect();
    assert_eq!(marks, ["10:21:00 1"]);
    let back_offs = found
        .back_offs
        .iter()
        .map(|b| format!("{} {} {:?}", t(b.t), b.failures, b.until.map(clock)));
    expect![[r#"
        10:11:00 1 Some("10:11:30")
        10:12:30 2 Some("10:13:00")
        10:14:00 3 Some("10:14:30")
        10:15:30 4 Some("10:16:00")
        10:17:00 5 None
        10:26:00 6 None
        10:56:00 1 Some("10:56:30")
        10:57:30 2 Some("10:58:00")"#]]
    .assert_eq(&back_offs.collect::<Vec<_>>().join("\n"));
    let suspended: Vec<_> =
        found.suspensions.iter().map(|(from, to)| (t(*from), to.map(clock))).collect();
    assert_eq!(
        suspended,
        [("10:30:00".to_owned(), Some("10:31:00".to_owned())), ("10:58:00".to_owned(), None),]
    );
    assert_eq!(found.policies[0].1.name, "up");
    let figures = summary(world);
    assert_eq!((figures.marked, figures.replaced), (1, 0));
    assert_eq!(figures.suspended_minutes, 3.0);
    assert_eq!(figures.notifications, found.notices.len());
    assert!(figures.notifications > 5);
}

#[test]
fn r_12_2_triggers_of_inactive_and_suspended_groups() {
    let world = World::new(1, 9, 2)
        .cpu("10:00 90")
        .policy("out cpu > 70 x1 +1 0s")
        .condition(FailureCause::KeyDeleted, "10:08", "10:22", "")
        .at("10:27", Command::Suspend);
    let found = summary(world.clone());
    assert_eq!((found.refused_failed, found.refused_suspended), (3, 6));
    assert_eq!(found.failed_activities, 3);
    let result = result(world);
    let failed = &result["groups"][0]["activities"][1];
    assert_eq!((&failed["status"], &failed["error_code"]), (&4.into(), &50_000.into()));
    assert_eq!(failed["msg"], "the key pair was deleted");
    assert_eq!(failed["t_start"], failed["t_end"]);
    let blocker = &result["groups"][0]["decisions"][1]["blocker"];
    assert_eq!((&blocker["by"], &blocker["id"]), (&"cause".into(), &"50000".into()));
}

#[test]
fn r_12_2_ids_of_machines_and_the_words_of_activities() {
    let world = World::new(0, 20, 2)
        .machines("m-1 m-2")
        .at("10:10", attach("m-1 m-2"))
        .at("10:20", detach("1 4", false))
        .at("10:30", fail(2, ""))
        .at("10:40", modify("desired 1"));
    let result = result(world);
    let rows = result["groups"][0]["activities"].as_array().unwrap();
    let told = rows.iter().map(|row| {
        let list = |key: &str| row[key].as_array().unwrap().len();
        format!(
            "{} | {} | {} | {} and {} ids\n",
            row["cause"].as_str().unwrap(),
            row["description"].as_str().unwrap(),
            row["msg"].as_str().unwrap(),
            list("succ_ins_list"),
            list("fail_ins_list"),
        )
    });
    expect![[r#"
        Users are added to the CVM [m-1, m-2] | attach 2 instance | success | 2 and 0 ids
        Users are removed from the CVM [ins-h8u40fau, m-2] | detach 2 instance | success | 2 and 0 ids
        unhealthy instance [ins-mxjw1dls] | replace 1 instance | success | 2 and 0 ids
        curr instance more than desired capacity | scale in 1 instance | success | 1 and 0 ids
    "#]].assert_eq(&told.collect::<String>());
    assert_eq!(rows[0]["succ_ins_list"], serde_json::json!(["m-1", "m-2"]));
}

#[test]
fn r_10_1_notifications_in_the_result() {
    let mut world = World::new(1, 9, 2)
        .cpu("10:00 90, 10:09 50")
        .policy("out cpu > 70 x1 +1 0s")
        .notify("1 to b a")
        .hook("warm launch 60s continue");
    world.web().policies[0].notify_ids = vec!["z".to_owned(), "y".to_owned()];
    world.web().hooks[0] = asgsim::model::lifecycle_hook::LifecycleHook {
        notify_ids: vec!["h".to_owned()],
        ..hook("warm launch 60s continue")
    };
    let result = result(world);
    let rows = result["groups"][0]["notifications"].as_array().unwrap();
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    expect![[r#"
        {"kind":"policy","policy":"out","receivers":["y","z"],"t":1709258700}
        {"hook":"warm","instance":"ins-p8ilcjns","kind":"hook","receivers":["h"],"t":1709258760}
        {"activity":"asa-q0biul0k","kind":"activity","receivers":["a","b"],"t":1709258820,"type":1}
        {"kind":"policy","policy":"out","receivers":["y","z"],"t":1709259000}
        {"hook":"warm","instance":"ins-i5ujbffc","kind":"hook","receivers":["h"],"t":1709259060}
        {"activity":"asa-2rx5rtqj","kind":"activity","receivers":["a","b"],"t":1709259120,"type":1}
    "#]]
    .assert_eq(&lines);
}
