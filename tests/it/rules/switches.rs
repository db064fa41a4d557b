//! The switches of `[semantics]`: each with both sides, and the named sets.

use asgsim::SimDuration;
use asgsim::model::semantics::{
    MissingData, PercentBase, PercentRounding, Profile, ReplaceOrder, RetryRule, Semantics,
    Statistic, StreakRule,
};

use super::world::{World, create, fail, modify, protect};

/// A world in which every switch makes a difference.
fn busy() -> World {
    let mut world = World::new(0, 20, 4)
        .cpu("10:00 55, 10:01 95, 10:02 15, 10:05 80, 10:10 _, 10:15 80, 10:40 10")
        .policy("third cpu > 60 x2 33% 60s")
        .policy("less cpu < 30 x1 -10% 120s")
        .at("10:02", fail(2, ""))
        .at("10:21", modify("desired 9"))
        .at("10:30", protect("1 4", true))
        .at("10:31", modify("desired 3"))
        .at("10:45", create("late cpu < 30 x3 -2 60s"));
    world.web().faults.launch_failure = Some(asgsim::env::faults::LaunchFailure {
        probability: asgsim::Micro::from_millionths(300_000),
        cause: asgsim::model::failure::FailureCause::SoldOut,
    });
    world
}

/// A surplus that is protected, and a rule that grows by a share.
fn surplus() -> World {
    World::new(0, 20, 4)
        .cpu("09:00 90")
        .policy("half cpu > 60 x1 50% 60s")
        .at("10:00", protect("1 2 3 4", true))
        .at("10:01", modify("desired 3"))
}

/// A task that triggers in a cooldown.
fn cooling() -> World {
    let mut world = World::new(0, 20, 4).cpu("09:00 90").policy("out cpu > 60 x1 +1 900s");
    world.web().tasks = vec![asgsim::model::scheduled_task::ScheduledTask {
        name: "more".to_owned(),
        min: 8,
        max: 20,
        start: super::world::time("10:08"),
        repeat: None,
    }];
    world
}

#[test]
fn r_0_4_every_switch_has_two_sides() {
    type Switch = (&'static str, fn(&mut Semantics));
    let switches: [Switch; 12] = [
        ("period", |s| s.period = SimDuration::from_s(60)),
        ("statistic Maximum", |s| s.statistic = Statistic::Maximum),
        ("statistic Minimum", |s| s.statistic = Statistic::Minimum),
        ("missing", |s| s.missing = MissingData::Holds),
        ("streak", |s| s.streak = StreakRule::Rearm),
        ("percent_rounding", |s| s.percent_rounding = PercentRounding::Nearest),
        ("percent_base", |s| s.percent_base = PercentBase::Actual),
        ("scheduled_obeys_cooldown", |s| s.scheduled_obeys_cooldown = false),
        ("replace_order TerminateFirst", |s| s.replace_order = ReplaceOrder::TerminateFirst),
        ("replace_order LaunchFirst", |s| s.replace_order = ReplaceOrder::LaunchFirst),
        ("retry Incremental", |s| s.retry = RetryRule::Incremental),
        ("retry None", |s| s.retry = RetryRule::None),
    ];
    for (name, turn) in switches {
        let differs = [busy(), surplus(), cooling()].into_iter().any(|world| {
            let turned = world.clone().edit(|setup| turn(&mut setup.semantics));
            turned.digest() != world.digest()
        });
        assert!(differs, "{name} changes nothing");
    }
}

#[test]
fn r_0_4_profiles_are_named_sets_of_switches() {
    assert_eq!(Profile::TencentV2.semantics(), Semantics::default());
    assert_eq!(Profile::default(), Profile::TencentV2);
    let aws = Profile::AwsSimple.semantics();
    let expected = Semantics {
        missing: MissingData::Holds,
        scheduled_obeys_cooldown: false,
        replace_order: ReplaceOrder::TerminateFirst,
        retry: RetryRule::Incremental,
        ..Semantics::default()
    };
    assert_eq!(aws, expected);
}
