//! `%`-formats and `str.format` templates against CPython's answers.

mod common;
use common::*;
use hoop_text::percent::*;
use hoop_text::template::*;
use hoop_text::wtf8;

/// The argument of a row: every test has exactly one, which is no mapping.
enum Arg {
    Int(i64),
    Float(f64),
    Text(Vec<u8>),
    Bytes(Vec<u8>),
}

fn type_name(arg: &Arg) -> String {
    match arg {
        Arg::Int(_) => "int",
        Arg::Float(_) => "float",
        Arg::Text(_) => "str",
        Arg::Bytes(_) => "bytes",
    }
    .to_owned()
}

fn convert(
    out: &mut Vec<u8>,
    arg: &Arg,
    spec: &PercentSpec<'_>,
    template: &[u8],
    subject: Subject,
) -> Result<(), PercentError> {
    let field = spec.resolve(0, 0)?;
    let in_str = subject == Subject::Str;
    match (field.conversion, arg) {
        (b's', Arg::Text(s)) => push_text(out, s, &field),
        (b's', Arg::Bytes(s)) => push_bytes(out, s, &field),
        (b's', Arg::Int(_)) if !in_str => return Err(PercentError::NeedsBytes { type_name: type_name(arg) }),
        (b's', Arg::Int(n)) => push_text(out, n.to_string().as_bytes(), &field),
        (b'd' | b'i' | b'u' | b'x' | b'X' | b'o', Arg::Int(n)) => push_int(out, n, &field),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G', Arg::Int(n)) => push_float(out, *n as f64, &field),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G', Arg::Float(x)) => push_float(out, *x, &field),
        (b'c', Arg::Int(n)) => match u32::try_from(*n) {
            Ok(cp) if in_str && cp < 0x110000 => push_char(out, cp, &field),
            Ok(cp) if !in_str && cp < 256 => push_byte(out, cp as u8, &field),
            _ => return Err(PercentError::CharRange(subject)),
        },
        _ => return Err(spec.unsupported(template, subject)),
    }
    Ok(())
}

fn percent(format: &[u8], arg: Arg, subject: Subject) -> Result<Vec<u8>, PercentError> {
    let mut out = Vec::new();
    let mut used = false;
    for item in PercentParser::new(format, subject, false) {
        match item? {
            PercentItem::Literal(text) => out.extend_from_slice(text),
            PercentItem::Spec(_) if used => return Err(PercentError::NotEnough),
            PercentItem::Spec(spec) => {
                used = true;
                convert(&mut out, &arg, &spec, format, subject)?;
            }
        }
    }
    if used { Ok(out) } else { Err(PercentError::NotAll(subject)) }
}

#[test]
fn percents() {
    let mut check = Check::default();
    for row in rows("percent") {
        let format = text(&row[1]);
        let (arg, subject) = match row[0].as_str() {
            "int" => (Arg::Int(row[2].parse().unwrap()), Subject::Str),
            "float" => (Arg::Float(float(&row[2])), Subject::Str),
            "str" => (Arg::Text(text(&row[2])), Subject::Str),
            "bytes" => (Arg::Int(row[2].parse().unwrap()), Subject::Bytes),
            _ => (Arg::Bytes(bytes(&row[2])), Subject::Bytes),
        };
        let got = match percent(&format, arg, subject) {
            Ok(out) if subject == Subject::Str => escape(&out),
            Ok(out) => escape_bytes(&out),
            Err(e) => error_field(e.kind(), e),
        };
        check.row(&row, got);
    }
    check.finish();
}

#[test]
fn keys_and_stars() {
    let item = |f: &'static str| match PercentParser::new(f.as_bytes(), Subject::Str, true).next() {
        Some(Ok(PercentItem::Spec(spec))) => spec,
        other => panic!("{other:?}"),
    };
    assert_eq!(item("%((a)b)s").key, Some(&b"(a)b"[..]));
    let spec = item("%*.*f");
    assert_eq!((spec.width, spec.precision), (Some(Amount::Star), Some(Amount::Star)));
    let field = spec.resolve(-5, -3).unwrap();
    assert_eq!((field.flags.left, field.width, field.precision), (true, 5, Some(0)));
    let error = |f: &'static str| PercentParser::new(f.as_bytes(), Subject::Str, true).next();
    assert_eq!(error("%(a"), Some(Err(PercentError::IncompleteKey)));
    assert_eq!(error("%*"), Some(Err(PercentError::Incomplete)));
}

fn py_repr(s: &[u8]) -> String {
    format!("'{}'", String::from_utf8_lossy(s))
}

fn show_item(item: &TemplateItem<'_>) -> String {
    let literal = py_repr(item.literal);
    match &item.field {
        None => format!("({literal}, None, None, None)"),
        Some(f) => {
            let conversion = f.conversion.map_or("None".to_owned(), |cp| py_repr(&wtf8::encode_vec(cp)));
            let spec = if f.spec.is_empty() { "''".to_owned() } else { py_repr(f.spec) };
            format!("({literal}, {}, {spec}, {conversion})", py_repr(f.name))
        }
    }
}

fn show_key(key: Key<'_>) -> String {
    match key {
        Key::Index(n) => n.to_string(),
        Key::Name(name) => py_repr(name),
    }
}

fn split(name: &[u8]) -> Result<String, TemplateError> {
    let (first, rest) = split_field_name(name)?;
    let mut shown = Vec::new();
    for accessor in rest {
        shown.push(match accessor? {
            Accessor::Attribute(a) => format!("(True, {})", py_repr(a)),
            Accessor::Item(k) => format!("(False, {})", show_key(k)),
        });
    }
    Ok(format!("({}, [{}])", show_key(first), shown.join(", ")))
}

#[test]
fn templates() {
    let mut check = Check::default();
    for row in rows("template") {
        let source = text(&row[1]);
        let got = if row[0] == "parse" {
            let items: Result<Vec<_>, _> = TemplateParser::new(&source).collect();
            items.map(|items| format!("[{}]", items.iter().map(show_item).collect::<Vec<_>>().join(", ")))
        } else {
            split(&source)
        };
        let got = match got {
            Ok(shown) => escape(shown.as_bytes()),
            Err(e) => error_field(e.kind(), e),
        };
        check.row(&row, got);
    }
    check.finish();
}

#[test]
fn numbering() {
    let mut auto = AutoNumber::default();
    assert_eq!(auto.resolve(Key::Name(b"")), Ok(Key::Index(0)));
    assert_eq!(auto.resolve(Key::Name(b"a")), Ok(Key::Name(b"a")));
    assert_eq!(auto.resolve(Key::Name(b"")), Ok(Key::Index(1)));
    assert_eq!(auto.resolve(Key::Index(5)), Err(TemplateError::AutoToManual));
    let mut manual = AutoNumber::default();
    assert_eq!(manual.resolve(Key::Index(5)), Ok(Key::Index(5)));
    assert_eq!(manual.resolve(Key::Name(b"")), Err(TemplateError::ManualToAuto));
}
