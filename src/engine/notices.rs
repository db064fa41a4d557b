//! Notifications: subscriptions, and who is told of what (SEMANTICS 10).

use std::sync::Arc;

use crate::engine::command::{CommandError, Noun, Reply};
use crate::engine::group_sim::GroupSim;
use crate::engine::room::check_new_notification;
use crate::engine::world::Ctx;
use crate::kernel::SimTime;
use crate::model::activity::{ActivityKind, ActivityStatus};
use crate::model::id::{
    ActivityOrdinal, HookOrdinal, InstanceOrdinal, NotificationOrdinal, PolicyOrdinal,
};
use crate::model::lifecycle_hook::LifecycleHook;
use crate::model::notification::{NotificationError, NotificationType, Subscription};
use crate::model::policy::Policy;
use crate::model::record::{Notice, Record};

/// The subscriptions of a group in creation order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscriptions {
    pub all: Vec<Subscribed>,
    last: u32,
}

/// A subscription, and since when there is one of its number.
#[derive(Clone, Debug)]
pub(crate) struct Subscribed {
    pub ordinal: NotificationOrdinal,
    pub definition: Arc<Subscription>,
    pub created: SimTime,
}

/// A subscription of the setup, sorted.
pub(super) fn add(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    subscription: Subscription,
) -> NotificationOrdinal {
    let Subscription { types, receivers } = subscription;
    // It was checked, so neither list is empty.
    let sorted = Subscription::new(types.clone(), receivers.clone());
    let definition = Arc::new(sorted.unwrap_or(Subscription { types, receivers }));
    group.subscriptions.last = group.subscriptions.last.saturating_add(1);
    let notification = NotificationOrdinal(group.subscriptions.last);
    let kept = Arc::clone(&definition);
    group.subscriptions.all.push(Subscribed {
        ordinal: notification,
        definition: kept,
        created: ctx.now,
    });
    group.record(ctx.now, Record::NotificationCreated { notification, definition });
    notification
}

pub(super) fn create(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    new: &Subscription,
) -> Result<Reply, CommandError> {
    check_new_notification(new, group.subscriptions.all.len(), &ctx.world.limits)?;
    // After this point it exists.
    Ok(Reply::Notification(add(group, ctx, new.clone())))
}

pub(super) fn modify(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    notification: NotificationOrdinal,
    types: Option<&Vec<NotificationType>>,
    receivers: Option<&Vec<String>>,
) -> Result<Reply, CommandError> {
    if types.is_none() && receivers.is_none() {
        return Err(NotificationError::Empty { what: "types" }.into());
    }
    let all = &mut group.subscriptions.all;
    let found = all.iter_mut().find(|known| known.ordinal == notification);
    let before = &mut found.ok_or_else(|| unknown(notification))?.definition;
    let types = types.unwrap_or(&before.types).clone();
    let receivers = receivers.unwrap_or(&before.receivers).clone();
    let definition = Arc::new(Subscription::new(types, receivers)?);
    // After this point the change succeeds.
    *before = Arc::clone(&definition);
    group.record(ctx.now, Record::NotificationModified { notification, definition });
    Ok(Reply::Done)
}

pub(super) fn delete(
    group: &mut GroupSim,
    ctx: &Ctx<'_>,
    notifications: &[NotificationOrdinal],
) -> Result<Reply, CommandError> {
    let exists =
        |n: &NotificationOrdinal| group.subscriptions.all.iter().any(|known| known.ordinal == *n);
    if let Some(missing) = notifications.iter().find(|n| !exists(n)) {
        return Err(unknown(*missing));
    }
    // After this point they are gone, in creation order.
    let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut group.subscriptions.all)
        .into_iter()
        .partition(|known| notifications.contains(&known.ordinal));
    group.subscriptions.all = kept;
    for Subscribed { ordinal: notification, .. } in gone {
        group.record(ctx.now, Record::NotificationDeleted { notification });
    }
    Ok(Reply::Done)
}

fn unknown(notification: NotificationOrdinal) -> CommandError {
    CommandError::Unknown { noun: Noun::Notification, name: notification.to_string() }
}

/// The end of an activity goes to every subscription that listens to it, in creation order.
pub(super) fn tell_activity(
    group: &mut GroupSim,
    now: SimTime,
    activity: ActivityOrdinal,
    kind: ActivityKind,
    status: ActivityStatus,
) {
    let Some(notification_type) = NotificationType::of(kind, status) else { return };
    let listening: Vec<_> = group
        .subscriptions
        .all
        .iter()
        .filter(|known| known.definition.types.contains(&notification_type))
        .map(|known| (known.ordinal, sorted(&known.definition.receivers)))
        .collect();
    for (notification, receivers) in listening {
        let notice = Notice::Activity { notification, activity, notification_type, receivers };
        group.record(now, Record::Notified(notice));
    }
}

/// An accepted trigger, to the policy's user groups.
pub(super) fn tell_trigger(
    group: &mut GroupSim,
    now: SimTime,
    policy: PolicyOrdinal,
    rule: &Policy,
) {
    if !rule.notify_ids.is_empty() {
        let receivers = sorted(&rule.notify_ids);
        group.record(now, Record::Notified(Notice::Policy { policy, receivers }));
    }
}

/// An instance begins to wait, to the hook's user groups.
pub(super) fn tell_wait(
    group: &mut GroupSim,
    now: SimTime,
    hook: HookOrdinal,
    rule: &LifecycleHook,
    instance: InstanceOrdinal,
) {
    if !rule.notify_ids.is_empty() {
        let receivers = sorted(&rule.notify_ids);
        group.record(now, Record::Notified(Notice::Hook { hook, instance, receivers }));
    }
}

fn sorted(receivers: &[String]) -> Arc<[String]> {
    let mut sorted = receivers.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.into()
}
