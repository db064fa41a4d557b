//! A service in which there is one of everything, and good calls of all actions in it.

use std::collections::BTreeMap;

use asgsim::api::Action;
use asgsim::engine::command::WorldCommand;
use asgsim::model::machine::Machine;

use super::service::Service;

/// A service, and the ids of what is in it.
#[derive(Clone)]
pub struct Furnished {
    pub service: Service,
    pub ids: BTreeMap<&'static str, String>,
}

/// A good call of each action, with all its parameters; names in braces stand for ids.
pub const GOOD: [(Action, &str); 32] = [
    (
        Action::CreateScalingConfiguration,
        "scalingConfigurationName=new&imageId=img-1&cpu=2&mem=4&storageType=2&storageSize=20\
         &bandwidthType=PayByHour&bandwidth=5&imageType=2&rootSize=60&password=abcdefg1\
         &keyId=&needMonitorAgent=0&needSecurityAgent=0&wanIp=0&sgId=sg-1&projectId=7\
         &dataSnapshotId=snap-1&cvmType=12&userdata=SGVsbG8%3D",
    ),
    (
        Action::DescribeScalingConfiguration,
        "scalingConfigurationIds.0={asc}&scalingConfigurationName=rich&offset=0&limit=20&projectId=0",
    ),
    (Action::DeleteScalingConfiguration, "scalingConfigurationId={free}"),
    (
        Action::CreateScalingGroup,
        "scalingConfigurationId={asc}&scalingGroupName=new&minSize=1&maxSize=4\
         &removePolicy=RemoveNewestInstance&vpcId=0&zoneIds.0=100002&loadBalancerIds.0=lb-1\
         &projectId=7&desiredCapacity=2",
    ),
    (
        Action::DescribeScalingGroup,
        "scalingGroupIds.0={asg}&scalingGroupIds.1={private}&offset=0&limit=20",
    ),
    (
        Action::ModifyScalingGroup,
        "scalingGroupId={asg}&minSize=1&maxSize=6&removePolicy=RemoveNewestInstance\
         &scalingGroupName=renamed&scalingConfigurationId={free}&desiredCapacity=3",
    ),
    (
        Action::SetCvmProtectedDetach,
        "scalingGroupId={asg}&instanceIds.0={ins}&protectedFromDetach=1",
    ),
    (
        Action::DescribeScalingInstance,
        "scalingGroupId={asg}&instanceIds.0={ins}&creationType=Auto&healthStatus=Healthy&offset=0&limit=20",
    ),
    (Action::AttachInstance, "scalingGroupId={asg}&instanceIds.0=ins-machine1"),
    (Action::DetachInstance, "scalingGroupId={asg}&instanceIds.0={ins}&keepInstance=1"),
    (
        Action::DescribeScalingActivity,
        "scalingGroupId={asg}&scalingActivityIds.0={asa}&offset=0&limit=20\
         &startTime=2016-03-16 00:00:00&endTime=2016-03-17 00:00:00",
    ),
    (Action::DeleteScalingGroup, "scalingGroupId={empty}"),
    (
        Action::CreateScalingPolicy,
        "scalingGroupId={asg}&scalingPolicyName=new&metric.comparisonOperator=Greater\
         &metric.dimensionName=cpu_usage&metric.threshold=50&metric.repeatTimes=2\
         &adjustmentType=QuantityChangeInCapacity&adjustmentValue=1&cooldown=300&notifyIds.0=1832",
    ),
    (
        Action::DescribeScalingPolicy,
        "scalingGroupId={asg}&scalingPolicyIds.0={asp}&scalingPolicyName=out&offset=0&limit=20",
    ),
    (
        Action::ModifyScalingPolicy,
        "scalingGroupId={asg}&scalingPolicyId={asp}&scalingPolicyName=new\
         &metric.comparisonOperator=Less&metric.dimensionName=mem_usage&metric.threshold=20\
         &metric.repeatTimes=1&adjustmentType=PercentChangeInCapacity&adjustmentValue=5\
         &cooldown=60&notifyIds.0=1833",
    ),
    (Action::DeleteScalingPolicy, "scalingGroupId={asg}&scalingPolicyId={asp}"),
    (
        Action::CreateScheduledTask,
        "scalingGroupId={asg}&scalingScheduledTaskName=new&readjustMaxSize=6&readjustMinSize=2\
         &startTime=2016-03-17 07:30:00&endTime=2016-04-17 07:30:00&recurrence=* * * * 1-5",
    ),
    (
        Action::DescribeScheduledTask,
        "scalingGroupId={asg}&scalingScheduledTaskIds.0={asst}&scalingScheduledTaskName=noon\
         &offset=0&limit=20",
    ),
    (
        Action::ModifyScheduledTask,
        "scalingScheduledTaskId={asst}&scalingScheduledTaskName=new&readjustMaxSize=6\
         &readjustMinSize=2&startTime=2016-03-18 09:00:00&endTime=2016-04-17 08:00:00\
         &recurrence=* * * * 1-5&scalingGroupId={asg}",
    ),
    (Action::DeleteScheduledTask, "scalingGroupId={asg}&scalingScheduledTaskId={asst}"),
    (
        Action::ModifyLifecycleHook,
        "scalingGroupId={asg}&lifeCycleHookId={lfh}&lifeCycleHookName=new&lifeCycleHookTimeout=60\
         &defaultResult=1&transition=1&notifyIds.0=1844",
    ),
    (
        Action::DeleteLifecycleHook,
        "scalingGroupId={asg}&lifeCycleHookId={lfh}&lifeCycleHookName=hook",
    ),
    (
        Action::DescribeLifecycleHook,
        "scalingGroupId={asg}&lifeCycleHookId={lfh}&lifeCycleHookName=hook\
         &lifeCycleHookTimeout=10&transition=0&defaultResult=0&offset=0&limit=20",
    ),
    (
        Action::CompleteLifecycleHookAction,
        "scalingGroupId={held}&lifeCycleHookId={holder}&scalingInstanceId={waits}&lifeCycleHookResult=0",
    ),
    (
        Action::RecordLifecycleHookTimeout,
        "scalingGroupId={held}&lifeCycleHookId={holder}&scalingInstanceId={waits}&recordTimeout=120",
    ),
    (Action::AttachLifecycleHookId, "scalingGroupId={asg}&lifeCycleHookId={lfh}"),
    (Action::DetachLifecycleHookId, "scalingGroupId={asg}"),
    (
        Action::CreateLifecycleHook,
        "scalingGroupId={asg}&lifeCycleHookName=new&lifeCycleHookTimeout=60&defaultResult=1\
         &transition=1&notifyIds.0=1844",
    ),
    (
        Action::CreateScalingNotification,
        "scalingGroupId={asg}&notificationTypes.0=1&receiversIds.0=1832",
    ),
    (
        Action::DescribeScalingNotification,
        "scalingGroupId={asg}&notificationIds.0={asn}&offset=0&limit=20",
    ),
    (
        Action::ModifyScalingNotification,
        "scalingGroupId={asg}&notificationId={asn}&notificationTypes.0=3&receiversIds.0=1833",
    ),
    (Action::DeleteScalingNotification, "scalingGroupId={asg}&notificationIds.0={asn}"),
];

/// The good call of an action.
pub fn good(action: Action) -> &'static str {
    GOOD.iter().find(|(known, _)| *known == action).unwrap().1
}

impl Furnished {
    pub fn new() -> Self {
        let mut furnished = Self { service: Service::new(), ids: BTreeMap::new() };
        furnished.groups();
        furnished.parts();
        furnished.held();
        furnished
    }

    /// What a call answers, with names in braces for ids.
    #[track_caller]
    fn make(&mut self, name: &'static str, action: Action, form: &str, field: &str) {
        let form = self.filled(form);
        let data = self.service.done(action.name(), &form);
        let id = data[field].as_str().or(data[field][0].as_str()).unwrap();
        self.ids.insert(name, id.to_owned());
    }

    fn groups(&mut self) {
        let ids = "scalingConfigurationIdSet";
        let rich = good(Action::CreateScalingConfiguration)
            .replace("=new", "=rich")
            .replace("&projectId=7", "");
        self.make("asc", Action::CreateScalingConfiguration, &rich, ids);
        let free = rich.replace("=rich", "=free");
        self.make("free", Action::CreateScalingConfiguration, &free, ids);
        let group =
            "scalingConfigurationId={asc}&minSize=0&maxSize=6&removePolicy=RemoveOldestInstance";
        let basic = format!("{group}&vpcId=0&zoneIds.0=100002");
        let private = format!("{group}&vpcId=vpc-1&subnetIds.0=subnet-1&loadBalancerIds.0=lb-1");
        for (name, form) in [
            ("asg", format!("{basic}&scalingGroupName=web&desiredCapacity=3")),
            ("private", format!("{private}&scalingGroupName=private")),
            ("empty", format!("{basic}&scalingGroupName=empty")),
            ("held", format!("{basic}&scalingGroupName=held")),
        ] {
            self.make(name, Action::CreateScalingGroup, &form, "scalingGroupIdSet");
        }
        self.service.advance(120);
        let web = self.ids["asg"].clone();
        let first = self.service.instances(&web)[0].clone();
        self.ids.insert("ins", first);
        let data = self.service.done("DescribeScalingActivity", &format!("scalingGroupId={web}"));
        let activity = &data["scalingActivitySet"][0]["scalingActivityId"];
        self.ids.insert("asa", activity.as_str().unwrap().to_owned());
        for number in 1..=25 {
            let machine = Machine {
                id: format!("ins-machine{number}").into(),
                cpu: 2,
                mem_gb: 4,
                ..Machine::default()
            };
            self.service.world(&WorldCommand::AddMachine(machine));
        }
    }

    fn parts(&mut self) {
        let of_web = |action: Action, name: &str| good(action).replace("=new", &format!("={name}"));
        let policy = of_web(Action::CreateScalingPolicy, "out");
        self.make("asp", Action::CreateScalingPolicy, &policy, "scalingPolicyIdSet");
        let task = of_web(Action::CreateScheduledTask, "noon").replace("07:30", "08:00");
        self.make("asst", Action::CreateScheduledTask, &task, "scalingScheduleTaskId");
        let hook =
            "scalingGroupId={asg}&lifeCycleHookName=hook&lifeCycleHookTimeout=10&notifyIds.0=1844";
        self.make("lfh", Action::CreateLifecycleHook, hook, "lifeCycleHookId");
        let notification = good(Action::CreateScalingNotification);
        self.make("asn", Action::CreateScalingNotification, notification, "notificationId");
    }

    /// A group one of whose instances waits at a hook.
    fn held(&mut self) {
        let hook = "scalingGroupId={held}&lifeCycleHookName=holder&lifeCycleHookTimeout=600";
        self.make("holder", Action::CreateLifecycleHook, hook, "lifeCycleHookId");
        let held = self.ids["held"].clone();
        let bind = self.filled("scalingGroupId={held}&lifeCycleHookId={holder}");
        self.service.done("AttachLifecycleHookId", &bind);
        let grow = "minSize=1&maxSize=6&removePolicy=RemoveOldestInstance";
        self.service.done("ModifyScalingGroup", &format!("scalingGroupId={held}&{grow}"));
        self.service.advance(90);
        let waits = self.service.instances(&held)[0].clone();
        self.ids.insert("waits", waits);
    }

    /// A form with ids for names in braces.
    pub fn filled(&self, form: &str) -> String {
        self.ids
            .iter()
            .fold(form.to_owned(), |form, (name, id)| form.replace(&format!("{{{name}}}"), id))
    }

    /// The `codeDesc` of a call; nothing changes.
    pub fn code(&self, action: &str, form: &str) -> String {
        self.service.would(action, &self.filled(form))
    }

    /// Number, `codeDesc` and message of a call; nothing changes.
    pub fn told(&self, action: &str, form: &str) -> String {
        self.service.told(action, &self.filled(form))
    }

    /// Holds rows of `expected | Action form` against the service, each on a copy of it.
    #[track_caller]
    pub fn check(&self, rows: &str) {
        for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
            let (expected, call) = row.split_once(" | ").unwrap();
            let (action, form) = call.split_once(' ').unwrap_or((call, ""));
            assert_eq!(self.code(action, form), expected.trim(), "{row}");
        }
    }
}
