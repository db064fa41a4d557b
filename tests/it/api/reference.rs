//! Every action against the table of facts: what it takes, what it answers, what it refuses.

use std::collections::BTreeMap;

use asgsim::api::Action;
use serde_json::Value;

use super::facts::{Page, Parameter, pages, sentences};
use super::furnished::{Furnished, good};
use crate::sentences::checklist;

/// A form without a parameter.
fn without(form: &str, name: &str) -> String {
    let is_it = |pair: &&str| {
        let sent = pair.split_once('=').map_or(*pair, |(sent, _)| sent);
        sent.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    form.split('&').filter(|pair| !is_it(pair)).collect::<Vec<_>>().join("&")
}

/// A form with another value of a parameter.
fn with(form: &str, parameter: &Parameter, value: &str) -> String {
    let entry = if parameter.kind == "list" { ".0" } else { "" };
    format!("{}&{}{entry}={value}", without(form, parameter.name), parameter.name)
}

/// Calls every action with every one of its parameters.
fn each(mut check: impl FnMut(&Furnished, &Page, &Parameter, &str)) {
    let furnished = Furnished::new();
    for page in pages() {
        for parameter in &page.parameters {
            check(&furnished, &page, parameter, good(page.action));
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_i64() || number.is_u64() => "int",
        Value::Number(_) => "float",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// What `data` of a success is, as the table of facts says it.
pub fn data_of(body: &Value) -> &'static str {
    body.get("data").map_or("none", |data| match data {
        Value::Array(list) if list.is_empty() => "[]",
        other => kind_of(other),
    })
}

/// The types of all fields of a value, by path.
pub fn fields_of(value: &Value, path: &str, found: &mut BTreeMap<String, Vec<&'static str>>) {
    // An entry that is an object is told by its members.
    let is_told_below = path.ends_with("[]") && value.is_object();
    if !path.is_empty() && !is_told_below {
        let kinds = found.entry(path.to_owned()).or_default();
        if !kinds.contains(&kind_of(value)) {
            kinds.push(kind_of(value));
        }
    }
    match value {
        Value::Object(members) => {
            let dot = if path.is_empty() { "" } else { "." };
            for (name, member) in members {
                fields_of(member, &format!("{path}{dot}{name}"), found);
            }
        }
        Value::Array(entries) => {
            entries.iter().for_each(|entry| fields_of(entry, &format!("{path}[]"), found));
        }
        _ => {}
    }
}

/// The numbers of the table of facts are those of the checklist.
#[test]
fn rows_cite_the_sentences_that_they_hold() {
    let Some(checklist) = checklist() else { return };
    let (mut page, mut pages) = ("", 0);
    for sentence in sentences() {
        let number = sentence.number;
        let (section, text) = &checklist[&number];
        let is_said = |form: &str| text.starts_with(&form.replace('?', sentence.subject));
        let is_said = sentence.form.split('|').any(is_said);
        assert!(
            is_said,
            "S-{number:03} is {text:?}, not {:?} of {}",
            sentence.form, sentence.subject
        );
        // Rows of one action cite one page.
        if sentence.form.starts_with("Action=") {
            page = section;
            pages += 1;
        }
        assert_eq!(section, page, "S-{number:03} is of another page");
    }
    assert_eq!(pages, Action::ALL.len());
}

/// Of every page: the action, its data, and each field below it. S-079, S-089.
#[test]
fn s_145_every_action_answers_what_its_page_shows() {
    let furnished = Furnished::new();
    for page in pages() {
        let Page { action, data, fields, .. } = &page;
        let mut service = furnished.service.clone();
        let mut body = service.call(action.name(), &furnished.filled(good(*action)));
        assert_eq!(body["codeDesc"], "Success", "{action}: {body}");
        assert_eq!((&body["code"], &body["message"]), (&0.into(), &"".into()), "{body}");
        assert_eq!(data_of(&body), *data, "{action}: {body}");
        starts_as_an_id(*action, &body["data"]);
        // What has many forms is shown in all of them.
        if *action == Action::DescribeScalingActivity {
            body = with_a_failure(&furnished);
        }
        let mut found = BTreeMap::new();
        fields_of(&body["data"], "", &mut found);
        let found: BTreeMap<_, _> =
            found.iter().map(|(path, kinds)| (path.as_str(), kinds.join("|"))).collect();
        let expected: BTreeMap<_, _> =
            fields.iter().map(|(path, kind)| (*path, (*kind).to_owned())).collect();
        assert_eq!(found, expected, "{action}");
    }
}

/// What a creation answers: one id, of its kind.
fn starts_as_an_id(action: Action, data: &Value) {
    let (field, head) = match action {
        Action::CreateScalingConfiguration => ("scalingConfigurationIdSet", "asc-"),
        Action::CreateScalingGroup => ("scalingGroupIdSet", "asg-"),
        Action::AttachInstance | Action::DetachInstance => ("scalingActivityId", "asa-"),
        Action::CreateScalingPolicy => ("scalingPolicyIdSet", "asp-"),
        Action::CreateScheduledTask => ("scalingScheduleTaskId", "asst-"),
        Action::CreateLifecycleHook => ("lifeCycleHookId", "lfh-"),
        Action::CreateScalingNotification => ("notificationId", "asn-"),
        _ => return,
    };
    let id = data[field].as_str().or_else(|| {
        assert_eq!(data[field].as_array().map(Vec::len), Some(1), "{action}: {data}");
        data[field][0].as_str()
    });
    assert!(id.unwrap().starts_with(head), "{action}: {data}");
}

/// The activities of a group one of whose launches was refused by a hook.
fn with_a_failure(furnished: &Furnished) -> Value {
    let mut service = furnished.service.clone();
    let refuse = "scalingGroupId={held}&lifeCycleHookId={holder}&scalingInstanceId={waits}&lifeCycleHookResult=1";
    service.done("CompleteLifecycleHookAction", &furnished.filled(refuse));
    service.advance(20);
    // The list of one group, with those of another.
    let mut body =
        service.call("DescribeScalingActivity", &furnished.filled("scalingGroupId={asg}"));
    let other = service.call("DescribeScalingActivity", &furnished.filled("scalingGroupId={held}"));
    let set = body["data"]["scalingActivitySet"].as_array_mut().unwrap();
    set.extend(other["data"]["scalingActivitySet"].as_array().unwrap().iter().cloned());
    body
}

/// Of every required parameter: the sentence of its row.
#[test]
fn s_161_a_required_parameter_that_is_missing_is_named() {
    each(|furnished, page, parameter, form| {
        if !parameter.is_required {
            return;
        }
        for form in [without(form, parameter.name), with(form, parameter, "")] {
            let told = furnished.told(page.action.name(), &form);
            let names = told.contains(&format!("parameter {} is missing", parameter.name));
            // A list of nothing but empty entries is another mistake.
            let is_empty_list = told.contains("InvalidParameter.NotifyPara");
            assert!(told.starts_with("4000 ") && (names || is_empty_list), "{form}: {told}");
        }
    });
}

/// Of every other parameter: the sentence of its row.
#[test]
fn s_179_an_optional_parameter_can_be_left_out() {
    each(|furnished, page, parameter, form| {
        if parameter.is_required || parameter.is_conditional || parameter.name == "metric" {
            return;
        }
        let action = page.action.name();
        assert_eq!(
            furnished.code(action, &without(form, parameter.name)),
            "Success",
            "{action} {parameter:?}"
        );
        assert_eq!(
            furnished.code(action, &with(form, parameter, "")),
            "Success",
            "{action} {parameter:?}"
        );
    });
    // Those that go with another: S-293, S-296, S-705, S-707, S-755, S-759.
    let furnished = Furnished::new();
    let task = without(&without(good(Action::CreateScheduledTask), "endTime"), "recurrence");
    let change = without(&without(good(Action::ModifyScheduledTask), "endTime"), "recurrence");
    furnished.check(&format!(
        "Success | CreateScheduledTask {task}
         Success | ModifyScheduledTask {change}
         Success | CreateScalingGroup scalingConfigurationId={{asc}}&scalingGroupName=new&minSize=0&maxSize=1&removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=1
         Success | CreateScalingGroup scalingConfigurationId={{asc}}&scalingGroupName=new&minSize=0&maxSize=1&removePolicy=RemoveOldestInstance&vpcId=v&subnetIds.0=1"
    ));
}

/// Of every number and time: the sentence of its row.
#[test]
fn s_163_a_text_is_no_number_and_no_time() {
    each(|furnished, page, parameter, form| {
        if !["int", "time"].contains(&parameter.kind) {
            return;
        }
        for value in ["some", "1.5", "1e3", "0x1", "99999999999999999999"] {
            let form = with(form, parameter, value);
            let told = furnished.told(page.action.name(), &form);
            assert!(told.starts_with("4000 "), "{form}: {told}");
            assert!(told.contains(&format!("parameter {}", parameter.name)), "{form}: {told}");
        }
    });
}

/// Of every row with values.
#[test]
fn s_166_a_choice_takes_each_of_its_values_and_no_other() {
    each(|furnished, page, parameter, form| {
        let action = page.action.name();
        let Some(other) = parameter.other else { return };
        // A snapshot needs a cloud disk; that is another matter.
        let disk = without(form, "dataSnapshotId");
        let form = if parameter.name == "storageType" { &disk } else { form };
        for value in &parameter.values {
            assert_eq!(
                furnished.code(action, &with(form, parameter, value)),
                "Success",
                "{action} {parameter:?} {value}"
            );
        }
        let is_number = parameter.kind == "int"
            || parameter.name == "cvmType"
            || parameter.name == "notificationTypes";
        for value in if is_number { ["-1", "7"] } else { ["Other", "auto"] } {
            assert_eq!(
                furnished.code(action, &with(form, parameter, value)),
                other,
                "{action} {parameter:?} {value}"
            );
        }
    });
}

/// Of every row with a code for what is not there.
#[test]
fn s_267_an_id_of_nothing_is_told_by_its_code() {
    each(|furnished, page, parameter, form| {
        let Some(unknown) = parameter.unknown else { return };
        let action = page.action.name();
        for id in ["none", "asg-00000000", "asp-zzzzzzzz", "{asn}x", "组"] {
            assert_eq!(
                furnished.code(action, &with(form, parameter, id)),
                unknown,
                "{action} {parameter:?} {id}"
            );
        }
    });
    // What is another region's, or another account's, is nobody's here.
    let furnished = Furnished::new();
    for page in pages() {
        let first = page.parameters.iter().filter(|p| p.is_required).find_map(|p| p.unknown);
        let form = format!("Region=sh&{}", good(page.action));
        let expected = match (page.action, first) {
            (Action::ModifyScheduledTask, _) => "InvalidScheduledTask.NotExist",
            (_, Some(unknown)) => unknown,
            (_, None) => "Success",
        };
        assert_eq!(furnished.code(page.action.name(), &form), expected, "{}", page.action);
    }
}

/// Of every list with a largest size.
#[test]
fn s_225_a_list_takes_no_more_than_its_most() {
    each(|furnished, page, parameter, form| {
        let Some(max) = parameter.max else { return };
        let action = page.action.name();
        let rest = without(form, parameter.name);
        let filled = |count: usize| {
            let entries = (1..=count).map(|n| format!("&{}.{n}=ins-machine{n}", parameter.name));
            format!("{rest}{}", entries.collect::<String>())
        };
        let told = furnished.told(action, &filled(max));
        // Twenty machines do not fit into the group; that is another matter.
        assert!(!told.contains("entries"), "{told}");
        let told = furnished.told(action, &filled(max + 1));
        let expected =
            format!("4000 InvalidParameter (100000) parameter {} has 21 entries", parameter.name);
        assert!(told.starts_with(&expected), "{told}");
        // Twice the same is once.
        let twice = format!("{}&{}.0=ins-machine1", filled(max), parameter.name);
        assert!(!furnished.told(action, &twice).contains("entries"), "{twice}");
    });
}

/// Of every row with a default.
#[test]
fn s_180_a_default_is_what_the_page_says() {
    each(|furnished, page, parameter, form| {
        let Some(default) = parameter.default else { return };
        let action = page.action;
        let seen = |form: String| {
            let mut service = furnished.service.clone();
            service.done(action.name(), &furnished.filled(&form));
            service.engine.settle().unwrap();
            // Whatever can be read afterwards.
            let all = [
                service.done("DescribeScalingConfiguration", "limit=100").to_string(),
                service.done("DescribeScalingGroup", "limit=100").to_string(),
                service
                    .done("DescribeScalingPolicy", &furnished.filled("scalingGroupId={asg}"))
                    .to_string(),
                service.done("DescribeLifecycleHook", "limit=100").to_string(),
                format!("{:?}", service.engine.machines().count()),
            ];
            all.join("\n")
        };
        let (unsaid, said) = (without(form, parameter.name), with(form, parameter, default));
        assert_eq!(seen(unsaid), seen(said), "{action} {parameter:?}");
    });
}
