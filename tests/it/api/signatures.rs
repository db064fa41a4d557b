//! Signatures, and who is let in by them.

use asgsim::api::request::{Method, PATH};
use asgsim::api::signature::{SignatureMethod, string_to_sign, verify};
use asgsim::api::{Key, Request};

use super::{key, request, unsigned_call, with, without};

const SECRET_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA";
const SECRET_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA";

/// What the reference's example and the vectors beside it have in common.
const COMMON: [(&str, &str); 4] =
    [("SecretId", SECRET_ID), ("Timestamp", "1465185768"), ("Nonce", "11886"), ("Region", "gz")];

/// A request to `host` of the common parameters and `others`.
fn call(method: Method, host: &str, others: &[(&str, &str)]) -> Request {
    let pairs = COMMON.iter().chain(others);
    let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Request::new(method, host, PATH, pairs).unwrap()
}

/// The reference's own example.
fn example() -> Request {
    let others = [
        ("Action", "DescribeInstances"),
        ("instanceIds.0", "ins-09dx96dg"),
        ("offset", "0"),
        ("limit", "20"),
    ];
    call(Method::Get, "cvm.api.qcloud.com", &others)
}

fn takes(request: &Request, signature: &str) -> bool {
    verify(request, SignatureMethod::HmacSha1, SECRET_KEY, signature)
}

/// The SHA-1 signature of a text that some client might sign.
fn sha1(text: &str) -> String {
    SignatureMethod::HmacSha1.sign(SECRET_KEY, text)
}

#[test]
fn s_125_the_worked_example_has_this_text() {
    let text = "GETcvm.api.qcloud.com/v2/index.php?Action=DescribeInstances&Nonce=11886&Region=gz\
        &SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA&Timestamp=1465185768\
        &instanceIds.0=ins-09dx96dg&limit=20&offset=0";
    assert_eq!(string_to_sign(&example()), text);
}

#[test]
fn s_129_the_worked_example_has_this_signature() {
    let signature = "NSI3UqqD99b/UJb4tbG/xZpRW64=";
    assert_eq!(sha1(&string_to_sign(&example())), signature);
    assert!(takes(&example(), signature));
    let sha256 = "0Fe1ft4kVgMutEqdpnlULUPTP7hCEy7mB1/JUTGo+Kg=";
    assert!(verify(&example(), SignatureMethod::HmacSha256, SECRET_KEY, sha256));
    assert!(!takes(&example(), sha256));
}

#[test]
fn s_130_any_client_that_makes_the_same_text_is_right() {
    let group = [
        ("Action", "DescribeScalingGroup"),
        ("scalingGroupIds.0", "asg-d4hmoms6"),
        ("limit", "20"),
        ("offset", "0"),
    ];
    let instances = [
        ("Action", "DescribeInstances"),
        ("SignatureMethod", "HmacSHA256"),
        ("instanceIds.0", "ins-09dx96dg"),
        ("offset", "0"),
        ("limit", "20"),
    ];
    let metric =
        r#"{"dimensionName":"cpu_usage","comparisonOperator":"EqualOrGreater","threshold":50}"#;
    let policy = [
        ("Action", "CreateScalingPolicy"),
        ("SignatureMethod", "HmacSHA256"),
        ("scalingGroupId", "asg-d4hmoms6"),
        ("scalingPolicyName", "cpu high"),
        ("metric", metric),
        ("adjustmentType", "QuantityChangeInCapacity"),
        ("adjustmentValue", "-1"),
        ("cooldown", "300"),
        ("notifyIds.0", "1832"),
        ("notifyIds.1", "1833"),
    ];
    let (get, post, scaling) = (Method::Get, Method::Post, "scaling.api.qcloud.com");
    for (method, host, others, hash, expected) in [
        (
            get,
            "cvm.api.qcloud.com",
            &instances[..],
            SignatureMethod::HmacSha256,
            "PSWUwVv4TfW2sQP1FT9KbbLjIZ9bmK8f1cL6fbpf3KI=",
        ),
        (get, scaling, &group, SignatureMethod::HmacSha1, "opkAFJKTMR9uX5Xe5kn/mx0fsrg="),
        (post, scaling, &group, SignatureMethod::HmacSha1, "Evt8t053Z89fEuJdpevVpDKfuSo="),
        (
            post,
            scaling,
            &policy,
            SignatureMethod::HmacSha256,
            "d0qmlYZ6oVYxTxACwD7PgUDRNFf0PqxJlXKJGWfpRzw=",
        ),
    ] {
        let request = call(method, host, others);
        assert_eq!(hash.sign(SECRET_KEY, &string_to_sign(&request)), expected);
        assert!(verify(&request, hash, SECRET_KEY, expected), "{expected}");
    }
}

#[test]
fn s_124_names_are_sorted_by_bytes() {
    let names = ["ids.2", "b", "Zone", "ids.10", "B", "a.b", "a", "_x", "é"];
    let pairs: Vec<_> = names.iter().map(|name| (*name, "1")).collect();
    let request = request(Method::Get, &pairs);
    let head = "GETscaling.api.qcloud.com/v2/index.php?";
    assert_eq!(
        string_to_sign(&request),
        format!("{head}B=1&Zone=1&.x=1&a=1&a.b=1&b=1&ids.10=1&ids.2=1&é=1")
    );
    // A name that comes twice stays in the order in which it was sent.
    let twice = super::request(Method::Get, &[("b", "2"), ("a", "9"), ("b", "1")]);
    assert_eq!(string_to_sign(&twice), format!("{head}a=9&b=2&b=1"));
}

#[test]
fn s_126_values_are_signed_as_they_are() {
    let query = b"name=a%20b%26%3D%E4%B8%AD&empty=";
    let request = Request::received("GET", "h", "/p", query, b"").unwrap();
    assert_eq!(string_to_sign(&request), "GETh/p?empty=&name=a b&=中");
    assert!(takes(&request, &sha1("GETh/p?empty=&name=a b&=中")));
    // A client that signs encoded values signs another text.
    assert!(!takes(&request, &sha1("GETh/p?empty=&name=a%20b%26%3D%E4%B8%AD")));
    assert!(!takes(&request, &sha1("GETh/p?name=a b&=中")));
}

#[test]
fn s_127_an_underscore_in_a_name_is_signed_as_a_dot() {
    let query = b"ids_0=x_y";
    let request = Request::received("GET", "h", "/p", query, b"").unwrap();
    assert!(takes(&request, &sha1("GETh/p?ids.0=x_y")));
    assert!(!takes(&request, &sha1("GETh/p?ids_0=x_y")));
    assert!(!takes(&request, &sha1("GETh/p?ids.0=x.y")));
    // Sorted before the change or after it: both are taken, nothing else is.
    let request = Request::received("GET", "h", "/p", b"a_b=1&aZ=2&a0=3", b"").unwrap();
    assert!(takes(&request, &sha1("GETh/p?a0=3&aZ=2&a.b=1")));
    assert!(takes(&request, &sha1("GETh/p?a.b=1&a0=3&aZ=2")));
    assert!(!takes(&request, &sha1("GETh/p?a0=3&a.b=1&aZ=2")));
}

#[test]
fn s_128_method_host_and_path_are_signed_as_received() {
    let sent = |method, host: &str, path| {
        let pairs = vec![("a".to_owned(), "1".to_owned())];
        Request::new(method, host, path, pairs).unwrap()
    };
    let request = sent(Method::Get, "Scaling.api.qcloud.com:8080", PATH);
    let signature = sha1("GETScaling.api.qcloud.com:8080/v2/index.php?a=1");
    assert!(takes(&request, &signature));
    for (method, host, path) in [
        (Method::Post, "Scaling.api.qcloud.com:8080", PATH),
        (Method::Get, "scaling.api.qcloud.com:8080", PATH),
        (Method::Get, "Scaling.api.qcloud.com", PATH),
        (Method::Get, "Scaling.api.qcloud.com:8080", "/v2/index.php/"),
    ] {
        assert!(!takes(&sent(method, host, path), &signature), "{host}{path}");
    }
}

#[test]
fn values_that_begin_with_at_may_be_left_out_of_a_post() {
    let text = |method, at| format!("{method}h/p?a=1{at}&z=2");
    let form = b"a=1&password=%40secret&z=2";
    let post = Request::received("POST", "h", "/p", b"", form).unwrap();
    assert!(takes(&post, &sha1(&text("POST", ""))));
    assert!(takes(&post, &sha1(&text("POST", "&password=@secret"))));
    let get = Request::received("GET", "h", "/p", form, b"").unwrap();
    assert!(!takes(&get, &sha1(&text("GET", ""))));
    assert!(takes(&get, &sha1(&text("GET", "&password=@secret"))));
    // An "@" further on is nothing special.
    let post = Request::received("POST", "h", "/p", b"", b"a=1&name=x%40y&z=2").unwrap();
    assert!(!takes(&post, &sha1(&text("POST", ""))));
}

#[test]
fn s_117_every_other_parameter_is_signed() {
    let signature = "NSI3UqqD99b/UJb4tbG/xZpRW64=";
    for (name, _) in example().parameters.sent() {
        assert!(!takes(&without(&example(), name), signature), "{name}");
        assert!(!takes(&with(&without(&example(), name), name, "x"), signature), "{name}");
    }
    assert!(!takes(&with(&example(), "RequestClient", ""), signature));
    // The signature itself is not, under exactly this name.
    assert!(takes(&with(&example(), "Signature", signature), signature));
    assert!(!takes(&with(&example(), "signature", signature), signature));
}

#[test]
fn s_053_the_method_is_named_exactly_or_it_is_sha_1() {
    for (value, expected) in [
        (None, SignatureMethod::HmacSha1),
        (Some("HmacSHA1"), SignatureMethod::HmacSha1),
        (Some("HmacSHA256"), SignatureMethod::HmacSha256),
        (Some("hmacsha256"), SignatureMethod::HmacSha1),
        (Some("HmacSHA256 "), SignatureMethod::HmacSha1),
        (Some("foo"), SignatureMethod::HmacSha1),
    ] {
        assert_eq!(SignatureMethod::of(value), expected, "{value:?}");
    }
}

#[test]
fn s_052_one_character_makes_another_signature() {
    let signature = "NSI3UqqD99b/UJb4tbG/xZpRW64=";
    assert!(takes(&example(), signature));
    for at in 0..signature.len() {
        let mut other = signature.to_owned();
        let change = if &signature[at..=at] == "A" { "B" } else { "A" };
        other.replace_range(at..=at, change);
        assert!(!takes(&example(), &other), "{other}");
    }
    for other in ["", "=", " ", "NSI3UqqD99b/UJb4tbG/xZpRW64", "NSI3UqqD99b/UJb4tbG/xZpRW64==", "é"]
    {
        assert!(!takes(&example(), other), "{other}");
    }
}

#[test]
fn s_132_encoding_the_signature_twice_makes_it_wrong() {
    let query = |signature: &str| {
        let query = format!("Signature={signature}");
        let request = Request::received("GET", "h", "/p", query.as_bytes(), b"").unwrap();
        let sent = request.parameters.sent().next();
        sent.map(|(_, value)| value.to_owned()).unwrap()
    };
    // S-131: encoded once, as it has to be.
    assert!(takes(&example(), &query("NSI3UqqD99b%2FUJb4tbG%2FxZpRW64%3D")));
    assert!(!takes(&example(), &query("NSI3UqqD99b%252FUJb4tbG%252FxZpRW64%253D")));
}

#[test]
fn s_041_a_signature_need_not_be_encoded_in_a_body() {
    // A text whose signature has a plus sign.
    let text = |i: u32| format!("POSTh/p?a={i}");
    let i = (0..100).find(|i| sha1(&text(*i)).contains('+')).unwrap();
    let signature = sha1(&text(i));
    let sent = |method| {
        let pairs = vec![("a".to_owned(), i.to_string())];
        Request::new(method, "h", "/p", pairs).unwrap()
    };
    assert!(takes(&sent(Method::Post), &signature));
    assert!(takes(&sent(Method::Post), &signature.replace('+', " ")));
    let signature = (0..100).map(|i| (i, sha1(&format!("GETh/p?a={i}"))));
    let (i, signature) = signature.into_iter().find(|(_, text)| text.contains('+')).unwrap();
    let pairs = vec![("a".to_owned(), i.to_string())];
    let get = Request::new(Method::Get, "h", "/p", pairs).unwrap();
    assert!(takes(&get, &signature));
    assert!(!takes(&get, &signature.replace('+', " ")));
}

#[test]
fn s_116_another_key_makes_another_signature() {
    let call = super::signed(&unsigned_call(Method::Get, "1"), &key());
    let signature = call.parameters.sent().find(|(name, _)| *name == "Signature").unwrap().1;
    for (secret, fine) in [("secret one", true), ("secret two", false), ("", false)] {
        let key = Key::developer("one", "AKIDone", secret);
        let method = SignatureMethod::HmacSha1;
        assert_eq!(verify(&call, method, &key.secret_key.0, signature), fine, "{secret}");
    }
}
