//! Chapter 8, and the failures of 1.6: causes, inactive groups, partial success, retries.

use std::sync::Arc;

use asgsim::engine::setup::ValidationError;
use asgsim::env::faults::LaunchFailure;
use asgsim::model::failure::{
    Condition, FailureCause, account_limit, active_from, retry_at, standing_cause,
};
use asgsim::model::id::GroupIndex;
use asgsim::model::semantics::RetryRule;
use asgsim::{GroupSetup, Micro, SimTime};
use expect_test::expect;

use super::world::{WEB, World, attach, clock, detach, fail, modify, protect, time};

const KINDS: &str = "sizes activity back-off failed";

fn condition(cause: FailureCause, from: &str, to: &str, place: &str) -> Condition {
    Condition {
        cause,
        limit: None,
        group: None,
        place: (!place.is_empty()).then(|| place.into()),
        begin: time(from),
        end: if to == "-" { SimTime::MAX } else { time(to) },
    }
}

/// Every launch fails with 20002.
fn failing(mut world: World, probability: &str) -> World {
    world.web().faults.launch_failure = Some(LaunchFailure {
        probability: Micro::parse(probability).unwrap(),
        cause: FailureCause::Short,
    });
    world
}

#[test]
fn r_8_1_causes_and_their_codes() {
    let codes: Vec<_> =
        FailureCause::ALL.iter().map(|c| (c.error().code(), c.is_local())).collect();
    assert_eq!(
        codes,
        [
            (50_000, false),
            (10_000, false),
            (10_001, false),
            (10_002, false),
            (10_003, false),
            (10_004, true),
            (20_001, true),
            (30_001, false),
            (30_000, false),
            (20_000, true),
            (20_002, true),
        ]
    );
}

// S-502.
#[test]
fn r_8_1_a_failed_launch_shows_at_the_end_of_its_creation() {
    let world = World::new(0, 10, 0).at("10:00", modify("desired 2"));
    let mut run = failing(world, "1").run();
    run.until("10:01:30");
    expect![[r#"
        10:00:00 sizes 0..10 desired 0
        10:00:00 sizes 0..10 desired 2
        10:00:00 activity 1 scale-out of 2 by user
        10:00:00 instance 1 Creating
        10:00:00 instance 2 Creating
        10:01:00 failed 1 20002
        10:01:00 instance 1 Gone
        10:01:00 failed 2 20002
        10:01:00 instance 2 Gone
        10:01:00 activity 1 ended 4/20002
        10:01:00 back-off after 1 until 10:01:30
    "#]]
    .assert_eq(&run.lines("sizes activity instance failed back-off"));
    assert_eq!(run.engine.instance_count(), 0);
    // Without a length of its own the creation fails at once.
    let world = World::new(0, 10, 0).at("10:00", modify("desired 1")).creating("0s");
    let mut run = failing(world, "1").run();
    run.until("10:00:00.001");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 failed 1 20002
        10:00:00 instance 1 Gone
        10:00:00 activity 1 ended 4/20002
    "#]]
    .assert_eq(&run.lines("activity instance failed"));
}

#[test]
fn r_8_1_each_instance_has_its_own_luck() {
    let world = World::new(0, 30, 0).at("10:00", modify("desired 30"));
    let world = failing(world, "0.5").edit(|s| s.semantics.retry = RetryRule::None);
    let mut run = world.run();
    run.until("10:05");
    let failed = run.lines("failed").lines().count();
    // Half of thirty, give or take four standard deviations.
    assert!((4..=26).contains(&failed), "{failed}");
    assert_eq!(run.web().in_service(), 30 - u32::try_from(failed).unwrap());
    assert!(run.lines("activity").contains("ended 3/20002"));
}

#[test]
fn r_8_1_a_quota_cuts_what_an_activity_creates() {
    let world = World::new(0, 10, 2).machines("m-1").at("10:00", modify("desired 6"));
    let mut run = world.clone().edit(|s| s.instance_limit = Some(5)).run();
    run.until("10:01:30");
    // Two members and a machine outside: room for two of four.
    expect![[r#"
        10:00:00 sizes 0..10 desired 2
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 sizes 0..10 desired 6
        10:00:00 activity 1 scale-out of 4 by user
        10:00:00 instance 3 Creating
        10:00:00 instance 4 Creating
        10:01:00 instance 3 InService
        10:01:00 instance 4 InService
        10:01:00 activity 1 ended 3/30000
        10:01:00 back-off after 1 until 10:01:30
    "#]]
    .assert_eq(&run.lines("sizes activity instance back-off"));
    // As a condition it ends; the strictest counts.
    let quota = |limit, to| Condition {
        limit: Some(limit),
        ..condition(FailureCause::Quota, "09:00", to, "")
    };
    let world = world.edit(|s| s.conditions = vec![quota(9, "-"), quota(4, "10:02")]);
    let mut run = world.run();
    run.until("10:04");
    expect![[r#"
        10:00:00 sizes 0..10 desired 2
        10:00:00 sizes 0..10 desired 6
        10:00:00 activity 1 scale-out of 4 by user
        10:01:00 activity 1 ended 3/30000
        10:01:00 back-off after 1 until 10:01:30
        10:01:30 activity 2 scale-out of 3 by Retry
        10:01:30 activity 2 ended 4/30000
        10:01:30 back-off after 2 until 10:02:00
        10:02:00 activity 3 scale-out of 3 by Retry
        10:03:00 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
    let conditions = [quota(9, "-"), quota(4, "10:02")];
    let limits = ["10:01", "10:02"].map(|t| account_limit(&conditions, WEB, time(t)));
    assert_eq!(limits, [Some(4), Some(9)]);
}

#[test]
fn r_8_1_groups_share_the_account() {
    let mut world = World::new(0, 10, 0).edit(|s| s.instance_limit = Some(5));
    world.setup.groups.push(GroupSetup::new("other", 0, 10, 3));
    let mut run = world.at("10:00", modify("desired 4")).run();
    run.until("10:01:10");
    assert_eq!(run.web().in_service(), 2);
    assert!(run.lines("activity").contains("ended 3/30000"));
}

#[test]
fn r_8_1_conditions_that_cannot_be() {
    let wrong = |condition: Condition| {
        let world = World::new(0, 10, 0).edit(|s| s.conditions.push(condition));
        match asgsim::Engine::new(&world.setup) {
            Err(ValidationError::Condition { why, .. }) => why,
            other => panic!("{other:?}"),
        }
    };
    let image = FailureCause::ImageDeleted;
    let table = [
        (condition(image, "10:00", "10:00", ""), "it is over before it begins"),
        (condition(image, "10:00", "-", "a"), "it concerns the whole group, not one zone"),
        (
            Condition { limit: Some(1), ..condition(image, "10:00", "-", "") },
            "only a quota has a limit",
        ),
    ];
    for (condition, why) in table {
        assert_eq!(wrong(condition), why);
    }
}

#[test]
fn r_8_2_which_cause_makes_a_group_inactive() {
    use FailureCause as F;
    let places: Vec<Arc<str>> = vec!["a".into(), "b".into()];
    let other = Condition { group: Some(GroupIndex(1)), ..condition(F::Balance, "10:00", "-", "") };
    let limited = Condition { limit: Some(3), ..condition(F::Quota, "10:00", "-", "") };
    let all = |cause| condition(cause, "10:00", "10:30", "");
    let in_a = |cause| condition(cause, "10:00", "10:10", "a");
    let in_b = |cause| condition(cause, "10:00", "10:20", "b");
    let table = [
        ("nothing", vec![], None),
        ("one for all", vec![all(F::SoldOut)], Some(F::SoldOut)),
        ("of another group", vec![other], None),
        ("a quota with a limit", vec![limited], None),
        ("one zone of two", vec![in_a(F::SoldOut)], None),
        ("both zones", vec![in_a(F::SoldOut), in_b(F::SoldOut)], Some(F::SoldOut)),
        (
            "both, each for its own reason",
            vec![in_a(F::Short), in_b(F::ModelGone)],
            Some(F::ModelGone),
        ),
        ("the order of codes", vec![all(F::Short), all(F::SoldOut), all(F::Quota)], Some(F::Quota)),
        ("balance before quota", vec![all(F::Quota), all(F::Balance)], Some(F::Balance)),
        (
            "images before models",
            vec![all(F::ModelGone), all(F::ImageDeleted)],
            Some(F::ImageDeleted),
        ),
        ("keys before all", vec![all(F::ImageDeleted), all(F::KeyDeleted)], Some(F::KeyDeleted)),
        (
            "a zone of nobody",
            vec![condition(F::SoldOut, "10:00", "-", "c"), all(F::Short)],
            Some(F::Short),
        ),
    ];
    for (what, conditions, cause) in table {
        assert_eq!(standing_cause(&conditions, WEB, &places, time("10:00")), cause, "{what}");
    }
    // Half open: it holds at its begin, and no longer at its end.
    let conditions = [in_a(F::SoldOut), in_b(F::SoldOut)];
    let at = |t| standing_cause(&conditions, WEB, &places, time(t)).is_some();
    assert_eq!(
        [at("09:59:59.999"), at("10:00"), at("10:09:59.999"), at("10:10")],
        [false, true, true, false]
    );
}

#[test]
fn r_8_2_when_a_group_is_active_again() {
    let sold_out = |from, to, zone| condition(FailureCause::SoldOut, from, to, zone);
    let places: Vec<Arc<str>> = vec!["a".into(), "b".into()];
    let table = [
        ("at once", vec![], Some("10:00:00")),
        (
            "the first zone that opens",
            vec![sold_out("09:00", "10:20", "a"), sold_out("09:00", "10:10", "b")],
            Some("10:10:00"),
        ),
        (
            "one cause after another",
            vec![sold_out("09:00", "10:10", ""), sold_out("10:10", "10:30", "")],
            Some("10:30:00"),
        ),
        ("never", vec![sold_out("09:00", "-", "")], None),
        (
            "not while the other lasts",
            vec![
                sold_out("09:00", "10:10", ""),
                sold_out("09:00", "-", "a"),
                sold_out("09:00", "11:00", "b"),
            ],
            Some("11:00:00"),
        ),
    ];
    for (what, conditions, at) in table {
        let found = active_from(&conditions, WEB, &places, time("10:00")).map(clock);
        assert_eq!(found.as_deref(), at, "{what}");
    }
}

#[test]
fn r_8_2_a_scale_out_alarm_fails_and_does_not_raise_desired() {
    let world = World::new(1, 10, 2).cpu("09:00 90").policy("out cpu > 70 x1 +2 300s");
    let mut run = world.condition(FailureCause::SoldOut, "10:00", "10:12", "").run();
    run.until("10:17");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:05:00 trigger out 90 > 70 streak 1 failed by 20000 until 10:12:00 2 -> 4
        10:05:00 activity 1 scale-out by out failed 4/20000
        10:10:00 trigger out 90 > 70 streak 2 failed by 20000 until 10:12:00 2 -> 4
        10:10:00 activity 2 scale-out by out failed 4/20000
        10:15:00 trigger out 90 > 70 streak 3 accepted 2 -> 4
        10:15:00 sizes 1..10 desired 4
        10:15:00 activity 3 scale-out of 2 by out
        10:16:00 activity 3 ended 2/0
        10:16:00 cooldown of activity 3 until 10:21:00
    "#]]
    .assert_eq(&run.lines("trigger sizes activity cooldown back-off"));
}

#[test]
fn r_8_2_other_gaps_wait_without_a_record() {
    let world = World::new(1, 10, 2).at("10:00", modify("desired 4"));
    let mut run = world.condition(FailureCause::KeyDeleted, "09:00", "10:12", "").run();
    run.until("10:14");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 sizes 1..10 desired 4
        10:12:00 activity 1 scale-out of 2 by user
        10:13:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_8_2_scale_in_and_creation_go_on() {
    let world = World::new(1, 10, 3).at("10:00", modify("desired 4"));
    let world = world.at("10:02", modify("desired 2"));
    let mut run = world.condition(FailureCause::Balance, "10:00:30", "-", "").run();
    run.until("10:04");
    expect![[r#"
        10:00:00 sizes 1..10 desired 3
        10:00:00 sizes 1..10 desired 4
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 activity 1 ended 2/0
        10:02:00 sizes 1..10 desired 2
        10:02:00 activity 2 scale-in of 2 by user
        10:02:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_8_2_a_replacement_removes_the_marked_and_creates_none() {
    let world = World::new(1, 10, 2).at("10:00", fail(1, ""));
    let mut run = world.condition(FailureCause::ImageDeleted, "10:00:30", "10:20", "").run();
    run.until("10:22");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:01:00 marked 1
        10:01:00 activity 1 replace of 1 by Health
        10:01:00 instance 1 Removing
        10:01:10 instance 1 Gone
        10:01:10 activity 1 ended 4/10000
        10:20:00 activity 2 scale-out of 1 by Retry
        10:20:00 instance 3 Creating
        10:21:00 instance 3 InService
        10:21:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("marked sizes activity back-off instance"));
}

// S-460, S-479.
#[test]
fn r_8_2_an_inactive_group_takes_and_gives_no_members() {
    let world = World::new(1, 10, 2).machines("m-1");
    let mut run = world.condition(FailureCause::LbDeleted, "10:00", "-", "").run();
    for command in [attach("m-1"), detach("1", false)] {
        let error = run.apply(&command).unwrap_err();
        assert_eq!(error.code(), "IncorrectScalingGroupStatus.Inactive");
    }
    run.apply(&protect("1", true)).unwrap();
}

#[test]
fn r_8_2_sold_out_zones_are_passed_over() {
    let world = World::new(0, 10, 2).zones("a b").at("10:00", modify("desired 5"));
    let world = world.condition(FailureCause::SoldOut, "10:00", "10:05", "a");
    let mut run = world.at("10:05", modify("desired 7")).run();
    run.until("10:06:30");
    expect![[r#"
        10:00:00 joined 1 Auto in a
        10:00:00 joined 2 Auto in b
        10:00:00 activity 1 scale-out of 3 by user
        10:00:00 joined 3 Auto in b
        10:00:00 joined 4 Auto in b
        10:00:00 joined 5 Auto in b
        10:01:00 activity 1 ended 2/0
        10:05:00 activity 2 scale-out of 2 by user
        10:05:00 joined 6 Auto in a
        10:05:00 joined 7 Auto in a
        10:06:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("joined activity"));
}

#[test]
fn r_8_3_when_failed_work_is_tried_again() {
    let end = time("10:00");
    let after = |rule, failures| retry_at(rule, failures, end).map(|at| (at - end).ms() / 1000);
    let immediate = [1, 4, 5, 6].map(|k| after(RetryRule::Immediate, k));
    assert_eq!(immediate, [Some(30), Some(30), None, None]);
    let incremental = [1, 2, 3, 14, 15, 16, 99].map(|k| after(RetryRule::Incremental, k));
    assert_eq!(
        incremental,
        [Some(5), Some(10), Some(20), Some(40_960), Some(81_920), Some(86_400), Some(86_400)]
    );
    assert_eq!(after(RetryRule::None, 1), None);
}

#[test]
fn r_8_3_five_failures_in_a_row_and_no_more() {
    let world = World::new(0, 10, 0).at("10:00", modify("desired 2"));
    let mut run = failing(world, "1").run();
    run.until("11:00");
    expect![[r#"
        10:00:00 sizes 0..10 desired 0
        10:00:00 sizes 0..10 desired 2
        10:00:00 activity 1 scale-out of 2 by user
        10:01:00 failed 1 20002
        10:01:00 failed 2 20002
        10:01:00 activity 1 ended 4/20002
        10:01:00 back-off after 1 until 10:01:30
        10:01:30 activity 2 scale-out of 2 by Retry
        10:02:30 failed 3 20002
        10:02:30 failed 4 20002
        10:02:30 activity 2 ended 4/20002
        10:02:30 back-off after 2 until 10:03:00
        10:03:00 activity 3 scale-out of 2 by Retry
        10:04:00 failed 5 20002
        10:04:00 failed 6 20002
        10:04:00 activity 3 ended 4/20002
        10:04:00 back-off after 3 until 10:04:30
        10:04:30 activity 4 scale-out of 2 by Retry
        10:05:30 failed 7 20002
        10:05:30 failed 8 20002
        10:05:30 activity 4 ended 4/20002
        10:05:30 back-off after 4 until 10:06:00
        10:06:00 activity 5 scale-out of 2 by Retry
        10:07:00 failed 9 20002
        10:07:00 failed 10 20002
        10:07:00 activity 5 ended 4/20002
        10:07:00 back-off after 5 given up
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_8_3_a_users_change_begins_anew() {
    let world = World::new(0, 10, 0).at("10:00", modify("desired 2"));
    // In the back-off, and after everything was given up.
    let world = world.at("10:01:10", modify("desired 2")).at("10:30", modify("max 9"));
    let mut run = failing(world, "1").run();
    run.until("10:31:05");
    expect![[r#"
        10:00:00 sizes 0..10 desired 0
        10:00:00 sizes 0..10 desired 2
        10:00:00 activity 1 scale-out of 2 by user
        10:01:00 failed 1 20002
        10:01:00 failed 2 20002
        10:01:00 activity 1 ended 4/20002
        10:01:00 back-off after 1 until 10:01:30
        10:01:10 activity 2 scale-out of 2 by user
        10:02:10 failed 3 20002
        10:02:10 failed 4 20002
        10:02:10 activity 2 ended 4/20002
        10:02:10 back-off after 1 until 10:02:40
        10:02:40 activity 3 scale-out of 2 by Retry
        10:03:40 failed 5 20002
        10:03:40 failed 6 20002
        10:03:40 activity 3 ended 4/20002
        10:03:40 back-off after 2 until 10:04:10
        10:04:10 activity 4 scale-out of 2 by Retry
        10:05:10 failed 7 20002
        10:05:10 failed 8 20002
        10:05:10 activity 4 ended 4/20002
        10:05:10 back-off after 3 until 10:05:40
        10:05:40 activity 5 scale-out of 2 by Retry
        10:06:40 failed 9 20002
        10:06:40 failed 10 20002
        10:06:40 activity 5 ended 4/20002
        10:06:40 back-off after 4 until 10:07:10
        10:07:10 activity 6 scale-out of 2 by Retry
        10:08:10 failed 11 20002
        10:08:10 failed 12 20002
        10:08:10 activity 6 ended 4/20002
        10:08:10 back-off after 5 given up
        10:30:00 sizes 0..9 desired 2
        10:30:00 activity 7 scale-out of 2 by bounds
        10:31:00 failed 13 20002
        10:31:00 failed 14 20002
        10:31:00 activity 7 ended 4/20002
        10:31:00 back-off after 1 until 10:31:30
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_8_3_a_change_while_it_fails_runs_at_its_end() {
    let world = World::new(0, 10, 0).at("10:00", modify("desired 2"));
    let mut run = failing(world.at("10:00:30", modify("desired 3")), "1").run();
    run.until("10:02:10");
    expect![[r#"
        10:00:00 sizes 0..10 desired 0
        10:00:00 sizes 0..10 desired 2
        10:00:00 activity 1 scale-out of 2 by user
        10:00:30 sizes 0..10 desired 3
        10:01:00 failed 1 20002
        10:01:00 failed 2 20002
        10:01:00 activity 1 ended 4/20002
        10:01:00 activity 2 scale-out of 3 by user
        10:02:00 failed 3 20002
        10:02:00 failed 4 20002
        10:02:00 failed 5 20002
        10:02:00 activity 2 ended 4/20002
        10:02:00 back-off after 2 until 10:02:30
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_8_3_an_alarm_covers_a_gap_that_is_backing_off() {
    let world = World::new(0, 10, 1).cpu("10:00 90").policy("out cpu > 70 x1 =2 0s");
    let world = failing(world, "1").at("10:03:50", modify("desired 2"));
    // The launch fails at 10:04:50, so the alarm of 10:05 finds a gap that waits until 10:05:20.
    let mut run = world.run();
    run.until("10:05:01");
    expect![[r#"
        10:03:50 activity 1 scale-out of 1 by user
        10:04:50 activity 1 ended 4/20002
        10:04:50 back-off after 1 until 10:05:20
        10:05:00 trigger out 90 > 70 streak 1 accepted 2 -> 2
        10:05:00 activity 2 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity back-off"));
}

#[test]
fn r_8_3_success_forgets_earlier_failures() {
    let world = World::new(0, 10, 0).at("10:00", modify("desired 2"));
    let world = world.edit(|s| {
        s.conditions = vec![Condition {
            limit: Some(1),
            ..condition(FailureCause::Quota, "10:00", "10:03", "")
        }];
    });
    let mut run = world.clone().run();
    run.until("10:06");
    expect![[r#"
        10:00:00 sizes 0..10 desired 0
        10:00:00 sizes 0..10 desired 2
        10:00:00 activity 1 scale-out of 2 by user
        10:01:00 activity 1 ended 3/30000
        10:01:00 back-off after 1 until 10:01:30
        10:01:30 activity 2 scale-out of 1 by Retry
        10:01:30 activity 2 ended 4/30000
        10:01:30 back-off after 2 until 10:02:00
        10:02:00 activity 3 scale-out of 1 by Retry
        10:02:00 activity 3 ended 4/30000
        10:02:00 back-off after 3 until 10:02:30
        10:02:30 activity 4 scale-out of 1 by Retry
        10:02:30 activity 4 ended 4/30000
        10:02:30 back-off after 4 until 10:03:00
        10:03:00 activity 5 scale-out of 1 by Retry
        10:04:00 activity 5 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
    assert_eq!(run.web().back_off().0, 0);
}

#[test]
fn r_8_3_leftovers_of_launch_first_wait_for_the_back_off() {
    use asgsim::model::semantics::ReplaceOrder;
    let world = World::new(1, 10, 2).at("10:00", fail(1, "")).at("10:02:10", fail(2, ""));
    let world = failing(world, "1").edit(|s| {
        s.semantics.replace_order = ReplaceOrder::LaunchFirst;
        s.semantics.retry = RetryRule::Incremental;
    });
    let mut run = world.run();
    run.until("10:04:20");
    expect![[r#"
        10:01:00 marked 1
        10:01:00 activity 1 replace of 1 by Health
        10:02:00 activity 1 ended 4/20002
        10:02:00 back-off after 1 until 10:02:05
        10:02:05 activity 2 replace of 1 by Health
        10:03:05 activity 2 ended 4/20002
        10:03:05 back-off after 2 until 10:03:15
        10:03:10 marked 2
        10:03:10 activity 3 replace of 2 by Health
        10:04:10 activity 3 ended 4/20002
        10:04:10 back-off after 3 until 10:04:30
    "#]]
    .assert_eq(&run.lines("marked activity back-off"));
}
