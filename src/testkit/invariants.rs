//! Laws that every log obeys, whatever the world: each is a fold over the records of one group.
//!
//! They know nothing of loads or of time to come, so they hold for the log of a run that stops
//! anywhere, and for one with commands from outside.

mod accounts;
mod activities;
mod alarms;
mod failures;
mod health;
mod hooks;
mod instances;
mod notices;
mod tasks;

use std::sync::Arc;

use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::SimTime;
use crate::model::failure::is_blocked;
use crate::model::id::GroupIndex;
use crate::model::record::{Entry, Record};

/// What a law is asked of: a world, one of its groups, and that group's log from the start on.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// The world.
    pub setup: &'a Setup,
    /// The group.
    pub group: &'a GroupSetup,
    /// Its place in the world.
    pub index: GroupIndex,
    /// Its log.
    pub log: &'a [Entry],
}

impl Story<'_> {
    /// Whether no instance can be made in a place of the group now.
    fn is_shut(&self, place: Option<&Arc<str>>, now: SimTime) -> bool {
        is_blocked(&self.setup.conditions, self.index, place, now)
    }
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
        doc: "At the end of an activity whoever joined serves or is gone, and status and error are \
              what it did: came, left, failed (7.3, 8.2).",
        check: accounts::launched_are_alive_or_gone,
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
              desired (3.2), or of all that are to be replaced (7.1).",
        check: activities::closes_the_gap,
    },
    Invariant {
        name: "rest_is_at_desired",
        doc: "Time passes without an activity only while actual is desired, the group is suspended, \
              a task's work waits for a cooldown, a failure backs off, a cause stands, or nobody \
              can leave (2.3, 4.1, 4.2, 7.3, 8).",
        check: activities::rest_is_at_desired,
    },
    Invariant {
        name: "cooldowns_follow_alarms",
        doc: "A cooldown opens at the end of an accepted alarm's activity that did something, for \
              its policy's length then, and never without (2.1).",
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
    Invariant {
        name: "joins_where_fewest_are",
        doc: "A new instance goes to the open place with the fewest members, of equals the first \
              (5.4).",
        check: instances::joins_where_fewest_are,
    },
    Invariant {
        name: "rest_while_suspended",
        doc: "A suspended group begins nothing, a deleted one is empty and says nothing more (4.2).",
        check: activities::rest_while_suspended,
    },
    Invariant {
        name: "waits_end_by_their_deadline",
        doc: "A wait is at the hook that was bound as its activity began, ends by its deadline as \
              renewed, and nothing moves the instance before (6).",
        check: hooks::waits_end_by_their_deadline,
    },
    Invariant {
        name: "marks_are_of_those_in_service",
        doc: "An instance is marked once, and only after a minute in service (7.1).",
        check: health::marks_are_of_those_in_service,
    },
    Invariant {
        name: "replaced_were_marked",
        doc: "A replacement takes only marked instances out of service; launches and attaching \
              take none (7.1).",
        check: health::replaced_were_marked,
    },
    Invariant {
        name: "protected_leave_by_detaching",
        doc: "A protected instance leaves service only if its user detaches it (7.3).",
        check: health::protected_leave_by_detaching,
    },
    Invariant {
        name: "nothing_is_made_while_inactive",
        doc: "No scale-out, attaching or detaching begins while a cause stands, and a failed alarm \
              names it (8.2).",
        check: failures::nothing_is_made_while_inactive,
    },
    Invariant {
        name: "back_offs_follow_the_rule",
        doc: "A failure waits as long as the retry rule says for its number in a row, and its work \
              is not tried before (8.3).",
        check: failures::back_offs_follow_the_rule,
    },
    Invariant {
        name: "notices_match_what_they_tell",
        doc: "Each subscription is told once of each end it listens to, and each user group of \
              accepted triggers and waits; nobody of anything else (10.1).",
        check: notices::match_what_they_tell,
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
    for ((index, group), log) in (0..).zip(&setup.groups).zip(logs) {
        let story = Story { setup, group, index: GroupIndex(index), log };
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
