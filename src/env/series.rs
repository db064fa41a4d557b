//! Series in promtool's compact notation.

use crate::kernel::Micro;

/// The most samples of one series.
pub const SAMPLES_MAX: usize = 5_000_000;

/// Text that is no series. Words are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeriesError {
    /// Nothing but blanks, or only `_x0`.
    #[error("the series has no samples: write values, as in \"100x12 100+50x6 _x3 7\"")]
    Empty,
    /// A word of another form.
    #[error(
        "word {position}, {word:?}, is no sample: write a value, `axn`, `a+bxn`, `a-bxn`, `_` or `_xn`"
    )]
    Malformed {
        /// Which word.
        position: usize,
        /// The word.
        word: String,
    },
    /// A value beyond what a [`Micro`] holds.
    #[error("word {position}, {word:?}, runs out of range: at most about 9.2e12 in size")]
    OutOfRange {
        /// Which word.
        position: usize,
        /// The word.
        word: String,
    },
    /// More than [`SAMPLES_MAX`] samples.
    #[error("word {position}, {word:?}, makes more than {SAMPLES_MAX} samples")]
    TooMany {
        /// Which word.
        position: usize,
        /// The word.
        word: String,
    },
}

/// Words between blanks: `a` is one sample, `axn` is n + 1 times a, `a+bxn` and `a-bxn` are the
/// n + 1 samples from a on in steps of b, `_` is one missing sample and `_xn` are n of them.
///
/// ```
/// use asgsim::{Micro, env::series::parse_compact};
/// let whole = |n| Some(Micro::from_int(n));
/// let series = parse_compact("1+2x2 _ 7x1").unwrap();
/// assert_eq!(series, [whole(1), whole(3), whole(5), None, whole(7), whole(7)]);
/// ```
///
/// # Errors
/// [`SeriesError`] with the word that is wrong; nothing is made of a series above the limit.
pub fn parse_compact(text: &str) -> Result<Vec<Option<Micro>>, SeriesError> {
    let mut samples = Vec::new();
    for (i, word) in text.split_whitespace().enumerate() {
        let (position, shown) = (i + 1, || word.chars().take(60).collect::<String>());
        let run =
            Run::parse(word).ok_or_else(|| SeriesError::Malformed { position, word: shown() })?;
        let count = run.count();
        if count > SAMPLES_MAX.saturating_sub(samples.len()) {
            return Err(SeriesError::TooMany { position, word: shown() });
        }
        for k in 0..count {
            let sample = run.sample(k);
            let out_of_range = || SeriesError::OutOfRange { position, word: shown() };
            samples.push(sample.ok_or_else(out_of_range)?);
        }
    }
    if samples.is_empty() { Err(SeriesError::Empty) } else { Ok(samples) }
}

/// One word.
enum Run {
    Missing(usize),
    Steps { first: Micro, step: Micro, more: usize },
}

impl Run {
    fn parse(word: &str) -> Option<Self> {
        let (head, times) = match word.rsplit_once('x') {
            Some((head, times)) => (head, Some(count(times)?)),
            None => (word, None),
        };
        if head == "_" {
            return Some(Self::Missing(times.unwrap_or(1)));
        }
        if let Ok(first) = Micro::parse(head) {
            return Some(Self::Steps { first, step: Micro::ZERO, more: times.unwrap_or(0) });
        }
        // The sign of the step is the first one that is neither in front nor an exponent's.
        let mut before = 'e';
        let sign = head.char_indices().find(|(_, c)| {
            let found = matches!(c, '+' | '-') && !matches!(before, 'e' | 'E');
            before = *c;
            found
        });
        let (first, step) = head.split_at_checked(sign?.0)?;
        let unsigned = step.get(1..)?;
        if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        let (first, step) = (Micro::parse(first).ok()?, Micro::parse(step).ok()?);
        Some(Self::Steps { first, step, more: times? })
    }

    fn count(&self) -> usize {
        match self {
            Self::Missing(count) => *count,
            Self::Steps { more, .. } => more.saturating_add(1),
        }
    }

    /// Sample `k`; the outer `None` if it is out of range.
    fn sample(&self, k: usize) -> Option<Option<Micro>> {
        match self {
            Self::Missing(_) => Some(None),
            Self::Steps { first, step, .. } => {
                let rise = i128::from(step.millionths()) * i128::try_from(k).ok()?;
                let value = i64::try_from(i128::from(first.millionths()) + rise).ok()?;
                Some(Some(Micro::from_millionths(value)))
            }
        }
    }
}

/// Digits only. More than a `usize` holds is as much as one can hold, so that the limit speaks.
fn count(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX))
}
