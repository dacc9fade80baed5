//! The methods of `bytes` against CPython's answers.

mod common;
use common::*;
use hoop_text::bytes as b;

fn listing(parts: &[&[u8]]) -> String {
    let shown: Vec<_> = parts.iter().map(|p| escape_bytes(p)).collect();
    format!("{}:{}", parts.len(), shown.join("|"))
}

fn python_bool(b: bool) -> String {
    if b { "True" } else { "False" }.to_owned()
}

fn index(found: Option<usize>) -> String {
    found.map_or("-1".to_owned(), |i| i.to_string())
}

fn no_arguments(name: &str, s: &[u8]) -> Option<String> {
    Some(match name {
        "isalpha" => python_bool(b::is_alpha(s)),
        "isdigit" => python_bool(b::is_digit(s)),
        "isalnum" => python_bool(b::is_alnum(s)),
        "isspace" => python_bool(b::is_space(s)),
        "isupper" => python_bool(b::is_upper(s)),
        "islower" => python_bool(b::is_lower(s)),
        "istitle" => python_bool(b::is_title(s)),
        "upper" => escape_bytes(&b::upper(s)),
        "lower" => escape_bytes(&b::lower(s)),
        "title" => escape_bytes(&b::title(s)),
        "swapcase" => escape_bytes(&b::swapcase(s)),
        "capitalize" => escape_bytes(&b::capitalize(s)),
        "repr" => escape_bytes(&b::repr(s)),
        "hex" => b::to_hex(s, None, 1),
        _ => return None,
    })
}

fn answer(row: &[String]) -> String {
    let name = row[0].as_str();
    let s = bytes(&row[1]);
    let arg = |i: usize| bytes(&row[i]);
    let num = |i: usize| row[i].parse::<i64>().unwrap();
    let maybe = |i: usize| (row[i] != "None").then(|| bytes(&row[i]));
    let empty = || "!ValueError: empty separator".to_owned();
    if let Some(shown) = no_arguments(name, &s) {
        return shown;
    }
    match name {
        "find" => index(b::find(&s, &arg(2), num(3), num(4))),
        "rfind" => index(b::rfind(&s, &arg(2), num(3), num(4))),
        "count" => b::count(&s, &arg(2), num(3), num(4)).to_string(),
        "startswith" => python_bool(b::starts_with(&s, &arg(2), num(3), num(4))),
        "endswith" => python_bool(b::ends_with(&s, &arg(2), num(3), num(4))),
        "replace" => escape_bytes(&b::replace(&s, &arg(2), &arg(3), num(4)).unwrap().unwrap_or(s)),
        "split" => match maybe(2) {
            None => listing(&b::split_whitespace(&s, num(3))),
            Some(sep) => b::split(&s, &sep, num(3)).map_or_else(empty, |parts| listing(&parts)),
        },
        "rsplit" => match maybe(2) {
            None => listing(&b::rsplit_whitespace(&s, num(3))),
            Some(sep) => b::rsplit(&s, &sep, num(3)).map_or_else(empty, |parts| listing(&parts)),
        },
        "splitlines" => listing(&b::splitlines(&s, num(2) != 0)),
        "partition" => match b::partition(&s, &arg(2)) {
            Some((head, tail)) => listing(&[head, &arg(2), tail]),
            None => listing(&[&s, b"", b""]),
        },
        "rpartition" => match b::rpartition(&s, &arg(2)) {
            Some((head, tail)) => listing(&[head, &arg(2), tail]),
            None => listing(&[b"", b"", &s]),
        },
        "strip" => escape_bytes(b::strip(&s, maybe(2).as_deref())),
        "lstrip" => escape_bytes(b::lstrip(&s, maybe(2).as_deref())),
        "rstrip" => escape_bytes(b::rstrip(&s, maybe(2).as_deref())),
        "center" => escape_bytes(&b::center(&s, num(2), b'*').unwrap().unwrap_or(s)),
        "ljust" => escape_bytes(&b::ljust(&s, num(2), b'*').unwrap().unwrap_or(s)),
        "rjust" => escape_bytes(&b::rjust(&s, num(2), b'*').unwrap().unwrap_or(s)),
        "zfill" => escape_bytes(&b::zfill(&s, num(2)).unwrap().unwrap_or(s)),
        "expandtabs" => escape_bytes(&b::expandtabs(&s, num(2)).unwrap()),
        "hexsep" => b::to_hex(&s, Some(b':'), num(2)),
        "fromhex" => match b::from_hex(&text(&row[1])) {
            Ok(out) => escape_bytes(&out),
            Err(e) => error_field(e.kind(), e),
        },
        _ => panic!("{name}"),
    }
}

#[test]
fn methods() {
    let mut check = Check::default();
    for row in rows("bytes") {
        check.row(&row, answer(&row));
    }
    check.finish();
    assert_eq!(b::from_hex(b"0"), Err(b::FromHexError::Odd));
    assert_eq!(b::translate(b"abcab", None, b"b"), b"aca");
}
