//! What each action refuses, and what it just lets pass: rows of `codeDesc | Action parameters`,
//! each on a copy of one furnished service.

use asgsim::SimTime;
use asgsim::api::{Action, Region, Resource, ResourceKind};
use asgsim::engine::command::{Command, WorldCommand};
use asgsim::model::failure::{Condition, FailureCause};
use asgsim::model::machine::Machine;
use asgsim::model::realm::Realm;

use super::furnished::{Furnished, good};

/// S-100, S-285, S-286, S-288, S-289, S-294, S-297, S-305 to S-308, S-311 to S-314.
#[test]
fn s_305_groups_that_cannot_be() {
    let furnished = Furnished::new();
    let many = |name: &str, count: usize| {
        (1..=count).map(|n| format!("&{name}.{n}={n}")).collect::<String>()
    };
    let base = "CreateScalingGroup scalingConfigurationId={asc}&removePolicy=RemoveOldestInstance";
    let new = format!("{base}&scalingGroupName=new&vpcId=0&zoneIds.0=100002");
    let sized = format!("{base}&scalingGroupName=new&minSize=0&maxSize=1");
    furnished.check(&format!(
        "Success | {new}&minSize=0&maxSize=0
         Success | {new}&minSize=30&maxSize=30
         Success | {new}&minSize=4&maxSize=4
         Conflict.MaxsizeLessMinsize | {new}&minSize=-1&maxSize=4
         Conflict.MaxsizeLessMinsize | {new}&minSize=31&maxSize=31
         Conflict.MaxsizeLessMinsize | {new}&minSize=0&maxSize=31
         Conflict.MaxsizeLessMinsize | {new}&minSize=0&maxSize=-1
         Conflict.MaxsizeLessMinsize | {new}&minSize=5&maxSize=4
         Conflict.MaxsizeLessMinsize | {new}&minSize=0&maxSize=4294967296
         InvalidParameter.DesiredCapacity | {new}&minSize=1&maxSize=4&desiredCapacity=0
         InvalidParameter.DesiredCapacity | {new}&minSize=1&maxSize=4&desiredCapacity=5
         InvalidParameter.DesiredCapacity | {new}&minSize=1&maxSize=4&desiredCapacity=-1
         InvalidParameter.ZoneIdError | {sized}&vpcId=0
         InvalidParameter.VpcIdOrSubnetIdError | {sized}&vpcId=0&zoneIds.0=1&subnetIds.0=s
         InvalidParameter.VpcIdOrSubnetIdError | {sized}&vpcId=vpc-1
         Conflict.VpcIdVszoneId | {sized}&vpcId=vpc-1&zoneIds.0=1
         Conflict.VpcIdVszoneId | {sized}&vpcId=vpc-1&zoneIds.0=1&subnetIds.0=s
         Success | {sized}&vpcId=vpc-1&subnetIds.0=s
         Success | {sized}&vpId=0&zoneIds.0=1
         Success | {sized}&vpclId=vpc-1&subnetIds_0=s
         Success | {sized}&vpcId=0{twenty_zones}
         QuotaExceeded.ZoneId | {sized}&vpcId=0{zones}
         QuotaExceeded.SubnetId | {sized}&vpcId=v{subnets}
         QuotaExceeded.LoadBalancerId | {sized}&vpcId=0&zoneIds.0=1{balancers}
         QuotaExceeded.ZoneId | {sized}&vpcId=0{hundred}
         InvalidParameter | {base}&scalingGroupName=&minSize=0&maxSize=1&vpcId=0&zoneIds.0=1
         NameDuplicate.ScalingGroup | {base}&scalingGroupName=web&minSize=0&maxSize=1&vpcId=0&zoneIds.0=1
         Success | {base}&scalingGroupName=Web&minSize=0&maxSize=1&vpcId=0&zoneIds.0=1
         Success | {sized}&projectId=7&vpcId=0&zoneIds.0=1
         InvalidParameter | {sized}&projectId=seven&vpcId=0&zoneIds.0=1",
        twenty_zones = many("zoneIds", 20),
        zones = many("zoneIds", 21),
        subnets = many("subnetIds", 21),
        balancers = many("loadBalancerIds", 21),
        hundred = many("zoneIds", 150),
    ));
    let long = "n".repeat(61);
    furnished.check(&format!(
        "InvalidParameter | {base}&scalingGroupName={long}&minSize=0&maxSize=1&vpcId=0&zoneIds.0=1"
    ));
}

/// S-103, S-105, S-272, S-306, S-307, S-309, S-315.
#[test]
fn s_309_groups_by_what_the_account_has() {
    let mut furnished = Furnished::new();
    let inventory = &mut furnished.service.api.inventory;
    let shanghai = Region::all().find(|region| region.short() == "sh");
    inventory.add(ResourceKind::Zone, "100002", Resource::default());
    inventory.add(ResourceKind::Network, "vpc-1", Resource::default());
    let subnet =
        |network: &str| Resource { network: Some(network.to_owned()), ..Resource::default() };
    inventory.add(ResourceKind::Subnet, "subnet-1", subnet("vpc-1"));
    inventory.add(ResourceKind::Subnet, "subnet-2", subnet("vpc-2"));
    inventory.add(ResourceKind::LoadBalancer, "lb-1", Resource::default());
    let elsewhere = Resource { region: shanghai, ..Resource::default() };
    inventory.add(ResourceKind::LoadBalancer, "lb-sh", elsewhere);
    let of_project = Resource { project: Some(7), ..Resource::default() };
    inventory.add(ResourceKind::LoadBalancer, "lb-7", of_project);
    let base = "CreateScalingGroup scalingConfigurationId={asc}&removePolicy=RemoveOldestInstance\
                &scalingGroupName=new&minSize=0&maxSize=1";
    furnished.check(&format!(
        "Success | {base}&vpcId=0&zoneIds.0=100002
         InvalidParameter.ZoneIdError | {base}&vpcId=0&zoneIds.0=100003
         InvalidParameter.VpcIdOrSubnetIdError | {base}&vpcId=vpc-3&subnetIds.0=subnet-1
         InvalidParameter.VpcIdOrSubnetIdError | {base}&vpcId=vpc-1&subnetIds.0=subnet-3
         InvalidParameter.VpcIdOrSubnetIdError | {base}&vpcId=vpc-1&subnetIds.0=subnet-2
         Success | {base}&vpcId=vpc-1&subnetIds.0=subnet-1
         Success | {base}&vpcId=0&zoneIds.0=100002&loadBalancerIds.0=lb-1
         InvalidParameter.LoadBalancerIdError | {base}&vpcId=0&zoneIds.0=100002&loadBalancerIds.0=lb-2
         InvalidParameter.LoadBalancerIdError | {base}&vpcId=0&zoneIds.0=100002&loadBalancerIds.0=lb-sh
         InvalidParameter.LoadBalancerIdError | {base}&vpcId=0&zoneIds.0=100002&loadBalancerIds.0=lb-7
         Success | {base}&vpcId=0&zoneIds.0=100002&loadBalancerIds.0=lb-7&projectId=7"
    ));
    furnished.service.api.projects.insert(8);
    let good = format!("{base}&vpcId=0&zoneIds.0=100002");
    furnished.check(&format!("InvalidParameter.InvalidProjectId | {good}&projectId=7"));
    furnished.check(&format!("Success | {good}&projectId=8"));
    let account = furnished.service.api.account.clone();
    furnished.service.api.unverified_accounts.insert(account);
    furnished.check(&format!("IdentityNotVerified | {good}"));
    furnished.service.api.unverified_accounts.clear();
    let begin = furnished.service.engine.now();
    let (cause, end) = (FailureCause::Balance, SimTime::MAX);
    let broke = Condition { cause, limit: None, group: None, place: None, begin, end };
    furnished.service.world(&WorldCommand::Condition(broke));
    furnished.check(&format!("Conflict.InsufficientBalance | {good}"));
}

/// S-368, S-380, S-381, S-383, S-384, S-391 to S-393.
#[test]
fn s_392_changes_of_a_group_that_cannot_be() {
    let furnished = Furnished::new();
    let modify = "ModifyScalingGroup scalingGroupId={asg}&removePolicy=RemoveOldestInstance";
    let sized = format!("{modify}&minSize=0&maxSize=6");
    furnished.check(&format!(
        "Success | {modify}&minSize=0&maxSize=0
         Success | {modify}&minSize=30&maxSize=30
         Success | {modify}&minSize=4&maxSize=4
         Conflict.MaxsizeLessMinsize | {modify}&minSize=-1&maxSize=4
         Conflict.MaxsizeLessMinsize | {modify}&minSize=31&maxSize=31
         Conflict.MaxsizeLessMinsize | {modify}&minSize=0&maxSize=31
         Conflict.MaxsizeLessMinsize | {modify}&minSize=0&maxSize=-1
         Conflict.MaxsizeLessMinsize | {modify}&minSize=5&maxSize=4
         InvalidParameter.DesiredCapacity | {sized}&desiredCapacity=7
         InvalidParameter.DesiredCapacity | {modify}&minSize=2&maxSize=6&desiredCapacity=1
         Success | {sized}&desiredCapacity=6
         NameDuplicate.ScalingGroup | {sized}&scalingGroupName=private
         Success | {sized}&scalingGroupName=web
         InvalidParameter | {sized}&scalingGroupName=a%01
         Success | ModifyScalingGroup scalingGroupId={{held}}&removePolicy=RemoveOldestInstance&minSize=0&maxSize=6
         InvalidParameter.ScalingGroupIdError | ModifyScalingGroup scalingGroupId=asg-none&removePolicy=RemoveOldestInstance&minSize=0&maxSize=6
         InvalidParameter.ScalingGroupIdError | DeleteScalingGroup scalingGroupId={{asp}}"
    ));
    let mut suspended = furnished;
    let web = suspended.ids["asg"].clone();
    suspended.service.command(&web, &Command::Suspend);
    suspended.check(&format!("Success | {sized}"));
}

/// S-402, S-404, S-406 to S-408, S-456 to S-463, S-471 to S-475, S-479 to S-481, S-493, S-494,
/// S-554, S-555, S-562.
#[test]
fn s_462_instances_that_cannot_be_touched() {
    let mut furnished = Furnished::new();
    let other = |id: &str, machine: Machine| {
        WorldCommand::AddMachine(Machine { id: id.into(), cpu: 2, mem_gb: 4, ..machine })
    };
    let region: std::sync::Arc<str> = "ap-shanghai".into();
    let elsewhere = Realm { region, ..Realm::default() };
    for machine in [
        other("small", Machine { id: "small".into(), cpu: 1, mem_gb: 2, ..Machine::default() }),
        other("stopped", Machine { running: false, ..Machine::default() }),
        other("foreign", Machine { realm: elsewhere, ..Machine::default() }),
        other("project", Machine { project: 7, ..Machine::default() }),
        other("typed", Machine { cvm_type: Some(42), ..Machine::default() }),
    ] {
        furnished.service.world(&machine);
    }
    let small = Machine { id: "tiny".into(), cpu: 1, mem_gb: 2, ..Machine::default() };
    furnished.service.world(&WorldCommand::AddMachine(small));
    let many = |from: usize, to: usize| {
        (from..=to).map(|n| format!("&instanceIds.{n}=ins-machine{n}")).collect::<String>()
    };
    let attach = "AttachInstance scalingGroupId={asg}&instanceIds.0";
    let protect = "SetCvmProtectedDetach scalingGroupId={asg}&instanceIds.0";
    furnished.check(&format!(
        "Success | {attach}=ins-machine1
         InvalidParameter.InstanceIdError | {attach}=ins-unknown
         InvalidParameter.InstanceIdError | {attach}=foreign
         InvalidParameter.InstanceIdError | {attach}={{ins}}
         InvalidInstanceId.ScalingConfigurationMismatch | {attach}=tiny
         InvalidInstanceId.ScalingConfigurationMismatch | {attach}=typed
         IncorrectInstanceStatus.NotRunning | {attach}=stopped
         InvalidParameter.InvalidProjectId | {attach}=project
         IncorrectInstanceStatus.InOtherScalingGroup | {attach}={{waits}}
         Conflict.InstanceNumExceedMaxsize | {attach}=ins-machine1{four}
         Success | {attach}=ins-machine1{three}
         InvalidParameter.InstanceIdError | {attach}=ins-machine1&instanceIds.1=ins-unknown
         ScalingGroup.InActivity | AttachInstance scalingGroupId={{held}}&instanceIds.0=ins-machine1
         ScalingGroup.InActivity | DetachInstance scalingGroupId={{held}}&instanceIds.0={{waits}}
         ScalingGroup.InActivity | DeleteScalingGroup scalingGroupId={{held}}
         Conflict.ScalingGroupNotEmpty | DeleteScalingGroup scalingGroupId={{asg}}
         InvalidParameter.InstanceIdError | DetachInstance scalingGroupId={{asg}}&instanceIds.0={{waits}}
         InvalidParameter.InstanceIdError | DetachInstance scalingGroupId={{asg}}&instanceIds.0={{ins}}&instanceIds.1=x
         InvalidParameter.InstanceIdError | {protect}={{waits}}&protectedFromDetach=1
         InvalidParameter.InstanceIdError | {protect}={{ins}}&instanceIds.1=ins-1&protectedFromDetach=1
         Success | SetCvmProtectedDetach scalingGroupId={{held}}&instanceIds.0={{waits}}&protectedFromDetach=1
         InvalidParameter.ProtectedFromDetach | {protect}={{ins}}&protectedFromDetach=2
         InvalidParameter.ProtectedFromDetach | {protect}={{ins}}&protectedFromDetach=yes",
        three = many(2, 3),
        four = many(2, 4),
    ));
    // Twenty of one call, and one more: S-463, S-470.
    let mut wide = furnished.clone();
    let limits = "scalingGroupId={asg}&minSize=0&maxSize=30&removePolicy=RemoveOldestInstance";
    let limits = wide.filled(limits);
    wide.service.done("ModifyScalingGroup", &limits);
    wide.check(&format!(
        "Success | AttachInstance scalingGroupId={{asg}}{twenty}
         InvalidParameter | AttachInstance scalingGroupId={{asg}}{one_more}",
        twenty = many(1, 20),
        one_more = many(1, 21),
    ));
    // At the minimum nobody leaves.
    let tight = "scalingGroupId={asg}&minSize=3&maxSize=6&removePolicy=RemoveOldestInstance";
    let tight = furnished.filled(tight);
    furnished.service.done("ModifyScalingGroup", &tight);
    furnished.check(
        "Conflict.InstanceNumLessMinsize | DetachInstance scalingGroupId={asg}&instanceIds.0={ins}",
    );
    // Out of service, for a cause or by hand: S-460, S-479.
    let web = furnished.ids["asg"].clone();
    furnished.service.command(&web, &Command::Suspend);
    furnished.check(
        "IncorrectScalingGroupStatus.Inactive | AttachInstance scalingGroupId={asg}&instanceIds.0=ins-machine1
         IncorrectScalingGroupStatus.Inactive | DetachInstance scalingGroupId={asg}&instanceIds.0={ins}",
    );
}

/// S-605 to S-608, S-657 to S-659, S-668 to S-671, S-673 to S-678, S-687.
#[test]
fn s_583_policies_that_cannot_be() {
    let furnished = Furnished::new();
    let create = "CreateScalingPolicy scalingGroupId={asg}&scalingPolicyName=new&cooldown=0";
    let plain = "adjustmentType=QuantityChangeInCapacity&adjustmentValue=1";
    let metric =
        "metric={\"dimensionName\":\"cpu_usage\",\"comparisonOperator\":\"Less\",\"threshold\":20}";
    let modify = "ModifyScalingPolicy scalingGroupId={asg}&scalingPolicyId={asp}";
    // Of each type of adjustment what fits and what does not: S-568, S-583 to S-585.
    for (kind, fits, not) in [
        ("TotalCapacity", ["0", "30"], ["-1", "31"]),
        ("QuantityChangeInCapacity", ["-30", "30"], ["-31", "31"]),
        ("PercentChangeInCapacity", ["-100", "100"], ["-101", "101"]),
    ] {
        for (code, values) in [("Success", fits), ("InvalidParameter.AdjustmentValue", not)] {
            for value in values {
                let adjustment = format!("adjustmentType={kind}&adjustmentValue={value}");
                furnished.check(&format!("{code} | {create}&{metric}&{adjustment}"));
                furnished.check(&format!("{code} | {modify}&{adjustment}"));
            }
        }
    }
    // Of each metric: S-594 to S-597.
    for (dimension, fits, not) in [
        ("cpu_usage", ["0", "100"], ["-1", "101"]),
        ("mem_usage", ["0", "100"], ["-1", "101"]),
        ("lan_outtraffic", ["1", "1000000000"], ["0", "-1"]),
        ("lan_intraffic", ["1", "1000000000"], ["0", "-1"]),
    ] {
        for (is_good, values) in [(true, fits), (false, not)] {
            for value in values {
                let rule = format!("metric.dimensionName={dimension}&metric.threshold={value}");
                let whole = format!("{rule}&metric.comparisonOperator=Less&{plain}");
                let code = |wrong| if is_good { "Success" } else { wrong };
                furnished.check(&format!("{} | {create}&{whole}", code("InvalidParameter.Metric")));
                furnished
                    .check(&format!("{} | {modify}&{rule}", code("InvalidParameter.MetricError")));
            }
        }
    }
    // S-589, S-591, S-593, S-599.
    furnished.check(&format!(
        "InvalidParameter.Metric | {create}&{plain}&metric=cpu
         InvalidParameter.Metric | {create}&{plain}&metric=[1]
         InvalidParameter.Metric | {create}&{plain}&metric={{\"dimensionName\":\"cpu_usage\",\"comparisonOperator\":\"Less\"}}
         InvalidParameter.Metric | {create}&{plain}&metric={{\"dimensionName\":\"cpu_usage\",\"threshold\":1}}
         InvalidParameter.Metric | {create}&{plain}&metric={{\"comparisonOperator\":\"Less\",\"threshold\":1}}
         InvalidParameter.Metric | {create}&{plain}&metric={{\"DimensionName\":\"cpu_usage\",\"comparisonOperator\":\"Less\",\"threshold\":\"x\"}}
         Success | {create}&{plain}&metric={{\"DimensionName\":\"cpu_usage\",\"comparisonOperator\":\"Less\",\"threshold\":\"20\",\"extra\":1}}
         Success | {create}&{plain}&{metric}&metric.repeatTimes=1
         Success | {create}&{plain}&{metric}&metric.repeatTimes=10
         InvalidParameter.Metric | {create}&{plain}&{metric}&metric.repeatTimes=0
         InvalidParameter.Metric | {create}&{plain}&{metric}&metric.repeatTimes=11
         Success | {modify}&metric.repeatTimes=1
         Success | {modify}&metric.repeatTimes=10
         InvalidParameter.MetricError | {modify}&metric.repeatTimes=0
         InvalidParameter.MetricError | {modify}&metric.repeatTimes=11
         InvalidParameter.MetricError | {modify}&metric=cpu
         InvalidParameter.AdjustmentValue | {modify}&adjustmentType=TotalCapacity&adjustmentValue=-1
         InvalidParameter.ScalingPolicyAdjustmentTypeError | {create}&{metric}&adjustmentType=Some&adjustmentValue=1
         InvalidParameter.ScalingPolicyAdjustmenttypeError | {modify}&adjustmentType=Some
         InvalidParameter.ScalingPolicyNameError | CreateScalingPolicy scalingGroupId={{asg}}&scalingPolicyName=a%01&cooldown=0&{metric}&{plain}
         InvalidParameter.ScalingPolicyNameError | {modify}&scalingPolicyName={long}
         InvalidParameter | {create}&{plain}&{metric}&cooldown=-1
         NameDuplicate.ScalingPolicy | CreateScalingPolicy scalingGroupId={{asg}}&scalingPolicyName=out&cooldown=0&{metric}&{plain}
         NameDuplicate.ScalingPolicy | CreateScalingPolicy scalingGroupId={{asg}}&scalingPolicyName=default&cooldown=0&{metric}&{plain}
         Success | CreateScalingPolicy scalingGroupId={{private}}&scalingPolicyName=out&cooldown=999999&{metric}&{plain}
         InvalidParameter | CreateScalingPolicy scalingGroupId={{private}}&scalingPolicyName=out&cooldown=1000000&{metric}&{plain}
         InvalidParameter.ScalingPolicyIdError | DeleteScalingPolicy scalingGroupId={{private}}&scalingPolicyId={{asp}}",
        long = "n".repeat(61),
    ));
    default_policy(furnished);
}

/// It has an id like the others, and stays as it is: S-612, S-678, S-687.
fn default_policy(mut furnished: Furnished) {
    let list = furnished.filled("scalingGroupId={asg}&scalingPolicyName=default");
    let data = furnished.service.done("DescribeScalingPolicy", &list);
    let id = data["scalingPolicySet"][0]["scalingPolicyId"].as_str().unwrap();
    furnished.ids.insert("default", id.to_owned());
    furnished.check(
        "Conflict.ModifyDefaultScalingPolicyError | ModifyScalingPolicy scalingGroupId={asg}&scalingPolicyId={default}&cooldown=1
         Conflict.DeleteDefaultScalingPolicyError | DeleteScalingPolicy scalingGroupId={asg}&scalingPolicyId={default}
         InvalidParameter.ScalingPolicyIdError | DeleteScalingPolicy scalingGroupId={private}&scalingPolicyId={default}",
    );
}

/// S-706, S-708 to S-712, S-716 to S-718, S-756, S-757, S-760, S-761, S-766 to S-768.
#[test]
fn s_717_tasks_that_cannot_be() {
    let furnished = Furnished::new();
    let create = "CreateScheduledTask scalingGroupId={asg}&scalingScheduledTaskName=new";
    let sized = format!("{create}&readjustMinSize=1&readjustMaxSize=2");
    let timed = format!("{sized}&startTime=2016-03-20 06:00:00");
    let until = format!("{timed}&endTime=2016-05-01 06:00:00");
    let modify = "ModifyScheduledTask scalingScheduledTaskId={asst}";
    furnished.check(&format!(
        "Success | {timed}
         InvalidParameter.EndtimeAndRecurrence | {timed}&recurrence=* * 1 * *
         InvalidParameter.EndtimeAndRecurrence | {until}
         Success | {until}&recurrence=* * 1 * *
         Success | {until}&recurrence= * * * * 1
         Success | {until}&recurrence=* * * * * 1
         Success | {until}&recurrence=*****
         Success | {until}&recurrence=* * 1-5,20 */2 mon
         InvalidParameter | {until}&recurrence=30 * * * 1
         InvalidParameter | {until}&recurrence=* 8 * * 1
         InvalidParameter | {until}&recurrence=* * *
         InvalidParameter | {until}&recurrence=* * 32 * *
         InvalidParameter | {timed}&endTime=2016-02-30 06:00:00&recurrence=* * 1 * *
         InvalidParameter | {timed}&endTime=2016-03-19 06:00:00&recurrence=* * 1 * *
         InvalidParameter | {sized}&startTime=2016-03-16 11:59:59
         InvalidParameter | {sized}&startTime=20 March
         InvalidParameter | {sized}&startTime=0000-00-00 00:00:00
         Conflict.MaxsizeLessMinsize | {create}&startTime=2016-03-20 06:00:00&readjustMinSize=3&readjustMaxSize=2
         Conflict.MaxsizeLessMinsize | {create}&startTime=2016-03-20 06:00:00&readjustMinSize=0&readjustMaxSize=31
         Conflict.MaxsizeLessMinsize | {create}&startTime=2016-03-20 06:00:00&readjustMinSize=-1&readjustMaxSize=2
         Success | {create}&startTime=2016-03-20 06:00:00&readjustMinSize=0&readjustMaxSize=30
         NameDuplicate.ScheduledTask | CreateScheduledTask scalingGroupId={{asg}}&scalingScheduledTaskName=noon&readjustMinSize=1&readjustMaxSize=2&startTime=2016-03-20 06:00:00
         InvalidScheduleTask.TimeConflict | {sized}&startTime=2016-03-21 08:00:30
         Success | {sized}&startTime=2016-03-20 08:00:30
         InvalidParameter | {modify}&endTime=2016-05-01
         InvalidParameter | {modify}&endTime=2016-03-01 00:00:00
         InvalidParameter | {modify}&recurrence=* 1 * * *
         InvalidParameter | {modify}&startTime=2016-03-15 00:00:00
         InvalidParameter.EndtimeAndRecurrence | {modify}&endTime=0000-00-00 00:00:00
         InvalidParameter.EndtimeAndRecurrence | {modify}&endTime=0000-00-00 00:00:00&recurrence=* * * * 1
         Success | {modify}&endTime=0000-00-00 00: 00: 00&recurrence=*****
         Success | {modify}&recurrence=* * * * *
         Conflict.MaxsizeLessMinsize | {modify}&readjustMinSize=7
         InvalidParameter.ScalingGroupIdError | {modify}&scalingGroupId={{private}}
         Success | {modify}&scalingGroupId={{asg}}
         Success | ModifyScheduledTask scalingScheduleTaskId={{asst}}&readjustMinSize=1
         Success | DeleteScheduledTask scalingGroupId={{asg}}&scalingScheduleTaskId={{asst}}
         InvalidScheduledTask.NotExist | DeleteScheduledTask scalingGroupId={{private}}&scalingScheduledTaskId={{asst}}
         InvalidScheduledTask.NotExist | ModifyScheduledTask scalingScheduledTaskId=asst-00000000"
    ));
    let mut two = furnished;
    let once = two.filled(timed.strip_prefix("CreateScheduledTask ").unwrap());
    let data = two.service.done("CreateScheduledTask", &once);
    let id = data["scalingScheduleTaskId"][0].as_str().unwrap();
    two.ids.insert("once", id.to_owned());
    let modify = "ModifyScheduledTask scalingScheduledTaskId={once}";
    two.check(&format!(
        "InvalidParameter.EndtimeAndRecurrence | {modify}&endTime=2016-05-01 06:00:00
         InvalidParameter.EndtimeAndRecurrence | {modify}&recurrence=* * * * 1
         Success | {modify}&endTime=2016-05-01 06:00:00&recurrence=* * * * 1
         NameDuplicate.ScheduledTask | {modify}&scalingScheduledTaskName=noon
         InvalidScheduleTask.TimeConflict | {modify}&startTime=2016-03-17 08:00:00"
    ));
}

/// S-792 to S-796, S-804, S-806 to S-808, S-841, S-845, S-848, S-849, S-857, S-859, S-861, S-870 to
/// S-872, S-879, S-880, S-904 to S-907, S-909.
#[test]
fn s_906_hooks_that_cannot_be() {
    let mut furnished = Furnished::new();
    let create = "CreateLifecycleHook scalingGroupId={asg}";
    let modify = "ModifyLifecycleHook scalingGroupId={asg}&lifeCycleHookId={lfh}";
    let waits = "scalingGroupId={held}&lifeCycleHookId={holder}";
    let second =
        furnished.filled("scalingGroupId={held}&lifeCycleHookName=second&lifeCycleHookTimeout=60");
    let data = furnished.service.done("CreateLifecycleHook", &second);
    furnished.ids.insert("second", data["lifeCycleHookId"][0].as_str().unwrap().to_owned());
    furnished.check(&format!(
        "Success | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=1
         Success | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=7200
         InvalidParameter | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=0
         InvalidParameter | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=7201
         NameDuplicate.LifeCycleHook | {create}&lifeCycleHookName=hook&lifeCycleHookTimeout=60
         HookParameterError.Transition | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=60&transition=2
         HookParameterError.DefaultResult | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=60&defaultResult=x
         HookParameterError.Transition | {modify}&transition=2
         HookParameterError.DefaultResult | {modify}&defaultResult=2
         InvalidParameter | {modify}&lifeCycleHookTimeout=7201
         Conflict.NameVsLifeCycleHookId | DeleteLifecycleHook scalingGroupId={{asg}}&lifeCycleHookId={{lfh}}&lifeCycleHookName=other
         InActivity.HookId | DeleteLifecycleHook {waits}
         NameDuplicate.LifeCycleHook | ModifyLifecycleHook {waits}&lifeCycleHookName=second
         InvalidParameter | DeleteLifecycleHook scalingGroupId={{asg}}&notificationIds.0={{asn}}
         Conflict.ScalingGroupIdVsLifeCycleHookId | AttachLifecycleHookId scalingGroupId={{asg}}&lifeCycleHookId={{holder}}
         Success | AttachLifecycleHookId scalingGroupId={{held}}&lifeCycleHookId={{second}}
         HookParameterError.LifeCycleHookResult | CompleteLifecycleHookAction {waits}&scalingInstanceId={{waits}}&lifeCycleHookResult=2
         InvalidParameter.InstanceIdError | CompleteLifecycleHookAction {waits}&scalingInstanceId={{ins}}&lifeCycleHookResult=0
         InvalidParameter.InstanceIdError | RecordLifecycleHookTimeout {waits}&scalingInstanceId={{ins}}&recordTimeout=60
         InvalidParameter | RecordLifecycleHookTimeout {waits}&scalingInstanceId={{waits}}&recordTimeout=0
         IncorrectInstanceStatus.NotInHook | CompleteLifecycleHookAction scalingGroupId={{held}}&lifeCycleHookId={{second}}&scalingInstanceId={{waits}}&lifeCycleHookResult=0
         IncorrectInstanceStatus.NotInHook | CompleteLifecycleHookAction scalingGroupId={{asg}}&lifeCycleHookId={{lfh}}&scalingInstanceId={{ins}}&lifeCycleHookResult=0
         IncorrectInstanceStatus.NotInHook | RecordLifecycleHookTimeout scalingGroupId={{asg}}&lifeCycleHookId={{lfh}}&scalingInstanceId={{ins}}&recordTimeout=60
         Success | DetachLifecycleHookId scalingGroupId={{asg}}"
    ));
    // A hook that is not bound any more, but still holds an instance.
    let unbind = furnished.filled("scalingGroupId={held}");
    furnished.service.done("DetachLifecycleHookId", &unbind);
    furnished.check(&format!("InActivity.HookId | DeleteLifecycleHook {waits}"));
    furnished.check("Success | DeleteLifecycleHook scalingGroupId={held}&lifeCycleHookId={second}");
    furnished.service.api.inventory.add(ResourceKind::UserGroup, "1844", Resource::default());
    furnished.check(&format!(
        "InvalidParameter.GroupIdInHook | {create}&lifeCycleHookName=new&lifeCycleHookTimeout=60&notifyIds.0=1
         InvalidParameter.GroupIdInHook | {modify}&notifyIds.0=1844&notifyIds.1=1
         Success | {modify}&notifyIds.0=1844
         InvalidParameter | CreateScalingPolicy scalingGroupId={{asg}}&notifyIds.0=1&{}",
        good(Action::CreateScalingPolicy).replace("scalingGroupId={asg}&", "").replace("&notifyIds.0=1832", ""),
    ));
}

/// S-922, S-927, S-928, S-952, S-955, S-974 to S-978.
#[test]
fn s_976_notifications_that_cannot_be() {
    let mut furnished = Furnished::new();
    let create = "CreateScalingNotification scalingGroupId={asg}";
    let modify = "ModifyScalingNotification scalingGroupId={asg}&notificationId={asn}";
    furnished.check(&format!(
        "Success | {create}&notificationTypes.0=6&notificationTypes.1=6&receiversIds.0=1
         InvalidParameter.NotifyType | {create}&notificationTypes.0=0&receiversIds.0=1
         InvalidParameter.NotifyType | {create}&notificationTypes.0=1&notificationTypes.1=7&receiversIds.0=1
         InvalidParameter.NotifyType | {create}&notificationTypes.0=some&receiversIds.0=1
         InvalidParameter.NotifyPara | {create}&notificationTypes.0=&receiversIds.0=1
         InvalidParameter.NotifyPara | {create}&notificationTypes.0=1&receiversIds.0=
         InvalidParameter | {create}&notificationTypes.0=1
         InvalidParameter | {create}&receiversIds.0=1
         InvalidParameter.ScalingGroupId | CreateScalingNotification scalingGroupId=x&notificationTypes.0=1&receiversIds.0=1
         InvalidParameter.NotifyPara | {modify}
         InvalidParameter.NotifyType | {modify}&notificationTypes.0=7
         Success | {modify}&receiversIds.0=5
         InvalidParameter.NotifyId | ModifyScalingNotification scalingGroupId={{private}}&notificationId={{asn}}&receiversIds.0=5
         InvalidParameter.ScalingGroupId | ModifyScalingNotification scalingGroupId=x&notificationId={{asn}}&receiversIds.0=5
         InvalidParameter.NotifyId | DeleteScalingNotification scalingGroupId={{asg}}&notificationIds.0={{asn}}&notificationIds.1=asn-x
         InvalidParameter.NotifyId | DeleteScalingNotification scalingGroupId={{private}}&notificationIds.0={{asn}}
         InvalidParameter.ScalingGroupId | DescribeScalingNotification scalingGroupId=asg-x
         Success | DescribeScalingNotification scalingGroupId={{asg}}&notificationIds.0=asn-x"
    ));
    furnished.service.api.inventory.add(ResourceKind::UserGroup, "1832", Resource::default());
    furnished.check(&format!(
        "InvalidParameter.GroupId | {create}&notificationTypes.0=1&receiversIds.0=1
         Success | {create}&notificationTypes.0=1&receiversIds.0=1832
         InvalidParameter.GroupId | {modify}&receiversIds.0=1
         Success | {modify}&receiversIds.0=1832"
    ));
}
