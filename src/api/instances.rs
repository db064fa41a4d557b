//! The instances of a group: protect, describe, attach, detach.

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{equals, missing, passes};
use super::page::Page;
use super::parameters::{LIST_MAX, ParameterFault};
use super::read::one_of;
use super::response::Response;
use crate::engine::command::{Command, Machines, Reply};
use crate::model::id::{GroupIndex, IdKind, InstanceOrdinal};
use crate::model::instance::{CreationType, HealthStatus};

pub(super) const ACTIONS: [Row; 4] = [
    row::<Protect>(Action::SetCvmProtectedDetach),
    row::<Describe>(Action::DescribeScalingInstance),
    row::<Attach>(Action::AttachInstance),
    row::<Detach>(Action::DetachInstance),
];

const IDS_MAX: usize = 20;

/// The members of these ids.
fn members(
    call: &Call<'_>,
    group: &str,
    ids: &[String],
) -> Result<(GroupIndex, Vec<InstanceOrdinal>), ApiError> {
    let group = call.group(group)?;
    let member = |id: &String| {
        let found = group.member_of_id(id).map(|member| member.ordinal);
        found.ok_or_else(|| {
            let words = format!("the group has no instance {id}");
            ApiError::new(ErrorKind::InvalidParameterInstanceIdError, words)
        })
    };
    Ok((group.index(), ids.iter().map(member).collect::<Result<_, _>>()?))
}

struct Protect {
    group: String,
    ids: Vec<String>,
    protect: bool,
}

impl Called for Protect {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let kind = ErrorKind::InvalidParameterProtectedFromDetach;
        let protect = p.flag("protectedFromDetach", kind)?;
        Ok(Self {
            group: p.text("scalingGroupId")?,
            ids: p.required_ids("instanceIds", LIST_MAX)?,
            protect: protect.ok_or_else(|| missing("protectedFromDetach"))?,
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, instances) = members(call, &self.group, &self.ids)?;
        call.apply(index, &Command::Protect { instances, protect: self.protect })?;
        Ok(Response::bare())
    }
}

struct Describe {
    group: String,
    ids: Vec<String>,
    creation: Option<CreationType>,
    health: Option<HealthStatus>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        const CREATIONS: [(&str, CreationType); 2] =
            [("Auto", CreationType::Auto), ("Manual", CreationType::Manual)];
        let p = call.parameters;
        Ok(Self {
            group: p.text("scalingGroupId")?,
            ids: p.ids("instanceIds", IDS_MAX)?,
            creation: p.optional("creationType", one_of(&CREATIONS, "Auto or Manual"))?,
            health: p.optional("healthStatus", health)?,
            page: Page::read(p)?,
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = call.group(&self.group)?;
        let found = group.members().iter().filter(|member| {
            equals(self.creation.as_ref(), &member.creation_type())
                && equals(self.health.as_ref(), &member.health)
                && (self.ids.is_empty() || passes(&self.ids, &group.instance_id(member)))
        });
        let page = self.page.of(found);
        let shown = page.items.into_iter().map(|member| Shown {
            instance_id: group.instance_id(member),
            health_status: match member.health {
                HealthStatus::Healthy => "Healthy",
                HealthStatus::UnHealthy => "UnHealthy",
            },
            creation_type: match member.creation_type() {
                CreationType::Auto => "Auto",
                CreationType::Manual => "Manual",
            },
            life_cycle_state: member.state.name(),
            protected_from_scale_in: member.protected.into(),
            add_time: call.civil(member.added),
        });
        let (total_count, scaling_instances_set) = (page.total, shown.collect());
        Ok(Response::object(&Described { total_count, scaling_instances_set }))
    }
}

/// The reference spells it in two ways.
fn health(value: &str) -> Result<HealthStatus, ParameterFault> {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    match (is("Healthy"), is("UnHealthy")) {
        (true, _) => Ok(HealthStatus::Healthy),
        (_, true) => Ok(HealthStatus::UnHealthy),
        _ => Err(ParameterFault::malformed(value, "Healthy or UnHealthy")),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    total_count: usize,
    scaling_instances_set: Vec<Shown>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    instance_id: String,
    health_status: &'static str,
    creation_type: &'static str,
    life_cycle_state: &'static str,
    protected_from_scale_in: u8,
    add_time: String,
}

struct Attach {
    group: String,
    ids: Vec<String>,
}

impl Called for Attach {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let ids = p.required_ids("instanceIds", per_call(call))?;
        Ok(Self { group: p.text("scalingGroupId")?, ids })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        // The engine knows machines; an automatic instance of another group is none.
        let is_elsewhere = |id: &&String| {
            let mut others = call.groups().filter(|group| group.index() != index);
            others.any(|group| group.member_of_id(id).is_some())
        };
        if let Some(id) = self.ids.iter().find(is_elsewhere) {
            let kind = ErrorKind::IncorrectInstanceStatusInOtherScalingGroup;
            return Err(ApiError::new(kind, format!("the instance {id} is in another group")));
        }
        let reply = call.apply(index, &Command::Attach(Machines::Ids(self.ids)))?;
        Ok(begun(call, index, reply))
    }
}

struct Detach {
    group: String,
    ids: Vec<String>,
    keep: bool,
}

impl Called for Detach {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self {
            group: p.text("scalingGroupId")?,
            ids: p.required_ids("instanceIds", per_call(call))?,
            keep: p.flag("keepInstance", ErrorKind::InvalidParameter)?.unwrap_or(false),
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, instances) = members(call, &self.group, &self.ids)?;
        let reply = call.apply(index, &Command::Detach { instances, keep: self.keep })?;
        Ok(begun(call, index, reply))
    }
}

fn per_call(call: &Call<'_>) -> usize {
    usize::try_from(call.engine.limits().instances_per_call).unwrap_or(usize::MAX)
}

/// The id of the activity that has begun, which the pages do not have.
fn begun(call: &Call<'_>, group: GroupIndex, reply: Reply) -> Response {
    let (Reply::Activity(activity), Some(group)) = (reply, call.engine.group(group)) else {
        return Response::bare();
    };
    let scaling_activity_id = group.id_of(IdKind::Activity, activity.0);
    Response::object(&Begun { scaling_activity_id })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Begun {
    scaling_activity_id: String,
}
