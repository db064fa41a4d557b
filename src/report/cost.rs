//! Instance hours and what they cost (SEMANTICS 12.4).

use serde::{Deserialize, Serialize};

use crate::env::load::Recorded;
use crate::kernel::Micro;
use crate::report::history::Life;
use crate::report::{Span, rounded};

const HOUR_MS: i64 = 3_600_000;

/// How instance time is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Billing {
    /// By started second, at least 60 of them.
    #[default]
    PerSecond,
    /// By started hour.
    PerHour,
}

/// What an instance costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tariff {
    /// One instance for one hour.
    pub per_instance_hour: Micro,
    /// How time is rounded.
    pub billing: Billing,
    /// A label.
    pub currency: String,
}

impl Default for Tariff {
    fn default() -> Self {
        let currency = String::from("USD");
        Self { per_instance_hour: Micro::ZERO, billing: Billing::default(), currency }
    }
}

impl Tariff {
    /// What one instance costs that ran for so long, in millionths of the price of a second (per
    /// second) or an hour (per hour): units billed.
    fn billed_ms(&self, ms: i64) -> i64 {
        let up_to = |unit: i64| (ms + unit - 1) / unit * unit;
        match self.billing {
            Billing::PerSecond => up_to(1_000).max(60_000),
            Billing::PerHour => up_to(HOUR_MS),
        }
    }

    /// The price of so many instance milliseconds.
    fn price(&self, ms: i128) -> f64 {
        // Millionths of a price times milliseconds stay exact; one division makes the float.
        let exact = i128::from(self.per_instance_hour.millionths()) * ms;
        rounded(exact as f64 / (HOUR_MS as f64 * 1e6))
    }
}

/// Time and money of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bill {
    /// Hours from the end of creation to release, all instances together, before rounding.
    pub instance_hours: f64,
    /// What they cost.
    pub cost: f64,
}

/// The bill of a group's instances over a run.
pub fn bill(lives: &[Life], span: Span, tariff: &Tariff) -> Bill {
    let mut total_ms = 0_i128;
    let mut billed_ms = 0_i128;
    for life in lives {
        let Some(from) = life.billed_from.filter(|from| *from < span.end) else { continue };
        let to = life.gone.unwrap_or(span.end).min(span.end);
        let ms = (to - from).ms();
        total_ms += i128::from(ms);
        billed_ms += i128::from(tariff.billed_ms(ms));
    }
    Bill {
        instance_hours: rounded(total_ms as f64 / HOUR_MS as f64),
        cost: tariff.price(billed_ms),
    }
}

/// The bill of the instances that were recorded: their count over time, without rounding to
/// whole seconds or hours, since nothing is known of single instances.
pub fn recorded_bill(recorded: &Recorded, span: Span, tariff: &Tariff) -> Bill {
    let mut count_ms = 0_i128;
    for (from, step) in recorded.count.steps(span.start, span.end) {
        let ms = (step.until.min(span.end) - from).ms();
        count_ms += step.value.map_or(0, |n| i128::from(n.millionths()) * i128::from(ms));
    }
    let hours = count_ms as f64 / (HOUR_MS as f64 * 1e6);
    let cost = hours * tariff.per_instance_hour.to_f64();
    Bill { instance_hours: rounded(hours), cost: rounded(cost) }
}
