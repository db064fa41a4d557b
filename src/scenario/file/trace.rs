//! `[trace.NAME]`: where a series comes from.

use serde::Deserialize;

use crate::env::trace::{Duplicates, Gaps, Stamp};
use crate::kernel::Micro;
use crate::scenario::value::{Series, Shift, Span, When};

/// `[trace.NAME]`: a series, from a file or written out.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TraceTable {
    /// A file, relative to the scenario's.
    pub file: Option<String>,
    /// Its format. Default and so far only `csv`.
    pub format: Option<String>,
    /// The column with the values, regardless of case. Default: the only numeric one, or `value`.
    pub value: Option<String>,
    /// The column with the times. Default: the one that looks like it.
    pub time: Option<String>,
    /// Time between samples. Default: the median step of the file; 1 minute for written series.
    pub interval: Option<Span>,
    /// The first sample's time, for series without times of their own. Default: the scenario's start.
    pub start: Option<String>,
    /// A factor for every value. Default 1.
    pub scale: Option<Micro>,
    /// Whether the series begins again at its end. Default false.
    pub repeat: bool,
    /// Moves every sample in time, `-` for earlier.
    pub shift: Option<Shift>,
    /// The period of which each value is a count: values become rates per second.
    pub per: Option<Span>,
    /// Offset of times without a zone. Default: the scenario's.
    pub utc_offset: Option<String>,
    /// Whether a sample's time is the start or the end of its interval. Default `start`.
    pub stamp: Option<Stamp>,
    /// What holds in a gap. Default `missing`.
    pub gaps: Option<Gaps>,
    /// Which of several values of one instant counts. Default `last`.
    pub duplicates: Option<Duplicates>,
    /// A series in compact notation, or an array of numbers and nulls.
    pub series: Option<Series>,
    /// A made-up series over the whole run.
    pub synth: Option<SynthTable>,
}

/// `synth = { … }`: a made-up series, never below 0.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SynthTable {
    /// The level around which it moves. Default 0.
    pub base: Micro,
    /// How far a day swings up (16:00) and down (04:00). Default 0.
    pub daily: Micro,
    /// How far weekdays lie above the level, and weekends below. Default 0.
    pub weekly: Micro,
    /// Standard deviation of each sample. Default 0.
    pub noise: Micro,
    /// Crowds on top of it.
    pub spikes: Vec<SpikeTable>,
}

/// A spike: up, hold, down.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SpikeTable {
    /// When it begins to rise: a civil time, or `+` and a duration from the start.
    pub at: When,
    /// How far it rises above the rest.
    pub peak: Micro,
    /// How long it rises, and falls. Default 0.
    #[serde(default)]
    pub ramp: Span,
    /// How long it stays.
    pub hold: Span,
}
