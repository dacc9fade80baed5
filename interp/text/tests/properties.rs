//! Round trips, agreement with obvious slow versions, and absence of panics on any input.

use hoop_text::codec::*;
use hoop_text::percent::{PercentParser, Subject};
use hoop_text::template::{TemplateParser, split_field_name};
use hoop_text::text::Text;
use hoop_text::{bytes as b, complex, float, int, seq, spec, text, unicode, wtf8};
use proptest::prelude::*;

/// Code points, surrogates among them, ASCII often.
fn code_points() -> impl Strategy<Value = Vec<u32>> {
    let one = prop_oneof![4 => 0u32..0x80, 2 => 0x80u32..0x3000, 1 => 0xd700u32..0xe100, 1 => 0u32..0x110000];
    prop::collection::vec(one, 0..40)
}

fn wtf8_text() -> impl Strategy<Value = Vec<u8>> {
    code_points().prop_map(wtf8::from_code_points)
}

/// Few letters, so that needles occur.
fn dense() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(vec![0x61u32, 0x62, 0xe9, 0x20ac]), 0..12)
        .prop_map(wtf8::from_code_points)
}

const ENCODINGS: [Encoding; 9] = [
    Encoding::Utf8,
    Encoding::Latin1,
    Encoding::Ascii,
    Encoding::Utf16(Order::Marked),
    Encoding::Utf16(Order::Little),
    Encoding::Utf16(Order::Big),
    Encoding::Utf32(Order::Marked),
    Encoding::Utf32(Order::Little),
    Encoding::Utf32(Order::Big),
];

const HANDLERS: [Handler; 7] = [
    Handler::Strict,
    Handler::Ignore,
    Handler::Replace,
    Handler::BackslashReplace,
    Handler::SurrogateEscape,
    Handler::SurrogatePass,
    Handler::XmlCharRefReplace,
];

fn same(x: f64, y: f64) -> bool {
    x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan())
}

proptest! {
    #[test]
    fn float_texts_read_back(bits in any::<u64>()) {
        let x = f64::from_bits(bits);
        prop_assert!(same(x, float::parse_float(float::repr_float(x).as_bytes()).unwrap()));
        prop_assert!(same(x, float::from_hex(float::to_hex(x).as_bytes()).unwrap()));
        let (re, im) = complex::parse_complex(complex::repr_complex(x, 1.5).as_bytes()).unwrap();
        prop_assert!(same(x, re) && im == 1.5);
    }

    #[test]
    fn fixed_decimals_are_exact(m in any::<i64>(), shift in 0u32..70, decimals in 0usize..25) {
        let x = m as f64 / (1u128 << shift) as f64;
        let layout = float::Layout::default();
        prop_assert_eq!(float::format_float_text(x, b'f', decimals, layout), format!("{x:.decimals$}"));
        let rounded = float::round_to_digits(x, decimals as i64).unwrap();
        prop_assert_eq!(rounded, format!("{x:.decimals$}").parse::<f64>().unwrap());
    }

    #[test]
    fn significant_digits_are_exact(bits in any::<u64>(), short in -100_000i64..100_000, scale in -30i32..30, p in 0usize..20) {
        let layout = float::Layout::default();
        for x in [f64::from_bits(bits), format!("{short}e{scale}").parse().unwrap(), short as f64 / 64.0] {
            if x.is_finite() {
                let (mantissa, exponent) = format!("{x:.p$e}").split_once('e').map(|(m, e)| (m.to_owned(), e.parse::<i32>().unwrap())).unwrap();
                let sign = if exponent < 0 { '-' } else { '+' };
                let expected = format!("{mantissa}e{sign}{:02}", exponent.abs());
                prop_assert_eq!(float::format_float_text(x, b'e', p, layout), expected);
            }
        }
    }

    #[test]
    fn int_texts_read_back(n in any::<i64>(), radix in 2u32..=36) {
        let sign = if n < 0 { "-" } else { "" };
        let written = format!("{sign}{}", int::magnitude_digits(n.unsigned_abs(), radix));
        prop_assert_eq!(int::parse_int(written.as_bytes(), i64::from(radix), 0), Ok(int::ParsedInt::Small(n)));
        for literal in [int::hex(n), int::oct(n), int::bin(n), int::decimal(n)] {
            prop_assert_eq!(int::parse_int(literal.as_bytes(), 0, 0), Ok(int::ParsedInt::Small(n)));
        }
        let mut grouped = Vec::new();
        spec::format_int(&mut grouped, &n, b"_", "int").unwrap();
        prop_assert_eq!(int::parse_int(&grouped, 10, 0), Ok(int::ParsedInt::Small(n)));
    }

    #[test]
    fn code_points_survive(cps in code_points(), n in 0usize..50) {
        let s = wtf8::from_code_points(cps.iter().copied());
        prop_assert!(wtf8::is_valid(&s));
        prop_assert_eq!(wtf8::code_points(&s).collect::<Vec<_>>(), cps.clone());
        prop_assert_eq!(wtf8::count(&s), cps.len());
        prop_assert_eq!(wtf8::nth(&s, n), cps.get(n).copied());
        prop_assert_eq!(wtf8::has_surrogate(&s), cps.iter().any(|&cp| wtf8::is_surrogate(cp)));
    }

    #[test]
    fn order_is_code_point_order(x in code_points(), y in code_points()) {
        let order = wtf8::from_code_points(x.clone()).cmp(&wtf8::from_code_points(y.clone()));
        prop_assert_eq!(order, x.cmp(&y));
    }

    #[test]
    fn search_agrees_with_windows(s in dense(), needle in dense(), start in -15i64..15, end in -15i64..15) {
        let hay: Vec<u32> = wtf8::code_points(&s).collect();
        let sub: Vec<u32> = wtf8::code_points(&needle).collect();
        let (from, to) = seq::clip_bounds(hay.len(), start, end);
        let hits: Vec<usize> = (from..=to).filter(|&i| i + sub.len() <= to && hay[i..].starts_with(&sub)).collect();
        prop_assert_eq!(text::find(Text::of(&s), &needle, start, end), hits.first().copied());
        prop_assert_eq!(text::rfind(Text::of(&s), &needle, start, end), hits.last().copied());
    }

    #[test]
    fn split_and_join(s in dense(), sep in dense(), max in -1i64..4) {
        if let Some(parts) = seq::split(&s, &sep, max) {
            prop_assert_eq!(seq::join(&sep, parts.iter().copied()).unwrap(), s.clone());
            let replaced = text::replace(&s, &sep, b"<>", max).unwrap().unwrap_or(s.clone());
            prop_assert_eq!(seq::join(b"<>", parts).unwrap(), replaced);
        }
        if let Some(parts) = seq::rsplit(&s, &sep, max) {
            prop_assert_eq!(seq::join(&sep, parts).unwrap(), s);
        }
    }

    #[test]
    fn lines_join_again(s in wtf8_text()) {
        prop_assert_eq!(text::splitlines(&s, true).concat(), s.clone());
        prop_assert_eq!(b::splitlines(&s, true).concat(), s);
    }

    #[test]
    fn every_text_function_gives_valid_text(s in wtf8_text(), width in -1i64..60) {
        let results = [
            text::upper(&s), text::lower(&s), text::title(&s), text::capitalize(&s), text::swapcase(&s),
            text::casefold(&s), text::repr_str(&s), text::ascii_str(&s), wtf8::reversed(&s),
            text::expandtabs(&s, width).unwrap(), text::center(&s, width, 0x20ac).unwrap().unwrap_or_default(),
        ];
        for result in &results {
            prop_assert!(wtf8::is_valid(result));
        }
        prop_assert!(results[7].is_ascii());
        prop_assert!(wtf8::code_points(&results[6]).all(unicode::is_printable));
    }

    #[test]
    fn encodings_read_back(s in wtf8_text()) {
        for encoding in ENCODINGS {
            if let Ok(encoded) = encode_with(encoding, &s, Handler::Strict) {
                prop_assert_eq!(decode_with(encoding, &encoded, Handler::Strict), Ok(s.clone()));
            }
        }
        let passed = encode_with(Encoding::Utf8, &s, Handler::SurrogatePass).unwrap();
        prop_assert_eq!(decode_with(Encoding::Utf8, &passed, Handler::SurrogatePass), Ok(s.clone()));
        let escaped = unicode_escape_encode(&s);
        let strict = |e: &DecodeError| Err::<(Vec<u8>, usize), _>(e.clone());
        prop_assert_eq!(unicode_escape_decode(&escaped, true, |_| None, strict).unwrap().out, s);
    }

    #[test]
    fn any_bytes_decode_or_fail(input in prop::collection::vec(any::<u8>(), 0..40)) {
        for encoding in ENCODINGS {
            for handler in HANDLERS {
                if let Ok(out) = decode_with(encoding, &input, handler) {
                    prop_assert!(wtf8::is_valid(&out));
                }
            }
        }
        let escape = decode_with(Encoding::Utf8, &input, Handler::SurrogateEscape).unwrap();
        prop_assert_eq!(encode_with(Encoding::Utf8, &escape, Handler::SurrogateEscape), Ok(input.clone()));
        prop_assert_eq!(b::from_hex(b::to_hex(&input, None, 1).as_bytes()), Ok(input.clone()));
        let escaped = escape_bytes(&input);
        prop_assert_eq!(unescape_bytes(&escaped, OnBadHex::Strict).unwrap().out, input);
    }

    #[test]
    fn any_text_encodes_or_fails(s in wtf8_text()) {
        for encoding in ENCODINGS {
            for handler in HANDLERS {
                let _ = encode_with(encoding, &s, handler);
            }
        }
    }

    #[test]
    fn parsers_take_any_text(s in wtf8_text(), odd in "[-+<>=^ z#0-9,_.a-z%{}!:\\[\\]()*]{0,12}") {
        for input in [&s[..], odd.as_bytes()] {
            let mut out = Vec::new();
            let _ = spec::format_int(&mut out, &42i64, input, "int");
            let _ = spec::format_str(&mut out, b"abc", input, "str");
            let _ = spec::format_float(&mut out, 4.25, input, "float");
            let _ = spec::format_complex(&mut out, 0.5, -1.0, input, "complex");
            let _ = float::parse_float(input);
            let _ = float::from_hex(input);
            let _ = complex::parse_complex(input);
            for base in [0, 2, 10, 16, 36] {
                let _ = int::parse_int(input, base, 4300);
            }
            PercentParser::new(input, Subject::Str, true).take_while(Result::is_ok).for_each(drop);
            PercentParser::new(input, Subject::Bytes, true).take_while(Result::is_ok).for_each(drop);
            TemplateParser::new(input).take_while(Result::is_ok).for_each(drop);
            if let Ok((_, rest)) = split_field_name(input) {
                rest.take_while(Result::is_ok).for_each(drop);
            }
            let _ = b::from_hex(input);
            let _ = unicode_escape_decode(input, true, |_| None, |e| Err::<(Vec<u8>, usize), _>(e.clone()));
        }
    }
}
