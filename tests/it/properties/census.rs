//! What the random worlds are full of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use asgsim::model::activity::{ActivityKind, Origin};
use asgsim::model::instance::LifecycleState;
use asgsim::model::record::{Blocker, Outcome, Record};
use asgsim::testkit::strategies;

use super::{hold, run};

/// Worlds in which nothing happens prove nothing: the strategies must keep producing every kind
/// of event often.
#[test]
fn worlds_are_lively() {
    let counts = RefCell::new(BTreeMap::new());
    hold(1, (strategies::world(), strategies::run_length()), |(setup, length)| {
        for log in run(&setup, setup.start + length) {
            let seen: BTreeSet<&str> = log.iter().flat_map(|entry| kinds(&entry.record)).collect();
            seen.into_iter().for_each(|kind| *counts.borrow_mut().entry(kind).or_insert(0) += 1);
        }
        *counts.borrow_mut().entry("worlds").or_insert(0) += 1;
        Ok(())
    });
    let counts = counts.into_inner();
    println!("{counts:#?}");
    let share = |kind: &str| counts.get(kind).copied().unwrap_or(0) * 100 / counts["worlds"];
    for (kind, least_pct) in LIVELY {
        assert!(share(kind) >= least_pct, "{kind}: {} % of the worlds", share(kind));
    }
}

/// What a group's log must show, in at least so many per cent of the worlds.
const LIVELY: [(&str, i32); 26] = [
    ("accepted", 30),
    ("busy", 10),
    ("pending", 1),
    ("cooldown", 10),
    ("no_change", 20),
    ("suspended", 1),
    ("failed", 1),
    ("scale_out", 30),
    ("scale_in", 20),
    ("attach", 1),
    ("detach", 1),
    ("replace", 15),
    ("by user", 20),
    ("by bounds", 3),
    ("by retry", 10),
    ("detach_lb", 5),
    ("launch failed", 5),
    ("backed off", 10),
    ("given up", 4),
    ("waiting", 10),
    ("completed", 3),
    ("expired", 8),
    ("notified", 25),
    ("marked", 15),
    ("protected", 2),
    ("deleted", 2),
];

fn kinds(record: &Record) -> Vec<&'static str> {
    match record {
        Record::Trigger(decision) => {
            let outcome = match decision.outcome {
                Outcome::Accepted => "accepted",
                Outcome::Busy => "busy",
                Outcome::Cooldown => "cooldown",
                Outcome::NoChange => "no_change",
                Outcome::Suspended => "suspended",
                Outcome::Failed => "failed",
                _ => "other",
            };
            match decision.trigger.and_then(|trigger| trigger.blocker) {
                Some(Blocker::Pending) => vec![outcome, "pending"],
                _ => vec![outcome],
            }
        }
        Record::ActivityStarted { activity_kind, origin, .. } => {
            let kind = match activity_kind {
                ActivityKind::ScaleIn => "scale_in",
                ActivityKind::Attach => "attach",
                ActivityKind::Detach => "detach",
                ActivityKind::Replace => "replace",
                _ => "scale_out",
            };
            match origin {
                Origin::User => vec![kind, "by user"],
                Origin::Bounds => vec![kind, "by bounds"],
                Origin::Retry => vec![kind, "by retry"],
                _ => vec![kind],
            }
        }
        Record::Instance { state: LifecycleState::DetachLb, .. } => vec!["detach_lb"],
        Record::LaunchFailed { .. } => vec!["launch failed"],
        Record::BackedOff { until: Some(_), .. } => vec!["backed off"],
        Record::BackedOff { until: None, .. } => vec!["given up"],
        Record::HookWaiting { .. } => vec!["waiting"],
        Record::HookEnded { expired: false, .. } => vec!["completed"],
        Record::HookEnded { expired: true, .. } => vec!["expired"],
        Record::Notified(_) => vec!["notified"],
        Record::Marked { .. } => vec!["marked"],
        Record::Protected { .. } => vec!["protected"],
        Record::GroupDeleted => vec!["deleted"],
        Record::PolicyCreated { .. } => vec!["policy"],
        _ => vec![],
    }
}
