//! What is written: the result, the event log, the text.

use serde_json::Value;

use super::lines::{SCENARIO, folder, ran, stdout};

fn result(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON document")
}

#[track_caller]
fn assert_keys(value: &Value, keys: &str) {
    let mut found: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted: Vec<&str> = keys.split_whitespace().collect();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

const GROUP: &str = "name id timeline activities decisions notifications summary";
const SUMMARY: &str = "instance_hours cost slo_minutes lost_load under_accuracy over_accuracy \
    under_timeshare over_timeshare instability flaps reversals_per_day scale_outs scale_ins refused_busy \
    refused_cooldown refused_failed refused_suspended partial_activities failed_activities \
    failed_launches refused_launches given_up hook_waits expired_waits hook_wait_minutes marked \
    replaced suspended_minutes notifications pinned_min_minutes pinned_max_minutes utilisation recovery \
    headroom saturated reaction provisioning refused_minutes response_time recorded_instance_hours recorded_cost low_confidence_minutes missing_minutes";

#[test]
fn the_result_has_every_key() {
    let folder = folder();
    let text = stdout(&folder, &["run", "two.toml", "--json", "-"]);
    assert!(text.ends_with("}\n") && text.matches('\n').count() == 1);
    let result = result(&text);
    assert_keys(
        &result,
        "schema scenario version seed start end digest events groups expectations warnings",
    );
    assert_eq!(result["schema"], "asgsim.result/1");
    assert_eq!(result["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!((&result["start"], &result["end"]), (&1_709_258_400.into(), &1_709_262_000.into()));
    let groups = result["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    for group in groups {
        assert_keys(group, GROUP);
        assert_keys(&group["summary"], SUMMARY);
        assert_keys(&group["summary"]["utilisation"], "mean p50 p95 max");
        for durations in ["recovery", "reaction", "provisioning"] {
            assert_keys(&group["summary"][durations], "count median_s max_s");
        }
        assert_keys(&group["summary"]["headroom"], "min p5");
        assert_keys(&group["summary"]["saturated"], "minutes stretches");
        let reasons = "busy cooldown failed suspended at_max";
        assert_keys(&group["summary"]["refused_minutes"], reasons);
        let rows = group["timeline"].as_array().unwrap();
        rows.iter().for_each(|row| assert_keys(row, "t min max desired members in_service"));
    }
    let web = &groups[0];
    assert_keys(
        &web["activities"][0],
        "id type status error_code cause description msg t_start t_end start_time end_time \
         succ_ins_list fail_ins_list origin origin_name",
    );
    let decisions = web["decisions"].as_array().unwrap();
    let accepted = decisions.iter().find(|d| d["outcome"] == "accepted").unwrap();
    assert_keys(
        accepted,
        "t policy value threshold streak outcome desired unclamped target actual blocker",
    );
    let finding = &result["expectations"][0];
    assert_keys(finding, "group expected holds found t");
    assert_eq!(finding["holds"], true);
}

#[test]
fn arrays_are_there_when_empty() {
    let folder = folder();
    let bare = "name = \"bare\"\nstart = \"2024-03-01 10:00:00\"\nduration = \"1h\"\n\
                [[group]]\nname = \"g\"\nmin = 0\nmax = 1\n";
    std::fs::write(folder.path().join("bare.toml"), bare).unwrap();
    let result = result(&stdout(&folder, &["run", "bare.toml", "--json", "-"]));
    let empty = Value::Array(Vec::new());
    assert_eq!((&result["expectations"], &result["warnings"]), (&empty, &empty));
    let group = &result["groups"][0];
    for key in ["activities", "decisions", "notifications"] {
        assert_eq!(group[key], empty, "{key}");
    }
    assert_keys(group, GROUP);
    assert_keys(&group["summary"], SUMMARY);
    assert_eq!(group["summary"]["slo_minutes"], Value::Null);
    assert_eq!(group["timeline"].as_array().unwrap().len(), 1);
}

#[test]
fn recorded_counts_stand_in_the_timeline() {
    let folder = folder();
    let recorded = SCENARIO
        .replace("demand = \"load\"\nper_instance = 100", "recorded = \"load\"\ninstances = 4");
    std::fs::write(folder.path().join("recorded.toml"), recorded).unwrap();
    let result = result(&stdout(&folder, &["run", "recorded.toml", "--json", "-"]));
    let row = &result["groups"][0]["timeline"][0];
    assert_keys(row, "t min max desired members in_service recorded");
    assert_eq!(row["recorded"], 4);
    assert_eq!(result["groups"][0]["summary"]["recorded_instance_hours"], 4.0);
}

#[test]
fn a_file_and_the_text_go_together() {
    let folder = folder();
    let text = stdout(&folder, &["run", "two.toml", "--json", "r.json", "--events", "e.jsonl"]);
    assert!(text.starts_with("two\n2024-03-01 10:00:00 to "), "{text}");
    let written = std::fs::read_to_string(folder.path().join("r.json")).unwrap();
    assert_eq!(written, stdout(&folder, &["run", "two.toml", "--json", "-"]));
    let events = std::fs::read_to_string(folder.path().join("e.jsonl")).unwrap();
    assert_eq!(events, stdout(&folder, &["run", "two.toml", "--events", "-"]));
    let digest = result(&written)["digest"].as_str().unwrap().to_owned();
    assert!(text.ends_with(&format!(" events\ndigest {digest}\n")), "{text}");
}

#[test]
fn seeds() {
    let folder = folder();
    let of = |arguments: &[&str]| {
        let base = ["run", "two.toml", "--json", "-"];
        result(&stdout(&folder, &[&base, arguments].concat()))
    };
    let five = of(&["--seed", "5"]);
    assert_eq!(five["seed"], 5);
    assert_eq!(five, of(&["--set", "seed=5"]));
    assert_eq!(five, of(&["--set", "seed=4", "--seed", "5"]));
    assert_ne!(five["digest"], of(&[])["digest"]);
    assert_ne!(five["groups"][0]["id"], of(&[])["groups"][0]["id"]);
}

#[test]
fn until_ends_the_run() {
    let folder = folder();
    let cut = result(&stdout(&folder, &["run", "two.toml", "--json", "-", "--until", "+10m"]));
    assert_eq!(cut["end"], 1_709_259_000);
    assert_eq!(cut["expectations"], Value::Array(Vec::new()));
    let events = stdout(&folder, &["run", "two.toml", "--events", "-", "--until", "+10m"]);
    let whole = stdout(&folder, &["run", "two.toml", "--events", "-"]);
    assert!(whole.starts_with(&events) && whole.len() > events.len());
    let (status, _, error) = ran(&folder, &["run", "two.toml", "--until", "+0s"]);
    assert_eq!(
        (status, error.as_str()),
        (2, "asgsim: error: two.toml: --until: the run must end after its start\n")
    );
}
