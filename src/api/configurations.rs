//! Scaling configurations: create, describe, delete.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::action::Action;
use super::call::{Call, Called, Row, row};
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::fields::{ANY, equals, passes};
use super::inventory::ResourceKind;
use super::page::Page;
use super::parameters::ParameterFault;
use super::read::{integer, one_of, text};
use super::response::Response;
use crate::engine::command::WorldCommand;
use crate::model::configuration::{BandwidthType, Configuration, Registered, StorageType};
use crate::model::failure::{Condition, FailureCause};

pub(super) const ACTIONS: [Row; 3] = [
    row::<Create>(Action::CreateScalingConfiguration),
    row::<Describe>(Action::DescribeScalingConfiguration),
    row::<Delete>(Action::DeleteScalingConfiguration),
];

const IDS_MAX: usize = 20;
const UNCAPPED_MBPS: u32 = 65_535;
const BANDWIDTH_TYPES: [(&str, BandwidthType); 2] =
    [("PayByHour", BandwidthType::PayByHour), ("PayByTraffic", BandwidthType::PayByTraffic)];

struct Create {
    new: Configuration,
}

impl Called for Create {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        let invalid = ErrorKind::InvalidParameter;
        let not_sold = ErrorKind::OprationFailCpuOrMemNotExsit;
        let switch = |name| Ok::<_, ApiError>(p.flag(name, invalid)?.unwrap_or(true));
        let image_id = p.text("imageId")?;
        let is_windows = is_windows(call, &image_id);
        let root_size_gb = p.number("rootSize", ErrorKind::QuotaExceededRootSize)?;
        let new = Configuration {
            name: p.new_name("scalingConfigurationName")?,
            cpu: p.needed_number("cpu", not_sold)?,
            mem_gb: p.needed_number("mem", not_sold)?,
            storage_type: storage_type(call)?,
            storage_size_gb: p.needed_number("storageSize", ErrorKind::QuotaExceededStorageSize)?,
            bandwidth_type: bandwidth_type(call)?,
            bandwidth_mbps: bandwidth(call)?,
            image_type: p.needed_number("imageType", invalid)?,
            // The system disk of a Windows has its own size.
            root_size_gb: root_size_gb.filter(|_| !is_windows).unwrap_or(50),
            key_id: p.maybe_text("keyId")?,
            has_password: p.optional("password", password(is_windows))?.is_some(),
            need_monitor_agent: switch("needMonitorAgent")?,
            need_security_agent: switch("needSecurityAgent")?,
            wan_ip: switch("wanIp")?,
            security_group: p.maybe_text("sgId")?,
            project: p.project(call)?,
            data_snapshot_id: p.maybe_text("dataSnapshotId")?,
            cvm_type: p.number("cvmType", invalid)?.unwrap_or(11),
            userdata: p.optional("userdata", userdata)?.unwrap_or_default().to_owned(),
            realm: call.realm.clone(),
            image_id,
        };
        Ok(Self { new })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let new = self.new;
        new.check().map_err(crate::engine::command::CommandError::from)?;
        check_resources(call, &new)?;
        if call.engine.conditions().iter().any(|c| is_unsold(c, call)) {
            return Err(ErrorKind::OprationFailCpuOrMemNotExsit.into());
        }
        let name = new.name.clone();
        call.apply_to_world(&WorldCommand::CreateConfiguration(new))?;
        let made = call.configurations().filter(|known| known.definition.name == name).last();
        let id = made.map(|known| known.id.as_ref());
        Ok(Response::object(&Created { scaling_configuration_id_set: id.as_slice() }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    scaling_configuration_id_set: &'a [&'a str],
}

/// Whether nobody can buy any machine now.
fn is_unsold(condition: &Condition, call: &Call<'_>) -> bool {
    let now = call.engine.now();
    matches!(condition.cause, FailureCause::SoldOut | FailureCause::ModelGone)
        && condition.group.is_none()
        && condition.place.is_none()
        && (condition.begin..condition.end).contains(&now)
}

fn is_windows(call: &Call<'_>, image: &str) -> bool {
    call.api.inventory.get(ResourceKind::Image, image).is_some_and(|image| image.is_windows)
}

fn storage_type(call: &Call<'_>) -> Result<StorageType, ApiError> {
    let number = call.parameters.required("storageType", integer(ANY))?;
    let found = u32::try_from(number).ok().and_then(StorageType::from_number);
    found.ok_or_else(|| {
        let words = format!("parameter storageType is {number}; allowed are 1, 2, 3, 5 and 6");
        ApiError::new(ErrorKind::InvalidParameterStorageType, words)
    })
}

/// An account with a package of bandwidth pays for it in one way only, whatever it says.
fn bandwidth_type(call: &Call<'_>) -> Result<BandwidthType, ApiError> {
    let read = one_of(&BANDWIDTH_TYPES, "PayByHour or PayByTraffic");
    match call.parameters.required("bandwidthType", text)? {
        sent if call.api.bandwidth_package => Ok(read(sent).unwrap_or(BandwidthType::PayByTraffic)),
        _ => Ok(call.parameters.required("bandwidthType", read)?),
    }
}

fn bandwidth(call: &Call<'_>) -> Result<u32, ApiError> {
    let invalid = ErrorKind::InvalidParameter;
    match call.parameters.needed_number("bandwidth", invalid)? {
        UNCAPPED_MBPS if !call.api.bandwidth_package => {
            let words = "parameter bandwidth is 65535; only a bandwidth package has no cap";
            Err(ApiError::new(invalid, words))
        }
        bandwidth => Ok(bandwidth),
    }
}

/// A password by the rules of its system; it is not kept.
fn password(is_windows: bool) -> impl Fn(&str) -> Result<(), ParameterFault> {
    move |value| {
        let has = |is: &dyn Fn(char) -> bool| usize::from(value.chars().any(is));
        let length = value.chars().count();
        let special = |c: char| if is_windows { "!@#\\*" } else { "!@#$%^\\*()" }.contains(c);
        let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || special(c));
        let digits_and_specials = has(&|c| c.is_ascii_digit()) + has(&special);
        let (lower, upper) = (has(&|c| c.is_ascii_lowercase()), has(&|c| c.is_ascii_uppercase()));
        let is_good = match is_windows {
            true => (12..=16).contains(&length) && lower + upper + digits_and_specials >= 3,
            false => (8..=16).contains(&length) && lower.max(upper) + digits_and_specials >= 2,
        };
        match is_good && is_plain {
            true => Ok(()),
            // What was found is nobody's business.
            false => Err(ParameterFault::malformed(
                "…",
                match is_windows {
                    true => {
                        "12 to 16 of capitals, small letters, digits and !@#\\*, of three kinds"
                    }
                    false => "8 to 16 of letters, digits and !@#$%^\\*(), of two kinds",
                },
            )),
        }
    }
}

fn userdata(value: &str) -> Result<&str, ParameterFault> {
    match value.len() <= 16_384 && STANDARD.decode(value).is_ok() {
        true => Ok(value),
        false => Err(ParameterFault::malformed(value, "Base64 of at most 16384 bytes")),
    }
}

fn check_resources(call: &Call<'_>, new: &Configuration) -> Result<(), ApiError> {
    let invalid = ErrorKind::InvalidParameter;
    call.check(ResourceKind::Image, &new.image_id, None, invalid)?;
    if let Some(key) = &new.key_id {
        call.check(ResourceKind::KeyPair, key, None, invalid)?;
    }
    if let Some(group) = &new.security_group {
        let unknown = ErrorKind::InvalidParameterSecurityGroupId;
        call.check(ResourceKind::SecurityGroup, group, Some(new.project), unknown)?;
    }
    let Some(snapshot) = &new.data_snapshot_id else { return Ok(()) };
    call.check(ResourceKind::Snapshot, snapshot, None, invalid)?;
    let known = call.api.inventory.get(ResourceKind::Snapshot, snapshot);
    match known.and_then(|snapshot| snapshot.size_gb) {
        Some(size_gb) if size_gb >= new.storage_size_gb => {
            let words = format!(
                "a snapshot of {size_gb} GB does not fit on a data disk of {} GB",
                new.storage_size_gb
            );
            Err(ApiError::new(ErrorKind::QuotaExceededStorageSize, words))
        }
        _ => Ok(()),
    }
}

struct Describe {
    ids: Vec<String>,
    name: Option<String>,
    project: Option<u32>,
    group: Option<String>,
    page: Page,
}

impl Called for Describe {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        let p = call.parameters;
        Ok(Self {
            ids: p.ids("scalingConfigurationIds", IDS_MAX)?,
            name: p.maybe_text("scalingConfigurationName")?,
            project: p.maybe_project()?,
            group: p.maybe_text("scalingGroupId")?,
            page: Page::read(p)?,
        })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        // An unknown id matches nothing; no key is empty.
        let used = |id| call.group(id).map_or("", |group| group.configuration());
        let used = self.group.as_deref().map(used);
        let found = call.configurations().filter(|known| {
            let new = &known.definition;
            passes(&self.ids, &known.id)
                && equals(self.name.as_deref(), &new.name)
                && equals(self.project.as_ref(), &new.project)
                && equals(used, &known.key)
        });
        let page = self.page.of(found);
        let items = page.items.into_iter().map(|known| Shown::of(call, known)).collect();
        Ok(Response::object(&Described {
            total_count: page.total,
            scaling_configuration_set: items,
        }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described<'a> {
    total_count: usize,
    scaling_configuration_set: Vec<Shown<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    scaling_configuration_id: &'a str,
    scaling_configuration_name: &'a str,
    scaling_group_id_set: Vec<Group<'a>>,
    cpu: u32,
    mem: u32,
    image_type: u32,
    image_id: &'a str,
    storage_type: u32,
    storage_size: u32,
    root_size: u32,
    bandwidth_type: &'static str,
    bandwidth: u32,
    wan_ip: u8,
    key_id: &'a str,
    password: &'static str,
    sg_set: Vec<SecurityGroup<'a>>,
    need_monitor_agent: u8,
    need_security_agent: u8,
    create_time: String,
    project_id: u32,
    cvm_type: String,
    data_snapshot_id: &'a str,
    userdata: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    scaling_group_id: &'a str,
    scaling_group_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecurityGroup<'a> {
    sg_id: &'a str,
}

impl<'a> Shown<'a> {
    fn of(call: &'a Call<'_>, known: &'a Registered) -> Self {
        let new = &known.definition;
        let users = call.groups().filter(|group| group.configuration() == &*known.key);
        let (hour, traffic) = ("PayByHour", "PayByTraffic");
        Self {
            scaling_configuration_id: &known.id,
            scaling_configuration_name: &new.name,
            scaling_group_id_set: users
                .map(|group| Group {
                    scaling_group_id: group.id(),
                    scaling_group_name: group.shown_name(),
                })
                .collect(),
            cpu: new.cpu,
            mem: new.mem_gb,
            image_type: new.image_type,
            image_id: &new.image_id,
            storage_type: new.storage_type.number(),
            storage_size: new.storage_size_gb,
            root_size: new.root_size_gb,
            bandwidth_type: if new.bandwidth_type == BandwidthType::PayByHour {
                hour
            } else {
                traffic
            },
            bandwidth: new.bandwidth_mbps,
            wan_ip: new.wan_ip.into(),
            key_id: new.key_id.as_deref().unwrap_or_default(),
            password: "",
            sg_set: new.security_group.iter().map(|id| SecurityGroup { sg_id: id }).collect(),
            need_monitor_agent: new.need_monitor_agent.into(),
            need_security_agent: new.need_security_agent.into(),
            create_time: call.civil(known.created),
            project_id: new.project,
            cvm_type: new.cvm_type.to_string(),
            data_snapshot_id: new.data_snapshot_id.as_deref().unwrap_or_default(),
            userdata: &new.userdata,
        }
    }
}

struct Delete {
    id: String,
}

impl Called for Delete {
    fn parse(call: &Call<'_>) -> Result<Self, ApiError> {
        Ok(Self { id: call.parameters.text("scalingConfigurationId")? })
    }

    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError> {
        let configuration = call.configuration(&self.id)?.key.to_string();
        call.apply_to_world(&WorldCommand::DeleteConfiguration { configuration })?;
        Ok(Response::empty())
    }
}
