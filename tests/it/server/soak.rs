//! A siege: random requests, valid, mutated and hostile, on a world whose quotas are full and whose
//! clock stands. The server stays up, every call gets a well-formed envelope, and memory comes to
//! rest.
//!
//! A few seconds of it are part of the suite. The whole, against a release build:
//!
//! ```text
//! cargo build --release --features server
//! ASGSIM_SOAK_S=600 ASGSIM_SOAK_BIN=target/release/asgsim \
//!     cargo test --all-features --test it server::soak -- --nocapture
//! ```
//!
//! `ASGSIM_SOAK_SEED` gives another siege. `ASGSIM_SOAK_RATE` is how many requests a second it
//! sends at most (default 1,500; 0 for as many as it can). The world is never reset, and what it has
//! been told to do it remembers: its log and its journal grow with every change that is accepted,
//! up to their limits, so that memory at the end depends on how much was asked of it.

mod requests;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;

use super::command::Served;
use requests::{Expected, Ids, Siege};

/// A connection that is kept, as clients do.
pub(super) struct Kept {
    address: String,
    stream: Option<TcpStream>,
    read: Vec<u8>,
}

impl Kept {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), stream: None, read: Vec::new() }
    }

    /// Sends a request and reads its answer: status, head, body. `None` where the server has hung
    /// up before it answered.
    pub fn exchange(&mut self, bytes: &[u8]) -> Option<(u16, String, String)> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                self.read.clear();
                let stream = TcpStream::connect(&self.address).expect("the server is up");
                stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
                stream.set_nodelay(true).unwrap();
                stream
            }
        };
        stream.write_all(bytes).ok()?;
        let head_end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.fill(&mut stream)?;
        };
        let head = String::from_utf8(self.read[..head_end].to_vec()).unwrap().to_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let end = head_end + length.map_or(0, |length| length.parse::<usize>().unwrap());
        while self.read.len() < end {
            self.fill(&mut stream)?;
        }
        let body = String::from_utf8(self.read[head_end..end].to_vec()).unwrap();
        self.read.drain(..end);
        if !head.contains("connection: close") {
            self.stream = Some(stream);
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some((status, head, body))
    }

    fn fill(&mut self, stream: &mut TcpStream) -> Option<()> {
        let mut part = [0; 16 << 10];
        let n = stream.read(&mut part).ok().filter(|n| *n > 0)?;
        self.read.extend_from_slice(&part[..n]);
        Some(())
    }
}

fn variable(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Resident memory of a process, in KiB; `None` where the system does not tell.
fn resident_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// How many besiegers there are.
const BESIEGERS: u64 = 2;

/// What the besiegers share.
struct Shared {
    address: String,
    /// The time between two requests of one of them.
    pause: Duration,
    over: AtomicBool,
    sent: AtomicU64,
    ids: Ids,
    /// How often each code came.
    codes: Mutex<BTreeMap<String, u64>>,
}

/// One besieger, until it is over.
fn besiege(shared: &Shared, seed: u64) {
    let mut siege = Siege::new(rand_chacha::ChaCha8Rng::seed_from_u64(seed), seed);
    let mut kept = Kept::new(&shared.address);
    let mut due = Instant::now();
    while !shared.over.load(Ordering::Relaxed) {
        let mut codes: BTreeMap<String, u64> = BTreeMap::new();
        for _ in 0..200 {
            due += shared.pause;
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let (bytes, expected) = siege.next(&shared.ids);
            let answer = kept.exchange(&bytes);
            shared.sent.fetch_add(1, Ordering::Relaxed);
            let code = check(&bytes, expected, answer.as_ref());
            *codes.entry(code).or_default() += 1;
        }
        let mut all = shared.codes.lock().unwrap();
        for (code, n) in codes {
            *all.entry(code).or_default() += n;
        }
    }
}

/// Whether an answer is what it has to be, and its code.
fn check(sent: &[u8], expected: Expected, answer: Option<&(u16, String, String)>) -> String {
    let shown = || String::from_utf8_lossy(&sent[..sent.len().min(2_000)]).into_owned();
    match (expected, answer) {
        (Expected::Envelope, Some((status, head, body))) => {
            assert_eq!(*status, 200, "{}\n{body}", shown());
            assert!(head.contains("content-type: application/json"), "{}\n{head}", shown());
            let envelope: Value =
                serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {body}"));
            let code = envelope["code"].as_i64().unwrap_or_else(|| panic!("{body}"));
            let words = envelope["codeDesc"].as_str().unwrap_or_else(|| panic!("{body}"));
            assert_eq!(code == 0, words == "Success", "{body}");
            assert_eq!(code == 0, envelope["message"] == "", "{body}");
            // What only the server can be to blame for.
            assert!(code != 6000, "{}\n{body}", shown());
            format!("{code} {words}")
        }
        (Expected::Envelope, None) => panic!("no answer to {}", shown()),
        (Expected::Problem, Some((status, head, body))) => {
            assert!((400..500).contains(status), "{}\n{head}{body}", shown());
            assert!(head.contains("application/problem+json"), "{}\n{head}{body}", shown());
            format!("HTTP {status}")
        }
        (Expected::Problem, None) => panic!("no answer to {}", shown()),
        // No HTTP at all: hung up, or told so.
        (Expected::Anything, None) => String::from("hung up"),
        (Expected::Anything, Some((status, ..))) => format!("HTTP {status}"),
    }
}

/// Fills every quota of a world that is new, and gives the ids of what there is.
fn fill(kept: &mut Kept, siege: &mut Siege) -> Ids {
    let mut ids = Ids::default();
    let mut ask = |form: String| -> Value {
        let (_, _, body) = kept.exchange(&siege.signed_post(&form)).expect("an answer");
        serde_json::from_str(&body).unwrap()
    };
    requests::fill(&mut ask, &mut ids);
    ids
}

/// How much there is: configurations, groups, and what they have.
fn inventory(house: &mut Kept) -> [usize; 5] {
    let (_, _, body) = house.exchange(b"GET /_sim/state HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let state: Value = serde_json::from_str(&body).unwrap();
    let groups = state["groups"].as_array().unwrap();
    let count = |list: &Value| list.as_array().unwrap().len();
    let all = |key: &str| groups.iter().map(|group| count(&group[key])).sum();
    println!("{} records, {} commands", state["events"], state["commands"]);
    let parts = ["policies", "tasks", "hooks"].map(all);
    [count(&state["configurations"]), groups.len(), parts[0], parts[1], parts[2]]
}

#[test]
fn a_siege_leaves_it_standing() {
    let length = Duration::from_secs(variable("ASGSIM_SOAK_S", 5));
    let seed = variable("ASGSIM_SOAK_SEED", 1);
    let rate = variable("ASGSIM_SOAK_RATE", 1_500);
    let program = std::env::var("ASGSIM_SOAK_BIN");
    let program = program.unwrap_or_else(|_| env!("CARGO_BIN_EXE_asgsim").to_owned());
    let key = ["--secret-id", requests::SECRET_ID, "--secret-key", requests::SECRET_KEY];
    let served = Served::start(&program, &key);
    let process = served.child.id();

    let mut house = Kept::new(&served.address);
    let mut builder = Siege::new(rand_chacha::ChaCha8Rng::seed_from_u64(seed), u64::MAX);
    let ids = fill(&mut house, &mut builder);
    assert!(ids.has_all(), "{ids:?}");
    let full = inventory(&mut house);
    let shared = Arc::new(Shared {
        address: served.address.clone(),
        pause: match rate {
            0 => Duration::ZERO,
            rate => Duration::from_secs(BESIEGERS).div_f64(rate as f64),
        },
        over: AtomicBool::new(false),
        sent: AtomicU64::new(0),
        ids,
        codes: Mutex::default(),
    });
    let besiegers: Vec<_> = (0..BESIEGERS)
        .map(|n| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || besiege(&shared, seed * 1_000 + n))
        })
        .collect();

    let (begin, mut memory) = (Instant::now(), Vec::new());
    while begin.elapsed() < length {
        std::thread::sleep(Duration::from_millis(500).min(length));
        assert!(besiegers.iter().all(|besieger| !besieger.is_finished()), "a besieger has failed");
        memory.extend(resident_kib(process));
    }
    shared.over.store(true, Ordering::Relaxed);
    for besieger in besiegers {
        besieger.join().expect("a besieger has failed");
    }
    let mut house = Kept::new(&served.address);
    let (_, _, body) = house.exchange(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    assert_eq!(body, "ok\n");
    assert_eq!(inventory(&mut house), full, "a quota is full no longer");
    let (status, said) = served.end("-TERM");
    assert_eq!(status, Some(0), "{said}");
    report(begin.elapsed(), &shared, &memory);
}

/// Prints what came of it, and holds memory against its bound.
fn report(took: Duration, shared: &Shared, memory: &[u64]) {
    let sent = shared.sent.load(Ordering::Relaxed);
    println!("{sent} requests in {took:.0?}, {:.0} a second", sent as f64 / took.as_secs_f64());
    for (code, n) in shared.codes.lock().unwrap().iter() {
        println!("{n:>9}  {code}");
    }
    assert!(sent > 500, "{sent} requests");
    if memory.is_empty() {
        println!("memory: the system does not tell");
        return;
    }
    let tenths: Vec<_> = (1..=10).map(|n| memory[(memory.len() * n / 10).max(1) - 1]).collect();
    println!("resident KiB after each tenth: {tenths:?}");
    let (early, late) = (tenths[2], tenths[9]);
    println!(
        "after three tenths {early} KiB, at the end {late} KiB: x{:.3}",
        late as f64 / early as f64
    );
    // A short siege is still filling what is bounded.
    if took >= Duration::from_secs(600) {
        assert!(late * 10 <= early * 11, "{late} KiB are more than 1.1 times {early} KiB");
        assert!(sent >= 500_000, "{sent} requests");
    }
}
