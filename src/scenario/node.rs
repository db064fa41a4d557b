//! A scenario file as a tree that knows where each value stands, before it gets a shape.

/// Where a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this byte of the file.
    Byte(usize),
    /// In this `--set` option, counted from 0.
    Override(usize),
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub kind: Kind,
    /// Where it begins.
    pub place: Place,
}

/// What TOML and JSON have in common.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// JSON's null; TOML has none.
    Null,
    /// true or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Decimal(f64),
    /// A string (TOML's date-times too).
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// A table: keys in file order with the place of the key.
    Table(Vec<(String, Place, Node)>),
}

/// The most parts of a path to write to. Nothing in a scenario lies half as deep; deeper tables
/// would ask more of the stack than there is.
pub const PATH_PARTS_MAX: usize = 20;

/// A step of a path through the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A key of a table.
    Key(String),
    /// A place in a list, from 0.
    Index(usize),
}

impl Node {
    /// The value under `key`, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Table(entries) => entries.iter().find(|(k, ..)| k == key).map(|(.., n)| n),
            _ => None,
        }
    }

    /// The text under `name`, by which elements of a list are addressed.
    fn name(&self) -> Option<&str> {
        match &self.get("name")?.kind {
            Kind::Text(name) => Some(name),
            _ => None,
        }
    }

    /// The place of the value at the end of `path`, or of the last value on the way there.
    pub fn place_of(&self, path: &[Segment]) -> Place {
        let mut node = self;
        for segment in path {
            let next = match (segment, &node.kind) {
                (Segment::Key(key), _) => node.get(key),
                (Segment::Index(i), Kind::List(items)) => items.get(*i),
                (Segment::Index(_), _) => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node.place
    }

    /// The path as `--set` writes it: elements of a list by their names where they have one.
    pub fn show_path(&self, path: &[Segment]) -> String {
        let mut shown = String::new();
        let mut node = Some(self);
        for segment in path {
            node = match segment {
                Segment::Key(key) => {
                    if !shown.is_empty() {
                        shown.push('.');
                    }
                    shown.push_str(key);
                    node.and_then(|n| n.get(key))
                }
                Segment::Index(i) => {
                    let item = match node.map(|n| &n.kind) {
                        Some(Kind::List(items)) => items.get(*i),
                        _ => None,
                    };
                    match item.and_then(Self::name).filter(|name| !name.is_empty()) {
                        Some(name) => shown.push_str(&format!(".{name}")),
                        None => shown.push_str(&format!("[{i}]")),
                    }
                    item
                }
            };
        }
        shown
    }

    /// Writes `value` at a path of keys separated by dots; an element of a list is addressed by
    /// its name or its place from 0. Tables on the way are made where they are missing.
    ///
    /// # Errors
    /// The part of the path that leads nowhere, and what would.
    pub fn set(&mut self, path: &str, value: Self) -> Result<(), String> {
        let place = value.place;
        let mut node = self;
        if path.split('.').nth(PATH_PARTS_MAX).is_some() {
            return Err(format!("a path has at most {PATH_PARTS_MAX} parts"));
        }
        for key in path.split('.') {
            if key.is_empty() {
                return Err(format!("`{path}` has an empty part"));
            }
            node = match &mut node.kind {
                Kind::Table(entries) => {
                    let at = entries.iter().position(|(k, ..)| k == key).unwrap_or_else(|| {
                        let empty = Self { kind: Kind::Table(Vec::new()), place };
                        entries.push((key.to_owned(), place, empty));
                        entries.len() - 1
                    });
                    entries.get_mut(at).map(|(.., node)| node).ok_or("no such key")?
                }
                Kind::List(items) => {
                    let names: Vec<String> =
                        items.iter().filter_map(|i| i.name().map(str::to_owned)).collect();
                    let by_name = items.iter().position(|item| item.name() == Some(key));
                    let at = by_name.or_else(|| key.parse().ok());
                    let count = items.len();
                    at.and_then(|at| items.get_mut(at)).ok_or_else(|| {
                        let there = match names.as_slice() {
                            [] => format!("the list has {count}, counted from 0"),
                            names => format!("there is {}", names.join(", ")),
                        };
                        format!("`{key}` in `{path}` names nothing: {there}")
                    })?
                }
                _ => return Err(format!("`{path}` goes on after `{key}`'s owner, a plain value")),
            };
        }
        *node = value;
        Ok(())
    }
}
