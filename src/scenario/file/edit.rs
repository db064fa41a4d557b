//! The inner tables of `modify_policy`: what is not given stays.

use serde::Deserialize;

use crate::model::policy::{AdjustmentType, Dimension, Operator};
use crate::model::semantics::Statistic;

/// `metric = { … }` of `modify_policy`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct MetricChange {
    /// What is measured.
    pub dimension: Option<Dimension>,
    /// How it is compared.
    pub operator: Option<Operator>,
    /// With what: 0 to 100 per cent, or above 0 bytes per second.
    pub threshold: Option<i64>,
    /// Breaching periods in a row, 1 to 10.
    pub repeat_times: Option<u32>,
    /// The figure compared.
    pub statistic: Option<Statistic>,
}

/// `adjustment = { … }` of `modify_policy`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AdjustmentChange {
    /// How the value is meant.
    #[serde(rename = "type")]
    pub kind: Option<AdjustmentType>,
    /// The value.
    pub value: Option<i64>,
}
