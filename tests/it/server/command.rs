//! `asgsim serve` as a process: what it reads, what it says, how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use asgsim::api::request::PATH;

use super::{Answer, head};

/// A served world.
pub(super) struct Served {
    pub child: Child,
    pub address: String,
    /// What it says after where it listens.
    stderr: BufReader<std::process::ChildStderr>,
    /// What it said until then.
    pub said: String,
}

impl Served {
    /// Starts the command on a free port of loopback, and waits until it listens.
    pub fn start(program: &str, arguments: &[&str]) -> Self {
        let mut child = command(program, arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut served = Self { child, address: String::new(), stderr, said: String::new() };
        while served.address.is_empty() {
            let mut line = String::new();
            let read = served.stderr.read_line(&mut line).unwrap();
            assert!(read > 0, "it has ended: {}", served.said);
            served.said.push_str(&line);
            if let Some(address) = line.strip_prefix("asgsim: listening on http://") {
                served.address = address.split_whitespace().next().unwrap().to_owned();
            }
        }
        served
    }

    fn asgsim(arguments: &[&str]) -> Self {
        Self::start(env!("CARGO_BIN_EXE_asgsim"), arguments)
    }

    fn send(&self, bytes: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        Answer::read(&mut stream)
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&head("GET", path, ""))
    }

    fn post(&self, path: &str, body: &str) -> Answer {
        let length = format!("Content-Length: {}\r\n", body.len());
        self.send(&format!("{}{body}", head("POST", path, &length)))
    }

    /// Ends it by a signal, and gives its status and all that it said.
    pub fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut said = std::mem::take(&mut self.said);
        self.stderr.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

/// A test that fails leaves nothing behind.
impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("serve").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command.env_remove("ASGSIM_SECRET_ID").env_remove("ASGSIM_SECRET_KEY");
    command
}

/// Status and words of a command that does not get to serve.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let output = command(env!("CARGO_BIN_EXE_asgsim"), arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn asgsim(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_asgsim"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).unwrap()
}

fn path_in(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

/// Load, rules, hooks, tasks and faults of a file play while time is advanced from outside, and
/// leave the log that a run leaves.
#[test]
fn a_served_scenario_is_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let events = path_in(folder.path(), "events.jsonl");
    for (name, end) in [
        ("flash-crowd", "2024-03-01 23:59:01"),
        ("launch-hook-timeout", "+3h59m1s"),
        ("black-friday", "+5h29m1s"),
        ("rolling-unhealthy", "+2d1s"),
    ] {
        let scenario = format!("scenarios/{name}.toml");
        let served = Served::asgsim(&[&scenario, "--no-auth", "--events", &events]);
        // In steps of an odd length, with looks between them.
        for step in ["+7m", "+31m7s", "+3h"] {
            let step = step.replace('+', "%2B");
            let done = served.post(&format!("/_sim/advance?until={step}"), "");
            assert_eq!(done.status, 200, "{name}: {done:?}");
            assert_eq!(served.get(&format!("{PATH}?Action=DescribeScalingGroup")).code(), 0);
        }
        let until = end.replace('+', "%2B").replace(' ', "+");
        let done = served.post(&format!("/_sim/advance?until={until}"), "");
        assert_eq!(done.status, 200, "{name}: {done:?}");
        let (status, said) = served.end("-INT");
        assert_eq!(status, Some(0), "{said}");
        assert!(said.ends_with("asgsim: stopping\n"), "{said}");
        let run = asgsim(&["run", &scenario, "--until", end, "--events", "-"]);
        assert_eq!(std::fs::read_to_string(&events).unwrap(), run, "{name}");
    }
}

const CHANGES: [&str; 3] = [
    r#"{"do":"set_capacity","group":"web","min":5}"#,
    r#"{"do":"sold_out","for":"40m"}"#,
    r#"{"do":"fail_instance","group":"web","instance":1}"#,
];

/// Whether it was stopped and went on or not: the log is the same.
#[test]
fn what_was_saved_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let [saved, whole, halves] =
        ["saved.json", "whole.jsonl", "halves.jsonl"].map(|name| path_in(folder.path(), name));
    let act = |served: &Served, change: &str| {
        assert_eq!(served.post("/_sim/world", change).status, 200, "{change}");
        assert_eq!(served.post("/_sim/advance?seconds=2000", "").status, 200);
    };
    let crowd = ["scenarios/flash-crowd.toml", "--no-auth"];
    let served = Served::asgsim(&[&crowd[..], &["--events", &whole]].concat());
    CHANGES.iter().for_each(|change| act(&served, change));
    assert_eq!(served.end("-TERM").0, Some(0));

    let served = Served::asgsim(&[&crowd[..], &["--save", &saved]].concat());
    act(&served, CHANGES[0]);
    act(&served, CHANGES[1]);
    assert_eq!(served.end("-TERM").0, Some(0));
    let served = Served::asgsim(&["--restore", &saved, "--no-auth", "--events", &halves]);
    act(&served, CHANGES[2]);
    assert_eq!(served.end("-TERM").0, Some(0));
    let [whole, halves] = [whole, halves].map(|path| std::fs::read_to_string(path).unwrap());
    assert_eq!(whole, halves);
}

/// A password is not in what the server writes or tells, nor is a secret.
#[test]
fn an_empty_world_keeps_what_was_made_but_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let [saved, events] = ["saved.json", "events.jsonl"].map(|name| path_in(folder.path(), name));
    let served = Served::asgsim(&["--no-auth", "--save", &saved, "--events", &events]);
    let made = served.post(
        PATH,
        "Action=CreateScalingConfiguration&scalingConfigurationName=one&imageId=img-1&cpu=1&mem=1\
         &storageType=2&storageSize=0&rootSize=50&imageType=2&bandwidthType=PayByTraffic\
         &bandwidth=0&wanIp=0&needMonitorAgent=0&needSecurityAgent=0&password=Hush9hush",
    );
    assert_eq!(made.code(), 0, "{made:?}");
    let shown = served.get(&format!("{PATH}?Action=DescribeScalingConfiguration")).body;
    let state = served.get("/_sim/state").body;
    assert!(shown.contains("\"one\"") && state.contains("\"one\""), "{shown}\n{state}");
    let (status, said) = served.end("-TERM");
    assert_eq!(status, Some(0), "{said}");
    let written = [&saved, &events].map(|path| std::fs::read_to_string(path).unwrap());
    for text in [&shown, &state, &said, &written[0], &written[1]] {
        assert!(!text.contains("ush9hus"), "{text}");
    }
    let served = Served::asgsim(&["--no-auth", "--restore", &saved]);
    assert_eq!(served.get("/_sim/state").body, state);
    assert_eq!(served.end("-TERM").0, Some(0));
}

#[test]
fn who_is_let_in_is_said_first() {
    let (status, said) = refused(&[]);
    assert_eq!(status, Some(2));
    assert!(said.starts_with("asgsim: error: whom to let in? Give --secret-id"), "{said}");
    let folder = tempfile::tempdir().unwrap();
    let keys = path_in(folder.path(), "keys.toml");
    std::fs::write(&keys, "[[key]]\nsecret_id = \"a\"\nsecret_key = \"hush\nx").unwrap();
    let (status, said) = refused(&["--keys", &keys]);
    assert_eq!(status, Some(2));
    assert!(said.contains("keys.toml: ") && !said.contains("hush"), "{said}");
    std::fs::write(&keys, "[[key]]\nsecret_id = \"a\"\nsecret_key = \"hush\"\naccount = \"7\"")
        .unwrap();
    let served = Served::asgsim(&["--keys", &keys]);
    assert_eq!(served.get(&format!("{PATH}?Action=DescribeScalingGroup")).code(), 4000);
    assert_eq!(served.end("-TERM").0, Some(0));
}

#[test]
fn regions_and_projects_are_those_of_the_world() {
    let folder = tempfile::tempdir().unwrap();
    let file = path_in(folder.path(), "world.toml");
    let write = |region: &str| {
        let text = format!(
            "name = \"w\"\nstart = \"2024-03-01 00:00:00\"\nduration = \"1d\"\n[account]\nregion = \"{region}\"\n\
             project = 7\n[[group]]\nname = \"web\"\nmin = 1\nmax = 4\ndesired = 2\n"
        );
        std::fs::write(&file, text).unwrap();
    };
    write("atlantis");
    let (status, said) = refused(&[&file, "--no-auth"]);
    assert_eq!(status, Some(2));
    let expected =
        "world.toml:5: account.region: the service has no region \"atlantis\" (known: gz,";
    assert!(said.contains(expected), "{said}");

    write("sh");
    let served = Served::asgsim(&[&file, "--no-auth", "--project", "8"]);
    let count = |more: &str| {
        let listed = served.get(&format!("{PATH}?Action=DescribeScalingGroup{more}")).json();
        listed["data"]["totalCount"].as_i64().unwrap_or_else(|| panic!("{listed}"))
    };
    for (more, expected) in [
        ("", 1),
        ("&Region=sh", 1),
        ("&Region=ap-shanghai&projectId=7", 1),
        ("&Region=gz", 0),
        ("&projectId=8", 0),
    ] {
        assert_eq!(count(more), expected, "{more}");
    }
    assert_eq!(served.end("-TERM").0, Some(0));
}

#[test]
fn tls_says_where_its_certificate_is() {
    let folder = tempfile::tempdir().unwrap();
    let ca = path_in(folder.path(), "ca.pem");
    let served = Served::asgsim(&[
        "--no-auth",
        "--tls",
        "self-signed",
        "--tls-ca-out",
        &ca,
        "--clock",
        "x9",
    ]);
    assert!(served.said.contains(&format!("SSL_CERT_FILE={ca}\n")), "{}", served.said);
    assert!(std::fs::read_to_string(&ca).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(served.get("/_sim/state").json()["clock"], "x9");
    let (_, said) = served.end("-TERM");
    assert!(said.contains("asgsim: tunnels to scaling.api.qcloud.com: https_proxy=http://127"));
    let (status, said) = refused(&["--no-auth", "--tls-cert", &ca, "--tls-key", &ca]);
    assert_eq!(status, Some(2));
    assert!(said.starts_with("asgsim: error: the key cannot be used: "), "{said}");
    let (status, said) = refused(&["--no-auth", "--https-only"]);
    assert_eq!(status, Some(2));
    assert!(said.contains("--https-only: there is no HTTPS without --tls or --tls-cert"), "{said}");
}

#[test]
fn other_addresses_than_loopback_are_warned_of() {
    // This address is nobody's: it is warned of, and then there is nothing to listen on.
    let (status, said) = refused(&["--no-auth", "--listen", "192.0.2.1:0"]);
    assert_eq!(status, Some(3));
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines[0],
        "asgsim: warning: whoever reaches this address may call the service, and /_sim: --no-auth"
    );
    assert!(lines[1].starts_with("asgsim: error: 192.0.2.1:0: "), "{said}");
}

/// The lines of the README, as they stand there but for the port.
#[test]
fn the_readme_s_lines_can_be_typed() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: no curl");
        return;
    }
    let readme = include_str!("../../../README.md");
    let start = readme.find("```sh\ncurl ").expect("the block") + 6;
    let lines = readme[start..].lines().take_while(|line| *line != "```");
    let served = Served::asgsim(&["scenarios/flash-crowd.toml", "--no-auth"]);
    let mut told = Vec::new();
    for line in lines {
        let line = line.replace("127.0.0.1:8080", &served.address);
        let line = line.replace("curl -s", "curl -s --fail-with-body");
        let run = Command::new("sh").args(["-c", &line]).output().unwrap();
        let out = String::from_utf8(run.stdout).unwrap();
        // Of what does not end, one second is enough.
        let is_fine = run.status.success() || line.contains("--max-time");
        assert!(is_fine, "{line}\n{out}");
        told.push(out);
    }
    assert_eq!(told.len(), 9);
    assert!(told[0].contains(r#""scalingGroupName":"web""#), "{}", told[0]);
    assert!(told[5].contains(r#""time":"2024-03-01 20:30:00""#), "{}", told[5]);
    assert!(told[6].starts_with("data: {"), "{}", told[6]);
    assert_eq!(told[8], "ok\n");
    assert_eq!(served.end("-TERM").0, Some(0));
}
