//! A small world to hold rules against: one group `web` from 10:00 on 1 March 2024, told in text.
//!
//! ```text
//! let mut run = World::new(1, 10, 2).cpu("10:00 60").policy("out cpu > 50 x3 +1 300s").run();
//! run.until("10:20").settle();
//! expect![[…]].assert_eq(&run.log());
//! ```

use std::sync::Arc;

use asgsim::engine::command::{Command, CommandError, Machines, Reply};
use asgsim::engine::view::GroupView;
use asgsim::env::latency::{Latency, PhaseLength};
use asgsim::env::load::{Demand, Fixed, Load, Overload};
use asgsim::env::trace::{Gaps, Sample, Trace};
use asgsim::model::activity::{ActivityKind, Origin};
use asgsim::model::capacity::Resize;
use asgsim::model::failure::{Condition, FailureCause};
use asgsim::model::id::InstanceOrdinal;
use asgsim::model::lifecycle_hook::{Answer, HookResult, LifecycleHook, Transition};
use asgsim::model::machine::Machine;
use asgsim::model::notification::{NotificationType, Subscription};
use asgsim::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
use asgsim::model::record::{Blocker, Decision, Entry, Notice, Outcome, Record, Trigger};
use asgsim::model::semantics::Statistic;
use asgsim::{Engine, GroupIndex, GroupSetup, Micro, Setup, SimDuration, SimTime, UtcOffset};

/// The one group, or the first of several.
pub const WEB: GroupIndex = GroupIndex(0);

/// An instant of the day: `10:20`, `10:20:30` or `10:20:30.500`.
pub fn time(text: &str) -> SimTime {
    let (clock, ms) = text.split_once('.').unwrap_or((text, "0"));
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let civil = format!("2024-03-01 {clock}{seconds}");
    let whole = SimTime::parse_civil(&civil, UtcOffset::BEIJING).unwrap();
    whole + SimDuration::from_ms(ms.parse().unwrap())
}

/// The time of day, with milliseconds if there are any.
pub fn clock(t: SimTime) -> String {
    let text = t.format_civil(UtcOffset::BEIJING);
    let ms = t.unix_ms().rem_euclid(1000);
    let ms = if ms == 0 { String::new() } else { format!(".{ms:03}") };
    format!("{}{ms}", text.split_once(' ').unwrap().1)
}

pub fn span(text: &str) -> SimDuration {
    SimDuration::parse(text).unwrap()
}

pub fn micro(text: &str) -> Micro {
    Micro::parse(text).unwrap()
}

/// Steps in text: `10:00 60, 10:07:30 _, 10:10 20`; `_` is a missing value, the last holds on.
pub fn trace(steps: &str) -> Arc<Trace> {
    let step = SimDuration::from_s(1);
    let steps: Vec<_> = steps.split(',').map(|s| s.trim().split_once(' ').unwrap()).collect();
    let ends = steps.iter().skip(1).map(|(at, _)| time(at)).chain([time("23:59")]);
    let values: Vec<Option<Micro>> = steps
        .iter()
        .zip(ends)
        .flat_map(|((at, value), end)| {
            let seconds = usize::try_from((end - time(at)).ms() / 1000).unwrap();
            let value = (*value != "_").then(|| micro(value));
            std::iter::repeat_n(value, seconds)
        })
        .collect();
    Arc::new(Trace::from_grid(time(steps[0].0), step, &values))
}

/// Samples in text: `10:00 5, 10:01 7`.
pub fn samples(text: &str, interval: &str, gaps: Gaps) -> Trace {
    let sample = |s: &str| {
        let (at, value) = s.trim().split_once(' ').unwrap();
        Sample { at: time(at), value: micro(value) }
    };
    let samples: Vec<_> = text.split(',').map(sample).collect();
    Trace::from_samples(&samples, span(interval), gaps)
}

/// A policy in text: name, metric, operator, threshold, repeat times, change, cooldown and, if it
/// names its own, statistic: `out cpu > 50 x3 +2 300s max`. Changes are `+2`, `=4`, `-25%`.
pub fn policy(text: &str) -> Policy {
    let words: Vec<&str> = text.split(' ').collect();
    let [name, dimension, operator, threshold, repeat, change, cooldown] = words[..7] else {
        panic!("a policy has seven words: {text}")
    };
    let dimension = match dimension {
        "cpu" => Dimension::CpuUsage,
        "mem" => Dimension::MemUsage,
        "in" => Dimension::LanIntraffic,
        "out" => Dimension::LanOuttraffic,
        other => panic!("no metric {other}"),
    };
    let statistic = words.get(7).map(|word| match *word {
        "avg" => Statistic::Average,
        "max" => Statistic::Maximum,
        "min" => Statistic::Minimum,
        other => panic!("no statistic {other}"),
    });
    let number = |s: &str| s.parse::<i64>().unwrap();
    let adjustment = match (change.strip_prefix('='), change.strip_suffix('%')) {
        (Some(total), _) => Adjustment::TotalCapacity(number(total)),
        (_, Some(share)) => Adjustment::PercentChangeInCapacity(number(share)),
        _ => Adjustment::QuantityChangeInCapacity(number(change)),
    };
    let alarm = AlarmRule {
        dimension,
        operator: op(operator),
        threshold: number(threshold),
        repeat_times: repeat[1..].parse().unwrap(),
        statistic,
    };
    Policy {
        name: name.to_owned(),
        alarm,
        adjustment,
        cooldown: span(cooldown),
        notify_ids: Vec::new(),
    }
}

/// An operator by its sign.
pub fn op(sign: &str) -> Operator {
    use Operator as O;
    let all = [O::Greater, O::EqualOrGreater, O::Less, O::EqualOrLess, O::Equal, O::NotEqual];
    all.into_iter().find(|o| o.sign() == sign).unwrap()
}

/// A change of sizes in text: `min 1 max 5 desired 3`, any of them.
pub fn sizes(text: &str) -> Resize {
    let words: Vec<&str> = text.split_whitespace().collect();
    let find = |key| {
        let place = words.iter().position(|word| *word == key)?;
        Some(words[place + 1].parse().unwrap())
    };
    Resize { min: find("min"), max: find("max"), desired: find("desired") }
}

/// ModifyScalingGroup.
pub fn modify(text: &str) -> Command {
    Command::Resize(sizes(text))
}

/// CreateScalingPolicy.
pub fn create(text: &str) -> Command {
    Command::CreatePolicy(policy(text))
}

/// A closed loop whose instances serve `per_instance` each.
pub fn demand(steps: &str, per_instance: i64) -> Demand {
    Demand {
        offered: trace(steps),
        per_instance: Micro::from_int(per_instance),
        base: Micro::ZERO,
        overload: Overload::Drop,
        memory: None,
        bytes_in_per_load: None,
        bytes_out_per_load: None,
    }
}

/// A hook in text: `warm launch 120s continue`, and if it is answered, after how long and how:
/// `warm launch 120s disable 40s continue`.
pub fn hook(text: &str) -> LifecycleHook {
    let words: Vec<&str> = text.split(' ').collect();
    let result = |word: &str| match word {
        "continue" => HookResult::Continue,
        "disable" => HookResult::Disable,
        other => panic!("no result {other}"),
    };
    let answer = words.get(4).map(|after| Answer {
        after: span(after),
        result: result(words[5]),
        probability: Micro::from_int(1),
    });
    LifecycleHook {
        name: words[0].to_owned(),
        transition: match words[1] {
            "launch" => Transition::Launch,
            "terminate" => Transition::Terminate,
            other => panic!("no side {other}"),
        },
        timeout: span(words[2]),
        default_result: result(words[3]),
        notify_ids: Vec::new(),
        answer,
    }
}

/// A subscription in text: `1 2 to a b`.
pub fn subscription(text: &str) -> Subscription {
    let (types, receivers) = text.split_once(" to ").unwrap();
    let number = |word: &str| NotificationType::try_from(word.parse::<u32>().unwrap()).unwrap();
    Subscription {
        types: types.split(' ').map(number).collect(),
        receivers: receivers.split(' ').map(str::to_owned).collect(),
    }
}

/// A running machine of 2 cores and 4 GB.
pub fn machine(id: &str) -> Machine {
    Machine { id: id.into(), cpu: 2, mem_gb: 4, ..Machine::default() }
}

/// Instances by number: `1 3`.
pub fn ordinals(text: &str) -> Vec<InstanceOrdinal> {
    text.split(' ').map(|word| InstanceOrdinal(word.parse().unwrap())).collect()
}

/// SetCvmProtectedDetach.
pub fn protect(instances: &str, protect: bool) -> Command {
    Command::Protect { instances: ordinals(instances), protect }
}

/// DetachInstance.
pub fn detach(instances: &str, keep: bool) -> Command {
    Command::Detach { instances: ordinals(instances), keep }
}

/// AttachInstance by id.
pub fn attach(ids: &str) -> Command {
    Command::Attach(Machines::Ids(ids.split(' ').map(str::to_owned).collect()))
}

/// A fault of an instance, for so long or (`""`) for ever.
pub fn fail(instance: u32, length: &str) -> Command {
    let length = (!length.is_empty()).then(|| span(length));
    Command::FailInstance { instance: InstanceOrdinal(instance), length }
}

/// A world before it runs.
#[derive(Clone)]
pub struct World {
    pub setup: Setup,
}

impl World {
    /// One group `web` with `desired` in service at 10:00.
    pub fn new(min: u32, max: u32, desired: u32) -> Self {
        let mut setup = Setup::new(time("10:00"));
        setup.groups.push(GroupSetup::new("web", min, max, desired));
        Self { setup }
    }

    /// The group `web`.
    pub fn web(&mut self) -> &mut GroupSetup {
        &mut self.setup.groups[0]
    }

    pub fn edit(mut self, change: impl FnOnce(&mut Setup)) -> Self {
        change(&mut self.setup);
        self
    }

    pub fn load(mut self, load: Load) -> Self {
        self.web().load = Some(load);
        self
    }

    /// An open loop with this CPU.
    pub fn cpu(self, steps: &str) -> Self {
        let usage = [Some(trace(steps)), None, None, None];
        self.load(Load::Fixed(Fixed { usage }))
    }

    /// A closed loop of instances that serve `per_instance` each.
    pub fn demand(self, steps: &str, per_instance: i64) -> Self {
        self.load(Load::Demand(demand(steps, per_instance)))
    }

    pub fn policy(mut self, text: &str) -> Self {
        self.web().policies.push(policy(text));
        self
    }

    /// A scripted command.
    pub fn at(mut self, when: &str, command: Command) -> Self {
        self.web().script.push((time(when), command));
        self
    }

    pub fn load_balancer(mut self) -> Self {
        self.web().load_balancers.push("lb-1".to_owned());
        self
    }

    /// A hook that is bound: name, side, time-out, default result.
    pub fn hook(mut self, text: &str) -> Self {
        let hook = hook(text);
        self.web().bound_hook = Some(hook.name.clone());
        self.web().hooks.push(hook);
        self
    }

    /// A notification: `1 2 to a b`.
    pub fn notify(mut self, text: &str) -> Self {
        self.web().notifications.push(subscription(text));
        self
    }

    pub fn zones(mut self, names: &str) -> Self {
        self.web().zones = names.split(' ').map(str::to_owned).collect();
        self
    }

    /// Machines outside groups, by id, of 2 cores and 4 GB.
    pub fn machines(mut self, ids: &str) -> Self {
        self.setup.machines.extend(ids.split(' ').map(machine));
        self
    }

    /// A cause of failures for all groups, from a time of day to another (`-`: for ever), in one
    /// zone or everywhere.
    pub fn condition(mut self, cause: FailureCause, from: &str, to: &str, zone: &str) -> Self {
        self.setup.conditions.push(Condition {
            cause,
            limit: None,
            group: None,
            place: (!zone.is_empty()).then(|| zone.into()),
            begin: time(from),
            end: if to == "-" { SimTime::MAX } else { time(to) },
        });
        self
    }

    pub fn creating(self, length: &str) -> Self {
        self.latency(|l| l.creating = PhaseLength::Fixed(span(length)))
    }

    pub fn latency(mut self, change: impl FnOnce(&mut Latency)) -> Self {
        change(&mut self.setup.latency);
        self
    }

    /// The digest of the group's log at 11:00.
    pub fn digest(&self) -> [u8; 32] {
        let mut run = self.clone().run();
        run.until("11:00");
        run.web().log().digest()
    }

    pub fn run(self) -> Run {
        let mut engine = Engine::new(&self.setup).unwrap();
        engine.keep_all_decisions();
        Run { engine }
    }
}

/// A world under way.
#[derive(Clone)]
pub struct Run {
    pub engine: Engine,
}

impl Run {
    /// Does what is due before that time of day.
    pub fn until(&mut self, when: &str) -> &mut Self {
        self.engine.run_until(time(when)).unwrap();
        self
    }

    /// Does what is due now.
    pub fn settle(&mut self) -> &mut Self {
        self.engine.settle().unwrap();
        self
    }

    /// A command from outside.
    pub fn apply(&mut self, command: &Command) -> Result<Reply, CommandError> {
        self.engine.apply(WEB, command).unwrap()
    }

    pub fn web(&self) -> GroupView<'_> {
        self.engine.group(WEB).unwrap()
    }

    /// The whole log, a line per record.
    pub fn log(&self) -> String {
        self.lines("")
    }

    /// The lines of these kinds (`trigger`, `activity`, `cooldown`, `instance`, `sizes`,
    /// `policy`); all of them for none.
    pub fn lines(&self, kinds: &str) -> String {
        let wanted = |line: &String| {
            let kind = line.split(' ').nth(1).unwrap_or_default();
            kinds.is_empty() || kinds.split(' ').any(|k| k == kind)
        };
        let lines = self.web().log().entries().map(|entry| self.line(entry) + "\n");
        lines.filter(wanted).collect()
    }

    /// Every evaluation: time, policy, value, streak, outcome.
    pub fn decisions(&self) -> String {
        let tell = |(t, d): &(SimTime, Decision)| {
            let value = d.value.map_or("-".to_owned(), |v| v.to_string());
            let Decision { policy, streak, .. } = d;
            let policy = &self.policy(policy.0).name;
            format!("{} {policy} {value} streak {streak} {}\n", clock(*t), outcome(d.outcome))
        };
        self.web().decisions().unwrap().iter().map(tell).collect()
    }

    fn policy(&self, ordinal: u32) -> &Policy {
        // From the log, where deleted ones still stand.
        let created = self.web().log().entries().filter_map(|entry| match &entry.record {
            Record::PolicyCreated { policy, definition } if policy.0 == ordinal => Some(definition),
            _ => None,
        });
        created.last().unwrap()
    }

    fn origin(&self, origin: Origin) -> String {
        match origin {
            Origin::Policy { policy } => self.policy(policy.0).name.clone(),
            Origin::Task { task } => format!("task {task}"),
            Origin::User => "user".to_owned(),
            Origin::Bounds => "bounds".to_owned(),
            other => format!("{other:?}"),
        }
    }

    fn line(&self, entry: &Entry) -> String {
        let what = match &entry.record {
            Record::Capacity(c) => format!("sizes {}..{} desired {}", c.min, c.max, c.desired),
            Record::PolicyCreated { definition, .. } => {
                format!("policy {} created", definition.name)
            }
            Record::TaskCreated { definition, .. } => format!("task {} created", definition.name),
            Record::TaskTriggered { task } => format!("task {task} triggered"),
            Record::Trigger(decision) => self.trigger(decision),
            Record::ActivityStarted { activity, activity_kind, origin, count } => {
                let (kind, origin) = (kind(*activity_kind), self.origin(*origin));
                format!("activity {activity} {kind} of {count} by {origin}")
            }
            Record::ActivityEnded { activity, status, error } => {
                format!("activity {activity} ended {}/{}", status.number(), error.code())
            }
            Record::ActivityCancelled { activity, activity_kind, origin, error } => {
                let (kind, origin) = (kind(*activity_kind), self.origin(*origin));
                format!("activity {activity} {kind} by {origin} cancelled 5/{}", error.code())
            }
            Record::CooldownOpened { activity, until } => {
                format!("cooldown of activity {activity} until {}", clock(*until))
            }
            Record::Instance { instance, state, .. } => format!("instance {instance} {state:?}"),
            Record::ActivityFailed { activity, origin, error } => {
                let origin = self.origin(*origin);
                format!("activity {activity} scale-out by {origin} failed 4/{}", error.code())
            }
            Record::BackedOff { failures, until } => {
                let until =
                    until.map_or("given up".to_owned(), |at| format!("until {}", clock(at)));
                format!("back-off after {failures} {until}")
            }
            other => told(other),
        };
        format!("{} {what}", clock(entry.t))
    }

    fn trigger(&self, decision: &Decision) -> String {
        let Policy { name, alarm, .. } = self.policy(decision.policy.0);
        let Decision { value, threshold, streak, trigger, .. } = decision;
        let Trigger { desired, unclamped, target, blocker, .. } = trigger.unwrap();
        let asked = match unclamped == i64::from(target) {
            true => String::new(),
            false => format!(" (asked {unclamped})"),
        };
        let blocker = match blocker {
            None => String::new(),
            Some(Blocker::Activity { activity }) => format!(" by activity {activity}"),
            Some(Blocker::Cooldown { activity, until }) => {
                format!(" of activity {activity} until {}", clock(until))
            }
            Some(Blocker::Pending) => " by pending".to_owned(),
            Some(Blocker::Hook { activity, hook, until }) => {
                format!(" by activity {activity} at hook {hook} until {}", clock(until))
            }
            Some(Blocker::Cause { error, until }) => {
                let until = until.map_or(String::new(), |at| format!(" until {}", clock(at)));
                format!(" by {}{until}", error.code())
            }
            Some(other) => panic!("{other:?}"),
        };
        let (value, sign) = (value.unwrap(), alarm.operator.sign());
        let outcome = outcome(decision.outcome);
        format!(
            "trigger {name} {value} {sign} {threshold} streak {streak} {outcome}{blocker} \
             {desired} -> {target}{asked}"
        )
    }
}

/// The records that speak of hooks, health, membership and notifications.
fn told(record: &Record) -> String {
    match record {
        Record::Joined { instance, creation_type, place, machine } => {
            let place = place.as_ref().map_or(String::new(), |place| format!(" in {place}"));
            let machine = machine.as_ref().map_or(String::new(), |id| format!(" as {id}"));
            format!("joined {instance} {creation_type:?}{place}{machine}")
        }
        Record::LaunchFailed { instance, error } => format!("failed {instance} {}", error.code()),
        Record::HookCreated { definition, .. } => format!("hook {} created", definition.name),
        Record::HookModified { definition, .. } => format!("hook {} modified", definition.name),
        Record::HookDeleted { hook } => format!("hook {hook} deleted"),
        Record::HookBound { hook: Some(hook) } => format!("hook {hook} bound"),
        Record::HookBound { hook: None } => "hook none bound".to_owned(),
        Record::HookWaiting { instance, hook, deadline } => {
            format!("wait {instance} at hook {hook} until {}", clock(*deadline))
        }
        Record::HookRenewed { instance, deadline } => {
            format!("wait {instance} renewed until {}", clock(*deadline))
        }
        Record::HookEnded { instance, result, expired } => {
            let how = if *expired { "expired" } else { "completed" };
            format!("wait {instance} {how} {result:?}").to_lowercase()
        }
        Record::Marked { instance } => format!("marked {instance}"),
        Record::Protected { instance, protected: true } => format!("protected {instance}"),
        Record::Protected { instance, protected: false } => format!("unprotected {instance}"),
        Record::Notified(notice) => notified(notice),
        Record::PolicyModified { definition, .. } => format!("policy {} modified", definition.name),
        Record::PolicyDeleted { policy } => format!("policy {policy} deleted"),
        Record::TaskModified { definition, .. } => format!("task {} modified", definition.name),
        Record::TaskDeleted { task } => format!("task {task} deleted"),
        Record::NotificationCreated { notification, .. } => {
            format!("notification {notification} created")
        }
        Record::NotificationModified { notification, .. } => {
            format!("notification {notification} modified")
        }
        Record::NotificationDeleted { notification } => {
            format!("notification {notification} deleted")
        }
        Record::GroupModified { configuration, remove_policy } => {
            format!("group now {configuration} {remove_policy:?}")
        }
        Record::Suspended => "group suspended".to_owned(),
        Record::Resumed => "group resumed".to_owned(),
        Record::GroupDeleted => "group deleted".to_owned(),
        other => panic!("no words for {other:?}"),
    }
}

fn notified(notice: &Notice) -> String {
    match notice {
        Notice::Activity { activity, notification_type, receivers, notification } => {
            let (kind, who) = (notification_type.number(), receivers.join(" "));
            format!("told {who} type {kind} of activity {activity} by notification {notification}")
        }
        Notice::Policy { policy, receivers } => {
            format!("told {} of policy {policy}", receivers.join(" "))
        }
        Notice::Hook { hook, instance, receivers } => {
            format!("told {} of hook {hook} instance {instance}", receivers.join(" "))
        }
    }
}

fn kind(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::ScaleOut => "scale-out",
        ActivityKind::ScaleIn => "scale-in",
        ActivityKind::Attach => "attach",
        ActivityKind::Detach => "detach",
        ActivityKind::Replace => "replace",
        other => panic!("no words for {other:?}"),
    }
}

fn outcome(outcome: Outcome) -> String {
    let text = serde_json::to_string(&outcome).unwrap();
    text.trim_matches('"').to_owned()
}
