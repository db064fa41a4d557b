//! Promises about every request, held against random ones.

use asgsim::UtcOffset;
use asgsim::api::common::{action, authenticate, region};
use asgsim::api::read::{civil, integer, name, text, unsigned};
use asgsim::api::request::{Method, PATH};
use asgsim::api::{ApiError, Key, Keys, Page, Parameters, ReplayMemory, Request, Response};
use proptest::prelude::*;
use serde_json::Value;

use super::{HOST, NOW_S, key, signed};

/// Names that mean something, and others near them.
fn names() -> impl Strategy<Value = String> {
    let known = prop_oneof![
        Just("Action"),
        Just("Timestamp"),
        Just("Nonce"),
        Just("SecretId"),
        Just("Signature"),
        Just("SignatureMethod"),
        Just("Token"),
        Just("Region"),
        Just("ids"),
        Just("metric"),
        Just("offset"),
        Just("limit"),
    ];
    prop_oneof![
        4 => known.prop_map(str::to_owned),
        2 => ("ids|metric", "[._]", "[0-9]{1,25}|[a-zA-Z]{0,9}").prop_map(|(a, b, c)| a + &b + &c),
        1 => "[A-Za-z0-9._]{0,8}",
        1 => any::<String>(),
    ]
}

fn values() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[+-]? ?[0-9]{0,22}",
        1 => "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}: ?[0-9]{2}:[0-9]{2}",
        1 => r#"\{("[a-z]{0,5}":[0-9"a-z\[\]{}:]{0,9},?){0,3}\}?"#,
        1 => "[A-Za-z]{0,12}",
        1 => any::<String>(),
        1 => Just(key().secret_id),
        1 => Just(NOW_S.to_string()),
    ]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec((names(), values()), 0..30)
}

fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![Just(Method::Get), Just(Method::Post)]
}

/// Whatever goes wrong is told in the envelope.
fn well_formed(error: ApiError) -> Result<(), TestCaseError> {
    let response = Response::from(error.clone());
    let body: Value = serde_json::from_str(&response.body).unwrap();
    prop_assert_eq!(body["code"].as_u64(), Some(u64::from(error.kind.code())));
    prop_assert_eq!(body["codeDesc"].as_str(), Some(error.kind.code_desc()));
    let message = body["message"].as_str().unwrap();
    let head = format!("({}) ", error.kind.module());
    prop_assert!(message.starts_with(&head) && message.len() > head.len(), "{}", message);
    // A message does not grow with what was sent.
    prop_assert!(message.len() < 1500, "{}", message);
    Ok(())
}

fn holds<T, E: Into<ApiError>>(outcome: Result<T, E>) -> Result<(), TestCaseError> {
    outcome.map_or_else(|error| well_formed(error.into()), |_| Ok(()))
}

/// Every way to read parameters, by every name that is there.
fn read_all(parameters: &Parameters) -> Result<(), TestCaseError> {
    holds(Page::read(parameters))?;
    holds(action(parameters))?;
    holds(region(parameters))?;
    for (sent, _) in parameters.sent() {
        holds(parameters.required(sent, text))?;
        holds(parameters.required(sent, name))?;
        holds(parameters.required(sent, unsigned))?;
        holds(parameters.required(sent, integer(-30..=30)))?;
        holds(parameters.required(sent, civil(UtcOffset::BEIJING)))?;
        holds(parameters.list(sent, 3, text))?;
        holds(parameters.list(sent, 3, integer(1..=6)))?;
        match parameters.members(sent) {
            Ok(Some(members)) => {
                for (member, _) in members.sent() {
                    holds(members.required(member, integer(0..=100)))?;
                }
            }
            outcome => holds(outcome)?,
        }
    }
    Ok(())
}

fn keys() -> Keys {
    let mut keys = Keys::default();
    keys.add(key()).unwrap();
    keys
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_request_or_an_error(
        method in "GET|POST|PUT|\\PC{0,9}",
        query in proptest::collection::vec(any::<u8>(), 0..200),
        body in proptest::collection::vec(any::<u8>(), 0..200),
        received_at_s in any::<i64>(),
    ) {
        match Request::received(&method, HOST, PATH, &query, &body) {
            Ok(request) => {
                read_all(&request.parameters)?;
                let mut memory = ReplayMemory::default();
                let stranger = authenticate(&keys(), &mut memory, &request, received_at_s).err();
                well_formed(stranger.unwrap())?;
                prop_assert!(memory.is_empty());
            }
            Err(error) => well_formed(error.into())?,
        }
    }

    #[test]
    fn any_parameters_are_read_or_refused(method in methods(), pairs in pairs()) {
        let request = Request::new(method, HOST, PATH, pairs).unwrap();
        read_all(&request.parameters)?;
        let keys = keys();
        let stranger = authenticate(&keys, &mut ReplayMemory::default(), &request, NOW_S);
        well_formed(stranger.unwrap_err())?;
    }

    /// Whatever is sent arrives, and is signed, the same by both methods and in any order.
    #[test]
    fn a_signed_request_is_let_in_once(method in methods(), others in pairs(), nonce: u64) {
        let common = ["Action", "Timestamp", "Nonce", "SecretId", "Signature", "SignatureMethod"];
        let mut pairs = others;
        pairs.retain(|(name, _)| !common.contains(&name.replace('_', ".").as_str()) && name != "Token");
        let (now, nonce) = (NOW_S.to_string(), nonce.to_string());
        let own = [("Action", "x"), ("Timestamp", &now), ("Nonce", &nonce), ("SecretId", "AKIDone")];
        pairs.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let request = signed(&Request::new(method, HOST, PATH, pairs).unwrap(), &key());

        let form = request.parameters.sent().map(|(name, value)| encoded(name) + "=" + &encoded(value));
        let form = form.collect::<Vec<_>>().join("&");
        let arrived = Request::received(method.name(), HOST, PATH, form.as_bytes(), form.as_bytes());
        prop_assert_eq!(arrived.as_ref(), Ok(&request));

        let mut memory = ReplayMemory::default();
        let mut keys = keys();
        prop_assert_eq!(authenticate(&keys, &mut memory, &request, NOW_S), Ok(&key()));
        let again = authenticate(&keys, &mut memory, &request, NOW_S);
        prop_assert_eq!(again.unwrap_err().kind.code(), 4500);

        let mut back: Vec<_> = request.parameters.sent().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        back.sort_by(|a, b| b.0.cmp(&a.0));
        let back = Request::new(method, HOST, PATH, back).unwrap();
        prop_assert!(authenticate(&keys, &mut ReplayMemory::default(), &back, NOW_S).is_ok());

        keys.remove("AKIDone");
        keys.add(Key::developer("one", "AKIDone", "another secret")).unwrap();
        let other = authenticate(&keys, &mut ReplayMemory::default(), &request, NOW_S);
        prop_assert_eq!(other.unwrap_err().kind.code(), 4100);
    }
}

/// Every byte in the form `%2F`.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
