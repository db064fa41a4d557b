//! The wire form of the service. A test names the sentence of the reference that it holds:
//! `s_<number>_…`, in the order of the reference's pages.

mod access;
mod any_calls;
mod common;
mod errors;
mod examples;
pub mod facts;
mod forms;
mod furnished;
mod keys;
mod lists;
mod pages;
mod part_refusals;
mod properties;
mod queries;
mod read_back;
mod reference;
mod refusals;
mod refused_configurations;
mod replay;
mod responses;
mod scripts;
mod service;
mod signatures;
mod values;

use std::fmt::Debug;

use asgsim::api::request::{Method, PATH};
use asgsim::api::signature::SignatureMethod;
use asgsim::api::{ApiError, Key, Parameters, Request};

const HOST: &str = "scaling.api.qcloud.com";

/// The time at which the requests of these tests arrive, unless they say otherwise.
const NOW_S: i64 = 1_465_185_768;

/// The parameters of a query string.
fn parameters(form: &str) -> Parameters {
    Request::received("GET", HOST, PATH, form.as_bytes(), b"").unwrap().parameters
}

/// A request of these names and values, decoded.
fn request(method: Method, pairs: &[(&str, &str)]) -> Request {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Request::new(method, HOST, PATH, pairs.collect()).unwrap()
}

/// The same request with one more parameter.
fn with(request: &Request, name: &str, value: &str) -> Request {
    let sent = request.parameters.sent().chain([(name, value)]);
    let pairs = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Request::new(request.method, &request.host, &request.path, pairs).unwrap()
}

/// The same request without one of its parameters.
fn without(request: &Request, name: &str) -> Request {
    let sent = request.parameters.sent().filter(|(sent, _)| *sent != name);
    let pairs = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Request::new(request.method, &request.host, &request.path, pairs).unwrap()
}

/// The same request, signed as the reference asks.
fn signed(request: &Request, key: &Key) -> Request {
    let text = asgsim::api::signature::string_to_sign(request);
    let method = request.parameters.sent().find(|(name, _)| *name == "SignatureMethod");
    let method = SignatureMethod::of(method.map(|(_, value)| value));
    with(request, "Signature", &method.sign(&key.secret_key.0, &text))
}

/// A key of account `one`.
fn key() -> Key {
    Key::developer("one", "AKIDone", "secret one")
}

/// A call of [`key`] that is not signed yet.
fn unsigned_call(method: Method, nonce: &str) -> Request {
    let now = NOW_S.to_string();
    let common = [
        ("Action", "DescribeScalingGroup"),
        ("Region", "gz"),
        ("Timestamp", &now),
        ("Nonce", nonce),
        ("SecretId", "AKIDone"),
    ];
    request(method, &common)
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
