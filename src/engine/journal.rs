//! What came from outside, and how a state is told again from it.

use serde::{Deserialize, Serialize};

use crate::engine::command::{Command, WorldCommand};
use crate::engine::{Engine, RunError};
use crate::kernel::{SimTime, Tape};
use crate::model::id::GroupIndex;

/// A command that came from outside: with the setup and the time, these are all there is to know
/// of a state, and applying them again is how a state is restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The engine's time.
    pub at: SimTime,
    /// Whether the work due at that instant had been done before ([`Engine::is_settled`]).
    pub settled: bool,
    /// What was asked. What was refused is part of the story too where work was due before it.
    pub request: Request,
}

/// What is asked of an engine from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// A command for a group.
    Group(GroupIndex, Command),
    /// A command for the world. Boxed, since they are large and few.
    World(Box<WorldCommand>),
}

impl Engine {
    /// Takes back what was noted of a command that was refused, if it found nothing to do: then
    /// it did nothing at all, and a journal need not grow with every vain attempt. Where work was
    /// due it is kept, since it has moved some of that work forward.
    pub(super) fn forget_refused(&mut self, (settled, is_coupled): (bool, bool)) {
        if settled {
            self.journal.take_back();
            (self.settled, self.is_coupled) = (settled, is_coupled);
        }
    }

    /// Keeps a request for [`Self::replay`]; there may be work to do after it.
    pub(super) fn note(&mut self, request: Request) {
        let (at, settled) = (self.now, self.settled);
        self.journal.push(JournalEntry { at, settled, request });
        self.wakes = None;
        self.settled = false;
    }

    /// The commands that came from outside so far, in order.
    pub const fn journal(&self) -> &Tape<JournalEntry> {
        &self.journal
    }

    /// Does again what a journal says and goes on to `until`, and does what is due then if the
    /// state was `settled`: with the same setup this gives the state, and the log, that the
    /// journal's engine had.
    ///
    /// # Errors
    /// A [`RunError`] of the run.
    pub fn replay(
        &mut self,
        journal: &Tape<JournalEntry>,
        until: SimTime,
        settled: bool,
    ) -> Result<(), RunError> {
        for entry in journal.iter() {
            self.run_until(entry.at)?;
            if entry.settled {
                self.settle()?;
            }
            // A refusal is told again like the rest.
            match &entry.request {
                Request::Group(group, command) => drop(self.apply(*group, command)?),
                Request::World(command) => drop(self.apply_to_world(command)),
            }
        }
        self.run_until(until)?;
        if settled { self.settle() } else { Ok(()) }
    }
}
