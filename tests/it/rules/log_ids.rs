//! Chapter 0, what is left of a run: the log, its digest, and ids (0.4).

use std::collections::BTreeSet;

use asgsim::engine::log::{Retention, line};
use asgsim::model::id::{GroupIndex, IdKind, public_id};
use asgsim::{Engine, GroupSetup, SimDuration};
use expect_test::expect;
use sha2::{Digest, Sha256};

use super::world::{WEB, World, modify, time};

#[test]
fn r_0_4_same_scenario_and_seed_same_log_and_digest() {
    let world = World::new(1, 9, 1).demand("10:00 90, 10:30 10", 100);
    let world = world.policy("out cpu > 50 x1 +1 60s").policy("in cpu < 20 x1 -1 60s");
    let run = || {
        let mut run = world.clone().run();
        run.until("12:00");
        (run.log(), run.engine.digest(), run.engine.event_count())
    };
    assert_eq!(run(), run());
    assert!(run().2 > 20);
}

#[test]
fn r_0_4_the_digest_hashes_the_groups_digests_of_their_lines() {
    let world = World::new(1, 9, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 60s");
    let world = world.edit(|setup| setup.groups.push(GroupSetup::new("other", 1, 2, 2)));
    let mut engine = world.run().engine;
    engine.run_until(time("11:00")).unwrap();
    let mut run_hash = Sha256::new();
    for group in engine.groups() {
        let mut hash = Sha256::new();
        group.log().entries().for_each(|e| hash.update(line(group.name(), e.t, &e.record)));
        let digest: [u8; 32] = hash.finalize().into();
        assert_eq!(group.log().digest(), digest);
        run_hash.update(digest);
    }
    let text: String = run_hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(engine.digest(), text);
}

#[test]
fn r_0_4_a_line_of_the_log_is_json_with_unix_seconds() {
    let mut run = World::new(0, 9, 0).creating("1500ms").at("10:00", modify("desired 1")).run();
    run.until("10:01");
    let lines = run.web().log().entries().map(|e| line("web", e.t, &e.record));
    let text = String::from_utf8(lines.flatten().collect()).unwrap();
    expect![[r#"
        {"t":1709258400,"group":"web","kind":"capacity","min":0,"max":9,"desired":0}
        {"t":1709258400,"group":"web","kind":"capacity","min":0,"max":9,"desired":1}
        {"t":1709258400,"group":"web","kind":"activity_started","activity":1,"activity_kind":"scale_out","origin":{"by":"user"},"count":1}
        {"t":1709258400,"group":"web","kind":"instance","instance":1,"state":"Creating","activity":1}
        {"t":1709258401.5,"group":"web","kind":"instance","instance":1,"state":"InService","activity":1}
        {"t":1709258401.5,"group":"web","kind":"activity_ended","activity":1,"status":"successful","error":"none"}
    "#]].assert_eq(&text);
}

/// A run with so many records, one a second.
fn chatty(records: usize, retention: Retention) -> Engine {
    let mut world = World::new(1, 9, 1);
    world.web().script = (1..records.saturating_sub(1))
        .map(|i| {
            let at = time("10:00") + SimDuration::from_s(i64::try_from(i).unwrap());
            (at, modify(if i % 2 == 0 { "max 8" } else { "max 9" }))
        })
        .collect();
    world.web().capacity.max = 8;
    let mut engine = Engine::with_retention(&world.setup, retention).unwrap();
    engine.run_until(time("20:00")).unwrap();
    engine
}

#[test]
fn r_0_4_the_log_can_be_read_from_any_record_on() {
    for records in [1023, 1024, 1025, 2048, 2500] {
        let engine = chatty(records, Retention::Keep);
        let log = engine.group(WEB).unwrap().log();
        let all: Vec<_> = log.entries().collect();
        assert_eq!((log.count(), all.len(), engine.event_count()), (records, records, records));
        for from in [0, 1, 1023, 1024, 1025, 2047, 2048, 2049, 2499, 2500, 5000] {
            let rest: Vec<_> = log.since(from).collect();
            assert_eq!(rest, all[from.min(records)..], "{records} records from {from}");
            assert_eq!(log.get(from), all.get(from).copied());
        }
    }
}

#[test]
fn r_0_4_forgetting_records_does_not_change_the_digest() {
    let kept = chatty(1500, Retention::Keep);
    let forgotten = chatty(1500, Retention::Digest);
    assert_eq!(kept.digest(), forgotten.digest());
    assert_eq!(kept.event_count(), forgotten.event_count());
    let log = forgotten.group(WEB).unwrap().log();
    assert_eq!((log.entries().count(), log.get(0)), (0, None));
}

#[test]
fn r_0_4_ids_do_not_collide() {
    let mut seen = BTreeSet::new();
    for group in [0, 1, 2, 99_999] {
        for ordinal in 0..10_000 {
            let id = public_id(7, IdKind::Instance, GroupIndex(group), ordinal);
            let (prefix, name) = id.split_at(4);
            assert_eq!((prefix, name.len()), ("ins-", 8), "{id}");
            assert!(name.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()), "{id}");
            assert!(seen.insert(id), "group {group} ordinal {ordinal}");
        }
    }
}

#[test]
fn r_0_4_ids_are_salted_by_seed_and_kind() {
    let name = |seed, kind| public_id(seed, kind, GroupIndex(3), 5)[4..].to_owned();
    let kinds = [IdKind::Group, IdKind::Instance, IdKind::Activity, IdKind::Policy];
    let names = [1, 2].map(|seed| kinds.map(|kind| name(seed, kind)));
    let different: BTreeSet<_> = names.iter().flatten().collect();
    assert_eq!(different.len(), 8);
    let prefixes = kinds.map(IdKind::prefix);
    assert_eq!(prefixes, ["asg-", "ins-", "asa-", "asp-"]);
}

#[test]
fn r_0_4_the_log_does_not_tell_ids_or_the_seed() {
    let digest = |seed| World::new(1, 3, 1).edit(|s| s.seed = seed).digest();
    assert_eq!(digest(1), digest(2));
}

#[test]
fn r_0_4_a_fork_and_a_replayed_journal_end_alike() {
    let world = World::new(1, 9, 1).cpu("10:00 60").policy("out cpu > 50 x1 +1 60s");
    let mut run = world.clone().run();
    run.until("10:05").settle();
    run.apply(&modify("desired 5")).unwrap();
    run.until("10:07");
    run.apply(&modify("max 99")).unwrap_err();
    let mut fork = run.clone();
    run.until("11:00").settle();
    fork.until("11:00").settle();
    assert_eq!(fork.log(), run.log());
    let mut again = world.run();
    again.engine.replay(run.engine.journal(), time("11:00"), true).unwrap();
    assert_eq!(again.log(), run.log());
}
