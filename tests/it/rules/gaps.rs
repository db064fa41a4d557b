//! Where chapters 2, 7 and 8 meet: what becomes of a gap that outlives the activity, the alarm or
//! the failure that it began with.

use asgsim::model::failure::{Condition, FailureCause};
use asgsim::model::semantics::RetryRule;
use expect_test::expect;

use super::world::{World, fail, modify, time};

/// The account may have so many instances from 10:00 on.
fn quota(world: World, limit: u32, to: &str) -> World {
    let (cause, begin, end) = (FailureCause::Quota, time("10:00"), time(to));
    let quota = Condition { cause, limit: Some(limit), group: None, place: None, begin, end };
    world.edit(|setup| setup.conditions.push(quota))
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
