//! Where in a scenario a finding stands.

use std::fmt;

use serde::{Serialize, Serializer};

/// A key of a scenario, from the top of the file. Prints as `--set` and errors write it:
/// `group.web.policy.out.cooldown`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(pub Vec<Part>);

/// A step on the way to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A key of a table.
    Key(&'static str),
    /// An element of a list.
    Item {
        /// Its place in the list, from 0.
        index: usize,
        /// Its name; empty if it has none.
        name: String,
    },
}

impl Place {
    /// Further down to a key.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Self {
        self.0.push(Part::Key(key));
        self
    }

    /// Further down to an element of the list `key`.
    #[must_use]
    pub fn item(self, key: &'static str, index: usize, name: &str) -> Self {
        let mut place = self.key(key);
        place.0.push(Part::Item { index, name: name.to_owned() });
        place
    }

    /// Whether a written place is this one, or one above it.
    pub fn is_within(&self, written: &str) -> bool {
        let shown = self.to_string();
        let rest = shown.strip_prefix(written.trim());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            match part {
                Part::Item { index, name } if name.is_empty() => write!(f, "[{index}]")?,
                Part::Item { name, .. } => write!(f, ".{name}")?,
                Part::Key(key) if i == 0 => f.write_str(key)?,
                Part::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
