//! Traces from files and notations: plain CSV, compact series, synthetic load (SEMANTICS 11.4).

use std::fmt::Write as _;

use asgsim::env::csv::{Loaded, Options, read};
use asgsim::{SimDuration, SimTime, UtcOffset};
use expect_test::Expect;

mod bytes;
mod notations;
mod odd;
mod real;
mod refused;
mod replayed;

/// Times in UTC, no warning about it.
fn utc() -> Options {
    Options { utc_offset: UtcOffset::UTC, offset_is_default: false, ..Options::default() }
}

fn named(value: &str) -> Options {
    Options { value: Some(value.to_owned()), ..utc() }
}

fn at(text: &str) -> SimTime {
    SimTime::parse_civil(text, UtcOffset::UTC).unwrap()
}

/// Steps as `22:15=41.5 22:20=_ ..22:25`, then the warnings, one a line; or the error.
fn describe(result: Result<Loaded, impl std::fmt::Display>) -> String {
    let loaded = match result {
        Ok(loaded) => loaded,
        Err(error) => return format!("{error}"),
    };
    let clock = |t: SimTime| {
        let civil = t.civil(UtcOffset::UTC).unwrap();
        let seconds = if t == t.minute() { "%H:%M" } else { "%H:%M:%S%.f" };
        civil.format(seconds).to_string()
    };
    let (from, to) = loaded.trace.span().unwrap();
    let mut text = String::new();
    for (start, step) in loaded.trace.steps(from, to) {
        let value = step.value.map_or("_".to_owned(), |v| v.to_string());
        write!(text, "{}={value} ", clock(start)).unwrap();
    }
    write!(text, "..{} every {}", clock(to), loaded.interval).unwrap();
    for warning in &loaded.warnings {
        write!(text, "\n{warning}").unwrap();
    }
    text
}

fn check(options: &Options, file: &str, expected: Expect) {
    expected.assert_eq(&describe(read(file.as_bytes(), options)));
}

/// The same two samples, whatever the file looks like.
fn all_say_the_same(rows: &[(&str, Options, &str)]) {
    for (name, options, file) in rows {
        let found = describe(read(file.as_bytes(), options));
        // What was odd about the way they say it stands in further lines.
        let found = found.lines().next().unwrap_or_default();
        assert_eq!(found, "22:15=41.5 22:20=43 ..22:25 every 5m", "{name}");
    }
}

#[test]
fn lines_ends_and_quotes() {
    all_say_the_same(&[
        ("plain", utc(), "timestamp,value\n2023-11-14 22:15:00,41.5\n2023-11-14 22:20:00,43\n"),
        (
            "no final newline",
            utc(),
            "timestamp,value\n2023-11-14 22:15:00,41.5\n2023-11-14 22:20:00,43",
        ),
        (
            "CRLF",
            utc(),
            "timestamp,value\r\n2023-11-14 22:15:00,41.5\r\n2023-11-14 22:20:00,43\r\n",
        ),
        ("CR", utc(), "timestamp,value\r2023-11-14 22:15:00,41.5\r2023-11-14 22:20:00,43\r"),
        (
            "byte-order mark",
            utc(),
            "\u{FEFF}timestamp,value\n2023-11-14 22:15:00,41.5\n2023-11-14 22:20:00,43",
        ),
        (
            "byte-order mark and quotes",
            utc(),
            "\u{FEFF}\"timestamp\",\"value\"\n2023-11-14 22:15:00,41.5\n2023-11-14 22:20:00,43",
        ),
        (
            "all quoted",
            utc(),
            "\"TimeStamp\",\"Value\",\"Label\"\r\n\"2023-11-14T22:15:00Z\",\"41.5\",\"0\"\r\n\"2023-11-14T22:20:00Z\",\"43\",\"1\"\r\n",
        ),
        (
            "time quoted",
            utc(),
            "TimeStamp,Value,Label\n\"2023-11-14T22:15:00Z\",41.5,0\n\"2023-11-14T22:20:00Z\",43,1",
        ),
    ]);
}

#[test]
fn columns_are_found() {
    all_say_the_same(&[
        (
            "another case",
            named("VALUE"),
            "Time,x,Value\n2023-11-14 22:15:00,1,41.5\n2023-11-14 22:20:00,2,43\n",
        ),
        (
            "exact case first",
            named("Cpu"),
            "time,cpu,Cpu\n2023-11-14 22:15:00,1,41.5\n2023-11-14 22:20:00,2,43\n",
        ),
        (
            "entity column",
            utc(),
            "host,time,cpu\nweb-1,2023-11-14 22:15:00,41.5\nweb-1,2023-11-14 22:20:00,43\n",
        ),
        (
            "time found by its dates",
            utc(),
            "cpu,when\n41.5,2023-11-14 22:15:00\n43,2023-11-14 22:20:00\n",
        ),
        (
            "time named",
            Options { time: Some("b".into()), value: Some("a".into()), ..utc() },
            "a,b,c\n41.5,1700000100,1\n43,1700000400,2\n",
        ),
        ("no header", utc(), "2023-11-14 22:15:00,41.5\n2023-11-14 22:20:00,43\n"),
        (
            "no header, named by number",
            named("3"),
            "2023-11-14 22:15:00,1,41.5\n2023-11-14 22:20:00,2,43\n",
        ),
        (
            "header of numbers",
            named("2"),
            "time,1,2\n2023-11-14 22:15:00,1,41.5\n2023-11-14 22:20:00,2,43\n",
        ),
        ("no header, Unix", utc(), "1700000100,41.5\n1700000400,43\n"),
    ]);
}

#[test]
fn delimiters_and_comments() {
    all_say_the_same(&[
        ("semicolon", utc(), "time;value\n2023-11-14 22:15:00;41.5\n2023-11-14 22:20:00;43\n"),
        (
            "decimal comma",
            utc(),
            "time;value\n2023-11-14 22:15:00;41,5\n2023-11-14 22:20:00;43,0\n",
        ),
        ("decimal comma, no header", utc(), "14.11.2023 22:15;41,5\n14.11.2023 22:20;43,0\n"),
        ("tab", utc(), "time\tvalue\n2023-11-14 22:15:00\t41.5\n2023-11-14 22:20:00\t43\n"),
        (
            "sep line",
            utc(),
            "sep=;\r\ntime;value\r\n2023-11-14 22:15:00;41.5\r\n2023-11-14 22:20:00;43\r\n",
        ),
        (
            "sep line for Excel",
            utc(),
            "\u{FEFF}\"sep=,\"\n\"Time\",\"web;1;2\"\n2023-11-14 22:15:00,41.5%\n2023-11-14 22:20:00,43 %\n",
        ),
        (
            "comments",
            utc(),
            "# made by hand; really\n\ntime,value\n# first\n2023-11-14 22:15:00,41.5\n#2023-11-14 22:16:00,x\n2023-11-14 22:20:00,43\n",
        ),
    ]);
}

#[test]
fn times_as_numbers_or_none() {
    let relative = || Options { start: Some(at("2023-11-14 22:15:00")), ..utc() };
    let gridded = || Options { interval: Some(SimDuration::from_s(300)), ..relative() };
    all_say_the_same(&[
        ("Unix seconds", utc(), "time,value\n1700000100,41.5\n1700000400,43\n"),
        ("Unix seconds, a point", utc(), "time,value\n1700000100.0,41.5\n1.7000004e9,43\n"),
        (
            "Unix ms",
            utc(),
            "\"Time\",\"{instance=\"\"a\"\"}\"\r\n1700000100000,41.5\r\n1700000400000,43",
        ),
        ("Unix us", utc(), "time,value\n1700000100000000,41.5\n1700000400000000,43\n"),
        ("Unix ns", utc(), "time,value\n1700000100000000000,41.5\n1700000400000000000,43\n"),
        ("seconds from start", relative(), "timestamp,cpu_usage\n0,41.5\n300,43\n"),
        ("no times", gridded(), "cpu\n41.5\n43\n"),
        ("no times, no header", gridded(), "41.5\n43\n"),
    ]);
}

#[test]
fn civil_times() {
    let zone = |text| Options { utc_offset: UtcOffset::parse(text).unwrap(), ..utc() };
    all_say_the_same(&[
        ("Z", zone("+08:00"), "time,value\n2023-11-14T22:15:00Z,41.5\n2023-11-14T22:20:00Z,43\n"),
        (
            "UTC",
            zone("+08:00"),
            "time,value\n2023-11-14 22:15:00 UTC,41.5\n2023-11-14 22:20:00 UTC,43\n",
        ),
        (
            "offset",
            utc(),
            "time,value\n2023-11-15T06:15:00+08:00,41.5\n2023-11-14T17:20:00.000-05:00,43\n",
        ),
        (
            "short offset",
            utc(),
            "time,value\n2023-11-15 06:15:00+0800,41.5\n2023-11-14 17:20:00-05,43\n",
        ),
        (
            "fractions",
            utc(),
            "time,value\n2023-11-14T22:15:00.000Z,41.5\n2023-11-14T22:20:00.0000000Z,43\n",
        ),
        (
            "utc_offset",
            zone("+08:00"),
            "time,value\n2023-11-15 06:15:00,41.5\n2023-11-15 06:20:00,43\n",
        ),
        ("without seconds", utc(), "time,value\n2023-11-14 22:15,41.5\n2023-11-14T22:20,43\n"),
        ("slashes", utc(), "time,value\n2023/11/14 22:15,41.5\n2023/11/14 22:20:00,43\n"),
        ("points", utc(), "time,value\n14.11.2023 22:15,41.5\n14.11.2023 22:20:00,43\n"),
        ("day first", utc(), "time,value\n14/11/2023 22:15,41.5\n14/11/2023 22:20,43\n"),
        ("month first", utc(), "time,value\n11/14/2023 22:15,41.5\n11-14-2023 22:20,43\n"),
        (
            "blanks and signs",
            utc(),
            "time , value\n 2023-11-14 22:15:00 , +4.15e1 \n2023-11-14 22:20:00,43.00000000001\n",
        ),
    ]);
}

#[test]
fn a_single_value_above_twelve_settles_day_and_month() {
    let file = "time,value\n02/03/2014 00:00,1\n13/03/2014 00:00,2\n";
    let loaded = read(file.as_bytes(), &utc()).unwrap();
    assert_eq!(
        (loaded.first, loaded.interval),
        (at("2014-03-02 00:00:00"), SimDuration::from_s(11 * 86_400))
    );
    let file = "time,value\n02/03/2014 00:00,1\n02/13/2014 00:00,2\n";
    let loaded = read(file.as_bytes(), &utc()).unwrap();
    assert_eq!(
        (loaded.first, loaded.interval),
        (at("2014-02-03 00:00:00"), SimDuration::from_s(10 * 86_400))
    );
}

#[test]
fn what_stands_for_a_missing_value() {
    for word in ["", " ", "NaN", "nan", "null", "NULL", "N/A", "-", "--", "None", "\"\""] {
        let file = format!("time,value\n1700000100,1\n1700000400,{word}\n1700000700,3\n");
        let found = describe(read(file.as_bytes(), &utc()));
        let expected = "22:15=1 22:20=_ 22:25=3 ..22:30 every 5m\n1 row without a value\n\
                        1 gap, 1 slot of 5m without a value (gaps = \"missing\")";
        assert_eq!(found, expected, "{word:?}");
    }
}
