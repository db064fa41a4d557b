//! Who may call: keys from arguments, from the environment, or from a file.

use std::convert::Infallible;

use serde::Deserialize;

use super::Args;
use crate::api::keys::Secret;
use crate::api::{Api, Key, Keys, Region, ReplayMemory};
use crate::cli::Failure;

/// Reads a secret from an argument.
pub(super) fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret(text.to_owned()))
}

/// A file of keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    key: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    secret_id: String,
    secret_key: String,
    account: Option<String>,
}

/// The service with the keys of the arguments, in the region of the world. Keys that name no account
/// are of the one to which what a scenario made belongs.
pub(super) fn api(args: &Args, region: Region) -> Result<Api, Failure> {
    let replay = ReplayMemory::with_capacity(args.remember);
    let mut api = Api { no_auth: args.no_auth, region, replay, ..Api::default() };
    if !args.no_auth {
        api.keys = keys(args, &api.account)?;
    }
    Ok(api)
}

fn keys(args: &Args, own: &str) -> Result<Keys, Failure> {
    let mut keys = Keys::default();
    if let Some(path) = &args.keys {
        let wrong = |message: &str| Failure::Input(format!("{}: {message}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error.to_string()))?;
        // The message has no more of the text than where it stops making sense: secrets stay out.
        let file: File = toml::from_str(&text).map_err(|error| wrong(error.message()))?;
        if file.key.is_empty() {
            return Err(wrong("the file has no [[key]]"));
        }
        for Table { secret_id, secret_key, account } in file.key {
            let account = account.as_deref().unwrap_or(own);
            let key = Key::developer(account, &secret_id, &secret_key);
            keys.add(key).map_err(|error| wrong(&error.to_string()))?;
        }
        return Ok(keys);
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let secret_id = args.secret_id.clone().or_else(|| variable("ASGSIM_SECRET_ID"));
    let secret_key = args.secret_key.clone().map(|secret| secret.0);
    let secret_key = secret_key.or_else(|| variable("ASGSIM_SECRET_KEY"));
    let (Some(secret_id), Some(secret_key)) = (secret_id, secret_key) else {
        let message = "whom to let in? Give --secret-id and --secret-key (or ASGSIM_SECRET_ID and \
                       ASGSIM_SECRET_KEY), --keys FILE, or --no-auth";
        return Err(Failure::Input(String::from(message)));
    };
    let added = keys.add(Key::developer(own, &secret_id, &secret_key));
    added.map_err(|error| Failure::Input(error.to_string()))?;
    Ok(keys)
}
