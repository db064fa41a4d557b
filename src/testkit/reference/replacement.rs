//! Replacement of unhealthy instances, spelled out again (SEMANTICS 7.1, 8.2).

use super::Group;
use super::instances::Way;
use crate::kernel::SimDuration;
use crate::model::activity::{ActivityKind, Origin};
use crate::model::semantics::ReplaceOrder;

/// What of a replacement is still to be begun.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing.
    None,
    /// The new ones, once the last of these old ones is gone.
    Launch(Vec<usize>),
    /// The leaving of these old ones, once every new one is in service or has failed.
    Leave(Vec<usize>),
}

impl Group<'_> {
    /// One activity for all that are marked now, as places in `joined`, by ordinal.
    pub(super) fn start_replacement(&mut self, marked: &[usize]) {
        let cause = self.cause_at(self.now);
        self.begin(ActivityKind::Replace, Origin::Health, marked.len(), SimDuration::ZERO);
        if let Some(cause) = cause {
            // Inactive: the marked are removed and none is created.
            if let Some(running) = &mut self.running {
                (running.paused, running.error) = (true, cause.error());
            }
            marked.iter().for_each(|at| self.turn(*at, Way::Out));
            self.end_finished_activity();
            return;
        }
        let stage = match self.setup.semantics.replace_order {
            ReplaceOrder::Together => {
                marked.iter().for_each(|at| self.turn(*at, Way::Out));
                self.launch(marked.len());
                Stage::None
            }
            ReplaceOrder::TerminateFirst => {
                marked.iter().for_each(|at| self.turn(*at, Way::Out));
                Stage::Launch(marked.to_vec())
            }
            ReplaceOrder::LaunchFirst => {
                self.launch(marked.len());
                Stage::Leave(marked.to_vec())
            }
        };
        if let Some(running) = &mut self.running {
            running.stage = stage;
        }
        self.go_on_with_replacement();
        self.end_finished_activity();
    }

    /// Begins what of a replacement has waited for the other side.
    pub(super) fn go_on_with_replacement(&mut self) {
        let Some(running) = &mut self.running else { return };
        let activity = Some(running.activity);
        match &running.stage {
            Stage::None => {}
            Stage::Launch(old) => {
                let left = old.iter().filter_map(|at| self.joined.get(*at));
                if left.filter(|i| i.is_member()).count() == 0 {
                    let count = old.len();
                    running.stage = Stage::None;
                    self.launch(count);
                }
            }
            Stage::Leave(old) => {
                let mut new = self.joined.iter().filter(|i| i.activity == activity);
                if new.any(|i| i.way == Way::In && i.is_under_way()) {
                    return;
                }
                let (old, failed) = (old.clone(), running.failed);
                running.stage = Stage::None;
                self.let_go(&old, old.len().saturating_sub(failed));
            }
        }
    }

    /// The first of the old ones leave, so many as new ones came; the rest stay and were tried.
    fn let_go(&mut self, old: &[usize], count: usize) {
        let can_go = |at: &usize| self.joined.get(*at).is_some_and(|i| i.is_replaceable());
        let going: Vec<usize> = old.iter().copied().filter(can_go).take(count).collect();
        for at in old.iter().filter(|at| !going.contains(at)) {
            if let Some(instance) = self.joined.get_mut(*at) {
                instance.tried = true;
            }
        }
        going.into_iter().for_each(|at| self.turn(at, Way::Out));
    }
}
