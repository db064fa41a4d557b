//! Configurations that are refused, and those that just pass.

use asgsim::SimDuration;
use asgsim::SimTime;
use asgsim::api::{Resource, ResourceKind};
use asgsim::engine::command::WorldCommand;
use asgsim::model::failure::{Condition, FailureCause};

use super::furnished::Furnished;

/// A configuration but for what a row says itself.
fn configuration(rest: &str) -> String {
    let names: Vec<&str> =
        rest.split('&').filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
    let base = "scalingConfigurationName=new&imageId=img-1&cpu=2&mem=4&storageType=2&storageSize=20\
                &bandwidthType=PayByHour&bandwidth=5&imageType=2";
    let kept = base.split('&').filter(|pair| !names.contains(&pair.split_once('=').unwrap().0));
    let kept: Vec<&str> = kept.collect();
    format!("CreateScalingConfiguration {}&{rest}", kept.join("&"))
}

#[track_caller]
fn check_configurations(furnished: &Furnished, rows: &str) {
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (expected, rest) = row.split_once(" | ").unwrap();
        furnished.check(&format!("{expected} | {}", configuration(rest)));
    }
}

/// S-147, S-148, S-156, S-157, S-159, S-162, S-168 to S-171, S-175, S-185, S-200, S-206,
/// S-212 to S-216.
#[test]
fn s_214_configurations_that_cannot_be() {
    let furnished = Furnished::new();
    check_configurations(
        &furnished,
        "InvalidParameter | scalingConfigurationName=a%00b
         InvalidParameter | imageId=
         InvalidParameter | imageType=
         Success | sgId=
         Success | keyId=skey-1
         InvalidParameter | keyId=skey-1&password=abcdefg1
         Success | password=abcdefg1
         InvalidParameter | password=abcdefgh
         InvalidParameter | password=abcdef1
         InvalidParameter | password=abcdefghijklmno12
         InvalidParameter | password=abcdefg1?
         Success | password=abcd!@%23$
         Success | cvmType=42
         Success | storageSize=20
         InvalidParameter | storageSize=25
         Success | storageType=1&storageSize=500
         QuotaExceeded.storageSize | storageType=1&storageSize=510
         Success | storageType=2&storageSize=4000
         QuotaExceeded.storageSize | storageType=2&storageSize=4010
         QuotaExceeded.storageSize | storageSize=-10
         Success | storageType=1&storageSize=0
         Success | storageType=2&storageSize=0
         Success | bandwidth=0
         Success | bandwidth=200
         InvalidParameter | bandwidth=201
         InvalidParameter | bandwidth=65535
         InvalidParameter | bandwidth=-1
         Success | rootSize=20
         Success | rootSize=500
         QuotaExceeded.rootSize | rootSize=19
         QuotaExceeded.rootSize | rootSize=501
         QuotaExceeded.rootSize | rootSize=-1
         InvalidParameter.storageType | storageType=1&dataSnapshotId=snap-1
         InvalidParameter.storageType | storageType=4
         InvalidParameter.storageType | storageType=-1
         InvalidParameter.CbsNotMatchCpu | cpu=1&mem=1&storageType=1
         Success | cpu=1&mem=1&storageType=2
         OprationFail.CpuOrMemNotExsit | cpu=3&mem=3
         OprationFail.CpuOrMemNotExsit | cpu=0
         OprationFail.CpuOrMemNotExsit | cpu=-2
         OprationFail.CpuOrMemNotExsit | mem=17
         InvalidParameter | userdata=not base64
         InvalidParameter | userdata=SGVsbG8",
    );
    let text = |bytes: usize| format!("userdata={}", "QUJD".repeat(bytes / 4));
    check_configurations(&furnished, &format!("Success | {}", text(16_384)));
    check_configurations(&furnished, &format!("InvalidParameter | {}", text(16_388)));
    // The password of a row is in no message.
    let told =
        furnished.told("CreateScalingConfiguration", &configuration("password=hunter2")[27..]);
    assert!(told.starts_with("4000 ") && !told.contains("hunter2"), "{told}");
}

/// S-158, S-176, S-182, S-186, S-201, S-211.
#[test]
fn s_201_configurations_by_what_the_account_has() {
    let mut furnished = Furnished::new();
    furnished.service.api.bandwidth_package = true;
    check_configurations(
        &furnished,
        "Success | bandwidth=200
         Success | bandwidth=65535
         InvalidParameter | bandwidth=201
         Success | bandwidthType=Whatever",
    );
    let inventory = &mut furnished.service.api.inventory;
    inventory.add(ResourceKind::SecurityGroup, "sg-1", Resource::default());
    let windows = Resource { is_windows: true, ..Resource::default() };
    inventory.add(ResourceKind::Image, "img-win", windows);
    inventory.add(ResourceKind::KeyPair, "skey-1", Resource::default());
    let snapshot = Resource { size_gb: Some(100), ..Resource::default() };
    inventory.add(ResourceKind::Snapshot, "snap-1", snapshot);
    check_configurations(
        &furnished,
        "InvalidParameter | imageId=img-1
         InvalidParameter.SecurityGroupId | imageId=img-win&sgId=sg-2
         Success | imageId=img-win&sgId=sg-1
         InvalidParameter | imageId=img-win&keyId=skey-2
         InvalidParameter | imageId=img-win&dataSnapshotId=snap-2&storageSize=110
         QuotaExceeded.storageSize | imageId=img-win&dataSnapshotId=snap-1&storageSize=100
         Success | imageId=img-win&dataSnapshotId=snap-1&storageSize=110
         Success | imageId=img-win&password=Abcdefgh1234
         InvalidParameter | imageId=img-win&password=abcdefgh1234
         InvalidParameter | imageId=img-win&password=Abcdefgh123
         InvalidParameter | imageId=img-win&password=Abcdefgh123456789
         InvalidParameter | imageId=img-win&password=Abcdefgh123$",
    );
    let call = configuration("imageId=img-win&rootSize=60");
    furnished
        .service
        .done("CreateScalingConfiguration", &call["CreateScalingConfiguration ".len()..]);
    let shown =
        furnished.service.done("DescribeScalingConfiguration", "scalingConfigurationName=new");
    assert_eq!(shown["scalingConfigurationSet"][0]["rootSize"], 50);
}

/// A configuration that nobody can buy, for a while.
#[test]
fn s_216_a_model_that_is_sold_out() {
    let mut furnished = Furnished::new();
    let now = furnished.service.engine.now();
    let sold_out = |place: Option<&str>, begin: SimTime| Condition {
        cause: FailureCause::SoldOut,
        limit: None,
        group: None,
        place: place.map(Into::into),
        begin,
        end: begin + SimDuration::from_s(60),
    };
    let later = now + SimDuration::from_s(60);
    furnished.service.world(&WorldCommand::Condition(sold_out(None, later)));
    furnished.service.world(&WorldCommand::Condition(sold_out(Some("100002"), now)));
    check_configurations(&furnished, "Success | cpu=2");
    furnished.service.advance(60);
    check_configurations(&furnished, "OprationFail.CpuOrMemNotExsit | cpu=2");
    furnished.service.advance(60);
    check_configurations(&furnished, "Success | cpu=2");
}
