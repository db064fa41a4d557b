//! Configurations: create, delete, and what is made from them.

use asgsim::SimTime;
use asgsim::engine::command::{Command, WorldCommand};
use asgsim::model::configuration::{Configuration, StorageType};
use asgsim::model::failure::{Condition, FailureCause};

use crate::rules::world::{Run, World, machine, modify, time};

fn named(name: &str) -> Configuration {
    Configuration { name: name.to_owned(), ..Configuration::default() }
}

/// A machine large enough for any disk.
fn large() -> Configuration {
    Configuration { cpu: 2, mem_gb: 4, ..named("large") }
}

fn checked(configuration: &Configuration) -> &'static str {
    configuration.check().map_or_else(|error| error.code(), |()| "Success")
}

fn create(run: &mut Run, configuration: Configuration) -> &'static str {
    let command = WorldCommand::CreateConfiguration(configuration);
    run.engine.apply_to_world(&command).map_or_else(|error| error.code(), |_| "Success")
}

fn delete(run: &mut Run, name: &str) -> &'static str {
    let command = WorldCommand::DeleteConfiguration { configuration: name.to_owned() };
    run.engine.apply_to_world(&command).map_or_else(|error| error.code(), |_| "Success")
}

/// S-004, S-153, S-154: image and system disk are the configuration's.
#[test]
fn s_004_an_automatic_instance_is_made_from_its_configuration() {
    let template = Configuration {
        image_id: "img-web".to_owned(),
        root_size_gb: 80,
        userdata: "c3RhcnQ=".to_owned(),
        ..large()
    };
    let mut world = World::new(0, 5, 1).at("10:00", modify("desired 2"));
    world.web().configuration = "large".to_owned();
    let mut run =
        world.edit(|setup| setup.configurations = vec![named("x"), template.clone()]).run();
    run.until("10:02");
    let members = run.web().members();
    assert_eq!(members.len(), 2);
    for member in members {
        let name = member.configuration.as_deref().unwrap();
        let from = run.engine.configurations().find(|c| c.name == name).unwrap();
        assert_eq!(from, &template);
    }
}

/// The limit of a security group is told to the simulator as a quota that its machines use up.
#[test]
fn s_149_the_thousandth_machine_of_a_security_group_is_the_last() {
    let end_with = |machines: u32| {
        let mut world = World::new(0, 5, 0).at("10:00", modify("desired 1"));
        world.setup.machines = (0..machines).map(|n| machine(&format!("m-{n}"))).collect();
        world.setup.conditions.push(Condition {
            cause: FailureCause::Quota,
            limit: Some(1000),
            group: None,
            place: None,
            begin: SimTime::MIN,
            end: SimTime::MAX,
        });
        let mut run = world.run();
        run.until("10:00:10");
        let lines = run.lines("activity");
        (run.web().members().len(), lines.lines().last().unwrap().to_owned())
    };
    assert_eq!(end_with(1000), (0, "10:00:00 activity 1 ended 4/30000".to_owned()));
    assert_eq!(end_with(999), (1, "10:00:00 activity 1 scale-out of 1 by user".to_owned()));
}

/// S-159, S-203.
#[test]
fn s_159_seven_types_of_machines() {
    let fits =
        |cvm_type: &u32| checked(&Configuration { cvm_type: *cvm_type, ..large() }) == "Success";
    let all: Vec<u32> = (0..=60).filter(fits).collect();
    assert_eq!(all, [11, 12, 21, 22, 31, 32, 42]);
}

/// S-168 to S-171, S-214.
#[test]
fn s_168_data_disks_have_steps_and_a_largest_size() {
    use StorageType as T;
    let disk = |storage_type, storage_size_gb| {
        checked(&Configuration { storage_type, storage_size_gb, ..large() })
    };
    let (too_large, odd) = ("QuotaExceeded.storageSize", "InvalidParameter");
    for local in [T::LocalDisk, T::LocalSsd] {
        let found = [0, 20, 25, 500, 510].map(|size| disk(local, size));
        assert_eq!(found, ["Success", "Success", odd, "Success", too_large], "{local:?}");
    }
    for cloud in [T::CloudDisk, T::CloudSsd, T::PremiumCloudDisk] {
        let found = [0, 25, 510, 4000, 4010].map(|size| disk(cloud, size));
        assert_eq!(found, ["Success", odd, "Success", "Success", too_large], "{cloud:?}");
    }
}

/// S-175, S-176.
#[test]
fn s_175_bandwidth_is_none_some_or_uncapped() {
    let fits =
        |mbps: &u32| checked(&Configuration { bandwidth_mbps: *mbps, ..large() }) == "Success";
    let table = [0, 1, 200, 201, 65_534, 65_535, 65_536];
    assert_eq!(table.into_iter().filter(fits).collect::<Vec<_>>(), [0, 1, 200, 65_535]);
}

#[test]
fn s_178_images_are_private_or_public() {
    let of = |image_type| checked(&Configuration { image_type, ..large() });
    assert_eq!(
        [0, 1, 2, 3].map(of),
        ["InvalidParameter", "Success", "Success", "InvalidParameter"]
    );
}

/// S-148, S-157, S-180, S-181, S-189, S-192, S-195, S-198, S-204.
#[test]
fn s_180_what_is_not_said_has_a_default() {
    let plain = Configuration::default();
    assert_eq!(checked(&plain), "Success");
    let switches = [plain.need_monitor_agent, plain.need_security_agent, plain.wan_ip];
    assert_eq!((plain.root_size_gb, switches), (50, [true; 3]));
    assert_eq!((plain.project, plain.cvm_type), (0, 11));
    assert_eq!((plain.security_group, plain.key_id, plain.has_password), (None, None, false));
    let larger = Configuration { root_size_gb: 51, ..named("larger") };
    let mut run = World::new(0, 5, 0).run();
    assert_eq!(create(&mut run, larger), "Success");
    assert_eq!(run.engine.configurations().next().map(|c| c.root_size_gb), Some(51));
}

/// S-160, S-265: nothing uses it, so it can go.
#[test]
fn s_160_a_new_configuration_is_listed_until_it_is_deleted() {
    let mut run =
        World::new(0, 5, 1).edit(|setup| setup.configurations = vec![named("default")]).run();
    assert_eq!(create(&mut run, large()), "Success");
    let names = |run: &Run| run.engine.configurations().map(|c| c.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&run), ["default", "large"]);
    assert!(run.engine.groups().all(|group| group.configuration() != "large"));
    assert_eq!(delete(&mut run, "large"), "Success");
    assert_eq!(names(&run), ["default"]);
    assert_eq!(delete(&mut run, "large"), "InvalidParameter.ScalingConfigurationIdError");
}

/// S-150, S-209, S-210: twenty of a project, whatever other projects have; names are the account's.
#[test]
fn s_150_each_project_has_its_own_twenty() {
    let of = |project, n: u32| Configuration { project, ..named(&format!("c{project}-{n}")) };
    let mut run = World::new(0, 5, 0).run();
    for n in 1..=20 {
        assert_eq!(create(&mut run, of(0, n)), "Success");
    }
    assert_eq!(create(&mut run, of(0, 21)), "QuotaExceeded.ScallingConfiguration");
    assert_eq!(create(&mut run, of(1002, 1)), "Success");
    let taken = Configuration { project: 1002, ..named("c0-1") };
    assert_eq!(create(&mut run, taken), "NameDuplicate.ScallingConfiguration");
    assert_eq!(delete(&mut run, "c0-7"), "Success");
    assert_eq!(create(&mut run, of(0, 21)), "Success");
}

/// S-556, S-268: what a deleted group had is free again.
#[test]
fn s_556_a_deleted_group_uses_no_configuration() {
    let mut run =
        World::new(0, 5, 0).edit(|setup| setup.configurations = vec![named("default")]).run();
    assert_eq!(delete(&mut run, "default"), "Conflict.ScallingConfigurationUse");
    run.until("10:01").apply(&Command::DeleteGroup).unwrap();
    assert_eq!(delete(&mut run, "default"), "Success");
    assert_eq!(run.engine.now(), time("10:01"));
}
