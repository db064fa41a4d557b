//! What the reference says of each action: its parameters, and the fields of its answer.
//!
//! A row is words, and behind a word stands the number of the sentence that says it. `in`: name and
//! type of a parameter, then what else is known of it: that it is `required` (or `sometimes`, with
//! another), the code for an id of nothing (`unknown=`), the most entries of a list (`max=`), its
//! values (`of=`) and the code for any other (`else=`), and its `default=`. `out`: a field below
//! `data` and its JSON type. Behind an action stands what `data` is on success, and `example` for
//! the printed call. A row without a number is ours: the anomalies say why.

use std::collections::BTreeMap;

use asgsim::api::Action;

/// An action.
#[derive(Debug)]
pub struct Page {
    pub action: Action,
    /// `object`, `[]` or `none`.
    pub data: &'static str,
    pub parameters: Vec<Parameter>,
    /// Type by path.
    pub fields: BTreeMap<&'static str, &'static str>,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Without the `.n` of a list.
    pub name: &'static str,
    /// `text`, `int`, `time` or `list`.
    pub kind: &'static str,
    pub is_required: bool,
    pub is_conditional: bool,
    pub unknown: Option<&'static str>,
    pub max: Option<usize>,
    pub values: Vec<&'static str>,
    pub other: Option<&'static str>,
    pub default: Option<&'static str>,
}

/// Lines of words, without those that are numbers.
fn lines() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = FACTS.lines().filter(|line| !line.is_empty());
    lines.map(|line| line.split_whitespace().filter(|word| number(word).is_none()).collect())
}

fn number(word: &str) -> Option<u32> {
    word.parse().ok()
}

/// All pages, in the order of the reference.
pub fn pages() -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for words in lines() {
        match words.as_slice() {
            ["in", name, kind, rest @ ..] => {
                pages.last_mut().unwrap().parameters.push(parameter(name, kind, rest));
            }
            ["out", path, kind] => {
                pages.last_mut().unwrap().fields.insert(path, kind);
            }
            [action, data, "example"] => {
                let action = Action::find(action).unwrap();
                let fields = BTreeMap::new();
                pages.push(Page { action, data, parameters: Vec::new(), fields });
            }
            _ => panic!("no fact: {words:?}"),
        }
    }
    assert_eq!(pages.len(), Action::ALL.len());
    pages
}

fn parameter(name: &'static str, kind: &'static str, rest: &[&'static str]) -> Parameter {
    let of = |key: &str| rest.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    Parameter {
        name: name.trim_end_matches(".n"),
        kind,
        is_required: rest.contains(&"required"),
        is_conditional: rest.contains(&"sometimes"),
        unknown: of("unknown"),
        max: of("max").map(|max| max.parse().unwrap()),
        values: of("of").map(|values| values.split(',').collect()).unwrap_or_default(),
        other: of("else"),
        default: of("default"),
    }
}

/// A sentence that a row of the table holds.
pub struct Sentence {
    pub number: u32,
    /// What it is about: an action, a parameter with its `.n`, or the path of a field.
    pub subject: &'static str,
    /// How the checklist puts it; `?` is the subject.
    pub form: &'static str,
}

/// The sentences of the table. The tests of `reference` go through all its rows.
pub fn sentences() -> Vec<Sentence> {
    let mut found = Vec::new();
    for line in FACTS.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let [word, next] = pair else { continue };
            let Some(number) = number(next) else { continue };
            let key = word.split_once('=').map_or(*word, |(key, _)| key);
            let (subject, form) = match (words[0], key) {
                ("out", _) => (words[1], "Result data.? ("),
                ("in", "unknown") => (words[1], "? must name an existing resource"),
                ("in", "max") => (words[1], "? takes at most"),
                ("in", "of") => (words[1], "? allows only"),
                ("in", "default") => (words[1], "? defaults to"),
                ("in", _) => (words[1], "? ("),
                (_, "object" | "[]" | "none") => (words[0], DATA),
                (_, "example") => (words[0], "The documented example request"),
                _ => (words[0], "Action=? selects this call"),
            };
            found.push(Sentence { number, subject, form });
        }
    }
    found
}

/// The form of a sentence on `data`: of an object, of an empty list, of nothing.
pub const DATA: &str = "data is an object with the fields below; data is [] on success; \
                        no data is documented on success";

const FACTS: &str = "
CreateScalingConfiguration 145 object 146 example 217
    in scalingConfigurationName text 161 required
    in imageId text 162 required
    in cpu int 163 required
    in mem int 164 required
    in storageType int 165 required of=1,2,3,5,6 166 else=InvalidParameter.storageType
    in storageSize int 167 required
    in bandwidthType text 172 required of=PayByHour,PayByTraffic 173 else=InvalidParameter
    in bandwidth int 174 required
    in imageType int 177 required of=1,2 178 else=InvalidParameter
    in rootSize int 179 default=50 180
    in keyId text 183
    in password text 184
    in needMonitorAgent int 187 of=0,1 188 else=InvalidParameter default=1 189
    in needSecurityAgent int 190 of=0,1 191 else=InvalidParameter default=1 192
    in wanIp int 193 of=0,1 194 else=InvalidParameter default=1 195
    in sgId text 196
    in projectId text 197 default=0 198
    in dataSnapshotId text 199
    in cvmType text 202 of=11,12,21,22,31,32,42 203 else=InvalidParameter default=11 204
    in userdata text 205
    out scalingConfigurationIdSet array 207
    out scalingConfigurationIdSet[] string 208
DescribeScalingConfiguration 218 object 219 example 260
    in scalingConfigurationIds.n list 224 max=20 225
    in scalingConfigurationName text 226
    in offset int 228
    in limit int 231
    in projectId text 234
    out totalCount int 236
    out scalingConfigurationSet array 237
    out scalingConfigurationSet[].scalingConfigurationId string 238
    out scalingConfigurationSet[].scalingConfigurationName string 239
    out scalingConfigurationSet[].scalingGroupIdSet array 240
    out scalingConfigurationSet[].cpu int 241
    out scalingConfigurationSet[].mem int 242
    out scalingConfigurationSet[].imageType int 243
    out scalingConfigurationSet[].imageId string 244
    out scalingConfigurationSet[].storageType int 245
    out scalingConfigurationSet[].storageSize int 246
    out scalingConfigurationSet[].rootSize int 247
    out scalingConfigurationSet[].bandwidthType string 248
    out scalingConfigurationSet[].bandwidth int 249
    out scalingConfigurationSet[].wanIp int 250
    out scalingConfigurationSet[].keyId string 251
    out scalingConfigurationSet[].password string 252
    out scalingConfigurationSet[].sgSet array 253
    out scalingConfigurationSet[].sgSet[].sgId string
    out scalingConfigurationSet[].needMonitorAgent int 254
    out scalingConfigurationSet[].needSecurityAgent int 255
    out scalingConfigurationSet[].createTime string 256
    out scalingConfigurationSet[].projectId int 257
    out scalingConfigurationSet[].scalingGroupIdSet[].scalingGroupId string 258
    out scalingConfigurationSet[].scalingGroupIdSet[].scalingGroupName string 259
    out scalingConfigurationSet[].cvmType string
    out scalingConfigurationSet[].dataSnapshotId string
    out scalingConfigurationSet[].userdata string
DeleteScalingConfiguration 261 [] 262 example 269
    in scalingConfigurationId text 266 required unknown=InvalidParameter.ScalingConfigurationIdError 267
CreateScalingGroup 270 object 271 example 316
    in scalingConfigurationId text 281 required unknown=InvalidParameter.ScalingConfigurationIdError 282
    in scalingGroupName text 283 required
    in minSize int 284 required
    in maxSize int 287 required
    in removePolicy text 290 required of=RemoveOldestInstance,RemoveNewestInstance 291 else=InvalidParameter
    in vpcId text 292 required
    in zoneIds.n list 293 sometimes
    in loadBalancerIds.n list 295
    in subnetIds.n list 296 sometimes
    in projectId text 298 default=0 299
    in desiredCapacity int 300
    out scalingGroupIdSet array 303
    out scalingGroupIdSet[] string 304
DescribeScalingGroup 317 object 318 example 365
    in scalingGroupIds.n list 323
    in scalingGroupName text 324
    in scalingConfigurationId text 326
    in offset int 327
    in limit int 330
    in vpcId text 333
    in projectId text 335
    out totalCount int 337
    out scalingGroupSet array 338
    out scalingGroupSet[].scalingGroupId string 339
    out scalingGroupSet[].scalingGroupName string 340
    out scalingGroupSet[].scalingConfigurationId string 341
    out scalingGroupSet[].scalingConfigurationName string 342
    out scalingGroupSet[].minSize int 343
    out scalingGroupSet[].maxSize int 344
    out scalingGroupSet[].createTime string 345
    out scalingGroupSet[].instanceNum int 346
    out scalingGroupSet[].removePolicy string 347
    out scalingGroupSet[].loadBalancerIdSet array 348
    out scalingGroupSet[].vpcId int|string 349
    out scalingGroupSet[].subnetIdSet array 350
    out scalingGroupSet[].zoneIdSet array 351
    out scalingGroupSet[].projectId int 352
    out scalingGroupSet[].bInScalingActivity int 353
    out scalingGroupSet[].loadBalancerIdSet[].status int 354
    out scalingGroupSet[].loadBalancerIdSet[].loadBalancerId string 355
    out scalingGroupSet[].loadBalancerIdSet[].owner string 356
    out scalingGroupSet[].loadBalancerIdSet[].zoneId int 357
    out scalingGroupSet[].subnetIdSet[].status int 358
    out scalingGroupSet[].subnetIdSet[].subnetId string 359
    out scalingGroupSet[].subnetIdSet[].owner string 360
    out scalingGroupSet[].subnetIdSet[].zoneId int 361
    out scalingGroupSet[].zoneIdSet[].status int 362
    out scalingGroupSet[].zoneIdSet[].owner string 363
    out scalingGroupSet[].zoneIdSet[].zoneId int 364
    out scalingGroupSet[].desiredCapacity int
ModifyScalingGroup 366 none 367 example 394
    in scalingGroupId text 377 required unknown=InvalidParameter.ScalingGroupIdError 378
    in minSize int 379 required
    in maxSize int 382 required
    in removePolicy text 385 required of=RemoveOldestInstance,RemoveNewestInstance 386 else=InvalidParameter
    in scalingGroupName text 387
    in scalingConfigurationId text 389 unknown=InvalidParameter.ScalingConfigurationIdError
    in desiredCapacity int 390
SetCvmProtectedDetach 395 none 396 example 409
    in scalingGroupId text 401 required unknown=InvalidParameter.ScalingGroupIdError 402
    in instanceIds.n list 403 required
    in protectedFromDetach int 404 required of=0,1 405 else=InvalidParameter.ProtectedFromDetach
DescribeScalingInstance 410 object 411 example 453
    in scalingGroupId text 431 required unknown=InvalidParameter.ScalingGroupIdError 432
    in instanceIds.n list 433 max=20 434
    in creationType text 435 of=Auto,Manual 436 else=InvalidParameter
    in healthStatus text 437 of=Healthy,UnHealthy 438 else=InvalidParameter
    in offset int 439
    in limit int 442
    out totalCount int 445
    out scalingInstancesSet array 446
    out scalingInstancesSet[].instanceId string 447
    out scalingInstancesSet[].healthStatus string 448
    out scalingInstancesSet[].creationType string 449
    out scalingInstancesSet[].lifeCycleState string 450
    out scalingInstancesSet[].protectedFromScaleIn int 451
    out scalingInstancesSet[].addTime string 452
AttachInstance 454 object 455 example 476
    in scalingGroupId text 467 required unknown=InvalidParameter.ScalingGroupIdError 468
    in instanceIds.n list 469 required max=20 470
    out scalingActivityId string
DetachInstance 477 object 478 example 495
    in scalingGroupId text 487 required unknown=InvalidParameter.ScalingGroupIdError 488
    in instanceIds.n list 489 required
    in keepInstance int 490 of=0,1 491 else=InvalidParameter default=0 492
    out scalingActivityId string
DescribeScalingActivity 496 object 497 example 551
    in scalingGroupId text 523 required unknown=InvalidParameter.ScalingGroupIdError 524
    in scalingActivityIds.n list 525
    in offset int 526
    in limit int 529
    in startTime time 532
    in endTime time 534 sometimes
    out totalCount int 536
    out scalingActivitySet array 537
    out scalingActivitySet[].autoScalingGroupId string 538
    out scalingActivitySet[].status int 539
    out scalingActivitySet[].type int 540
    out scalingActivitySet[].errorCode int 541
    out scalingActivitySet[].succInsList array 542
    out scalingActivitySet[].succInsList[] string 543
    out scalingActivitySet[].failInsList array 544
    out scalingActivitySet[].failInsList[] string
    out scalingActivitySet[].cause string 545
    out scalingActivitySet[].description string 546
    out scalingActivitySet[].msg string 547
    out scalingActivitySet[].scalingActivityId string 548
    out scalingActivitySet[].startTime string 549
    out scalingActivitySet[].endTime string 550
DeleteScalingGroup 552 none 553 example 563
    in scalingGroupId text 560 required unknown=InvalidParameter.ScalingGroupIdError 561
CreateScalingPolicy 564 object 565 example 609
    in scalingGroupId text 574 required unknown=InvalidParameter.ScalingGroupIdError 575
    in scalingPolicyName text 576 required
    in metric text 577 required
    in adjustmentType text 580 required of=TotalCapacity,QuantityChangeInCapacity,PercentChangeInCapacity 581 else=InvalidParameter.ScalingPolicyAdjustmentTypeError
    in adjustmentValue int 582 required
    in cooldown int 586 required
    in notifyIds.n list 587 max=20 588
    in metric.comparisonOperator text 589 required of=Greater,EqualOrGreater,Less,EqualOrLess,Equal,NotEqual 590 else=InvalidParameter.Metric
    in metric.dimensionName text 591 required of=cpu_usage,mem_usage,lan_outtraffic,lan_intraffic 592 else=InvalidParameter.Metric
    in metric.threshold int 593 required
    in metric.repeatTimes int 598 default=3 600
    out scalingPolicyIdSet array 601
    out scalingPolicyIdSet[] string 602
DescribeScalingPolicy 610 object 611 example 639
    in scalingGroupId text 615 required unknown=InvalidParameter.ScalingGroupIdError 616
    in scalingPolicyIds.n list 617
    in scalingPolicyName text 618
    in offset int 619
    in limit int 622
    out totalCount int 625
    out scalingPolicySet array 626
    out scalingPolicySet[].scalingPolicyId string 627
    out scalingPolicySet[].scalingPolicyName string 628
    out scalingPolicySet[].adjustmentType string 629
    out scalingPolicySet[].adjustmentValue int 630
    out scalingPolicySet[].metric object 631
    out scalingPolicySet[].notifyIdSet array 632
    out scalingPolicySet[].notifyIdSet[] string 633
    out scalingPolicySet[].createTime string 634
    out scalingPolicySet[].cooldown int 635
    out scalingPolicySet[].metric.dimensionName string 636
    out scalingPolicySet[].metric.comparisonOperator string 637
    out scalingPolicySet[].metric.threshold int 638
    out scalingPolicySet[].metric.repeatTimes int
ModifyScalingPolicy 640 none 641 example 679
    in scalingGroupId text 647 required unknown=InvalidParameter.ScalingGroupIdError 648
    in scalingPolicyId text 649 required unknown=InvalidParameter.ScalingPolicyIdError 650
    in scalingPolicyName text 651
    in metric text 652
    in adjustmentType text 654 of=TotalCapacity,QuantityChangeInCapacity,PercentChangeInCapacity 655 else=InvalidParameter.ScalingPolicyAdjustmenttypeError
    in adjustmentValue int 656
    in cooldown int 660
    in notifyIds.n list 661 max=20 662
    in metric.comparisonOperator text 663 of=Greater,EqualOrGreater,Less,EqualOrLess,Equal,NotEqual 664 else=InvalidParameter.MetricError
    in metric.dimensionName text 665 of=cpu_usage,mem_usage,lan_outtraffic,lan_intraffic 666 else=InvalidParameter.MetricError
    in metric.threshold int 667
    in metric.repeatTimes int 672
DeleteScalingPolicy 680 [] 681 example 688
    in scalingGroupId text 683 required unknown=InvalidParameter.ScalingGroupIdError 684
    in scalingPolicyId text 685 required unknown=InvalidParameter.ScalingPolicyIdError 686
CreateScheduledTask 689 object 690 example 719
    in scalingGroupId text 699 required unknown=InvalidParameter.ScalingGroupIdError 700
    in scalingScheduledTaskName text 701 required
    in readjustMaxSize int 702 required
    in readjustMinSize int 703 required
    in startTime time 704 required
    in endTime time 705 sometimes
    in recurrence text 707 sometimes
    out scalingScheduleTaskId array 713
    out scalingScheduleTaskId[] string 714
DescribeScheduledTask 720 object 721 example 744
    in scalingGroupId text 724 required unknown=InvalidParameter.ScalingGroupIdError 725
    in scalingScheduledTaskIds.n list 726
    in scalingScheduledTaskName text 727
    in offset int 728
    in limit int 731
    out totalCount int 734
    out scalingScheduleTaskSet array 735
    out scalingScheduleTaskSet[].scalingScheduledTaskId string 736
    out scalingScheduleTaskSet[].scalingScheduledTaskName string 737
    out scalingScheduleTaskSet[].readjustMaxSize int 738
    out scalingScheduleTaskSet[].readjustMinSize int 739
    out scalingScheduleTaskSet[].startTime string 740
    out scalingScheduleTaskSet[].endTime string 741
    out scalingScheduleTaskSet[].recurrence string 742
    out scalingScheduleTaskSet[].createTime string 743
ModifyScheduledTask 745 [] 746 example 769
    in scalingScheduledTaskId text 749 required unknown=InvalidScheduledTask.NotExist 750
    in scalingScheduledTaskName text 751
    in readjustMaxSize int 752
    in readjustMinSize int 753
    in startTime time 754
    in endTime time 755 sometimes
    in recurrence text 759 sometimes
    in scalingGroupId text 765 unknown=InvalidParameter.ScalingGroupIdError
DeleteScheduledTask 770 [] 771 example 777
    in scalingGroupId text 773 required unknown=InvalidParameter.ScalingGroupIdError 774
    in scalingScheduledTaskId text 775 required unknown=InvalidScheduledTask.NotExist 776
ModifyLifecycleHook 778 [] 779 example 797
    in scalingGroupId text 781 required unknown=InvalidParameter.ScalingGroupIdError 782
    in lifeCycleHookId text 783 required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId 784
    in lifeCycleHookName text 785
    in lifeCycleHookTimeout int 786
    in defaultResult int 787 of=0,1 788 else=HookParameterError.DefaultResult
    in transition int 789 of=0,1 790 else=HookParameterError.Transition
    in notifyIds.n list 791
DeleteLifecycleHook 798 [] 799 example 809
    in scalingGroupId text 801 required unknown=InvalidParameter.ScalingGroupIdError 802
    in lifeCycleHookId text 803 required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId 804
    in lifeCycleHookName text 805
DescribeLifecycleHook 810 object 811 example 835
    in scalingGroupId text 814
    in lifeCycleHookId text 815
    in lifeCycleHookName text 816
    in lifeCycleHookTimeout int 817
    in transition int 818 of=0,1 819 else=HookParameterError.Transition
    in defaultResult int 820 of=0,1 821 else=HookParameterError.DefaultResult
    in offset int 822
    in limit int 825
    out lifeCycleHookSet array 827
    out lifeCycleHookSet[].autoScalingGroupId string 828
    out lifeCycleHookSet[].lifeCycleHookId string 829
    out lifeCycleHookSet[].lifeCycleHookName string 830
    out lifeCycleHookSet[].notifyIds array 831
    out lifeCycleHookSet[].notifyIds[] string
    out lifeCycleHookSet[].transition int 832
    out lifeCycleHookSet[].defaultResult int 833
    out lifeCycleHookSet[].lifeCycleHookTimeout int 834
    out totalCount int
CompleteLifecycleHookAction 836 [] 837 example 850
    in scalingGroupId text 840 required unknown=InvalidParameter.ScalingGroupIdError 841
    in lifeCycleHookId text 842 required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId 843
    in scalingInstanceId text 844 required unknown=InvalidParameter.InstanceIdError 845
    in lifeCycleHookResult int 846 required of=0,1 847 else=HookParameterError.LifeCycleHookResult
RecordLifecycleHookTimeout 851 [] 852 example 862
    in scalingGroupId text 854 required unknown=InvalidParameter.ScalingGroupIdError 855
    in lifeCycleHookId text 856 required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId 857
    in scalingInstanceId text 858 required unknown=InvalidParameter.InstanceIdError 859
    in recordTimeout int 860 required
AttachLifecycleHookId 863 [] 864 example 873
    in scalingGroupId text 867 required unknown=InvalidParameter.ScalingGroupIdError 868
    in lifeCycleHookId text 869 required unknown=Conflict.ScalingGroupIdVsLifeCycleHookId 870
DetachLifecycleHookId 874 [] 875 example 881
    in scalingGroupId text 878 required unknown=InvalidParameter.ScalingGroupIdError 879
CreateLifecycleHook 882 object 883 example 910
    in scalingGroupId text 891 required unknown=InvalidParameter.ScalingGroupIdError 892
    in lifeCycleHookName text 893 required
    in lifeCycleHookTimeout int 894 required
    in defaultResult int 895 of=0,1 896 else=HookParameterError.DefaultResult default=0 897
    in transition int 898 of=0,1 899 else=HookParameterError.Transition default=0 900
    in notifyIds.n list 901
    out lifeCycleHookId array 902
    out lifeCycleHookId[] string 903
CreateScalingNotification 911 object 912 example 929
    in scalingGroupId text 921 required unknown=InvalidParameter.ScalingGroupId 922
    in notificationTypes.n list 923 required of=1,2,3,4,5,6 924 else=InvalidParameter.NotifyType
    in receiversIds.n list 925 required
    out notificationId string 926
DescribeScalingNotification 930 object 931 example 957
    in scalingGroupId text 933 required unknown=InvalidParameter.ScalingGroupId 934
    in notificationIds.n list 935
    in offset int 936
    in limit int 938
    out totalCount int 943
    out scalingNotificationSet array 944
    out scalingNotificationSet[].notificationId string 945
    out scalingNotificationSet[].scalingGroupId string 946
    out scalingNotificationSet[].notificationTypes array 947
    out scalingNotificationSet[].notificationTypes[] int 948
    out scalingNotificationSet[].receiversIds array 949
    out scalingNotificationSet[].receiversIds[] string 950
    out scalingNotificationSet[].createTime string 951
ModifyScalingNotification 958 [] 959 example 979
    in scalingGroupId text 967 required unknown=InvalidParameter.ScalingGroupId 968
    in notificationId text 969 required unknown=InvalidParameter.NotifyId 970
    in notificationTypes.n list 971 of=1,2,3,4,5,6 972 else=InvalidParameter.NotifyType
    in receiversIds.n list 973
DeleteScalingNotification 980 [] 981 example 986
    in scalingGroupId text 983 required unknown=InvalidParameter.ScalingGroupId 984
    in notificationIds.n list 985 required
";
