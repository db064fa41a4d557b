//! From an HTTP request to a call: where its parameters are, and how they are read.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::request::Parts;

use super::body::{self, BodyError};
use crate::api::request::{Method, PARAMETERS_MAX, REQUEST_BYTES_MAX, RequestError};
use crate::api::{ApiError, ErrorKind, Request};

/// Reads a call: of the query by GET, of the body by POST, whatever its type says but for
/// `multipart/form-data`.
///
/// # Errors
/// 4600 for other methods, 4000 for what cannot be read.
pub(super) async fn received(
    parts: Parts,
    body: Body,
    patience: Duration,
) -> Result<Request, ApiError> {
    let method = Method::parse(parts.method.as_str())?;
    // As it came: clients sign it so. One that is not text fits no signature.
    let host = parts.headers.get(HOST).map(|host| String::from_utf8_lossy(host.as_bytes()));
    let host = host.unwrap_or_default().into_owned();
    let path = parts.uri.path().to_owned();
    if method == Method::Get {
        let query = parts.uri.query().unwrap_or_default();
        return Ok(Request::received(method.name(), &host, &path, query.as_bytes(), b"")?);
    }
    let body = body::read(body, REQUEST_BYTES_MAX, patience).await?;
    if is_multipart(&parts) {
        return Ok(Request::new(method, &host, &path, fields(parts, body).await?)?);
    }
    Ok(Request::received(method.name(), &host, &path, b"", &body)?)
}

fn malformed(words: impl Into<String>) -> ApiError {
    ApiError::new(ErrorKind::InvalidParameter, words)
}

/// The service tells it as it tells its own errors.
impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLong { found, .. } => RequestError::TooLong { found }.into(),
            BodyError::Broken(_) | BodyError::Late(_) => malformed(error.to_string()),
        }
    }
}

fn is_multipart(parts: &Parts) -> bool {
    let kind = parts.headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase());
    kind.is_some_and(|kind| kind.trim_ascii_start().starts_with(b"multipart/form-data"))
}

/// Names and values of a multipart form.
async fn fields(parts: Parts, body: Vec<u8>) -> Result<Vec<(String, String)>, ApiError> {
    let wrong = |error: String| malformed(format!("the multipart form is malformed: {error}"));
    let request = axum::extract::Request::from_parts(parts, Body::from(body));
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| wrong(error.body_text()))?;
    let mut pairs = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| wrong(error.body_text()))? {
        if pairs.len() >= PARAMETERS_MAX {
            return Err(RequestError::TooManyParameters { found: pairs.len() + 1 }.into());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let value = field.bytes().await.map_err(|error| wrong(error.body_text()))?;
        let value = String::from_utf8(value.into()).map_err(|_| {
            let name = name.chars().take(60).collect();
            ApiError::from(RequestError::NotUtf8 { name })
        })?;
        pairs.push((name, value));
    }
    Ok(pairs)
}
