//! What groups share: configurations, machines, the account, chance.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::env::faults::{Faults, LaunchFailure};
use crate::model::configuration::Configuration;
use crate::model::machine::Machine;
use crate::model::policy::is_name;
use crate::scenario::Account;
use crate::scenario::build::{fault, key};
use crate::scenario::error::Fault;
use crate::scenario::file::{
    AccountTable, ConfigurationTable, FaultsTable, MachineTable, ScenarioFile,
};
use crate::scenario::node::Segment;

/// The labels of the account.
pub(super) fn account(table: &AccountTable) -> Result<Account, Fault> {
    let region = table.region.clone().unwrap_or(Account::default().region);
    if !is_name(&region) {
        let message = format!("found {region:?}, allowed 1 to 60 characters, no control character");
        return Err(fault("region", message));
    }
    Ok(Account { project: table.project, region })
}

/// The configurations of a file. That their names are unique is checked with the whole world.
pub(super) fn configurations(file: &ScenarioFile) -> Result<Vec<Configuration>, Fault> {
    let all = file.configuration.iter().enumerate();
    let built = all.map(|(i, table)| {
        let configuration = configuration(table, file.account.project);
        configuration.check().map_err(|error| {
            let message = format!("{}: {error}", error.code());
            fault(error.key(), message).under(Segment::Index(i)).under(key("configuration"))
        })?;
        Ok(configuration)
    });
    built.collect()
}

fn configuration(table: &ConfigurationTable, project: u32) -> Configuration {
    let default = Configuration::default();
    let table = table.clone();
    Configuration {
        name: table.name,
        image_id: table.image.unwrap_or(default.image_id),
        cpu: table.cpu,
        mem_gb: table.mem,
        storage_type: table.storage_type.unwrap_or(default.storage_type),
        storage_size_gb: table.storage_size.unwrap_or(default.storage_size_gb),
        bandwidth_type: table.bandwidth_type.unwrap_or(default.bandwidth_type),
        bandwidth_mbps: table.bandwidth.unwrap_or(default.bandwidth_mbps),
        image_type: table.image_type.unwrap_or(default.image_type),
        root_size_gb: table.root_size.unwrap_or(default.root_size_gb),
        key_id: table.key,
        has_password: table.password.is_some_and(|password| password.0),
        need_monitor_agent: table.need_monitor_agent.unwrap_or(default.need_monitor_agent),
        need_security_agent: table.need_security_agent.unwrap_or(default.need_security_agent),
        wan_ip: table.wan_ip.unwrap_or(default.wan_ip),
        security_group: table.security_group,
        project: table.project.unwrap_or(project),
        data_snapshot_id: table.data_snapshot,
        cvm_type: table.cvm_type.unwrap_or(default.cvm_type),
        userdata: table.userdata.unwrap_or(default.userdata),
        realm: default.realm,
    }
}

/// The machines outside groups.
pub(super) fn machines(tables: &[MachineTable], project: u32) -> Result<Vec<Machine>, Fault> {
    let mut ids = BTreeSet::new();
    let built = tables.iter().enumerate().map(|(i, table)| {
        let under = |f: Fault| f.under(Segment::Index(i)).under(key("machine"));
        if !is_name(&table.id) {
            let message =
                format!("found {:?}, allowed 1 to 60 characters, no control character", table.id);
            return Err(under(fault("id", message)));
        }
        if !ids.insert(table.id.as_str()) {
            return Err(under(fault("id", format!("two machines have the id `{}`", table.id))));
        }
        for (name, found) in [("cpu", table.cpu), ("mem", table.mem)] {
            if found == 0 {
                return Err(under(fault(name, "found 0, allowed 1 or more")));
            }
        }
        Ok(Machine {
            id: Arc::from(table.id.as_str()),
            zone: table.zone.as_deref().map(Arc::from),
            cpu: table.cpu,
            mem_gb: table.mem,
            running: table.running.unwrap_or(true),
            project,
            ..Machine::default()
        })
    });
    built.collect()
}

/// The faults of a table, each key on top of those of the whole scenario.
pub(super) fn faults(table: &FaultsTable, whole: Faults) -> Result<Faults, Fault> {
    let faults = Faults {
        mtbf: table.mtbf.map(|span| span.0).or(whole.mtbf),
        launch_failure: table.launch_failure.map(|l| l.0).or(whole.launch_failure),
    };
    faults.check().map_err(|key| match (key, faults.launch_failure) {
        ("launch_failure", Some(LaunchFailure { probability, .. })) => {
            fault(key, format!("found {probability}, allowed a probability of 0 to 1"))
        }
        _ => fault(key, "found 0s, allowed more"),
    })?;
    Ok(faults)
}
