//! SLO minutes, lost load and recovery (SEMANTICS 12.2).

use serde::Serialize;

use crate::kernel::{Micro, SimDuration, SimTime};
use crate::report::minutes::Minute;
use crate::report::ranked::Ranked;
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

/// How many of something that takes time there were, and how long they took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Durations {
    /// How many.
    pub count: usize,
    /// Median in seconds; `None` if there was none.
    pub median_s: Option<f64>,
    /// The longest in seconds; `None` if there was none.
    pub max_s: Option<f64>,
}

impl Durations {
    /// Of milliseconds, in any order.
    pub fn of(ms: Vec<i64>) -> Self {
        let ranked = Ranked::of(ms.into_iter().map(|ms| ms as f64 / 1000.0));
        Self { count: ranked.len(), median_s: ranked.median(), max_s: ranked.max() }
    }
}

/// A minute that broke the promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Its begin.
    pub start: SimTime,
    /// For how long of it the load was known: what it counts.
    pub length: SimDuration,
}

/// From the first breach to the begin of the first of three minutes that are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The begin of the first breach.
    pub begin: SimTime,
    /// The begin of the calm after it; `None` if it does not end within the run.
    pub end: Option<SimTime>,
}

/// Folds the minutes of a run; add them in order.
#[derive(Clone, Debug)]
pub struct Fold {
    slo: Slo,
    breaches: Vec<Breach>,
    offered: i128,
    lost: i128,
    any_known: bool,
    /// Since when an episode is open, and the calm minutes at its end with the first's start.
    open: Option<SimTime>,
    calm: Option<(SimTime, u32)>,
    ended: Vec<Episode>,
}

impl Fold {
    /// Nothing so far.
    pub const fn new(slo: Slo) -> Self {
        Self {
            slo,
            breaches: Vec::new(),
            offered: 0,
            lost: 0,
            any_known: false,
            open: None,
            calm: None,
            ended: Vec::new(),
        }
    }

    /// The next minute.
    pub fn add(&mut self, minute: &Minute) {
        let Some(breach) = is_breach(minute, &self.slo) else { return };
        self.any_known = true;
        self.offered += minute.flow.offered;
        self.lost += minute.flow.lost;
        if breach {
            self.breaches.push(Breach { start: minute.start, length: minute.known });
            self.open.get_or_insert(minute.start);
            self.calm = None;
            return;
        }
        let Some(begin) = self.open else { return };
        let (first, count) = self.calm.unwrap_or((minute.start, 0));
        if count + 1 == CALM_MINUTES {
            self.ended.push(Episode { begin, end: Some(first) });
            (self.open, self.calm) = (None, None);
        } else {
            self.calm = Some((first, count + 1));
        }
    }

    /// Minutes that broke the promise, cut ones by their share; `None` if load was never known.
    pub fn slo_minutes(&self) -> Option<f64> {
        let ms = self.breaches.iter().map(|breach| breach.length.ms());
        self.any_known.then(|| minutes_of(ms.sum()))
    }

    /// The share of offered load that was lost, 0 to 1; `None` if load was never known.
    pub fn lost_load(&self) -> Option<f64> {
        let share = self.lost as f64 / self.offered as f64;
        self.any_known.then(|| if self.offered > 0 { rounded(share) } else { 0.0 })
    }

    /// The lengths of the episodes that ended.
    pub fn recovery(&self) -> Durations {
        let ended = self.ended.iter().filter_map(|episode| Some(episode.end? - episode.begin));
        Durations::of(ended.map(SimDuration::ms).collect())
    }

    /// Every episode in order of time, one that is open at the end too.
    pub fn episodes(&self) -> Vec<Episode> {
        let open = self.open.map(|begin| Episode { begin, end: None });
        self.ended.iter().copied().chain(open).collect()
    }

    /// Every minute that broke the promise, in order of time.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }
}
