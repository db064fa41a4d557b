//! The page and the picture of a run: what is in them, and that nothing in a file becomes markup.

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::command::{CROWD, TWO, asgsim, write};

/// Minute data of a year that scales every day.
pub const YEAR: &str = r#"
name = "year"
about = "A year of minutes."
start = "2023-01-01 00:00:00"
duration = "365d"
[trace.shop]
interval = "1m"
synth = { base = 1000, daily = 600, weekly = 150, noise = 30 }
[[group]]
name = "shop"
min = 2
max = 30
desired = 8
load = { demand = "shop", per_instance = 100 }
policy = [
  { name = "out", metric = { dimension = "cpu_usage", operator = "Greater", threshold = 70, repeat_times = 1 }, adjustment = { type = "QuantityChangeInCapacity", value = 1 }, cooldown = "5m" },
  { name = "in", metric = { dimension = "cpu_usage", operator = "Less", threshold = 50, repeat_times = 3 }, adjustment = { type = "QuantityChangeInCapacity", value = -1 }, cooldown = "10m" },
]
"#;

fn page(scenario: &str) -> String {
    let (status, out, err) = asgsim(&["run", scenario, "--html", "-"]);
    assert_eq!((status, err.as_str()), (0, ""));
    out
}

/// What an element of packed text holds.
fn unpacked(page: &str, id: &str) -> String {
    let open = format!("<script type=\"text/plain\" id=\"{id}\">");
    let from = page.find(&open).expect("the element") + open.len();
    let packed = &page[from..from + page[from..].find('<').unwrap()];
    let bytes = STANDARD.decode(packed).unwrap();
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    text
}

/// What the page knows, and what it knows of its first run.
fn document(page: &str) -> Value {
    serde_json::from_str(&unpacked(page, "data")).unwrap()
}

fn data(page: &str) -> Value {
    document(page)["runs"][0].take()
}

#[test]
fn the_page_knows_what_the_result_knows() {
    let data = data(&page(CROWD));
    let (_, out, _) = asgsim(&["run", CROWD, "--json", "-", "--series"]);
    let result: Value = serde_json::from_str(&out).unwrap();
    for key in ["scenario", "seed", "digest", "events", "warnings"] {
        assert_eq!(data[key], result[key], "{key}");
    }
    let (shown, group) = (&data["groups"][0], &result["groups"][0]);
    let len = |value: &Value| value.as_array().unwrap().len();
    assert_eq!(len(&shown["activities"]), len(&group["activities"]));
    assert_eq!(len(&shown["decisions"]), len(&group["decisions"]));
    assert_eq!(len(&shown["sizes"]["t"]["d"]), len(&group["timeline"]));
    assert_eq!(shown["metrics"][0]["name"], "cpu_usage");
    let names: Vec<_> = shown["lanes"].as_array().unwrap().iter().map(|l| &l["name"]).collect();
    assert_eq!(names, ["scale out", "scale in", "cooldown"]);
    // Packed samples add up to those of the series, to half a unit.
    let packed = &shown["load"]["offered"];
    let unit = packed["unit"].as_f64().unwrap();
    let mut units = 0;
    let samples = group["series"]["offered"].as_array().unwrap();
    assert_eq!(len(&packed["d"]), samples.len());
    for (step, sample) in packed["d"].as_array().unwrap().iter().zip(samples) {
        units += step.as_i64().unwrap();
        let gap = units as f64 * unit - sample.as_f64().unwrap();
        assert!(gap.abs() <= unit * 0.501, "{gap}");
    }
    let refused =
        shown["decisions"].as_array().unwrap().iter().find(|d| d["outcome"] == "cooldown");
    let why = refused.unwrap()["why"].as_str().unwrap();
    assert!(why.contains("refused: cooldown from asa-"), "{why}");
}

#[test]
fn every_figure_says_what_it_means() {
    let recorded = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/recorded-week.toml");
    for scenario in [CROWD, recorded] {
        let set = "slo.response_time=true";
        let data = data(&asgsim(&["run", scenario, "--set", set, "--html", "-"]).1);
        let figures = data["groups"][0]["figures"].as_array().unwrap();
        assert!(figures.len() >= 15);
        for figure in figures {
            assert!(figure[2].as_str().unwrap().len() > 20, "{figure}");
        }
    }
}

#[test]
fn the_page_carries_the_scenario() {
    let (_, out, _) = asgsim(&["run", CROWD, "--set", "seed=7", "--html", "-"]);
    let source = &data(&out)["source"];
    assert_eq!(source["file"], "flash-crowd.toml");
    assert_eq!(source["overrides"][0], "seed=7");
    assert_eq!(source["text"].as_str(), std::fs::read_to_string(CROWD).ok().as_deref());
}

#[test]
fn two_runs_on_one_page() {
    let set = "group.web.policy.out.cooldown=1m";
    let (status, out, err) = asgsim(&["compare", CROWD, "--set-b", set, "--html", "-"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(out.contains("<title>flash-crowd, twice</title>"));
    let document = document(&out);
    let (_, json, _) = asgsim(&["compare", CROWD, "--set-b", set, "--json", "-"]);
    let found: Value = serde_json::from_str(&json).unwrap();
    let (shown, found) = (&document["comparison"]["groups"][0], &found["groups"][0]);
    for side in ["a", "b", "what"] {
        assert_eq!(shown["first"][side], found["first_difference"][side]);
    }
    let keys = |value: &Value| value["figures"].as_array().unwrap().len();
    assert_eq!(keys(shown), keys(found));
    for (shown, found) in
        shown["figures"].as_array().unwrap().iter().zip(found["figures"].as_array().unwrap())
    {
        assert_eq!((&shown["a"], &shown["b"]), (&found["a"], &found["b"]));
    }
    let runs = document["runs"].as_array().unwrap();
    assert_ne!(runs[0]["digest"], runs[1]["digest"]);
    // Each side knows what a run of its own knows.
    assert_eq!(runs[0], data(&page(CROWD)));
    let both = ["compare", CROWD, "--html", "-", "--json", "-"];
    assert_eq!(asgsim(&both).0, 2);
}

#[test]
fn the_page_stands_alone_and_is_the_same_each_time() {
    let first = page(CROWD);
    assert_eq!(first, page(CROWD));
    for outside in ["src=", "href=\"http", "@import", "url(", "fetch(", "XMLHttpRequest"] {
        assert!(!first.contains(outside), "{outside}");
    }
    assert!(first.contains("plotly.js v") && first.contains("Licensed under the MIT license"));
    let library = unpacked(&first, "library");
    assert!(
        library.contains("Plotly") && !library.contains("MathJax=") && library.len() > 1_000_000
    );
    assert!(!first.contains("{{"), "a slot was left empty");
}

#[test]
fn nothing_in_a_file_becomes_markup() {
    let folder = tempfile::tempdir().unwrap();
    let evil = r#"</script><script>alert(1)</script><b>&"'`{{data}}"#;
    let quoted = serde_json::to_string(evil).unwrap();
    let text = TWO
        .replace("name = \"two\"", &format!("name = {quoted}\nabout = {quoted}"))
        .replace("name = \"a\"", "name = \"<i>a&amp;\"")
        .replace("name = \"out\"", "name = \"<u>o&lt;\"");
    let scenario = write(folder.path(), "evil.toml", &text);
    let page = page(&scenario);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<i>") && !page.contains("<u>"));
    assert!(page.contains("<title>&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;&amp;&quot;&#39;`{{data}}</title>"));
    let data = data(&page);
    assert_eq!((data["scenario"].as_str(), data["about"].as_str()), (Some(evil), Some(evil)));
    assert_eq!(data["groups"][0]["name"], "<i>a&amp;");
    let (status, svg, err) = asgsim(&["run", &scenario, "--svg", "-"]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(svg.contains("&lt;/script&gt;") && !svg.contains("<script") && !svg.contains("<i>"));
}

#[test]
fn a_year_of_minutes_is_below_eight_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let page = page(&write(folder.path(), "year.toml", YEAR));
    println!("{} bytes", page.len());
    assert!(page.len() < 8_000_000, "{} bytes", page.len());
    assert_eq!(data(&page)["groups"][0]["load"]["offered"]["d"].as_array().unwrap().len(), 525_600);
}

#[test]
fn pictures_are_svg_whatever_the_load() {
    let folder = tempfile::tempdir().unwrap();
    let bare = "name = \"bare\"\nstart = \"2024-03-01 10:00:00\"\nduration = \"1h\"\n\
                [[group]]\nname = \"g\"\nmin = 0\nmax = 1\n";
    let many = bare.replace("[[group]]", "[limits]\ngroups_per_project = 30\n[[group]]");
    let many: String = (1..30)
        .fold(many, |text, i| text + &format!("[[group]]\nname = \"g{i}\"\nmin = 0\nmax = 1\n"));
    let two = write(folder.path(), "two.toml", TWO);
    let (bare, many) =
        (write(folder.path(), "bare.toml", bare), write(folder.path(), "many.toml", &many));
    for scenario in [CROWD, &two, &bare, &many] {
        let (status, svg, err) = asgsim(&["run", scenario, "--svg", "-"]);
        assert_eq!((status, err.as_str()), (0, ""), "{scenario}");
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{scenario}");
        assert_eq!(asgsim(&["run", scenario, "--svg", "-"]).1, svg, "{scenario}");
        page(scenario);
    }
    assert!(asgsim(&["run", &many, "--svg", "-"]).1.contains("and 10 more groups"));
    let (status, _, err) = asgsim(&["run", CROWD, "--svg", "-", "--html", "-"]);
    assert_eq!(status, 2);
    assert!(err.contains("--html") && err.contains("can go to stdout"), "{err}");
}
