//! Where the served world comes from, and how it is saved.

use std::io::{self, Write};
use std::path::Path;

use super::Args;
use crate::api::Region;
use crate::cli::Failure;
use crate::cli::input::{self, Loaded};
use crate::cli::output::write_snapshot;
use crate::engine::Engine;
use crate::engine::setup::Setup;
use crate::kernel::SimTime;
use crate::scenario::document::Document;
use crate::scenario::error::Fault;
use crate::scenario::node::Segment;
use crate::scenario::snapshot::Snapshot;

/// Stands for a scenario file in a snapshot of a world that has none. The text then says only
/// when it started.
const NO_FILE: &str = "(empty world)";

/// What a served world was made from.
pub(super) enum Origin {
    /// A scenario.
    Scenario(Box<Loaded>),
    /// Nothing, at this time.
    Empty(Box<Setup>),
}

impl Origin {
    /// The world of the arguments, and its engine at the start or where it was saved.
    pub fn open(args: &Args, now: SimTime) -> Result<(Self, Engine), Failure> {
        let (origin, snapshot) = match (&args.restore, &args.scenario) {
            (Some(path), _) => {
                let snapshot = input::saved(path)?;
                let origin = match snapshot.file.as_str() {
                    NO_FILE => Self::Empty(Box::new(Setup::new(start_of(path, &snapshot)?))),
                    _ => Self::Scenario(Box::new(input::scenario_of(path, &snapshot, None)?)),
                };
                (origin, Some((path, snapshot)))
            }
            (None, Some(path)) => {
                (Self::Scenario(Box::new(input::scenario(path, &args.set, None)?)), None)
            }
            (None, None) => {
                let start = SimTime::from_unix_s(now.unix_ms().div_euclid(1_000));
                (Self::Empty(Box::new(Setup::new(start))), None)
            }
        };
        let engine = Engine::new(origin.setup());
        let mut engine = engine.map_err(|error| Failure::Input(error.to_string()))?;
        if let Some((path, snapshot)) = snapshot {
            snapshot.restore(path, &mut engine)?;
        }
        Ok((origin, engine))
    }

    /// The world at its start.
    pub fn setup(&self) -> &Setup {
        match self {
            Self::Scenario(loaded) => &loaded.scenario.setup,
            Self::Empty(setup) => setup,
        }
    }

    /// The region that its account is in, of those that the service has.
    pub fn region(&self) -> Result<Region, Failure> {
        let Self::Scenario(loaded) = self else { return Ok(Region::default()) };
        let region = &loaded.scenario.account.region;
        Region::read(region).map_err(|_| {
            let known: Vec<_> = Region::all().map(Region::short).collect();
            let known = known.join(", ");
            let message = format!("the service has no region {region:?} (known: {known})");
            let path = ["account", "region"].map(|key| Segment::Key(key.to_owned()));
            loaded.document.locate(Fault::at(path, message)).into()
        })
    }

    /// Writes the state of its engine.
    pub fn write(&self, engine: &Engine, out: &mut dyn Write) -> io::Result<()> {
        let setup = match self {
            Self::Scenario(loaded) => return write_snapshot(loaded, engine, out),
            Self::Empty(setup) => setup,
        };
        let text = format!("start = {:?}\n", setup.start.format_civil(setup.utc_offset));
        let document = Document::parse(NO_FILE, text.as_bytes(), &[]).map_err(io::Error::other)?;
        let snapshot = Snapshot::of(&document, Path::new(""), &[], engine);
        serde_json::to_writer_pretty(&mut *out, &snapshot)?;
        out.write_all(b"\n")
    }
}

/// When an empty world started.
fn start_of(path: &str, snapshot: &Snapshot) -> Result<SimTime, Failure> {
    let wrong = |message: String| Failure::Input(format!("{path}: {message}"));
    let time = snapshot.text.trim().strip_prefix("start = \"");
    let time = time.and_then(|text| text.strip_suffix('"'));
    let time = time.ok_or_else(|| wrong(String::from("the empty world has no start")))?;
    let offset = Setup::new(snapshot.now).utc_offset;
    SimTime::parse_civil(time, offset).map_err(|error| wrong(error.to_string()))
}
