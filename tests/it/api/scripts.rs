//! Conversations with the service: `tests/scripts/*.txt`.
//!
//! A block is a note, lines that are said, `----`, and what comes of them, up to an empty line.
//! Said can be:
//!
//! ```text
//! web = CreateScalingGroup scalingGroupName=web&…       the answer's id has a name from now on
//! DescribeScalingGroup scalingGroupIds.0={web} > minSize maxSize     only these fields
//! advance 60                                            seconds pass
//! load {web} cpu 90                                     the metric of a group stands at a value
//! first = instance {web} 1                              an instance of a group, by its place
//! messages {web}                                        how many have been sent
//! balancer lb-1                                         a load balancer of the account
//! ```
//!
//! `UPDATE_EXPECT=1` writes what came instead of what was there: read it before it is committed.

use asgsim::Micro;
use asgsim::api::{Resource, ResourceKind};
use asgsim::engine::command::Command;
use asgsim::model::policy::Dimension;
use asgsim::model::record::Record;
use expect_test::{ExpectFile, expect_file};
use serde_json::Value;

use super::furnished::Furnished;
use super::service::Service;
use crate::tidy::source::read;

/// A service to talk to, and the names of what it made.
struct Talk(Furnished);

impl Talk {
    /// The text of the file as it comes out.
    fn replay(&mut self, text: &str) -> String {
        let mut out = String::new();
        for block in text.trim_end().split("\n\n") {
            let said = block.split_once("\n----").map_or(block, |(said, _)| said);
            let lines = || said.lines().filter(|line| !line.starts_with('#'));
            let replies = lines().map(|line| self.say(line)).filter(|reply| !reply.is_empty());
            let replies: Vec<String> = replies.collect();
            out += said;
            if lines().next().is_some() {
                out += &format!("\n----\n{}", replies.join("\n"));
            }
            out = out.trim_end().to_owned() + "\n\n";
        }
        out.trim_end().to_owned() + "\n"
    }

    fn say(&mut self, line: &str) -> String {
        let (name, said) = line.split_once(" = ").map_or((None, line), |(n, said)| (Some(n), said));
        let said = self.0.filled(said);
        let words: Vec<&str> = said.split(' ').collect();
        let service = &mut self.0.service;
        let reply = match words.as_slice() {
            ["advance", seconds] => {
                service.advance(seconds.parse().unwrap());
                String::new()
            }
            ["load", group, "cpu", value] => {
                let value = Some(Micro::from_int(value.parse().unwrap()));
                let metric = Some(Dimension::CpuUsage);
                service.command(group, &Command::SetLoad { metric, value, length: None });
                String::new()
            }
            ["instance", group, place] => {
                let place: usize = place.parse().unwrap();
                service.instances(group)[place - 1].clone()
            }
            ["messages", group] => {
                let group = service.engine.group(service.index(group)).unwrap();
                let sent = group.log().entries();
                sent.filter(|entry| matches!(entry.record, Record::Notified(_))).count().to_string()
            }
            ["balancer", id] => {
                service.api.inventory.add(ResourceKind::LoadBalancer, id, Resource::default());
                String::new()
            }
            _ => {
                let (call, fields) = said.split_once(" > ").unwrap_or((&said, ""));
                let (action, form) = call.split_once(' ').unwrap_or((call, ""));
                told(&service.call(action, form), fields)
            }
        };
        if let Some(name) = name {
            let id = reply.split('"').rfind(|part| part.contains('-')).unwrap_or(&reply);
            self.0.ids.insert(String::leak(name.to_owned()), id.to_owned());
        }
        self.0.ids.iter().fold(reply, |reply, (name, id)| reply.replace(id, &format!("{{{name}}}")))
    }
}

/// An answer in lines: of a list, its length, and some fields of each entry.
fn told(body: &Value, fields: &str) -> String {
    if body["code"] != 0 {
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        return format!("{} {}: {}", body["code"], text("codeDesc"), text("message"));
    }
    let Some(data) = body.get("data") else { return String::from("Success") };
    if fields.is_empty() {
        return format!("Success {data}");
    }
    let list = data.as_object().unwrap().values().find_map(Value::as_array).unwrap();
    let shown = list.iter().map(|entry| {
        let of = |field: &str| format!("{field} {}", entry[field]);
        fields.split(' ').map(of).collect::<Vec<_>>().join(", ")
    });
    let head = std::iter::once(format!("{} in all", data["totalCount"]));
    head.chain(shown).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(name: &str, expected: &ExpectFile) {
    let text = read(&format!("tests/scripts/{name}.txt"));
    let ids = std::collections::BTreeMap::new();
    let mut talk = Talk(Furnished { service: Service::new(), ids });
    expected.assert_eq(&talk.replay(&text));
}

/// S-008 to S-010, S-275, S-279, S-280, S-302, S-375: from nothing to a group that scales.
#[test]
fn s_010_first_steps() {
    check("first_steps", &expect_file!["../../scripts/first_steps.txt"]);
}

/// S-210, S-263 to S-265, S-268, S-373: templates, and what was made from them.
#[test]
fn s_264_configurations() {
    check("configurations", &expect_file!["../../scripts/configurations.txt"]);
}

/// S-319, S-369, S-388, S-400, S-466, S-486: who comes and who goes.
#[test]
fn s_319_members() {
    check("members", &expect_file!["../../scripts/members.txt"]);
}

/// S-578, S-579, S-603, S-612, S-646, S-653, S-682: rules and their alarms.
#[test]
fn s_646_policies() {
    check("policies", &expect_file!["../../scripts/policies.txt"]);
}

/// S-747, S-748, S-758, S-762 to S-764, S-772: tasks, repeated or not.
#[test]
fn s_747_tasks() {
    check("tasks", &expect_file!["../../scripts/tasks.txt"]);
}

/// S-026, S-027, S-029 to S-031, S-780, S-800, S-839, S-871: an instance waits for somebody.
#[test]
fn s_030_hooks() {
    check("hooks", &expect_file!["../../scripts/hooks.txt"]);
}

/// S-966, S-982: who is told of what.
#[test]
fn s_966_notifications() {
    check("notifications", &expect_file!["../../scripts/notifications.txt"]);
}

/// S-556, S-557, S-559: what goes with a group, and what stays.
#[test]
fn s_556_deletions() {
    check("deletions", &expect_file!["../../scripts/deletions.txt"]);
}
