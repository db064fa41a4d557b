//! The check figures of the public traces (`shared/traces/README.md`, "Numbers to test a loader
//! against"), computed there by another program.

use std::path::PathBuf;

use asgsim::env::csv::{Loaded, Options, read};
use asgsim::{SimDuration, SimTime, UtcOffset};

/// File, column, rows, distinct times, slots, missing, off the grid, min, mean, max.
/// `-` is "the file has no times"; missing slots cannot be seen there either.
const FIGURES: &str = "
nab_grok_asg_anomaly                 value        4621  4621  4621  0  0  0            27.68472344  45.6229
nab_cpu_utilization_asg_misconfiguration value    18050 18050 18050 0  0  11.529       38.28275605  100
nab_elb_request_count_8c0756         value        4032  4032  4040  8  0  1            61.83705357  656
nab_ec2_cpu_utilization_ac20cd       value        4032  4032  4037  5  0  2.464        40.98508519  99.742
nab_ec2_cpu_utilization_fe7f93       value        4032  4032  4032  0  0  1.8          5.77896379   99.668
nab_rds_cpu_utilization_cc0c53       value        4032  4032  4033  1  0  5.19         8.112208524  25.1033
nab_ec2_network_in_5abac7            value        4730  4719  4730  12 12 42           118714.6428  8285420
nab_nyc_taxi                         value        10320 10320 10320 0  0  8            15137.56938  39197
nab_twitter_volume_aapl              value        15902 15902 15902 0  0  0            85.55232046  13479
ms_mongo-01                          Value        15840 15840 15840 0  0  1398.033333  4437.123515  11527.53333
ms_ingress-05                        Value        15840 15840 15840 0  0  1322.066667  539572.5754  1578871
ms_purchase-03                       Value        1248  1248  1248  0  0  0            6213.450321  48398
azure_v2_vm_month_300s               cpu_usage    8640  8640  8640  0  0  5188680.09   6184580.559  7812353.006
azure_v2_vm_month_300s               assigned_mem 8640  8640  8640  0  0  1906372      1987180.053  2191468
google2019_instance_usage_month_300s avg_cpu      8064  -     8064  0  0  0.3202867061 0.4728231845 0.5924373025
google2019_instance_usage_month_300s avg_mem      8064  -     8064  0  0  0.2449798752 0.3271549284 0.4022383947
";

/// Where the public traces are, if they are there.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("ASGSIM_TRACES").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let found = named.or_else(|| beside.is_dir().then_some(beside));
    if found.is_none() {
        println!("skipped: no ASGSIM_TRACES, and no ../shared/traces beside the crate");
    }
    found
}

fn load(folder: &std::path::Path, file: &str, options: &Options) -> Loaded {
    let bytes = std::fs::read(folder.join(file).with_extension("csv")).unwrap();
    read(&bytes, options).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn utc() -> Options {
    Options { utc_offset: UtcOffset::UTC, offset_is_default: false, ..Options::default() }
}

#[test]
fn the_check_figures_of_the_public_traces() {
    let Some(folder) = folder() else { return };
    let mut checked = 0;
    for row in FIGURES.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [file, column, counts @ .., min, mean, max] = cells.as_slice() else { panic!("{row}") };
        let mut options = Options { value: Some(column.to_string()), ..utc() };
        if file.starts_with("azure") || file.starts_with("google") {
            options.start = Some(SimTime::from_unix_s(1_700_000_000));
            options.interval = Some(SimDuration::from_s(300));
        }
        let s = load(&folder, file, &options).stats;
        let times = s.distinct_times.map_or("-".to_owned(), |n| n.to_string());
        let found = [s.rows, s.slots, s.missing_slots, s.off_grid].map(|n| n.to_string());
        let [rows, slots, missing, off] = &found;
        assert_eq!(counts, [rows, &times, slots, missing, off], "{file} {column}");
        assert_eq!(s.rows, s.values);
        for (found, printed) in [(s.min.to_f64(), min), (s.mean, mean), (s.max.to_f64(), max)] {
            let printed: f64 = printed.parse().unwrap();
            let close = 5e-7 * printed.abs().max(1.0);
            assert!((found - printed).abs() <= close, "{file} {column}: {found}, not {printed}");
        }
        checked += 1;
    }
    assert_eq!(checked, 16);
}

/// Columns, interval and span without any help, and what each file is warned about.
#[test]
fn what_is_odd_in_the_public_traces() {
    let Some(folder) = folder() else { return };
    let about = |file: &str| {
        let loaded =
            load(&folder, file, &Options { utc_offset: UtcOffset::UTC, ..Options::default() });
        let offset = UtcOffset::UTC;
        let (first, last) = (loaded.first.format_civil(offset), loaded.last.format_civil(offset));
        let mut text = format!(
            "{} by {} ({}), every {}, {first} to {last}\n",
            loaded.value_column,
            loaded.time_column.unwrap_or_default(),
            loaded.time_kind,
            loaded.interval
        );
        for warning in loaded.warnings {
            text += &format!("{warning}\n");
        }
        text
    };
    expect_test::expect![[r#"
        Value by TimeStamp (civil time), every 1m, 2018-04-25 00:00:00 to 2018-05-05 23:59:00
    "#]]
    .assert_eq(&about("ms_mongo-01"));
    expect_test::expect![[r#"
        value by timestamp (civil time), every 5m, 2014-03-01 17:36:00 to 2014-03-18 03:41:00
        the samples stand 1m after the multiples of 5m
        4730 times without a zone: read at +00:00 (utc_offset)
        11 repeated timestamps with other values: the last of each was taken (duplicates = "last")
        12 rows off the grid of 5m from 2014-03-01 17:36:00 (+00:00) on
        1 gap, 12 slots of 5m without a value (gaps = "missing")
    "#]]
    .assert_eq(&about("nab_ec2_network_in_5abac7"));
    expect_test::expect![[r#"
        value by timestamp (civil time), every 5m, 2014-04-02 14:29:00 to 2014-04-16 14:49:00
        the samples stand 4m after the multiples of 5m
        4032 times without a zone: read at +00:00 (utc_offset)
        2 gaps, 5 slots of 5m without a value (gaps = "missing")
    "#]]
    .assert_eq(&about("nab_ec2_cpu_utilization_ac20cd"));
    expect_test::expect![[r#"
        value by timestamp (civil time), every 30m, 2014-07-01 00:00:00 to 2015-01-31 23:30:00
        10320 times without a zone: read at +00:00 (utc_offset)
    "#]]
    .assert_eq(&about("nab_nyc_taxi"));
}
