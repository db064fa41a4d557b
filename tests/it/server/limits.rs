//! Bounds on what a client may ask for, each told clearly.

use std::io::{Read, Write};
use std::time::Duration;

use asgsim::api::request::{PARAMETERS_MAX, PATH, REQUEST_BYTES_MAX};
use asgsim::server::Limits;

use super::{Answer, House, Plan, head};

fn message(answer: &Answer) -> String {
    assert_eq!(answer.code(), 4000);
    answer.json()["message"].as_str().unwrap().to_owned()
}

#[test]
fn bodies_and_parameters_have_a_most() {
    let house = House::new();
    let form = |padding: usize| {
        let form = String::from("Action=DescribeScalingGroup&x=");
        format!("{form}{}", "a".repeat(padding - form.len()))
    };
    assert_eq!(house.post(PATH, &form(REQUEST_BYTES_MAX)).code(), 0);
    let long = house.post(PATH, &form(REQUEST_BYTES_MAX + 1));
    assert!(message(&long).ends_with("the request has 1048577 bytes; allowed are 1048576"));

    let many = |n: usize| format!("Action=DescribeScalingGroup{}", "&a=".repeat(n - 1));
    assert_eq!(house.post(PATH, &many(PARAMETERS_MAX)).code(), 0);
    let more = house.post(PATH, &many(PARAMETERS_MAX + 1));
    assert!(message(&more).ends_with("the request has 1001 parameters; allowed are 1000"));

    let ids = |n: usize| {
        let ids: String = (0..n).map(|n| format!("&scalingGroupIds.{n}=asg-{n}")).collect();
        format!("Action=DescribeScalingGroup{ids}")
    };
    assert_eq!(house.post(PATH, &ids(100)).code(), 0);
    let told = message(&house.post(PATH, &ids(101)));
    assert!(told.ends_with("scalingGroupIds has 101 entries; allowed are 100"), "{told}");
}

#[test]
fn connections_have_a_most() {
    let limits = Limits { connections: 2, ..Limits::default() };
    let house = House::with(Plan { limits, ..Plan::default() });
    let held = [house.connect(), house.connect()];
    let told = house.get("/healthz").problem();
    assert_eq!(told, "503 2 connections are open, the most this server takes");
    drop(held);
    // Places come back when their connections are gone.
    let freed = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        house.get("/healthz").status == 200
    });
    assert!(freed);
}

#[test]
fn those_who_dawdle_are_not_waited_for() {
    let short = Duration::from_millis(200);
    let limits = Limits { header_timeout: short, body_timeout: short, ..Limits::default() };
    let house = House::with(Plan { limits, ..Plan::default() });
    for begun in ["G", "GET /healthz HTTP/1.1\r\nHo"] {
        let told = house.send(begun.as_bytes()).problem();
        assert_eq!(told, "408 the head of the request was not there after 200ms");
    }
    // Who says nothing, or nothing more, expects no answer.
    let mut silent = house.connect();
    assert_eq!(silent.read(&mut [0]).unwrap(), 0);
    let mut kept = house.connect();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut all = String::new();
    kept.read_to_string(&mut all).unwrap();
    assert!(all.starts_with("HTTP/1.1 200 ") && all.ends_with("ok\n"), "{all}");
    let half = format!("{}Action=", head("POST", PATH, "Content-Length: 100\r\n"));
    let told = message(&house.send(half.as_bytes()));
    assert!(told.ends_with("the body was not there after 200ms"), "{told}");
    let half = format!("{}{{", head("POST", "/_sim/world", "Content-Length: 100\r\n"));
    assert_eq!(house.send(half.as_bytes()).problem(), "408 the body was not there after 200ms");
    assert_eq!(house.get("/healthz").status, 200);
}

#[test]
fn tables_and_heads_have_a_most() {
    let house = House::new();
    let table = |length: usize| {
        let table = r#"{"group":"web","metric":"cpu_usage","value":50}"#;
        format!("{table}{}", " ".repeat(length - table.len()))
    };
    assert_eq!(house.post("/_sim/load", &table(65_536)).status, 200);
    for path in ["/_sim/load", "/_sim/world"] {
        let told = house.post(path, &table(65_537)).problem();
        assert_eq!(told, "413 the body has 65537 bytes or more; allowed are 65536");
    }
    let deep = format!(r#"{{"do":{}"#, "[".repeat(60_000));
    assert!(house.post("/_sim/world", &deep).problem().contains("recursion limit"));

    let long = house.get(&format!("{PATH}?x={}", "a".repeat(65_536)));
    assert_eq!(long.status, 414, "{long:?}");
    let more = format!("X-Much: {}\r\n", "a".repeat(200_000));
    assert_eq!(house.send(head("GET", "/healthz", &more).as_bytes()).status, 431);
}

#[test]
fn a_world_that_is_full_is_only_looked_at() {
    let act = r#"{"do":"set_capacity","group":"web","desired":3}"#;
    let list = format!("{PATH}?Action=DescribeScalingGroup");
    let limits = Limits { commands: 2, ..Limits::default() };
    let house = House::with(Plan { limits, ..Plan::default() });
    for _ in 0..2 {
        assert_eq!(house.post("/_sim/world", act).status, 200);
    }
    let full = "the world has had 2 commands, the most it takes: reset it";
    assert_eq!(house.post("/_sim/world", act).problem(), format!("507 {full}"));
    let refused = house.post(PATH, "Action=DeleteScalingGroup&scalingGroupId=asg-1");
    assert_eq!(refused.code(), 6000);
    assert!(refused.json()["message"].as_str().unwrap().ends_with(full), "{refused:?}");
    // Looked at, and let go on.
    assert_eq!(house.get(&list).code(), 0);
    assert_eq!(house.post("/_sim/advance?seconds=60", "").status, 200);
    house.post("/_sim/reset", "");
    assert_eq!(house.post("/_sim/world", act).status, 200);

    let limits = Limits { groups: 0, ..Limits::default() };
    let house = House::with(Plan { limits, ..Plan::default() });
    let told = house.post("/_sim/world", act).problem();
    assert_eq!(told, "507 the world has had 0 further groups, the most it takes: reset it");
}
