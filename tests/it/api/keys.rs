//! Keys: their state, sub users, temporary keys.

use std::collections::BTreeSet;

use asgsim::api::common::authenticate;
use asgsim::api::keys::{Denials, KeyError, KeyKind, Secret};
use asgsim::api::request::Method;
use asgsim::api::{Action, ApiError, Key, Keys, ReplayMemory, Request};

use super::{NOW_S, key, signed, told, unsigned_call, with};

fn keys(all: &[Key]) -> Keys {
    let mut keys = Keys::default();
    all.iter().for_each(|key| keys.add(key.clone()).unwrap());
    keys
}

fn sent(keys: &Keys, request: &Request, received_at_s: i64) -> Result<String, ApiError> {
    let caller = authenticate(keys, &mut ReplayMemory::default(), request, received_at_s)?;
    Ok(caller.account.clone())
}

fn sub_user(account: &str, secret_id: &str, denials: Denials) -> Key {
    let kind = KeyKind::SubUser(denials);
    Key { kind, ..Key::developer(account, secret_id, "secret") }
}

/// S-094: with s_052 and s_116, which sign wrongly.
#[test]
fn s_133_a_key_must_be_in_force() {
    let call = signed(&unsigned_call(Method::Get, "1"), &key());
    assert_eq!(told(sent(&keys(&[key()]), &call, NOW_S)), "\"one\"");
    let refused = "4100 (100010) no key in force has the SecretId \"AKIDone\"";
    let disabled = Key { enabled: false, ..key() };
    assert_eq!(told(sent(&keys(&[disabled]), &call, NOW_S)), refused);
    // S-120: nobody may call a service without keys.
    assert_eq!(told(sent(&keys(&[]), &call, NOW_S)), refused);
    // S-118: a key that is replaced is gone.
    let mut left = keys(&[key(), Key::developer("one", "AKIDnew", "new")]);
    assert_eq!(left.remove("AKIDone"), Some(key()));
    assert_eq!(left.remove("AKIDone"), None);
    assert_eq!(told(sent(&left, &call, NOW_S)), refused);
}

#[test]
fn s_121_an_account_has_two_keys_at_most() {
    let own = |id: &str| Key::developer("one", id, "secret");
    let mut keys = keys(&[own("a"), own("b")]);
    let refused = keys.add(own("c"));
    assert_eq!(refused, Err(KeyError::TooMany { account: "one".to_owned() }));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "account \"one\" has 2 keys of its own, the most allowed"
    );
    // Other accounts and sub users are counted apart.
    assert_eq!(keys.add(Key::developer("two", "c", "secret")), Ok(()));
    assert_eq!(keys.add(sub_user("one", "d", Denials::default())), Ok(()));
    keys.remove("a");
    assert_eq!(keys.add(own("e")), Ok(()));
}

#[test]
fn a_secret_id_names_one_key() {
    let mut keys = keys(&[key()]);
    let taken = keys.add(Key::developer("two", "AKIDone", "other"));
    assert_eq!(taken, Err(KeyError::Taken { secret_id: "AKIDone".to_owned() }));
    assert_eq!(keys.find("AKIDone"), Ok(&key()));
    assert_eq!(keys.add(Key::developer("two", "", "secret")), Err(KeyError::Empty));
    assert_eq!(keys.add(Key::developer("two", "id", "")), Err(KeyError::Empty));
}

#[test]
fn s_122_a_sub_user_reaches_the_account_that_admitted_it() {
    let first = sub_user("one", "AKIDone", Denials::default());
    let second = sub_user("two", "AKIDtwo", Denials::default());
    let keys = keys(&[first.clone(), second]);
    let call = signed(&unsigned_call(Method::Get, "1"), &first);
    assert_eq!(told(sent(&keys, &call, NOW_S)), "\"one\"");
    assert_eq!(keys.find("AKIDtwo").map(|key| key.account.as_str()), Ok("two"));
}

#[test]
fn s_134_s_136_a_sub_user_may_call_some_actions() {
    let denied = BTreeSet::from([Action::DeleteScalingGroup, Action::ModifyScalingGroup]);
    let denials = Denials { actions: denied, ..Denials::default() };
    let (sub, own) = (sub_user("one", "sub", denials), key());
    let mut keys = keys(&[sub.clone(), own.clone()]);
    keys.developer_only.insert(Action::ModifyScalingGroup);
    for (action, expected) in [
        (Action::DescribeScalingGroup, "()"),
        (Action::DeleteScalingGroup, "4101 (100011) the sub user may not call DeleteScalingGroup"),
        (
            Action::ModifyScalingGroup,
            "4103 (100013) only a developer's own key may call ModifyScalingGroup",
        ),
    ] {
        assert_eq!(told(keys.permit_action(&sub, action)), expected);
        assert_eq!(told(keys.permit_action(&own, action)), "()");
    }
}

#[test]
fn s_135_a_sub_user_may_touch_some_resources() {
    let resources = ["asg-1", "asg-3"].map(str::to_owned).into();
    let sub = sub_user("one", "sub", Denials { resources, ..Denials::default() });
    for (ids, expected) in [
        (vec![], "()"),
        (vec!["asg-2"], "()"),
        (vec!["asg-2", "asg-1"], "4102 (100012) the user may not touch asg-1"),
        (vec!["asg-1", "asg-2", "asg-3"], "4102 (100012) the user may not touch asg-1, asg-3"),
    ] {
        assert_eq!(told(sub.permit_resources(ids.iter().copied())), expected);
        assert_eq!(told(key().permit_resources(ids)), "()");
    }
}

#[test]
fn s_054_a_temporary_key_needs_its_token() {
    let call = |token: Option<&str>| {
        let call = unsigned_call(Method::Get, "1");
        signed(&token.map_or(call.clone(), |token| with(&call, "Token", token)), &key())
    };
    // A long-term key needs none, and minds none.
    for token in [None, Some(""), Some("t")] {
        assert_eq!(told(sent(&keys(&[key()]), &call(token), NOW_S)), "\"one\"");
    }
    let token = Secret("t".to_owned());
    let temporary = Key { kind: KeyKind::Temporary { token, expires_at_s: None }, ..key() };
    let refused = "4100 (100010) the key is temporary, and this is not its token";
    for (token, expected) in
        [(None, refused), (Some(""), refused), (Some("T"), refused), (Some("t"), "\"one\"")]
    {
        let keys = keys(std::slice::from_ref(&temporary));
        assert_eq!(told(sent(&keys, &call(token), NOW_S)), expected, "{token:?}");
    }
}

#[test]
fn s_095_a_token_expires() {
    let call = signed(&with(&unsigned_call(Method::Get, "1"), "Token", "t"), &key());
    let token = Secret("t".to_owned());
    let kind = KeyKind::Temporary { token, expires_at_s: Some(NOW_S + 60) };
    let keys = keys(&[Key { kind, ..key() }]);
    assert_eq!(told(sent(&keys, &call, NOW_S + 59)), "\"one\"");
    let expired = "4200 (100020) the token of the temporary key has expired";
    assert_eq!(told(sent(&keys, &call, NOW_S + 60)), expired);
    // It is told to nobody who has not the SecretKey.
    let forged = signed(
        &with(&unsigned_call(Method::Get, "1"), "Token", "t"),
        &Key::developer("one", "AKIDone", "guessed"),
    );
    assert!(told(sent(&keys, &forged, NOW_S + 60)).starts_with("4100 "));
}

#[test]
fn secrets_are_not_printed() {
    let token = Secret("very secret".to_owned());
    let kind = KeyKind::Temporary { token, expires_at_s: None };
    let told = format!("{:?}", Key { kind, ..key() });
    assert!(!told.contains("secret one") && !told.contains("very secret"), "{told}");
    assert!(told.contains("AKIDone"), "{told}");
}
