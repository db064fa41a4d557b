//! Reports in a real browser: they draw, zoom, answer the pointer and complain of nothing.
//!
//! Needs `chromium` (or ASGSIM_CHROMIUM) and `node`; without them the tests say so and pass, unless
//! ASGSIM_BROWSER is `required`. The pictures stay in the build folder under `tmp/reports`, to be
//! looked at.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// The browser and the folder for pictures, if there is a browser and something to drive it.
fn browser() -> Option<(PathBuf, PathBuf)> {
    let named = std::env::var_os("ASGSIM_CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let mut all = named.into_iter().chain(usual.map(PathBuf::from));
    let chromium = all.find(|path| path.exists());
    let node = Command::new("node").arg("--version").output().is_ok_and(|o| o.status.success());
    let Some(chromium) = chromium.filter(|_| node) else {
        let required = std::env::var("ASGSIM_BROWSER").is_ok_and(|word| word == "required");
        assert!(!required, "no Chromium (ASGSIM_CHROMIUM) or no Node here, and ASGSIM_BROWSER");
        println!("skipped: no Chromium (ASGSIM_CHROMIUM) or no Node here");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    std::fs::create_dir_all(&folder).unwrap();
    Some((chromium, folder))
}

fn report(scenario: &Path, folder: &Path) -> PathBuf {
    let stem = scenario.file_stem().unwrap().to_str().unwrap();
    let page = folder.join(format!("{stem}.html"));
    let (from, to) = (scenario.to_str().unwrap(), page.to_str().unwrap());
    let (status, _, err) = super::command::asgsim(&["run", from, "-q", "--html", to]);
    assert_eq!(status, 0, "{err}");
    page
}

/// What the driver measured, a document for each report.
fn drive(chromium: &Path, folder: &Path, reports: &[PathBuf]) -> Vec<Value> {
    // One browser at a time: what it measures is time.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/report.mjs");
    let run = Command::new("node").arg(driver).arg(chromium).arg(folder).args(reports).output();
    let run = run.unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    println!("{said}pictures in {}", folder.display());
    let found: Vec<Value> = said.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(found.len(), reports.len());
    found
}

#[test]
fn the_report_of_every_scenario_draws_zooms_and_answers() {
    let Some((chromium, folder)) = browser() else { return };
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<_> =
        std::fs::read_dir(scenarios).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "toml"));
    files.sort();
    let reports: Vec<_> = files.iter().map(|file| report(file, &folder)).collect();
    let found = drive(&chromium, &folder, &reports);
    let with_reason = found.iter().filter(|f| f["said"].is_string()).count();
    assert!(with_reason >= 5, "reports that showed why a trigger was refused: {with_reason}");
}

#[test]
fn two_runs_over_each_other_draw_zoom_and_answer() {
    let Some((chromium, folder)) = browser() else { return };
    let (crowd, page) = (super::command::CROWD, folder.join("compare.html"));
    let set = "group.web.policy.out.cooldown=1m";
    let to = page.to_str().unwrap();
    let (status, _, err) =
        super::command::asgsim(&["compare", crowd, "--set-b", set, "--html", to]);
    assert_eq!(status, 0, "{err}");
    let found = drive(&chromium, &folder, &[page]);
    // The line where they part, and a refusal of the first run that the second does not have.
    assert_eq!(found[0]["parted"], "2024-03-01 19:50:00", "{found:?}");
    assert!(found[0]["said"].as_str().unwrap().contains("cooldown"), "{found:?}");
    let names: Vec<_> =
        found[0]["names"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    for name in ["capacity in service A", "capacity in service B", "in service A", "in service B"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

/// Minute data of a year, zoomed in less than a second; a day of it shows every sample.
#[test]
fn a_year_of_minutes_is_quick() {
    let Some((chromium, folder)) = browser() else { return };
    let scenario = folder.join("year.toml");
    std::fs::write(&scenario, super::pages::YEAR).unwrap();
    let found = drive(&chromium, &folder, &[report(&scenario, &folder)]);
    for key in ["zoom_ms", "all_ms"] {
        assert!(found[0][key].as_u64().unwrap() < 1000, "{key}: {found:?}");
    }
    assert!(found[0]["samples"].as_u64().unwrap() >= 1440, "{found:?}");
}
