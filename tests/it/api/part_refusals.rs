//! What the actions of policies, tasks, hooks and notifications refuse: rows as in `refusals`.

use asgsim::api::{Action, Resource, ResourceKind};

use super::furnished::{Furnished, good};

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
