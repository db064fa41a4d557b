//! `asgsim serve`: the service's API on a local port.

mod keys;
mod world;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli::Failure;
use crate::cli::output::{write_events, write_to};
use crate::engine::Engine;
use crate::scenario::error::one_line;
use crate::server::SERVICE_HOST;
use crate::server::{Clock, Hosted, Limits, Options, Pace, SelfSigned, Server, Tls, wall_clock};
use world::Origin;

/// Serve the service's API on a local port, on a clock that you control.
///
/// Clients call http://ADDRESS/v2/index.php. Beside it: /_sim/state, /_sim/advance, /_sim/load,
/// /_sim/world, /_sim/events, /_sim/reset, /healthz. Ctrl-C or SIGTERM ends it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  asgsim serve --no-auth
  asgsim serve web.toml --secret-id AKIDtest --secret-key secret --clock x60
  asgsim serve --no-auth --tls self-signed --tls-ca-out ca.pem
    then, for a client that can only speak https to the service's own host:
    https_proxy=http://127.0.0.1:8080 SSL_CERT_FILE=ca.pem python client.py")]
pub(crate) struct Args {
    /// The world at the start, a scenario; its `duration` is no end here, but as long as it says is
    /// synthetic load. Default: an empty world that starts now.
    scenario: Option<String>,
    /// Change a value of the scenario; may be given again.
    #[arg(long, value_name = "PATH=VALUE", requires = "scenario")]
    set: Vec<String>,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How engine time goes by: `manual`, `real`, or `x60` for sixty times as fast.
    #[arg(long, value_name = "CLOCK", default_value_t = Pace::Manual)]
    clock: Pace,
    /// A key's id; also from ASGSIM_SECRET_ID.
    #[arg(long, value_name = "ID", conflicts_with_all = ["keys", "no_auth"])]
    secret_id: Option<String>,
    /// Its secret; also from ASGSIM_SECRET_KEY, where fewer eyes see it.
    #[arg(long, value_name = "KEY", requires = "secret_id", value_parser = keys::secret)]
    secret_key: Option<crate::api::keys::Secret>,
    /// Keys from a file of [[key]] tables: secret_id, secret_key, account (default: that of the scenario).
    #[arg(long, value_name = "FILE", conflicts_with = "no_auth")]
    keys: Option<PathBuf>,
    /// Let everybody in: neither keys nor signatures are looked at.
    #[arg(long)]
    no_auth: bool,
    /// A project that there is besides 0 and that of the scenario; may be given again. Default: whatever
    /// number a request names is one.
    #[arg(long, value_name = "ID")]
    project: Vec<u32>,
    /// Serve TLS on the same port, with a certificate made now for the service's host and loopback.
    #[arg(long, value_enum, value_name = "KIND", conflicts_with = "tls_cert")]
    tls: Option<TlsKind>,
    /// Where to write the certificate that clients are to trust. Default: in the temporary folder.
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_ca_out: Option<PathBuf>,
    /// Serve TLS on the same port, with this certificate (PEM, the whole chain).
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Answer calls of the service over TLS only, others with code 4600.
    #[arg(long)]
    https_only: bool,
    /// The most connections at one time.
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections,
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=10_000))]
    connections: usize,
    /// Signed requests that are remembered, so that none is served twice; the oldest are forgotten first.
    #[arg(long, value_name = "N", default_value_t = 100_000,
        value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1_000_000))]
    remember: usize,
    /// Write the event log when it ends.
    #[arg(long, value_name = "FILE")]
    events: Option<String>,
    /// Save the state when it ends, to go on from with --restore.
    #[arg(long, value_name = "FILE")]
    save: Option<String>,
    /// Go on from a saved state.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "set"])]
    restore: Option<String>,
}

/// Where a certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TlsKind {
    /// Made for this launch.
    SelfSigned,
}

/// Runs the subcommand.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let wall = wall_clock();
    let (origin, engine) = Origin::open(args, wall.now())?;
    let mut api = keys::api(args, origin.region()?)?;
    if !args.project.is_empty() {
        api.projects = args.project.iter().copied().chain([origin.setup().project]).collect();
    }
    let setup = origin.setup().clone();
    let clock = Clock::new(args.clock, wall.clone(), engine.now());
    let world = Hosted::going_on(setup, engine, clock, api);
    let tls = match (args.tls, &args.tls_cert, &args.tls_key) {
        (Some(TlsKind::SelfSigned), ..) => Some(self_signed(args, wall.now())?),
        (None, Some(certificate), Some(key)) => Some(from_files(certificate, key)?),
        _ => None,
    };
    if args.https_only && tls.is_none() {
        let message = "--https-only: there is no HTTPS without --tls or --tls-cert";
        return Err(Failure::Input(String::from(message)));
    }
    warn(args);
    let limits = Limits { connections: args.connections, ..Limits::default() };
    let options = Options { listen: args.listen, tls, https_only: args.https_only, limits };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Run(error.to_string()))?;
    let engine = runtime.block_on(serve(options, world))?;
    runtime.shutdown_background();
    finish(args, &origin, &engine)
}

/// Serves until the process is told to stop.
async fn serve(options: Options, world: Hosted) -> Result<Engine, Failure> {
    let (listen, has_tls) = (options.listen, options.tls.is_some());
    // Before anybody is told that it listens, so that it can be stopped from then on.
    let mut signals = Signals::listen().map_err(|error| Failure::Run(error.to_string()))?;
    let server = Server::start(options, world).await;
    let server = server.map_err(|error| Failure::Run(format!("{listen}: {error}")))?;
    let address = server.address;
    let also = if has_tls { " and https" } else { "" };
    say(&format!("listening on http://{address}{also}"));
    if has_tls {
        say(&format!("tunnels to {SERVICE_HOST}: https_proxy=http://{address}"));
    }
    signals.next().await;
    say("stopping");
    tokio::select! {
        engine = server.stop() => Ok(engine),
        () = signals.next() => {
            Err(Failure::Run(String::from("told to stop a second time: nothing is written")))
        }
    }
}

/// Ways to tell the process to stop.
struct Signals {
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// From now on they do not end the process.
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupted = signal(SignalKind::interrupt())?;
        Ok(Self { interrupted, terminated: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    const fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Writes what was asked for.
fn finish(args: &Args, origin: &Origin, engine: &Engine) -> Result<(), Failure> {
    if let Some(path) = &args.events {
        write_to(path, |out| write_events(engine, out))?;
    }
    if let Some(path) = &args.save {
        write_to(path, |out| origin.write(engine, out))?;
    }
    Ok(())
}

/// A line for people, on stderr: stdout may be asked to carry data.
fn say(line: &str) {
    // Nobody is left to tell where stderr is gone.
    let _ = writeln!(std::io::stderr(), "asgsim: {}", one_line(line, 1_000));
}

fn warn(args: &Args) {
    if args.listen.ip().is_loopback() {
        return;
    }
    say(match args.no_auth {
        true => "warning: whoever reaches this address may call the service, and /_sim: --no-auth",
        false => "warning: whoever reaches this address may use /_sim, which asks for no key",
    });
}

fn self_signed(args: &Args, now: crate::SimTime) -> Result<Tls, Failure> {
    let made = SelfSigned::make(now, &[args.listen.ip()]);
    let made = made.map_err(|error| Failure::Run(error.to_string()))?;
    let path = args.tls_ca_out.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("asgsim-ca-{}.pem", std::process::id()))
    });
    std::fs::write(&path, &made.ca_pem)
        .map_err(|error| Failure::Run(format!("{}: {error}", path.display())))?;
    say(&format!("clients are to trust {0}: SSL_CERT_FILE={0}", path.display()));
    Ok(made.tls)
}

fn from_files(certificate: &Path, key: &Path) -> Result<Tls, Failure> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
    };
    let tls = Tls::from_pem(&read(certificate)?, &read(key)?);
    tls.map_err(|error| Failure::Input(error.to_string()))
}
