//! A run, or two compared, as one page that needs nothing else: open it from disk, zoom, hover, sort, print.
//!
//! The page carries the plot library, its own few hundred lines of script, and the run's data. Data
//! and library are deflated and written in Base64: browsers undo that by themselves, a year of
//! minutes fits in a few megabytes, and nothing that a file says can end up as markup.

mod bands;
mod document;
mod meanings;
mod packed;
mod page;

use std::io::{self, BufWriter, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

pub use document::{Document, SCHEMA};
pub use page::{Page, Source};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const PLOT: &str = include_str!("plot.js");
const SCRIPT: &str = include_str!("script.js");

/// Writes a page. The same runs of the same sources give the same bytes.
///
/// # Errors
/// Those of the writer.
pub fn write(document: &Document<'_>, out: &mut dyn Write) -> io::Result<()> {
    let library = library();
    let mut rest = PAGE;
    while let Some((before, name, after)) = next_slot(rest) {
        out.write_all(before.as_bytes())?;
        match name {
            "title" => out.write_all(escaped(&document.title()).as_bytes())?,
            "style" => out.write_all(STYLE.as_bytes())?,
            "notice" => out.write_all(escaped(notice(&library)).as_bytes())?,
            "library" => {
                out.write_all(deflated(|to| to.write_all(library.as_bytes()))?.as_bytes())?
            }
            "data" => {
                let data =
                    deflated(|to| serde_json::to_writer(to, document).map_err(io::Error::from))?;
                out.write_all(data.as_bytes())?;
            }
            "plot" => out.write_all(PLOT.as_bytes())?,
            _ => out.write_all(SCRIPT.as_bytes())?,
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// What stands before the next `{{name}}`, the name, and what stands after it.
fn next_slot(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name, after))
}

/// The script of the plot library, with its licence notice, out of the crate that ships it. That
/// crate hands it out as elements of a page, this one first and MathJax, which we do not need, after.
fn library() -> String {
    let elements = plotly::Plot::offline_js_sources();
    let first = elements.split_once("</script>").map_or("", |(first, _)| first);
    first.split_once('>').map_or("", |(_, script)| script).to_owned()
}

/// The comment at the head of the library: whose it is, and under which licence.
fn notice(library: &str) -> &str {
    library.split_once("*/").map_or("", |(head, _)| head.trim_start_matches("/**"))
}

/// Deflated, with the frame that browsers call `deflate`, and in Base64.
fn deflated(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    // Numbers come one by one, and the encoder has to prepare itself for each piece it is given.
    let mut pieces = BufWriter::with_capacity(1 << 16, encoder);
    write(&mut pieces)?;
    let encoder = pieces.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(STANDARD.encode(encoder.finish()?))
}

/// How hard to look for repetitions, 0 to 9: more than this costs more time than it saves bytes.
const LEVEL: u32 = 4;

/// A text as HTML shows it.
fn escaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => all.push_str("&lt;"),
            '>' => all.push_str("&gt;"),
            '&' => all.push_str("&amp;"),
            '"' => all.push_str("&quot;"),
            '\'' => all.push_str("&#39;"),
            c if c.is_control() && c != '\n' => all.push('\u{fffd}'),
            c => all.push(c),
        }
    }
    all
}
