//! Alarm policies: create, modify, delete.

use asgsim::engine::command::Command;
use asgsim::env::load::{Fixed, Load};
use asgsim::model::policy::{Adjustment, Dimension, Operator, Policy, PolicyChange};
use expect_test::expect;

use super::{code, would};
use crate::rules::world::{Run, World, create, policy, span, trace};

/// A group with the policy `out`.
fn group() -> Run {
    World::new(1, 9, 2).cpu("09:00 50").policy("out cpu > 70 x2 +1 300s").run()
}

fn change(name: &str, change: PolicyChange) -> Command {
    Command::ModifyPolicy { policy: name.to_owned(), change }
}

/// The change that makes one policy out of another.
fn into(policy: Policy) -> PolicyChange {
    let (kind, value) = policy.adjustment.parts();
    PolicyChange {
        name: Some(policy.name),
        dimension: Some(policy.alarm.dimension),
        operator: Some(policy.alarm.operator),
        threshold: Some(policy.alarm.threshold),
        repeat_times: Some(policy.alarm.repeat_times),
        statistic: policy.alarm.statistic,
        adjustment_type: Some(kind),
        adjustment_value: Some(value),
        cooldown: Some(policy.cooldown),
        notify_ids: Some(policy.notify_ids),
    }
}

/// The code with which a policy is refused, new or made out of another.
#[track_caller]
fn judged(policy: &Policy) -> &'static str {
    let run = group();
    let created = would(&run, &Command::CreatePolicy(policy.clone()));
    assert_eq!(would(&run, &change("out", into(policy.clone()))), created);
    created
}

/// S-011, S-592: each of the four is measured for itself.
#[test]
fn s_011_four_metrics() {
    let usage = ["60", "70", "1000", "2000"].map(|value| Some(trace(&format!("09:00 {value}"))));
    let world = World::new(1, 1, 1).load(Load::Fixed(Fixed { usage }));
    let world = world.policy("cpu cpu > 59 x1 +1 0s").policy("mem mem > 69 x1 +1 0s");
    let mut run = world.policy("out out > 999 x1 +1 0s").policy("in in > 1999 x1 +1 0s").run();
    run.until("10:06");
    expect![[r#"
        10:05:00 cpu 60 streak 1 no_change
        10:05:00 mem 70 streak 1 no_change
        10:05:00 out 1000 streak 1 no_change
        10:05:00 in 2000 streak 1 no_change
    "#]]
    .assert_eq(&run.decisions());
    let names = Dimension::ALL.map(Dimension::name);
    assert_eq!(names, ["cpu_usage", "mem_usage", "lan_outtraffic", "lan_intraffic"]);
}

/// S-566, S-604.
#[test]
fn s_566_a_hundred_policies_and_no_more() {
    let mut run = World::new(1, 9, 2).cpu("09:00 50").run();
    for n in 1..=100 {
        assert_eq!(code(&mut run, &create(&format!("p{n} cpu > 70 x1 +1 0s"))), "Success");
    }
    let one_more = create("p101 cpu > 70 x1 +1 0s");
    assert_eq!(code(&mut run, &one_more), "QuotaExceeded.ScalingPolicy");
    run.apply(&Command::DeletePolicy { policy: "p7".to_owned() }).unwrap();
    assert_eq!(code(&mut run, &one_more), "Success");
}

/// S-567, S-569, S-570, and S-642 to S-644 for a policy that was another before.
#[test]
fn s_567_what_an_adjustment_makes_of_a_group() {
    let table = [
        (2, "=5", 5),
        (2, "=30", 9),
        (4, "=0", 1),
        (2, "+2", 4),
        (4, "-1", 3),
        (4, "+50%", 6),
        (4, "-25%", 3),
        (8, "+100%", 9),
        (4, "-100%", 1),
    ];
    for (desired, adjustment, expected) in table {
        let alarm = policy(&format!("out cpu > 70 x1 {adjustment} 900s"));
        let other = "out cpu > 70 x1 +0 900s";
        let world = World::new(1, 9, desired).cpu("09:00 90");
        let new = world.clone().at("10:00", Command::CreatePolicy(alarm.clone()));
        let changed = world.policy(other).at("10:00", change("out", into(alarm)));
        for world in [new, changed] {
            let mut run = world.run();
            run.until("10:07");
            let found = (run.web().capacity().desired, run.web().in_service());
            assert_eq!(found, (expected, expected), "{adjustment} of {desired}");
        }
    }
}

#[test]
fn s_573_a_policy_is_listed_from_its_creation_on() {
    let mut run = group();
    let new = policy("in cpu < 20 x3 -1 60s");
    run.apply(&Command::CreatePolicy(new.clone())).unwrap();
    let listed: Vec<_> = run.web().policies().map(|(n, policy, _)| (n.0, policy)).collect();
    assert_eq!(listed, [(1, &policy("out cpu > 70 x2 +1 300s")), (2, &new)]);
    expect![[r#"
        10:00:00 policy out created
        10:00:00 policy in created
    "#]]
    .assert_eq(&run.lines("policy"));
}

/// S-568, S-583 to S-585, S-608, S-657 to S-659, S-677.
#[test]
fn s_583_the_range_of_each_adjustment() {
    let fits = |adjustment: &&str| match judged(&policy(&format!("p cpu > 70 x1 {adjustment} 0s")))
    {
        "Success" => true,
        code => {
            assert_eq!(code, "InvalidParameter.AdjustmentValue");
            false
        }
    };
    let all = ["=-1", "=0", "=30", "=31", "-31", "-30", "+0", "+30", "+31"];
    let found: Vec<_> = all.into_iter().filter(fits).collect();
    assert_eq!(found, ["=0", "=30", "-30", "+0", "+30"]);
    let shares = ["-101%", "-100%", "+0%", "+100%", "+101%"];
    assert_eq!(shares.into_iter().filter(fits).collect::<Vec<_>>(), ["-100%", "+0%", "+100%"]);
}

/// S-588, S-662.
#[test]
fn s_588_twenty_user_groups() {
    let told = |count: u32| Policy {
        notify_ids: (0..count).map(|n| n.to_string()).collect(),
        ..policy("p cpu > 70 x1 +1 0s")
    };
    assert_eq!(
        [0, 20, 21].map(told).map(|p| judged(&p)),
        ["Success", "Success", "InvalidParameter"]
    );
}

/// S-594 to S-597, S-599, S-605, S-668 to S-671, S-673; the façade spells the code of a change
/// its own way.
#[test]
fn s_594_the_ranges_of_a_rule() {
    let fits = |rule: &&str| match judged(&policy(&format!("p {rule} +1 0s"))) {
        "Success" => true,
        code => {
            assert_eq!(code, "InvalidParameter.Metric");
            false
        }
    };
    for metric in ["cpu", "mem"] {
        let rules = [-1, 0, 100, 101].map(|threshold| format!("{metric} > {threshold} x1"));
        assert_eq!(rules.each_ref().map(|rule| fits(&rule.as_str())), [false, true, true, false]);
    }
    for metric in ["out", "in"] {
        let rules = [-1, 0, 1, 1_000_000_000].map(|threshold| format!("{metric} > {threshold} x1"));
        assert_eq!(rules.each_ref().map(|rule| fits(&rule.as_str())), [false, false, true, true]);
    }
    let repeats = [0, 1, 10, 11].map(|times| format!("cpu > 70 x{times}"));
    assert_eq!(repeats.each_ref().map(|rule| fits(&rule.as_str())), [false, true, true, false]);
}

/// S-603, S-607, S-676.
#[test]
fn s_603_names_are_new_and_short_enough() {
    let named = |name: &str| Policy { name: name.to_owned(), ..policy("p cpu > 70 x1 +1 0s") };
    assert_eq!(would(&group(), &create("out cpu < 20 x1 -1 0s")), "NameDuplicate.ScalingPolicy");
    assert_eq!(would(&group(), &create("Out cpu < 20 x1 -1 0s")), "Success");
    let wrong = "InvalidParameter.ScalingPolicyNameError";
    let table = [
        ("n".repeat(60), "Success"),
        ("n".repeat(61), wrong),
        ("扩".repeat(60), "Success"),
        (String::new(), wrong),
        ("a\nb".to_owned(), wrong),
    ];
    for (name, expected) in table {
        assert_eq!(judged(&named(&name)), expected, "{name:?}");
    }
}

#[test]
fn s_645_a_changed_threshold_is_the_one_that_counts() {
    let world = World::new(1, 9, 2).cpu("09:00 80, 10:20 95").policy("out cpu > 50 x1 +1 900s");
    let higher = PolicyChange { threshold: Some(90), ..PolicyChange::default() };
    let mut run = world.at("10:00", change("out", higher)).run();
    run.until("10:26");
    expect![[r#"
        10:05:00 out 80 streak 0 not_breaching
        10:10:00 out 80 streak 0 not_breaching
        10:15:00 out 80 streak 0 not_breaching
        10:20:00 out 80 streak 0 not_breaching
        10:25:00 out 95 streak 1 accepted
    "#]]
    .assert_eq(&run.decisions());
}

/// S-646, S-653: what a change does not name stays.
#[test]
fn s_646_a_change_leaves_the_rest_alone() {
    let before =
        Policy { notify_ids: vec!["7".to_owned()], ..policy("out cpu >= 70 x2 -25% 300s max") };
    let after = |change: PolicyChange| before.changed(&change);
    assert_eq!(after(PolicyChange::default()), before);
    let rests = after(PolicyChange { cooldown: Some(span("60s")), ..PolicyChange::default() });
    assert_eq!(rests, Policy { cooldown: span("60s"), ..before.clone() });
    let rule = after(PolicyChange { threshold: Some(80), ..PolicyChange::default() }).alarm;
    assert_eq!((rule.dimension, rule.operator), (Dimension::CpuUsage, Operator::EqualOrGreater));
    assert_eq!((rule.threshold, rule.repeat_times), (80, 2));
    let value = after(PolicyChange { adjustment_value: Some(-50), ..PolicyChange::default() });
    assert_eq!(value.adjustment, Adjustment::PercentChangeInCapacity(-50));
}

/// S-650, S-686.
#[test]
fn s_650_a_policy_must_be_there() {
    let mut run = group();
    let unknown = "InvalidParameter.ScalingPolicyIdError";
    assert_eq!(would(&run, &change("in", PolicyChange::default())), unknown);
    let delete = |name: &str| Command::DeletePolicy { policy: name.to_owned() };
    assert_eq!(code(&mut run, &delete("in")), unknown);
    assert_eq!(code(&mut run, &delete("out")), "Success");
    assert_eq!(code(&mut run, &delete("out")), unknown);
    assert_eq!(run.web().policies().count(), 0);
}
