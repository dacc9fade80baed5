//! `str.encode` and `bytes.decode`: finding the codec and the error handler.
//!
//! UTF-8, UTF-16, UTF-32, Latin-1, ASCII and the escape codecs are native. For other names a function may be put into
//! `module_state` under [`LOOKUP`]: it gets the name and gives a tuple that begins with encoder and decoder, as
//! `codecs.lookup` does. Error handlers written in Python are in the dict under [`HANDLERS`].

use crate::text::str::arguments::check_str;
use crate::text::str::unicode_error;
use hoop_gc::Value;
use hoop_object::dict;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::text::{self, bytearray_data, bytes_data, str_bytes, str_is_ascii, str_len, str_text};
use hoop_object::tuple::{tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::{call, protocol, subscript};
use hoop_text::codec::{
    self, DecodeError, EncodeError, EncodeFailure, Encoding, Handler, Replacement, raw_unicode_escape_decode,
    raw_unicode_escape_encode, unicode_escape_decode, unicode_escape_encode,
};
use hoop_text::wtf8;

/// Key in `module_state` of a dict: error handlers by name.
pub const HANDLERS: &str = "codec_errors";

/// Key in `module_state` of a function that finds codecs.
pub const LOOKUP: &str = "codec_lookup";

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What a name of an encoding means.
enum Codec {
    Plain(Encoding),
    Utf8Signed,
    UnicodeEscape,
    RawUnicodeEscape,
    /// A tuple of Python functions.
    Python(Value),
}

/// An optional argument that must be a str without null characters.
#[inline]
pub fn name_argument(vm: &mut Vm, function: &str, name: &str, v: Value) -> PyResult<Option<String>> {
    if v == Value::UNBOUND {
        return Ok(None);
    }
    let s = check_str(vm, v, |n| format!("{function}() argument '{name}' must be str, not {n}"))?;
    if str_bytes(s).contains(&0) {
        return Err(vm.value_error("embedded null character"));
    }
    Ok(Some(str_text(s).into_owned()))
}

fn find(vm: &mut Vm, name: &str) -> PyResult<Codec> {
    if let Some(encoding) = Encoding::from_name(name) {
        return Ok(Codec::Plain(encoding));
    }
    let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
    match plain.to_ascii_lowercase().as_str() {
        "utf8sig" => return Ok(Codec::Utf8Signed),
        "unicodeescape" => return Ok(Codec::UnicodeEscape),
        "rawunicodeescape" => return Ok(Codec::RawUnicodeEscape),
        _ => {}
    }
    if let Some(&function) = vm.module_state.get(LOOKUP) {
        let text = text::str(vm, name);
        let found = call::call(vm, function, &[text])?;
        let inner = vm.unwrap(found);
        if vm.kind(inner) == Kind::Tuple && tuple_len(inner) >= 2 {
            return Ok(Codec::Python(inner));
        }
    }
    Err(vm.lookup_error(format!("unknown encoding: {name}")))
}

/// Calls an encoder or decoder written in Python; its result's first item.
fn call_python(vm: &mut Vm, codec: Value, which: usize, object: Value, errors: Option<&str>) -> PyResult {
    let errors = text::str(vm, errors.unwrap_or("strict"));
    let r = call::call(vm, tuple_items(codec)[which], &[object, errors])?;
    let what = ["encoder", "decoder"][which];
    if vm.kind(r) != Kind::Tuple || tuple_len(r) != 2 {
        return Err(vm.type_error(format!("{what} must return a tuple (object, integer)")));
    }
    Ok(tuple_items(r)[0])
}

/// What happens on errors.
struct Policy<'a> {
    builtin: Option<Handler>,
    name: &'a str,
}

impl<'a> Policy<'a> {
    fn new(errors: Option<&'a str>) -> Policy<'a> {
        let name = errors.unwrap_or("strict");
        Policy { builtin: Handler::from_name(name), name }
    }

    /// The handler in Python.
    fn function(&self, vm: &mut Vm) -> PyResult {
        let key = text::str(vm, self.name);
        let found = match vm.module_state.get(HANDLERS).copied() {
            Some(d) => dict::get(vm, d, key)?,
            None => None,
        };
        match found {
            Some(f) => Ok(f),
            None => {
                let text = format!("unknown error handler name '{}'", self.name);
                Err(vm.lookup_error(text))
            }
        }
    }

    fn on_decode(
        &self,
        vm: &mut Vm,
        encoding: Encoding,
        object: Value,
        error: &DecodeError,
    ) -> PyResult<(Vec<u8>, usize)> {
        let data = bytes_data(object);
        if let Some(handler) = self.builtin {
            return handler
                .on_decode(encoding, data, error)
                .map_err(|e| unicode_error::decode_error(vm, object, &e));
        }
        let exception = unicode_error::new_decode_error(vm, object, error)?;
        let (text, at) =
            self.ask(vm, exception, data.len(), "decoding error handler must return (str, int) tuple")?;
        if vm.kind(text) != Kind::Str {
            return Err(vm.type_error("decoding error handler must return (str, int) tuple"));
        }
        Ok((str_bytes(text).to_vec(), at))
    }

    fn on_encode(
        &self,
        vm: &mut Vm,
        encoding: Encoding,
        object: Value,
        error: &EncodeError,
        bad: &[u32],
    ) -> PyResult<(Replacement, usize)> {
        if let Some(handler) = self.builtin {
            return handler
                .on_encode(encoding, bad, error)
                .map_err(|e| unicode_error::encode_error(vm, object, &e));
        }
        const WRONG: &str = "encoding error handler must return (str/bytes, int) tuple";
        let exception = unicode_error::new_encode_error(vm, object, error)?;
        let (v, at) = self.ask(vm, exception, str_len(object), WRONG)?;
        match vm.kind(v) {
            Kind::Str => Ok((Replacement::Text(str_bytes(v).to_vec()), at)),
            Kind::Bytes => Ok((Replacement::Bytes(bytes_data(v).to_vec()), at)),
            _ => Err(vm.type_error(WRONG)),
        }
    }

    /// Calls the handler in Python: a replacement, and where to go on.
    fn ask(&self, vm: &mut Vm, exception: Value, len: usize, wrong: &str) -> PyResult<(Value, usize)> {
        let f = self.function(vm)?;
        let r = call::call(vm, f, &[exception])?;
        let r = vm.unwrap(r);
        if vm.kind(r) != Kind::Tuple || tuple_len(r) != 2 {
            return Err(vm.type_error(wrong));
        }
        let at = tuple_items(r)[1];
        if !subscript::has_index(vm, at) {
            return Err(vm.type_error(wrong));
        }
        let at = protocol::index(vm, at)?;
        let place = if at < 0 { at + len as i64 } else { at };
        if place < 0 || place > len as i64 {
            return Err(vm.index_error(format!("position {at} from error handler out of bounds")));
        }
        Ok((vm.unwrap(tuple_items(r)[0]), place as usize))
    }
}

/// `s.encode(encoding, errors)`, a bytes object.
pub fn encode(vm: &mut Vm, s: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let codec = match encoding {
        None => Codec::Plain(Encoding::Utf8),
        Some(name) => find(vm, name)?,
    };
    let text = str_bytes(s);
    match codec {
        Codec::Plain(Encoding::Utf8) if !wtf8::has_surrogate(text) => text::new_bytes(vm, text),
        Codec::Plain(Encoding::Latin1 | Encoding::Ascii) if str_is_ascii(s) => text::new_bytes(vm, text),
        Codec::Plain(encoding) => {
            let out = encode_plain(vm, encoding, s, errors)?;
            text::new_bytes(vm, &out)
        }
        Codec::Utf8Signed => {
            let mut out = BOM.to_vec();
            out.extend(encode_plain(vm, Encoding::Utf8, s, errors)?);
            text::new_bytes(vm, &out)
        }
        Codec::UnicodeEscape => text::new_bytes(vm, &unicode_escape_encode(text)),
        Codec::RawUnicodeEscape => text::new_bytes(vm, &raw_unicode_escape_encode(text)),
        Codec::Python(codec) => {
            let r = call_python(vm, codec, 0, s, errors)?;
            if matches!(vm.kind(r), Kind::Bytes | Kind::ByteArray) {
                return Ok(r);
            }
            let (name, got) = (encoding.unwrap_or("utf-8"), vm.class_name(r));
            Err(vm.type_error(format!(
                "'{name}' encoder returned '{got}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
            )))
        }
    }
}

fn encode_plain(vm: &mut Vm, encoding: Encoding, s: Value, errors: Option<&str>) -> PyResult<Vec<u8>> {
    let policy = Policy::new(errors);
    let out =
        codec::encode(encoding, str_bytes(s), |error, bad| policy.on_encode(vm, encoding, s, error, bad));
    out.map_err(|failure| match failure {
        EncodeFailure::Handler(raise) => raise,
        EncodeFailure::Replacement(error) => unicode_error::encode_error(vm, s, &error),
    })
}

/// `b.decode(encoding, errors)` of a bytes object or bytearray, a str.
pub fn decode(vm: &mut Vm, b: Value, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    let codec = match encoding {
        None => Codec::Plain(Encoding::Utf8),
        Some(name) => find(vm, name)?,
    };
    // Error handlers may change a bytearray.
    let b = if vm.kind(b) == Kind::ByteArray { text::new_bytes(vm, bytearray_data(b))? } else { b };
    let data = bytes_data(b);
    match codec {
        Codec::Plain(Encoding::Utf8) if std::str::from_utf8(data).is_ok() => {
            hoop_object::strs::text_str(vm, data)
        }
        Codec::Plain(Encoding::Latin1 | Encoding::Ascii) if data.is_ascii() => {
            hoop_object::strs::text_str(vm, data)
        }
        Codec::Plain(encoding) => decode_plain(vm, encoding, b, errors),
        Codec::Utf8Signed => {
            let rest = data.strip_prefix(BOM).unwrap_or(data);
            let rest = text::new_bytes(vm, rest)?;
            decode_plain(vm, Encoding::Utf8, rest, errors)
        }
        Codec::UnicodeEscape | Codec::RawUnicodeEscape => {
            let raw = matches!(codec, Codec::RawUnicodeEscape);
            decode_escapes(vm, b, errors, raw)
        }
        Codec::Python(codec) => {
            let r = call_python(vm, codec, 1, b, errors)?;
            if vm.kind(r) == Kind::Str {
                return Ok(r);
            }
            let (name, got) = (encoding.unwrap_or("utf-8"), vm.class_name(r));
            Err(vm.type_error(format!(
                "'{name}' decoder returned '{got}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
            )))
        }
    }
}

fn decode_plain(vm: &mut Vm, encoding: Encoding, b: Value, errors: Option<&str>) -> PyResult {
    let policy = Policy::new(errors);
    let out =
        codec::decode(encoding, bytes_data(b), |encoding, error| policy.on_decode(vm, encoding, b, error))?;
    hoop_object::strs::text_str(vm, &out)
}

fn decode_escapes(vm: &mut Vm, b: Value, errors: Option<&str>, raw: bool) -> PyResult {
    let policy = Policy::new(errors);
    let data = bytes_data(b);
    let on_error = |error: &DecodeError| -> Result<(Vec<u8>, usize), Raise> {
        policy.on_decode(vm, Encoding::Utf8, b, error)
    };
    let done = if raw {
        raw_unicode_escape_decode(data, true, on_error)?
    } else {
        unicode_escape_decode(data, true, |_| None, on_error)?
    };
    hoop_object::strs::text_str(vm, &done.out)
}
