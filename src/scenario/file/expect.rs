//! `[[expect]]`: what must hold.

use serde::Deserialize;

use crate::scenario::value::{Bounds, Span, When};

/// `[[expect]]`: what must hold. Give exactly one of `at`, `during`, `throughout`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExpectTable {
    /// Name of the group.
    pub group: String,
    /// An instant: a civil time, or `+` and a duration from the start.
    pub at: Option<When>,
    /// A span: from the first time up to, but not at, the second.
    pub during: Option<[When; 2]>,
    /// `true`: the whole run.
    pub throughout: Option<bool>,
    /// Desired capacity: a number, or `{ min, max }`.
    pub desired: Option<Bounds>,
    /// Instances in service: a number, or `{ min, max }`.
    pub in_service: Option<Bounds>,
    /// Members, also those coming and going: a number, or `{ min, max }`.
    pub members: Option<Bounds>,
    /// Mean CPU utilisation of a minute, per cent: a number, or `{ min, max }`.
    pub cpu_usage: Option<Bounds>,
    /// Scaling activities that begin, without cancelled ones: a number, or `{ min, max }`.
    pub activities: Option<Bounds>,
    /// Triggers that are refused: a number, or `{ min, max }`.
    pub refused: Option<Bounds>,
    /// Notifications that are sent, of whatever kind: a number, or `{ min, max }`.
    pub notifications: Option<Bounds>,
    /// Minutes in which the promise of `[slo]` is broken: a number, or `{ min, max }`.
    pub slo_minutes: Option<Bounds>,
    /// How many activities may begin in any span of a length.
    pub at_most: Option<AtMostTable>,
}

/// `at_most = { … }`: a bound on how often a group scales.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AtMostTable {
    /// So many scaling activities, cancelled ones left out.
    pub scale_activities: u32,
    /// In any span of this length.
    pub per: Span,
}
