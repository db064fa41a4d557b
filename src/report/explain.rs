//! Why a group did or did not scale: for an instant or a span, in sentences with numbers.
//!
//! Folds a run of which every evaluation was kept. Each policy tells what it saw, how far its
//! streak was, what it decided, what stood in the way and until when, and what would have had to
//! be different.

mod decided;
mod situation;

use serde::Serialize;

use crate::kernel::{Micro, SimTime, UtcOffset};
use crate::model::policy::Policy;
use crate::model::record::{Decision, Outcome};
use crate::report::result::{GroupRun, Run};
use decided::figure;

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
