//! The sections of the text that tell of waits, failures, health, suspension and causes.

use asgsim::engine::command::{Command, Outage};
use asgsim::env::faults::LaunchFailure;
use asgsim::model::failure::{Condition, FailureCause};
use asgsim::report::text::{Layout, report};
use asgsim::scenario::Scenario;
use asgsim::{GroupIndex, SimTime};
use expect_test::{Expect, expect};

use super::world::{World, attach, fail, micro, modify, time};

/// An evening on which much goes wrong.
fn evening() -> Scenario {
    let mut world = World::new(1, 9, 3)
        .cpu("10:00 50, 11:00 90, 11:40 50")
        .policy("out cpu > 70 x1 +2 300s")
        .zones("100001 100002")
        .machines("m-1")
        .creating("60s")
        .hook("ready launch 120s disable 40s continue")
        .notify("1 2 5 6 to on-call")
        .condition(FailureCause::SoldOut, "11:12", "11:20", "")
        .condition(FailureCause::Short, "11:50", "-", "100002")
        .at("10:05", fail(1, ""))
        .at("10:20", attach("m-1"))
        .at("10:30", Command::Suspend)
        .at("10:50", Command::Resume)
        .at("11:55", modify("desired 2"));
    if let Some(answer) = &mut world.web().hooks[0].answer {
        answer.probability = micro("0.7");
    }
    let (probability, cause) = (micro("0.3"), FailureCause::ModelGone);
    world.web().faults.launch_failure = Some(LaunchFailure { probability, cause });
    world.setup.conditions.push(Condition {
        cause: FailureCause::Quota,
        limit: Some(6),
        group: Some(GroupIndex(0)),
        place: None,
        begin: time("11:00"),
        end: SimTime::MAX,
    });
    let (begin, end) = (time("11:30"), time("11:32"));
    world.setup.outages.push(Outage { group: None, place: Some("100001".into()), begin, end });
    let mut scenario = Scenario::of("evening", world.setup, time("12:00"));
    scenario.tariff.per_instance_hour = micro("0.5");
    scenario
}

#[track_caller]
fn check(width: u16, expected: Expect) {
    let scenario = evening();
    let engine = scenario.play().unwrap();
    let text = report(&scenario.report(&engine), Layout { width, activities: 30 });
    for line in text.lines().filter(|line| !line.starts_with("digest ")) {
        assert_eq!(line, line.trim_end(), "blanks at the end");
        assert!(line.chars().count() <= usize::from(width), "wider than {width}: {line:?}");
    }
    // From the activities on: what stands above does not know of these things.
    let from = text.find("\nactivities").unwrap();
    let to = text.find("\ndigest").unwrap();
    expected.assert_eq(&text[from + 1..to]);
}

#[test]
fn what_went_wrong_in_80_columns() {
    check(
        80,
        expect![[r#"
        activities
         2024-03-01 10:06:00  asa-q0biul0k  =1  health      success        took 1m40s
         2024-03-01 10:20:00  asa-2rx5rtqj  +1  attach      success        took 2s
         2024-03-01 11:05:00  asa-8pqcpzqf  +2  policy out  1 of 2, 60000  took 3m10s
         2024-03-01 11:08:40  asa-87bw1g32  +1  retry       failed, 20001  took 1m
         2024-03-01 11:10:10  asa-nc42mz4w  +1  retry       failed, 20001  took 1m
         2024-03-01 11:11:40  asa-a47ej8ng  +1  retry       failed, 60000  took 3m10s
         2024-03-01 11:15:00  asa-e5iou8hk  +   policy out  failed, 20000  at once
         2024-03-01 11:20:00  asa-e2p49wyr  +1  retry       success        took 1m40s
         2024-03-01 11:25:00  asa-5mo6cfye  +2  policy out  failed, 30000  at once
         2024-03-01 11:25:30  asa-ixz4iz73  +2  retry       failed, 30000  at once
         2024-03-01 11:26:00  asa-8xj22j64  +2  retry       failed, 30000  at once
         2024-03-01 11:26:30  asa-e9n659xh  +2  retry       failed, 30000  at once
         2024-03-01 11:27:00  asa-ajjthz8f  +2  retry       failed, 30000  at once
         2024-03-01 11:30:00  asa-l5cimy8r  +3  policy out  failed, 30000  at once
         2024-03-01 11:30:30  asa-epqp7p3e  +3  retry       failed, 30000  at once
         2024-03-01 11:31:00  asa-7t4lpw55  =3  health      failed, 30000  took 10s
         2024-03-01 11:31:40  asa-hrxqpbi8  +6  retry       2 of 6, 30000  took 1m40s
         2024-03-01 11:33:50  asa-keqykzq7  +4  retry       failed, 30000  took 3m10s
         2024-03-01 11:40:00  asa-fncn6zkg  +4  policy out  1 of 4, 30000  took 1m40s
         2024-03-01 11:42:10  asa-wi6h9m38  +3  retry       failed, 30000  at once
         2024-03-01 11:42:40  asa-ddo0bzn5  +3  retry       failed, 30000  at once
         2024-03-01 11:43:10  asa-5xibvb9d  +3  retry       failed, 30000  at once
         2024-03-01 11:43:40  asa-1zw7kwz5  +3  retry       failed, 30000  at once
         2024-03-01 11:55:00  asa-84lplixj  -4  user        success        took 10s
         20000: sold out
         20001: the model is not sold any more
         30000: the account's quota is used up
         60000: a hook refused the launch

        triggers without effect
         out  once  20000 sold out
         out  once  an activity was running
         out  once  an activity was waiting at a hook
         out  once  in cooldown

        waits at hooks
         ready  launch  9 waits, 3 timed out, 3 refused, 2m at most, 10m in all (0.08
                        USD)

        what else happened
         health         4 found unhealthy, 1 replaced
         failures       3 launches failed, 3 launches refused by a hook, 20 activities
                        failed in part or whole, tried again 16 times, given up 3 times
         suspended      2024-03-01 10:30:00 to 2024-03-01 10:50:00
         notifications  22 of activities

        causes and outages
         2024-03-01 11:00:00  to the end              web  30000 the account's quota is
                                                           used up beyond 6 instances
         2024-03-01 11:12:00  to 2024-03-01 11:20:00  all  20000 sold out
         2024-03-01 11:30:00  to 2024-03-01 11:32:00  all  outage in 100001
         2024-03-01 11:50:00  to the end              all  20002 the back end is short
                                                           of resources in 100002

        202 events"#]],
    );
}

#[test]
fn what_went_wrong_in_200_columns() {
    check(
        200,
        expect![[r#"
        activities
         2024-03-01 10:06:00  asa-q0biul0k  =1  health      success        took 1m40s
         2024-03-01 10:20:00  asa-2rx5rtqj  +1  attach      success        took 2s
         2024-03-01 11:05:00  asa-8pqcpzqf  +2  policy out  1 of 2, 60000  took 3m10s
         2024-03-01 11:08:40  asa-87bw1g32  +1  retry       failed, 20001  took 1m
         2024-03-01 11:10:10  asa-nc42mz4w  +1  retry       failed, 20001  took 1m
         2024-03-01 11:11:40  asa-a47ej8ng  +1  retry       failed, 60000  took 3m10s
         2024-03-01 11:15:00  asa-e5iou8hk  +   policy out  failed, 20000  at once
         2024-03-01 11:20:00  asa-e2p49wyr  +1  retry       success        took 1m40s
         2024-03-01 11:25:00  asa-5mo6cfye  +2  policy out  failed, 30000  at once
         2024-03-01 11:25:30  asa-ixz4iz73  +2  retry       failed, 30000  at once
         2024-03-01 11:26:00  asa-8xj22j64  +2  retry       failed, 30000  at once
         2024-03-01 11:26:30  asa-e9n659xh  +2  retry       failed, 30000  at once
         2024-03-01 11:27:00  asa-ajjthz8f  +2  retry       failed, 30000  at once
         2024-03-01 11:30:00  asa-l5cimy8r  +3  policy out  failed, 30000  at once
         2024-03-01 11:30:30  asa-epqp7p3e  +3  retry       failed, 30000  at once
         2024-03-01 11:31:00  asa-7t4lpw55  =3  health      failed, 30000  took 10s
         2024-03-01 11:31:40  asa-hrxqpbi8  +6  retry       2 of 6, 30000  took 1m40s
         2024-03-01 11:33:50  asa-keqykzq7  +4  retry       failed, 30000  took 3m10s
         2024-03-01 11:40:00  asa-fncn6zkg  +4  policy out  1 of 4, 30000  took 1m40s
         2024-03-01 11:42:10  asa-wi6h9m38  +3  retry       failed, 30000  at once
         2024-03-01 11:42:40  asa-ddo0bzn5  +3  retry       failed, 30000  at once
         2024-03-01 11:43:10  asa-5xibvb9d  +3  retry       failed, 30000  at once
         2024-03-01 11:43:40  asa-1zw7kwz5  +3  retry       failed, 30000  at once
         2024-03-01 11:55:00  asa-84lplixj  -4  user        success        took 10s
         20000: sold out
         20001: the model is not sold any more
         30000: the account's quota is used up
         60000: a hook refused the launch

        triggers without effect
         out  once  20000 sold out
         out  once  an activity was running
         out  once  an activity was waiting at a hook
         out  once  in cooldown

        waits at hooks
         ready  launch  9 waits, 3 timed out, 3 refused, 2m at most, 10m in all (0.08 USD)

        what else happened
         health         4 found unhealthy, 1 replaced
         failures       3 launches failed, 3 launches refused by a hook, 20 activities failed in part or whole, tried again 16 times, given up 3 times
         suspended      2024-03-01 10:30:00 to 2024-03-01 10:50:00
         notifications  22 of activities

        causes and outages
         2024-03-01 11:00:00  to the end              web  30000 the account's quota is used up beyond 6 instances
         2024-03-01 11:12:00  to 2024-03-01 11:20:00  all  20000 sold out
         2024-03-01 11:30:00  to 2024-03-01 11:32:00  all  outage in 100001
         2024-03-01 11:50:00  to the end              all  20002 the back end is short of resources in 100002

        202 events"#]],
    );
}

#[test]
fn a_narrow_terminal_breaks_what_it_must() {
    for width in [40, 60, 79] {
        let scenario = evening();
        let engine = scenario.play().unwrap();
        let text = report(&scenario.report(&engine), Layout { width, activities: 3 });
        let of_group = text.split("\nactivities").nth(1).unwrap();
        let lines = of_group.lines().filter(|line| !line.starts_with("digest "));
        for line in lines {
            assert!(line.chars().count() <= usize::from(width), "wider than {width}: {line:?}");
        }
    }
}
