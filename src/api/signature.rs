//! Signatures: HMAC over method, host, path and all parameters but the signature itself.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

use super::request::{Method, Request};

/// The parameter that holds the signature, and so is not signed.
pub const SIGNATURE: &str = "Signature";

/// Which hash a signature is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SignatureMethod {
    /// The default.
    #[default]
    HmacSha1,
    /// Where the request says `SignatureMethod=HmacSHA256`, exactly so.
    HmacSha256,
}

impl SignatureMethod {
    /// By the value of the parameter `SignatureMethod`; any other value means the default.
    pub fn of(value: Option<&str>) -> Self {
        match value {
            Some("HmacSHA256") => Self::HmacSha256,
            _ => Self::HmacSha1,
        }
    }

    /// The Base64 signature of a text.
    pub fn sign(self, secret_key: &str, text: &str) -> String {
        match self {
            Self::HmacSha1 => sign::<Hmac<Sha1>>(secret_key, text),
            Self::HmacSha256 => sign::<Hmac<Sha256>>(secret_key, text),
        }
    }

    /// Whether these bytes are the signature of the text, in a time that does not depend on where
    /// they differ.
    fn fits(self, secret_key: &str, text: &str, signature: &[u8]) -> bool {
        match self {
            Self::HmacSha1 => fits::<Hmac<Sha1>>(secret_key, text, signature),
            Self::HmacSha256 => fits::<Hmac<Sha256>>(secret_key, text, signature),
        }
    }
}

/// The text that the reference signs: parameters sorted by the bytes of their names, `_` in names
/// turned into `.` afterwards, values as they are.
pub fn string_to_sign(request: &Request) -> String {
    written(request, Order::Sent, AtValues::Signed)
}

/// Whether the Base64 `signature` is one that a client of this key makes of the request.
///
/// DIFFERENCE: beside the reference's text, two that deployed clients sign are taken: names
/// converted before they are sorted, and, by POST, values that begin with `@` left out.
pub fn verify(
    request: &Request,
    method: SignatureMethod,
    secret_key: &str,
    signature: &str,
) -> bool {
    // The reference asks for no encoding in a POST body; a raw plus sign reads as a blank there.
    let signature = match request.method {
        Method::Post => Cow::Owned(signature.replace(' ', "+")),
        Method::Get => Cow::Borrowed(signature),
    };
    let Ok(signature) = STANDARD.decode(signature.as_bytes()) else { return false };
    let mut tried = Vec::new();
    for at_values in [AtValues::Signed, AtValues::LeftOut] {
        if at_values == AtValues::LeftOut && request.method == Method::Get {
            break;
        }
        for order in [Order::Sent, Order::Converted] {
            let text = written(request, order, at_values);
            if tried.contains(&text) {
                continue;
            }
            if method.fits(secret_key, &text, &signature) {
                return true;
            }
            tried.push(text);
        }
    }
    false
}

/// Which names parameters are sorted by.
#[derive(Clone, Copy)]
enum Order {
    /// As sent.
    Sent,
    /// With `.` for `_`.
    Converted,
}

/// What becomes of values that begin with `@`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtValues {
    Signed,
    LeftOut,
}

fn written(request: &Request, order: Order, at_values: AtValues) -> String {
    let left_out = |value: &str| at_values == AtValues::LeftOut && value.starts_with('@');
    let signed = request.parameters.sent();
    let signed = signed.filter(|(name, value)| *name != SIGNATURE && !left_out(value));
    let mut signed: Vec<_> = signed.map(|(name, value)| (name, converted(name), value)).collect();
    // Equal names keep the order in which they were sent.
    match order {
        Order::Sent => signed.sort_by_key(|(name, ..)| *name),
        Order::Converted => signed.sort_by(|(_, a, _), (_, b, _)| a.cmp(b)),
    }
    let mut text = [request.method.name(), &request.host, &request.path].concat();
    for (i, (_, name, value)) in signed.iter().enumerate() {
        text.push(if i == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
    text
}

fn converted(name: &str) -> Cow<'_, str> {
    if name.contains('_') { Cow::Owned(name.replace('_', ".")) } else { Cow::Borrowed(name) }
}

/// `None` never comes: HMAC takes keys of any length.
fn mac<M: Mac + KeyInit>(secret_key: &str, text: &str) -> Option<M> {
    let mut mac = M::new_from_slice(secret_key.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    Some(mac)
}

fn sign<M: Mac + KeyInit>(secret_key: &str, text: &str) -> String {
    let mac = mac::<M>(secret_key, text);
    mac.map(|mac| STANDARD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

fn fits<M: Mac + KeyInit>(secret_key: &str, text: &str, signature: &[u8]) -> bool {
    mac::<M>(secret_key, text).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}
