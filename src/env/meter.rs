//! The meter of a group: turns load and serving count over time into pooled samples (1.2).

use crate::env::load::{Load, minute_mean};
use crate::kernel::{SimDuration, SimTime};
use crate::model::alarm::Pooled;
use crate::model::policy::Dimension;

/// Follows one group's load from change to change. Told of every instance that enters or leaves
/// service, it knows at the end of a period what each minute's samples were.
#[derive(Clone, Debug)]
pub struct Meter {
    /// Everything before this instant is accounted for.
    at: SimTime,
    /// Instances in service from `at` on.
    in_service: u32,
    /// Of these, the ones that have been in service since the start of the current minute.
    since_minute: u32,
    /// Work that waits, in millionths of load times milliseconds.
    backlog: i128,
    /// Usage times milliseconds in the current minute.
    minute: [i128; 4],
    /// Whether a value was missing in the current minute.
    missing: [bool; 4],
    /// The samples of the current period.
    period: [Pooled; 4],
    /// Which metrics anybody asks for.
    wanted: [bool; 4],
}

impl Meter {
    /// A meter that starts at `start` with nothing in service.
    pub fn new(start: SimTime) -> Self {
        Self {
            at: start,
            in_service: 0,
            since_minute: 0,
            backlog: 0,
            minute: [0; 4],
            missing: [false; 4],
            period: [Pooled::default(); 4],
            wanted: [false; 4],
        }
    }

    /// Instances in service.
    pub const fn in_service(&self) -> u32 {
        self.in_service
    }

    /// From now on this metric is asked for. Its samples begin with the minute of `now`.
    pub fn want(&mut self, load: Option<&Load>, dimension: Dimension, now: SimTime) {
        // Up to the minute, not up to now: asking must not cut a stretch.
        self.advance(load, now.minute());
        let place = dimension.index();
        if let (Some(wanted), Some(period)) =
            (self.wanted.get_mut(place), self.period.get_mut(place))
        {
            if !*wanted {
                *period = Pooled::default();
            }
            *wanted = true;
        }
    }

    /// The load is about to change at `now`: accounts for all that was.
    pub fn catch_up(&mut self, load: Option<&Load>, now: SimTime) {
        self.advance(load, now);
    }

    /// An instance enters service at `now`.
    pub fn join(&mut self, load: Option<&Load>, now: SimTime) {
        self.advance(load, now);
        self.in_service += 1;
        // In service from the first millisecond of the minute: it has a sample for it.
        self.since_minute += u32::from(now == now.minute());
    }

    /// An instance that has been in service since `since` leaves it at `now`.
    pub fn leave(&mut self, load: Option<&Load>, now: SimTime, since: SimTime) {
        self.advance(load, now);
        self.in_service = self.in_service.saturating_sub(1);
        let counted = u32::from(since <= now.minute());
        self.since_minute = self.since_minute.saturating_sub(counted);
    }

    /// The samples of the period that ends at `end`, by [`Dimension::index`].
    pub fn close(&mut self, load: Option<&Load>, end: SimTime) -> [Pooled; 4] {
        self.advance(load, end);
        std::mem::take(&mut self.period)
    }

    /// Whether it stands at `begin`, the beginning of a period, and all who are in service have
    /// been since then.
    pub(crate) fn is_at_begin(&self, begin: SimTime) -> bool {
        self.at == begin && self.since_minute == self.in_service
    }

    /// Passes over whole periods of whose samples it is known that nobody minds them.
    pub(crate) const fn pass(&mut self, end: SimTime) {
        self.at = end;
    }

    /// Accounts for everything before `to`.
    fn advance(&mut self, load: Option<&Load>, to: SimTime) {
        let Some(load) = load else {
            self.at = to.max(self.at);
            self.since_minute = self.in_service;
            return;
        };
        self.skip_unseen(load, to);
        while self.at < to {
            let minute_end = self.at.minute() + SimDuration::MINUTE;
            let step_end = load.next_step(self.wanted, self.at, self.in_service);
            if !load.has_memory() && self.whole_minutes(load, to.min(step_end)) {
                continue;
            }
            let stretch = (self.at, to.min(minute_end).min(step_end));
            self.account(load, stretch);
            self.at = stretch.1;
            if self.at == minute_end {
                self.end_minute();
            }
        }
    }

    /// Accounts for the whole minutes from now to `to` at once, over which neither load nor
    /// service changes: each instance has the same sample for each of them. False if there is
    /// none, or if `at` is within a minute.
    fn whole_minutes(&mut self, load: &Load, to: SimTime) -> bool {
        let minutes = (to - self.at).ms() / SimDuration::MINUTE.ms();
        let Ok(count) = u32::try_from(minutes) else { return false };
        let Some(samples) = self.in_service.checked_mul(count) else { return false };
        if count == 0 || self.at != self.at.minute() {
            return false;
        }
        let end = self.at + SimDuration::MINUTE.times(minutes);
        let (usage, _) = load.stretch(self.wanted, (self.at, end), self.in_service, 0);
        for (pooled, usage) in self.period.iter_mut().zip(usage) {
            if let Some(usage) = usage {
                pooled.add(usage, samples);
            }
        }
        self.at = end;
        self.since_minute = self.in_service;
        true
    }

    /// Passes over time of which nobody asks: without a wanted metric or a backlog, only the
    /// current minute counts.
    fn skip_unseen(&mut self, load: &Load, to: SimTime) {
        if load.has_memory() || self.wanted.contains(&true) || to.minute() <= self.at {
            return;
        }
        self.at = to.minute();
        self.end_minute();
        self.period = [Pooled::default(); 4];
    }

    fn account(&mut self, load: &Load, stretch: (SimTime, SimTime)) {
        let (usage, backlog) = load.stretch(self.wanted, stretch, self.in_service, self.backlog);
        self.backlog = backlog;
        let length_ms = i128::from((stretch.1 - stretch.0).ms());
        for ((sum, missing), value) in self.minute.iter_mut().zip(&mut self.missing).zip(usage) {
            match value {
                Some(value) => *sum += i128::from(value.millionths()) * length_ms,
                None => *missing = true,
            }
        }
    }

    fn end_minute(&mut self) {
        for ((pooled, sum), missing) in self.period.iter_mut().zip(self.minute).zip(self.missing) {
            if !missing {
                pooled.add(minute_mean(sum), self.since_minute);
            }
        }
        self.minute = [0; 4];
        self.missing = [false; 4];
        self.since_minute = self.in_service;
    }
}
