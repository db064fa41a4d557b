//! Lifecycle hooks: create, describe, modify, delete, bind, unbind, and the waits at them.

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{ANY, USER_GROUPS_MAX, equals, missing};
use super::page::Page;
use super::parameters::Parameters;
use super::read::integer;
use super::response::Response;
use crate::engine::command::{Command, Reply};
use crate::kernel::SimDuration;
use crate::model::id::{GroupIndex, HookOrdinal, IdKind, InstanceOrdinal};
use crate::model::lifecycle_hook::{
    HookChange, HookResult, LifecycleHook, TIMEOUT_RANGE_S, Transition,
};

pub(super) const ACTIONS: [Row; 8] = [
    row::<Create>(Action::CreateLifecycleHook),
    row::<Describe>(Action::DescribeLifecycleHook),
    row::<Modify>(Action::ModifyLifecycleHook),
    row::<Delete>(Action::DeleteLifecycleHook),
    row::<Bind>(Action::AttachLifecycleHookId),
    row::<Unbind>(Action::DetachLifecycleHookId),
    row::<Complete>(Action::CompleteLifecycleHookAction),
    row::<Renew>(Action::RecordLifecycleHookTimeout),
];

const UNKNOWN: ErrorKind = ErrorKind::ConflictScalingGroupIdVsLifeCycleHookId;

fn transition(p: &Parameters) -> Result<Option<Transition>, ApiError> {
    let flag = p.flag("transition", ErrorKind::HookParameterErrorTransition)?;
    Ok(flag.map(|flag| if flag { Transition::Terminate } else { Transition::Launch }))
}

fn result(p: &Parameters, name: &str, kind: ErrorKind) -> Result<Option<HookResult>, ApiError> {
    let flag = p.flag(name, kind)?;
    Ok(flag.map(|flag| if flag { HookResult::Disable } else { HookResult::Continue }))
}

fn default_result(p: &Parameters) -> Result<Option<HookResult>, ApiError> {
    result(p, "defaultResult", ErrorKind::HookParameterErrorDefaultResult)
}

fn timeout(p: &Parameters) -> Result<Option<SimDuration>, ApiError> {
    Ok(p.optional("lifeCycleHookTimeout", integer(TIMEOUT_RANGE_S))?.map(SimDuration::from_s))
}

fn notify_ids(call: &Call<'_>) -> Result<Vec<String>, ApiError> {
    let list = ("notifyIds", USER_GROUPS_MAX);
    call.parameters.user_groups(call, list, ErrorKind::InvalidParameterGroupIdInHook)
}

const fn transition_number(transition: Transition) -> u8 {
    match transition {
        Transition::Launch => 0,
        Transition::Terminate => 1,
    }
}

const fn result_number(result: HookResult) -> u8 {
    match result {
        HookResult::Continue => 0,
        HookResult::Disable => 1,
    }
}

struct Create {
    group: String,
    hook: LifecycleHook,
}

impl Called for Create {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let group = p.text("scalingGroupId")?;
        let hook = LifecycleHook {
            name: p.new_name("lifeCycleHookName")?,
            transition: transition(p)?.unwrap_or(Transition::Launch),
            timeout: timeout(p)?.ok_or_else(|| missing("lifeCycleHookTimeout"))?,
            default_result: default_result(p)?.unwrap_or(HookResult::Continue),
            notify_ids: notify_ids(call)?,
            answer: None,
        };
        Ok(Self { group, hook })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        let reply = call.apply(index, &Command::CreateHook(self.hook))?;
        let (Reply::Hook(hook), Some(group)) = (reply, call.engine.group(index)) else {
            return Err(ErrorKind::InternalError.into());
        };
        let life_cycle_hook_id = [group.id_of(IdKind::Hook, hook.0)];
        Ok(Response::object(&Created { life_cycle_hook_id }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    life_cycle_hook_id: [String; 1],
}

struct Describe {
    group: Option<String>,
    id: Option<String>,
    name: Option<String>,
    timeout_s: Option<i64>,
    transition: Option<Transition>,
    default_result: Option<HookResult>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self {
            group: p.maybe_text("scalingGroupId")?,
            id: p.maybe_text("lifeCycleHookId")?,
            name: p.maybe_text("lifeCycleHookName")?,
            timeout_s: p.optional("lifeCycleHookTimeout", integer(ANY))?,
            transition: transition(p)?,
            default_result: default_result(p)?,
            page: Page::read(p)?,
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let groups = call.groups().filter(|group| equals(self.group.as_deref(), group.id()));
        let all = groups
            .flat_map(|group| group.hooks().map(move |(ordinal, hook)| (group, ordinal, hook)));
        let found = all.filter(|(group, ordinal, hook)| {
            let id = self.id.as_ref();
            equals(self.name.as_deref(), &hook.name)
                && equals(self.timeout_s.as_ref(), &(hook.timeout.ms() / 1000))
                && equals(self.transition.as_ref(), &hook.transition)
                && equals(self.default_result.as_ref(), &hook.default_result)
                && id.is_none_or(|id| *id == group.id_of(IdKind::Hook, ordinal.0))
        });
        let page = self.page.of(found);
        let shown = page.items.into_iter().map(|(group, ordinal, hook)| Shown {
            auto_scaling_group_id: group.id(),
            life_cycle_hook_id: group.id_of(IdKind::Hook, ordinal.0),
            life_cycle_hook_name: &hook.name,
            notify_ids: &hook.notify_ids,
            transition: transition_number(hook.transition),
            default_result: result_number(hook.default_result),
            life_cycle_hook_timeout: hook.timeout.ms() / 1000,
        });
        let (total_count, life_cycle_hook_set) = (page.total, shown.collect());
        Ok(Response::object(&Described { life_cycle_hook_set, total_count }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    life_cycle_hook_set: Vec<Shown<'a>>,
    total_count: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    auto_scaling_group_id: &'a str,
    life_cycle_hook_id: String,
    life_cycle_hook_name: &'a str,
    notify_ids: &'a [String],
    transition: u8,
    default_result: u8,
    life_cycle_hook_timeout: i64,
}

/// A hook, by the ids of its group and its own.
struct Named {
    group: String,
    hook: String,
}

impl Named {
    fn read(p: &Parameters) -> Result<Self, ApiError> {
        Ok(Self { group: p.text("scalingGroupId")?, hook: p.text("lifeCycleHookId")? })
    }

    /// The group, and the hook's number and name.
    fn find(&self, call: &Call<'_>) -> Result<(GroupIndex, HookOrdinal, String), ApiError> {
        let group = call.group(&self.group)?;
        let ordinal = call.ordinal(&group, IdKind::Hook, &self.hook).ok_or(UNKNOWN)?;
        let found = group.hooks().find(|(known, _)| known.0 == ordinal);
        let (ordinal, hook) = found.ok_or(UNKNOWN)?;
        Ok((group.index(), ordinal, hook.name.clone()))
    }
}

struct Modify {
    hook: Named,
    change: HookChange,
}

impl Called for Modify {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let notify_ids = notify_ids(call)?;
        let change = HookChange {
            name: p.maybe_name("lifeCycleHookName")?,
            transition: transition(p)?,
            timeout: timeout(p)?,
            default_result: default_result(p)?,
            notify_ids: (!notify_ids.is_empty()).then_some(notify_ids),
            answer: None,
        };
        Ok(Self { hook: Named::read(p)?, change })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, _, hook) = self.hook.find(call)?;
        call.apply(index, &Command::ModifyHook { hook, change: self.change })?;
        Ok(Response::empty())
    }
}

struct Delete {
    hook: Named,
    name: Option<String>,
}

impl Called for Delete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self { hook: Named::read(p)?, name: p.maybe_text("lifeCycleHookName")? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, _, hook) = self.hook.find(call)?;
        if !equals(self.name.as_ref(), &hook) {
            return Err(ErrorKind::ConflictNameVsLifeCycleHookId.into());
        }
        call.apply(index, &Command::DeleteHook { hook })?;
        Ok(Response::empty())
    }
}

struct Bind {
    hook: Named,
}

impl Called for Bind {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        Ok(Self { hook: Named::read(call.parameters)? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, _, hook) = self.hook.find(call)?;
        call.apply(index, &Command::BindHook { hook })?;
        Ok(Response::empty())
    }
}

struct Unbind {
    group: String,
}

impl Called for Unbind {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        Ok(Self { group: call.parameters.text("scalingGroupId")? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = call.group(&self.group)?.index();
        call.apply(index, &Command::UnbindHook)?;
        Ok(Response::empty())
    }
}

/// The wait of an instance at a hook.
struct Waiting {
    hook: Named,
    instance: String,
}

impl Waiting {
    fn read(p: &Parameters) -> Result<Self, ApiError> {
        Ok(Self { hook: Named::read(p)?, instance: p.text("scalingInstanceId")? })
    }

    /// The group, and the instance if it waits at this hook.
    fn find(&self, call: &Call<'_>) -> Result<(GroupIndex, InstanceOrdinal), ApiError> {
        let (index, hook, _) = self.hook.find(call)?;
        let group = call.group(&self.hook.group)?;
        let unknown = ErrorKind::InvalidParameterInstanceIdError;
        let member = group.member_of_id(&self.instance).ok_or(unknown)?;
        match member.wait.as_ref().is_some_and(|wait| wait.hook == hook) {
            true => Ok((index, member.ordinal)),
            false => Err(ErrorKind::IncorrectInstanceStatusNotInHook.into()),
        }
    }
}

struct Complete {
    wait: Waiting,
    result: HookResult,
}

impl Called for Complete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let name = "lifeCycleHookResult";
        let result = result(p, name, ErrorKind::HookParameterErrorLifeCycleHookResult)?;
        Ok(Self { wait: Waiting::read(p)?, result: result.ok_or_else(|| missing(name))? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, instance) = self.wait.find(call)?;
        call.apply(index, &Command::CompleteHook { instance, result: self.result })?;
        Ok(Response::empty())
    }
}

struct Renew {
    wait: Waiting,
    timeout: SimDuration,
}

impl Called for Renew {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        // More than a wait can be stretched to is no mistake: the deadline has its own bound.
        const TIMEOUT_MAX_S: i64 = 1_000_000_000;
        let p = call.parameters;
        let timeout_s = p.required("recordTimeout", integer(1..=TIMEOUT_MAX_S))?;
        Ok(Self { wait: Waiting::read(p)?, timeout: SimDuration::from_s(timeout_s) })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let (index, instance) = self.wait.find(call)?;
        call.apply(index, &Command::RenewHook { instance, timeout: self.timeout })?;
        Ok(Response::empty())
    }
}
