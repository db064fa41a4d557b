//! Scenario files: their shape, how they are read, and the world they describe (DESIGN 4).

#[cfg(feature = "cli")]
pub mod build;
#[cfg(feature = "cli")]
pub mod decode;
#[cfg(feature = "cli")]
pub mod document;
#[cfg(feature = "cli")]
pub mod error;
pub mod expect;
pub mod file;
#[cfg(feature = "cli")]
pub mod node;
#[cfg(feature = "cli")]
pub mod schema;
#[cfg(feature = "cli")]
pub mod snapshot;
pub mod value;

use crate::engine::setup::{Setup, ValidationError};
use crate::engine::{Engine, RunError};
use crate::kernel::SimTime;
use crate::report::history::History;
use crate::report::result::{GroupRun, Run};
use crate::report::{Slo, Span, Tariff};

#[cfg(feature = "cli")]
pub use error::ScenarioError;
pub use expect::Expectation;

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
    /// What must hold.
    pub expectations: Vec<Expectation>,
    /// What was odd about the input but could be used.
    pub warnings: Vec<String>,
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
            expectations: Vec::new(),
            warnings: Vec::new(),
        }
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
        };
        run.findings = expect::check(&run, &self.expectations);
        run
    }

    /// A line for each scripted command that the service refused.
    fn refusals(&self, engine: &Engine) -> Vec<String> {
        let offset = self.setup.utc_offset;
        let lines = engine.groups().flat_map(|group| {
            group.refusals().iter().map(move |(t, _, error)| {
                let (name, at, code) = (group.name(), t.format_civil(offset), error.code());
                format!("{at}: a command to group {name:?} was refused: {code}: {error}")
            })
        });
        lines.collect()
    }
}
