//! Errors outside the service's own path: problem details as JSON (RFC 9457).

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::body::BodyError;
use crate::engine::RunError;
use crate::engine::command::CommandError;

/// The type of its content.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub(super) struct Problem {
    /// The status of its answer.
    pub status: StatusCode,
    /// What was found, and what is allowed.
    pub detail: String,
    /// The service's business code, where it has one.
    pub code: Option<&'static str>,
}

#[derive(Serialize)]
struct Details<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), code: None }
    }

    /// 400.
    pub fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// The JSON text.
    pub fn json(&self) -> String {
        let details = Details {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
        };
        // Numbers and texts can always be written.
        serde_json::to_string(&details).unwrap_or_default()
    }

    /// A whole answer, for connections that got no further than to be refused; they are closed
    /// after it.
    pub fn last_words(&self) -> String {
        let body = self.json();
        format!(
            "HTTP/1.1 {}\r\ncontent-type: {PROBLEM_JSON}\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            self.status,
            body.len()
        )
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        let status = match error {
            BodyError::Broken(_) => StatusCode::BAD_REQUEST,
            BodyError::Late(_) => StatusCode::REQUEST_TIMEOUT,
            BodyError::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        };
        Self::new(status, error.to_string())
    }
}

/// The world refuses.
impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        let code = Some(error.code());
        Self { status: StatusCode::CONFLICT, detail: error.to_string(), code }
    }
}

/// The run cannot go on.
impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, [(CONTENT_TYPE, PROBLEM_JSON)], self.json()).into_response()
    }
}
