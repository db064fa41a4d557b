//! Argument lists that nobody means: through the parser alone, and to real processes.

use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;

use super::mutate::{cases, texts};
use super::seeds::{SCENARIOS, TRACES, WORDS};
use super::{inputs, runner};

/// One process stands for so many inputs: it costs as much.
const INPUTS_PER_PROCESS: u32 = 20;
/// A process that is not done by then never ends; starting one takes a while on a busy machine.
const NEVER: Duration = Duration::from_secs(60);
/// The longest text of an error, in bytes: the parser lists what it knows.
const TEXT_MAX: usize = 6_000;

/// What an argument list is made of. Outputs stay in the folder at hand.
const ARGUMENTS: &[&str] = &[
    "run",
    "run",
    "run",
    "test",
    "test",
    "schema",
    "completions",
    "man",
    "--baseline",
    "bash",
    "help",
    "--help",
    "-h",
    "--version",
    "case.toml",
    "case.toml",
    "case.toml",
    "good.toml",
    "mixed.csv",
    "no-such.toml",
    "data",
    ".",
    "",
    "-",
    "--",
    "--json",
    "--json=-",
    "--events",
    "--events=-",
    "--csv",
    "--csv=out",
    "--csv=mixed.csv",
    "--series",
    "--set",
    "--set=seed=1",
    "--set=",
    "--set==",
    "--set=a",
    "--seed",
    "--seed=18446744073709551615",
    "--seed=18446744073709551616",
    "--seed=-1",
    "--until",
    "--until=+1h",
    "--until=+0s",
    "--decisions",
    "--decisions=all",
    "all",
    "--quiet",
    "-q",
    "-qq",
    "--save",
    "--save=state.json",
    "--save=data",
    "--restore",
    "--restore=state.json",
    "--restore=good.toml",
    "--junit=report.xml",
    "--junit",
    "-x",
    "--no-such",
    "--no\nsuch",
    "\u{1b}[2J",
    "--set=\u{1b}[2J=1",
    "line\nline",
];

fn arguments() -> impl Strategy<Value = Vec<String>> {
    let set = (select(&WORDS[..]), texts()).prop_map(|(word, text)| format!("--set={word}={text}"));
    let until = texts().prop_map(|text| format!("--until={text}"));
    // A path would lead out of the folder; NUL cannot be handed to a process.
    let text = ".{0,12}".prop_map(|text| text.replace(['/', '\\', '\0'], "_"));
    let one = prop_oneof![
        20 => select(ARGUMENTS).prop_map(str::to_owned),
        2 => set,
        1 => until,
        2 => text,
    ];
    let tail = vec(one.clone(), 0..7);
    let free = vec(one, 0..8);
    let first = select(&["run", "run", "test"][..]);
    let sensible = (first, tail).prop_map(|(command, mut tail)| {
        tail.insert(0, command.to_owned());
        tail.insert(1, "case.toml".to_owned());
        tail
    });
    prop_oneof![1 => free, 2 => sensible]
}

/// What the command says to nobody's satisfaction: short, and without orders to a terminal.
fn is_clear(text: &str) -> Result<(), String> {
    if text.len() > TEXT_MAX {
        return Err(format!("{} bytes are no clear message", text.len()));
    }
    match text.chars().find(|c| c.is_control() && *c != '\n') {
        Some(odd) => Err(format!("{odd:?} in {text:?}")),
        None => Ok(()),
    }
}

/// What the argument parser says; without a command that is the help.
fn is_error(text: &str) -> bool {
    text.starts_with("error: ") || text.contains("\nUsage: asgsim <COMMAND>\n")
}

#[test]
fn any_arguments_are_read_or_refused() {
    let tried =
        runner(inputs().0).run(&arguments(), |arguments| {
            match asgsim::cli::check_arguments(arguments.iter().map(String::as_str)) {
                Ok(()) => Ok(()),
                Err((0, help)) if !help.is_empty() => Ok(()),
                Err((2, message)) if is_error(&message) => {
                    is_clear(&message).map_err(TestCaseError::fail)
                }
                Err((status, text)) => Err(TestCaseError::fail(format!("status {status}: {text}"))),
            }
        });
    if let Err(error) = tried {
        panic!("{error}");
    }
}

/// A real run in a folder of its own; gives its exit status if it ends well.
fn execute(folder: &Path, arguments: &[String]) -> Result<i32, String> {
    let mut command = Command::cargo_bin("asgsim").map_err(|e| e.to_string())?;
    let output = command.current_dir(folder).args(arguments).timeout(NEVER).output();
    let output = output.map_err(|e| e.to_string())?;
    let said = String::from_utf8(output.stderr).map_err(|e| e.to_string())?;
    let status = output.status.code();
    if output.stdout.contains(&0x1b) {
        return Err("an escape on stdout".to_owned());
    }
    let is_well = match status {
        Some(0) if said.is_empty() => Ok(()),
        Some(1) if said.is_empty() && !output.stdout.is_empty() => Ok(()),
        Some(2 | 3) if said.starts_with("asgsim: error: ") && said.lines().count() == 1 => {
            is_clear(&said)
        }
        // The argument parser explains itself in more lines.
        Some(2) if is_error(&said) => is_clear(&said),
        _ => Err(format!("status {status:?}: {said:?}")),
    };
    is_well.map(|()| status.unwrap_or_default())
}

#[test]
fn processes_end_well() {
    let (count, _) = inputs();
    let input = (cases(), arguments());
    let tried = runner(count.div_ceil(INPUTS_PER_PROCESS)).run(&input, |(case, arguments)| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        write("case.toml", &case.scenario);
        let good = "start = \"2024-03-01 00:00:00\"\nduration = \"1h\"\n";
        let good = format!("name = \"good\"\n{good}[[group]]\nname = \"g\"\nmin = 0\nmax = 1\n");
        write("good.toml", good.as_bytes());
        assert_eq!(case.traces.len(), TRACES.len());
        case.traces.iter().for_each(|(name, bytes)| write(name, bytes));
        // One small run is what a process is for here; large ones are played in `play`.
        let mut arguments = arguments;
        if matches!(arguments.first().map(String::as_str), Some("run" | "test")) {
            for limit in ["work=200000", "records=20000"] {
                arguments.insert(1, format!("--set=limits.{limit}"));
            }
        }
        execute(folder.path(), &arguments).map(drop).map_err(TestCaseError::fail)
    });
    if let Err(error) = tried {
        panic!("{error}");
    }
}

/// What stands in an argument or in a file is shown, never obeyed.
#[test]
fn the_terminal_is_neither_ordered_nor_filled() {
    let folder = tempfile::tempdir().unwrap();
    let text = |group: &str| {
        format!(
            "name = \"n\\u001b[2J\"\nstart = \"2024-03-01 00:00:00\"\nduration = \"1h\"\n\
             [[group]]\nname = \"{group}\"\nmin = 0\nmax = 1\n\
             [[expect]]\ngroup = \"{group}\"\nthroughout = true\ndesired = 7\n"
        )
    };
    std::fs::write(folder.path().join("case.toml"), text("g")).unwrap();
    std::fs::write(folder.path().join("n\u{1b}[2J.toml"), text("g")).unwrap();
    std::fs::write(folder.path().join("group.toml"), text("g\\u001b[2J")).unwrap();
    let long = format!("--until={}", "x".repeat(20_000));
    let tries: [(&[&str], i32); 10] = [
        (&["run", "case.toml"], 0),
        (&["test", "case.toml"], 1),
        (&["test", "n\u{1b}[2J.toml"], 1),
        (&["run", "group.toml"], 2),
        (&["run", "case.toml", "--", &long], 2),
        (&["run", "case.toml", &long], 2),
        (&["run", "no\u{1b}[2J\nsuch.toml"], 2),
        (&["run", "case.toml", "--until", "\u{1b}[2J"], 2),
        (&["run", "case.toml", "--set", "\u{1b}[2J\n"], 2),
        (&["run", "case.toml", "--\u{1b}[2J\n"], 2),
    ];
    for (arguments, status) in tries {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(execute(folder.path(), &arguments), Ok(status), "{arguments:?}");
    }
}

/// What is known beforehand is a fault of the input; what shows only in the run is one of the run.
#[test]
fn limits_have_their_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("busy.toml"), SCENARIOS[4]).unwrap();
    for (limit, status) in [("records=500", 3), ("work=1000", 2), ("records=100000", 0)] {
        let set = format!("--set=limits.{limit}");
        let arguments = ["run", "busy.toml", "--until=+1h", &set].map(str::to_owned);
        assert_eq!(execute(folder.path(), &arguments), Ok(status), "{limit}");
    }
}
