//! How engine time goes by.

use std::sync::atomic::Ordering;

use asgsim::server::Pace;

use super::{House, Plan};

const START: f64 = 1_600_000_000.0;

fn now(house: &House) -> f64 {
    house.get("/_sim/state").json()["now"].as_f64().unwrap()
}

#[test]
fn paces_are_read_and_written() {
    for text in ["manual", "real", "x60", "x100000"] {
        assert_eq!(text.parse::<Pace>().unwrap().to_string(), text);
    }
    for text in ["", "x", "x0", "x100001", "x-1", "x1.5", "Manual", "60"] {
        let error = text.parse::<Pace>().unwrap_err().to_string();
        assert!(error.starts_with("expected manual, real, or x"), "{text}: {error}");
    }
}

#[test]
fn a_manual_clock_stands_until_it_is_told() {
    let house = House::new();
    house.wall_ms.fetch_add(3_600_000, Ordering::SeqCst);
    assert_eq!(now(&house), START);
    house.post("/_sim/advance?seconds=61", "");
    assert_eq!(now(&house), START + 61.0);
}

#[test]
fn other_clocks_follow_the_wall() {
    for (pace, passed) in [(Pace::Times(1), 90.5), (Pace::Times(60), 5_430.0)] {
        let house = House::with(Plan { pace, ..Plan::default() });
        house.wall_ms.fetch_add(90_500, Ordering::SeqCst);
        assert_eq!(now(&house), START + passed);
        // The wall clock may be set back; the engine's never is.
        house.wall_ms.fetch_sub(40_000, Ordering::SeqCst);
        assert_eq!(now(&house), START + passed);
    }
}

#[test]
fn a_clock_goes_on_from_where_it_is_put() {
    let house = House::with(Plan { pace: Pace::Times(1), ..Plan::default() });
    house.post("/_sim/advance?seconds=3600", "");
    house.wall_ms.fetch_add(10_000, Ordering::SeqCst);
    assert_eq!(now(&house), START + 3_610.0);
    house.post("/_sim/reset", "");
    assert_eq!(now(&house), START);
}

#[test]
fn a_long_absence_is_caught_up_with_a_year_at_a_time() {
    let house = House::with(Plan { pace: Pace::Times(100_000), ..Plan::default() });
    house.wall_ms.fetch_add(86_400_000, Ordering::SeqCst);
    let after = now(&house);
    // What keeps time between calls may have caught up with some more.
    let years = (after - START) / (366.0 * 86_400.0);
    assert!((1.0..=3.0).contains(&years), "{years}");
}
