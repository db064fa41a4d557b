//! The common parameters, actions and regions.

use asgsim::api::common::{action, authenticate, region};
use asgsim::api::request::Method;
use asgsim::api::signature::SignatureMethod;
use asgsim::api::{Action, Keys, Region, ReplayMemory, Request};

use super::{NOW_S, code, key, parameters, signed, told, unsigned_call, with, without};

/// Sends one request to a service that knows [`key`] only.
fn sent(request: &Request) -> Result<String, asgsim::api::ApiError> {
    let mut keys = Keys::default();
    keys.add(key()).unwrap();
    let caller = authenticate(&keys, &mut ReplayMemory::default(), request, NOW_S)?;
    Ok(caller.account.clone())
}

/// A call of [`key`] with `value` for `name`, signed.
fn call_with(name: &str, value: &str) -> Request {
    signed(&with(&without(&unsigned_call(Method::Get, "1"), name), name, value), &key())
}

#[test]
fn s_045_required_common_parameters() {
    for method in [Method::Get, Method::Post] {
        let call = signed(&unsigned_call(method, "1"), &key());
        assert_eq!(told(sent(&call)), "\"one\"");
    }
    let call = signed(&unsigned_call(Method::Get, "1"), &key());
    for name in ["Action", "Timestamp", "Nonce", "SecretId", "Signature"] {
        let missing = format!("4000 (100000) parameter {name} is missing");
        assert_eq!(told(sent(&without(&call, name))), missing);
        assert_eq!(told(sent(&with(&without(&call, name), name, ""))), missing);
    }
    // Nobody is authenticated by nothing.
    let nothing = parameters("");
    assert_eq!(told(action(&nothing)), "4000 (100000) parameter Action is missing");
}

#[test]
fn s_044_common_names_begin_with_a_capital() {
    assert_eq!(region(&parameters("region=gz")), Ok(None));
    let small = parameters("action=DescribeScalingGroup");
    assert_eq!(told(action(&small)), "4000 (100000) parameter Action is missing");
}

#[test]
fn s_049_s_050_timestamp_and_nonce_are_numbers() {
    for name in ["Timestamp", "Nonce"] {
        for value in ["abc", "-1", "1.5", "18446744073709551616"] {
            let expected = format!(
                "4000 (100000) parameter {name} is {value:?}; \
                 expected is a whole number from 0 on, of at most 64 bits"
            );
            assert_eq!(told(sent(&call_with(name, value))), expected);
        }
    }
    for nonce in ["0", "1", "10000", "9223372036854775807", "18446744073709551615"] {
        assert_eq!(told(sent(&call_with("Nonce", nonce))), "\"one\"", "{nonce}");
    }
}

#[test]
fn s_051_an_unknown_secret_id_is_refused() {
    assert_eq!(
        told(sent(&call_with("SecretId", "AKIDtwo"))),
        "4100 (100010) no key in force has the SecretId \"AKIDtwo\""
    );
}

#[test]
fn s_119_a_wrong_signature_is_refused() {
    let call = with(&unsigned_call(Method::Get, "1"), "Signature", "NSI3UqqD99b/UJb4tbG/xZpRW64=");
    assert_eq!(
        told(sent(&call)),
        "4100 (100010) the signature does not fit the request: \
         see method, host, path, parameters and SecretKey"
    );
    let mut call = signed(&unsigned_call(Method::Get, "1"), &key());
    call.method = Method::Post;
    assert_eq!(code(sent(&call)), 4100);
}

#[test]
fn s_053_both_hashes_are_served() {
    for method in ["HmacSHA256", "HmacSHA1", "foo", ""] {
        assert_eq!(told(sent(&call_with("SignatureMethod", method))), "\"one\"", "{method}");
    }
    let sha1 = SignatureMethod::HmacSha1;
    let call = with(&unsigned_call(Method::Get, "1"), "SignatureMethod", "HmacSHA256");
    let text = asgsim::api::signature::string_to_sign(&call);
    let call = with(&call, "Signature", &sha1.sign(&key().secret_key.0, &text));
    assert_eq!(code(sent(&call)), 4100);
}

#[test]
fn s_046_actions_have_names() {
    for &known in Action::ALL {
        let name = known.name();
        assert_eq!(Action::find(name), Ok(known));
        assert_eq!(Action::find(&name.to_uppercase()), Ok(known));
        assert_eq!(Action::find(&name.to_lowercase()), Ok(known));
        assert_eq!(known.to_string(), name);
    }
    assert_eq!(Action::ALL.len(), 32);
    for unknown in ["DescribeInstances", "DescribeScalingLimit", "", " ", "DescribeScalingGroup "] {
        let expected = format!("6100 (100081) there is no action {unknown:?} here");
        assert_eq!(told(Action::find(unknown)), expected);
    }
    let nothing = "4000 (100000) parameter Action is missing";
    assert_eq!(told(action(&parameters("Action="))), nothing);
}

#[test]
fn s_013_lifecycle_has_many_spellings() {
    for (spelled, expected) in [
        ("CreateLifeCycleHook", Action::CreateLifecycleHook),
        ("DescribeLIfeCycleHook", Action::DescribeLifecycleHook),
        ("DeleteLifeCycleHook", Action::DeleteLifecycleHook),
        ("ModifyLifeCycleHook", Action::ModifyLifecycleHook),
        ("AttachLifeCycleHookId", Action::AttachLifecycleHookId),
        ("DetachLifeCycleHookId", Action::DetachLifecycleHookId),
        ("CompleteLifeCycleHookAction", Action::CompleteLifecycleHookAction),
        ("RecordLifeCycleHookTimeout", Action::RecordLifecycleHookTimeout),
    ] {
        assert_eq!(Action::find(spelled), Ok(expected));
    }
}

#[test]
fn a_page_that_prints_another_action_asks_for_that_one() {
    let form = "Action=DeleteScalingGroup&scalingConfigurationId=asc-1";
    assert_eq!(action(&parameters(form)), Ok(Action::DeleteScalingGroup));
    let form = "Action=ModifyScalingGroup&instanceIds.0=ins-1&protectedFromDetach=1";
    assert_eq!(action(&parameters(form)), Ok(Action::ModifyScalingGroup));
}

#[test]
fn s_055_regions_have_two_names() {
    for (short, long) in [
        ("gz", "ap-guangzhou"),
        ("sh", "ap-shanghai"),
        ("bj", "ap-beijing"),
        ("hk", "ap-hongkong"),
        ("ca", "na-toronto"),
        ("sg", "ap-singapore"),
        ("shjr", "ap-shanghai-fsi"),
    ] {
        let found = region(&parameters(&format!("Region={short}"))).unwrap();
        assert_eq!(found, region(&parameters(&format!("Region={long}"))).unwrap());
        assert_eq!(found.map(|region| (region.short(), region.long())), Some((short, long)));
        assert_eq!(found.unwrap().to_string(), long);
    }
    let all: Vec<_> = Region::all().collect();
    let mut names: Vec<_> = all.iter().flat_map(|r| [r.long(), r.short()]).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 2 * all.len());
    assert!(all.contains(&Region::default()));
}

#[test]
fn s_047_a_region_need_not_be_told() {
    assert_eq!(region(&parameters("")), Ok(None));
    assert_eq!(region(&parameters("Region=")), Ok(None));
    for unknown in ["xx", "GZ", "ap-guangzhou-2", "gz ", "guangzhou"] {
        let expected = format!(
            "4000 (100000) parameter Region is {unknown:?}; \
             expected is a region, as in gz or ap-guangzhou"
        );
        assert_eq!(told(region(&parameters(&format!("Region={unknown}")))), expected);
    }
}
