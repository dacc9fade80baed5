//! The methods of `str` and character properties against CPython's answers.

mod common;
use common::*;
use hoop_text::{text as t, wtf8};

fn crc32(data: &[u8]) -> u32 {
    let mut crc = !0u32;
    for &b in data {
        crc ^= u32::from(b);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn predicate(name: &str, s: &[u8]) -> Option<bool> {
    Some(match name {
        "isalpha" => t::is_alpha(s),
        "isdecimal" => t::is_decimal(s),
        "isdigit" => t::is_digit(s),
        "isnumeric" => t::is_numeric(s),
        "isalnum" => t::is_alnum(s),
        "isspace" => t::is_space(s),
        "isupper" => t::is_upper(s),
        "islower" => t::is_lower(s),
        "istitle" => t::is_title(s),
        "isidentifier" => t::is_identifier(s),
        "isprintable" => t::is_printable(s),
        _ => return None,
    })
}

fn conversion(name: &str, s: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "upper" => t::upper(s),
        "lower" => t::lower(s),
        "title" => t::title(s),
        "casefold" => t::casefold(s),
        "swapcase" => t::swapcase(s),
        "capitalize" => t::capitalize(s),
        "repr" => t::repr_str(s),
        "ascii" => t::ascii_str(s),
        _ => return None,
    })
}

#[test]
fn properties() {
    let rows = rows("property");
    let hex = |s: &String| u32::from_str_radix(s, 16).unwrap();
    let unknown: Vec<_> =
        rows.iter().filter(|r| r[0] == "unknown").map(|r| (hex(&r[1]), hex(&r[2]))).collect();
    let is_unknown = |cp: u32| {
        let after = unknown.partition_point(|&(from, _)| from <= cp);
        after > 0 && cp < unknown[after - 1].1
    };
    let mut check = Check::default();
    for row in rows.iter().filter(|r| r[0] == "crc") {
        let mut answers = String::new();
        for cp in (hex(&row[1])..hex(&row[2])).filter(|&cp| !is_unknown(cp)) {
            let s = wtf8::encode_vec(cp);
            match predicate(&row[3], &s) {
                Some(answer) => answers.push(if answer { '1' } else { '0' }),
                None => answers.push_str(&escape(&conversion(&row[3], &s).expect("method"))),
            }
        }
        check.row(row, format!("{:08x}", crc32(answers.as_bytes())));
    }
    check.finish();
}

fn listing(parts: &[&[u8]]) -> String {
    let shown: Vec<_> = parts.iter().map(|p| escape(p)).collect();
    format!("{}:{}", parts.len(), shown.join("|"))
}

fn python_bool(b: bool) -> String {
    if b { "True" } else { "False" }.to_owned()
}

fn index(found: Option<usize>) -> String {
    found.map_or("-1".to_owned(), |i| i.to_string())
}

fn parted(name: &str, s: &[u8], sep: &[u8]) -> String {
    if name == "partition" {
        let (a, b) = t::partition(s, sep).map_or((s, None), |(a, b)| (a, Some(b)));
        return listing(&[a, if b.is_some() { sep } else { b"" }, b.unwrap_or(b"")]);
    }
    match t::rpartition(s, sep) {
        Some((a, b)) => listing(&[a, sep, b]),
        None => listing(&[b"", b"", s]),
    }
}

fn answer(row: &[String]) -> String {
    let name = row[0].as_str();
    let s = text(&row[1]);
    let arg = |i: usize| text(&row[i]);
    let num = |i: usize| row[i].parse::<i64>().unwrap();
    let maybe = |i: usize| (row[i] != "None").then(|| text(&row[i]));
    let empty = || "!ValueError: empty separator".to_owned();
    if let Some(b) = predicate(name, &s) {
        return python_bool(b);
    }
    if let Some(out) = conversion(name, &s) {
        return escape(&out);
    }
    match name {
        "find" => index(t::find(t::Text::of(&s), &arg(2), num(3), num(4))),
        "rfind" => index(t::rfind(t::Text::of(&s), &arg(2), num(3), num(4))),
        "count" => t::count(t::Text::of(&s), &arg(2), num(3), num(4)).to_string(),
        "startswith" => python_bool(t::starts_with(t::Text::of(&s), &arg(2), num(3), num(4))),
        "endswith" => python_bool(t::ends_with(t::Text::of(&s), &arg(2), num(3), num(4))),
        "replace" => escape(&t::replace(&s, &arg(2), &arg(3), num(4)).unwrap().unwrap_or(s)),
        "split" => match maybe(2) {
            None => listing(&t::split_whitespace(&s, num(3))),
            Some(sep) => t::split(&s, &sep, num(3)).map_or_else(empty, |parts| listing(&parts)),
        },
        "rsplit" => match maybe(2) {
            None => listing(&t::rsplit_whitespace(&s, num(3))),
            Some(sep) => t::rsplit(&s, &sep, num(3)).map_or_else(empty, |parts| listing(&parts)),
        },
        "splitlines" => listing(&t::splitlines(&s, num(2) != 0)),
        "partition" | "rpartition" => parted(name, &s, &arg(2)),
        "strip" => escape(t::strip(&s, maybe(2).as_deref())),
        "lstrip" => escape(t::lstrip(&s, maybe(2).as_deref())),
        "rstrip" => escape(t::rstrip(&s, maybe(2).as_deref())),
        "center" => escape(&t::center(&s, num(2), code_points(&row[3])[0]).unwrap().unwrap_or(s)),
        "ljust" => escape(&t::ljust(&s, num(2), code_points(&row[3])[0]).unwrap().unwrap_or(s)),
        "rjust" => escape(&t::rjust(&s, num(2), code_points(&row[3])[0]).unwrap().unwrap_or(s)),
        "zfill" => escape(&t::zfill(&s, num(2)).unwrap().unwrap_or(s)),
        "expandtabs" => escape(&t::expandtabs(&s, num(2)).unwrap()),
        "less" => python_bool(s < arg(2)),
        _ => panic!("{name}"),
    }
}

#[test]
fn methods() {
    let mut check = Check::default();
    for row in rows("text") {
        check.row(&row, answer(&row));
    }
    check.finish();
}

#[test]
fn too_long_is_an_error() {
    assert!(t::center(b"x", i64::MAX, 0x2a).is_err());
    assert!(t::zfill(b"x", i64::MAX).is_err());
    assert!(t::repeat(b"xyz", usize::MAX / 2).is_err());
    assert!(t::expandtabs(b"\t\t", i64::MAX).is_err());
    let long = vec![b'x'; 1 << 24];
    assert!(t::replace(&long, b"x", &long, -1).is_err());
    assert!(t::replace(&long, b"", &long, -1).is_err());
    assert!(t::join(&long, std::iter::repeat_n(&long[..], 1 << 24)).is_err());
}
