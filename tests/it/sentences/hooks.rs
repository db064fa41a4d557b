//! Lifecycle hooks: create, modify, delete, bind, and the waits at them.

use asgsim::engine::command::Command;
use asgsim::model::id::InstanceOrdinal;
use asgsim::model::lifecycle_hook::{HookChange, HookResult, LifecycleHook, Transition};
use expect_test::expect;

use super::{code, would};
use crate::rules::world::{World, hook, modify, span};

fn bind(name: &str) -> Command {
    Command::BindHook { hook: name.to_owned() }
}

fn delete(name: &str) -> Command {
    Command::DeleteHook { hook: name.to_owned() }
}

fn change(name: &str, change: HookChange) -> Command {
    Command::ModifyHook { hook: name.to_owned(), change }
}

fn complete(instance: u32, result: HookResult) -> Command {
    Command::CompleteHook { instance: InstanceOrdinal(instance), result }
}

fn renew(instance: u32, timeout: &str) -> Command {
    Command::RenewHook { instance: InstanceOrdinal(instance), timeout: span(timeout) }
}

/// Two instances; a third, or one less, at 10:00.
fn asked_for(desired: u32) -> World {
    World::new(1, 10, 2).at("10:00", modify(&format!("desired {desired}")))
}

/// S-027, S-780: each of five, and nothing besides.
#[test]
fn s_780_what_can_be_changed_of_a_hook() {
    let before = hook("warm launch 60s continue");
    let keep = HookChange::default;
    let told = || vec!["7".to_owned()];
    let table = [
        (keep(), before.clone()),
        (
            HookChange { name: Some("up".to_owned()), ..keep() },
            LifecycleHook { name: "up".to_owned(), ..before.clone() },
        ),
        (
            HookChange { timeout: Some(span("90s")), ..keep() },
            LifecycleHook { timeout: span("90s"), ..before.clone() },
        ),
        (
            HookChange { default_result: Some(HookResult::Disable), ..keep() },
            LifecycleHook { default_result: HookResult::Disable, ..before.clone() },
        ),
        (
            HookChange { transition: Some(Transition::Terminate), ..keep() },
            LifecycleHook { transition: Transition::Terminate, ..before.clone() },
        ),
        (
            HookChange { notify_ids: Some(told()), ..keep() },
            LifecycleHook { notify_ids: told(), ..before.clone() },
        ),
    ];
    for (changes, after) in table {
        let mut run = World::new(1, 10, 2).hook("warm launch 60s continue").run();
        run.apply(&change("warm", changes)).unwrap();
        assert_eq!(run.web().hooks().map(|(_, hook)| hook).collect::<Vec<_>>(), [&after]);
    }
}

/// S-784, S-804, S-870, S-871, and S-794, S-906 of names.
#[test]
fn s_784_a_hook_must_be_there_under_a_name_of_its_own() {
    let mut world = World::new(1, 10, 2).hook("warm launch 60s continue");
    world.web().hooks.push(hook("drain terminate 60s continue"));
    let run = world.run();
    let unknown = "Conflict.ScalingGroupIdVsLifeCycleHookId";
    for command in [change("x", HookChange::default()), delete("x"), bind("x")] {
        assert_eq!(would(&run, &command), unknown, "{command:?}");
    }
    let taken = "NameDuplicate.LifeCycleHook";
    let rename = HookChange { name: Some("drain".to_owned()), ..HookChange::default() };
    assert_eq!(would(&run, &change("warm", rename.clone())), taken);
    assert_eq!(would(&run, &change("drain", rename)), "Success");
    assert_eq!(would(&run, &Command::CreateHook(hook("warm launch 9s continue"))), taken);
    assert_eq!(would(&run, &Command::CreateHook(hook("Warm launch 9s continue"))), "Success");
}

/// S-838, S-839: at once, long before the wait would be over.
#[test]
fn s_839_a_result_lets_it_go_on_or_not() {
    let after = |world: World, instance, result| {
        let mut run = world.at("10:01:30", complete(instance, result)).run();
        run.until("10:02");
        run.lines("instance wait activity").lines().skip(2).collect::<Vec<_>>().join("\n") + "\n"
    };
    let launch = asked_for(3).hook("warm launch 300s continue");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:01:00 wait 3 at hook 1 until 10:06:00
        10:01:30 wait 3 completed continue
        10:01:30 instance 3 InService
        10:01:30 activity 1 ended 2/0
    "#]]
    .assert_eq(&after(launch.clone(), 3, HookResult::Continue));
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:00:00 instance 3 Creating
        10:01:00 wait 3 at hook 1 until 10:06:00
        10:01:30 wait 3 completed disable
        10:01:30 instance 3 Removing
        10:01:40 instance 3 Gone
        10:01:40 activity 1 ended 4/60000
    "#]]
    .assert_eq(&after(launch, 3, HookResult::Disable));
    let removal = asked_for(1).hook("drain terminate 300s continue");
    let goes_on = after(removal.clone(), 1, HookResult::Continue);
    expect![[r#"
        10:00:00 activity 1 scale-in of 1 by user
        10:00:00 instance 1 Removing
        10:00:00 wait 1 at hook 1 until 10:05:00
        10:01:30 wait 1 completed continue
        10:01:40 instance 1 Gone
        10:01:40 activity 1 ended 2/0
    "#]]
    .assert_eq(&goes_on);
    let disabled = after(removal, 1, HookResult::Disable);
    assert_eq!(disabled, goes_on.replace("completed continue", "completed disable"));
}

/// S-845, S-859.
#[test]
fn s_845_who_can_be_completed_or_renewed() {
    let mut run = asked_for(3).hook("warm launch 60s continue").run();
    run.until("10:01:10");
    let table = [
        (complete(9, HookResult::Continue), "InvalidParameter.InstanceIdError"),
        (renew(9, "60s"), "InvalidParameter.InstanceIdError"),
        (complete(1, HookResult::Continue), "IncorrectInstanceStatus.NotInHook"),
        (renew(1, "60s"), "IncorrectInstanceStatus.NotInHook"),
        (renew(3, "0s"), "InvalidParameter"),
        (renew(3, "1s"), "Success"),
        (complete(3, HookResult::Disable), "Success"),
    ];
    for (command, expected) in table {
        assert_eq!(would(&run, &command), expected, "{command:?}");
    }
}

/// Ten seconds, and after five of them 120 more; the default comes at their end.
#[test]
fn s_853_a_renewed_wait_ends_so_long_after_the_call() {
    let world = asked_for(3).hook("warm launch 10s disable").at("10:01:05", renew(3, "120s"));
    let mut run = world.run();
    run.until("10:04");
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 wait 3 at hook 1 until 10:01:10
        10:01:05 wait 3 renewed until 10:03:05
        10:03:05 wait 3 expired disable
        10:03:15 activity 1 ended 4/60000
        10:03:45 activity 2 scale-out of 1 by Retry
    "#]]
    .assert_eq(&run.lines("wait activity"));
}

/// S-026, S-865, S-886.
#[test]
fn s_865_only_the_hook_bound_last_is_in_effect() {
    let mut world = World::new(1, 10, 2);
    world.web().hooks = vec![hook("a launch 30s continue"), hook("b launch 60s continue")];
    let world = world.at("10:00", bind("a")).at("10:01", bind("b"));
    let mut run = world.at("10:02", modify("desired 3")).run();
    run.until("10:05");
    expect![[r#"
        10:00:00 hook a created
        10:00:00 hook b created
        10:00:00 hook 1 bound
        10:01:00 hook 2 bound
        10:02:00 activity 1 scale-out of 1 by user
        10:03:00 wait 3 at hook 2 until 10:04:00
        10:04:00 wait 3 expired continue
        10:04:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("hook wait activity"));
}

/// S-029, S-866, S-876, S-877, S-884: not before it is bound, and not after it is unbound.
#[test]
fn s_876_a_hook_is_in_effect_while_it_is_bound() {
    let world = World::new(1, 10, 2);
    let world = world.at("10:00", Command::CreateHook(hook("warm launch 60s continue")));
    let world = world.at("10:00", modify("desired 3")).at("10:05", bind("warm"));
    let world = world.at("10:05", modify("desired 4")).at("10:10", Command::UnbindHook);
    let world = world.at("10:10", modify("desired 5")).at("10:15", bind("warm"));
    let mut run = world.at("10:15", modify("desired 6")).run();
    run.until("10:20");
    expect![[r#"
        10:00:00 hook warm created
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 activity 1 ended 2/0
        10:05:00 hook 1 bound
        10:05:00 activity 2 scale-out of 1 by user
        10:06:00 wait 4 at hook 1 until 10:07:00
        10:07:00 wait 4 expired continue
        10:07:00 activity 2 ended 2/0
        10:10:00 hook none bound
        10:10:00 activity 3 scale-out of 1 by user
        10:11:00 activity 3 ended 2/0
        10:15:00 hook 1 bound
        10:15:00 activity 4 scale-out of 1 by user
        10:16:00 wait 6 at hook 1 until 10:17:00
        10:17:00 wait 6 expired continue
        10:17:00 activity 4 ended 2/0
    "#]]
    .assert_eq(&run.lines("hook wait activity"));
    // To unbind what is not bound is no fault.
    run.apply(&Command::UnbindHook).unwrap();
    assert_eq!(code(&mut run, &Command::UnbindHook), "Success");
}

/// S-887 to S-889: time to set an instance up, or to save what it has; then the default.
#[test]
fn s_889_at_the_deadline_the_default_is_applied() {
    let after = |world: World| {
        let mut run = world.run();
        run.until("10:02:20");
        (run.web().in_service(), run.lines("wait activity"))
    };
    let (in_service, lines) = after(asked_for(3).hook("warm launch 60s continue"));
    assert_eq!(in_service, 3);
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 wait 3 at hook 1 until 10:02:00
        10:02:00 wait 3 expired continue
        10:02:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&lines);
    let (in_service, lines) = after(asked_for(3).hook("warm launch 60s disable"));
    assert_eq!(in_service, 2);
    expect![[r#"
        10:00:00 activity 1 scale-out of 1 by user
        10:01:00 wait 3 at hook 1 until 10:02:00
        10:02:00 wait 3 expired disable
        10:02:10 activity 1 ended 4/60000
    "#]]
    .assert_eq(&lines);
    for default in ["continue", "disable"] {
        let removal = asked_for(1).hook(&format!("drain terminate 60s {default}"));
        let (in_service, lines) = after(removal);
        assert_eq!(in_service, 1);
        assert!(lines.ends_with("10:01:10 activity 1 ended 2/0\n"), "{lines}");
    }
}

#[test]
fn s_890_a_new_hook_is_listed_and_not_bound() {
    let mut run = World::new(1, 10, 2).run();
    let new = hook("warm launch 60s continue");
    run.apply(&Command::CreateHook(new.clone())).unwrap();
    let listed: Vec<_> = run.web().hooks().map(|(number, hook)| (number.0, hook)).collect();
    assert_eq!((listed, run.web().bound_hook()), (vec![(1, &new)], None));
}
