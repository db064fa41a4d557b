//! Faulty scenarios and the line each is answered with: shape, text, switches.

use expect_test::{Expect, expect};

use super::{BASE, scenario, scenario_until};

/// The base with one text in place of another, or with a text at its end if there is none to
/// replace.
pub fn edited(from: &str, to: &str) -> String {
    if from.is_empty() {
        return format!("{BASE}{to}\n");
    }
    assert_eq!(BASE.matches(from).count(), 1, "{from} is not one place of the base");
    BASE.replace(from, to)
}

/// Holds the lines of a table of edits: each edit as it stands, and below it the error.
#[track_caller]
pub fn check(rows: &[(&str, &str)], expected: Expect) {
    let told = rows.iter().map(|(from, to)| {
        let error = match scenario(&edited(from, to), &[]) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error,
        };
        assert!(!error.contains('\n'), "one line: {error}");
        let told = if to.is_empty() { format!("without {from}") } else { (*to).to_owned() };
        format!("{}\n    {error}\n", told.trim().replace('\n', "; "))
    });
    expected.assert_eq(&told.collect::<String>());
}

#[test]
fn the_base_is_accepted() {
    assert!(scenario(BASE, &[]).is_ok());
}

#[test]
fn unknown_keys() {
    let rows = [
        ("duration =", "duraton ="),
        ("", "[latencies]"),
        ("min = 1", "min = 1\nminimum = 2"),
        ("threshold = 70,", "threshold = 70, treshold = 60,"),
        ("", "[semantics]\nstatistics = \"Maximum\""),
        ("series =", "serie ="),
        ("", "[[at]]\ndo = \"set_capacity\"\ntime = \"+1m\"\ngroup = \"web\"\nmim = 2"),
        ("", "[[at]]\ndo = \"set_capacities\"\ntime = \"+1m\"\ngroup = \"web\""),
        ("", "[[expect]]\ngroup = \"web\"\nthroughout = true\ndesird = 2"),
        ("\"Greater\"", "\"greater\""),
        ("\"QuantityChangeInCapacity\"", "\"Quantity\""),
        ("\"cpu_usage\"", "\"cpu\""),
    ];
    check(
        &rows,
        expect![[r#"
            duraton =
                case.toml:3: duraton: unknown key `duraton`, did you mean `duration`? (known: name, about, start, duration, seed, utc_offset, semantics, latency, cost, slo, limits, faults, account, trace, configuration, machine, group, at, expect, lint)
            [latencies]
                case.toml:29: latencies: unknown key `latencies`, did you mean `latency`? (known: name, about, start, duration, seed, utc_offset, semantics, latency, cost, slo, limits, faults, account, trace, configuration, machine, group, at, expect, lint)
            min = 1; minimum = 2
                case.toml:17: group.web.minimum: unknown key `minimum` (known: name, configuration, min, max, desired, initial, remove_policy, zones, subnets, load_balancers, load, policy, scheduled_task, hook, notification, faults)
            threshold = 70, treshold = 60,
                case.toml:26: group.web.policy.out.metric.treshold: unknown key `treshold`, did you mean `threshold`? (known: dimension, operator, threshold, repeat_times, statistic)
            [semantics]; statistics = "Maximum"
                case.toml:30: semantics.statistics: unknown key `statistics`, did you mean `statistic`? (known: profile, period, statistic, missing, streak, percent_rounding, percent_base, scheduled_obeys_cooldown, replace_order, retry)
            serie =
                case.toml:6: trace.web.serie: unknown key `serie`, did you mean `series`? (known: file, format, value, time, interval, start, scale, repeat, shift, per, utc_offset, stamp, gaps, duplicates, series, synth)
            [[at]]; do = "set_capacity"; time = "+1m"; group = "web"; mim = 2
                case.toml:33: at[0].mim: unknown key `mim`, did you mean `min`? (known: time, group, min, max, desired)
            [[at]]; do = "set_capacities"; time = "+1m"; group = "web"
                case.toml:30: at[0].do: unknown value `set_capacities`, did you mean `set_capacity`? (known: set_capacity, protect, fail_instance, suspend, resume, delete_group, complete_hook, renew_hook, attach, detach, bind_hook, unbind_hook, create_policy, modify_policy, delete_policy, create_task, modify_task, delete_task, create_hook, modify_hook, delete_hook, image_deleted, lb_deleted, snapshot_deleted, security_group_deleted, subnet_deleted, sold_out, model_gone, short, quota, balance, key_deleted, zone_outage)
            [[expect]]; group = "web"; throughout = true; desird = 2
                case.toml:32: expect[0].desird: unknown key `desird`, did you mean `desired`? (known: group, at, during, throughout, desired, in_service, members, cpu_usage, activities, refused, notifications, slo_minutes, at_most)
            "greater"
                case.toml:26: group.web.policy.out.metric.operator: unknown value `greater`, did you mean `Greater`? (known: Greater, EqualOrGreater, Less, EqualOrLess, Equal, NotEqual)
            "Quantity"
                case.toml:27: group.web.policy.out.adjustment.type: unknown value `Quantity` (known: TotalCapacity, QuantityChangeInCapacity, PercentChangeInCapacity)
            "cpu"
                case.toml:26: group.web.policy.out.metric.dimension: unknown value `cpu` (known: cpu_usage, mem_usage, lan_outtraffic, lan_intraffic)
        "#]],
    );
}

#[test]
fn what_later_versions_will_know() {
    let rows = [
        ("", "[response_time]\nmodel = \"erlang\""),
        ("", "[[group.expect]]\nthroughout = true"),
        ("series = \"150x59\"", "file = \"load.csv\"\nformat = \"prometheus\""),
    ];
    check(
        &rows,
        expect![[r#"
        [response_time]; model = "erlang"
            case.toml:29: response_time: `response_time` is part of the scenario format but not supported by this version
        [[group.expect]]; throughout = true
            case.toml:29: group.web.expect: unknown key `expect` (known: name, configuration, min, max, desired, initial, remove_policy, zones, subnets, load_balancers, load, policy, scheduled_task, hook, notification, faults)
        file = "load.csv"; format = "prometheus"
            case.toml:7: trace.web.format: format `prometheus` is not supported by this version: `csv` is
    "#]],
    );
}

#[test]
fn wrong_types_and_missing_keys() {
    let rows = [
        ("name = \"base\"\n", ""),
        ("name = \"base\"", "name = 7"),
        ("min = 1", "min = \"1\""),
        ("min = 1", "min = 1.5"),
        ("min = 1", "min = -1"),
        ("min = 1", "min = 4294967296"),
        ("min = 1", "min = true"),
        ("min = 1\n", ""),
        ("max = 9\n", ""),
        ("duration = \"1h\"", "seed = -1\nduration = \"1h\""),
        ("duration = \"1h\"", "seed = 9223372036854775808\nduration = \"1h\""),
        ("demand = \"web\"", "demand = [\"web\"]"),
        ("[group.load]", "[[group.load]]"),
        ("threshold = 70", "threshold = 70.5"),
        ("threshold = 70, ", ""),
        ("cooldown = \"5m\"\n", ""),
        ("operator = \"Greater\", ", ""),
        ("adjustment = { type = \"QuantityChangeInCapacity\", value = 2 }", "adjustment = 2"),
        ("", "[[at]]\ntime = \"+1m\"\ngroup = \"web\""),
        ("", "[[at]]\ndo = \"set_capacity\"\ngroup = \"web\""),
        ("", "[[expect]]\nthroughout = true\ndesired = 2"),
        ("", "[[expect]]\ngroup = \"web\"\nduring = [\"+1m\"]\ndesired = 2"),
        ("", "[latency]\nrandom = 1"),
    ];
    check(
        &rows,
        expect![[r#"
            without name = "base"
                case.toml:1: key `name` is missing
            name = 7
                case.toml:1: name: found `7`, expected a string in quotes
            min = "1"
                case.toml:16: group.web.min: found the text "1", expected a whole number of 0 to 4294967295
            min = 1.5
                case.toml:16: group.web.min: found `1.5`, expected a whole number of 0 to 4294967295
            min = -1
                case.toml:16: group.web.min: found `-1`, expected a whole number of 0 to 4294967295
            min = 4294967296
                case.toml:16: group.web.min: found `4294967296`, expected a whole number of 0 to 4294967295
            min = true
                case.toml:16: group.web.min: found `true`, expected a whole number of 0 to 4294967295
            without min = 1
                case.toml:13: group.web: key `min` is missing
            without max = 9
                case.toml:13: group.web: key `max` is missing
            seed = -1; duration = "1h"
                case.toml:3: seed: found `-1`, expected a whole number, 0 or more
            seed = 9223372036854775808; duration = "1h"
                case.toml:3: `9223372036854775808` is out of range: at most 9223372036854775807 in size
            demand = ["web"]
                case.toml:21: group.web.load.demand: found an array, expected a string in quotes
            [[group.load]]
                case.toml:20: group.web.load[0]: found a table, expected a string in quotes
            threshold = 70.5
                case.toml:26: group.web.policy.out.metric.threshold: found `70.5`, expected a whole number
            without threshold = 70,
                case.toml:26: group.web.policy.out.metric: key `threshold` is missing
            without cooldown = "5m"
                case.toml:24: group.web.policy.out: key `cooldown` is missing
            without operator = "Greater",
                case.toml:26: group.web.policy.out.metric: key `operator` is missing
            adjustment = 2
                case.toml:27: group.web.policy.out.adjustment: found `2`, expected a table
            [[at]]; time = "+1m"; group = "web"
                case.toml:29: at[0]: key `do` is missing
            [[at]]; do = "set_capacity"; group = "web"
                case.toml:29: at[0]: key `time` is missing
            [[expect]]; throughout = true; desired = 2
                case.toml:29: expect[0]: key `group` is missing
            [[expect]]; group = "web"; during = ["+1m"]; desired = 2
                case.toml:31: expect[0].during: invalid length 1, expected an array of length 2
            [latency]; random = 1
                case.toml:30: latency.random: found `1`, expected true or false
        "#]],
    );
}

#[test]
fn switches_latencies_promise_and_price() {
    let rows = [
        ("", "[semantics]\nperiod = 120"),
        ("", "[semantics]\nstreak = \"sliding\""),
        ("", "[latency]\npreset = \"modern-linnux\""),
        ("", "[latency]\ncreating = \"soon\""),
        ("", "[latency]\ncreating = { median = \"1m\", sigma = 3.1 }"),
        ("", "[latency]\ncreating = { median = \"0s\", sigma = 0.1 }"),
        ("", "[latency]\ncreating = { median = \"1m\" }"),
        ("", "[latency]\ncreating = \"30d1s\""),
        ("", "[latency]\ncreating = -5"),
        ("", "[slo]\nutilisation = 0"),
        ("", "[slo]\nutilisation = 100.000001"),
        ("", "[slo]\nlost_load = -0.1"),
        ("", "[slo]\nlost_load = 1.1"),
        ("", "[cost]\nper_instance_hour = -0.01"),
        ("", "[cost]\nper_instance_hour = 1000001"),
        ("", "[cost]\nbilling = \"per_minute\""),
        ("", "[limits]\nmax_size = 10001"),
        ("", "[limits]\ngroups_per_project = 0"),
        ("", "[limits]\ngroups_per_project = 100001"),
        ("", "[limits]\npolicies_per_group = 10001"),
        ("duration = \"1h\"", "duration = \"1h\"\nutc_offset = \"8\""),
    ];
    check(
        &rows,
        expect![[r#"
            [semantics]; period = 120
                case.toml:30: semantics.period: found 120, allowed 300 or 60
            [semantics]; streak = "sliding"
                case.toml:30: semantics.streak: unknown value `sliding`, did you mean `Sliding`? (known: Sliding, Rearm)
            [latency]; preset = "modern-linnux"
                case.toml:30: latency.preset: unknown preset `modern-linnux`, did you mean `modern-linux`? (known: ec2-linux-2012, ec2-windows-2012, modern-linux)
            [latency]; creating = "soon"
                case.toml:30: latency.creating: `soon` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
            [latency]; creating = { median = "1m", sigma = 3.1 }
                case.toml:30: latency.creating: median must be above 0, and sigma between 0 and 3
            [latency]; creating = { median = "0s", sigma = 0.1 }
                case.toml:30: latency.creating: median must be above 0, and sigma between 0 and 3
            [latency]; creating = { median = "1m" }
                case.toml:30: latency.creating: key `sigma` is missing
            [latency]; creating = "30d1s"
                case.toml:30: latency.creating: found 30d1s, allowed at most 30d
            [latency]; creating = -5
                case.toml:30: latency.creating: `-5` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
            [slo]; utilisation = 0
                case.toml:30: slo.utilisation: found 0, allowed above 0 to 100 per cent
            [slo]; utilisation = 100.000001
                case.toml:30: slo.utilisation: found 100.000001, allowed above 0 to 100 per cent
            [slo]; lost_load = -0.1
                case.toml:30: slo.lost_load: found -0.1, allowed a share of 0 to 1
            [slo]; lost_load = 1.1
                case.toml:30: slo.lost_load: found 1.1, allowed a share of 0 to 1
            [cost]; per_instance_hour = -0.01
                case.toml:30: cost.per_instance_hour: found -0.01, allowed 0 to 1000000
            [cost]; per_instance_hour = 1000001
                case.toml:30: cost.per_instance_hour: found 1000001, allowed 0 to 1000000
            [cost]; billing = "per_minute"
                case.toml:30: cost.billing: unknown value `per_minute`, did you mean `per_hour`? (known: per_second, per_hour)
            [limits]; max_size = 10001
                case.toml:30: limits.max_size: found 10001, allowed at most 10000
            [limits]; groups_per_project = 0
                case.toml:13: group: 1 groups are more than the limit of 0 (limits.groups_per_project)
            [limits]; groups_per_project = 100001
                case.toml:30: limits.groups_per_project: found 100001, allowed at most 100000
            [limits]; policies_per_group = 10001
                case.toml:30: limits.policies_per_group: found 10001, allowed at most 10000
            duration = "1h"; utc_offset = "8"
                case.toml:4: utc_offset: `8` is no offset from UTC: write `+hh:mm` or `-hh:mm`, at most 23:59
        "#]],
    );
}

#[test]
fn both_ends_of_every_range_are_accepted() {
    let rows = [
        ("", "[semantics]\nperiod = 60"),
        ("", "[latency]\ncreating = { median = \"1m\", sigma = 3 }\nremoving = \"30d\""),
        ("", "[slo]\nutilisation = 100\nlost_load = 1"),
        ("", "[slo]\nutilisation = 0.000001\nlost_load = 0"),
        ("", "[cost]\nper_instance_hour = 1000000\nbilling = \"per_hour\""),
        ("", "[limits]\nmax_size = 10000\ngroups_per_project = 1\npolicies_per_group = 1"),
        ("threshold = 70, repeat_times = 2", "threshold = 0, repeat_times = 1"),
        ("threshold = 70, repeat_times = 2", "threshold = 100, repeat_times = 10"),
        ("cooldown = \"5m\"", "cooldown = 999999"),
        ("min = 1\nmax = 9\ndesired = 2", "min = 0\nmax = 30\ndesired = 30"),
        ("duration = \"1h\"", "duration = \"3660d\""),
    ];
    for (from, to) in rows {
        assert_eq!(scenario(&edited(from, to), &[]).err(), None, "{to}");
    }
}

#[test]
fn malformed_text() {
    let told = |text: &[u8]| scenario_until(text, &[], None).err().unwrap() + "\n";
    let mut lines = String::new();
    for text in [
        "name = \"a\"\nstart = \n",
        "name = \"a\"\n[group\n",
        "name = \"a\"\nname = \"b\"\n",
        "name = \"a\"\n[[group]]\nmin = 1\nmin = 2\n",
        "name = \"open\n",
        "name = \"a\"\nseed = nan\n",
        "name = \"a\"\n\nseed = inf\n",
        "name = \"a\"\nseed = 99999999999999999999\n",
        "",
    ] {
        lines += &told(text.as_bytes());
    }
    for text in [
        "\"seed\": 1,",
        "\"seed\": 1e400",
        "\"seed\": 1, \"seed\": 2",
        "\"cost\": { \"currency\": \"a\", \"currency\": \"b\" }",
        "\"seed\": NaN",
        "// no comments",
        "\"seed\": 01",
        "\"group\": [{ \"name\": \"web\" }",
    ] {
        lines += &told(format!("{{\n  \"name\": \"a\",\n  {text}\n}}\n").as_bytes());
    }
    lines += &told(b"name = \"a\"\nabout = \"\xff\"\n");
    lines += &told(b"\xff\xfen\0a\0");
    expect![[r#"
        case.toml:2: string values must be quoted, expected literal string
        case.toml:2: unclosed table, expected `]`
        case.toml:2: duplicate key
        case.toml:4: duplicate key
        case.toml:1: invalid basic string, expected `"`
        case.toml:2: `nan` is no finite number
        case.toml:3: `inf` is no finite number
        case.toml:2: `99999999999999999999` is out of range: at most 9223372036854775807 in size
        case.toml:1: key `name` is missing
        case.toml:4: key must be a string
        case.toml:3: `1e400` is no finite number
        case.toml:3: key `seed` stands twice in one table
        case.toml:3: key `currency` stands twice in one table
        case.toml:3: expected value
        case.toml:3: key must be a string
        case.toml:3: invalid number
        case.toml:4: expected `,` or `]`
        case.toml:2: the text is not UTF-8
        case.toml:1: the text is not UTF-8
    "#]]
    .assert_eq(&lines);
}

#[test]
fn overrides_name_themselves() {
    let mut lines = String::new();
    for item in [
        "group.web.min",
        "=3",
        "group..min=3",
        "group.wbe.min=3",
        "group.7.min=3",
        "trace.web.series.x=3",
        "expect.0.desired=1",
        "group.web.min.deeper=3",
        "group.web.mim=3",
        "group.web.min=three",
        "group.web.policy.out.metric.threshold=101",
        "name=1",
        "seed=inf",
        "seed=99999999999999999999",
    ] {
        lines += &scenario(BASE, &[item]).err().unwrap_or_else(|| format!("{item} accepted"));
        lines += "\n";
    }
    let at = format!("{BASE}[[at]]\ndo = \"set_capacity\"\ntime = \"+1m\"\ngroup = \"web\"\n");
    lines += &(scenario(&at, &["at.1.min=3"]).err().unwrap() + "\n");
    expect![[r#"
        --set group.web.min: write PATH=VALUE
        --set =3: `` has an empty part
        --set group..min=3: `group..min` has an empty part
        --set group.wbe.min=3: `wbe` in `group.wbe.min` names nothing: there is web
        --set group.7.min=3: `7` in `group.7.min` names nothing: there is web
        --set trace.web.series.x=3: `trace.web.series.x` goes on after `x`'s owner, a plain value
        --set expect.0.desired=1: expect: found a table, expected an array
        --set group.web.min.deeper=3: `group.web.min.deeper` goes on after `deeper`'s owner, a plain value
        --set group.web.mim=3: group.web.mim: unknown key `mim`, did you mean `min`? (known: name, configuration, min, max, desired, initial, remove_policy, zones, subnets, load_balancers, load, policy, scheduled_task, hook, notification, faults)
        --set group.web.min=three: group.web.min: found the text "three", expected a whole number of 0 to 4294967295
        --set group.web.policy.out.metric.threshold=101: group.web.policy.out.metric.threshold: InvalidParameter.Metric: threshold 101 of cpu_usage is out of range: 0 to 100 per cent
        --set name=1: name: found `1`, expected a string in quotes
        --set seed=inf: `inf` is no finite number
        --set seed=99999999999999999999: `99999999999999999999` is out of range: at most 9223372036854775807 in size
        --set at.1.min=3: `1` in `at.1.min` names nothing: the list has 1, counted from 0
    "#]].assert_eq(&lines);
}
