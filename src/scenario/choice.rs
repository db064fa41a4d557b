//! Values of scenario files that can be written in more than one way.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::env::faults::LaunchFailure;
use crate::kernel::Micro;
use crate::model::failure::FailureCause;

/// Instances by their numbers in the group: a number, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances(pub Vec<u32>);

impl<'de> Deserialize<'de> for Instances {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Instances;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of an instance, or a list of numbers")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Instances, E> {
                let found = de::Unexpected::Signed(number);
                let one = u32::try_from(number).map_err(|_| E::invalid_value(found, &self))?;
                Ok(Instances(vec![one]))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Instances, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Instances, A::Error> {
                let mut numbers = Vec::new();
                while let Some(number) = items.next_element()? {
                    numbers.push(number);
                }
                Ok(Instances(numbers))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// Whether a password was set. It is never read, kept or shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Password(pub bool);

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Password;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or \"set\"")
            }
            fn visit_bool<E: de::Error>(self, is_set: bool) -> Result<Password, E> {
                Ok(Password(is_set))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Password, E> {
                match text {
                    "set" => Ok(Password(true)),
                    // The message does not repeat what was found.
                    _ => Err(E::custom(
                        "a password does not belong in a scenario: write `true` or \"set\"",
                    )),
                }
            }
            fn visit_i64<E: de::Error>(self, _: i64) -> Result<Password, E> {
                self.visit_str("")
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<Password, E> {
                self.visit_str("")
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// How often launches fail: a probability, or `{ probability, cause }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaunchFailures(pub LaunchFailure);

/// The cause of failures where only a probability is given.
pub const LAUNCH_FAILURE_CAUSE: FailureCause = FailureCause::Short;

impl<'de> Deserialize<'de> for LaunchFailures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            probability: Micro,
            cause: Option<FailureCause>,
        }
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = LaunchFailures;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a probability, or { probability = 0.1, cause = \"sold_out\" }")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<LaunchFailures, E> {
                Ok(of(Micro::from_int(number), None))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<LaunchFailures, E> {
                let probability = Micro::from_f64(number);
                let probability =
                    probability.ok_or_else(|| E::custom("the number is out of range"))?;
                Ok(of(probability, None))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<LaunchFailures, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(of(table.probability, table.cause))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

fn of(probability: Micro, cause: Option<FailureCause>) -> LaunchFailures {
    let cause = cause.unwrap_or(LAUNCH_FAILURE_CAUSE);
    LaunchFailures(LaunchFailure { probability, cause })
}
