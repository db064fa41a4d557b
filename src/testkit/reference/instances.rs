//! Instances on their ways, hooks and health, spelled out again (SEMANTICS 5, 6, 7.1).

use std::sync::Arc;

use super::Group;
use crate::kernel::{SimDuration, SimTime};
use crate::model::activity::{ActivityError, ActivityKind};
use crate::model::id::{ActivityOrdinal, HookOrdinal, IdKind, InstanceOrdinal, public_id};
use crate::model::instance::{CreationType, LifecycleState};
use crate::model::lifecycle_hook::{HookResult, Transition};
use crate::model::machine::Machine;
use crate::model::record::{Notice, Record};

/// An instance that joined the group, for ever: nothing is forgotten.
pub(super) struct Joined {
    pub ordinal: InstanceOrdinal,
    /// addTime: the start of its creation, or of its attachment.
    pub added: SimTime,
    /// The state that the log says it is in; `None` before the first.
    pub state: Option<LifecycleState>,
    pub way: Way,
    /// How many steps of the way were taken.
    steps: usize,
    /// When the phase it is in is over; `None` in a state without an end of its own.
    pub phase_end: Option<SimTime>,
    pub wait: Option<Wait>,
    /// The running activity that moves it.
    pub activity: Option<ActivityOrdinal>,
    /// When it entered service, and when it left again.
    pub served: Option<(SimTime, Option<SimTime>)>,
    pub machine: Option<Arc<Machine>>,
    /// What it was made from.
    configuration: String,
    pub place: Option<Arc<str>>,
    pub unhealthy: bool,
    pub protected: bool,
    /// Whether its replacement was tried in vain (8.3).
    pub tried: bool,
    /// Whether it runs on outside when it was detached.
    pub kept: bool,
    /// Its own faults: begin and end.
    pub faults: Vec<(SimTime, SimTime)>,
}

/// A wait at a hook, with the hook's parameters of its begin (6.1).
pub(super) struct Wait {
    pub hook: HookOrdinal,
    pub side: Transition,
    pub begin: SimTime,
    pub deadline: SimTime,
    pub timeout: SimDuration,
    pub default_result: HookResult,
    pub answer: Option<(SimTime, HookResult)>,
}

/// The ways of 5.1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    In,
    Out,
    Attach,
    Detach,
    Refused,
}

#[derive(Clone, Copy)]
enum Step {
    Phase(LifecycleState),
    /// The end of Creating shows whether the launch failed (8.1).
    Luck,
    Hook(Transition),
    Serve,
    Leave,
}

impl Way {
    fn step(self, number: usize) -> Step {
        use LifecycleState as S;
        let steps: &[Step] = match self {
            Self::In => &[
                Step::Phase(S::Creating),
                Step::Luck,
                Step::Hook(Transition::Launch),
                Step::Phase(S::Preheating),
                Step::Phase(S::AttachLb),
                Step::Serve,
            ],
            Self::Attach => &[Step::Phase(S::Attaching), Step::Phase(S::AttachLb), Step::Serve],
            Self::Out => &[
                Step::Phase(S::DetachLb),
                Step::Hook(Transition::Terminate),
                Step::Phase(S::Removing),
                Step::Leave,
            ],
            Self::Detach => &[Step::Phase(S::DetachLb), Step::Phase(S::Detaching), Step::Leave],
            Self::Refused => &[Step::Phase(S::Removing), Step::Leave],
        };
        steps.get(number).copied().unwrap_or(Step::Leave)
    }
}

impl Joined {
    pub fn is_member(&self) -> bool {
        self.state != Some(LifecycleState::Gone)
    }

    pub fn is_serving(&self) -> bool {
        self.state == Some(LifecycleState::InService)
    }

    /// Whether it is a member that is not leaving: what it is shown as decides.
    pub fn is_staying(&self) -> bool {
        use LifecycleState as S;
        !matches!(self.state, Some(S::DetachLb | S::Removing | S::Detaching | S::Gone))
    }

    pub fn is_replaceable(&self) -> bool {
        self.is_serving() && self.unhealthy && !self.protected
    }

    /// Whether something is still to come for it by itself.
    pub fn is_under_way(&self) -> bool {
        self.phase_end.is_some() || self.wait.is_some()
    }
}

impl Group<'_> {
    /// A new instance, in no state that was recorded yet; gives its place in `joined`.
    pub(super) fn join(
        &mut self,
        way: Way,
        machine: Option<Arc<Machine>>,
        place: Option<Arc<str>>,
    ) -> usize {
        let at = self.joined.len();
        let ordinal = InstanceOrdinal(self.joined.last().map_or(1, |last| last.ordinal.0 + 1));
        let activity = self.running.as_ref().map(|running| running.activity);
        if !self.places.is_empty() || machine.is_some() {
            self.record(Record::Joined {
                instance: ordinal,
                creation_type: match machine {
                    Some(_) => CreationType::Manual,
                    None => CreationType::Auto,
                },
                place: place.clone(),
                machine: machine.as_ref().map(|machine| Arc::clone(&machine.id)),
            });
        }
        self.joined.push(Joined {
            ordinal,
            added: self.now,
            state: None,
            way,
            steps: 0,
            phase_end: None,
            wait: None,
            activity,
            served: None,
            machine,
            configuration: self.configuration.clone(),
            place,
            unhealthy: false,
            protected: false,
            tried: false,
            kept: false,
            faults: Vec::new(),
        });
        at
    }

    /// An instance takes another way from here on, for the running activity.
    pub(super) fn turn(&mut self, at: usize, way: Way) {
        let activity = self.running.as_ref().map(|running| running.activity);
        if let Some(instance) = self.joined.get_mut(at) {
            (instance.way, instance.steps, instance.activity) = (way, 0, activity);
            (instance.phase_end, instance.wait) = (None, None);
        }
        self.go_on(at);
    }

    /// An instance takes steps of its way until one of them holds it, or it has arrived.
    pub(super) fn go_on(&mut self, at: usize) {
        loop {
            let Some(instance) = self.joined.get_mut(at) else { return };
            let step = instance.way.step(instance.steps);
            instance.steps += 1;
            instance.phase_end = None;
            let holds = match step {
                Step::Phase(state) => self.stays(at, state),
                Step::Luck => self.fails(at),
                Step::Hook(side) => self.waits(at, side),
                Step::Serve => return self.serve(at),
                Step::Leave => return self.leave(at),
            };
            if holds {
                return;
            }
        }
    }

    /// Whether a phase takes time: then it is entered (0.2).
    fn stays(&mut self, at: usize, state: LifecycleState) -> bool {
        let Some(instance) = self.joined.get(at) else { return false };
        let of_lb = matches!(state, LifecycleState::AttachLb | LifecycleState::DetachLb);
        let length = self.lengths.length(state, instance.ordinal);
        if length <= SimDuration::ZERO || (of_lb && self.group.load_balancers.is_empty()) {
            return false;
        }
        self.show(at, state);
        let end = self.now + length;
        if let Some(instance) = self.joined.get_mut(at) {
            instance.phase_end = Some(end);
        }
        true
    }

    /// Whether its creation failed by chance; then it leaves at once (8.1).
    fn fails(&mut self, at: usize) -> bool {
        let Some(instance) = self.joined.get(at).map(|i| i.ordinal) else { return false };
        let Some(cause) = self.luck.launch_failure(instance) else { return false };
        let error = cause.error();
        self.record(Record::LaunchFailed { instance, error });
        self.count_failures(1, error);
        self.leave(at);
        true
    }

    /// Whether it waits at the hook that was bound when its activity began, which must still be
    /// there and on this side (6.1).
    fn waits(&mut self, at: usize, side: Transition) -> bool {
        let bound = self.running.as_ref().and_then(|running| running.hook);
        let found = self.hooks.iter().find(|(ordinal, _)| Some(*ordinal) == bound);
        let Some((hook, rule)) = found.cloned().filter(|(_, rule)| rule.transition == side) else {
            return false;
        };
        let Some(instance) = self.joined.get(at).map(|i| i.ordinal) else { return false };
        self.show(
            at,
            match side {
                Transition::Launch => LifecycleState::Creating,
                Transition::Terminate => LifecycleState::Removing,
            },
        );
        let deadline = self.now + rule.timeout;
        let comes = |probability| self.luck.answers(instance, probability);
        let answer = rule.answer.filter(|answer| comes(answer.probability));
        let wait = Wait {
            hook,
            side,
            begin: self.now,
            deadline,
            timeout: rule.timeout,
            default_result: rule.default_result,
            answer: answer.map(|answer| (self.now + answer.after, answer.result)),
        };
        if let Some(instance) = self.joined.get_mut(at) {
            instance.wait = Some(wait);
        }
        self.record(Record::HookWaiting { instance, hook, deadline });
        if !rule.notify_ids.is_empty() {
            let receivers = super::activities::told(&rule.notify_ids);
            self.record(Record::Notified(Notice::Hook { hook, instance, receivers }));
        }
        true
    }

    /// A wait is over: a launch may be refused, everything else goes on (6.2, 6.3).
    pub(super) fn end_wait(&mut self, at: usize, result: HookResult, expired: bool) {
        let Some(instance) = self.joined.get_mut(at) else { return };
        let Some(wait) = instance.wait.take() else { return };
        let ordinal = instance.ordinal;
        self.record(Record::HookEnded { instance: ordinal, result, expired });
        if wait.side == Transition::Launch && result == HookResult::Disable {
            self.count_failures(1, ActivityError::LaunchRefused);
            self.turn(at, Way::Refused);
        } else {
            self.go_on(at);
        }
        self.go_on_with_replacement();
    }

    /// It enters service: whatever it was to be struck by on its own is known from here on.
    pub(super) fn serve(&mut self, at: usize) {
        self.show(at, LifecycleState::InService);
        let now = self.now;
        let Some(instance) = self.joined.get_mut(at) else { return };
        instance.served = Some((now, None));
        if let Some(after) = self.luck.time_to_fault(instance.ordinal) {
            instance.faults.push((now + after, SimTime::MAX));
        }
        if let Some(running) = &mut self.running
            && running.kind != ActivityKind::ScaleIn
        {
            running.done += 1;
        }
    }

    /// It is gone; what was somebody's machine, or is to be kept, runs on outside (5.3).
    fn leave(&mut self, at: usize) {
        self.show(at, LifecycleState::Gone);
        let Some(instance) = self.joined.get(at) else { return };
        if instance.way == Way::Out
            && let Some(running) = &mut self.running
            && running.kind == ActivityKind::ScaleIn
        {
            running.done += 1;
        }
        if let Some(machine) = &instance.machine {
            self.pool.push(Arc::clone(machine));
        } else if instance.kept {
            let ordinal = instance.ordinal.0;
            let id = public_id(self.setup.seed, IdKind::Instance, self.index, ordinal);
            let made_from = self.setup.configurations.iter();
            let made_from = made_from.filter(|c| c.name == instance.configuration);
            let (cpu, mem_gb) = made_from.map(|c| (c.cpu, c.mem_gb)).next().unwrap_or((1, 1));
            let zone = instance.place.clone();
            self.pool.push(Arc::new(Machine {
                id: id.into(),
                zone,
                cpu,
                mem_gb,
                ..Machine::default()
            }));
        }
    }

    /// The log learns of a new state.
    fn show(&mut self, at: usize, state: LifecycleState) {
        let now = self.now;
        let Some(instance) = self.joined.get_mut(at) else { return };
        if instance.state == Some(state) {
            return;
        }
        if let Some((from, None)) = instance.served {
            // Whatever follows, it takes no more load from here on (1.2).
            instance.served = Some((from, Some(now)));
        }
        instance.state = Some(state);
        let (instance, activity) = (instance.ordinal, instance.activity);
        self.record(Record::Instance { instance, state, activity });
    }

    /// Phase 1: the instance of lowest ordinal whose phase or wait is over (0.2, 5.1, 6.1).
    pub(super) fn end_one_phase_or_wait(&mut self) -> bool {
        let now = self.now;
        let is_over = |i: &Joined| {
            i.phase_end == Some(now) || i.wait.as_ref().is_some_and(|wait| wait.deadline == now)
        };
        let Some(at) = self.joined.iter().position(is_over) else { return false };
        let default = self.joined.get(at).and_then(|i| i.wait.as_ref()).map(|w| w.default_result);
        match default {
            Some(result) => self.end_wait(at, result, true),
            None => {
                self.go_on(at);
                self.go_on_with_replacement();
            }
        }
        true
    }

    /// Phase 3, first part: the first wait whose scripted answer comes now (6.2).
    pub(super) fn answer_one_wait(&mut self) -> bool {
        let answers = self.joined.iter().map(|i| i.wait.as_ref().and_then(|wait| wait.answer));
        let mut due = answers.enumerate().filter_map(|(at, answer)| Some((at, answer?)));
        let due = due.find(|(_, (when, _))| *when == self.now);
        match due {
            Some((at, (_, result))) => self.end_wait(at, result, false),
            None => return false,
        }
        true
    }

    /// When an instance would be marked: 60 s after the later of a fault's begin and its entering
    /// service, if the fault still holds then (7.1). Overlapping or touching faults are one.
    pub(super) fn mark_times(&self, instance: &Joined) -> Vec<SimTime> {
        let Some((since, None)) = instance.served.filter(|_| !instance.unhealthy) else {
            return Vec::new();
        };
        let here = self.setup.outages.iter().filter(|outage| {
            let of_group = outage.group.is_none() || outage.group == Some(self.index);
            of_group && (outage.place.is_none() || outage.place == instance.place)
        });
        let outages = here.map(|outage| (outage.begin, outage.end));
        let faults: Vec<_> = instance.faults.iter().copied().chain(outages).collect();
        let mut marks = Vec::new();
        for &(first, _) in &faults {
            // Only where no other fault leads into this one does a spell of trouble begin.
            if faults.iter().any(|(begin, end)| *begin < first && first <= *end) {
                continue;
            }
            let mut last = first;
            while let Some(end) =
                faults.iter().find(|(b, e)| *b <= last && last < *e).map(|(_, end)| *end)
            {
                last = end;
            }
            let mark = first.max(since) + SimDuration::from_s(60);
            if mark < last {
                marks.push(mark);
            }
        }
        marks
    }

    /// Phase 4: the instance of lowest ordinal that is found unhealthy now.
    pub(super) fn mark_one(&mut self) -> bool {
        let is_due = |i: &Joined| i.is_serving() && self.mark_times(i).contains(&self.now);
        let Some(at) = self.joined.iter().position(is_due) else { return false };
        let Some(found) = self.joined.get_mut(at) else { return false };
        found.unhealthy = true;
        let instance = found.ordinal;
        self.record(Record::Marked { instance });
        true
    }
}
