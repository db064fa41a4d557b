//! 7.1 and 7.2: faults, marks, and replacement in the three orders.

use asgsim::engine::command::{Command, CommandError, Outage};
use asgsim::model::health::{Fault, mark_at};
use asgsim::model::policy::{DEFAULT_POLICY, PolicyChange};
use asgsim::model::semantics::ReplaceOrder;
use asgsim::{SimDuration, SimTime};
use expect_test::expect;

use super::world::{World, clock, create, fail, hook, modify, protect, span, time};

const KINDS: &str = "marked activity instance";

fn ordered(order: ReplaceOrder, world: World) -> World {
    world.edit(|setup| setup.semantics.replace_order = order)
}

#[test]
fn r_7_1_a_fault_is_noticed_after_sixty_seconds() {
    let fault = |begin, end| Fault { begin: time(begin), end: time(end) };
    let in_service = "10:05";
    let table = [
        ("none", vec![], None),
        ("long enough", vec![fault("10:10", "10:11:00.001")], Some("10:11:00")),
        ("over at the very instant", vec![fault("10:10", "10:11")], None),
        ("from before service", vec![fault("10:00", "10:30")], Some("10:06:00")),
        ("over before service", vec![fault("10:00", "10:05")], None),
        (
            "two that overlap are one",
            vec![fault("10:10", "10:10:50"), fault("10:10:30", "10:11:20")],
            Some("10:11:00"),
        ),
        (
            "two that touch are one",
            vec![fault("10:10", "10:10:40"), fault("10:10:40", "10:11:20")],
            Some("10:11:00"),
        ),
        (
            "a gap between them",
            vec![fault("10:10", "10:10:40"), fault("10:10:41", "10:11:20")],
            None,
        ),
        (
            "the second is long enough",
            vec![fault("10:20", "10:22"), fault("10:10", "10:10:40")],
            Some("10:21:00"),
        ),
        (
            "one inside the other",
            vec![fault("10:10", "10:12"), fault("10:10:10", "10:10:20")],
            Some("10:11:00"),
        ),
    ];
    for (what, faults, at) in table {
        let found = mark_at(time(in_service), &faults).map(clock);
        assert_eq!(found.as_deref(), at, "{what}");
    }
}

// S-426.
#[test]
fn r_7_1_the_marked_are_replaced_together() {
    let world = World::new(1, 3, 3).load_balancer();
    let mut run = world.at("10:00", fail(1, "")).at("10:00", fail(3, "2m")).run();
    run.until("10:03");
    expect![[r#"
        10:00:00 sizes 1..3 desired 3
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 instance 3 InService
        10:01:00 marked 1
        10:01:00 marked 3
        10:01:00 activity 1 replace of 2 by Health
        10:01:00 instance 1 DetachLb
        10:01:00 instance 3 DetachLb
        10:01:00 instance 4 Creating
        10:01:00 instance 5 Creating
        10:01:02 instance 1 Removing
        10:01:02 instance 3 Removing
        10:01:12 instance 1 Gone
        10:01:12 instance 3 Gone
        10:02:00 instance 4 AttachLb
        10:02:00 instance 5 AttachLb
        10:02:05 instance 4 InService
        10:02:05 instance 5 InService
        10:02:05 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.log());
}

#[test]
fn r_7_1_a_short_fault_leaves_no_mark() {
    let world = World::new(1, 3, 2).at("10:00", fail(1, "60s"));
    let mut run = world.run();
    run.until("10:05");
    assert_eq!(run.lines("marked activity"), "");
}

#[test]
fn r_7_1_terminate_first() {
    let world =
        World::new(1, 3, 3).load_balancer().at("10:00", fail(1, "")).at("10:00", fail(2, ""));
    let mut run = ordered(ReplaceOrder::TerminateFirst, world).run();
    run.until("10:03");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 instance 3 InService
        10:01:00 marked 1
        10:01:00 marked 2
        10:01:00 activity 1 replace of 2 by Health
        10:01:00 instance 1 DetachLb
        10:01:00 instance 2 DetachLb
        10:01:02 instance 1 Removing
        10:01:02 instance 2 Removing
        10:01:12 instance 1 Gone
        10:01:12 instance 2 Gone
        10:01:12 instance 4 Creating
        10:01:12 instance 5 Creating
        10:02:12 instance 4 AttachLb
        10:02:12 instance 5 AttachLb
        10:02:17 instance 4 InService
        10:02:17 instance 5 InService
        10:02:17 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_7_1_launch_first_passes_max_meanwhile() {
    let world = World::new(1, 2, 2).at("10:00", fail(1, "")).at("10:00", fail(2, ""));
    let mut run = ordered(ReplaceOrder::LaunchFirst, world).run();
    run.until("10:02").settle();
    assert_eq!(run.web().members().len(), 4);
    run.until("10:03");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:01:00 marked 1
        10:01:00 marked 2
        10:01:00 activity 1 replace of 2 by Health
        10:01:00 instance 3 Creating
        10:01:00 instance 4 Creating
        10:02:00 instance 3 InService
        10:02:00 instance 4 InService
        10:02:00 instance 1 Removing
        10:02:00 instance 2 Removing
        10:02:10 instance 1 Gone
        10:02:10 instance 2 Gone
        10:02:10 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_7_1_launch_first_keeps_as_many_old_ones_as_new_ones_failed() {
    let world = World::new(1, 3, 3).hook("warm launch 30s disable");
    let world = world.at("10:00", fail(1, "")).at("10:00", fail(2, ""));
    let complete = Command::CompleteHook {
        instance: asgsim::model::id::InstanceOrdinal(5),
        result: asgsim::model::lifecycle_hook::HookResult::Continue,
    };
    let mut run = ordered(ReplaceOrder::LaunchFirst, world.at("10:02:10", complete)).run();
    run.until("10:03:10");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 instance 3 InService
        10:01:00 marked 1
        10:01:00 marked 2
        10:01:00 activity 1 replace of 2 by Health
        10:01:00 instance 4 Creating
        10:01:00 instance 5 Creating
        10:02:10 instance 5 InService
        10:02:30 instance 4 Removing
        10:02:30 instance 1 Removing
        10:02:40 instance 1 Gone
        10:02:40 instance 4 Gone
        10:02:40 activity 1 ended 3/60000
        10:02:40 back-off after 1 until 10:03:10
    "#]]
    .assert_eq(&run.lines("marked activity instance back-off"));
}

// S-397.
#[test]
fn r_7_1_protected_ones_stay_until_they_are_not() {
    let world = World::new(1, 3, 2).at("10:00", protect("1", true)).at("10:00", fail(1, ""));
    let mut run = world.at("10:05", protect("1", false)).run();
    run.until("10:07");
    expect![[r#"
        10:01:00 marked 1
        10:05:00 activity 1 replace of 1 by Health
        10:06:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("marked activity"));
}

#[test]
fn r_7_1_a_mark_is_never_taken_back() {
    let world = World::new(1, 3, 2).at("10:00", protect("1", true));
    let mut run = world.at("10:00", fail(1, "90s")).run();
    run.until("10:30");
    assert_eq!(run.lines("marked"), "10:01:00 marked 1\n");
    let marked = asgsim::model::instance::HealthStatus::UnHealthy;
    assert_eq!(run.web().members()[0].health, marked);
}

#[test]
fn r_7_1_hooks_hold_their_side_of_a_replacement() {
    let launch = World::new(1, 3, 2).hook("warm launch 30s continue").at("10:00", fail(1, ""));
    let mut run = launch.run();
    run.until("10:04");
    expect![[r#"
        10:01:00 activity 1 replace of 1 by Health
        10:02:00 wait 3 at hook 1 until 10:02:30
        10:02:30 wait 3 expired continue
        10:02:30 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity wait"));
    let mut terminate = World::new(1, 3, 2).hook("drain terminate 30s continue");
    terminate.web().hooks.push(hook("other launch 30s continue"));
    let mut run = terminate.at("10:00", fail(1, "")).run();
    run.until("10:04");
    expect![[r#"
        10:01:00 activity 1 replace of 1 by Health
        10:01:00 wait 1 at hook 1 until 10:01:30
        10:01:30 wait 1 expired continue
        10:02:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity wait"));
}

#[test]
fn r_7_1_no_cooldown_is_obeyed_or_opened_and_desired_stays() {
    let world = World::new(1, 5, 2).cpu("09:00 90, 10:06 10").policy("out cpu > 70 x1 +1 3600s");
    let mut run = world.at("10:06", fail(1, "")).run();
    run.until("10:10");
    expect![[r#"
        10:00:00 sizes 1..5 desired 2
        10:05:00 sizes 1..5 desired 3
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:06:00 cooldown of activity 1 until 11:06:00
        10:07:00 activity 2 replace of 1 by Health
        10:08:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("sizes activity cooldown"));
}

#[test]
fn r_7_1_a_running_activity_makes_the_replacement_wait() {
    let world = World::new(1, 5, 2).at("10:00:30", modify("desired 3")).at("10:00", fail(1, ""));
    let mut run = world.run();
    run.until("10:03");
    expect![[r#"
        10:00:30 activity 1 scale-out of 1 by user
        10:01:00 marked 1
        10:01:30 activity 1 ended 2/0
        10:01:30 activity 2 replace of 1 by Health
        10:02:30 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("marked activity"));
}

#[test]
fn r_7_1_a_zone_outage_marks_all_of_the_zone() {
    let outage = |from: &str, to: SimTime| Outage {
        group: None,
        place: Some("a".into()),
        begin: time(from),
        end: to,
    };
    let world = World::new(1, 6, 4).zones("a b");
    let world = world.edit(|setup| {
        setup.outages = vec![outage("10:00", time("10:00:59")), outage("10:10", time("10:20"))];
    });
    let mut run = world.run();
    run.until("10:14");
    // Newcomers in zone a meet the same outage.
    expect![[r#"
        10:00:00 joined 1 Auto in a
        10:00:00 joined 2 Auto in b
        10:00:00 joined 3 Auto in a
        10:00:00 joined 4 Auto in b
        10:11:00 marked 1
        10:11:00 marked 3
        10:11:00 activity 1 replace of 2 by Health
        10:11:00 joined 5 Auto in a
        10:11:00 joined 6 Auto in b
        10:12:00 activity 1 ended 2/0
        10:13:00 marked 5
        10:13:00 activity 2 replace of 1 by Health
        10:13:00 joined 7 Auto in a
    "#]]
    .assert_eq(&run.lines("marked activity joined"));
}

#[test]
fn r_7_1_faults_by_chance_come_once_in_the_mean_time() {
    let mut world = World::new(0, 30, 30);
    world.web().faults.mtbf = Some(span("10h"));
    let mut run = world.run();
    run.until("20:00");
    // Each of thirty places sees one fault in ten hours on average: thirty, give or take four
    // standard deviations.
    let marks = run.lines("marked").lines().count();
    assert!((8..=52).contains(&marks), "{marks}");
    assert!(run.web().in_service() >= 26);
}

#[test]
fn r_7_1_a_fault_needs_a_member_and_a_length() {
    let mut run = World::new(1, 3, 2).run();
    let nine = asgsim::model::id::InstanceOrdinal(9);
    let unknown = CommandError::UnknownInstance { instance: nine };
    assert_eq!(run.apply(&fail(9, "")), Err(unknown));
    let zero = Command::FailInstance { instance: nine, length: Some(SimDuration::ZERO) };
    assert_eq!(run.apply(&zero), Err(CommandError::Length { length: SimDuration::ZERO }));
}

// S-280, S-612, S-678, S-687.
#[test]
fn r_7_2_the_default_policy_is_there_but_cannot_be_touched() {
    let mut run = World::new(1, 3, 2).cpu("09:00 10").run();
    let policy = DEFAULT_POLICY.to_owned();
    let change = PolicyChange::default();
    let modified = run.apply(&Command::ModifyPolicy { policy: policy.clone(), change });
    let deleted = run.apply(&Command::DeletePolicy { policy });
    let codes = [modified, deleted].map(|refused| refused.unwrap_err().code());
    assert_eq!(
        codes,
        ["Conflict.ModifyDefaultScalingPolicyError", "Conflict.DeleteDefaultScalingPolicyError"]
    );
    // Nobody else can have its name, and it counts for no quota.
    let taken = run.apply(&create("default cpu > 70 x1 +1 300s")).unwrap_err();
    assert_eq!(taken.code(), "NameDuplicate.ScalingPolicy");
    let mut run =
        World::new(1, 3, 2).cpu("09:00 10").edit(|s| s.limits.policies_per_group = 1).run();
    run.apply(&create("out cpu > 70 x1 +1 300s")).unwrap();
}
