"""A morning of a shop, told through the vendor's SDK: a group from its configuration to its first
alarms. What real machines would send comes from /_sim/load, and time from /_sim/advance."""

import json
import os
import urllib.request

from QcloudApi.qcloudapi import QcloudApi

SIM = os.environ["ASGSIM"]


def sim(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    method = "GET" if path.endswith("state") else "POST"
    request = urllib.request.Request(SIM + path, data=data, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


SERVICE = QcloudApi("scaling", {
    "Region": "ap-guangzhou",
    "secretId": os.environ["ASGSIM_SECRET_ID"],
    "secretKey": os.environ["ASGSIM_SECRET_KEY"],
    "method": "GET",
})


def call(action, **parameters):
    answer = json.loads(SERVICE.call(action, parameters))
    assert answer["codeDesc"] == "Success", (action, answer)
    return answer.get("data")


def states():
    listed = call("DescribeScalingInstance", scalingGroupId=group)["scalingInstancesSet"]
    return [instance["lifeCycleState"] for instance in listed]


configuration = call(
    "CreateScalingConfiguration", scalingConfigurationName="shop-2c4g", imageId="img-1", cpu=2,
    mem=4, storageType=2, storageSize=50, rootSize=50, imageType=2, bandwidthType="PayByTraffic", bandwidth=1,
    wanIp=1, needMonitorAgent=1, needSecurityAgent=1, password="Passw0rd!",
)["scalingConfigurationIdSet"][0]
group = call(
    "CreateScalingGroup", scalingGroupName="shop", scalingConfigurationId=configuration, minSize=2,
    maxSize=8, removePolicy="RemoveOldestInstance", vpcId=0, zoneIds=["100002"],
)["scalingGroupIdSet"][0]
print("group", group, "of configuration", configuration)

sim("/_sim/advance?seconds=5")
assert set(states()) == {"Creating"}, states()
sim("/_sim/advance?seconds=300")
assert states() == ["InService"] * 2, states()

policy = call(
    "CreateScalingPolicy", scalingGroupId=group, scalingPolicyName="out", cooldown=300,
    adjustmentType="QuantityChangeInCapacity", adjustmentValue=1,
    metric={"dimensionName": "cpu_usage", "comparisonOperator": "Greater", "threshold": 70,
            "repeatTimes": 1},
)
hook = call(
    "CreateLifecycleHook", scalingGroupId=group, lifeCycleHookName="warm", lifeCycleTransition=0,
    defaultResult=0, lifeCycleHookTimeout=60,
)
hook = next(v for k, v in hook.items() if k.startswith("lifeCycleHookId"))
hook = hook[0] if isinstance(hook, list) else hook
call("AttachLifeCycleHookId", scalingGroupId=group, lifeCycleHookId=hook)
tomorrow = "2099-01-01 12:00:00"
call(
    "CreateScheduledTask", scalingGroupId=group, scalingScheduledTaskName="lunch", readjustMinSize=4,
    readjustMaxSize=8, startTime=tomorrow,
)
call(
    "CreateScalingNotification", scalingGroupId=group, notificationTypes=[1, 2, 3, 4],
    receiversIds=["1832"],
)

sim("/_sim/load", {"group": group, "metric": "cpu_usage", "value": 85})
seen = set()
for _ in range(120):
    sim("/_sim/advance?seconds=30")
    seen |= set(states())
print("states on the way", sorted(seen))
assert {"Creating", "InService"} <= seen, seen

listed = call("DescribeScalingActivity", scalingGroupId=group, limit=100)
outs = [a for a in listed["scalingActivitySet"] if "out" in json.dumps(a)]
for activity in reversed(listed["scalingActivitySet"]):
    print(activity["startTime"], activity["endTime"], activity["type"], activity["status"],
          activity["errorCode"], activity["cause"], activity["description"], sep=" | ")
done = [activity for activity in outs if activity["status"] == 2]
assert len(done) >= 3 and all(activity["errorCode"] == 0 for activity in done), listed
for activity in outs:
    assert activity["cause"] and activity["startTime"] != "0000-00-00 00:00:00", activity
sizes = call("DescribeScalingGroup", scalingGroupIds=[group])["scalingGroupSet"][0]
assert sizes["desiredCapacity"] > 2, sizes
print("desired", sizes["desiredCapacity"], "of at most", sizes["maxSize"])

# Errors come as the service tells them, and by POST too.
SERVICE_POST = QcloudApi("scaling", {
    "Region": "gz", "secretId": os.environ["ASGSIM_SECRET_ID"], "secretKey": "wrong",
    "method": "POST",
})
answer = json.loads(SERVICE_POST.call("DescribeScalingGroup", {}))
assert answer["code"] == 4100, answer
print("a wrong key:", answer["code"], answer["codeDesc"])
