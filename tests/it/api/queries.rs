//! Queries: pages and filters.

use asgsim::api::{Action, Api};
use asgsim::engine::command::Command;
use asgsim::{Engine, Setup};
use serde_json::{Value, json};

use super::furnished::{Furnished, good};
use super::service::{POLICY, Service, civil};

/// The lists of a query, by the name of their field.
pub fn list<'a>(data: &'a Value, field: &str) -> &'a Vec<Value> {
    data[field].as_array().unwrap_or_else(|| panic!("{field} of {data}"))
}

/// A service with quotas of a hundred.
fn roomy() -> Service {
    let mut setup = Setup::new(civil("2016-03-16 12:00:00"));
    setup.limits.groups_per_project = 100;
    setup.limits.configurations_per_project = 100;
    setup.limits.scheduled_tasks_per_group = 100;
    setup.limits.hooks_per_group = 100;
    setup.limits.notifications_per_group = 100;
    let mut api = Api::new();
    api.no_auth = true;
    Service { api, engine: Engine::new(&setup).unwrap() }
}

/// A query of which there are 25 things, and the field of its list.
type Query = (&'static str, String, &'static str);

fn twenty_five_of_all() -> (Service, Vec<Query>) {
    let mut service = roomy();
    let web = service.group("web", 25, 30);
    service.advance(120);
    for n in 1..=24 {
        service.group(&format!("group{n}"), 0, 1);
        let name = format!("new{n}");
        let policy = format!("scalingGroupId={web}&scalingPolicyName={name}&{POLICY}");
        service.done("CreateScalingPolicy", &policy);
        let minute = format!("2016-03-17 10:{n}:00").replace(":10:", ":59:");
        let minute = if n < 10 { format!("2016-03-17 10:0{n}:00") } else { minute };
        let task = format!(
            "scalingGroupId={web}&scalingScheduledTaskName={name}&readjustMinSize=0&readjustMaxSize=1&startTime={minute}"
        );
        service.done("CreateScheduledTask", &task);
    }
    let task = format!(
        "scalingGroupId={web}&scalingScheduledTaskName=last&readjustMinSize=0&readjustMaxSize=1&startTime=2016-03-18 10:00:00"
    );
    service.done("CreateScheduledTask", &task);
    for n in 1..=25 {
        let hook =
            format!("scalingGroupId={web}&lifeCycleHookName=hook{n}&lifeCycleHookTimeout=60");
        service.done("CreateLifecycleHook", &hook);
        let notification = format!("scalingGroupId={web}&notificationTypes.0=1&receiversIds.0={n}");
        service.done("CreateScalingNotification", &notification);
        // Each detached and attached again leaves an activity; the first one is there.
        if n < 25 {
            let desired = if n % 2 == 1 { 26 } else { 25 };
            let modify = format!(
                "scalingGroupId={web}&minSize=25&maxSize=30&removePolicy=RemoveNewestInstance&desiredCapacity={desired}"
            );
            service.done("ModifyScalingGroup", &modify);
            service.advance(120);
        }
    }
    let of_web = format!("scalingGroupId={web}");
    let queries = vec![
        ("DescribeScalingConfiguration", String::new(), "scalingConfigurationSet"),
        ("DescribeScalingGroup", String::new(), "scalingGroupSet"),
        ("DescribeScalingInstance", of_web.clone(), "scalingInstancesSet"),
        ("DescribeScalingActivity", of_web.clone(), "scalingActivitySet"),
        ("DescribeScalingPolicy", of_web.clone(), "scalingPolicySet"),
        ("DescribeScheduledTask", of_web.clone(), "scalingScheduleTaskSet"),
        ("DescribeLifecycleHook", String::new(), "lifeCycleHookSet"),
        ("DescribeScalingNotification", of_web, "scalingNotificationSet"),
    ];
    (service, queries)
}

/// S-222, S-228 to S-233, S-236, S-327 to S-332, S-337, S-429, S-439 to S-445, S-526 to S-531, S-536,
/// S-619 to S-625, S-728 to S-734, S-822 to S-827, S-936 to S-939, S-943.
#[test]
fn s_233_a_query_gives_pages() {
    let (mut service, queries) = twenty_five_of_all();
    for (action, form, field) in queries {
        let mut ask = |rest: &str| service.done(action, &format!("{form}&{rest}"));
        let whole = ask("limit=100");
        let all = list(&whole, field);
        assert_eq!((all.len(), &whole["totalCount"]), (25, &json!(25)), "{action}: {whole}");
        for (rest, from, to) in [
            ("", 0, 20),
            ("offset=0", 0, 20),
            ("limit=20", 0, 20),
            ("offset=1", 1, 21),
            ("limit=2", 0, 2),
            ("offset=3&limit=2", 3, 5),
            ("offset=20", 20, 25),
            ("offset=24&limit=100", 24, 25),
            ("offset=25", 25, 25),
            ("offset=99999999999", 25, 25),
            ("limit=0", 0, 0),
            ("limit=101", 0, 25),
        ] {
            let page = ask(rest);
            assert_eq!(list(&page, field).as_slice(), &all[from..to], "{action} {rest}");
            assert_eq!(page["totalCount"], 25, "{action} {rest}");
        }
        for rest in ["offset=-1", "limit=-1", "limit=x", "offset=1.0"] {
            let body = service.call(action, &format!("{form}&{rest}"));
            assert_eq!(body["code"], 4000, "{action} {rest}");
        }
    }
}

/// The number of things that a query finds.
#[track_caller]
fn count(furnished: &mut Furnished, action: &str, form: &str) -> u64 {
    let form = furnished.filled(form);
    let data = furnished.service.done(action, &form);
    let length = data.as_object().unwrap().values().find_map(|list| Some(list.as_array()?.len()));
    assert_eq!(data["totalCount"], length.unwrap(), "{action} {form}");
    data["totalCount"].as_u64().unwrap()
}

/// Rows of `count | Action parameters`.
#[track_caller]
fn check_counts(furnished: &mut Furnished, rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (expected, call) = row.split_once(" | ").unwrap();
        let (action, form) = call.split_once(' ').unwrap_or((call, ""));
        assert_eq!(count(furnished, action, form).to_string(), expected, "{row}");
    }
}

/// Other things beside those that are there: a project, a group with parts of the same names.
fn with_others() -> Furnished {
    let mut furnished = Furnished::new();
    for (action, form) in [
        (Action::CreateScalingConfiguration, good(Action::CreateScalingConfiguration)),
        (Action::CreateScalingGroup, good(Action::CreateScalingGroup)),
        (Action::AttachInstance, good(Action::AttachInstance)),
    ] {
        let form = furnished.filled(form);
        furnished.service.done(action.name(), &form);
        furnished.service.advance(120);
    }
    for action in [Action::CreateScalingPolicy, Action::CreateScheduledTask] {
        let form = good(action).replace("{asg}", "{private}").replace("=new", "=out");
        let form = furnished.filled(&form);
        furnished.service.done(action.name(), &form);
    }
    let second = furnished.filled("scalingGroupId={asg}&notificationTypes.0=2&receiversIds.0=1");
    furnished.service.done("CreateScalingNotification", &second);
    let unhealthy = furnished.filled("{asg}");
    let first = furnished.service.engine.group(furnished.service.index(&unhealthy)).unwrap();
    let instance = first.members()[0].ordinal;
    furnished.service.command(&unhealthy, &Command::Suspend);
    furnished.service.command(&unhealthy, &Command::FailInstance { instance, length: None });
    furnished.service.advance(70);
    furnished
}

/// S-016, S-022, S-024, S-028, S-060 to S-063, S-220, S-223, S-227, S-235, S-325, S-334, S-336,
/// S-412, S-430, S-433, S-435, S-437, S-533, S-535, S-614, S-722, S-723, S-812, S-813, S-932,
/// S-940 to S-942.
#[test]
fn s_813_filters_narrow_a_list() {
    let mut furnished = with_others();
    check_counts(
        &mut furnished,
        "3 | DescribeScalingConfiguration
         1 | DescribeScalingConfiguration scalingConfigurationIds.0={asc}
         2 | DescribeScalingConfiguration scalingConfigurationIds.0={asc}&scalingConfigurationIds.1={free}
         1 | DescribeScalingConfiguration scalingConfigurationIds.0={asc}&scalingConfigurationIds.1={asc}
         0 | DescribeScalingConfiguration scalingConfigurationIds.0=asc-00000000
         1 | DescribeScalingConfiguration scalingConfigurationName=rich
         0 | DescribeScalingConfiguration scalingConfigurationName=Rich
         3 | DescribeScalingConfiguration scalingConfigurationName.0=rich
         2 | DescribeScalingConfiguration projectId=0
         1 | DescribeScalingConfiguration projectId=7
         3 | DescribeScalingConfiguration projectId=
         0 | DescribeScalingConfiguration projectId=8
         1 | DescribeScalingConfiguration scalingGroupId={asg}
         0 | DescribeScalingConfiguration scalingGroupId=asg-00000000
         5 | DescribeScalingGroup
         1 | DescribeScalingGroup scalingGroupIds.0={asg}
         2 | DescribeScalingGroup scalingGroupIds.1={asg}&scalingGroupIds.7={held}
         2 | DescribeScalingGroup scalingGroupIds_1={asg}&scalingGroupIds_0={held}
         0 | DescribeScalingGroup scalingGroupIds.0={asp}
         1 | DescribeScalingGroup scalingGroupName=web
         5 | DescribeScalingGroup scalingGroupName.0=web
         5 | DescribeScalingGroup scalingConfigurationId={asc}
         0 | DescribeScalingGroup scalingConfigurationId={free}
         0 | DescribeScalingGroup scalingConfigurationId=none
         4 | DescribeScalingGroup vpcId=0
         1 | DescribeScalingGroup vpcId=vpc-1
         0 | DescribeScalingGroup vpcId=vpc-2
         4 | DescribeScalingGroup projectId=0
         1 | DescribeScalingGroup projectId=7
         1 | DescribeScalingGroup projectId=7&vpcId=0
         0 | DescribeScalingGroup projectId=7&scalingGroupName=web
         4 | DescribeScalingInstance scalingGroupId={asg}
         1 | DescribeScalingInstance scalingGroupId={asg}&instanceIds.0={ins}
         0 | DescribeScalingInstance scalingGroupId={asg}&instanceIds.0={waits}
         3 | DescribeScalingInstance scalingGroupId={asg}&creationType=Auto
         1 | DescribeScalingInstance scalingGroupId={asg}&creationType=Manual
         3 | DescribeScalingInstance scalingGroupId={asg}&healthStatus=healthy
         1 | DescribeScalingInstance scalingGroupId={asg}&healthStatus=Unhealthy
         1 | DescribeScalingInstance scalingGroupId={asg}&healthStatus=UnHealthy&creationType=Auto&instanceIds.0={ins}
         0 | DescribeScalingInstance scalingGroupId={asg}&healthStatus=UnHealthy&creationType=Manual
         2 | DescribeScalingActivity scalingGroupId={asg}
         1 | DescribeScalingActivity scalingGroupId={asg}&scalingActivityIds.0={asa}
         0 | DescribeScalingActivity scalingGroupId={private}&scalingActivityIds.0={asa}
         1 | DescribeScalingActivity scalingGroupId={asg}&startTime=2016-03-16 12:00:01
         2 | DescribeScalingActivity scalingGroupId={asg}&startTime=2016-03-16 12:00:00
         1 | DescribeScalingActivity scalingGroupId={asg}&endTime=2016-03-16 12:00:00
         0 | DescribeScalingActivity scalingGroupId={asg}&endTime=2016-03-16 11:59:59
         0 | DescribeScalingActivity scalingGroupId={asg}&startTime=2016-03-17 00:00:00&endTime=2016-03-16 00:00:00
         2 | DescribeScalingPolicy scalingGroupId={asg}
         2 | DescribeScalingPolicy scalingGroupId={private}
         1 | DescribeScalingPolicy scalingGroupId={asg}&scalingPolicyIds.0={asp}
         0 | DescribeScalingPolicy scalingGroupId={private}&scalingPolicyIds.0={asp}
         1 | DescribeScalingPolicy scalingGroupId={private}&scalingPolicyName=out
         1 | DescribeScalingPolicy scalingGroupId={private}&scalingPolicyName=default
         1 | DescribeScheduledTask scalingGroupId={asg}
         1 | DescribeScheduledTask scalingGroupId={asg}&scalingScheduledTaskIds.0={asst}
         1 | DescribeScheduledTask scalingGroupId={asg}&scalingScheduleTaskIds.0={asst}
         0 | DescribeScheduledTask scalingGroupId={private}&scalingScheduledTaskIds.0={asst}
         0 | DescribeScheduledTask scalingGroupId={asg}&scalingScheduledTaskName=out
         2 | DescribeLifecycleHook
         1 | DescribeLifecycleHook scalingGroupId={asg}
         0 | DescribeLifecycleHook scalingGroupId=none
         1 | DescribeLifecycleHook lifeCycleHookId={lfh}
         1 | DescribeLifecycleHook lifeCycleHookName=holder
         1 | DescribeLifecycleHook lifeCycleHookTimeout=600
         2 | DescribeLifecycleHook transition=0
         0 | DescribeLifecycleHook transition=1
         2 | DescribeLifecycleHook defaultResult=0
         0 | DescribeLifecycleHook defaultResult=1
         2 | DescribeScalingNotification scalingGroupId={asg}
         1 | DescribeScalingNotification scalingGroupId={asg}&notificationIds.0={asn}
         1 | DescribeScalingNotification scalingGroupId={asg}&notificationId={asn}
         0 | DescribeScalingNotification scalingGroupId={asg}&notificationId=asn-x
         2 | DescribeScalingNotification scalingGroupId={asg}&notificationTypes.0=9&receiversIds.0=x",
    );
}
