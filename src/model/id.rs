//! Who is meant: positions inside the engine, and the ids that people see (SEMANTICS 0.4).
//!
//! The engine speaks group index and ordinals. A public id is a prefix and eight of a-z0-9, made
//! from (group index, ordinal) by a bijective mixing salted with the seed: there is no global
//! counter, and two things of one kind never share an id.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A group's place in the engine, from 0 in creation (file) order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(transparent)]
pub struct GroupIndex(pub u32);

macro_rules! ordinal {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The first of its group.
            pub const FIRST: Self = Self(1);

            /// The one after this; saturates.
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

ordinal! {
    /// An instance's number in its group: joins count from 1 and are never used again (5.4).
    InstanceOrdinal
}
ordinal! {
    /// A scaling activity's number in its group, from 1 in order of recording.
    ActivityOrdinal
}
ordinal! {
    /// A policy's number in its group, from 1 in creation order.
    PolicyOrdinal
}

ordinal! {
    /// A scaling configuration's number, from 1 in creation order.
    ConfigurationOrdinal
}

ordinal! {
    /// A scheduled task's number in its group, from 1 in creation order.
    TaskOrdinal
}

ordinal! {
    /// A lifecycle hook's number in its group, from 1 in creation order.
    HookOrdinal
}

ordinal! {
    /// A notification's number in its group, from 1 in creation order.
    NotificationOrdinal
}

/// What a public id names; gives its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdKind {
    /// `asg-`
    Group,
    /// `ins-`
    Instance,
    /// `asa-`
    Activity,
    /// `asp-`
    Policy,
    /// `asst-`
    Task,
    /// `lfh-`
    Hook,
    /// `asn-`
    Notification,
    /// `asc-`
    Configuration,
}

impl IdKind {
    /// The prefix with its hyphen.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Group => "asg-",
            Self::Instance => "ins-",
            Self::Activity => "asa-",
            Self::Policy => "asp-",
            Self::Task => "asst-",
            Self::Hook => "lfh-",
            Self::Notification => "asn-",
            Self::Configuration => "asc-",
        }
    }
}

/// The most groups of one engine.
pub const GROUPS_MAX: u32 = 100_000;
/// The highest ordinal an id can carry; the engine ends a run before it is passed.
pub const ORDINAL_MAX: u32 = (DOMAIN / GROUPS_MAX as u64) as u32 - 1;

/// 36^4: one half of an id's eight characters.
const HALF: u64 = 1_679_616;
const DOMAIN: u64 = HALF * HALF;
const ROUNDS: u8 = 4;

/// The public id of the thing of this kind with that ordinal in that group (`ordinal` 0 for the
/// group itself).
///
/// A Feistel network over the 36^8 possible names: each round is undone by subtracting what it
/// added, so different pairs get different names.
///
/// ```
/// use asgsim::GroupIndex;
/// use asgsim::model::id::{IdKind, public_id, read_public_id};
/// let id = public_id(42, IdKind::Policy, GroupIndex(3), 7);
/// assert_eq!(read_public_id(42, IdKind::Policy, &id), Some((GroupIndex(3), 7)));
/// assert_eq!(read_public_id(42, IdKind::Hook, &id), None);
/// ```
pub fn public_id(seed: u64, kind: IdKind, group: GroupIndex, ordinal: u32) -> String {
    let place = u64::from(ordinal) * u64::from(GROUPS_MAX) + u64::from(group.0);
    let (mut left, mut right) = (place % DOMAIN / HALF, place % HALF);
    for round in 0..ROUNDS {
        let mixed = (left + round_key(seed, kind, round, right)) % HALF;
        (left, right) = (right, mixed);
    }
    let mut name = String::from(kind.prefix());
    for half in [left, right] {
        for place in [36 * 36 * 36, 36 * 36, 36, 1] {
            let digit = u32::try_from(half / place % 36).unwrap_or(0);
            name.push(char::from_digit(digit, 36).unwrap_or('0'));
        }
    }
    name
}

/// What [`public_id`] made that id of; `None` for a text that is no id of this kind. Whether there
/// is such a thing is another question.
pub fn read_public_id(seed: u64, kind: IdKind, id: &str) -> Option<(GroupIndex, u32)> {
    let digits = id.strip_prefix(kind.prefix())?;
    let is_digit = |b: u8| b.is_ascii_digit() || b.is_ascii_lowercase();
    if digits.len() != 8 || !digits.bytes().all(is_digit) {
        return None;
    }
    let halves = (digits.get(..4)?, digits.get(4..)?);
    let mut left = u64::from_str_radix(halves.0, 36).ok()?;
    let mut right = u64::from_str_radix(halves.1, 36).ok()?;
    for round in (0..ROUNDS).rev() {
        let unmixed = (right + HALF - round_key(seed, kind, round, left)) % HALF;
        (left, right) = (unmixed, left);
    }
    let place = left * HALF + right;
    let group = u32::try_from(place % u64::from(GROUPS_MAX)).ok()?;
    Some((GroupIndex(group), u32::try_from(place / u64::from(GROUPS_MAX)).ok()?))
}

fn round_key(seed: u64, kind: IdKind, round: u8, half: u64) -> u64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(kind.prefix());
    hash.update([round]);
    hash.update(half.to_le_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte)) % HALF
}
