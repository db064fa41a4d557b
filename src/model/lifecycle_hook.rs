//! Lifecycle hooks: a wait on the way in or out, which somebody ends or time does (SEMANTICS 6).

use serde::{Deserialize, Serialize};

use crate::kernel::{Micro, SimDuration, SimTime};
use crate::model::id::HookOrdinal;
use crate::model::limits::Limits;
use crate::model::policy::is_name;

/// On which side of an instance's life a hook holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Transition {
    /// 0: after its creation.
    Launch,
    /// 1: before its removal.
    Terminate,
}

/// What becomes of an instance when its wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum HookResult {
    /// 0: it goes on.
    Continue,
    /// 1: a launch is refused; a removal goes on all the same.
    Disable,
}

/// Who completes the waits of a scripted hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How long after the begin of a wait.
    pub after: SimDuration,
    /// With what result.
    pub result: HookResult,
    /// How probable it is that the answer comes at all: 0 to 1; each instance draws its own.
    pub probability: Micro,
}

/// A lifecycle hook of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LifecycleHook {
    /// User-defined, unique in the group, 1 to 60 characters.
    pub name: String,
    /// Which side it holds.
    pub transition: Transition,
    /// How long an instance waits, unless somebody ends or renews the wait: 1 to 7200 s.
    pub timeout: SimDuration,
    /// What happens then.
    pub default_result: HookResult,
    /// User groups that are told of each wait.
    #[serde(default)]
    pub notify_ids: Vec<String>,
    /// Who completes its waits; without one they time out or are completed by a command.
    #[serde(default)]
    pub answer: Option<Answer>,
}

/// What the reference allows of [`LifecycleHook::timeout`], in seconds.
pub const TIMEOUT_RANGE_S: std::ops::RangeInclusive<i64> = 1..=7200;
/// The longest that renewals can stretch a wait: 48 hours, or a hundred time-outs.
const WAIT_MAX: SimDuration = SimDuration::from_s(48 * 3600);
const TIMEOUTS_MAX: i64 = 100;

/// Why the service refuses a hook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HookError {
    /// Empty, longer than 60 characters, or with control characters.
    #[error("hook name {name:?} must have 1 to 60 characters, none of them a control character")]
    Name {
        /// The name found.
        name: String,
    },
    /// Not whole seconds within 1..=7200.
    #[error("hook timeout {timeout} is out of range: whole seconds, 1 to 7200")]
    Timeout {
        /// The value found.
        timeout: SimDuration,
    },
    /// An answer before the begin of the wait.
    #[error("answer after {after} is out of range: 0 or more")]
    AnswerAfter {
        /// The value found.
        after: SimDuration,
    },
    /// A probability that is none.
    #[error("answer probability {probability} is out of range: 0 to 1")]
    Probability {
        /// The value found.
        probability: Micro,
    },
    /// More user groups than are told.
    #[error("{count} user groups are more than the limit of {limit} (limits.notify_ids)")]
    NotifyIds {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: u32,
    },
}

impl HookError {
    /// The service's business code.
    pub const fn code(&self) -> &'static str {
        "InvalidParameter"
    }

    /// The key of the scenario file that is at fault.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Name { .. } => "name",
            Self::Timeout { .. } => "timeout",
            Self::AnswerAfter { .. } => "answer.after",
            Self::Probability { .. } => "answer.probability",
            Self::NotifyIds { .. } => "notify_ids",
        }
    }
}

impl LifecycleHook {
    /// Checks everything that can be said of a hook alone.
    ///
    /// # Errors
    /// The first [`HookError`] in the order name, timeout, answer, user groups.
    pub fn check(&self, limits: &Limits) -> Result<(), HookError> {
        if !is_name(&self.name) {
            return Err(HookError::Name { name: self.name.clone() });
        }
        check_timeout(self.timeout)?;
        if let Some(Answer { after, probability, .. }) = self.answer {
            if after < SimDuration::ZERO {
                return Err(HookError::AnswerAfter { after });
            }
            if !(0..=1_000_000).contains(&probability.millionths()) {
                return Err(HookError::Probability { probability });
            }
        }
        let (count, limit) = (self.notify_ids.len(), limits.notify_ids);
        if u32::try_from(count).unwrap_or(u32::MAX) > limit {
            return Err(HookError::NotifyIds { count, limit });
        }
        Ok(())
    }

    /// The hook with a change; what the change does not name stays.
    #[must_use]
    pub fn changed(&self, change: &HookChange) -> Self {
        Self {
            name: change.name.clone().unwrap_or_else(|| self.name.clone()),
            transition: change.transition.unwrap_or(self.transition),
            timeout: change.timeout.unwrap_or(self.timeout),
            default_result: change.default_result.unwrap_or(self.default_result),
            notify_ids: change.notify_ids.clone().unwrap_or_else(|| self.notify_ids.clone()),
            answer: change.answer.or(self.answer),
        }
    }
}

fn check_timeout(timeout: SimDuration) -> Result<(), HookError> {
    let range =
        SimDuration::from_s(*TIMEOUT_RANGE_S.start())..=SimDuration::from_s(*TIMEOUT_RANGE_S.end());
    if !range.contains(&timeout) || timeout.ms() % 1000 != 0 {
        return Err(HookError::Timeout { timeout });
    }
    Ok(())
}

/// ModifyLifecycleHook: what is `None` stays. Waits under way are not touched (6.4).
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HookChange {
    /// New name.
    pub name: Option<String>,
    /// New side.
    pub transition: Option<Transition>,
    /// New time-out.
    pub timeout: Option<SimDuration>,
    /// New default result.
    pub default_result: Option<HookResult>,
    /// New list of user groups.
    pub notify_ids: Option<Vec<String>>,
    /// New script of answers.
    pub answer: Option<Answer>,
}

/// An instance that waits at a hook, with the parameters the hook had when the wait began (6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookWait {
    /// Which hook.
    pub hook: HookOrdinal,
    /// On which side.
    pub transition: Transition,
    /// When the wait began.
    pub begin: SimTime,
    /// When the default result is applied, unless the wait is over by then.
    pub deadline: SimTime,
    /// The hook's time-out then.
    pub timeout: SimDuration,
    /// The hook's default result then.
    pub default_result: HookResult,
    /// When somebody completes it, and how, if that is known.
    pub answer: Option<(SimTime, HookResult)>,
}

impl HookWait {
    /// The wait of an instance that begins now; `answers` says whether a scripted answer comes.
    pub fn begin(hook: HookOrdinal, rule: &LifecycleHook, now: SimTime, answers: bool) -> Self {
        let answer = rule.answer.filter(|_| answers);
        Self {
            hook,
            transition: rule.transition,
            begin: now,
            deadline: now + rule.timeout,
            timeout: rule.timeout,
            default_result: rule.default_result,
            answer: answer.map(|answer| (now + answer.after, answer.result)),
        }
    }

    /// The deadline after a renewal by `timeout` from `now` on, at most 48 hours and at most a
    /// hundred time-outs after the begin (6.2).
    pub fn renewed(&self, now: SimTime, timeout: SimDuration) -> SimTime {
        let longest = self.timeout.times(TIMEOUTS_MAX).min(WAIT_MAX);
        (now + timeout).min(self.begin + longest)
    }
}
