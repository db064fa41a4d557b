//! The wire form of the service. A test names the sentence of the reference that it holds:
//! `s_<number>_…`, in the order of the reference's pages.

mod errors;
mod forms;
mod lists;
mod pages;
mod responses;
mod values;

use std::fmt::Debug;

use asgsim::api::request::PATH;
use asgsim::api::{ApiError, Parameters, Request};

const HOST: &str = "scaling.api.qcloud.com";

/// The parameters of a query string.
fn parameters(form: &str) -> Parameters {
    Request::received("GET", HOST, PATH, form.as_bytes(), b"").unwrap().parameters
}

/// What came out, in one line: the value, or number and message of the error.
fn told<T: Debug>(outcome: Result<T, impl Into<ApiError>>) -> String {
    match outcome {
        Ok(value) => format!("{value:?}"),
        Err(error) => {
            let error = error.into();
            format!("{} {error}", error.kind.code())
        }
    }
}

/// The number of the error, or 0.
fn code<T>(outcome: Result<T, impl Into<ApiError>>) -> u16 {
    outcome.map_or_else(|error| error.into().kind.code(), |_| 0)
}
