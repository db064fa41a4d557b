//! A service to talk to: an empty world on 16 March 2016 at noon, open to everybody.
//!
//! ```text
//! let mut service = Service::new();
//! let web = service.group("web", 1, 5);
//! assert_eq!(service.code("DeleteScalingGroup", &format!("scalingGroupId={web}")), "…");
//! ```

#![allow(dead_code, reason = "the verbs of conversations to come")]

use asgsim::api::request::PATH;
use asgsim::api::{Api, Request};
use asgsim::engine::command::{Command, WorldCommand};
use asgsim::model::id::{GroupIndex, IdKind};
use asgsim::{Engine, Setup, SimDuration, SimTime, UtcOffset};
use serde_json::Value;

use super::{HOST, NOW_S};

#[derive(Clone)]
pub struct Service {
    pub api: Api,
    pub engine: Engine,
}

/// An instant as the wire writes it.
pub fn civil(text: &str) -> SimTime {
    SimTime::parse_civil(text, UtcOffset::BEIJING).unwrap()
}

/// Parameters of a configuration that can be; the name comes in front.
pub const CONFIGURATION: &str = "imageId=img-1&cpu=2&mem=4&storageType=2&storageSize=10\
    &bandwidthType=PayByTraffic&bandwidth=1&imageType=1";

/// Parameters of a group that can be, but for name and configuration.
pub const GROUP: &str =
    "minSize=0&maxSize=5&removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=100002";

/// Parameters of a policy that can be, but for group and name.
pub const POLICY: &str = "metric={\"comparisonOperator\":\"Greater\",\"dimensionName\":\"cpu_usage\",\"threshold\":50}\
    &adjustmentType=QuantityChangeInCapacity&adjustmentValue=1&cooldown=300";

impl Service {
    pub fn new() -> Self {
        let mut setup = Setup::new(civil("2016-03-16 12:00:00"));
        setup.seed = 7;
        let mut api = Api::new();
        api.no_auth = true;
        Self { api, engine: Engine::new(&setup).unwrap() }
    }

    /// The answer to a call, at the engine's present.
    pub fn call(&mut self, action: &str, form: &str) -> Value {
        self.engine.settle().unwrap();
        let form = format!("Action={action}&{form}");
        let request = Request::received("GET", HOST, PATH, form.as_bytes(), b"").unwrap();
        let response = self.api.call(&mut self.engine, &request, NOW_S);
        let body: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(response.error.is_none(), body["code"] == 0, "{body}");
        body
    }

    /// The data of a call that succeeds.
    #[track_caller]
    pub fn done(&mut self, action: &str, form: &str) -> Value {
        let body = self.call(action, form);
        assert_eq!(body["codeDesc"], "Success", "{action} {form}: {body}");
        body["data"].clone()
    }

    /// The `codeDesc` of a call.
    pub fn code(&mut self, action: &str, form: &str) -> String {
        self.call(action, form)["codeDesc"].as_str().unwrap().to_owned()
    }

    /// The `codeDesc` of a call on a copy: nothing changes.
    pub fn would(&self, action: &str, form: &str) -> String {
        self.clone().code(action, form)
    }

    /// The same with the number and the message.
    pub fn told(&self, action: &str, form: &str) -> String {
        let body = self.clone().call(action, form);
        format!(
            "{} {} {}",
            body["code"],
            body["codeDesc"].as_str().unwrap(),
            body["message"].as_str().unwrap()
        )
    }

    /// Time passes.
    pub fn advance(&mut self, seconds: i64) {
        let to = self.engine.now() + SimDuration::from_s(seconds);
        self.engine.run_until(to).unwrap();
        self.engine.settle().unwrap();
    }

    /// A new configuration's id.
    #[track_caller]
    pub fn configuration(&mut self, name: &str) -> String {
        let form = format!("scalingConfigurationName={name}&{CONFIGURATION}");
        let data = self.done("CreateScalingConfiguration", &form);
        data["scalingConfigurationIdSet"][0].as_str().unwrap().to_owned()
    }

    /// A new group's id, with a configuration of its own.
    #[track_caller]
    pub fn group(&mut self, name: &str, min: u32, max: u32) -> String {
        let configuration = self.configuration(&format!("{name}-template"));
        let form = format!(
            "scalingGroupName={name}&scalingConfigurationId={configuration}&minSize={min}&maxSize={max}\
             &removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=100002"
        );
        let data = self.done("CreateScalingGroup", &form);
        data["scalingGroupIdSet"][0].as_str().unwrap().to_owned()
    }

    /// The ids of a group's instances, in the order of the list.
    #[track_caller]
    pub fn instances(&mut self, group: &str) -> Vec<String> {
        let data =
            self.done("DescribeScalingInstance", &format!("scalingGroupId={group}&limit=100"));
        let set = data["scalingInstancesSet"].as_array().unwrap();
        set.iter().map(|instance| instance["instanceId"].as_str().unwrap().to_owned()).collect()
    }

    /// The place of the group of that id.
    pub fn index(&self, group: &str) -> GroupIndex {
        self.engine.read_id(IdKind::Group, group).unwrap().0
    }

    /// A command that no action carries out.
    #[track_caller]
    pub fn command(&mut self, group: &str, command: &Command) {
        let index = self.index(group);
        self.engine.apply(index, command).unwrap().unwrap();
    }

    /// A change of the world that no action makes.
    #[track_caller]
    pub fn world(&mut self, command: &WorldCommand) {
        self.engine.apply_to_world(command).unwrap();
    }
}

/// The first steps of a newcomer, in one go.
#[test]
fn s_008_a_group_from_its_template_to_its_end() {
    let mut service = Service::new();
    let web = service.group("web", 2, 4);
    assert!(web.starts_with("asg-"), "{web}");
    service.advance(120);
    assert_eq!(service.instances(&web).len(), 2);
    let named = format!("scalingGroupId={web}");
    assert_eq!(service.code("DeleteScalingGroup", &named), "Conflict.ScalingGroupNotEmpty");
    let none = format!("{named}&minSize=0&maxSize=0&removePolicy=RemoveOldestInstance");
    service.done("ModifyScalingGroup", &none);
    service.advance(120);
    let activities = service.done("DescribeScalingActivity", &named);
    assert_eq!(activities["totalCount"], 2, "{activities}");
    service.done("DeleteScalingGroup", &named);
    assert_eq!(service.done("DescribeScalingGroup", "")["totalCount"], 0);
}
