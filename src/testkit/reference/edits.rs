//! Edits of policies, hooks and notifications, spelled out again (SEMANTICS 2.2, 6.4, 10). Edits
//! of tasks stand with the tasks.

use std::sync::Arc;

use super::Group;
use super::alarms::Watched;
use crate::model::id::{HookOrdinal, NotificationOrdinal, PolicyOrdinal};
use crate::model::lifecycle_hook::{HookChange, LifecycleHook};
use crate::model::notification::{NotificationType, Subscription};
use crate::model::policy::{Policy, PolicyChange};
use crate::model::record::Record;

impl Group<'_> {
    /// A policy of the file, or one that was found right.
    pub(super) fn add_policy(&mut self, policy: &Policy) {
        self.policies_made += 1;
        let ordinal = PolicyOrdinal(self.policies_made);
        let policy = Arc::new(policy.clone());
        self.record(Record::PolicyCreated { policy: ordinal, definition: Arc::clone(&policy) });
        let created = self.now;
        self.policies.push(Watched { ordinal, policy, created, streak: 0, judged_at: None });
    }

    /// Whether a policy cannot have that name: another has it, or the default policy (7.2).
    fn is_policy_name_taken(&self, name: &str, but: Option<PolicyOrdinal>) -> bool {
        let mut others = self.policies.iter().filter(|w| Some(w.ordinal) != but);
        name == "default" || others.any(|w| w.policy.name == name)
    }

    pub(super) fn create_policy(&mut self, policy: &Policy) {
        let limits = &self.setup.limits;
        let full = self.policies.len() >= limits.policies_per_group as usize;
        let wrong = policy.check(limits).is_err();
        if !wrong && !full && !self.is_policy_name_taken(&policy.name, None) {
            self.add_policy(policy);
        }
    }

    /// The streak is 0 again, and it is judged as if created now (1.1, 1.5).
    pub(super) fn modify_policy(&mut self, name: &str, change: &PolicyChange) {
        let Some(at) = self.policies.iter().position(|w| w.policy.name == name) else { return };
        let Some(watched) = self.policies.get(at) else { return };
        let (ordinal, changed) = (watched.ordinal, watched.policy.changed(change));
        let taken = self.is_policy_name_taken(&changed.name, Some(ordinal));
        if taken || changed.check(&self.setup.limits).is_err() {
            return;
        }
        let definition = Arc::new(changed);
        let (now, policy) = (self.now, Arc::clone(&definition));
        if let Some(watched) = self.policies.get_mut(at) {
            (watched.policy, watched.created, watched.streak) = (policy, now, 0);
        }
        self.record(Record::PolicyModified { policy: ordinal, definition });
    }

    /// An open cooldown stays as it is (2.2).
    pub(super) fn delete_policy(&mut self, name: &str) {
        if let Some(at) = self.policies.iter().position(|w| w.policy.name == name) {
            let policy = self.policies.remove(at).ordinal;
            self.record(Record::PolicyDeleted { policy });
        }
    }

    /// A hook of the file, or one that was found right.
    pub(super) fn add_hook(&mut self, hook: &LifecycleHook) {
        self.hooks_made += 1;
        let ordinal = HookOrdinal(self.hooks_made);
        let definition = Arc::new(hook.clone());
        self.record(Record::HookCreated { hook: ordinal, definition: Arc::clone(&definition) });
        self.hooks.push((ordinal, definition));
    }

    fn hook_named(&self, name: &str) -> Option<(HookOrdinal, Arc<LifecycleHook>)> {
        self.hooks.iter().find(|(_, hook)| hook.name == name).cloned()
    }

    pub(super) fn create_hook(&mut self, hook: &LifecycleHook) {
        let limits = &self.setup.limits;
        let full = self.hooks.len() >= limits.hooks_per_group as usize;
        let wrong = hook.check(limits).is_err();
        if !wrong && !full && self.hook_named(&hook.name).is_none() {
            self.add_hook(hook);
        }
    }

    /// Waits under way stay as they are (6.4).
    pub(super) fn modify_hook(&mut self, name: &str, change: &HookChange) {
        let Some((ordinal, hook)) = self.hook_named(name) else { return };
        let changed = hook.changed(change);
        let namesake = self.hook_named(&changed.name);
        let taken = namesake.is_some_and(|(other, _)| other != ordinal);
        if taken || changed.check(&self.setup.limits).is_err() {
            return;
        }
        let definition = Arc::new(changed);
        for (found, hook) in &mut self.hooks {
            if *found == ordinal {
                *hook = Arc::clone(&definition);
            }
        }
        self.record(Record::HookModified { hook: ordinal, definition });
    }

    /// Refused while it is bound or an instance waits at it (6.4).
    pub(super) fn delete_hook(&mut self, name: &str) {
        let Some((hook, _)) = self.hook_named(name) else { return };
        let mut waits = self.joined.iter().filter_map(|i| i.wait.as_ref());
        if self.bound != Some(hook) && !waits.any(|wait| wait.hook == hook) {
            self.hooks.retain(|(other, _)| *other != hook);
            self.record(Record::HookDeleted { hook });
        }
    }

    pub(super) fn bind(&mut self, name: &str) {
        if let Some((hook, _)) = self.hook_named(name)
            && self.bound != Some(hook)
        {
            self.bound = Some(hook);
            self.record(Record::HookBound { hook: self.bound });
        }
    }

    pub(super) fn unbind(&mut self) {
        if self.bound.take().is_some() {
            self.record(Record::HookBound { hook: None });
        }
    }

    /// A subscription of the file, or one that was found right; kept sorted, without doubles.
    pub(super) fn subscribe(&mut self, subscription: &Subscription) {
        self.subscriptions_made += 1;
        let notification = NotificationOrdinal(self.subscriptions_made);
        let definition = Arc::new(sorted(&subscription.types, &subscription.receivers));
        self.record(Record::NotificationCreated {
            notification,
            definition: Arc::clone(&definition),
        });
        self.subscriptions.push((notification, definition));
    }

    pub(super) fn create_notification(&mut self, new: &Subscription) {
        let full = self.subscriptions.len() >= self.setup.limits.notifications_per_group as usize;
        if !full && !new.types.is_empty() && !new.receivers.is_empty() {
            self.subscribe(new);
        }
    }

    pub(super) fn modify_notification(
        &mut self,
        notification: NotificationOrdinal,
        types: Option<Vec<NotificationType>>,
        receivers: Option<Vec<String>>,
    ) {
        // A change that names neither list is none.
        if types.is_none() && receivers.is_none() {
            return;
        }
        let mut known = self.subscriptions.iter_mut();
        let Some((_, found)) = known.find(|(number, _)| *number == notification) else { return };
        let types = types.unwrap_or_else(|| found.types.clone());
        let receivers = receivers.unwrap_or_else(|| found.receivers.clone());
        if types.is_empty() || receivers.is_empty() {
            return;
        }
        let definition = Arc::new(sorted(&types, &receivers));
        *found = Arc::clone(&definition);
        self.record(Record::NotificationModified { notification, definition });
    }

    /// All or none, in the order of their creation.
    pub(super) fn delete_notifications(&mut self, numbers: &[NotificationOrdinal]) {
        let exists = |number| self.subscriptions.iter().any(|(known, _)| *known == number);
        if !numbers.iter().all(|number| exists(*number)) {
            return;
        }
        for (notification, subscription) in std::mem::take(&mut self.subscriptions) {
            if numbers.contains(&notification) {
                self.record(Record::NotificationDeleted { notification });
            } else {
                self.subscriptions.push((notification, subscription));
            }
        }
    }
}

fn sorted(types: &[NotificationType], receivers: &[String]) -> Subscription {
    let types: std::collections::BTreeSet<_> = types.iter().copied().collect();
    let receivers: std::collections::BTreeSet<_> = receivers.iter().cloned().collect();
    Subscription { types: types.into_iter().collect(), receivers: receivers.into_iter().collect() }
}
