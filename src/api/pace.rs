//! The guard against too many requests.

use std::collections::BTreeMap;

use super::error::ApiError;
use super::error_kind::ErrorKind;

/// How many requests each caller made in the second of its last one, by the clock of receipt.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Pace {
    /// Requests of one caller that are let pass in a second; `None` for any number.
    pub per_second_max: Option<u32>,
    /// Second and count by caller. There are no more callers than keys.
    made: BTreeMap<String, (i64, u32)>,
}

impl Pace {
    /// Counts a request.
    ///
    /// # Errors
    /// 4400 for one too many in its second.
    pub fn admit(&mut self, caller: &str, received_at_s: i64) -> Result<(), ApiError> {
        let Some(max) = self.per_second_max else { return Ok(()) };
        let made = match self.made.get_mut(caller) {
            Some(made) => made,
            None => self.made.entry(caller.to_owned()).or_default(),
        };
        if made.0 != received_at_s {
            *made = (received_at_s, 0);
        }
        if made.1 >= max {
            let words = format!("more than {max} requests in a second");
            return Err(ApiError::new(ErrorKind::RequestLimitExceeded, words));
        }
        made.1 = made.1.saturating_add(1);
        Ok(())
    }
}
