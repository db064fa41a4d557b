//! The world as requests share it: one at a time, on a thread of its own.
//!
//! It is the world's thread for more reasons than one: those that serve connections are never held
//! up by a long advance, and all that a world takes and gives back is one thread's memory, which
//! does not come to lie scattered over those of many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use axum::http::StatusCode;
use tokio::sync::{oneshot, watch};

use super::clock::Pace;
use super::hosted::Hosted;
use super::limits::Limits;
use super::listen::has_stopped;
use super::problem::Problem;
use crate::engine::Engine;

/// What is to be done with the world.
type Job = Box<dyn FnOnce(&mut Hosted) + Send>;

/// What requests share.
#[derive(Debug)]
pub(super) struct House {
    world: Arc<Mutex<Hosted>>,
    /// To the world's thread, which ends when the house is gone.
    jobs: mpsc::Sender<Job>,
    pub limits: Limits,
    /// Told whenever the world may have changed.
    changed: watch::Sender<()>,
    pub stopped: watch::Receiver<bool>,
}

fn lock(world: &Mutex<Hosted>) -> MutexGuard<'_, Hosted> {
    // Whatever went wrong while another held it, the world is still a value.
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl House {
    /// Starts the world's thread.
    ///
    /// # Errors
    /// Whatever the system says of a further thread.
    pub fn new(
        mut world: Hosted,
        limits: Limits,
        stopped: watch::Receiver<bool>,
    ) -> std::io::Result<Self> {
        world.limits = limits;
        let world = Arc::new(Mutex::new(world));
        let (jobs, waiting) = mpsc::channel::<Job>();
        let its = Arc::clone(&world);
        std::thread::Builder::new().name(String::from("world")).spawn(move || {
            for job in waiting {
                // Who asked for it notices that there is no answer; the next job goes on.
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut lock(&its))));
            }
        })?;
        Ok(Self { world, jobs, limits, changed: watch::Sender::new(()), stopped })
    }

    /// The engine as it is, once whoever works with it has ended.
    pub async fn engine(&self) -> Engine {
        let engine = self.look(|world| world.engine.clone()).await;
        engine.unwrap_or_else(|_| lock(&self.world).engine.clone())
    }

    /// Tells when the world may have changed.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Looks at the world.
    pub async fn look<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Hosted) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let (told, done) = oneshot::channel();
        let job: Job = Box::new(move |world| {
            // Who asked for it may have gone away.
            let _ = told.send(work(world));
        });
        let gone = |_| {
            let detail = "the work was begun and did not end";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
        };
        // Where the thread is gone, `done` is told so.
        let _ = self.jobs.send(job);
        done.await.map_err(gone)
    }

    /// Works with the world, and tells whoever waits for a change.
    pub async fn work<T: Send + 'static>(
        &self,
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
