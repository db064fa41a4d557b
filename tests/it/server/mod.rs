//! The server over real connections on loopback, each on a port of its own, each stopped at the
//! end.

mod bytes;
mod calls;
mod clock;
#[cfg(unix)]
mod command;
mod limits;
mod sim;
#[cfg(unix)]
mod soak;
mod tls;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use asgsim::api::{Api, Key};
use asgsim::server::{Clock, Hosted, Limits, Options, Pace, Server, Tls, Wall};
use asgsim::{Engine, GroupSetup, Setup, SimTime};
use serde_json::Value;

/// The time on the wall of these tests, unless they move it.
const WALL_S: i64 = 1_700_000_000;

/// A server at work and the wall clock that it looks at.
struct House {
    runtime: tokio::runtime::Runtime,
    server: Option<Server>,
    address: SocketAddr,
    wall_ms: Arc<AtomicI64>,
}

/// How a server differs from the plain one: a manual clock, anybody let in, no TLS.
struct Plan {
    pace: Pace,
    api: Api,
    tls: Option<Tls>,
    https_only: bool,
    limits: Limits,
}

impl Default for Plan {
    fn default() -> Self {
        let api = Api { no_auth: true, ..Api::new() };
        Self { pace: Pace::Manual, api, tls: None, https_only: false, limits: Limits::default() }
    }
}

/// A world of one group, two of one to four.
fn setup() -> Setup {
    let mut setup = Setup::new(SimTime::from_unix_s(1_600_000_000));
    setup.groups.push(GroupSetup::new("web", 1, 4, 2));
    setup
}

/// A service with one key of its own.
fn with_key() -> Api {
    let mut api = Api::new();
    let key = Key::developer(&api.account, "AKIDone", "secret one");
    api.keys.add(key).unwrap();
    api
}

impl House {
    fn new() -> Self {
        Self::with(Plan::default())
    }

    fn with(plan: Plan) -> Self {
        let engine = Engine::new(&setup()).unwrap();
        Self::going_on(plan, engine)
    }

    fn going_on(plan: Plan, engine: Engine) -> Self {
        let wall_ms = Arc::new(AtomicI64::new(WALL_S * 1_000));
        let told = Arc::clone(&wall_ms);
        let wall = Wall(Arc::new(move || SimTime::from_unix_ms(told.load(Ordering::SeqCst))));
        let clock = Clock::new(plan.pace, wall, engine.now());
        let world = Hosted::going_on(setup(), engine, clock, plan.api);
        let listen = "127.0.0.1:0".parse().unwrap();
        let Plan { tls, https_only, limits, .. } = plan;
        let options = Options { listen, tls, https_only, limits };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let server = runtime.block_on(Server::start(options, world)).unwrap();
        Self { address: server.address, server: Some(server), runtime, wall_ms }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends bytes and reads to the end: status, head and body.
    fn send(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        stream.write_all(bytes).unwrap();
        Answer::read(&mut stream)
    }

    fn get(&self, path: &str) -> Answer {
        self.send(head("GET", path, "").as_bytes())
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        let length = format!("Content-Length: {}\r\n", body.len());
        self.send(format!("{}{body}", head("POST", path, &length)).as_bytes())
    }

    fn stop(mut self) -> Engine {
        self.runtime.block_on(self.server.take().unwrap().stop())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            drop(self.runtime.block_on(server.stop()));
        }
    }
}

/// The head of a request that asks for the connection to be closed after it.
fn head(method: &str, path: &str, more: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: AS.local:80\r\nConnection: close\r\n{more}\r\n")
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn read(stream: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("{head:?}"));
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The number of the service's envelope.
    fn code(&self) -> i64 {
        assert_eq!(self.status, 200, "{self:?}");
        assert!(self.head.contains("content-type: application/json; charset=utf-8"), "{self:?}");
        self.json()["code"].as_i64().unwrap()
    }

    /// What problem details tell, after the status.
    #[track_caller]
    fn problem(&self) -> String {
        assert!(self.head.contains("content-type: application/problem+json"), "{self:?}");
        let details = self.json();
        assert_eq!(details["status"], self.status);
        assert_eq!(details["type"], "about:blank");
        format!("{} {}", self.status, details["detail"].as_str().unwrap())
    }
}
