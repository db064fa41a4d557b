//! Laws that every log obeys, whatever the world: each is a fold over the records of one group.
//!
//! They know nothing of loads or of time to come, so they hold for the log of a run that stops
//! anywhere, and for one with commands from outside.

mod activities;
mod alarms;
mod instances;
mod tasks;

use crate::engine::setup::{GroupSetup, Setup};
use crate::model::record::{Entry, Record};

/// What a law is asked of: a world, one of its groups, and that group's log from the start on.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// The world.
    pub setup: &'a Setup,
    /// The group.
    pub group: &'a GroupSetup,
    /// Its log.
    pub log: &'a [Entry],
}

/// One law.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// A short name, as printed in failures.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub doc: &'static str,
    /// Looks for the first breach.
    ///
    /// # Errors
    /// Where the law is broken and how, in words.
    pub check: fn(&Story<'_>) -> Result<(), String>,
}

/// All laws.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "time_order",
        doc: "The log begins at the start of the run and its instants never fall (0.4).",
        check: time_order,
    },
    Invariant {
        name: "sizes_in_bounds",
        doc: "Always min <= desired <= max <= the limit, and a record of sizes changes one (3.1).",
        check: sizes_in_bounds,
    },
    Invariant {
        name: "legal_lives",
        doc: "Instances pass only from a state to one that may follow it (5.1).",
        check: instances::legal_lives,
    },
    Invariant {
        name: "ordinals_of_joins",
        doc: "Joins are numbered from 1 without a gap, and a number is never used again (5.4).",
        check: instances::ordinals_of_joins,
    },
    Invariant {
        name: "moved_by_the_running_activity",
        doc: "Only the running activity moves instances, and none moves on after its end (4).",
        check: instances::moved_by_the_running_activity,
    },
    Invariant {
        name: "launched_are_alive_or_gone",
        doc: "Those there at the start and those launched are alive or gone, and so many are gone \
              as ended scale-ins removed.",
        check: instances::launched_are_alive_or_gone,
    },
    Invariant {
        name: "one_activity_at_a_time",
        doc: "At most one activity runs; what ends had started, and ends once (4).",
        check: activities::one_at_a_time,
    },
    Invariant {
        name: "activity_ordinals",
        doc: "Activities, cancelled ones too, are numbered from 1 without a gap.",
        check: activities::ordinals,
    },
    Invariant {
        name: "activity_closes_the_gap",
        doc: "An activity is of the size and direction of the whole difference between actual and \
              desired (3.2).",
        check: activities::closes_the_gap,
    },
    Invariant {
        name: "rest_is_at_desired",
        doc: "Time passes without an activity only while actual is desired, or while the work of a \
              task waits for a cooldown (2.3, 4.1, without faults).",
        check: activities::rest_is_at_desired,
    },
    Invariant {
        name: "cooldowns_follow_alarms",
        doc: "A cooldown opens at the end of an accepted alarm's activity, for its policy's \
              length, and never without (2.1).",
        check: activities::cooldowns_follow_alarms,
    },
    Invariant {
        name: "no_alarm_in_cooldown",
        doc: "No trigger is accepted before the latest cooldown is over, and none is refused for \
              one that is (0.3, 2.3).",
        check: alarms::none_accepted_in_cooldown,
    },
    Invariant {
        name: "triggers_have_their_consequence",
        doc: "An accepted trigger is followed by its sizes and its activity, a refused one by an \
              activity cancelled for the same reason, one that asks for what is there by neither \
              (1.6).",
        check: alarms::consequences,
    },
    Invariant {
        name: "triggers_are_earned",
        doc: "A trigger has a streak of at least repeatTimes of an existing policy (1.5).",
        check: alarms::earned,
    },
    Invariant {
        name: "triggers_see_the_group",
        doc: "A trigger's desired, actual and target are those of the group at that place (1.6).",
        check: alarms::see_the_group,
    },
    Invariant {
        name: "tasks_keep_their_times",
        doc: "A task triggers at its start or at that time of a day that matches, not after its \
              end and once an instant; its bounds are the group's then (9.1, 9.4).",
        check: tasks::keep_their_times,
    },
    Invariant {
        name: "periods_end_on_marks",
        doc: "Triggers stand on marks of the metric period, each policy's at most once there, and \
              not before a whole period of its existence is over (1.1).",
        check: alarms::on_marks,
    },
];

/// Holds all laws against the logs of all groups.
///
/// # Errors
/// The first breach: group, law, and what is wrong.
pub fn check_all(setup: &Setup, logs: &[Vec<Entry>]) -> Result<(), String> {
    if setup.groups.len() != logs.len() {
        return Err(format!("{} groups but {} logs", setup.groups.len(), logs.len()));
    }
    for (group, log) in setup.groups.iter().zip(logs) {
        let story = Story { setup, group, log };
        for law in INVARIANTS {
            (law.check)(&story).map_err(|why| format!("{}: {}: {why}", group.name, law.name))?;
        }
    }
    Ok(())
}

/// A breach at a record.
fn at(entry: &Entry, why: impl std::fmt::Display) -> String {
    format!("at {} ms, {:?}: {why}", entry.t.unix_ms(), entry.record)
}

fn time_order(story: &Story<'_>) -> Result<(), String> {
    let mut latest = story.setup.start;
    for (n, entry) in story.log.iter().enumerate() {
        if entry.t < latest || (n == 0 && entry.t != latest) {
            return Err(at(entry, format_args!("the time was {} ms", latest.unix_ms())));
        }
        latest = entry.t;
    }
    Ok(())
}

fn sizes_in_bounds(story: &Story<'_>) -> Result<(), String> {
    let mut before = None;
    for entry in story.log {
        let Record::Capacity(sizes) = entry.record else { continue };
        let limit = story.setup.limits.max_size;
        if sizes.min > sizes.desired || sizes.desired > sizes.max || sizes.max > limit {
            return Err(at(entry, "out of bounds"));
        }
        if before == Some(sizes) {
            return Err(at(entry, "nothing changed"));
        }
        before = Some(sizes);
    }
    before.map(|_| ()).ok_or_else(|| String::from("the log has no sizes"))
}
