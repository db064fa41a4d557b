//! `unused-allow`: entries of `[[lint.allow]]`, and whether they still do anything.

use crate::lint::place::Place;
use crate::lint::{Finding, Findings, RULES, Rule};
use crate::scenario::AllowTable;

/// Groups have nothing to do with it: it is judged when all other findings are known.
pub(super) const RULE: Rule =
    Rule { id: "unused-allow", title: "a suppression without effect", check: |_| Vec::new() };

/// Takes out what is meant to be there, and finds the entries that took out nothing.
pub(super) fn sort_out(found: Vec<Finding>, allow: &[AllowTable]) -> Findings {
    let fits = |entry: &AllowTable, finding: &Finding| {
        let is_within = |at: &String| finding.place.is_within(at);
        entry.rule == finding.rule && entry.at.as_ref().is_none_or(is_within)
    };
    let unused = allow.iter().enumerate().filter_map(|(index, entry)| {
        let used = found.iter().any(|finding| fits(entry, finding));
        (!used).then(|| unused(index, entry))
    });
    let unused: Vec<Finding> = unused.collect();
    let mut findings = Findings::default();
    for finding in found.into_iter().chain(unused) {
        match allow.iter().find(|entry| fits(entry, &finding)) {
            Some(entry) => findings.allowed.push((finding, entry.reason.clone())),
            None => findings.found.push(finding),
        }
    }
    findings
}

fn unused(index: usize, entry: &AllowTable) -> Finding {
    let place = Place::default().key("lint").item("allow", index, "");
    let rule = &entry.rule;
    if RULES.iter().any(|known| known.id == *rule) {
        let why = match &entry.at {
            Some(at) => format!("`{rule}` finds nothing at {at}"),
            None => format!("`{rule}` finds nothing here"),
        };
        return Finding::note(&RULE, place, why, "take the entry out");
    }
    let known: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    let advice = format!("the rules are {}", known.join(", "));
    Finding::warning(&RULE, place.key("rule"), format!("no rule is named `{rule}`"), advice)
}
