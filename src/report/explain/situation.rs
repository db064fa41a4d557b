//! What a group was up to: sizes, what is under way, what stands in its way, and what happened.

use super::Teller;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityKind, ActivityStatus, Origin};
use crate::model::lifecycle_hook::{HookResult, Transition};
use crate::report::Span;
use crate::report::history::{Activity, Row, Wait};
use crate::report::minutes::{minutes, work_units};
use crate::report::result::Trouble;
use crate::report::words;

impl Teller<'_> {
    /// Where the group stands at `t`.
    pub(super) fn situation(&self, t: SimTime) -> String {
        let history = &self.group.history;
        let Some(Row { min, max, desired, members, in_service, .. }) = history.row_at(t) else {
            return format!("{} does not exist yet.", self.group.name);
        };
        let mut text = format!(
            "At {} group {} wants {desired} (min {min}, max {max}) and has {in_service} in service",
            t.format_civil(self.run.utc_offset),
            self.group.name
        );
        if members != in_service {
            text += &format!(" of {members} members");
        }
        let running = history.activities.iter().rfind(|a| {
            a.status != ActivityStatus::Cancelled && a.start <= t && a.end.is_none_or(|end| end > t)
        });
        text += &match running {
            Some(activity) => {
                let since = self.clock(activity.start);
                format!("; {} is under way since {since}", self.activity(activity))
            }
            None => String::from("; nothing is under way"),
        };
        let window = history.cooldowns.iter().rfind(|(from, until)| *from <= t && t < *until);
        if let Some((_, until)) = window {
            text += &format!("; alarms are in cooldown until {}", self.clock(*until));
        }
        text + "."
            + &self.standing(t)
            + &self.waiting(t)
            + &self.tasks(t)
            + &self.pressure(t).unwrap_or_default()
    }

    /// What keeps the group from working as it should.
    fn standing(&self, t: SimTime) -> String {
        let suspensions = self.group.history.suspensions.iter();
        let suspended = suspensions
            .filter(|(begin, end)| *begin <= t && end.is_none_or(|end| t < end))
            .map(|(begin, _)| format!(" It is suspended since {}.", self.clock(*begin)));
        let troubles = self.troubles().filter(|trouble| trouble.begin <= t && t < trouble.end);
        let troubles = troubles.map(|trouble| {
            format!(
                " Since {}: {}{}.",
                self.clock(trouble.begin),
                trouble.words,
                self.until(trouble.end)
            )
        });
        suspended.chain(troubles).collect()
    }

    /// What the world has against this group.
    fn troubles(&self) -> impl Iterator<Item = &Trouble> {
        let all = self.run.troubles.iter();
        all.filter(|trouble| trouble.group.is_none_or(|group| group == self.group.index))
    }

    fn until(&self, end: SimTime) -> String {
        match end {
            SimTime::MAX => String::new(),
            end => format!(", until {}", self.clock(end)),
        }
    }

    /// Who waits at a hook.
    fn waiting(&self, t: SimTime) -> String {
        let waits = self.group.history.waits.iter();
        let here: Vec<&Wait> =
            waits.filter(|w| w.begin <= t && w.end.is_none_or(|end| t < end.t)).collect();
        let alike = here.chunk_by(|a, b| (a.hook, a.deadline) == (b.hook, b.deadline));
        let told = alike.filter_map(|chunk| {
            let first = chunk.first()?;
            let hook = self.group.history.hook_name(first.hook);
            let verb = if chunk.len() == 1 { "waits" } else { "wait" };
            let (who, until) = (instances(chunk.len()), self.clock(first.deadline));
            Some(format!(" {who} {verb} at hook `{hook}`, until {until} at most."))
        });
        told.collect()
    }

    /// Which scheduled tasks have triggered by then, and when last.
    fn tasks(&self, t: SimTime) -> String {
        let history = &self.group.history;
        let last = |task| {
            let own = history.task_triggers.iter().rfind(|(at, o)| *o == task && *at <= t);
            own.map(|(at, _)| *at)
        };
        let told = history.tasks.iter().filter_map(|(ordinal, task)| {
            let at = self.clock(last(*ordinal)?);
            let (min, max) = (task.min, task.max);
            Some(format!(" Task `{}` set min {min} and max {max} last at {at}.", task.name))
        });
        told.collect()
    }

    /// What the group was offered in the minute before `t`, against what it could serve.
    fn pressure(&self, t: SimTime) -> Option<String> {
        let span = Span { start: self.run.span.start, end: t.min(self.run.span.end) };
        let minute = minutes(&self.group.history, self.group.load, span).last()?;
        let seconds = minute.known.ms() as f64 / 1000.0;
        if seconds <= 0.0 || minute.flow.offered == 0 {
            return None;
        }
        let rate = |work| (work_units(work) / seconds * 10.0).round() / 10.0;
        let (offered, capacity) = (rate(minute.flow.offered), rate(minute.flow.capacity));
        let lost = match rate(minute.flow.lost) {
            0.0 => String::new(),
            lost => format!("; {lost} a second was lost, and alarms cannot see it"),
        };
        Some(format!(
            " In the minute before it was offered {offered} a second and could serve {capacity}{lost}."
        ))
    }

    /// An activity by its id, what it does and for whom.
    fn activity(&self, activity: &Activity) -> String {
        let id = self.run.activity_id(self.group, activity.ordinal);
        let origin = match self.group.history.origin_name(activity.origin) {
            "" => activity.origin.word().to_owned(),
            name => format!("{} `{name}`", activity.origin.word()),
        };
        let what = match activity.kind {
            ActivityKind::ScaleOut => "scale out",
            ActivityKind::ScaleIn => "scale in",
            ActivityKind::Attach => "attach",
            ActivityKind::Detach => "detach",
            ActivityKind::Replace => "replace",
        };
        // One that found the group inactive never got so far as to count.
        let count = match usize::try_from(activity.count).unwrap_or(usize::MAX) {
            0 => String::new(),
            count => format!(" {}", instances(count)),
        };
        format!("{id} ({what}{count}, by {origin})")
    }

    /// What else happened in a span, in order of time.
    pub(super) fn events(&self, from: SimTime, to: SimTime) -> Vec<String> {
        let inside = |t: &SimTime| (from..=to).contains(t);
        let troubles = self.troubles().map(|trouble| {
            (trouble.begin, format!("began: {}{}", trouble.words, self.until(trouble.end)))
        });
        let mut all: Vec<_> = troubles.collect();
        // Of one instant, causes stand before effects.
        all.extend([self.marks(), self.triggers(), self.activities(), self.waits()].concat());
        for (begin, end) in &self.group.history.suspensions {
            all.push((*begin, String::from("the group was suspended")));
            all.extend(end.map(|end| (end, String::from("the group was resumed"))));
        }
        all.retain(|(t, _)| inside(t));
        all.sort_by_key(|(t, _)| *t);
        all.into_iter().map(|(t, words)| format!("{} {words}.", self.clock(t))).collect()
    }

    fn activities(&self) -> Vec<(SimTime, String)> {
        let all = self.group.history.activities.iter();
        let ran = all.filter(|a| a.status != ActivityStatus::Cancelled);
        let told = ran.map(|a| {
            let (what, message) = (self.activity(a), words::message(a, self.run.utc_offset));
            let words = match a.end {
                Some(end) if end == a.start => format!("{what} ended at once: {message}"),
                Some(end) => format!("{what} began; {message} at {}", self.clock(end)),
                None => format!("{what} began and is under way at the end of the run"),
            };
            (a.start, words)
        });
        told.collect()
    }

    fn triggers(&self) -> Vec<(SimTime, String)> {
        let history = &self.group.history;
        let told = history.task_triggers.iter().map(|(t, task)| {
            let name = history.origin_name(Origin::Task { task: *task });
            (*t, format!("scheduled task `{name}` set its bounds"))
        });
        told.collect()
    }

    fn marks(&self) -> Vec<(SimTime, String)> {
        let at_once = self.group.history.marks.chunk_by(|(a, _), (b, _)| a == b);
        let told = at_once.filter_map(|chunk| {
            let verb = if chunk.len() == 1 { "was" } else { "were" };
            let words = format!("{} {verb} found unhealthy", instances(chunk.len()));
            Some((chunk.first()?.0, words))
        });
        told.collect()
    }

    fn waits(&self) -> Vec<(SimTime, String)> {
        let key = |w: &Wait| (w.begin, w.hook, w.end);
        let alike = self.group.history.waits.chunk_by(|a, b| key(a) == key(b));
        let told = alike.filter_map(|chunk| {
            let wait = chunk.first()?;
            let hook = self.group.history.hook_name(wait.hook);
            let side = match wait.transition {
                Transition::Launch => "launch",
                Transition::Terminate => "terminate",
            };
            let end = match wait.end {
                None => String::from("still waiting at the end of the run"),
                Some(end) => {
                    let why = if end.expired { "nobody completed it" } else { "completed" };
                    let what = match (wait.transition, end.result) {
                        (Transition::Launch, HookResult::Disable) => ", the launch is refused",
                        _ => "",
                    };
                    let length: SimDuration = end.t - wait.begin;
                    format!("{why} within {length}{what}")
                }
            };
            let (who, verb) = (instances(chunk.len()), "began to wait");
            Some((wait.begin, format!("{who} {verb} at {side} hook `{hook}`: {end}")))
        });
        told.collect()
    }
}

fn instances(count: usize) -> String {
    format!("{count} {}", if count == 1 { "instance" } else { "instances" })
}
