//! Bodies of requests: so many bytes, in so much time.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use futures_util::StreamExt;

/// Why a body is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BodyError {
    /// The connection failed, or what came is no HTTP.
    #[error("the body broke off: {0}")]
    Broken(String),
    /// Its sender took too long.
    #[error("the body was not there after {0:?}")]
    Late(Duration),
    /// More bytes than are taken.
    #[error("the body has {found} bytes or more; allowed are {most}")]
    TooLong {
        /// Bytes that came.
        found: usize,
        /// Bytes that are taken.
        most: usize,
    },
}

/// So many times as much as is taken is read of a body that is too long, so that its sender gets
/// to hear it.
const DISCARDED_TIMES: usize = 8;

/// Reads a body of at most so many bytes.
pub(super) async fn read(
    body: Body,
    most: usize,
    patience: Duration,
) -> Result<Vec<u8>, BodyError> {
    // Of one that says itself that it is too long nothing is kept on the way.
    let said = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut stream = body.into_data_stream();
    let (mut bytes, mut found) = (Vec::new(), 0_usize);
    let reading = async {
        while let Some(part) = stream.next().await {
            let part = part.map_err(|error| BodyError::Broken(error.to_string()))?;
            found = found.saturating_add(part.len());
            if found.max(said) <= most {
                bytes.extend_from_slice(&part);
            } else {
                bytes = Vec::new();
            }
            if found > most.saturating_mul(DISCARDED_TIMES) {
                break;
            }
        }
        Ok(())
    };
    match tokio::time::timeout(patience, reading).await {
        Ok(outcome) => outcome?,
        Err(_) => return Err(BodyError::Late(patience)),
    }
    if found > most { Err(BodyError::TooLong { found, most }) } else { Ok(bytes) }
}
