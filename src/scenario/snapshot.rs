//! Snapshots: scenario, commands from outside, time (DESIGN 2). Restoring plays them again, which
//! is exact by construction.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::engine::{Engine, JournalEntry};
use crate::kernel::{SimTime, Tape};
use crate::scenario::document::Document;
use crate::scenario::error::ScenarioError;

/// Version of the snapshot's shape.
pub const SCHEMA: &str = "asgsim.snapshot/1";

/// All there is to know of a state. The scenario is kept as text; its trace files stay where they
/// are, with a digest of each so that a change is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// [`SCHEMA`].
    pub schema: String,
    /// Version of the program that wrote it: another may play the same story differently.
    pub version: String,
    /// Name of the scenario file, for messages.
    pub file: String,
    /// The folder its trace files are relative to.
    pub folder: String,
    /// The scenario's text.
    pub text: String,
    /// `PATH=VALUE` of each override.
    pub overrides: Vec<String>,
    /// SHA-256 of each trace file that was read.
    pub traces: Vec<TraceDigest>,
    /// The time of the state.
    pub now: SimTime,
    /// Whether the work due then was done.
    pub settled: bool,
    /// Commands from outside.
    pub journal: Tape<JournalEntry>,
    /// The digest of the log so far, against which the restored one is checked.
    pub digest: String,
}

/// A trace file and what was in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceDigest {
    /// As the scenario names it.
    pub file: String,
    /// In hexadecimal.
    pub sha256: String,
}

impl TraceDigest {
    /// The digest of a file's bytes.
    pub fn of(file: &str, bytes: &[u8]) -> Self {
        let digest = Sha256::digest(bytes);
        let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { file: file.to_owned(), sha256 }
    }
}

impl Snapshot {
    /// The state of an engine of this document's scenario, whose trace files lie in `folder`.
    pub fn of(document: &Document, folder: &Path, traces: &[TraceDigest], engine: &Engine) -> Self {
        // A scenario named without a folder lies in the present one; the state may be moved
        // elsewhere.
        let folder = Path::new(".").join(folder);
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        Self {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            file: document.file.clone(),
            folder: folder.to_string_lossy().into_owned(),
            text: document.text.clone(),
            overrides: document.overrides.clone(),
            traces: traces.to_vec(),
            now: engine.now(),
            settled: engine.is_settled(),
            journal: engine.journal().clone(),
            digest: engine.digest(),
        }
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// One message, if it is malformed or of another version.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, ScenarioError> {
        let snapshot: Self = serde_json::from_slice(bytes).map_err(|e| ScenarioError {
            line: Some(e.line()),
            ..ScenarioError::of_file(file, format!("this is no snapshot: {e}"))
        })?;
        let here = env!("CARGO_PKG_VERSION");
        if snapshot.schema != SCHEMA || snapshot.version != here {
            let Self { schema, version, .. } = snapshot;
            let message = format!(
                "the snapshot is of {schema}, version {version}; this is {SCHEMA}, version {here}"
            );
            return Err(ScenarioError::of_file(file, message));
        }
        Ok(snapshot)
    }

    /// Brings a fresh engine of the same scenario to the state.
    ///
    /// # Errors
    /// One message, if the run fails or the log is not the one that was saved.
    pub fn restore(&self, file: &str, engine: &mut Engine) -> Result<(), ScenarioError> {
        let wrong = |message: String| ScenarioError::of_file(file, message);
        engine
            .replay(&self.journal, self.now, self.settled)
            .map_err(|e| wrong(format!("the snapshot cannot be played: {e}")))?;
        if engine.digest() == self.digest {
            Ok(())
        } else {
            Err(wrong(String::from("the snapshot plays another story now: its digest differs")))
        }
    }
}
