//! Who may call, where, and how often; and what accounts and regions do not see of each other.

use std::collections::BTreeSet;

use asgsim::api::keys::{Denials, KeyKind};
use asgsim::api::request::Method;
use asgsim::api::{Action, Api, Key, Region, Request};
use asgsim::{Engine, GroupSetup, Setup, SimDuration};
use serde_json::Value;

use super::facts::pages;
use super::furnished::{Furnished, good};
use super::service::{CONFIGURATION, Service, civil};
use super::{NOW_S, request, signed, without};

/// A service of two accounts with a key each.
fn of_two() -> (Api, Engine) {
    let mut api = Api::new();
    api.account = String::from("one");
    api.keys.add(Key::developer("one", "AKIDone", "secret one")).unwrap();
    api.keys.add(Key::developer("two", "AKIDtwo", "secret two")).unwrap();
    let mut setup = Setup::new(civil("2016-03-16 12:00:00"));
    setup.groups.push(GroupSetup::new("set up", 0, 1, 0));
    (api, Engine::new(&setup).unwrap())
}

/// A signed request; each has its own Nonce.
fn call_of(key: &Key, action: &str, form: &str, nonce: u32) -> Request {
    let (now, nonce) = (NOW_S.to_string(), nonce.to_string());
    let common =
        [("Action", action), ("Timestamp", &now), ("Nonce", &nonce), ("SecretId", &key.secret_id)];
    let own = form.split('&').filter_map(|pair| pair.split_once('='));
    let pairs: Vec<_> = common.into_iter().chain(own).collect();
    signed(&request(Method::Get, &pairs), key)
}

/// Calls in a row of one key: the bodies.
struct Caller {
    key: Key,
    nonce: u32,
}

impl Caller {
    fn new(account: &str, id: &str, secret: &str) -> Self {
        Self { key: Key::developer(account, id, secret), nonce: 0 }
    }

    fn call(&mut self, (api, engine): (&mut Api, &mut Engine), action: &str, form: &str) -> Value {
        self.nonce += 1;
        let request = call_of(&self.key, action, form, self.nonce);
        serde_json::from_str(&api.call(engine, &request, NOW_S).body).unwrap()
    }
}

/// S-012, S-100, S-137.
#[test]
fn s_100_accounts_do_not_see_each_other() {
    let (mut api, mut engine) = of_two();
    let mut one = Caller::new("one", "AKIDone", "secret one");
    let mut two = Caller::new("two", "AKIDtwo", "secret two");
    let form = format!("scalingConfigurationName=same&{CONFIGURATION}");
    let mut ids = Vec::new();
    for caller in [&mut one, &mut two] {
        let body = caller.call((&mut api, &mut engine), "CreateScalingConfiguration", &form);
        let id = body["data"]["scalingConfigurationIdSet"][0].as_str().unwrap().to_owned();
        let group = format!(
            "scalingConfigurationId={id}&scalingGroupName=same&minSize=0&maxSize=1&removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=1"
        );
        let body = caller.call((&mut api, &mut engine), "CreateScalingGroup", &group);
        ids.push((id, body["data"]["scalingGroupIdSet"][0].as_str().unwrap().to_owned()));
    }
    // The setup's group is that of the api's own account.
    for (caller, count) in [(&mut one, 2), (&mut two, 1)] {
        let body = caller.call((&mut api, &mut engine), "DescribeScalingGroup", "");
        assert_eq!(body["data"]["totalCount"], count, "{body}");
        let owner = &body["data"]["scalingGroupSet"][count - 1]["zoneIdSet"][0]["owner"];
        assert_eq!(*owner, caller.key.account.as_str());
        let body = caller.call((&mut api, &mut engine), "DescribeScalingConfiguration", "");
        assert_eq!(body["data"]["totalCount"], 1);
    }
    let (template, group) = &ids[0];
    let body =
        two.call((&mut api, &mut engine), "DeleteScalingGroup", &format!("scalingGroupId={group}"));
    assert_eq!(body["codeDesc"], "InvalidParameter.ScalingGroupIdError");
    let delete = format!("scalingConfigurationId={template}");
    let body = two.call((&mut api, &mut engine), "DeleteScalingConfiguration", &delete);
    assert_eq!(body["codeDesc"], "InvalidParameter.ScalingConfigurationIdError");
    // In the log both have a name of their own.
    let names: BTreeSet<_> = engine.groups().map(|group| group.name().to_owned()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

/// S-047, S-048, S-055, S-068, S-221: a thing is where it was made.
#[test]
fn s_047_regions_do_not_see_each_other() {
    let mut service = Service::new();
    let here = service.group("web", 0, 1);
    let there = format!("Region=sh&scalingConfigurationName=web-template&{CONFIGURATION}");
    let data = service.done("CreateScalingConfiguration", &there);
    let template = data["scalingConfigurationIdSet"][0].as_str().unwrap();
    let group = format!(
        "scalingConfigurationId={template}&scalingGroupName=web&minSize=0&maxSize=1&removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=1"
    );
    assert_eq!(
        service.would("CreateScalingGroup", &group),
        "InvalidParameter.ScalingConfigurationIdError"
    );
    service.done("CreateScalingGroup", &format!("Region=ap-shanghai&{group}"));
    for (region, count) in [
        ("", 1),
        ("Region=gz", 1),
        ("Region=ap-guangzhou", 1),
        ("Region=sh", 1),
        ("Region=ap-shanghai", 1),
        ("Region=bj", 0),
    ] {
        assert_eq!(service.done("DescribeScalingGroup", region)["totalCount"], count, "{region}");
    }
    // Configurations are those of all regions, where none is named.
    assert_eq!(service.done("DescribeScalingConfiguration", "")["totalCount"], 2);
    assert_eq!(service.done("DescribeScalingConfiguration", "Region=gz")["totalCount"], 1);
    let of = |region: &str| format!("{region}&scalingGroupId={here}");
    assert_eq!(
        service.would("DeleteScalingGroup", &of("Region=sh")),
        "InvalidParameter.ScalingGroupIdError"
    );
    assert_eq!(service.would("DeleteScalingGroup", &of("Region=gz")), "Success");
    assert_eq!(service.would("DescribeScalingGroup", "Region=atlantis"), "InvalidParameter");
    // A small letter makes it a parameter that nobody asks for: S-044.
    assert_eq!(service.would("DescribeScalingGroup", "region=atlantis"), "Success");
    let shanghai = Region::all().find(|region| region.short() == "sh").unwrap();
    service.api.closed_regions.insert(shanghai);
    assert!(service.told("DescribeScalingGroup", "Region=sh").starts_with("4300 AccessDenied"));
    service.api.needs_region = true;
    assert!(service.told("DescribeScalingGroup", "").contains("parameter Region is missing"));
    assert_eq!(service.would("DescribeScalingGroup", "Region=gz"), "Success");
    assert_eq!(service.would("DescribeScalingConfiguration", ""), "Success");
}

/// S-150, S-209, S-273, S-310, S-566, S-604, S-691, S-715, S-885, S-908, S-913.
#[test]
fn s_209_quotas_are_those_of_the_reference() {
    let mut service = Service::new();
    let named =
        |n: usize, rest: &str| format!("scalingConfigurationName=c{n}&{CONFIGURATION}{rest}");
    (1..=20).for_each(|n| drop(service.done("CreateScalingConfiguration", &named(n, ""))));
    let create = "CreateScalingConfiguration";
    assert_eq!(service.would(create, &named(21, "")), "QuotaExceeded.ScallingConfiguration");
    // A quota counts all regions, and each project apart.
    assert_eq!(
        service.would(create, &named(21, "&Region=sh")),
        "QuotaExceeded.ScallingConfiguration"
    );
    assert_eq!(service.would(create, &named(21, "&projectId=7")), "Success");
    assert_eq!(
        service.would(create, &named(1, "&projectId=7")),
        "NameDuplicate.ScallingConfiguration"
    );
    assert_eq!(service.would(create, &named(1, "&projectId=7&Region=sh")), "Success");
    let data = service.done("DescribeScalingConfiguration", "scalingConfigurationName=c1");
    let template =
        data["scalingConfigurationSet"][0]["scalingConfigurationId"].as_str().unwrap().to_owned();
    let group = |n: usize, rest: &str| {
        format!(
            "scalingConfigurationId={template}&scalingGroupName=g{n}&minSize=0&maxSize=1&removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=1{rest}"
        )
    };
    (1..=20).for_each(|n| drop(service.done("CreateScalingGroup", &group(n, ""))));
    assert_eq!(service.would("CreateScalingGroup", &group(21, "")), "QuotaExceeded.ScalingGroup");
    assert_eq!(service.would("CreateScalingGroup", &group(21, "&projectId=7")), "Success");
    let data = service.done("DescribeScalingGroup", "scalingGroupName=g1");
    let web = data["scalingGroupSet"][0]["scalingGroupId"].as_str().unwrap().to_owned();
    let parts: [(&str, &str, usize, &str); 4] = [
        (
            "CreateScalingPolicy",
            "scalingPolicyName=n{n}&metric.dimensionName=cpu_usage&metric.comparisonOperator=Less&metric.threshold=1&adjustmentType=TotalCapacity&adjustmentValue=1&cooldown=0",
            100,
            "QuotaExceeded.ScalingPolicy",
        ),
        (
            "CreateScheduledTask",
            "scalingScheduledTaskName=n{n}&readjustMinSize=0&readjustMaxSize=1&startTime=2016-04-{n} 10:00:00",
            10,
            "QuotaExceeded.ScheduledTask",
        ),
        (
            "CreateLifecycleHook",
            "lifeCycleHookName=n{n}&lifeCycleHookTimeout=60",
            10,
            "QuotaExceeded.HookLimit",
        ),
        (
            "CreateScalingNotification",
            "notificationTypes.0=1&receiversIds.0={n}",
            20,
            "QuotaExceeded.ScalingNotification",
        ),
    ];
    for (action, form, quota, code) in parts {
        let form =
            |n: usize| format!("scalingGroupId={web}&{}", form.replace("{n}", &format!("{n:02}")));
        (1..=quota).for_each(|n| drop(service.done(action, &form(n))));
        assert_eq!(service.would(action, &form(quota + 1)), code);
        let other = form(quota + 1).replace(&web, service.done("DescribeScalingGroup", "offset=1")["scalingGroupSet"][0]["scalingGroupId"].as_str().unwrap());
        assert_eq!(service.would(action, &other), "Success", "{action}");
    }
}

/// S-096, S-097, S-106, S-108: switches that a tester of clients may turn.
#[test]
fn s_096_a_service_that_does_not_serve() {
    let (mut api, mut engine) = of_two();
    let mut one = Caller::new("one", "AKIDone", "secret one");
    api.suspended_accounts.insert(String::from("one"));
    let body = one.call((&mut api, &mut engine), "DescribeScalingGroup", "");
    assert_eq!((&body["code"], &body["codeDesc"]), (&4300.into(), &"AccessDenied".into()));
    api.suspended_accounts.clear();
    api.in_maintenance.insert(Action::DescribeScalingGroup);
    let body = one.call((&mut api, &mut engine), "DescribeScalingGroup", "");
    assert_eq!((&body["code"], &body["codeDesc"]), (&6200.into(), &"ServiceUnavailable".into()));
    let body = one.call((&mut api, &mut engine), "DescribeScalingConfiguration", "");
    assert_eq!(body["code"], 0);
    api.pace.per_second_max = Some(2);
    for expected in [0, 0, 4400] {
        let body = one.call((&mut api, &mut engine), "DescribeScalingConfiguration", "");
        assert_eq!(body["code"], expected, "{body}");
    }
    let mut two = Caller::new("two", "AKIDtwo", "secret two");
    assert_eq!(two.call((&mut api, &mut engine), "DescribeScalingConfiguration", "")["code"], 0);
    let next = call_of(&one.key, "DescribeScalingConfiguration", "", 99);
    assert!(api.call(&mut engine, &next, NOW_S + 1).error.is_none());
}

/// A run that is at its end cannot carry out anything more.
#[test]
fn s_106_a_fault_inside_is_an_internal_error() {
    let mut setup = Setup::new(civil("2016-03-16 12:00:00"));
    setup.limits.records = 4;
    setup.groups.push(GroupSetup::new("web", 0, 5, 0));
    let (mut service, mut engine) = (Service::new(), Engine::new(&setup).unwrap());
    let web = engine.groups().next().unwrap().id().to_owned();
    let mut code = |engine: &mut Engine, min: &str| {
        let pairs = [
            ("Action", "ModifyScalingGroup"),
            ("scalingGroupId", &web),
            ("minSize", min),
            ("maxSize", "5"),
            ("removePolicy", "RemoveOldestInstance"),
        ];
        let request = request(Method::Get, &pairs);
        service.api.call(engine, &request, NOW_S).error.map_or(0, |error| error.kind.code())
    };
    assert_eq!(code(&mut engine, "5"), 0);
    // Every step ends at the limit, and some leave work behind that is due before a command is.
    let later = engine.now() + SimDuration::from_s(120);
    let is_met = (0..20).any(|_| {
        assert!(engine.run_until(later).is_err());
        code(&mut engine, "4") == 6000
    });
    assert!(is_met);
}

/// S-032, S-065, S-137: clients sign the host that they send, whichever it is.
#[test]
fn s_137_every_action_is_served_at_the_service_s_host() {
    let furnished = Furnished::new();
    let (mut api, mut engine) = (furnished.service.api.clone(), furnished.service.engine.clone());
    api.no_auth = false;
    let key = Key::developer("one", "AKIDone", "secret one");
    api.keys.add(key.clone()).unwrap();
    let hosts = ["scaling.api.qcloud.com", "Scaling.api.qcloud.com", "127.0.0.1:8080"];
    for (n, page) in pages().iter().enumerate() {
        for (m, host) in hosts.into_iter().enumerate() {
            let call = call_of(&key, page.action.name(), "", u32::try_from(3 * n + m).unwrap());
            let mut elsewhere = without(&call, "Signature");
            host.clone_into(&mut elsewhere.host);
            let code = |request: &Request, api: &mut Api, engine: &mut Engine| {
                api.call(engine, request, NOW_S).error.map_or(0, |error| error.kind.code())
            };
            // The host is part of what is signed.
            let mut moved = call.clone();
            host.clone_into(&mut moved.host);
            let is_same = host == call.host;
            let found = code(&moved, &mut api, &mut engine);
            assert_eq!(found != 4100, is_same, "{} at {host}: {found}", page.action);
            if !is_same {
                let found = code(&signed(&elsewhere, &key), &mut api, &mut engine);
                assert!(![4100, 6100].contains(&found), "{} at {host}: {found}", page.action);
            }
        }
    }
}

/// S-101, S-102: the number of a refusal goes by its kind.
#[test]
fn s_101_refusals_have_their_numbers() {
    let furnished = Furnished::new();
    for (expected, action, form) in [
        (
            "5100 Conflict.ScalingGroupNotEmpty",
            "DeleteScalingGroup",
            String::from("scalingGroupId={asg}"),
        ),
        (
            "5100 NameDuplicate.ScallingConfiguration",
            "CreateScalingConfiguration",
            good(Action::CreateScalingConfiguration).replace("=new", "=rich"),
        ),
        (
            "5200 OprationFail.CpuOrMemNotExsit",
            "CreateScalingConfiguration",
            good(Action::CreateScalingConfiguration).replace("cpu=2", "cpu=3"),
        ),
    ] {
        let told = furnished.told(action, &form);
        assert!(told.starts_with(expected), "{told}");
    }
}

/// S-042, S-138, S-143, S-144: what is common to all pages.
#[test]
fn s_143_common_errors_come_on_every_action() {
    let furnished = Furnished::new();
    let (mut api, mut engine) = (furnished.service.api.clone(), furnished.service.engine.clone());
    api.no_auth = false;
    let key = Key::developer("one", "AKIDone", "secret one");
    api.keys.add(key.clone()).unwrap();
    for (n, page) in (1..).zip(pages()) {
        let name = page.action.name();
        let bare = request(Method::Get, &[("Action", name)]);
        assert_eq!(api.call(&mut engine, &bare, NOW_S).error.unwrap().kind.code(), 4000, "{name}");
        let wrong = Key::developer("one", "AKIDone", "another secret");
        let wrong = call_of(&wrong, name, "", n);
        assert_eq!(api.call(&mut engine, &wrong, NOW_S).error.unwrap().kind.code(), 4100, "{name}");
        // A query that goes wrong has a code of the common table, but for a group that is not there.
        if name.starts_with("Describe") {
            let form = furnished
                .filled(&format!("{}&limit=-1", good(page.action).replace("&limit=20", "")));
            let body = furnished.service.clone().call(name, &form);
            assert_eq!(body["codeDesc"], "InvalidParameter", "{name}: {body}");
        }
    }
}

/// S-123, S-136: what a sub user may not do.
#[test]
fn s_136_users_of_an_account_have_their_limits() {
    let (mut api, mut engine) = of_two();
    let web = engine.groups().next().unwrap().id().to_owned();
    let denials = Denials {
        actions: BTreeSet::from([Action::DeleteScalingGroup]),
        resources: BTreeSet::from([web.clone()]),
    };
    let key = Key { kind: KeyKind::SubUser(denials), ..Key::developer("one", "AKIDsub", "sub") };
    api.keys.add(key.clone()).unwrap();
    api.keys.developer_only.insert(Action::CreateScalingGroup);
    let mut user = Caller { key, nonce: 0 };
    for (action, form, code) in [
        ("DescribeScalingGroup", String::new(), 0),
        ("DeleteScalingGroup", String::from("scalingGroupId=asg-1"), 4101),
        ("CreateScalingGroup", String::new(), 4103),
        ("DescribeScalingPolicy", format!("scalingGroupId={web}"), 4102),
        ("DescribeScalingGroup", format!("scalingGroupIds.3={web}"), 4102),
    ] {
        let body = user.call((&mut api, &mut engine), action, &form);
        assert_eq!(body["code"], code, "{action} {form}: {body}");
        assert_eq!(code == 4102, body["message"].as_str().unwrap().contains(&web), "{body}");
    }
}

/// S-014, S-015, S-017 to S-021, S-023, S-025, S-107, S-152: all that there is, and nothing else.
#[test]
fn s_017_all_actions_are_served_under_any_spelling() {
    let furnished = Furnished::new();
    for page in pages() {
        let name = page.action.name();
        for name in [
            name.to_owned(),
            name.replace("Lifecycle", "LifeCycle"),
            name.replace("Lifecycle", "LIfeCycle"),
            name.to_lowercase(),
        ] {
            assert_eq!(furnished.code(&name, good(page.action)), "Success", "{name}");
        }
    }
    for name in ["ModifyScalingConfiguration", "DescribeScalingLimit", "DescribeInstances", "x"] {
        assert!(furnished.told(name, "").starts_with("6100 UnsupportedAction"), "{name}");
    }
}
