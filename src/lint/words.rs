//! Numbers and lists in the sentences of findings.

use crate::env::load::LOAD_MAX;
use crate::kernel::Micro;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn and(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// A figure with at most two decimals, or all six where two would make it the threshold.
pub(super) fn figure(value: Micro, threshold: i64) -> String {
    let hundredths = Micro::ratio(i128::from(value.millionths()), 10_000);
    let short = hundredths.map(|h| Micro::from_millionths(h.millionths().saturating_mul(10_000)));
    match short {
        Some(short) if value == short || short != Micro::from_int(threshold) => short.to_string(),
        _ => value.to_string(),
    }
}

/// One load of a band, and the band itself: `145 (and any from 140.000001 to 149.999998)`.
pub(super) fn load_in(from: i64, to: i64) -> (Micro, String) {
    let at = Micro::from_millionths;
    if to >= LOAD_MAX.millionths() {
        // A load that can be imagined.
        let load = round_within(from, from.saturating_mul(2).saturating_add(1_000_000).min(to));
        return (load, format!("{load} (and any from {} on)", at(from)));
    }
    let load = round_within(from, to);
    match from == to {
        true => (load, load.to_string()),
        false => (load, format!("{load} (and any from {} to {})", at(from), at(to))),
    }
}

/// The number between two, both included, that takes the fewest digits; of several the one
/// nearest to the middle.
fn round_within(from: i64, to: i64) -> Micro {
    let middle = from + (to - from) / 2;
    let mut unit = 1_000_000_000_000_000_i64;
    while unit > 1 {
        let below = middle - middle.rem_euclid(unit);
        let near =
            [below, below.saturating_add(unit)].into_iter().filter(|n| (from..=to).contains(n));
        if let Some(found) = near.min_by_key(|n| (n - middle).abs()) {
            return Micro::from_millionths(found);
        }
        unit /= 10;
    }
    Micro::from_millionths(middle)
}
