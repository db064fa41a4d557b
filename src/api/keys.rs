//! Keys: who may call, and what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::action::Action;
use super::error::ApiError;
use super::error_kind::ErrorKind;

/// Pairs that one account may have of its own.
pub const PAIRS_PER_ACCOUNT_MAX: usize = 2;

/// A text that nobody should read in a log: its `Debug` form does not tell it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A pair of SecretId and SecretKey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Names the key in a request.
    pub secret_id: String,
    /// Signs with it.
    pub secret_key: Secret,
    /// The account whose resources it reaches.
    pub account: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// Whose it is.
    pub kind: KeyKind,
}

/// Whose a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// The account's own.
    Developer,
    /// Of a user whom the account has admitted.
    SubUser(Denials),
    /// For a while; a request must bring the token too.
    Temporary {
        /// The token.
        token: Secret,
        /// The first second, of Unix time by the clock of receipt, at which it is no longer taken.
        expires_at_s: Option<i64>,
    },
}

/// What a sub user may not do.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Denials {
    /// Actions.
    pub actions: BTreeSet<Action>,
    /// Resources, by id.
    pub resources: BTreeSet<String>,
}

/// The keys of all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Keys {
    by_id: BTreeMap<String, Key>,
    /// Actions that no sub user may call.
    pub developer_only: BTreeSet<Action>,
}

/// Why a key cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No SecretId, or no SecretKey: no request could bring it.
    #[error("a key needs both a SecretId and a SecretKey, neither empty")]
    Empty,
    /// There is a key of this SecretId.
    #[error("a key with the SecretId {secret_id:?} is there already")]
    Taken {
        /// The SecretId.
        secret_id: String,
    },
    /// The account has its pairs.
    #[error("account {account:?} has {PAIRS_PER_ACCOUNT_MAX} keys of its own, the most allowed")]
    TooMany {
        /// The account.
        account: String,
    },
}

impl Key {
    /// An account's own key, in force.
    pub fn developer(account: &str, secret_id: &str, secret_key: &str) -> Self {
        Self {
            secret_id: secret_id.to_owned(),
            secret_key: Secret(secret_key.to_owned()),
            account: account.to_owned(),
            enabled: true,
            kind: KeyKind::Developer,
        }
    }

    /// Whether the request's token, if any, is what this key needs. A key that is not temporary
    /// needs none and minds none.
    ///
    /// # Errors
    /// 4100 for another token or none, 4200 for one that has expired.
    pub fn admit_token(&self, sent: Option<&str>, received_at_s: i64) -> Result<(), ApiError> {
        let KeyKind::Temporary { token, expires_at_s } = &self.kind else { return Ok(()) };
        // An ordinary comparison: whoever gets here has the SecretKey.
        if sent != Some(token.0.as_str()) {
            let words = "the key is temporary, and this is not its token";
            return Err(ApiError::new(ErrorKind::AuthFailure, words));
        }
        match expires_at_s {
            Some(end) if received_at_s >= *end => Err(ErrorKind::RequestExpired.into()),
            _ => Ok(()),
        }
    }

    /// Whether this key may touch these resources.
    ///
    /// # Errors
    /// 4102 naming those of the resources that this key may not touch.
    pub fn permit_resources<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), ApiError> {
        let KeyKind::SubUser(denials) = &self.kind else { return Ok(()) };
        let denied: Vec<_> = ids.into_iter().filter(|id| denials.resources.contains(*id)).collect();
        if denied.is_empty() { Ok(()) } else { Err(ApiError::denied_resources(&denied)) }
    }
}

impl Keys {
    /// Adds a key.
    ///
    /// # Errors
    /// [`KeyError`]; nothing is added then.
    pub fn add(&mut self, key: Key) -> Result<(), KeyError> {
        if key.secret_id.is_empty() || key.secret_key.0.is_empty() {
            return Err(KeyError::Empty);
        }
        if self.by_id.contains_key(&key.secret_id) {
            return Err(KeyError::Taken { secret_id: key.secret_id });
        }
        if key.kind == KeyKind::Developer {
            let own = |other: &&Key| other.kind == key.kind && other.account == key.account;
            if self.by_id.values().filter(own).count() >= PAIRS_PER_ACCOUNT_MAX {
                return Err(KeyError::TooMany { account: key.account });
            }
        }
        self.by_id.insert(key.secret_id.clone(), key);
        Ok(())
    }

    /// Takes a key away, and returns it if there was one.
    pub fn remove(&mut self, secret_id: &str) -> Option<Key> {
        self.by_id.remove(secret_id)
    }

    /// The key of this SecretId.
    ///
    /// # Errors
    /// 4100 where there is no such key, or it is not in force.
    pub fn find(&self, secret_id: &str) -> Result<&Key, ApiError> {
        let key = self.by_id.get(secret_id).filter(|key| key.enabled);
        key.ok_or_else(|| ApiError::unknown_key(secret_id))
    }

    /// Whether this key may call this action.
    ///
    /// # Errors
    /// 4103 for a sub user where only developers may, 4101 where this one may not.
    pub fn permit_action(&self, key: &Key, action: Action) -> Result<(), ApiError> {
        let KeyKind::SubUser(denials) = &key.kind else { return Ok(()) };
        if self.developer_only.contains(&action) {
            let words = format!("only a developer's own key may call {action}");
            return Err(ApiError::new(ErrorKind::SubAccountNotSupported, words));
        }
        if denials.actions.contains(&action) {
            let words = format!("the sub user may not call {action}");
            return Err(ApiError::new(ErrorKind::UnauthorizedOperation, words));
        }
        Ok(())
    }
}
