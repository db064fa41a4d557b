//! A run held against one in which no alarm is heard: whether the rules were worth it (SEMANTICS
//! 12.1; Herbst et al., TOMPECS 2018).

use serde::Serialize;

use crate::report::rounded;
use crate::report::summary::Summary;

/// A group without its policies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Baseline {
    /// How many times better the group followed its demand with them: above 1 they helped. `None`
    /// where one of the figures has no meaning or is 0.
    pub elastic_speedup: Option<f64>,
    /// The figures without them.
    pub summary: Summary,
}

impl Baseline {
    /// Holds the figures of a run against those without policies.
    pub fn of(with: &Summary, without: Summary) -> Self {
        Self { elastic_speedup: elastic_speedup(with, &without), summary: without }
    }
}

/// The geometric mean of the ratios of both accuracies and both timeshares.
fn elastic_speedup(with: &Summary, without: &Summary) -> Option<f64> {
    let figures =
        |s: &Summary| [s.under_accuracy, s.over_accuracy, s.under_timeshare, s.over_timeshare];
    let mut logarithms = 0.0;
    for (with, without) in figures(with).into_iter().zip(figures(without)) {
        let (with, without) = (with?, without?);
        if with <= 0.0 || without <= 0.0 {
            return None;
        }
        logarithms += libm::log(without / with);
    }
    Some(rounded(libm::exp(logarithms / 4.0)))
}
