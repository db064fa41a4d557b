//! How a request is sent: methods, query strings, bodies.

use asgsim::api::Request;
use asgsim::api::read::text;
use asgsim::api::request::{Method, PARAMETERS_MAX, PATH, REQUEST_BYTES_MAX, RequestError};

use super::{HOST, code, told};

fn received(method: &str, query: &str, body: &str) -> Result<Request, RequestError> {
    Request::received(method, HOST, PATH, query.as_bytes(), body.as_bytes())
}

/// The pairs that a form means.
#[track_caller]
fn check(form: &str, expected: &[(&str, &str)]) {
    let request = received("POST", "", form).unwrap();
    assert_eq!(request.parameters.sent().collect::<Vec<_>>(), expected, "{form}");
}

#[test]
fn s_034_get_and_post_are_served_and_nothing_else() {
    let get = received("GET", "a=1&x.0=2", "").unwrap();
    let post = received("POST", "", "a=1&x.0=2").unwrap();
    assert_eq!(get.parameters, post.parameters);
    for method in ["PUT", "DELETE", "HEAD", "OPTIONS", "get", "Post", "", "GET "] {
        let expected =
            format!("4600 (100060) the method {method:?} is not served, only GET and POST");
        assert_eq!(told(received(method, "a=1", "a=1")), expected);
    }
}

#[test]
fn s_035_only_one_place_counts() {
    let split = received("POST", "Action=ModifyScalingGroup&a=1", "b=2").unwrap();
    assert_eq!(split.parameters.sent().collect::<Vec<_>>(), [("b", "2")]);
}

#[test]
fn s_036_get_reads_the_query_string() {
    let request = received("GET", "a=1", "b=2").unwrap();
    assert_eq!(request.parameters.sent().collect::<Vec<_>>(), [("a", "1")]);
}

#[test]
fn s_037_post_reads_the_body() {
    let request = received("POST", "Action=DescribeScalingGroup", "Region=gz").unwrap();
    let action = request.parameters.required("Action", text);
    assert_eq!(told(action), "4000 (100000) parameter Action is missing");
}

#[test]
fn s_038_arrays_work_in_a_body_too() {
    let request = received("POST", "", "ids.0=a&ids.1=b").unwrap();
    assert_eq!(request.parameters.list("ids", 2, text), Ok(vec!["a", "b"]));
}

#[test]
fn s_039_long_values_go_through() {
    let userdata = "A".repeat(16_384);
    let request = received("POST", "", &format!("userdata={userdata}")).unwrap();
    assert_eq!(request.parameters.optional("userdata", text), Ok(Some(userdata.as_str())));
    // As long as all fits: "a=" and 2 bytes less than the bound.
    let fill = |bytes: usize| format!("a={}", "x".repeat(bytes - 2));
    assert_eq!(code(received("POST", "", &fill(REQUEST_BYTES_MAX))), 0);
    assert_eq!(
        told(received("POST", "", &fill(REQUEST_BYTES_MAX + 1))),
        "4000 (100000) the request has 1048577 bytes; allowed are 1048576"
    );
    // The body of a GET may be as long as it likes.
    assert_eq!(code(received("GET", "a=1", &fill(REQUEST_BYTES_MAX + 1))), 0);
    let many = |count: usize| vec!["a=1"; count].join("&&");
    assert_eq!(code(received("GET", &many(PARAMETERS_MAX), "")), 0);
    assert_eq!(
        told(received("GET", &many(PARAMETERS_MAX + 1), "")),
        "4000 (100000) the request has 1001 parameters; allowed are 1000"
    );
}

#[test]
fn s_040_values_are_decoded() {
    check("name=a%20b%26c%3Dd", &[("name", "a b&c=d")]);
    check("name=a+b%2Bc", &[("name", "a b+c")]);
    check("name=%e4%b8%ad", &[("name", "中")]);
    check("na%6De=1", &[("name", "1")]);
    check("name=a!'()*~-_.", &[("name", "a!'()*~-_.")]);
}

#[test]
fn s_041_raw_values_are_read_as_far_as_they_parse() {
    check("metric={\"threshold\":50}", &[("metric", "{\"threshold\":50}")]);
    check("name=中文 a/b", &[("name", "中文 a/b")]);
    check("discount=50%", &[("discount", "50%")]);
    check("a=%zz%4", &[("a", "%zz%4")]);
    check("a=b=c", &[("a", "b=c")]);
    check("time=2016-03-16 12:00:00", &[("time", "2016-03-16 12:00:00")]);
}

#[test]
fn s_043_text_is_utf_8() {
    check("%E5%90%8D=%E7%BB%84", &[("名", "组")]);
    let latin = Request::received("GET", HOST, PATH, b"name=caf%e9&b=1", b"");
    assert_eq!(told(latin), "4000 (100000) parameter \"name\" is not UTF-8");
    let name = Request::received("GET", HOST, PATH, b"n\xffme=1", b"");
    assert_eq!(told(name), "4000 (100000) parameter \"n\u{fffd}me\" is not UTF-8");
}

#[test]
fn s_067_the_order_does_not_matter_and_empty_pairs_do_not_count() {
    check("?&a=1".trim_start_matches('?'), &[("a", "1")]);
    check("&&a=1&&b=2&", &[("a", "1"), ("b", "2")]);
    check("b=2&a=1", &[("b", "2"), ("a", "1")]);
    check("a&b=", &[("a", ""), ("b", "")]);
    check("=1", &[("", "1")]);
    check("", &[]);
    check("&", &[]);
}

#[test]
fn host_and_path_stay_as_they_came() {
    let request = Request::received("GET", "Scaling.API:8080", "/x", b"", b"").unwrap();
    assert_eq!((request.host.as_str(), request.path.as_str()), ("Scaling.API:8080", "/x"));
}

/// Decoded pairs, as of `multipart/form-data`, have the same bounds as a form.
#[test]
fn decoded_pairs_are_bounded_too() {
    let new = |pairs| Request::new(Method::Post, HOST, PATH, pairs);
    let long = |bytes: usize| vec![("a".to_owned(), "x".repeat(bytes - 1))];
    assert_eq!(code(new(long(REQUEST_BYTES_MAX))), 0);
    let found = REQUEST_BYTES_MAX + 1;
    assert_eq!(new(long(found)), Err(RequestError::TooLong { found }));
    let many = |count| vec![("a".to_owned(), String::new()); count];
    assert_eq!(code(new(many(PARAMETERS_MAX))), 0);
    let found = PARAMETERS_MAX + 1;
    assert_eq!(new(many(found)), Err(RequestError::TooManyParameters { found }));
}
