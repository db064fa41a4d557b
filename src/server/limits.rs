//! Bounds on what a client may ask for.

use std::time::Duration;

/// Bounds on connections, and on what a world may come to: beyond that it is only looked at until it
/// is reset. Those on bodies and parameters are the API's
/// ([`REQUEST_BYTES_MAX`](crate::api::request::REQUEST_BYTES_MAX),
/// [`PARAMETERS_MAX`](crate::api::request::PARAMETERS_MAX)), that on time is
/// [`ADVANCE_MAX`](super::ADVANCE_MAX), that on the log is
/// [`records`](crate::model::limits::Limits::records).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at one time; further ones are told so and closed.
    pub connections: usize,
    /// How long a client may take to send the head of a request, or say nothing between two.
    pub header_timeout: Duration,
    /// How long a client may take to send a body.
    pub body_timeout: Duration,
    /// How long calls under way may take when the server stops.
    pub farewell: Duration,
    /// Commands from outside that a world remembers, as it must to be saved.
    pub commands: usize,
    /// Groups beyond those that a world began with, deleted ones included.
    pub groups: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            farewell: Duration::from_secs(5),
            commands: 1_000_000,
            groups: 10_000,
        }
    }
}

/// Bytes of the head of a request. A longer address is refused before that, at 64 KiB.
pub(super) const HEAD_BYTES_MAX: usize = 128 << 10;

/// Bytes of a table that is sent to `/_sim/load` or `/_sim/world`.
pub(super) const TABLE_BYTES_MAX: usize = 64 << 10;
