//! Why a group did or did not scale: for an instant or a span, in sentences with numbers.
//!
//! Folds a run of which every evaluation was kept. Each policy tells what it saw, how far its
//! streak was, what it decided, what stood in the way and until when, and what would have had to
//! be different.

use serde::Serialize;

use crate::kernel::{Micro, SimTime, UtcOffset};
use crate::model::activity::ActivityStatus;
use crate::model::policy::{Adjustment, Operator, Policy};
use crate::model::record::{Blocker, Decision, Outcome, Trigger};
use crate::report::Span;
use crate::report::history::{Activity, Row};
use crate::report::minutes::{minutes, work_units};
use crate::report::result::{GroupRun, Run};
use crate::report::words;

/// What a group was up to, and what its policies made of it.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The group.
    pub group: String,
    /// The first instant asked about.
    pub from: SimTime,
    /// The last one; the same for an instant.
    pub to: SimTime,
    /// Sizes, members, and what was in progress, at `to`.
    pub situation: String,
    /// What each policy saw, in creation order.
    pub policies: Vec<PolicyStory>,
    /// What else happened in the span: activities that began, scheduled tasks that triggered.
    pub events: Vec<String>,
}

/// One policy's side of it.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyStory {
    /// Its name.
    pub policy: String,
    /// Its evaluations of the span, like ones in a row together.
    pub evaluations: Vec<Evaluated>,
    /// What comes next: its next trigger after the span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// One evaluation, or several in a row that came to the same.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluated {
    /// The end of the first period judged.
    pub t: SimTime,
    /// The end of the last one.
    pub t_last: SimTime,
    /// How many there are.
    pub periods: usize,
    /// The last value seen.
    pub value: Option<Micro>,
    /// The streak after the last.
    pub streak: u32,
    /// What they came to.
    pub outcome: Outcome,
    /// All of it in a sentence.
    pub sentence: String,
    /// What would have had to be different for it to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

/// Explains an instant: each policy's last evaluation at or before it.
pub fn at(run: &Run<'_>, group: &GroupRun<'_>, t: SimTime) -> Explanation {
    let teller = Teller { run, group, today: t };
    let last = |policy: &Policy, all: &[(SimTime, Decision)]| {
        let own = all.iter().rev().find(|(when, _)| *when <= t);
        own.map_or_else(Vec::new, |found| vec![teller.evaluated(policy, &[*found])])
    };
    teller.explanation((t, t), last)
}

/// Explains a span, both ends included: every evaluation in it.
pub fn during(run: &Run<'_>, group: &GroupRun<'_>, from: SimTime, to: SimTime) -> Explanation {
    let teller = Teller { run, group, today: from };
    let inside = |policy: &Policy, all: &[(SimTime, Decision)]| {
        let own: Vec<_> =
            all.iter().copied().filter(|(when, _)| (from..=to).contains(when)).collect();
        let alike = own.chunk_by(|(_, a), (_, b)| a.outcome == b.outcome && a.trigger.is_none());
        alike.map(|chunk| teller.evaluated(policy, chunk)).collect()
    };
    teller.explanation((from, to), inside)
}

/// One evaluation in a sentence, with what would have had to be different; empty for a policy that
/// the group never had.
pub fn sentence(run: &Run<'_>, group: &GroupRun<'_>, t: SimTime, decision: &Decision) -> String {
    let teller = Teller { run, group, today: t };
    let all = &group.history.policies;
    let Some((_, policy)) = all.iter().find(|(ordinal, _)| *ordinal == decision.policy) else {
        return String::new();
    };
    let Evaluated { sentence, otherwise, .. } = teller.evaluated(policy, &[(t, *decision)]);
    match otherwise {
        Some(otherwise) => format!("{sentence} {otherwise}"),
        None => sentence,
    }
}

/// An explanation as text: a paragraph for the situation, and one for each policy.
pub fn text(explanation: &Explanation) -> String {
    let mut lines = vec![explanation.situation.clone()];
    for story in &explanation.policies {
        if story.evaluations.is_empty() {
            lines.push(format!("`{}` had judged nothing by then.", story.policy));
        }
        for evaluated in &story.evaluations {
            let otherwise = evaluated.otherwise.as_ref().map(|why| format!(" {why}"));
            lines.push(format!("{}{}", evaluated.sentence, otherwise.unwrap_or_default()));
        }
        lines.extend(story.next.clone());
    }
    lines.extend(explanation.events.iter().cloned());
    lines.join("\n")
}

/// Words for one group's run; `today` is the day whose times go without a date.
struct Teller<'a> {
    run: &'a Run<'a>,
    group: &'a GroupRun<'a>,
    today: SimTime,
}

impl Teller<'_> {
    fn explanation(
        &self,
        (from, to): (SimTime, SimTime),
        judge: impl Fn(&Policy, &[(SimTime, Decision)]) -> Vec<Evaluated>,
    ) -> Explanation {
        let history = &self.group.history;
        let all = self.group.evaluations.unwrap_or(&history.triggers);
        let policies = history.policies.iter().map(|(ordinal, policy)| {
            let own: Vec<_> = all.iter().copied().filter(|(_, d)| d.policy == *ordinal).collect();
            let next = own.iter().find(|(t, d)| *t > to && d.trigger.is_some());
            PolicyStory {
                policy: policy.name.clone(),
                evaluations: judge(policy, &own),
                next: next.map(|(t, decision)| self.next_trigger(policy, *t, decision)),
            }
        });
        Explanation {
            group: self.group.name.to_owned(),
            from,
            to,
            situation: self.situation(to),
            policies: policies.collect(),
            events: self.events(from, to),
        }
    }

    /// A time of day, with its date if that is another one.
    fn clock(&self, t: SimTime) -> String {
        clock(t, self.today, self.run.utc_offset)
    }

    fn situation(&self, t: SimTime) -> String {
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
            Some(activity) => format!("; {} is under way", self.activity(activity)),
            None => String::from("; nothing is under way"),
        };
        let window = history.cooldowns.iter().rfind(|(from, until)| *from <= t && t < *until);
        if let Some((_, until)) = window {
            text += &format!("; alarms are in cooldown until {}", self.clock(*until));
        }
        text + "." + &self.tasks(t) + &self.pressure(t).unwrap_or_default()
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

    /// An activity by its id, what it does and since when.
    fn activity(&self, activity: &Activity) -> String {
        let id = self.run.activity_id(self.group, activity.ordinal);
        let origin = match self.group.history.origin_name(activity.origin) {
            "" => activity.origin.word().to_owned(),
            name => format!("{} `{name}`", activity.origin.word()),
        };
        let what = words::description(activity);
        format!("{id} ({what}, by {origin}, since {})", self.clock(activity.start))
    }

    fn events(&self, from: SimTime, to: SimTime) -> Vec<String> {
        let history = &self.group.history;
        let began = history
            .activities
            .iter()
            .filter(|a| (from..=to).contains(&a.start) && a.status != ActivityStatus::Cancelled);
        let began = began.map(|a| {
            let end = match a.end {
                Some(end) => {
                    format!("{} at {}", words::message(a, self.run.utc_offset), self.clock(end))
                }
                None => String::from("still under way at the end of the run"),
            };
            (a.start, format!("{} began; {end}.", self.activity(a)))
        });
        let tasks = history.task_triggers.iter().filter(|(t, _)| (from..=to).contains(t));
        let tasks = tasks.map(|(t, task)| {
            let origin = crate::model::activity::Origin::Task { task: *task };
            let name = history.origin_name(origin);
            (*t, format!("{} scheduled task `{name}` set its bounds.", self.clock(*t)))
        });
        let mut all: Vec<_> = began.chain(tasks).collect();
        all.sort_by_key(|(t, _)| *t);
        all.into_iter().map(|(_, line)| line).collect()
    }

    /// Evaluations in a row that came to the same.
    fn evaluated(&self, policy: &Policy, alike: &[(SimTime, Decision)]) -> Evaluated {
        let values = alike.iter().filter_map(|(_, decision)| decision.value);
        let (lowest, highest) = (values.clone().min(), values.max());
        let blank = (SimTime::MIN, None);
        let (t, _) = alike.first().map_or(blank, |(t, d)| (*t, Some(*d)));
        let (t_last, last) = alike.last().map_or(blank, |(t, d)| (*t, Some(*d)));
        let outcome = last.map_or(Outcome::NoData, |d| d.outcome);
        let when = match alike.len() {
            0 | 1 => self.clock(t),
            n => format!("{} to {} ({n} periods)", self.clock(t), self.clock(t_last)),
        };
        let seen = match (lowest, highest) {
            (Some(low), Some(high)) if low != high => {
                format!("{} to {}", figure(policy, low), figure(policy, high))
            }
            (Some(value), _) => figure(policy, value),
            _ => String::from("no data"),
        };
        let decided = last.map_or_else(String::new, |d| self.decided(policy, &d));
        let sentence = format!("{when} `{}` saw {seen}{decided}.", policy.name);
        let otherwise = last.and_then(|d| self.otherwise(policy, t_last, &d, (lowest, highest)));
        let (value, streak) = (last.and_then(|d| d.value), last.map_or(0, |d| d.streak));
        Evaluated { t, t_last, periods: alike.len(), value, streak, outcome, sentence, otherwise }
    }

    /// What a policy made of what it saw.
    fn decided(&self, policy: &Policy, decision: &Decision) -> String {
        let (sign, threshold) = (policy.alarm.operator.sign(), limit(policy));
        let streak = streak(policy, decision);
        let Some(trigger) = &decision.trigger else {
            return match decision.outcome {
                Outcome::NoData => format!(", so {sign} {threshold} could not be judged"),
                Outcome::Streaking => format!(" {sign} {threshold}, {streak}"),
                _ => format!(", which is not {sign} {threshold}"),
            };
        };
        let asked = asked(policy, trigger);
        let came = match decision.outcome {
            Outcome::Accepted => accepted(trigger),
            Outcome::NoChange => match at_bound(trigger) {
                Some((bound, _)) => format!("asked for {asked}, got nothing: {bound}"),
                None => format!("asked for {asked}, which is what there is"),
            },
            _ => format!("asked for {asked}, refused: {}", self.blocker(decision, trigger)),
        };
        format!(" {sign} {threshold}, {streak}, {came}")
    }

    /// Who stood in the way, and until when.
    fn blocker(&self, decision: &Decision, trigger: &Trigger) -> String {
        let id = |activity| self.run.activity_id(self.group, activity);
        match trigger.blocker {
            Some(Blocker::Cooldown { activity, until }) => {
                format!("cooldown from {} until {}", id(activity), self.clock(until))
            }
            Some(Blocker::Activity { activity }) => {
                let end = self.end_of(activity).map(|end| format!(", which ended at {end}"));
                format!("{} was under way{}", id(activity), end.unwrap_or_default())
            }
            Some(Blocker::Hook { activity, until, .. }) => {
                format!("{} waited at a hook until {} at most", id(activity), self.clock(until))
            }
            Some(Blocker::Pending) => {
                String::from("the group was about to start something at this instant")
            }
            Some(Blocker::Cause { error, until }) => {
                let until = until.map(|t| format!(" until {}", self.clock(t)));
                format!("{} ({}){}", words::reason(error), error.code(), until.unwrap_or_default())
            }
            None if decision.outcome == Outcome::Suspended => {
                String::from("the group is suspended")
            }
            None => String::from("nothing stood in the way"),
        }
    }

    /// The activity of that number; they stand in the order of their numbers.
    fn found(&self, ordinal: crate::model::id::ActivityOrdinal) -> Option<&Activity> {
        let all = &self.group.history.activities;
        all.get(all.binary_search_by_key(&ordinal, |activity| activity.ordinal).ok()?)
    }

    fn end_of(&self, ordinal: crate::model::id::ActivityOrdinal) -> Option<String> {
        self.found(ordinal)?.end.map(|end| self.clock(end))
    }

    /// What would have had to be different for the policy to act.
    fn otherwise(
        &self,
        policy: &Policy,
        t: SimTime,
        decision: &Decision,
        (lowest, highest): (Option<Micro>, Option<Micro>),
    ) -> Option<String> {
        let Some(trigger) = &decision.trigger else {
            return short_of(policy, decision, lowest, highest);
        };
        match (decision.outcome, trigger.blocker) {
            (Outcome::NoChange, _) => {
                let (_, wish) = at_bound(trigger)?;
                Some(format!("With {wish} it would have acted."))
            }
            (Outcome::Cooldown, Some(Blocker::Cooldown { activity, .. })) => {
                let found = self.found(activity)?;
                let passed = t - found.end?;
                Some(format!("With a cooldown of {passed} or less it would have acted."))
            }
            (Outcome::Busy, Some(Blocker::Activity { activity })) => {
                let found = self.found(activity)?;
                let room = t - found.start;
                Some(format!("Had that activity taken less than {room}, it would have been free."))
            }
            _ => None,
        }
    }

    fn next_trigger(&self, policy: &Policy, t: SimTime, decision: &Decision) -> String {
        let decided = self.decided(policy, decision);
        let seen = decision.value.map_or_else(String::new, |value| figure(policy, value));
        format!("Next, at {}, `{}` saw {seen}{decided}.", self.clock(t), policy.name)
    }
}

fn accepted(trigger: &Trigger) -> String {
    let Trigger { desired, target, unclamped, .. } = *trigger;
    let change = |to: i64| format!("{:+}", to - i64::from(desired));
    let got = change(i64::from(target));
    match at_bound(trigger) {
        None => format!("accepted: {desired} to {target} ({got})"),
        Some((bound, _)) => {
            format!("accepted: asked for {}, got {got}: {bound}", change(unclamped))
        }
    }
}

/// The bound that took what was asked for, and what it would have had to be.
fn at_bound(trigger: &Trigger) -> Option<(String, String)> {
    let target = i64::from(trigger.target);
    let (bound, word) = match trigger.unclamped.cmp(&target) {
        std::cmp::Ordering::Greater => ("max", "above"),
        std::cmp::Ordering::Less => ("min", "below"),
        std::cmp::Ordering::Equal => return None,
    };
    Some((format!("{bound} is {target}"), format!("{bound} {word} {target}")))
}

/// How far a streak has come.
fn streak(policy: &Policy, decision: &Decision) -> String {
    let (streak, needed) = (decision.streak, policy.alarm.repeat_times);
    match streak <= needed {
        true => format!("streak {streak} of {needed}"),
        false => format!("streak {streak}, {needed} needed"),
    }
}

/// How far values and streak were from a trigger.
fn short_of(
    policy: &Policy,
    decision: &Decision,
    lowest: Option<Micro>,
    highest: Option<Micro>,
) -> Option<String> {
    match decision.outcome {
        Outcome::NotBreaching => {
            let threshold = Micro::from_int(policy.alarm.threshold);
            let nearest = match policy.alarm.operator {
                Operator::Greater | Operator::EqualOrGreater => highest?,
                Operator::Less | Operator::EqualOrLess => lowest?,
                Operator::Equal | Operator::NotEqual => return None,
            };
            let gap = (threshold.millionths() - nearest.millionths()).abs();
            let gap = figure(policy, Micro::from_millionths(gap)).replace('%', "points");
            Some(format!("It was {gap} away."))
        }
        Outcome::Streaking => {
            let left = policy.alarm.repeat_times.saturating_sub(decision.streak);
            let periods = if left == 1 { "period" } else { "periods" };
            Some(format!("{left} more breaching {periods} in a row would trigger it."))
        }
        _ => None,
    }
}

/// A time of day, without seconds if they are 0, and with its date if that is not `today`'s.
fn clock(t: SimTime, today: SimTime, offset: UtcOffset) -> String {
    let (text, other) = (t.format_civil(offset), today.format_civil(offset));
    let short = text.strip_suffix(":00").unwrap_or(&text);
    match (text.split_once(' '), other.split_once(' ')) {
        (Some((day, _)), Some((same, _))) if day == same => {
            short.split_once(' ').map_or(short, |(_, time)| time).to_owned()
        }
        _ => short.to_owned(),
    }
}

/// A value with its unit, as short as it can be said.
fn figure(policy: &Policy, value: Micro) -> String {
    // One decimal is enough to tell values apart that matter; the exact one is in the data.
    let tenths = (value.millionths().saturating_add(50_000)) / 100_000;
    let text = match tenths % 10 {
        0 => (tenths / 10).to_string(),
        _ => format!("{}.{}", tenths / 10, tenths % 10),
    };
    match policy.alarm.dimension.is_percentage() {
        true => format!("{text} %"),
        false => format!("{text} B/s"),
    }
}

fn limit(policy: &Policy) -> String {
    let unit = if policy.alarm.dimension.is_percentage() { "%" } else { "B/s" };
    format!("{} {unit}", policy.alarm.threshold)
}

/// What a trigger asked for.
fn asked(policy: &Policy, trigger: &Trigger) -> String {
    match policy.adjustment {
        Adjustment::TotalCapacity(total) => format!("{total} in all"),
        _ => format!("{:+}", trigger.unclamped - i64::from(trigger.desired)),
    }
}
