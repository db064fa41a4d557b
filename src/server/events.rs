//! The event log as it grows: server-sent events.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;

use super::hosted::{Cursor, Hosted};
use super::house::House;
use super::listen::has_stopped;
use super::problem::Problem;

/// Lines that are fetched at one time.
const LINES_MAX: usize = 1_000;

/// A reader of the log.
struct Reader {
    house: Arc<House>,
    cursor: Cursor,
    ready: VecDeque<Event>,
    changes: watch::Receiver<()>,
}

/// `GET /_sim/events`: every line of the log from the start, or with `since=now` those that come,
/// and then each as it is written; `event: reset` where the world starts anew.
pub(super) async fn stream(
    State(house): State<Arc<House>>,
    uri: Uri,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let query = Query::<BTreeMap<String, String>>::try_from_uri(&uri);
    let Query(query) = query.map_err(|error| Problem::bad(error.body_text()))?;
    let since = match query.get("since").map(String::as_str) {
        None | Some("start") => house.look(|world| Cursor::start(world.lives)),
        Some("now") => return Ok(reader(&house, house.look(|world| world.end_of_log()).await?)),
        Some(_) => return Err(Problem::bad("`since` is `start` or `now`")),
    };
    Ok(reader(&house, since.await?))
}

fn reader(
    house: &Arc<House>,
    cursor: Cursor,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let reader = Reader {
        cursor,
        ready: VecDeque::new(),
        changes: house.changes(),
        house: Arc::clone(house),
    };
    Sse::new(unfold(reader, |mut reader| async {
        let event = reader.next().await?;
        Some((Ok(event), reader))
    }))
}

impl Reader {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if *self.house.stopped.borrow() {
                return None;
            }
            // Before looking, so that no change is missed.
            self.changes.borrow_and_update();
            self.fetch().await?;
            if self.ready.is_empty() {
                tokio::select! {
                    changed = self.changes.changed() => changed.ok()?,
                    () = has_stopped(&self.house.stopped) => return None,
                }
            }
        }
    }

    async fn fetch(&mut self) -> Option<()> {
        let mut cursor = self.cursor.clone();
        let fetch = move |world: &mut Hosted| {
            let reborn = cursor.life != world.lives;
            if reborn {
                cursor = Cursor::start(world.lives);
            }
            let lines = world.lines(&mut cursor, LINES_MAX);
            (cursor, reborn, lines)
        };
        let (cursor, reborn, lines) = self.house.look(fetch).await.ok()?;
        self.cursor = cursor;
        if reborn {
            self.ready.push_back(Event::default().event("reset").data("{}"));
        }
        self.ready.extend(lines.into_iter().map(|line| Event::default().data(line)));
        Some(())
    }
}
