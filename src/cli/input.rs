//! Reading scenarios, traces and snapshots.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::report::html::Source;
use crate::scenario::Scenario;
use crate::scenario::build::build;
use crate::scenario::decode::decode;
use crate::scenario::document::{BYTES_MAX, Document};
use crate::scenario::error::ScenarioError;
use crate::scenario::file::ScenarioFile;
use crate::scenario::mend::all_faults;
use crate::scenario::snapshot::{Snapshot, TraceDigest};
use crate::scenario::value::When;

/// The largest trace file, in bytes.
const TRACE_BYTES_MAX: u64 = 256 << 20;

/// The largest snapshot, in bytes: as much as a server's million commands come to.
const SNAPSHOT_BYTES_MAX: u64 = 1 << 30;

/// A scenario and what it was made from.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub scenario: Scenario,
    pub document: Document,
    /// The folder its trace files are relative to.
    pub folder: PathBuf,
    pub traces: Vec<TraceDigest>,
}

impl Loaded {
    /// What a page says of where the run came from.
    pub(crate) fn source(&self) -> Source<'_> {
        let Document { file, text, overrides, .. } = &self.document;
        // Where the file lies on this disk is nobody's business.
        let name = Path::new(file).file_name().and_then(|name| name.to_str());
        Source { file: name.unwrap_or(file), overrides, text }
    }
}

/// Reads a scenario file with overrides; `until` takes the place of its end.
pub(crate) fn scenario(
    path: &str,
    overrides: &[String],
    until: Option<&str>,
) -> Result<Loaded, Failure> {
    let (document, folder) = document(path, overrides)?;
    loaded(document, folder, until)
}

/// Reads a scenario file with overrides for the linter, which wants to know of every fault.
pub(crate) fn for_lint(
    path: &str,
    overrides: &[String],
) -> Result<(Document, Result<Scenario, Vec<ScenarioError>>), Failure> {
    let (document, folder) = document(path, overrides)?;
    let scenario = all_faults(&document, |document| {
        let file: ScenarioFile = decode(&document.root)?;
        build(&file, &|name| read_trace(&folder, name), None)
    });
    Ok((document, scenario))
}

/// Reads a scenario file as a tree; with the folder its trace files are relative to.
fn document(path: &str, overrides: &[String]) -> Result<(Document, PathBuf), Failure> {
    let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = read(Path::new(path), limit)
        .map_err(|message| Failure::Input(format!("{path}: {message}")))?;
    let document = Document::parse(path, &bytes, overrides)?;
    let folder = Path::new(path).parent().map_or_else(PathBuf::new, Path::to_path_buf);
    Ok((document, folder))
}

/// Reads a snapshot and the scenario in it.
pub(crate) fn snapshot(path: &str, until: Option<&str>) -> Result<(Loaded, Snapshot), Failure> {
    let snapshot = saved(path)?;
    Ok((scenario_of(path, &snapshot, until)?, snapshot))
}

/// Reads a snapshot.
pub(crate) fn saved(path: &str) -> Result<Snapshot, Failure> {
    let bytes = read(Path::new(path), SNAPSHOT_BYTES_MAX)
        .map_err(|message| Failure::Input(format!("{path}: {message}")))?;
    Ok(Snapshot::parse(path, &bytes)?)
}

/// The scenario of a snapshot, which was read from `path`.
pub(crate) fn scenario_of(
    path: &str,
    snapshot: &Snapshot,
    until: Option<&str>,
) -> Result<Loaded, Failure> {
    let document = Document::parse(&snapshot.file, snapshot.text.as_bytes(), &snapshot.overrides)?;
    let loaded = loaded(document, PathBuf::from(&snapshot.folder), until)?;
    for (then, now) in snapshot.traces.iter().zip(&loaded.traces) {
        if then != now {
            let message = format!("{path}: {} is not what it was when this was saved", now.file);
            return Err(Failure::Input(message));
        }
    }
    Ok(loaded)
}

fn loaded(document: Document, folder: PathBuf, until: Option<&str>) -> Result<Loaded, Failure> {
    let until = until
        .map(|text| When::parse(text).map_err(|e| Failure::Input(format!("--until {text}: {e}"))));
    let until = until.transpose()?;
    let file: ScenarioFile = document.decode()?;
    let traces = RefCell::new(Vec::new());
    let read_noted = |name: &str| {
        let bytes = read_trace(&folder, name)?;
        traces.borrow_mut().push(TraceDigest::of(name, &bytes));
        Ok(bytes)
    };
    let built = build(&file, &read_noted, until.as_ref());
    let scenario = built.map_err(|fault| document.locate(fault))?;
    Ok(Loaded { scenario, document, folder, traces: traces.into_inner() })
}

/// The bytes of a trace file; the message names it.
fn read_trace(folder: &Path, name: &str) -> Result<Vec<u8>, String> {
    let path = folder.join(name);
    read(&path, TRACE_BYTES_MAX).map_err(|message| format!("{}: {message}", path.display()))
}

/// A file's bytes, at most `limit` of them; the message does not name the file.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|e| e.to_string())?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(format!("the file is larger than {limit} bytes"));
    }
    Ok(bytes)
}
