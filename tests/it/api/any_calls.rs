//! Promises about every call of every action, held against random ones.

use std::sync::LazyLock;

use asgsim::api::error_kind::ErrorKind;
use asgsim::api::request::{Method, PATH};
use asgsim::api::{Action, Request};
use proptest::prelude::*;
use serde_json::Value;

use super::facts::pages;
use super::furnished::{Furnished, good};
use super::{HOST, NOW_S};

static FURNISHED: LazyLock<Furnished> = LazyLock::new(Furnished::new);

/// Names of parameters of all actions.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of = |parameter: super::facts::Parameter| {
        let entry = if parameter.kind == "list" { ".0" } else { "" };
        format!("{}{entry}", parameter.name)
    };
    pages().into_iter().flat_map(|page| page.parameters).map(of).collect()
});

fn names() -> impl Strategy<Value = String> {
    let known = || proptest::sample::select(NAMES.clone());
    prop_oneof![
        6 => known(),
        1 => (known(), "[._][0-9]{1,20}").prop_map(|(name, place)| name + &place),
        1 => Just(String::from("Region")),
        1 => any::<String>(),
    ]
}

/// Ids of what is there, numbers at the edges, times, rules, and anything else.
fn values() -> impl Strategy<Value = String> {
    let ids: Vec<String> = FURNISHED.ids.values().cloned().collect();
    let edges = ["-1", "0", "1", "2", "30", "31", "7200", "7201", "4294967295", "4294967296"];
    let edges = edges.into_iter().chain(["9223372036854775807", "18446744073709551616"]);
    prop_oneof![
        4 => proptest::sample::select(ids),
        4 => proptest::sample::select(edges.map(str::to_owned).collect::<Vec<_>>()),
        2 => "(0000|2016|9999)-0[0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]:00",
        1 => "[*] [*] ([*]|[0-9]{1,2}) ([*]|[0-9]|[*]/[0-9]) ([*]|[0-9]|mon)",
        1 => r#"\{"(threshold|dimensionName)":("?[0-9]{1,20}"?|"cpu_usage"|\[\])\}"#,
        1 => "(Auto|Healthy|RemoveOldestInstance|TotalCapacity|PayByHour|cpu_usage|Greater|sh|gz)",
        1 => any::<String>(),
    ]
}

/// A good call with some parameters left out, and others put in.
fn calls() -> impl Strategy<Value = Vec<(String, String)>> {
    let action = proptest::sample::select(Action::ALL.to_vec());
    let others = proptest::collection::vec((names(), values()), 0..6);
    (action, any::<u32>(), others).prop_map(|(action, kept, others)| {
        let form = FURNISHED.filled(good(action));
        let given = form.split('&').filter_map(|pair| pair.split_once('='));
        let given = given.enumerate().filter(|(place, _)| kept & (1 << (place % 32)) != 0);
        let given = given.map(|(_, (name, value))| (name.to_owned(), value.to_owned()));
        let mut pairs: Vec<_> = given.collect();
        pairs.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
        pairs.extend(others);
        pairs.push((String::from("Action"), action.name().to_owned()));
        pairs
    })
}

/// S-070, S-072, S-074, S-078, S-088, S-090: what holds of every body.
fn well_formed(body: &Value, is_success: bool) -> Result<(), TestCaseError> {
    let (code, message) = (body["code"].as_u64().unwrap(), body["message"].as_str().unwrap());
    let code_desc = body["codeDesc"].as_str().unwrap();
    prop_assert_eq!(is_success, code == 0);
    prop_assert_eq!(is_success, message.is_empty());
    prop_assert_eq!(is_success, code_desc == "Success");
    if is_success {
        return Ok(());
    }
    prop_assert!(body.get("data").is_none(), "{}", body);
    let kind = ErrorKind::of(code_desc).unwrap();
    prop_assert_eq!(u64::from(kind.code()), code);
    let words = message.strip_prefix(&format!("({}) ", kind.module()));
    prop_assert!(words.is_some_and(|words| !words.is_empty()), "{}", body);
    prop_assert!(message.len() < 1500 && kind != ErrorKind::InternalError, "{}", body);
    // A client knows no keys of scenario files.
    prop_assert!(!message.contains("limits."), "{}", body);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// S-070, S-072, S-074, S-078, S-088, S-090. What fails changes nothing; queries never do.
    #[test]
    fn s_070_any_calls_are_answered_in_form(
        calls in proptest::collection::vec((calls(), 0..400_i64), 1..6),
    ) {
        let mut service = FURNISHED.service.clone();
        for (pairs, seconds) in calls {
            let action = pairs.last().unwrap().1.clone();
            let request = Request::new(Method::Post, HOST, PATH, pairs).unwrap();
            let before: Vec<[u8; 32]> = digests(&service);
            let response = service.api.call(&mut service.engine, &request, NOW_S);
            let body: Value = serde_json::from_str(&response.body).unwrap();
            well_formed(&body, response.error.is_none())?;
            if response.error.is_some() || action.starts_with("Describe") {
                prop_assert_eq!(before, digests(&service), "{}", body);
            }
            service.advance(seconds);
        }
    }
}

fn digests(service: &super::service::Service) -> Vec<[u8; 32]> {
    service.engine.groups().map(|group| group.log().digest()).collect()
}
