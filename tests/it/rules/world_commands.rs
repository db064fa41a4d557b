//! The world that groups share: configurations, and what is changed from outside while a run is
//! under way.

use asgsim::Engine;
use asgsim::engine::command::{CommandError, Machines, Outage, WorldCommand};
use asgsim::engine::setup::ValidationError;
use asgsim::model::configuration::{Configuration, ConfigurationError, StorageType};
use asgsim::model::failure::{Condition, FailureCause};
use asgsim::{SimDuration, SimTime};
use expect_test::expect;

use super::world::{Run, World, attach, detach, machine, modify, time};

fn named(name: &str) -> Configuration {
    Configuration { name: name.to_owned(), ..Configuration::default() }
}

fn create(run: &mut Run, configuration: Configuration) -> Result<(), CommandError> {
    let command = WorldCommand::CreateConfiguration(configuration);
    run.engine.apply_to_world(&command).map(drop)
}

fn delete(run: &mut Run, name: &str) -> Result<(), CommandError> {
    let command = WorldCommand::DeleteConfiguration { configuration: name.to_owned() };
    run.engine.apply_to_world(&command).map(drop)
}

/// What is wrong with a configuration: its key and the code.
type Row = (&'static str, Configuration, Option<(&'static str, &'static str)>);

#[track_caller]
fn assert_rows(table: Vec<Row>) {
    for (what, configuration, fault) in table {
        let found = configuration.check().map_err(|error| (error.key(), error.code()));
        assert_eq!(found, fault.map_or(Ok(()), Err), "{what}");
    }
}

fn other(what: &'static str) -> Option<(&'static str, &'static str)> {
    Some((what, "InvalidParameter"))
}

// S-147, S-200, S-212.
#[test]
fn s_216_names_images_and_sizes_of_a_configuration() {
    let base = Configuration::default;
    assert_rows(vec![
        ("the default", base(), None),
        ("no name", named(""), Some(("name", "InvalidParameter"))),
        ("a long name", named(&"n".repeat(60)), None),
        ("too long a name", named(&"n".repeat(61)), Some(("name", "InvalidParameter"))),
        ("no image", Configuration { image_id: String::new(), ..base() }, other("image")),
        (
            "three cores",
            Configuration { cpu: 3, mem_gb: 6, ..base() },
            Some(("cpu", "OprationFail.CpuOrMemNotExsit")),
        ),
        ("as much memory as may be", Configuration { cpu: 2, mem_gb: 16, ..base() }, None),
        (
            "more memory than may be",
            Configuration { cpu: 2, mem_gb: 17, ..base() },
            Some(("cpu", "OprationFail.CpuOrMemNotExsit")),
        ),
        (
            "less memory than cores",
            Configuration { cpu: 4, mem_gb: 3, ..base() },
            Some(("cpu", "OprationFail.CpuOrMemNotExsit")),
        ),
        (
            "a local disk on the smallest machine",
            Configuration { storage_type: StorageType::LocalDisk, ..base() },
            Some(("storage_type", "InvalidParameter.CbsNotMatchCpu")),
        ),
        (
            "a snapshot on a local disk",
            Configuration {
                cpu: 2,
                mem_gb: 4,
                storage_type: StorageType::LocalSsd,
                data_snapshot_id: Some("snap-1".to_owned()),
                ..base()
            },
            Some(("storage_type", "InvalidParameter.storageType")),
        ),
    ]);
}

// S-147, S-156, S-168, S-206, S-215.
#[test]
fn s_214_disks_bandwidth_and_logins_of_a_configuration() {
    let base = Configuration::default;
    assert_rows(vec![
        ("a cloud disk of 4000", Configuration { storage_size_gb: 4000, ..base() }, None),
        (
            "a cloud disk of 4010",
            Configuration { storage_size_gb: 4010, ..base() },
            Some(("storage_size", "QuotaExceeded.storageSize")),
        ),
        (
            "a local disk of 510",
            Configuration {
                cpu: 2,
                mem_gb: 4,
                storage_type: StorageType::LocalDisk,
                storage_size_gb: 510,
                ..base()
            },
            Some(("storage_size", "QuotaExceeded.storageSize")),
        ),
        ("a disk of 15", Configuration { storage_size_gb: 15, ..base() }, other("storage_size")),
        ("a system disk of 20", Configuration { root_size_gb: 20, ..base() }, None),
        (
            "a system disk of 19",
            Configuration { root_size_gb: 19, ..base() },
            Some(("root_size", "QuotaExceeded.rootSize")),
        ),
        (
            "a system disk of 501",
            Configuration { root_size_gb: 501, ..base() },
            Some(("root_size", "QuotaExceeded.rootSize")),
        ),
        ("bandwidth of 200", Configuration { bandwidth_mbps: 200, ..base() }, None),
        ("bandwidth of 201", Configuration { bandwidth_mbps: 201, ..base() }, other("bandwidth")),
        ("bandwidth without a cap", Configuration { bandwidth_mbps: 65_535, ..base() }, None),
        ("an image of type 3", Configuration { image_type: 3, ..base() }, other("image_type")),
        (
            "a key and a password",
            Configuration { key_id: Some("skey-1".to_owned()), has_password: true, ..base() },
            other("key"),
        ),
        ("a machine of type 41", Configuration { cvm_type: 41, ..base() }, other("cvm_type")),
        ("a machine of type 42", Configuration { cvm_type: 42, ..base() }, None),
        ("16 KB of user data", Configuration { userdata: "A".repeat(16_384), ..base() }, None),
        (
            "more user data",
            Configuration { userdata: "A".repeat(16_385), ..base() },
            other("userdata"),
        ),
    ]);
}

// S-166.
#[test]
fn s_166_storage_types_by_number() {
    let known: Vec<_> = (0..=7)
        .filter_map(|n| StorageType::from_number(n).map(|kind| (n, kind.number(), kind.is_local())))
        .collect();
    assert_eq!(known, [(1, 1, true), (2, 2, false), (3, 3, true), (5, 5, false), (6, 6, false)]);
}

#[test]
fn s_209_twenty_configurations_of_different_names() {
    let mut run = World::new(0, 5, 0).run();
    for n in 0..20 {
        create(&mut run, named(&format!("c{n}"))).unwrap();
    }
    assert_eq!(
        create(&mut run, named("c7")).unwrap_err().code(),
        "NameDuplicate.ScallingConfiguration"
    );
    let full = create(&mut run, named("c20")).unwrap_err();
    assert_eq!(full.code(), "QuotaExceeded.ScallingConfiguration");
    expect!["one more configuration is above the limit of 20 (limits.configurations_per_project)"]
        .assert_eq(&full.to_string());
    assert_eq!(run.engine.configurations().count(), 20);
    assert!(matches!(
        create(&mut run, named("")),
        Err(CommandError::Configuration(ConfigurationError::Name { .. }))
    ));
}

// S-264, S-267, S-268.
#[test]
fn s_263_a_configuration_in_use_cannot_be_deleted() {
    let world = World::new(0, 5, 1).edit(|setup| setup.configurations = vec![named("default")]);
    let mut run = world.run();
    create(&mut run, named("next")).unwrap();
    let in_use = |name: &str| Err(CommandError::ConfigurationInUse { name: name.to_owned() });
    assert_eq!(delete(&mut run, "default"), in_use("default"), "it is the group's");
    let change = asgsim::engine::command::GroupChange {
        configuration: Some("next".to_owned()),
        ..Default::default()
    };
    run.apply(&asgsim::engine::command::Command::ModifyGroup(change)).unwrap();
    assert_eq!(delete(&mut run, "default"), in_use("default"), "an instance was made from it");
    run.apply(&modify("desired 0")).unwrap();
    run.until("10:01");
    delete(&mut run, "default").unwrap();
    let unknown = delete(&mut run, "default").unwrap_err();
    assert_eq!(unknown.code(), "InvalidParameter.ScalingConfigurationIdError");
}

#[test]
fn s_465_attached_machines_use_no_configuration() {
    let world = World::new(0, 5, 0).machines("m-1").edit(|setup| {
        let two = |name| Configuration { cpu: 2, mem_gb: 4, ..named(name) };
        setup.configurations = vec![two("default"), two("next")];
    });
    let mut run = world.at("10:00", attach("m-1")).run();
    run.until("10:01");
    let change = asgsim::engine::command::GroupChange {
        configuration: Some("next".to_owned()),
        ..Default::default()
    };
    run.apply(&asgsim::engine::command::Command::ModifyGroup(change)).unwrap();
    assert_eq!(run.web().members().len(), 1);
    delete(&mut run, "default").unwrap();
}

// S-282.
#[test]
fn r_3_3_a_group_names_a_configuration_that_exists() {
    let world = World::new(0, 5, 0).edit(|setup| setup.configurations = vec![named("other")]);
    let error = Engine::new(&world.setup).unwrap_err();
    let (group, configuration) = ("web".to_owned(), "default".to_owned());
    assert_eq!(error, ValidationError::UnknownConfiguration { group, configuration });
}

#[test]
fn r_8_1_a_cause_from_outside_holds_from_then_on() {
    let mut run = World::new(1, 10, 2).run();
    run.until("10:05");
    let condition = |end| Condition {
        cause: FailureCause::SoldOut,
        limit: None,
        group: None,
        place: None,
        begin: time("10:05"),
        end,
    };
    let backwards = run.engine.apply_to_world(&WorldCommand::Condition(condition(time("10:05"))));
    assert_eq!(backwards, Err(CommandError::Length { length: SimDuration::ZERO }));
    run.engine.apply_to_world(&WorldCommand::Condition(condition(time("10:10")))).unwrap();
    assert_eq!(run.web().standing_cause(), Some(FailureCause::SoldOut));
    run.apply(&modify("desired 3")).unwrap();
    run.until("10:12");
    expect![[r#"
        10:10:00 activity 1 scale-out of 1 by user
        10:11:00 activity 1 ended 2/0
    "#]]
    .assert_eq(&run.lines("activity"));
}

#[test]
fn r_7_1_an_outage_from_outside_marks_those_who_are_there() {
    let mut run = World::new(1, 10, 2).run();
    run.until("10:05");
    let outage = |end| Outage { group: None, place: None, begin: time("10:05"), end };
    let none = run.engine.apply_to_world(&WorldCommand::Outage(outage(time("10:05"))));
    assert_eq!(none, Err(CommandError::Length { length: SimDuration::ZERO }));
    run.engine.apply_to_world(&WorldCommand::Outage(outage(SimTime::MAX))).unwrap();
    run.until("10:06").settle();
    assert_eq!(run.lines("marked"), "10:06:00 marked 1\n10:06:00 marked 2\n");
    // One that began long ago changes nothing that is past.
    let mut late = World::new(1, 10, 2).run();
    late.until("10:30");
    let long_ago = Outage { group: None, place: None, begin: time("10:00"), end: SimTime::MAX };
    late.engine.apply_to_world(&WorldCommand::Outage(long_ago)).unwrap();
    late.until("10:31").settle();
    assert_eq!(late.lines("marked"), "10:31:00 marked 1\n10:31:00 marked 2\n");
}

#[test]
fn r_7_1_an_outage_that_is_told_late_counts_from_then_on() {
    let mut run = World::new(1, 10, 1).run();
    run.until("10:30");
    let outage = |end| Outage { group: None, place: None, begin: time("10:05"), end };
    let past = run.engine.apply_to_world(&WorldCommand::Outage(outage(time("10:30"))));
    assert_eq!(past, Err(CommandError::Length { length: SimDuration::ZERO }));
    run.engine.apply_to_world(&WorldCommand::Outage(outage(time("10:31:01")))).unwrap();
    run.until("10:32");
    assert_eq!(run.lines("marked"), "10:31:00 marked 1\n");
}

#[test]
fn r_5_3_machines_can_be_added_once() {
    let mut run = World::new(0, 10, 1).run();
    let add = WorldCommand::AddMachine(machine("m-1"));
    run.engine.apply_to_world(&add).unwrap();
    run.engine.apply_to_world(&add).unwrap_err();
    run.apply(&asgsim::engine::command::Command::Attach(Machines::Count(1))).unwrap();
    run.engine.apply_to_world(&add).unwrap_err();
    assert_eq!((run.web().members().len(), run.engine.machines().count()), (2, 0));
}

#[test]
fn r_0_1_a_journal_repeats_changes_of_the_world_too() {
    let world = World::new(1, 10, 2).edit(|setup| setup.configurations = vec![named("default")]);
    let mut run = world.clone().run();
    run.until("10:01").settle();
    create(&mut run, named("next")).unwrap();
    let machine = asgsim::model::machine::Machine { cpu: 1, mem_gb: 1, ..machine("m-1") };
    run.engine.apply_to_world(&WorldCommand::AddMachine(machine)).unwrap();
    run.apply(&attach("m-1")).unwrap();
    run.until("10:03").apply(&detach("1", true)).unwrap();
    let quota = Condition {
        cause: FailureCause::Quota,
        limit: Some(4),
        group: None,
        place: None,
        begin: time("10:03"),
        end: SimTime::MAX,
    };
    run.engine.apply_to_world(&WorldCommand::Condition(quota)).unwrap();
    run.until("10:04").apply(&modify("desired 8")).unwrap();
    run.until("10:10").settle();
    let mut again = Engine::new(&world.setup).unwrap();
    again.replay(run.engine.journal(), time("10:10"), true).unwrap();
    assert_eq!(again.digest(), run.engine.digest());
    assert_eq!(again.configurations().count(), 2);
    // What a journal says survives being written down.
    let text = serde_json::to_string(run.engine.journal()).unwrap();
    let read: asgsim::kernel::Tape<asgsim::engine::JournalEntry> =
        serde_json::from_str(&text).unwrap();
    assert_eq!(&read, run.engine.journal());
}

/// A journal grows by what was done, not by vain attempts; but where work was due, an attempt has
/// moved it forward, and is told again.
#[test]
fn refusals_leave_no_trace_where_nothing_is_due() {
    let one = |setup: &mut asgsim::Setup| setup.configurations = vec![named("default")];
    let mut run = World::new(1, 4, 2).edit(one).run();
    run.until("10:01").settle();
    let at_rest = run.engine.clone();
    for _ in 0..3 {
        run.apply(&modify("min 5 max 4")).unwrap_err();
        run.apply(&attach("nobody")).unwrap_err();
        create(&mut run, named("default")).unwrap_err();
    }
    assert!(run.engine.journal().is_empty() && run.engine.is_settled());
    assert_eq!(run.engine.next_wake(), at_rest.next_wake());
    assert_eq!(run.engine.digest(), at_rest.digest());
    run.until("10:02");
    run.apply(&modify("min 5 max 4")).unwrap_err();
    assert_eq!(run.engine.journal().len(), 1);
}
