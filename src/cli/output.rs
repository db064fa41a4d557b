//! Where results go: files, stdout, and one line of error on stderr.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use crate::cli::Failure;
use crate::scenario::error::one_line;

/// The longest error that is shown, in characters.
const MESSAGE_MAX: usize = 3_000;

/// Prints an error and gives the exit status.
pub(crate) fn fail(message: &str, status: u8) -> ExitCode {
    tell(message);
    ExitCode::from(status)
}

/// Prints an error.
pub(crate) fn tell(message: &str) {
    let message = one_line(message, MESSAGE_MAX);
    // Nothing is left to tell if stderr is gone too.
    let _ = writeln!(io::stderr(), "asgsim: error: {message}");
}

/// Writes a file, or stdout for `-`.
pub(crate) fn write_to(
    target: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let done = |mut out: BufWriter<Box<dyn Write>>| {
        write(&mut out)?;
        out.flush()
    };
    let result = match target {
        "-" => done(BufWriter::new(Box::new(io::stdout().lock()))),
        path => File::create(path).and_then(|file| done(BufWriter::new(Box::new(file)))),
    };
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe if target == "-" => Failure::ClosedPipe,
        _ => Failure::Run(format!("{}: {error}", if target == "-" { "stdout" } else { target })),
    })
}

/// How wide text on stdout may be: the terminal, within reason; 80 in a pipe.
pub(crate) fn width() -> u16 {
    match terminal_size::terminal_size() {
        Some((terminal_size::Width(width), _)) => width.clamp(40, 200),
        None => 80,
    }
}
