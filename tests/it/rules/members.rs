//! 3.4, 5 and 7.3: members that a user attaches, detaches and protects; zones; the pool.

use asgsim::engine::command::{Command, CommandError, Machines, Noun};
use asgsim::model::capacity::{MoveError, attach as attached, detach as detached};
use asgsim::model::configuration::Configuration;
use asgsim::model::group::Capacity;
use asgsim::model::id::InstanceOrdinal;
use asgsim::model::instance::{CreationType, LifecycleState};
use asgsim::{Engine, GroupIndex, GroupSetup, SimDuration};
use expect_test::expect;

use super::world::{Run, World, attach, detach, machine, modify, protect, time};

fn pool(run: &Run) -> String {
    run.engine.machines().map(|machine| machine.id.as_ref()).collect::<Vec<_>>().join(" ")
}

// S-466.
#[test]
fn r_3_4_attached_machines_raise_desired_and_enter_service() {
    let world = World::new(1, 10, 2).machines("m-1 m-2 m-3").load_balancer();
    let mut run = world.at("10:00", attach("m-2 m-1")).run();
    run.until("10:01");
    expect![[r#"
        10:00:00 sizes 1..10 desired 2
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 sizes 1..10 desired 4
        10:00:00 activity 1 attach of 2 by user
        10:00:00 joined 3 Manual as m-2
        10:00:00 instance 3 Attaching
        10:00:00 joined 4 Manual as m-1
        10:00:00 instance 4 Attaching
        10:00:02 instance 3 AttachLb
        10:00:02 instance 4 AttachLb
        10:00:07 instance 3 InService
        10:00:07 instance 4 InService
        10:00:07 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.log());
    assert_eq!(pool(&run), "m-3");
    let kinds: Vec<_> = run.web().members().iter().map(|member| member.creation_type()).collect();
    let (auto, manual) = (CreationType::Auto, CreationType::Manual);
    assert_eq!(kinds, [auto, auto, manual, manual]);
    let last = run.web().members().last().map(|member| run.web().instance_id(member));
    assert_eq!(last.as_deref(), Some("m-1"));
}

// S-486.
#[test]
fn r_3_4_detached_instances_lower_desired_and_leave() {
    let world = World::new(1, 10, 3).load_balancer().hook("drain terminate 60s continue");
    let mut run = world.at("10:00", detach("1 3", false)).run();
    run.until("10:01");
    expect![[r#"
        10:00:00 sizes 1..10 desired 3
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 instance 3 InService
        10:00:00 sizes 1..10 desired 1
        10:00:00 activity 1 detach of 2 by user
        10:00:00 instance 1 DetachLb
        10:00:00 instance 3 DetachLb
        10:00:02 instance 1 Detaching
        10:00:02 instance 3 Detaching
        10:00:04 instance 1 Gone
        10:00:04 instance 3 Gone
        10:00:04 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("sizes activity instance wait"));
    assert_eq!(pool(&run), "", "automatic ones are released");
}

#[test]
fn r_3_4_the_bounds_hold_for_all_members() {
    let sizes = |desired| Capacity { min: 2, max: 5, desired };
    let above = |members, count| Err(MoveError::AboveMax { members, count, max: 5 });
    let below = |members, count| Err(MoveError::BelowMin { members, count, min: 2 });
    let table = [
        (attached(sizes(3), 3, 2), Ok(sizes(5))),
        (attached(sizes(3), 3, 3), above(3, 3)),
        (attached(sizes(3), 5, 1), above(5, 1)),
        // Desired may be above the members by a gap: it is clamped.
        (attached(sizes(4), 2, 3), Ok(sizes(5))),
        (detached(sizes(3), 3, 1), Ok(sizes(2))),
        (detached(sizes(3), 3, 2), below(3, 2)),
        (detached(sizes(2), 4, 2), Ok(sizes(2))),
    ];
    for (n, (found, expected)) in table.into_iter().enumerate() {
        assert_eq!(found, expected, "row {n}");
    }
    let codes = [
        MoveError::AboveMax { members: 5, count: 1, max: 5 }.code(),
        MoveError::BelowMin { members: 2, count: 1, min: 2 }.code(),
    ];
    assert_eq!(codes, ["Conflict.InstanceNumExceedMaxsize", "Conflict.InstanceNumLessMinsize"]);
}

#[test]
fn r_3_4_a_refused_attach_changes_nothing() {
    let mut world = World::new(1, 3, 2).machines("m-1 m-2").edit(|setup| {
        let small = Configuration { cpu: 2, mem_gb: 4, ..Configuration::default() };
        setup.configurations = vec![small];
        setup.machines.push(asgsim::model::machine::Machine { cpu: 4, ..machine("m-large") });
        setup
            .machines
            .push(asgsim::model::machine::Machine { running: false, ..machine("m-stopped") });
    });
    world.setup.groups.push(GroupSetup::new("other", 0, 5, 0));
    let mut run = world.run();
    run.engine.apply(GroupIndex(1), &attach("m-2")).unwrap().unwrap();
    let unknown = |id: &str| CommandError::Unknown { noun: Noun::Machine, name: id.to_owned() };
    let id = |id: &str| id.to_owned();
    let many = (0..21).map(|n| format!("m-{n}")).collect();
    let (count, limit) = (21, 20);
    let table = [
        (attach("m-9"), unknown("m-9")),
        (attach("m-1 m-9"), unknown("m-9")),
        (attach("m-2"), CommandError::InOtherGroup { id: id("m-2") }),
        (attach("m-stopped"), CommandError::NotRunning { id: id("m-stopped") }),
        (attach("m-large"), CommandError::Mismatch { id: id("m-large") }),
        (
            Command::Attach(Machines::Count(2)),
            CommandError::NotEnoughMachines { wanted: 2, found: 1 },
        ),
        (Command::Attach(Machines::Ids(many)), CommandError::InstancesPerCall { count, limit }),
        (
            Command::Attach(Machines::Ids(Vec::new())),
            CommandError::InstancesPerCall { count: 0, limit },
        ),
    ];
    let before = run.web().log().digest();
    for (command, error) in table {
        assert_eq!(run.apply(&command), Err(error), "{command:?}");
    }
    assert_eq!(run.web().log().digest(), before);
    // The same id twice counts once.
    run.apply(&attach("m-1 m-1")).unwrap();
    assert_eq!(run.web().members().len(), 3);
    // A member of the group is not outside it.
    run.until("10:01");
    assert_eq!(run.apply(&attach("m-1")), Err(unknown("m-1")));
}

#[test]
fn r_3_4_codes_of_attach_and_detach() {
    let id = || "m".to_owned();
    let table = [
        (CommandError::InOtherGroup { id: id() }, "IncorrectInstanceStatus.InOtherScalingGroup"),
        (CommandError::NotRunning { id: id() }, "IncorrectInstanceStatus.NotRunning"),
        (CommandError::Mismatch { id: id() }, "InvalidInstanceId.ScalingConfigurationMismatch"),
        (CommandError::InActivity, "ScalingGroup.InActivity"),
        (CommandError::Inactive, "IncorrectScalingGroupStatus.Inactive"),
        (
            CommandError::UnknownInstance { instance: InstanceOrdinal(9) },
            "InvalidParameter.InstanceIdError",
        ),
        (
            CommandError::NotEnoughMachines { wanted: 2, found: 1 },
            "InvalidParameter.InstanceIdError",
        ),
        (CommandError::InstancesPerCall { count: 0, limit: 20 }, "InvalidParameter"),
    ];
    for (error, code) in table {
        assert_eq!(error.code(), code);
    }
}

// S-464, S-483.
#[test]
fn r_3_4_attach_and_detach_ignore_the_cooldown_and_open_none() {
    let world = World::new(1, 10, 2).machines("m-1").cpu("09:00 90");
    let world = world.policy("out cpu > 70 x1 +1 3600s").at("10:07", attach("m-1"));
    let mut run = world.at("10:08", detach("1", false)).run();
    run.until("10:09");
    expect![[r#"
        10:05:00 trigger out 90 > 70 streak 1 accepted 2 -> 3
        10:05:00 activity 1 scale-out of 1 by out
        10:06:00 activity 1 ended 2/0
        10:06:00 cooldown of activity 1 until 11:06:00
        10:07:00 activity 2 attach of 1 by user
        10:07:02 activity 2 ended 2/0
        10:08:00 activity 3 detach of 1 by user
        10:08:02 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("trigger activity cooldown"));
}

// S-461, S-480.
#[test]
fn r_3_4_no_group_takes_or_gives_members_while_it_works() {
    let world = World::new(1, 10, 2).machines("m-1").at("10:00", modify("desired 3"));
    let mut run = world.run();
    run.until("10:00:30");
    assert_eq!(run.apply(&attach("m-1")), Err(CommandError::InActivity));
    assert_eq!(run.apply(&detach("1", false)), Err(CommandError::InActivity));
    run.until("10:01:00").apply(&attach("m-1")).unwrap();
    // Protection can be set at any time.
    run.apply(&protect("1", true)).unwrap();
}

#[test]
fn r_3_4_detach_names_members_each_once() {
    let mut run = World::new(1, 10, 4).run();
    let nine = CommandError::UnknownInstance { instance: InstanceOrdinal(9) };
    assert_eq!(run.apply(&detach("1 9", false)), Err(nine));
    run.apply(&detach("2 2", false)).unwrap();
    assert_eq!(run.web().capacity().desired, 3);
}

// S-418, S-419.
#[test]
fn r_5_1_the_ways_of_attached_and_detached_instances() {
    let table = [("attaching", "m-1"), ("detaching", "")];
    for (_, id) in table {
        let world = World::new(1, 10, 2).machines("m-1").load_balancer();
        let command = if id.is_empty() { detach("1", false) } else { attach(id) };
        let mut run = world.at("10:00", command).run();
        run.until("10:01");
        let lines = run.lines("instance");
        let expected = match id {
            "" => {
                "10:00:00 instance 1 DetachLb\n10:00:02 instance 1 Detaching\n10:00:04 instance 1 Gone\n"
            }
            _ => {
                "10:00:00 instance 3 Attaching\n10:00:02 instance 3 AttachLb\n10:00:07 instance 3 InService\n"
            }
        };
        assert!(lines.ends_with(expected), "{lines}");
    }
}

// S-482, S-484, S-485.
#[test]
fn r_5_3_who_is_released_and_who_runs_on() {
    // 1 and 2 are automatic, 3 and 4 were attached; desired falls to 0 at last.
    let world = World::new(0, 10, 2).machines("m-1 m-2").at("10:00", attach("m-1 m-2"));
    let world = world.at("10:01", detach("1", true)).at("10:02", detach("3", false));
    let mut run = world.at("10:03", modify("desired 0")).run();
    run.until("10:01:30");
    let kept = run.engine.machines().next().unwrap().clone();
    assert!(kept.id.starts_with("ins-") && kept.running);
    run.until("10:04");
    assert_eq!(pool(&run), format!("{} m-1 m-2", kept.id));
    assert_eq!(run.engine.instance_count(), 3);
    // A machine that was kept can be attached again; it gets a new number.
    run.apply(&attach(&kept.id)).unwrap();
    run.until("10:05");
    let again = run.web().members().last().unwrap().clone();
    assert_eq!((again.ordinal.0, run.web().instance_id(&again)), (5, kept.id.to_string()));
    assert_eq!(again.creation_type(), CreationType::Manual);
}

#[test]
fn r_5_4_new_instances_go_where_the_fewest_are() {
    let world = World::new(0, 10, 4).zones("a b c").at("10:00", detach("1 2", false));
    let mut run = world.at("10:01", modify("desired 6")).run();
    run.until("10:02");
    // a and c had one each, b none: b, then a by list order, and so on.
    expect![[r#"
        10:00:00 joined 1 Auto in a
        10:00:00 joined 2 Auto in b
        10:00:00 joined 3 Auto in c
        10:00:00 joined 4 Auto in a
        10:01:00 joined 5 Auto in b
        10:01:00 joined 6 Auto in a
        10:01:00 joined 7 Auto in b
        10:01:00 joined 8 Auto in c
    "#]]
    .assert_eq(&run.lines("joined"));
}

#[test]
fn r_5_4_an_attached_machine_counts_for_its_zone() {
    let mut world = World::new(0, 10, 2).zones("a b");
    for (id, zone) in [("m-1", "a"), ("m-2", "elsewhere")] {
        let zone = Some(zone.into());
        world.setup.machines.push(asgsim::model::machine::Machine { zone, ..machine(id) });
    }
    let mut run = world.at("10:00", attach("m-1 m-2")).at("10:01", modify("desired 6")).run();
    run.until("10:02");
    expect![[r#"
        10:00:00 joined 1 Auto in a
        10:00:00 joined 2 Auto in b
        10:00:00 joined 3 Manual in a as m-1
        10:00:00 joined 4 Manual as m-2
        10:01:00 joined 5 Auto in b
        10:01:00 joined 6 Auto in a
    "#]]
    .assert_eq(&run.lines("joined"));
}

#[test]
fn r_7_3_protected_instances_stay_and_the_rest_waits() {
    let world = World::new(0, 10, 3).at("10:00", protect("1 2", true));
    let world = world.at("10:01", modify("desired 0")).at("10:05", protect("2", false));
    let mut run = world.at("10:06", protect("1", false)).run();
    run.until("10:07");
    expect![[r#"
        10:00:00 sizes 0..10 desired 3
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 instance 3 InService
        10:00:00 protected 1
        10:00:00 protected 2
        10:01:00 sizes 0..10 desired 0
        10:01:00 activity 1 scale-in of 3 by user
        10:01:00 instance 3 Removing
        10:01:10 instance 3 Gone
        10:01:10 activity 1 ended 3/0
        10:05:00 unprotected 2
        10:05:00 activity 2 scale-in of 2 by Retry
        10:05:00 instance 2 Removing
        10:05:10 instance 2 Gone
        10:05:10 activity 2 ended 3/0
        10:06:00 unprotected 1
        10:06:00 activity 3 scale-in of 1 by Retry
        10:06:00 instance 1 Removing
        10:06:10 instance 1 Gone
        10:06:10 activity 3 ended 2/0
    "#]]
    .assert_eq(&run.lines("sizes activity instance protected unprotected"));
}

#[test]
fn r_7_3_nobody_to_remove_is_said_once_for_each_desired() {
    let world = World::new(0, 10, 2).at("10:00", protect("1 2", true));
    let world = world.at("10:01", modify("desired 1")).at("10:02", modify("max 5"));
    let mut run = world.at("10:03", modify("desired 0")).run();
    run.until("10:10");
    expect![[r#"
        10:00:00 sizes 0..10 desired 2
        10:01:00 sizes 0..10 desired 1
        10:01:00 activity 1 scale-in of 1 by user
        10:01:00 activity 1 ended 4/60001
        10:02:00 sizes 0..5 desired 1
        10:03:00 sizes 0..5 desired 0
        10:03:00 activity 2 scale-in of 2 by user
        10:03:00 activity 2 ended 4/60001
    "#]]
    .assert_eq(&run.lines("sizes activity"));
}

#[test]
fn r_7_3_detaching_takes_protected_ones_too() {
    let world = World::new(0, 10, 2).at("10:00", protect("1", true));
    let mut run = world.at("10:01", detach("1", false)).run();
    run.until("10:02");
    assert_eq!(run.web().members().len(), 1);
}

#[test]
fn r_7_3_unhealthy_first_then_automatic_then_by_age() {
    use asgsim::model::group::RemovePolicy;
    use asgsim::model::instance::{HealthStatus, Instance};
    use asgsim::model::plan::{Plan, plan};
    let mut members: Vec<Instance> = (1..=5)
        .map(|n| {
            let added = time("10:00") + SimDuration::MINUTE.times(i64::from(n));
            let mut member = Instance::new(InstanceOrdinal(n), added);
            member.state = LifecycleState::InService;
            member
        })
        .collect();
    members[0].machine = Some(std::sync::Arc::new(machine("m-1")));
    members[3].health = HealthStatus::UnHealthy;
    members[1].protected = true;
    let order = |remove_policy| match plan(0, &members, remove_policy) {
        Plan::Remove { chosen, .. } => chosen.into_iter().map(|i| i.0).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(order(RemovePolicy::RemoveOldestInstance), [4, 3, 5, 1]);
    assert_eq!(order(RemovePolicy::RemoveNewestInstance), [4, 5, 3, 1]);
}

#[test]
fn r_7_3_protecting_is_all_or_nothing() {
    let mut run = World::new(0, 10, 2).run();
    let nine = CommandError::UnknownInstance { instance: InstanceOrdinal(9) };
    assert_eq!(run.apply(&protect("1 9", true)), Err(nine));
    assert!(run.web().members().iter().all(|member| !member.protected));
}

#[test]
fn r_5_3_groups_that_share_the_pool_run_on_one_clock() {
    // The second group takes the only machine earlier than the first asks for it.
    let mut world = World::new(0, 5, 0).machines("m-1").at("10:02", attach("m-1"));
    let mut other = GroupSetup::new("other", 0, 5, 0);
    other.script = vec![(time("10:01"), attach("m-1")), (time("10:03"), detach("1", false))];
    world.setup.groups.push(other);
    let world = world.at("10:04", attach("m-1"));
    let mut apart = world.clone().run();
    apart.until("10:05");
    let refused: Vec<_> = apart.web().refusals().iter().map(|(t, ..)| *t).collect();
    assert_eq!(refused, [time("10:02")]);
    assert_eq!(apart.web().in_service(), 1);
    // Step by step it is the same.
    let mut stepped = Engine::new(&world.setup).unwrap();
    while stepped.next_wake().is_some_and(|at| at < time("10:05")) {
        stepped.step().unwrap();
    }
    stepped.run_until(time("10:05")).unwrap();
    assert_eq!(stepped.digest(), apart.engine.digest());
}
