//! Calls of the service's API over HTTP.

use std::io::Write;

use asgsim::api::request::Method;
use asgsim::api::signature::{SignatureMethod, string_to_sign};
use asgsim::api::{Request, request::PATH};

use super::{Answer, House, Plan, WALL_S, head, with_key};

const FORM: &str = "Action=DescribeScalingGroup&scalingGroupName=web&Region=gz";

fn multipart(pairs: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    // A blank line comes first, as from the vendor's Java SDK.
    let parts: String = pairs.iter().map(part).collect();
    format!("\r\n{parts}--XyZ--\r\n")
}

fn post_multipart(house: &House, body: &str) -> Answer {
    let more = format!(
        "Content-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: {}\r\n",
        body.len()
    );
    house.send(format!("{}{body}", head("POST", PATH, &more)).as_bytes())
}

#[test]
fn get_post_and_multipart_are_answered_alike() {
    let house = House::new();
    let by_get = house.get(&format!("{PATH}?&{FORM}"));
    assert_eq!(by_get.code(), 0, "{by_get:?}");
    assert_eq!(by_get.json()["data"]["scalingGroupSet"][0]["maxSize"], 4);
    // By POST the query does not count, and the type of the body does not either.
    let by_post = house.post(&format!("{PATH}?Action=Nonsense"), FORM);
    assert_eq!(by_post.body, by_get.body);
    let body = multipart(&[
        ("Action", "DescribeScalingGroup"),
        ("scalingGroupName", "web"),
        ("Region", "gz"),
    ]);
    assert_eq!(post_multipart(&house, &body).body, by_get.body);
}

#[test]
fn odd_requests_get_an_envelope() {
    let house = House::new();
    let codes = [
        ("PUT", 4600),
        ("DELETE", 4600),
        ("OPTIONS", 4600),
        ("GET", 4000), // without Action
        ("POST", 4000),
    ];
    for (method, code) in codes {
        assert_eq!(house.send(head(method, PATH, "").as_bytes()).code(), code, "{method}");
    }
    assert_eq!(house.get(&format!("{PATH}?Action=Sing")).code(), 6100);
    assert_eq!(house.get(&format!("{PATH}?Action=%ff")).code(), 4000);
    assert_eq!(post_multipart(&house, "no boundary at all").code(), 4000);
    assert_eq!(post_multipart(&house, &multipart(&[("Action", "Sing")])).code(), 6100);
}

/// S-066
#[test]
fn other_paths_are_told_in_problem_details() {
    let house = House::new();
    let told = house.get("/v2/other.php").problem();
    assert_eq!(
        told,
        "404 nothing is served at /v2/other.php; the service's API is at /v2/index.php"
    );
    assert_eq!(house.get("/_sim/reset").problem(), "405 /_sim/reset does not take GET");
    assert_eq!(house.get("/healthz").body, "ok\n");
}

/// A signed query, made for a host.
fn signed(host: &str, nonce: &str) -> String {
    let now = WALL_S.to_string();
    let pairs = [
        ("Action", "DescribeScalingGroup"),
        ("Nonce", nonce),
        ("SecretId", "AKIDone"),
        ("Timestamp", &now),
    ];
    let owned = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let request = Request::new(Method::Get, host, PATH, owned).unwrap();
    let signature = SignatureMethod::HmacSha1.sign("secret one", &string_to_sign(&request));
    let signature = signature.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let form: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{PATH}?{}&Signature={signature}", form.join("&"))
}

#[test]
fn signatures_are_over_the_host_as_it_was_sent() {
    let house = House::with(Plan { api: with_key(), ..Plan::default() });
    // `head` sends this one.
    assert_eq!(house.get(&signed("AS.local:80", "1")).code(), 0);
    assert_eq!(house.get(&signed("as.local:80", "2")).code(), 4100);
    assert_eq!(house.get(&signed("AS.local", "3")).code(), 4100);
    // The same again is a replay; without a signature nobody gets in.
    assert_eq!(house.get(&signed("AS.local:80", "1")).code(), 4500);
    assert_eq!(house.get(&format!("{PATH}?{FORM}")).code(), 4000);
    // Requests are dated by the wall, whatever time it is in the world.
    house.wall_ms.fetch_add(7_201_000, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(house.get(&signed("AS.local:80", "4")).code(), 4500);
}

#[test]
fn one_connection_serves_several_calls() {
    let house = House::new();
    let mut stream = house.connect();
    let kept = format!("GET {PATH}?{FORM} HTTP/1.1\r\nHost: a\r\n\r\n");
    let last = head("GET", &format!("{PATH}?{FORM}"), "");
    stream.write_all(format!("{kept}{kept}{last}").as_bytes()).unwrap();
    let mut all = String::new();
    std::io::Read::read_to_string(&mut stream, &mut all).unwrap();
    assert_eq!(all.matches("\"codeDesc\":\"Success\"").count(), 3, "{all}");
}

#[test]
fn a_call_changes_the_world_and_the_next_one_sees_it() {
    let house = House::new();
    let listed = house.get(&format!("{PATH}?{FORM}")).json();
    let id = listed["data"]["scalingGroupSet"][0]["scalingGroupId"].as_str().unwrap().to_owned();
    let change = format!(
        "Action=ModifyScalingGroup&scalingGroupId={id}&minSize=3&maxSize=4\
         &removePolicy=RemoveOldestInstance"
    );
    assert_eq!(house.post(PATH, &change).code(), 0);
    let list = format!("{PATH}?Action=DescribeScalingInstance&scalingGroupId={id}");
    let listed = house.get(&list).json();
    let states: Vec<_> = listed["data"]["scalingInstancesSet"].as_array().unwrap().iter().collect();
    assert_eq!(states.len(), 3, "{listed}");
    assert_eq!(states[2]["lifeCycleState"], "Creating", "{listed}");
    let engine = house.stop();
    assert_eq!(engine.journal().len(), 1);
}
