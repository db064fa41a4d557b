//! The world behind the server, and every way in which it is asked or changed.

use std::fmt;

use axum::http::StatusCode;

use super::clock::Clock;
use super::limits::Limits;
use super::problem::Problem;
use crate::api::common;
use crate::api::{Api, ApiError, ErrorKind, Request, Response};
use crate::engine::command::Reply;
use crate::engine::log::line;
use crate::engine::setup::{Setup, ValidationError};
use crate::engine::{Engine, Request as Command, RunError};
use crate::kernel::{SimDuration, SimTime};
use crate::model::id::GroupIndex;

/// The longest span that one call may advance: a leap year.
pub const ADVANCE_MAX: SimDuration = SimDuration::from_s(366 * 86_400);

/// A world, its clock, and the service in front of it.
pub struct Hosted {
    /// The world at the start, to which it is reset.
    pub(super) setup: Setup,
    pub(super) engine: Engine,
    pub(super) clock: Clock,
    api: Api,
    /// Those that are the world's.
    pub(super) limits: Limits,
    /// How often it has been reset.
    pub(super) lives: u64,
    /// Why it cannot go on, if it cannot.
    broken: Option<RunError>,
}

impl fmt::Debug for Hosted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, groups) = (self.engine.now(), self.engine.groups().count());
        f.debug_struct("Hosted").field("now", &now).field("groups", &groups).finish_non_exhaustive()
    }
}

/// Whether a request only looks, so that a world that is full still answers it.
fn is_look(request: &Request) -> bool {
    common::action(&request.parameters).is_ok_and(|action| action.name().starts_with("Describe"))
}

/// How far a reader of the log has come.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    /// In which life of the world.
    pub life: u64,
    /// In the log of each group.
    seen: Vec<usize>,
}

impl Cursor {
    /// At the start of a life.
    pub const fn start(life: u64) -> Self {
        Self { life, seen: Vec::new() }
    }
}

impl Hosted {
    /// A world at its start.
    ///
    /// # Errors
    /// The first [`ValidationError`] of the setup.
    pub fn new(setup: Setup, clock: Clock, api: Api) -> Result<Self, ValidationError> {
        let engine = Engine::new(&setup)?;
        Ok(Self::going_on(setup, engine, clock, api))
    }

    /// A world that goes on from a state of its engine.
    pub fn going_on(setup: Setup, engine: Engine, clock: Clock, api: Api) -> Self {
        Self { setup, engine, clock, api, limits: Limits::default(), lives: 0, broken: None }
    }

    /// Brings the engine to what the clock shows, one year at most at a time.
    pub(super) fn catch_up(&mut self) -> Result<(), Problem> {
        let now = self.engine.now();
        let target = self.clock.present(now);
        let until = target.min(now + ADVANCE_MAX);
        self.run_to(until)?;
        if until < target {
            self.clock.set(until);
        }
        Ok(())
    }

    fn run_to(&mut self, until: SimTime) -> Result<(), Problem> {
        if let Some(error) = &self.broken {
            let detail = format!("the world has stopped: {error}; reset it to start anew");
            return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail));
        }
        let outcome = self.engine.run_until(until).and_then(|()| self.engine.settle());
        outcome.map_err(|error| {
            self.broken = Some(error.clone());
            error.into()
        })
    }

    /// Answers a call of the service's API.
    pub(super) fn call(&mut self, request: &Request) -> Response {
        let ready = self.catch_up().and_then(|()| match is_look(request) {
            true => Ok(()),
            false => self.check_room(),
        });
        if let Err(problem) = ready {
            return ApiError::new(ErrorKind::InternalError, problem.detail).into();
        }
        self.api.call(&mut self.engine, request, self.clock.wall_s())
    }

    /// Goes on to a time of the engine.
    pub(super) fn advance(
        &mut self,
        until: impl FnOnce(&Self) -> Result<SimTime, Problem>,
    ) -> Result<(), Problem> {
        self.catch_up()?;
        let (now, until) = (self.engine.now(), until(self)?);
        let offset = self.setup.utc_offset;
        if until < now {
            let (until, now) = (until.format_civil(offset), now.format_civil(offset));
            let detail = format!("cannot advance to {until}: it is {now} already");
            return Err(Problem::new(StatusCode::CONFLICT, detail));
        }
        if until - now > ADVANCE_MAX {
            let detail = format!("one call advances by {ADVANCE_MAX} at most");
            return Err(Problem::bad(detail));
        }
        self.run_to(until)?;
        self.clock.set(until);
        Ok(())
    }

    /// Carries out a command from outside, made for the world as it now is.
    pub(super) fn apply(
        &mut self,
        command: impl FnOnce(&Self) -> Result<Command, Problem>,
    ) -> Result<Reply, Problem> {
        self.catch_up()?;
        self.check_room()?;
        let reply = match command(self)? {
            Command::Group(group, command) => match self.engine.apply(group, &command) {
                Ok(reply) => reply?,
                Err(error) => {
                    self.broken = Some(error.clone());
                    return Err(error.into());
                }
            },
            Command::World(command) => self.engine.apply_to_world(&command)?,
        };
        self.run_to(self.engine.now())?;
        Ok(reply)
    }

    /// Whether the world may be changed further.
    fn check_room(&self) -> Result<(), Problem> {
        let full = |what: &str| {
            let detail = format!("the world has had {what}, the most it takes: reset it");
            Err(Problem::new(StatusCode::INSUFFICIENT_STORAGE, detail))
        };
        if self.engine.journal().len() >= self.limits.commands {
            return full(&format!("{} commands", self.limits.commands));
        }
        if self.engine.groups().count() >= self.setup.groups.len() + self.limits.groups {
            return full(&format!("{} further groups", self.limits.groups));
        }
        Ok(())
    }

    /// Starts anew.
    pub(super) fn reset(&mut self) -> Result<(), Problem> {
        let engine = Engine::new(&self.setup);
        self.engine = engine
            .map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
        self.clock.set(self.engine.now());
        self.lives += 1;
        self.broken = None;
        Ok(())
    }

    /// The group of this name or id.
    pub(super) fn group(&self, name: &str) -> Result<GroupIndex, Problem> {
        let mut groups = self.engine.groups().filter(|group| !group.is_deleted());
        let found =
            groups.find(|group| [group.shown_name(), group.id(), group.name()].contains(&name));
        found.map(|group| group.index()).ok_or_else(|| {
            let shown: String = name.chars().take(60).collect();
            Problem::new(StatusCode::NOT_FOUND, format!("there is no group {shown:?}"))
        })
    }

    /// A cursor at the end of the log.
    pub(super) fn end_of_log(&self) -> Cursor {
        Cursor { life: self.lives, seen: self.engine.groups().map(|g| g.log().count()).collect() }
    }

    /// The lines of the log after a cursor, `most` at most, in the order of time and groups; the
    /// cursor moves past them.
    pub(super) fn lines(&self, cursor: &mut Cursor, most: usize) -> Vec<String> {
        cursor.seen.resize(self.engine.groups().count(), 0);
        let seen = cursor.seen.iter().zip(self.engine.groups()).enumerate();
        let new = seen.flat_map(|(place, (seen, group))| {
            let entries = group.log().since(*seen).take(most);
            entries.map(move |entry| (entry.t, place, group.name(), &entry.record))
        });
        let mut new: Vec<_> = new.collect();
        // Stable: within an instant the groups stay in their order, and records in theirs.
        new.sort_by_key(|(t, ..)| *t);
        new.truncate(most);
        let told = new.into_iter().map(|(t, place, group, record)| {
            if let Some(seen) = cursor.seen.get_mut(place) {
                *seen += 1;
            }
            let line = line(group, t, record);
            String::from_utf8_lossy(&line).trim_end().to_owned()
        });
        told.collect()
    }
}
