//! A table for each rule: what it finds, and what it just does not find.
//!
//! Rows change the faulty scenario of the rule: overrides, and what is found then.

use super::{linted, shown};

#[track_caller]
fn check(rule: &str, table: &[(&[&str], &str)]) {
    let path = format!("{}/tests/it/lint/faulty/{rule}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    for (set, expected) in table {
        let found = linted(&text, set).found;
        let of_rule: Vec<_> = found.into_iter().filter(|finding| finding.rule == rule).collect();
        let expected = expected.replace("[]", &format!("[{rule}]"));
        assert_eq!(shown(&of_rule), expected, "{rule}: {set:?}");
    }
}

const OUT: &str = "warning[] group.web.policy.out";

const OUT_BY_TWO: &str = "group.web.policy.out.adjustment.value=2";
const IN_BY_TWO: &str = "group.web.policy.in.adjustment.value=-2";

#[test]
fn flapping() {
    let threshold = "group.web.policy.in.metric.threshold";
    let at = |value: u32| format!("{threshold}={value}");
    // From 2 to 3 at 60 % of 2 is 40 % of 3; from 3 to 4 it is 45 % of 4. The trace knows 195 only.
    check(
        "flapping",
        &[
            (&[&at(40)], ""),
            (&[&at(41)], "note[] group.web.policy.out"),
            (&[&at(41), "trace.load.series=121x1439"], OUT),
            (&[&at(45), "group.web.min=3", "group.web.desired=3"], ""),
            (&[&at(49), "group.web.min=3", "group.web.desired=3"], OUT),
            // At 120 exactly, and nowhere else.
            (
                &[
                    &at(40),
                    "group.web.policy.in.metric.operator=EqualOrLess",
                    "group.web.policy.out.metric.operator=EqualOrGreater",
                    "trace.load.series=120x1439",
                ],
                OUT,
            ),
            // At 120.000001, by the engine's own rounding: 60.000001 % of 2 is 40.000000 % of 3.
            (
                &[
                    &at(40),
                    "group.web.policy.in.metric.operator=EqualOrLess",
                    "trace.load.series=120.000001x1439",
                ],
                OUT,
            ),
            (&[&at(39), "group.web.policy.in.metric.operator=EqualOrLess"], ""),
            // Two at a time, from 2 at 60 % to 4 at 30 %.
            (&[&at(31), OUT_BY_TWO, IN_BY_TWO], "note[] group.web.policy.out"),
            (&[&at(30), OUT_BY_TWO, IN_BY_TWO], ""),
            // With one at a time back, 3 is left alone.
            (&[&at(31), OUT_BY_TWO], ""),
            // Never more than two.
            (&["group.web.max=2"], ""),
            // Slower, not safer.
            (&["group.web.policy.in.metric.repeat_times=10"], OUT),
            (&["group.web.policy.in.cooldown=999999"], OUT),
            (
                &["semantics.streak=Rearm", "semantics.statistic=Maximum", "semantics.period=60"],
                OUT,
            ),
            // With 20 % when idle, 60 % of 2 is 46.67 % of 3.
            (&[&at(46), "group.web.load.base=20"], ""),
            (&[&at(47), "group.web.load.base=20"], "note[] group.web.policy.out"),
        ],
    );
}

#[test]
fn flapping_of_launches_that_are_judged_too_early() {
    // 4 at 60 % are right. But from 3, at 80 %, the next period still holds most of the launch, so
    // one more comes; and when that is too much, two go.
    let set = [
        "trace.load.series=240x1439",
        "group.web.policy.out.metric.threshold=70",
        "group.web.policy.in.metric.threshold=50",
        "group.web.policy.in.metric.repeat_times=1",
        "group.web.policy.in.adjustment.value=-2",
        "group.web.desired=3",
        "group.web.min=3",
    ];
    let with = |more: &[&'static str]| [&set[..], more].concat();
    check(
        "flapping",
        &[
            (&with(&["group.web.policy.out.cooldown=0", "latency.creating=4m"]), OUT),
            (&with(&["group.web.policy.out.cooldown=60", "latency.creating=4m"]), OUT),
            // The launch ends with its period, and the cooldown leaves only the next one.
            (&with(&["group.web.policy.out.cooldown=60", "latency.creating=5m"]), ""),
            (&with(&["group.web.policy.out.cooldown=300", "latency.creating=4m"]), ""),
            (&with(&["group.web.policy.out.cooldown=0", "latency.creating=0"]), ""),
        ],
    );
}

#[test]
fn opposed() {
    let found = "warning[] group.web.policy.in";
    check(
        "opposed",
        &[
            (&[], found),
            // Above 70 % of the CPU, memory is above 17 %.
            (&["group.web.policy.in.metric.threshold=17"], ""),
            (&["group.web.policy.in.metric.threshold=18"], "note[] group.web.policy.in"),
            (&["group.web.policy.in.metric.threshold=18", "trace.load.series=225x1439"], found),
            (&["group.web.policy.in.adjustment.value=1"], ""),
            (&["group.web.max=2"], ""),
        ],
    );
}

#[test]
fn never_fires() {
    let found = "warning[] group.web.policy.out.metric";
    let in_found = "warning[] group.web.policy.in.metric";
    let above = |threshold: u32| format!("group.web.policy.out.metric.threshold={threshold}");
    let low = "trace.load.series=150x719 50x719";
    check(
        "never-fires",
        &[
            (&[&above(99)], ""),
            (&["group.web.policy.out.metric.operator=EqualOrGreater"], ""),
            // 150 is 75 % of the smallest size, and no more is asked for.
            (&[&above(75), low], found),
            (&[&above(74), low], ""),
            // An idle CPU that is busier than the rule wants.
            (&[&above(90), "group.web.load.base=30"], in_found),
            (&[&above(90), "group.web.load.base=29", "trace.load.series=700x719 0x719"], ""),
            // The first launch brings a single instance into service before the others.
            (&[&above(99), "group.web.initial=launch", low], ""),
            (&[&above(99), low], found),
        ],
    );
}

#[test]
fn never_fires_for_long_enough() {
    let found = "warning[] group.web.policy.out.metric";
    let both = format!("{found}, warning[] group.web.policy.in.metric");
    let above_50 = "group.web.policy.out.metric.threshold=50";
    let above_80 = "group.web.policy.out.metric.threshold=80";
    let times = |times: u32| format!("group.web.policy.out.metric.repeat_times={times}");
    let burst = "trace.load.series=150x359 700x9 50x1069";
    let later = "trace.load.series=150x360 700x9 50x1068";
    check(
        "never-fires",
        &[
            // Ten minutes are two periods, or three if they begin within one.
            (&[burst, above_80, &times(2)], ""),
            (&[burst, above_80, &times(3)], found),
            (&[later, above_80, &times(3)], ""),
            (&[later, above_80, &times(4)], found),
            // A queue stays when the burst is over.
            (&[burst, above_80, &times(3), "group.web.load.overload=queue"], ""),
            // The third period ends with the run, and is not judged.
            (&["duration=15m", above_50, &times(3)], &both),
            (
                &["duration=15m1s", above_50, &times(3), "group.web.policy.in.metric.threshold=76"],
                "",
            ),
        ],
    );
}

#[test]
fn equal_on_average() {
    let found = "warning[] group.web.policy.out.metric.operator";
    check(
        "equal-on-average",
        &[
            (&["group.web.policy.out.metric.operator=NotEqual"], found),
            (&["group.web.policy.out.metric.operator=EqualOrGreater"], ""),
            (&["group.web.policy.out.metric.threshold=100"], ""),
            (&["group.web.policy.out.metric.threshold=99"], found),
            (&["semantics.statistic=Minimum"], ""),
            (
                &["semantics.statistic=Minimum", "group.web.policy.out.metric.statistic=Average"],
                found,
            ),
        ],
    );
}

#[test]
fn shadowed() {
    let found = "warning[] group.web.policy.very-busy";
    check(
        "shadowed",
        &[
            (&["group.web.policy.very-busy.metric.repeat_times=2"], found),
            (&["group.web.policy.busy.metric.repeat_times=2"], ""),
            (&["group.web.policy.very-busy.metric.threshold=70"], found),
            (&["group.web.policy.very-busy.metric.threshold=69"], ""),
            (
                &[
                    "group.web.policy.very-busy.metric.threshold=70",
                    "group.web.policy.very-busy.metric.operator=EqualOrGreater",
                ],
                "",
            ),
            (
                &[
                    "group.web.policy.very-busy.metric.threshold=100",
                    "group.web.policy.very-busy.metric.operator=Equal",
                ],
                found,
            ),
            (&["group.web.policy.very-busy.metric.statistic=Maximum"], ""),
            (&["semantics.streak=Rearm"], found),
            (
                &[
                    "semantics.streak=Rearm",
                    "group.web.policy.busy.metric.repeat_times=2",
                    "group.web.policy.very-busy.metric.repeat_times=2",
                ],
                "",
            ),
            // At 5 the first is content, and the second is not.
            (&["group.web.policy.busy.adjustment={ type = \"TotalCapacity\", value = 5 }"], ""),
        ],
    );
}

#[test]
fn no_effect() {
    let (out, less) =
        ("warning[] group.web.policy.out.adjustment", "warning[] group.web.policy.in.adjustment");
    check(
        "no-effect",
        &[
            (&["group.web.policy.out.adjustment.value=12"], &format!("{out}, {less}")),
            // 4, 5, 6 and so on; a tenth of 5 is half a machine.
            (&["group.web.policy.out.adjustment.value=13"], ""),
            (
                &[
                    "group.web.policy.out.adjustment.value=13",
                    "group.web.policy.in.adjustment.value=-1",
                ],
                less,
            ),
            (
                &["group.web.policy.in.adjustment={ type = \"TotalCapacity\", value = 4 }"],
                &format!("{out}, {less}"),
            ),
            (&["group.web.policy.in.adjustment={ type = \"TotalCapacity\", value = 3 }"], out),
        ],
    );
}

#[test]
fn min_is_max() {
    check("min-is-max", &[(&["group.web.max=5"], ""), (&["group.web.policy=[]"], "")]);
}

#[test]
fn stuck_at_zero() {
    let found = "warning[] group.web.min";
    let task = |min: u32| {
        format!(
            "group.web.scheduled_task=[{{ name = \"t\", min = {min}, max = 9, start = \"+12h\" }}]"
        )
    };
    check(
        "stuck-at-zero",
        &[
            (&["group.web.policy.in.adjustment.value=-2"], found),
            // 2 and 4 by two, never 1; but 9 is the end, and from there it is odd.
            (&["group.web.policy.in.adjustment={ type = \"TotalCapacity\", value = 1 }"], ""),
            (
                &[
                    "group.web.policy.in.adjustment={ type = \"PercentChangeInCapacity\", value = -50 }",
                ],
                found,
            ),
            (
                &[
                    "group.web.policy.in.adjustment={ type = \"PercentChangeInCapacity\", value = -50 }",
                    "semantics.percent_rounding=Nearest",
                ],
                found,
            ),
            (
                &[
                    "group.web.policy.in.adjustment={ type = \"PercentChangeInCapacity\", value = -49 }",
                    "semantics.percent_rounding=Nearest",
                ],
                "",
            ),
            (&["group.web.desired=0"], found),
            (&["group.web.policy=[]"], ""),
            (&[&task(1)], "note[] group.web.min"),
            (&[&task(0)], found),
            // No CPU is below 0.
            (&["group.web.policy.in.metric.threshold=0"], ""),
        ],
    );
}

#[test]
fn short_cooldown() {
    let found = "warning[] group.web.policy.out.cooldown";
    let hook = |more: &str| {
        format!(
            "group.web.hook=[{{ name = \"h\", transition = \"launch\", timeout = 100, \
             default_result = \"continue\", {more} }}]"
        )
    };
    check(
        "short-cooldown",
        &[
            (&["group.web.policy.out.cooldown=10m"], ""),
            (&["group.web.policy.out.cooldown=599"], found),
            (&["group.web.policy.out.cooldown=10m", "group.web.load_balancers=[\"lb\"]"], found),
            (&["group.web.policy.out.cooldown=10m", "latency.preheating=1"], found),
            // A hook holds them as long as nobody is sure to answer.
            (
                &[
                    "group.web.policy.out.cooldown=10m",
                    &hook("answer = { after = 0, result = \"continue\" }"),
                ],
                "",
            ),
            (
                &[
                    "group.web.policy.out.cooldown=10m",
                    &hook("answer = { after = 1, result = \"continue\" }"),
                ],
                found,
            ),
            (&["group.web.policy.out.cooldown=699", &hook("bound = true")], found),
            (&["group.web.policy.out.cooldown=700", &hook("bound = true")], ""),
            (&["group.web.policy.out.cooldown=10m", &hook("bound = false")], ""),
            // What only takes away need not wait for anything to boot.
            (&["group.web.policy.out.cooldown=10m", "group.web.policy.in.cooldown=0"], ""),
        ],
    );
}

#[test]
fn hook_timeout() {
    let found = "warning[] group.web.hook.warm.timeout";
    check(
        "hook-timeout",
        &[
            (&["group.web.hook.warm.timeout=29"], found),
            (&["group.web.hook.warm.timeout=30"], ""),
            (&["group.web.hook.warm.timeout=300"], ""),
            (&["group.web.hook.warm.timeout=301"], found),
            (&["group.web.hook.warm.timeout=60", "semantics.period=60"], ""),
            (&["group.web.hook.warm.timeout=61", "semantics.period=60"], found),
        ],
    );
}

#[test]
fn tasks_fight() {
    let found = "warning[] group.web.scheduled_task.less";
    check(
        "tasks-fight",
        &[
            (&["group.web.scheduled_task.less.max=5"], found),
            (&["group.web.scheduled_task.less.max=6"], ""),
            (&["group.web.scheduled_task.less.start=2024-03-01 09:59:59"], found),
            (&["group.web.scheduled_task.less.start=2024-03-01 10:00:00"], ""),
            (
                &["group.web.scheduled_task.less.start=2024-03-01 08:30:00"],
                "warning[] group.web.scheduled_task.more",
            ),
        ],
    );
}

#[test]
fn tasks_narrow() {
    let found = "warning[] group.web.scheduled_task.lunch.max";
    check(
        "tasks-narrow",
        &[
            (&["group.web.scheduled_task.lunch.min=7"], ""),
            (&["group.web.scheduled_task.lunch.start=2024-03-01 23:59:59"], found),
            (&["group.web.scheduled_task.lunch.start=2024-03-02 00:00:00"], ""),
            (&["group.web.policy=[]"], ""),
        ],
    );
}

#[test]
fn either_or() {
    let found = "warning[] group.web.scheduled_task.party.recurrence";
    check(
        "either-or",
        &[
            (&["group.web.scheduled_task.party.recurrence=* * 1-7 * fri"], found),
            (&["group.web.scheduled_task.party.recurrence=* * 13 * *"], ""),
            (&["group.web.scheduled_task.party.recurrence=* * */2 * fri"], ""),
        ],
    );
}

#[test]
fn odd_first_day() {
    let found = "warning[] group.web.scheduled_task.weekend.start";
    check(
        "odd-first-day",
        &[
            (&["group.web.scheduled_task.weekend.recurrence=* * * * 5"], ""),
            (&["group.web.scheduled_task.weekend.start=2024-03-01 23:59:59"], found),
            (&["group.web.scheduled_task.weekend.start=2024-02-29 08:00:00"], ""),
            (&["duration=2d", "group.web.scheduled_task.weekend.start=2024-03-02 08:00:00"], ""),
        ],
    );
}

#[test]
fn idle_task() {
    let found = "note[] group.web.scheduled_task.late.start";
    check(
        "idle-task",
        &[
            (&["group.web.scheduled_task.late.start=2024-03-02 00:00:00"], found),
            (&["group.web.scheduled_task.late.start=2024-03-01 23:59:59"], ""),
            (&["group.web.scheduled_task.late.start=2024-03-01 00:00:00"], ""),
            (&["group.web.scheduled_task.late.start=2024-02-29 23:59:59"], found),
        ],
    );
}

#[test]
fn unused_allow() {
    let flaps = "group.web.policy.in.metric.threshold=60";
    check(
        "unused-allow",
        &[
            (&[flaps, "lint.allow.0.at=group.web"], ""),
            (&[flaps, "lint.allow.0.at=group.web.policy.out"], ""),
            (&[flaps, "lint.allow.0.at=group.we"], "note[] lint.allow[0]"),
            (&[flaps, "lint.allow.0.at=group.web.policy.in"], "note[] lint.allow[0]"),
            (&["lint.allow.0.rule=flaping"], "warning[] lint.allow[0].rule"),
        ],
    );
}
