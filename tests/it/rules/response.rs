//! 11.5: the estimate of response time.

use asgsim::report::response::response_time_s;

#[track_caller]
fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < expected * 1e-9, "{found}, expected {expected}");
}

#[test]
fn r_11_5_one_server_is_the_textbooks_queue() {
    // 1 / (service rate - arrival rate).
    for (offered, expected) in [(1.0, 1.0 / 9.0), (5.0, 0.2), (9.0, 1.0)] {
        close(response_time_s(offered, 10.0, 1, 0.0), expected);
    }
}

#[test]
fn r_11_5_more_servers_wait_less() {
    // Two servers at half load: the chance to wait is 1/3, so the wait is 1/3 / (2 - 1).
    close(response_time_s(1.0, 1.0, 2, 0.0), 1.0 + 1.0 / 3.0);
    // Three at two thirds: 4/9 / (3 - 2).
    close(response_time_s(2.0, 1.0, 3, 0.0), 1.0 + 4.0 / 9.0);
    // A hundred at half load hardly wait at all.
    close(response_time_s(50.0, 1.0, 100, 0.0), 1.0);
}

#[test]
fn r_11_5_above_95_per_cent_it_stands_still_and_a_backlog_comes_on_top() {
    let at_95 = response_time_s(9.5, 10.0, 1, 0.0).unwrap();
    close(Some(at_95), 2.0);
    for offered in [9.6, 10.0, 50.0] {
        close(response_time_s(offered, 10.0, 1, 0.0), at_95);
    }
    close(response_time_s(50.0, 10.0, 1, 30.0), at_95 + 3.0);
}

#[test]
fn r_11_5_without_servers_or_work_there_is_nothing_to_say() {
    assert_eq!(response_time_s(5.0, 10.0, 0, 0.0), None);
    assert_eq!(response_time_s(0.0, 10.0, 1, 0.0), None);
}
