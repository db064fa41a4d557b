//! Notifications: create, describe, modify, delete.

use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{USER_GROUPS_MAX, missing, passes};
use super::page::Page;
use super::parameters::{LIST_MAX, ParameterFault};
use super::read::integer;
use super::response::Response;
use crate::engine::command::{Command, Reply};
use crate::engine::view::GroupView;
use crate::model::id::{IdKind, NotificationOrdinal};
use crate::model::notification::{NotificationType, Subscription};

pub(super) const ACTIONS: [Row; 4] = [
    row::<Create>(Action::CreateScalingNotification),
    row::<Describe>(Action::DescribeScalingNotification),
    row::<Modify>(Action::ModifyScalingNotification),
    row::<Delete>(Action::DeleteScalingNotification),
];

const UNKNOWN: ErrorKind = ErrorKind::InvalidParameterNotifyId;

/// The group of that id, with the code that these pages have.
fn group<'a>(call: &'a Call<'_>, id: &str) -> Result<GroupView<'a>, ApiError> {
    call.group(id).map_err(|_| ErrorKind::InvalidParameterScalingGroupId.into())
}

/// The group's notification with that id.
fn find(call: &Call<'_>, group: &GroupView<'_>, id: &str) -> Result<NotificationOrdinal, ApiError> {
    let ordinal = call.ordinal(group, IdKind::Notification, id).ok_or(UNKNOWN)?;
    let found = group.notifications().find(|(known, _)| known.0 == ordinal);
    Ok(found.ok_or(UNKNOWN)?.0)
}

fn types(call: &Call<'_>) -> Result<Vec<NotificationType>, ApiError> {
    let read = |value: &str| {
        let number = integer(1..=6)(value)?;
        let found = u32::try_from(number).ok().and_then(|n| NotificationType::try_from(n).ok());
        found.ok_or_else(|| ParameterFault::malformed(value, "a type, 1 to 6"))
    };
    let list = call.parameters.list("notificationTypes", LIST_MAX, read);
    list.map_err(|error| error.or_missing(ErrorKind::InvalidParameterNotifyType))
}

fn receivers(call: &Call<'_>) -> Result<Vec<String>, ApiError> {
    let list = ("receiversIds", USER_GROUPS_MAX);
    call.parameters.user_groups(call, list, ErrorKind::InvalidParameterGroupId)
}

struct Create {
    group: String,
    new: Subscription,
}

impl Called for Create {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let group = p.text("scalingGroupId")?;
        let (types, receivers) = (types(call)?, receivers(call)?);
        for name in ["notificationTypes", "receiversIds"] {
            if !p.mentions(name) {
                return Err(missing(name).into());
            }
        }
        // Lists of nothing but empty entries are refused there.
        let new = Subscription::new(types, receivers);
        let new = new.map_err(crate::engine::command::CommandError::from)?;
        Ok(Self { group, new })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let index = group(call, &self.group)?.index();
        let reply = call.apply(index, &Command::CreateNotification(self.new))?;
        let (Reply::Notification(new), Some(group)) = (reply, call.engine.group(index)) else {
            return Err(ErrorKind::InternalError.into());
        };
        let notification_id = group.id_of(IdKind::Notification, new.0);
        Ok(Response::object(&Created { notification_id }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    notification_id: String,
}

struct Describe {
    group: String,
    ids: Vec<String>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let mut ids = p.ids("notificationIds", LIST_MAX)?;
        // The page, a copy of another, has one id.
        ids.extend(p.maybe_text("notificationId")?);
        Ok(Self { group: p.text("scalingGroupId")?, ids, page: Page::read(p)? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = group(call, &self.group)?;
        let id = |ordinal: NotificationOrdinal| group.id_of(IdKind::Notification, ordinal.0);
        let found = group
            .notifications()
            .filter(|(ordinal, _)| self.ids.is_empty() || passes(&self.ids, &id(*ordinal)));
        let page = self.page.of(found);
        let shown = page.items.into_iter().map(|(ordinal, subscription)| {
            let created = group.notification_created(ordinal).unwrap_or(group.created());
            Shown {
                notification_id: id(ordinal),
                scaling_group_id: group.id(),
                notification_types: &subscription.types,
                receivers_ids: &subscription.receivers,
                create_time: call.civil(created),
            }
        });
        let (total_count, scaling_notification_set) = (page.total, shown.collect());
        Ok(Response::object(&Described { total_count, scaling_notification_set }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    total_count: usize,
    scaling_notification_set: Vec<Shown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    notification_id: String,
    scaling_group_id: &'a str,
    notification_types: &'a [NotificationType],
    receivers_ids: &'a [String],
    create_time: String,
}

struct Modify {
    group: String,
    id: String,
    types: Option<Vec<NotificationType>>,
    receivers: Option<Vec<String>>,
}

impl Called for Modify {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let (types, receivers) = (types(call)?, receivers(call)?);
        Ok(Self {
            group: p.text("scalingGroupId")?,
            id: p.text("notificationId")?,
            types: (!types.is_empty()).then_some(types),
            receivers: (!receivers.is_empty()).then_some(receivers),
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = group(call, &self.group)?;
        let (index, notification) = (group.index(), find(call, &group, &self.id)?);
        let Self { types, receivers, .. } = self;
        call.apply(index, &Command::ModifyNotification { notification, types, receivers })?;
        Ok(Response::empty())
    }
}

struct Delete {
    group: String,
    ids: Vec<String>,
}

impl Called for Delete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let ids = p.required_ids("notificationIds", LIST_MAX)?;
        Ok(Self { group: p.text("scalingGroupId")?, ids })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let group = group(call, &self.group)?;
        let index = group.index();
        let found = self.ids.iter().map(|id| find(call, &group, id));
        let notifications = found.collect::<Result<_, _>>()?;
        call.apply(index, &Command::DeleteNotifications { notifications })?;
        Ok(Response::empty())
    }
}
