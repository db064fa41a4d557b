//! What each action refuses, and what it just lets pass: rows of `codeDesc | Action parameters`,
//! each on a copy of one furnished service.

use asgsim::SimTime;
use asgsim::api::{Region, Resource, ResourceKind};
use asgsim::engine::command::{Command, WorldCommand};
use asgsim::model::failure::{Condition, FailureCause};
use asgsim::model::machine::Machine;
use asgsim::model::realm::Realm;

use super::furnished::Furnished;

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
