//! `[lint]`: findings of `asgsim lint` that are meant to be there.

use serde::Deserialize;

/// `[lint]`: what `asgsim lint` leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct LintTable {
    /// Findings that are meant to be there.
    pub allow: Vec<AllowTable>,
}

/// `[[lint.allow]]`: a finding that is meant to be there, and why.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AllowTable {
    /// The rule, as findings show it in brackets: `flapping`.
    pub rule: String,
    /// The place, as findings show it: `group.web` is all that stands in that group,
    /// `group.web.policy.out` one policy. Default: the whole scenario.
    pub at: Option<String>,
    /// Why it is meant to be there.
    pub reason: String,
}
