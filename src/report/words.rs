//! The free texts of an activity, cause, description and message (anomaly A-110), and of what came
//! of an expectation.

use crate::kernel::UtcOffset;
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus};
use crate::report::history::Activity;
use crate::report::result::Finding;

/// Why an activity of this type runs at all; for types 0 and 1 the service's own words.
pub const fn cause(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::ScaleOut => "curr instance less than desired capacity",
        ActivityKind::ScaleIn => "curr instance more than desired capacity",
    }
}

/// What an activity is to do.
pub fn description(activity: &Activity) -> String {
    let direction = match activity.kind {
        ActivityKind::ScaleOut => "out",
        ActivityKind::ScaleIn => "in",
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
        (ActivityError::NothingRemovable, _) => String::from("no instance can be removed"),
        (ActivityError::None, ActivityStatus::Executing) => String::new(),
        (ActivityError::None, ActivityStatus::PartiallySuccessful) => {
            let (done, count) = (activity.succeeded.len(), activity.count);
            format!("{done} of {count} instances done")
        }
        (ActivityError::None, _) => String::from("success"),
    }
}

/// An expectation that does not hold: expected, found and when, in a line.
pub fn finding(finding: &Finding, offset: UtcOffset) -> String {
    let Finding { group, expected, found, t, .. } = finding;
    let found = found.as_deref().unwrap_or("nothing");
    let when = t.map(|t| format!(" at {}", t.format_civil(offset))).unwrap_or_default();
    format!("group {group}: expected {expected}, found {found}{when}")
}
