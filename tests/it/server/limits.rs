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
    for begun in ["", "G", "GET /healthz HTTP/1.1\r\nHo"] {
        let mut stream = house.connect();
        stream.write_all(begun.as_bytes()).unwrap();
        let mut rest = Vec::new();
        // The reader of this test gives up much later.
        let _ = stream.read_to_end(&mut rest);
        assert!(!String::from_utf8_lossy(&rest).contains(" 200 "), "{begun:?}");
    }
    let half = format!("{}Action=", head("POST", PATH, "Content-Length: 100\r\n"));
    let told = message(&house.send(half.as_bytes()));
    assert!(told.ends_with("the body was not there after 200ms"), "{told}");
    assert_eq!(house.get("/healthz").status, 200);
}
