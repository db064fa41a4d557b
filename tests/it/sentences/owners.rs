//! Who answers for which sentence of the reference's checklist. A page of the reference per
//! paragraph; its sentences are numbers and ranges of numbers.
//!
//! `engine`: behaviour of the service whatever the wire. `facade`: the wire's form. `both`: the
//! engine does it, and the façade shows it or gives it its code. `none`: nobody can hold it, for
//! the reason behind the colon.

pub const OWNERS: &str = "
introduction
    engine 1-7 11
    facade 8 9 12
    both 10
history of the reference, and its overview
    facade 13-25 28
    both 26 27 29-31
requests and their parameters
    facade 32-68
answers
    facade 69-82 85-91
    engine 84
    both 83
numbers of errors
    facade 92-103 105-108 110
    none 104: the number of a batch that half succeeded, and no action is a batch
    none 109: it names two sections that the reference does not have
answers of tasks and batches
    none 111-115: no action answers in these forms, so the simulator has none of them
signatures
    facade 116-136
every action
    facade 137-144

configurations: create
    engine 149 151 153 154
    facade 145 146 152 158 161-165 167 172-174 177 179 182-188 190 191 193 194 196 197 199
    facade 201 202 205 207 208 211 213 217
    both 147 148 150 156 157 159 160 166 168-171 175 176 178 180 181 189 192 195 198 200 203
    both 204 206 209 210 212 214-216
    none 155: a configuration has one type of disk for both, so they cannot differ
configurations: query
    facade 218-260
configurations: delete
    facade 261 262 266 269
    both 263-265 267 268

groups: create
    engine 275-278 301
    facade 270-272 274 281 283 284 287 290-300 302-304 306 307 309 315 316
    both 273 279 280 282 285 286 288 289 305 308 310-314
groups: query
    engine 320
    facade 317 318 321-345 347-352 354-365
    both 319 346 353
groups: modify
    engine 370-372 374 376
    facade 366 367 369 377 379 382 385-388 390 394
    both 368 373 375 378 380 381 383 384 389 391-393

instances: protect
    engine 397-399
    facade 395 396 401 403-405 407 409
    both 400 402 406 408
instances: query
    engine 413-428
    facade 410-412 429-451 453
    both 452
instances: attach
    engine 464 465
    facade 454-456 467 469 475 476
    both 457-463 466 468 470-474
instances: detach
    engine 482-485
    facade 477 478 487 489-492 495
    both 479-481 486 488 493 494
activities: query
    engine 499-522
    facade 496 497 523-541 543 545-551
    both 542 544
    none 498: an activity is under way from the instant that it exists
groups: delete
    facade 552 553 559 560 563
    both 554-557 561 562
    none 558: alarms are no objects apart from their policies, so none is left to be seen

policies: create
    engine 567 569-572
    facade 564 565 574 576-582 586 587 589 591 593 598 600-602 606 609
    both 566 568 573 575 583-585 588 590 592 594-597 599 603-605 607 608
policies: query
    facade 610 611 613-639
    both 612
policies: modify
    engine 642-645
    facade 640 641 647 649 651 652 654-656 660 661 663-667 672 674 675 679
    both 646 648 650 653 657-659 662 668-671 673 676-678
policies: delete
    facade 680 681 683 685 688
    both 682 684 686 687

tasks: create
    engine 692-697
    facade 689 690 699 701-703 705-708 713 714 718 719
    both 691 698 700 704 709-712 715-717
tasks: query
    facade 720-744
tasks: modify
    facade 745 746 749 751-755 757-759 762 764 765 769
    both 747 748 750 756 760 761 763 766-768
tasks: delete
    facade 770 771 773 775 777
    both 772 774 776

hooks: modify
    facade 778 779 781 783 785-793 795 797
    both 780 782 784 794 796
hooks: delete
    facade 798 799 801 803 805 807 809
    both 800 802 804 806 808
hooks: query
    facade 810-835
hooks: complete a wait
    engine 838 839
    facade 836 837 840 842-844 846 847 849 850
    both 841 845 848
hooks: renew a wait
    engine 853
    facade 851 852 854 856-858 860 862
    both 855 859 861
hooks: bind
    engine 865 866
    facade 863 864 867 869 873
    both 868 870-872
hooks: unbind
    engine 876 877
    facade 874 875 878 881
    both 879 880
hooks: create
    engine 884 886-889
    facade 882 883 891 893-905 907 910
    both 885 890 892 906 908 909

notifications: create
    engine 914-919
    facade 911 912 921 923 925 926 929
    both 913 920 922 924 927 928
notifications: query
    facade 930-952 955 957
    none 953 954 956: the page prints another page's errors, which a query does not have
notifications: modify
    engine 960-965
    facade 958 959 967 969 971 973 978 979
    both 966 968 970 972 974-977
notifications: delete
    facade 980 981 983 985 986
    both 982 984
";
