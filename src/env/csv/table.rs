//! The file as rows of fields: encoding, delimiter, header, limits. The syntax is the csv crate's.

use std::io;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::clock::Civil;
use super::error::{Columns, CsvError};
use super::{FIELDS_MAX, ROW_BYTES_MAX, number};

/// Rows that are looked at to tell numbers from text.
const PROBED_ROWS: usize = 50;

/// Bytes that the reader takes at a time.
const BUFFER: usize = 1 << 16;

/// A file whose delimiter and columns are known.
#[derive(Debug)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    /// Where the rows begin, behind a byte-order mark and a `sep=` line.
    origin: usize,
    pub delimiter: u8,
    pub has_header: bool,
    /// Names; numbers from 1 on without a header.
    pub columns: Vec<String>,
}

/// Hands the reader at most a budget of bytes, so that no row can grow without bound.
struct Budget<'a> {
    rest: &'a [u8],
    left: usize,
}

impl io::Read for Budget<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.rest.is_empty() {
            return Err(io::Error::other("the row is too long"));
        }
        let most = buffer.len().min(self.left);
        let (now, later) = self.rest.split_at_checked(most).unwrap_or((self.rest, &[]));
        let mut source = now;
        let taken = io::Read::read(&mut source, buffer)?;
        self.rest = later;
        self.left -= taken;
        Ok(taken)
    }
}

/// Walks over the rows, header included.
pub(super) struct Rows<'t, 'a> {
    table: &'t Table<'a>,
    reader: Reader<Budget<'a>>,
    record: ByteRecord,
}

impl<'a> Table<'a> {
    /// Finds delimiter, header and columns. `wanted` is the name of the value column, if given:
    /// a first row that holds it is a header even if its other names are numbers.
    pub fn open(bytes: &'a [u8], wanted: Option<&str>) -> Result<Self, CsvError> {
        let head = bytes.get(..64).unwrap_or(bytes);
        let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        if utf16 || head.contains(&0) {
            return Err(CsvError::Encoding);
        }
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut lines = text.split(|b| *b == b'\n' || *b == b'\r');
        let named = lines.next().and_then(sep_line);
        let (rows, delimiter) = match named {
            Some((length, delimiter)) => (text.get(length..).unwrap_or_default(), delimiter),
            None => (text, first_line(text).map_or(b',', guess_delimiter)),
        };
        let origin = bytes.len() - rows.len();
        let mut table = Self { bytes, origin, delimiter, has_header: false, columns: Vec::new() };
        let first = {
            let mut rows = table.rows();
            if !rows.advance()? {
                return Err(CsvError::Empty);
            }
            (0..rows.len()).map(|i| rows.field(i).into_owned()).collect::<Vec<_>>()
        };
        table.has_header = is_header(&first, wanted, table.decimal_comma());
        table.columns = match table.has_header {
            true => first,
            false => (1..=first.len()).map(|i| i.to_string()).collect(),
        };
        Ok(table)
    }

    /// Whether `41,5` is a number here.
    pub const fn decimal_comma(&self) -> bool {
        self.delimiter == b';'
    }

    /// All rows from the first on.
    pub fn rows(&self) -> Rows<'_, 'a> {
        let rest = self.bytes.get(self.origin..).unwrap_or_default();
        let reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .buffer_capacity(BUFFER)
            .from_reader(Budget { rest, left: 0 });
        Rows { table: self, reader, record: ByteRecord::new() }
    }

    /// The rows of data.
    pub fn data(&self) -> Result<Rows<'_, 'a>, CsvError> {
        let mut rows = self.rows();
        if self.has_header {
            rows.advance()?;
        }
        Ok(rows)
    }

    /// The columns for a message.
    pub fn list(&self) -> Columns {
        Columns(self.columns.clone())
    }

    /// The line on which a row begins that starts at or after `byte`, counted from the first row.
    pub fn line(&self, byte: u64) -> u64 {
        self.line_of(self.row_start(byte))
    }

    /// The line of the header, or of the first row.
    pub fn first_line(&self) -> u64 {
        self.line(0)
    }

    /// An empty line between two rows of data.
    pub fn empty_line(&self) -> Result<Option<u64>, CsvError> {
        let mut data = self.data()?;
        if !data.advance()? {
            return Ok(None);
        }
        let rows = self.bytes.trim_ascii_end();
        let is_break = |b: &u8| matches!(b, b'\r' | b'\n');
        let mut at = self.row_start(data.byte());
        while let Some(rest) = rows.get(at..).filter(|rest| !rest.is_empty()) {
            let length = rest.iter().position(is_break).unwrap_or(rest.len());
            if length == 0 {
                return Ok(Some(self.line_of(at)));
            }
            let crlf = rest.get(length..length + 2) == Some(b"\r\n");
            at += length + if crlf { 2 } else { 1 };
        }
        Ok(None)
    }

    /// Where the text of the row begins that the reader starts to look for at `byte`: it passes
    /// over empty lines and comments on its way.
    fn row_start(&self, byte: u64) -> usize {
        let mut at = self.origin.saturating_add(usize::try_from(byte).unwrap_or(usize::MAX));
        loop {
            match self.bytes.get(at) {
                Some(b'\r' | b'\n') => at += 1,
                Some(b'#') => {
                    let rest = self.bytes.get(at..).unwrap_or_default();
                    let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n'));
                    at += end.unwrap_or(rest.len());
                }
                _ => return at,
            }
        }
    }

    /// The line of a byte of the file; lines end with LF, CR LF or CR.
    fn line_of(&self, at: usize) -> u64 {
        let before = self.bytes.get(..at).unwrap_or(self.bytes);
        let next = before.iter().skip(1).chain(self.bytes.get(at));
        let ends = before.iter().zip(next);
        let ends = ends.filter(|(b, next)| **b == b'\n' || (**b == b'\r' && **next != b'\n'));
        1 + ends.count() as u64
    }

    /// The place of the only column of that name: exactly so, or whatever the case.
    pub fn find(&self, key: &'static str, wanted: &str) -> Result<usize, CsvError> {
        let places = |same: fn(&str, &str) -> bool| {
            let all = self.columns.iter().enumerate();
            all.filter(|(_, name)| same(name, wanted)).map(|(i, _)| i).collect::<Vec<_>>()
        };
        let exact = places(|a, b| a == b);
        let found = if exact.is_empty() { places(same_name) } else { exact };
        let (line, wanted, columns) = (self.first_line(), wanted.to_owned(), self.list());
        match found.as_slice() {
            [place] => Ok(*place),
            [] => Err(CsvError::NoColumn { line, key, wanted, columns }),
            _ => Err(CsvError::RepeatedColumn { line, wanted, found: found.len(), columns }),
        }
    }

    /// The first rows of data, for a look at what the columns hold.
    pub fn probe(&self) -> Result<Vec<Vec<String>>, CsvError> {
        let mut rows = self.data()?;
        let mut seen = Vec::new();
        while seen.len() < PROBED_ROWS && rows.advance()? {
            seen.push((0..rows.len()).map(|i| rows.field(i).into_owned()).collect());
        }
        Ok(seen)
    }
}

impl Rows<'_, '_> {
    /// Goes to the next row; `false` at the end.
    pub fn advance(&mut self) -> Result<bool, CsvError> {
        // A buffer more, for delimiters and quotation marks: the exact bound is below.
        self.reader.get_mut().left = ROW_BYTES_MAX + BUFFER;
        let start = self.reader.position().byte();
        // The only thing that can fail is the budget: rows may differ in length, bytes are bytes.
        let more = self.reader.read_byte_record(&mut self.record);
        let too_long = || CsvError::RowTooLong { line: self.table.line(start) };
        let more = more.map_err(|_| too_long())?;
        if self.record.as_slice().len() > ROW_BYTES_MAX {
            return Err(too_long());
        }
        if self.record.len() > FIELDS_MAX {
            let line = self.line();
            return Err(CsvError::TooManyFields { line, found: self.record.len() });
        }
        Ok(more)
    }

    /// Fields of the row.
    pub fn len(&self) -> usize {
        self.record.len()
    }

    /// One field without blanks around it; empty if there is none.
    pub fn field(&self, place: usize) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.record.get(place).unwrap_or_default().trim_ascii())
    }

    /// Whether the row has no text at all.
    pub fn is_blank(&self) -> bool {
        self.record.iter().all(|field| field.trim_ascii().is_empty())
    }

    /// Whether a quoted field goes over a line's end.
    pub fn has_break(&self) -> bool {
        self.record.as_slice().contains(&b'\n')
    }

    /// Where the row begins, in bytes from the first row.
    pub fn byte(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::byte)
    }

    /// The line on which the row begins.
    pub fn line(&self) -> u64 {
        self.table.line(self.byte())
    }

    /// Refuses a row that is longer or shorter than the first; empty fields at its end are no
    /// harm.
    pub fn check_length(&self) -> Result<(), CsvError> {
        let (found, expected) = (self.len(), self.table.columns.len());
        let mut extra = self.record.iter().skip(expected);
        if found < expected || extra.any(|field| !field.trim_ascii().is_empty()) {
            return Err(CsvError::RowLength { line: self.line(), found, expected });
        }
        Ok(())
    }
}

/// Names are the same whatever their case.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// A `sep=;` line: its length with its end, and the delimiter.
fn sep_line(line: &[u8]) -> Option<(usize, u8)> {
    let unquoted = line.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(line);
    match unquoted {
        // What is left of the line end is an empty line, which the reader passes over.
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter @ (b',' | b';' | b'\t')] => {
            Some((line.len(), *delimiter))
        }
        _ => None,
    }
}

/// The first line that is neither empty nor a comment.
fn first_line(text: &[u8]) -> Option<&[u8]> {
    let mut lines = text.split(|b| *b == b'\n' || *b == b'\r');
    lines.find(|line| !line.trim_ascii().is_empty() && !line.starts_with(b"#"))
}

/// A tab if there is one; a semicolon unless there are more commas that are no decimal commas.
fn guess_delimiter(line: &[u8]) -> u8 {
    let mut quoted = false;
    let (mut tabs, mut semicolons, mut commas) = (0, 0, 0);
    let before = b" ".iter().chain(line);
    let after = line.iter().skip(1).chain(b" ");
    for ((before, byte), after) in before.zip(line).zip(after) {
        match byte {
            b'"' => quoted = !quoted,
            b'\t' if !quoted => tabs += 1,
            b';' if !quoted => semicolons += 1,
            b',' if quoted || (before.is_ascii_digit() && after.is_ascii_digit()) => {}
            b',' => commas += 1,
            _ => {}
        }
    }
    match (tabs, semicolons) {
        (1.., _) => b'\t',
        (_, 1..) if semicolons >= commas => b';',
        _ => b',',
    }
}

/// A first row with a number or a time in it is no header, unless it holds the name that is asked
/// for beside some text.
fn is_header(first: &[String], wanted: Option<&str>, decimal_comma: bool) -> bool {
    let is_number = |s: &str| matches!(number::parse(s, decimal_comma), Ok(Some(_)));
    let is_data = |s: &String| is_number(s) || Civil::scan(s).is_some();
    let is_text = |s: &String| !is_data(s) && !number::is_missing(s);
    let is_named = wanted.is_some_and(|wanted| first.iter().any(|s| same_name(s, wanted)));
    !first.iter().any(is_data) || (is_named && first.iter().any(is_text))
}
