//! A local server of the service's API, on a clock that the user controls (feature `server`).
//!
//! | path | what it is |
//! | --- | --- |
//! | `/v2/index.php` | the service: GET or POST, answers as [`Response`](crate::api::Response) |
//! | `/_sim/…` | the world behind it: state, time, load, faults, the event log, reset |
//! | `/healthz` | whether it is there |
//!
//! One port takes HTTP and, where it is set up, TLS: the first byte of a connection tells. The
//! wall clock is read here and nowhere below: a [`Clock`] makes the engine's time of it.

mod body;
mod clock;
mod connect;
mod events;
mod form;
mod hosted;
mod house;
mod http;
mod limits;
mod listen;
mod load;
mod problem;
mod sim;
mod state;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

pub use clock::{Clock, Pace, PaceError, Wall, wall_clock};
pub use hosted::{ADVANCE_MAX, Hosted};
pub use limits::Limits;
pub use tls::{SERVICE_HOST, SelfSigned, Tls, TlsError};

use crate::engine::Engine;
use house::House;
use listen::Door;

/// Where and how a server listens.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address; port 0 lets the system choose one.
    pub listen: SocketAddr,
    /// With what TLS connections are served; `None` for none.
    pub tls: Option<Tls>,
    /// Whether the service answers code 4600 to whoever calls it without TLS.
    pub https_only: bool,
    /// Bounds on what a client may ask for.
    pub limits: Limits,
}

/// A server at work.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    house: Arc<House>,
    stop: watch::Sender<bool>,
    /// Ends when the last connection has ended.
    gone: mpsc::Receiver<()>,
    tasks: [JoinHandle<()>; 2],
}

impl Server {
    /// Listens, and serves a world until it is told to stop. Runs inside a tokio runtime.
    ///
    /// # Errors
    /// Whatever the system says of the address, or of a further thread.
    pub async fn start(options: Options, world: Hosted) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let (alive, gone) = mpsc::channel(1);
        let house = Arc::new(House::new(world, options.limits, stopped.clone())?);
        let door = Arc::new(Door {
            router: http::router(&house),
            tls: options.tls,
            https_only: options.https_only,
            limits: options.limits,
            address,
            stopped,
        });
        let tasks = [
            tokio::spawn(listen::accept(listener, door, alive)),
            tokio::spawn(house::keep_time(Arc::clone(&house))),
        ];
        Ok(Self { address, house, stop, gone, tasks })
    }

    /// Takes no further connections, lets calls under way end (within
    /// [`Limits::farewell`]) and gives the world as it then is.
    pub async fn stop(mut self) -> Engine {
        self.stop.send_replace(true);
        // Nothing is ever sent: this ends when every connection has let go of its sender.
        let farewell = self.house.limits.farewell;
        let _ = tokio::time::timeout(farewell, self.gone.recv()).await;
        for task in &self.tasks {
            task.abort();
        }
        self.house.engine().await
    }
}
