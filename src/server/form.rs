//! From an HTTP request to a call: where its parameters are, and how they are read.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use futures_util::StreamExt;

use crate::api::request::{Method, PARAMETERS_MAX, REQUEST_BYTES_MAX, RequestError};
use crate::api::{ApiError, ErrorKind, Request};

/// Bytes that are read of a body that is too long, so that its sender gets to hear it.
const DISCARDED_MAX: usize = 8 * REQUEST_BYTES_MAX;

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
    let body = read(body, patience).await?;
    if is_multipart(&parts) {
        return Ok(Request::new(method, &host, &path, fields(parts, body).await?)?);
    }
    Ok(Request::received(method.name(), &host, &path, b"", &body)?)
}

fn malformed(words: impl Into<String>) -> ApiError {
    ApiError::new(ErrorKind::InvalidParameter, words)
}

/// The bytes of a body.
async fn read(body: Body, patience: Duration) -> Result<Vec<u8>, ApiError> {
    let mut stream = body.into_data_stream();
    let (mut bytes, mut found) = (Vec::new(), 0_usize);
    let reading = async {
        while let Some(part) = stream.next().await {
            let part = part.map_err(|error| malformed(format!("the body broke off: {error}")))?;
            found = found.saturating_add(part.len());
            if found <= REQUEST_BYTES_MAX {
                bytes.extend_from_slice(&part);
            }
            if found > DISCARDED_MAX {
                break;
            }
        }
        Ok::<(), ApiError>(())
    };
    match tokio::time::timeout(patience, reading).await {
        Ok(outcome) => outcome?,
        Err(_) => return Err(malformed(format!("the body was not there after {patience:?}"))),
    }
    if found > REQUEST_BYTES_MAX {
        return Err(RequestError::TooLong { found }.into());
    }
    Ok(bytes)
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
