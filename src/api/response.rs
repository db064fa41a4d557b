//! What a call answers.

use serde::Serialize;

use super::error::ApiError;
use super::error_kind::ErrorKind;

/// The type of every answer's content.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// The answer to a call. Whatever happened, HTTP says 200: clients look no further otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Why the call failed; `None` if it did not.
    pub error: Option<ApiError>,
    /// The JSON text: `{"code":0,"message":"","codeDesc":"Success","data":{…}}`, or code, message
    /// and codeDesc of the error.
    pub body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, T> {
    code: u16,
    message: &'a str,
    code_desc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

impl<T: Serialize> Envelope<'_, T> {
    fn success(data: Option<T>) -> Response {
        let envelope = Envelope { code: 0, message: "", code_desc: "Success", data };
        match serde_json::to_string(&envelope) {
            Ok(body) => Response { error: None, body },
            Err(error) => {
                let words = format!("the answer cannot be written: {error}");
                ApiError::new(ErrorKind::InternalError, words).into()
            }
        }
    }
}

impl Response {
    /// Done, and there is nothing to tell: without `data`.
    pub fn bare() -> Self {
        Envelope::<()>::success(None)
    }

    /// Done, and there is nothing to tell: `"data":[]`.
    pub fn empty() -> Self {
        Envelope::<[(); 0]>::success(Some([]))
    }

    /// Done, with an object.
    pub fn object(data: &impl Serialize) -> Self {
        Envelope::success(Some(data))
    }
}

impl From<ApiError> for Response {
    fn from(error: ApiError) -> Self {
        let envelope = Envelope::<()> {
            code: error.kind.code(),
            message: &error.to_string(),
            code_desc: error.kind.code_desc(),
            data: None,
        };
        // Numbers and texts can always be written.
        let body = serde_json::to_string(&envelope).unwrap_or_default();
        Self { error: Some(error), body }
    }
}

impl<E: Into<ApiError>> From<Result<Self, E>> for Response {
    fn from(outcome: Result<Self, E>) -> Self {
        outcome.unwrap_or_else(|error| error.into().into())
    }
}
