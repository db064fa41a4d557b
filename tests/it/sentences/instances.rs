//! Instances: protection, health, and what is seen of them.

use asgsim::model::instance::{CreationType, HealthStatus};

use super::would;
use crate::rules::world::{Run, World, attach, clock, fail, modify, protect};

fn left(run: &Run) -> Vec<u32> {
    run.web().members().iter().map(|member| member.ordinal.0).collect()
}

#[test]
fn s_398_an_alarm_does_not_remove_a_protected_instance() {
    let world = World::new(1, 5, 3).cpu("10:00 10").policy("in cpu < 20 x1 -1 900s");
    let mut run = world.at("10:00", protect("1", true)).run();
    run.until("10:06");
    assert_eq!(left(&run), [1, 3]);
}

/// S-399: nor does a lower number, a lower maximum or a task.
#[test]
fn s_399_a_lower_number_does_not_remove_a_protected_instance() {
    let world = World::new(0, 5, 4).at("10:00", protect("1 2", true));
    let mut by_desired = world.clone().at("10:01", modify("desired 3")).run();
    by_desired.until("10:02");
    assert_eq!(left(&by_desired), [1, 2, 4]);
    let mut by_max = world.clone().at("10:01", modify("max 2")).run();
    by_max.until("10:02");
    assert_eq!(left(&by_max), [1, 2]);
    let mut by_task = world;
    by_task.web().tasks = vec![super::task("shrink", 0, 1, "10:01")];
    let mut by_task = by_task.run();
    by_task.until("10:02");
    assert_eq!(left(&by_task), [1, 2]);
}

/// S-400, S-408.
#[test]
fn s_400_protection_is_set_and_taken_away() {
    let mut run = World::new(0, 5, 3).run();
    let flags = |run: &Run| run.web().members().iter().map(|m| m.protected).collect::<Vec<_>>();
    run.apply(&protect("1 3", true)).unwrap();
    assert_eq!(flags(&run), [true, false, true]);
    assert_eq!(would(&run, &protect("2 9", true)), "InvalidParameter.InstanceIdError");
    run.apply(&protect("3", false)).unwrap();
    assert_eq!(flags(&run), [true, false, false]);
}

/// S-413, S-414.
#[test]
fn s_413_instances_are_automatic_or_manual() {
    let world = World::new(0, 9, 0).machines("m-1").at("10:00", modify("desired 1"));
    let mut run = world.at("10:05", attach("m-1")).run();
    run.until("10:10");
    let kinds: Vec<_> = run.web().members().iter().map(|m| m.creation_type()).collect();
    assert_eq!(kinds, [CreationType::Auto, CreationType::Manual]);
}

#[test]
fn s_425_instances_are_healthy_or_not() {
    let world = World::new(0, 5, 2).at("10:00", protect("1", true));
    let mut run = world.at("10:00", fail(1, "")).run();
    let health = |run: &Run| run.web().members().iter().map(|m| m.health).collect::<Vec<_>>();
    run.until("10:01");
    assert_eq!(health(&run), [HealthStatus::Healthy, HealthStatus::Healthy]);
    run.settle();
    assert_eq!(health(&run), [HealthStatus::UnHealthy, HealthStatus::Healthy]);
}

/// S-426 to S-428: both leave; only the one that the service made is released.
#[test]
fn s_427_an_unhealthy_instance_is_released_if_it_was_automatic() {
    let world = World::new(1, 5, 1).machines("m-1").at("10:00", attach("m-1"));
    let mut run = world.at("10:01", fail(1, "")).at("10:01", fail(2, "")).run();
    run.until("10:05");
    assert_eq!(left(&run), [3, 4]);
    assert!(run.lines("activity").contains("replace of 2 by Health"));
    let outside: Vec<_> = run.engine.machines().map(|m| (m.id.to_string(), m.running)).collect();
    assert_eq!(outside, [("m-1".to_owned(), true)]);
    assert_eq!(run.engine.instance_count(), 3);
}

#[test]
fn s_452_the_time_at_which_an_instance_was_added() {
    let world = World::new(0, 9, 1).machines("m-1").at("10:05", modify("desired 2"));
    let mut run = world.at("10:10", attach("m-1")).run();
    run.until("10:20");
    let added: Vec<_> = run.web().members().iter().map(|m| clock(m.added)).collect();
    assert_eq!(added, ["10:00:00", "10:05:00", "10:10:00"]);
}
