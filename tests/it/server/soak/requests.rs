//! What a besieger sends.

use asgsim::api::Request;
use asgsim::api::request::{Method, PATH};
use asgsim::api::signature::{SignatureMethod, string_to_sign};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

pub const SECRET_ID: &str = "AKIDsoak";
pub const SECRET_KEY: &str = "soak secret";
const HOST: &str = "as.local";

/// What has to come of a request.
#[derive(Clone, Copy, Debug)]
pub enum Expected {
    /// An answer of the service, whatever its code.
    Envelope,
    /// Problem details.
    Problem,
    /// It is no HTTP: anything but the end of the server.
    Anything,
}

/// What there is in the world.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    configurations: Vec<String>,
    /// Each with what it has: policies, tasks, hooks, notifications.
    groups: Vec<(String, [Vec<String>; 4])>,
}

/// Valid forms; `{c}`, `{g}`, `{p}`, `{t}`, `{h}`, `{n}` stand for ids, `{#}` for a number of 0 to 99.
const FORMS: [&str; 30] = [
    "Action=DescribeScalingConfiguration&limit=5&offset={#}",
    "Action=DescribeScalingConfiguration&scalingConfigurationIds.0={c}",
    "Action=DescribeScalingGroup&limit=3&offset={#}",
    "Action=DescribeScalingGroup&scalingGroupIds.0={g}",
    "Action=DescribeScalingInstance&scalingGroupId={g}",
    "Action=DescribeScalingActivity&scalingGroupId={g}&limit=10",
    "Action=DescribeScalingPolicy&scalingGroupId={g}&limit=5",
    "Action=DescribeScalingPolicy&scalingGroupId={g}&scalingPolicyIds.0={p}",
    "Action=DescribeScheduledTask&scalingGroupId={g}",
    "Action=DescribeLifecycleHook&scalingGroupId={g}",
    "Action=DescribeScalingNotification&scalingGroupId={g}",
    "Action=CreateScalingConfiguration&scalingConfigurationName=more{#}&imageId=img-1&cpu=1&mem=1\
     &storageType=2&storageSize=0&rootSize=50&imageType=2&bandwidthType=PayByTraffic&bandwidth=0\
     &wanIp=0&needMonitorAgent=0&needSecurityAgent=0&password=Hush9hush",
    "Action=CreateScalingGroup&scalingGroupName=more{#}&scalingConfigurationId={c}&minSize=0\
     &maxSize=30&removePolicy=RemoveOldestInstance&vpcId=0&zoneIds.0=100002",
    "Action=CreateScalingPolicy&scalingGroupId={g}&scalingPolicyName=more{#}&cooldown=300\
     &adjustmentType=QuantityChangeInCapacity&adjustmentValue=1&metric.dimensionName=cpu_usage\
     &metric.comparisonOperator=Greater&metric.threshold=70&metric.repeatTimes=1",
    "Action=CreateScheduledTask&scalingGroupId={g}&scalingScheduledTaskName=more{#}\
     &readjustMinSize=1&readjustMaxSize=9&startTime=2098-01-1{#} 00:00:00",
    "Action=CreateLifecycleHook&scalingGroupId={g}&lifeCycleHookName=more{#}&lifeCycleTransition=0\
     &transition=0&defaultResult=0&lifeCycleHookTimeout=60",
    "Action=CreateScalingNotification&scalingGroupId={g}&notificationTypes.0=1&receiversIds.0=18{#}",
    "Action=ModifyScalingGroup&scalingGroupId={g}&minSize=9&maxSize=8&removePolicy=RemoveOldestInstance",
    "Action=ModifyScalingGroup&scalingGroupId={g}&minSize=0&maxSize={#}&removePolicy=RemoveOldestInstance",
    "Action=ModifyScalingPolicy&scalingGroupId={g}&scalingPolicyId={p}&cooldown={#}00",
    "Action=ModifyScheduledTask&scalingGroupId={g}&scalingScheduledTaskId={t}&readjustMaxSize={#}",
    "Action=ModifyLifecycleHook&scalingGroupId={g}&lifeCycleHookId={h}&lifeCycleHookTimeout={#}0",
    "Action=ModifyScalingNotification&scalingGroupId={g}&notificationId={n}&receiversIds.0={#}",
    "Action=AttachInstance&scalingGroupId={g}&instanceIds.0=ins-00000000",
    "Action=DetachInstance&scalingGroupId={g}&instanceIds.0=ins-00000000&keepInstance=1",
    "Action=SetCvmProtectedDetach&scalingGroupId={g}&instanceIds.0=ins-00000000\
     &protectedFromDetach=1",
    "Action=AttachLifecycleHookId&scalingGroupId={g}&lifeCycleHookId={h}",
    "Action=CompleteLifecycleHookAction&lifeCycleHookId={h}&scalingInstanceId=ins-00000000\
     &lifeCycleHookResult=0",
    "Action=DeleteScalingConfiguration&scalingConfigurationId={c}",
    "Action=DeleteScalingGroup&scalingGroupId={g}",
];

/// What mutated requests bring as values.
const NASTY: [&str; 22] = [
    "",
    " ",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "9223372036854775807",
    "1.5",
    "NaN",
    "null",
    "true",
    "[]",
    "{\"dimensionName\":",
    "[[[[[[[[[[[[[[[[",
    "\u{0}",
    "\u{feff}",
    "名前",
    "\u{202e}x",
    "../../etc/passwd",
    "' OR 1=1",
    "2024-02-30 25:61:61",
    "* * * * *",
];

/// The fill of a new world: all that its quotas allow.
pub fn fill(ask: &mut impl FnMut(String) -> Value, ids: &mut Ids) {
    let mut made = |form: String| -> Option<String> {
        let answer = ask(form);
        if answer["code"] != 0 {
            return None;
        }
        let id = answer["data"].as_object().and_then(|data| data.values().next());
        let id = id.map(|id| id.get(0).unwrap_or(id));
        Some(id.and_then(Value::as_str).unwrap_or_else(|| panic!("{answer}")).to_owned())
    };
    let numbered = |form: usize, n: usize| {
        FORMS[form].replace("more{#}", &format!("name{n}")).replace("{#}", &n.to_string())
    };
    for n in 0..1_000 {
        let Some(id) = made(numbered(11, n)) else { break };
        ids.configurations.push(id);
    }
    for n in 0..1_000 {
        let Some(configuration) = ids.configurations.iter().cycle().nth(n) else { break };
        let form = numbered(12, n).replace("{c}", configuration);
        // Some groups are as large as they may be, and none is empty. Time stands, so that their
        // instances are under way for ever: nobody can delete them, and quotas stay full.
        let form = form.replace("minSize=0", if n < 4 { "minSize=30" } else { "minSize=1" });
        let Some(id) = made(form) else { break };
        let mut parts: [Vec<String>; 4] = Default::default();
        for (kind, part) in parts.iter_mut().enumerate() {
            for m in 0..1_000 {
                let form = numbered(13 + kind, m).replace("{g}", &id);
                let Some(id) = made(form) else { break };
                part.push(id);
            }
        }
        ids.groups.push((id, parts));
    }
}

impl Ids {
    /// Whether there is something of every kind; in a world that is not under siege there is.
    pub fn has_all(&self) -> bool {
        let full = |(_, parts): &(String, [Vec<String>; 4])| parts.iter().all(|p| p.len() >= 10);
        self.configurations.len() >= 20 && self.groups.len() >= 20 && self.groups.iter().all(full)
    }
}

/// A besieger's chance, and its nonces.
pub struct Siege {
    rng: ChaCha8Rng,
    nonce: u64,
}

impl Siege {
    pub fn new(rng: ChaCha8Rng, number: u64) -> Self {
        Self { rng, nonce: (number & 0xffff) << 40 }
    }

    fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n)
    }

    fn pick<'a>(&mut self, list: &'a [String]) -> &'a str {
        match list.len() {
            0 => "none",
            n => &list[self.below(n)],
        }
    }

    /// The next request, and what has to come of it.
    pub fn next(&mut self, ids: &Ids) -> (Vec<u8>, Expected) {
        match self.below(100) {
            0..50 => {
                let form = self.valid(ids);
                (self.signed_post(&form), Expected::Envelope)
            }
            50..80 => (self.mutated(ids), Expected::Envelope),
            80..90 => (self.hostile_call(), Expected::Envelope),
            90..97 => (self.hostile_table(), Expected::Problem),
            _ => (self.garbage(), Expected::Anything),
        }
    }

    fn valid(&mut self, ids: &Ids) -> String {
        // What only looks and what is refused comes often, what is accepted seldom.
        let n = if self.below(20) == 0 { self.below(FORMS.len()) } else { self.below(18) };
        let empty = (String::new(), Default::default());
        let (group, parts) = match ids.groups.len() {
            0 => &empty,
            n => &ids.groups[self.below(n)],
        };
        let mut form = FORMS[n].replace("{g}", group);
        for (place, list) in ["{p}", "{t}", "{h}", "{n}"].into_iter().zip(parts) {
            form = form.replace(place, self.pick(list));
        }
        let number = self.below(100).to_string();
        form.replace("{c}", self.pick(&ids.configurations)).replace("{#}", &number)
    }

    /// A form, signed as it should be.
    pub fn signed_post(&mut self, form: &str) -> Vec<u8> {
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.signed(pairs, Method::Post)
    }

    fn signed(&mut self, mut pairs: Vec<(String, String)>, method: Method) -> Vec<u8> {
        self.nonce += 1;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        for (name, value) in [
            ("Nonce", self.nonce.to_string()),
            ("SecretId", SECRET_ID.to_owned()),
            ("Timestamp", now.as_secs().to_string()),
        ] {
            pairs.push((name.to_owned(), value));
        }
        let signature = match Request::new(method, HOST, PATH, pairs.clone()) {
            Ok(request) => SignatureMethod::HmacSha1.sign(SECRET_KEY, &string_to_sign(&request)),
            Err(_) => String::from("none"),
        };
        pairs.push((String::from("Signature"), signature));
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let form: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        let form = form.join("&");
        match method {
            Method::Get => {
                format!("GET {PATH}?{form} HTTP/1.1\r\nHost: {HOST}\r\n\r\n").into_bytes()
            }
            Method::Post => post(PATH, "", form.as_bytes()),
        }
    }

    /// A valid form with something wrong, signed or not.
    fn mutated(&mut self, ids: &Ids) -> Vec<u8> {
        let form = self.valid(ids);
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        let mut pairs: Vec<_> =
            pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        for _ in 0..=self.below(3) {
            let at = self.below(pairs.len());
            let nasty = NASTY[self.below(NASTY.len())].to_owned();
            match self.below(6) {
                0 if pairs.len() > 1 => drop(pairs.remove(at)),
                1 => pairs.push((pairs[at].0.clone(), nasty)),
                2 => pairs[at].0.push_str(&nasty),
                3 => pairs[at].1.push_str(&nasty),
                4 => pairs
                    .extend((0..self.below(150)).map(|n| (format!("zoneIds.{n}"), nasty.clone()))),
                _ => pairs[at].1 = nasty,
            }
        }
        let method = if self.below(2) == 0 { Method::Get } else { Method::Post };
        let mut bytes = self.signed(pairs, method);
        if self.below(4) == 0 {
            // Of the body or query one byte that may stand there is another one.
            let at = bytes.len() - 1 - self.below(20);
            if method == Method::Post {
                bytes[at] = b"%&=a\xff"[self.below(5)];
            }
        }
        bytes
    }

    /// What no client sends, on the path of the service.
    fn hostile_call(&mut self) -> Vec<u8> {
        let many = self.below(1_200);
        match self.below(9) {
            0 => post(PATH, "", "a=1&".repeat(many).as_bytes()),
            1 => post(PATH, "", &vec![b'%'; many]),
            2 => {
                post(PATH, "Content-Type: multipart/form-data; boundary=b\r\n", b"--b\r\n\r\n--b--")
            }
            3 => post(PATH, "Content-Type: multipart/form-data\r\n", &vec![b'-'; many]),
            4 => format!("PATCH {PATH} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes(),
            5 => {
                let bytes: Vec<u8> = (0..many).map(|_| self.rng.random()).collect();
                post(PATH, "", &bytes)
            }
            6 => post(PATH, "", format!("Action={}", "x".repeat(many * 20)).as_bytes()),
            7 if many < 60 => post(PATH, "", &vec![b'x'; 1_100_000]),
            _ => {
                let deep = "[".repeat(many);
                let form = format!("Action=CreateScalingPolicy&metric={deep}&SecretId={SECRET_ID}");
                post(PATH, "Content-Type: application/json\r\n", form.as_bytes())
            }
        }
    }

    /// Tables that are none.
    fn hostile_table(&mut self) -> Vec<u8> {
        let path = ["/_sim/load", "/_sim/world", "/_sim/advance?seconds=-1", "/_sim/nothing"];
        let path = path[self.below(4)];
        // A mutated call may have given a group one of those values for a name, but never this one.
        let nasty = format!("nobody {}", NASTY[self.below(NASTY.len())]);
        let nasty = nasty.replace(['\u{0}', '\u{feff}'], "?");
        let tables = [
            String::from("{}"),
            "[".repeat(self.below(5_000)),
            format!("{{\"do\":\"set_capacity\",\"group\":{nasty:?}}}"),
            format!("{{\"group\":{nasty:?},\"value\":1e400}}"),
            String::from("{\"group\":\"nobody\",\"metric\":\"cpu_usage\",\"value\":1}"),
        ];
        post(path, "", tables[self.below(5)].as_bytes())
    }

    /// What is no HTTP.
    fn garbage(&mut self) -> Vec<u8> {
        let start: &[u8] =
            [b"\x16\x03\x01".as_slice(), b"CONNECT a", b"GET \0", b"", b"POST /v2"][self.below(5)];
        let noise: Vec<u8> = (0..200).map(|_| self.rng.random_range(128..=255)).collect();
        // The end of a line, so that it is not waited for more.
        [start, &noise, b"\r\n\r\n"].concat()
    }
}

fn post(path: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n{more}\r\n");
    [head.as_bytes(), body].concat()
}
