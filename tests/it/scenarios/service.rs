//! The tables and timed commands of the whole service: read, and carried out.

use asgsim::engine::command::Command;
use asgsim::model::semantics::{Profile, ReplaceOrder, RetryRule, Semantics};
use asgsim::scenario::Scenario;
use asgsim::scenario::value::When;
use asgsim::{SimDuration, SimTime};
use expect_test::expect;

use super::faults::edited;
use super::{BASE, file, scenario};

/// The base with zones, a task, two hooks and a notification.
pub fn rich() -> String {
    let group = r#"
[[group.scheduled_task]]
name = "noon"
min = 2
max = 8
start = "+30m"

[[group.hook]]
name = "warm"
transition = "launch"
timeout = "10m"
default_result = "disable"
bound = true
notify_ids = ["7"]
answer = { after = "40s", result = "continue" }

[[group.hook]]
name = "drain"
transition = "terminate"
timeout = 30
default_result = "continue"

[[group.notification]]
types = [4, 1, 2, 1]
receivers = ["b", "a"]

[[machine]]
id = "m-1"
zone = "z1"
cpu = 1
mem = 2

[[machine]]
id = "m-2"
cpu = 1
mem = 2
running = false
"#;
    BASE.replace("desired = 2\n", "desired = 2\nzones = [\"z1\", \"z2\"]\n") + group
}

/// A scenario with one `[[at]]` at 10:20 of group `web`.
fn with(rest: &str) -> Scenario {
    scenario(&format!("{}[[at]]\ntime = \"+20m\"\n{rest}\n", rich()), &[]).unwrap()
}

#[test]
fn switches_limits_and_latencies() {
    let semantics = |table: &str| {
        scenario(&edited("", &format!("[semantics]\n{table}")), &[]).unwrap().setup.semantics
    };
    assert_eq!(semantics(""), Semantics::default());
    assert_eq!(semantics("profile = \"tencent-v2\""), Semantics::default());
    assert_eq!(semantics("profile = \"aws-simple\""), Profile::AwsSimple.semantics());
    let mixed = semantics("profile = \"aws-simple\"\nretry = \"None\"\nperiod = 60");
    let expected = Semantics {
        retry: RetryRule::None,
        period: SimDuration::from_s(60),
        ..Profile::AwsSimple.semantics()
    };
    assert_eq!(mixed, expected);
    let order = semantics("replace_order = \"LaunchFirst\"").replace_order;
    assert_eq!(order, ReplaceOrder::LaunchFirst);
    let limits = "[limits]\nconfigurations_per_project = 1\nhooks_per_group = 2\n\
                  notifications_per_group = 3\nzones_per_group = 4\nsubnets_per_group = 5\n\
                  load_balancers_per_group = 6\ninstances_per_call = 7\nnotify_ids = 8\n\
                  scheduled_tasks_per_group = 9";
    let l = scenario(&edited("", limits), &[]).unwrap().setup.limits;
    let found = [
        l.configurations_per_project,
        l.hooks_per_group,
        l.notifications_per_group,
        l.zones_per_group,
        l.subnets_per_group,
        l.load_balancers_per_group,
        l.instances_per_call,
        l.notify_ids,
        l.scheduled_tasks_per_group,
    ];
    assert_eq!(found, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let latency =
        "[latency]\nrandom = true\nattaching = \"4s\"\ndetaching = { median = 3, sigma = 1 }";
    let latency = scenario(&edited("", latency), &[]).unwrap().setup.latency;
    expect!["LogNormal { median: SimDuration(4000), sigma: 0.3 } LogNormal { median: SimDuration(3000), sigma: 1.0 }"]
        .assert_eq(&format!("{:?} {:?}", latency.attaching, latency.detaching));
}

#[test]
fn what_groups_share() {
    let told = |rest: &str| scenario(&edited("", rest), &[]).unwrap();
    let faults = |rest: &str| format!("{:?}", told(rest).setup.groups[0].faults);
    let mut lines = vec![
        faults(""),
        faults("[faults]\nmtbf = \"30d\"\nlaunch_failure = 0.25"),
        faults("[faults]\nlaunch_failure = { probability = 1, cause = \"sold_out\" }"),
        // Key by key.
        faults("[group.faults]\nlaunch_failure = 0\n[faults]\nmtbf = \"1d\"\nlaunch_failure = 1"),
    ];
    let whole = told("[account]\nproject = 7\nregion = \"sh\"\ninstance_limit = 40");
    lines.push(format!("{:?} {:?}", whole.account, whole.setup.instance_limit));
    lines.push(format!("{:?}", told("").account));
    lines.push(format!("project {}", whole.setup.configurations[0].project));
    let machines = scenario(&rich(), &[]).unwrap().setup.machines;
    lines.extend(machines.iter().map(|machine| format!("{machine:?}")));
    let full = "cpu = 2\nmem = 4\nimage = \"img-1\"\nimage_type = 1\nstorage_type = \"local_ssd\"\n\
                storage_size = 50\nroot_size = 20\nbandwidth_type = \"PayByHour\"\n\
                bandwidth = 65535\npassword = \"set\"\nneed_monitor_agent = false\n\
                need_security_agent = false\nwan_ip = false\nsecurity_group = \"sg-1\"\n\
                project = 3\ncvm_type = 21\nuserdata = \"aGk=\"";
    let full = scenario(&edited("cpu = 1\nmem = 2", full), &[]).unwrap().setup.configurations;
    lines.push(format!("{full:?}"));
    let other = edited("cpu = 1\nmem = 2", "cpu = 1\nmem = 2\nkey = \"k\"\ndata_snapshot = \"s\"");
    let other = scenario(&other, &[]).unwrap().setup.configurations;
    lines.push(format!("{other:?}"));
    expect![[r#"
        Faults { mtbf: None, launch_failure: None }
        Faults { mtbf: Some(SimDuration(2592000000)), launch_failure: Some(LaunchFailure { probability: Micro(250000), cause: Short }) }
        Faults { mtbf: None, launch_failure: Some(LaunchFailure { probability: Micro(1000000), cause: SoldOut }) }
        Faults { mtbf: Some(SimDuration(86400000)), launch_failure: Some(LaunchFailure { probability: Micro(0), cause: Short }) }
        Account { project: 7, region: "sh" } Some(40)
        Account { project: 0, region: "gz" }
        project 7
        Machine { id: "m-1", zone: Some("z1"), cpu: 1, mem_gb: 2, running: true, cvm_type: None, project: 0, realm: Realm { account: "", region: "" } }
        Machine { id: "m-2", zone: None, cpu: 1, mem_gb: 2, running: false, cvm_type: None, project: 0, realm: Realm { account: "", region: "" } }
        [Configuration { name: "small", image_id: "img-1", cpu: 2, mem_gb: 4, storage_type: LocalSsd, storage_size_gb: 50, bandwidth_type: PayByHour, bandwidth_mbps: 65535, image_type: 1, root_size_gb: 20, key_id: None, has_password: true, need_monitor_agent: false, need_security_agent: false, wan_ip: false, security_group: Some("sg-1"), project: 3, data_snapshot_id: None, cvm_type: 21, userdata: "aGk=", realm: Realm { account: "", region: "" } }]
        [Configuration { name: "small", image_id: "img-default", cpu: 1, mem_gb: 2, storage_type: CloudDisk, storage_size_gb: 0, bandwidth_type: PayByTraffic, bandwidth_mbps: 0, image_type: 2, root_size_gb: 50, key_id: Some("k"), has_password: false, need_monitor_agent: true, need_security_agent: true, wan_ip: true, security_group: None, project: 0, data_snapshot_id: Some("s"), cvm_type: 11, userdata: "", realm: Realm { account: "", region: "" } }]
    "#]].assert_eq(&(lines.join("\n") + "\n"));
}

#[test]
fn groups() {
    let setup = scenario(&rich(), &[]).unwrap().setup;
    let web = &setup.groups[0];
    assert_eq!((web.zones.join(" ").as_str(), web.subnets.len()), ("z1 z2", 0));
    assert_eq!(web.bound_hook.as_deref(), Some("warm"));
    expect![[r#"
        [LifecycleHook { name: "warm", transition: Launch, timeout: SimDuration(600000), default_result: Disable, notify_ids: ["7"], answer: Some(Answer { after: SimDuration(40000), result: Continue, probability: Micro(1000000) }) }, LifecycleHook { name: "drain", transition: Terminate, timeout: SimDuration(30000), default_result: Continue, notify_ids: [], answer: None }]
        [Subscription { types: [ScaleOutSucceeded, ScaleOutFailed, ScaleInFailed], receivers: ["a", "b"] }]
    "#]].assert_eq(&format!("{:?}\n{:?}\n", web.hooks, web.notifications));
    // The only hook of a group is bound, unless it says otherwise.
    let bound = |rest: &str| {
        let hook = "[[group.hook]]\nname = \"h\"\ntransition = \"launch\"\ntimeout = 60\n\
                    default_result = \"continue\"\n";
        let text = edited("", &format!("{hook}{rest}"));
        scenario(&text, &[]).unwrap().setup.groups[0].bound_hook.clone()
    };
    assert_eq!((bound("").as_deref(), bound("bound = false")), (Some("h"), None));
    let second = "[[group.hook]]\nname = \"i\"\ntransition = \"terminate\"\ntimeout = 60\n\
                  default_result = \"continue\"\n";
    assert_eq!(bound(second), None);
    assert_eq!(bound(&format!("{second}bound = true")).as_deref(), Some("i"));
    let policy = edited("cooldown = \"5m\"", "cooldown = \"5m\"\nnotify_ids = [\"a\"]");
    assert_eq!(scenario(&policy, &[]).unwrap().setup.groups[0].policies[0].notify_ids, ["a"]);
}

/// Each kind of command of a group.
fn commands() -> Vec<String> {
    let policy = "metric = { dimension = \"cpu_usage\", operator = \"Less\", threshold = 20 }\n\
                  adjustment = { type = \"TotalCapacity\", value = 1 }\ncooldown = 60";
    vec![
        "do = \"set_capacity\"\nmax = 5".to_owned(),
        "do = \"protect\"\ninstance = 2".to_owned(),
        "do = \"protect\"\ninstance = [1, 2]\nprotect = false".to_owned(),
        "do = \"fail_instance\"\ninstance = 1\nfor = \"90s\"".to_owned(),
        "do = \"fail_instance\"\ninstance = 1".to_owned(),
        "do = \"suspend\"".to_owned(),
        "do = \"resume\"".to_owned(),
        "do = \"delete_group\"".to_owned(),
        "do = \"complete_hook\"\ninstance = 3\nresult = \"disable\"".to_owned(),
        "do = \"complete_hook\"\ninstance = 3".to_owned(),
        "do = \"renew_hook\"\ninstance = 3\ntimeout = \"2m\"".to_owned(),
        "do = \"attach\"\ncount = 2".to_owned(),
        "do = \"attach\"\nids = [\"m-1\"]".to_owned(),
        "do = \"detach\"\ninstance = 1\nkeep = true".to_owned(),
        "do = \"detach\"\ninstance = [1, 2]".to_owned(),
        "do = \"bind_hook\"\nhook = \"drain\"".to_owned(),
        "do = \"unbind_hook\"".to_owned(),
        format!("do = \"create_policy\"\nname = \"in\"\n{policy}\nnotify_ids = [\"x\"]"),
        "do = \"modify_policy\"\npolicy = \"out\"\nname = \"up\"\nmetric = { threshold = 60 }\n\
         adjustment = { value = 3 }\ncooldown = 0\nnotify_ids = []"
            .to_owned(),
        "do = \"delete_policy\"\npolicy = \"out\"".to_owned(),
        "do = \"create_task\"\nname = \"t\"\nmin = 1\nmax = 2\nstart = \"+20m\"\nend = \"+3d\"\n\
         recurrence = \"* * * * 1\""
            .to_owned(),
        "do = \"modify_task\"\ntask = \"noon\"\nname = \"later\"\nmax = 9\nstart = \"+40m\""
            .to_owned(),
        "do = \"modify_task\"\ntask = \"noon\"\nonce = true".to_owned(),
        "do = \"delete_task\"\ntask = \"noon\"".to_owned(),
        "do = \"create_hook\"\nname = \"h\"\ntransition = \"launch\"\ntimeout = 60\n\
         default_result = \"continue\""
            .to_owned(),
        "do = \"modify_hook\"\nhook = \"warm\"\ntimeout = \"2h\"\n\
         answer = { after = 5, result = \"disable\", probability = 0.5 }"
            .to_owned(),
        "do = \"delete_hook\"\nhook = \"drain\"".to_owned(),
    ]
}

/// As it is handed to the engine.
#[test]
fn every_command_is_read() {
    let mut told = String::new();
    for row in &commands() {
        let scenario = with(&format!("group = \"web\"\n{row}"));
        let [(at, command)] = scenario.setup.groups[0].script.as_slice() else { panic!("{row}") };
        assert_eq!(*at, scenario.setup.start + SimDuration::from_s(1200));
        let word = row.split('"').nth(1).unwrap();
        assert_eq!(command.word(), word);
        told += &format!("{}\n", serde_json::to_string(command).unwrap());
        // It is a command that a state can be restored from.
        let back: Command = serde_json::from_str(told.lines().last().unwrap()).unwrap();
        assert_eq!(back, *command);
    }
    expect![[r#"
        {"do":"resize","min":null,"max":5,"desired":null}
        {"do":"protect","instances":[2],"protect":true}
        {"do":"protect","instances":[1,2],"protect":false}
        {"do":"fail_instance","instance":1,"length":90}
        {"do":"fail_instance","instance":1,"length":null}
        {"do":"suspend"}
        {"do":"resume"}
        {"do":"delete_group"}
        {"do":"complete_hook","instance":3,"result":"disable"}
        {"do":"complete_hook","instance":3,"result":"continue"}
        {"do":"renew_hook","instance":3,"timeout":120}
        {"do":"attach","count":2}
        {"do":"attach","ids":["m-1"]}
        {"do":"detach","instances":[1],"keep":true}
        {"do":"detach","instances":[1,2],"keep":false}
        {"do":"bind_hook","hook":"drain"}
        {"do":"unbind_hook"}
        {"do":"create_policy","name":"in","alarm":{"dimension":"cpu_usage","operator":"Less","threshold":20,"repeat_times":3,"statistic":null},"adjustment":{"type":"TotalCapacity","value":1},"cooldown":60,"notify_ids":["x"]}
        {"do":"modify_policy","policy":"out","change":{"name":"up","dimension":null,"operator":null,"threshold":60,"repeat_times":null,"statistic":null,"adjustment_type":null,"adjustment_value":3,"cooldown":0,"notify_ids":[]}}
        {"do":"delete_policy","policy":"out"}
        {"do":"create_task","name":"t","min":1,"max":2,"start":1709259600,"repeat":{"recurrence":"* * * * 1","end":1709517600}}
        {"do":"modify_task","task":"noon","change":{"name":"later","min":null,"max":9,"start":1709260800,"recurrence":null,"end":null,"once":false}}
        {"do":"modify_task","task":"noon","change":{"name":null,"min":null,"max":null,"start":null,"recurrence":null,"end":null,"once":true}}
        {"do":"delete_task","task":"noon"}
        {"do":"create_hook","name":"h","transition":"launch","timeout":60,"default_result":"continue","notify_ids":[],"answer":null}
        {"do":"modify_hook","hook":"warm","change":{"name":null,"transition":null,"timeout":7200,"default_result":null,"notify_ids":null,"answer":{"after":5,"result":"disable","probability":0.5}}}
        {"do":"delete_hook","hook":"drain"}
    "#]].assert_eq(&told);
}

/// Each kind of change of the world.
#[test]
fn every_change_of_the_world_is_read() {
    let rows = [
        "do = \"image_deleted\"",
        "do = \"lb_deleted\"\ngroup = \"web\"",
        "do = \"snapshot_deleted\"\nfor = \"5m\"",
        "do = \"security_group_deleted\"",
        "do = \"subnet_deleted\"\nzone = \"z2\"",
        "do = \"sold_out\"\ngroup = \"web\"\nzone = \"z1\"\nfor = \"1h\"",
        "do = \"model_gone\"",
        "do = \"short\"\nfor = 1",
        "do = \"quota\"",
        "do = \"quota\"\nlimit = 4\nfor = \"5m\"",
        "do = \"balance\"",
        "do = \"key_deleted\"",
        "do = \"zone_outage\"\nzone = \"z1\"\nfor = \"5m\"",
        "do = \"zone_outage\"",
    ];
    let mut told = String::new();
    for row in rows {
        let setup = with(row).setup;
        assert!(setup.groups[0].script.is_empty());
        let begin = setup.start + SimDuration::from_s(1200);
        let length = |end: SimTime| match end {
            SimTime::MAX => "to the end".to_owned(),
            end => (end - begin).to_string(),
        };
        for c in &setup.conditions {
            assert_eq!(c.begin, begin);
            let (group, limit) = (c.group.map(|g| g.0), c.limit);
            let (cause, place) = (c.cause, &c.place);
            told += &format!("{cause:?} {group:?} {place:?} {limit:?} {}\n", length(c.end));
        }
        for outage in &setup.outages {
            assert_eq!(outage.begin, begin);
            told += &format!("outage {:?} {}\n", outage.place, length(outage.end));
        }
    }
    expect![[r#"
        ImageDeleted None None None to the end
        LbDeleted Some(0) None None to the end
        SnapshotDeleted None None None 5m
        SecurityGroupDeleted None None None to the end
        SubnetDeleted None Some("z2") None to the end
        SoldOut Some(0) Some("z1") None 1h
        ModelGone None None None to the end
        Short None None None 1s
        Quota None None None to the end
        Quota None None Some(4) 5m
        Balance None None None to the end
        KeyDeleted None None None to the end
        outage Some("z1") 5m
        outage None to the end
    "#]]
    .assert_eq(&told);
}

/// A kind is read from its key wherever that stands, and in JSON too.
#[test]
fn the_kind_may_stand_anywhere() {
    let toml = rich() + "[[at]]\ninstance = 1\ngroup = \"web\"\ndo = \"protect\"\ntime = \"+1m\"\n";
    let json: serde_json::Value = toml::from_str(&toml).unwrap();
    let (a, b) = (file(&toml, &[]).unwrap(), file(&json.to_string(), &[]).unwrap());
    assert_eq!(a, b);
    assert_eq!(a.at[0].head(), (&When::parse("+1m").unwrap(), Some("web")));
}
