//! `docs/lint.md` has a section for each rule, in their order, and for nothing else.

use asgsim::lint::RULES;

#[test]
fn every_rule_has_a_section() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lint.md");
    let text = std::fs::read_to_string(path).unwrap();
    let sections: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## `")).collect();
    let rules: Vec<String> =
        RULES.iter().map(|rule| format!("{}`: {}", rule.id, rule.title)).collect();
    assert_eq!(sections, rules);
    for section in text.split("\n## `").skip(1) {
        let words = section.split_whitespace().count();
        let (title, _) = section.split_once('\n').unwrap();
        assert!(words > 50, "too little is said of {title}");
        for part in ["**Why**", "**Example**", "**What to do**"] {
            assert!(section.contains(part), "{title}: no {part}");
        }
    }
}

#[test]
fn titles_are_unlike() {
    let mut titles: Vec<&str> = RULES.iter().map(|rule| rule.title).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), RULES.len());
}
