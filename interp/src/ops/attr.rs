//! Attribute instructions.

use crate::call::{self, ret};
use crate::ops::name::site_name;
use crate::ops::{a, b, opaque, table};
use hoop_bytecode::Instr;
use hoop_engine::Reg;
use hoop_gc::{ShapeId, Value};
use hoop_object::cache::{Attr, Store};
use hoop_object::class::class_data;
use hoop_object::code::{SiteCache, cache_key, code_data};
use hoop_object::dict;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::PyEngine;
use hoop_protocol::{attr, attributes};
use std::hint::cold_path;

/// The look-up of a site's name on a shape, through the site's cache.
#[inline(always)]
fn find<E: PyEngine>(e: &mut E, shape: ShapeId, site: u32) -> (Attr, Value) {
    let name = site_name(e, site);
    (attr::find_attr(e.vm(), shape, name), name)
}

/// `a := b.name`.
#[inline(always)]
pub fn load_attr<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let object = e.load(b(i));
    let shape = e.shape_of(object);
    if !E::RECORDS {
        let cache = code_data(e.code()).cache(u32::from(i.c)).get();
        if cache.key == cache_key(shape, e.vm().class_epoch) && cache.value.is_none() {
            let v = e.get(object, &slot(cache.number as u16));
            if !e.is(v, Value::UNBOUND) {
                e.store(a(i), v);
                return Ok(());
            }
        }
    }
    cold_path();
    load_attr_slow(e, i, object, shape)
}

#[inline(never)]
fn load_attr_slow<E: PyEngine>(e: &mut E, i: Instr, object: E::Val, shape: ShapeId) -> Result<(), Raise> {
    let (attr, name) = find(e, shape, u32::from(i.c));
    if let Attr::Slot(number) = attr {
        if may_assume_attr(e, shape, name) {
            let v = e.get(object, &slot(number));
            if !e.is(v, Value::UNBOUND) {
                let key = cache_key(shape, e.vm().class_epoch);
                let cache = SiteCache { key, number: number as u64, value: None };
                code_data(e.code()).cache(u32::from(i.c)).set(cache);
                e.store(a(i), v);
                return Ok(());
            }
        }
        return general_load(e, a(i), object, name);
    }
    load_found(e, a(i), object, shape, attr, name)
}

/// Does with what was found on the class what reading the attribute means.
pub fn load_found<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    object: E::Val,
    shape: ShapeId,
    attr: Attr,
    name: Value,
) -> Result<(), Raise> {
    if matches!(attr, Attr::Generic | Attr::Missing) {
        return load_dynamic(e, dst, object, shape, name);
    }
    if !may_assume_attr(e, shape, name) {
        return general_load(e, dst, object, name);
    }
    match attr {
        Attr::Overflow(n) => {
            if let Some(v) = overflow(e, object, n) {
                e.store(dst, v);
                return Ok(());
            }
            general_load(e, dst, object, name)
        }
        Attr::Plain(v) => {
            let v = e.val(v);
            e.store(dst, v);
            Ok(())
        }
        Attr::StaticMethod(v) => {
            let v = e.val(v);
            e.store(dst, v);
            Ok(())
        }
        Attr::Function(f) => {
            let f = e.val(f);
            let m = bound_method(e, f, object);
            e.store(dst, m);
            Ok(())
        }
        Attr::Builtin(f) => {
            let m = bound_builtin(e, f, object);
            e.store(dst, m);
            Ok(())
        }
        Attr::Property(p) => load_property(e, dst, object, p, name),
        Attr::Native(_) if e.vm().shapes.kind(shape) == Kind::Complex => {
            load_complex_part(e, dst, object, name)
        }
        _ => general_load(e, dst, object, name),
    }
}

fn overflow<E: PyEngine>(e: &mut E, object: E::Val, n: usize) -> Option<E::Val> {
    let array = e.get(object, &INSTANCE_OVERFLOW);
    let index = e.int(n as i64);
    let v = e.item(array, index, &ARRAY_VALUES);
    (!e.is(v, Value::UNBOUND)).then_some(v)
}

/// A bound method object.
pub fn bound_method<E: PyEngine>(e: &mut E, f: E::Val, object: E::Val) -> E::Val {
    let shape = e.vm().kind_shape(Kind::BoundMethod);
    let m = e.new_object(shape, 2, 0);
    e.set(m, &METHOD_FUNC, f);
    e.set(m, &METHOD_SELF, object);
    m
}

/// `z.real`, `z.imag`; the class has no other computed attributes but `__class__`.
fn load_complex_part<E: PyEngine>(e: &mut E, dst: Reg, object: E::Val, name: Value) -> Result<(), Raise> {
    let field = match hoop_object::text::str_bytes(name) {
        b"real" => COMPLEX_REAL,
        b"imag" => COMPLEX_IMAG,
        _ => return general_load(e, dst, object, name),
    };
    let part = e.get(object, &field);
    let v = e.box_float(part);
    e.store(dst, v);
    Ok(())
}

/// A built-in method bound to an object.
fn bound_builtin<E: PyEngine>(e: &mut E, f: Value, object: E::Val) -> E::Val {
    let shape = e.vm().kind_shape(Kind::Builtin);
    let def = e.int(BUILTIN_DEF.read(f));
    let owner = e.val(BUILTIN_OWNER.read(f).unwrap_or(Value::UNBOUND));
    let m = e.new_object(shape, 3, 0);
    e.set(m, &BUILTIN_DEF, def);
    e.set(m, &BUILTIN_SELF, object);
    e.set(m, &BUILTIN_OWNER, owner);
    m
}

fn load_property<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    object: E::Val,
    p: Value,
    name: Value,
) -> Result<(), Raise> {
    let getter = PROPERTY_GET.read(p).unwrap_or(Value::NONE);
    if e.vm().kind(getter) == Kind::Function {
        let code = call::code_of(e, getter);
        let f = e.val(getter);
        return call::call_function_args(e, f, code, &[object], &[], ret::word(ret::STORE, dst.0));
    }
    general_load(e, dst, object, name)
}

/// A class, module or other object whose shape does not tell.
fn load_dynamic<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    object: E::Val,
    shape: ShapeId,
    name: Value,
) -> Result<(), Raise> {
    let kind = e.vm().shapes.kind(shape);
    if kind == Kind::Module
        && let Some(v) = module_attr(e, object, name)
    {
        e.store(dst, v);
        return Ok(());
    }
    if kind == Kind::Class
        && let Some(v) = class_attr(e, object, name)
    {
        e.store(dst, v);
        return Ok(());
    }
    if kind == Kind::Function
        && let Some(d) = function_dict(e, object, name)
    {
        let key = e.val(name);
        if let table::Slot::Entry(at) = table::find(e, d, key)? {
            let v = table::value(e, d, at);
            e.store(dst, v);
            return Ok(());
        }
    }
    general_load(e, dst, object, name)
}

/// The dict that holds a function's attribute, if it has one and the name means nothing on the class.
fn function_dict<E: PyEngine>(e: &mut E, f: E::Val, name: Value) -> Option<E::Val> {
    let class = e.vm().types.function;
    if attr::lookup(e.vm(), class, name).is_some() {
        return None;
    }
    let d = e.get(f, &FUNC_DICT);
    if e.is(d, Value::UNBOUND) {
        return None;
    }
    let shape = e.shape_of(d);
    table::is_dict(e.vm().shapes.kind(shape)).then_some(d)
}

/// A module's global, through its cell.
fn module_attr<E: PyEngine>(e: &mut E, module: E::Val, name: Value) -> Option<E::Val> {
    let module = e.promote(module);
    let ns = MODULE_DICT.read(module)?;
    let cell = dict::namespace_cell(e.vm(), ns, name)?;
    let v = CELL_VALUE.read(cell).filter(|&v| v != Value::UNBOUND)?;
    if !e.assume(ns) {
        return None;
    }
    if CELL_WRITES.read(cell) < 2 && e.assume(cell) {
        return Some(e.val(v));
    }
    let cell = e.val(cell);
    Some(e.get(cell, &CELL_VALUE))
}

/// A class's attribute that needs no binding beyond a class method's.
fn class_attr<E: PyEngine>(e: &mut E, class: E::Val, name: Value) -> Option<E::Val> {
    let class = e.promote(class);
    let vm = e.vm();
    let meta = vm.class_of(class);
    if meta != vm.types.type_ || attr::lookup(vm, meta, name).is_some() {
        return None;
    }
    let found = attr::lookup(vm, class, name)?;
    let attr = attr::classify(vm, found);
    if !(e.assume(class) && assume_binding(e, found)) {
        return None;
    }
    match attr {
        Attr::Plain(v) => Some(e.val(v)),
        Attr::Function(v) | Attr::StaticMethod(v) => Some(e.val(v)),
        Attr::ClassMethod(f) if matches!(e.vm().kind(f), Kind::Function | Kind::Builtin) => {
            let (f, this) = (e.val(f), e.val(class));
            Some(bound_method(e, f, this))
        }
        _ => None,
    }
}

/// Relies on the class of a shape not changing.
pub fn may_assume_class<E: PyEngine>(e: &mut E, shape: ShapeId) -> bool {
    match e.vm().shapes.get(shape).class {
        Some(class) => e.assume(class),
        None => false,
    }
}

/// Relies on what a name means on objects of a shape.
pub fn may_assume_attr<E: PyEngine>(e: &mut E, shape: ShapeId, name: Value) -> bool {
    !E::RECORDS || e.vm().shapes.get(shape).class.is_some_and(|class| assume_lookup(e, class, name))
}

/// Relies on what a look-up on a class gives, and on what that means as an attribute: its own class may have
/// `__get__`, `__set__` and `__delete__`; a property, staticmethod or classmethod may be initialized again.
fn assume_lookup<E: PyEngine>(e: &mut E, class: Value, name: Value) -> bool {
    let vm = e.vm();
    let found = attr::lookup(vm, class, name);
    e.assume(class) && found.is_none_or(|v| assume_binding(e, v))
}

/// The second half of [`assume_lookup`], for a value found on a class.
fn assume_binding<E: PyEngine>(e: &mut E, v: Value) -> bool {
    let vm = e.vm();
    let own = vm.class_of(v);
    // Wrappers may be initialized again; others may be given another class.
    let may_change = match vm.kind(v) {
        Kind::Property | Kind::StaticMethod | Kind::ClassMethod => true,
        k => k.is_instance() && class_data(own).is_heap,
    };
    assume_mutable(e, own) && (!may_change || e.assume(v))
}

/// Relies on a class, if it can be changed.
pub fn assume_mutable<E: PyEngine>(e: &mut E, class: Value) -> bool {
    !class_data(class).is_heap || e.assume(class)
}

/// Relies on what calling a class does: the class and its metaclass.
pub fn assume_construction<E: PyEngine>(e: &mut E, class: Value) -> bool {
    let meta = e.vm().class_of(class);
    e.assume(class) && assume_mutable(e, meta)
}

fn general_load<E: PyEngine>(e: &mut E, dst: Reg, object: E::Val, name: Value) -> Result<(), Raise> {
    let name = e.val(name);
    e.result_to(Some(dst));
    let v = opaque::get_attr(e, object, name)?;
    e.store(dst, v);
    Ok(())
}

/// `a, a+1 := method and self` (or attribute and unbound).
#[inline(always)]
pub fn load_method<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let object = e.load(b(i));
    let shape = e.shape_of(object);
    if !E::RECORDS {
        let cache = code_data(e.code()).cache(u32::from(i.c)).get();
        if cache.key == cache_key(shape, e.vm().class_epoch)
            && let Some(f) = cache.value
        {
            let f = e.val(f);
            return store_pair(e, i, f, Some(object));
        }
    }
    cold_path();
    load_method_slow(e, i, object, shape)
}

#[inline(always)]
fn store_pair<E: PyEngine>(e: &mut E, i: Instr, f: E::Val, this: Option<E::Val>) -> Result<(), Raise> {
    let this = match this {
        Some(v) => v,
        None => e.val(Value::UNBOUND),
    };
    e.store(a(i), f);
    e.store(Reg(i.a + 1), this);
    Ok(())
}

#[inline(never)]
fn load_method_slow<E: PyEngine>(e: &mut E, i: Instr, object: E::Val, shape: ShapeId) -> Result<(), Raise> {
    let (attr, name) = find(e, shape, u32::from(i.c));
    match attr {
        Attr::Function(f) | Attr::Builtin(f) if may_assume_attr(e, shape, name) => {
            let key = cache_key(shape, e.vm().class_epoch);
            code_data(e.code()).cache(u32::from(i.c)).set(SiteCache { key, number: 0, value: Some(f) });
            let f = e.val(f);
            store_pair(e, i, f, Some(object))
        }
        Attr::Slot(number) if may_assume_attr(e, shape, name) => {
            let v = e.get(object, &slot(number));
            if e.is(v, Value::UNBOUND) {
                return general_method(e, i, object, name);
            }
            store_pair(e, i, v, None)
        }
        Attr::StaticMethod(f) if may_assume_attr(e, shape, name) => {
            let f = e.val(f);
            store_pair(e, i, f, None)
        }
        Attr::ClassMethod(f) if e.vm().kind(f) == Kind::Function && may_assume_attr(e, shape, name) => {
            let class = e.vm().shapes.get(shape).class.unwrap_or(Value::NONE);
            let (f, class) = (e.val(f), e.val(class));
            store_pair(e, i, f, Some(class))
        }
        Attr::Generic => method_dynamic(e, i, object, shape, name),
        _ => general_method(e, i, object, name),
    }
}

fn method_dynamic<E: PyEngine>(
    e: &mut E,
    i: Instr,
    object: E::Val,
    shape: ShapeId,
    name: Value,
) -> Result<(), Raise> {
    let kind = e.vm().shapes.kind(shape);
    let found = match kind {
        Kind::Module => module_attr(e, object, name),
        Kind::Class => class_attr(e, object, name),
        Kind::Super => {
            let (class, this) = (e.get(object, &SUPER_CLASS), e.get(object, &SUPER_OBJECT));
            if let Some(f) = super_function(e, class, this, name) {
                let f = e.val(f);
                return store_pair(e, i, f, Some(this));
            }
            None
        }
        _ => None,
    };
    match found {
        Some(f) => store_pair(e, i, f, None),
        None => general_method(e, i, object, name),
    }
}

/// The general look-up; what it gives is called without a self.
fn general_method<E: PyEngine>(e: &mut E, i: Instr, object: E::Val, name: Value) -> Result<(), Raise> {
    let name = e.val(name);
    let v = opaque::get_attr(e, object, name)?;
    store_pair(e, i, v, None)
}

/// `b.name := a`.
#[inline(always)]
pub fn store_attr<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let (object, v) = (e.load(b(i)), e.load(a(i)));
    let shape = e.shape_of(object);
    if !E::RECORDS {
        let cache = code_data(e.code()).cache(u32::from(i.c)).get();
        if cache.key == cache_key(shape, e.vm().class_epoch) && cache.value.is_none() {
            e.set(object, &slot(cache.number as u16), v);
            return Ok(());
        }
    }
    cold_path();
    store_attr_slow(e, i, object, v, shape)
}

#[inline(never)]
fn store_attr_slow<E: PyEngine>(
    e: &mut E,
    i: Instr,
    object: E::Val,
    v: E::Val,
    shape: ShapeId,
) -> Result<(), Raise> {
    let name = site_name(e, u32::from(i.c));
    match attr::find_store(e.vm(), shape, name) {
        Store::Slot(number) if may_assume_attr(e, shape, name) => {
            let key = cache_key(shape, e.vm().class_epoch);
            let cache = SiteCache { key, number: number as u64, value: None };
            code_data(e.code()).cache(u32::from(i.c)).set(cache);
            e.set(object, &slot(number), v);
            return Ok(());
        }
        Store::Overflow(number) if may_assume_attr(e, shape, name) => {
            let array = e.get(object, &INSTANCE_OVERFLOW);
            let index = e.int(number as i64);
            e.set_item(array, index, &ARRAY_VALUES, v);
            return Ok(());
        }
        Store::Add(next, number) if may_assume_attr(e, shape, name) => {
            e.set(object, &slot(number), v);
            e.set_shape(object, next);
            return Ok(());
        }
        Store::Property(setter) if may_assume_attr(e, shape, name) => {
            let code = call::code_of(e, setter);
            let f = e.val(setter);
            return call::call_function_args(e, f, code, &[object, v], &[], ret::word(ret::DISCARD, 0));
        }
        Store::Generic if e.vm().shapes.kind(shape) == Kind::Function => {
            if let Some(d) = function_dict(e, object, name) {
                let key = e.val(name);
                if table::set(e, d, key, v)? {
                    return Ok(());
                }
            }
        }
        _ => {}
    }
    let name = e.val(name);
    e.result_to(None);
    opaque::set_attr(e, object, name, v)
}

pub fn del_attr<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let object = e.load(b(i));
    let name = site_name(e, u32::from(i.c));
    let name = e.val(name);
    e.result_to(None);
    opaque::del_attr(e, object, name)
}

/// `with`: `a, a+1 := __enter__ or __exit__ of b`.
pub fn load_special<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let object = e.load(b(i));
    let shape = e.shape_of(object);
    let vm = e.vm();
    let name = if i.c == 0 { vm.names.enter } else { vm.names.exit };
    let class = vm.shapes.get(shape).class;
    let found = class
        .and_then(|c| attr::lookup(vm, c, name))
        .filter(|&f| matches!(vm.kind(f), Kind::Function | Kind::Builtin));
    if let Some(f) = found
        && may_assume_class(e, shape)
    {
        let f = e.val(f);
        return store_pair(e, i, f, Some(object));
    }
    let which = e.int(i.c as i64);
    let v = opaque::load_special(e, object, which)?;
    store_pair(e, i, v, None)
}

/// `super().name`: `method` leaves a pair.
pub fn load_super<E: PyEngine>(e: &mut E, i: Instr, method: bool) -> Result<(), Raise> {
    let (class, object) = (e.load(Reg(i.b + 1)), e.load(Reg(i.b + 2)));
    let name = site_name(e, u32::from(i.c));
    let (called, known) = (e.load(b(i)), e.vm().types.super_);
    if !e.is(called, known) {
        let name = e.val(name);
        let v = opaque::attr_of_call(e, called, name)?;
        if method {
            return store_pair(e, i, v, None);
        }
        e.store(a(i), v);
        return Ok(());
    }
    if method && let Some(f) = super_function(e, class, object, name) {
        let f = e.val(f);
        return store_pair(e, i, f, Some(object));
    }
    let name = e.val(name);
    if method {
        let v = opaque::super_attr(e, class, object, name)?;
        return store_pair(e, i, v, None);
    }
    e.result_to(Some(a(i)));
    let v = opaque::super_attr(e, class, object, name)?;
    e.store(a(i), v);
    Ok(())
}

/// `super(class, object)`; without arguments they are variables of the running method.
pub fn call_super<E: PyEngine>(e: &mut E, args: &[E::Val]) -> Option<E::Val> {
    let data = code_data(e.code());
    let (class, object) = match *args {
        [class, object] => (class, object),
        [] if data.code.params.positional > 0 => {
            let cell = data.class_cell()?;
            (variable(e, Reg(cell)), variable(e, Reg(0)))
        }
        _ => return None,
    };
    super_object(e, class, object)
}

/// The value of the variable in a register, which holds a cell if the variable is captured.
fn variable<E: PyEngine>(e: &mut E, register: Reg) -> E::Val {
    let v = e.load(register);
    let shape = e.shape_of(v);
    if e.vm().shapes.kind(shape) == Kind::Cell { e.get(v, &CELL_VALUE) } else { v }
}

/// `super(class, object)` of an instance.
fn super_object<E: PyEngine>(e: &mut E, class: E::Val, object: E::Val) -> Option<E::Val> {
    let (shape, class_shape) = (e.shape_of(object), e.shape_of(class));
    let vm = e.vm();
    if !vm.shapes.kind(shape).is_instance() || vm.shapes.kind(class_shape) != Kind::Class {
        return None;
    }
    let start = e.promote(class);
    let vm = e.vm();
    let of = vm.shapes.get(shape).class?;
    if !vm.is_subclass(of, start) || !e.assume(of) {
        return None;
    }
    let super_shape = e.vm().kind_shape(Kind::Super);
    let (s, of) = (e.new_object(super_shape, 3, 0), e.val(of));
    e.set(s, &SUPER_CLASS, class);
    e.set(s, &SUPER_OBJECT, object);
    e.set(s, &SUPER_START, of);
    Some(s)
}

/// The function that `super().name` means for an instance, if it is a plain one.
fn super_function<E: PyEngine>(e: &mut E, class: E::Val, object: E::Val, name: Value) -> Option<Value> {
    let shape = e.shape_of(object);
    let start = e.promote(class);
    let vm = e.vm();
    if !vm.shapes.kind(shape).is_instance() || vm.kind(start) != Kind::Class {
        return None;
    }
    let of = vm.shapes.get(shape).class?;
    if !vm.is_subclass(of, start) {
        return None;
    }
    let f = attributes::lookup_after(of, start, name)?;
    let plain = matches!(attr::classify(vm, f), Attr::Function(_) | Attr::Builtin(_));
    (plain && e.assume(of)).then_some(f)
}
