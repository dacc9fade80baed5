//! Cells, globals, and the names of class bodies.

use crate::call::raise_pending;
use crate::ops::{a, b, opaque};
use hoop_bytecode::{Instr, SiteKind};
use hoop_engine::Reg;
use hoop_gc::Value;
use hoop_object::code::{CELL_CACHE, SiteCache, code_data};
use hoop_object::dict;
use hoop_object::errors::Raise;
use hoop_object::layout::*;
use hoop_object::text::{self, str_text};
use hoop_object::vm::{PyEngine, Vm};
use hoop_protocol::{attr, subscript};
use std::hint::cold_path;

/// The name at a site of the current code.
#[inline(always)]
pub fn site_name<E: PyEngine>(e: &mut E, site: u32) -> Value {
    code_data(e.code()).names[site as usize].unwrap_or(Value::NONE)
}

pub fn make_cell<E: PyEngine>(e: &mut E, i: Instr) {
    let v = e.load(a(i));
    let shape = e.vm().kind_shape(hoop_object::kind::Kind::Cell);
    let cell = e.new_object(shape, 2, 0);
    e.set(cell, &CELL_VALUE, v);
    e.store(a(i), cell);
}

#[inline(always)]
pub fn load_cell<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let cell = e.load(b(i));
    let v = e.get(cell, &CELL_VALUE);
    if e.is(v, Value::UNBOUND) {
        return Err(unbound_cell(e, i.c));
    }
    e.store(a(i), v);
    Ok(())
}

#[cold]
fn unbound_cell<E: PyEngine>(e: &mut E, site: u16) -> Raise {
    let data = code_data(e.code());
    let name = data.code.site_name(u32::from(site)).to_string();
    let free = data.code.sites[site as usize].kind == SiteKind::CellFree;
    let raise = if free {
        e.vm().name_error(format!(
            "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
        ))
    } else {
        e.vm().unbound_local_error(format!(
            "cannot access local variable '{name}' where it is not associated with a value"
        ))
    };
    raise_pending(e, raise)
}

#[inline(always)]
pub fn store_cell<E: PyEngine>(e: &mut E, i: Instr) {
    let (cell, v) = (e.load(a(i)), e.load(b(i)));
    e.set(cell, &CELL_VALUE, v);
}

pub fn del_cell<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let cell = e.load(a(i));
    let v = e.get(cell, &CELL_VALUE);
    if e.is(v, Value::UNBOUND) {
        return Err(unbound_cell(e, i.c));
    }
    let unbound = e.val(Value::UNBOUND);
    e.set(cell, &CELL_VALUE, unbound);
    Ok(())
}

#[inline(always)]
pub fn copy_free<E: PyEngine>(e: &mut E, i: Instr) {
    let register = code_data(e.code()).code.func_reg.unwrap_or(0);
    let f = e.load(Reg(register));
    let closure = e.get(f, &FUNC_CLOSURE);
    let index = e.int(i.b as i64);
    let cell = e.item(closure, index, &TUPLE_ITEMS);
    e.store(a(i), cell);
}

/// `a := global`.
#[inline(always)]
pub fn load_global<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let data = code_data(e.code());
    let cache = data.cache(i.bc()).get();
    if !E::RECORDS
        && cache.key == keys_version(data.globals, data.builtins)
        && let Some(cell) = cache.value
    {
        let cell = e.val(cell);
        let v = e.get(cell, &CELL_VALUE);
        e.store(a(i), v);
        return Ok(());
    }
    cold_path();
    load_global_slow(e, i)
}

/// Changes when names are added to or removed from the globals or builtins.
#[inline(always)]
fn keys_version(globals: Value, builtins: Value) -> u64 {
    (DICT_VERSION.read(globals) as u64) << 32 | DICT_VERSION.read(builtins) as u64 & 0xFFFF_FFFF
}

#[inline(never)]
fn load_global_slow<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let code = e.code();
    let data = code_data(code);
    let name = data.names[i.bc() as usize].unwrap_or(Value::NONE);
    let (globals, builtins) = (data.globals, data.builtins);
    let (cell, owners) = match dict::namespace_cell(e.vm(), globals, name) {
        Some(cell) => (Some(cell), [globals, globals]),
        None => (dict::namespace_cell(e.vm(), builtins, name), [globals, builtins]),
    };
    let Some(cell) = cell else { return general_global(e, i, code, name) };
    // A name that is there stays there unless keys change; one found in builtins also depends on the globals.
    if !(e.assume(owners[0]) && e.assume(owners[1])) {
        return general_global(e, i, code, name);
    }
    let key = keys_version(globals, builtins);
    data.cache(i.bc()).set(SiteCache { key, number: CELL_CACHE, value: Some(cell) });
    e.vm().ctx.heap.write_barrier(code.ptr());
    let v = match CELL_VALUE.read(cell) {
        Some(v) if E::RECORDS && v != Value::UNBOUND && CELL_WRITES.read(cell) < 2 && e.assume(cell) => {
            e.val(v)
        }
        _ => {
            let cell = e.val(cell);
            e.get(cell, &CELL_VALUE)
        }
    };
    e.store(a(i), v);
    Ok(())
}

/// `a := __build_class__`, which class statements call.
pub fn load_build_class<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let builtins = code_data(e.code()).builtins;
    let vm = e.vm();
    let name = vm.names.build_class;
    match dict::namespace_cell(vm, builtins, name) {
        Some(cell) if e.assume(builtins) => {
            let cell = e.val(cell);
            let f = e.get(cell, &CELL_VALUE);
            e.store(a(i), f);
            Ok(())
        }
        _ => {
            let (builtins, name) = (e.val(builtins), e.val(name));
            e.result_to(Some(a(i)));
            let f = opaque::build_class(e, builtins, name)?;
            e.store(a(i), f);
            Ok(())
        }
    }
}

fn general_global<E: PyEngine>(e: &mut E, i: Instr, code: Value, name: Value) -> Result<(), Raise> {
    let (code, name) = (e.val(code), e.val(name));
    e.result_to(Some(a(i)));
    let v = opaque::load_global(e, code, name)?;
    e.store(a(i), v);
    Ok(())
}

/// `global := a`.
#[inline(always)]
pub fn store_global<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let code = e.code();
    let data = code_data(code);
    let v = e.load(a(i));
    let name = data.names[i.bc() as usize].unwrap_or(Value::NONE);
    // A cell that has been written before is relied on by nobody.
    let cell = dict::namespace_cell(e.vm(), data.globals, name);
    if let Some(cell) = cell.filter(|&c| CELL_WRITES.read(c) >= 2)
        && CELL_VALUE.read(cell) != Some(Value::UNBOUND)
        && e.assume(data.globals)
    {
        let cell = e.val(cell);
        e.set(cell, &CELL_VALUE, v);
        return Ok(());
    }
    let (code, name) = (e.val(code), e.val(name));
    e.result_to(None);
    opaque::store_global(e, code, name, v)
}

pub fn del_global<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let name = site_name(e, i.bc());
    let code = e.code();
    let (code, name) = (e.val(code), e.val(name));
    e.result_to(None);
    opaque::del_global(e, code, name)
}

fn namespace<E: PyEngine>(e: &mut E) -> E::Val {
    let register = code_data(e.code()).code.namespace_reg.unwrap_or(0);
    e.load(Reg(register))
}

/// `cell`: the free variable's register, for names seen from a class body.
pub fn load_name<E: PyEngine>(e: &mut E, i: Instr, site: u32, cell: Option<Reg>) -> Result<(), Raise> {
    let ns = namespace(e);
    let cell = match cell {
        Some(r) => e.load(r),
        None => e.val(Value::UNBOUND),
    };
    let name = site_name(e, site);
    let code = e.code();
    let (code, name) = (e.val(code), e.val(name));
    e.result_to(Some(a(i)));
    let v = opaque::load_name(e, ns, cell, code, name)?;
    e.store(a(i), v);
    Ok(())
}

pub fn store_name<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (ns, v) = (namespace(e), e.load(a(i)));
    let name = site_name(e, i.bc());
    let name = e.val(name);
    e.result_to(None);
    opaque::store_name(e, ns, name, v)
}

pub fn del_name<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let ns = namespace(e);
    let name = site_name(e, i.bc());
    let name = e.val(name);
    e.result_to(None);
    opaque::del_name(e, ns, name)
}

/// A global or builtin by name, else NameError.
pub fn find_global(vm: &mut Vm, code: Value, name: Value) -> hoop_object::errors::PyResult {
    let data = code_data(code);
    for ns in [data.globals, data.builtins] {
        if let Some(v) = dict::get_str(vm, ns, name) {
            return Ok(v);
        }
    }
    Err(undefined_name(vm, name))
}

/// NameError for an undefined name.
pub fn undefined_name(vm: &mut Vm, name: Value) -> Raise {
    let message = text::str(vm, &format!("name '{}' is not defined", str_text(name)));
    let class = vm.types.name_error;
    let Ok(exc) = vm.new_exception(class, &[message]) else { return Raise };
    let key = text::intern(vm, b"name");
    let _ = attr::instance_set(vm, exc, key, name);
    vm.raise(exc)
}

pub fn assign_global(vm: &mut Vm, code: Value, name: Value, v: Value) -> hoop_object::errors::PyResult<()> {
    dict::set(vm, code_data(code).globals, name, v)
}

pub fn remove_global(vm: &mut Vm, code: Value, name: Value) -> hoop_object::errors::PyResult<()> {
    match dict::remove(vm, code_data(code).globals, name)? {
        Some(_) => Ok(()),
        None => Err(undefined_name(vm, name)),
    }
}

/// See `LoadName` and `LoadNameOrCell`.
pub fn find_name(
    vm: &mut Vm,
    ns: Value,
    cell: Value,
    code: Value,
    name: Value,
) -> hoop_object::errors::PyResult {
    if vm.kind(ns).is_dict() {
        if let Some(v) = dict::get_str(vm, ns, name) {
            return Ok(v);
        }
    } else {
        match subscript::get_item(vm, ns, name) {
            Ok(v) => return Ok(v),
            Err(raise) => {
                let key_error = vm.types.key_error;
                if vm.catch(key_error).is_none() {
                    return Err(raise);
                }
            }
        }
    }
    if cell != Value::UNBOUND
        && let Some(v) = CELL_VALUE.read(cell).filter(|&v| v != Value::UNBOUND)
    {
        return Ok(v);
    }
    find_global(vm, code, name)
}

pub fn remove_name(vm: &mut Vm, ns: Value, name: Value) -> hoop_object::errors::PyResult<()> {
    let removed = if vm.kind(ns).is_dict() {
        dict::remove(vm, ns, name)?.is_some()
    } else {
        subscript::del_item(vm, ns, name).is_ok()
    };
    if removed { Ok(()) } else { Err(undefined_name(vm, name)) }
}
