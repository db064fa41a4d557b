//! Chapter 10: notifications.

use asgsim::engine::command::{Command, CommandError};
use asgsim::model::activity::{ActivityKind, ActivityStatus};
use asgsim::model::failure::FailureCause;
use asgsim::model::id::NotificationOrdinal;
use asgsim::model::notification::{NotificationError, NotificationType, Subscription};
use expect_test::expect;

use super::world::{World, attach, detach, fail, modify, policy, protect, subscription};

#[test]
fn r_10_1_which_end_is_of_which_type() {
    use ActivityKind as K;
    use ActivityStatus as S;
    let number = |kind, status| NotificationType::of(kind, status).map(NotificationType::number);
    let table = [
        (K::ScaleOut, [Some(1), Some(2), Some(2)]),
        (K::ScaleIn, [Some(3), Some(4), Some(4)]),
        (K::Replace, [Some(5), Some(6), Some(6)]),
        (K::Attach, [None; 3]),
        (K::Detach, [None; 3]),
    ];
    for (kind, expected) in table {
        let ends = [S::Successful, S::PartiallySuccessful, S::Failed];
        assert_eq!(ends.map(|status| number(kind, status)), expected, "{kind:?}");
        assert_eq!([S::Cancelled, S::Executing].map(|status| number(kind, status)), [None; 2]);
    }
}

#[test]
fn r_10_1_one_record_for_each_subscription_that_listens() {
    let world = World::new(0, 10, 2).machines("m-1");
    let world = world.notify("1 3 to b a a").notify("2 4 6 to x").notify("1 5 to c");
    let world = world.at("10:00", modify("desired 3")).at("10:02", modify("desired 2"));
    let world = world.at("10:03", attach("m-1")).at("10:04", detach("4", false));
    let mut run = world.at("10:05", fail(2, "")).run();
    run.until("10:10");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 activity 1 ended 2/0
        10:01:00 told a b type 1 of activity 1 by notification 1
        10:01:00 told c type 1 of activity 1 by notification 3
        10:02:00 activity 2 scale-in of 1 by user
        10:02:10 activity 2 ended 2/0
        10:02:10 told a b type 3 of activity 2 by notification 1
        10:03:00 activity 3 attach of 1 by user
        10:03:02 activity 3 ended 2/0
        10:04:00 activity 4 detach of 1 by user
        10:04:02 activity 4 ended 2/0
        10:06:00 activity 5 replace of 1 by Health
        10:07:00 activity 5 ended 2/0
        10:07:00 told c type 5 of activity 5 by notification 3
    "#]]
    .assert_eq(&run.lines("activity told"));
}

#[test]
fn r_10_1_failures_are_told_and_refusals_are_not() {
    let world = World::new(0, 10, 2).cpu("09:00 90").policy("out cpu > 70 x1 +1 300s");
    let world =
        world.notify("1 2 3 4 5 6 to ops").condition(FailureCause::Short, "10:04", "10:06", "");
    let world = world.at("10:06", protect("1 2", true)).at("10:07", modify("desired 1"));
    let mut run = world.run();
    run.until("10:16");
    expect![[r#"
        10:05:00 trigger out 90 > 70 streak 1 failed by 20002 until 10:06:00 2 -> 3
        10:05:00 activity 1 scale-out by out failed 4/20002
        10:05:00 told ops type 2 of activity 1 by notification 1
        10:07:00 activity 2 scale-in of 1 by user
        10:07:00 activity 2 ended 4/60001
        10:07:00 told ops type 4 of activity 2 by notification 1
        10:10:00 trigger out 90 > 70 streak 2 accepted 1 -> 2
        10:15:00 trigger out 90 > 70 streak 3 accepted 2 -> 3
        10:15:00 activity 3 scale-out of 1 by out
    "#]]
    .assert_eq(&run.lines("trigger activity told"));
}

#[test]
fn r_10_1_policies_and_hooks_tell_their_own_groups() {
    let mut world = World::new(0, 10, 1).cpu("09:00 90").hook("warm launch 30s continue");
    let out = asgsim::model::policy::Policy {
        notify_ids: vec!["b".to_owned(), "a".to_owned()],
        ..policy("out cpu > 70 x1 +2 300s")
    };
    world.web().policies.push(out);
    world.web().hooks[0].notify_ids = vec!["z".to_owned()];
    let mut run = world.notify("1 to ops").run();
    run.until("10:07");
    expect![[r#"
        10:00:00 sizes 0..10 desired 1
        10:05:00 trigger out 90 > 70 streak 1 accepted 1 -> 3
        10:05:00 told a b of policy 1
        10:05:00 sizes 0..10 desired 3
        10:05:00 activity 1 scale-out of 2 by out
        10:06:00 wait 2 at hook 1 until 10:06:30
        10:06:00 told z of hook 1 instance 2
        10:06:00 wait 3 at hook 1 until 10:06:30
        10:06:00 told z of hook 1 instance 3
        10:06:30 wait 2 expired continue
        10:06:30 wait 3 expired continue
        10:06:30 activity 1 ended 2/0
        10:06:30 told ops type 1 of activity 1 by notification 1
    "#]]
    .assert_eq(&run.lines("trigger sizes activity wait told"));
}

// S-966.
#[test]
fn r_10_1_subscriptions_are_edited_at_once() {
    let world = World::new(0, 10, 2).notify("1 to a");
    let mut run = world.run();
    let first = NotificationOrdinal::FIRST;
    let change = |types: Option<&str>, receivers: Option<&str>| Command::ModifyNotification {
        notification: first,
        types: types.map(|_| vec![NotificationType::ScaleInFailed]),
        receivers: receivers.map(|who| vec![who.to_owned()]),
    };
    run.apply(&change(None, Some("b"))).unwrap();
    assert_eq!(run.web().notifications().next().unwrap().1, &subscription("1 to b"));
    run.apply(&change(Some("4"), None)).unwrap();
    assert_eq!(run.web().notifications().next().unwrap().1, &subscription("4 to b"));
    let nobody = Command::ModifyNotification {
        notification: first,
        types: None,
        receivers: Some(Vec::new()),
    };
    // S-976: a change that names neither list is none.
    assert_eq!(run.apply(&change(None, None)).unwrap_err().code(), "InvalidParameter.NotifyPara");
    let empty = NotificationError::Empty { what: "receivers" };
    assert_eq!(run.apply(&nobody), Err(empty.into()));
    let reply = run.apply(&Command::CreateNotification(subscription("2 to c"))).unwrap();
    expect!["Notification(NotificationOrdinal(2))"].assert_eq(&format!("{reply:?}"));
    // Deleting is all or nothing.
    let delete = |numbers: &[u32]| Command::DeleteNotifications {
        notifications: numbers.iter().map(|n| NotificationOrdinal(*n)).collect(),
    };
    assert_eq!(run.apply(&delete(&[1, 3])).unwrap_err().code(), "InvalidParameter.NotifyId");
    assert_eq!(run.web().notifications().count(), 2);
    run.apply(&delete(&[2, 1])).unwrap();
    expect![[r#"
        10:00:00 notification 1 created
        10:00:00 notification 1 modified
        10:00:00 notification 1 modified
        10:00:00 notification 2 created
        10:00:00 notification 1 deleted
        10:00:00 notification 2 deleted
    "#]]
    .assert_eq(&run.lines("notification"));
}

// S-913.
#[test]
fn r_10_1_twenty_to_a_group() {
    let mut world = World::new(0, 10, 2);
    world.web().notifications = vec![subscription("1 to a"); 20];
    let mut run = world.run();
    let one_more = run.apply(&Command::CreateNotification(subscription("1 to a")));
    let error = one_more.unwrap_err();
    assert!(matches!(error, CommandError::Quota { limit: 20, .. }));
    assert_eq!(error.code(), "QuotaExceeded.ScalingNotification");
}

// S-924, S-928, S-972, S-975.
#[test]
fn r_10_1_lists_are_sorted_without_doubles_and_not_empty() {
    let of = |types: &[u32], receivers: &[&str]| {
        let types = types.iter().map(|n| NotificationType::try_from(*n).unwrap()).collect();
        Subscription::new(types, receivers.iter().map(|r| (*r).to_owned()).collect())
    };
    assert_eq!(of(&[3, 1, 3], &["b", "a", "b"]).unwrap(), subscription("1 3 to a b"));
    assert_eq!(of(&[], &["a"]), Err(NotificationError::Empty { what: "types" }));
    assert_eq!(of(&[1], &[]), Err(NotificationError::Empty { what: "receivers" }));
    for number in [0, 7] {
        let error = NotificationType::try_from(number).unwrap_err();
        assert_eq!(error.code(), "InvalidParameter.NotifyType");
    }
}
