//! Health: when a fault is noticed (SEMANTICS 7.1).

use crate::kernel::{SimDuration, SimTime};

/// How long a fault must have held, in service, until the instance is marked.
pub const DETECTION: SimDuration = SimDuration::from_s(60);

/// A fault of an instance: it holds for [begin, end).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// When it begins.
    pub begin: SimTime,
    /// The first instant at which it no longer holds; [`SimTime::MAX`] for never.
    pub end: SimTime,
}

/// When an instance that entered service at `in_service_since` is marked UnHealthy, if ever: 60 s
/// after the later of a fault's begin and that entry, if the fault still holds then. Faults that
/// overlap or follow one another without a gap are one.
pub fn mark_at(in_service_since: SimTime, faults: &[Fault]) -> Option<SimTime> {
    let mut sorted = faults.to_vec();
    sorted.sort_unstable();
    let mut spans: Vec<Fault> = Vec::new();
    for fault in sorted {
        match spans.last_mut() {
            Some(last) if fault.begin <= last.end => last.end = last.end.max(fault.end),
            _ => spans.push(fault),
        }
    }
    spans.into_iter().find_map(|span| {
        let at = span.begin.max(in_service_since) + DETECTION;
        (at < span.end).then_some(at)
    })
}
