//! Scheduled tasks: create, modify, delete.

use asgsim::engine::command::Command;
use asgsim::model::cron::Crontab;
use asgsim::model::scheduled_task::{ScheduledTask, TaskChange};
use asgsim::{SimTime, UtcOffset};
use expect_test::expect;

use super::{code, days, repeated, task, would};
use crate::rules::world::{World, modify, span, time};

fn change(name: &str, change: TaskChange) -> Command {
    Command::ModifyTask { task: name.to_owned(), change }
}

/// The civil dates of the first triggers.
fn triggers(task: &ScheduledTask, count: usize) -> Vec<String> {
    let next = |from: &SimTime| task.next_trigger(*from + span("1ms"), UtcOffset::BEIJING);
    let all = std::iter::successors(task.next_trigger(SimTime::MIN, UtcOffset::BEIJING), next);
    all.take(count).map(|at| at.format_civil(UtcOffset::BEIJING)).collect()
}

/// S-691, S-715.
#[test]
fn s_691_ten_tasks_and_no_more() {
    let mut run = World::new(1, 9, 2).run();
    let new = |n: u32| Command::CreateTask(task(&format!("t{n}"), 1, 9, &format!("11:{n:02}")));
    for n in 1..=10 {
        assert_eq!(code(&mut run, &new(n)), "Success");
    }
    assert_eq!(code(&mut run, &new(11)), "QuotaExceeded.ScheduledTask");
    run.apply(&Command::DeleteTask { task: "t3".to_owned() }).unwrap();
    assert_eq!(code(&mut run, &new(11)), "Success");
}

/// A repeated task finds the group at work: it is done after that, without another call.
#[test]
fn s_692_a_trigger_that_fails_is_tried_again() {
    let mut world = World::new(1, 9, 2).creating("6m").at("10:09", modify("desired 3"));
    world.web().tasks = vec![repeated(task("lunch", 5, 9, "10:10"), "* * * * *")];
    let mut run = world.run();
    run.until("10:30");
    expect![[r#"
        10:00:00 sizes 1..9 desired 2
        10:00:00 task lunch created
        10:09:00 sizes 1..9 desired 3
        10:09:00 activity 1 scale-out of 1 by user
        10:10:00 task 1 triggered
        10:10:00 sizes 5..9 desired 5
        10:10:00 activity 2 scale-out by task 1 cancelled 5/40000
        10:15:00 activity 1 ended 2/0
        10:15:00 activity 3 scale-out of 2 by task 1
        10:21:00 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity task sizes"));
    assert_eq!(run.web().in_service(), 5);
}

/// S-693 to S-695: the one that comes first works first; the other follows when it is done.
#[test]
fn s_693_of_two_tasks_the_earlier_works_first() {
    let mut world = World::new(1, 9, 2).creating("5m");
    world.web().tasks = vec![task("second", 6, 9, "10:11"), task("first", 4, 9, "10:10")];
    let mut run = world.run();
    run.until("10:30");
    expect![[r#"
        10:00:00 sizes 1..9 desired 2
        10:00:00 task second created
        10:00:00 task first created
        10:10:00 task 2 triggered
        10:10:00 sizes 4..9 desired 4
        10:10:00 activity 1 scale-out of 2 by task 2
        10:11:00 task 1 triggered
        10:11:00 sizes 6..9 desired 6
        10:11:00 activity 2 scale-out by task 1 cancelled 5/40000
        10:15:00 activity 1 ended 2/0
        10:15:00 activity 3 scale-out of 2 by task 1
        10:20:00 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity task sizes"));
}

#[test]
fn s_698_a_task_is_listed_from_its_creation_on() {
    let mut run = World::new(1, 9, 2).run();
    let new = repeated(task("lunch", 4, 9, "11:30"), "* * * * 1-5");
    run.apply(&Command::CreateTask(new.clone())).unwrap();
    let listed: Vec<_> = run.web().tasks().map(|(n, task, next)| (n.0, task, next)).collect();
    assert_eq!(listed, [(1, &new, Some(time("11:30")))]);
}

/// S-704, S-710, S-711, S-763: 1 March 2024 is a Friday, and the start always counts.
#[test]
fn s_710_days_of_the_month_and_of_the_week() {
    let mut first = repeated(task("t", 1, 2, "11:30"), "* * 1 * *");
    if let Some(repeat) = &mut first.repeat {
        repeat.end = time("11:30") + days(100);
    }
    assert_eq!(
        triggers(&first, 9),
        [
            "2024-03-01 11:30:00",
            "2024-04-01 11:30:00",
            "2024-05-01 11:30:00",
            "2024-06-01 11:30:00"
        ]
    );
    let mondays = repeated(task("t", 1, 2, "11:30"), "* * * * 1");
    let expected = ["2024-03-01 11:30:00", "2024-03-04 11:30:00", "2024-03-11 11:30:00"];
    assert_eq!(triggers(&mondays, 9), expected);
    let daily = triggers(&repeated(task("t", 1, 2, "11:30"), "* * * * *"), 99);
    assert_eq!((daily.len(), daily[10].as_str()), (11, "2024-03-11 11:30:00"));
}

/// S-709, S-712, S-761: minute and hour stay open; the façade reads six fields, the engine five.
#[test]
fn s_709_the_form_of_a_crontab() {
    for good in ["* * * * *", "* * 1 * *", "* * * * 1", "* * 1,15 jan-mar sun"] {
        assert!(Crontab::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "*", "*****", "* * * *", "* * * * * 1", "30 * * * 1", "* 8 * * 1", "* * * * x"]
    {
        assert!(Crontab::parse(bad).is_err(), "{bad}");
    }
}

/// S-716, S-717.
#[test]
fn s_717_a_new_task_has_its_own_name_and_minute() {
    let mut world = World::new(1, 9, 2);
    world.web().tasks =
        vec![task("a", 1, 9, "11:00"), repeated(task("b", 1, 9, "12:00"), "* * * * 1")];
    let run = world.run();
    let new = |name: &str, at: &str| would(&run, &Command::CreateTask(task(name, 2, 8, at)));
    assert_eq!(new("a", "13:00"), "NameDuplicate.ScheduledTask");
    assert_eq!(new("c", "11:00:59"), "InvalidScheduleTask.TimeConflict");
    assert_eq!(new("c", "12:00:30"), "InvalidScheduleTask.TimeConflict");
    assert_eq!(new("c", "11:01"), "Success");
    let monday = ScheduledTask { start: time("12:00") + days(3), ..task("c", 2, 8, "12:00") };
    assert_eq!(would(&run, &Command::CreateTask(monday)), "InvalidScheduleTask.TimeConflict");
    let tuesday = ScheduledTask { start: time("12:00") + days(4), ..task("c", 2, 8, "12:00") };
    assert_eq!(would(&run, &Command::CreateTask(tuesday)), "Success");
}

#[test]
fn s_747_a_closed_repetition_leaves_the_first_trigger() {
    let mut world = World::new(1, 9, 2);
    world.web().tasks = vec![repeated(task("lunch", 4, 9, "10:10"), "* * * * *")];
    let triggered = |world: World| {
        let mut run = world.run();
        run.engine.run_until(time("10:30") + days(2)).unwrap();
        let next = run.web().tasks().next().unwrap().2;
        (run.lines("task").matches("triggered").count(), next)
    };
    assert_eq!(triggered(world.clone()), (3, Some(time("10:10") + days(3))));
    let once = TaskChange { once: true, ..TaskChange::default() };
    assert_eq!(triggered(world.at("10:05", change("lunch", once))), (1, None));
}

#[test]
fn s_748_a_change_leaves_the_rest_alone() {
    let before = repeated(task("lunch", 4, 9, "11:30"), "* * * * 1-5");
    let renamed = TaskChange { name: Some("noon".to_owned()), ..TaskChange::default() };
    let mut world = World::new(1, 9, 2);
    world.web().tasks = vec![before.clone()];
    let mut run = world.run();
    run.apply(&change("lunch", renamed)).unwrap();
    let after = run.web().tasks().next().unwrap().1.clone();
    assert_eq!(after, ScheduledTask { name: "noon".to_owned(), ..before.clone() });
    let higher = before.changed(&TaskChange { max: Some(12), ..TaskChange::default() }).unwrap();
    assert_eq!(higher, ScheduledTask { max: 12, ..before });
}

/// S-756, S-760: for a task that had neither, one needs the other.
#[test]
fn s_756_end_and_recurrence_go_together() {
    let mut world = World::new(1, 9, 2);
    world.web().tasks = vec![task("lunch", 4, 9, "11:30")];
    let run = world.run();
    let daily = Crontab::parse("* * * * *").unwrap();
    let (end, recurrence) = (Some(time("11:30") + days(1)), Some(daily));
    let half = "InvalidParameter.EndtimeAndRecurrence";
    let of = |end, recurrence| TaskChange { end, recurrence, ..TaskChange::default() };
    assert_eq!(would(&run, &change("lunch", of(end, None))), half);
    assert_eq!(would(&run, &change("lunch", of(None, recurrence.clone()))), half);
    assert_eq!(would(&run, &change("lunch", of(end, recurrence))), "Success");
}

/// S-750, S-768, S-776.
#[test]
fn s_776_a_task_must_be_there() {
    let mut world = World::new(1, 9, 2);
    world.web().tasks = vec![task("lunch", 4, 9, "11:30")];
    let mut run = world.run();
    let unknown = "InvalidScheduledTask.NotExist";
    let delete = |name: &str| Command::DeleteTask { task: name.to_owned() };
    assert_eq!(would(&run, &change("tea", TaskChange::default())), unknown);
    assert_eq!(code(&mut run, &delete("tea")), unknown);
    assert_eq!(code(&mut run, &delete("lunch")), "Success");
    assert_eq!(code(&mut run, &delete("lunch")), unknown);
}
