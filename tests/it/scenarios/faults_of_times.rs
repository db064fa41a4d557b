//! Faulty scenarios and the line each is answered with: times, commands, expectations.

use expect_test::expect;

use super::faults::check;
use super::{BASE, scenario, scenario_until};

#[test]
fn start_and_duration() {
    let rows = [
        ("duration = \"1h\"", "duration = \"1hour\""),
        ("duration = \"1h\"", "duration = \"30m1h\""),
        ("duration = \"1h\"", "duration = \"\""),
        ("duration = \"1h\"", "duration = 0"),
        ("duration = \"1h\"", "duration = -60"),
        ("duration = \"1h\"", "duration = 0.0005"),
        ("duration = \"1h\"", "duration = \"3660d1ms\""),
        ("start = \"2024-03-01 10:00:00\"", "start = \"2024-03-01\""),
        ("start = \"2024-03-01 10:00:00\"", "start = \"2024-02-30 10:00:00\""),
        ("start = \"2024-03-01 10:00:00\"", "start = \"1969-12-31 10:00:00\""),
        ("start = \"2024-03-01 10:00:00\"\n", ""),
    ];
    check(
        &rows,
        expect![[r#"
        duration = "1hour"
            case.toml:3: duration: `1hour` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        duration = "30m1h"
            case.toml:3: duration: `30m1h` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        duration = ""
            case.toml:3: duration: `` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        duration = 0
            case.toml:3: duration: the run must end after its start
        duration = -60
            case.toml:3: duration: `-60` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        duration = 0.0005
            case.toml:3: duration: `0.0005` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        duration = "3660d1ms"
            case.toml:3: duration: a run lasts at most ten years (3660d)
        start = "2024-03-01"
            case.toml:2: start: `2024-03-01` is no civil time: write `YYYY-MM-DD hh:mm:ss`
        start = "2024-02-30 10:00:00"
            case.toml:2: start: `2024-02-30 10:00:00` is no civil time: write `YYYY-MM-DD hh:mm:ss`
        start = "1969-12-31 10:00:00"
            case.toml:2: start: `1969-12-31 10:00:00` is out of range: 1970 to 9999
        without start = "2024-03-01 10:00:00"
            case.toml:4: trace.web.start: key `start` is missing, here or for the whole scenario
    "#]],
    );
    let bare = "name = \"bare\"\n[[group]]\nname = \"web\"\nmin = 1\nmax = 1\n";
    let told = |text: String| scenario(&text, &[]).err().unwrap() + "\n";
    let lines = [
        told(bare.to_owned()),
        told(format!("start = \"2024-03-01 10:00:00\"\n{bare}")),
        told("name = \"none\"\nstart = \"2024-03-01 10:00:00\"\nduration = \"1h\"".to_owned()),
    ];
    expect![[r#"
        case.toml:1: start: key `start` is missing, and no trace has times of its own
        case.toml:1: duration: key `duration` is missing, and no trace goes on after the start
        case.toml:1: group: a scenario needs at least one [[group]]
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn commands() {
    let set = |rest: &str| format!("[[at]]\ndo = \"set_capacity\"\n{rest}");
    let create = |metric: &str, cooldown: &str| {
        format!(
            "[[at]]\ndo = \"create_policy\"\ntime = \"+5m\"\ngroup = \"web\"\nname = \"in\"\n\
             metric = {{ {metric} }}\nadjustment = {{ type = \"TotalCapacity\", value = 1 }}\n\
             cooldown = {cooldown}"
        )
    };
    let rows = [
        set("group = \"web\"\ntime = \"+1h\""),
        set("group = \"web\"\ntime = \"2024-03-01 09:59:59\""),
        set("group = \"web\"\ntime = \"later\""),
        set("group = \"web\"\ntime = 60"),
        set("group = \"wbe\"\ntime = \"+1m\""),
        set("group = \"database\"\ntime = \"+1m\""),
        set("group = \"web\"\ntime = \"+1m\"\nmin = \"2\""),
        create("dimension = \"cpu_usage\", operator = \"Less\", threshold = 101", "60"),
        create("dimension = \"mem_usage\", operator = \"Less\", threshold = 20", "60"),
        create("dimension = \"cpu_usage\", operator = \"Less\", threshold = 20", "1000000"),
    ];
    let rows: Vec<_> = rows.iter().map(|row| ("", row.as_str())).collect();
    check(
        &rows,
        expect![[r#"
            [[at]]; do = "set_capacity"; group = "web"; time = "+1h"
                case.toml:32: at[0].time: the time lies outside the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
            [[at]]; do = "set_capacity"; group = "web"; time = "2024-03-01 09:59:59"
                case.toml:32: at[0].time: the time lies outside the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
            [[at]]; do = "set_capacity"; group = "web"; time = "later"
                case.toml:32: at[0].time: `later` is no civil time: write `YYYY-MM-DD hh:mm:ss`
            [[at]]; do = "set_capacity"; group = "web"; time = 60
                case.toml:32: at[0].time: found `60`, expected a string in quotes
            [[at]]; do = "set_capacity"; group = "wbe"; time = "+1m"
                case.toml:31: at[0].group: no [[group]] is named `wbe`, did you mean `web`?
            [[at]]; do = "set_capacity"; group = "database"; time = "+1m"
                case.toml:31: at[0].group: no [[group]] is named `database`
            [[at]]; do = "set_capacity"; group = "web"; time = "+1m"; min = "2"
                case.toml:33: at[0].min: found the text "2", expected a whole number of 0 to 4294967295
            [[at]]; do = "create_policy"; time = "+5m"; group = "web"; name = "in"; metric = { dimension = "cpu_usage", operator = "Less", threshold = 101 }; adjustment = { type = "TotalCapacity", value = 1 }; cooldown = 60
                case.toml:34: at.in.metric.threshold: InvalidParameter.Metric: threshold 101 of cpu_usage is out of range: 0 to 100 per cent
            [[at]]; do = "create_policy"; time = "+5m"; group = "web"; name = "in"; metric = { dimension = "mem_usage", operator = "Less", threshold = 20 }; adjustment = { type = "TotalCapacity", value = 1 }; cooldown = 60
                case.toml:34: at.in.metric.dimension: the group's load has no mem_usage: give it a source in [group.load]
            [[at]]; do = "create_policy"; time = "+5m"; group = "web"; name = "in"; metric = { dimension = "cpu_usage", operator = "Less", threshold = 20 }; adjustment = { type = "TotalCapacity", value = 1 }; cooldown = 1000000
                case.toml:36: at.in.cooldown: InvalidParameter: cooldown 11d13h46m40s is out of range: whole seconds, 0 to 999999
        "#]],
    );
}

#[test]
fn what_is_expected() {
    let of = |rest: &str| format!("[[expect]]\ngroup = \"web\"\n{rest}");
    let rows = [
        of("desired = 2"),
        of("at = \"+1m\"\nthroughout = true\ndesired = 2"),
        of("throughout = false\ndesired = 2"),
        of("throughout = true"),
        of("throughout = true\ndesired = 2").replace("\"web\"", "\"wbe\""),
        of("at = \"+1h\"\ndesired = 2"),
        of("at = \"+61m\"\ndesired = 2"),
        of("at = \"2024-03-01 09:00:00\"\ndesired = 2"),
        of("during = [\"+30m\", \"+30m\"]\ndesired = 2"),
        of("during = [\"+30m\", \"+61m\"]\ndesired = 2"),
        of("throughout = true\ndesired = {}"),
        of("throughout = true\ndesired = { min = 3, max = 2 }"),
        of("throughout = true\ndesired = { least = 3 }"),
        of("throughout = true\ndesired = \"2\""),
        of("throughout = true\nat_most = { scale_activities = 3 }"),
        of("throughout = true\nat_most = { scale_activities = 3, per = 0 }"),
    ];
    let rows: Vec<_> = rows.iter().map(|row| ("", row.as_str())).collect();
    check(
        &rows,
        expect![[r#"
            [[expect]]; group = "web"; desired = 2
                case.toml:29: expect[0]: give exactly one of `at`, `during`, `throughout`
            [[expect]]; group = "web"; at = "+1m"; throughout = true; desired = 2
                case.toml:29: expect[0]: give exactly one of `at`, `during`, `throughout`
            [[expect]]; group = "web"; throughout = false; desired = 2
                case.toml:31: expect[0].throughout: found false: leave the key out
            [[expect]]; group = "web"; throughout = true
                case.toml:29: expect[0]: nothing is expected: give a quantity or `at_most`
            [[expect]]; group = "wbe"; throughout = true; desired = 2
                case.toml:30: expect[0].group: no [[group]] is named `wbe`, did you mean `web`?
            [[expect]]; group = "web"; at = "+1h"; desired = 2
                case.toml:31: expect[0].at: the run ends then: nothing happens at that instant any more
            [[expect]]; group = "web"; at = "+61m"; desired = 2
                case.toml:31: expect[0].at: the time lies outside the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
            [[expect]]; group = "web"; at = "2024-03-01 09:00:00"; desired = 2
                case.toml:31: expect[0].at: the time lies outside the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
            [[expect]]; group = "web"; during = ["+30m", "+30m"]; desired = 2
                case.toml:31: expect[0].during: the span must end after it begins
            [[expect]]; group = "web"; during = ["+30m", "+61m"]; desired = 2
                case.toml:31: expect[0].during: the time lies outside the run, 2024-03-01 10:00:00 to 2024-03-01 11:00:00
            [[expect]]; group = "web"; throughout = true; desired = {}
                case.toml:32: expect[0].desired: give min, max or both
            [[expect]]; group = "web"; throughout = true; desired = { min = 3, max = 2 }
                case.toml:32: expect[0].desired: min 3 is above max 2
            [[expect]]; group = "web"; throughout = true; desired = { least = 3 }
                case.toml:32: expect[0].desired.least: unknown key `least` (known: min, max)
            [[expect]]; group = "web"; throughout = true; desired = "2"
                case.toml:32: expect[0].desired: found the text "2", expected a number, or { min = 2, max = 5 }
            [[expect]]; group = "web"; throughout = true; at_most = { scale_activities = 3 }
                case.toml:32: expect[0].at_most: key `per` is missing
            [[expect]]; group = "web"; throughout = true; at_most = { scale_activities = 3, per = 0 }
                case.toml:32: expect[0].at_most.per: found 0s, allowed more
        "#]],
    );
    let idle = BASE.replace("[group.load]\ndemand = \"web\"\nper_instance = 100\n", "");
    let idle = idle.split("[[group.policy]]").next().unwrap();
    let told = |rest: &str| scenario(&format!("{idle}{}\n", of(rest)), &[]).err().unwrap() + "\n";
    let lines = [
        told("throughout = true\ncpu_usage = { max = 80 }"),
        told("throughout = true\nslo_minutes = 0"),
    ];
    expect![[r#"
        case.toml:24: expect[0].cpu_usage: the group's load has no cpu_usage
        case.toml:24: expect[0].slo_minutes: the group has no demand to be served
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn until() {
    let told = |until| scenario_until(BASE.as_bytes(), &[], Some(until)).err().unwrap() + "\n";
    let lines = [told("+0s"), told("2024-03-01 10:00:00"), told("+3661d")];
    expect![[r#"
        case.toml: --until: the run must end after its start
        case.toml: --until: the run must end after its start
        case.toml: --until: a run lasts at most ten years (3660d)
    "#]]
    .assert_eq(&lines.concat());
}

/// A run that is cut short still has the scenario's own times.
#[test]
fn a_cut_run_keeps_later_commands_and_leaves_later_expectations() {
    let text = format!(
        "{BASE}[[at]]\ndo = \"set_capacity\"\ntime = \"+45m\"\ngroup = \"web\"\nmin = 5\n\
         [[expect]]\ngroup = \"web\"\nat = \"+50m\"\ndesired = {{ min = 5 }}\n\
         [[expect]]\ngroup = \"web\"\nduring = [\"+10m\", \"+30m\"]\nin_service = {{ min = 1 }}\n\
         [[expect]]\ngroup = \"web\"\nthroughout = true\nmembers = {{ max = 9 }}\n"
    );
    let whole = scenario(&text, &[]).unwrap();
    assert_eq!((whole.expectations.len(), whole.setup.groups[0].script.len()), (3, 1));
    let kept = |until| {
        let cut = scenario_until(text.as_bytes(), &[], Some(until)).unwrap();
        assert_eq!(cut.setup.groups[0].script, whole.setup.groups[0].script);
        let engine = cut.play().unwrap();
        assert!(cut.report(&engine).findings.iter().all(|finding| finding.holds));
        cut.expectations.len()
    };
    // A window counts if the run covers all of it.
    assert_eq!([kept("+29m"), kept("+30m"), kept("+50m"), kept("+51m")], [1, 2, 2, 3]);
    // A run may also go on beyond the scenario's end.
    assert_eq!(kept("+2h"), 3);
    // A trace may begin after the run that was cut.
    let late = text.replace("[trace.web]", "[trace.web]\nstart = \"2024-03-01 10:30:00\"");
    assert!(scenario_until(late.as_bytes(), &[], Some("+10m")).is_ok());
}
