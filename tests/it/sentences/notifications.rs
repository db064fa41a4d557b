//! Notifications: create, modify, delete, and what is sent.

use asgsim::engine::command::Command;
use asgsim::model::failure::FailureCause;
use asgsim::model::id::NotificationOrdinal;
use asgsim::model::notification::NotificationType;
use expect_test::expect;

use super::{code, would};
use crate::rules::world::{Run, World, fail, modify, protect, subscription};

/// Everything that can come of an activity comes at least once.
fn all_results() -> World {
    let world = World::new(0, 9, 2).cpu("10:00 50, 10:10 90, 10:15 50");
    let world = world.policy("out cpu > 70 x1 +1 0s").at("10:00", modify("desired 3"));
    // One less; then nobody can go, until somebody can.
    let world = world.at("10:02", modify("desired 2")).at("10:03", protect("2 3", true));
    let world = world.at("10:04", modify("desired 1")).at("10:05", protect("2 3", false));
    // A replacement that works, and one while nothing can be made; an alarm then, too.
    let world = world.at("10:06", fail(3, "")).at("10:10", fail(4, ""));
    world.condition(FailureCause::Short, "10:10", "10:20", "")
}

fn sent(world: World) -> String {
    let mut run = world.run();
    run.until("10:30");
    run.lines("told")
}

fn kinds(number: u32) -> Option<Vec<NotificationType>> {
    Some(vec![NotificationType::try_from(number).unwrap()])
}

fn modify_first(types: Option<Vec<NotificationType>>, receivers: Option<Vec<String>>) -> Command {
    Command::ModifyNotification { notification: NotificationOrdinal::FIRST, types, receivers }
}

/// S-914 to S-919, and S-960 to S-965 for a subscription that was to something else before.
#[test]
fn s_914_each_type_is_one_result() {
    let all = sent(all_results().notify("1 2 3 4 5 6 to ops"));
    expect![[r#"
        10:01:00 told ops type 1 of activity 1 by notification 1
        10:02:10 told ops type 3 of activity 2 by notification 1
        10:04:00 told ops type 4 of activity 3 by notification 1
        10:05:10 told ops type 3 of activity 4 by notification 1
        10:08:00 told ops type 5 of activity 5 by notification 1
        10:11:10 told ops type 6 of activity 6 by notification 1
        10:15:00 told ops type 2 of activity 7 by notification 1
        10:21:00 told ops type 1 of activity 8 by notification 1
    "#]]
    .assert_eq(&all);
    for number in 1..=6 {
        let is_of = |line: &&str| line.contains(&format!(" type {number} "));
        let expected: String = all.lines().filter(is_of).map(|line| format!("{line}\n")).collect();
        assert_ne!(expected, "", "type {number}");
        let created = all_results().notify(&format!("{number} to ops"));
        assert_eq!(sent(created), expected, "type {number}");
        let other = all_results().notify(&format!("{} to ops", number % 6 + 1));
        let modified = other.at("10:00", modify_first(kinds(number), None));
        assert_eq!(sent(modified), expected, "type {number}");
    }
}

#[test]
fn s_920_a_notification_is_listed_from_its_creation_on() {
    let mut run = World::new(0, 9, 2).run();
    run.apply(&Command::CreateNotification(subscription("1 3 to a b"))).unwrap();
    let listed: Vec<_> = run.web().notifications().map(|(n, s)| (n.0, s.clone())).collect();
    assert_eq!(listed, [(1, subscription("1 3 to a b"))]);
}

/// S-970, S-977, and S-976 of a list without entries.
#[test]
fn s_970_a_notification_must_be_there_and_be_to_somebody() {
    let run = World::new(0, 9, 2).notify("1 to a").run();
    let second = NotificationOrdinal(2);
    let unknown =
        Command::ModifyNotification { notification: second, types: kinds(2), receivers: None };
    assert_eq!(would(&run, &unknown), "InvalidParameter.NotifyId");
    assert_eq!(would(&run, &modify_first(Some(Vec::new()), None)), "InvalidParameter.NotifyPara");
    assert_eq!(would(&run, &modify_first(None, Some(Vec::new()))), "InvalidParameter.NotifyPara");
    assert_eq!(would(&run, &modify_first(kinds(2), None)), "Success");
}

#[test]
fn s_982_a_deleted_notification_sends_nothing_more() {
    let delete = Command::DeleteNotifications { notifications: vec![NotificationOrdinal::FIRST] };
    let world = all_results().notify("1 2 3 4 5 6 to ops").notify("1 to web");
    let mut run = world.at("10:03", delete.clone()).run();
    run.until("10:30");
    let to = |run: &Run, who: &str| {
        let lines = run.lines("told");
        lines.lines().filter(|line| line.contains(who)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(to(&run, "told ops ").len(), 2);
    assert_eq!(to(&run, "told web ").len(), 2);
    assert_eq!(code(&mut run, &delete), "InvalidParameter.NotifyId");
}
