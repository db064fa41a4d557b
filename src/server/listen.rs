//! Connections: how many, what they speak, how long they may say nothing.

use std::convert::Infallible;
use std::io::Cursor;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, join, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tower_service::Service;

use super::connect;
use super::http::reply;
use super::limits::{HEAD_BYTES_MAX, Limits};
use super::problem::Problem;
use super::tls::Tls;
use crate::api::request::PATH;
use crate::api::{ApiError, ErrorKind};

/// What every connection comes through.
#[derive(Debug)]
pub(super) struct Door {
    pub router: Router,
    pub tls: Option<Tls>,
    /// Whether calls of the service have to come through TLS.
    pub https_only: bool,
    pub limits: Limits,
    /// Where the server listens.
    pub address: SocketAddr,
    pub stopped: watch::Receiver<bool>,
}

/// One connection's place among those that are allowed; given up when the last clone is dropped.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    /// Whether it came by CONNECT.
    pub tunnelled: bool,
    /// Whether what it says is encrypted.
    pub encrypted: bool,
    _place: Arc<OwnedSemaphorePermit>,
    _alive: mpsc::Sender<()>,
}

impl Guest {
    /// The same guest, one door further.
    pub const fn in_tunnel(mut self) -> Self {
        self.tunnelled = true;
        self
    }

    const fn behind_tls(mut self) -> Self {
        self.encrypted = true;
        self
    }
}

/// The first byte of a TLS connection: a handshake record.
const TLS_HANDSHAKE: u8 = 0x16;

/// How many of those that find no place are told so at one time; others are just closed.
const REFUSED_MAX: usize = 32;

/// Takes connections until the server stops.
pub(super) async fn accept(listener: TcpListener, door: Arc<Door>, alive: mpsc::Sender<()>) {
    let places = Arc::new(Semaphore::new(door.limits.connections));
    let refusals = Arc::new(Semaphore::new(REFUSED_MAX));
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    // No file handles left, most likely: they come back.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = has_stopped(&door.stopped) => return,
        };
        // A small answer should not wait for more to send.
        let _ = stream.set_nodelay(true);
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let (door, alive) = (Arc::clone(&door), alive.clone());
                let guest = Guest {
                    tunnelled: false,
                    encrypted: false,
                    _place: Arc::new(place),
                    _alive: alive,
                };
                tokio::spawn(serve_any(door, stream, guest));
            }
            Err(_) => {
                if let Ok(permit) = Arc::clone(&refusals).try_acquire_owned() {
                    tokio::spawn(refuse(stream, door.limits.connections, permit));
                }
            }
        }
    }
}

/// Waits until the server is told to stop, or is gone.
pub(super) async fn has_stopped(stopped: &watch::Receiver<bool>) {
    let _ = stopped.clone().wait_for(|stopped| *stopped).await;
}

/// Says that there are too many connections.
async fn refuse(mut stream: TcpStream, most: usize, _permit: OwnedSemaphorePermit) {
    let detail = format!("{most} connections are open, the most this server takes");
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail);
    close_with(&mut stream, &problem).await;
}

/// Says a last thing on a connection.
async fn close_with(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), problem: &Problem) {
    let answer = problem.last_words();
    let tell = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // What has been sent is read, or else the answer would be lost with it.
        let mut read = [0; 1024];
        while stream.read(&mut read).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), tell).await;
}

/// Serves a connection of either kind; the first byte tells which.
pub(super) fn serve_any<S>(
    door: Arc<Door>,
    mut stream: S,
    guest: Guest,
) -> Pin<Box<dyn Future<Output = ()> + Send>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Boxed, since a tunnel within a connection is served by this again.
    Box::pin(async move {
        let mut first = [0];
        let read = tokio::select! {
            read = tokio::time::timeout(door.limits.header_timeout, stream.read(&mut first)) => read,
            () = has_stopped(&door.stopped) => return,
        };
        let Ok(Ok(1)) = read else { return };
        let (rest, write) = split(stream);
        let stream = join(Cursor::new(first).chain(rest), write);
        match (first == [TLS_HANDSHAKE], &door.tls) {
            (false, _) => serve_http(door, stream, guest).await,
            (true, Some(Tls(acceptor))) => {
                let shaken = acceptor.accept(stream);
                let shaken = tokio::time::timeout(door.limits.header_timeout, shaken).await;
                if let Ok(Ok(stream)) = shaken {
                    serve_http(door, stream, guest.behind_tls()).await;
                }
            }
            // Nothing that could be said would be understood.
            (true, None) => {}
        }
    })
}

async fn serve_http<S>(door: Arc<Door>, stream: S, guest: Guest)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stopped = door.stopped.clone();
    let header_timeout = door.limits.header_timeout;
    let service = service_fn(move |request: Request<Incoming>| {
        let (door, guest) = (Arc::clone(&door), guest.clone());
        async move { Ok::<_, Infallible>(answer(&door, &guest, request).await) }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let outcome = tokio::select! {
        outcome = &mut connection => outcome,
        () = has_stopped(&stopped) => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    // Who has begun to ask is told; who has said nothing since the last answer expects none.
    if outcome.is_err_and(|error| error.is_timeout())
        && let Some(parts) = connection.into_parts()
        && !parts.read_buf.is_empty()
    {
        let detail = format!("the head of the request was not there after {header_timeout:?}");
        let problem = Problem::new(StatusCode::REQUEST_TIMEOUT, detail);
        close_with(&mut parts.io.into_inner(), &problem).await;
    }
}

async fn answer(door: &Arc<Door>, guest: &Guest, request: Request<Incoming>) -> Response<Body> {
    if request.method() == Method::CONNECT {
        return connect::answer(door, guest, request);
    }
    if door.https_only && !guest.encrypted && request.uri().path() == PATH {
        let words = "this server is told to answer over HTTPS only";
        return reply(ApiError::new(ErrorKind::UnsupportedProtocol, words).into());
    }
    let request = request.map(Body::new);
    match door.router.clone().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
