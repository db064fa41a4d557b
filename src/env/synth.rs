//! Synthetic load: a day, a week, noise and spikes.

use chrono::Datelike;

use super::series::SAMPLES_MAX;
use crate::kernel::chance::Stream;
use crate::kernel::{Micro, SimDuration, SimTime, UtcOffset};

/// A made-up series. Its value at `t` is
/// `max(0, base + daily * d(t) + weekly * w(t) + noise * z) + spikes(t)`, and not below 0.
///
/// * `d` is a sine over the civil day: -1 at 04:00, 1 at 16:00.
/// * `w` is 1 on Monday to Friday and -1 on Saturday and Sunday, civil time; at both changes it
///   is a straight line over six hours, from 21:00 to 03:00, so that midnight is no jump.
/// * `z` is standard normal: draw k, for sample number k from 0 on, of the stream ("trace.noise",
///   name of the trace). So the noise hangs on the seed, the name and the number of the sample.
///
/// Floats are computed with libm and rounded to millionths, half away from zero, at once (0.5).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Synth {
    /// The level about which all varies; any unit. Default 0.
    pub base: Micro,
    /// Height of the daily wave above the level, and its depth below. Default 0.
    pub daily: Micro,
    /// What weekdays have above the level and weekends below it. Default 0.
    pub weekly: Micro,
    /// Standard deviation of the noise. Default 0.
    pub noise: Micro,
    /// Added on top, all that are on at the time.
    pub spikes: Vec<Spike>,
}

/// A trapezium on top of everything else: a rise, a plateau, a fall as long as the rise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spike {
    /// When the rise begins.
    pub at: SimTime,
    /// Height of the plateau above the rest.
    pub peak: Micro,
    /// Length of the rise, and of the fall. 0 or less is a jump.
    pub ramp: SimDuration,
    /// Length of the plateau. Less than 0 counts as 0.
    pub hold: SimDuration,
}

/// Hours over which the level of the week goes from 0 to its full size.
const WEEK_EDGE_H: f64 = 3.0;

impl Synth {
    /// One minute, the usual interval.
    pub const INTERVAL: SimDuration = SimDuration::MINUTE;

    /// The samples at `start`, `start + interval`, ... before `end`, each the value at that
    /// instant; all are known. At most [`SAMPLES_MAX`] are made, and an `interval` below 1 ms
    /// counts as 1 ms.
    pub fn samples(
        &self,
        seed: u64,
        name: &str,
        start: SimTime,
        end: SimTime,
        interval: SimDuration,
        utc_offset: UtcOffset,
    ) -> Vec<Option<Micro>> {
        let stream = Stream::new(seed, "trace.noise", name);
        let interval = interval.max(SimDuration::from_ms(1));
        let mut samples = Vec::new();
        let mut at = start;
        while at < end && samples.len() < SAMPLES_MAX {
            let z = match self.noise {
                Micro::ZERO => 0.0,
                _ => stream.standard_normal(samples.len() as u64),
            };
            samples.push(Some(self.value(at, z, utc_offset)));
            at = at + interval;
        }
        samples
    }

    /// The value at `at` with noise `z`.
    fn value(&self, at: SimTime, z: f64, utc_offset: UtcOffset) -> Micro {
        let rest = self.base.to_f64()
            + self.daily.to_f64() * of_day(at, utc_offset)
            + self.weekly.to_f64() * of_week(at, utc_offset)
            + self.noise.to_f64() * z;
        let spikes: f64 = self.spikes.iter().map(|spike| spike.height(at)).sum();
        let value = rest.max(0.0) + spikes;
        // The cast saturates, and makes 0 of what is no number.
        Micro::from_millionths(libm::round(value.max(0.0) * 1e6) as i64)
    }
}

impl Spike {
    fn height(&self, at: SimTime) -> f64 {
        let hold = self.hold.max(SimDuration::ZERO);
        let ramp = self.ramp.max(SimDuration::ZERO);
        let (top, fall) = (self.at + ramp, self.at + ramp + hold);
        let end = fall + ramp;
        let part = |span: SimDuration| span.ms() as f64 / ramp.ms() as f64;
        let share = match at {
            _ if at < self.at || at >= end => 0.0,
            _ if at < top => part(at - self.at),
            _ if at < fall => 1.0,
            _ => part(end - at),
        };
        self.peak.to_f64() * share
    }
}

/// Hours since civil midnight.
fn hour(at: SimTime, offset: UtcOffset) -> f64 {
    const DAY: SimDuration = SimDuration::from_s(86_400);
    (at - at.floor_civil(DAY, offset)).ms() as f64 / 3_600_000.0
}

/// The wave of the day: -1 at 04:00, 0 at 10:00, 1 at 16:00.
fn of_day(at: SimTime, offset: UtcOffset) -> f64 {
    libm::sin(core::f64::consts::TAU * (hour(at, offset) - 10.0) / 24.0)
}

/// The level of the week: 1 on weekdays, -1 on weekends, with slopes between them.
fn of_week(at: SimTime, offset: UtcOffset) -> f64 {
    const WEEK_H: f64 = 168.0;
    const SATURDAY_H: f64 = 120.0;
    let day = at.civil(offset).map_or(0, |civil| civil.weekday().num_days_from_monday());
    let h = f64::from(day) * 24.0 + hour(at, offset);
    let (sign, edge) = match h < SATURDAY_H {
        true => (1.0, h.min(SATURDAY_H - h)),
        false => (-1.0, (h - SATURDAY_H).min(WEEK_H - h)),
    };
    sign * (edge / WEEK_EDGE_H).min(1.0)
}
