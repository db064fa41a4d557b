//! The engine's time out of the wall clock's. This file alone reads the latter.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::SystemTime;

use crate::kernel::SimTime;

/// The fastest pace.
const TIMES_MAX: u32 = 100_000;

/// How engine time goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Pace {
    /// It stands until it is told to advance.
    #[default]
    Manual,
    /// So many times as fast as the wall clock.
    Times(u32),
}

/// Why a text is no pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected manual, real, or x and a whole number of 1 to {TIMES_MAX}, as in x60")]
pub struct PaceError;

impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Self, PaceError> {
        match text {
            "manual" => Ok(Self::Manual),
            "real" => Ok(Self::Times(1)),
            _ => {
                let times = text.strip_prefix('x').and_then(|times| times.parse().ok());
                let times = times.filter(|times| (1..=TIMES_MAX).contains(times));
                times.map(Self::Times).ok_or(PaceError)
            }
        }
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manual => f.write_str("manual"),
            Self::Times(1) => f.write_str("real"),
            Self::Times(times) => write!(f, "x{times}"),
        }
    }
}

/// Tells the time on the wall. Requests are dated by it, and it sets the pace.
#[derive(Clone)]
pub struct Wall(pub Arc<dyn Fn() -> SimTime + Send + Sync>);

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wall")
    }
}

impl Wall {
    /// The time.
    pub fn now(&self) -> SimTime {
        (self.0)()
    }
}

/// The host's own clock.
pub fn wall_clock() -> Wall {
    Wall(Arc::new(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        SimTime::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }))
}

/// Where engine time stands for a time on the wall.
#[derive(Clone, Debug)]
pub struct Clock {
    pace: Pace,
    wall: Wall,
    /// A time on the wall, and the engine's at that moment.
    agreed: (SimTime, SimTime),
}

impl Clock {
    /// A clock that shows `engine` now.
    pub fn new(pace: Pace, wall: Wall, engine: SimTime) -> Self {
        let agreed = (wall.now(), engine);
        Self { pace, wall, agreed }
    }

    /// How fast it goes.
    pub const fn pace(&self) -> Pace {
        self.pace
    }

    /// The time on the wall, in Unix seconds.
    pub fn wall_s(&self) -> i64 {
        self.wall.now().unix_ms().div_euclid(1_000)
    }

    /// What the engine's time ought to be; never before `engine`, where it is, though the wall
    /// clock be set back.
    pub fn present(&self, engine: SimTime) -> SimTime {
        let Pace::Times(times) = self.pace else { return engine };
        let (wall, then) = self.agreed;
        let passed = (self.wall.now() - wall).ms();
        let ms = then.unix_ms().saturating_add(passed.saturating_mul(i64::from(times)));
        SimTime::from_unix_ms(ms).max(engine)
    }

    /// Goes on from `engine` now.
    pub fn set(&mut self, engine: SimTime) {
        self.agreed = (self.wall.now(), engine);
    }
}
