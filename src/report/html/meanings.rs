//! What the figures of a summary mean, in a sentence each.

/// Figure, then meaning. The figures are named as [`crate::report::text`] names them.
const MEANINGS: [(&str, &str); 19] = [
    ("instance hours", "Time of all instances together, from the end of creation to release."),
    ("cost", "Instance hours at the tariff's price, as it rounds them."),
    (
        "SLO broken",
        "Minutes in which more work was dropped or left waiting than allowed, or the mean \
         utilisation of capacity was above the target.",
    ),
    ("load lost", "Share of the offered work that was dropped."),
    ("utilisation mean", "CPU of the instances in service: the mean of all minutes that have one."),
    ("utilisation p95", "CPU of the instances in service: 95 % of the minutes are at or below it."),
    (
        "headroom min",
        "The least share of capacity that a minute left over; below 0 where more was offered than \
         could be served.",
    ),
    ("estimated response", "Mean response time, estimated from the utilisation; not measured."),
    ("scale out / in", "Activities that began to add instances, and to remove them."),
    (
        "flaps",
        "Activities that went the other way than the one before, at most 30 minutes after its end.",
    ),
    (
        "refused busy / cooldown",
        "Triggers that did nothing because an activity was under way, or because of a cooldown.",
    ),
    (
        "time too few / too many",
        "Share of time with fewer instances in service than the load needed at the target \
         utilisation, and with more.",
    ),
    (
        "pinned at min / max",
        "Time with the desired capacity at the group's minimum, and at its maximum.",
    ),
    (
        "recoveries, median",
        "Times the promise was broken and kept again for three minutes, and the median length \
         of such a time.",
    ),
    (
        "reaction / provisioning",
        "Median time from the begin of a breach until a scale-out is at work, and median length \
         of scale-outs.",
    ),
    ("recorded hours", "Instance hours of the group as it was recorded."),
    ("recorded cost", "What the recorded instances would have cost by the same tariff."),
    (
        "above 95 % recorded",
        "Minutes with a recorded utilisation so high that part of the demand may be hidden.",
    ),
    ("load unknown", "Minutes for which the trace has no value."),
];

/// What a figure means; nothing for one that is not known here.
pub fn meaning(figure: &str) -> &'static str {
    MEANINGS.iter().find(|(name, _)| *name == figure).map_or("", |(_, meaning)| meaning)
}
