//! The failure of a call, as the wire tells it.

use super::error_kind::ErrorKind;
use super::parameters::ParameterError;
use super::request::RequestError;
use super::wording::words;
use crate::engine::command::CommandError;

/// Why a call fails. Prints as the `message` of its response: `(100212) there is no such group`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("({}) {words}", .kind.module())]
pub struct ApiError {
    /// Gives `code`, `codeDesc` and the module number.
    pub kind: ErrorKind,
    /// What happened here, for people. Never empty.
    pub words: String,
}

impl ApiError {
    /// With words of its own.
    pub fn new(kind: ErrorKind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }

    /// 6100: no action of the service has this name.
    pub fn unknown_action(name: &str) -> Self {
        let name = shown(name);
        Self::new(ErrorKind::UnsupportedAction, format!("there is no action {name:?} here"))
    }

    /// 4100: no key, or none in force, has this SecretId.
    pub fn unknown_key(secret_id: &str) -> Self {
        let id = shown(secret_id);
        Self::new(ErrorKind::AuthFailure, format!("no key in force has the SecretId {id:?}"))
    }

    /// 4100: the signature is not that of the request.
    pub fn wrong_signature() -> Self {
        let words = "the signature does not fit the request: \
                     see method, host, path, parameters and SecretKey";
        Self::new(ErrorKind::AuthFailure, words)
    }

    /// 4102: the user may not touch these resources.
    pub fn denied_resources(ids: &[&str]) -> Self {
        let words = format!("the user may not touch {}", ids.join(", "));
        Self::new(ErrorKind::UnauthorizedResource, words)
    }
}

/// As the table words it.
impl From<ErrorKind> for ApiError {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind, kind.words())
    }
}

/// 4000, where the action's page has no code of its own for the parameter.
impl From<ParameterError> for ApiError {
    fn from(error: ParameterError) -> Self {
        Self::new(ErrorKind::InvalidParameter, error.to_string())
    }
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> Self {
        Self::new(error.kind(), error.to_string())
    }
}

/// By the business code that the engine names, in the words of the wire.
impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        let kind = ErrorKind::of(error.code());
        debug_assert!(kind.is_some(), "{} is in no table", error.code());
        Self::new(kind.unwrap_or(ErrorKind::InternalError), words(&error))
    }
}

/// Characters of a value that a message repeats.
const SHOWN_MAX: usize = 60;

/// The head of a text that came from outside.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(SHOWN_MAX).collect()
}
