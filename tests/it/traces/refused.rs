//! What is refused, and in which words: line, column, what was found, what is allowed.

use asgsim::env::csv::{Duplicates, Options, read};
use asgsim::env::trace::Gaps;
use asgsim::{Micro, SimDuration, SimTime};
use expect_test::expect;

use super::{check, named, utc};

/// A file with one row more than is wrong, so that lines are counted right.
fn value(field: &str) -> String {
    format!("time,value\r\n# a comment\r\n\r\n1700000100,1\r\n1700000400,{field}\r\n")
}

fn time(field: &str) -> String {
    format!("time,value\n\"{field}\",1\n")
}

#[test]
fn values() {
    check(&utc(), &value("abc"), expect![[r#"line 5, column "value": "abc" is no number"#]]);
    check(&utc(), &value("\"a\nb\""), expect![[r#"line 5, column "value": "a\nb" is no number"#]]);
    check(
        &utc(),
        &value("-inf"),
        expect![[
            r#"line 5, column "value": "-inf" is infinite; allowed are numbers, and NaN or nothing for a missing one"#
        ]],
    );
    check(
        &utc(),
        &value("1.23 MB/s"),
        expect![[
            r#"line 5, column "value": "1.23 MB/s" has the unit "MB/s"; only % is read, so export plain numbers"#
        ]],
    );
    check(
        &utc(),
        &value("12ms"),
        expect![[
            r#"line 5, column "value": "12ms" has the unit "ms"; only % is read, so export plain numbers"#
        ]],
    );
    check(
        &utc(),
        &value("\"1,234.5\""),
        expect![[
            r#"line 5, column "value": "1,234.5" has a comma; thousands separators are not read, and a decimal comma only where the delimiter is a semicolon"#
        ]],
    );
    check(
        &utc(),
        &value("1,234.5"),
        expect![
            "line 5: the fields are 3, in the first row 2; thousands separators and other delimiters inside a field need quotation marks"
        ],
    );
    check(&utc(), &value("12:30"), expect![[r#"line 5, column "value": "12:30" is no number"#]]);
    check(
        &utc(),
        &value("1e13"),
        expect![[
            r#"line 5, column "value": "1e13" is out of range; at most about 9.2e12 in size"#
        ]],
    );
    check(
        &utc(),
        &value("1e99999999999"),
        expect![[
            r#"line 5, column "value": "1e99999999999" is out of range; at most about 9.2e12 in size"#
        ]],
    );
    check(
        &utc(),
        "time;value\n1700000100;1.234,5\n",
        expect![[
            r#"line 2, column "value": "1.234,5" has a comma; thousands separators are not read, and a decimal comma only where the delimiter is a semicolon"#
        ]],
    );
}

#[test]
fn r_0_5_a_value_is_within_its_range_after_scale_and_per() {
    let of = |scale, max| Options {
        scale: Micro::from_int(scale),
        max: Micro::from_int(max),
        interval: Some(SimDuration::MINUTE),
        ..utc()
    };
    let one = "time,value\n1700000100,5\n";
    check(&of(2, 10), one, expect!["22:15=10 ..22:16 every 1m"]);
    check(
        &of(2, 9),
        one,
        expect![[
            r#"line 2, column "value": "5" comes to 10 (after scale and per); allowed is 0 to 9"#
        ]],
    );
    check(
        &of(-1, 9),
        one,
        expect![[
            r#"line 2, column "value": "5" comes to -5 (after scale and per); allowed is 0 to 9"#
        ]],
    );
    check(&of(0, 9), one, expect!["22:15=0 ..22:16 every 1m"]);
    let huge = Options { scale: Micro::from_int(9_000_000_000_000), ..of(1, 9) };
    check(
        &huge,
        &one.replace(",5", ",9e12"),
        expect![[
            r#"line 2, column "value": "9e12" is out of range; at most about 9.2e12 in size"#
        ]],
    );
    let per = |s| Options { per: Some(SimDuration::from_s(s)), ..of(60, 1) };
    check(&per(300), one, expect!["22:15=1 ..22:16 every 1m"]);
    check(
        &per(299),
        one,
        expect![[
            r#"line 2, column "value": "5" comes to 1.003344 (after scale and per); allowed is 0 to 1"#
        ]],
    );
    check(&per(0), one, expect!["per must be above 0"]);
}

#[test]
fn civil_times() {
    check(
        &utc(),
        &time("yesterday"),
        expect![[
            r#"line 2, column "time": "yesterday" is no time; read are Unix seconds, ms, us and ns, seconds from 0, 2014-02-14T14:30:00Z (or +08:00, or a fraction), 2014-02-14 14:30[:00], 2014/2/14 14:30 and 14.02.2014 14:30"#
        ]],
    );
    check(
        &utc(),
        &time(""),
        expect![[
            r#"line 2, column "time": "" is no time; read are Unix seconds, ms, us and ns, seconds from 0, 2014-02-14T14:30:00Z (or +08:00, or a fraction), 2014-02-14 14:30[:00], 2014/2/14 14:30 and 14.02.2014 14:30"#
        ]],
    );
    check(
        &utc(),
        &time("2014-02-30 00:00:00"),
        expect![[
            r#"line 2, column "time": "2014-02-30 00:00:00" is no day of the calendar, or no time of the day"#
        ]],
    );
    check(
        &utc(),
        &time("2014-02-28 24:00:00"),
        expect![[
            r#"line 2, column "time": "2014-02-28 24:00:00" is no day of the calendar, or no time of the day"#
        ]],
    );
    check(
        &utc(),
        &time("2014-02-28 10:00 Europe/Berlin"),
        expect![[
            r#"line 2, column "time": "2014-02-28 10:00 Europe/Berlin" is no time; read are Unix seconds, ms, us and ns, seconds from 0, 2014-02-14T14:30:00Z (or +08:00, or a fraction), 2014-02-14 14:30[:00], 2014/2/14 14:30 and 14.02.2014 14:30"#
        ]],
    );
}

#[test]
fn days_and_months() {
    check(
        &utc(),
        &time("02/03/2014 14:30"),
        expect![[
            r#"line 2, column "time": "02/03/2014 14:30" may be day/month or month/day, and no row of the file settles it; write the year first"#
        ]],
    );
    check(
        &utc(),
        &time("05.13.2014"),
        expect![[
            r#"line 2, column "time": "05.13.2014" is no day of the calendar, or no time of the day"#
        ]],
    );
    check(
        &utc(),
        "time,value\n13/02/2014,1\n02/13/2014,2\n",
        expect![[
            r#"line 3, column "time": "02/13/2014" has the other order of day and month than an earlier row"#
        ]],
    );
}

#[test]
fn times_as_numbers() {
    check(
        &utc(),
        &time("50000000000"),
        expect![[
            r#"line 2, column "time": "50000000000" is no Unix time; by their size 1e9 to 1e10 are s, 1e12 to 1e13 ms, 1e15 to 1e16 us, 1e18 and more ns, and 0 to 1e9 seconds from start"#
        ]],
    );
    check(
        &utc(),
        &time("-1"),
        expect![[
            r#"line 2, column "time": "-1" is no Unix time; by their size 1e9 to 1e10 are s, 1e12 to 1e13 ms, 1e15 to 1e16 us, 1e18 and more ns, and 0 to 1e9 seconds from start"#
        ]],
    );
    check(
        &utc(),
        "time,value\n0,1\n60,2\n",
        expect![[
            r#"line 2, column "time": "0" is a number of seconds from an instant that the file does not name; give start"#
        ]],
    );
    check(
        &utc(),
        "time,value\n1700000100,1\n1700000400000,2\n",
        expect![[
            r#"line 3, column "time": "1700000400000" is Unix milliseconds, but the first time of the file is Unix seconds; one file, one kind of time"#
        ]],
    );
    check(
        &utc(),
        "time,value\n1700000100,1\n2023-11-14 22:15:00,2\n",
        expect![[
            r#"line 3, column "time": "2023-11-14 22:15:00" is civil time, but the first time of the file is Unix seconds; one file, one kind of time"#
        ]],
    );
    check(
        &utc(),
        "time,value\n1700000100,1\n",
        expect![[
            r#"line 2, column "time": all rows have one time, so the interval is not known; give interval"#
        ]],
    );
    let same = "time,value\n1700000100,1\n1700000100,1\n1700000100,2\n";
    check(
        &Options { duplicates: Duplicates::Error, ..interval(60) },
        same,
        expect![[
            r#"line 4, column "time": the time of this row was there before with another value; allowed with duplicates = "last", "first" or "mean""#
        ]],
    );
    check(&interval(0), same, expect!["interval must be above 0"]);
}

fn interval(s: i64) -> Options {
    Options { interval: Some(SimDuration::from_s(s)), ..utc() }
}

#[test]
fn columns() {
    let wide = "time,web-1,web-2\n1700000100,1,2\n1700000400,1,2\n";
    check(
        &utc(),
        wide,
        expect![[
            r#"line 1: which column holds the values? Name it with value = "..."; the columns are "time", "web-1", "web-2""#
        ]],
    );
    check(
        &named("web-3"),
        wide,
        expect![[
            r#"line 1: there is no column "web-3" (value = ...); the columns are "time", "web-1", "web-2""#
        ]],
    );
    check(
        &Options { time: Some("when".into()), ..named("web-1") },
        wide,
        expect![[
            r#"line 1: there is no column "when" (time = ...); the columns are "time", "web-1", "web-2""#
        ]],
    );
    check(
        &named("A"),
        "time,a,a\n1700000100,1,2\n",
        expect![[r#"line 1: 2 columns are called "A"; the columns are "time", "a", "a""#]],
    );
    check(
        &utc(),
        "cpu\n1\n2\n",
        expect![[
            r#"line 1: no column of times was found; name it with time = "...", or give start and interval for a file without times; the only column is "cpu""#
        ]],
    );
    check(
        &interval(60),
        "cpu\n1\n2\n",
        expect![[
            r#"line 1: no column of times was found; name it with time = "...", or give start and interval for a file without times; the only column is "cpu""#
        ]],
    );
    check(
        &utc(),
        "0,1\n60,2\n",
        expect![[
            r#"line 1: which column holds the values? Name it with value = "..."; the columns are "1", "2""#
        ]],
    );
    let many: Vec<String> = (0..30).map(|i| format!("c{i}")).collect();
    check(
        &utc(),
        &format!("{}\n{}\n", many.join(","), ["1"; 30].join(",")),
        expect![[
            r#"line 1: which column holds the values? Name it with value = "..."; the columns are "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13", "c14", "c15", "c16", "c17", "c18", "c19" and 10 more"#
        ]],
    );
}

#[test]
fn files() {
    check(&utc(), "", expect!["line 1: there is no row of data"]);
    check(&utc(), "# nothing\n\n", expect!["line 1: there is no row of data"]);
    check(&utc(), "time,value\n", expect!["line 1: there is no row of data"]);
    check(
        &utc(),
        "time,value\n1700000100,\n1700000400,NaN\n",
        expect![[r#"column "value": none of 2 rows has a value"#]],
    );
    check(
        &utc(),
        "time,value\n1700000100,1\n1700000400\n",
        expect![
            "line 3: the fields are 1, in the first row 2; thousands separators and other delimiters inside a field need quotation marks"
        ],
    );
    check(
        &utc(),
        "time,value\n1700000100,1\n1700000400,1,2\n",
        expect![
            "line 3: the fields are 3, in the first row 2; thousands separators and other delimiters inside a field need quotation marks"
        ],
    );
    check(
        &utc(),
        "t\0i\0m\0e\0",
        expect!["line 1: the file is UTF-16 or no text (it holds a NUL byte): save it as UTF-8"],
    );
    let start = Some(SimTime::from_unix_s(0));
    let gridded = Options { start, ..interval(60) };
    check(
        &gridded,
        "cpu\r\n1\r\n\r\n3\r\n",
        expect![
            "line 3: an empty line in a file without times; write NaN where a value is missing"
        ],
    );
    check(
        &gridded,
        "# made\n\ncpu\n\n1\n3\n\n",
        expect![[r#"
        00:00=1 00:01=3 ..00:02 every 1m
        there is no column of times: rows are 1m apart from 1970-01-01 00:00:00 (+00:00)"#]],
    );
    let far = "time,value\n0001-01-01,1\n9999-12-31,2\n";
    check(
        &Options { gaps: Gaps::Interpolate, ..interval(1) },
        far,
        expect![[
            r#"column "time": 315537811201 intervals from first to last, at most 5000000 can be filled with gaps = "interpolate""#
        ]],
    );
    let utf16 = [0xFF, 0xFE, b't', 0];
    let error = read(&utf16, &utc()).unwrap_err().to_string();
    expect!["line 1: the file is UTF-16 or no text (it holds a NUL byte): save it as UTF-8"]
        .assert_eq(&error);
}

/// Both sides of the bounds of a row.
#[test]
fn a_row_of_1024_fields_and_one_mebibyte() {
    let row = |fields: usize| {
        format!("time,value{}\n1700000100,1{}\n", ",x".repeat(fields - 2), ",y".repeat(fields - 2))
    };
    check(&interval(60), &row(1024), expect!["22:15=1 ..22:16 every 1m"]);
    check(
        &interval(60),
        &row(1025),
        expect!["line 1: the row has 1025 fields, at most 1024 are read"],
    );
    // Fields are counted without delimiters: 11 bytes besides the last.
    let row = |bytes: usize| format!("time,value,x\n1700000100,1,{}\n", "y".repeat(bytes - 11));
    check(&interval(60), &row(1 << 20), expect!["22:15=1 ..22:16 every 1m"]);
    check(
        &interval(60),
        &row((1 << 20) + 1),
        expect!["line 2: the row is longer than 1048576 bytes; is a quotation mark left open?"],
    );
    // The quotation mark swallows the rest of the file.
    let open = format!("time,value,x\n1700000100,1,\"\n{}", "1700000100,1,2\n".repeat(100_000));
    check(
        &interval(60),
        &open,
        expect!["line 2: the row is longer than 1048576 bytes; is a quotation mark left open?"],
    );
}

/// Both sides of the bound of a file.
#[test]
fn five_million_rows() {
    let options = Options { start: Some(SimTime::from_unix_s(0)), ..interval(60) };
    let file = |rows: usize| "1\n".repeat(rows);
    let loaded = read(file(5_000_000).as_bytes(), &options).unwrap();
    assert_eq!(loaded.stats.rows, 5_000_000);
    check(
        &options,
        &file(5_000_001),
        expect!["line 5000001: more than 5000000 rows; cut the file or use coarser samples"],
    );
}
