//! Snapshots: scenario, commands from outside, time.

use asgsim::engine::command::Command;
use asgsim::kernel::SimDuration;
use asgsim::model::capacity::Resize;
use asgsim::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
use asgsim::scenario::Scenario;
use asgsim::scenario::snapshot::{SCHEMA, Snapshot, TraceDigest};
use asgsim::{Engine, GroupIndex};
use expect_test::expect;

use super::{BASE, scenario};

const WEB: GroupIndex = GroupIndex(0);

fn snapshot(engine: &Engine) -> Snapshot {
    Snapshot {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        file: "case.toml".to_owned(),
        folder: String::new(),
        text: BASE.to_owned(),
        overrides: vec!["seed=7".to_owned()],
        traces: vec![TraceDigest::of("load.csv", b"1")],
        now: engine.now(),
        settled: engine.is_settled(),
        journal: engine.journal().clone(),
        digest: engine.digest(),
    }
}

fn resize(desired: u32) -> Command {
    Command::Resize(Resize { desired: Some(desired), ..Resize::default() })
}

fn policy(name: &str) -> Command {
    Command::CreatePolicy(Policy {
        name: name.to_owned(),
        alarm: AlarmRule {
            dimension: Dimension::CpuUsage,
            operator: Operator::Less,
            threshold: 60,
            repeat_times: 1,
            statistic: None,
        },
        adjustment: Adjustment::PercentChangeInCapacity(-50),
        cooldown: SimDuration::from_s(60),
        notify_ids: Vec::new(),
    })
}

/// A run to the twentieth minute with commands from outside: some refused, some on settled time.
fn meddled(scenario: &Scenario) -> Engine {
    let mut engine = Engine::new(&scenario.setup).unwrap();
    let minute = |n| scenario.setup.start + SimDuration::MINUTE.times(n);
    let apply = |engine: &mut Engine, command| engine.apply(WEB, &command).unwrap().is_ok();
    assert!(apply(&mut engine, resize(3)));
    engine.run_until(minute(5)).unwrap();
    assert!(!apply(&mut engine, resize(10)));
    engine.settle().unwrap();
    assert!(apply(&mut engine, policy("in")));
    engine.run_until(minute(15) + SimDuration::from_ms(250)).unwrap();
    assert!(!apply(&mut engine, policy("in")));
    assert!(apply(&mut engine, resize(6)));
    engine.run_until(minute(20)).unwrap();
    engine
}

#[test]
fn a_journal_is_played_again() {
    let scenario = scenario(BASE, &["seed=7"]).unwrap();
    let mut straight = meddled(&scenario);
    for settle in [false, true] {
        if settle {
            straight.settle().unwrap();
        }
        let saved = snapshot(&straight);
        let bytes = serde_json::to_vec_pretty(&saved).unwrap();
        let read = Snapshot::parse("half.json", &bytes).unwrap();
        assert_eq!(read, saved);
        let mut restored = Engine::new(&scenario.setup).unwrap();
        read.restore("half.json", &mut restored).unwrap();
        assert_eq!(restored.journal(), straight.journal());
        assert_eq!((restored.now(), restored.is_settled()), (straight.now(), settle));
        // And both go on alike.
        let mut on = straight.clone();
        for engine in [&mut on, &mut restored] {
            engine.apply(WEB, &resize(2)).unwrap().unwrap();
            engine.run_until(scenario.end).unwrap();
        }
        assert_eq!(restored.digest(), on.digest());
        assert_eq!(restored.event_count(), on.event_count());
    }
}

#[test]
fn what_is_no_snapshot_of_ours_is_refused() {
    let scenario = scenario(BASE, &["seed=7"]).unwrap();
    let engine = meddled(&scenario);
    let saved = snapshot(&engine);
    let mut lines = String::new();
    let mut tell = |snapshot: &Snapshot| {
        let bytes = serde_json::to_vec(snapshot).unwrap();
        let restored = Snapshot::parse("half.json", &bytes).and_then(|snapshot| {
            let mut engine = Engine::new(&scenario.setup).unwrap();
            snapshot.restore("half.json", &mut engine)
        });
        lines += &(restored.unwrap_err().to_string() + "\n");
    };
    tell(&Snapshot { version: "0.0.9".to_owned(), ..saved.clone() });
    tell(&Snapshot { schema: "asgsim.snapshot/2".to_owned(), ..saved.clone() });
    tell(&Snapshot { digest: "0".repeat(64), ..saved.clone() });
    tell(&Snapshot { journal: asgsim::kernel::Tape::default(), ..saved.clone() });
    let backwards = saved.journal.iter().rev().cloned().collect();
    tell(&Snapshot { journal: backwards, ..saved.clone() });
    lines = lines.replace(env!("CARGO_PKG_VERSION"), "V");
    for text in ["", "{\n  \"schema\": 5\n}", "{ \"schema\": \"asgsim.snapshot/1\", \"x\": 1 }"] {
        let error = Snapshot::parse("half.json", text.as_bytes()).unwrap_err();
        lines += &(error.to_string() + "\n");
    }
    expect![[r#"
        half.json: the snapshot is of asgsim.snapshot/1, version 0.0.9; this is asgsim.snapshot/1, version V
        half.json: the snapshot is of asgsim.snapshot/2, version V; this is asgsim.snapshot/1, version V
        half.json: the snapshot plays another story now: its digest differs
        half.json: the snapshot plays another story now: its digest differs
        half.json: the snapshot cannot be played: cannot run to 2024-03-01 02:05:00 UTC: the engine is at 2024-03-01 02:15:00 UTC already
        half.json:1: this is no snapshot: EOF while parsing a value at line 1 column 0
        half.json:2: this is no snapshot: invalid type: integer `5`, expected a string at line 2 column 13
        half.json:1: this is no snapshot: unknown field `x`, expected one of `schema`, `version`, `file`, `folder`, `text`, `overrides`, `traces`, `now`, `settled`, `journal`, `digest` at line 1 column 36
    "#]].assert_eq(&lines);
}
