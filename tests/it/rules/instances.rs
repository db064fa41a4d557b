//! Chapters 5 and 7: the life of an instance, how long its phases take, and who leaves first.

use asgsim::env::latency::{GroupLatency, Latency, PhaseLength};
use asgsim::model::group::RemovePolicy;
use asgsim::model::id::InstanceOrdinal;
use asgsim::model::instance::{Instance, LifecycleState};
use asgsim::model::plan::{Plan, plan};
use asgsim::{GroupSetup, SimDuration};
use expect_test::expect;

use super::world::{World, modify, span, time};

// S-415, S-416, S-417.
#[test]
fn r_5_1_the_way_in_and_out_without_a_load_balancer() {
    let world = World::new(0, 9, 0).at("10:01", modify("desired 1"));
    let mut run = world.at("10:05", modify("desired 0")).run();
    run.until("10:06");
    expect![[r#"
        10:01:00 activity 1 scale-out of 1 by user
        10:01:00 instance 1 Creating
        10:02:00 instance 1 InService
        10:02:00 activity 1 ended 2/0
        10:05:00 activity 2 scale-in of 1 by user
        10:05:00 instance 1 Removing
        10:05:10 instance 1 Gone
        10:05:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

// S-422, S-423.
#[test]
fn r_5_1_the_way_in_and_out_with_a_load_balancer() {
    let world = World::new(0, 9, 0).load_balancer().at("10:01", modify("desired 1"));
    let mut run = world.at("10:05", modify("desired 0")).run();
    run.until("10:06");
    expect![[r#"
        10:01:00 activity 1 scale-out of 1 by user
        10:01:00 instance 1 Creating
        10:02:00 instance 1 AttachLb
        10:02:05 instance 1 InService
        10:02:05 activity 1 ended 2/0
        10:05:00 activity 2 scale-in of 1 by user
        10:05:00 instance 1 DetachLb
        10:05:02 instance 1 Removing
        10:05:12 instance 1 Gone
        10:05:12 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

// S-424.
#[test]
fn r_5_1_preheating_is_entered_if_it_takes_time() {
    let world = World::new(0, 9, 0).load_balancer().at("10:01", modify("desired 1"));
    let world = world.latency(|l| l.preheating = PhaseLength::Fixed(span("30s")));
    let mut run = world.run();
    run.until("10:06");
    expect![[r#"
        10:01:00 activity 1 scale-out of 1 by user
        10:01:00 instance 1 Creating
        10:02:00 instance 1 Preheating
        10:02:30 instance 1 AttachLb
        10:02:35 instance 1 InService
        10:02:35 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

#[test]
fn r_5_1_phases_of_zero_length_are_not_entered() {
    let none = PhaseLength::Fixed(SimDuration::ZERO);
    let world = World::new(0, 9, 0).load_balancer().at("10:01", modify("desired 1"));
    let world = world.at("10:05", modify("desired 0"));
    let world = world.latency(|l| (l.creating, l.detach_lb, l.removing) = (none, none, none));
    let mut run = world.run();
    run.until("10:06");
    expect![[r#"
        10:01:00 activity 1 scale-out of 1 by user
        10:01:00 instance 1 AttachLb
        10:01:05 instance 1 InService
        10:01:05 activity 1 ended 2/0
        10:05:00 activity 2 scale-in of 1 by user
        10:05:00 instance 1 Gone
        10:05:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

// S-420, S-421.
#[test]
fn r_5_1_the_legal_steps() {
    use LifecycleState as S;
    let named = S::REFERENCE.map(|(name, state)| {
        assert_eq!((S::parse(name), state.name()), (Some(state), name));
        state
    });
    let all: Vec<S> = named.into_iter().chain([S::Gone]).collect();
    assert_eq!(S::parse("Gone"), None);
    let told: String = all
        .iter()
        .map(|from| {
            let next: Vec<_> = all.iter().filter(|to| from.may_become(**to)).collect();
            format!("{from:?} -> {next:?}\n")
        })
        .collect();
    expect![[r#"
        Creating -> [InService, Removing, AttachLb, Preheating, Gone]
        InService -> [Removing, Detaching, DetachLb, Gone]
        Removing -> [Gone]
        Attaching -> [InService, AttachLb]
        Detaching -> [Gone]
        Backuping -> []
        UnBackuping -> []
        AttachLb -> [InService]
        DetachLb -> [Removing, Detaching, Gone]
        Preheating -> [InService, AttachLb]
        Gone -> []
    "#]]
    .assert_eq(&told);
}

#[test]
fn r_5_2_the_default_lengths() {
    let lengths = GroupLatency::new(Latency::default(), 1, "web");
    let table = [
        (LifecycleState::Creating, "60s"),
        (LifecycleState::Preheating, "0s"),
        (LifecycleState::AttachLb, "5s"),
        (LifecycleState::InService, "0s"),
        (LifecycleState::DetachLb, "2s"),
        (LifecycleState::Removing, "10s"),
    ];
    for (state, expected) in table {
        assert_eq!(lengths.length(state, InstanceOrdinal(1)), span(expected), "{state:?}");
    }
}

/// Lengths in ms of the creation of the first instances of a group.
fn drawn(median: &str, sigma: f64, seed: u64, group: &str) -> Vec<i64> {
    let creating = PhaseLength::LogNormal { median: span(median), sigma };
    let lengths = GroupLatency::new(Latency { creating, ..Latency::default() }, seed, group);
    let length = |i| lengths.length(LifecycleState::Creating, InstanceOrdinal(i)).ms();
    (1..=2000).map(length).collect()
}

#[test]
fn r_5_2_draws_stay_between_a_quarter_and_four_times_the_median() {
    let found = drawn("60s", 3.0, 1, "web");
    // With so wide a sigma many draws meet the bounds, and none passes them.
    assert_eq!(found.iter().min(), Some(&15_000));
    assert_eq!(found.iter().max(), Some(&240_000));
    assert_eq!(drawn("60s", 0.0, 1, "web"), vec![60_000; 2000]);
}

#[test]
fn r_5_2_the_plain_duration_is_the_median() {
    let mut found = drawn("60s", 0.25, 1, "web");
    found.sort_unstable();
    let middle = found[1000];
    assert!((58_000..62_000).contains(&middle), "{middle}");
    // Two thirds lie within one sigma: between 60 / e^0.25 and 60 * e^0.25 seconds.
    let near = found.iter().filter(|ms| (46_728..77_042).contains(*ms)).count();
    assert!((1300..1430).contains(&near), "{near}");
}

#[test]
fn r_5_2_a_draw_is_at_least_one_millisecond() {
    let found = drawn("1ms", 3.0, 1, "web");
    assert_eq!((found.iter().min(), found.iter().max()), (Some(&1), Some(&4)));
}

#[test]
fn r_5_2_a_draw_is_keyed_by_seed_group_ordinal_and_phase() {
    let base = drawn("60s", 0.25, 1, "web");
    assert_eq!(drawn("60s", 0.25, 1, "web"), base);
    assert_ne!(drawn("60s", 0.25, 2, "web"), base);
    assert_ne!(drawn("60s", 0.25, 1, "api"), base);
    assert_ne!(base[0], base[1]);
    let same = PhaseLength::LogNormal { median: span("60s"), sigma: 0.25 };
    let latency = Latency { creating: same, attach_lb: same, ..Latency::default() };
    let lengths = GroupLatency::new(latency, 1, "web");
    let of = |state| lengths.length(state, InstanceOrdinal(1));
    assert_ne!(of(LifecycleState::Creating), of(LifecycleState::AttachLb));
}

#[test]
fn r_5_2_another_group_changes_no_draw() {
    let random = PhaseLength::LogNormal { median: span("60s"), sigma: 0.25 };
    let world = World::new(0, 9, 0).at("10:01", modify("desired 5"));
    let world = world.latency(|l| l.creating = random);
    let mut alone = world.clone().run();
    alone.until("10:10");
    let crowded = world.edit(|setup| {
        let mut other = GroupSetup::new("other", 0, 9, 0);
        other.script.push((time("10:00"), modify("desired 9")));
        setup.groups.push(other);
    });
    let mut crowded = crowded.run();
    crowded.until("10:10");
    assert_eq!(crowded.log(), alone.log());
}

#[test]
fn r_5_2_each_enters_service_when_it_is_ready_and_the_last_ends_the_activity() {
    let random = PhaseLength::LogNormal { median: span("60s"), sigma: 0.25 };
    let world = World::new(0, 9, 0).at("10:01", modify("desired 3"));
    let mut run = world.latency(|l| l.creating = random).run();
    run.until("10:10");
    expect![[r#"
        10:01:00 activity 1 scale-out of 3 by user
        10:01:00 instance 1 Creating
        10:01:00 instance 2 Creating
        10:01:00 instance 3 Creating
        10:01:45.926 instance 2 InService
        10:01:51.713 instance 1 InService
        10:02:07.629 instance 3 InService
        10:02:07.629 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("instance activity"));
}

#[test]
fn r_5_4_ordinals_count_joins_and_are_not_used_again() {
    let world = World::new(0, 9, 2).at("10:01", modify("desired 1"));
    let mut run = world.at("10:02", modify("desired 3")).run();
    run.until("10:04");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:01:00 instance 1 Removing
        10:01:10 instance 1 Gone
        10:02:00 instance 3 Creating
        10:02:00 instance 4 Creating
        10:03:00 instance 3 InService
        10:03:00 instance 4 InService
    "#]]
    .assert_eq(&run.lines("instance"));
}

/// Members by minute of joining; ordinals count from 1.
fn members(joined: &[i64]) -> Vec<Instance> {
    let member = |(ordinal, minute): (u32, &i64)| {
        let added = time("10:00") + SimDuration::MINUTE.times(*minute);
        let mut member = Instance::new(InstanceOrdinal(ordinal), added);
        member.state = LifecycleState::InService;
        member
    };
    (1..).zip(joined).map(member).collect()
}

fn chosen(members: &[Instance], desired: u32, policy: RemovePolicy) -> Vec<u32> {
    match plan(desired, members, policy) {
        Plan::Remove { chosen, .. } => chosen.into_iter().map(|ordinal| ordinal.0).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn r_7_3_the_oldest_or_the_newest_leave_first() {
    // Two joined together, then one, then two more together: ties go by ordinal.
    let members = members(&[0, 0, 5, 9, 9]);
    let table = [
        (4, [vec![1], vec![5]]),
        (3, [vec![1, 2], vec![5, 4]]),
        (2, [vec![1, 2, 3], vec![5, 4, 3]]),
        (0, [vec![1, 2, 3, 4, 5], vec![5, 4, 3, 2, 1]]),
    ];
    for (desired, [oldest, newest]) in table {
        assert_eq!(chosen(&members, desired, RemovePolicy::RemoveOldestInstance), oldest);
        assert_eq!(chosen(&members, desired, RemovePolicy::RemoveNewestInstance), newest);
    }
}

#[test]
fn r_7_3_only_instances_in_service_can_go() {
    let mut members = members(&[0, 1, 2, 3]);
    members[0].state = LifecycleState::Creating;
    members[1].state = LifecycleState::DetachLb;
    // Three count, two can go: fewer than asked for.
    let found = plan(0, &members, RemovePolicy::RemoveOldestInstance);
    let chosen = vec![InstanceOrdinal(3), InstanceOrdinal(4)];
    assert_eq!(found, Plan::Remove { chosen, wanted: 3 });
}

#[test]
fn r_7_3_by_the_time_of_joining_in_a_running_group() {
    let first_gone = |policy| {
        let world = World::new(0, 9, 2).at("10:01", modify("desired 3"));
        let world = world.at("10:05", modify("desired 2"));
        let mut run = world.edit(|setup| setup.groups[0].remove_policy = policy).run();
        run.until("10:06");
        run.lines("instance").lines().last().unwrap().to_owned()
    };
    assert_eq!(first_gone(RemovePolicy::RemoveOldestInstance), "10:05:10 instance 1 Gone");
    assert_eq!(first_gone(RemovePolicy::RemoveNewestInstance), "10:05:10 instance 3 Gone");
}
