//! `asgsim compare`: where two runs part, why, and what it comes to.

use expect_test::expect;

use super::{TWO, asgsim, json, write};

const CROWD: &str = "scenarios/flash-crowd.toml";
const LOWER: &str = "group.web.policy.out.metric.threshold=60";

#[test]
fn the_first_difference_is_explained_from_both_sides() {
    let (status, out, err) = asgsim(&["compare", CROWD, "--set-b", LOWER]);
    assert_eq!(status, 0, "{err}");
    expect![[r#"
        flash-crowd, twice

        group web: they part at 2024-03-01 18:30:00, over a trigger

        A At 2024-03-01 18:30:00 group web wants 6 (min 4, max 24) and has 6 in service; nothing is under way. In the minute before it was offered 445.4 a second and could serve 720.
          18:30 `out` saw 61.1 %, which is not > 70 %. It was 8.9 points away.
          Next, at 19:45, `out` saw 100 % > 70 %, streak 2 of 2, accepted: 6 to 10 (+4).
          18:30 `in` saw 61.1 %, which is not < 40 %. It was 21.1 points away.
          Next, at 21:20, `in` saw 29.7 % < 40 %, streak 3 of 3, accepted: 24 to 22 (-2).
        B At 2024-03-01 18:30:00 group web wants 10 (min 4, max 24) and has 6 in service of 10 members; asa-d29o7uh1 (scale out 4 instances, by policy `out`) is under way since 18:30. In the minute before it was offered 445.4 a second and could serve 720.
          18:30 `out` saw 61.1 % > 60 %, streak 2 of 2, accepted: 6 to 10 (+4).
          Next, at 19:45, `out` saw 100 % > 60 %, streak 2 of 2, accepted: 8 to 12 (+4).
          18:30 `in` saw 61.1 %, which is not < 40 %. It was 21.1 points away.
          Next, at 18:50, `in` saw 36.7 % < 40 %, streak 3 of 3, accepted: 10 to 8 (-2).
          18:30 asa-d29o7uh1 (scale out 4 instances, by policy `out`) began; success at 18:31:42.

                                         A        B  difference
         cost                         8.89     9.42       +0.53
         flaps                           0        1          +1
         headroom.min              -184.44  -113.69      +70.76
         headroom.p5                -56.58    -36.3      +20.28
         instability                 21.17    21.73       +0.56
         instance hours              74.07    78.52       +4.45
         lost load                     0.1     0.07       -0.03
         over accuracy               57.12    66.43       +9.31
         over timeshare              83.33    83.89       +0.56
         pinned max minutes             55       65         +10
         reaction.max s                480      360        -120
         reaction.median s             480      360        -120
         recovery.max s               3420     3300        -120
         recovery.median s            3420     3300        -120
         refused cooldown               10        9          -1
         refused minutes.at max          4       14         +10
         refused minutes.cooldown       20       15          -5
         reversals per day               4       12          +8
         saturated.minutes            39.7     36.7          -3
         scale ins                       8        9          +1
         slo minutes                    57       55          -2
         under accuracy               6.22     5.01       -1.21
         under timeshare             15.83    15.28       -0.56
         utilisation.mean            55.76    52.08       -3.68
         utilisation.p50             48.89    46.34       -2.54
    "#]].assert_eq(&out);
}

#[test]
fn a_scenario_is_like_itself() {
    let (status, out, _) = asgsim(&["compare", CROWD]);
    assert_eq!(status, 0);
    expect![[r#"
        flash-crowd, twice
        The event logs are the same.

        group web does the same in both
    "#]]
    .assert_eq(&out);
    // Every figure, if asked for: all of them the same.
    let (_, out, _) = asgsim(&["compare", CROWD, "--all"]);
    assert!(out.contains("instance hours"), "{out}");
}

#[test]
fn the_same_chance_on_both_sides() {
    // Random latencies are keyed by group, ordinal and phase: only what the rule changes differs.
    let random = ["--set", "latency.random=true"];
    let told = json(&[&["compare", CROWD, "--set-b", LOWER, "--json", "-"], &random[..]].concat());
    let group = &told["groups"][0];
    assert_eq!(told["same_digest"], false);
    assert_eq!(group["first_difference"]["what"], "a trigger");
    let figures = group["figures"].as_array().unwrap();
    let cost = figures.iter().find(|figure| figure["key"] == "cost").unwrap();
    assert!(cost["b"].as_f64().unwrap() > cost["a"].as_f64().unwrap());
}

#[test]
fn groups_are_paired_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let two = write(folder.path(), "two.toml", TWO);
    let (status, out, err) = asgsim(&["compare", &two, CROWD]);
    assert_eq!(status, 0, "{err}");
    assert!(out.starts_with("A: two\nB: flash-crowd\n"), "{out}");
    assert!(out.contains("is in one of them only"), "{out}");
}

#[test]
fn bad_input_is_told_of_the_side_it_is_on() {
    let (status, out, err) = asgsim(&["compare", CROWD, "nowhere.toml"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("nowhere.toml"), "{err}");
    let (status, _, err) = asgsim(&["compare", CROWD, "--set-b", "group.web.policy.x.cooldown=1"]);
    assert_eq!(status, 2, "{err}");
}
