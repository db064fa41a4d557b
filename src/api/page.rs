//! Pages of a list.

use super::parameters::{ParameterError, Parameters};
use super::read::integer;

/// Records of a page where the request does not say.
pub const LIMIT_DEFAULT: usize = 20;

/// Records of a page at most; a request for more gets so many.
pub const LIMIT_MAX: usize = 100;

/// Which part of a list a query asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Records that are left out at the head.
    pub offset: usize,
    /// Records that follow at most, up to [`LIMIT_MAX`].
    pub limit: usize,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paged<T> {
    /// Records of the whole list (totalCount).
    pub total: usize,
    /// Those of the page.
    pub items: Vec<T>,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: LIMIT_DEFAULT }
    }
}

impl Page {
    /// `offset` and `limit`.
    ///
    /// # Errors
    /// For negative numbers, and for anything else that is no whole number.
    pub fn read(parameters: &Parameters) -> Result<Self, ParameterError> {
        let number = |name| parameters.optional(name, integer(0..=i64::MAX));
        // What does not fit is beyond the end of any list.
        let sized = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        let offset = number("offset")?.map_or(0, sized);
        let limit = number("limit")?.map_or(LIMIT_DEFAULT, sized).min(LIMIT_MAX);
        Ok(Self { offset, limit })
    }

    /// This part of a list.
    pub fn of<T>(self, list: impl IntoIterator<Item = T>) -> Paged<T> {
        let mut items = Vec::new();
        let mut total: usize = 0;
        for item in list {
            if total >= self.offset && items.len() < self.limit {
                items.push(item);
            }
            total = total.saturating_add(1);
        }
        Paged { total, items }
    }
}
