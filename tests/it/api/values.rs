//! Values of parameters: presence, numbers, times, names, words.

use asgsim::UtcOffset;
use asgsim::api::read::{CivilTime, civil, integer, name, one_of, text, unsigned};

use super::{parameters, told};

#[test]
fn s_059_required_parameters_must_be_there() {
    let missing = "4000 (100000) parameter a is missing";
    for (form, expected) in [
        ("a=1", "\"1\""),
        ("a= ", "\" \""),
        ("b=1", missing),
        ("a=", missing),
        ("a", missing),
        ("A=1", missing),
        ("a=&a=1", "\"1\""),
        ("a=1&a=2", "4000 (100000) parameter a is there more than once"),
        ("a=1&a=1", "4000 (100000) parameter a is there more than once"),
    ] {
        assert_eq!(told(parameters(form).required("a", text)), expected, "{form}");
    }
}

#[test]
fn s_056_other_parameters_are_ignored() {
    let parameters = parameters("RequestClient=SDK&Version=&a.b=1&a=x&nobody=asks");
    assert_eq!(parameters.optional("a", text), Ok(Some("x")));
    assert_eq!(parameters.optional("b", text), Ok(None));
    // An underscore is a dot, in names only.
    assert_eq!(parameters.optional("a.b", text), Ok(Some("1")));
    assert_eq!(super::parameters("a_b=1_2").optional("a.b", text), Ok(Some("1_2")));
}

#[test]
fn s_093_whole_numbers() {
    let number = |text: &str| integer(-30..=30)(text).map_err(|fault| fault.to_string());
    for (text, expected) in [
        ("0", 0),
        ("-0", 0),
        ("30", 30),
        ("-30", -30),
        ("+5", 5),
        ("007", 7),
        (" 5 ", 5),
        ("  -5", -5),
    ] {
        assert_eq!(number(text), Ok(expected), "{text}");
    }
    assert_eq!(number("31"), Err("is 31; allowed is -30 to 30".to_owned()));
    assert_eq!(number("-31"), Err("is -31; allowed is -30 to 30".to_owned()));
    let i64_max = "9223372036854775807";
    assert_eq!(number(i64_max), Err(format!("is {i64_max}; allowed is -30 to 30")));
    for text in [
        " ",
        "1.0",
        "1e3",
        "0x1",
        "--1",
        "+-1",
        "- 1",
        "1 0",
        "1_0",
        "abc",
        "٣",
        "1\n",
        "\t1",
        "9223372036854775808",
        "-9223372036854775809",
    ] {
        assert_eq!(number(text), Err(format!("is {text:?}; expected is a whole number")), "{text}");
    }
}

#[test]
fn s_050_unsigned_numbers_have_64_bits() {
    for (text, expected) in [("0", 0), ("18446744073709551615", u64::MAX), (" 7 ", 7)] {
        assert_eq!(unsigned(text), Ok(expected), "{text}");
    }
    for text in ["18446744073709551616", "-1", "abc", "1.5", " "] {
        let expected = "expected is a whole number from 0 on, of at most 64 bits";
        assert_eq!(unsigned(text).unwrap_err().to_string(), format!("is {text:?}; {expected}"));
    }
}

/// The instant in UTC, read at `offset`.
#[track_caller]
fn check_time(offset: &str, text: &str, expected: &str) {
    let offset = UtcOffset::parse(offset).unwrap();
    let told = match civil(offset)(text) {
        Ok(CivilTime::At(at)) => at.format_civil(UtcOffset::UTC),
        Ok(CivilTime::Unset) => "unset".to_owned(),
        Err(fault) => fault.to_string(),
    };
    assert_eq!(told, expected, "{text}");
}

#[test]
fn times_are_civil_at_an_offset() {
    check_time("+08:00", "2016-03-16 12:00:00", "2016-03-16 04:00:00");
    check_time("+00:00", "2016-03-16 12:00:00", "2016-03-16 12:00:00");
    check_time("-05:30", "2016-12-31 23:59:59", "2017-01-01 05:29:59");
    check_time("+08:00", "2016-02-29 00:00:00", "2016-02-28 16:00:00");
    check_time("+08:00", " 2016-03-16 12: 00:  00 ", "2016-03-16 04:00:00");
    check_time("+08:00", "0000-00-00 00:00:00", "unset");
    check_time("+08:00", "0000-00-00 00: 00: 00", "unset");
}

#[test]
fn other_times_are_malformed() {
    for text in [
        "2016-02-30 00:00:00",
        "2015-02-29 00:00:00",
        "2016-13-01 00:00:00",
        "2016-00-10 00:00:00",
        "2016-03-16 24:00:00",
        "2016-03-16 12:60:00",
        "2016-03-16 23:59:60",
        "2016-03-16 12:00",
        "2016-03-16",
        "2016-3-16 12:00:00",
        "2016-03-16 1:00:00",
        "2016-03-16T12:00:00",
        "2016/03/16 12:00:00",
        "2016-03-16  12:00:00",
        "2016-03-16 12 :00:00",
        "2016-03-16 12:00:00Z",
        "16-03-16 12:00:00",
        "+2016-03-16 12:00:00",
        "0000-00-00",
        "1458100800",
        "noon",
        " ",
    ] {
        let expected = format!("is {text:?}; expected is a time, YYYY-MM-DD hh:mm:ss");
        check_time("+08:00", text, &expected);
    }
}

#[test]
fn times_are_written_as_they_are_read() {
    for text in ["2016-03-16 12:00:00", "0000-00-00 00:00:00", "9999-12-31 23:59:59"] {
        let time = civil(UtcOffset::BEIJING)(text).unwrap();
        assert_eq!(time.format(UtcOffset::BEIJING), text);
    }
}

#[test]
fn names_have_1_to_60_characters() {
    let sixty = "组".repeat(60);
    for good in ["a", " ", "a b", "名", sixty.as_str()] {
        assert_eq!(name(good), Ok(good));
    }
    let expected = "expected is a name of 1 to 60 characters, none of them a control character";
    let long = "x".repeat(61);
    // A message repeats no more than the head.
    let told = name(&long).unwrap_err().to_string();
    assert_eq!(told, format!("is {:?}; {expected}", "x".repeat(60)));
    for bad in ["a\nb", "\u{7f}", "\0"] {
        assert_eq!(name(bad).unwrap_err().to_string(), format!("is {bad:?}; {expected}"));
    }
}

#[test]
fn words_of_a_table_are_spelled_exactly() {
    let read = one_of(&[("Greater", 1), ("Less", 2)], "Greater or Less");
    assert_eq!((read("Greater"), read("Less")), (Ok(1), Ok(2)));
    for bad in ["greater", "Less ", ">", "GreaterLess"] {
        let expected = format!("is {bad:?}; expected is Greater or Less");
        assert_eq!(read(bad).unwrap_err().to_string(), expected);
    }
}
