//! What a call answers.

use std::collections::BTreeMap;

use asgsim::api::{ApiError, ErrorKind, Response};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    total_count: u32,
    scaling_group_set: Vec<Value>,
}

#[test]
fn s_069_a_success_has_code_message_and_code_desc() {
    let listed = Listed { total_count: 1, scaling_group_set: vec![json!({"minSize": 0})] };
    let response = Response::object(&listed);
    assert_eq!(
        response.body,
        r#"{"code":0,"message":"","codeDesc":"Success","data":{"totalCount":1,"scalingGroupSet":[{"minSize":0}]}}"#
    );
    assert_eq!(response.error, None);
}

#[test]
fn s_080_data_is_what_the_page_shows() {
    let head = r#"{"code":0,"message":"","codeDesc":"Success""#;
    assert_eq!(Response::bare().body, format!("{head}}}"));
    assert_eq!(Response::empty().body, format!("{head},\"data\":[]}}"));
    assert_eq!(Response::object(&json!({})).body, format!("{head},\"data\":{{}}}}"));
}

#[test]
fn s_072_a_failure_has_no_data() {
    let error = ApiError::from(ErrorKind::InvalidParameterScalingGroupIdError);
    let response = Response::from(error.clone());
    assert_eq!(
        response.body,
        r#"{"code":5000,"message":"(100212) there is no such group","codeDesc":"InvalidParameter.ScalingGroupIdError"}"#
    );
    assert_eq!(response.error, Some(error));
}

/// S-071, S-075 to S-078, S-139 to S-142: types and values of the three fields, for every kind.
#[test]
fn s_075_fields_have_their_types() {
    for &kind in ErrorKind::ALL {
        let body: Value = serde_json::from_str(&Response::from(ApiError::from(kind)).body).unwrap();
        let fields = body.as_object().unwrap();
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["code", "codeDesc", "message"]);
        assert!(body["code"].as_u64().is_some_and(|code| code > 0), "{body}");
        let message = body["message"].as_str().unwrap();
        let (module, words) = message.split_once(") ").unwrap();
        assert_eq!(module, format!("({}", kind.module()));
        assert!(!words.is_empty());
        assert!(!["", "Success"].contains(&body["codeDesc"].as_str().unwrap()));
    }
}

#[test]
fn s_043_text_of_all_kinds_stays_json() {
    let words = "组 \"quoted\" \\ \n \u{0} \u{2028} 😀";
    let response = Response::from(ApiError::new(ErrorKind::InternalError, words));
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["message"], format!("(100080) {words}"));
    let response = Response::object(&json!({ "scalingGroupName": words }));
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["data"]["scalingGroupName"], words);
}

#[test]
fn an_outcome_becomes_a_response() {
    let fine: Result<Response, ApiError> = Ok(Response::bare());
    assert_eq!(Response::from(fine), Response::bare());
    let error = ApiError::from(ErrorKind::NameDuplicateScalingGroup);
    let failed: Result<Response, ApiError> = Err(error.clone());
    assert_eq!(Response::from(failed), Response::from(error));
}

#[test]
fn what_cannot_be_written_is_an_internal_error() {
    // JSON has no maps by anything but texts.
    let response = Response::object(&BTreeMap::from([((1, 2), 3)]));
    assert_eq!(response.error.map(|error| error.kind), Some(ErrorKind::InternalError));
    assert!(response.body.starts_with(r#"{"code":6000,"#), "{}", response.body);
}
