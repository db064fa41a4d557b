//! Calls over HTTP: signed, on connections that are kept, with the clients on the same machine and
//! so on the same cores. `requests/server` is the rate to look at; `call` is one signed call in
//! process, without HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use asgsim::api::request::{Method, PATH};
use asgsim::api::signature::{SignatureMethod, string_to_sign};
use asgsim::api::{Api, Key, Request};
use asgsim::server::{Clock, Hosted, Limits, Options, Pace, Server, wall_clock};
use asgsim::{Engine, GroupSetup, Setup, SimTime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Connections, each with a thread of its own.
const CLIENTS: u64 = 4;
const HOST: &str = "127.0.0.1";

fn setup() -> Setup {
    let mut setup = Setup::new(SimTime::from_unix_s(1_700_000_000));
    setup.groups.extend((0..10).map(|n| GroupSetup::new(&format!("group-{n}"), 1, 9, 2)));
    setup
}

fn api() -> Api {
    let mut api = Api::new();
    let key = Key::developer(&api.account, "AKIDbench", "a secret");
    api.keys.add(key).expect("a key");
    api
}

/// A signed call; every one has its own number.
fn signed(nonce: u64) -> Request {
    let now_s = wall_clock().now().unix_ms() / 1_000;
    let pairs = [
        ("Action", String::from("DescribeScalingGroup")),
        ("Nonce", nonce.to_string()),
        ("SecretId", String::from("AKIDbench")),
        ("Timestamp", now_s.to_string()),
        ("scalingGroupName", String::from("group-7")),
    ];
    let mut pairs = pairs.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let request = Request::new(Method::Get, HOST, PATH, pairs.clone()).expect("a request");
    let signature = SignatureMethod::HmacSha1.sign("a secret", &string_to_sign(&request));
    pairs.push((String::from("Signature"), signature));
    Request::new(Method::Get, HOST, PATH, pairs).expect("a request")
}

/// The same as it goes over a connection.
fn bytes(nonce: u64) -> Vec<u8> {
    let request = signed(nonce);
    let form: Vec<_> = request.parameters.sent().map(|(n, v)| format!("{n}={v}")).collect();
    let form = form.join("&").replace('+', "%2B").replace('/', "%2F");
    format!("GET {PATH}?{form} HTTP/1.1\r\nHost: {HOST}\r\n\r\n").into_bytes()
}

/// Sends calls one after another, each after the answer to the one before.
fn converse(address: SocketAddr, calls: &[Vec<u8>]) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let (mut line, mut body) = (String::new(), Vec::new());
    for call in calls {
        stream.write_all(call).expect("it is sent");
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line).expect("a head");
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.trim().parse().expect("a length");
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).expect("a body");
        assert!(body.starts_with(b"{\"code\":0,"), "{}", String::from_utf8_lossy(&body));
    }
}

/// The time that a number of calls take, spread over the clients.
fn timed(address: SocketAddr, calls: u64, nonce: &mut u64) -> Duration {
    let shares: Vec<Vec<_>> = (0..CLIENTS)
        .map(|client| {
            let share = calls / CLIENTS + u64::from(client < calls % CLIENTS);
            let made = (0..share).map(|n| bytes(*nonce + n)).collect();
            *nonce += share;
            made
        })
        .collect();
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for share in &shares {
            scope.spawn(move || converse(address, share));
        }
    });
    begin.elapsed()
}

fn over_http(c: &mut Criterion) {
    let engine = Engine::new(&setup()).expect("a world");
    let clock = Clock::new(Pace::Manual, wall_clock(), engine.now());
    let world = Hosted::going_on(setup(), engine, clock, api());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let listen = "127.0.0.1:0".parse().expect("an address");
    let options = Options { listen, tls: None, https_only: false, limits: Limits::default() };
    let server = runtime.block_on(Server::start(options, world)).expect("a server");
    let mut nonce = 0;
    let mut group = c.benchmark_group("requests");
    group.sample_size(10).throughput(Throughput::Elements(1));
    group.bench_function("server", |b| {
        b.iter_custom(|calls| timed(server.address, calls, &mut nonce));
    });
    group.finish();
    drop(runtime.block_on(server.stop()));
}

fn in_process(c: &mut Criterion) {
    let (mut engine, mut api) = (Engine::new(&setup()).expect("a world"), api());
    engine.settle().expect("its first instant");
    let now_s = wall_clock().now().unix_ms() / 1_000;
    let mut nonce = 0;
    let mut group = c.benchmark_group("requests");
    group.throughput(Throughput::Elements(1));
    group.bench_function("call", |b| {
        let next = || {
            nonce += 1;
            signed(nonce)
        };
        let call = |request: Request| api.call(&mut engine, &request, now_s);
        b.iter_batched(next, call, criterion::BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, over_http, in_process);
criterion_main!(benches);
