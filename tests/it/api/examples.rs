//! The calls that the reference prints, with ids of what is there; where a printed call goes
//! against its own page, the corrected one.

use std::collections::BTreeMap;

use asgsim::api::Action;
use serde_json::Value;

use super::facts::pages;
use super::furnished::Furnished;
use super::reference::{data_of, fields_of};

/// The printed call of each action.
const EXAMPLES: &str = "
CreateScalingConfiguration scalingConfigurationName=configuration_test&imageType=2&imageId=img-50mr2ow7&cpu=1&mem=2&storageType=6&storageSize=100&bandwidthType=PayByTraffic&bandwidth=1&projectId=0&cvmType=12
DescribeScalingConfiguration
DeleteScalingConfiguration scalingConfigurationId={free}
CreateScalingGroup scalingGroupName=new&scalingConfigurationId={asc}&minSize=1&maxSize=10&vpcId=0&removePolicy=RemoveOldestInstance&zoneIds.0=100001&loadBalancerIds.0=qlb-1
DescribeScalingGroup scalingGroupIds.0={asg}
ModifyScalingGroup minSize=3&maxSize=20&scalingGroupId={asg}&removePolicy=RemoveOldestInstance
SetCvmProtectedDetach scalingGroupId={asg}&instanceIds.0={ins}&protectedFromDetach=1
DescribeScalingInstance scalingGroupId={asg}
AttachInstance scalingGroupId={asg}&instanceIds.0=ins-machine1&instanceIds.1=ins-machine2
DetachInstance scalingGroupId={asg}&instanceIds.0={ins}&instanceIds.1={second}
DescribeScalingActivity scalingGroupId={asg}&limit=1
DeleteScalingGroup scalingGroupId={empty}
CreateScalingPolicy scalingGroupId={asg}&scalingPolicyName=new&adjustmentType=QuantityChangeInCapacity&adjustmentValue=10&cooldown=300&metric={\"dimensionName\":\"cpu_usage\",\"comparisonOperator\":\"EqualOrGreater\",\"threshold\":50}&notifyIds.0=1832&notifyIds.1=1833
DescribeScalingPolicy scalingGroupId={asg}
ModifyScalingPolicy scalingGroupId={asg}&scalingPolicyId={asp}&scalingPolicyName=new&adjustmentType=QuantityChangeInCapacity&adjustmentValue=10&cooldown=300&metric={\"dimensionName\":\"cpu_usage\",\"comparisonOperator\":\"Greater\",\"threshold\":50}&notifyIds.0=1832&notifyIds.1=1833
DeleteScalingPolicy scalingGroupId={asg}&scalingPolicyId={asp}
CreateScheduledTask scalingGroupId={asg}&scalingScheduledTaskName=new&readjustMaxSize=10&readjustMinSize=1&startTime=2016-03-16 13:00:00&endTime=2017-03-16 12:00:00&recurrence= * * 1 * *
DescribeScheduledTask scalingGroupId={asg}
ModifyScheduledTask scalingGroupId={asg}&scalingScheduledTaskId={asst}&recurrence=* * * * * 1
DeleteScheduledTask scalingGroupId={asg}&scalingScheduleTaskId={asst}
ModifyLifecycleHook scalingGroupId={asg}&lifeCycleHookId={lfh}&lifeCycleHookTimeout=10
DeleteLifecycleHook scalingGroupId={asg}&lifeCycleHookId={lfh}
DescribeLifecycleHook
CompleteLifecycleHookAction scalingGroupId={held}&lifeCycleHookId={holder}&scalingInstanceId={waits}&lifeCycleHookResult=1
RecordLifecycleHookTimeout scalingGroupId={held}&lifeCycleHookId={holder}&scalingInstanceId={waits}&recordTimeout=120
AttachLifecycleHookId scalingGroupId={asg}&lifeCycleHookId={lfh}
DetachLifecycleHookId scalingGroupId={asg}
CreateLifecycleHook scalingGroupId={asg}&lifeCycleHookName=new&lifeCycleHookTimeout=10&notifyIds.0=1844
CreateScalingNotification scalingGroupId={asg}&notificationTypes.0=1&notificationTypes.1=2&receiversIds.0=1832&receiversIds.1=1833
DescribeScalingNotification scalingGroupId={asg}&notificationIds.0={asn}
ModifyScalingNotification scalingGroupId={asg}&notificationId={asn}&notificationTypes.0=1&notificationTypes.1=2&receiversIds.0=1832&receiversIds.1=1833
DeleteScalingNotification scalingGroupId={asg}&notificationIds.0={asn}
";

/// Those that are printed otherwise, and what they answer as printed.
const AS_PRINTED: &str = "
    Success | CreateScalingGroup scalingGroupName=new&scalingConfigurationId={asc}&minSize=1&maxSize=10&vpId=0&removePolicy=RemoveOldestInstance&zoneIds.0=100001&loadBalancerIds.0=qlb-1
    InvalidParameter.EndtimeAndRecurrence | CreateScheduledTask scalingGroupId={asg}&scalingScheduledTaskName=new&readjustMaxSize=10&readjustMinSize=1&startTime=2016-03-16 13:00:00&recurrence= * * 1 * *
    InvalidParameter | DeleteLifecycleHook scalingGroupId={asg}&notificationIds.0={asn}
    Success | DescribeScalingNotification scalingGroupId={asg}&notificationTypes.0=1&notificationTypes.1=2&receiversIds.0=1832&receiversIds.1=1833
    InvalidParameter | ModifyScalingNotification scalingGroupId={asg}&notificationTypes.0=1&notificationTypes.1=2&receiversIds.0=1832&receiversIds.1=1833
";

/// The last sentence of every page. What comes back has no fields but the page's, of their types.
#[test]
fn s_217_printed_calls_are_served() {
    let mut furnished = Furnished::new();
    let web = furnished.ids["asg"].clone();
    let second = furnished.service.instances(&web)[1].clone();
    furnished.ids.insert("second", second);
    let lines: Vec<&str> = EXAMPLES.lines().filter(|line| !line.is_empty()).collect();
    let pages = pages();
    assert_eq!(lines.len(), pages.len());
    for (line, page) in lines.into_iter().zip(pages) {
        let (action, form) = line.split_once(' ').unwrap_or((line, ""));
        assert_eq!(Action::find(action), Ok(page.action));
        let mut service = furnished.service.clone();
        let body: Value = service.call(action, &furnished.filled(form));
        assert_eq!(body["codeDesc"], "Success", "{line}: {body}");
        assert_eq!(data_of(&body), page.data, "{line}: {body}");
        let mut found = BTreeMap::new();
        fields_of(&body["data"], "", &mut found);
        for (path, kinds) in found {
            let kind = page.fields.get(path.as_str()).unwrap_or_else(|| panic!("{action} {path}"));
            assert!(kinds.iter().all(|found| kind.split('|').any(|kind| kind == *found)), "{path}");
        }
    }
    furnished.check(AS_PRINTED);
}
