//! Activities: their types, how they end, and why.

use asgsim::Micro;
use asgsim::env::faults::LaunchFailure;
use asgsim::model::activity::ActivityStatus;
use asgsim::model::failure::FailureCause;
use asgsim::model::record::Record;
use expect_test::expect;

use crate::rules::world::{World, attach, detach, fail, modify};

/// S-499, S-500, S-502, S-503: the numbers of the table.
#[test]
fn s_499_the_numbers_of_statuses() {
    use ActivityStatus as S;
    let all = [S::Executing, S::Successful, S::PartiallySuccessful, S::Failed, S::Cancelled];
    assert_eq!(all.map(ActivityStatus::number), [1, 2, 3, 4, 5]);
    let mut run = World::new(0, 9, 2).at("10:00", modify("desired 3")).run();
    run.until("10:00:30");
    let ends = run.lines("activity").matches("ended").count();
    assert_eq!((run.web().running_activity().map(|a| a.0), ends), (Some(1), 0));
}

/// S-501, S-542, S-544: what succeeded and what failed is told instance by instance.
#[test]
fn s_501_part_of_an_activity_may_succeed() {
    let mut world = World::new(0, 9, 0).at("10:00", modify("desired 6"));
    world.web().faults.launch_failure = Some(LaunchFailure {
        probability: Micro::from_millionths(500_000),
        cause: FailureCause::Short,
    });
    let mut run = world.run();
    run.until("10:01:10");
    expect![[r#"
        10:00:00 activity 1 scale-out of 6 by user
        10:00:00 instance 1 Creating
        10:00:00 instance 2 Creating
        10:00:00 instance 3 Creating
        10:00:00 instance 4 Creating
        10:00:00 instance 5 Creating
        10:00:00 instance 6 Creating
        10:01:00 failed 1 20002
        10:01:00 instance 1 Gone
        10:01:00 failed 2 20002
        10:01:00 instance 2 Gone
        10:01:00 instance 3 InService
        10:01:00 instance 4 InService
        10:01:00 failed 5 20002
        10:01:00 instance 5 Gone
        10:01:00 failed 6 20002
        10:01:00 instance 6 Gone
        10:01:00 activity 1 ended 3/20002
    "#]]
    .assert_eq(&run.lines("activity instance failed"));
}

/// S-504 to S-508.
#[test]
fn s_504_the_numbers_of_types() {
    let world = World::new(0, 9, 2).machines("m-1").at("10:00", modify("desired 3"));
    let world = world.at("10:02", modify("desired 2")).at("10:04", attach("m-1"));
    let mut run = world.at("10:06", detach("4", false)).at("10:08", fail(2, "")).run();
    run.until("10:12");
    let started = run.web().log().entries().filter_map(|entry| match entry.record {
        Record::ActivityStarted { activity_kind, .. } => Some(activity_kind.type_number()),
        _ => None,
    });
    assert_eq!(started.collect::<Vec<_>>(), [0, 1, 2, 3, 10]);
}

/// S-510 to S-519, S-522: for all as long as the cause stands, or for one launch by chance.
#[test]
fn s_510_every_cause_gives_its_code() {
    use FailureCause as F;
    let table = [
        (F::ImageDeleted, 10_000),
        (F::LbDeleted, 10_001),
        (F::SnapshotDeleted, 10_002),
        (F::SecurityGroupDeleted, 10_003),
        (F::SubnetDeleted, 10_004),
        (F::SoldOut, 20_000),
        (F::ModelGone, 20_001),
        (F::Short, 20_002),
        (F::Quota, 30_000),
        (F::Balance, 30_001),
        (F::KeyDeleted, 50_000),
    ];
    for (cause, error) in table {
        let world = World::new(0, 9, 2).cpu("10:00 90").policy("out cpu > 70 x1 +1 0s");
        let mut stands = world.clone().condition(cause, "10:00", "-", "").run();
        stands.until("10:06");
        let failed = format!("10:05:00 activity 1 scale-out by out failed 4/{error}\n");
        assert_eq!(stands.lines("activity"), failed);
        assert_eq!(stands.web().members().len(), 2);
        let mut chance = world;
        let probability = Micro::from_int(1);
        chance.web().faults.launch_failure = Some(LaunchFailure { probability, cause });
        let mut chance = chance.run();
        chance.until("10:06:10");
        let ended = format!("10:06:00 activity 1 ended 4/{error}\n");
        assert!(chance.lines("activity").contains(&ended), "{}", chance.lines("activity"));
        assert_eq!(chance.web().standing_cause(), None);
    }
}
