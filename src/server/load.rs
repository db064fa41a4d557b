//! `POST /_sim/load`: what a group's metrics are from now on.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;

use super::house::House;
use super::problem::Problem;
use super::sim::{Done, object};

/// Sets the load of a group.
pub(super) async fn set(
    State(_house): State<Arc<House>>,
    body: Bytes,
) -> Result<Json<Done>, Problem> {
    object(&body)?;
    Err(Problem::new(StatusCode::NOT_IMPLEMENTED, "load cannot be set in this version"))
}
