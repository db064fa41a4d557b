//! Faulty scenarios and the line each is answered with: groups, policies, tasks, loads, traces.

use expect_test::expect;

use super::faults::check;

#[test]
fn names() {
    let twin = "[[group]]\nname = \"web\"\nmin = 0\nmax = 1";
    let policy = "[[group.policy]]\nname = \"out\"\nmetric = { dimension = \"cpu_usage\", \
                  operator = \"Less\", threshold = 20 }\nadjustment = { type = \"TotalCapacity\", \
                  value = 1 }\ncooldown = 60";
    let long = format!("name = \"{}\"\nconfiguration", "x".repeat(61));
    let quota = format!("{policy}\n[limits]\npolicies_per_group = 1").replace("out", "in");
    let rows = [
        ("configuration = \"small\"", "configuration = \"smal\""),
        ("configuration = \"small\"", "configuration = \"gigantic\""),
        ("demand = \"web\"", "demand = \"wbe\""),
        ("name = \"web\"\nconfiguration", "name = \"\"\nconfiguration"),
        ("name = \"web\"\nconfiguration", long.as_str()),
        ("name = \"out\"", "name = \"\""),
        ("", twin),
        ("", policy),
        ("", quota.as_str()),
        ("name = \"small\"", "name = \"small\"\n[[configuration]]\nname = \"small\""),
        ("name = \"small\"", "name = \"small\"\ncpu = 0"),
        ("name = \"small\"", "name = \"small\"\nmem = 0"),
    ];
    check(
        &rows,
        expect![[r#"
            configuration = "smal"
                case.toml:15: group.web.configuration: no [[configuration]] is named `smal`, did you mean `small`?
            configuration = "gigantic"
                case.toml:15: group.web.configuration: no [[configuration]] is named `gigantic`
            demand = "wbe"
                case.toml:21: group.web.load.demand: no [trace.wbe] is given, did you mean `web`?
            name = ""; configuration
                case.toml:14: group[0].name: group name "" must have 1 to 60 characters, none of them a control character
            name = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; configuration
                case.toml:14: group.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.name: group name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" must have 1 to 60 characters, none of them a control character
            name = ""
                case.toml:25: group.web.policy[0].name: InvalidParameter.ScalingPolicyNameError: policy name "" must have 1 to 60 characters, none of them a control character
            [[group]]; name = "web"; min = 0; max = 1
                case.toml:30: group.web.name: two groups are named "web"
            [[group.policy]]; name = "out"; metric = { dimension = "cpu_usage", operator = "Less", threshold = 20 }; adjustment = { type = "TotalCapacity", value = 1 }; cooldown = 60
                case.toml:30: group.web.policy.out.name: NameDuplicate.ScalingPolicy: a policy named "out" already exists
            [[group.policy]]; name = "in"; metric = { dimension = "cpu_usage", operator = "Less", threshold = 20 }; adjustment = { type = "TotalCapacity", value = 1 }; cooldown = 60; [limits]; policies_per_group = 1
                case.toml:30: group.web.policy.in.name: QuotaExceeded.ScalingPolicy: one more policy is above the limit of 1 (limits.policies_per_group)
            name = "small"; [[configuration]]; name = "small"
                case.toml:8: configuration.small: key `cpu` is missing
            name = "small"; cpu = 0
                case.toml:11: duplicate key
            name = "small"; mem = 0
                case.toml:12: duplicate key
        "#]],
    );
}

#[test]
fn sizes() {
    const SIZES: &str = "min = 1\nmax = 9\ndesired = 2";
    let rows = [
        (SIZES, "min = 10\nmax = 9"),
        (SIZES, "min = 1\nmax = 9\ndesired = 10"),
        (SIZES, "min = 3\nmax = 9\ndesired = 2"),
        (SIZES, "min = 1\nmax = 31"),
        ("", "[limits]\nmax_size = 8"),
        ("desired = 2", "initial = \"empty\""),
        ("desired = 2", "remove_policy = \"RemoveOldest\""),
    ];
    check(
        &rows,
        expect![[r#"
            min = 10; max = 9
                case.toml:16: group.web.min: Conflict.MaxsizeLessMinsize: minimum size 10 is above the maximum size 9
            min = 1; max = 9; desired = 10
                case.toml:18: group.web.desired: InvalidParameter.DesiredCapacity: desired capacity 10 is outside the bounds 1 to 9
            min = 3; max = 9; desired = 2
                case.toml:18: group.web.desired: InvalidParameter.DesiredCapacity: desired capacity 2 is outside the bounds 3 to 9
            min = 1; max = 31
                case.toml:17: group.web.max: Conflict.MaxsizeLessMinsize: maximum size 31 is above the limit of 30 (limits.max_size)
            [limits]; max_size = 8
                case.toml:17: group.web.max: Conflict.MaxsizeLessMinsize: maximum size 9 is above the limit of 8 (limits.max_size)
            initial = "empty"
                case.toml:18: group.web.initial: unknown value `empty` (known: in_service, launch)
            remove_policy = "RemoveOldest"
                case.toml:18: group.web.remove_policy: unknown value `RemoveOldest`, did you mean `RemoveOldestInstance`? (known: RemoveOldestInstance, RemoveNewestInstance)
        "#]],
    );
}

#[test]
fn policies() {
    const METRIC: &str = "threshold = 70, repeat_times = 2";
    const CHANGE: &str = "{ type = \"QuantityChangeInCapacity\", value = 2 }";
    let rows = [
        (METRIC, "threshold = 101"),
        (METRIC, "threshold = -1"),
        (METRIC, "threshold = 70, repeat_times = 0"),
        (METRIC, "threshold = 70, repeat_times = 11"),
        (METRIC, "threshold = 70, statistic = \"Median\""),
        (CHANGE, "{ type = \"QuantityChangeInCapacity\", value = 31 }"),
        (CHANGE, "{ type = \"QuantityChangeInCapacity\", value = -31 }"),
        (CHANGE, "{ type = \"TotalCapacity\", value = -1 }"),
        (CHANGE, "{ type = \"PercentChangeInCapacity\", value = 101 }"),
        ("cooldown = \"5m\"", "cooldown = 1000000"),
        ("cooldown = \"5m\"", "cooldown = \"1s500ms\""),
        ("cooldown = \"5m\"", "cooldown = \"-5m\""),
        ("dimension = \"cpu_usage\"", "dimension = \"mem_usage\""),
        ("dimension = \"cpu_usage\"", "dimension = \"lan_intraffic\""),
        ("[group.load]\ndemand = \"web\"\nper_instance = 100\n", ""),
    ];
    check(
        &rows,
        expect![[r#"
            threshold = 101
                case.toml:26: group.web.policy.out.metric.threshold: InvalidParameter.Metric: threshold 101 of cpu_usage is out of range: 0 to 100 per cent
            threshold = -1
                case.toml:26: group.web.policy.out.metric.threshold: InvalidParameter.Metric: threshold -1 of cpu_usage is out of range: 0 to 100 per cent
            threshold = 70, repeat_times = 0
                case.toml:26: group.web.policy.out.metric.repeat_times: InvalidParameter.Metric: repeat_times 0 is out of range: 1 to 10
            threshold = 70, repeat_times = 11
                case.toml:26: group.web.policy.out.metric.repeat_times: InvalidParameter.Metric: repeat_times 11 is out of range: 1 to 10
            threshold = 70, statistic = "Median"
                case.toml:26: group.web.policy.out.metric.statistic: unknown value `Median` (known: Average, Maximum, Minimum)
            { type = "QuantityChangeInCapacity", value = 31 }
                case.toml:27: group.web.policy.out.adjustment.value: InvalidParameter.AdjustmentValue: adjustment value 31 is out of range: -30 to 30 (limits.max_size)
            { type = "QuantityChangeInCapacity", value = -31 }
                case.toml:27: group.web.policy.out.adjustment.value: InvalidParameter.AdjustmentValue: adjustment value -31 is out of range: -30 to 30 (limits.max_size)
            { type = "TotalCapacity", value = -1 }
                case.toml:27: group.web.policy.out.adjustment.value: InvalidParameter.AdjustmentValue: adjustment value -1 is out of range: 0 to 30 (limits.max_size)
            { type = "PercentChangeInCapacity", value = 101 }
                case.toml:27: group.web.policy.out.adjustment.value: InvalidParameter.AdjustmentValue: adjustment value 101 is out of range: -100 to 100
            cooldown = 1000000
                case.toml:28: group.web.policy.out.cooldown: InvalidParameter: cooldown 11d13h46m40s is out of range: whole seconds, 0 to 999999
            cooldown = "1s500ms"
                case.toml:28: group.web.policy.out.cooldown: InvalidParameter: cooldown 1s500ms is out of range: whole seconds, 0 to 999999
            cooldown = "-5m"
                case.toml:28: group.web.policy.out.cooldown: `-5m` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
            dimension = "mem_usage"
                case.toml:26: group.web.policy.out.metric.dimension: the group's load has no mem_usage: give it a source in [group.load]
            dimension = "lan_intraffic"
                case.toml:26: group.web.policy.out.metric.dimension: the group's load has no lan_intraffic: give it a source in [group.load]
            without [group.load]; demand = "web"; per_instance = 100
                case.toml:23: group.web.policy.out.metric.dimension: the group's load has no cpu_usage: give it a source in [group.load]
        "#]],
    );
}

#[test]
fn tasks() {
    let task = |rest: &str| format!("[[group.scheduled_task]]\nname = \"t\"\n{rest}\n");
    let daily = "min = 1\nmax = 2\nstart = \"+5m\"";
    let rows = [
        task("min = 1\nmax = 2"),
        task("min = 3\nmax = 2\nstart = \"+5m\""),
        task("min = 1\nmax = 31\nstart = \"+5m\""),
        task(&format!("{daily}\nend = \"+1d\"")),
        task(&format!("{daily}\nrecurrence = \"* * * * *\"")),
        task(&format!("{daily}\nend = \"+1m\"\nrecurrence = \"* * * * *\"")),
        task(&format!("{daily}\nend = \"+1d\"\nrecurrence = \"0 9 * * *\"")),
        task("min = 1\nmax = 2\nstart = \"2024-02-30 00:00:00\""),
        task(daily) + &task("min = 1\nmax = 2\nstart = \"+6m\""),
        task(daily) + &task(daily).replace("\"t\"", "\"u\""),
    ];
    let rows: Vec<_> = rows.iter().map(|row| ("", row.as_str())).collect();
    check(
        &rows,
        expect![[r#"
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2
                case.toml:29: group.web.scheduled_task.t: key `start` is missing
            [[group.scheduled_task]]; name = "t"; min = 3; max = 2; start = "+5m"
                case.toml:31: group.web.scheduled_task.t.min: Conflict.MaxsizeLessMinsize: minimum size 3 is above the maximum size 2
            [[group.scheduled_task]]; name = "t"; min = 1; max = 31; start = "+5m"
                case.toml:32: group.web.scheduled_task.t.max: Conflict.MaxsizeLessMinsize: maximum size 31 is above the limit of 30 (limits.max_size)
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+5m"; end = "+1d"
                case.toml:29: group.web.scheduled_task.t.recurrence: InvalidParameter.EndtimeAndRecurrence: give both `end` and `recurrence`
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+5m"; recurrence = "* * * * *"
                case.toml:29: group.web.scheduled_task.t.end: InvalidParameter.EndtimeAndRecurrence: give both `end` and `recurrence`
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+5m"; end = "+1m"; recurrence = "* * * * *"
                case.toml:34: group.web.scheduled_task.t.end: InvalidParameter: the repetition ends before the task starts
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+5m"; end = "+1d"; recurrence = "0 9 * * *"
                case.toml:35: group.web.scheduled_task.t.recurrence: InvalidParameter: `0 9 * * *` is no crontab: minute and hour must be `*`: the time of day is the task's own
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "2024-02-30 00:00:00"
                case.toml:33: group.web.scheduled_task.t.start: `2024-02-30 00:00:00` is no civil time: write `YYYY-MM-DD hh:mm:ss`
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+5m"; [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+6m"
                case.toml:35: group.web.scheduled_task.t.name: NameDuplicate.ScheduledTask: a task named "t" already exists
            [[group.scheduled_task]]; name = "t"; min = 1; max = 2; start = "+5m"; [[group.scheduled_task]]; name = "u"; min = 1; max = 2; start = "+5m"
                case.toml:38: group.web.scheduled_task.u.start: InvalidScheduleTask.TimeConflict: tasks "u" and "t" both trigger in the minute of 2024-03-01 10:05:00
        "#]],
    );
}

#[test]
fn loads() {
    const LOAD: &str = "demand = \"web\"\nper_instance = 100";
    let rows = [
        (LOAD, "overload = \"drop\""),
        (LOAD, "demand = \"web\"\nper_instance = 100\nrecorded = \"web\""),
        (LOAD, "demand = \"web\""),
        (LOAD, "demand = \"web\"\nper_instance = 0"),
        (LOAD, "demand = \"web\"\nper_instance = 1000000001"),
        (LOAD, "demand = \"web\"\nper_instance = 100\nbase = 101"),
        (LOAD, "demand = \"web\"\nper_instance = 100\ninstances = 4"),
        (LOAD, "demand = \"web\"\nper_instance = 100\nmax_backlog = 4"),
        (LOAD, "demand = \"web\"\nper_instance = 100\noverload = \"drop\"\ntimeout = \"1m\""),
        (LOAD, "demand = \"web\"\nper_instance = 100\noverload = \"queue\"\nmax_backlog = -1"),
        (LOAD, "recorded = \"web\""),
        (LOAD, "recorded = \"web\"\ninstances = -1"),
        (LOAD, "recorded = \"web\"\ninstances = \"wbe\""),
        (LOAD, "recorded = \"web\"\ninstances = 4\nper_instance = 100"),
        (LOAD, "recorded = \"web\"\ninstances = 4\nbase = 5"),
        (LOAD, "fixed = {}"),
        (LOAD, "fixed = { cpu_usage = \"wbe\" }"),
        (LOAD, "fixed = { cpu = \"web\" }"),
        (LOAD, "fixed = { cpu_usage = \"web\" }\ntimeout = \"1m\""),
        ("series = \"150x59\"", "series = \"1000000001x59\""),
        ("series = \"150x59\"", "series = \"-1x59\""),
    ];
    check(
        &rows,
        expect![[r#"
            overload = "drop"
                case.toml:20: group.web.load: give exactly one of `demand`, `recorded`, `fixed`
            demand = "web"; per_instance = 100; recorded = "web"
                case.toml:20: group.web.load: give exactly one of `demand`, `recorded`, `fixed`
            demand = "web"
                case.toml:20: group.web.load.per_instance: key `per_instance` is missing: what one instance serves
            demand = "web"; per_instance = 0
                case.toml:22: group.web.load.per_instance: found 0, allowed 0.000001 to 1000000000
            demand = "web"; per_instance = 1000000001
                case.toml:22: group.web.load.per_instance: found 1000000001, allowed 0.000001 to 1000000000
            demand = "web"; per_instance = 100; base = 101
                case.toml:23: group.web.load.base: found 101, allowed 0 to 100
            demand = "web"; per_instance = 100; instances = 4
                case.toml:23: group.web.load.instances: this key goes with `recorded` only
            demand = "web"; per_instance = 100; max_backlog = 4
                case.toml:23: group.web.load.max_backlog: this key goes with `overload = "queue"` only
            demand = "web"; per_instance = 100; overload = "drop"; timeout = "1m"
                case.toml:24: group.web.load.timeout: this key goes with `overload = "queue"` only
            demand = "web"; per_instance = 100; overload = "queue"; max_backlog = -1
                case.toml:24: group.web.load.max_backlog: found -1, allowed 0 to 1000000000000
            recorded = "web"
                case.toml:20: group.web.load.instances: key `instances` is missing: how many there were, or the name of a trace
            recorded = "web"; instances = -1
                case.toml:22: group.web.load.instances: the trace has the value -1, allowed 0 to 1000000000
            recorded = "web"; instances = "wbe"
                case.toml:22: group.web.load.instances: no [trace.wbe] is given, did you mean `web`?
            recorded = "web"; instances = 4; per_instance = 100
                case.toml:23: group.web.load.per_instance: this key goes with `demand` only
            recorded = "web"; instances = 4; base = 5
                case.toml:23: group.web.load.base: this key goes with `demand` only
            fixed = {}
                case.toml:21: group.web.load.fixed: give a trace for at least one metric
            fixed = { cpu_usage = "wbe" }
                case.toml:21: group.web.load.fixed.cpu_usage: no [trace.wbe] is given, did you mean `web`?
            fixed = { cpu = "web" }
                case.toml:21: group.web.load.fixed: unknown value `cpu` (known: cpu_usage, mem_usage, lan_outtraffic, lan_intraffic)
            fixed = { cpu_usage = "web" }; timeout = "1m"
                case.toml:22: group.web.load.timeout: this key goes with `demand` only
            series = "1000000001x59"
                case.toml:21: group.web.load.demand: the trace has the value 1000000001, allowed 0 to 1000000000
            series = "-1x59"
                case.toml:21: group.web.load.demand: the trace has the value -1, allowed 0 to 1000000000
        "#]],
    );
}

const TRACE: &str = "series = \"150x59\"";

#[test]
fn traces_written_out() {
    let rows = [
        (TRACE, "interval = \"1m\""),
        (TRACE, "series = \"1\"\nfile = \"load.csv\""),
        (TRACE, "series = \"\""),
        (TRACE, "series = []"),
        (TRACE, "series = \"_x20\""),
        (TRACE, "series = [1, \"two\"]"),
        (TRACE, "series = [1, nan]"),
        (TRACE, "series = \"5 x\""),
        (TRACE, "series = \"1x9999999999\""),
        (TRACE, "series = \"1\"\ninterval = 0"),
        (TRACE, "series = \"1\"\nscale = 2"),
        (TRACE, "series = \"1\"\nstart = \"2024-03-01\""),
        (TRACE, "series = \"1\"\nstart = \"2024-03-01 11:00:00\""),
        (TRACE, "series = \"1x4\"\nstart = \"2024-03-01 09:55:00\""),
        (TRACE, "synth = { base = 5 }\nrepeat = true"),
        (TRACE, "synth = { base = 5, spikes = [{ at = \"+1m\", peak = 5 }] }"),
        (TRACE, "synth = { base = 5, spikes = [{ at = \"noon\", peak = 5, hold = 9 }] }"),
        (TRACE, "synth = { bass = 5 }"),
    ];
    check(
        &rows,
        expect![[r#"
        interval = "1m"
            case.toml:5: trace.web: give exactly one of `file`, `series`, `synth`
        series = "1"; file = "load.csv"
            case.toml:5: trace.web: give exactly one of `file`, `series`, `synth`
        series = ""
            case.toml:6: trace.web.series: the series has no samples: write values, as in "100x12 100+50x6 _x3 7"
        series = []
            case.toml:5: trace.web: the trace has no values
        series = "_x20"
            case.toml:5: trace.web: the trace has no values
        series = [1, "two"]
            case.toml:6: trace.web.series[1]: found the text "two", expected a number
        series = [1, nan]
            case.toml:6: `nan` is no finite number
        series = "5 x"
            case.toml:6: trace.web.series: word 2, "x", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
        series = "1x9999999999"
            case.toml:6: trace.web.series: word 1, "1x9999999999", makes more than 5000000 samples
        series = "1"; interval = 0
            case.toml:7: trace.web.interval: found 0s, allowed more
        series = "1"; scale = 2
            case.toml:7: trace.web.scale: this key goes with `file` only
        series = "1"; start = "2024-03-01"
            case.toml:7: trace.web.start: `2024-03-01` is no civil time: write `YYYY-MM-DD hh:mm:ss`
        series = "1"; start = "2024-03-01 11:00:00"
            case.toml:5: trace.web: the trace, 2024-03-01 11:00:00 to 2024-03-01 11:01:00, covers none of the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
        series = "1x4"; start = "2024-03-01 09:55:00"
            case.toml:5: trace.web: the trace, 2024-03-01 09:55:00 to 2024-03-01 10:00:00, covers none of the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
        synth = { base = 5 }; repeat = true
            case.toml:7: trace.web.repeat: this key goes with `file` or `series` only
        synth = { base = 5, spikes = [{ at = "+1m", peak = 5 }] }
            case.toml:6: trace.web.synth.spikes[0]: key `hold` is missing
        synth = { base = 5, spikes = [{ at = "noon", peak = 5, hold = 9 }] }
            case.toml:6: trace.web.synth.spikes[0].at: `noon` is no civil time: write `YYYY-MM-DD hh:mm:ss`
        synth = { bass = 5 }
            case.toml:6: trace.web.synth.bass: unknown key `bass`, did you mean `base`? (known: base, daily, weekly, noise, spikes)
    "#]],
    );
}

#[test]
fn traces_of_files() {
    let rows = [
        (TRACE, "file = \"lode.csv\""),
        (TRACE, "file = \"broken.csv\""),
        (TRACE, "file = \"load.csv\"\nvalue = \"rps\""),
        (TRACE, "file = \"load.csv\"\nscale = 0"),
        (TRACE, "file = \"load.csv\"\nper = 0"),
        (TRACE, "file = \"load.csv\"\nutc_offset = \"Z\""),
        (TRACE, "file = \"load.csv\"\ngaps = \"fill\""),
        (TRACE, "file = \"load.csv\"\nshift = \"1d\""),
    ];
    check(
        &rows,
        expect![[r#"
        file = "lode.csv"
            case.toml:6: trace.web.file: no file lode.csv
        file = "broken.csv"
            case.toml:6: trace.web.file: broken.csv: line 3, column "load": "many" is no number
        file = "load.csv"; value = "rps"
            case.toml:6: trace.web.file: load.csv: line 1: there is no column "rps" (value = ...); the columns are "time", "load"
        file = "load.csv"; scale = 0
            case.toml:7: trace.web.scale: found 0 or less, allowed more
        file = "load.csv"; per = 0
            case.toml:7: trace.web.per: found 0s, allowed more
        file = "load.csv"; utc_offset = "Z"
            case.toml:7: trace.web.utc_offset: `Z` is no offset from UTC: write `+hh:mm` or `-hh:mm`, at most 23:59
        file = "load.csv"; gaps = "fill"
            case.toml:7: trace.web.gaps: unknown value `fill` (known: missing, hold, interpolate, zero)
        file = "load.csv"; shift = "1d"
            case.toml:5: trace.web: the trace, 2024-03-02 10:00:00 to 2024-03-02 11:00:00, covers none of the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
    "#]],
    );
}
