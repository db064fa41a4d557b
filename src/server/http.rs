//! What is served where.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};

use super::house::House;
use super::problem::Problem;
use super::{events, form, load, sim};
use crate::api::request::PATH;
use crate::api::response::{self, Response as Reply};
use crate::api::{ApiError, ErrorKind};

/// All paths.
pub(super) fn router(house: &Arc<House>) -> Router {
    Router::new()
        .route(PATH, any(call))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/_sim/state", get(sim::state))
        .route("/_sim/advance", post(sim::advance))
        .route("/_sim/load", post(load::set))
        .route("/_sim/world", post(sim::world))
        .route("/_sim/reset", post(sim::reset))
        .route("/_sim/events", get(events::stream))
        .method_not_allowed_fallback(wrong_method)
        .fallback(nothing_here)
        .with_state(Arc::clone(house))
}

/// A call of the service's API: HTTP says 200 whatever comes of it.
async fn call(State(house): State<Arc<House>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let reply: Reply = match form::received(parts, body, house.limits.body_timeout).await {
        Ok(request) => match house.work(move |world| world.call(&request)).await {
            Ok(reply) => reply,
            Err(problem) => ApiError::new(ErrorKind::InternalError, problem.detail).into(),
        },
        Err(error) => error.into(),
    };
    self::reply(reply)
}

/// An answer of the service.
pub(super) fn reply(reply: Reply) -> Response {
    ([(CONTENT_TYPE, response::CONTENT_TYPE)], reply.body).into_response()
}

async fn nothing_here(uri: Uri) -> Problem {
    let path: String = uri.path().chars().take(60).collect();
    Problem::new(
        StatusCode::NOT_FOUND,
        format!("nothing is served at {path}; the service's API is at {PATH}"),
    )
}

async fn wrong_method(request: Request) -> Problem {
    let (method, path) = (request.method(), request.uri().path());
    let method: String = method.as_str().chars().take(60).collect();
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, format!("{path} does not take {method}"))
}
