//! SLO minutes, lost load and recovery (SEMANTICS 12.2).

use serde::Serialize;

use crate::kernel::{Micro, SimTime};
use crate::report::minutes::Minute;
use crate::report::{Slo, minutes_of, rounded};

/// Minutes without a breach that end an episode.
const CALM_MINUTES: u32 = 3;

/// Whether a minute broke the promise: work was lost or waits at its end beyond the allowed share
/// of what was offered, or what was served is above the target share of capacity. `None` if the
/// load was not known in it.
pub fn is_breach(minute: &Minute, slo: &Slo) -> Option<bool> {
    if !minute.known.is_positive() {
        return None;
    }
    let flow = &minute.flow;
    let million = i128::from(Micro::ONE.millionths());
    let undone = (flow.lost + flow.backlog) * million;
    let allowed = flow.offered * i128::from(slo.lost_load.millionths());
    let hundred = i128::from(Micro::HUNDRED.millionths());
    let busy = flow.served * hundred > flow.capacity * i128::from(slo.utilisation.millionths());
    Some(undone > allowed || busy)
}

/// Episodes of breaches that ended within the run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recovery {
    /// How many.
    pub count: usize,
    /// Median length in seconds; `None` without episodes.
    pub median_s: Option<f64>,
    /// The longest in seconds; `None` without episodes.
    pub max_s: Option<f64>,
}

/// Folds the minutes of a run; add them in order.
#[derive(Clone, Debug)]
pub struct Fold {
    slo: Slo,
    breach_ms: i64,
    offered: i128,
    lost: i128,
    any_known: bool,
    /// Since when an episode is open, and the calm minutes at its end with the first's start.
    open: Option<SimTime>,
    calm: Option<(SimTime, u32)>,
    episodes_ms: Vec<i64>,
}

impl Fold {
    /// Nothing so far.
    pub const fn new(slo: Slo) -> Self {
        Self {
            slo,
            breach_ms: 0,
            offered: 0,
            lost: 0,
            any_known: false,
            open: None,
            calm: None,
            episodes_ms: Vec::new(),
        }
    }

    /// The next minute.
    pub fn add(&mut self, minute: &Minute) {
        let Some(breach) = is_breach(minute, &self.slo) else { return };
        self.any_known = true;
        self.offered += minute.flow.offered;
        self.lost += minute.flow.lost;
        if breach {
            self.breach_ms += minute.known.ms();
            self.open.get_or_insert(minute.start);
            self.calm = None;
            return;
        }
        let Some(begin) = self.open else { return };
        let (first, count) = self.calm.unwrap_or((minute.start, 0));
        if count + 1 == CALM_MINUTES {
            self.episodes_ms.push((first - begin).ms());
            (self.open, self.calm) = (None, None);
        } else {
            self.calm = Some((first, count + 1));
        }
    }

    /// Minutes that broke the promise, cut ones by their share; `None` if load was never known.
    pub fn slo_minutes(&self) -> Option<f64> {
        self.any_known.then(|| minutes_of(self.breach_ms))
    }

    /// The share of offered load that was lost, 0 to 1; `None` if load was never known.
    pub fn lost_load(&self) -> Option<f64> {
        let share = self.lost as f64 / self.offered as f64;
        self.any_known.then(|| if self.offered > 0 { rounded(share) } else { 0.0 })
    }

    /// The episodes that ended.
    pub fn recovery(&self) -> Recovery {
        let mut lengths = self.episodes_ms.clone();
        lengths.sort_unstable();
        let seconds = |ms: i64| ms as f64 / 1000.0;
        let upper = lengths.get(lengths.len() / 2).copied();
        let lower = lengths.get(lengths.len().saturating_sub(1) / 2).copied();
        let median = lower.zip(upper).map(|(a, b)| (seconds(a) + seconds(b)) / 2.0);
        Recovery {
            count: lengths.len(),
            median_s: median.map(rounded),
            max_s: lengths.last().map(|ms| seconds(*ms)),
        }
    }
}
