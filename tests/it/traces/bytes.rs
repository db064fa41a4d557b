//! No input makes the readers panic, and what they accept is in order.

use asgsim::env::csv::{CsvError, Duplicates, Loaded, Options, read};
use asgsim::env::series::parse_compact;
use asgsim::env::trace::Gaps;
use asgsim::{SimDuration, SimTime};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::utc;

/// Text that a trace is made of, and text that it is not made of.
const PIECES: [&str; 44] = [
    "time",
    "value",
    "1",
    "41.5",
    "-1",
    "1e5",
    "1e-5",
    "1e99",
    "9999999999999",
    "41,5",
    "NaN",
    "inf",
    "%",
    "1700000100",
    "1700000100000",
    "1700000100000000000",
    "0",
    "300",
    "2023-11-14",
    "14.11.2023",
    "02/03/2014",
    "13/03/2014",
    "9999-12-31",
    "0000-00-00",
    " 22:15:00",
    "T22:15",
    "T24:00:60.",
    "Z",
    "+08:00",
    "+99:99",
    "-",
    ",",
    ";",
    "\t",
    "\"",
    "\"\"",
    "\r",
    "\n",
    "\r\n",
    "#",
    "sep=;",
    "\u{FEFF}",
    "é",
    "x",
];

fn options() -> impl Strategy<Value = Options> {
    let gaps = select(vec![Gaps::Missing, Gaps::Hold, Gaps::Interpolate, Gaps::Zero]);
    let duplicates = select(vec![Duplicates::Last, Duplicates::Mean, Duplicates::Error]);
    let interval = select(vec![None, Some(SimDuration::from_ms(1)), Some(SimDuration::MINUTE)]);
    let start = select(vec![None, Some(SimTime::MIN), Some(SimTime::from_unix_s(1_700_000_000))]);
    let value = select(vec![None, Some("value".to_owned()), Some("2".to_owned())]);
    (gaps, duplicates, interval, start, value, any::<bool>()).prop_map(
        |(gaps, duplicates, interval, start, value, repeat)| Options {
            gaps,
            duplicates,
            interval,
            start,
            value,
            repeat,
            ..utc()
        },
    )
}

fn hold(result: Result<Loaded, CsvError>) -> Result<(), TestCaseError> {
    match result {
        Ok(loaded) => {
            let stats = loaded.stats;
            prop_assert!(stats.values > 0 && stats.values <= stats.rows);
            prop_assert!(stats.min <= stats.max && loaded.first <= loaded.last);
            prop_assert!(loaded.trace.span().is_some());
        }
        Err(error) => {
            let text = error.to_string();
            prop_assert!(
                text.contains("line ") || text.contains("column ") || text.contains("above 0")
            );
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn random_bytes(bytes in vec(any::<u8>(), 0..200), options in options()) {
        hold(read(&bytes, &options))?;
    }

    #[test]
    fn random_pieces(pieces in vec(select(&PIECES[..]), 0..40), options in options()) {
        hold(read(pieces.concat().as_bytes(), &options))?;
    }

    /// A good file with some bytes changed, left out or put in.
    #[test]
    fn mutated_files(
        changes in vec((any::<Index>(), 0..3_u8, select(&PIECES[..]), any::<u8>()), 1..6),
        options in options(),
    ) {
        let mut file = b"time,value,label\r\n2023-11-14T22:15:00Z,41.5,0\r\n\"2023-11-14T22:20:00Z\",\"42\",1\r\n2023-11-14T22:25:00Z,,0\r\n2023-11-14T22:45:00Z,44,0\r\n".to_vec();
        for (place, kind, piece, byte) in changes {
            let at = place.index(file.len());
            match kind {
                0 => file[at] = byte,
                1 => drop(file.drain(at..(at + 3).min(file.len()))),
                _ => drop(file.splice(at..at, piece.bytes())),
            }
            if file.is_empty() {
                break;
            }
        }
        hold(read(&file, &options))?;
    }

    #[test]
    fn compact_series_never_panic(text in "[0-9x+_. e-]{0,12}") {
        prop_assume!(!text.contains("x99999"));
        let _ = parse_compact(&text);
    }
}
