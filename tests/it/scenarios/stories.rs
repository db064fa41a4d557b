//! Scenarios carried out: what each timed command and change does to a run.

use asgsim::model::record::{Notice, Record};
use expect_test::expect;

use super::faults::edited;
use super::service::rich;
use super::{BASE, scenario};

/// The log of a scenario but for states of instances, policies and the like.
fn story(text: &str) -> String {
    let scenario = scenario(text, &[]).unwrap();
    let engine = scenario.play().unwrap();
    let web = engine.groups().next().unwrap();
    let mut lines = String::new();
    for entry in web.log().entries() {
        let t = &entry.t.format_civil(scenario.setup.utc_offset)[11..];
        let told = match &entry.record {
            Record::ActivityStarted { activity_kind, origin, count, .. } => {
                format!("{activity_kind:?} of {count} by {}", origin.word())
            }
            Record::ActivityEnded { status, error, .. } => format!("{status:?} {error:?}"),
            Record::HookWaiting { instance, .. } => format!("{instance} waits"),
            Record::HookEnded { instance, result, expired } => {
                format!("{instance} {result:?}, expired {expired}")
            }
            Record::Joined { instance, place, machine, .. } if entry.t > scenario.setup.start => {
                format!("{instance} joins in {place:?}, machine {machine:?}")
            }
            Record::Notified(Notice::Activity { receivers, .. }) => format!("tell {receivers:?}"),
            Record::Notified(Notice::Hook { receivers, .. }) => format!("a wait: {receivers:?}"),
            Record::BackedOff { failures, .. } => format!("failure {failures}"),
            Record::LaunchFailed { instance, error } => format!("{instance} failed: {error:?}"),
            Record::Marked { instance } => format!("{instance} is unhealthy"),
            Record::Protected { instance, protected } => format!("{instance} {protected}"),
            Record::Suspended => "suspended".to_owned(),
            Record::Resumed => "resumed".to_owned(),
            Record::HookBound { hook } if entry.t > scenario.setup.start => {
                format!("bound {hook:?}")
            }
            _ => continue,
        };
        lines += &format!("{t} {told}\n");
    }
    for warning in &scenario.report(&engine).warnings {
        lines += &format!("warning: {warning}\n");
    }
    lines
}

#[test]
fn a_morning_with_everything() {
    let quiet = rich().replace("series = \"150x59\"", "series = \"50x59\"");
    let at = |time: &str, rest: &str| format!("[[at]]\ntime = \"{time}\"\n{rest}\n");
    let web = |time: &str, rest: &str| at(time, &format!("group = \"web\"\n{rest}"));
    let text = [
        quiet,
        web("+1m", "do = \"set_capacity\"\ndesired = 4"),
        at("+1m", "do = \"sold_out\"\nzone = \"z1\"\nfor = \"10m\""),
        web("+5m", "do = \"fail_instance\"\ninstance = 1"),
        web("+5m", "do = \"protect\"\ninstance = 1"),
        web("+7m", "do = \"protect\"\ninstance = 1\nprotect = false"),
        web("+8m", "do = \"complete_hook\"\ninstance = 5\nresult = \"disable\""),
        web("+10m30s", "do = \"attach\"\nids = [\"m-2\"]"),
        web("+10m30s", "do = \"attach\"\nids = [\"m-1\"]"),
        web("+11m", "do = \"bind_hook\"\nhook = \"drain\""),
        web("+12m", "do = \"suspend\""),
        web("+12m", "do = \"set_capacity\"\ndesired = 2"),
        web("+13m", "do = \"detach\"\ninstance = 2"),
        web("+14m", "do = \"resume\""),
        web("+14m10s", "do = \"renew_hook\"\ninstance = 2\ntimeout = \"1m\""),
        web("+17m", "do = \"unbind_hook\""),
        web("+20m", "do = \"detach\"\ninstance = 7\nkeep = true"),
        web("+21m", "do = \"delete_group\""),
    ];
    expect![[r#"
        10:01:00 ScaleOut of 2 by user
        10:01:00 3 joins in Some("z2"), machine None
        10:01:00 4 joins in Some("z2"), machine None
        10:02:00 3 waits
        10:02:00 a wait: ["7"]
        10:02:00 4 waits
        10:02:00 a wait: ["7"]
        10:02:40 3 Continue, expired false
        10:02:40 4 Continue, expired false
        10:02:40 Successful None
        10:02:40 tell ["a", "b"]
        10:05:00 1 true
        10:06:00 1 is unhealthy
        10:07:00 1 false
        10:07:00 Replace of 1 by health
        10:07:00 5 joins in Some("z2"), machine None
        10:08:00 5 waits
        10:08:00 a wait: ["7"]
        10:08:00 5 Disable, expired false
        10:08:10 Failed LaunchRefused
        10:08:10 failure 1
        10:08:40 ScaleOut of 1 by retry
        10:08:40 6 joins in Some("z2"), machine None
        10:09:40 6 waits
        10:09:40 a wait: ["7"]
        10:10:20 6 Continue, expired false
        10:10:20 Successful None
        10:10:20 tell ["a", "b"]
        10:10:30 Attach of 1 by user
        10:10:30 7 joins in Some("z1"), machine Some("m-1")
        10:10:32 Successful None
        10:11:00 bound Some(HookOrdinal(2))
        10:12:00 suspended
        10:14:00 resumed
        10:14:00 ScaleIn of 3 by user
        10:14:00 2 waits
        10:14:00 3 waits
        10:14:00 4 waits
        10:14:30 3 Continue, expired true
        10:14:30 4 Continue, expired true
        10:15:10 2 Continue, expired true
        10:15:20 Successful None
        10:17:00 bound None
        10:20:00 Detach of 1 by user
        10:20:02 Successful None
        10:30:00 ScaleOut of 1 by task
        10:30:00 8 joins in Some("z1"), machine None
        10:31:00 Successful None
        10:31:00 tell ["a", "b"]
        warning: 2024-03-01 10:10:30: attach, group "web", was refused: IncorrectInstanceStatus.NotRunning: machine "m-2" is not running
        warning: 2024-03-01 10:13:00: detach, group "web", was refused: IncorrectScalingGroupStatus.Inactive: the group is not active
        warning: 2024-03-01 10:21:00: delete_group, group "web", was refused: Conflict.ScalingGroupNotEmpty: the group still has 1 members
    "#]].assert_eq(&story(&text.concat()));
}

#[test]
fn faults_by_chance_and_quotas() {
    let text = edited("series = \"150x59\"", "series = \"50x59\"");
    let failing = text.clone()
        + "[faults]\nlaunch_failure = { probability = 1, cause = \"model_gone\" }\n\
           [[at]]\ntime = \"+1m\"\ndo = \"set_capacity\"\ngroup = \"web\"\ndesired = 3\n";
    expect![[r#"
        10:01:00 ScaleOut of 1 by user
        10:02:00 3 failed: ModelGone
        10:02:00 Failed ModelGone
        10:02:00 failure 1
        10:02:30 ScaleOut of 1 by retry
        10:03:30 4 failed: ModelGone
        10:03:30 Failed ModelGone
        10:03:30 failure 2
        10:04:00 ScaleOut of 1 by retry
        10:05:00 5 failed: ModelGone
        10:05:00 Failed ModelGone
        10:05:00 failure 3
        10:05:30 ScaleOut of 1 by retry
        10:06:30 6 failed: ModelGone
        10:06:30 Failed ModelGone
        10:06:30 failure 4
        10:07:00 ScaleOut of 1 by retry
        10:08:00 7 failed: ModelGone
        10:08:00 Failed ModelGone
        10:08:00 failure 5
    "#]]
    .assert_eq(&story(&failing));
    let limited = text.clone()
        + "[account]\ninstance_limit = 3\n[semantics]\nretry = \"None\"\n\
           [[at]]\ntime = \"+1m\"\ndo = \"set_capacity\"\ngroup = \"web\"\ndesired = 5\n";
    expect![[r#"
        10:01:00 ScaleOut of 3 by user
        10:02:00 PartiallySuccessful Quota
        10:02:00 failure 1
    "#]]
    .assert_eq(&story(&limited));
    let dying = text + "[faults]\nmtbf = \"20m\"\n";
    assert!(story(&dying).lines().filter(|line| line.ends_with("unhealthy")).count() > 3);
}

#[test]
fn what_the_run_refuses_is_a_warning() {
    let at = |rest: &str| format!("[[at]]\ntime = \"+5m\"\ngroup = \"web\"\n{rest}\n");
    let text = [
        rich(),
        at("do = \"protect\"\ninstance = 9"),
        at("do = \"complete_hook\"\ninstance = 1"),
        at("do = \"renew_hook\"\ninstance = 1\ntimeout = 60"),
        at("do = \"detach\"\ninstance = [1, 2]"),
        at("do = \"attach\"\nids = [\"m-9\"]"),
        at("do = \"delete_hook\"\nhook = \"warm\""),
        at("do = \"modify_policy\"\npolicy = \"default\"\ncooldown = 1"),
        at("do = \"delete_policy\"\npolicy = \"default\""),
        at("do = \"delete_policy\"\npolicy = \"out\""),
        at("do = \"delete_policy\"\npolicy = \"out\""),
        at("do = \"create_task\"\nname = \"u\"\nmin = 1\nmax = 2\nstart = \"+30m\""),
        at("do = \"set_capacity\"\nmin = 10"),
    ];
    let scenario = scenario(&text.concat(), &[]).unwrap();
    let engine = scenario.play().unwrap();
    let warnings = scenario.report(&engine).warnings;
    expect![[r#"
        2024-03-01 10:05:00: protect, group "web", was refused: InvalidParameter.InstanceIdError: the group has no instance number 9
        2024-03-01 10:05:00: complete_hook, group "web", was refused: IncorrectInstanceStatus.NotInHook: instance 1 does not wait at a hook
        2024-03-01 10:05:00: renew_hook, group "web", was refused: IncorrectInstanceStatus.NotInHook: instance 1 does not wait at a hook
        2024-03-01 10:05:00: detach, group "web", was refused: Conflict.InstanceNumLessMinsize: 2 members less 2 are below the minimum size 1
        2024-03-01 10:05:00: attach, group "web", was refused: InvalidParameter.InstanceIdError: there is no machine named "m-9"
        2024-03-01 10:05:00: delete_hook, group "web", was refused: InActivity.HookId: hook "warm" is in use
        2024-03-01 10:05:00: modify_policy, group "web", was refused: Conflict.ModifyDefaultScalingPolicyError: the default policy can be neither changed nor deleted
        2024-03-01 10:05:00: delete_policy, group "web", was refused: Conflict.DeleteDefaultScalingPolicyError: the default policy can be neither changed nor deleted
        2024-03-01 10:05:00: delete_policy, group "web", was refused: InvalidParameter.ScalingPolicyIdError: there is no policy named "out"
        2024-03-01 10:05:00: create_task, group "web", was refused: InvalidScheduleTask.TimeConflict: tasks "u" and "noon" both trigger in the minute of 2024-03-01 10:30:00
        2024-03-01 10:05:00: set_capacity, group "web", was refused: Conflict.MaxsizeLessMinsize: minimum size 10 is above the maximum size 9
    "#]].assert_eq(&(warnings.join("\n") + "\n"));
}

/// A task that has had its last trigger is told of (9.2).
#[test]
fn tasks_before_the_run() {
    let task = |name: &str, rest: &str| {
        format!("[[group.scheduled_task]]\nname = \"{name}\"\nmin = 1\nmax = 2\n{rest}\n")
    };
    let text = [
        BASE.to_owned(),
        task("once", "start = \"2024-03-01 09:00:00\""),
        task(
            "over",
            "start = \"2024-02-01 09:30:00\"\nend = \"2024-02-28 10:00:00\"\nrecurrence = \"* * * * *\"",
        ),
        task(
            "daily",
            "start = \"2024-02-01 10:30:00\"\nend = \"2024-04-28 10:00:00\"\nrecurrence = \"* * * * *\"",
        ),
    ];
    expect![[r#"
        group web: task once triggers once, at 2024-03-01 09:00:00, before the run begins
        group web: task over has its last trigger before the run begins"#]]
    .assert_eq(&scenario(&text.concat(), &[]).unwrap().warnings.join("\n"));
}
