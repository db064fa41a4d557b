//! The world as requests share it: one at a time, off the threads that serve connections.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::watch;

use super::clock::Pace;
use super::hosted::Hosted;
use super::limits::Limits;
use super::listen::has_stopped;
use super::problem::Problem;
use crate::engine::Engine;

/// What requests share.
#[derive(Debug)]
pub(super) struct House {
    world: Mutex<Hosted>,
    pub limits: Limits,
    /// Told whenever the world may have changed.
    changed: watch::Sender<()>,
    pub stopped: watch::Receiver<bool>,
}

impl House {
    pub fn new(mut world: Hosted, limits: Limits, stopped: watch::Receiver<bool>) -> Self {
        world.limits = limits;
        Self { world: Mutex::new(world), limits, changed: watch::Sender::new(()), stopped }
    }

    fn lock(&self) -> MutexGuard<'_, Hosted> {
        // Whatever went wrong while another held it, the world is still a value.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine as it is, once whoever works with it has ended.
    pub async fn engine(self: &Arc<Self>) -> Engine {
        let engine = self.look(|world| world.engine.clone()).await;
        engine.unwrap_or_else(|_| self.lock().engine.clone())
    }

    /// Tells when the world may have changed.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Looks at the world.
    pub async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Hosted) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let house = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&mut house.lock())).await;
        done.map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
    }

    /// Works with the world, and tells whoever waits for a change.
    pub async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Hosted) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.look(work).await;
        self.changed.send_replace(());
        done
    }
}

/// How often a world whose time goes by is brought to the present though nobody calls.
const TICK: Duration = Duration::from_millis(250);

/// Lets time go by where nobody calls, so that readers of the log see what happens.
pub(super) async fn keep_time(house: Arc<House>) {
    let pace = house.look(|world| world.clock.pace()).await;
    if pace == Ok(Pace::Manual) {
        return;
    }
    loop {
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            () = has_stopped(&house.stopped) => return,
        }
        // Whoever calls next is told what is wrong.
        let _ = house.work(Hosted::catch_up).await;
    }
}
