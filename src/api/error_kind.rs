//! Every way in which a call can fail, as one table.
//!
//! The reference names 16 numbers for all modules and 56 business codes for auto scaling, and
//! connects the two only once. The numbers beside the business codes, the module numbers (but for
//! 100004) and the codes that the reference forgot are ours; clients should go by `codeDesc`.

/// One row of the table.
struct Row {
    code: u16,
    module: u32,
    code_desc: &'static str,
    words: &'static str,
}

/// Writes the enum and its rows from one list, so that neither can lack a member of the other.
macro_rules! kinds {
    ($($kind:ident $code:literal $module:literal $code_desc:literal $words:literal,)*) => {
        /// What is wrong with a call: number, module number, `codeDesc` and words. Variants are
        /// named as their `codeDesc` without the dot, misspellings of the service included.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $(#[doc = concat!("`", $code_desc, "`: ", $words, ".")] $kind,)*
        }

        impl ErrorKind {
            /// All kinds, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            const fn row(self) -> Row {
                let (code, module, code_desc, words) = match self {
                    $(Self::$kind => ($code, $module, $code_desc, $words),)*
                };
                Row { code, module, code_desc, words }
            }
        }
    };
}

kinds! {
    // What any module may answer. The reference gives numbers; the names are ours.
    InvalidParameter 4000 100000 "InvalidParameter" "a parameter is missing or malformed",
    AuthFailure 4100 100010 "AuthFailure" "the signature or the key is not valid",
    UnauthorizedOperation 4101 100011 "UnauthorizedOperation" "the sub user may not call this action",
    UnauthorizedResource 4102 100012 "UnauthorizedResource" "the user may not touch this resource",
    SubAccountNotSupported 4103 100013 "SubAccountNotSupported" "only a developer's own key may call this action",
    RequestExpired 4200 100020 "RequestExpired" "the token of the temporary key has expired",
    AccessDenied 4300 100030 "AccessDenied" "the account is suspended or not admitted here",
    RequestLimitExceeded 4400 100040 "RequestLimitExceeded" "too many requests in this time",
    ReplayAttack 4500 100050 "ReplayAttack" "the request is a repetition, or too far from the present",
    UnsupportedProtocol 4600 100060 "UnsupportedProtocol" "this protocol or method is not served",
    ResourceNotFound 5000 100070 "ResourceNotFound" "there is no such resource",
    ResourceOpFailed 5100 100071 "ResourceOpFailed" "the resource does not allow this now",
    ResourcePurchaseFailed 5200 100072 "ResourcePurchaseFailed" "the resource cannot be bought",
    InsufficientBalance 5300 100073 "InsufficientBalance" "the balance does not pay for this",
    PartialSuccess 5400 100074 "PartialSuccess" "some parts of the batch failed",
    IdentityNotVerified 5500 100075 "IdentityNotVerified" "the account's identity is not verified",
    InternalError 6000 100080 "InternalError" "a fault inside the service",
    UnsupportedAction 6100 100081 "UnsupportedAction" "there is no such action here",
    ServiceUnavailable 6200 100082 "ServiceUnavailable" "the action is out of service for a while",

    // Configurations.
    QuotaExceededScallingConfiguration 4400 100101 "QuotaExceeded.ScallingConfiguration" "no further configuration is allowed",
    NameDuplicateScallingConfiguration 5100 100102 "NameDuplicate.ScallingConfiguration" "another configuration has this name",
    InvalidParameterSecurityGroupId 5000 100103 "InvalidParameter.SecurityGroupId" "there is no such security group",
    InvalidParameterCbsNotMatchCpu 4000 100104 "InvalidParameter.CbsNotMatchCpu" "one core with 1 GB takes cloud disks only",
    InvalidParameterStorageType 4000 100105 "InvalidParameter.storageType" "there is no such type of disk",
    QuotaExceededStorageSize 4400 100106 "QuotaExceeded.storageSize" "the data disk has a size that is not sold",
    QuotaExceededRootSize 4400 100107 "QuotaExceeded.rootSize" "the system disk has a size that is not sold",
    OprationFailCpuOrMemNotExsit 5200 100108 "OprationFail.CpuOrMemNotExsit" "no model with these cores and this memory is to be had",
    ConflictScallingConfigurationUse 5100 100109 "Conflict.ScallingConfigurationUse" "a group uses the configuration",
    InvalidParameterScalingConfigurationIdError 5000 100191 "InvalidParameter.ScalingConfigurationIdError" "there is no such configuration",

    // Groups and instances.
    InvalidParameterInvalidProjectId 5100 100004 "InvalidParameter.InvalidProjectId" "the project is not the right one",
    ConflictMaxsizeLessMinsize 5100 100201 "Conflict.MaxsizeLessMinsize" "the maximum size is below the minimum size, or out of range",
    InvalidParameterZoneIdError 5000 100202 "InvalidParameter.ZoneIdError" "there is no such zone",
    InvalidParameterVpcIdOrSubnetIdError 5000 100203 "InvalidParameter.VpcIdOrSubnetIdError" "there is no such network or subnet",
    ConflictVpcIdVszoneId 5100 100204 "Conflict.VpcIdVszoneId" "a network and zones exclude each other",
    InvalidParameterLoadBalancerIdError 5000 100205 "InvalidParameter.LoadBalancerIdError" "there is no such load balancer",
    QuotaExceededScalingGroup 4400 100206 "QuotaExceeded.ScalingGroup" "no further group is allowed",
    QuotaExceededZoneId 4400 100207 "QuotaExceeded.ZoneId" "too many zones",
    QuotaExceededSubnetId 4400 100208 "QuotaExceeded.SubnetId" "too many subnets",
    QuotaExceededLoadBalancerId 4400 100209 "QuotaExceeded.LoadBalancerId" "too many load balancers",
    NameDuplicateScalingGroup 5100 100210 "NameDuplicate.ScalingGroup" "another group has this name",
    ConflictInsufficientBalance 5300 100211 "Conflict.InsufficientBalance" "the balance does not pay for the group",
    InvalidParameterScalingGroupIdError 5000 100212 "InvalidParameter.ScalingGroupIdError" "there is no such group",
    InvalidParameterDesiredCapacity 4000 100213 "InvalidParameter.DesiredCapacity" "the desired capacity is outside the group's sizes",
    InvalidParameterProtectedFromDetach 4000 100214 "InvalidParameter.ProtectedFromDetach" "protection is 0 (off) or 1 (on)",
    InvalidParameterInstanceIdError 5000 100215 "InvalidParameter.InstanceIdError" "there is no such instance",
    IncorrectInstanceStatusInOtherScalingGroup 5100 100216 "IncorrectInstanceStatus.InOtherScalingGroup" "the instance belongs to another group",
    InvalidInstanceIdScalingConfigurationMismatch 5100 100217 "InvalidInstanceId.ScalingConfigurationMismatch" "the instance differs from the group's configuration",
    ScalingGroupInActivity 5100 100291 "ScalingGroup.InActivity" "an activity of the group is under way",
    IncorrectScalingGroupStatusInactive 5100 100292 "IncorrectScalingGroupStatus.Inactive" "the group is out of service",
    ConflictScalingGroupNotEmpty 5100 100293 "Conflict.ScalingGroupNotEmpty" "the group has instances left",
    ConflictInstanceNumExceedMaxsize 5100 100294 "Conflict.InstanceNumExceedMaxsize" "the group would grow above its maximum size",
    ConflictInstanceNumLessMinsize 5100 100295 "Conflict.InstanceNumLessMinsize" "the group would shrink below its minimum size",
    IncorrectInstanceStatusNotRunning 5100 100296 "IncorrectInstanceStatus.NotRunning" "the instance does not run",

    // Alarm policies.
    NameDuplicateScalingPolicy 5100 100301 "NameDuplicate.ScalingPolicy" "another policy of the group has this name",
    QuotaExceededScalingPolicy 4400 100302 "QuotaExceeded.ScalingPolicy" "no further policy is allowed in the group",
    InvalidParameterMetric 4000 100303 "InvalidParameter.Metric" "the rule over the metric cannot be",
    InvalidParameterScalingPolicyAdjustmentTypeError 4000 100304 "InvalidParameter.ScalingPolicyAdjustmentTypeError" "there is no such type of adjustment",
    InvalidParameterScalingPolicyNameError 4000 100305 "InvalidParameter.ScalingPolicyNameError" "the policy's name cannot be",
    InvalidParameterAdjustmentValue 4000 100306 "InvalidParameter.AdjustmentValue" "the adjustment is out of range",
    InvalidParameterMetricError 4000 100307 "InvalidParameter.MetricError" "the changed rule over the metric cannot be",
    InvalidParameterScalingPolicyAdjustmenttypeError 4000 100308 "InvalidParameter.ScalingPolicyAdjustmenttypeError" "there is no such type to change the adjustment to",
    ConflictModifyDefaultScalingPolicyError 5100 100309 "Conflict.ModifyDefaultScalingPolicyError" "the default policy stays as it is",
    ConflictDeleteDefaultScalingPolicyError 5100 100310 "Conflict.DeleteDefaultScalingPolicyError" "the default policy cannot go",
    InvalidParameterScalingPolicyIdError 5000 100391 "InvalidParameter.ScalingPolicyIdError" "there is no such policy",

    // Scheduled tasks.
    QuotaExceededScheduledTask 4400 100401 "QuotaExceeded.ScheduledTask" "no further task is allowed in the group",
    NameDuplicateScheduledTask 5100 100402 "NameDuplicate.ScheduledTask" "another task of the group has this name",
    InvalidScheduleTaskTimeConflict 5100 100403 "InvalidScheduleTask.TimeConflict" "two tasks of the group would trigger in one minute",
    InvalidParameterEndtimeAndRecurrence 4000 100404 "InvalidParameter.EndtimeAndRecurrence" "a repetition needs both its recurrence and its end",
    InvalidScheduledTaskNotExist 5000 100405 "InvalidScheduledTask.NotExist" "there is no such task",

    // Lifecycle hooks.
    HookParameterErrorTransition 4000 100501 "HookParameterError.Transition" "a transition is 0 (creation) or 1 (termination)",
    HookParameterErrorDefaultResult 4000 100502 "HookParameterError.DefaultResult" "a default result is 0 (go on) or 1 (give up)",
    NameDuplicateLifeCycleHook 5100 100503 "NameDuplicate.LifeCycleHook" "another hook of the group has this name",
    InvalidParameterGroupIdInHook 5000 100504 "InvalidParameter.GroupIdInHook" "there is no such user group to tell",
    ConflictNameVsLifeCycleHookId 5100 100505 "Conflict.NameVsLifeCycleHookId" "the hook has another name",
    InActivityHookId 5100 100506 "InActivity.HookId" "the hook is in use",
    HookParameterErrorLifeCycleHookResult 4000 100507 "HookParameterError.LifeCycleHookResult" "a result is 0 (go on) or 1 (give up)",
    ConflictScalingGroupIdVsLifeCycleHookId 5000 100508 "Conflict.ScalingGroupIdVsLifeCycleHookId" "the group has no such hook",
    QuotaExceededHookLimit 4400 100509 "QuotaExceeded.HookLimit" "no further hook is allowed in the group",
    IncorrectInstanceStatusNotInHook 5100 100591 "IncorrectInstanceStatus.NotInHook" "the instance does not wait in the hook",

    // Notifications.
    InvalidParameterScalingGroupId 5000 100601 "InvalidParameter.ScalingGroupId" "no group has this scalingGroupId",
    InvalidParameterNotifyType 4000 100602 "InvalidParameter.NotifyType" "there is no such type of notification",
    InvalidParameterNotifyPara 4000 100603 "InvalidParameter.NotifyPara" "nothing to be told, or nobody to tell it to",
    InvalidParameterNotifyId 5000 100604 "InvalidParameter.NotifyId" "there is no such notification",
    InvalidParameterGroupId 5000 100605 "InvalidParameter.GroupId" "there is no such user group",
    QuotaExceededScalingNotification 4400 100691 "QuotaExceeded.ScalingNotification" "no further notification is allowed in the group",
}

impl ErrorKind {
    /// The number in `code`: the same for all modules of the service, never 0.
    pub const fn code(self) -> u16 {
        self.row().code
    }

    /// The number in parentheses at the head of `message`: one for each kind.
    pub const fn module(self) -> u32 {
        self.row().module
    }

    /// The business code, as the service spells it.
    pub const fn code_desc(self) -> &'static str {
        self.row().code_desc
    }

    /// The words of `message` where a call has none of its own.
    pub const fn words(self) -> &'static str {
        self.row().words
    }

    /// The kind of this business code, spelled exactly so.
    pub fn of(code_desc: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code_desc() == code_desc)
    }
}
