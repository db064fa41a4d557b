//! Good scenarios and traces that use every key there is.

/// Scenarios, TOML and JSON.
pub const SCENARIOS: [&str; 7] = [
    include_str!("../../../scenarios/flash-crowd.toml"),
    include_str!("../../../scenarios/recorded-week.toml"),
    EVERY_KEY,
    ALL_LOADS,
    BUSY,
    JSON,
    SERVICE,
];

/// The files they read.
pub const TRACES: [(&str, &[u8]); 5] = [
    ("data/flash-crowd.csv", include_bytes!("../../../scenarios/data/flash-crowd.csv")),
    ("data/recorded-week.csv", include_bytes!("../../../scenarios/data/recorded-week.csv")),
    ("mixed.csv", MIXED_CSV),
    ("plain.csv", PLAIN_CSV),
    ("semicolons.csv", SEMICOLONS_CSV),
];

const MIXED_CSV: &[u8] = b"\xEF\xBB\xBF# an export\r\ntimestamp,cpu,count\r\n\
2024-03-01T00:00:00+08:00,41.5,4\r\n2024-03-01T00:05:00+08:00,\"42\",4\r\n\
2024-03-01T00:05:00+08:00,43,4\r\n2024-03-01T00:10:00+08:00,,5\r\n\
2024-03-01T01:00:00+08:00,99.9,5\r\n2024-03-01T00:55:00+08:00,80%,6\r\n";

const PLAIN_CSV: &[u8] = b"120\n130\n140.5\n90\n0\n600\n700\n";

const SEMICOLONS_CSV: &[u8] = b"sep=;\nDatum;Wert\n01.03.2024 00:00;41,5\n01.03.2024 00:05;43,5\n\
01.03.2024 00:10;NaN\n01.03.2024 00:15;44\n";

const EVERY_KEY: &str = r#"name = "every-key"
about = "Uses every key of the format."
start = "2024-03-01 00:00:00"
duration = "2h"
seed = 42
utc_offset = "+08:00"

[semantics]
period = 60
statistic = "Maximum"
missing = "Holds"
streak = "Rearm"
percent_rounding = "Nearest"
percent_base = "Actual"
profile = "aws-simple"
replace_order = "LaunchFirst"
retry = "Immediate"
scheduled_obeys_cooldown = true

[latency]
preset = "modern-linux"
random = true
creating = { median = "97s", sigma = 0.2 }
preheating = "5s"
attach_lb = 3
detach_lb = "2s"
removing = { median = 10, sigma = 1.5 }
attaching = "1s"
detaching = { median = "2s", sigma = 0.5 }

[cost]
per_instance_hour = 0.12
billing = "per_hour"
currency = "EUR"

[slo]
utilisation = 75
lost_load = 0.01

[limits]
max_size = 40
groups_per_project = 5
policies_per_group = 10
scheduled_tasks_per_group = 9
configurations_per_project = 8
hooks_per_group = 7
notifications_per_group = 6
zones_per_group = 5
subnets_per_group = 4
load_balancers_per_group = 3
instances_per_call = 2
notify_ids = 2
records = 100000
work = 1000000

[trace.wave]
synth = { base = 400, daily = 250, weekly = 80, noise = 20, spikes = [{ at = "+30m", peak = 900, ramp = "2m", hold = "20m" }, { at = "2024-03-01 01:00:00", peak = 50, hold = "1s" }] }
interval = "1m"

[trace.steps]
series = "100x12 100+50x6 400-10x6 _x3 _ 7"
interval = "5m"
start = "2024-03-01 00:00:00"
repeat = true

[trace.all]
series = [1, 2.5, 90, 80.25]
interval = "1s"
repeat = true

[trace.mixed]
file = "mixed.csv"
format = "csv"
value = "cpu"
time = "timestamp"
interval = "5m"
scale = 1.5
per = "1m"
shift = "-5m"
repeat = true
stamp = "end"
gaps = "interpolate"
duplicates = "mean"
utc_offset = "+08:00"

[trace.plain]
file = "plain.csv"
value = "1"
interval = "10m"
start = "2024-03-01 00:00:00"
gaps = "hold"
duplicates = "first"
stamp = "start"

[[configuration]]
name = "web-2c4g"
cpu = 2
mem = 4
image = "img-1"
image_type = 1
storage_type = "local_ssd"
storage_size = 50
root_size = 60
bandwidth_type = "PayByHour"
bandwidth = 100
key = "key-1"
password = false
need_monitor_agent = false
need_security_agent = true
wan_ip = false
security_group = "sg-1"
project = 3
cvm_type = 21
userdata = "aGk="

[[group]]
name = "web"
configuration = "web-2c4g"
min = 2
max = 20
desired = 3
subnets = ["s-1", "s-2"]
initial = "launch"
remove_policy = "RemoveNewestInstance"
load_balancers = ["lb-web"]

[group.load]
demand = "wave"
per_instance = 120.0
base = 5
overload = "queue"
max_backlog = 5000
timeout = "30s"
mem_base = 10
mem_per_load = 0.5
bytes_in_per_load = 1000
bytes_out_per_load = 20000

[[group.policy]]
name = "out"
metric = { dimension = "cpu_usage", operator = "Greater", threshold = 70, repeat_times = 1, statistic = "Average" }
adjustment = { type = "PercentChangeInCapacity", value = 50 }
cooldown = "60s"

[[group.policy]]
name = "in"
metric = { dimension = "lan_outtraffic", operator = "EqualOrLess", threshold = 1000000, repeat_times = 2 }
adjustment = { type = "QuantityChangeInCapacity", value = -1 }
cooldown = 0

[[group.policy]]
name = "total"
metric = { dimension = "mem_usage", operator = "NotEqual", threshold = 12 }
adjustment = { type = "TotalCapacity", value = 6 }
cooldown = 999999

[[at]]
time = "+1h"
do = "set_capacity"
group = "web"
min = 4
max = 10
desired = 5

[[at]]
time = "2024-03-01 01:30:00"
do = "create_policy"
group = "web"
name = "late"
metric = { dimension = "lan_intraffic", operator = "Equal", threshold = 7 }
adjustment = { type = "TotalCapacity", value = 6 }
cooldown = "5m"

[[expect]]
group = "web"
at = "+1h"
desired = { min = 1, max = 20 }
in_service = 3

[[expect]]
group = "web"
during = ["+1h", "2024-03-01 01:50:00"]
members = { max = 20 }
cpu_usage = { min = 0, max = 100 }
activities = { max = 9 }
refused = 0

[[expect]]
group = "web"
throughout = true
slo_minutes = { max = 60 }
at_most = { scale_activities = 6, per = "1h" }
"#;

const ALL_LOADS: &str = r#"name = "all-loads"
start = "2024-03-01 00:00:00"
duration = "90m"
[trace.mixed]
file = "mixed.csv"
value = "cpu"
gaps = "zero"
duplicates = "last"
[trace.count]
file = "mixed.csv"
value = "count"
[trace.repeat]
file = "semicolons.csv"
repeat = true
[trace.steps]
series = "100x12 100+50x6"
interval = "5m"
[[group]]
name = "recorded"
min = 0
max = 9
desired = 4
[group.load]
recorded = "mixed"
instances = "count"
[[group.policy]]
name = "out"
metric = { dimension = "cpu_usage", operator = "EqualOrGreater", threshold = 60, repeat_times = 1 }
adjustment = { type = "QuantityChangeInCapacity", value = 2 }
cooldown = "5m"
[[group]]
name = "number"
min = 1
max = 9
[group.load]
recorded = "repeat"
instances = 4
[[group]]
name = "fixed"
min = 1
max = 9
[group.load]
fixed = { cpu_usage = "mixed", mem_usage = "repeat", lan_intraffic = "steps", lan_outtraffic = "steps" }
[[group.policy]]
name = "in"
metric = { dimension = "lan_intraffic", operator = "Less", threshold = 500, repeat_times = 1 }
adjustment = { type = "PercentChangeInCapacity", value = -50 }
cooldown = 0
[[group]]
name = "bare"
min = 0
max = 3
[[group]]
name = "drop"
min = 0
max = 9
[group.load]
demand = "steps"
per_instance = 40
overload = "drop"
"#;

/// Every period all policies want something else.
const BUSY: &str = r#"name = "busy"
start = "2024-03-01 00:00:00"
duration = "1d"
semantics = { period = 60 }
latency = { creating = 1, attach_lb = "1ms", detach_lb = 0, removing = "1ms" }
limits = { max_size = 300 }
[trace.all]
series = "50x5"
interval = "1s"
repeat = true
[[group]]
name = "flap"
min = 1
max = 300
[group.load]
fixed = { cpu_usage = "all" }
[[group.policy]]
name = "up"
metric = { dimension = "cpu_usage", operator = "Equal", threshold = 50, repeat_times = 1 }
adjustment = { type = "TotalCapacity", value = 300 }
cooldown = 0
[[group.policy]]
name = "down"
metric = { dimension = "cpu_usage", operator = "NotEqual", threshold = 51, repeat_times = 2 }
adjustment = { type = "TotalCapacity", value = 1 }
cooldown = 0
"#;

const JSON: &str = r#"{
  "name": "json", "start": "2024-03-01 00:00:00", "duration": 7200, "seed": 7,
  "semantics": {"period": 300, "missing": "Breaks"},
  "latency": {"creating": {"median": 30, "sigma": 0.3}, "random": false},
  "trace": {"steps": {"series": [1, null, 3.5, 900], "interval": 600}},
  "configuration": [{"name": "c", "cpu": 1, "mem": 1}],
  "group": [{
    "name": "web", "min": 1, "max": 9, "load_balancers": [],
    "load": {"demand": "steps", "per_instance": 100},
    "policy": [{
      "name": "out", "cooldown": 60,
      "metric": {"dimension": "cpu_usage", "operator": "Greater", "threshold": 70, "repeat_times": 1},
      "adjustment": {"type": "QuantityChangeInCapacity", "value": 1}
    }]
  }],
  "at": [{"do": "set_capacity", "time": "+1h", "group": "web", "max": 4}],
  "expect": [{"group": "web", "throughout": true, "desired": {"max": 9}}]
}
"#;

/// Hooks, machines, chance, notifications, and every kind of timed command and change.
const SERVICE: &str = include_str!("service.toml");

/// Words of the format, and paths for `--set`.
pub const WORDS: [&str; 66] = [
    "name",
    "start",
    "duration",
    "seed",
    "utc_offset",
    "semantics.period",
    "latency.creating",
    "latency.random",
    "cost.per_instance_hour",
    "slo.utilisation",
    "limits.max_size",
    "limits.records",
    "limits.work",
    "limits.instances_per_call",
    "faults.mtbf",
    "faults.launch_failure",
    "account.instance_limit",
    "semantics.profile",
    "semantics.replace_order",
    "semantics.retry",
    "group.web.hook.warm.timeout",
    "group.web.hook.warm.answer.probability",
    "group.web.notification.0.types",
    "at.1.instance",
    "at.2.for",
    "trace.wave.interval",
    "trace.steps.series",
    "trace.wave.synth.noise",
    "trace.mixed.shift",
    "trace.mixed.scale",
    "trace.mixed.per",
    "group.web.max",
    "group.web.desired",
    "group.web.load.timeout",
    "group.web.load.max_backlog",
    "group.web.load.per_instance",
    "group.web.policy.out.cooldown",
    "group.web.policy.out.metric.threshold",
    "group.0.min",
    "group.99.x",
    "group..x",
    "",
    ".",
    "at.0.time",
    "expect.0.at",
    "a.a.a.a.a.a.a.a.a.a.a.a",
    "\n[[group]]\n",
    "\n[trace.x]\n",
    "\n[[expect]]\n",
    "\n[[at]]\n",
    "synth = { base = 1 }\n",
    "repeat = true\n",
    "true",
    "false",
    "null",
    "[]",
    "{}",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'''",
    "\n",
    "#",
    "=",
];
