//! HTTP CONNECT: the way in for clients that can only speak https to the service's own host. They
//! are pointed here by `https_proxy`, and get no further than here.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::uri::Authority;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

use super::listen::{Door, Guest, serve_any};
use super::problem::Problem;
use super::tls::SERVICE_HOST;

/// Answers a CONNECT, and serves what comes through the tunnel as if it had come to this port.
pub(super) fn answer(
    door: &Arc<Door>,
    guest: &Guest,
    request: axum::http::Request<Incoming>,
) -> Response<Body> {
    if let Err(problem) = check(door, guest, request.uri().authority()) {
        return problem.into_response();
    }
    let (door, guest) = (Arc::clone(door), guest.clone().in_tunnel());
    tokio::spawn(async move {
        // A client that does not go on has gone away.
        if let Ok(stream) = hyper::upgrade::on(request).await {
            serve_any(door, TokioIo::new(stream), guest).await;
        }
    });
    Response::new(Body::empty())
}

fn check(door: &Door, guest: &Guest, target: Option<&Authority>) -> Result<(), Problem> {
    if door.tls.is_none() {
        let detail = "CONNECT is served only with TLS: start the server with --tls";
        return Err(Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail));
    }
    if guest.tunnelled {
        return Err(Problem::new(StatusCode::FORBIDDEN, "no tunnel leads through a tunnel"));
    }
    if target.is_some_and(|target| is_here(target, door.address)) {
        return Ok(());
    }
    let shown: String = target.map_or("", Authority::as_str).chars().take(60).collect();
    let detail = format!("tunnels lead to {SERVICE_HOST}:443 and to this server, not to {shown:?}");
    Err(Problem::new(StatusCode::FORBIDDEN, detail))
}

/// Whether a target is the service's host, or this very server.
fn is_here(target: &Authority, own: SocketAddr) -> bool {
    let (host, port) = (target.host(), target.port_u16());
    if host.eq_ignore_ascii_case(SERVICE_HOST) {
        return port == Some(443);
    }
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_own = host.eq_ignore_ascii_case("localhost")
        || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback() || ip == own.ip());
    is_own && port == Some(own.port())
}
