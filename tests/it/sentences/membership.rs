//! Instances that a user attaches and detaches.

use asgsim::engine::command::{Command, Machines};
use asgsim::model::configuration::Configuration;
use asgsim::model::machine::Machine;
use asgsim::{GroupIndex, GroupSetup};

use super::would;
use crate::rules::world::{World, attach, detach, machine};

/// S-151, S-457 to S-459, S-471, S-473, S-474: each with its code.
#[test]
fn s_457_a_machine_must_fit_run_and_be_free() {
    let mut world = World::new(0, 9, 1).machines("m-1 m-2").edit(|setup| {
        let size = Configuration { cpu: 2, mem_gb: 4, ..Configuration::default() };
        setup.configurations = vec![size];
        setup.machines.push(Machine { mem_gb: 8, ..machine("m-more-memory") });
        setup.machines.push(Machine { cpu: 4, ..machine("m-more-cores") });
        setup.machines.push(Machine { running: false, ..machine("m-stopped") });
    });
    world.setup.groups.push(GroupSetup::new("other", 0, 5, 0));
    let mut run = world.run();
    run.engine.apply(GroupIndex(1), &attach("m-2")).unwrap().unwrap();
    let table = [
        ("m-more-memory", "InvalidInstanceId.ScalingConfigurationMismatch"),
        ("m-more-cores", "InvalidInstanceId.ScalingConfigurationMismatch"),
        ("m-stopped", "IncorrectInstanceStatus.NotRunning"),
        ("m-2", "IncorrectInstanceStatus.InOtherScalingGroup"),
        ("m-9", "InvalidParameter.InstanceIdError"),
        ("m-1", "Success"),
    ];
    for (id, expected) in table {
        assert_eq!(would(&run, &attach(id)), expected, "{id}");
    }
    run.apply(&attach("m-1")).unwrap();
    run.until("10:01");
    assert_eq!(
        would(&run, &attach("m-1")),
        "InvalidParameter.InstanceIdError",
        "it is here already"
    );
}

/// S-462: all or none.
#[test]
fn s_462_no_more_than_the_maximum() {
    let mut run = World::new(0, 3, 2).machines("m-1 m-2").run();
    let above = "Conflict.InstanceNumExceedMaxsize";
    assert_eq!(would(&run, &attach("m-1 m-2")), above);
    assert_eq!(would(&run, &Command::Attach(Machines::Count(2))), above);
    assert_eq!((run.web().members().len(), run.engine.machines().count()), (2, 2));
    run.apply(&attach("m-1")).unwrap();
    run.until("10:01");
    assert_eq!(would(&run, &attach("m-2")), above);
}

/// S-463, S-470.
#[test]
fn s_463_twenty_machines_in_a_call() {
    let ids: Vec<String> = (0..21).map(|n| format!("m-{n}")).collect();
    let run = World::new(0, 30, 0).machines(&ids.join(" ")).run();
    assert_eq!(would(&run, &attach(&ids[..20].join(" "))), "Success");
    assert_eq!(would(&run, &attach(&ids.join(" "))), "InvalidParameter");
}

/// S-481: all or none.
#[test]
fn s_481_no_fewer_than_the_minimum() {
    let mut run = World::new(2, 5, 3).run();
    let below = "Conflict.InstanceNumLessMinsize";
    assert_eq!(would(&run, &detach("1 2", false)), below);
    assert_eq!(run.web().running_activity(), None);
    run.apply(&detach("1", false)).unwrap();
    run.until("10:01");
    assert_eq!(would(&run, &detach("2", true)), below);
    assert_eq!(run.web().members().len(), 2);
}

/// S-485, S-486, S-494.
#[test]
fn s_485_a_kept_instance_is_in_no_group() {
    let mut run = World::new(0, 5, 2).run();
    assert_eq!(would(&run, &detach("3", true)), "InvalidParameter.InstanceIdError");
    let id = run.web().instance_id(&run.web().members()[0]);
    run.apply(&detach("1", true)).unwrap();
    run.until("10:01");
    let outside: Vec<_> = run.engine.machines().map(|machine| machine.id.to_string()).collect();
    assert_eq!((outside, run.web().members().len()), (vec![id], 1));
    assert!(run.lines("activity").starts_with("10:00:00 activity 1 detach of 1 by user\n"));
}
