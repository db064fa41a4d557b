//! Chapter 3: from a request to a size, and the sizes of a new group.

use asgsim::Engine;
use asgsim::engine::command::{Command, CommandError};
use asgsim::model::capacity::{SizeError, resize};
use asgsim::model::group::{Capacity, Initial};
use asgsim::model::limits::Limits;
use asgsim::model::policy::Adjustment;
use asgsim::model::semantics::{PercentBase, PercentRounding, Semantics};
use expect_test::expect;

use super::world::{World, modify, sizes};

/// What a percentage adds to `desired`.
fn change(desired: u32, percent: i64, semantics: &Semantics) -> i64 {
    let asked = Adjustment::PercentChangeInCapacity(percent).propose(desired, desired, semantics);
    asked - i64::from(desired)
}

#[test]
fn r_3_1_percentages_toward_zero_but_at_least_one() {
    let table = [
        (10, 25, 2),
        (10, 5, 1),
        (7, 33, 2),
        (7, -33, -2),
        (3, -10, -1),
        (0, 50, 0),
        (20, -100, -20),
        (19, 67, 12),
        (10, 0, 0),
        (10, 9, 1),
        (10, 10, 1),
        (10, 19, 1),
        (10, 20, 2),
        (1, 1, 1),
        (1, -1, -1),
        (1, 100, 1),
        (199, -1, -1),
        (200, -1, -2),
    ];
    for (desired, percent, expected) in table {
        let found = change(desired, percent, &Semantics::default());
        assert_eq!(found, expected, "{percent} % of {desired}");
    }
}

#[test]
fn r_3_1_percent_rounding_is_a_switch() {
    let nearest = Semantics { percent_rounding: PercentRounding::Nearest, ..Semantics::default() };
    let table = [
        (10, 25, 3),
        (10, 5, 1),
        (10, 4, 0),
        (10, -4, 0),
        (10, -5, -1),
        (7, 33, 2),
        (7, 50, 4),
        (7, -50, -4),
        (3, -10, 0),
        (19, 67, 13),
        (0, 50, 0),
        (20, -100, -20),
    ];
    for (desired, percent, expected) in table {
        assert_eq!(change(desired, percent, &nearest), expected, "{percent} % of {desired}");
    }
}

#[test]
fn r_3_1_percent_base_is_a_switch() {
    let propose = |percent_base| {
        let semantics = Semantics { percent_base, ..Semantics::default() };
        Adjustment::PercentChangeInCapacity(50).propose(10, 4, &semantics)
    };
    assert_eq!(propose(PercentBase::Desired), 15);
    assert_eq!(propose(PercentBase::Actual), 12);
}

#[test]
fn r_3_1_totals_and_quantities() {
    let semantics = Semantics::default();
    for (desired, adjustment, expected) in [
        (4, Adjustment::TotalCapacity(0), 0),
        (4, Adjustment::TotalCapacity(9), 9),
        (4, Adjustment::QuantityChangeInCapacity(3), 7),
        (4, Adjustment::QuantityChangeInCapacity(-6), -2),
        (4, Adjustment::QuantityChangeInCapacity(0), 4),
    ] {
        assert_eq!(adjustment.propose(desired, 1, &semantics), expected, "{adjustment:?}");
    }
}

#[test]
fn r_3_1_every_change_ends_within_the_bounds() {
    let bounds = Capacity { min: 2, max: 5, desired: 3 };
    let table = [(i64::MIN, 2), (-1, 2), (1, 2), (2, 2), (3, 3), (5, 5), (6, 5), (i64::MAX, 5)];
    for (asked, expected) in table {
        assert_eq!(bounds.clamp(asked), expected, "{asked}");
    }
}

#[test]
fn r_3_1_the_ranges_of_a_policy() {
    let limits = Limits::default();
    let table = [
        ("=-1", false),
        ("=0", true),
        ("=30", true),
        ("=31", false),
        ("+30", true),
        ("+31", false),
        ("-30", true),
        ("-31", false),
        ("+100%", true),
        ("+101%", false),
        ("-100%", true),
        ("-101%", false),
    ];
    for (change, allowed) in table {
        let policy = super::world::policy(&format!("p cpu > 50 x1 {change} 0s"));
        assert_eq!(policy.check(&limits).is_ok(), allowed, "{change}");
    }
}

// S-370, S-374, S-376, S-500, S-509.
#[test]
fn r_3_2_one_activity_for_the_whole_difference() {
    let world = World::new(0, 9, 1).at("10:01", modify("desired 4"));
    let mut run = world.at("10:05", modify("desired 2")).run();
    run.until("10:06");
    expect![[r#"
        10:01:00 activity 1 scale-out of 3 by user
        10:02:00 activity 1 ended 2/0
        10:05:00 activity 2 scale-in of 2 by user
        10:05:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_3_2_leaving_instances_do_not_count() {
    // Two leave until 10:01:10; desired rises meanwhile: all that is missing is launched.
    let world = World::new(0, 9, 3).at("10:01", modify("desired 1"));
    let mut run = world.at("10:01:05", modify("desired 3")).run();
    run.until("10:01:06");
    assert_eq!((run.web().members().len(), run.web().actual()), (3, 1));
    run.until("10:03");
    expect![[r#"
        10:01:00 activity 1 scale-in of 2 by user
        10:01:10 activity 1 ended 2/0
        10:01:10 activity 2 scale-out of 2 by user
        10:02:10 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity"));
}

// S-380, S-381, S-383, S-384.
#[test]
fn r_3_3_modify_is_a_ladder() {
    let current = Capacity { min: 2, max: 8, desired: 4 };
    let above = |max| Err(SizeError::AboveLimit { max, limit: 30 });
    let crossed = |min, max| Err(SizeError::MinAboveMax { min, max });
    let outside = |desired, min, max| Err(SizeError::Desired { desired, min, max });
    let fine = |min, max, desired| Ok(Capacity { min, max, desired });
    let table = [
        ("max 30", fine(2, 30, 4)),
        ("max 31", above(31)),
        ("min 40 max 31 desired 99", above(31)),
        ("min 8", fine(8, 8, 8)),
        ("min 9", crossed(9, 8)),
        ("max 2", fine(2, 2, 2)),
        ("max 1", crossed(2, 1)),
        ("min 5 max 4 desired 99", crossed(5, 4)),
        ("min 0 max 0", fine(0, 0, 0)),
        ("desired 8", fine(2, 8, 8)),
        ("desired 9", outside(9, 2, 8)),
        ("desired 2", fine(2, 8, 2)),
        ("desired 1", outside(1, 2, 8)),
        ("max 3", fine(2, 3, 3)),
        ("min 5", fine(5, 8, 5)),
        ("max 3 desired 4", outside(4, 2, 3)),
        ("", fine(2, 8, 4)),
    ];
    for (change, expected) in table {
        assert_eq!(resize(current, sizes(change), &Limits::default()), expected, "{change:?}");
    }
}

// S-392, S-393.
#[test]
fn r_3_3_codes_and_messages() {
    let refusal = |change| {
        let current = Capacity { min: 2, max: 8, desired: 4 };
        let error = resize(current, sizes(change), &Limits::default()).unwrap_err();
        format!("{} {}: {error}\n", error.key(), error.code())
    };
    let all = [refusal("max 31"), refusal("min 9"), refusal("desired 9")].concat();
    expect![[r#"
        max Conflict.MaxsizeLessMinsize: maximum size 31 is above the limit of 30 (limits.max_size)
        min Conflict.MaxsizeLessMinsize: minimum size 9 is above the maximum size 8
        desired InvalidParameter.DesiredCapacity: desired capacity 9 is outside the bounds 2 to 8
    "#]]
    .assert_eq(&all);
    let higher = Limits { max_size: 31, ..Limits::default() };
    let current = Capacity { min: 2, max: 8, desired: 4 };
    assert!(resize(current, sizes("max 31"), &higher).is_ok());
}

#[test]
fn r_3_3_a_refused_change_changes_nothing() {
    let mut run = World::new(2, 8, 4).run();
    run.until("10:01");
    let before = run.log();
    for change in ["max 31", "min 9", "desired 9", "min 3 max 2", "max 3 desired 4"] {
        let refused = run.apply(&modify(change));
        assert!(matches!(refused, Err(CommandError::Size(_))), "{change}");
    }
    run.until("10:05");
    assert_eq!(run.log(), before);
    assert_eq!(run.web().capacity(), Capacity { min: 2, max: 8, desired: 4 });
}

#[test]
fn r_3_3_a_new_group_meets_the_same_ladder() {
    let text = |(min, max, desired)| match Engine::new(&World::new(min, max, desired).setup) {
        Ok(_) => "ok\n".to_owned(),
        Err(error) => format!("{error}\n"),
    };
    let all: String = [(1, 30, 1), (1, 31, 1), (3, 2, 2), (1, 3, 4)].map(text).concat();
    expect![[r#"
        ok
        group "web": maximum size 31 is above the limit of 30 (limits.max_size)
        group "web": minimum size 3 is above the maximum size 2
        group "web": desired capacity 4 is outside the bounds 1 to 3
    "#]]
    .assert_eq(&all);
}

#[test]
fn r_3_5_a_group_of_a_file_is_there_already() {
    let world = World::new(1, 9, 3).cpu("10:00 60").policy("out cpu > 50 x1 +1 300s");
    let run = world.run();
    expect![[r#"
        10:00:00 sizes 1..9 desired 3
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 instance 3 InService
        10:00:00 policy out created
    "#]]
    .assert_eq(&run.log());
    let web = run.web();
    assert_eq!((web.actual(), web.in_service(), web.running_activity()), (3, 3, None));
    assert_eq!(web.cooldown_until(), None);
    assert!(web.members().iter().all(|i| i.added == run.engine.now()));
}

#[test]
fn r_3_5_initial_launch_starts_empty() {
    let world = World::new(1, 9, 2).edit(|setup| setup.groups[0].initial = Initial::Launch);
    let mut run = world.run();
    assert_eq!(run.web().actual(), 0);
    run.until("10:02");
    expect![[r#"
        10:00:00 sizes 1..9 desired 2
        10:00:00 activity 1 scale-out of 2 by user
        10:00:00 instance 1 Creating
        10:00:00 instance 2 Creating
        10:01:00 instance 1 InService
        10:01:00 instance 2 InService
        10:01:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.log());
}

#[test]
fn r_3_5_a_script_may_begin_with_the_run() {
    // Phase 3 comes before phase 7: the command's desired is what is launched.
    let world = World::new(1, 9, 2).edit(|setup| setup.groups[0].initial = Initial::Launch);
    let command: Command = modify("desired 3");
    let mut run = world.at("10:00", command).run();
    run.until("10:00").settle();
    assert_eq!(run.web().actual(), 3);
}
