//! The parameters that every call brings, and who is let in by them.

use super::action::Action;
use super::error::ApiError;
use super::keys::{Key, Keys};
use super::parameters::{ParameterError, Parameters};
use super::read::{text, unsigned};
use super::region::Region;
use super::replay::ReplayMemory;
use super::request::Request;
use super::signature::{self, SIGNATURE, SignatureMethod};

/// The common parameters but Region. Names and values are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common<'r> {
    /// Action, not looked up yet: whoever has no key is not told which actions there are.
    pub action: &'r str,
    /// Timestamp, Unix seconds.
    pub timestamp_s: u64,
    /// Nonce; 0 is taken, as clients may draw it.
    pub nonce: u64,
    /// SecretId.
    pub secret_id: &'r str,
    /// Signature, Base64.
    pub signature: &'r str,
    /// SignatureMethod.
    pub method: SignatureMethod,
    /// Token.
    pub token: Option<&'r str>,
}

impl<'r> Common<'r> {
    /// Reads them, without believing them.
    ///
    /// # Errors
    /// The first of Action, Timestamp, Nonce, SecretId and Signature that is missing or malformed.
    pub fn read(parameters: &'r Parameters) -> Result<Self, ParameterError> {
        Ok(Self {
            action: parameters.required("Action", text)?,
            timestamp_s: parameters.required("Timestamp", unsigned)?,
            nonce: parameters.required("Nonce", unsigned)?,
            secret_id: parameters.required("SecretId", text)?,
            signature: parameters.required(SIGNATURE, text)?,
            method: SignatureMethod::of(parameters.optional("SignatureMethod", text)?),
            token: parameters.optional("Token", text)?,
        })
    }
}

/// Whose request this is. `received_at_s` is the time of receipt in Unix seconds, by the clock
/// that clients go by.
///
/// # Errors
/// In this order: 4000 for missing or malformed common parameters, 4100 for an unknown key, a
/// wrong signature or a wrong token, 4200 for an expired token, 4500 for a request that is
/// outdated or repeated. Only a request that gets to the last is remembered.
pub fn authenticate<'k>(
    keys: &'k Keys,
    replay: &mut ReplayMemory,
    request: &Request,
    received_at_s: i64,
) -> Result<&'k Key, ApiError> {
    let common = Common::read(&request.parameters)?;
    let key = keys.find(common.secret_id)?;
    if !signature::verify(request, common.method, &key.secret_key.0, common.signature) {
        return Err(ApiError::wrong_signature());
    }
    key.admit_token(common.token, received_at_s)?;
    replay.admit(&key.secret_id, common.timestamp_s, common.nonce, received_at_s)?;
    Ok(key)
}

/// What the request asks for.
///
/// # Errors
/// 4000 without Action, 6100 for an unknown one.
pub fn action(parameters: &Parameters) -> Result<Action, ApiError> {
    Action::find(parameters.required("Action", text)?)
}

/// Where the request asks for it; `None` where it does not say.
///
/// # Errors
/// 4000 for an unknown region.
pub fn region(parameters: &Parameters) -> Result<Option<Region>, ApiError> {
    Ok(parameters.optional("Region", Region::read)?)
}
