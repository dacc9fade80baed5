//! Run-time code objects and functions made by native code.

use crate::code::{self, CodeData, SiteCache};
use crate::errors::PyResult;
use crate::kind::Kind;
use crate::layout::*;
use crate::vm::Vm;
use crate::{bigint, complex, dict, foreign, module, text, tuple};
use hoop_bytecode::{Code, Const, Op};
use hoop_gc::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

/// Binds a code object to globals (a namespace): the code that functions made from it run.
pub fn load_code(vm: &mut Vm, code: Arc<Code>, globals: Value, builtins: Value) -> PyResult {
    if let Err(error) = hoop_bytecode::verify(&code) {
        return Err(vm.system_error(format!("malformed code object: {error}")));
    }
    let shape = vm.kind_shape(Kind::Code);
    let consts = load_consts(vm, &code.consts, globals, builtins)?;
    let roots = vm.ctx.heap.temp_root_count();
    let name = rooted_name(vm, code.name.as_bytes());
    let qualname = rooted_name(vm, code.qualname.as_bytes());
    let data = CodeData {
        instrs: code.instrs.iter().map(|&i| code::encode(i)).collect(),
        names: site_names(vm, &code),
        keyword_names: code.names.iter().map(|n| Some(rooted_name(vm, n.as_bytes()))).collect(),
        caches: code.sites.iter().map(|_| Cell::new(SiteCache::EMPTY)).collect(),
        globals,
        builtins,
        local_names: code.local_names.iter().map(|n| rooted_name(vm, n.as_bytes())).collect(),
        liveness: OnceCell::new(),
        looks: RefCell::default(),
        locals_seen: Cell::new(code.flags.frame_locals),
        calls_left: Cell::new(vm.call_threshold),
        simple_params: if code.flags.generator { u32::MAX } else { plain_params(&code) },
        plain_params: plain_params(&code),
        suspensions: crate::handled::suspensions(&code),
        helpers: RefCell::default(),
        has_loop: code.instrs.iter().any(|i| i.op == Op::Loop),
        consts: Vec::new(),
        name,
        qualname,
        code,
    };
    let value = vm.new_foreign(shape, data);
    // The constants are heap objects: rooted by the vector until here, by the code object from here on.
    foreign::get_known::<CodeData>(value).consts = consts.as_slice().to_vec();
    vm.ctx.heap.truncate_temp_roots(roots);
    Ok(value)
}

/// An interned name that the code object is going to keep: a temporary root until there is one.
#[inline]
fn rooted_name(vm: &mut Vm, text: &[u8]) -> Value {
    let name = text::intern(vm, text);
    vm.ctx.heap.push_temp_root(name);
    name
}

#[inline]
fn site_names(vm: &mut Vm, code: &Code) -> Vec<Option<Value>> {
    let names = code.sites.iter().map(|s| s.name.and_then(|n| code.names.get(n as usize)));
    names.map(|n| n.map(|n| rooted_name(vm, n.as_bytes()))).collect()
}

#[inline]
fn load_consts(
    vm: &mut Vm,
    consts: &[Const],
    globals: Value,
    builtins: Value,
) -> PyResult<crate::tuple::ValueVec> {
    let mut out = crate::tuple::ValueVec::with_capacity(vm, consts.len())?;
    for c in consts {
        let v = load_const(vm, c, globals, builtins)?;
        out.push(vm, v)?;
    }
    Ok(out)
}

fn load_const(vm: &mut Vm, c: &Const, globals: Value, builtins: Value) -> PyResult {
    Ok(match c {
        Const::None => Value::NONE,
        Const::Bool(b) => Value::bool(*b),
        Const::Ellipsis => Value::ELLIPSIS,
        Const::Int(i) => bigint::int_from_i64(vm, *i),
        Const::BigInt(text) => match text.parse::<dashu_int::IBig>() {
            Ok(n) => bigint::int_from_ibig(vm, &n)?,
            Err(_) => return Err(vm.system_error("malformed integer constant")),
        },
        Const::Float(bits) => vm.ctx.box_float(f64::from_bits(*bits)),
        Const::Complex(real, imag) => complex::new_complex(vm, f64::from_bits(*real), f64::from_bits(*imag)),
        Const::Str(text) => {
            if text.len() <= 64 {
                text::intern(vm, text)
            } else {
                text::new_str(vm, text)
            }
        }
        Const::Bytes(data) => text::new_bytes(vm, data)?,
        Const::Tuple(items) => {
            let items = load_consts(vm, items, globals, builtins)?;
            tuple::new_tuple(vm, items.as_slice())?
        }
        Const::FrozenSet(items) => {
            let items = load_consts(vm, items, globals, builtins)?;
            let s = dict::new_frozenset(vm);
            for &v in items.as_slice() {
                dict::set(vm, s, v, Value::NONE)?;
            }
            s
        }
        Const::Code(code) => load_code(vm, code.clone(), globals, builtins)?,
    })
}

/// A function that runs `code` with no defaults and no closure.
#[inline]
pub fn make_function(vm: &mut Vm, code: Value) -> Value {
    let data = crate::code::code_data(code);
    let shape = vm.kind_shape(Kind::Function);
    let module = module_name(vm, data.globals);
    let f = vm.ctx.alloc(shape, 10);
    for field in [FUNC_DEFAULTS, FUNC_KWDEFAULTS, FUNC_CLOSURE, FUNC_DICT, FUNC_ANNOTATE] {
        field.init(f, Value::UNBOUND);
    }
    for (field, v) in [
        (FUNC_CODE, code),
        (FUNC_NAME, data.name),
        (FUNC_QUALNAME, data.qualname),
        (FUNC_DOC, Value::NONE),
        (FUNC_MODULE, module),
    ] {
        field.init(f, v);
    }
    f
}

/// The dict of a function's keyword-only defaults. The function holds it in a cell when the program has a hold of it,
/// too, and may change it at any time.
#[inline]
pub fn keyword_defaults(vm: &Vm, f: Value) -> Option<Value> {
    let held = FUNC_KWDEFAULTS.read(f).filter(|&d| d != Value::UNBOUND)?;
    if vm.kind(held) == Kind::Cell { CELL_VALUE.read(held) } else { Some(held) }
}

/// As [`function::keyword_defaults`], for the program; None if there are none.
#[inline]
pub fn hand_out_keyword_defaults(vm: &mut Vm, f: Value) -> Value {
    let Some(dict) = keyword_defaults(vm, f) else { return Value::NONE };
    if FUNC_KWDEFAULTS.read(f) == Some(dict) {
        let cell = dict::new_cell(vm, Some(dict));
        vm.ctx.write(f, &FUNC_KWDEFAULTS, cell);
    }
    dict
}

/// `__name__` of a namespace, or None.
#[inline]
pub fn module_name(vm: &mut Vm, globals: Value) -> Value {
    let name = vm.names.name;
    dict::get_str(vm, globals, name).unwrap_or(Value::NONE)
}

/// The namespace of builtins that code under these globals sees; sets `__builtins__` if it is missing.
#[inline]
pub fn builtins_of(vm: &mut Vm, globals: Value) -> PyResult {
    let key = vm.names.builtins;
    match dict::get_str(vm, globals, key) {
        Some(v) if vm.kind(v) == Kind::Module => Ok(MODULE_DICT.read(v).unwrap_or(vm.builtins)),
        Some(v) if vm.kind(v).is_dict() => {
            dict::make_namespace(vm, v)?;
            Ok(v)
        }
        _ => {
            let module = module::builtins_module(vm);
            dict::set(vm, globals, key, module)?;
            Ok(vm.builtins)
        }
    }
}

#[inline]
fn plain_params(code: &Code) -> u32 {
    let p = code.params;
    let plain = p.keyword_only == 0 && !p.has_varargs && !p.has_varkw;
    if plain { p.positional as u32 } else { u32::MAX }
}
