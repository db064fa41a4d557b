//! Queries: pages, filters, and what is read back.

use asgsim::api::{Action, Api};
use asgsim::engine::command::{Command, WorldCommand};
use asgsim::model::machine::Machine;
use asgsim::{Engine, Setup};
use serde_json::{Value, json};

use super::furnished::{Furnished, good};
use super::service::{CONFIGURATION, POLICY, Service, civil};

/// The lists of a query, by the name of their field.
fn list<'a>(data: &'a Value, field: &str) -> &'a Vec<Value> {
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

/// What a query shows first.
#[track_caller]
fn first(furnished: &mut Furnished, action: &str, form: &str) -> Value {
    let form = furnished.filled(form);
    let data = furnished.service.done(action, &form);
    let list = data.as_object().unwrap().values().find_map(Value::as_array).unwrap().clone();
    list[0].clone()
}

/// S-148, S-160, S-175, S-181, S-208, S-238 to S-259.
#[test]
fn s_248_a_configuration_is_read_back() {
    let mut furnished = Furnished::new();
    let mut shown =
        first(&mut furnished, "DescribeScalingConfiguration", "scalingConfigurationIds.0={free}");
    let id = shown["scalingConfigurationId"].take();
    assert_eq!(id, furnished.ids["free"].as_str());
    assert_eq!(
        shown,
        json!({
            "scalingConfigurationId": null,
            "scalingConfigurationName": "free",
            "scalingGroupIdSet": [],
            "cpu": 2, "mem": 4, "imageType": 2, "imageId": "img-1",
            "storageType": 2, "storageSize": 20, "rootSize": 60,
            "bandwidthType": "PayByHour", "bandwidth": 5, "wanIp": 0,
            "keyId": "", "password": "", "sgSet": [{"sgId": "sg-1"}],
            "needMonitorAgent": 0, "needSecurityAgent": 0,
            "createTime": "2016-03-16 12:00:00", "projectId": 0,
            "cvmType": "12", "dataSnapshotId": "snap-1", "userdata": "SGVsbG8=",
        })
    );
    let plain = format!(
        "scalingConfigurationName=plain&{CONFIGURATION}&keyId=skey-1&rootSize=51&bandwidth=0"
    )
    .replace("&bandwidth=1", "");
    furnished.service.done("CreateScalingConfiguration", &plain);
    let shown =
        first(&mut furnished, "DescribeScalingConfiguration", "scalingConfigurationName=plain");
    let seen =
        ["sgSet", "keyId", "rootSize", "bandwidth", "needMonitorAgent", "cvmType", "createTime"];
    let seen = seen.map(|field| shown[field].clone());
    let later = "2016-03-16 12:03:30";
    assert_eq!(
        seen,
        [json!([]), json!("skey-1"), json!(51), json!(0), json!(1), json!("11"), json!(later)]
    );
    let used =
        first(&mut furnished, "DescribeScalingConfiguration", "scalingConfigurationIds.0={asc}");
    let names: Vec<_> =
        list(&used, "scalingGroupIdSet").iter().map(|group| &group["scalingGroupName"]).collect();
    assert_eq!(names, ["web", "private", "empty", "held"]);
    assert_eq!(used["scalingGroupIdSet"][0]["scalingGroupId"], furnished.ids["asg"].as_str());
}

/// S-009, S-073, S-081 to S-087, S-274, S-321, S-322, S-339 to S-364.
#[test]
fn s_082_a_group_is_read_back() {
    let mut furnished = Furnished::new();
    let shown = first(&mut furnished, "DescribeScalingGroup", "scalingGroupIds.0={asg}");
    assert_eq!(
        shown,
        json!({
            "scalingGroupId": furnished.ids["asg"], "scalingGroupName": "web",
            "scalingConfigurationId": furnished.ids["asc"], "scalingConfigurationName": "rich",
            "minSize": 0, "maxSize": 6, "desiredCapacity": 3, "instanceNum": 3,
            "createTime": "2016-03-16 12:00:00", "removePolicy": "RemoveOldestInstance",
            "loadBalancerIdSet": [], "vpcId": 0, "subnetIdSet": [],
            "zoneIdSet": [{"status": 1, "owner": "1251707795", "zoneId": 100002}],
            "projectId": 0, "bInScalingActivity": 0,
        })
    );
    let shown = first(&mut furnished, "DescribeScalingGroup", "scalingGroupIds.0={private}");
    let owner = "1251707795";
    let balancer = json!([{"status": 1, "loadBalancerId": "lb-1", "owner": owner, "zoneId": 0}]);
    let subnet = json!([{"status": 1, "subnetId": "subnet-1", "owner": owner, "zoneId": 0}]);
    let seen =
        ["vpcId", "zoneIdSet", "loadBalancerIdSet", "subnetIdSet"].map(|field| &shown[field]);
    assert_eq!(seen, [&json!("vpc-1"), &json!([]), &balancer, &subnet]);
    let shown = first(&mut furnished, "DescribeScalingGroup", "scalingGroupIds.0={held}");
    assert_eq!((&shown["bInScalingActivity"], &shown["instanceNum"]), (&json!(1), &json!(1)));
}

/// S-447 to S-452, S-538 to S-550, S-573, S-613, S-627 to S-638, S-698, S-735 to S-743, S-828 to
/// S-834, S-890, S-902, S-903, S-920, S-926, S-945 to S-951.
#[test]
fn s_573_parts_of_a_group_are_read_back() {
    let mut furnished = Furnished::new();
    let ids = furnished.ids.clone();
    let of_web = "scalingGroupId={asg}";
    assert_eq!(
        first(&mut furnished, "DescribeScalingInstance", of_web),
        json!({
            "instanceId": ids["ins"], "healthStatus": "Healthy", "creationType": "Auto",
            "lifeCycleState": "InService", "protectedFromScaleIn": 0,
            "addTime": "2016-03-16 12:00:00",
        })
    );
    let instances = furnished.service.instances(&ids["asg"]);
    assert_eq!(
        first(&mut furnished, "DescribeScalingActivity", of_web),
        json!({
            "autoScalingGroupId": ids["asg"], "scalingActivityId": ids["asa"],
            "type": 0, "status": 2, "errorCode": 0,
            "cause": "curr instance less than desired capacity",
            "description": "scale out 3 instance", "msg": "success",
            "startTime": "2016-03-16 12:00:00", "endTime": "2016-03-16 12:01:00",
            "succInsList": instances, "failInsList": [],
        })
    );
    let running = first(&mut furnished, "DescribeScalingActivity", "scalingGroupId={held}");
    assert_eq!(
        (&running["status"], &running["endTime"]),
        (&json!(1), &json!("0000-00-00 00:00:00"))
    );
    let metric = json!({
        "dimensionName": "cpu_usage", "comparisonOperator": "Greater", "threshold": 50,
        "repeatTimes": 2,
    });
    assert_eq!(
        first(&mut furnished, "DescribeScalingPolicy", of_web),
        json!({
            "scalingPolicyId": ids["asp"], "scalingPolicyName": "out",
            "adjustmentType": "QuantityChangeInCapacity", "adjustmentValue": 1,
            "metric": metric, "notifyIdSet": ["1832"],
            "createTime": "2016-03-16 12:02:00", "cooldown": 300,
        })
    );
    assert_eq!(
        first(&mut furnished, "DescribeScheduledTask", of_web),
        json!({
            "scalingScheduledTaskId": ids["asst"], "scalingScheduledTaskName": "noon",
            "readjustMaxSize": 6, "readjustMinSize": 2, "startTime": "2016-03-17 08:00:00",
            "endTime": "2016-04-17 08:00:00", "recurrence": "* * * * 1-5",
            "createTime": "2016-03-16 12:02:00",
        })
    );
    assert_eq!(
        first(&mut furnished, "DescribeLifecycleHook", of_web),
        json!({
            "autoScalingGroupId": ids["asg"], "lifeCycleHookId": ids["lfh"],
            "lifeCycleHookName": "hook", "notifyIds": ["1844"], "transition": 0,
            "defaultResult": 0, "lifeCycleHookTimeout": 10,
        })
    );
    assert_eq!(
        first(&mut furnished, "DescribeScalingNotification", of_web),
        json!({
            "notificationId": ids["asn"], "scalingGroupId": ids["asg"],
            "notificationTypes": [1], "receiversIds": ["1832"],
            "createTime": "2016-03-16 12:02:00",
        })
    );
}

/// The policy that every group has comes last.
#[test]
fn s_612_the_default_policy_is_read_back() {
    let mut furnished = Furnished::new();
    let default = first(&mut furnished, "DescribeScalingPolicy", "scalingGroupId={asg}&offset=1");
    let seen = [
        "scalingPolicyName",
        "adjustmentType",
        "adjustmentValue",
        "metric",
        "notifyIdSet",
        "cooldown",
    ];
    let seen = seen.map(|field| default[field].clone());
    assert_eq!(
        seen,
        [json!("default"), json!("UnhealthyInstance"), json!(0), json!({}), json!([]), json!(0)]
    );
}

/// A machine that was attached goes by its own id, and so it stands in the activities.
#[test]
fn s_542_activities_name_machines_by_their_ids() {
    let mut furnished = Furnished::new();
    let attach = furnished.filled("scalingGroupId={asg}&instanceIds.0=ins-machine1");
    let data = furnished.service.done("AttachInstance", &attach);
    let activity = data["scalingActivityId"].as_str().unwrap().to_owned();
    furnished.service.advance(10);
    let shown = first(&mut furnished, "DescribeScalingActivity", "scalingGroupId={asg}");
    assert_eq!(shown["scalingActivityId"], activity.as_str());
    assert_eq!(shown["succInsList"], json!(["ins-machine1"]));
    assert_eq!(shown["cause"], "Users are added to the CVM [ins-machine1]");
    assert_eq!(shown["description"], shown["cause"]);
    // An instance that was kept when it left is a machine that can come again.
    let detach = furnished.filled("scalingGroupId={asg}&instanceIds.0={ins}&keepInstance=1");
    furnished.service.done("DetachInstance", &detach);
    furnished.service.advance(10);
    furnished.check("Success | AttachInstance scalingGroupId={empty}&instanceIds.0={ins}");
    let kept = furnished.ids["ins"].clone();
    let outside = furnished.service.engine.machines().find(|machine| *machine.id == *kept);
    assert_eq!(outside.map(|machine| machine.cpu), Some(2));
    let machine = Machine { id: kept.as_str().into(), ..Machine::default() };
    let again = furnished.service.engine.apply_to_world(&WorldCommand::AddMachine(machine));
    assert!(again.is_err());
}
