//! Chapter 6: lifecycle hooks.

use asgsim::engine::command::{Command, CommandError, Noun};
use asgsim::engine::setup::ValidationError;
use asgsim::model::id::InstanceOrdinal;
use asgsim::model::lifecycle_hook::{Answer, HookChange, HookError, HookResult, Transition};
use asgsim::{Micro, SimDuration};
use expect_test::expect;

use super::world::{World, hook, modify, span};

const KINDS: &str = "activity instance wait";

fn complete(instance: u32, result: HookResult) -> Command {
    Command::CompleteHook { instance: InstanceOrdinal(instance), result }
}

fn renew(instance: u32, timeout: &str) -> Command {
    Command::RenewHook { instance: InstanceOrdinal(instance), timeout: span(timeout) }
}

fn bind(name: &str) -> Command {
    Command::BindHook { hook: name.to_owned() }
}

fn delete(name: &str) -> Command {
    Command::DeleteHook { hook: name.to_owned() }
}

/// Two instances; a third is asked for at 10:00.
fn one_more() -> World {
    World::new(1, 10, 2).at("10:00", modify("desired 3"))
}

/// Two instances; one of them is to go at 10:00.
fn one_less() -> World {
    World::new(1, 10, 2).at("10:00", modify("desired 1"))
}

// S-866, S-887.
#[test]
fn r_6_1_the_launch_wait_follows_the_creation_and_ends_at_its_deadline() {
    let world = one_more().hook("warm launch 120s continue").load_balancer();
    let mut run = world.run();
    run.until("10:03:10");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:01:00 wait 3 at hook 1 until 10:03:00
        10:03:00 wait 3 expired continue
        10:03:00 instance 3 AttachLb
        10:03:05 instance 3 InService
        10:03:05 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

// S-888.
#[test]
fn r_6_1_the_terminate_wait_begins_with_removing_before_its_own_time() {
    let world = one_less().hook("drain terminate 30s continue").load_balancer();
    let mut run = world.run();
    run.until("10:01");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-in of 1 by user
        10:00:00 instance 1 DetachLb
        10:00:02 instance 1 Removing
        10:00:02 wait 1 at hook 1 until 10:00:32
        10:00:32 wait 1 expired continue
        10:00:42 instance 1 Gone
        10:00:42 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_6_1_a_hook_holds_its_own_side_only() {
    let mut out = one_more().hook("drain terminate 30s continue").run();
    out.until("10:05");
    let mut in_ = one_less().hook("warm launch 30s continue").run();
    in_.until("10:05");
    assert_eq!((out.lines("wait"), in_.lines("wait")), (String::new(), String::new()));
}

#[test]
fn r_6_1_phases_without_length_still_wait() {
    let instant = |l: &mut asgsim::env::latency::Latency| {
        let none = asgsim::env::latency::PhaseLength::Fixed(SimDuration::ZERO);
        (l.creating, l.removing) = (none, none);
    };
    let mut run = one_more().hook("warm launch 10s continue").latency(instant).run();
    run.until("10:01");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:00:00 wait 3 at hook 1 until 10:00:10
        10:00:10 wait 3 expired continue
        10:00:10 instance 3 InService
        10:00:10 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
    let mut run = one_less().hook("drain terminate 10s continue").latency(instant).run();
    run.until("10:01");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-in of 1 by user
        10:00:00 instance 1 Removing
        10:00:00 wait 1 at hook 1 until 10:00:10
        10:00:10 wait 1 expired continue
        10:00:10 instance 1 Gone
        10:00:10 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_6_1_the_hook_bound_at_the_start_counts_with_the_parameters_of_the_wait() {
    // Unbound, and made longer, while the instance is being created.
    let longer = HookChange { timeout: Some(span("300s")), ..HookChange::default() };
    let world = one_more().hook("warm launch 120s continue").at("10:00:30", Command::UnbindHook);
    let world =
        world.at("10:00:40", Command::ModifyHook { hook: "warm".to_owned(), change: longer });
    let mut run = world.run();
    run.until("10:07");
    expect![[r#"
        10:00:00 hook warm created
        10:00:00 hook 1 bound
        10:00:00 activity 1 scale-out of 1 by user
        10:00:30 hook none bound
        10:00:40 hook warm modified
        10:01:00 wait 3 at hook 1 until 10:06:00
        10:06:00 wait 3 expired continue
        10:06:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity wait hook"));
    // The other way round: bound too late for the activity under way, it holds the next.
    let mut late = World::new(1, 10, 2);
    late.web().hooks.push(hook("warm launch 120s continue"));
    let late = late.at("10:00", modify("desired 3")).at("10:00:30", bind("warm"));
    let mut run = late.at("10:02", modify("desired 4")).run();
    run.until("10:06");
    expect![[r#"
        10:00:00 hook warm created
        10:00:00 activity 1 scale-out of 1 by user
        10:00:30 hook 1 bound
        10:01:00 activity 1 ended 2/0
        10:02:00 activity 2 scale-out of 1 by user
        10:03:00 wait 4 at hook 1 until 10:05:00
        10:05:00 wait 4 expired continue
        10:05:00 activity 2 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity wait hook"));
}

#[test]
fn r_6_1_a_hook_that_turned_or_went_before_the_wait_holds_nothing() {
    let turned = HookChange { transition: Some(Transition::Terminate), ..HookChange::default() };
    let turned = Command::ModifyHook { hook: "warm".to_owned(), change: turned };
    let world = one_more().hook("warm launch 120s continue");
    for script in [vec![turned], vec![Command::UnbindHook, delete("warm")]] {
        let script = script.into_iter();
        let mut run =
            script.fold(world.clone(), |world, command| world.at("10:00:30", command)).run();
        run.until("10:02");
        assert_eq!(run.lines("wait"), "");
        assert_eq!(run.web().in_service(), 3);
    }
}

// S-026, S-885, S-886, S-908.
#[test]
fn r_6_1_ten_hooks_of_which_one_is_bound() {
    let mut world = World::new(1, 10, 2);
    world.web().hooks = (1..=10).map(|n| hook(&format!("h{n} launch 60s continue"))).collect();
    let mut run = world.clone().run();
    let eleventh = run.apply(&Command::CreateHook(hook("h11 launch 60s continue")));
    let (noun, key) = (Noun::Hook, "hooks_per_group");
    assert_eq!(eleventh, Err(CommandError::Quota { noun, key, limit: 10 }));
    assert_eq!(eleventh.unwrap_err().code(), "QuotaExceeded.HookLimit");
    assert_eq!(run.web().bound_hook(), None);
    for name in ["h3", "h7"] {
        run.apply(&bind(name)).unwrap();
    }
    assert_eq!(run.web().bound_hook().map(|hook| hook.0), Some(7));
    // The quota is a limit that a scenario can raise.
    let mut run = world.edit(|s| s.limits.hooks_per_group = 11).run();
    run.apply(&Command::CreateHook(hook("h11 launch 60s continue"))).unwrap();
}

#[test]
fn r_6_1_the_range_of_the_timeout() {
    let table = [("0s", false), ("1s", true), ("7200s", true), ("7201s", false), ("1500ms", false)];
    for (timeout, fits) in table {
        let rule = hook(&format!("h launch {timeout} continue"));
        let found = rule.check(&asgsim::model::limits::Limits::default());
        let error = HookError::Timeout { timeout: span(timeout) };
        assert_eq!(found, if fits { Ok(()) } else { Err(error) }, "{timeout}");
    }
}

// S-030, S-838.
#[test]
fn r_6_2_completing_applies_the_result_at_once() {
    let world = one_more().hook("warm launch 120s disable");
    let mut run = world.at("10:01:20", complete(3, HookResult::Continue)).run();
    run.until("10:02");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:01:00 wait 3 at hook 1 until 10:03:00
        10:01:20 wait 3 completed continue
        10:01:20 instance 3 InService
        10:01:20 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
}

#[test]
fn r_6_2_at_the_deadline_the_default_has_already_applied() {
    let world = one_more().hook("warm launch 60s disable");
    let mut run = world.at("10:02", complete(3, HookResult::Continue)).run();
    run.until("10:02:00.001");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:01:00 wait 3 at hook 1 until 10:02:00
        10:02:00 wait 3 expired disable
        10:02:00 instance 3 Removing
    "#]]
    .assert_eq(&run.lines(KINDS));
    let refused = run.web().refusals().to_vec();
    let error = CommandError::NotInHook { instance: InstanceOrdinal(3) };
    assert_eq!(refused.iter().map(|(.., error)| error.clone()).collect::<Vec<_>>(), [error]);
}

// S-031.
#[test]
fn r_6_2_a_renewal_counts_from_now_up_to_its_cap() {
    let world = one_more().hook("warm launch 1s continue");
    // A hundred time-outs of 1 s are the most: up to 10:02:40.
    let world = world.at("10:01:00.500", renew(3, "60s")).at("10:01:50", renew(3, "60s"));
    let mut run = world.run();
    run.until("10:03");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 wait 3 at hook 1 until 10:01:01
        10:01:00.500 wait 3 renewed until 10:02:00.500
        10:01:50 wait 3 renewed until 10:02:40
        10:02:40 wait 3 expired continue
        10:02:40 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("wait activity"));
    // With long time-outs it is 48 hours.
    let wait = hook("h launch 7200s continue");
    let begin = super::world::time("10:00");
    let ordinal = asgsim::model::id::HookOrdinal::FIRST;
    let wait = asgsim::model::lifecycle_hook::HookWait::begin(ordinal, &wait, begin, false);
    let longest = wait.renewed(begin, span("7d")) - begin;
    assert_eq!(longest, span("48h"));
    // It may also shorten a wait.
    assert_eq!(wait.renewed(begin, span("1s")) - begin, span("1s"));
}

#[test]
fn r_6_2_what_cannot_be_completed_or_renewed() {
    let mut run = one_more().hook("warm launch 60s continue").run();
    run.until("10:00:30");
    let (three, nine) = (InstanceOrdinal(3), InstanceOrdinal(9));
    let table = [
        (complete(3, HookResult::Continue), CommandError::NotInHook { instance: three }),
        (complete(9, HookResult::Continue), CommandError::UnknownInstance { instance: nine }),
        (renew(3, "5s"), CommandError::NotInHook { instance: three }),
        (renew(9, "5s"), CommandError::UnknownInstance { instance: nine }),
        (renew(3, "999ms"), CommandError::RenewTimeout { timeout: span("999ms") }),
    ];
    for (command, error) in table {
        assert_eq!(run.apply(&command), Err(error));
    }
    let code = CommandError::NotInHook { instance: three }.code();
    assert_eq!(code, "IncorrectInstanceStatus.NotInHook");
}

#[test]
fn r_6_2_a_scripted_answer_counts_from_the_begin_of_the_wait() {
    let mut run = one_more().hook("warm launch 120s disable 40s continue").run();
    run.until("10:02");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:01:00 wait 3 at hook 1 until 10:03:00
        10:01:40 wait 3 completed continue
        10:01:40 instance 3 InService
        10:01:40 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines(KINDS));
    // At the deadline it is too late.
    let mut run = one_more().hook("warm launch 40s disable 40s continue").run();
    run.until("10:01:41");
    expect![[r#"
        10:01:00 wait 3 at hook 1 until 10:01:40
        10:01:40 wait 3 expired disable
    "#]]
    .assert_eq(&run.lines("wait"));
}

#[test]
fn r_6_2_an_answer_may_come_by_chance() {
    let mut world = World::new(0, 30, 0).hook("warm launch 60s disable 10s continue");
    world.web().hooks[0].answer = Some(Answer {
        after: span("10s"),
        result: HookResult::Continue,
        probability: Micro::from_millionths(500_000),
    });
    let mut run = world.at("10:00", modify("desired 30")).run();
    run.until("10:03");
    let answered = run.lines("wait").matches("completed continue").count();
    let expired = run.lines("wait").matches("expired disable").count();
    assert_eq!(answered + expired, 30);
    // Half of thirty, give or take four standard deviations.
    assert!((4..=26).contains(&answered), "{answered}");
}

#[test]
fn r_6_3_a_refused_launch_is_removed_and_fails() {
    let world = World::new(1, 10, 2).at("10:00", modify("desired 4"));
    let world = world.load_balancer().hook("warm launch 30s disable");
    let mut run = world.at("10:01:10", complete(3, HookResult::Continue)).run();
    run.until("10:01:51");
    expect![[r#"
        10:00:00 instance 1 InService
        10:00:00 instance 2 InService
        10:00:00 activity 1 scale-out of 2 by user
        10:00:00 instance 3 Creating
        10:00:00 instance 4 Creating
        10:01:00 wait 3 at hook 1 until 10:01:30
        10:01:00 wait 4 at hook 1 until 10:01:30
        10:01:10 wait 3 completed continue
        10:01:10 instance 3 AttachLb
        10:01:15 instance 3 InService
        10:01:30 wait 4 expired disable
        10:01:30 instance 4 Removing
        10:01:40 instance 4 Gone
        10:01:40 activity 1 ended 3/60000
        10:01:40 back-off after 1 until 10:02:10
    "#]]
    .assert_eq(&run.lines("activity instance wait back-off"));
}

#[test]
fn r_6_3_a_removal_goes_on_whatever_the_result() {
    for result in [HookResult::Continue, HookResult::Disable] {
        let world = one_less().hook("drain terminate 60s disable");
        let mut run = world.at("10:00:20", complete(1, result)).run();
        run.until("10:01");
        assert!(run.lines("activity").contains("10:00:30 activity 1 ended 2/0"));
    }
}

#[test]
fn r_6_4_a_wait_holds_the_lock_and_is_what_blocks_an_alarm() {
    let world = one_more().hook("warm launch 600s continue").cpu("09:00 90");
    let mut run = world.policy("out cpu > 70 x1 +1 300s").run();
    run.until("10:05");
    assert!(run.web().hook_waiting());
    run.settle();
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 wait 3 at hook 1 until 10:11:00
        10:05:00 trigger out 90 > 70 streak 1 busy by activity 1 at hook 1 until 10:11:00 3 -> 4
        10:05:00 activity 2 scale-out by out cancelled 5/40000
    "#]]
    .assert_eq(&run.lines("trigger activity wait"));
}

#[test]
fn r_6_4_edits_do_not_touch_waits_under_way() {
    let change = HookChange {
        timeout: Some(span("5s")),
        default_result: Some(HookResult::Disable),
        ..HookChange::default()
    };
    let modify = Command::ModifyHook { hook: "warm".to_owned(), change };
    let world = one_more().hook("warm launch 60s continue").at("10:01:10", modify);
    let mut run = world.at("10:01:20", Command::UnbindHook).run();
    run.until("10:03");
    expect![[r#"
        10:00:00 hook warm created
        10:00:00 hook 1 bound
        10:01:00 wait 3 at hook 1 until 10:02:00
        10:01:10 hook warm modified
        10:01:20 hook none bound
        10:02:00 wait 3 expired continue
    "#]]
    .assert_eq(&run.lines("wait hook"));
}

// S-800, S-808.
#[test]
fn r_6_4_a_hook_in_use_cannot_be_deleted() {
    let mut run = one_more().hook("warm launch 60s continue").run();
    let in_use = CommandError::HookInUse { name: "warm".to_owned() };
    assert_eq!(in_use.code(), "InActivity.HookId");
    assert_eq!(run.apply(&delete("warm")), Err(in_use.clone()));
    run.until("10:01:30").apply(&Command::UnbindHook).unwrap();
    // An instance waits at it.
    assert_eq!(run.apply(&delete("warm")), Err(in_use));
    run.until("10:03").apply(&delete("warm")).unwrap();
    assert_eq!(run.web().hooks().count(), 0);
}

#[test]
fn r_6_4_names_of_hooks() {
    let mut world = World::new(1, 10, 2).hook("a launch 60s continue");
    world.web().hooks.push(hook("b launch 60s continue"));
    let mut run = world.run();
    let unknown = CommandError::Unknown { noun: Noun::Hook, name: "c".to_owned() };
    let taken = CommandError::NameTaken { noun: Noun::Hook, name: "a".to_owned() };
    let rename = |from: &str, to: &str| Command::ModifyHook {
        hook: from.to_owned(),
        change: HookChange { name: Some(to.to_owned()), ..HookChange::default() },
    };
    let table = [
        (bind("c"), Err(unknown.clone())),
        (delete("c"), Err(unknown.clone())),
        (rename("c", "d"), Err(unknown)),
        (rename("b", "a"), Err(taken.clone())),
        (Command::CreateHook(hook("a launch 60s continue")), Err(taken)),
        (rename("a", "a"), Ok(())),
        (rename("b", "e"), Ok(())),
        (delete("e"), Ok(())),
    ];
    for (command, expected) in table {
        assert_eq!(run.apply(&command).map(drop), expected, "{command:?}");
    }
    // A number is never used again.
    let reply = run.apply(&Command::CreateHook(hook("b launch 60s continue"))).unwrap();
    expect!["Hook(HookOrdinal(3))"].assert_eq(&format!("{reply:?}"));
}

#[test]
fn r_6_1_a_setup_binds_one_of_its_own_hooks() {
    let mut world = World::new(1, 10, 2);
    world.web().bound_hook = Some("warm".to_owned());
    let (group, hook) = ("web".to_owned(), "warm".to_owned());
    let error = asgsim::Engine::new(&world.setup).unwrap_err();
    assert_eq!(error, ValidationError::BoundHook { group, hook });
}
