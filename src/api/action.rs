//! The actions of the service.

use std::fmt;

use super::error::ApiError;

/// Writes the enum and its names from one list.
macro_rules! actions {
    ($($(#[$doc:meta])+ $action:ident,)*) => {
        /// What a call asks for. Prints as the reference's overview spells it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])+ $action,)*
        }

        impl Action {
            /// All actions, family by family.
            pub const ALL: &[Self] = &[$(Self::$action),*];

            /// The name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => stringify!($action),)*
                }
            }
        }
    };
}

actions! {
    /// Makes a configuration.
    CreateScalingConfiguration,
    /// Lists configurations.
    DescribeScalingConfiguration,
    /// Deletes a configuration.
    DeleteScalingConfiguration,

    /// Makes a group.
    CreateScalingGroup,
    /// Lists groups.
    DescribeScalingGroup,
    /// Changes a group.
    ModifyScalingGroup,
    /// Protects instances from removal, or no longer.
    SetCvmProtectedDetach,
    /// Lists the instances of a group.
    DescribeScalingInstance,
    /// Takes running machines into a group.
    AttachInstance,
    /// Takes instances out of a group.
    DetachInstance,
    /// Lists the activities of a group.
    DescribeScalingActivity,
    /// Deletes a group.
    DeleteScalingGroup,

    /// Makes an alarm policy.
    CreateScalingPolicy,
    /// Lists alarm policies.
    DescribeScalingPolicy,
    /// Changes an alarm policy.
    ModifyScalingPolicy,
    /// Deletes an alarm policy.
    DeleteScalingPolicy,

    /// Makes a scheduled task.
    CreateScheduledTask,
    /// Lists scheduled tasks.
    DescribeScheduledTask,
    /// Changes a scheduled task.
    ModifyScheduledTask,
    /// Deletes a scheduled task.
    DeleteScheduledTask,

    /// Makes a hook.
    CreateLifecycleHook,
    /// Lists hooks.
    DescribeLifecycleHook,
    /// Changes a hook.
    ModifyLifecycleHook,
    /// Deletes a hook.
    DeleteLifecycleHook,
    /// Puts a hook into effect.
    AttachLifecycleHookId,
    /// Puts a hook out of effect.
    DetachLifecycleHookId,
    /// Ends the wait of an instance in a hook.
    CompleteLifecycleHookAction,
    /// Prolongs the wait of an instance in a hook.
    RecordLifecycleHookTimeout,

    /// Makes a notification.
    CreateScalingNotification,
    /// Lists notifications.
    DescribeScalingNotification,
    /// Changes a notification.
    ModifyScalingNotification,
    /// Deletes notifications.
    DeleteScalingNotification,
}

impl Action {
    /// By the value of the parameter `Action`, without regard to case: the reference and its
    /// clients write `Lifecycle`, `LifeCycle` and `LIfeCycle`. Only the name counts, whatever
    /// parameters come with it; where a page prints the name of another action, that other action
    /// is what it asks for.
    ///
    /// # Errors
    /// [`ApiError::unknown_action`].
    pub fn find(name: &str) -> Result<Self, ApiError> {
        let found = Self::ALL.iter().find(|action| action.name().eq_ignore_ascii_case(name));
        found.copied().ok_or_else(|| ApiError::unknown_action(name))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
