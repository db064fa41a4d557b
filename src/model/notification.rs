//! Notifications: who is told of what (SEMANTICS 10).

use serde::{Deserialize, Serialize};

use crate::model::activity::{ActivityKind, ActivityStatus};

/// The reference's notification types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub enum NotificationType {
    /// 1: a scale-out succeeded.
    ScaleOutSucceeded,
    /// 2: a scale-out failed, in part or whole.
    ScaleOutFailed,
    /// 3: a scale-in succeeded.
    ScaleInSucceeded,
    /// 4: a scale-in failed, in part or whole.
    ScaleInFailed,
    /// 5: unhealthy instances were replaced.
    ReplacementSucceeded,
    /// 6: a replacement failed, in part or whole.
    ReplacementFailed,
}

impl NotificationType {
    /// All of them; number n stands at place n - 1.
    pub const ALL: [Self; 6] = [
        Self::ScaleOutSucceeded,
        Self::ScaleOutFailed,
        Self::ScaleInSucceeded,
        Self::ScaleInFailed,
        Self::ReplacementSucceeded,
        Self::ReplacementFailed,
    ];

    /// The number in the reference's table.
    pub const fn number(self) -> u32 {
        self as u32 + 1
    }

    /// What the end of an activity is called; `None` for those that are told to nobody (10.1).
    pub const fn of(kind: ActivityKind, status: ActivityStatus) -> Option<Self> {
        let succeeded = match status {
            ActivityStatus::Successful => true,
            ActivityStatus::PartiallySuccessful | ActivityStatus::Failed => false,
            ActivityStatus::Executing | ActivityStatus::Cancelled => return None,
        };
        match (kind, succeeded) {
            (ActivityKind::ScaleOut, true) => Some(Self::ScaleOutSucceeded),
            (ActivityKind::ScaleOut, false) => Some(Self::ScaleOutFailed),
            (ActivityKind::ScaleIn, true) => Some(Self::ScaleInSucceeded),
            (ActivityKind::ScaleIn, false) => Some(Self::ScaleInFailed),
            (ActivityKind::Replace, true) => Some(Self::ReplacementSucceeded),
            (ActivityKind::Replace, false) => Some(Self::ReplacementFailed),
            (ActivityKind::Attach | ActivityKind::Detach, _) => None,
        }
    }
}

impl From<NotificationType> for u32 {
    fn from(kind: NotificationType) -> Self {
        kind.number()
    }
}

impl TryFrom<u32> for NotificationType {
    type Error = NotificationError;

    fn try_from(number: u32) -> Result<Self, NotificationError> {
        let known = Self::ALL.into_iter().find(|kind| kind.number() == number);
        known.ok_or(NotificationError::Type { number: i64::from(number) })
    }
}

/// A subscription to the ends of a group's activities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// What it listens to; sorted, without doubles, at least one.
    pub types: Vec<NotificationType>,
    /// User groups that are told; sorted, without doubles, at least one.
    pub receivers: Vec<String>,
}

/// Why the service refuses a subscription.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// Not a number of the table.
    #[error("notification type {number} is unknown: 1 to 6")]
    Type {
        /// The number found.
        number: i64,
    },
    /// Nothing to listen to, or nobody to tell.
    #[error("a notification needs at least one of {what}")]
    Empty {
        /// Which list is empty.
        what: &'static str,
    },
}

impl NotificationError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Type { .. } => "InvalidParameter.NotifyType",
            Self::Empty { .. } => "InvalidParameter.NotifyPara",
        }
    }

    /// The key of the scenario file that is at fault.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Type { .. } => "types",
            Self::Empty { what } => what,
        }
    }
}

impl Subscription {
    /// A subscription with both lists sorted and without doubles.
    ///
    /// # Errors
    /// [`NotificationError::Empty`] if one of the lists is.
    pub fn new(
        mut types: Vec<NotificationType>,
        mut receivers: Vec<String>,
    ) -> Result<Self, NotificationError> {
        types.sort_unstable();
        types.dedup();
        receivers.sort_unstable();
        receivers.dedup();
        let subscription = Self { types, receivers };
        subscription.check()?;
        Ok(subscription)
    }

    /// Checks that neither list is empty.
    ///
    /// # Errors
    /// [`NotificationError::Empty`] if one of the lists is.
    pub const fn check(&self) -> Result<(), NotificationError> {
        if self.types.is_empty() {
            return Err(NotificationError::Empty { what: "types" });
        }
        if self.receivers.is_empty() {
            return Err(NotificationError::Empty { what: "receivers" });
        }
        Ok(())
    }
}
