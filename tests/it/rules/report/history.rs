//! The log, folded, against the engine's own view of itself.

use asgsim::engine::command::Command;
use asgsim::model::activity::ActivityStatus;
use asgsim::model::instance::LifecycleState;
use asgsim::report::history::{History, Row};
use asgsim::{SimDuration, SimTime};

use crate::rules::world::{Run, WEB, World, create, modify, time};

/// Load that swings, two policies, commands of all kinds, slow launches.
fn lively() -> Run {
    let crowds =
        "10:00 150, 10:07 420, 10:21 90, 10:33 700, 10:41 60, 11:02 _, 11:09 300, 11:30 20";
    let world = World::new(1, 8, 2)
        .demand(crowds, 100)
        .policy("out cpu > 70 x1 +2 90s")
        .policy("in cpu < 40 x1 -1 30s max")
        .load_balancer()
        .creating("135s")
        .at("10:09:30", modify("min 2"))
        .at("10:44", modify("max 4 desired 4"))
        .at("10:44", modify("max 9 desired 9"))
        .at("11:20:07.250", modify("desired 3"))
        .at("11:25", create("late cpu < 90 x1 +1 0s"));
    world.edit(|setup| setup.semantics.period = SimDuration::MINUTE).run()
}

/// What the log says so far is what the engine is.
fn agree(run: &Run) {
    let web = run.web();
    let now = run.engine.now();
    let history = History::of(web.log().entries());
    let capacity = web.capacity();
    let row = *history.row_at(now).unwrap();
    let members = u32::try_from(web.members().len()).unwrap();
    let Row { min, max, desired, .. } = row;
    assert_eq!((min, max, desired), (capacity.min, capacity.max, capacity.desired), "{now:?}");
    assert_eq!((row.members, row.in_service), (members, web.in_service()), "{now:?}");
    assert_eq!(history.in_service_at(now), web.in_service(), "{now:?}");
    let alive: Vec<u32> =
        history.lives.iter().filter(|l| l.gone.is_none()).map(|l| l.ordinal.0).collect();
    let there: Vec<u32> = web.members().iter().map(|i| i.ordinal.0).collect();
    assert_eq!(alive, there, "{now:?}");
    for instance in web.members() {
        let life = history.lives.iter().find(|l| l.ordinal == instance.ordinal).unwrap();
        let creating = instance.state == LifecycleState::Creating;
        assert_eq!(life.billed_from.is_none(), creating, "{now:?} {instance:?}");
    }
    let running = history.activities.iter().find(|a| a.status == ActivityStatus::Executing);
    assert_eq!(running.map(|a| a.ordinal), web.running_activity(), "{now:?}");
    let until = history.cooldowns.iter().map(|(_, until)| *until).max();
    assert_eq!(until.filter(|until| now < *until), web.cooldown_until(), "{now:?}");
    let policies: Vec<&str> = history.policies.iter().map(|(_, p)| p.name.as_str()).collect();
    let known: Vec<&str> = web.policies().map(|(_, p, _)| p.name.as_str()).collect();
    assert_eq!(policies, known, "{now:?}");
}

#[test]
fn r_12_2_a_folded_log_is_the_state_of_its_group() {
    let mut run = lively();
    let end = time("12:00");
    let mut at = time("10:00");
    let odd = SimDuration::from_ms(6_917);
    let mut looks = 0;
    while at < end {
        run.engine.run_until(at).unwrap();
        agree(&run);
        if looks % 3 == 0 {
            run.settle();
            agree(&run);
        }
        if looks == 400 {
            let resize = modify("desired 5");
            run.apply(&resize).unwrap();
            agree(&run);
        }
        (at, looks) = (at + odd, looks + 1);
    }
    let history = History::of(run.web().log().entries());
    assert!(history.activities.len() > 15, "the world is lively: {}", history.activities.len());
    assert!(history.lives.iter().any(|life| life.gone.is_some()));
}

#[test]
fn r_12_2_a_finished_log_tells_of_every_instant() {
    // The rows of the whole run are what the engine said on the way.
    let mut whole = lively();
    whole.until("12:00");
    let history = History::of(whole.web().log().entries());
    let mut run = lively();
    let mut at: SimTime = time("10:00");
    while at < time("12:00") {
        run.engine.run_until(at).unwrap();
        run.settle();
        let row = history.row_at(at).unwrap();
        let web = run.web();
        assert_eq!(row.desired, web.capacity().desired, "{at:?}");
        assert_eq!(row.in_service, web.in_service(), "{at:?}");
        assert_eq!(history.in_service_at(at), web.in_service(), "{at:?}");
        at = at + SimDuration::from_s(61);
    }
    let before = time("10:00") + SimDuration::from_ms(-1);
    assert_eq!((history.row_at(before), history.in_service_at(before)), (None, 0));
    let times: Vec<SimTime> = history.timeline.iter().map(|row| row.t).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "one row for an instant");
    let changes = history.timeline.windows(2);
    assert!(changes.into_iter().all(|w| Row { t: w[0].t, ..w[1] } != w[0]), "each row is a change");
}

#[test]
fn r_12_2_an_activity_lists_whom_it_moved() {
    let mut run = World::new(1, 9, 1).at("10:05", modify("desired 3")).run();
    run.until("10:30");
    let resize: Command = modify("desired 2");
    run.engine.apply(WEB, &resize).unwrap().unwrap();
    run.until("11:00");
    let history = History::of(run.web().log().entries());
    let moved: Vec<Vec<u32>> = history
        .activities
        .iter()
        .map(|a| a.succeeded.iter().map(|instance| instance.0).collect())
        .collect();
    assert_eq!(moved, [vec![2, 3], vec![1]]);
}
