//! At which load a metric comes to the threshold of an alarm: exact, by the load model itself.

use std::cmp::Ordering;

pub(super) use crate::env::calm::{full_load, usage};

use crate::env::calm::first_from;
use crate::env::load::{Demand, LOAD_MAX, minute_mean};
use crate::kernel::time::MINUTE_MS;
use crate::kernel::{Micro, SimDuration};
use crate::model::alarm::Pooled;
use crate::model::policy::{AlarmRule, Dimension, Operator};
use crate::model::semantics::Statistic;

/// The loads, in whole millionths, at which the usage of each of some instances comes to a
/// threshold. Usage never falls as load grows, so two loads say everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    /// The smallest load at which it is the threshold or more.
    pub reaches: i64,
    /// The smallest load at which it is more.
    pub passes: i64,
}

/// Stands for a load that does not exist.
const NEVER: i64 = i64::MAX;

impl Crossing {
    /// Of a metric of `instances`, at least 1, and a threshold in whole units.
    pub fn of(demand: &Demand, dimension: Dimension, threshold: i64, instances: u32) -> Self {
        let threshold = Micro::from_int(threshold);
        Self::search(full_load(demand, instances), |load| {
            usage(demand, dimension, load, instances).cmp(&threshold)
        })
    }

    /// Of the figure of a period at whose beginning there were fewer instances.
    pub fn of_mixture(demand: &Demand, rule: &AlarmRule, mixture: &Mixture) -> Self {
        Self::search(full_load(demand, mixture.after), |load| mixture.stand(demand, rule, load))
    }

    /// Finds both loads, up to one from which on nothing changes.
    fn search(most: i64, stand: impl Fn(i64) -> Ordering) -> Self {
        let first = |is_there: &dyn Fn(Ordering) -> bool| {
            first_from(most, |load| is_there(stand(load))).unwrap_or(NEVER)
        };
        Self { reaches: first(&|order| order.is_ge()), passes: first(&|order| order.is_gt()) }
    }

    /// How the usage at that load stands to the threshold.
    pub const fn at(self, load: i64) -> Ordering {
        if load < self.reaches {
            Ordering::Less
        } else if load < self.passes {
            Ordering::Equal
        } else {
            Ordering::Greater
        }
    }

    /// How it stands when the instances are full.
    pub const fn full(self) -> Ordering {
        self.at(NEVER - 1)
    }

    /// The loads at which an alarm breaches: at most two spans, `from <= load < to`.
    pub fn spans(self, operator: Operator) -> Vec<(i64, i64)> {
        let end = LOAD_MAX.millionths() + 1;
        let bounds = [(0, self.reaches), (self.reaches, self.passes), (self.passes, end)];
        let orders = [Ordering::Less, Ordering::Equal, Ordering::Greater];
        let held = orders.into_iter().zip(bounds).filter(|(order, _)| operator.holds(*order));
        let mut spans: Vec<(i64, i64)> = Vec::new();
        for (_, (from, to)) in held {
            let (from, to) = (from.min(end), to.min(end));
            match spans.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
        spans.retain(|(from, to)| from < to);
        spans
    }
}

/// A period in which a launch comes to its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mixture {
    /// Instances that serve from its beginning.
    pub before: u32,
    /// Instances that serve at its end.
    pub after: u32,
    /// How long after its beginning the new ones enter service.
    pub entry: SimDuration,
    /// How long it is.
    pub period: SimDuration,
    /// The figure that is compared.
    pub statistic: Statistic,
}

impl Mixture {
    /// How the figure stands to the threshold of a rule, sample by sample as 1.2 has it.
    fn stand(&self, demand: &Demand, rule: &AlarmRule, load: i64) -> Ordering {
        let of = |instances| usage(demand, rule.dimension, load, instances);
        let (old, new) = (of(self.before), of(self.after));
        let mut samples = Pooled::default();
        for minute in 0..self.period.ms() / MINUTE_MS {
            let old_ms = (self.entry.ms() - minute * MINUTE_MS).clamp(0, MINUTE_MS);
            let weighted = i128::from(old.millionths()) * i128::from(old_ms)
                + i128::from(new.millionths()) * i128::from(MINUTE_MS - old_ms);
            // Who was not there for the whole minute has no sample of it.
            let instances = if old_ms > 0 { self.before } else { self.after };
            samples.add(minute_mean(weighted), instances);
        }
        samples.stand(self.statistic, rule.threshold).unwrap_or(Ordering::Less)
    }
}

/// Whether an alarm may breach on a figure that lies between one that stands `low` to the
/// threshold and one that stands `high`.
pub(super) const fn may_hold(operator: Operator, low: Ordering, high: Ordering) -> bool {
    match operator {
        Operator::Greater | Operator::EqualOrGreater => operator.holds(high),
        Operator::Less | Operator::EqualOrLess => operator.holds(low),
        Operator::Equal => low.is_le() && high.is_ge(),
        Operator::NotEqual => low.is_ne() || high.is_ne(),
    }
}
