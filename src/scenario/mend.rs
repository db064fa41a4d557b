//! All faults of a scenario, not only the first: what is at fault is taken out, and the rest is
//! looked at again.

use crate::scenario::document::Document;
use crate::scenario::error::{Fault, ScenarioError};
use crate::scenario::node::{Kind, Node, Segment};

/// More faults than this are not looked for.
const FAULTS_MAX: usize = 100;

/// Lists whose elements can be taken out without harm to the rest.
const LISTS: [&str; 9] = [
    "policy",
    "scheduled_task",
    "hook",
    "notification",
    "at",
    "expect",
    "allow",
    "machine",
    "group",
];
/// Tables that a scenario can do without.
const TABLES: [&str; 6] = ["semantics", "latency", "cost", "slo", "faults", "lint"];

/// Makes something of a document, or gives every fault that can be told apart, in the order in
/// which they were met. What only a mended document would show is not a fault of the file.
///
/// # Errors
/// All faults, at least one.
pub fn all_faults<T>(
    document: &Document,
    make: impl Fn(&Document) -> Result<T, Fault>,
) -> Result<T, Vec<ScenarioError>> {
    let mut fault = match make(document) {
        Ok(made) => return Ok(made),
        Err(fault) => fault,
    };
    let mut mended = document.clone();
    let mut faults = Vec::new();
    loop {
        let located = mended.locate(fault.clone());
        // The same again: it could not be taken out.
        if faults.contains(&located) {
            return Err(faults);
        }
        faults.push(located);
        if faults.len() == FAULTS_MAX || !take_out(&mut mended.root, &fault) {
            return Err(faults);
        }
        match make(&mended) {
            Ok(_) => return Err(faults),
            Err(next) => fault = next,
        }
    }
}

/// Takes out what is at fault; false if the rest would not be what it was.
fn take_out(root: &mut Node, fault: &Fault) -> bool {
    if fault.message.starts_with("unknown key") && remove(root, &fault.path) {
        return true;
    }
    // The innermost element of a list.
    let elements = (0..fault.path.len()).rev().find(|i| {
        let list = i.checked_sub(1).and_then(|i| fault.path.get(i));
        matches!(list, Some(Segment::Key(key)) if LISTS.contains(&key.as_str()))
            && matches!(fault.path.get(*i), Some(Segment::Index(_)))
    });
    if let Some(path) = elements.and_then(|i| fault.path.get(..=i)) {
        return match path {
            [Segment::Key(list), Segment::Index(i)] if list == "group" => remove_group(root, *i),
            path => remove(root, path),
        };
    }
    match fault.path.first() {
        Some(Segment::Key(key)) if TABLES.contains(&key.as_str()) => {
            remove(root, &[Segment::Key(key.clone())])
        }
        _ => false,
    }
}

/// Takes out a group and what is said of it elsewhere; not the last one.
fn remove_group(root: &mut Node, index: usize) -> bool {
    let list = |root: &Node, key: &str| match root.get(key).map(|node| &node.kind) {
        Some(Kind::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    let groups = list(root, "group");
    let Some(group) = groups.get(index).filter(|_| groups.len() > 1) else { return false };
    let name = group.get("name").map(|node| node.kind.clone());
    let same = |other: &Node| name.is_some() && other.get("name").map(|n| &n.kind) == name.as_ref();
    let is_only = groups.iter().filter(|other| same(other)).count() < 2;
    for key in ["at", "expect"] {
        for (i, item) in list(root, key).iter().enumerate().rev() {
            if is_only && name.is_some() && item.get("group").map(|n| &n.kind) == name.as_ref() {
                remove(root, &[Segment::Key(key.to_owned()), Segment::Index(i)]);
            }
        }
    }
    remove(root, &[Segment::Key(String::from("group")), Segment::Index(index)])
}

/// Takes the value at the end of a path out of its table or list.
fn remove(root: &mut Node, path: &[Segment]) -> bool {
    let Some((last, way)) = path.split_last() else { return false };
    let mut node = root;
    for segment in way {
        let next = match (segment, &mut node.kind) {
            (Segment::Key(key), Kind::Table(entries)) => {
                entries.iter_mut().find(|(k, ..)| k == key).map(|(.., node)| node)
            }
            (Segment::Index(i), Kind::List(items)) => items.get_mut(*i),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return false,
        }
    }
    match (last, &mut node.kind) {
        (Segment::Key(key), Kind::Table(entries)) => {
            let before = entries.len();
            entries.retain(|(k, ..)| k != key);
            entries.len() < before
        }
        (Segment::Index(i), Kind::List(items)) if *i < items.len() => {
            items.remove(*i);
            true
        }
        _ => false,
    }
}
