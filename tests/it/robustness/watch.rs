//! Times each case, and ends the process if one does not end.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::mutate::Case;

/// The longest a case may take when times are held against a bound.
const LONGEST: Duration = Duration::from_secs(1);
/// After so long a case counts as one that never ends.
const NEVER: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Seen {
    count: u64,
    running: Option<(Instant, Case)>,
    slowest: Option<(Duration, Case)>,
}

/// The times of all cases so far.
pub struct Watch {
    is_long: bool,
    begun: Instant,
    seen: Arc<Mutex<Seen>>,
}

impl Watch {
    /// In a long run times have a bound.
    pub fn new(is_long: bool) -> Self {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let weak = Arc::downgrade(&seen);
        std::thread::spawn(move || {
            while let Some(seen) = weak.upgrade() {
                let seen = seen.lock().unwrap();
                if let Some((begun, case)) = &seen.running
                    && begun.elapsed() > NEVER
                {
                    eprintln!("this case does not end:\n{case:?}");
                    std::process::exit(101);
                }
                drop(seen);
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        Self { is_long, begun: Instant::now(), seen }
    }

    /// Runs one case.
    pub fn time(&self, case: &Case, work: impl Fn() -> Result<(), String>) -> Result<(), String> {
        let begun = Instant::now();
        self.seen.lock().unwrap().running = Some((begun, case.clone()));
        let mut outcome = work();
        let mut took = begun.elapsed();
        if self.is_long && outcome.is_ok() && took > LONGEST {
            // A busy machine is no fault of the case: it may try again.
            let again = Instant::now();
            outcome = work();
            took = took.min(again.elapsed());
            if took > LONGEST {
                outcome = Err(format!("it takes {took:?}"));
            }
        }
        let mut seen = self.seen.lock().unwrap();
        seen.running = None;
        seen.count += 1;
        if seen.slowest.as_ref().is_none_or(|(slowest, _)| took > *slowest) {
            seen.slowest = Some((took, case.clone()));
        }
        outcome
    }

    /// Tells what was seen; a fault ends a run before all inputs have been tried.
    pub fn report(&self) {
        let seen = self.seen.lock().unwrap();
        eprintln!("{} inputs in {:?}", seen.count, self.begun.elapsed());
        if let Some((took, case)) = &seen.slowest
            && self.is_long
        {
            eprintln!("the slowest took {took:?}:\n{case:?}");
        }
        if let Some(peak) = peak_memory() {
            eprintln!("peak memory of the process: {peak}");
        }
    }
}

/// Where the system tells it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
