//! The wire form of the service: requests, signatures, errors and responses of API v2.
//!
//! What the reference leaves open is decided for the clients that exist: arrays by `name.0`,
//! `name_0` or a bare `name`, regions by two names, signatures in the variants that client
//! libraries make. What no client needs is decided strictly.
//!
//! ```
//! use asgsim::api::common::authenticate;
//! use asgsim::api::request::PATH;
//! use asgsim::api::signature::{SignatureMethod, string_to_sign};
//! use asgsim::api::{Key, Keys, ReplayMemory, Request};
//!
//! let mut keys = Keys::default();
//! keys.add(Key::developer("my account", "AKIDexample", "a secret"))?;
//!
//! // What a client sends at 04:02:48 by its clock, 1465185768 s of Unix time …
//! let host = "scaling.api.qcloud.com";
//! let query = "Action=DescribeScalingGroup&Nonce=1&SecretId=AKIDexample&Timestamp=1465185768";
//! let unsigned = Request::received("GET", host, PATH, query.as_bytes(), b"")?;
//! let signature = SignatureMethod::HmacSha1.sign("a secret", &string_to_sign(&unsigned));
//! let query = format!("{query}&Signature={}", signature.replace('+', "%2B"));
//! let request = Request::received("GET", host, PATH, query.as_bytes(), b"")?;
//!
//! // … is let in, but only once.
//! let mut replay = ReplayMemory::default();
//! let caller = authenticate(&keys, &mut replay, &request, 1_465_185_770)?;
//! assert_eq!(caller.account, "my account");
//! let again = authenticate(&keys, &mut replay, &request, 1_465_185_771);
//! assert_eq!(again.map_err(|error| error.kind.code()), Err(4500));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod action;
mod activities;
pub mod call;
pub mod common;
mod configurations;
pub mod error;
pub mod error_kind;
mod fields;
mod groups;
mod instances;
pub mod inventory;
pub mod keys;
mod lifecycle_hooks;
mod notifications;
pub mod pace;
pub mod page;
pub mod parameters;
mod policies;
pub mod read;
pub mod region;
pub mod replay;
pub mod request;
pub mod response;
mod scheduled_tasks;
pub mod signature;
mod wording;

pub use action::Action;
pub use call::Api;
pub use error::ApiError;
pub use error_kind::ErrorKind;
pub use inventory::{Inventory, Resource, ResourceKind};
pub use keys::{Key, Keys};
pub use pace::Pace;
pub use page::Page;
pub use parameters::Parameters;
pub use region::Region;
pub use replay::ReplayMemory;
pub use request::Request;
pub use response::Response;
