//! Requests that are too old, or that come twice.

use asgsim::api::common::authenticate;
use asgsim::api::replay::{REMEMBERED_MAX, WINDOW_S};
use asgsim::api::request::Method;
use asgsim::api::{Key, Keys, ReplayMemory};

use super::{NOW_S, code, key, signed, told, unsigned_call};

const NOW: u64 = NOW_S as u64;

#[test]
fn s_098_a_timestamp_may_be_two_hours_off() {
    assert_eq!(WINDOW_S, 7200);
    for (timestamp, fine) in [
        (NOW, true),
        (NOW - 7200, true),
        (NOW - 7201, false),
        (NOW + 7200, true),
        (NOW + 7201, false),
        (0, false),
        (u64::MAX, false),
    ] {
        let mut memory = ReplayMemory::default();
        let outcome = memory.admit("a", timestamp, 1, NOW_S);
        assert_eq!(code(outcome.clone()), if fine { 0 } else { 4500 }, "{timestamp}");
        assert_eq!(memory.len(), usize::from(fine));
    }
    let mut memory = ReplayMemory::default();
    assert_eq!(
        told(memory.admit("a", 100, 1, 7301)),
        "4500 (100050) Timestamp 100 is more than 7200 s from the time of receipt, 7301"
    );
    for received_at_s in [i64::MIN, i64::MAX, -7201] {
        assert_eq!(code(memory.admit("a", 0, 1, received_at_s)), 4500, "{received_at_s}");
    }
    assert_eq!(code(memory.admit("a", 0, 1, -7200)), 0);
}

#[test]
fn s_098_a_request_passes_once() {
    let mut memory = ReplayMemory::default();
    let mut admit = |id: &str, timestamp, nonce| code(memory.admit(id, timestamp, nonce, NOW_S));
    for (id, timestamp, nonce, expected) in [
        ("a", NOW, 1, 0),
        ("a", NOW, 1, 4500),
        // Clients draw a Nonce from few numbers, so it counts only with the other two.
        ("a", NOW, 2, 0),
        ("a", NOW + 1, 1, 0),
        ("b", NOW, 1, 0),
        ("a", NOW, 2, 4500),
        ("b", NOW, 1, 4500),
        ("a", NOW, 0, 0),
        ("a", NOW, u64::MAX, 0),
        ("a", NOW, u64::MAX, 4500),
    ] {
        assert_eq!(admit(id, timestamp, nonce), expected, "{id} {timestamp} {nonce}");
    }
    let told = told(memory.admit("a", NOW, 1, NOW_S));
    assert_eq!(told, format!("4500 (100050) a request with Timestamp {NOW} and Nonce 1 was here"));
}

#[test]
fn a_request_is_forgotten_when_its_timestamp_refuses_it() {
    let mut memory = ReplayMemory::default();
    // Its clock is two hours ahead, so it could come again for four.
    assert_eq!(code(memory.admit("a", NOW + 7200, 1, NOW_S)), 0);
    assert_eq!(code(memory.admit("a", NOW + 7200, 1, NOW_S + 14_400)), 4500);
    assert_eq!(memory.len(), 1);
    assert_eq!(code(memory.admit("a", NOW + 7200, 1, NOW_S + 14_401)), 4500);
    assert_eq!(code(memory.admit("a", NOW + 14_401, 1, NOW_S + 14_401)), 0);
    assert_eq!(memory.len(), 1);
}

#[test]
fn the_oldest_goes_when_the_memory_is_full() {
    let mut memory = ReplayMemory::with_capacity(3);
    assert!(memory.is_empty());
    for nonce in 1..=3 {
        assert_eq!(code(memory.admit("a", NOW, nonce, NOW_S)), 0);
    }
    assert_eq!(code(memory.admit("a", NOW, 1, NOW_S)), 4500);
    // What is refused takes no place.
    assert_eq!(code(memory.admit("a", NOW - 1, 4, NOW_S)), 0);
    assert_eq!(memory.len(), 3);
    assert_eq!(code(memory.admit("a", NOW, 2, NOW_S)), 4500);
    assert_eq!(code(memory.admit("a", NOW - 1, 4, NOW_S)), 4500);
    assert_eq!(code(memory.admit("a", NOW, 1, NOW_S)), 0);
    assert_eq!(code(memory.admit("a", NOW, 2, NOW_S)), 0);
}

#[test]
fn a_million_requests_are_remembered() {
    let mut memory = ReplayMemory::with_capacity(usize::MAX);
    for nonce in 0..=REMEMBERED_MAX as u64 {
        assert_eq!(code(memory.admit("a", NOW, nonce, NOW_S)), 0);
    }
    assert_eq!(memory.len(), 1_000_000);
    assert_eq!(code(memory.admit("a", NOW, 1, NOW_S)), 4500);
    assert_eq!(code(memory.admit("a", NOW, 0, NOW_S)), 0);
    // There is no memory of nothing.
    let mut memory = ReplayMemory::with_capacity(0);
    assert_eq!(code(memory.admit("a", NOW, 1, NOW_S)), 0);
    assert_eq!(code(memory.admit("a", NOW, 1, NOW_S)), 4500);
}

#[test]
fn only_a_request_with_a_right_signature_uses_up_its_numbers() {
    let mut keys = Keys::default();
    keys.add(key()).unwrap();
    let mut memory = ReplayMemory::default();
    let call = unsigned_call(Method::Get, "1");
    let forged = signed(&call, &Key::developer("one", "AKIDone", "guessed"));
    let call = signed(&call, &key());
    assert_eq!(code(authenticate(&keys, &mut memory, &forged, NOW_S)), 4100);
    assert!(memory.is_empty());
    assert_eq!(code(authenticate(&keys, &mut memory, &call, NOW_S)), 0);
    assert_eq!(code(authenticate(&keys, &mut memory, &call, NOW_S)), 4500);
    assert_eq!(code(authenticate(&keys, &mut memory, &call, NOW_S + 7201)), 4500);
    // An outdated forgery is a forgery.
    assert_eq!(code(authenticate(&keys, &mut memory, &forged, NOW_S + 7201)), 4100);
}
