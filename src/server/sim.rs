//! The world behind the service: looked at, moved on in time, changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use serde::Serialize;
use serde_json::{Map, Value};

use super::body;
use super::hosted::{ADVANCE_MAX, Hosted};
use super::house::House;
use super::limits::TABLE_BYTES_MAX;
use super::problem::Problem;
use super::state;
use crate::engine::Request as Command;
use crate::engine::command::Reply;
use crate::engine::setup::{GroupSetup, Setup};
use crate::kernel::{SimDuration, SimTime};
use crate::scenario::build::script::at_once;
use crate::scenario::document::Document;
use crate::scenario::file::AtTable;
use crate::scenario::value::When;

/// The answer to whatever changes the world.
#[derive(Debug, Serialize)]
pub(super) struct Done {
    /// Engine time, Unix seconds.
    now: SimTime,
    /// The same as the service writes it.
    time: String,
    /// Lines of the event log.
    events: usize,
    /// The number of what began or now exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
}

impl Done {
    pub fn of(world: &Hosted, number: Option<u32>) -> Json<Self> {
        let now = world.engine.now();
        let (time, events) = (now.format_civil(world.setup.utc_offset), world.engine.event_count());
        Json(Self { now, time, events, number })
    }
}

/// `GET /_sim/state`.
pub(super) async fn state(State(house): State<Arc<House>>) -> Result<Json<state::State>, Problem> {
    let state = house.work(|world| world.catch_up().map(|()| state::State::of(world)));
    state.await?.map(Json)
}

/// `POST /_sim/advance?seconds=N` or `?until=TIME`.
pub(super) async fn advance(
    State(house): State<Arc<House>>,
    uri: Uri,
) -> Result<Json<Done>, Problem> {
    let query = Query::<BTreeMap<String, String>>::try_from_uri(&uri);
    let Query(query) = query.map_err(|error| Problem::bad(error.body_text()))?;
    let target = Target::read(&query)?;
    let work = move |world: &mut Hosted| {
        world.advance(|world| target.resolve(world))?;
        Ok(Done::of(world, None))
    };
    house.work(work).await?
}

/// Where to advance to.
enum Target {
    After(SimDuration),
    At(SimTime),
    When(When),
}

impl Target {
    fn read(query: &BTreeMap<String, String>) -> Result<Self, Problem> {
        if let Some(unknown) =
            query.keys().find(|key| !["seconds", "until"].contains(&key.as_str()))
        {
            let unknown: String = unknown.chars().take(60).collect();
            return Err(Problem::bad(format!("unknown {unknown:?}; give `seconds` or `until`")));
        }
        match (query.get("seconds"), query.get("until")) {
            (Some(seconds), None) => {
                let most = ADVANCE_MAX.ms() / 1_000;
                let seconds = seconds.parse().ok().filter(|seconds| (0..=most).contains(seconds));
                seconds.map(|seconds| Self::After(SimDuration::from_s(seconds))).ok_or_else(|| {
                    Problem::bad(format!("`seconds` is a whole number of 0 to {most}"))
                })
            }
            (None, Some(until)) => {
                if let Ok(s) = until.parse() {
                    return Ok(Self::At(SimTime::from_unix_s(s)));
                }
                // In a query `+` is a blank unless it is written %2B.
                let until = match until.strip_prefix(' ') {
                    Some(span) => format!("+{span}"),
                    None => until.clone(),
                };
                let when = When::parse(&until);
                when.map(Self::When).map_err(|error| Problem::bad(format!("`until`: {error}")))
            }
            _ => Err(Problem::bad("give one of `seconds` and `until`")),
        }
    }

    fn resolve(&self, world: &Hosted) -> Result<SimTime, Problem> {
        match self {
            Self::After(span) => Ok(world.engine.now() + *span),
            Self::At(t) => Ok(*t),
            Self::When(when) => {
                let t = when.resolve(world.setup.start, world.setup.utc_offset);
                t.ok_or_else(|| Problem::bad("`until`: there is no such time"))
            }
        }
    }
}

/// `POST /_sim/reset`.
pub(super) async fn reset(State(house): State<Arc<House>>) -> Result<Json<Done>, Problem> {
    let work = |world: &mut Hosted| world.reset().map(|()| Done::of(world, None));
    house.work(work).await?
}

/// `POST /_sim/world`: a table of `[[at]]` without its time; it happens now.
pub(super) async fn world(
    State(house): State<Arc<House>>,
    body: Body,
) -> Result<Json<Done>, Problem> {
    let mut table = object(&house, body).await?;
    if table.contains_key("time") {
        return Err(Problem::bad("`time` is not given here: it happens now"));
    }
    table.insert(String::from("time"), Value::from("+0s"));
    let work = move |world: &mut Hosted| {
        let reply = world.apply(|world| command(world, table))?;
        Ok(Done::of(world, number(reply)))
    };
    house.work(work).await?
}

/// A body that is a JSON object.
pub(super) async fn object(house: &House, body: Body) -> Result<Map<String, Value>, Problem> {
    let body = body::read(body, TABLE_BYTES_MAX, house.limits.body_timeout).await?;
    serde_json::from_slice(&body)
        .map_err(|error| Problem::bad(format!("the body is to be a JSON object: {error}")))
}

fn command(world: &Hosted, table: Map<String, Value>) -> Result<Command, Problem> {
    let group = match table.get("group") {
        Some(Value::String(name)) => Some(world.group(name)?),
        _ => None,
    };
    let text = Value::Object(table).to_string();
    let wrong = |error: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error);
    let document = Document::parse("body", text.as_bytes(), &[]);
    let document = document.map_err(|error| wrong(error.to_string()))?;
    let told = |error: crate::scenario::ScenarioError| match error.key.is_empty() {
        true => wrong(error.message),
        false => wrong(format!("{}: {}", error.key, error.message)),
    };
    let table: AtTable = document.decode().map_err(told)?;
    let setup = setup_of(world);
    at_once(&table, group, world.engine.now(), &setup).map_err(|fault| told(document.locate(fault)))
}

/// The setup with the groups that there now are, as far as a table can ask after them.
fn setup_of(world: &Hosted) -> Setup {
    let initial = &world.setup;
    let groups = world.engine.groups().map(|group| {
        let (capacity, site) = (group.capacity(), group.site());
        GroupSetup {
            zones: site.zones.clone(),
            subnets: site.subnets.clone(),
            load: group.load().cloned(),
            ..GroupSetup::new(group.shown_name(), capacity.min, capacity.max, capacity.desired)
        }
    });
    Setup { groups: groups.collect(), ..initial.clone() }
}

const fn number(reply: Reply) -> Option<u32> {
    match reply {
        Reply::Done => None,
        Reply::Group(number) => Some(number.0),
        Reply::Policy(number) => Some(number.0),
        Reply::Task(number) => Some(number.0),
        Reply::Hook(number) => Some(number.0),
        Reply::Notification(number) => Some(number.0),
        Reply::Activity(number) => Some(number.0),
    }
}
