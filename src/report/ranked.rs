//! Percentiles of minutes, by the nearest rank (SEMANTICS 12.2).

use ordered_float::OrderedFloat;

use crate::report::rounded;

/// Values in order of size.
#[derive(Clone, Debug, Default)]
pub struct Ranked(Vec<OrderedFloat<f64>>);

impl Ranked {
    /// Sorts values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.into_iter().map(OrderedFloat).collect();
        values.sort_unstable();
        Self(values)
    }

    /// The smallest value that at least this share of all do not exceed; 0 per cent gives the
    /// smallest, 100 the largest. `None` without values.
    ///
    /// ```
    /// use asgsim::report::ranked::Ranked;
    /// let minutes = Ranked::of([30.0, 10.0, 20.0, 40.0]);
    /// assert_eq!([0, 25, 26, 50, 100].map(|p| minutes.percentile(p).unwrap()), [10.0, 10.0, 20.0, 20.0, 40.0]);
    /// ```
    pub fn percentile(&self, per_cent: usize) -> Option<f64> {
        let place = (self.0.len() * per_cent).div_ceil(100).max(1) - 1;
        self.0.get(place).map(|value| rounded(value.0))
    }

    /// The mean of the two middle values, which may be one; `None` without values.
    pub fn median(&self) -> Option<f64> {
        let upper = self.0.get(self.0.len() / 2)?;
        let lower = self.0.get(self.0.len().saturating_sub(1) / 2)?;
        Some(rounded((lower.0 + upper.0) / 2.0))
    }

    /// The largest value.
    pub fn max(&self) -> Option<f64> {
        self.percentile(100)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
