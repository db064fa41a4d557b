//! Where calls of the service's API go.

use crate::api::common::{action, authenticate};
use crate::api::{ApiError, ErrorKind, Keys, ReplayMemory, Request, Response};
use crate::engine::Engine;

/// Answers calls: the engine, the request, and the time of its receipt in Unix seconds.
pub type Calls = Box<dyn FnMut(&mut Engine, &Request, i64) -> Response + Send>;

/// Lets calls in as the service does, by key, signature and time, or all of them where there are
/// no keys; what is asked for is then told to be out of service.
pub fn let_in(keys: Option<Keys>) -> Calls {
    let mut replay = ReplayMemory::default();
    Box::new(move |_, request, received_at_s| {
        let outcome = keys.as_ref().map_or(Ok(()), |keys| {
            authenticate(keys, &mut replay, request, received_at_s).map(drop)
        });
        let outcome = outcome.and_then(|()| action(&request.parameters));
        let outcome = outcome.and_then(|action| {
            let words = format!("{action} is not served by this version");
            Err::<Response, _>(ApiError::new(ErrorKind::ServiceUnavailable, words))
        });
        outcome.into()
    })
}
