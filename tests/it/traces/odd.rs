//! What is bent into shape, and told: order, repeats, gaps, phase; and the options about time.

use asgsim::env::csv::{Duplicates, Options, Stamp};
use asgsim::env::trace::Gaps;
use asgsim::{Micro, SimDuration, SimTime, UtcOffset};
use expect_test::expect;

use super::{check, utc};

/// Rows at these seconds after 22:15:00, with values 1, 2, 3, ...
fn at(seconds: &[i64]) -> String {
    let rows = seconds.iter().zip(1..);
    let rows = rows.map(|(s, value)| format!("{},{value}\n", 1_700_000_100 + s));
    format!("time,value\n{}", rows.collect::<String>())
}

fn minute() -> Options {
    Options { interval: Some(SimDuration::MINUTE), ..utc() }
}

#[test]
fn r_11_4_a_value_holds_for_one_and_a_half_intervals() {
    check(
        &minute(),
        &at(&[0, 90]),
        expect![[r#"
        22:15=1 22:16:30=2 ..22:17:30 every 1m
        1 row off the grid of 1m from 2023-11-14 22:15:00 (+00:00) on"#]],
    );
    check(
        &minute(),
        &at(&[0, 91]),
        expect![[r#"
        22:15=1 22:16=_ 22:16:31=2 ..22:17:31 every 1m
        1 row off the grid of 1m from 2023-11-14 22:15:00 (+00:00) on
        1 gap, 1 slot of 1m without a value (gaps = "missing")"#]],
    );
}

#[test]
fn r_11_4_gaps() {
    let of = |gaps| Options { gaps, ..utc() };
    let file = at(&[0, 60, 240, 300]);
    check(
        &of(Gaps::Missing),
        &file,
        expect![[r#"
        22:15=1 22:16=2 22:17=_ 22:18=_ 22:19=3 22:20=4 ..22:21 every 1m
        1 gap, 2 slots of 1m without a value (gaps = "missing")"#]],
    );
    check(
        &of(Gaps::Hold),
        &file,
        expect![[r#"
        22:15=1 22:16=2 22:17=2 22:18=2 22:19=3 22:20=4 ..22:21 every 1m
        1 gap, 2 slots of 1m without a value (gaps = "hold")"#]],
    );
    check(
        &of(Gaps::Zero),
        &file,
        expect![[r#"
        22:15=1 22:16=2 22:17=0 22:18=0 22:19=3 22:20=4 ..22:21 every 1m
        1 gap, 2 slots of 1m without a value (gaps = "zero")"#]],
    );
    check(
        &of(Gaps::Interpolate),
        &file,
        expect![[r#"
        22:15=1 22:16=2 22:17=2.333333 22:18=2.666667 22:19=3 22:20=4 ..22:21 every 1m
        1 gap, 2 slots of 1m without a value (gaps = "interpolate")"#]],
    );
}

#[test]
fn r_11_4_empty_rows_at_both_ends_belong_to_the_span() {
    let file = "time,value\n1700000100,\n1700000160,1\n1700000220,2\n1700000280,NaN\n";
    check(
        &utc(),
        file,
        expect![[r#"
        22:15=_ 22:16=1 22:17=2 22:18=_ ..22:19 every 1m
        2 rows without a value
        2 gaps, 2 slots of 1m without a value (gaps = "missing")"#]],
    );
    let repeat = Options { repeat: true, ..utc() };
    let loaded = asgsim::env::csv::read(file.as_bytes(), &repeat).unwrap();
    let later = |s: i64| loaded.trace.at(SimTime::from_unix_s(1_700_000_100 + s)).value;
    assert_eq!([later(240), later(300)], [None, Some(Micro::ONE)]);
}

#[test]
fn the_interval_is_the_median_step_of_distinct_times() {
    // Steps 60 60 120 120: the lower of the two in the middle.
    check(
        &utc(),
        &at(&[0, 60, 120, 240, 360]),
        expect![[r#"
        22:15=1 22:16=2 22:17=3 22:18=_ 22:19=4 22:20=_ 22:21=5 ..22:22 every 1m
        2 gaps, 2 slots of 1m without a value (gaps = "missing")"#]],
    );
    check(
        &utc(),
        &at(&[0, 60, 60, 60, 60, 120]),
        expect![[r#"
        22:15=1 22:16=5 22:17=6 ..22:18 every 1m
        3 repeated timestamps with other values: the last of each was taken (duplicates = "last")
        most times occur more than once: several series in one file?"#]],
    );
    check(
        &utc(),
        &at(&[7, 67, 128, 187]),
        expect![[r#"
            22:15:07=1 22:16:07=2 22:17:08=3 22:18:07=4 ..22:19:07 every 1m
            the samples stand 7s after the multiples of 1m
            1 row off the grid of 1m from 2023-11-14 22:15:07 (+00:00) on"#]],
    );
}

#[test]
fn rows_are_sorted_and_repeats_are_settled() {
    check(
        &utc(),
        &at(&[120, 60, 0]),
        expect![[r#"
        22:15=3 22:16=2 22:17=1 ..22:18 every 1m
        2 steps back in time: the rows were sorted"#]],
    );
    let of = |duplicates| Options { duplicates, ..minute() };
    let file = "time,value\n1700000100,1\n1700000100,1\n1700000100,2\n1700000100,4\n1700000160,9\n";
    check(
        &of(Duplicates::Last),
        file,
        expect![[r#"
        22:15=4 22:16=9 ..22:17 every 1m
        1 repeated timestamp with the same value: dropped
        2 repeated timestamps with other values: the last of each was taken (duplicates = "last")
        most times occur more than once: several series in one file?"#]],
    );
    check(
        &of(Duplicates::First),
        file,
        expect![[r#"
        22:15=1 22:16=9 ..22:17 every 1m
        1 repeated timestamp with the same value: dropped
        2 repeated timestamps with other values: the first of each was taken (duplicates = "first")
        most times occur more than once: several series in one file?"#]],
    );
    check(
        &of(Duplicates::Mean),
        file,
        expect![[r#"
        22:15=2.333333 22:16=9 ..22:17 every 1m
        1 repeated timestamp with the same value: dropped
        2 repeated timestamps with other values: the mean of each was taken (duplicates = "mean")
        most times occur more than once: several series in one file?"#]],
    );
    // A row without a value is no repeat.
    check(
        &minute(),
        "time,value\n1700000100,1\n1700000100,\n",
        expect![[r#"
        22:15=1 ..22:16 every 1m
        1 row without a value"#]],
    );
}

#[test]
fn zones() {
    let offset = UtcOffset::parse("+01:00").unwrap();
    let file = "time,value\n2023-11-14 23:15:00,1\n2023-11-14T22:16:00Z,2\n";
    check(
        &Options { utc_offset: offset, ..Options::default() },
        file,
        expect![[r#"
        22:15=1 22:16=2 ..22:17 every 1m
        1 time without a zone: read at +01:00 (utc_offset)
        1 time without a zone beside 1 with one"#]],
    );
    let file = "time,value\n2023-11-15 06:15:00,1\n2023-11-15 06:16:00,2\n";
    check(
        &Options::default(),
        file,
        expect![[r#"
        22:15=1 22:16=2 ..22:17 every 1m
        2 times without a zone: read at +08:00 (utc_offset)"#]],
    );
}

#[test]
fn stamp_shift_scale_and_per() {
    let file = at(&[0, 60]);
    check(
        &Options { stamp: Stamp::End, ..utc() },
        &file,
        expect!["22:14=1 22:15=2 ..22:16 every 1m"],
    );
    check(
        &Options { shift: SimDuration::from_s(-3_600), ..utc() },
        &file,
        expect!["21:15=1 21:16=2 ..21:17 every 1m"],
    );
    check(
        &Options { scale: Micro::parse("0.1").unwrap(), ..utc() },
        &file,
        expect!["22:15=0.1 22:16=0.2 ..22:17 every 1m"],
    );
    // 2 a minute are 1/30 a second, rounded once.
    check(
        &Options { per: Some(SimDuration::MINUTE), ..utc() },
        &file,
        expect!["22:15=0.016667 22:16=0.033333 ..22:17 every 1m"],
    );
    let both = Options { scale: Micro::from_int(1_000), ..utc() };
    check(
        &Options { per: Some(SimDuration::MINUTE), ..both },
        &file,
        expect!["22:15=16.666667 22:16=33.333333 ..22:17 every 1m"],
    );
    check(
        &Options { start: Some(SimTime::from_unix_s(0)), ..utc() },
        &file,
        expect![[r#"
        22:15=1 22:16=2 ..22:17 every 1m
        start was not used: the file has times of its own"#]],
    );
}

#[test]
fn rows_that_are_not_quite_rows() {
    // Delimiters at the end, blank rows, a field over two lines.
    check(
        &utc(),
        "time,value\n1700000100,1,\n,\n1700000160,2,\n",
        expect![[r#"
        22:15=1 22:16=2 ..22:17 every 1m
        1 blank row left out"#]],
    );
    check(
        &utc(),
        "time,value,note\n1700000100,1,\"a\nb\"\n1700000160,2,c\n",
        expect![[r#"
        22:15=1 22:16=2 ..22:17 every 1m
        1 row with a line break inside a field: a quotation mark left open?"#]],
    );
}

#[test]
fn fractions_of_a_millisecond_are_cut_off() {
    let file = "time,value\n2023-11-14T22:15:00.1239Z,1\n2023-11-14T22:16:00.5Z,2\n";
    check(
        &minute(),
        file,
        expect![[r#"
            22:15:00.123=1 22:16:00.500=2 ..22:17:00.500 every 1m
            the samples stand 123ms after the multiples of 1m
            1 row off the grid of 1m from 2023-11-14 22:15:00 (+00:00) on"#]],
    );
    check(
        &minute(),
        "time,value\n1700000100.123999,1\n1700000160.5,2\n",
        expect![[r#"
            22:15:00.123=1 22:16:00.500=2 ..22:17:00.500 every 1m
            the samples stand 123ms after the multiples of 1m
            1 row off the grid of 1m from 2023-11-14 22:15:00 (+00:00) on"#]],
    );
}
