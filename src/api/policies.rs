//! Alarm policies: create, describe, modify, delete.

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{ANY, equals, passes};
use super::page::Page;
use super::parameters::{LIST_MAX, ParameterFault, Parameters};
use super::read::{integer, name, one_of};
use super::response::Response;
use crate::engine::command::{Command, Reply};
use crate::engine::view::GroupView;
use crate::kernel::SimDuration;
use crate::model::id::{GroupIndex, IdKind};
use crate::model::policy::{
    AdjustmentType, AlarmRule, DEFAULT_POLICY, Dimension, Operator, Policy, PolicyChange,
    REPEAT_TIMES_DEFAULT,
};

pub(super) const ACTIONS: [Row; 4] = [
    row::<Create>(Action::CreateScalingPolicy),
    row::<Describe>(Action::DescribeScalingPolicy),
    row::<Modify>(Action::ModifyScalingPolicy),
    row::<Delete>(Action::DeleteScalingPolicy),
];

const NAME: ErrorKind = ErrorKind::InvalidParameterScalingPolicyNameError;
/// The number of the default policy, of which no record tells.
const DEFAULT: u32 = 0;
const NOTIFY_IDS_MAX: usize = 20;
const COOLDOWN_MAX_S: i64 = 999_999;

const TYPES: [(&str, AdjustmentType); 3] = [
    ("TotalCapacity", AdjustmentType::TotalCapacity),
    ("QuantityChangeInCapacity", AdjustmentType::QuantityChangeInCapacity),
    ("PercentChangeInCapacity", AdjustmentType::PercentChangeInCapacity),
];
const TYPES_EXPECTED: &str = "TotalCapacity, QuantityChangeInCapacity or PercentChangeInCapacity";

const OPERATORS: [(&str, Operator); 6] = [
    ("Greater", Operator::Greater),
    ("EqualOrGreater", Operator::EqualOrGreater),
    ("Less", Operator::Less),
    ("EqualOrLess", Operator::EqualOrLess),
    ("Equal", Operator::Equal),
    ("NotEqual", Operator::NotEqual),
];
const OPERATORS_EXPECTED: &str = "Greater, EqualOrGreater, Less, EqualOrLess, Equal or NotEqual";

/// The word of a meaning.
fn word<T: PartialEq>(table: &[(&'static str, T)], meaning: &T) -> &'static str {
    table.iter().find(|(_, known)| known == meaning).map_or("", |(word, _)| word)
}

/// The members of `metric` that are there.
#[derive(Default)]
struct Metric {
    operator: Option<Operator>,
    dimension: Option<Dimension>,
    threshold: Option<i64>,
    repeat_times: Option<u32>,
}

impl Metric {
    /// `kind` is the page's code for a metric that cannot be.
    fn read(p: &Parameters, kind: ErrorKind) -> Result<Option<Self>, ApiError> {
        let wrong =
            |error: super::parameters::ParameterError| ApiError::new(kind, error.to_string());
        let Some(members) = p.members("metric").map_err(wrong)? else { return Ok(None) };
        let read = || {
            Ok(Self {
                operator: members
                    .optional("comparisonOperator", one_of(&OPERATORS, OPERATORS_EXPECTED))?,
                dimension: members.optional("dimensionName", dimension)?,
                threshold: members.optional("threshold", integer(ANY))?,
                repeat_times: members.optional("repeatTimes", repeat_times)?,
            })
        };
        read().map(Some).map_err(wrong)
    }

    /// The whole rule.
    fn rule(&self) -> Result<AlarmRule, ApiError> {
        let missing = |name| {
            let words = format!("parameter metric.{name} is missing");
            ApiError::new(ErrorKind::InvalidParameterMetric, words)
        };
        Ok(AlarmRule {
            dimension: self.dimension.ok_or_else(|| missing("dimensionName"))?,
            operator: self.operator.ok_or_else(|| missing("comparisonOperator"))?,
            threshold: self.threshold.ok_or_else(|| missing("threshold"))?,
            repeat_times: self.repeat_times.unwrap_or(REPEAT_TIMES_DEFAULT),
            statistic: None,
        })
    }
}

fn dimension(value: &str) -> Result<Dimension, ParameterFault> {
    const EXPECTED: &str = "cpu_usage, mem_usage, lan_outtraffic or lan_intraffic";
    let found = Dimension::ALL.into_iter().find(|dimension| dimension.name() == value);
    found.ok_or_else(|| ParameterFault::malformed(value, EXPECTED))
}

fn repeat_times(value: &str) -> Result<u32, ParameterFault> {
    integer(1..=10)(value).map(|times| u32::try_from(times).unwrap_or(REPEAT_TIMES_DEFAULT))
}

fn cooldown(p: &Parameters) -> Result<Option<SimDuration>, ApiError> {
    Ok(p.optional("cooldown", integer(0..=COOLDOWN_MAX_S))?.map(SimDuration::from_s))
}

fn notify_ids(call: &Call<'_>) -> Result<Vec<String>, ApiError> {
    let list = ("notifyIds", NOTIFY_IDS_MAX);
    call.parameters.user_groups(call, list, ErrorKind::InvalidParameter)
}

struct Create {
    group: String,
    policy: Policy,
}

impl Called for Create {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let group = p.text("scalingGroupId")?;
        let name = p.required("scalingPolicyName", name).map_err(|e| e.or_missing(NAME))?;
        let metric = Metric::read(p, ErrorKind::InvalidParameterMetric)?;
        let metric = metric.ok_or_else(|| super::fields::missing("metric"))?;
        let wrong_type = ErrorKind::InvalidParameterScalingPolicyAdjustmentTypeError;
        let adjustment_type = p.required("adjustmentType", one_of(&TYPES, TYPES_EXPECTED));
        let adjustment_type = adjustment_type.map_err(|e| e.or_missing(wrong_type))?;
        let value = p.required("adjustmentValue", integer(ANY))?;
        let policy = Policy {
            name: name.to_owned(),
            alarm: metric.rule()?,
            adjustment: adjustment_type.of(value),
            cooldown: cooldown(p)?.ok_or_else(|| super::fields::missing("cooldown"))?,
            notify_ids: notify_ids(call)?,
        };
        Ok(Self { group, policy })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        let reply = call.apply(index, &Command::CreatePolicy(self.policy))?;
        let (Reply::Policy(policy), Some(group)) = (reply, call.engine.group(index)) else {
            return Err(ErrorKind::InternalError.into());
        };
        let scaling_policy_id_set = [group.id_of(IdKind::Policy, policy.0)];
        Ok(Response::object(&Created { scaling_policy_id_set }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    scaling_policy_id_set: [String; 1],
}

struct Describe {
    group: String,
    ids: Vec<String>,
    name: Option<String>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self {
            group: p.text("scalingGroupId")?,
            ids: p.ids("scalingPolicyIds", LIST_MAX)?,
            name: p.maybe_text("scalingPolicyName")?,
            page: Page::read(p)?,
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = call.group(&self.group)?;
        let own = group.policies().map(|(ordinal, policy, _)| (ordinal.0, Some(policy)));
        let found = own.chain([(DEFAULT, None)]).filter(|(ordinal, policy)| {
            let name = policy.map_or(DEFAULT_POLICY, |policy| &policy.name);
            let has_id =
                self.ids.is_empty() || passes(&self.ids, &group.id_of(IdKind::Policy, *ordinal));
            equals(self.name.as_deref(), name) && has_id
        });
        let page = self.page.of(found);
        let shown = page.items.into_iter().map(|(ordinal, policy)| {
            let created = match policy {
                Some(_) => group.policy_created(crate::model::id::PolicyOrdinal(ordinal)),
                None => None,
            };
            Shown {
                scaling_policy_id: group.id_of(IdKind::Policy, ordinal),
                create_time: call.civil(created.unwrap_or(group.created())),
                ..policy.map_or_else(Shown::default_policy, Shown::of)
            }
        });
        let (total_count, scaling_policy_set) = (page.total, shown.collect());
        Ok(Response::object(&Described { total_count, scaling_policy_set }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    total_count: usize,
    scaling_policy_set: Vec<Shown<'a>>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    scaling_policy_id: String,
    scaling_policy_name: &'a str,
    adjustment_type: &'static str,
    adjustment_value: i64,
    metric: ShownMetric,
    notify_id_set: &'a [String],
    create_time: String,
    cooldown: i64,
}

/// Empty for the default policy.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct ShownMetric {
    #[serde(flatten)]
    rule: Option<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    dimension_name: &'static str,
    comparison_operator: &'static str,
    threshold: i64,
    repeat_times: u32,
}

impl<'a> Shown<'a> {
    fn of(policy: &'a Policy) -> Self {
        let (kind, value) = policy.adjustment.parts();
        let rule = Rule {
            dimension_name: policy.alarm.dimension.name(),
            comparison_operator: word(&OPERATORS, &policy.alarm.operator),
            threshold: policy.alarm.threshold,
            repeat_times: policy.alarm.repeat_times,
        };
        Self {
            scaling_policy_name: &policy.name,
            adjustment_type: word(&TYPES, &kind),
            adjustment_value: value,
            metric: ShownMetric { rule: Some(rule) },
            notify_id_set: &policy.notify_ids,
            cooldown: policy.cooldown.ms() / 1000,
            ..Self::default()
        }
    }

    /// The policy that replaces unhealthy instances.
    fn default_policy() -> Self {
        let (name, kind) = (DEFAULT_POLICY, "UnhealthyInstance");
        Self { scaling_policy_name: name, adjustment_type: kind, ..Self::default() }
    }
}

/// The name of the group's policy with that id.
fn find(call: &Call<'_>, group: &str, id: &str) -> Result<(GroupIndex, String), ApiError> {
    let group: GroupView<'_> = call.group(group)?;
    let ordinal = call.ordinal(&group, IdKind::Policy, id);
    let name = match ordinal {
        Some(DEFAULT) => Some(DEFAULT_POLICY),
        Some(ordinal) => {
            let mut policies = group.policies();
            let found = policies.find(|(known, ..)| known.0 == ordinal);
            found.map(|(_, policy, _)| policy.name.as_str())
        }
        None => None,
    };
    let name = name.ok_or(ErrorKind::InvalidParameterScalingPolicyIdError)?;
    Ok((group.index(), name.to_owned()))
}

struct Modify {
    group: String,
    id: String,
    change: PolicyChange,
}

impl Called for Modify {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let new_name = p.optional("scalingPolicyName", name).map_err(|e| e.or_missing(NAME))?;
        let metric = Metric::read(p, ErrorKind::InvalidParameterMetricError)?.unwrap_or_default();
        let wrong_type = ErrorKind::InvalidParameterScalingPolicyAdjustmenttypeError;
        let adjustment_type = p.optional("adjustmentType", one_of(&TYPES, TYPES_EXPECTED));
        let notify_ids = notify_ids(call)?;
        let change = PolicyChange {
            name: new_name.map(str::to_owned),
            dimension: metric.dimension,
            operator: metric.operator,
            threshold: metric.threshold,
            repeat_times: metric.repeat_times,
            statistic: None,
            adjustment_type: adjustment_type.map_err(|e| e.or_missing(wrong_type))?,
            adjustment_value: p.optional("adjustmentValue", integer(ANY))?,
            cooldown: cooldown(p)?,
            // A list that is not there stays; so an old one cannot be emptied.
            notify_ids: (!notify_ids.is_empty()).then_some(notify_ids),
        };
        Ok(Self { group: p.text("scalingGroupId")?, id: p.text("scalingPolicyId")?, change })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, policy) = find(call, &self.group, &self.id)?;
        let outcome = call.apply(index, &Command::ModifyPolicy { policy, change: self.change });
        // This page has another code for what creation calls a wrong metric.
        outcome.map_err(|error| match error.kind {
            ErrorKind::InvalidParameterMetric => {
                ApiError::new(ErrorKind::InvalidParameterMetricError, error.words)
            }
            _ => error,
        })?;
        Ok(Response::bare())
    }
}

struct Delete {
    group: String,
    id: String,
}

impl Called for Delete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self { group: p.text("scalingGroupId")?, id: p.text("scalingPolicyId")? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, policy) = find(call, &self.group, &self.id)?;
        call.apply(index, &Command::DeletePolicy { policy })?;
        Ok(Response::empty())
    }
}
