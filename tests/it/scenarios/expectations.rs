//! What scenarios expect: each quantity, each window, both sides, and the words of a failure.

use expect_test::{Expect, expect};

use super::{BASE, scenario};

/// The base with a threshold that is met at once. The group has 2 instances; an alarm at 10:05
/// makes them 4 from 10:06, one at 10:10 meets the cooldown, one at 10:15 makes them 6 from 10:16.
/// The CPU is at 75 %, 37.5 % and 25 %.
fn told(expect: &str) -> String {
    let text = format!("{BASE}[slo]\nutilisation = 70\n[[expect]]\ngroup = \"web\"\n{expect}\n");
    let set = ["group.web.policy.out.metric={ dimension = \"cpu_usage\", operator = \"Greater\", \
                threshold = 30, repeat_times = 1 }"];
    let scenario = scenario(&text, &set).unwrap();
    let engine = scenario.play().unwrap();
    let run = scenario.report(&engine);
    let offset = run.utc_offset;
    let lines = run.findings.iter().map(|f| match (&f.found, f.t) {
        (Some(found), Some(t)) => {
            assert!(!f.holds);
            format!("no: {}: {found} at {}\n", f.expected, &t.format_civil(offset)[11..])
        }
        _ => {
            assert!(f.holds && f.t.is_none() && f.found.is_none());
            format!("yes: {}\n", f.expected)
        }
    });
    lines.collect()
}

#[track_caller]
fn check(expectations: &[&str], expected: Expect) {
    expected.assert_eq(&expectations.iter().map(|e| told(e)).collect::<String>());
}

#[test]
fn at_an_instant_after_its_work() {
    check(
        &[
            "at = \"+5m\"\ndesired = 4",
            "at = \"2024-03-01 10:04:59\"\ndesired = 2",
            "at = \"+5m\"\ndesired = 2",
            "at = \"+5m\"\nmembers = 4\nin_service = 2",
            "at = \"+6m\"\nin_service = 4",
            "at = \"+5m59s999ms\"\nin_service = 4",
            "at = \"+5m\"\nactivities = 1",
            "at = \"+6m\"\nactivities = 0",
            "at = \"+10m\"\nrefused = 1",
            "at = \"+4m\"\ncpu_usage = 75",
            "at = \"+59m59s999ms\"\ndesired = 6",
        ],
        expect![[r#"
            yes: desired = 4 at 2024-03-01 10:05:00
            yes: desired = 2 at 2024-03-01 10:04:59
            no: desired = 2 at 2024-03-01 10:05:00: desired = 4 at 10:05:00
            yes: in_service = 2 at 2024-03-01 10:05:00
            yes: members = 4 at 2024-03-01 10:05:00
            yes: in_service = 4 at 2024-03-01 10:06:00
            no: in_service = 4 at 2024-03-01 10:05:59: in_service = 2 at 10:05:59
            yes: activities = 1 at 2024-03-01 10:05:00
            yes: activities = 0 at 2024-03-01 10:06:00
            yes: refused = 1 at 2024-03-01 10:10:00
            yes: cpu_usage = 75 at 2024-03-01 10:04:00
            yes: desired = 6 at 2024-03-01 10:59:59
        "#]],
    );
}

#[test]
fn during_a_span() {
    check(
        &[
            "during = [\"+5m\", \"+15m\"]\ndesired = 4",
            "during = [\"+5m\", \"+15m1ms\"]\ndesired = 4",
            "during = [\"+4m59s\", \"+15m\"]\ndesired = 4",
            "during = [\"+16m\", \"+1h\"]\nin_service = { min = 6, max = 6 }",
            "during = [\"+5m\", \"+15m\"]\nactivities = 1\nrefused = 1",
            "during = [\"+5m\", \"+15m1ms\"]\nactivities = 1",
            "during = [\"+5m1ms\", \"+15m\"]\nactivities = { min = 1 }",
            "during = [\"+16m\", \"+1h\"]\ncpu_usage = { max = 25 }",
            "during = [\"+15m59s\", \"+1h\"]\ncpu_usage = { max = 25 }",
            "during = [\"+2m\", \"+10m\"]\nslo_minutes = 4",
            "during = [\"+2m\", \"+10m\"]\nslo_minutes = { max = 3 }",
            "during = [\"+2m\", \"+10m\"]\nslo_minutes = { min = 5 }",
        ],
        expect![[r#"
            yes: desired = 4 from 2024-03-01 10:05:00 to 2024-03-01 10:15:00
            no: desired = 4 from 2024-03-01 10:05:00 to 2024-03-01 10:15:00: desired = 6 at 10:15:00
            no: desired = 4 from 2024-03-01 10:04:59 to 2024-03-01 10:15:00: desired = 2 at 10:04:59
            yes: in_service = 6 from 2024-03-01 10:16:00 to 2024-03-01 11:00:00
            yes: activities = 1 from 2024-03-01 10:05:00 to 2024-03-01 10:15:00
            yes: refused = 1 from 2024-03-01 10:05:00 to 2024-03-01 10:15:00
            no: activities = 1 from 2024-03-01 10:05:00 to 2024-03-01 10:15:00: activities = 2 at 10:15:00
            no: activities >= 1 from 2024-03-01 10:05:00 to 2024-03-01 10:15:00: activities = 0 at 10:15:00
            yes: cpu_usage <= 25 from 2024-03-01 10:16:00 to 2024-03-01 11:00:00
            no: cpu_usage <= 25 from 2024-03-01 10:15:59 to 2024-03-01 11:00:00: cpu_usage = 37.5 at 10:15:00
            yes: slo_minutes = 4 from 2024-03-01 10:02:00 to 2024-03-01 10:10:00
            no: slo_minutes <= 3 from 2024-03-01 10:02:00 to 2024-03-01 10:10:00: slo_minutes = 4 at 10:05:00
            no: slo_minutes >= 5 from 2024-03-01 10:02:00 to 2024-03-01 10:10:00: slo_minutes = 4 at 10:10:00
        "#]],
    );
}

#[test]
fn throughout() {
    check(
        &[
            "throughout = true\ndesired = { min = 2, max = 6 }",
            "throughout = true\ndesired = { max = 5 }",
            "throughout = true\ndesired = { min = 3 }",
            "throughout = true\nin_service = { min = 2 }\nmembers = { max = 6 }",
            "throughout = true\nmembers = { max = 5 }",
            "throughout = true\ncpu_usage = { min = 25, max = 75 }",
            "throughout = true\ncpu_usage = { max = 74.999999 }",
            "throughout = true\ncpu_usage = { min = 25.000001 }",
            "throughout = true\nactivities = 2\nrefused = 1",
            "throughout = true\nactivities = { max = 1 }",
            "throughout = true\nactivities = { min = 3 }",
            "throughout = true\nrefused = 0",
            "throughout = true\nslo_minutes = { max = 6 }",
            "throughout = true\nslo_minutes = { max = 5 }",
        ],
        expect![[r#"
            yes: desired in 2..6 throughout
            no: desired <= 5 throughout: desired = 6 at 10:15:00
            no: desired >= 3 throughout: desired = 2 at 10:00:00
            yes: in_service >= 2 throughout
            yes: members <= 6 throughout
            no: members <= 5 throughout: members = 6 at 10:15:00
            yes: cpu_usage in 25..75 throughout
            no: cpu_usage <= 74.999999 throughout: cpu_usage = 75 at 10:00:00
            no: cpu_usage >= 25.000001 throughout: cpu_usage = 25 at 10:16:00
            yes: activities = 2 throughout
            yes: refused = 1 throughout
            no: activities <= 1 throughout: activities = 2 at 10:15:00
            no: activities >= 3 throughout: activities = 2 at 11:00:00
            no: refused = 0 throughout: refused = 1 at 10:10:00
            yes: slo_minutes <= 6 throughout
            no: slo_minutes <= 5 throughout: slo_minutes = 6 at 10:05:00
        "#]],
    );
}

#[test]
fn at_most_so_many_in_any_span() {
    check(
        &[
            "throughout = true\nat_most = { scale_activities = 1, per = \"10m\" }",
            "throughout = true\nat_most = { scale_activities = 1, per = \"10m1ms\" }",
            "throughout = true\nat_most = { scale_activities = 2, per = \"1h\" }",
            "throughout = true\nat_most = { scale_activities = 0, per = \"1ms\" }",
            "during = [\"+6m\", \"+1h\"]\nat_most = { scale_activities = 1, per = \"1h\" }",
            "during = [\"+5m\", \"+15m\"]\nat_most = { scale_activities = 1, per = \"1h\" }",
            "at = \"+5m\"\nat_most = { scale_activities = 1, per = \"1h\" }",
        ],
        expect![[r#"
            yes: at most 1 scale activities per 10m throughout
            no: at most 1 scale activities per 10m1ms throughout: 2 within 10m1ms at 10:05:00
            yes: at most 2 scale activities per 1h throughout
            no: at most 0 scale activities per 1ms throughout: 1 within 1ms at 10:05:00
            yes: at most 1 scale activities per 1h from 2024-03-01 10:06:00 to 2024-03-01 11:00:00
            yes: at most 1 scale activities per 1h from 2024-03-01 10:05:00 to 2024-03-01 10:15:00
            yes: at most 1 scale activities per 1h at 2024-03-01 10:05:00
        "#]],
    );
}

#[test]
fn one_finding_for_each_thing_that_is_said() {
    check(
        &["throughout = true\nmembers = { max = 5 }\ndesired = { min = 1 }\n\
           at_most = { scale_activities = 1, per = \"1h\" }"],
        expect![[r#"
            yes: desired >= 1 throughout
            no: members <= 5 throughout: members = 6 at 10:15:00
            no: at most 1 scale activities per 1h throughout: 2 within 1h at 10:05:00
        "#]],
    );
}
