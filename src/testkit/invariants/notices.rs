//! Laws of notifications (SEMANTICS 10).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::{Story, at};
use crate::model::activity::{ActivityKind, ActivityStatus};
use crate::model::id::{ActivityOrdinal, HookOrdinal, NotificationOrdinal, PolicyOrdinal};
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::notification::{NotificationType, Subscription};
use crate::model::policy::Policy;
use crate::model::record::{Entry, Notice, Outcome, Record};

/// Who listens to what, from the records read so far, and who is to be told next.
#[derive(Default)]
struct Post {
    policies: BTreeMap<PolicyOrdinal, Arc<Policy>>,
    hooks: BTreeMap<HookOrdinal, Arc<LifecycleHook>>,
    subscriptions: BTreeMap<NotificationOrdinal, Arc<Subscription>>,
    running: Option<ActivityKind>,
    due: VecDeque<Notice>,
}

pub(super) fn match_what_they_tell(story: &Story<'_>) -> Result<(), String> {
    let mut post = Post::default();
    for entry in story.log {
        match &entry.record {
            Record::Notified(notice) => {
                if post.due.pop_front().as_ref() != Some(notice) {
                    return Err(at(entry, "nobody, or another, was to be told"));
                }
            }
            // These belong to the end of an activity, before its notices.
            Record::CooldownOpened { .. } | Record::BackedOff { .. } => {}
            _ if post.due.is_empty() => post.read(entry),
            _ => return Err(at(entry, format_args!("to be told before: {:?}", post.due))),
        }
    }
    match post.due.pop_front() {
        Some(notice) => Err(format!("at the end of the log: {notice:?} is not told")),
        None => Ok(()),
    }
}

impl Post {
    fn read(&mut self, entry: &Entry) {
        match &entry.record {
            Record::PolicyCreated { policy, definition }
            | Record::PolicyModified { policy, definition } => {
                self.policies.insert(*policy, Arc::clone(definition));
            }
            Record::HookCreated { hook, definition }
            | Record::HookModified { hook, definition } => {
                self.hooks.insert(*hook, Arc::clone(definition));
            }
            Record::NotificationCreated { notification, definition }
            | Record::NotificationModified { notification, definition } => {
                self.subscriptions.insert(*notification, Arc::clone(definition));
            }
            Record::NotificationDeleted { notification } => {
                self.subscriptions.remove(notification);
            }
            Record::Trigger(decision) if decision.outcome == Outcome::Accepted => {
                let policy = decision.policy;
                let ids = self.policies.get(&policy).map(|found| sorted(&found.notify_ids));
                if let Some(receivers) = ids.filter(|ids| !ids.is_empty()) {
                    self.due.push_back(Notice::Policy { policy, receivers });
                }
            }
            Record::HookWaiting { instance, hook, .. } => {
                let (hook, instance) = (*hook, *instance);
                let ids = self.hooks.get(&hook).map(|found| sorted(&found.notify_ids));
                if let Some(receivers) = ids.filter(|ids| !ids.is_empty()) {
                    self.due.push_back(Notice::Hook { hook, instance, receivers });
                }
            }
            Record::ActivityStarted { activity_kind, .. } => self.running = Some(*activity_kind),
            Record::ActivityEnded { activity, status, .. } => {
                if let Some(kind) = self.running.take() {
                    self.tell(*activity, kind, *status);
                }
            }
            Record::ActivityFailed { activity, .. } => {
                self.tell(*activity, ActivityKind::ScaleOut, ActivityStatus::Failed);
            }
            _ => {}
        }
    }

    fn tell(&mut self, activity: ActivityOrdinal, kind: ActivityKind, status: ActivityStatus) {
        let place = usize::from(status != ActivityStatus::Successful);
        let pair = match kind {
            ActivityKind::ScaleOut => [1, 2],
            ActivityKind::ScaleIn => [3, 4],
            ActivityKind::Replace => [5, 6],
            ActivityKind::Attach | ActivityKind::Detach => return,
        };
        let number = pair.into_iter().nth(place).unwrap_or(0);
        let Ok(notification_type) = NotificationType::try_from(number) else { return };
        for (notification, subscription) in &self.subscriptions {
            if subscription.types.contains(&notification_type) {
                self.due.push_back(Notice::Activity {
                    notification: *notification,
                    activity,
                    notification_type,
                    receivers: sorted(&subscription.receivers),
                });
            }
        }
    }
}

fn sorted(ids: &[String]) -> Arc<[String]> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids.into()
}
