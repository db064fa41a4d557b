//! Findings that need no run: what is likely not meant in a scenario that can be played.
//!
//! One file per rule; `docs/lint.md` has a section for each. A rule looks at a group, and at all
//! that tasks and script may make of it, and is exact where the model is: loads are solved for,
//! not guessed, and what cannot be known counts as possible.

mod allow;
mod at_once;
mod crossing;
mod cycle;
mod either_or;
mod equal_on_average;
pub mod flapping;
mod group;
mod hook_timeout;
mod idle_task;
mod min_is_max;
mod never_fires;
mod no_effect;
mod odd_first_day;
mod opposed;
mod place;
mod search;
mod shadowed;
mod short_cooldown;
mod stuck_at_zero;
mod tasks_fight;
mod tasks_narrow;
mod words;

use serde::Serialize;

use crate::lint::group::Group;
use crate::scenario::Scenario;

pub use cycle::Step;
pub use place::{Part, Place};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Likely not meant.
    Warning,
}

impl Severity {
    /// `note` or `warning`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
        }
    }
}

/// What a rule has found, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's [`id`](Rule::id).
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The key it is about.
    #[serde(rename = "key")]
    pub place: Place,
    /// What is so, with the figures.
    pub why: String,
    /// What to do about it.
    pub advice: String,
}

/// A rule of the linter.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in findings, in `[[lint.allow]]` and in `docs/lint.md`.
    pub id: &'static str,
    /// What it finds.
    pub title: &'static str,
    check: fn(&Group<'_>) -> Vec<Finding>,
}

/// All rules, in the order in which they look at a group.
pub const RULES: [Rule; 16] = [
    flapping::RULE,
    opposed::RULE,
    never_fires::RULE,
    equal_on_average::RULE,
    shadowed::RULE,
    no_effect::RULE,
    min_is_max::RULE,
    stuck_at_zero::RULE,
    short_cooldown::RULE,
    hook_timeout::RULE,
    tasks_fight::RULE,
    tasks_narrow::RULE,
    either_or::RULE,
    odd_first_day::RULE,
    idle_task::RULE,
    allow::RULE,
];

/// What the rules say of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is to be shown, by group, then by rule.
    pub found: Vec<Finding>,
    /// What the scenario says is meant to be there, with its reason.
    pub allowed: Vec<(Finding, String)>,
}

/// Looks at a scenario without running it.
///
/// ```
/// use asgsim::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
/// use asgsim::scenario::Scenario;
/// use asgsim::{GroupSetup, Setup, SimDuration, SimTime, lint};
///
/// let start = SimTime::from_unix_s(0);
/// let mut web = GroupSetup::new("web", 4, 4, 4);
/// web.policies.push(Policy {
///     name: "out".into(),
///     alarm: AlarmRule {
///         dimension: Dimension::CpuUsage,
///         operator: Operator::Greater,
///         threshold: 70,
///         repeat_times: 1,
///         statistic: None,
///     },
///     adjustment: Adjustment::QuantityChangeInCapacity(1),
///     cooldown: SimDuration::from_s(300),
///     notify_ids: Vec::new(),
/// });
/// let mut setup = Setup::new(start);
/// setup.groups.push(web);
/// let scenario = Scenario::of("fixed", setup, start + SimDuration::from_s(3600));
/// let findings = lint::check(&scenario);
/// assert_eq!(findings.found[0].rule, "min-is-max");
/// assert_eq!(findings.found[0].place.to_string(), "group.web.min");
/// ```
pub fn check(scenario: &Scenario) -> Findings {
    let mut found = Vec::new();
    for (index, setup) in scenario.setup.groups.iter().enumerate() {
        let group = Group::new(scenario, index, setup);
        found.extend(RULES.iter().flat_map(|rule| (rule.check)(&group)));
    }
    allow::sort_out(found, &scenario.allow)
}

impl Finding {
    fn new(
        rule: &Rule,
        severity: Severity,
        place: Place,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { rule: rule.id, severity, place, why: why.into(), advice: advice.into() }
    }

    fn warning(
        rule: &Rule,
        place: Place,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(rule, Severity::Warning, place, why, advice)
    }

    fn note(rule: &Rule, place: Place, why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(rule, Severity::Note, place, why, advice)
    }
}
