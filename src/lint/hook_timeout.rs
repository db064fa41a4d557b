//! `hook-timeout`: waits too short for anybody to answer, or so long that alarms are lost.

use crate::kernel::SimDuration;
use crate::lint::group::Group;
use crate::lint::{Finding, Rule};
use crate::model::lifecycle_hook::LifecycleHook;

pub(super) const RULE: Rule =
    Rule { id: "hook-timeout", title: "a hook's time-out below 30 s or above the period", check };

/// The shortest wait that leaves time for an answer (6.1).
const TIMEOUT_MIN: SimDuration = SimDuration::from_s(30);

fn check(group: &Group<'_>) -> Vec<Finding> {
    let period = group.scenario.setup.semantics.period;
    let judged = (0..).zip(&group.setup.hooks).filter_map(|(i, hook)| {
        let (why, advice) = judge(hook, period)?;
        let place = group.place.clone().item("hook", i, &hook.name).key("timeout");
        Some(Finding::warning(&RULE, place, why, advice))
    });
    judged.collect()
}

fn judge(hook: &LifecycleHook, period: SimDuration) -> Option<(String, String)> {
    let LifecycleHook { name, timeout, .. } = hook;
    if *timeout < TIMEOUT_MIN {
        let why = format!("`{name}` waits {timeout}: an answer may well come too late");
        return Some((why, format!("set the time-out to {TIMEOUT_MIN} or more")));
    }
    (*timeout > period).then(|| {
        let why = format!(
            "an instance may wait {timeout} at `{name}`, longer than a metric period ({period}): \
             the group is busy all that time and refuses alarms"
        );
        (why, format!("set the time-out to {period} or less, and renew waits that take longer"))
    })
}
