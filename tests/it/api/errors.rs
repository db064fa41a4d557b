//! The table of errors, and what becomes of the engine's.

use std::collections::BTreeSet;

use asgsim::GroupIndex;
use asgsim::api::error_kind::ErrorKind;
use asgsim::api::{ApiError, Response};
use asgsim::engine::command::{CommandError, Noun};
use asgsim::model::capacity::SizeError;
use asgsim::model::configuration::ConfigurationError;
use asgsim::model::policy::PolicyError;
use asgsim::model::scheduled_task::TaskError;

use crate::tidy::source::{read, sources};

/// The reference's two tables of numbers.
const NUMBERS: [u16; 19] = [
    4000, 4100, 4101, 4102, 4103, 4200, 4300, 4400, 4500, 4600, 5000, 5100, 5200, 5300, 5400, 5500,
    6000, 6100, 6200,
];

#[test]
fn s_092_every_number_is_of_the_table() {
    let found: BTreeSet<u16> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(found, BTreeSet::from(NUMBERS));
}

#[test]
fn s_110_every_kind_has_its_module_number_and_words() {
    let modules: BTreeSet<u32> = ErrorKind::ALL.iter().map(|kind| kind.module()).collect();
    assert_eq!(modules.len(), ErrorKind::ALL.len());
    for &kind in ErrorKind::ALL {
        assert!((100_000..100_700).contains(&kind.module()), "{kind:?}");
        assert!(!kind.words().is_empty() && !kind.words().ends_with('.'), "{kind:?}");
        let message = ApiError::from(kind).to_string();
        assert_eq!(message, format!("({}) {}", kind.module(), kind.words()));
    }
}

#[test]
fn s_141_every_kind_has_its_name() {
    for &kind in ErrorKind::ALL {
        assert_eq!(ErrorKind::of(kind.code_desc()), Some(kind));
        let plain = kind.code_desc().replace('.', "");
        assert!(format!("{kind:?}").eq_ignore_ascii_case(&plain), "{kind:?}");
    }
    for unknown in ["", "Success", "invalidparameter", "InvalidParameter."] {
        assert_eq!(ErrorKind::of(unknown), None, "{unknown}");
    }
}

/// One kind of failure, one number; the exceptions are those of the reference, or of its words.
#[test]
fn numbers_go_by_the_kind_of_failure() {
    let rows = [("QuotaExceeded.", 4400), ("NameDuplicate.", 5100), ("HookParameterError.", 4000)];
    let rows = rows.into_iter().chain([
        ("Conflict.", 5100),
        ("InActivity.", 5100),
        ("IncorrectInstanceStatus.", 5100),
        ("IncorrectScalingGroupStatus.", 5100),
        ("InvalidInstanceId.", 5100),
        ("InvalidScheduleTask.", 5100),
        ("InvalidScheduledTask.", 5000),
        ("OprationFail.", 5200),
    ]);
    let exceptions = [
        (ErrorKind::ConflictInsufficientBalance, 5300),
        (ErrorKind::ConflictScalingGroupIdVsLifeCycleHookId, 5000),
    ];
    for (head, expected) in rows {
        let kinds = ErrorKind::ALL.iter().filter(|kind| kind.code_desc().starts_with(head));
        assert!(kinds.clone().count() > 0, "{head}");
        for kind in kinds {
            let exception = exceptions.iter().find(|(other, _)| other == kind);
            assert_eq!(kind.code(), exception.map_or(expected, |(_, code)| *code), "{kind:?}");
        }
    }
}

/// A parameter that names something which is not there, or one that is malformed.
#[test]
fn invalid_parameters_are_told_apart() {
    let heads = ErrorKind::ALL.iter().filter(|k| k.code_desc().starts_with("InvalidParameter."));
    for kind in heads {
        let name = kind.code_desc();
        let is_id = name.contains("Id") || name.ends_with("NotExist");
        let expected = match kind {
            ErrorKind::InvalidParameterInvalidProjectId => 5100,
            _ if is_id => 5000,
            _ => 4000,
        };
        assert_eq!(kind.code(), expected, "{name}");
    }
}

#[test]
fn s_091_the_printed_failure() {
    let error = ApiError::new(ErrorKind::InvalidParameterInvalidProjectId, "project 7 is not 0");
    assert_eq!(
        Response::from(error).body,
        r#"{"code":5100,"message":"(100004) project 7 is not 0","codeDesc":"InvalidParameter.InvalidProjectId"}"#
    );
}

/// Some refusals of the engine, by what the wire says: it names parameters, not keys of a file.
#[test]
fn the_engine_s_refusals_have_a_place_in_the_table() {
    let name = || "n".to_owned();
    let size = SizeError::MinAboveMax { min: 3, max: 2 };
    for (error, expected) in [
        (
            CommandError::UnknownGroup(GroupIndex(7)),
            "5000 InvalidParameter.ScalingGroupIdError (100212) there is no group number 7",
        ),
        (
            size.into(),
            "5100 Conflict.MaxsizeLessMinsize (100201) parameter minSize is 3, which is above maxSize, 2",
        ),
        (
            TaskError::Size(size).into(),
            "5100 Conflict.MaxsizeLessMinsize (100201) parameter readjustMinSize is 3, which is above readjustMaxSize, 2",
        ),
        (
            SizeError::AboveLimit { max: 31, limit: 30 }.into(),
            "5100 Conflict.MaxsizeLessMinsize (100201) parameter maxSize is 31; allowed is 0 to 30",
        ),
        (
            TaskError::EndBeforeStart.into(),
            "4000 InvalidParameter (100000) parameter endTime is before startTime",
        ),
        (
            PolicyError::RepeatTimes { repeat_times: 11 }.into(),
            "4000 InvalidParameter.Metric (100303) parameter metric.repeatTimes is 11; allowed is 1 to 10",
        ),
        (
            PolicyError::NotifyIds { count: 21, limit: 20 }.into(),
            "4000 InvalidParameter (100000) parameter notifyIds has 21 entries; allowed are 1 to 20",
        ),
        (
            ConfigurationError::Other {
                what: "image_type",
                found: String::from("3"),
                allowed: "1 or 2",
            }
            .into(),
            "4000 InvalidParameter (100000) parameter imageType is 3; allowed is 1 or 2",
        ),
        (
            CommandError::Unknown { noun: Noun::Task, name: name() },
            "5000 InvalidScheduledTask.NotExist (100405) there is no task named \"n\"",
        ),
        (
            CommandError::NameTaken { noun: Noun::Hook, name: name() },
            "5100 NameDuplicate.LifeCycleHook (100503) a hook named \"n\" already exists",
        ),
        (
            CommandError::Quota { noun: Noun::Policy, key: "k", limit: 1 },
            "4400 QuotaExceeded.ScalingPolicy (100302) one more policy is above the limit of 1",
        ),
        (
            CommandError::InActivity,
            "5100 ScalingGroup.InActivity (100291) the group is performing an activity",
        ),
    ] {
        let error = ApiError::from(error);
        let told = format!("{} {} {error}", error.kind.code(), error.kind.code_desc());
        assert_eq!(told, expected);
    }
}

/// A call of some test comes to it: of every error that an action's page has, or that is ours.
#[test]
fn every_business_error_is_met_by_a_call() {
    let mut text = read("tests/it/api/facts.txt");
    for source in sources(&["tests/it/api"]) {
        if !source.path.ends_with("/errors.rs") {
            text += &source.text;
        }
    }
    for script in ["configurations", "deletions", "hooks", "members", "policies"] {
        text += &read(&format!("tests/scripts/{script}.txt"));
    }
    let is_business = |kind: &&ErrorKind| kind.code_desc().contains('.');
    let kinds: Vec<_> = ErrorKind::ALL.iter().filter(is_business).collect();
    assert!(kinds.len() > 60, "{}", kinds.len());
    for kind in kinds {
        // The name, and not the head of a longer one.
        let mut tails = text.split(kind.code_desc()).skip(1);
        let is_whole = |tail: &str| !tail.starts_with(|c: char| c.is_ascii_alphanumeric());
        assert!(tails.any(is_whole), "{} is met by no call", kind.code_desc());
    }
}

/// No refusal can be added below the façade whose code the wire does not know.
#[test]
fn every_code_that_the_engine_writes_is_in_the_table() {
    let sources = sources(&["src/engine", "src/model"]);
    let literals = sources.iter().flat_map(|source| source.text.split('"'));
    let found: BTreeSet<&str> = literals.filter(|text| is_code(text)).collect();
    assert!(found.contains("QuotaExceeded.ScalingPolicy"), "{found:?}");
    for code_desc in found {
        assert!(ErrorKind::of(code_desc).is_some(), "{code_desc}");
    }
}

/// Two words without a blank, the first with a capital: `Conflict.MaxsizeLessMinsize`.
fn is_code(text: &str) -> bool {
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic());
    let capital = text.starts_with(|c: char| c.is_ascii_uppercase());
    capital && text.split_once('.').is_some_and(|(head, tail)| word(head) && word(tail))
}
