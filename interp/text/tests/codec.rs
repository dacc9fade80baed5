//! Codecs and their error handlers against CPython's answers.

mod common;
use common::*;
use hoop_text::codec::{
    DecodeError, Encoding, Handler, OnBadHex, decode_partial, decode_with, encode_with,
    raw_unicode_escape_decode, raw_unicode_escape_encode, unescape_bytes, unicode_escape_decode,
    unicode_escape_encode,
};

fn decode_failure(e: &DecodeError, input: &[u8]) -> String {
    let message = e.message(input);
    escape(format!("!{} {} {} {} / {message}", e.encoding, e.start, e.end, e.reason).as_bytes())
}

fn answer(row: &[String]) -> String {
    let encoding = Encoding::from_name(&row[1]).expect("encoding");
    let handler = Handler::from_name(&row[2]).expect("handler");
    match row[0].as_str() {
        "decode" => {
            let input = bytes(&row[3]);
            match decode_with(encoding, &input, handler) {
                Ok(out) => escape(&out),
                Err(e) => decode_failure(&e, &input),
            }
        }
        "partial" => {
            let input = bytes(&row[3]);
            let on_error = |encoding, e: &DecodeError| handler.on_decode(encoding, &input, e);
            let done = decode_partial(encoding, &input, false, on_error).unwrap();
            format!("{}:{}", done.consumed, escape(&done.text))
        }
        _ => {
            let input = text(&row[3]);
            match encode_with(encoding, &input, handler) {
                Ok(out) => escape_bytes(&out),
                Err(e) => {
                    let shown = e.message(&input);
                    let line = format!("!{} {} {} {} / {shown}", e.encoding, e.start, e.end, e.reason);
                    escape(line.as_bytes())
                }
            }
        }
    }
}

#[test]
fn codecs() {
    let mut check = Check::default();
    for row in rows("codec") {
        check.row(&row, answer(&row));
    }
    check.finish();
}

/// The only name that the tables use.
fn lookup(name: &[u8]) -> Option<u32> {
    (name == b"EURO SIGN").then_some(0x20ac)
}

fn unescape(row: &[String], input: &[u8]) -> Result<String, String> {
    let handler = Handler::from_name(&row[1]).expect("handler");
    let on_error = |e: &DecodeError| handler.on_decode(Encoding::Latin1, input, e);
    let failed = |e: DecodeError| decode_failure(&e, input);
    match row[0].as_str() {
        "unicode" => {
            unicode_escape_decode(input, true, lookup, on_error).map(|d| escape(&d.out)).map_err(failed)
        }
        "raw" => raw_unicode_escape_decode(input, true, on_error).map(|d| escape(&d.out)).map_err(failed),
        "partial" => unicode_escape_decode(input, false, lookup, on_error)
            .map(|d| format!("{}:{}", d.consumed, escape(&d.out)))
            .map_err(failed),
        _ => {
            let on_bad_hex = match handler {
                Handler::Replace => OnBadHex::Replace,
                Handler::Ignore => OnBadHex::Ignore,
                _ => OnBadHex::Strict,
            };
            unescape_bytes(input, on_bad_hex)
                .map(|d| escape_bytes(&d.out))
                .map_err(|e| error_field(e.kind(), e))
        }
    }
}

#[test]
fn escapes() {
    let mut check = Check::default();
    for row in rows("escape") {
        let got = match row[0].as_str() {
            "unicode_encode" => escape_bytes(&unicode_escape_encode(&text(&row[2]))),
            "raw_encode" => escape_bytes(&raw_unicode_escape_encode(&text(&row[2]))),
            "bytes_encode" => escape_bytes(&escape_bytes_of(&bytes(&row[2]))),
            _ => unescape(&row, &bytes(&row[2])).unwrap_or_else(|e| e),
        };
        check.row(&row, got);
    }
    check.finish();
}

fn escape_bytes_of(b: &[u8]) -> Vec<u8> {
    hoop_text::codec::escape_bytes(b)
}
