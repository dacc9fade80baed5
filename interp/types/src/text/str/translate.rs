//! `str.translate` and `str.maketrans`.

use crate::text::str::arguments::{check_str, this};
use hoop_gc::Value;
use hoop_object::dict;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::text::{str_bytes, str_len};
use hoop_object::vm::Vm;
use hoop_protocol::{protocol, subscript};
use hoop_text::text::{self, Translated};
use hoop_text::wtf8;

#[inline]
pub fn translate(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "translate")?;
    let table = a[1];
    let out = text::translate(str_bytes(s), |cp| lookup(vm, table, cp))?;
    hoop_object::strs::text_str(vm, &out)
}

fn lookup(vm: &mut Vm, table: Value, cp: u32) -> PyResult<Translated> {
    let v = match subscript::get_item(vm, table, Value::int(cp as i64)) {
        Ok(v) => v,
        Err(raise) => {
            let class = vm.types.lookup_error;
            return if vm.catch(class).is_some() { Ok(Translated::Same) } else { Err(raise) };
        }
    };
    let v = vm.unwrap(v);
    match vm.kind(v) {
        Kind::None => Ok(Translated::Delete),
        Kind::Str => Ok(Translated::Text(str_bytes(v).to_vec())),
        Kind::Int | Kind::BigInt | Kind::Bool => {
            let code = protocol::index_clamped(vm, v)?;
            match u32::try_from(code) {
                Ok(cp) if cp <= 0x10FFFF => Ok(Translated::Char(cp)),
                _ => Err(vm.value_error("character mapping must be in range(0x110000)")),
            }
        }
        _ => Err(vm.type_error("character mapping must return integer, None or str")),
    }
}

pub fn maketrans(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[1] == Value::UNBOUND {
        return from_dict(vm, a[0]);
    }
    let y = check_str(vm, a[1], |n| format!("maketrans() argument 2 must be str, not {n}"))?;
    let z = match a[2] {
        Value::UNBOUND => hoop_object::text::empty_str(vm),
        z => check_str(vm, z, |n| format!("maketrans() argument 3 must be str, not {n}"))?,
    };
    let x = check_str(vm, a[0], |_| {
        "first maketrans argument must be a string if there is a second argument".into()
    })?;
    if str_len(x) != str_len(y) {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    let d = dict::new_dict(vm);
    for (from, to) in wtf8::code_points(str_bytes(x)).zip(wtf8::code_points(str_bytes(y))) {
        dict::set(vm, d, Value::int(from as i64), Value::int(to as i64))?;
    }
    for cp in wtf8::code_points(str_bytes(z)) {
        dict::set(vm, d, Value::int(cp as i64), Value::NONE)?;
    }
    Ok(d)
}

fn from_dict(vm: &mut Vm, table: Value) -> PyResult {
    let from = vm.unwrap(table);
    if !vm.kind(from).is_dict() {
        return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
    }
    let d = dict::new_dict(vm);
    let mut i = 0;
    while let Some((at, entry)) = dict::dict_next(vm, from, i) {
        let key = vm.unwrap(entry.key);
        let key = match vm.kind(key) {
            Kind::Str if str_len(key) == 1 => Value::int(wtf8::decode_at(str_bytes(key), 0).0 as i64),
            Kind::Str => return Err(vm.value_error("string keys in translate table must be of length 1")),
            Kind::Int | Kind::BigInt | Kind::Bool => entry.key,
            _ => return Err(vm.type_error("keys in translate table must be strings or integers")),
        };
        dict::set(vm, d, key, entry.value)?;
        i = at + 1;
    }
    Ok(d)
}
