//! How long work takes, by queueing theory: an approximation, only where it is asked for
//! (SEMANTICS 11.5).

/// The share of capacity up to which the formula is used; above it waits grow without bound.
const LOAD_MAX: f64 = 0.95;

/// The mean time in seconds from the arrival of a unit of work to its end, if units come at random
/// at `offered` per second and each of `servers` instances serves `per_instance` of them per
/// second, one after another: Erlang's C over all servers. Above 95 % of capacity the value at 95 %
/// stands. Work that waits already (`backlog`, units) takes its share of the whole capacity on
/// top. `None` without capacity or with nothing offered.
///
/// ```
/// use asgsim::report::response::response_time_s;
/// // One server at half load: 1 / (10 - 5).
/// assert_eq!(response_time_s(5.0, 10.0, 1, 0.0), Some(0.2));
/// ```
pub fn response_time_s(offered: f64, per_instance: f64, servers: u32, backlog: f64) -> Option<f64> {
    let capacity = per_instance * f64::from(servers);
    if capacity <= 0.0 || offered <= 0.0 {
        return None;
    }
    let load = (offered / capacity).min(LOAD_MAX);
    let wait = erlang_c(servers, load) / (capacity * (1.0 - load));
    Some(1.0 / per_instance + wait + backlog / capacity)
}

/// The probability that a unit has to wait, with so many servers at that share of their capacity.
fn erlang_c(servers: u32, load: f64) -> f64 {
    // Erlang's B by its recursion, which neither overflows nor loses digits; then C from B.
    let offered = load * f64::from(servers);
    let b = (1..=servers).fold(1.0, |b, n| offered * b / (f64::from(n) + offered * b));
    b / (1.0 - load * (1.0 - b))
}
