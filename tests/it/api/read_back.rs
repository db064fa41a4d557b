//! What a query shows of each thing, field by field.

use asgsim::engine::command::WorldCommand;
use asgsim::model::machine::Machine;
use serde_json::{Value, json};

use super::furnished::Furnished;
use super::queries::list;
use super::service::CONFIGURATION;

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
