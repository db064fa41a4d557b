//! Scenario files: their shape, how they are read, and the world they describe (DESIGN 4).

#[cfg(feature = "cli")]
pub mod build;
pub mod choice;
#[cfg(feature = "cli")]
pub mod decode;
#[cfg(feature = "cli")]
pub mod document;
#[cfg(feature = "cli")]
pub mod error;
pub mod expect;
pub mod file;
#[cfg(feature = "cli")]
pub mod mend;
#[cfg(feature = "cli")]
pub mod node;
#[cfg(feature = "cli")]
pub mod schema;
#[cfg(feature = "cli")]
pub mod snapshot;
pub mod value;

use crate::engine::command::CommandError;
use crate::engine::setup::{Setup, ValidationError};
use crate::engine::{Engine, RunError};
use crate::kernel::{SimTime, UtcOffset};
use crate::report::history::History;
use crate::report::result::{GroupRun, Run, Trouble};
use crate::report::words::coded;
use crate::report::{Slo, Span, Tariff};

#[cfg(feature = "cli")]
pub use error::ScenarioError;
pub use expect::Expectation;
pub use file::AllowTable;

/// A world and what it is run for.
///
/// ```
/// use asgsim::scenario::Scenario;
/// use asgsim::{GroupSetup, Setup, SimDuration, SimTime};
/// let start = SimTime::from_unix_s(0);
/// let mut setup = Setup::new(start);
/// setup.groups.push(GroupSetup::new("web", 1, 4, 2));
/// let scenario = Scenario::of("two of four", setup, start + SimDuration::from_s(3600));
/// let engine = scenario.play().unwrap();
/// let run = scenario.report(&engine);
/// assert_eq!(run.summary(&run.groups[0]).instance_hours, 2.0);
/// ```
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// The question it asks.
    pub about: String,
    /// The world at the start.
    pub setup: Setup,
    /// The first instant that is not run.
    pub end: SimTime,
    /// The promise it is held against.
    pub slo: Slo,
    /// What instances cost.
    pub tariff: Tariff,
    /// Whose groups they are.
    pub account: Account,
    /// What must hold.
    pub expectations: Vec<Expectation>,
    /// What `asgsim lint` leaves out.
    pub allow: Vec<AllowTable>,
    /// What was odd about the input but could be used.
    pub warnings: Vec<String>,
}

/// Whose groups they are: labels that the simulation itself does not look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Number of the project; 0 is the default one.
    pub project: u32,
    /// The region, as the service's API names it.
    pub region: String,
}

impl Default for Account {
    fn default() -> Self {
        Self { project: 0, region: String::from("gz") }
    }
}

/// Why a scenario could not be played to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// The world cannot be.
    #[error(transparent)]
    Validation(#[from] ValidationError),
    /// The run failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Scenario {
    /// A scenario of a world built by hand, with the default promise and no price.
    pub fn of(name: &str, setup: Setup, end: SimTime) -> Self {
        Self {
            name: name.to_owned(),
            about: String::new(),
            setup,
            end,
            slo: Slo::default(),
            tariff: Tariff::default(),
            account: Account::default(),
            expectations: Vec::new(),
            allow: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The same world in which no group has an alarm policy, now or by script; tasks and other
    /// commands stay. What it is expected to do is left out.
    #[must_use]
    pub fn without_policies(&self) -> Self {
        let mut baseline = Self { expectations: Vec::new(), ..self.clone() };
        for group in &mut baseline.setup.groups {
            group.policies.clear();
            group.script.retain(|(_, command)| !command.is_of_policies());
        }
        baseline
    }

    /// Runs the world from start to end.
    ///
    /// # Errors
    /// A [`PlayError`] if the world cannot be, or does not come to rest.
    pub fn play(&self) -> Result<Engine, PlayError> {
        let mut engine = Engine::new(&self.setup)?;
        engine.run_until(self.end)?;
        Ok(engine)
    }

    /// The run of an engine of this scenario up to its present time, as reports see it.
    pub fn report<'a>(&'a self, engine: &'a Engine) -> Run<'a> {
        let groups = engine.groups().zip(&self.setup.groups).map(|(view, setup)| GroupRun {
            index: view.index(),
            name: view.name(),
            history: History::of(view.log().entries()),
            load: setup.load.as_ref(),
            evaluations: view.decisions(),
            baseline: None,
        });
        let mut run = Run {
            scenario: &self.name,
            about: &self.about,
            seed: self.setup.seed,
            utc_offset: self.setup.utc_offset,
            span: Span { start: self.setup.start, end: engine.now() },
            slo: self.slo,
            tariff: &self.tariff,
            digest: engine.digest(),
            events: engine.event_count(),
            warnings: self.warnings.iter().cloned().chain(self.refusals(engine)).collect(),
            groups: groups.collect(),
            findings: Vec::new(),
            troubles: troubles(engine),
        };
        run.findings = expect::check(&run, &self.expectations);
        run
    }

    /// A line for each scripted command that the service refused.
    fn refusals(&self, engine: &Engine) -> Vec<String> {
        let offset = self.setup.utc_offset;
        let groups = engine.groups().zip(&self.setup.groups);
        let lines = groups.filter(|(view, _)| !view.refusals().is_empty()).flat_map(
            move |(view, setup)| {
                let mut script: Vec<_> = setup.script.iter().collect();
                script.sort_by_key(|(at, _)| *at);
                let told = view.refusals().iter().map(move |(t, place, error)| {
                    let what = script.get(*place).map_or("", |(_, command)| command.word());
                    let (name, at) = (view.name(), t.format_civil(offset));
                    let why = refusal(error, offset);
                    format!("{at}: {what}, group {name:?}, was refused: {why}")
                });
                told.collect::<Vec<_>>()
            },
        );
        lines.collect()
    }
}

/// What the world has, had or will have against its groups.
fn troubles(engine: &Engine) -> Vec<Trouble> {
    let place = |place: &Option<std::sync::Arc<str>>| {
        place.as_ref().map_or_else(String::new, |place| format!(" in {place}"))
    };
    let conditions = engine.conditions().iter().map(|c| {
        let limit = c.limit.map_or_else(String::new, |limit| format!(" beyond {limit} instances"));
        let words = format!("{}{limit}{}", coded(c.cause.error()), place(&c.place));
        Trouble { group: c.group, words, begin: c.begin, end: c.end }
    });
    let outages = engine.outages().iter().map(|o| {
        let words = format!("outage{}", place(&o.place));
        Trouble { group: o.group, words, begin: o.begin, end: o.end }
    });
    let mut troubles: Vec<Trouble> = conditions.chain(outages).collect();
    troubles.sort_by_key(|trouble| trouble.begin);
    troubles
}

/// A refusal as users read it: the service's code, and words with civil times.
fn refusal(error: &CommandError, offset: UtcOffset) -> String {
    let code = error.code();
    match error {
        CommandError::TaskConflict { name, other, at } => {
            let at = at.format_civil(offset);
            format!("{code}: tasks {name:?} and {other:?} both trigger in the minute of {at}")
        }
        _ => format!("{code}: {error}"),
    }
}
