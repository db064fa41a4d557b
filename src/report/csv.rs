//! The result as CSV files, for spreadsheets (`--csv DIR`). Fields without a value are empty.

use std::io::{self, Write};

use serde::Serialize;

use crate::kernel::{Micro, SimTime};
use crate::report::result::{Run, RunResult};
use crate::report::series::series;

/// A file of the set: its name, and how to write it.
pub type Table = (&'static str, fn(&Run<'_>, &RunResult, &mut dyn Write) -> io::Result<()>);

/// The five files.
pub const TABLES: [Table; 5] = [
    ("timeline.csv", timeline),
    ("activities.csv", activities),
    ("decisions.csv", decisions),
    ("notifications.csv", notifications),
    ("series.csv", series_rows),
];

fn write<T: Serialize>(
    out: &mut dyn Write,
    header: &[&str],
    rows: impl Iterator<Item = T>,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
    writer.write_record(header)?;
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush()
}

fn timeline(_: &Run<'_>, result: &RunResult, out: &mut dyn Write) -> io::Result<()> {
    let header = ["group", "t", "min", "max", "desired", "members", "in_service", "recorded"];
    let rows = result.groups.iter().flat_map(|group| {
        group.timeline.iter().map(move |row| {
            let r = row.row;
            let sizes = (r.min, r.max, r.desired, r.members, r.in_service);
            (&group.name, r.t, sizes, row.recorded.flatten())
        })
    });
    write(out, &header, rows)
}

fn activities(_: &Run<'_>, result: &RunResult, out: &mut dyn Write) -> io::Result<()> {
    let header = [
        "group",
        "id",
        "type",
        "status",
        "error_code",
        "cause",
        "description",
        "msg",
        "t_start",
        "t_end",
        "start_time",
        "end_time",
        "succeeded",
        "failed",
        "origin",
        "origin_name",
        "succ_ins_list",
        "fail_ins_list",
    ];
    let rows = result.groups.iter().flat_map(|group| {
        group.activities.iter().map(move |a| {
            let numbers = (&a.id, a.kind, a.status, a.error_code);
            let words = (&a.cause, &a.description, &a.msg);
            let times = (a.t_start, a.t_end, &a.start_time, a.end_time.as_ref());
            let counts = (a.succ_ins_list.len(), a.fail_ins_list.len());
            // Ids have no blanks; a field of several holds them one after another.
            let lists = (a.succ_ins_list.join(" "), a.fail_ins_list.join(" "));
            (&group.name, numbers, words, times, counts, (a.origin, &a.origin_name), lists)
        })
    });
    write(out, &header, rows)
}

fn decisions(_: &Run<'_>, result: &RunResult, out: &mut dyn Write) -> io::Result<()> {
    let header = [
        "group",
        "t",
        "policy",
        "value",
        "threshold",
        "streak",
        "outcome",
        "desired",
        "unclamped",
        "target",
        "actual",
        "blocked_by",
        "blocker_id",
        "blocked_until",
    ];
    let rows = result.groups.iter().flat_map(|group| {
        group.decisions.iter().map(move |d| {
            let seen = (d.t, &d.policy, d.value, d.threshold, d.streak, d.outcome);
            let t = d.trigger.as_ref();
            let asked = (
                t.map(|t| t.desired),
                t.map(|t| t.unclamped),
                t.map(|t| t.target),
                t.map(|t| t.actual),
            );
            let b = t.and_then(|t| t.blocker.as_ref());
            let blocker = (b.map(|b| b.by), b.and_then(|b| b.id.as_ref()), b.and_then(|b| b.until));
            (&group.name, seen, asked, blocker)
        })
    });
    write(out, &header, rows)
}

fn notifications(_: &Run<'_>, result: &RunResult, out: &mut dyn Write) -> io::Result<()> {
    let header =
        ["group", "t", "kind", "type", "receivers", "activity", "policy", "hook", "instance"];
    let rows = result.groups.iter().flat_map(|group| {
        group.notifications.iter().map(move |n| {
            let what = (n.t, n.kind, n.of_type, n.receivers.join(" "));
            (&group.name, what, (&n.activity, &n.policy, &n.hook, &n.instance))
        })
    });
    write(out, &header, rows)
}

/// A row of `series.csv`: one minute of one group.
type Minute<'a> = (
    &'a str,
    SimTime,
    (Option<f64>, Option<f64>, Option<f64>, Option<f64>, f64, f64),
    (Option<Micro>, Option<Micro>, Option<Micro>, Option<Micro>, Option<Micro>),
);

fn series_rows(run: &Run<'_>, _: &RunResult, out: &mut dyn Write) -> io::Result<()> {
    let header = [
        "group",
        "t",
        "offered",
        "served",
        "capacity",
        "lost",
        "backlog",
        "in_service",
        "cpu_usage",
        "mem_usage",
        "lan_outtraffic",
        "lan_intraffic",
        "recorded",
    ];
    let rows = run.groups.iter().flat_map(|group| {
        let s = series(run, group);
        let count = s.t.len();
        (0..count).filter_map(move |i| {
            let row: Minute<'_> = (
                group.name,
                *s.t.get(i)?,
                (
                    *s.offered.get(i)?,
                    *s.served.get(i)?,
                    *s.capacity.get(i)?,
                    *s.lost.get(i)?,
                    *s.backlog.get(i)?,
                    *s.in_service.get(i)?,
                ),
                (
                    *s.cpu_usage.get(i)?,
                    *s.mem_usage.get(i)?,
                    *s.lan_outtraffic.get(i)?,
                    *s.lan_intraffic.get(i)?,
                    *s.recorded.get(i)?,
                ),
            );
            Some(row)
        })
    });
    write(out, &header, rows)
}
