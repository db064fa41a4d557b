//! Calls: from a request to an action, and back with its answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::action::Action;
use super::common;
use super::error::ApiError;
use super::error_kind::ErrorKind;
use super::inventory::Inventory;
use super::keys::Keys;
use super::pace::Pace;
use super::parameters::{ParameterError, ParameterFault, Parameters};
use super::region::Region;
use super::replay::ReplayMemory;
use super::request::Request;
use super::response::Response;
use super::{
    activities, configurations, groups, instances, lifecycle_hooks, notifications, policies,
    scheduled_tasks,
};
use crate::engine::Engine;
use crate::engine::command::{Command, Reply, WorldCommand};
use crate::engine::view::GroupView;
use crate::kernel::SimTime;
use crate::model::configuration::Registered;
use crate::model::id::{GroupIndex, IdKind};
use crate::model::realm::Realm;

/// The service: who may call it, and what an engine cannot know. Of a group it holds nothing: an
/// engine is the world of all callers, and every answer is read off it.
///
/// What a setup or a scenario made belongs to [`Api::account`] in [`Api::region`].
///
/// ```
/// use asgsim::api::request::{Method, PATH};
/// use asgsim::api::{Api, Request};
/// use asgsim::{Engine, GroupSetup, Setup, SimTime};
///
/// let mut setup = Setup::new(SimTime::from_unix_s(1_700_000_000));
/// setup.groups.push(GroupSetup::new("web", 1, 4, 2));
/// let mut engine = Engine::new(&setup)?;
///
/// let mut api = Api::new();
/// api.no_auth = true;
/// let query = b"Action=DescribeScalingGroup&scalingGroupName=web";
/// let request = Request::received("GET", "127.0.0.1", PATH, query, b"")?;
/// let response = api.call(&mut engine, &request, 0);
/// assert!(response.body.contains(r#""minSize":1,"maxSize":4"#), "{}", response.body);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Api {
    /// Who may call.
    pub keys: Keys,
    /// The requests of the last hours.
    pub replay: ReplayMemory,
    /// How many requests of one key are let pass in a second.
    pub pace: Pace,
    /// Whether anybody may call, unsigned, as [`Api::account`].
    pub no_auth: bool,
    /// The account of the setup, and of whoever calls unsigned; a number, as text.
    pub account: String,
    /// The region of the setup, and of requests that name none.
    pub region: Region,
    /// Whether a request has to name its region, but for the one action that needs none.
    pub needs_region: bool,
    /// Regions that are not open to anybody.
    pub closed_regions: BTreeSet<Region>,
    /// Accounts that are suspended.
    pub suspended_accounts: BTreeSet<String>,
    /// Accounts whose owners nobody knows: they cannot buy anything.
    pub unverified_accounts: BTreeSet<String>,
    /// Actions that are out of service for a while.
    pub in_maintenance: BTreeSet<Action>,
    /// Projects that there are besides 0; if none is listed, all are.
    pub projects: BTreeSet<u32>,
    /// Resources of other services.
    pub inventory: Inventory,
    /// Whether ModifyScalingGroup takes the sizes and the removal policy as optional, as the real
    /// service did, though its page says that they are required.
    pub lenient_modify: bool,
    /// Whether bandwidth is paid for by a package: it may then be without a cap, and the way of
    /// paying for it does not matter.
    pub bandwidth_package: bool,
}

/// No keys, no resources, Guangzhou, and an account with the number of the reference's examples.
impl Default for Api {
    fn default() -> Self {
        Self {
            keys: Keys::default(),
            replay: ReplayMemory::default(),
            pace: Pace::default(),
            no_auth: false,
            account: String::from("1251707795"),
            region: Region::default(),
            needs_region: false,
            closed_regions: BTreeSet::new(),
            suspended_accounts: BTreeSet::new(),
            unverified_accounts: BTreeSet::new(),
            in_maintenance: BTreeSet::new(),
            projects: BTreeSet::new(),
            inventory: Inventory::default(),
            lenient_modify: false,
            bandwidth_package: false,
        }
    }
}

/// The actions, family by family.
const FAMILIES: [&[Row]; 8] = [
    &configurations::ACTIONS,
    &groups::ACTIONS,
    &instances::ACTIONS,
    &activities::ACTIONS,
    &policies::ACTIONS,
    &scheduled_tasks::ACTIONS,
    &lifecycle_hooks::ACTIONS,
    &notifications::ACTIONS,
];

impl Api {
    /// A service with the defaults: no keys, no resources. Add a key, or set `no_auth`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a request. The engine should stand at the present, with the work of that instant
    /// done ([`Engine::run_until`], [`Engine::settle`]); `received_at_s` is the time of receipt in
    /// Unix seconds, by the clock that clients go by, and has nothing to do with the engine's.
    pub fn call(&mut self, engine: &mut Engine, request: &Request, received_at_s: i64) -> Response {
        self.answer(engine, request, received_at_s).into()
    }

    fn answer(
        &mut self,
        engine: &mut Engine,
        request: &Request,
        received_at_s: i64,
    ) -> Result<Response, ApiError> {
        let parameters = &request.parameters;
        let (account, action) = self.admit(request, received_at_s)?;
        if self.in_maintenance.contains(&action) {
            return Err(ErrorKind::ServiceUnavailable.into());
        }
        let named = common::region(parameters)?;
        let is_everywhere = named.is_none() && action == Action::DescribeScalingConfiguration;
        if named.is_none() && self.needs_region && !is_everywhere {
            let (name, fault) = (String::from("Region"), ParameterFault::Missing);
            return Err(ParameterError { name, fault }.into());
        }
        let region = named.unwrap_or(self.region);
        if self.suspended_accounts.contains(&account) {
            return Err(ErrorKind::AccessDenied.into());
        }
        if self.closed_regions.contains(&region) {
            let words = format!("the region {region} is not open to the account");
            return Err(ApiError::new(ErrorKind::AccessDenied, words));
        }
        let realm = self.realm(&account, region);
        let api = &*self;
        let mut call = Call { api, engine, parameters, account, region, realm, is_everywhere };
        let row = FAMILIES.into_iter().flatten().find(|row| row.action == action);
        match row {
            Some(row) => (row.run)(&mut call),
            None => Err(ApiError::unknown_action(action.name())),
        }
    }

    /// Whose request it is, and what it asks for.
    fn admit(
        &mut self,
        request: &Request,
        received_at_s: i64,
    ) -> Result<(String, Action), ApiError> {
        let parameters = &request.parameters;
        if self.no_auth {
            return Ok((self.account.clone(), common::action(parameters)?));
        }
        let key = common::authenticate(&self.keys, &mut self.replay, request, received_at_s)?;
        self.pace.admit(&key.secret_id, received_at_s)?;
        let action = common::action(parameters)?;
        self.keys.permit_action(key, action)?;
        // An id stands in a value, whatever the parameter is called.
        key.permit_resources(parameters.sent().map(|(_, value)| value))?;
        Ok((key.account.clone(), action))
    }

    /// An account and a region as the engine tells them apart: the setup's have no names.
    fn realm(&self, account: &str, region: Region) -> Realm {
        let account = if account == self.account { "" } else { account };
        let region = if region == self.region { "" } else { region.long() };
        Realm { account: Arc::from(account), region: Arc::from(region) }
    }
}

/// An action: its parameters, and what it does.
pub(super) trait Called: Sized {
    /// Reads the parameters, and looks at nothing else.
    fn parse(call: &Call<'_>) -> Result<Self, ApiError>;

    /// Does it.
    fn call(self, call: &mut Call<'_>) -> Result<Response, ApiError>;
}

/// A row of a family's table.
pub(super) struct Row {
    action: Action,
    run: fn(&mut Call<'_>) -> Result<Response, ApiError>,
}

/// The row of an action.
pub(super) const fn row<T: Called>(action: Action) -> Row {
    Row { action, run: |call| T::parse(call)?.call(call) }
}

/// One call: who calls, where, with which parameters, and what may be looked at.
pub(super) struct Call<'a> {
    pub api: &'a Api,
    pub engine: &'a mut Engine,
    pub parameters: &'a Parameters,
    pub account: String,
    pub region: Region,
    pub realm: Realm,
    /// Whether the query is not limited to the region.
    pub is_everywhere: bool,
}

impl Call<'_> {
    /// Whether a thing of that realm is to be seen.
    pub fn sees(&self, realm: &Realm) -> bool {
        *realm == self.realm || (self.is_everywhere && realm.account == self.realm.account)
    }

    /// The groups to be seen, in creation order.
    pub fn groups(&self) -> impl Iterator<Item = GroupView<'_>> {
        self.engine.groups().filter(|group| !group.is_deleted() && self.sees(&group.site().realm))
    }

    /// The group of that id, deleted or not.
    pub fn find_group(&self, id: &str) -> Option<GroupView<'_>> {
        let (index, 0) = self.engine.read_id(IdKind::Group, id)? else { return None };
        self.engine.group(index).filter(|group| self.sees(&group.site().realm))
    }

    /// The group of that id.
    pub fn group(&self, id: &str) -> Result<GroupView<'_>, ApiError> {
        let found = self.find_group(id).filter(|group| !group.is_deleted());
        found.ok_or_else(|| ErrorKind::InvalidParameterScalingGroupIdError.into())
    }

    /// The number of a group's thing of that kind and id; whether it exists is another question.
    pub fn ordinal(&self, group: &GroupView<'_>, kind: IdKind, id: &str) -> Option<u32> {
        let (index, ordinal) = self.engine.read_id(kind, id)?;
        (index == group.index()).then_some(ordinal)
    }

    /// The configurations to be seen, in creation order.
    pub fn configurations(&self) -> impl Iterator<Item = &Registered> {
        self.engine.registered().filter(|known| self.sees(&known.definition.realm))
    }

    /// The configuration of that id.
    pub fn configuration(&self, id: &str) -> Result<&Registered, ApiError> {
        let found = self.configurations().find(|known| *known.id == *id);
        found.ok_or_else(|| ErrorKind::InvalidParameterScalingConfigurationIdError.into())
    }

    /// Carries out a command of a group.
    pub fn apply(&mut self, group: GroupIndex, command: &Command) -> Result<Reply, ApiError> {
        let outcome = self.engine.apply(group, command);
        let outcome =
            outcome.map_err(|error| ApiError::new(ErrorKind::InternalError, error.to_string()))?;
        Ok(outcome?)
    }

    /// Carries out a command of the world.
    pub fn apply_to_world(&mut self, command: &WorldCommand) -> Result<Reply, ApiError> {
        Ok(self.engine.apply_to_world(command)?)
    }

    /// An instant as the wire writes it.
    pub fn civil(&self, t: SimTime) -> String {
        t.format_civil(self.engine.utc_offset())
    }
}
