//! Looking ahead in a trace.

use super::{MISSING, Shape, Trace};
use crate::kernel::SimTime;
use crate::model::alarm::Calm;

/// Values that are looked at together: a loop without a way out is one that vectorises.
const TOGETHER: usize = 64;

impl Trace {
    /// The first instant from `from` on at which the value is unknown or outside of `calm`; `to`
    /// if there is none before.
    pub fn first_outside(&self, calm: Calm, from: SimTime, to: SimTime) -> SimTime {
        let mut at = from;
        while at < to {
            let (outside, until) = self.look_ahead(calm, at, to);
            if outside {
                return until.min(to);
            }
            at = until;
        }
        to
    }

    /// Whether the value leaves `calm` before the instant up to which it was looked at, and that
    /// instant or the one at which it leaves.
    fn look_ahead(&self, calm: Calm, at: SimTime, to: SimTime) -> (bool, SimTime) {
        if let (Shape::Grid { start, step, values }, Some((_, end)), []) =
            (&self.shape, self.span(), self.splices.as_slice())
        {
            let turns = self.turns(at);
            let (own, to) = (at - turns, (to - turns).min(end));
            let slot = |t: SimTime| usize::try_from((t - *start).ms() / step.ms()).ok();
            if let Some(first) = slot(own).filter(|_| *start <= own)
                && let Some(last) = slot(to)
                && let Some(column) = values.get(first..(last + 1).min(values.len()))
                && !column.is_empty()
            {
                let found = position_outside(column, calm);
                let slots = i64::try_from(first + found.unwrap_or(column.len())).unwrap_or(0);
                return (found.is_some(), (*start + step.times(slots) + turns).max(at));
            }
        }
        let step = self.at(at);
        match step.value.is_some_and(|value| (calm.low..=calm.high).contains(&value)) {
            true => (false, step.until),
            false => (true, at),
        }
    }
}

/// Where a column first leaves `calm`.
fn position_outside(column: &[i64], calm: Calm) -> Option<usize> {
    let (low, high) = (calm.low.millionths().max(MISSING + 1), calm.high.millionths());
    let is_outside = |value: &i64| *value < low || *value > high;
    let mut before = 0;
    for part in column.chunks(TOGETHER) {
        if part.iter().fold(false, |any, value| any | is_outside(value)) {
            return part.iter().position(is_outside).map(|place| before + place);
        }
        before += part.len();
    }
    None
}
