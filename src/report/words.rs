//! The free texts of an activity, cause, description and message (anomaly A-110), and of what came
//! of an expectation.

use crate::kernel::UtcOffset;
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus};
use crate::report::history::Activity;
use crate::report::result::Finding;

/// Why an activity runs at all, with the ids of the instances it is about; for types 0, 1 and 3
/// the service's own words.
pub fn cause(kind: ActivityKind, instances: &[String]) -> String {
    let ids = instances.join(", ");
    match kind {
        ActivityKind::ScaleOut => String::from("curr instance less than desired capacity"),
        ActivityKind::ScaleIn => String::from("curr instance more than desired capacity"),
        ActivityKind::Attach => format!("Users are added to the CVM [{ids}]"),
        ActivityKind::Detach => format!("Users are removed from the CVM [{ids}]"),
        ActivityKind::Replace => format!("unhealthy instance [{ids}]"),
    }
}

/// What an activity is to do.
pub fn description(activity: &Activity) -> String {
    let direction = match activity.kind {
        ActivityKind::ScaleOut => "out",
        ActivityKind::ScaleIn => "in",
        ActivityKind::Attach => return format!("attach {} instance", activity.count),
        ActivityKind::Detach => return format!("detach {} instance", activity.count),
        ActivityKind::Replace => return format!("replace {} instance", activity.count),
    };
    match activity.status {
        ActivityStatus::Cancelled => format!("scale {direction} cancelled"),
        _ => format!("scale {direction} {} instance", activity.count),
    }
}

/// How it went: `success`, or the reason why not; empty while it runs.
pub fn message(activity: &Activity, offset: UtcOffset) -> String {
    match (activity.error, activity.status) {
        (ActivityError::Busy, _) => String::from("the group is performing an activity"),
        (ActivityError::Cooldown, _) => match activity.refused_until {
            Some(until) => format!("the group is in cooldown until {}", until.format_civil(offset)),
            None => String::from("the group is in cooldown"),
        },
        (error, ActivityStatus::Failed | ActivityStatus::PartiallySuccessful)
            if error != ActivityError::None =>
        {
            reason(error).to_owned()
        }
        (ActivityError::NothingRemovable, _) => String::from("no instance can be removed"),
        (ActivityError::None, ActivityStatus::Executing) => String::new(),
        (ActivityError::None, ActivityStatus::PartiallySuccessful) => {
            let (done, count) = (activity.done(), activity.count);
            format!("{done} of {count} instances done")
        }
        _ => String::from("success"),
    }
}

/// An error of the reference's table as its code and words.
pub fn coded(error: ActivityError) -> String {
    format!("{} {}", error.code(), reason(error))
}

/// An error of the reference's table, in words.
pub const fn reason(error: ActivityError) -> &'static str {
    match error {
        ActivityError::None => "",
        ActivityError::ImageDeleted => "the image was deleted",
        ActivityError::LbDeleted => "the load balancer was deleted",
        ActivityError::SnapshotDeleted => "the snapshot was deleted",
        ActivityError::SecurityGroupDeleted => "the security group was deleted",
        ActivityError::SubnetDeleted => "the subnet was deleted",
        ActivityError::SoldOut => "sold out",
        ActivityError::ModelGone => "the model is not sold any more",
        ActivityError::Short => "the back end is short of resources",
        ActivityError::Quota => "the account's quota is used up",
        ActivityError::Balance => "the account's balance is used up",
        ActivityError::Busy => "the group is performing an activity",
        ActivityError::Cooldown => "the group is in cooldown",
        ActivityError::KeyDeleted => "the key pair was deleted",
        ActivityError::LaunchRefused => "a hook refused the launch",
        ActivityError::NothingRemovable => "no instance can be removed",
    }
}

/// An expectation that does not hold: expected, found and when, in a line.
pub fn finding(finding: &Finding, offset: UtcOffset) -> String {
    let Finding { group, expected, found, t, .. } = finding;
    let found = found.as_deref().unwrap_or("nothing");
    let when = t.map(|t| format!(" at {}", t.format_civil(offset))).unwrap_or_default();
    format!("group {group}: expected {expected}, found {found}{when}")
}
