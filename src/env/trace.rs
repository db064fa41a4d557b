//! Series over time as step functions (SEMANTICS 11.4).

mod scan;

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::kernel::fixed::{div_round, saturate};
use crate::kernel::{Micro, SimDuration, SimTime};

/// A step function of time: whole millionths, or nothing where no value is known.
///
/// Values on a regular grid are one column; others keep the start of each step. A trace is built
/// once, and shared by groups and forks behind an `Arc`.
///
/// ```
/// use asgsim::env::trace::{Gaps, Sample, Trace};
/// use asgsim::{Micro, SimDuration, SimTime};
/// let minute = SimDuration::MINUTE;
/// let at = |m: i64| SimTime::from_unix_s(60 * m);
/// let sample = |m, v| Sample { at: at(m), value: Micro::from_int(v) };
/// // Nothing was recorded at minutes 2 and 3.
/// let trace = Trace::from_samples(&[sample(0, 5), sample(1, 7), sample(4, 9)], minute, Gaps::Missing);
/// assert_eq!(trace.at(at(1)).value, Some(Micro::from_int(7)));
/// assert_eq!(trace.at(at(2)).value, None);
/// assert_eq!(trace.at(at(2)).until, at(3)); // a grid has a step per slot
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    shape: Shape,
    repeats: bool,
    /// Spans in which something else holds, by time; they do not overlap.
    splices: Vec<Splice>,
}

/// A span in which a value stands in the place of what a trace holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Splice {
    from: SimTime,
    /// The first instant after it.
    to: SimTime,
    value: Option<Micro>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// Value `i` holds from `start + i * step` for one `step`; [`MISSING`] is none.
    Grid { start: SimTime, step: SimDuration, values: Vec<i64> },
    /// Value `i` holds from `starts[i]` until the next start, the last until `end`.
    List { starts: Vec<SimTime>, values: Vec<i64>, end: SimTime },
}

/// Stands for "no value" in a column.
const MISSING: i64 = i64::MIN;

/// A measured value and the instant from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: SimTime,
    /// What.
    pub value: Micro,
}

/// The value of a trace at an instant and how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The value; `None` where nothing is known.
    pub value: Option<Micro>,
    /// The first instant at which another step begins; [`SimTime::MAX`] for never.
    pub until: SimTime,
}

/// What holds between two samples that are more than 1.5 intervals apart, from one interval
/// after the first of them on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Gaps {
    /// Nothing is known.
    #[default]
    Missing,
    /// The earlier value goes on.
    Hold,
    /// Values on the straight line between the two, one per interval.
    Interpolate,
    /// Zero, as for counts that are not reported when there is nothing to count.
    Zero,
}

/// What a time in the file says of its interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Stamp {
    /// The interval begins then.
    #[default]
    Start,
    /// The interval ends then: values hold from one interval before (sysstat does so).
    End,
}

/// Which of several values at one time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Duplicates {
    /// The last in the file.
    #[default]
    Last,
    /// The first in the file.
    First,
    /// Their mean, rounded to millionths half away from zero; a value that only repeats the row
    /// before it is left out.
    Mean,
    /// None: the file is refused.
    Error,
}

impl Trace {
    /// One value at all times.
    pub fn constant(value: Micro) -> Self {
        let shape = Shape::List {
            starts: vec![SimTime::MIN],
            values: vec![value.millionths()],
            end: SimTime::MAX,
        };
        Self { shape, repeats: false, splices: Vec::new() }
    }

    /// Nothing, at any time.
    pub fn unknown() -> Self {
        Self::from_grid(SimTime::MIN, SimDuration::MINUTE, &[])
    }

    /// Values on a regular grid, `None` where nothing is known. A `step` below 1 ms counts as 1 ms.
    pub fn from_grid(start: SimTime, step: SimDuration, values: &[Option<Micro>]) -> Self {
        let step = step.max(SimDuration::from_ms(1));
        let values = values.iter().map(|v| v.map_or(MISSING, Micro::millionths)).collect();
        Self { shape: Shape::Grid { start, step, values }, repeats: false, splices: Vec::new() }
    }

    /// The same trace, but with this value from `from` until `to`, which the trace then goes on
    /// from as if nothing had been. A later splice wins over an earlier one.
    ///
    /// ```
    /// use asgsim::env::trace::Trace;
    /// use asgsim::{Micro, SimTime};
    /// let (one, two) = (Micro::from_int(1), Micro::from_int(2));
    /// let at = SimTime::from_unix_s;
    /// let trace = Trace::constant(one).spliced(at(10), at(20), Some(two));
    /// assert_eq!([at(9), at(10), at(20)].map(|t| trace.at(t).value), [Some(one), Some(two), Some(one)]);
    /// assert_eq!((trace.at(at(9)).until, trace.at(at(10)).until), (at(10), at(20)));
    /// ```
    #[must_use]
    pub fn spliced(mut self, from: SimTime, to: SimTime, value: Option<Micro>) -> Self {
        if from >= to {
            return self;
        }
        let before = self.splices.iter().map(|s| Splice { to: s.to.min(from), ..*s });
        let after = self.splices.iter().map(|s| Splice { from: s.from.max(to), ..*s });
        let new = [Splice { from, to, value }];
        let all = before.chain(new).chain(after).filter(|s| s.from < s.to);
        self.splices = all.collect();
        self
    }

    /// Samples in order of time, each instant once: a value holds until the next sample if that
    /// is at most 1.5 intervals away, else for one interval and then `gaps` says what holds; the
    /// last holds for one interval.
    pub fn from_samples(samples: &[Sample], interval: SimDuration, gaps: Gaps) -> Self {
        let interval = interval.max(SimDuration::from_ms(1));
        let mut steps: Vec<(SimTime, i64)> = Vec::with_capacity(samples.len());
        for (i, sample) in samples.iter().enumerate() {
            steps.push((sample.at, sample.value.millionths()));
            if let Some(next) = samples.get(i + 1) {
                bridge(&mut steps, sample, next, interval, gaps);
            }
        }
        let end = samples.last().map_or(SimTime::MIN, |last| last.at + interval);
        Self { shape: Shape::of_steps(steps, end, interval), repeats: false, splices: Vec::new() }
    }

    /// The same trace with a span that reaches at least from `from` to `to`; what is new holds no
    /// value. So a file that ends in empty rows repeats at its full length.
    #[must_use]
    pub fn covering(self, from: SimTime, to: SimTime) -> Self {
        let Some((start, end)) = self.span().filter(|(start, end)| from < *start || *end < to)
        else {
            return self;
        };
        let before = (from < start).then_some((from, MISSING));
        let after = (end < to).then_some((end, MISSING));
        let own = self.steps(start, end).map(|(t, step)| {
            let value = step.value.map_or(MISSING, Micro::millionths);
            (t, value)
        });
        let steps: Vec<_> = before.into_iter().chain(own).chain(after).collect();
        let step = match &self.shape {
            Shape::Grid { step, .. } => *step,
            Shape::List { .. } => SimDuration::MINUTE,
        };
        Self {
            shape: Shape::of_steps(steps, end.max(to), step),
            repeats: self.repeats,
            splices: self.splices,
        }
    }

    /// The same span over and over, from its end on.
    #[must_use]
    pub fn repeating(self) -> Self {
        Self { repeats: true, ..self }
    }

    /// The first instant that has a step, and the first after the last (one run of a repeating
    /// trace); `None` if it has no step at all.
    pub fn span(&self) -> Option<(SimTime, SimTime)> {
        match &self.shape {
            Shape::Grid { start, step, values } => {
                let length = i64::try_from(values.len()).unwrap_or(i64::MAX);
                (length > 0).then(|| (*start, *start + step.times(length)))
            }
            Shape::List { starts, end, .. } => starts.first().map(|start| (*start, *end)),
        }
    }

    /// The smallest and the largest value; `None` if there is none.
    pub fn range(&self) -> Option<(Micro, Micro)> {
        let (Shape::Grid { values, .. } | Shape::List { values, .. }) = &self.shape;
        let known = || values.iter().filter(|v| **v != MISSING).map(|v| Micro::from_millionths(*v));
        let spliced = || self.splices.iter().filter_map(|splice| splice.value);
        known().chain(spliced()).min().zip(known().chain(spliced()).max())
    }

    /// The step that holds at `t`.
    pub fn at(&self, t: SimTime) -> Step {
        if self.splices.is_empty() {
            return self.plain_at(t);
        }
        let next = self.splices.partition_point(|splice| splice.from <= t);
        let last = next.checked_sub(1).and_then(|place| self.splices.get(place));
        if let Some(Splice { to, value, .. }) = last.filter(|splice| t < splice.to) {
            return Step { value: *value, until: *to };
        }
        let step = self.plain_at(t);
        let until = self.splices.get(next).map_or(step.until, |next| next.from.min(step.until));
        Step { until, ..step }
    }

    /// The step that holds at `t` but for splices.
    fn plain_at(&self, t: SimTime) -> Step {
        let Some((start, end)) = self.span() else {
            return Step { value: None, until: SimTime::MAX };
        };
        if t < start {
            return Step { value: None, until: start };
        }
        if t < end {
            return self.shape.at(t);
        }
        let turns = self.turns(t);
        if !turns.is_positive() {
            return Step { value: None, until: SimTime::MAX };
        }
        let step = self.shape.at(t - turns);
        Step { until: step.until + turns, ..step }
    }

    /// How far its span has moved on to hold `t`, if it repeats.
    fn turns(&self, t: SimTime) -> SimDuration {
        match self.span() {
            Some((start, end)) if self.repeats && start < end && end <= t => {
                let span = end - start;
                span.times((t - start).ms() / span.ms())
            }
            _ => SimDuration::ZERO,
        }
    }

    /// The steps from `from` to `to`, each with its start; the last may end after `to`.
    pub fn steps(&self, from: SimTime, to: SimTime) -> impl Iterator<Item = (SimTime, Step)> + '_ {
        let mut at = from;
        std::iter::from_fn(move || {
            if at >= to {
                return None;
            }
            let (start, step) = (at, self.at(at));
            at = step.until;
            Some((start, step))
        })
    }

    /// At most how many steps it has from `from` to `to`.
    pub fn count_steps(&self, from: SimTime, to: SimTime) -> u64 {
        let Some((start, end)) = self.span() else { return 0 };
        let all = self.len();
        let known = to.min(if self.repeats { to } else { end }) - from.max(start);
        match &self.shape {
            _ if !known.is_positive() => 0,
            Shape::Grid { step, .. } => {
                u64::try_from(known.ms() / step.ms()).unwrap_or(0).saturating_add(2)
            }
            Shape::List { starts, .. } if !self.repeats => {
                let before = |t: SimTime| starts.partition_point(|s| *s < t);
                u64::try_from(before(to) - before(from)).unwrap_or(0).saturating_add(1)
            }
            Shape::List { .. } => {
                let turns = known.ms() / (end - start).ms().max(1);
                u64::try_from(turns).unwrap_or(0).saturating_add(2).saturating_mul(all)
            }
        }
    }

    /// How many steps it keeps, one run of a repeating trace.
    pub fn len(&self) -> u64 {
        let (Shape::Grid { values, .. } | Shape::List { values, .. }) = &self.shape;
        u64::try_from(values.len()).unwrap_or(u64::MAX)
    }

    /// Whether it has no step at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the trace begins again at its end.
    pub const fn repeats(&self) -> bool {
        self.repeats
    }

    /// A trace of `combine(a, b)` wherever both are known. It repeats if this one does and the
    /// other has one value at all times.
    #[must_use]
    pub fn zip(&self, other: &Self, combine: impl Fn(Micro, Micro) -> Micro) -> Self {
        let (Some((a, b)), Some((c, d))) = (self.span(), other.span()) else {
            return Self::from_samples(&[], SimDuration::MINUTE, Gaps::Missing);
        };
        let (from, to) = (a.max(c), b.min(d));
        let mut steps = Vec::new();
        let mut at = from;
        while at < to {
            let (left, right) = (self.at(at), other.at(at));
            let value = match (left.value, right.value) {
                (Some(l), Some(r)) => combine(l, r).millionths(),
                _ => MISSING,
            };
            steps.push((at, value));
            at = left.until.min(right.until);
        }
        let step = match &self.shape {
            Shape::Grid { step, .. } => *step,
            Shape::List { .. } => SimDuration::MINUTE,
        };
        let repeats = self.repeats && (c, d) == (SimTime::MIN, SimTime::MAX);
        Self { shape: Shape::of_steps(steps, to, step), repeats, splices: Vec::new() }
    }
}

/// Fills the room between two samples.
fn bridge(
    steps: &mut Vec<(SimTime, i64)>,
    left: &Sample,
    right: &Sample,
    interval: SimDuration,
    gaps: Gaps,
) {
    let apart = right.at - left.at;
    // "At most 1.5 intervals", without halves.
    if apart.times(2) <= interval.times(3) {
        return;
    }
    let from = left.at + interval;
    match gaps {
        Gaps::Hold => {}
        Gaps::Missing => steps.push((from, MISSING)),
        Gaps::Zero => steps.push((from, 0)),
        Gaps::Interpolate => {
            let rise = i128::from(right.value.millionths()) - i128::from(left.value.millionths());
            let mut at = from;
            while at < right.at {
                let part =
                    div_round(rise * i128::from((at - left.at).ms()), i128::from(apart.ms()));
                let value = i128::from(left.value.millionths()) + part.unwrap_or(0);
                steps.push((at, saturate(value)));
                at = at + interval;
            }
        }
    }
}

impl Shape {
    /// Steps that all begin on a grid of `step` become a column, others stay a list.
    fn of_steps(steps: Vec<(SimTime, i64)>, end: SimTime, step: SimDuration) -> Self {
        let step = step.max(SimDuration::from_ms(1));
        if let Some(&(start, _)) = steps.first() {
            let slots = (end - start).ms() / step.ms();
            let on_grid = |t: SimTime| (t - start).ms() % step.ms() == 0;
            // A long hole is better a list entry than a column of nothing.
            let dense = slots <= i64::try_from(steps.len()).unwrap_or(i64::MAX).saturating_mul(4);
            if dense && on_grid(end) && steps.iter().all(|(t, _)| on_grid(*t)) {
                let ends = steps.iter().skip(1).map(|(t, _)| *t).chain([end]);
                let values = steps.iter().zip(ends).flat_map(|((from, value), to)| {
                    let times = usize::try_from((to - *from).ms() / step.ms()).unwrap_or(0);
                    std::iter::repeat_n(*value, times)
                });
                return Self::Grid { start, step, values: values.collect() };
            }
        }
        let (starts, values) = steps.into_iter().unzip();
        Self::List { starts, values, end }
    }

    /// The step at `t`, which lies within the span.
    fn at(&self, t: SimTime) -> Step {
        let (value, until) = match self {
            Self::Grid { start, step, values } => {
                let slot = (t - *start).ms() / step.ms();
                let value = usize::try_from(slot).ok().and_then(|i| values.get(i));
                (value, *start + step.times(slot + 1))
            }
            Self::List { starts, values, end } => {
                let next = starts.partition_point(|s| s.cmp(&t) != Ordering::Greater);
                let value = next.checked_sub(1).and_then(|i| values.get(i));
                (value, starts.get(next).copied().unwrap_or(*end))
            }
        };
        let value = value.copied().filter(|v| *v != MISSING).map(Micro::from_millionths);
        Step { value, until }
    }
}
