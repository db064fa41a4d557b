//! With nothing in the way, every group gets where it wants to be.

use asgsim::engine::command::Command;
use asgsim::testkit::strategies;
use asgsim::testkit::strategies::GroupPlan;
use asgsim::{Engine, SimDuration};
use proptest::prelude::*;

use super::hold;

/// When the last command of the longest script has been carried out.
const SCRIPTED: SimDuration = SimDuration::from_s(6 * 3600 + 1800);
/// Longer than two activities take at their slowest, and any cooldown.
const LONG: SimDuration = SimDuration::from_s(8 * 3600);

#[test]
fn every_group_comes_to_its_desired_capacity() {
    hold(2, (strategies::plan(), strategies::run_length()), |(mut plan, length)| {
        plan.troubles.conditions.clear();
        plan.troubles.outages.clear();
        plan.troubles.instance_limit = None;
        plan.groups = plan.groups.into_iter().map(GroupPlan::untroubled).collect();
        let setup = plan.build(SimDuration::ZERO);
        let mut engine = Engine::new(&setup).unwrap();
        // The script makes policies too, so it plays to its end first.
        engine.run_until(setup.start + length.max(SCRIPTED)).unwrap();
        // Nobody asks for anything from here on.
        let rules: Vec<_> = engine
            .groups()
            .flat_map(|group| {
                let policies = group.policies().map(|(_, policy, _)| policy.name.clone());
                let policies = policies.map(|policy| Command::DeletePolicy { policy });
                let tasks = group.tasks().map(|(_, task, _)| task.name.clone());
                let tasks = tasks.map(|task| Command::DeleteTask { task });
                policies.chain(tasks).map(move |rule| (group.index(), rule)).collect::<Vec<_>>()
            })
            .collect();
        for (group, rule) in rules {
            prop_assert!(engine.apply(group, &rule).unwrap().is_ok());
        }
        engine.run_until(engine.now() + LONG + LONG).unwrap();
        for group in engine.groups() {
            let desired = group.capacity().desired;
            prop_assert_eq!((group.in_service(), group.running_activity()), (desired, None));
            prop_assert_eq!(group.members().len(), usize::try_from(desired).unwrap());
        }
        Ok(())
    });
}
