//! Chapter 9, and 2.3: scheduled tasks.

use asgsim::engine::command::{Command, CommandError};
use asgsim::engine::setup::ValidationError;
use asgsim::model::cron::Crontab;
use asgsim::model::scheduled_task::{Repeat, ScheduledTask, TaskError};
use asgsim::{SimDuration, SimTime, UtcOffset};
use chrono::{Datelike, NaiveDate, NaiveTime};
use croner::parser::CronParser;
use expect_test::expect;
use proptest::prelude::*;
use proptest::sample::select;

use super::world::{World, modify, time};

fn task(name: &str, min: u32, max: u32, start: SimTime) -> ScheduledTask {
    ScheduledTask { name: name.to_owned(), min, max, start, repeat: None }
}

fn repeated(task: ScheduledTask, crontab: &str, end: &str) -> ScheduledTask {
    let end = SimTime::parse_civil(end, UtcOffset::BEIJING).unwrap();
    let recurrence = Crontab::parse(crontab).unwrap();
    ScheduledTask { repeat: Some(Repeat { recurrence, end }), ..task }
}

fn with_task(mut world: World, task: ScheduledTask) -> World {
    world.web().tasks.push(task);
    world
}

#[test]
fn r_2_3_a_task_waits_for_the_end_of_the_cooldown() {
    let world = World::new(1, 10, 2).cpu("10:00 90, 10:15 60").policy("out cpu > 70 x3 +1 300s");
    let world = with_task(world, task("more", 6, 10, time("10:18")));
    let mut run = world.clone().run();
    run.until("10:23");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 task more created
        10:15:00 trigger out 90 > 70 streak 3 accepted 2 -> 3
        10:15:00 sizes 1..10 desired 3
        10:15:00 activity 1 scale-out of 1 by out
        10:16:00 activity 1 ended 2/0
        10:16:00 cooldown of activity 1 until 10:21:00
        10:18:00 task 1 triggered
        10:18:00 sizes 6..10 desired 6
        10:18:00 activity 2 scale-out by task 1 cancelled 5/40001
        10:21:00 activity 3 scale-out of 3 by task 1
        10:22:00 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown sizes task"));
    // The switch: only the lock counts.
    let mut run = world.edit(|s| s.semantics.scheduled_obeys_cooldown = false).run();
    run.until("10:18:00.001");
    expect![[r#"
        10:15:00 activity 1 scale-out of 1 by out
        10:16:00 activity 1 ended 2/0
        10:18:00 activity 2 scale-out of 3 by task 1
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_2_3_a_task_waits_for_the_running_activity_and_a_later_change_takes_the_gap() {
    let world = World::new(1, 10, 2).at("10:00", modify("desired 4"));
    let world = with_task(world, task("more", 6, 10, time("10:00:30")));
    let mut run = world.run();
    run.until("10:03");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 task more created
        10:00:00 sizes 1..10 desired 4
        10:00:00 activity 1 scale-out of 2 by user
        10:00:30 task 1 triggered
        10:00:30 sizes 6..10 desired 6
        10:00:30 activity 2 scale-out by task 1 cancelled 5/40000
        10:01:00 activity 1 ended 2/0
        10:01:00 activity 3 scale-out of 2 by task 1
        10:02:00 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity sizes task"));
}

// S-375, S-696, S-697.
#[test]
fn r_9_4_a_trigger_sets_bounds_and_moves_desired_into_them() {
    let world = with_task(World::new(1, 10, 2), task("floor", 3, 8, time("10:05")));
    let world = with_task(world, task("same", 3, 8, time("10:20")));
    let mut run = with_task(world, task("ceiling", 0, 1, time("10:40"))).run();
    run.until("10:45");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 task floor created
        10:00:00 task same created
        10:00:00 task ceiling created
        10:05:00 task 1 triggered
        10:05:00 sizes 3..8 desired 3
        10:05:00 activity 1 scale-out of 1 by task 1
        10:06:00 activity 1 ended 2/0
        10:20:00 task 2 triggered
        10:40:00 task 3 triggered
        10:40:00 sizes 0..1 desired 1
        10:40:00 activity 2 scale-in of 2 by task 3
        10:40:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity sizes task"));
}

#[test]
fn r_9_1_triggers_are_the_start_and_later_matching_days() {
    // 1 March 2024 is a Friday; the start counts though it does not match.
    let start = time("12:30");
    let weekend = repeated(task("t", 1, 2, start), "* * * * 6,7", "2024-03-10 12:30:00");
    let day = SimDuration::from_s(86_400);
    let mut found = Vec::new();
    let mut from = SimTime::MIN;
    while let Some(at) = weekend.next_trigger(from, UtcOffset::BEIJING) {
        found.push((at - start).ms() / day.ms());
        from = at + SimDuration::from_ms(1);
    }
    assert_eq!(found, [0, 1, 2, 8, 9], "the end itself is included");
    let just_before = repeated(task("t", 1, 2, start), "* * * * 6,7", "2024-03-10 12:29:59");
    assert_eq!(just_before.next_trigger(start + day.times(9), UtcOffset::BEIJING), None);
}

#[test]
fn r_9_1_crontabs_in_and_out() {
    let days = |text: &str| {
        let crontab = Crontab::parse(&format!("* * {text}")).map_err(|e| e.to_string())?;
        let days = (1..=31).filter_map(|d| NaiveDate::from_ymd_opt(2024, 3, d));
        let days = days.filter(|day| crontab.matches(*day)).map(|day| day.day().to_string());
        Ok::<String, String>(days.collect::<Vec<_>>().join(" "))
    };
    for (text, expected) in [
        ("13 * *", "13"),
        ("1,15-17 mar *", "1 15 16 17"),
        ("*/10 * *", "1 11 21 31"),
        ("28/2 * *", "28 30"),
        ("* * 0", "3 10 17 24 31"),
        ("* * 7", "3 10 17 24 31"),
        ("* * SUN", "3 10 17 24 31"),
        ("* * 5-7", "1 2 3 8 9 10 15 16 17 22 23 24 29 30 31"),
        ("* * 4/2", "2 7 9 14 16 21 23 28 30"),
        ("13 * fri", "1 8 13 15 22 29"),
        ("*/2 * fri", "1 15 29"),
        ("13 * */5", ""),
        ("15 * */5", "15"),
        ("* 2 *", ""),
    ] {
        assert_eq!(days(text).as_deref(), Ok(expected), "{text}");
    }
    for (text, expected) in [
        ("0 * *", "day of month `0` is not one of 1 to 31"),
        ("32 * *", "day of month `32` is not one of 1 to 31"),
        ("* 13 *", "month `13` is not one of 1 to 12, or a name of three letters"),
        ("* * 8", "day of week `8` is not one of 0 to 7, or a name of three letters"),
        ("* * sat-sun", "day of week `sat-sun` ends before it begins"),
        ("5-4 * *", "day of month `5-4` ends before it begins"),
        ("*/0 * *", "step `0` is no whole number above 0"),
        ("*/x * *", "step `x` is no whole number above 0"),
        ("1,, * *", "day of month `` is not one of 1 to 31"),
        ("* *", "it has 4 fields, and must have 5"),
        ("* * * *", "it has 6 fields, and must have 5"),
    ] {
        let found = days(text).unwrap_err();
        assert_eq!(found, format!("`* * {text}` is no crontab: {expected}"));
    }
    let hour = Crontab::parse("0 12 * * *").unwrap_err().to_string();
    assert!(hour.contains("minute and hour must be `*`"), "{hour}");
}

/// A field of the grammar that both implementations know: steps have a range.
fn field(low: u32, high: u32, names: &'static [&'static str]) -> BoxedStrategy<String> {
    let number = (low..=high).prop_map(|n| n.to_string()).boxed();
    let name = if names.is_empty() {
        number.clone()
    } else {
        select(names).prop_map(str::to_owned).boxed()
    };
    let range = (low..=high, low..=high).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let stepped = (range.clone(), 1..9_u32).prop_map(|((a, b), n)| format!("{a}-{b}/{n}"));
    let range = range.prop_map(|(a, b)| format!("{a}-{b}"));
    let item = prop_oneof![4 => number, 1 => name, 2 => range, 2 => stepped];
    let list = prop::collection::vec(item, 1..4).prop_map(|items| items.join(","));
    let every = (2..9_u32).prop_map(|n| format!("*/{n}"));
    prop_oneof![3 => Just("*".to_owned()), 1 => every, 4 => list].boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Day by day over years with and without a leap day, against an independent reading.
    #[test]
    fn r_9_1_crontabs_match_the_days_that_croner_matches(
        day in field(1, 31, &[]),
        month in field(1, 12, &["jan", "Feb", "DEC"]),
        weekday in field(0, 7, &["sun", "Mon", "SAT"]),
        year in select(vec![1999, 2000, 2023, 2024, 2096, 2098]),
    ) {
        let ours = Crontab::parse(&format!("* * {day} {month} {weekday}")).unwrap();
        let both = day.starts_with('*') || weekday.starts_with('*');
        let parser = CronParser::builder().dom_and_dow(both).build();
        let theirs = parser.parse(&format!("0 0 {day} {month} {weekday}")).unwrap();
        let mut date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let mut last_match = None;
        for _ in 0..731 {
            let expected = theirs.is_time_matching(&date.and_time(NaiveTime::MIN).and_utc()).unwrap();
            prop_assert_eq!(ours.matches(date), expected, "{}", date);
            if expected {
                if let Some(last) = last_match {
                    prop_assert_eq!(ours.next_after(last), Some(date));
                }
                last_match = Some(date);
            }
            date = date.succ_opt().unwrap();
        }
    }
}

#[test]
fn r_9_2_refusals_of_a_task_alone() {
    let limits = asgsim::model::limits::Limits::default();
    let start = time("11:00");
    let end = |end: &str| repeated(task("t", 1, 2, start), "* * * * *", end).check(&limits);
    assert_eq!(end("2024-03-01 11:00:00"), Ok(()));
    assert_eq!(end("2024-03-01 10:59:59"), Err(TaskError::EndBeforeStart));
    assert!(matches!(task("", 1, 2, start).check(&limits), Err(TaskError::Name { .. })));
    assert!(matches!(task("t", 3, 2, start).check(&limits), Err(TaskError::Size(_))));
    assert_eq!(task("t", 0, 30, start).check(&limits), Ok(()));
    let code = task("t", 0, 31, start).check(&limits).unwrap_err().code();
    assert_eq!(code, "Conflict.MaxsizeLessMinsize");
}

#[test]
fn r_9_2_a_new_task_does_not_start_in_the_past() {
    let mut run = World::new(1, 10, 2).run();
    run.until("10:30");
    let refused = run.apply(&Command::CreateTask(task("late", 1, 2, time("10:29:59.999"))));
    assert!(matches!(refused, Err(CommandError::TaskInThePast { .. })));
    assert!(run.apply(&Command::CreateTask(task("now", 4, 8, time("10:30")))).is_ok());
    run.settle();
    assert_eq!(run.web().capacity().desired, 4, "a task that starts now triggers now");
    let again = run.apply(&Command::CreateTask(task("now", 1, 2, time("11:00"))));
    assert_eq!(again.unwrap_err().code(), "NameDuplicate.ScheduledTask");
}

#[test]
fn r_9_2_earlier_triggers_of_a_file_are_skipped() {
    let before = SimTime::parse_civil("2024-02-28 10:10:00", UtcOffset::BEIJING).unwrap();
    let daily = repeated(task("daily", 4, 8, before), "* * * * *", "2024-03-31 00:00:00");
    let once = task("once", 9, 9, before + SimDuration::MINUTE);
    let mut run = with_task(with_task(World::new(1, 10, 2), daily), once).run();
    run.until("10:15");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 task daily created
        10:00:00 task once created
        10:10:00 task 1 triggered
        10:10:00 sizes 4..8 desired 4
        10:10:00 activity 1 scale-out of 2 by task 1
        10:11:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity sizes task"));
}

#[test]
fn r_9_3_tasks_that_share_a_minute_conflict() {
    let check = |a: &ScheduledTask, b: &ScheduledTask| {
        let mut world = with_task(World::new(1, 10, 2), a.clone());
        world.web().tasks.push(ScheduledTask { name: "b".to_owned(), ..b.clone() });
        match world.setup.check() {
            Ok(()) => None,
            Err(ValidationError::Task { error: CommandError::TaskConflict { at, .. }, .. }) => {
                Some(at.format_civil(UtcOffset::BEIJING))
            }
            Err(other) => panic!("{other}"),
        }
    };
    let once = |at: &str| task("a", 1, 2, time(at));
    let on = |at: &str, crontab: &str| repeated(once(at), crontab, "2025-12-31 00:00:00");
    let none = None::<String>;
    assert_eq!(check(&once("11:00:59"), &once("11:00")).as_deref(), Some("2024-03-01 11:00:00"));
    assert_eq!(check(&once("11:00:59"), &once("11:01")), none);
    // Fridays and the 13th meet on the first Friday the 13th, in September.
    let shared = check(&on("11:00", "* * * * 5"), &on("11:00:30", "* * 13 * *"));
    assert_eq!(shared.as_deref(), Some("2024-03-01 11:00:00"), "both trigger at their start");
    let monday = |at: &str| {
        let start = SimTime::parse_civil(at, UtcOffset::BEIJING).unwrap();
        repeated(task("a", 1, 2, start), "* * * * 1", "2025-12-31 00:00:00")
    };
    let shared = check(&monday("2024-03-04 11:00:00"), &on("11:00:30", "* * 13 * *"));
    assert_eq!(shared.as_deref(), Some("2024-05-13 11:00:00"));
    assert_eq!(check(&monday("2024-03-04 11:00:00"), &on("11:00", "* * * * 2-6")), none);
    assert_eq!(check(&monday("2024-03-04 11:00:00"), &on("11:01", "* * * * *")), none);
}
