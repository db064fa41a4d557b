//! What the service is for: more machines when they are needed, fewer when they are not.

use asgsim::{GroupIndex, GroupSetup};
use expect_test::expect;

use super::{days, repeated, task};
use crate::rules::world::{World, modify, time};

/// S-001, S-006.
#[test]
fn s_001_alarms_add_and_remove_instances() {
    let world = World::new(1, 9, 2).cpu("10:00 90, 10:05 10, 10:15 50");
    let world = world.policy("out cpu > 70 x1 +1 0s").policy("in cpu < 20 x1 -1 0s");
    let mut run = world.run();
    run.until("10:25");
    expect![[r#"
        10:05:00 trigger out 90 > 70 streak 1 accepted 2 -> 3
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:10:00 trigger in 10 < 20 streak 1 accepted 3 -> 2
        10:10:00 activity 2 scale-in of 1 by in
        10:10:10 activity 2 ended 2/0
        10:15:00 trigger in 10 < 20 streak 2 accepted 2 -> 1
        10:15:00 activity 3 scale-in of 1 by in
        10:15:10 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("trigger activity"));
}

/// S-002, S-005, S-006, S-010: by a plan, by the calendar and by a metric, over two days.
#[test]
fn s_002_tasks_repetitions_and_alarms_all_start_activities() {
    let mut world = World::new(1, 9, 2).cpu("10:00 90, 10:05 50").policy("out cpu > 70 x1 +1 0s");
    world.web().tasks = vec![
        task("once", 4, 9, "10:10"),
        repeated(task("up", 6, 9, "10:20"), "* * * * *"),
        repeated(task("down", 1, 2, "10:40"), "* * * * *"),
    ];
    let mut run = world.run();
    run.engine.run_until(time("11:00") + days(1)).unwrap();
    expect![[r#"
        10:00:00 sizes 1..9 desired 2
        10:05:00 sizes 1..9 desired 3
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:10:00 sizes 4..9 desired 4
        10:10:00 activity 2 scale-out of 1 by task 1
        10:11:00 activity 2 ended 2/0
        10:20:00 sizes 6..9 desired 6
        10:20:00 activity 3 scale-out of 2 by task 2
        10:21:00 activity 3 ended 2/0
        10:40:00 sizes 1..2 desired 2
        10:40:00 activity 4 scale-in of 4 by task 3
        10:40:10 activity 4 ended 2/0
        10:20:00 sizes 6..9 desired 6
        10:20:00 activity 5 scale-out of 4 by task 2
        10:21:00 activity 5 ended 2/0
        10:40:00 sizes 1..2 desired 2
        10:40:00 activity 6 scale-in of 4 by task 3
        10:40:10 activity 6 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity sizes"));
}

#[test]
fn s_003_instances_of_one_group_are_in_no_other() {
    let mut world = World::new(1, 9, 2).at("10:00", modify("desired 5"));
    world.setup.groups.push(GroupSetup::new("other", 1, 9, 2));
    let mut run = world.run();
    run.until("10:05");
    let ids = |group: u32| {
        let view = run.engine.group(GroupIndex(group)).unwrap();
        view.members().iter().map(|member| view.instance_id(member)).collect::<Vec<_>>()
    };
    let (web, other) = (ids(0), ids(1));
    assert_eq!((web.len(), other.len()), (5, 2));
    assert!(web.iter().all(|id| !other.contains(id)), "{web:?} {other:?}");
}
