//! Where chapters 2, 7 and 8 meet: what becomes of a gap that outlives the activity, the alarm or
//! the failure that it began with.

use asgsim::model::failure::{Condition, FailureCause};
use asgsim::model::semantics::RetryRule;
use expect_test::expect;

use super::world::{World, fail, modify, protect, time};

/// The account may have so many instances from 10:00 on.
fn quota(world: World, limit: u32, to: &str) -> World {
    let (cause, begin, end) = (FailureCause::Quota, time("10:00"), time(to));
    let quota = Condition { cause, limit: Some(limit), group: None, place: None, begin, end };
    world.edit(|setup| setup.conditions.push(quota))
}

#[test]
fn r_2_1_the_first_activity_of_an_alarms_gap_opens_its_cooldown() {
    // What the user wants is given up, so the alarm finds what it asks for and only writes it.
    // Later a replacement leaves a gap: it is the alarm's, and its activity comes from it.
    let world = World::new(0, 10, 1).cpu("10:00 10").policy("in cpu < 20 x1 =1 300s");
    let world = quota(world, 1, "12:00").at("10:00", modify("desired 2")).at("10:06", fail(1, ""));
    let mut run = world.edit(|setup| setup.semantics.retry = RetryRule::Immediate).run();
    run.until("10:10");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 activity 1 ended 4/30000
        10:00:30 activity 2 scale-out of 1 by Retry
        10:00:30 activity 2 ended 4/30000
        10:01:00 activity 3 scale-out of 1 by Retry
        10:01:00 activity 3 ended 4/30000
        10:01:30 activity 4 scale-out of 1 by Retry
        10:01:30 activity 4 ended 4/30000
        10:02:00 activity 5 scale-out of 1 by Retry
        10:02:00 activity 5 ended 4/30000
        10:05:00 trigger in 10 < 20 streak 1 accepted 2 -> 1
        10:07:00 activity 6 replace of 1 by Health
        10:07:10 activity 6 ended 4/30000
        10:07:40 activity 7 scale-out of 1 by in
        10:08:40 activity 7 ended 2/0
        10:08:40 cooldown of activity 7 until 10:13:40
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown"));
}

#[test]
fn r_7_3_a_new_desired_during_a_scale_in_is_tried_at_its_end() {
    let world = World::new(0, 10, 3).at("10:00", protect("1 2", true));
    let mut run = world.at("10:01", modify("desired 0")).at("10:01:05", modify("desired 1")).run();
    run.until("10:10");
    expect![[r#"
        10:01:00 activity 1 scale-in of 3 by user
        10:01:10 activity 1 ended 3/0
        10:01:10 activity 2 scale-in of 1 by user
        10:01:10 activity 2 ended 4/60001
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_8_3_anothers_success_does_not_end_a_back_off() {
    // The replacement succeeds, so failures are counted from 0 again; what was given up stays so.
    let world = quota(World::new(0, 10, 2), 2, "10:02").at("10:00", modify("desired 3"));
    let world = world.at("10:02", fail(1, "")).at("10:30", modify("desired 3"));
    let mut run = world.edit(|setup| setup.semantics.retry = RetryRule::None).run();
    run.until("10:29");
    assert_eq!(run.web().back_off(), (0, None));
    run.until("10:32");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 activity 1 ended 4/30000
        10:00:00 back-off after 1 given up
        10:03:00 activity 2 replace of 1 by Health
        10:04:00 activity 2 ended 2/0
        10:30:00 activity 3 scale-out of 1 by user
        10:31:00 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity back-off"));
}
