//! Parameters that several actions have, with the codes that their pages give.

use super::call::Call;
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::inventory::ResourceKind;
use super::parameters::{LIST_MAX, ParameterError, ParameterFault, Parameters};
use super::read::{integer, name, text, unsigned};
use crate::model::group::RemovePolicy;

/// Any whole number.
pub(super) const ANY: std::ops::RangeInclusive<i64> = i64::MIN..=i64::MAX;

impl ParameterError {
    /// As this kind, unless the parameter is just not there.
    pub(super) fn or_missing(self, kind: ErrorKind) -> ApiError {
        match self.fault {
            ParameterFault::Missing => self.into(),
            _ => ApiError::new(kind, self.to_string()),
        }
    }

    /// As this kind if it is a number beyond its bounds.
    pub(super) fn if_beyond(self, kind: ErrorKind) -> ApiError {
        match self.fault {
            ParameterFault::OutOfRange { .. } => ApiError::new(kind, self.to_string()),
            _ => self.into(),
        }
    }
}

impl Parameters {
    /// A required text.
    pub(super) fn text(&self, name: &str) -> Result<String, ApiError> {
        Ok(self.required(name, text)?.to_owned())
    }

    /// A text, perhaps.
    pub(super) fn maybe_text(&self, name: &str) -> Result<Option<String>, ApiError> {
        Ok(self.optional(name, text)?.map(str::to_owned))
    }

    /// The name of something new.
    pub(super) fn new_name(&self, parameter: &str) -> Result<String, ApiError> {
        Ok(self.required(parameter, name)?.to_owned())
    }

    /// A new name for something, perhaps.
    pub(super) fn maybe_name(&self, parameter: &str) -> Result<Option<String>, ApiError> {
        Ok(self.optional(parameter, name)?.map(str::to_owned))
    }

    /// A list of ids, of at most `max`; empty where it is absent.
    pub(super) fn ids(&self, name: &str, max: usize) -> Result<Vec<String>, ApiError> {
        Ok(self.list(name, max, text)?.into_iter().map(str::to_owned).collect())
    }

    /// A list of ids that has to be there.
    pub(super) fn required_ids(&self, name: &str, max: usize) -> Result<Vec<String>, ApiError> {
        match self.ids(name, max)? {
            ids if ids.is_empty() => Err(missing(name).into()),
            ids => Ok(ids),
        }
    }

    /// A number from 0 to 4294967295; `kind` says what is wrong with others.
    pub(super) fn number(&self, name: &str, kind: ErrorKind) -> Result<Option<u32>, ApiError> {
        let read = integer(0..=i64::from(u32::MAX));
        let number = self.optional(name, read).map_err(|error| error.if_beyond(kind))?;
        Ok(number.and_then(|number| u32::try_from(number).ok()))
    }

    /// The same, and it has to be there.
    pub(super) fn needed_number(&self, name: &str, kind: ErrorKind) -> Result<u32, ApiError> {
        self.number(name, kind)?.ok_or_else(|| missing(name).into())
    }

    /// 0 or 1; `kind` says what is wrong with anything else.
    pub(super) fn flag(&self, name: &str, kind: ErrorKind) -> Result<Option<bool>, ApiError> {
        let flag = self.optional(name, integer(0..=1)).map_err(|error| error.or_missing(kind))?;
        Ok(flag.map(|flag| flag == 1))
    }

    /// The project to make something in, 0 if none is named.
    pub(super) fn project(&self, call: &Call<'_>) -> Result<u32, ApiError> {
        let project = self.maybe_project()?.unwrap_or(0);
        let projects = &call.api.projects;
        if project == 0 || projects.is_empty() || projects.contains(&project) {
            return Ok(project);
        }
        let words = format!("there is no project {project}");
        Err(ApiError::new(ErrorKind::InvalidParameterInvalidProjectId, words))
    }

    /// The project to look for.
    pub(super) fn maybe_project(&self) -> Result<Option<u32>, ApiError> {
        let read = |value: &str| {
            let bad = || ParameterFault::malformed(value, "a project's number");
            u32::try_from(unsigned(value)?).map_err(|_| bad())
        };
        Ok(self.optional("projectId", read)?)
    }

    /// A network, under the names that copies of the page have: `Some(None)` is the basic one.
    pub(super) fn network(&self) -> Result<Option<Option<String>>, ApiError> {
        const NAMES: [&str; 5] = ["vpcId", "vpId", "vpclId", "vpclid", "unVpclId"];
        for name in NAMES {
            if let Some(id) = self.optional(name, text)? {
                return Ok(Some((id != "0").then(|| id.to_owned())));
            }
        }
        Ok(None)
    }

    /// Who leaves first.
    pub(super) fn remove_policy(&self) -> Result<Option<RemovePolicy>, ApiError> {
        const WORDS: [(&str, RemovePolicy); 2] = [
            ("RemoveOldestInstance", RemovePolicy::RemoveOldestInstance),
            ("RemoveNewestInstance", RemovePolicy::RemoveNewestInstance),
        ];
        const EXPECTED: &str = "RemoveOldestInstance or RemoveNewestInstance";
        Ok(self.optional("removePolicy", super::read::one_of(&WORDS, EXPECTED))?)
    }

    /// User groups to be told; `kind` is for those that do not exist.
    pub(super) fn user_groups(
        &self,
        call: &Call<'_>,
        (name, max): (&str, usize),
        kind: ErrorKind,
    ) -> Result<Vec<String>, ApiError> {
        let ids = self.ids(name, max)?;
        ids.iter().try_for_each(|id| call.check(ResourceKind::UserGroup, id, None, kind))?;
        Ok(ids)
    }

    /// Whether a parameter of that name was sent, or an entry of a list, though it may be empty.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.sent().any(|(sent, _)| {
            let rest = sent.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_']))
        })
    }
}

/// A required parameter that is not there.
pub(super) fn missing(name: &str) -> ParameterError {
    ParameterError { name: name.to_owned(), fault: ParameterFault::Missing }
}

/// Whether an id passes a filter: an empty list lets all pass.
pub(super) fn passes(filter: &[String], id: &str) -> bool {
    filter.is_empty() || filter.iter().any(|wanted| wanted == id)
}

/// Whether something passes a filter that may not be there.
pub(super) fn equals<T: PartialEq + ?Sized>(filter: Option<&T>, value: &T) -> bool {
    filter.is_none_or(|wanted| wanted == value)
}

/// The most user groups that the page of notifications and hooks lets pass: it names no number.
pub(super) const USER_GROUPS_MAX: usize = LIST_MAX;

impl Call<'_> {
    /// Whether a resource of another service can be used here.
    pub(super) fn check(
        &self,
        kind: ResourceKind,
        id: &str,
        project: Option<u32>,
        error: ErrorKind,
    ) -> Result<(), ApiError> {
        match self.api.inventory.has(kind, id, self.region, project) {
            true => Ok(()),
            false => {
                let words = format!("{}: {id}", error.words());
                Err(ApiError::new(error, words))
            }
        }
    }
}
