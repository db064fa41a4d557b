//! A column of samples in few bytes: whole units, each as its difference from the last known one.

use serde::Serialize;

/// Samples in a row, one a minute unless their owner says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Packed {
    /// What a unit is worth.
    unit: f64,
    /// Differences between known samples, from 0; `None` for one that is not known.
    d: Vec<Option<i64>>,
}

impl Packed {
    /// Packs to four digits of the largest sample: finer than a screen, and than most meters.
    pub fn of(samples: &[Option<f64>]) -> Self {
        let largest = samples.iter().flatten().fold(0.0_f64, |top, value| top.max(value.abs()));
        Self::in_units(samples, unit_of(largest))
    }

    /// Packs to whole multiples of `unit`, which is above 0.
    pub fn in_units(samples: &[Option<f64>], unit: f64) -> Self {
        let mut last = 0;
        let step = |sample: &Option<f64>| {
            let whole = libm::round((*sample)? / unit) as i64;
            let step = whole.saturating_sub(last);
            last = whole;
            Some(step)
        };
        Self { unit, d: samples.iter().map(step).collect() }
    }

    /// Packs whole numbers.
    pub fn whole(samples: impl Iterator<Item = i64>) -> Self {
        let mut last = 0;
        let d = samples.map(|sample| {
            let step = sample.saturating_sub(last);
            last = sample;
            Some(step)
        });
        Self { unit: 1.0, d: d.collect() }
    }

    /// Whether no sample is known.
    pub fn is_unknown(&self) -> bool {
        self.d.iter().all(Option::is_none)
    }
}

/// The power of ten of which the largest sample is 1,000 to 10,000.
fn unit_of(largest: f64) -> f64 {
    if largest <= 0.0 || !largest.is_finite() {
        return 1.0;
    }
    let exponent = libm::ceil(libm::log10(largest)) - 4.0;
    // 10^-3 is 0.001 to the last bit only if it is read, not computed.
    format!("1e{exponent}").parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::{Packed, unit_of};

    #[test]
    fn units_keep_four_digits() {
        for (largest, unit) in
            [(0.0, 1.0), (9.0, 0.001), (100.0, 0.01), (101.0, 0.1), (2880.0, 1.0), (1.5e9, 1e6)]
        {
            assert_eq!(unit_of(largest), unit, "{largest}");
        }
    }

    #[test]
    fn samples_are_differences() {
        let packed = Packed::of(&[Some(10.0), None, Some(12.34), Some(100.0)]);
        assert_eq!((packed.unit, packed.d), (0.01, vec![Some(1000), None, Some(234), Some(8766)]));
        assert!(Packed::of(&[None, None]).is_unknown());
        assert_eq!(Packed::whole([5, 5, 3].into_iter()).d, [Some(5), Some(0), Some(-2)]);
    }
}
