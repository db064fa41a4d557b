//! Laws that can be broken.

use std::cell::RefCell;
use std::collections::BTreeSet;

use asgsim::model::activity::ActivityError;
use asgsim::model::instance::LifecycleState;
use asgsim::model::record::{Entry, Outcome, Record};
use asgsim::testkit::invariants::{INVARIANTS, Story};
use asgsim::testkit::strategies;
use asgsim::{GroupIndex, SimDuration};
use proptest::prelude::*;

use super::{hold, run};

/// A law that no log can break says nothing: small damage to good logs must break each of them.
#[test]
fn every_law_can_be_broken() {
    let broken = RefCell::new(BTreeSet::new());
    let damage = prop::collection::vec((any::<prop::sample::Index>(), 0..WAYS), 30);
    let worlds = (strategies::world(), strategies::run_length(), damage);
    hold(1, worlds, |(setup, length, damage)| {
        let logs = run(&setup, setup.start + length);
        for ((index, group), log) in (0..).zip(&setup.groups).zip(logs) {
            let anywhere = damage.iter().map(|(place, way)| (place.index(log.len()), *way));
            let rare = log.iter().enumerate().filter(|(_, entry)| is_rare(&entry.record)).take(6);
            let rare = rare.flat_map(|(n, _)| (0..WAYS).map(move |way| (n, way)));
            for (n, way) in anywhere.chain(rare) {
                let log = damaged(log.clone(), n, way);
                let story = Story { setup: &setup, group, index: GroupIndex(index), log: &log };
                let laws = INVARIANTS.iter().filter(|law| (law.check)(&story).is_err());
                broken.borrow_mut().extend(laws.map(|law| law.name));
            }
        }
        Ok(())
    });
    let all: BTreeSet<_> = INVARIANTS.iter().map(|law| law.name).collect();
    assert_eq!(broken.into_inner(), all);
}

/// Records that damage done anywhere seldom meets.
fn is_rare(record: &Record) -> bool {
    matches!(
        record,
        Record::ActivityFailed { .. }
            | Record::BackedOff { .. }
            | Record::Joined { .. }
            | Record::Marked { .. }
            | Record::HookWaiting { .. }
            | Record::Instance { state: LifecycleState::Removing, .. }
    )
}

const WAYS: u8 = 10;

/// The log with a fault at record `n`.
fn damaged(mut log: Vec<Entry>, n: usize, way: u8) -> Vec<Entry> {
    let ms = SimDuration::from_ms(1);
    match way {
        0 => drop(log.remove(n)),
        1 => log.insert(n, log[n].clone()),
        2 if n > 0 => log.swap(n - 1, n),
        3 => log[n].t = log[n].t - ms,
        8 => log.insert(n, Entry { t: log[n].t, record: Record::Suspended }),
        9 => {
            if let Record::Instance { instance, .. } = log[n].record {
                let record = Record::Protected { instance, protected: true };
                log.insert(n, Entry { t: log[n].t, record });
            }
        }
        _ => match &mut log[n].record {
            Record::Capacity(sizes) => sizes.desired += 1,
            Record::Trigger(decision) if way < 6 => decision.streak = 0,
            Record::Trigger(decision) => decision.outcome = Outcome::Accepted,
            Record::ActivityStarted { count, .. } if way < 6 => *count += 1,
            Record::ActivityStarted { activity, .. } => *activity = activity.next(),
            Record::ActivityFailed { error, .. } => *error = ActivityError::None,
            Record::BackedOff { until, .. } => *until = until.map(|until| until + ms),
            Record::CooldownOpened { until, .. } => *until = *until + SimDuration::from_s(9999),
            Record::HookWaiting { deadline, .. } => *deadline = *deadline - ms,
            Record::Joined { place, .. } => *place = Some("nowhere".into()),
            Record::Marked { instance } => *instance = instance.next(),
            Record::Instance { instance, .. } if way < 6 => *instance = instance.next(),
            Record::Instance { state, .. } => *state = LifecycleState::Creating,
            _ => {}
        },
    }
    log
}
