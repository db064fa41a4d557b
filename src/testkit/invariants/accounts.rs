//! Laws that balance what came against what went, activity by activity.

use std::collections::BTreeSet;

use super::instances::Fleet;
use super::{Story, at};
use crate::model::activity::{ActivityError, ActivityKind, ActivityStatus};
use crate::model::id::InstanceOrdinal;
use crate::model::instance::LifecycleState;
use crate::model::lifecycle_hook::HookResult;
use crate::model::record::{Entry, Record};

/// What an activity did so far.
#[derive(Debug)]
struct Account {
    kind: ActivityKind,
    count: u32,
    /// New instances in service.
    came: u32,
    /// Old instances gone.
    left: u32,
    /// Launches that failed or were refused.
    failed: BTreeSet<InstanceOrdinal>,
    first_error: Option<ActivityError>,
}

impl Account {
    fn read(&mut self, record: &Record, fleet: &Fleet) {
        match *record {
            Record::LaunchFailed { instance, error } => {
                self.failed.insert(instance);
                self.first_error.get_or_insert(error);
            }
            // A launch waits as Creating, a removal as Removing.
            Record::HookEnded { instance, result: HookResult::Disable, .. }
                if fleet.state(instance) == Some(LifecycleState::Creating) =>
            {
                self.failed.insert(instance);
                self.first_error.get_or_insert(ActivityError::LaunchRefused);
            }
            Record::Instance { state: LifecycleState::InService, .. } => self.came += 1,
            Record::Instance { instance, state: LifecycleState::Gone, .. }
                if !self.failed.contains(&instance) =>
            {
                self.left += 1;
            }
            _ => {}
        }
    }

    /// Whether status and error are what was done (7.3, 8.2).
    fn fits(&self, status: ActivityStatus, error: ActivityError) -> bool {
        let failed = u32::try_from(self.failed.len()).unwrap_or(u32::MAX);
        let (done, one_sided) = match self.kind {
            ActivityKind::ScaleOut | ActivityKind::Attach => (self.came, self.left == 0),
            ActivityKind::ScaleIn | ActivityKind::Detach => (self.left, self.came == 0),
            ActivityKind::Replace => (self.came, self.left <= self.count),
        };
        let wanted = match done {
            _ if done == self.count => ActivityStatus::Successful,
            0 => ActivityStatus::Failed,
            _ => ActivityStatus::PartiallySuccessful,
        };
        let is_in = self.kind == ActivityKind::ScaleIn;
        let reason = match status {
            ActivityStatus::Successful => error == ActivityError::None,
            ActivityStatus::Failed if is_in => error == ActivityError::NothingRemovable,
            _ if is_in => error == ActivityError::None,
            // The account's limit cuts before anybody can fail.
            _ => {
                let cut = done + failed < self.count;
                match self.first_error {
                    Some(first) if !cut => error == first,
                    _ => error != ActivityError::None,
                }
            }
        };
        one_sided && done + failed <= self.count && status == wanted && reason
    }
}

pub(super) fn launched_are_alive_or_gone(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let (mut joined, mut gone) = (0, 0);
    let mut account: Option<Account> = None;
    for entry in story.log {
        if let Some(account) = &mut account {
            account.read(&entry.record, &fleet);
        }
        match entry.record {
            Record::Instance { instance, state, .. } => {
                joined += u32::from(fleet.state(instance).is_none());
                gone += u32::from(state == LifecycleState::Gone);
            }
            Record::ActivityStarted { activity_kind: kind, count, .. } => {
                let (came, left, failed) = (0, 0, BTreeSet::new());
                account = Some(Account { kind, count, came, left, failed, first_error: None });
            }
            Record::ActivityEnded { status, error, .. } => {
                let balanced =
                    joined == fleet.members() + gone && fleet.members() == fleet.actual();
                let done = account.take();
                if !balanced || !done.as_ref().is_some_and(|done| done.fits(status, error)) {
                    return Err(unbalanced(entry, joined, gone, done.as_ref()));
                }
            }
            _ => {}
        }
        fleet.read(entry);
    }
    Ok(())
}

fn unbalanced(entry: &Entry, joined: u32, gone: u32, account: Option<&Account>) -> String {
    at(entry, format_args!("{joined} joined, {gone} are gone; the activity: {account:?}"))
}
