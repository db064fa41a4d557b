//! `offset` and `limit`.

use asgsim::api::Page;
use asgsim::api::page::Paged;

use super::{parameters, told};

#[track_caller]
fn check(form: &str, expected: &str) {
    let page = Page::read(&parameters(form));
    assert_eq!(told(page.map(|page| (page.offset, page.limit))), expected, "{form}");
}

#[test]
fn s_061_limit_is_20_and_at_most_100() {
    check("", "(0, 20)");
    check("offset=&limit=", "(0, 20)");
    check("limit=1", "(0, 1)");
    check("limit=0", "(0, 0)");
    check("limit=99", "(0, 99)");
    check("limit=100", "(0, 100)");
    check("limit=101", "(0, 100)");
    check("limit=9223372036854775807", "(0, 100)");
    check("offset=40&limit=+5", "(40, 5)");
    assert_eq!(Page::default(), Page { offset: 0, limit: 20 });
}

#[test]
fn negative_numbers_and_text_are_refused() {
    for name in ["offset", "limit"] {
        let range =
            format!("4000 (100000) parameter {name} is -1; allowed is 0 to 9223372036854775807");
        check(&format!("{name}=-1"), &range);
        for text in ["abc", "1.0", "9223372036854775808"] {
            let form =
                format!("4000 (100000) parameter {name} is {text:?}; expected is a whole number");
            check(&format!("{name}={text}"), &form);
        }
    }
}

#[test]
fn the_total_is_counted_before_the_page_is_cut() {
    let page = |offset, limit| Page { offset, limit }.of(0..8);
    let paged = |items: &[i32]| Paged { total: 8, items: items.to_vec() };
    assert_eq!(page(0, 1), paged(&[0]));
    assert_eq!(page(0, 8), paged(&[0, 1, 2, 3, 4, 5, 6, 7]));
    assert_eq!(page(0, 100), paged(&[0, 1, 2, 3, 4, 5, 6, 7]));
    assert_eq!(page(6, 2), paged(&[6, 7]));
    assert_eq!(page(7, 2), paged(&[7]));
    assert_eq!(page(8, 2), paged(&[]));
    assert_eq!(page(usize::MAX, 100), paged(&[]));
    assert_eq!(page(3, 0), paged(&[]));
    assert_eq!(Page::default().of([0; 0]), Paged { total: 0, items: vec![] });
}
