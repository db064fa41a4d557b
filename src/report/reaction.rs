//! What a group did about its breaches: how soon, for how long, and what held it up (SEMANTICS
//! 12.2).

use serde::Serialize;

use crate::model::activity::{ActivityKind, ActivityStatus};
use crate::model::record::{Decision, Outcome};
use crate::report::history::{Activity, History};
use crate::report::minutes_of;
use crate::report::slo::{Breach, Durations, Episode};

/// How long from the begin of an episode until a scale-out is at work: 0 if one is by then.
/// Episodes in which none began are left out.
pub fn reaction(history: &History, episodes: &[Episode]) -> Durations {
    let outs: Vec<&Activity> = scale_outs(history).collect();
    let times = episodes.iter().filter_map(|episode| {
        // One at a time, so they end in the order in which they begin.
        let next = outs.partition_point(|a| a.end.is_some_and(|end| end <= episode.begin));
        let first = outs.get(next).filter(|a| episode.end.is_none_or(|end| a.start < end))?;
        Some((first.start - episode.begin).ms().max(0))
    });
    Durations::of(times.collect())
}

/// How long scale-outs take that bring at least one instance into service, from start to end.
pub fn provisioning(history: &History) -> Durations {
    let useful = scale_outs(history).filter(|a| !a.succeeded.is_empty());
    Durations::of(useful.filter_map(|a| Some((a.end? - a.start).ms())).collect())
}

/// Scale-outs that ran and did something, or may still.
fn scale_outs(history: &History) -> impl Iterator<Item = &Activity> {
    let outs = history.activities.iter().filter(|a| a.kind == ActivityKind::ScaleOut);
    outs.filter(|a| a.changed_something() || a.status == ActivityStatus::Executing)
}

/// SLO minutes of an episode after a trigger for more instances came to nothing, until one is
/// accepted, by the reason. Minutes that nobody asked to change are in none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct RefusedMinutes {
    /// The group was at work, or waited at a hook.
    pub busy: f64,
    /// In a cooldown.
    pub cooldown: f64,
    /// The group was inactive for a standing cause.
    pub failed: f64,
    /// The group was suspended.
    pub suspended: f64,
    /// It was at its maximum size already.
    pub at_max: f64,
}

impl RefusedMinutes {
    /// All of them.
    pub fn sum(&self) -> f64 {
        self.busy + self.cooldown + self.failed + self.suspended + self.at_max
    }
}

/// Why a trigger for more came to nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Busy,
    Cooldown,
    Failed,
    Suspended,
    AtMax,
}

/// What refusals cost; the breaches in order of time.
pub fn refused_minutes(
    history: &History,
    episodes: &[Episode],
    breaches: &[Breach],
) -> RefusedMinutes {
    let mut ms = [0_i64; 5];
    let (mut triggers, mut breaches) =
        (history.triggers.iter().peekable(), breaches.iter().peekable());
    for episode in episodes {
        while triggers.next_if(|(t, _)| *t < episode.begin).is_some() {}
        let mut held = None;
        let is_inside = |b: &&Breach| episode.end.is_none_or(|end| b.start < end);
        while let Some(breach) = breaches.next_if(is_inside) {
            while let Some((_, trigger)) = triggers.next_if(|(t, _)| *t <= breach.start) {
                if wants_more(trigger) {
                    held = refusal(trigger);
                }
            }
            if let Some(sum) = held.and_then(|refusal: Refusal| ms.get_mut(refusal as usize)) {
                *sum += breach.length.ms();
            }
        }
    }
    let [busy, cooldown, failed, suspended, at_max] = ms.map(minutes_of);
    RefusedMinutes { busy, cooldown, failed, suspended, at_max }
}

fn wants_more(decision: &Decision) -> bool {
    decision.trigger.is_some_and(|trigger| trigger.unclamped > i64::from(trigger.desired))
}

const fn refusal(decision: &Decision) -> Option<Refusal> {
    match decision.outcome {
        Outcome::Busy => Some(Refusal::Busy),
        Outcome::Cooldown => Some(Refusal::Cooldown),
        Outcome::Failed => Some(Refusal::Failed),
        Outcome::Suspended => Some(Refusal::Suspended),
        // It wanted more and got nothing.
        Outcome::NoChange => Some(Refusal::AtMax),
        _ => None,
    }
}
