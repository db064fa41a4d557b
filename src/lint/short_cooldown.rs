//! `short-cooldown`: a policy that grows the group again before it knows what the last step did.

use crate::lint::group::Group;
use crate::lint::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { id: "short-cooldown", title: "a cooldown shorter than the boot time", check };

fn check(group: &Group<'_>) -> Vec<Finding> {
    let launch = group.launch().length;
    let period = group.scenario.setup.semantics.period;
    let hasty = group.alarms.iter().filter(|alarm| {
        alarm.policy.cooldown < launch
            && group.moves(&alarm.policy).any(|(size, target)| target > size)
    });
    let findings = hasty.map(|alarm| {
        let (name, cooldown) = (&alarm.policy.name, alarm.policy.cooldown);
        let mut why = format!(
            "`{name}` rests {cooldown} after its machines are up, and each takes {launch} until \
             it serves"
        );
        if cooldown < period {
            why.push_str(&format!(
                "; the next period judged ({period}) may begin before they do, so the policy acts \
                 again on load that is already cared for"
            ));
        }
        let advice = format!("set the cooldown to {} or more", launch.max(period));
        Finding::warning(&RULE, alarm.place.clone().key("cooldown"), why, advice)
    });
    findings.collect()
}
