//! The world behind the service.

use std::io::{BufRead, BufReader, Write};

use asgsim::Engine;

use super::{House, Plan, head, setup};

#[test]
fn the_state_at_a_glance() {
    let house = House::new();
    let state = house.get("/_sim/state").json();
    assert_eq!(state["now"], 1_600_000_000);
    assert_eq!(state["time"], "2020-09-13 20:26:40");
    assert_eq!(state["clock"], "manual");
    let web = &state["groups"][0];
    let sizes = [&web["name"], &web["min"], &web["max"], &web["desired"], &web["in_service"]];
    assert_eq!(serde_json::to_string(&sizes).unwrap(), r#"["web",1,4,2,2]"#);
    assert_eq!(web["members"][1]["instance"], 2);
    assert_eq!(web["members"][1]["state"], "InService");
}

#[test]
fn time_is_advanced_by_a_span_or_to_an_instant() {
    let house = House::new();
    let now = |path: &str| house.post(path, "").json()["now"].as_i64().unwrap() - 1_600_000_000;
    assert_eq!(now("/_sim/advance?seconds=0"), 0);
    assert_eq!(now("/_sim/advance?seconds=90"), 90);
    assert_eq!(now("/_sim/advance?until=%2B2m"), 120);
    assert_eq!(now("/_sim/advance?until=+3m"), 180);
    assert_eq!(now("/_sim/advance?until=1600000200"), 200);
    assert_eq!(now("/_sim/advance?until=2020-09-13%2020:31:40"), 300);
    assert_eq!(now("/_sim/advance?until=2020-09-13+20:31:41"), 301);
}

#[test]
fn spans_that_cannot_be_are_refused() {
    let house = House::new();
    let told = |query: &str| house.post(&format!("/_sim/advance{query}"), "").problem();
    assert_eq!(told(""), "400 give one of `seconds` and `until`");
    assert_eq!(told("?seconds=1&until=%2B1s"), "400 give one of `seconds` and `until`");
    let bound = "400 `seconds` is a whole number of 0 to 31622400";
    for seconds in ["-1", "1.5", "31622401", "99999999999999999999", "x"] {
        assert_eq!(told(&format!("?seconds={seconds}")), bound);
    }
    assert_eq!(told("?second=1"), "400 unknown \"second\"; give `seconds` or `until`");
    assert!(told("?until=2120-01-01+00:00:00").starts_with("400 one call advances by 366d"));
    assert!(told("?until=1599999999").starts_with("409 cannot advance to 2020-09-13 20:26:39"));
    assert!(told("?until=soon").starts_with("400 `until`: "));
    assert_eq!(house.post("/_sim/advance?seconds=31622400", "").status, 200);
}

#[test]
fn the_world_is_changed_as_by_a_timed_command() {
    let house = House::new();
    let done = house.post("/_sim/world", r#"{"do":"set_capacity","group":"web","desired":3}"#);
    assert_eq!(done.status, 200, "{done:?}");
    let state = house.get("/_sim/state").json();
    assert_eq!(state["groups"][0]["members"][2]["state"], "Creating");
    let id = state["groups"][0]["id"].as_str().unwrap();
    let fail = format!(r#"{{"do":"fail_instance","group":"{id}","instance":1,"for":"2h"}}"#);
    assert_eq!(house.post("/_sim/world", &fail).status, 200);
    let short = r#"{"do":"sold_out","for":"30m"}"#;
    assert_eq!(house.post("/_sim/world", short).status, 200);

    let told = |body: &str| house.post("/_sim/world", body).problem();
    assert_eq!(
        told(r#"{"do":"suspend","group":"web","time":"+1h"}"#),
        "400 `time` is not given here: it happens now"
    );
    assert!(told("[]").starts_with("400 the body is to be a JSON object: "));
    assert_eq!(told(r#"{"do":"suspend","group":"wob"}"#), "404 there is no group \"wob\"");
    assert!(told(r#"{"do":"suspnd","group":"web"}"#).contains("did you mean `suspend`?"));
    assert!(told(r#"{"do":"suspend","group":"web","x":1}"#).starts_with("422 x: unknown key"));
    assert!(
        told(r#"{"do":"set_capacity","group":"web","min":9}"#).starts_with("409 "),
        "a refusal of the service has its code"
    );
    let refused = house.post("/_sim/world", r#"{"do":"set_capacity","group":"web","min":9}"#);
    assert_eq!(refused.json()["code"], "Conflict.MaxsizeLessMinsize", "{refused:?}");
    // What was refused leaves no trace: memory does not grow with vain attempts.
    assert_eq!(house.stop().journal().len(), 3);
}

#[test]
fn load_comes_from_outside_and_alarms_hear_it() {
    let house = House::new();
    let policy = r#"{"do":"create_policy","group":"web","name":"out","cooldown":"5m",
        "metric":{"dimension":"cpu_usage","operator":"Greater","threshold":70,"repeat_times":1},
        "adjustment":{"type":"QuantityChangeInCapacity","value":1}}"#;
    let told = house.post("/_sim/world", policy).problem();
    assert!(told.contains("the group's load has no cpu_usage"), "{told}");
    let load = r#"{"group":"web","metric":"cpu_usage","value":85.5,"for":"30m"}"#;
    assert_eq!(house.post("/_sim/load", load).status, 200);
    let done = house.post("/_sim/world", policy).json();
    assert_eq!(done["number"], 1, "{done}");
    house.post("/_sim/advance?seconds=3600", "");
    let state = house.get("/_sim/state").json();
    assert_eq!(state["groups"][0]["desired"], 4, "{state}");

    let told = |body: &str| house.post("/_sim/load", body).problem();
    assert!(told(r#"{"group":"web"}"#).starts_with("400 `value` is missing"));
    assert!(told(r#"{"group":"web","metric":"cpu","value":1}"#).starts_with("400 unknown variant"));
    assert_eq!(told(r#"{"group":"wob","value":1}"#), "404 there is no group \"wob\"");
    assert!(told(r#"{"group":"web","value":1}"#).starts_with("409 "));
}

#[test]
fn the_log_is_read_as_it_grows() {
    let house = House::new();
    let mut stream = house.connect();
    stream.write_all(head("GET", "/_sim/events", "").as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next = |what: &str| {
        let line = lines.by_ref().map(Result::unwrap).take(1_000);
        let found = line.filter(|line| line.starts_with("data: ") || line.starts_with("event: "));
        found.into_iter().find(|line| line.contains(what)).unwrap()
    };
    next("\"group\":\"web\"");
    house.post("/_sim/world", r#"{"do":"set_capacity","group":"web","desired":3}"#);
    next("activity");
    house.post("/_sim/reset", "");
    next("event: reset");
    next("\"group\":\"web\"");
    drop(house); // A stream does not keep the server.
}

#[test]
fn reset_starts_anew() {
    let house = House::new();
    let at_start = house.get("/_sim/state").body;
    house.post("/_sim/world", r#"{"do":"set_capacity","group":"web","desired":3}"#);
    house.post("/_sim/advance?seconds=600", "");
    assert_ne!(house.get("/_sim/state").body, at_start);
    assert_eq!(house.post("/_sim/reset", "").status, 200);
    assert_eq!(house.get("/_sim/state").body, at_start);
}

#[test]
fn what_was_stopped_goes_on_as_if_it_had_not_been() {
    let act = |house: &House, n: u32| {
        let body = format!(r#"{{"do":"set_capacity","group":"web","desired":{n}}}"#);
        assert_eq!(house.post("/_sim/world", &body).status, 200);
        house.post("/_sim/advance?seconds=30", "");
    };
    let house = House::new();
    act(&house, 3);
    let saved = house.stop();
    // Restored as a snapshot is: the same setup, the journal again.
    let mut again = Engine::new(&setup()).unwrap();
    again.replay(saved.journal(), saved.now(), saved.is_settled()).unwrap();
    assert_eq!(again.digest(), saved.digest());
    let house = House::going_on(Plan::default(), again);
    act(&house, 4);
    let interrupted = house.stop();
    let house = House::new();
    act(&house, 3);
    act(&house, 4);
    assert_eq!(house.stop().digest(), interrupted.digest());
}
