//! `[lint]`: what is left out of the findings, each with its reason.

use crate::scenario::build::{fault, key};
use crate::scenario::error::Fault;
use crate::scenario::file::{AllowTable, LintTable};
use crate::scenario::node::Segment;

/// # Errors
/// A [`Fault`] for an entry without a reason. Whether its rule exists is the linter's to say.
pub(super) fn allow(table: &LintTable) -> Result<Vec<AllowTable>, Fault> {
    match table.allow.iter().position(|entry| entry.reason.trim().is_empty()) {
        Some(i) => {
            let message = "the reason is empty: say why the finding is meant to be there";
            let found = fault("reason", message).under(Segment::Index(i));
            Err(found.under(key("allow")).under(key("lint")))
        }
        None => Ok(table.allow.clone()),
    }
}
