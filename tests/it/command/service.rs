//! The whole service from the command: what is refused, saved, and written as tables.

use serde_json::Value;
use tempfile::TempDir;

use super::lines::{ran, stdout};

/// A scenario that uses every table and every timed command.
const SERVICE: &str = include_str!("../robustness/service.toml");

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("service.toml"), SERVICE).unwrap();
    folder
}

fn result(folder: &TempDir) -> Value {
    serde_json::from_str(&stdout(folder, &["run", "service.toml", "--json", "-"])).unwrap()
}

#[test]
fn refused_commands_are_warnings_and_no_failure() {
    let folder = folder();
    let result = result(&folder);
    let warnings: Vec<&str> =
        result["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    let refused: Vec<&&str> = warnings.iter().filter(|w| w.contains("was refused: ")).collect();
    assert!(!refused.is_empty(), "{warnings:?}");
    let (status, text, _) = ran(&folder, &["run", "service.toml"]);
    assert_eq!(status, 0);
    let (_, listed) = text.split_once("\nwarnings\n").unwrap();
    let listed: String = listed.split_whitespace().collect();
    for warning in refused {
        let warning: String = warning.split_whitespace().collect();
        assert!(listed.contains(&warning), "{warning} is not in {listed}");
    }
    for section in ["waits at hooks", "what else happened", "causes and outages"] {
        assert!(text.contains(&format!("\n{section}\n")), "{section}: {text}");
    }
}

#[test]
fn a_state_between_is_gone_on_from() {
    let folder = folder();
    let whole = stdout(&folder, &["run", "service.toml", "--events", "-"]);
    // Amid waits, back-offs, a suspension, conditions and an outage.
    for until in ["+2m", "+4m30s", "+10m", "+14m1s", "+26m", "+37m", "+61m30s"] {
        let save = ["run", "service.toml", "--until", until, "--save", "half.json", "-q"];
        assert_eq!(stdout(&folder, &save), "");
        let rest = stdout(&folder, &["run", "--restore", "half.json", "--events", "-"]);
        assert_eq!(rest, whole, "{until}");
    }
}

fn rows(folder: &TempDir, name: &str) -> Vec<csv::StringRecord> {
    let text = std::fs::read_to_string(folder.path().join("tables").join(name)).unwrap();
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn tables_of_activities_and_notifications() {
    let folder = folder();
    stdout(&folder, &["run", "service.toml", "--csv", "tables", "-q"]);
    let result = result(&folder);
    let of_groups = |key: &str| -> Vec<Value> {
        let groups = result["groups"].as_array().unwrap().iter();
        groups.flat_map(|group| group[key].as_array().unwrap().clone()).collect()
    };
    let activities = rows(&folder, "activities.csv");
    let column = |name: &str| activities[0].iter().position(|header| header == name).unwrap();
    let (succeeded, failed) = (column("succ_ins_list"), column("fail_ins_list"));
    let list = |value: &Value| {
        let ids = value.as_array().unwrap().iter().map(|id| id.as_str().unwrap());
        ids.collect::<Vec<_>>().join(" ")
    };
    let all = of_groups("activities");
    assert_eq!(activities.len() - 1, all.len());
    assert!(all.iter().any(|a| !a["fail_ins_list"].as_array().unwrap().is_empty()));
    for (row, activity) in activities[1..].iter().zip(&all) {
        assert_eq!(row[succeeded], list(&activity["succ_ins_list"]));
        assert_eq!(row[failed], list(&activity["fail_ins_list"]));
    }
    let notifications = rows(&folder, "notifications.csv");
    let all = of_groups("notifications");
    let header = "group,t,kind,type,receivers,activity,policy,hook,instance";
    assert_eq!(notifications[0].iter().collect::<Vec<_>>().join(","), header);
    assert_eq!(notifications.len() - 1, all.len());
    for kind in ["activity", "policy", "hook"] {
        assert!(all.iter().any(|n| n["kind"] == kind), "{kind}");
    }
    for (row, notification) in notifications[1..].iter().zip(&all) {
        assert_eq!(&row[2], notification["kind"].as_str().unwrap());
        assert_eq!(row[4], list(&notification["receivers"]));
        assert_eq!(&row[5], notification["activity"].as_str().unwrap_or_default());
    }
}

/// A password in a scenario is refused, and shown nowhere.
#[test]
fn passwords_are_not_repeated() {
    let folder = folder();
    let secret = SERVICE.replace("password = \"set\"", "password = \"hunter2\"");
    std::fs::write(folder.path().join("secret.toml"), secret).unwrap();
    let (status, out, error) = ran(&folder, &["run", "secret.toml"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(error.contains("configuration.small.password") && !error.contains("hunter2"));
}
