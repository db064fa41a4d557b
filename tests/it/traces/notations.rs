//! Compact series and synthetic load.

use asgsim::env::series::parse_compact;
use asgsim::env::synth::{Spike, Synth};
use asgsim::{Micro, SimDuration, SimTime, UtcOffset};

/// A word or more, and its samples or the error.
const SERIES: &str = r#"
5                | 5
5x0              | 5
5x2              | 5 5 5
-5x1             | -5 -5
1+2x2            | 1 3 5
1-2x2            | 1 -1 -3
-1-2x1           | -1 -3
0.5+.25x2        | 0.5 0.75 1
1e3+1e-1x1       | 1000 1000.1
1e+3x1           | 1000 1000
_                | _
_x3              | _ _ _
_x0 7            | 7
1 _ 2            | 1 _ 2
                 | the series has no samples: write values, as in "100x12 100+50x6 _x3 7"
_x0              | the series has no samples: write values, as in "100x12 100+50x6 _x3 7"
1 a              | word 2, "a", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
1+2              | word 1, "1+2", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
1--2x3           | word 1, "1--2x3", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
1x               | word 1, "1x", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
1x-1             | word 1, "1x-1", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
NaN              | word 1, "NaN", is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`
9e12+1e12x1      | word 1, "9e12+1e12x1", runs out of range: at most about 9.2e12 in size
1x4999999 2      | word 2, "2", makes more than 5000000 samples
_x5000001        | word 1, "_x5000001", makes more than 5000000 samples
1x99999999999999999999 | word 1, "1x99999999999999999999", makes more than 5000000 samples
"#;

#[test]
fn compact_series() {
    for row in SERIES.lines().filter(|line| !line.is_empty()) {
        let (text, expected) = row.split_once('|').unwrap();
        let found = match parse_compact(text) {
            Ok(samples) => {
                let shown = samples.iter().map(|s| s.map_or("_".to_owned(), |v| v.to_string()));
                shown.collect::<Vec<_>>().join(" ")
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected.trim(), "{text}");
    }
    assert_eq!(parse_compact("1x4999999").unwrap().len(), 5_000_000);
}

/// Monday, 2024-03-04, 00:00 at +08:00.
fn monday() -> SimTime {
    SimTime::parse_civil("2024-03-04 00:00:00", UtcOffset::BEIJING).unwrap()
}

/// Samples every so many seconds over a week.
fn week(synth: &Synth, every_s: i64) -> Vec<i64> {
    let end = monday() + SimDuration::from_s(7 * 86_400);
    let interval = SimDuration::from_s(every_s);
    let samples = synth.samples(7, "web", monday(), end, interval, UtcOffset::BEIJING);
    samples.into_iter().map(|s| s.unwrap().millionths()).collect()
}

fn flat(base: i64) -> Synth {
    Synth { base: Micro::from_int(base), ..Synth::default() }
}

const M: i64 = 1_000_000;

#[test]
fn the_day_has_its_trough_at_four_and_its_peak_at_sixteen() {
    let hours = week(&Synth { daily: Micro::from_int(50), ..flat(100) }, 3_600);
    assert_eq!(hours.len(), 168);
    let at = |h: usize| hours[h];
    assert_eq!([at(4), at(10), at(16), at(22)], [50 * M, 100 * M, 150 * M, 100 * M]);
    assert_eq!(hours[24..48], hours[..24]);
    assert_eq!(at(13), 135_355_339); // 100 + 50 sin 45°
}

#[test]
fn the_week_is_high_on_weekdays_and_low_on_weekends() {
    let hours = week(&Synth { weekly: Micro::from_int(30), ..flat(100) }, 3_600);
    let friday = 4 * 24;
    let evening: Vec<i64> = (20..29).map(|h| hours[friday + h] / M).collect();
    assert_eq!(evening, [130, 130, 120, 110, 100, 90, 80, 70, 70]);
    assert_eq!([hours[0], hours[3], hours[167]], [100 * M, 130 * M, 90 * M]);
}

#[test]
fn load_is_never_negative() {
    let hours = week(&Synth { daily: Micro::from_int(50), ..flat(10) }, 3_600);
    assert_eq!([hours[4], hours[10]], [0, 10 * M]);
}

#[test]
fn a_spike_is_a_trapezium_on_top() {
    let minutes = |n: i64| SimDuration::from_s(60 * n);
    let spike = Spike {
        at: monday() + minutes(10),
        peak: Micro::from_int(900),
        ramp: minutes(2),
        hold: minutes(3),
    };
    let of = |spikes: Vec<Spike>| -> Vec<i64> {
        let samples = week(&Synth { spikes, ..flat(100) }, 60);
        samples[9..19].iter().map(|v| v / M).collect()
    };
    assert_eq!(of(vec![spike]), [100, 100, 550, 1000, 1000, 1000, 1000, 550, 100, 100]);
    let jump = Spike { ramp: SimDuration::ZERO, ..spike };
    assert_eq!(of(vec![jump]), [100, 1000, 1000, 1000, 100, 100, 100, 100, 100, 100]);
    assert_eq!(of(vec![jump, spike])[..5], [100, 1000, 1450, 1900, 1000]);
}

/// The noise is keyed by seed, name and number of the sample, and by nothing else.
#[test]
fn noise() {
    let synth = Synth { noise: Micro::from_int(10), ..flat(100) };
    let end = monday() + SimDuration::from_s(86_400);
    let of = |seed, name, start| {
        synth.samples(seed, name, start, end, Synth::INTERVAL, UtcOffset::BEIJING)
    };
    let a = of(7, "web", monday());
    assert_eq!(a.len(), 1_440);
    assert_eq!(a, of(7, "web", monday()));
    assert_ne!(a, of(8, "web", monday()));
    assert_ne!(a, of(7, "api", monday()));
    let later = of(7, "web", monday() + SimDuration::MINUTE);
    assert_eq!(a[..1_439], later[..]);
    let mean: f64 = a.iter().map(|v| v.unwrap().to_f64()).sum::<f64>() / 1_440.0;
    assert!((mean - 100.0).abs() < 1.0, "{mean}");
    // Bits that must be the same on every machine.
    let first: Vec<i64> = a[..3].iter().map(|v| v.unwrap().millionths()).collect();
    expect_test::expect!["[105264002, 106568438, 97021553]"].assert_eq(&format!("{first:?}"));
}

#[test]
fn samples_cover_the_half_open_span_and_stop_at_the_limit() {
    let count = |end_ms, interval_ms| {
        let end = monday() + SimDuration::from_ms(end_ms);
        let interval = SimDuration::from_ms(interval_ms);
        flat(1).samples(0, "", monday(), end, interval, UtcOffset::UTC).len()
    };
    assert_eq!([count(0, 60_000), count(1, 60_000), count(60_000, 60_000)], [0, 1, 1]);
    assert_eq!([count(60_001, 60_000), count(3, 0), count(6_000_000, 1)], [2, 3, 5_000_000]);
}
