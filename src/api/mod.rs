//! The wire form of the service: requests, signatures, errors and responses of API v2.
//!
//! What the reference leaves open is decided for the clients that exist: arrays by `name.0`,
//! `name_0` or a bare `name`, regions by two names, signatures in the variants that client
//! libraries make. What no client needs is decided strictly.

pub mod error;
pub mod error_kind;
pub mod page;
pub mod parameters;
pub mod read;
pub mod request;
pub mod response;

pub use error::ApiError;
pub use error_kind::ErrorKind;
pub use page::Page;
pub use parameters::Parameters;
pub use request::Request;
pub use response::Response;
