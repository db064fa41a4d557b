//! 4.1, 4.2 and 4.3: suspended groups, edits at any time, and whose the work is.

use asgsim::SimDuration;
use asgsim::engine::command::{Command, CommandError, GroupChange};
use asgsim::model::capacity::Resize;
use asgsim::model::configuration::Configuration;
use asgsim::model::group::RemovePolicy;
use asgsim::model::policy::{AdjustmentType, PolicyChange};
use asgsim::model::scheduled_task::{Repeat, ScheduledTask, TaskChange};
use expect_test::expect;

use super::world::{World, attach, create, detach, fail, modify, protect, span, time};

fn task(name: &str, min: u32, max: u32, start: &str) -> ScheduledTask {
    ScheduledTask { name: name.to_owned(), min, max, start: time(start), repeat: None }
}

fn change_policy(name: &str, change: PolicyChange) -> Command {
    Command::ModifyPolicy { policy: name.to_owned(), change }
}

fn change_task(name: &str, change: TaskChange) -> Command {
    Command::ModifyTask { task: name.to_owned(), change }
}

#[test]
fn r_4_2_a_suspended_group_starts_nothing_and_catches_up_at_once() {
    let mut world = World::new(1, 10, 2).cpu("09:00 90").policy("out cpu > 70 x2 +1 300s");
    world.web().tasks = vec![task("skipped", 5, 10, "10:16")];
    let world = world.at("10:00", modify("desired 3")).at("10:00:30", Command::Suspend);
    let world = world.at("10:01", fail(1, "")).at("10:02", modify("desired 4"));
    let mut run = world.at("10:22", Command::Resume).run();
    run.until("10:24");
    // The activity under way goes on; streaks count from 0; the work that waited runs at the
    // resume, replacement first.
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 task skipped created
        10:00:00 sizes 1..10 desired 3
        10:00:00 activity 1 scale-out of 1 by user
        10:00:30 group suspended
        10:01:00 activity 1 ended 2/0
        10:02:00 sizes 1..10 desired 4
        10:02:00 marked 1
        10:10:00 trigger out 90 > 70 streak 2 suspended 4 -> 5
        10:15:00 trigger out 90 > 70 streak 3 suspended 4 -> 5
        10:20:00 trigger out 90 > 70 streak 4 suspended 4 -> 5
        10:22:00 group resumed
        10:22:00 activity 2 replace of 1 by Health
        10:23:00 activity 2 ended 2/0
        10:23:00 activity 3 scale-out of 1 by user
    "#]]
    .assert_eq(&run.lines("group trigger sizes activity marked task"));
}

#[test]
fn r_4_2_a_suspended_group_takes_and_gives_no_members() {
    let mut run = World::new(1, 10, 2).machines("m-1").at("10:00", Command::Suspend).run();
    run.until("10:01");
    assert!(run.web().is_suspended());
    for command in [attach("m-1"), detach("1", false)] {
        assert_eq!(run.apply(&command), Err(CommandError::Inactive));
    }
    run.apply(&protect("1", true)).unwrap();
    // Suspending twice, or resuming twice, changes nothing.
    for command in [Command::Suspend, Command::Resume, Command::Resume] {
        run.apply(&command).unwrap();
    }
    expect![[r#"
        10:00:00 group suspended
        10:01:00 group resumed
    "#]]
    .assert_eq(&run.lines("group"));
}

#[test]
fn r_4_3_what_an_activity_left_is_a_retry() {
    // Two of three are protected: one goes by the user's wish, the rest as soon as it may.
    let world = World::new(0, 10, 3).at("10:00", protect("1 2", true));
    let world = world.at("10:01", modify("desired 0")).at("10:02", protect("1 2", false));
    let mut run = world.run();
    run.until("10:03");
    expect![[r#"
        10:01:00 activity 1 scale-in of 3 by user
        10:01:10 activity 1 ended 3/0
        10:02:00 activity 2 scale-in of 2 by Retry
        10:02:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_4_3_attach_and_detach_take_the_gap_over() {
    // A surplus of one that is protected, and the user attaches one more.
    let world = World::new(0, 10, 2).machines("m-1").at("10:00", protect("1 2", true));
    let world = world.at("10:01", modify("desired 1")).at("10:02", attach("m-1"));
    let mut run = world.at("10:03", protect("1 2", false)).run();
    run.until("10:04");
    expect![[r#"
        10:00:00 sizes 0..10 desired 2
        10:01:00 sizes 0..10 desired 1
        10:01:00 activity 1 scale-in of 1 by user
        10:01:00 activity 1 ended 4/60001
        10:02:00 sizes 0..10 desired 2
        10:02:00 activity 2 attach of 1 by user
        10:02:02 activity 2 ended 2/0
        10:02:02 activity 3 scale-in of 1 by user
        10:02:12 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("sizes activity"));
}

#[test]
fn r_1_5_modifying_a_policy_begins_its_streak_anew() {
    let world = World::new(1, 10, 2).cpu("09:00 90").policy("out cpu > 70 x2 +1 0s");
    let change = PolicyChange { threshold: Some(80), ..PolicyChange::default() };
    let mut run = world.at("10:07", change_policy("out", change)).run();
    run.until("10:21");
    // Periods that began before the change are not judged.
    expect![[r#"
        10:05:00 out 90 streak 1 streaking
        10:15:00 out 90 streak 1 streaking
        10:20:00 out 90 streak 2 accepted
    "#]]
    .assert_eq(&run.decisions());
}

// S-682.
#[test]
fn r_1_1_a_policy_may_be_changed_and_deleted_at_any_time() {
    let world = World::new(1, 10, 2).cpu("09:00 90").policy("out cpu > 70 x1 +1 300s");
    let mut run = world.policy("other cpu < 20 x1 -1 300s").run();
    let rename = |to: &str| PolicyChange { name: Some(to.to_owned()), ..PolicyChange::default() };
    let value = |kind, value| PolicyChange {
        adjustment_type: kind,
        adjustment_value: value,
        ..PolicyChange::default()
    };
    let code = |change| run.clone().apply(&change_policy("out", change)).unwrap_err().code();
    assert_eq!(code(rename("other")), "NameDuplicate.ScalingPolicy");
    assert_eq!(code(rename("default")), "NameDuplicate.ScalingPolicy");
    // The type alone is judged with the value that is there.
    let total = Some(AdjustmentType::TotalCapacity);
    assert_eq!(code(value(total, Some(-1))), "InvalidParameter.AdjustmentValue");
    run.apply(&change_policy("out", value(total, None))).unwrap();
    run.apply(&change_policy("out", rename("out"))).unwrap();
    let unknown = run.apply(&change_policy("nobody", rename("x"))).unwrap_err();
    assert_eq!(unknown.code(), "InvalidParameter.ScalingPolicyIdError");
    run.apply(&Command::DeletePolicy { policy: "out".to_owned() }).unwrap();
    run.until("10:20");
    assert_eq!(run.lines("trigger"), "");
    // A number is never used again.
    let reply = run.apply(&create("out cpu > 70 x1 +1 300s")).unwrap();
    expect!["Policy(PolicyOrdinal(3))"].assert_eq(&format!("{reply:?}"));
}

#[test]
fn r_2_2_an_open_cooldown_outlives_its_policy() {
    let world = World::new(1, 10, 2).cpu("09:00 90").policy("out cpu > 70 x1 +1 600s");
    let world = world.policy("more cpu > 70 x1 +2 60s");
    let delete = Command::DeletePolicy { policy: "out".to_owned() };
    let mut run = world.at("10:07", delete).run();
    run.until("10:17");
    expect![[r#"
        10:05:00 activity 1 scale-out of 1 by out
        10:05:00 activity 2 scale-out by more cancelled 5/40000
        10:06:00 activity 1 ended 2/0
        10:06:00 cooldown of activity 1 until 10:16:00
        10:10:00 activity 3 scale-out by more cancelled 5/40001
        10:15:00 activity 4 scale-out by more cancelled 5/40001
    "#]]
    .assert_eq(&run.lines("activity cooldown"));
}

#[test]
fn r_2_1_the_cooldown_is_the_policys_as_of_the_acceptance() {
    let world = World::new(1, 10, 2).cpu("09:00 90").policy("out cpu > 70 x1 +1 600s");
    let change = PolicyChange { cooldown: Some(span("60s")), ..PolicyChange::default() };
    let mut run = world.at("10:05:30", change_policy("out", change)).run();
    run.until("10:07");
    assert_eq!(run.lines("cooldown"), "10:06:00 cooldown of activity 1 until 10:16:00\n");
}

// S-750, S-766, S-767, S-768, S-772.
#[test]
fn r_9_2_modifying_a_task_gives_it_its_next_trigger() {
    let mut world = World::new(1, 10, 2);
    world.web().tasks = vec![task("lunch", 5, 10, "10:10"), task("tea", 1, 4, "10:30")];
    let later = TaskChange { start: Some(time("10:20")), min: Some(4), ..TaskChange::default() };
    let mut run = world.at("10:05", change_task("lunch", later)).run();
    run.until("10:25");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 task lunch created
        10:00:00 task tea created
        10:05:00 task lunch modified
        10:20:00 task 1 triggered
        10:20:00 sizes 4..10 desired 4
    "#]]
    .assert_eq(&run.lines("task sizes"));
    let code = |change| run.clone().apply(&change_task("lunch", change)).unwrap_err().code();
    let name = |to: &str| TaskChange { name: Some(to.to_owned()), ..TaskChange::default() };
    let start = |at: &str| TaskChange { start: Some(time(at)), ..TaskChange::default() };
    let end = TaskChange { end: Some(time("10:50")), ..TaskChange::default() };
    let sizes = TaskChange { min: Some(11), ..TaskChange::default() };
    assert_eq!(code(name("tea")), "NameDuplicate.ScheduledTask");
    assert_eq!(code(start("10:24:59")), "InvalidParameter");
    assert_eq!(code(start("10:30:30")), "InvalidScheduleTask.TimeConflict");
    assert_eq!(code(end), "InvalidParameter.EndtimeAndRecurrence");
    assert_eq!(code(sizes), "Conflict.MaxsizeLessMinsize");
    let nobody = run.apply(&change_task("nobody", name("x"))).unwrap_err();
    assert_eq!(nobody.code(), "InvalidScheduledTask.NotExist");
    run.apply(&Command::DeleteTask { task: "tea".to_owned() }).unwrap();
    run.until("10:40");
    assert!(!run.lines("task").contains("task 2 triggered"));
}

#[test]
fn r_9_2_a_repetition_can_be_given_and_taken() {
    let daily = asgsim::model::cron::Crontab::parse("* * * * *").unwrap();
    let end = time("10:10") + SimDuration::from_s(3 * 86_400);
    let once = task("lunch", 5, 10, "10:10");
    let repeat = Some(Repeat { recurrence: daily.clone(), end });
    let repeated = ScheduledTask { repeat: repeat.clone(), ..once.clone() };
    let gives = TaskChange { recurrence: Some(daily), end: Some(end), ..TaskChange::default() };
    assert_eq!(once.changed(&gives), Ok(repeated.clone()));
    let takes = TaskChange { once: true, ..TaskChange::default() };
    assert_eq!(repeated.changed(&takes), Ok(once));
    // A part that is not given stays.
    let later = end + SimDuration::from_s(86_400);
    let longer = TaskChange { end: Some(later), ..TaskChange::default() };
    let changed = repeated.changed(&longer).unwrap();
    assert_eq!(changed.repeat.map(|r| r.end), Some(later));
    let tomorrow = repeated.next_trigger(time("10:10:01"), asgsim::UtcOffset::BEIJING);
    assert_eq!(tomorrow, Some(time("10:10") + SimDuration::from_s(86_400)));
}

#[test]
fn r_9_2_a_trigger_that_was_done_does_not_come_again() {
    let mut world = World::new(1, 10, 2);
    world.web().tasks = vec![task("lunch", 5, 10, "10:10")];
    let mut run = world.run();
    run.until("10:10").settle();
    run.apply(&change_task("lunch", TaskChange { min: Some(6), ..TaskChange::default() })).unwrap();
    run.settle().until("10:20");
    assert_eq!(run.lines("task").matches("triggered").count(), 1);
}

// S-373, S-389.
#[test]
fn r_4_1_a_group_changes_its_configuration_for_instances_to_come() {
    let world = World::new(1, 10, 2).edit(|setup| {
        setup.configurations = ["default", "large"]
            .map(|name| Configuration { name: name.to_owned(), ..Configuration::default() })
            .to_vec();
    });
    let change = GroupChange {
        name: None,
        configuration: Some("large".to_owned()),
        remove_policy: Some(RemovePolicy::RemoveNewestInstance),
        sizes: Resize { desired: Some(3), ..Resize::default() },
    };
    let mut run = world.at("10:00", Command::ModifyGroup(change)).run();
    run.until("10:02");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 sizes 1..10 desired 3
        10:00:00 group now large RemoveNewestInstance
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("sizes group activity"));
    let made: Vec<_> =
        run.web().members().iter().filter_map(|member| member.configuration.clone()).collect();
    assert_eq!(
        made.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
        ["default", "default", "large"]
    );
    // All or nothing.
    let unknown = GroupChange {
        configuration: Some("huge".to_owned()),
        sizes: Resize { desired: Some(9), ..Resize::default() },
        ..GroupChange::default()
    };
    let refused = run.apply(&Command::ModifyGroup(unknown)).unwrap_err();
    assert_eq!(refused.code(), "InvalidParameter.ScalingConfigurationIdError");
    let beyond = GroupChange {
        remove_policy: Some(RemovePolicy::RemoveOldestInstance),
        sizes: Resize { desired: Some(11), ..Resize::default() },
        ..GroupChange::default()
    };
    let refused = run.apply(&Command::ModifyGroup(beyond)).unwrap_err();
    assert_eq!(refused.code(), "InvalidParameter.DesiredCapacity");
    assert_eq!(run.web().remove_policy(), RemovePolicy::RemoveNewestInstance);
}

// S-554, S-555, S-556, S-557.
#[test]
fn r_4_1_only_an_empty_group_at_rest_is_deleted() {
    let mut world = World::new(0, 10, 1).cpu("09:00 90").policy("out cpu > 70 x1 +1 0s");
    world.web().tasks = vec![task("lunch", 5, 10, "10:10")];
    let mut run = world.hook("warm launch 60s continue").notify("1 to a").run();
    let members = 1;
    assert_eq!(run.apply(&Command::DeleteGroup), Err(CommandError::NotEmpty { members }));
    run.apply(&modify("desired 0")).unwrap();
    run.settle();
    assert_eq!(run.apply(&Command::DeleteGroup), Err(CommandError::InActivity));
    run.until("10:01").apply(&Command::DeleteGroup).unwrap();
    let view = run.web();
    let left = (view.policies().count(), view.hooks().count(), view.notifications().count());
    assert_eq!((view.is_deleted(), left, view.tasks().count()), (true, (0, 0, 0), 1));
    run.until("10:20");
    assert_eq!(run.lines("task"), "10:00:00 task lunch created\n", "it triggers for nobody");
    let gone = run.apply(&modify("desired 1")).unwrap_err();
    assert_eq!(gone.code(), "InvalidParameter.ScalingGroupIdError");
    run.apply(&Command::DeleteTask { task: "lunch".to_owned() }).unwrap();
}
