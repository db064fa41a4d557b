//! `POST /_sim/load`: what a group's load is from now on.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;

use super::hosted::Hosted;
use super::house::House;
use super::problem::Problem;
use super::sim::{Done, object};
use crate::engine::Request;
use crate::engine::command::Command;
use crate::kernel::Micro;
use crate::model::policy::Dimension;
use crate::scenario::value::Span;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// The group's name or id.
    group: String,
    /// The metric; absent for the demand of a group that has one.
    metric: Option<Dimension>,
    /// The value; null for none at all.
    value: Option<Micro>,
    /// For how long; absent for ever.
    r#for: Option<Span>,
}

/// Sets the load of a group.
pub(super) async fn set(
    State(house): State<Arc<House>>,
    body: Body,
) -> Result<Json<Done>, Problem> {
    let table = object(&house, body).await?;
    if !table.contains_key("value") {
        return Err(Problem::bad("`value` is missing: a number, or null for no measurement"));
    }
    let table = serde_json::from_value(Value::Object(table));
    let table: Table = table.map_err(|error| Problem::bad(error.to_string()))?;
    let work = move |world: &mut Hosted| {
        let Table { group, metric, value, r#for } = table;
        world.apply(|world| {
            let length = r#for.map(|span| span.0);
            let command = Command::SetLoad { metric, value, length };
            Ok(Request::Group(world.group(&group)?, command))
        })?;
        Ok(Done::of(world, None))
    };
    house.work(work).await?
}
