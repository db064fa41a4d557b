//! Laws of health, replacement and protection (SEMANTICS 7).

use super::instances::Fleet;
use super::{Story, at};
use crate::model::activity::ActivityKind;
use crate::model::health::DETECTION;
use crate::model::record::Record;

pub(super) fn marks_are_of_those_in_service(story: &Story<'_>) -> Result<(), String> {
    let mut fleet = Fleet::default();
    for entry in story.log {
        if let Record::Marked { instance } = entry.record {
            let serves = fleet.state(instance).is_some_and(|state| state.is_in_service());
            let long = fleet.since(instance).is_some_and(|since| since + DETECTION <= entry.t);
            if !serves || !long || fleet.is_marked(instance) {
                let state = fleet.state(instance);
                return Err(at(entry, format_args!("it is {state:?}, or not for a minute yet")));
            }
        }
        fleet.read(entry);
    }
    Ok(())
}

/// Whoever leaves service: by whose hand, and may he?
fn leaves_service(
    story: &Story<'_>,
    may: impl Fn(ActivityKind, bool, bool) -> bool,
) -> Result<(), String> {
    let mut fleet = Fleet::default();
    let mut kind = None;
    for entry in story.log {
        match entry.record {
            Record::ActivityStarted { activity_kind, .. } => kind = Some(activity_kind),
            Record::Instance { instance, state, .. } if state.is_leaving() => {
                let served = fleet.state(instance).is_some_and(|before| before.is_in_service());
                let (marked, kept) = (fleet.is_marked(instance), fleet.is_protected(instance));
                if served && !kind.is_some_and(|kind| may(kind, marked, kept)) {
                    let seen = format!("by {kind:?}, marked {marked}, protected {kept}");
                    return Err(at(entry, seen));
                }
            }
            _ => {}
        }
        fleet.read(entry);
    }
    Ok(())
}

pub(super) fn replaced_were_marked(story: &Story<'_>) -> Result<(), String> {
    leaves_service(story, |kind, marked, _| match kind {
        ActivityKind::Replace => marked,
        ActivityKind::ScaleIn | ActivityKind::Detach => true,
        ActivityKind::ScaleOut | ActivityKind::Attach => false,
    })
}

pub(super) fn protected_leave_by_detaching(story: &Story<'_>) -> Result<(), String> {
    leaves_service(story, |kind, _, protected| !protected || kind == ActivityKind::Detach)
}
