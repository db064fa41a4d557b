//! Elasticity: how well supply followed demand over time (SEMANTICS 12.1; Herbst et al., TOMPECS
//! 2018).

use serde::Serialize;

use crate::env::load::Load;
use crate::kernel::fixed::saturate;
use crate::kernel::{Micro, SimTime};
use crate::report::history::History;
use crate::report::minutes::Stretches;
use crate::report::{Slo, Span, rounded};

/// Accuracy, timeshare and stability of supply, in per cent. Laws: all are 0 where supply equals
/// demand at all times; the accuracies and timeshares do not change if time is stretched; a run
/// twice as bad at each moment has twice the accuracy figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Elasticity {
    /// Mean of the share of demanded instances that were missing.
    pub under_accuracy: f64,
    /// Mean of the instances too many, as a share of those demanded.
    pub over_accuracy: f64,
    /// Share of time with too few instances.
    pub under_timeshare: f64,
    /// Share of time with too many.
    pub over_timeshare: f64,
    /// Share of minutes in which demand and supply did not move the same way; `None` if no minute
    /// has a demand at both its ends.
    pub instability: Option<f64>,
}

/// The fewest instances that serve `offered` with each at most at the target: at least 1, and not
/// limited by the maximum size.
pub fn demanded(offered: Micro, per_instance: Micro, slo: &Slo) -> i64 {
    let hundred = i128::from(Micro::HUNDRED.millionths());
    let room = i128::from(per_instance.millionths()) * i128::from(slo.utilisation.millionths());
    let wanted = i128::from(offered.millionths()) * hundred;
    // Rounded up; `room` is above 0 for every load that passed its checks.
    let whole = if room > 0 { (wanted + room - 1) / room } else { 1 };
    saturate(whole).max(1)
}

/// Folds demand and supply; add spans in order.
#[derive(Clone, Debug)]
pub struct Fold {
    slo: Slo,
    start: SimTime,
    known_ms: i64,
    under: f64,
    over: f64,
    under_ms: i64,
    over_ms: i64,
    /// The next grid point, and demand and supply at the last one.
    next_step: i64,
    last: Option<(i64, i64)>,
    steps: u64,
    unlike: u64,
}

/// The grid on which instability is judged.
const GRID_MS: i64 = 60_000;

impl Fold {
    /// Nothing so far of a run that begins at `start`.
    pub const fn new(slo: Slo, start: SimTime) -> Self {
        Self {
            slo,
            start,
            known_ms: 0,
            under: 0.0,
            over: 0.0,
            under_ms: 0,
            over_ms: 0,
            next_step: 0,
            last: None,
            steps: 0,
            unlike: 0,
        }
    }

    /// A span from `from` to `to` with this offered load (`None` if unknown) and supply.
    pub fn add(
        &mut self,
        (from, to): (SimTime, SimTime),
        offered: Option<Micro>,
        per_instance: Micro,
        supply: u32,
    ) {
        let supply = i64::from(supply);
        let demand = offered.map(|offered| demanded(offered, per_instance, &self.slo));
        while self.start.unix_ms().saturating_add(self.next_step * GRID_MS) < to.unix_ms() {
            self.grid_point(demand.map(|demand| (demand, supply)));
        }
        let Some(demand) = demand else { return };
        let ms = (to - from).ms();
        self.known_ms += ms;
        let share = (demand - supply).abs() as f64 * ms as f64 / demand as f64;
        if supply < demand {
            self.under += share;
            self.under_ms += ms;
        } else if supply > demand {
            self.over += share;
            self.over_ms += ms;
        }
    }

    fn grid_point(&mut self, here: Option<(i64, i64)>) {
        self.next_step += 1;
        if let (Some((demand, supply)), Some((demand_now, supply_now))) = (self.last, here) {
            self.steps += 1;
            let alike = (demand_now - demand).signum() == (supply_now - supply).signum();
            self.unlike += u64::from(!alike);
        }
        self.last = here;
    }

    /// The figures; `None` if demand was never known.
    pub fn finish(&self) -> Option<Elasticity> {
        if self.known_ms == 0 {
            return None;
        }
        let share = |part: f64| rounded(100.0 * part / self.known_ms as f64);
        let instability =
            (self.steps > 0).then(|| rounded(100.0 * self.unlike as f64 / self.steps as f64));
        Some(Elasticity {
            under_accuracy: share(self.under),
            over_accuracy: share(self.over),
            under_timeshare: share(self.under_ms as f64),
            over_timeshare: share(self.over_ms as f64),
            instability,
        })
    }
}

/// The elasticity of a run; `None` with fixed load or no load, or if demand was never known.
pub fn elasticity(
    history: &History,
    load: Option<&Load>,
    span: Span,
    slo: &Slo,
) -> Option<Elasticity> {
    let demand = load.and_then(Load::demand)?;
    let mut fold = Fold::new(*slo, span.start);
    for stretch in Stretches::new(history, load, span) {
        let to = stretch.start + stretch.length;
        fold.add((stretch.start, to), stretch.offered, demand.per_instance, stretch.in_service);
    }
    fold.finish()
}
