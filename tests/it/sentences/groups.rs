//! Groups: create, query, modify, delete.

use asgsim::engine::command::{Command, GroupChange};
use asgsim::engine::setup::ValidationError;
use asgsim::model::failure::FailureCause;
use asgsim::model::group::{Initial, RemovePolicy};
use asgsim::model::id::{InstanceOrdinal, NotificationOrdinal};
use asgsim::model::instance::CreationType;
use asgsim::model::lifecycle_hook::{HookChange, HookResult};
use asgsim::model::policy::PolicyChange;
use asgsim::model::record::Record;
use asgsim::model::scheduled_task::TaskChange;
use asgsim::{Engine, GroupIndex, GroupSetup, SimDuration};
use expect_test::expect;

use super::{task, would};
use crate::rules::world::{
    Run, World, attach, clock, create, detach, fail, hook, modify, protect, subscription,
};

fn refused(world: &World) -> ValidationError {
    Engine::new(&world.setup).unwrap_err()
}

/// S-273, S-310, S-314.
#[test]
fn s_273_twenty_groups_of_different_names() {
    let mut world = World::new(0, 5, 0);
    for n in 2..=20 {
        world.setup.groups.push(GroupSetup::new(&format!("g{n}"), 0, 5, 0));
    }
    assert_eq!(world.setup.check(), Ok(()));
    world.setup.groups.push(GroupSetup::new("g21", 0, 5, 0));
    assert_eq!(refused(&world), ValidationError::TooManyGroups { count: 21, limit: 20 });
    let mut world = World::new(0, 5, 0);
    world.setup.groups.push(GroupSetup::new("web", 0, 5, 0));
    assert_eq!(refused(&world), ValidationError::GroupNameTaken { name: "web".to_owned() });
}

/// S-308, S-311 to S-313.
#[test]
fn s_308_zones_or_subnets_and_not_too_many() {
    let names = |count: u32| (0..count).map(|n| format!("p{n}")).collect::<Vec<_>>();
    type Edit = fn(&mut GroupSetup) -> &mut Vec<String>;
    let lists: [(&str, Edit); 3] = [
        ("zones", |group| &mut group.zones),
        ("subnets", |group| &mut group.subnets),
        ("load_balancers", |group| &mut group.load_balancers),
    ];
    for (what, list) in lists {
        let mut world = World::new(0, 5, 0);
        *list(world.web()) = names(20);
        assert_eq!(world.setup.check(), Ok(()), "{what}");
        *list(world.web()) = names(21);
        let (group, count, limit) = ("web".to_owned(), 21, 20);
        assert_eq!(refused(&world), ValidationError::TooManyPlaces { group, what, count, limit });
    }
    let mut world = World::new(0, 5, 0).zones("a");
    world.web().subnets = names(1);
    assert!(matches!(refused(&world), ValidationError::Place { what: "subnet", .. }));
}

/// S-275, S-279, S-301: a group is launched up to what it desires, the minimum at least.
#[test]
fn s_275_a_new_group_launches_its_instances() {
    for (min, max, desired) in [(0, 5, 0), (2, 5, 2), (1, 5, 3), (4, 4, 4)] {
        let mut world = World::new(min, max, desired);
        world.web().initial = Initial::Launch;
        let mut run = world.run();
        assert_eq!(run.web().members().len(), 0);
        run.until("10:05");
        assert_eq!(run.web().in_service(), desired);
        let made = run.web().members().iter().all(|m| m.creation_type() == CreationType::Auto);
        assert!(made);
        let started = format!("10:00:00 activity 1 scale-out of {desired} by user\n");
        let expected = if desired == 0 { "" } else { &started };
        assert!(run.lines("activity").starts_with(expected), "{}", run.lines("activity"));
        assert_eq!(run.lines("activity").lines().count(), if desired == 0 { 0 } else { 2 });
    }
}

/// S-084, S-277, S-278: three that joined at different times.
#[test]
fn s_277_the_oldest_or_the_newest_leaves() {
    let left = |policy| {
        let mut world = World::new(0, 9, 0);
        world.web().remove_policy = policy;
        let grow = [("10:01", 1), ("10:03", 2), ("10:05", 3), ("10:07", 2)];
        let world = grow.into_iter().fold(world, |world, (at, desired)| {
            world.at(at, modify(&format!("desired {desired}")))
        });
        let mut run = world.run();
        run.until("10:10");
        run.web().members().iter().map(|member| clock(member.added)).collect::<Vec<_>>()
    };
    assert_eq!(left(RemovePolicy::RemoveOldestInstance), ["10:03:00", "10:05:00"]);
    assert_eq!(left(RemovePolicy::RemoveNewestInstance), ["10:01:00", "10:03:00"]);
}

/// S-285, S-286, S-288, S-289, S-305.
#[test]
fn s_285_the_bounds_of_a_new_group() {
    let check = |(min, max)| match World::new(min, max, min).setup.check() {
        Ok(()) => "Success",
        Err(ValidationError::Size { error, .. }) => error.code(),
        Err(other) => panic!("{other}"),
    };
    let conflict = "Conflict.MaxsizeLessMinsize";
    let table = [
        ((0, 0), "Success"),
        ((0, 30), "Success"),
        ((4, 4), "Success"),
        ((30, 30), "Success"),
        ((0, 31), conflict),
        ((31, 31), conflict),
        ((5, 4), conflict),
    ];
    for (bounds, expected) in table {
        assert_eq!(check(bounds), expected, "{bounds:?}");
    }
}

/// S-319, S-353: up, down, in and out, each holds the group while it lasts.
#[test]
fn s_319_every_change_of_members_is_an_activity() {
    let world = World::new(0, 9, 2).machines("m-1").at("10:00", modify("desired 3"));
    let world = world.at("10:02", modify("desired 2")).at("10:04", attach("m-1"));
    let mut run = world.at("10:06", detach("4", false)).run();
    let mut busy = Vec::new();
    for at in [
        "10:00:01", "10:01:59", "10:02:01", "10:03:59", "10:04:01", "10:05:59", "10:06:01", "10:07",
    ] {
        run.until(at);
        busy.push(run.web().running_activity().map_or(0, |activity| activity.0));
    }
    assert_eq!(busy, [1, 0, 2, 0, 3, 0, 4, 0]);
}

/// Everything at once, and as often as can be.
#[test]
fn s_320_never_two_activities_at_a_time() {
    let world = World::new(1, 20, 4).machines("m-1 m-2").hook("warm launch 45s continue");
    let world = world.cpu("10:00 90, 10:20 10, 10:40 90").policy("out cpu > 70 x1 +2 0s");
    let mut world = world.policy("more cpu > 70 x1 +1 0s").policy("in cpu < 20 x1 -1 0s");
    world.web().tasks = vec![task("noon", 9, 20, "10:25"), task("tea", 1, 5, "10:26")];
    world.web().faults.mtbf = Some(SimDuration::from_s(1800));
    let mut run = world.run();
    let (mut open, mut started) = (None, 0);
    for minute in 0..60 {
        run.until(&format!("10:{minute:02}"));
        for command in [modify(&format!("desired {}", 3 + minute % 7)), attach("m-1"), fail(1, "")]
        {
            // Refused or not, as it comes.
            let _ = run.apply(&command);
        }
    }
    for entry in run.web().log().entries() {
        match entry.record {
            Record::ActivityStarted { activity, .. } => {
                assert_eq!(open.replace(activity), None, "{}", clock(entry.t));
                started += 1;
            }
            Record::ActivityEnded { activity, .. } => assert_eq!(open.take(), Some(activity)),
            _ => {}
        }
    }
    assert!(started > 20, "{started}");
}

/// S-083, S-346: whatever state they are in.
#[test]
fn s_346_every_member_is_counted() {
    let world = World::new(0, 9, 0).machines("m-1").at("10:01", modify("desired 2"));
    let world = world.at("10:03", attach("m-1")).at("10:05", detach("1", false));
    let mut run = world.at("10:07", modify("desired 0")).run();
    let mut seen = Vec::new();
    for at in ["10:00:30", "10:01:30", "10:03:01", "10:05:01", "10:05:30", "10:07:05", "10:08"] {
        let members = run.until(at).web().members().len();
        seen.push((at, members));
    }
    let expected = [0, 2, 3, 3, 2, 2, 0];
    assert_eq!(seen.iter().map(|(_, members)| *members).collect::<Vec<_>>(), expected, "{seen:?}");
}

/// S-368: at rest or at work, active, inactive or suspended.
#[test]
fn s_368_a_group_can_always_be_modified() {
    let world = World::new(1, 9, 2).condition(FailureCause::SoldOut, "10:10", "10:20", "");
    let world = world.at("10:05", modify("desired 3")).at("10:25", Command::Suspend);
    let mut run = world.run();
    for (at, desired) in [("10:00", 2), ("10:05:30", 4), ("10:15", 5), ("10:30", 6)] {
        let change = modify(&format!("min 0 max 8 desired {desired}"));
        run.until(at).apply(&change).unwrap();
        assert_eq!(run.web().capacity().desired, desired, "{at}");
    }
    assert!(run.web().refusals().is_empty());
}

/// S-276, S-371, S-372.
#[test]
fn s_371_instances_are_brought_within_new_bounds() {
    let settled = |(min, max, desired), change: &str| {
        let mut run = World::new(min, max, desired).at("10:00", modify(change)).run();
        run.until("10:05");
        (run.web().members().len(), run.lines("activity"))
    };
    let (members, lines) = settled((0, 5, 0), "min 3");
    assert_eq!(members, 3);
    expect![[r#"
        10:00:00 activity 1 scale-out of 3 by bounds
        10:01:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&lines);
    let (members, lines) = settled((1, 5, 4), "max 2");
    assert_eq!(members, 2);
    expect![[r#"
        10:00:00 activity 1 scale-in of 2 by bounds
        10:00:10 activity 1 ended 2/0
    "#]]
    .assert_eq(&lines);
    assert_eq!(settled((1, 3, 3), "max 1").0, 1);
}

/// S-554, S-555: it must be at rest, and then empty.
#[test]
fn s_554_a_group_with_members_or_work_is_not_deleted() {
    let mut run = World::new(0, 5, 1).at("10:01", modify("desired 0")).run();
    assert_eq!(would(&run, &Command::DeleteGroup), "Conflict.ScalingGroupNotEmpty");
    run.until("10:01:05");
    assert_eq!(would(&run, &Command::DeleteGroup), "ScalingGroup.InActivity");
    run.until("10:02");
    assert_eq!(would(&run, &Command::DeleteGroup), "Success");
}

/// One of each command.
fn commands() -> Vec<Command> {
    let (name, first) = (|| "a".to_owned(), InstanceOrdinal(1));
    let notification = NotificationOrdinal::FIRST;
    vec![
        modify("desired 2"),
        Command::ModifyGroup(GroupChange::default()),
        Command::Suspend,
        Command::Resume,
        Command::DeleteGroup,
        create("a cpu > 50 x1 +1 0s"),
        Command::ModifyPolicy { policy: name(), change: PolicyChange::default() },
        Command::DeletePolicy { policy: name() },
        Command::CreateTask(task("a", 1, 2, "11:00")),
        Command::CreateHook(hook("a launch 60s continue")),
        Command::ModifyHook { hook: name(), change: HookChange::default() },
        Command::DeleteHook { hook: name() },
        Command::BindHook { hook: name() },
        Command::UnbindHook,
        Command::CompleteHook { instance: first, result: HookResult::Continue },
        Command::RenewHook { instance: first, timeout: SimDuration::from_s(1) },
        Command::CreateNotification(subscription("1 to a")),
        Command::ModifyNotification { notification, types: None, receivers: None },
        Command::DeleteNotifications { notifications: vec![notification] },
        protect("1", true),
        attach("m-1"),
        detach("1", false),
        fail(1, ""),
    ]
}

/// S-378, S-391, S-402, S-406, S-468, S-472, S-488, S-493, S-561, S-562, S-575, S-648, S-684,
/// S-700, S-774, S-782, S-796, S-802, S-806, S-841, S-848, S-855, S-861, S-868, S-872, S-879,
/// S-880, S-892, S-909, S-922, S-927, S-968, S-974, S-984: a group that never was, and one that
/// is no more. Of the latter the tasks are left (S-557).
#[test]
fn s_378_a_group_must_be_there() {
    let mut world = World::new(0, 5, 0).cpu("10:00 50").machines("m-1");
    world.web().tasks = vec![task("a", 1, 2, "10:30")];
    let mut run = world.run();
    let of_tasks = [
        Command::ModifyTask { task: "a".to_owned(), change: TaskChange::default() },
        Command::DeleteTask { task: "a".to_owned() },
    ];
    let unknown = |run: &Run, command: &Command| {
        let answer = run.engine.clone().apply(GroupIndex(1), command).unwrap();
        answer.map_or_else(|error| error.code(), |_| "Success")
    };
    let expected = "InvalidParameter.ScalingGroupIdError";
    for command in commands().iter().chain(&of_tasks) {
        assert_eq!(unknown(&run, command), expected, "{command:?}");
    }
    run.apply(&Command::DeleteGroup).unwrap();
    for command in commands() {
        assert_eq!(would(&run, &command), expected, "{command:?}");
    }
    for command in of_tasks {
        assert_eq!(would(&run, &command), "Success", "{command:?}");
    }
}
