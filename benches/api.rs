//! Calls of the service in process, on one core: how many a second.
//!
//! * `describe one group/call`: from a request that is read already to the text of the answer.
//! * `describe one group/bytes`: the same from the bytes of the query string.
//! * `describe one group/signed`: the same with a signature that is checked.

use std::hint::black_box;

use asgsim::api::request::{Method, PATH};
use asgsim::api::signature::{SignatureMethod, string_to_sign};
use asgsim::api::{Api, Key, Request};
use asgsim::{Engine, GroupSetup, Setup, SimTime};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const HOST: &str = "scaling.api.qcloud.com";
const NOW_S: i64 = 1_704_038_400;

/// A world of one group with two instances.
fn world() -> Engine {
    let mut setup = Setup::new(SimTime::from_unix_s(NOW_S));
    setup.groups.push(GroupSetup::new("web", 1, 4, 2));
    Engine::new(&setup).unwrap()
}

/// A signed call, read already.
fn signed(key: &Key) -> Request {
    let pairs = [
        ("Action", "DescribeScalingGroup"),
        ("Timestamp", &NOW_S.to_string()),
        ("Nonce", "1"),
        ("SecretId", &key.secret_id),
        ("scalingGroupName", "web"),
    ];
    let mut pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let text = string_to_sign(&Request::new(Method::Get, HOST, PATH, pairs.clone()).unwrap());
    let signature = SignatureMethod::HmacSha1.sign(&key.secret_key.0, &text);
    pairs.push((String::from("Signature"), signature));
    Request::new(Method::Get, HOST, PATH, pairs).unwrap()
}

fn describe(c: &mut Criterion) {
    let (mut engine, mut api) = (world(), Api::new());
    api.no_auth = true;
    let query = b"Action=DescribeScalingGroup&scalingGroupName=web";
    let received = || Request::received("GET", HOST, PATH, black_box(query), b"").unwrap();
    let request = received();
    let answer = api.call(&mut engine, &request, NOW_S);
    assert!(answer.body.contains(r#""totalCount":1"#), "{}", answer.body);
    let mut group = c.benchmark_group("describe one group");
    group.throughput(Throughput::Elements(1));
    group.bench_function("call", |b| {
        b.iter(|| api.call(&mut engine, black_box(&request), NOW_S));
    });
    group.bench_function("bytes", |b| {
        b.iter(|| api.call(&mut engine, &received(), NOW_S));
    });
    let key = Key::developer("one", "AKIDone", "secret one");
    api.no_auth = false;
    api.account = String::from("one");
    api.keys.add(key.clone()).unwrap();
    // Each call with a memory of its own: the same request a second time is a replay.
    let request = signed(&key);
    let answer = api.clone().call(&mut engine, &request, NOW_S);
    assert!(answer.error.is_none(), "{}", answer.body);
    group.bench_function("signed", |b| {
        b.iter_batched_ref(
            || api.clone(),
            |api| api.call(&mut engine, black_box(&request), NOW_S),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, describe);
criterion_main!(benches);
