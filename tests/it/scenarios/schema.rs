//! The schema says what the reader reads.

use std::collections::BTreeSet;
use std::path::Path;

use asgsim::scenario::schema::schema;
use serde_json::Value;

use super::file;

/// Every place of a schema that lists properties.
fn objects<'a>(path: &str, at: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match at {
        Value::Object(map) => {
            if map.get("properties").is_some_and(Value::is_object) {
                found.push((path.to_owned(), at));
            }
            map.iter().for_each(|(key, value)| objects(&format!("{path}/{key}"), value, found));
        }
        Value::Array(items) => {
            (0..).zip(items).for_each(|(i, item)| objects(&format!("{path}/{i}"), item, found));
        }
        _ => {}
    }
}

fn keys(object: &Value) -> BTreeSet<String> {
    object["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_property_is_described() {
    let schema = schema();
    let mut found = Vec::new();
    objects("", &schema, &mut found);
    assert!(found.len() > 20);
    let mut bare = Vec::new();
    for (path, object) in found {
        for (name, property) in object["properties"].as_object().unwrap() {
            let words = property["description"].as_str().unwrap_or_default();
            if words.trim().is_empty() {
                bare.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(bare.is_empty(), "without a description:\n{}", bare.join("\n"));
}

/// Every table but those of `[[at]]`, and a scenario with an unknown key in it.
const TABLES: [(&str, &str); 29] = [
    ("", "zzz = 1"),
    ("/$defs/SemanticsTable", "[semantics]\nzzz = 1"),
    ("/$defs/LatencyTable", "[latency]\nzzz = 1"),
    ("/$defs/CostTable", "[cost]\nzzz = 1"),
    ("/$defs/SloTable", "[slo]\nzzz = 1"),
    ("/$defs/LimitsTable", "[limits]\nzzz = 1"),
    ("/$defs/FaultsTable", "[faults]\nzzz = 1"),
    ("/$defs/AccountTable", "[account]\nzzz = 1"),
    ("/$defs/TraceTable", "[trace.a]\nzzz = 1"),
    ("/$defs/SynthTable", "[trace.a.synth]\nzzz = 1"),
    ("/$defs/SpikeTable", "[[trace.a.synth.spikes]]\nzzz = 1"),
    ("/$defs/ConfigurationTable", "[[configuration]]\nzzz = 1"),
    ("/$defs/MachineTable", "[[machine]]\nzzz = 1"),
    ("/$defs/GroupTable", "[[group]]\nzzz = 1"),
    ("/$defs/LoadTable", "[[group]]\n[group.load]\nzzz = 1"),
    ("/$defs/PolicyTable", "[[group]]\n[[group.policy]]\nzzz = 1"),
    ("/$defs/MetricTable", "[[group]]\n[[group.policy]]\nmetric = { zzz = 1 }"),
    ("/$defs/AdjustmentTable", "[[group]]\n[[group.policy]]\nadjustment = { zzz = 1 }"),
    ("/$defs/TaskTable", "[[group]]\n[[group.scheduled_task]]\nzzz = 1"),
    ("/$defs/HookTable", "[[group]]\n[[group.hook]]\nzzz = 1"),
    ("/$defs/AnswerTable", "[[group]]\n[[group.hook]]\nanswer = { zzz = 1 }"),
    ("/$defs/NotificationTable", "[[group]]\n[[group.notification]]\nzzz = 1"),
    ("/$defs/MetricChange", "[[at]]\ndo = \"modify_policy\"\nmetric = { zzz = 1 }"),
    ("/$defs/AdjustmentChange", "[[at]]\ndo = \"modify_policy\"\nadjustment = { zzz = 1 }"),
    ("/$defs/ExpectTable", "[[expect]]\nzzz = 1"),
    ("/$defs/AtMostTable", "[[expect]]\nat_most = { zzz = 1 }"),
    ("/$defs/AtTable/oneOf/0", "[[at]]\ndo = \"set_capacity\"\nzzz = 1"),
    ("/$defs/LintTable", "[lint]\nzzz = 1"),
    ("/$defs/AllowTable", "[[lint.allow]]\nzzz = 1"),
];

/// All kinds of `[[at]]`, in the order of the schema.
fn kinds(schema: &Value) -> Vec<String> {
    let kinds = schema.pointer("/$defs/AtTable/oneOf").and_then(Value::as_array).unwrap();
    kinds.iter().map(|k| k["properties"]["do"]["const"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_reader_knows_the_kinds_of_the_schema() {
    let kinds = kinds(&schema());
    let error = file("[[at]]\ndo = \"x\"", &[]).unwrap_err();
    let known = error.split_once("(known: ").expect(&error).1.trim_end_matches(')');
    assert_eq!(known, kinds.join(", "));
    assert_eq!(kinds.len(), 33);
}

#[test]
fn the_reader_knows_the_keys_of_the_schema() {
    let schema = schema();
    let kinds = kinds(&schema).into_iter().enumerate().skip(1).map(|(i, kind)| {
        (format!("/$defs/AtTable/oneOf/{i}"), format!("[[at]]\ndo = \"{kind}\"\nzzz = 1"))
    });
    let tables = TABLES.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let tables: Vec<(String, String)> = tables.into_iter().chain(kinds).collect();
    for (path, text) in &tables {
        let error = file(text, &[]).unwrap_err();
        let known = error.split_once("(known: ").expect(&error).1.trim_end_matches(')');
        let mut known: BTreeSet<String> = known.split(", ").map(str::to_owned).collect();
        if path.contains("AtTable") {
            // What chooses the kind of command is read before the rest.
            known.insert("do".to_owned());
        }
        assert_eq!(known, keys(schema.pointer(path).expect(path)), "{path}");
    }
    let mut found = Vec::new();
    objects("", &schema, &mut found);
    let small = |path: &&String| !path.contains("/anyOf/");
    let found: BTreeSet<&String> = found.iter().map(|(path, _)| path).filter(small).collect();
    let listed: BTreeSet<&String> = tables.iter().map(|(path, _)| path).collect();
    assert_eq!(found, listed, "a table has no row here");
}

/// Holds a value's keys against a schema; values themselves are the reader's to judge.
fn unknown(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect(reference);
        return unknown(root, target, value, path, found);
    }
    for several in ["anyOf", "oneOf", "allOf"] {
        if let Some(options) = schema[several].as_array() {
            let attempts = options.iter().map(|option| {
                let mut faults = Vec::new();
                unknown(root, option, value, path, &mut faults);
                faults
            });
            found.extend(attempts.min_by_key(Vec::len).unwrap_or_default());
            return;
        }
    }
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let path = format!("{path}.{key}");
                let known = schema["properties"].get(key);
                match known.or_else(|| schema.get("additionalProperties")) {
                    Some(Value::Bool(_)) | None => found.push(path),
                    Some(known) => unknown(root, known, inner, &path, found),
                }
            }
        }
        Value::Array(items) => {
            items.iter().for_each(|item| unknown(root, &schema["items"], item, path, found));
        }
        _ => {}
    }
}

#[test]
fn shipped_scenarios_follow_the_schema() {
    let root = schema();
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap()
    {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            let value: Value = toml::from_str(&text).unwrap();
            unknown(&root, &root, &value, "", &mut faults);
        }
    }
    assert_eq!(faults, [""; 0]);
    // The check itself finds what is wrong.
    let odd: Value = toml::from_str("[[group]]\nmim = 1\n[trace.a]\nx = 1").unwrap();
    unknown(&root, &root, &odd, "", &mut faults);
    assert_eq!(faults, [".group.mim", ".trace.a.x"]);
}
