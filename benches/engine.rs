//! What must be fast, measured side by side in one run: compare the lines of a group with each
//! other, not with those of another machine.
//!
//! * `replay`: a group-year of five-minute CPU through two rules, by the engine and by a loop over
//!   the same samples written by hand (no log, no instances, no cooldown: a lower bound).
//! * `fleet`: 1 to 10,000 groups over a day; the time per group should not grow.
//! * `queue`: pushes and pops at several sizes.
//! * `trace`: reading a CSV trace, against the csv crate handing out the same records.

use std::hint::black_box;
use std::sync::Arc;

use asgsim::env::csv::{Options, read};
use asgsim::env::load::{Demand, Load, Overload};
use asgsim::env::synth::Synth;
use asgsim::env::trace::Trace;
use asgsim::kernel::EventQueue;
use asgsim::model::policy::{Adjustment, AlarmRule, Dimension, Operator, Policy};
use asgsim::{Engine, GroupSetup, Micro, Setup, SimDuration, SimTime, UtcOffset};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const START: SimTime = SimTime::from_unix_s(1_704_038_400);
const FIVE_MINUTES: SimDuration = SimDuration::from_s(300);
const DAY: SimDuration = SimDuration::from_s(86_400);

/// A year (or less) of a daily wave with noise, 100 to 900.
fn samples(length: SimDuration) -> Vec<Option<Micro>> {
    let synth = Synth {
        base: Micro::from_int(500),
        daily: Micro::from_int(330),
        weekly: Micro::from_int(50),
        noise: Micro::from_int(15),
        spikes: Vec::new(),
    };
    synth.samples(1, "bench", START, START + length, FIVE_MINUTES, UtcOffset::BEIJING)
}

fn policy(name: &str, operator: Operator, threshold: i64, repeat_times: u32, by: i64) -> Policy {
    Policy {
        name: name.to_owned(),
        alarm: AlarmRule {
            dimension: Dimension::CpuUsage,
            operator,
            threshold,
            repeat_times,
            statistic: None,
        },
        adjustment: Adjustment::QuantityChangeInCapacity(by),
        cooldown: FIVE_MINUTES,
        notify_ids: Vec::new(),
    }
}

/// Groups with two rules each on one shared trace.
fn world(groups: u32, trace: &Arc<Trace>) -> Setup {
    let mut setup = Setup::new(START);
    setup.limits.groups_per_project = groups;
    for i in 0..groups {
        let mut group = GroupSetup::new(&format!("group-{i}"), 2, 20, 5);
        group.load = Some(Load::Demand(Demand {
            offered: Arc::clone(trace),
            per_instance: Micro::from_int(100),
            base: Micro::ZERO,
            overload: Overload::Drop,
            memory: None,
            bytes_in_per_load: None,
            bytes_out_per_load: None,
        }));
        group.policies.push(policy("out", Operator::Greater, 70, 2, 1));
        group.policies.push(policy("in", Operator::Less, 40, 3, -1));
        setup.groups.push(group);
    }
    setup
}

/// The same rules over the same samples with nothing else: what a notebook would do.
fn by_hand(samples: &[Option<Micro>]) -> i64 {
    let (mut n, mut high, mut low, mut changes) = (5_i64, 0, 0, 0_i64);
    for sample in samples {
        let load = sample.map_or(0, Micro::millionths);
        let usage = (load / n).min(100_000_000);
        high = if usage > 70_000_000 { high + 1 } else { 0 };
        low = if usage < 40_000_000 { low + 1 } else { 0 };
        if high >= 2 && n < 20 {
            n += 1;
            changes += 1;
        } else if low >= 3 && n > 2 {
            n -= 1;
            changes += 1;
        }
    }
    changes
}

fn replay(c: &mut Criterion) {
    let year = DAY.times(365);
    let samples = samples(year);
    let trace = Arc::new(Trace::from_grid(START, FIVE_MINUTES, &samples));
    let setup = world(1, &trace);
    let mut group = c.benchmark_group("replay");
    group.bench_function("engine, one group-year", |b| {
        b.iter_batched(
            || Engine::new(&setup).unwrap(),
            |mut engine| {
                engine.run_until(START + year).unwrap();
                engine
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("by hand, one group-year", |b| b.iter(|| by_hand(black_box(&samples))));
    group.finish();
}

fn fleet(c: &mut Criterion) {
    let trace = Arc::new(Trace::from_grid(START, FIVE_MINUTES, &samples(DAY)));
    let mut group = c.benchmark_group("fleet, one day");
    group.sample_size(10);
    for groups in [1, 10, 100, 1_000, 10_000] {
        let setup = world(groups, &trace);
        group.throughput(Throughput::Elements(u64::from(groups)));
        group.bench_with_input(BenchmarkId::new("groups", groups), &setup, |b, setup| {
            b.iter_batched(
                || Engine::new(setup).unwrap(),
                |mut engine| {
                    engine.run_until(START + DAY).unwrap();
                    engine
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn queue(c: &mut Criterion) {
    let mut group = c.benchmark_group("queue");
    for size in [10_i64, 1_000, 100_000] {
        group.throughput(Throughput::Elements(size.unsigned_abs()));
        group.bench_with_input(BenchmarkId::new("push and pop", size), &size, |b, size| {
            b.iter(|| {
                let mut queue = EventQueue::new();
                for i in 0..*size {
                    // Scattered, and the same each time.
                    queue.push(SimTime::from_unix_ms(i * 7_919 % size), i % 3, i);
                }
                let mut sum = 0;
                while let Some(event) = queue.pop_due(SimTime::MAX) {
                    sum += event;
                }
                sum
            });
        });
    }
    group.finish();
}

fn trace(c: &mut Criterion) {
    let mut text = String::from("timestamp,value\n");
    for (i, sample) in (0..).zip(samples(DAY.times(60))) {
        let at = START + FIVE_MINUTES.times(i);
        let value = sample.unwrap_or_default();
        text += &format!("{},{value}\n", at.format_civil(UtcOffset::UTC));
    }
    let mut group = c.benchmark_group("trace");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("asgsim", |b| {
        b.iter(|| read(black_box(text.as_bytes()), &Options::default()).unwrap());
    });
    group.bench_function("csv crate, records only", |b| {
        b.iter(|| {
            let mut reader = csv::Reader::from_reader(black_box(text.as_bytes()));
            let mut record = csv::ByteRecord::new();
            let mut bytes = 0;
            while reader.read_byte_record(&mut record).unwrap() {
                bytes += record.as_slice().len();
            }
            bytes
        });
    });
    group.finish();
}

criterion_group!(benches, replay, fleet, queue, trace);
criterion_main!(benches);
