//! Arrays and objects in parameters.

use asgsim::api::parameters::LIST_MAX;
use asgsim::api::read::{integer, text};

use super::{parameters, told};

/// The entries of the list `ids`, of which five are allowed.
#[track_caller]
fn check(form: &str, expected: &str) {
    let parameters = parameters(form);
    let list = parameters.list("ids", 5, text);
    let list = list.map(|list| list.join(" ")).map_err(|error| error.to_string());
    assert_eq!(list.unwrap_or_else(|error| error), expected, "{form}");
}

#[test]
fn s_057_an_array_is_numbered_names() {
    check("ids.0=a&ids.1=b", "a b");
    check("ids_0=a&ids_1=b", "a b");
    check("ids.1=b&ids_0=a", "a b");
    check("ids=a", "a");
    check("ids.0=b&ids=a", "a b");
    check("", "");
}

#[test]
fn s_058_numbers_may_begin_anywhere() {
    check("ids.1=a&ids.2=b", "a b");
    check("ids.7=b&ids.3=a", "a b");
    check("ids.10=b&ids.9=a", "a b");
    check("ids.007=b&ids.6=a", "a b");
    check("ids.18446744073709551616=b&ids.18446744073709551614=a", "a b");
}

#[test]
fn s_058_other_names_are_no_entries() {
    check("ids.a=x&ids.=x&ids.-1=x&ids.+1=x&ids.1.2=x&ids.0x=x&ids0=x&IDS.0=x&id.0=x", "");
    check("ids.n=x&ids. 1=x&idss.0=x", "");
}

#[test]
fn s_062_repetitions_and_empty_entries_do_not_count() {
    check("ids.0=a&ids.1=a", "a");
    check("ids.0=a&ids.0=b", "a b");
    check("ids.0=&ids.1=b", "b");
    check("ids.0=&ids.1=", "");
    check("ids.0=a&ids.1=b&ids.2=c&ids.3=d&ids.4=e", "a b c d e");
    check("ids.0=a&ids.1=b&ids.2=c&ids.3=d&ids.4=e&ids.5=a&ids.6=", "a b c d e");
    let six = "ids.0=a&ids.1=b&ids.2=c&ids.3=d&ids.4=e&ids.5=f";
    check(six, "parameter ids has 6 entries; allowed are 5");
}

#[test]
fn lists_without_a_printed_maximum_take_a_hundred() {
    let form = |count: usize| (0..count).map(|i| format!("ids.{i}=v{i}&")).collect::<String>();
    assert_eq!(parameters(&form(100)).list("ids", LIST_MAX, text).unwrap().len(), 100);
    let told = told(parameters(&form(101)).list("ids", LIST_MAX, text));
    assert_eq!(told, "4000 (100000) parameter ids has 101 entries; allowed are 100");
}

#[test]
fn a_bad_entry_is_named() {
    let numbers = |form: &str| told(parameters(form).list("types", 6, integer(1..=6)));
    assert_eq!(numbers("types.0=1&types.1=06&types.2=+6"), "[1, 6]");
    let range = "4000 (100000) parameter types.1 is 7; allowed is 1 to 6";
    assert_eq!(numbers("types.0=1&types_1=7"), range);
    let form = "4000 (100000) parameter types is \"x\"; expected is a whole number";
    assert_eq!(numbers("types=x"), form);
    // A message does not grow with the name.
    let long = numbers(&format!("types.{}=7", "0".repeat(1000)));
    let head = format!("types.{}", "0".repeat(54));
    assert_eq!(long, format!("4000 (100000) parameter {head} is 7; allowed is 1 to 6"));
}

/// Members of the object `metric`: its threshold and its operator.
#[track_caller]
fn check_metric(form: &str, expected: &str) {
    let parameters = parameters(form);
    let metric = match parameters.members("metric") {
        Ok(Some(metric)) => metric,
        Ok(None) => return assert_eq!("none", expected, "{form}"),
        Err(error) => return assert_eq!(error.to_string(), expected, "{form}"),
    };
    let threshold = metric.optional("threshold", integer(0..=100));
    let operator = metric.optional("comparisonOperator", text);
    let line = match (threshold, operator) {
        (Ok(threshold), Ok(operator)) => format!("{threshold:?} {operator:?}"),
        (Err(error), _) | (_, Err(error)) => error.to_string(),
    };
    assert_eq!(line, expected, "{form}");
}

#[test]
fn an_object_comes_as_text_or_by_members() {
    let both = "Some(50) Some(\"Less\")";
    check_metric(r#"metric={"threshold":50,"comparisonOperator":"Less"}"#, both);
    check_metric(r#"metric={"threshold":"50","comparisonOperator":"Less"}"#, both);
    check_metric("metric.threshold=50&metric.comparisonOperator=Less", both);
    check_metric("metric_threshold=50&metric_comparisonOperator=Less", both);
    check_metric("metric={\"threshold\":50}&metric.comparisonOperator=Less", both);
    check_metric("", "none");
    check_metric("metric=", "none");
    check_metric("metric={}", "none");
    check_metric("metric.threshold=", "none");
    check_metric("metric={\"threshold\":null}", "none");
    check_metric("Metric.threshold=50&metricthreshold=50", "none");
}

#[test]
fn members_are_found_without_regard_to_case() {
    check_metric(
        r#"metric={"Threshold":50,"COMPARISONOPERATOR":"Less"}"#,
        "Some(50) Some(\"Less\")",
    );
    check_metric("metric.Threshold=50", "Some(50) None");
    let twice = "parameter metric.threshold is there more than once";
    check_metric("metric.Threshold=50&metric.threshold=60", twice);
    check_metric(r#"metric={"Threshold":50,"threshold":60}"#, twice);
}

#[test]
fn a_bad_object_or_member_is_named() {
    let text = |found: &str| {
        format!("parameter metric is {found:?}; expected is a JSON object of numbers and strings")
    };
    for found in ["x", "[1]", "7", "{\"threshold\":[5]}", "{\"a\":{}}", "{\"a\":true}", "{", " "] {
        check_metric(&format!("metric={found}"), &text(found));
    }
    check_metric("metric.threshold=101", "parameter metric.threshold is 101; allowed is 0 to 100");
    let form = "parameter metric.threshold is \"50.0\"; expected is a whole number";
    check_metric("metric={\"threshold\":50.0}", form);
    let deep = "[".repeat(5000);
    let head: String = "[".repeat(60);
    check_metric(&format!("metric={deep}"), &text(&head));
}
