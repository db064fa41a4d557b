//! Faulty scenarios and the line each is answered with: hooks, notifications, chance, the account,
//! configurations, and all kinds of `[[at]]`.

use expect_test::{Expect, expect};

use super::faults::edited;
use super::scenario;
use super::service::rich;

/// Holds the errors of the rich scenario with one more text at its end.
#[track_caller]
fn check(rows: &[String], expected: Expect) {
    let told = rows.iter().map(|row| {
        let error = match scenario(&format!("{}{row}\n", rich()), &[]) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error,
        };
        assert!(!error.contains('\n'), "one line: {error}");
        format!("{}\n    {error}\n", row.trim().replace('\n', "; "))
    });
    expected.assert_eq(&told.collect::<String>());
}

fn rows<const N: usize>(head: &str, rows: [&str; N]) -> Vec<String> {
    rows.iter().map(|row| format!("{head}{row}")).collect()
}

#[test]
fn hooks_and_notifications() {
    let with = |from: &str, to: &str| {
        let text = rich();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        scenario(&text.replace(from, to), &[]).err().unwrap_or_else(|| "accepted".to_owned()) + "\n"
    };
    let lines = [
        with("timeout = \"10m\"", "timeout = \"3h\""),
        with("timeout = \"10m\"", "timeout = \"500ms\""),
        with("transition = \"launch\"", "transition = \"start\""),
        with("default_result = \"disable\"", "default_result = 1"),
        with("name = \"warm\"", "name = \"\""),
        with("name = \"drain\"", "name = \"warm\""),
        with("default_result = \"continue\"\n", "default_result = \"continue\"\nbound = true\n"),
        with("result = \"continue\" }", "result = \"continue\", probability = 1.5 }"),
        with("after = \"40s\", ", ""),
        with("types = [4, 1, 2, 1]", "types = [1, 7]"),
        with("types = [4, 1, 2, 1]", "types = []"),
        with("types = [4, 1, 2, 1]", "types = [\"1\"]"),
        with("receivers = [\"b\", \"a\"]", "receivers = []"),
        with("receivers = [\"b\", \"a\"]", "receivers = [\"b\", \"\"]"),
        with(
            "notify_ids = [\"7\"]",
            "notify_ids = [\"7\", \"8\"]\n[limits]\nnotify_ids = 1\n[[x]]",
        ),
    ];
    expect![[r#"
        case.toml:40: group.web.hook.warm.timeout: InvalidParameter: hook timeout 3h is out of range: whole seconds, 1 to 7200
        case.toml:40: group.web.hook.warm.timeout: InvalidParameter: hook timeout 500ms is out of range: whole seconds, 1 to 7200
        case.toml:39: group.web.hook.warm.transition: unknown value `start` (known: launch, terminate)
        case.toml:41: group.web.hook.warm.default_result: found `1`, expected a word (known: continue, disable)
        case.toml:38: group.web.hook[0].name: InvalidParameter: hook name "" must have 1 to 60 characters, none of them a control character
        case.toml:47: group.web.hook.warm.name: NameDuplicate.LifeCycleHook: a hook named "warm" already exists
        case.toml:51: group.web.hook.drain.bound: hook `warm` is bound already, and only one of a group can be
        case.toml:44: group.web.hook.warm.answer.probability: InvalidParameter: answer probability 1.5 is out of range: 0 to 1
        case.toml:44: group.web.hook.warm.answer: key `after` is missing
        case.toml:53: group.web.notification[0].types[1]: InvalidParameter.NotifyType: notification type 7 is unknown: 1 to 6
        case.toml:53: group.web.notification[0].types: InvalidParameter.NotifyPara: a notification needs at least one of types
        case.toml:53: group.web.notification[0].types[0]: found the text "1", expected a whole number
        case.toml:54: group.web.notification[0].receivers: InvalidParameter.NotifyPara: a notification needs at least one of receivers
        case.toml:54: group.web.notification[0].receivers[1]: InvalidParameter.NotifyPara: a receiver has no name
        case.toml:46: x: unknown key `x` (known: name, about, start, duration, seed, utc_offset, semantics, latency, cost, slo, limits, faults, account, trace, configuration, machine, group, at, expect, lint)
    "#]].assert_eq(&lines.concat());
    let limits = ["hooks_per_group=1", "zones_per_group=1", "notify_ids=0"];
    let limits = limits.iter().chain(&["notifications_per_group=0"]);
    let lines: Vec<String> = limits
        .map(|limit| scenario(&rich(), &[&format!("limits.{limit}")]).err().unwrap() + "\n")
        .collect();
    expect![[r#"
        case.toml:47: group.web.hook.drain.name: QuotaExceeded.HookLimit: one more hook is above the limit of 1 (limits.hooks_per_group)
        case.toml:19: group.web.zones: group "web" has 2 zones, more than the limit of 1 (limits.zones_per_group)
        case.toml:43: group.web.hook.warm.notify_ids: InvalidParameter: 1 user groups are more than the limit of 0 (limits.notify_ids)
        case.toml:52: group.web.notification[0]: QuotaExceeded.ScalingNotification: one more notification is above the limit of 0 (limits.notifications_per_group)
    "#]].assert_eq(&lines.concat());
}

#[test]
fn chance_and_the_account() {
    let mut all = rows(
        "[faults]\n",
        [
            "mtbf = 0",
            "mtbf = \"often\"",
            "launch_failure = 1.1",
            "launch_failure = -1",
            "launch_failure = \"never\"",
            "launch_failure = { cause = \"short\" }",
            "launch_failure = { probability = 1, cause = \"bad_luck\" }",
            "launch_failure = { probability = 2 }",
        ],
    );
    all.extend(rows("[group.faults]\n", ["mtbf = 0", "launch_failure = 2"]).into_iter().map(
        // A table of a group has to stand before the machines.
        |row| format!("[[group]]\nname = \"other\"\nmin = 0\nmax = 1\n{row}"),
    ));
    all.extend(rows(
        "[account]\n",
        ["region = \"\"", "project = -1", "instance_limit = \"many\"", "zone = 1"],
    ));
    check(
        &all,
        expect![[r#"
        [faults]; mtbf = 0
            case.toml:68: faults.mtbf: found 0s, allowed more
        [faults]; mtbf = "often"
            case.toml:68: faults.mtbf: `often` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        [faults]; launch_failure = 1.1
            case.toml:68: faults.launch_failure: found 1.1, allowed a probability of 0 to 1
        [faults]; launch_failure = -1
            case.toml:68: faults.launch_failure: found -1, allowed a probability of 0 to 1
        [faults]; launch_failure = "never"
            case.toml:68: faults.launch_failure: found the text "never", expected a probability, or { probability = 0.1, cause = "sold_out" }
        [faults]; launch_failure = { cause = "short" }
            case.toml:68: faults.launch_failure: key `probability` is missing
        [faults]; launch_failure = { probability = 1, cause = "bad_luck" }
            case.toml:68: faults.launch_failure.cause: unknown value `bad_luck` (known: key_deleted, image_deleted, lb_deleted, snapshot_deleted, security_group_deleted, subnet_deleted, model_gone, balance, quota, sold_out, short)
        [faults]; launch_failure = { probability = 2 }
            case.toml:68: faults.launch_failure: found 2, allowed a probability of 0 to 1
        [[group]]; name = "other"; min = 0; max = 1; [group.faults]; mtbf = 0
            case.toml:72: group.other.faults.mtbf: found 0s, allowed more
        [[group]]; name = "other"; min = 0; max = 1; [group.faults]; launch_failure = 2
            case.toml:72: group.other.faults.launch_failure: found 2, allowed a probability of 0 to 1
        [account]; region = ""
            case.toml:68: account.region: found "", allowed 1 to 60 characters, no control character
        [account]; project = -1
            case.toml:68: account.project: found `-1`, expected a whole number of 0 to 4294967295
        [account]; instance_limit = "many"
            case.toml:68: account.instance_limit: found the text "many", expected a whole number of 0 to 4294967295
        [account]; zone = 1
            case.toml:68: account.zone: unknown key `zone` (known: project, region, instance_limit)
    "#]],
    );
}

#[test]
fn machines() {
    let all = rows(
        "[[machine]]\n",
        [
            "id = \"m-1\"\ncpu = 1\nmem = 1",
            "id = \"\"\ncpu = 1\nmem = 1",
            "id = \"m\"\ncpu = 0\nmem = 1",
            "id = \"m\"\ncpu = 1\nmem = 0",
            "id = \"m\"\ncpu = 1",
        ],
    );
    check(
        &all,
        expect![[r#"
        [[machine]]; id = "m-1"; cpu = 1; mem = 1
            case.toml:68: machine[2].id: two machines have the id `m-1`
        [[machine]]; id = ""; cpu = 1; mem = 1
            case.toml:68: machine[2].id: found "", allowed 1 to 60 characters, no control character
        [[machine]]; id = "m"; cpu = 0; mem = 1
            case.toml:69: machine[2].cpu: found 0, allowed 1 or more
        [[machine]]; id = "m"; cpu = 1; mem = 0
            case.toml:70: machine[2].mem: found 0, allowed 1 or more
        [[machine]]; id = "m"; cpu = 1
            case.toml:67: machine[2]: key `mem` is missing
    "#]],
    );
}

#[test]
fn configurations() {
    let all = rows(
        "[[configuration]]\n",
        [
            "name = \"c\"\nmem = 2",
            "name = \"small\"\ncpu = 1\nmem = 2",
            "name = \"\"\ncpu = 1\nmem = 2",
            "name = \"c\"\ncpu = 3\nmem = 4",
            "name = \"c\"\ncpu = 1\nmem = 9",
            "name = \"c\"\ncpu = 1\nmem = 1\nstorage_type = \"local_disk\"\nstorage_size = 10",
            "name = \"c\"\ncpu = 1\nmem = 2\nstorage_type = \"local_ssd\"\ndata_snapshot = \"s\"",
            "name = \"c\"\ncpu = 1\nmem = 2\nstorage_size = 4010",
            "name = \"c\"\ncpu = 1\nmem = 2\nstorage_size = 15",
            "name = \"c\"\ncpu = 1\nmem = 2\nstorage_type = \"disk\"",
            "name = \"c\"\ncpu = 1\nmem = 2\nroot_size = 19",
            "name = \"c\"\ncpu = 1\nmem = 2\nbandwidth = 201",
            "name = \"c\"\ncpu = 1\nmem = 2\nimage = \"\"",
            "name = \"c\"\ncpu = 1\nmem = 2\nimage_type = 3",
            "name = \"c\"\ncpu = 1\nmem = 2\ncvm_type = 13",
            "name = \"c\"\ncpu = 1\nmem = 2\nkey = \"k\"\npassword = true",
            "name = \"c\"\ncpu = 1\nmem = 2\npassword = \"hunter2\"",
            "name = \"c\"\ncpu = 1\nmem = 2\npassword = 1234",
        ],
    );
    check(
        &all,
        expect![[r#"
        [[configuration]]; name = "c"; mem = 2
            case.toml:67: configuration.c: key `cpu` is missing
        [[configuration]]; name = "small"; cpu = 1; mem = 2
            case.toml:68: configuration.small.name: NameDuplicate.ScallingConfiguration: a configuration named "small" already exists
        [[configuration]]; name = ""; cpu = 1; mem = 2
            case.toml:68: configuration[1].name: InvalidParameter: configuration name "" must have 1 to 60 characters, none of them a control character
        [[configuration]]; name = "c"; cpu = 3; mem = 4
            case.toml:69: configuration.c.cpu: OprationFail.CpuOrMemNotExsit: 3 cores with 4 GB are not sold: cores [1, 2, 4, 8, 12, 16, 24, 32, 48, 56], memory 1 to 256 GB and 1 to 8 GB for each core
        [[configuration]]; name = "c"; cpu = 1; mem = 9
            case.toml:69: configuration.c.cpu: OprationFail.CpuOrMemNotExsit: 1 cores with 9 GB are not sold: cores [1, 2, 4, 8, 12, 16, 24, 32, 48, 56], memory 1 to 256 GB and 1 to 8 GB for each core
        [[configuration]]; name = "c"; cpu = 1; mem = 1; storage_type = "local_disk"; storage_size = 10
            case.toml:71: configuration.c.storage_type: InvalidParameter.CbsNotMatchCpu: a machine of 1 core and 1 GB cannot have a local data disk
        [[configuration]]; name = "c"; cpu = 1; mem = 2; storage_type = "local_ssd"; data_snapshot = "s"
            case.toml:71: configuration.c.storage_type: InvalidParameter.storageType: a snapshot needs a cloud disk as data disk
        [[configuration]]; name = "c"; cpu = 1; mem = 2; storage_size = 4010
            case.toml:71: configuration.c.storage_size: QuotaExceeded.storageSize: data disk of 4010 GB is out of range: 0 to 4000
        [[configuration]]; name = "c"; cpu = 1; mem = 2; storage_size = 15
            case.toml:71: configuration.c.storage_size: InvalidParameter: storage_size 15 is out of range: a multiple of 10 GB
        [[configuration]]; name = "c"; cpu = 1; mem = 2; storage_type = "disk"
            case.toml:71: configuration.c.storage_type: unknown value `disk` (known: local_disk, cloud_disk, local_ssd, cloud_ssd, premium_cloud_disk)
        [[configuration]]; name = "c"; cpu = 1; mem = 2; root_size = 19
            case.toml:71: configuration.c.root_size: QuotaExceeded.rootSize: system disk of 19 GB is out of range: 20 to 500
        [[configuration]]; name = "c"; cpu = 1; mem = 2; bandwidth = 201
            case.toml:71: configuration.c.bandwidth: InvalidParameter: bandwidth 201 is out of range: 0 to 200 Mbps, or 65535
        [[configuration]]; name = "c"; cpu = 1; mem = 2; image = ""
            case.toml:71: configuration.c.image: InvalidParameter: image "" is out of range: an image's id
        [[configuration]]; name = "c"; cpu = 1; mem = 2; image_type = 3
            case.toml:71: configuration.c.image_type: InvalidParameter: image_type 3 is out of range: 1 or 2
        [[configuration]]; name = "c"; cpu = 1; mem = 2; cvm_type = 13
            case.toml:71: configuration.c.cvm_type: InvalidParameter: cvm_type 13 is out of range: 11, 12, 21, 22, 31, 32 or 42
        [[configuration]]; name = "c"; cpu = 1; mem = 2; key = "k"; password = true
            case.toml:71: configuration.c.key: InvalidParameter: key with a password is out of range: one of the two
        [[configuration]]; name = "c"; cpu = 1; mem = 2; password = "hunter2"
            case.toml:71: configuration.c.password: a password does not belong in a scenario: write `true` or "set"
        [[configuration]]; name = "c"; cpu = 1; mem = 2; password = 1234
            case.toml:71: configuration.c.password: a password does not belong in a scenario: write `true` or "set"
    "#]],
    );
    let many = ["limits.configurations_per_project=1"];
    let text = rich() + "[[configuration]]\nname = \"c\"\ncpu = 1\nmem = 2\n";
    expect!["case.toml:68: configuration.c.name: QuotaExceeded.ScallingConfiguration: one more configuration is above the limit of 1 (limits.configurations_per_project)"].assert_eq(&scenario(&text, &many).err().unwrap());
}

#[test]
fn places() {
    let told = |from: &str, to: &str| {
        scenario(&edited(from, to), &[]).err().unwrap_or_else(|| "accepted".to_owned()) + "\n"
    };
    let lines = [
        told("desired = 2", "zones = [\"a\", \"a\"]"),
        told("desired = 2", "zones = [\"\"]"),
        told("desired = 2", "zones = [\"a\"]\nsubnets = [\"s\"]"),
        told("desired = 2", "subnets = [\"s\", \"s\"]"),
        told("desired = 2", "load_balancers = [\"l\", \"l\"]"),
        told("desired = 2", "zones = \"a\""),
        told("desired = 2", "subnets = [\"s\"]"),
    ];
    expect![[r#"
        case.toml:18: group.web.zones: group "web": zone "a" stands twice
        case.toml:18: group.web.zones: group "web": zone "" has no name
        case.toml:19: group.web.subnets: group "web": subnet "s" cannot stand beside zones
        case.toml:18: group.web.subnets: group "web": subnet "s" stands twice
        case.toml:18: group.web.load_balancers: group "web": load balancer "l" stands twice
        case.toml:18: group.web.zones: found the text "a", expected an array
        accepted
    "#]]
    .assert_eq(&lines.concat());
}

const AT: &str = "[[at]]\ntime = \"+20m\"\ngroup = \"web\"\n";

#[test]
fn commands_of_groups() {
    let all = rows(
        AT,
        [
            "do = 7",
            "do = [\"suspend\"]",
            "do = \"supsend\"",
            "do = \"suspend\"\nfor = \"5m\"",
            "do = \"set_capacity\"\nmin = \"2\"",
            "do = \"set_capacity\"\nmin = 5\nmax = 4",
            "do = \"set_capacity\"\nmax = 31",
            "do = \"set_capacity\"\nmax = 4\ndesired = 5",
        ],
    );
    check(
        &all,
        expect![[r#"
        [[at]]; time = "+20m"; group = "web"; do = 7
            case.toml:70: at[0].do: found `7`, expected a word (known: set_capacity, protect, fail_instance, suspend, resume, delete_group, complete_hook, renew_hook, attach, detach, bind_hook, unbind_hook, create_policy, modify_policy, delete_policy, create_task, modify_task, delete_task, create_hook, modify_hook, delete_hook, image_deleted, lb_deleted, snapshot_deleted, security_group_deleted, subnet_deleted, sold_out, model_gone, short, quota, balance, key_deleted, zone_outage)
        [[at]]; time = "+20m"; group = "web"; do = ["suspend"]
            case.toml:70: at[0].do: found an array, expected a word (known: set_capacity, protect, fail_instance, suspend, resume, delete_group, complete_hook, renew_hook, attach, detach, bind_hook, unbind_hook, create_policy, modify_policy, delete_policy, create_task, modify_task, delete_task, create_hook, modify_hook, delete_hook, image_deleted, lb_deleted, snapshot_deleted, security_group_deleted, subnet_deleted, sold_out, model_gone, short, quota, balance, key_deleted, zone_outage)
        [[at]]; time = "+20m"; group = "web"; do = "supsend"
            case.toml:70: at[0].do: unknown value `supsend`, did you mean `suspend`? (known: set_capacity, protect, fail_instance, suspend, resume, delete_group, complete_hook, renew_hook, attach, detach, bind_hook, unbind_hook, create_policy, modify_policy, delete_policy, create_task, modify_task, delete_task, create_hook, modify_hook, delete_hook, image_deleted, lb_deleted, snapshot_deleted, security_group_deleted, subnet_deleted, sold_out, model_gone, short, quota, balance, key_deleted, zone_outage)
        [[at]]; time = "+20m"; group = "web"; do = "suspend"; for = "5m"
            case.toml:71: at[0].for: unknown key `for` (known: time, group)
        [[at]]; time = "+20m"; group = "web"; do = "set_capacity"; min = "2"
            case.toml:71: at[0].min: found the text "2", expected a whole number of 0 to 4294967295
        [[at]]; time = "+20m"; group = "web"; do = "set_capacity"; min = 5; max = 4
            case.toml:71: at[0].min: Conflict.MaxsizeLessMinsize: minimum size 5 is above the maximum size 4
        [[at]]; time = "+20m"; group = "web"; do = "set_capacity"; max = 31
            case.toml:71: at[0].max: Conflict.MaxsizeLessMinsize: maximum size 31 is above the limit of 30 (limits.max_size)
        [[at]]; time = "+20m"; group = "web"; do = "set_capacity"; max = 4; desired = 5
            case.toml:72: at[0].desired: InvalidParameter.DesiredCapacity: desired capacity 5 is outside the bounds 0 to 4
    "#]],
    );
}

#[test]
fn commands_of_instances() {
    let all = rows(
        AT,
        [
            "do = \"protect\"",
            "do = \"protect\"\ninstance = 0",
            "do = \"protect\"\ninstance = -1",
            "do = \"protect\"\ninstance = []",
            "do = \"protect\"\ninstance = [1, \"2\"]",
            "do = \"protect\"\ninstance = \"ins-1\"",
            "do = \"protect\"\ninstance = 1\nprotect = \"yes\"",
            "do = \"fail_instance\"\ninstance = 1\nfor = 0",
            "do = \"fail_instance\"\ninstance = [1]",
            "do = \"complete_hook\"\ninstance = 1\nresult = \"abandon\"",
            "do = \"renew_hook\"\ninstance = 1\ntimeout = \"999ms\"",
            "do = \"attach\"",
            "do = \"attach\"\ncount = 1\nids = [\"m-1\"]",
            "do = \"attach\"\ncount = 0",
            "do = \"attach\"\ncount = 21",
            "do = \"attach\"\nids = []",
            "do = \"detach\"\ninstance = 1\nkeep = 1",
            "do = \"bind_hook\"\nhook = \"worm\"",
            "do = \"delete_group\"\nhook = \"warm\"",
        ],
    );
    check(
        &all,
        expect![[r#"
        [[at]]; time = "+20m"; group = "web"; do = "protect"
            case.toml:67: at[0]: key `instance` is missing
        [[at]]; time = "+20m"; group = "web"; do = "protect"; instance = 0
            case.toml:71: at[0].instance: found 0: instances are counted from 1
        [[at]]; time = "+20m"; group = "web"; do = "protect"; instance = -1
            case.toml:71: at[0].instance: found `-1`, expected the number of an instance, or a list of numbers
        [[at]]; time = "+20m"; group = "web"; do = "protect"; instance = []
            case.toml:71: at[0].instance: InvalidParameter: found none, allowed 1 or more
        [[at]]; time = "+20m"; group = "web"; do = "protect"; instance = [1, "2"]
            case.toml:71: at[0].instance[1]: found the text "2", expected a whole number of 0 to 4294967295
        [[at]]; time = "+20m"; group = "web"; do = "protect"; instance = "ins-1"
            case.toml:71: at[0].instance: found the text "ins-1", expected the number of an instance, or a list of numbers
        [[at]]; time = "+20m"; group = "web"; do = "protect"; instance = 1; protect = "yes"
            case.toml:72: at[0].protect: found the text "yes", expected true or false
        [[at]]; time = "+20m"; group = "web"; do = "fail_instance"; instance = 1; for = 0
            case.toml:72: at[0].for: found 0s, allowed more
        [[at]]; time = "+20m"; group = "web"; do = "fail_instance"; instance = [1]
            case.toml:71: at[0].instance: found an array, expected a whole number of 0 to 4294967295
        [[at]]; time = "+20m"; group = "web"; do = "complete_hook"; instance = 1; result = "abandon"
            case.toml:72: at[0].result: unknown value `abandon` (known: continue, disable)
        [[at]]; time = "+20m"; group = "web"; do = "renew_hook"; instance = 1; timeout = "999ms"
            case.toml:72: at[0].timeout: InvalidParameter: found 999ms, allowed 1s or more
        [[at]]; time = "+20m"; group = "web"; do = "attach"
            case.toml:67: at[0]: give one of `count` and `ids`
        [[at]]; time = "+20m"; group = "web"; do = "attach"; count = 1; ids = ["m-1"]
            case.toml:67: at[0]: give one of `count` and `ids`
        [[at]]; time = "+20m"; group = "web"; do = "attach"; count = 0
            case.toml:71: at[0].count: InvalidParameter: found none, allowed 1 or more
        [[at]]; time = "+20m"; group = "web"; do = "attach"; count = 21
            case.toml:71: at[0].count: InvalidParameter: found 21, allowed at most 20 (limits.instances_per_call)
        [[at]]; time = "+20m"; group = "web"; do = "attach"; ids = []
            case.toml:71: at[0].ids: InvalidParameter: found none, allowed 1 or more
        [[at]]; time = "+20m"; group = "web"; do = "detach"; instance = 1; keep = 1
            case.toml:72: at[0].keep: found `1`, expected true or false
        [[at]]; time = "+20m"; group = "web"; do = "bind_hook"; hook = "worm"
            case.toml:71: at[0].hook: Conflict.ScalingGroupIdVsLifeCycleHookId: group `web` never has a hook named `worm`, did you mean `warm`?
        [[at]]; time = "+20m"; group = "web"; do = "delete_group"; hook = "warm"
            case.toml:71: at[0].hook: unknown key `hook` (known: time, group)
    "#]],
    );
}

#[test]
fn edits_of_policies() {
    let mut all = rows(
        AT,
        [
            "do = \"modify_policy\"\npolicy = \"uot\"\ncooldown = 1",
            "do = \"modify_policy\"\ncooldown = 1",
            "do = \"modify_policy\"\npolicy = \"out\"\nmetric = { threshold = 101 }",
            "do = \"modify_policy\"\npolicy = \"out\"\nmetric = { treshold = 10 }",
            "do = \"modify_policy\"\npolicy = \"out\"\nmetric = { dimension = \"mem_usage\" }",
            "do = \"modify_policy\"\npolicy = \"out\"\nadjustment = { type = \"TotalCapacity\", value = -2 }",
            "do = \"modify_policy\"\npolicy = \"out\"\nname = \"\"",
            "do = \"delete_policy\"\npolicy = \"in\"",
        ],
    );
    // What an earlier edit made of it counts.
    all.push(format!(
        "{AT}do = \"modify_policy\"\npolicy = \"out\"\nname = \"up\"\n\
         [[at]]\ntime = \"+30m\"\ngroup = \"web\"\ndo = \"modify_policy\"\npolicy = \"up\"\n\
         adjustment = {{ type = \"PercentChangeInCapacity\" }}\n\
         [[at]]\ntime = \"+25m\"\ngroup = \"web\"\ndo = \"modify_policy\"\npolicy = \"up\"\n\
         adjustment = {{ type = \"PercentChangeInCapacity\", value = 100 }}\n\
         [[at]]\ntime = \"+35m\"\ngroup = \"web\"\ndo = \"modify_policy\"\npolicy = \"up\"\n\
         adjustment = {{ type = \"TotalCapacity\" }}"
    ));
    check(
        &all,
        expect![[r#"
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "uot"; cooldown = 1
            case.toml:71: at[0].policy: InvalidParameter.ScalingPolicyIdError: group `web` never has a policy named `uot`, did you mean `out`?
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; cooldown = 1
            case.toml:67: at[0]: key `policy` is missing
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "out"; metric = { threshold = 101 }
            case.toml:72: at[0].metric.threshold: InvalidParameter.Metric: threshold 101 of cpu_usage is out of range: 0 to 100 per cent
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "out"; metric = { treshold = 10 }
            case.toml:72: at[0].metric.treshold: unknown key `treshold`, did you mean `threshold`? (known: dimension, operator, threshold, repeat_times, statistic)
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "out"; metric = { dimension = "mem_usage" }
            case.toml:72: at[0].metric.dimension: the group's load has no mem_usage: give it a source in [group.load]
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "out"; adjustment = { type = "TotalCapacity", value = -2 }
            case.toml:72: at[0].adjustment.value: InvalidParameter.AdjustmentValue: adjustment value -2 is out of range: 0 to 30 (limits.max_size)
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "out"; name = ""
            case.toml:72: at[0].name: InvalidParameter.ScalingPolicyNameError: policy name "" must have 1 to 60 characters, none of them a control character
        [[at]]; time = "+20m"; group = "web"; do = "delete_policy"; policy = "in"
            case.toml:71: at[0].policy: InvalidParameter.ScalingPolicyIdError: group `web` never has a policy named `in`
        [[at]]; time = "+20m"; group = "web"; do = "modify_policy"; policy = "out"; name = "up"; [[at]]; time = "+30m"; group = "web"; do = "modify_policy"; policy = "up"; adjustment = { type = "PercentChangeInCapacity" }; [[at]]; time = "+25m"; group = "web"; do = "modify_policy"; policy = "up"; adjustment = { type = "PercentChangeInCapacity", value = 100 }; [[at]]; time = "+35m"; group = "web"; do = "modify_policy"; policy = "up"; adjustment = { type = "TotalCapacity" }
            case.toml:90: at[3].adjustment.value: InvalidParameter.AdjustmentValue: adjustment value 100 is out of range: 0 to 30 (limits.max_size)
    "#]],
    );
}

#[test]
fn edits_of_tasks_and_hooks() {
    let task = "do = \"create_task\"\nname = \"t\"\nmin = 1\nmax = 2";
    let mut all = rows(
        AT,
        [
            "do = \"modify_task\"\ntask = \"night\"\nmin = 1",
            "do = \"modify_task\"\ntask = \"noon\"\nmin = 9",
            "do = \"modify_task\"\ntask = \"noon\"\nstart = \"+19m59s\"",
            "do = \"modify_task\"\ntask = \"noon\"\nend = \"+2d\"",
            "do = \"modify_task\"\ntask = \"noon\"\nrecurrence = \"* * * * 8\"",
            "do = \"modify_task\"\ntask = \"noon\"\nend = \"+10m\"\nrecurrence = \"* * * * *\"",
            "do = \"delete_task\"\ntask = \"\"",
            "do = \"modify_hook\"\nhook = \"warm\"\ntimeout = 0",
            "do = \"modify_hook\"\nhook = \"warm\"\nanswer = { after = 1, result = \"continue\", probability = -1 }",
            "do = \"delete_hook\"\nhook = \"wram\"",
            "do = \"create_hook\"\nname = \"h\"\ntransition = \"launch\"\ntimeout = \"3h\"\ndefault_result = \"continue\"",
            "do = \"create_hook\"\nname = \"h\"\ntransition = \"launch\"\ntimeout = 60\ndefault_result = \"continue\"\nbound = true",
        ],
    );
    all.push(format!("{AT}{task}\nstart = \"+10m\""));
    all.push(format!("{AT}{task}\nstart = \"+30m\"\nrecurrence = \"0 9 * * *\"\nend = \"+1d\""));
    check(
        &all,
        expect![[r#"
        [[at]]; time = "+20m"; group = "web"; do = "modify_task"; task = "night"; min = 1
            case.toml:71: at[0].task: InvalidScheduledTask.NotExist: group `web` never has a task named `night`
        [[at]]; time = "+20m"; group = "web"; do = "modify_task"; task = "noon"; min = 9
            case.toml:72: at[0].min: Conflict.MaxsizeLessMinsize: minimum size 9 is above the maximum size 8
        [[at]]; time = "+20m"; group = "web"; do = "modify_task"; task = "noon"; start = "+19m59s"
            case.toml:72: at[0].start: InvalidParameter: task "noon" starts in the past
        [[at]]; time = "+20m"; group = "web"; do = "modify_task"; task = "noon"; end = "+2d"
            case.toml:72: at[0].end: InvalidParameter.EndtimeAndRecurrence: recurrence and end go together: one without the other is nothing
        [[at]]; time = "+20m"; group = "web"; do = "modify_task"; task = "noon"; recurrence = "* * * * 8"
            case.toml:72: at[0].recurrence: InvalidParameter: `* * * * 8` is no crontab: day of week `8` is not one of 0 to 7, or a name of three letters
        [[at]]; time = "+20m"; group = "web"; do = "modify_task"; task = "noon"; end = "+10m"; recurrence = "* * * * *"
            case.toml:72: at[0].end: InvalidParameter: the repetition ends before the task starts
        [[at]]; time = "+20m"; group = "web"; do = "delete_task"; task = ""
            case.toml:71: at[0].task: InvalidScheduledTask.NotExist: group `web` never has a task named ``
        [[at]]; time = "+20m"; group = "web"; do = "modify_hook"; hook = "warm"; timeout = 0
            case.toml:72: at[0].timeout: InvalidParameter: hook timeout 0s is out of range: whole seconds, 1 to 7200
        [[at]]; time = "+20m"; group = "web"; do = "modify_hook"; hook = "warm"; answer = { after = 1, result = "continue", probability = -1 }
            case.toml:72: at[0].answer.probability: InvalidParameter: answer probability -1 is out of range: 0 to 1
        [[at]]; time = "+20m"; group = "web"; do = "delete_hook"; hook = "wram"
            case.toml:71: at[0].hook: Conflict.ScalingGroupIdVsLifeCycleHookId: group `web` never has a hook named `wram`, did you mean `warm`?
        [[at]]; time = "+20m"; group = "web"; do = "create_hook"; name = "h"; transition = "launch"; timeout = "3h"; default_result = "continue"
            case.toml:73: at.h.timeout: InvalidParameter: hook timeout 3h is out of range: whole seconds, 1 to 7200
        [[at]]; time = "+20m"; group = "web"; do = "create_hook"; name = "h"; transition = "launch"; timeout = 60; default_result = "continue"; bound = true
            case.toml:75: at.h.bound: unknown key `bound` (known: time, group, name, transition, timeout, default_result, notify_ids, answer)
        [[at]]; time = "+20m"; group = "web"; do = "create_task"; name = "t"; min = 1; max = 2; start = "+10m"
            case.toml:74: at.t.start: InvalidParameter: task "t" starts in the past
        [[at]]; time = "+20m"; group = "web"; do = "create_task"; name = "t"; min = 1; max = 2; start = "+30m"; recurrence = "0 9 * * *"; end = "+1d"
            case.toml:75: at.t.recurrence: InvalidParameter: `0 9 * * *` is no crontab: minute and hour must be `*`: the time of day is the task's own
    "#]],
    );
}

#[test]
fn changes_of_the_world() {
    let all = rows(
        "[[at]]\ntime = \"+20m\"\n",
        [
            "do = \"balance\"\nzone = \"z1\"",
            "do = \"sold_out\"\nzone = \"z3\"",
            "do = \"sold_out\"\nzone = \"z3\"\ngroup = \"web\"",
            "do = \"sold_out\"\ngroup = \"wbe\"",
            "do = \"sold_out\"\nfor = 0",
            "do = \"sold_out\"\nlimit = 4",
            "do = \"quota\"\nlimit = -4",
            "do = \"quota\"\nlimit = 4\nfor = \"-1s\"",
            "do = \"zone_outage\"\nfor = \"0s\"",
            "do = \"zone_outage\"\nzone = 1",
            "do = \"suspend\"",
        ],
    );
    check(
        &all,
        expect![[r#"
        [[at]]; time = "+20m"; do = "balance"; zone = "z1"
            case.toml:70: at[0].zone: unknown key `zone` (known: time, group, for)
        [[at]]; time = "+20m"; do = "sold_out"; zone = "z3"
            case.toml:70: at[0].zone: no group has a zone or subnet `z3`, did you mean `z2`?
        [[at]]; time = "+20m"; do = "sold_out"; zone = "z3"; group = "web"
            case.toml:70: at[0].zone: group `web` has no zone or subnet `z3`, did you mean `z2`?
        [[at]]; time = "+20m"; do = "sold_out"; group = "wbe"
            case.toml:70: at[0].group: no [[group]] is named `wbe`, did you mean `web`?
        [[at]]; time = "+20m"; do = "sold_out"; for = 0
            case.toml:70: at[0].for: found 0s, allowed more
        [[at]]; time = "+20m"; do = "sold_out"; limit = 4
            case.toml:70: at[0].limit: unknown key `limit` (known: time, group, zone, for)
        [[at]]; time = "+20m"; do = "quota"; limit = -4
            case.toml:70: at[0].limit: found `-4`, expected a whole number of 0 to 4294967295
        [[at]]; time = "+20m"; do = "quota"; limit = 4; for = "-1s"
            case.toml:71: at[0].for: `-1s` is no duration: write numbers with units ms, s, m, h, d, w, the largest first, as in `1h30m`
        [[at]]; time = "+20m"; do = "zone_outage"; for = "0s"
            case.toml:70: at[0].for: found 0s, allowed more
        [[at]]; time = "+20m"; do = "zone_outage"; zone = 1
            case.toml:70: at[0].zone: found `1`, expected a string in quotes
        [[at]]; time = "+20m"; do = "suspend"
            case.toml:67: at[0]: key `group` is missing
    "#]],
    );
}
