//! The activities of a group: describe.

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::fields::passes;
use super::page::Page;
use super::parameters::LIST_MAX;
use super::read::{CivilTime, civil};
use super::response::Response;
use crate::engine::view::GroupView;
use crate::kernel::SimTime;
use crate::model::activity::ActivityKind;
use crate::model::id::{IdKind, InstanceOrdinal};
use crate::report::history::{Activity, History};
use crate::report::words;

pub(super) const ACTIONS: [Row; 1] = [row::<Describe>(Action::DescribeScalingActivity)];

struct Describe {
    group: String,
    ids: Vec<String>,
    from: SimTime,
    to: SimTime,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let at = |name, otherwise| {
            let sent = p.optional(name, civil(call.engine.utc_offset()))?;
            Ok::<_, ApiError>(match sent {
                Some(CivilTime::At(at)) => at,
                Some(CivilTime::Unset) | None => otherwise,
            })
        };
        let (from, to) = (at("startTime", SimTime::MIN)?, at("endTime", SimTime::MAX)?);
        let ids = p.ids("scalingActivityIds", LIST_MAX)?;
        Ok(Self { group: p.text("scalingGroupId")?, ids, from, to, page: Page::read(p)? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = call.group(&self.group)?;
        // An engine that only counts and hashes its records has none to tell of.
        let history = History::of(group.log().entries());
        let id = |activity: &Activity| group.id_of(IdKind::Activity, activity.ordinal.0);
        let found = history.activities.iter().rev().filter(|activity| {
            let has_id = self.ids.is_empty() || passes(&self.ids, &id(activity));
            // Times of the wire have no milliseconds.
            let second = activity.start.unix_ms().div_euclid(1000).saturating_mul(1000);
            has_id && (self.from..=self.to).contains(&SimTime::from_unix_ms(second))
        });
        let page = self.page.of(found);
        let shown =
            page.items.into_iter().map(|activity| Shown::of(call, &group, &history, activity));
        let (total_count, scaling_activity_set) = (page.total, shown.collect());
        Ok(Response::object(&Described { total_count, scaling_activity_set }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    total_count: usize,
    scaling_activity_set: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    auto_scaling_group_id: String,
    scaling_activity_id: String,
    #[serde(rename = "type")]
    kind: u32,
    status: u32,
    error_code: u32,
    cause: String,
    description: String,
    msg: String,
    start_time: String,
    end_time: String,
    succ_ins_list: Vec<String>,
    fail_ins_list: Vec<String>,
}

impl Shown {
    fn of(call: &Call<'_>, group: &GroupView<'_>, history: &History, activity: &Activity) -> Self {
        let offset = call.engine.utc_offset();
        let id = |ordinal: &InstanceOrdinal| match history.machines.get(ordinal) {
            Some(machine) => machine.to_string(),
            None => group.id_of(IdKind::Instance, ordinal.0),
        };
        let ids = |ordinals: &[InstanceOrdinal]| ordinals.iter().map(id).collect::<Vec<_>>();
        let cause = words::cause(activity.kind, &ids(&activity.concerned));
        let description = match activity.kind {
            // What a user asks for is told once.
            ActivityKind::Attach | ActivityKind::Detach => cause.clone(),
            _ => words::description(activity),
        };
        let end = activity.end.map_or(CivilTime::Unset, CivilTime::At);
        Self {
            auto_scaling_group_id: group.id().to_owned(),
            scaling_activity_id: group.id_of(IdKind::Activity, activity.ordinal.0),
            kind: activity.kind.type_number(),
            status: activity.status.number(),
            error_code: activity.error.code(),
            cause,
            description,
            msg: words::message(activity, offset),
            start_time: activity.start.format_civil(offset),
            end_time: end.format(offset),
            succ_ins_list: ids(&activity.succeeded),
            fail_ins_list: ids(&activity.failed),
        }
    }
}
