//! Floats and format specifications against CPython's answers.

mod common;
use common::*;
use hoop_text::{float, hash, spec};

#[test]
fn floats() {
    let mut check = Check::default();
    for row in rows("float") {
        let got = match row[0].as_str() {
            "repr" => float::repr_float(float(&row[1])),
            "hex" => float::to_hex(float(&row[1])),
            "hash" => hash::hash_f64(float(&row[1])).expect("no NaN").to_string(),
            "round" => match float::round_to_digits(float(&row[1]), row[2].parse().unwrap()) {
                Ok(x) => float_field(x),
                Err(e) => error_field(e.kind(), e),
            },
            _ => match float::from_hex(&text(&row[1])) {
                Ok(x) => float_field(x),
                Err(e) => error_field(e.kind(), e),
            },
        };
        check.row(&row, got);
    }
    check.finish();
}

/// A big integer from its decimal text; other radices only where the value is small enough.
struct Decimal(String);

impl spec::Integer for Decimal {
    fn is_negative(&self) -> bool {
        self.0.starts_with('-')
    }
    fn push_digits(&self, out: &mut Vec<u8>, radix: u32) {
        let digits = self.0.trim_start_matches('-');
        let text = match digits.parse::<u128>() {
            Ok(n) if radix == 16 => format!("{n:x}"),
            Ok(n) if radix == 8 => format!("{n:o}"),
            Ok(n) if radix == 2 => format!("{n:b}"),
            _ => digits.to_owned(),
        };
        out.extend_from_slice(text.as_bytes());
    }
    fn to_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|x: &f64| x.is_finite())
    }
    fn to_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

#[test]
fn formats() {
    let mut check = Check::default();
    for row in rows("format") {
        let spec_text = text(&row[row.len() - 2]);
        let mut out = Vec::new();
        let got = match row[0].as_str() {
            "int" => match row[1].parse::<i64>() {
                Ok(n) => spec::format_int(&mut out, &n, &spec_text, "int"),
                // The stand-in for a big integer knows radices up to 128 bits only.
                Err(_) if row[1].len() > 40 && spec_text.iter().any(|b| b"xXob".contains(b)) => continue,
                Err(_) => spec::format_int(&mut out, &Decimal(row[1].clone()), &spec_text, "int"),
            },
            "str" => spec::format_str(&mut out, &text(&row[1]), &spec_text, "str"),
            "float" => spec::format_float(&mut out, float(&row[1]), &spec_text, "float"),
            _ => spec::format_complex(&mut out, float(&row[1]), float(&row[2]), &spec_text, "complex"),
        };
        let got = match got {
            Ok(()) => escape(&out),
            Err(e) => error_field(e.kind(), e),
        };
        check.row(&row, got);
    }
    check.finish();
}

#[test]
fn grouped_fractions() {
    let cases: &[(f64, &str, &str)] = &[
        (123456789.12345679, ",._", "123,456,789.123_456_79"),
        (123456.1234567, ".6,f", "123456.123,457"),
        (0.12345, "._", "0.123_45"),
        (1.0, "._e", "1.000_000e+00"),
        (1234.56789, "020_._", "0_000_001_234.567_89"),
    ];
    for &(x, spec, expected) in cases {
        let mut out = b"before".to_vec();
        spec::format_float(&mut out, x, spec.as_bytes(), "float").unwrap();
        assert_eq!(out, format!("before{expected}").as_bytes(), "{spec}");
    }
    let e = spec::format_int(&mut Vec::new(), &1i64, b"._", "int").unwrap_err();
    assert_eq!(e.to_string(), "Cannot specify '_' with 'd'.");
}
