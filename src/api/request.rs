//! A request: what a client sent, before anything is believed of it.

use percent_encoding::percent_decode;

use super::error::shown;
use super::error_kind::ErrorKind;
use super::parameters::Parameters;

/// Bytes of a query string or body.
pub const REQUEST_BYTES_MAX: usize = 1 << 20;

/// Parameters of one request.
pub const PARAMETERS_MAX: usize = 1000;

/// The path of every call.
pub const PATH: &str = "/v2/index.php";

/// How a request was sent. Others than these are not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Parameters come from the query string; a body is ignored.
    Get,
    /// Parameters come from the body; the query string is ignored.
    Post,
}

impl Method {
    /// `GET` or `POST`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    /// By its name, spelled exactly so.
    ///
    /// # Errors
    /// [`RequestError::Method`].
    pub fn parse(name: &str) -> Result<Self, RequestError> {
        match name {
            "GET" => Ok(Self::Get),
            "POST" => Ok(Self::Post),
            _ => Err(RequestError::Method { found: shown(name) }),
        }
    }
}

/// A request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// The `Host` header, byte for byte: clients sign it with its port and letter case.
    pub host: String,
    /// The path; a call goes to [`PATH`].
    pub path: String,
    /// Of the query string or of the body, never of both.
    pub parameters: Parameters,
}

/// Why bytes are no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Neither GET nor POST.
    #[error("the method {found:?} is not served, only GET and POST")]
    Method {
        /// The head of its name.
        found: String,
    },
    /// More bytes than are read.
    #[error("the request has {found} bytes; allowed are {REQUEST_BYTES_MAX}")]
    TooLong {
        /// How many it has.
        found: usize,
    },
    /// More parameters than are read.
    #[error("the request has {found} parameters; allowed are {PARAMETERS_MAX}")]
    TooManyParameters {
        /// How many it has.
        found: usize,
    },
    /// Other bytes than UTF-8.
    #[error("parameter {name:?} is not UTF-8")]
    NotUtf8 {
        /// The head of the name, as far as it is text.
        name: String,
    },
}

impl RequestError {
    /// How the wire tells it.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Method { .. } => ErrorKind::UnsupportedProtocol,
            Self::TooLong { .. } | Self::TooManyParameters { .. } | Self::NotUtf8 { .. } => {
                ErrorKind::InvalidParameter
            }
        }
    }
}

impl Request {
    /// From the parts of an HTTP request: the query string without its `?`, and a body in the form
    /// `application/x-www-form-urlencoded`, which need not be encoded where that is no matter.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn received(
        method: &str,
        host: &str,
        path: &str,
        query: &[u8],
        body: &[u8],
    ) -> Result<Self, RequestError> {
        let method = Method::parse(method)?;
        let form = match method {
            Method::Get => query,
            Method::Post => body,
        };
        Self::new(method, host, path, decode_form(form)?)
    }

    /// From names and values that are decoded already, as those of `multipart/form-data` are.
    ///
    /// # Errors
    /// [`RequestError::TooManyParameters`] and [`RequestError::TooLong`].
    pub fn new(
        method: Method,
        host: &str,
        path: &str,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, RequestError> {
        let found = pairs.iter().map(|(name, value)| name.len().saturating_add(value.len())).sum();
        if found > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLong { found });
        }
        let found = pairs.len();
        if found > PARAMETERS_MAX {
            return Err(RequestError::TooManyParameters { found });
        }
        let (host, path, parameters) = (host.to_owned(), path.to_owned(), Parameters::new(pairs));
        Ok(Self { method, host, path, parameters })
    }
}

/// `a=1&b=2`, percent-decoded, `+` for a blank. Empty pairs are dropped: the reference's examples
/// begin `?&`.
fn decode_form(form: &[u8]) -> Result<Vec<(String, String)>, RequestError> {
    if form.len() > REQUEST_BYTES_MAX {
        return Err(RequestError::TooLong { found: form.len() });
    }
    let pairs = || form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    // Counted before anything is copied.
    match pairs().count() {
        found if found > PARAMETERS_MAX => Err(RequestError::TooManyParameters { found }),
        _ => pairs().map(decode_pair).collect(),
    }
}

fn decode_pair(pair: &[u8]) -> Result<(String, String), RequestError> {
    let mut parts = pair.splitn(2, |byte| *byte == b'=');
    let name = decode(parts.next().unwrap_or_default());
    let value = decode(parts.next().unwrap_or_default());
    match (name, value) {
        (Ok(name), Ok(value)) => Ok((name, value)),
        (Ok(name), Err(_)) => Err(RequestError::NotUtf8 { name: shown(&name) }),
        (Err(name), _) => Err(RequestError::NotUtf8 { name: shown(&name) }),
    }
}

/// The text, or what of it can be read as one.
fn decode(part: &[u8]) -> Result<String, String> {
    let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let bytes: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(bytes).map_err(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
