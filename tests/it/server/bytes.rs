//! Whatever bytes come, the server stays, and a call gets a well-formed envelope.

use std::io::{Read, Write};
use std::net::Shutdown;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Answer, House, head};
use asgsim::api::request::PATH;

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

#[test]
fn arbitrary_bytes_do_no_harm() {
    let house = House::new();
    let starts = prop_oneof![
        Just(Vec::new()),
        Just(b"GET /v2/index.php?".to_vec()),
        Just(b"CONNECT scaling.api.qcloud.com:443 HTTP/1.1\r\n".to_vec()),
        Just(b"\x16\x03\x01".to_vec()),
    ];
    let bytes = (starts, proptest::collection::vec(any::<u8>(), 0..200));
    let tested = runner(60).run(&bytes, |(start, rest)| {
        let mut stream = house.connect();
        let _ = stream.write_all(&[start, rest].concat());
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 "));
        Ok(())
    });
    tested.unwrap();
    assert_eq!(house.get("/healthz").status, 200);
}

#[test]
fn arbitrary_bodies_get_an_envelope() {
    let house = House::new();
    let kinds = prop_oneof![
        Just(""),
        Just("Content-Type: application/json\r\n"),
        Just("Content-Type: multipart/form-data; boundary=b\r\n"),
        Just("Content-Type: multipart/form-data\r\n"),
    ];
    let starts = prop_oneof![
        Just(""),
        Just("Action=CreateScalingGroup&"),
        Just("Action=ModifyScalingGroup&minSize="),
        Just("--b\r\nContent-Disposition: form-data; name=\"Action\"\r\n\r\n"),
    ];
    let cases = (kinds, starts, proptest::collection::vec(any::<u8>(), 0..200));
    let tested = runner(120).run(&cases, |(kind, start, rest)| {
        let body = [start.as_bytes(), &rest].concat();
        let more = format!("{kind}Content-Length: {}\r\n", body.len());
        let mut stream = house.connect();
        stream.write_all(&[head("POST", PATH, &more).as_bytes(), &body].concat()).unwrap();
        let answer = Answer::read(&mut stream);
        prop_assert!(answer.code() != 0, "{:?}", answer);
        let envelope = answer.json();
        prop_assert!(envelope["message"].is_string() && envelope["codeDesc"].is_string());
        Ok(())
    });
    tested.unwrap();
    assert_eq!(house.get("/healthz").status, 200);
}
