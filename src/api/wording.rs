//! The engine's refusals in the words of the wire.
//!
//! The engine speaks to the writer of a scenario and names the keys of a scenario file. A client
//! has sent parameters, so it is told of these.

use crate::engine::command::CommandError;
use crate::model::capacity::SizeError;
use crate::model::configuration::ConfigurationError;
use crate::model::lifecycle_hook::HookError;
use crate::model::policy::{PolicyError, REPEAT_TIMES_MAX};
use crate::model::scheduled_task::TaskError;

/// What went wrong, by the parameter that did it where it is one.
pub(super) fn words(error: &CommandError) -> String {
    match error {
        CommandError::GroupName { name } => name_fault("scalingGroupName", name),
        CommandError::Quota { noun, limit, .. } => {
            format!("one more {noun} is above the limit of {limit}")
        }
        CommandError::InstancesPerCall { count, limit } => entries("instanceIds", *count, *limit),
        CommandError::ZonesAndSubnets => String::from("zoneIds and subnetIds exclude each other"),
        CommandError::Size(error) => size(error, ["minSize", "maxSize"]),
        CommandError::Task(error) => task(error),
        CommandError::Policy(error) => policy(error),
        CommandError::Hook(error) => hook(error),
        CommandError::Configuration(error) => configuration(error),
        CommandError::NotInHook { .. } => String::from(
            "parameter scalingInstanceId is that of an instance that does not wait at a hook",
        ),
        CommandError::RenewTimeout { timeout } => {
            format!("parameter recordTimeout is {timeout}; allowed is 1 s or more")
        }
        other => other.to_string(),
    }
}

fn name_fault(parameter: &str, name: &str) -> String {
    let allowed = "1 to 60 characters, none of them a control character";
    format!("parameter {parameter} is {name:?}; allowed are {allowed}")
}

fn entries(parameter: &str, found: usize, max: u32) -> String {
    format!("parameter {parameter} has {found} entries; allowed are 1 to {max}")
}

fn size(error: &SizeError, [least, most]: [&str; 2]) -> String {
    match error {
        SizeError::AboveLimit { max, limit } => {
            format!("parameter {most} is {max}; allowed is 0 to {limit}")
        }
        SizeError::MinAboveMax { min, max } => {
            format!("parameter {least} is {min}, which is above {most}, {max}")
        }
        SizeError::Desired { desired, min, max } => {
            format!(
                "parameter desiredCapacity is {desired}; allowed is {least} to {most}, {min} to {max}"
            )
        }
    }
}

fn task(error: &TaskError) -> String {
    match error {
        TaskError::Name { name } => name_fault("scalingScheduledTaskName", name),
        TaskError::Size(error) => size(error, ["readjustMinSize", "readjustMaxSize"]),
        TaskError::HalfRepeat => {
            String::from("parameters endTime and recurrence go together: a task has both or none")
        }
        TaskError::EndBeforeStart => String::from("parameter endTime is before startTime"),
    }
}

fn policy(error: &PolicyError) -> String {
    match error {
        PolicyError::Name { name } => name_fault("scalingPolicyName", name),
        PolicyError::Threshold { dimension, threshold, allowed } => {
            format!(
                "parameter metric.threshold of {dimension} is {threshold}; allowed is {allowed}"
            )
        }
        PolicyError::RepeatTimes { repeat_times } => format!(
            "parameter metric.repeatTimes is {repeat_times}; allowed is 1 to {REPEAT_TIMES_MAX}"
        ),
        PolicyError::Adjustment { value, min, max, .. } => {
            format!("parameter adjustmentValue is {value}; allowed is {min} to {max}")
        }
        PolicyError::Cooldown { cooldown } => {
            format!("parameter cooldown is {cooldown}; allowed are 0 to 999999 seconds")
        }
        PolicyError::NotifyIds { count, limit } => entries("notifyIds", *count, *limit),
    }
}

fn hook(error: &HookError) -> String {
    match error {
        HookError::Name { name } => name_fault("lifeCycleHookName", name),
        HookError::Timeout { timeout } => {
            format!("parameter lifeCycleHookTimeout is {timeout}; allowed are 1 to 7200 seconds")
        }
        HookError::NotifyIds { count, limit } => entries("notifyIds", *count, *limit),
        // An answer is no parameter.
        HookError::AnswerAfter { .. } | HookError::Probability { .. } => error.to_string(),
    }
}

fn configuration(error: &ConfigurationError) -> String {
    match error {
        ConfigurationError::Name { name } => name_fault("scalingConfigurationName", name),
        ConfigurationError::StorageSize { size_gb, max_gb } => {
            format!("parameter storageSize is {size_gb}; allowed is 0 to {max_gb}")
        }
        ConfigurationError::RootSize { size_gb } => {
            format!("parameter rootSize is {size_gb}; allowed is 20 to 500")
        }
        ConfigurationError::SnapshotOnLocalDisk => {
            String::from("parameter dataSnapshotId needs a storageType that is a cloud disk")
        }
        ConfigurationError::Other { what, found, allowed } => {
            format!("parameter {} is {found}; allowed is {allowed}", parameter(what))
        }
        ConfigurationError::Size { .. } | ConfigurationError::LocalDiskTooLarge => {
            error.to_string()
        }
    }
}

/// A key of `[[configuration]]` as the wire calls it.
fn parameter(key: &str) -> &str {
    match key {
        "image" => "imageId",
        "image_type" => "imageType",
        "cvm_type" => "cvmType",
        "storage_size" => "storageSize",
        "key" => "keyId",
        other => other,
    }
}
