//! What the reference says of each action: its parameters, and the fields of its answer.
//!
//! `in`: name and type of a parameter, then what else is known of it: that it is `required` (or
//! `sometimes`, with another), the code for an id of nothing (`unknown=`), the most entries of a
//! list (`max=`), its values (`of=`) and the code for any other (`else=`), and its `default=`.
//! `out`: a field below `data` and its JSON type. Behind an action stands what `data` is on success.

use std::collections::BTreeMap;

use asgsim::api::Action;

/// An action.
#[derive(Debug)]
pub struct Page {
    pub action: Action,
    /// `object`, `[]` or `none`.
    pub data: &'static str,
    pub parameters: Vec<Parameter>,
    /// Type by path.
    pub fields: BTreeMap<&'static str, &'static str>,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Without the `.n` of a list.
    pub name: &'static str,
    /// `text`, `int`, `time` or `list`.
    pub kind: &'static str,
    pub is_required: bool,
    pub is_conditional: bool,
    pub unknown: Option<&'static str>,
    pub max: Option<usize>,
    pub values: Vec<&'static str>,
    pub other: Option<&'static str>,
    pub default: Option<&'static str>,
}

/// All pages, in the order of the reference.
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for line in FACTS.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["in", name, kind, rest @ ..] => {
                pages.last_mut().unwrap().parameters.push(parameter(name, kind, rest));
            }
            ["out", path, kind] => {
                pages.last_mut().unwrap().fields.insert(path, kind);
            }
            [action, data] => {
                let action = Action::find(action).unwrap();
                let fields = BTreeMap::new();
                pages.push(Page { action, data, parameters: Vec::new(), fields });
            }
            _ => panic!("no fact: {line}"),
        }
    }
    assert_eq!(pages.len(), Action::ALL.len());
    pages
}

fn parameter(name: &'static str, kind: &'static str, rest: &[&'static str]) -> Parameter {
    let of = |key: &str| rest.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    Parameter {
        name: name.trim_end_matches(".n"),
        kind,
        is_required: rest.contains(&"required"),
        is_conditional: rest.contains(&"sometimes"),
        unknown: of("unknown"),
        max: of("max").map(|max| max.parse().unwrap()),
        values: of("of").map(|values| values.split(',').collect()).unwrap_or_default(),
        other: of("else"),
        default: of("default"),
    }
}

const FACTS: &str = "
CreateScalingConfiguration object
    in scalingConfigurationName text required
    in imageId text required
    in cpu int required
    in mem int required
    in storageType int required of=1,2,3,5,6 else=InvalidParameter.storageType
    in storageSize int required
    in bandwidthType text required of=PayByHour,PayByTraffic else=InvalidParameter
    in bandwidth int required
    in imageType int required of=1,2 else=InvalidParameter
    in rootSize int default=50
    in keyId text
    in password text
    in needMonitorAgent int of=0,1 else=InvalidParameter default=1
    in needSecurityAgent int of=0,1 else=InvalidParameter default=1
    in wanIp int of=0,1 else=InvalidParameter default=1
    in sgId text
    in projectId text default=0
    in dataSnapshotId text
    in cvmType text of=11,12,21,22,31,32,42 else=InvalidParameter default=11
    in userdata text
    out scalingConfigurationIdSet array
    out scalingConfigurationIdSet[] string
DescribeScalingConfiguration object
    in scalingConfigurationIds.n list max=20
    in scalingConfigurationName text
    in offset int
    in limit int
    in projectId text
    out totalCount int
    out scalingConfigurationSet array
    out scalingConfigurationSet[].scalingConfigurationId string
    out scalingConfigurationSet[].scalingConfigurationName string
    out scalingConfigurationSet[].scalingGroupIdSet array
    out scalingConfigurationSet[].cpu int
    out scalingConfigurationSet[].mem int
    out scalingConfigurationSet[].imageType int
    out scalingConfigurationSet[].imageId string
    out scalingConfigurationSet[].storageType int
    out scalingConfigurationSet[].storageSize int
    out scalingConfigurationSet[].rootSize int
    out scalingConfigurationSet[].bandwidthType string
    out scalingConfigurationSet[].bandwidth int
    out scalingConfigurationSet[].wanIp int
    out scalingConfigurationSet[].keyId string
    out scalingConfigurationSet[].password string
    out scalingConfigurationSet[].sgSet array
    out scalingConfigurationSet[].sgSet[].sgId string
    out scalingConfigurationSet[].needMonitorAgent int
    out scalingConfigurationSet[].needSecurityAgent int
    out scalingConfigurationSet[].createTime string
    out scalingConfigurationSet[].projectId int
    out scalingConfigurationSet[].scalingGroupIdSet[].scalingGroupId string
    out scalingConfigurationSet[].scalingGroupIdSet[].scalingGroupName string
    out scalingConfigurationSet[].cvmType string
    out scalingConfigurationSet[].dataSnapshotId string
    out scalingConfigurationSet[].userdata string
DeleteScalingConfiguration []
    in scalingConfigurationId text required unknown=InvalidParameter.ScalingConfigurationIdError
CreateScalingGroup object
    in scalingConfigurationId text required unknown=InvalidParameter.ScalingConfigurationIdError
    in scalingGroupName text required
    in minSize int required
    in maxSize int required
    in removePolicy text required of=RemoveOldestInstance,RemoveNewestInstance else=InvalidParameter
    in vpcId text required
    in zoneIds.n list sometimes
    in loadBalancerIds.n list
    in subnetIds.n list sometimes
    in projectId text default=0
    in desiredCapacity int
    out scalingGroupIdSet array
    out scalingGroupIdSet[] string
DescribeScalingGroup object
    in scalingGroupIds.n list
    in scalingGroupName text
    in scalingConfigurationId text
    in offset int
    in limit int
    in vpcId text
    in projectId text
    out totalCount int
    out scalingGroupSet array
    out scalingGroupSet[].scalingGroupId string
    out scalingGroupSet[].scalingGroupName string
    out scalingGroupSet[].scalingConfigurationId string
    out scalingGroupSet[].scalingConfigurationName string
    out scalingGroupSet[].minSize int
    out scalingGroupSet[].maxSize int
    out scalingGroupSet[].createTime string
    out scalingGroupSet[].instanceNum int
    out scalingGroupSet[].removePolicy string
    out scalingGroupSet[].loadBalancerIdSet array
    out scalingGroupSet[].vpcId int|string
    out scalingGroupSet[].subnetIdSet array
    out scalingGroupSet[].zoneIdSet array
    out scalingGroupSet[].projectId int
    out scalingGroupSet[].bInScalingActivity int
    out scalingGroupSet[].loadBalancerIdSet[].status int
    out scalingGroupSet[].loadBalancerIdSet[].loadBalancerId string
    out scalingGroupSet[].loadBalancerIdSet[].owner string
    out scalingGroupSet[].loadBalancerIdSet[].zoneId int
    out scalingGroupSet[].subnetIdSet[].status int
    out scalingGroupSet[].subnetIdSet[].subnetId string
    out scalingGroupSet[].subnetIdSet[].owner string
    out scalingGroupSet[].subnetIdSet[].zoneId int
    out scalingGroupSet[].zoneIdSet[].status int
    out scalingGroupSet[].zoneIdSet[].owner string
    out scalingGroupSet[].zoneIdSet[].zoneId int
    out scalingGroupSet[].desiredCapacity int
ModifyScalingGroup none
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in minSize int required
    in maxSize int required
    in removePolicy text required of=RemoveOldestInstance,RemoveNewestInstance else=InvalidParameter
    in scalingGroupName text
    in scalingConfigurationId text unknown=InvalidParameter.ScalingConfigurationIdError
    in desiredCapacity int
SetCvmProtectedDetach none
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in instanceIds.n list required
    in protectedFromDetach int required of=0,1 else=InvalidParameter.ProtectedFromDetach
DescribeScalingInstance object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in instanceIds.n list max=20
    in creationType text of=Auto,Manual else=InvalidParameter
    in healthStatus text of=Healthy,UnHealthy else=InvalidParameter
    in offset int
    in limit int
    out totalCount int
    out scalingInstancesSet array
    out scalingInstancesSet[].instanceId string
    out scalingInstancesSet[].healthStatus string
    out scalingInstancesSet[].creationType string
    out scalingInstancesSet[].lifeCycleState string
    out scalingInstancesSet[].protectedFromScaleIn int
    out scalingInstancesSet[].addTime string
AttachInstance object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in instanceIds.n list required max=20
    out scalingActivityId string
DetachInstance object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in instanceIds.n list required
    in keepInstance int of=0,1 else=InvalidParameter default=0
    out scalingActivityId string
DescribeScalingActivity object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingActivityIds.n list
    in offset int
    in limit int
    in startTime time
    in endTime time sometimes
    out totalCount int
    out scalingActivitySet array
    out scalingActivitySet[].autoScalingGroupId string
    out scalingActivitySet[].status int
    out scalingActivitySet[].type int
    out scalingActivitySet[].errorCode int
    out scalingActivitySet[].succInsList array
    out scalingActivitySet[].succInsList[] string
    out scalingActivitySet[].failInsList array
    out scalingActivitySet[].failInsList[] string
    out scalingActivitySet[].cause string
    out scalingActivitySet[].description string
    out scalingActivitySet[].msg string
    out scalingActivitySet[].scalingActivityId string
    out scalingActivitySet[].startTime string
    out scalingActivitySet[].endTime string
DeleteScalingGroup none
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
CreateScalingPolicy object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingPolicyName text required
    in metric text required
    in adjustmentType text required of=TotalCapacity,QuantityChangeInCapacity,PercentChangeInCapacity else=InvalidParameter.ScalingPolicyAdjustmentTypeError
    in adjustmentValue int required
    in cooldown int required
    in notifyIds.n list max=20
    in metric.comparisonOperator text required of=Greater,EqualOrGreater,Less,EqualOrLess,Equal,NotEqual else=InvalidParameter.Metric
    in metric.dimensionName text required of=cpu_usage,mem_usage,lan_outtraffic,lan_intraffic else=InvalidParameter.Metric
    in metric.threshold int required
    in metric.repeatTimes int default=3
    out scalingPolicyIdSet array
    out scalingPolicyIdSet[] string
DescribeScalingPolicy object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingPolicyIds.n list
    in scalingPolicyName text
    in offset int
    in limit int
    out totalCount int
    out scalingPolicySet array
    out scalingPolicySet[].scalingPolicyId string
    out scalingPolicySet[].scalingPolicyName string
    out scalingPolicySet[].adjustmentType string
    out scalingPolicySet[].adjustmentValue int
    out scalingPolicySet[].metric object
    out scalingPolicySet[].notifyIdSet array
    out scalingPolicySet[].notifyIdSet[] string
    out scalingPolicySet[].createTime string
    out scalingPolicySet[].cooldown int
    out scalingPolicySet[].metric.dimensionName string
    out scalingPolicySet[].metric.comparisonOperator string
    out scalingPolicySet[].metric.threshold int
    out scalingPolicySet[].metric.repeatTimes int
ModifyScalingPolicy none
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingPolicyId text required unknown=InvalidParameter.ScalingPolicyIdError
    in scalingPolicyName text
    in metric text
    in adjustmentType text of=TotalCapacity,QuantityChangeInCapacity,PercentChangeInCapacity else=InvalidParameter.ScalingPolicyAdjustmenttypeError
    in adjustmentValue int
    in cooldown int
    in notifyIds.n list max=20
    in metric.comparisonOperator text of=Greater,EqualOrGreater,Less,EqualOrLess,Equal,NotEqual else=InvalidParameter.MetricError
    in metric.dimensionName text of=cpu_usage,mem_usage,lan_outtraffic,lan_intraffic else=InvalidParameter.MetricError
    in metric.threshold int
    in metric.repeatTimes int
DeleteScalingPolicy []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingPolicyId text required unknown=InvalidParameter.ScalingPolicyIdError
CreateScheduledTask object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingScheduledTaskName text required
    in readjustMaxSize int required
    in readjustMinSize int required
    in startTime time required
    in endTime time sometimes
    in recurrence text sometimes
    out scalingScheduleTaskId array
    out scalingScheduleTaskId[] string
DescribeScheduledTask object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingScheduledTaskIds.n list
    in scalingScheduledTaskName text
    in offset int
    in limit int
    out totalCount int
    out scalingScheduleTaskSet array
    out scalingScheduleTaskSet[].scalingScheduledTaskId string
    out scalingScheduleTaskSet[].scalingScheduledTaskName string
    out scalingScheduleTaskSet[].readjustMaxSize int
    out scalingScheduleTaskSet[].readjustMinSize int
    out scalingScheduleTaskSet[].startTime string
    out scalingScheduleTaskSet[].endTime string
    out scalingScheduleTaskSet[].recurrence string
    out scalingScheduleTaskSet[].createTime string
ModifyScheduledTask []
    in scalingScheduledTaskId text required unknown=InvalidScheduledTask.NotExist
    in scalingScheduledTaskName text
    in readjustMaxSize int
    in readjustMinSize int
    in startTime time
    in endTime time sometimes
    in recurrence text sometimes
    in scalingGroupId text unknown=InvalidParameter.ScalingGroupIdError
DeleteScheduledTask []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in scalingScheduledTaskId text required unknown=InvalidScheduledTask.NotExist
ModifyLifecycleHook []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in lifeCycleHookId text required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId
    in lifeCycleHookName text
    in lifeCycleHookTimeout int
    in defaultResult int of=0,1 else=HookParameterError.DefaultResult
    in transition int of=0,1 else=HookParameterError.Transition
    in notifyIds.n list
DeleteLifecycleHook []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in lifeCycleHookId text required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId
    in lifeCycleHookName text
DescribeLifecycleHook object
    in scalingGroupId text
    in lifeCycleHookId text
    in lifeCycleHookName text
    in lifeCycleHookTimeout int
    in transition int of=0,1 else=HookParameterError.Transition
    in defaultResult int of=0,1 else=HookParameterError.DefaultResult
    in offset int
    in limit int
    out lifeCycleHookSet array
    out lifeCycleHookSet[].autoScalingGroupId string
    out lifeCycleHookSet[].lifeCycleHookId string
    out lifeCycleHookSet[].lifeCycleHookName string
    out lifeCycleHookSet[].notifyIds array
    out lifeCycleHookSet[].transition int
    out lifeCycleHookSet[].defaultResult int
    out lifeCycleHookSet[].lifeCycleHookTimeout int
    out totalCount int
CompleteLifecycleHookAction []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in lifeCycleHookId text required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId
    in scalingInstanceId text required unknown=InvalidParameter.InstanceIdError
    in lifeCycleHookResult int required of=0,1 else=HookParameterError.LifeCycleHookResult
RecordLifecycleHookTimeout []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in lifeCycleHookId text required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId
    in scalingInstanceId text required unknown=InvalidParameter.InstanceIdError
    in recordTimeout int required
AttachLifecycleHookId []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in lifeCycleHookId text required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId
DetachLifecycleHookId []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
CreateLifecycleHook object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupIdError
    in lifeCycleHookName text required
    in lifeCycleHookTimeout int required
    in defaultResult int of=0,1 else=HookParameterError.DefaultResult default=0 default=0
    in transition int of=0,1 else=HookParameterError.Transition default=0 default=0
    in notifyIds.n list
    out lifeCycleHookId array
    out lifeCycleHookId[] string
CreateScalingNotification object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupId
    in notificationTypes.n list required of=1,2,3,4,5,6 else=InvalidParameter.NotifyType
    in receiversIds.n list required
    out notificationId string
DescribeScalingNotification object
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupId
    in notificationIds.n list
    in offset int
    in limit int
    out totalCount int
    out scalingNotificationSet array
    out scalingNotificationSet[].notificationId string
    out scalingNotificationSet[].scalingGroupId string
    out scalingNotificationSet[].notificationTypes array
    out scalingNotificationSet[].notificationTypes[] int
    out scalingNotificationSet[].receiversIds array
    out scalingNotificationSet[].receiversIds[] string
    out scalingNotificationSet[].createTime string
ModifyScalingNotification []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupId
    in notificationId text required unknown=InvalidParameter.NotifyId
    in notificationTypes.n list of=1,2,3,4,5,6 else=InvalidParameter.NotifyType
    in receiversIds.n list
DeleteScalingNotification []
    in scalingGroupId text required unknown=InvalidParameter.ScalingGroupId
    in notificationIds.n list required
";
