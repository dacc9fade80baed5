//! `bytearray`: what changes it. The methods that it shares with `bytes` are in `bytes::methods`.

use super::bytes::construct::{self, buffer, byte, data};
use super::bytes::methods;
use super::int::add_class_methods;
use super::seq;
use super::str::add_static_methods;
use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::text::bytearray_data;
use crate::vm::Vm;
use hoop_gc::Value;

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, |k| k == Kind::ByteArray, "bytearray", method)
}

fn array_len(b: Value) -> usize {
    BYTEARRAY_LEN.read(b) as usize
}

fn array_capacity(b: Value) -> usize {
    BYTEARRAY_BUFFER.read(b).map_or(0, |buffer| ARRAY_LEN.read(buffer) as usize)
}

impl Vm {
    /// Makes room for `need` bytes, growing in proportion.
    fn bytearray_reserve(&mut self, b: Value, need: usize) -> PyResult<()> {
        let old = array_capacity(b) - BYTEARRAY_START.read(b) as usize;
        if need <= old {
            return Ok(());
        }
        self.bytearray_move(b, need.max(old + old / 8 + 8))
    }

    /// Gives it a buffer of its own size, at whose start it lies.
    fn bytearray_move(&mut self, b: Value, capacity: usize) -> PyResult<()> {
        let buffer = self.byte_buffer(capacity)?;
        ARRAY_BYTES.bytes_mut(buffer, array_len(b)).copy_from_slice(bytearray_data(b));
        self.ctx.write(b, &BYTEARRAY_BUFFER, buffer);
        BYTEARRAY_START.write(b, 0);
        Ok(())
    }

    /// Deletes the first bytes. They stay in the buffer until they are most of it.
    fn bytearray_drop_front(&mut self, b: Value, count: usize) -> PyResult<()> {
        let len = array_len(b) - count;
        BYTEARRAY_START.write(b, BYTEARRAY_START.read(b) + count as i64);
        BYTEARRAY_LEN.write(b, len as i64);
        if array_capacity(b) > 4 * len + 64 { self.bytearray_move(b, len + len / 8 + 8) } else { Ok(()) }
    }

    /// Appends bytes, which may not be the array's own.
    pub fn bytearray_extend(&mut self, b: Value, bytes: &[u8]) -> PyResult<()> {
        let len = array_len(b);
        self.bytearray_reserve(b, len + bytes.len())?;
        BYTEARRAY_LEN.write(b, (len + bytes.len()) as i64);
        bytearray_data(b)[len..].copy_from_slice(bytes);
        Ok(())
    }

    /// Replaces the bytes `start..end` by others, which may not be the array's own.
    pub fn bytearray_splice(&mut self, b: Value, start: usize, end: usize, bytes: &[u8]) -> PyResult<()> {
        if start == 0 && bytes.is_empty() {
            return self.bytearray_drop_front(b, end);
        }
        let len = array_len(b);
        let new = len - (end - start) + bytes.len();
        self.bytearray_reserve(b, new)?;
        if new > len {
            BYTEARRAY_LEN.write(b, new as i64);
        }
        let all = bytearray_data(b);
        all.copy_within(end..len, start + bytes.len());
        all[start..start + bytes.len()].copy_from_slice(bytes);
        BYTEARRAY_LEN.write(b, new as i64);
        Ok(())
    }

    /// `b[key] = v`.
    pub fn bytearray_set_item(&mut self, b: Value, key: Value, v: Value) -> PyResult<()> {
        if self.kind(key) == Kind::Slice {
            let bytes = assigned_bytes(self, v)?;
            let (start, stop, step, count) = self.slice_indices(key, array_len(b))?;
            return self.bytearray_set_slice(b, (start, stop, step, count), &bytes);
        }
        // The value's `__index__` may change the array: it comes first, and again the position is checked.
        self.byte_position(b, key, "index out of range")?;
        let new = byte(self, v, "byte")?;
        if let Some(i) = self.byte_position(b, key, "index out of range")? {
            bytearray_data(b)[i] = new;
        }
        Ok(())
    }

    fn bytearray_set_slice(&mut self, b: Value, slice: (i64, i64, i64, usize), bytes: &[u8]) -> PyResult<()> {
        let (start, stop, step, count) = slice;
        if step == 1 {
            return self.bytearray_splice(b, start as usize, stop.max(start) as usize, bytes);
        }
        if bytes.len() != count {
            if bytes.is_empty() {
                return self.bytearray_delete(b, start, step, count);
            }
            let text =
                format!("attempt to assign bytes of size {} to extended slice of size {count}", bytes.len());
            return Err(self.value_error(text));
        }
        let all = bytearray_data(b);
        for (i, &new) in bytes.iter().enumerate() {
            all[(start + i as i64 * step) as usize] = new;
        }
        Ok(())
    }

    /// `del b[key]`.
    pub fn bytearray_del_item(&mut self, b: Value, key: Value) -> PyResult<()> {
        match self.byte_position(b, key, "index out of range")? {
            Some(i) => self.bytearray_splice(b, i, i + 1, b""),
            None => {
                let (start, _, step, count) = self.slice_indices(key, array_len(b))?;
                self.bytearray_delete(b, start, step, count)
            }
        }
    }

    /// Deletes the bytes `start`, `start + step`, ...
    fn bytearray_delete(&mut self, b: Value, start: i64, step: i64, count: usize) -> PyResult<()> {
        if count == 0 {
            return Ok(());
        }
        let last = start + (count as i64 - 1) * step;
        if step.abs() == 1 {
            return self.bytearray_splice(b, start.min(last) as usize, start.max(last) as usize + 1, b"");
        }
        let (low, high, step) =
            (start.min(last) as usize, start.max(last) as usize, step.unsigned_abs() as usize);
        let all = bytearray_data(b);
        let mut to = low;
        for from in low..all.len() {
            if from > high || (from - low) % step != 0 {
                all[to] = all[from];
                to += 1;
            }
        }
        BYTEARRAY_LEN.write(b, to as i64);
        Ok(())
    }
}

/// The bytes that are assigned to a slice.
fn assigned_bytes(vm: &mut Vm, v: Value) -> PyResult<Vec<u8>> {
    if let Some(b) = buffer(vm, v) {
        return Ok(data(vm, b).to_vec());
    }
    let inner = vm.unwrap(v);
    if vm.has_index(v) || vm.kind(inner) == Kind::Str || !vm.is_iterable(v) {
        return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    construct::from_iterable(vm, "bytearray", v)
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = vm.new_bytearray(b"")?;
    let base = vm.types.bytearray;
    seq::new_of(vm, a[0], base, b)
}

fn init_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__init__")?;
    let bytes = construct::bytearray_content(vm, a[1], a[2], a[3])?;
    BYTEARRAY_LEN.write(b, 0);
    vm.bytearray_extend(b, &bytes)?;
    Ok(Value::NONE)
}

fn setitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__setitem__")?;
    vm.bytearray_set_item(b, a[1], a[2])?;
    Ok(Value::NONE)
}

fn delitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__delitem__")?;
    vm.bytearray_del_item(b, a[1])?;
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "append")?;
    let item = byte(vm, a[1], "byte")?;
    vm.bytearray_extend(b, &[item])?;
    Ok(Value::NONE)
}

fn extend(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "extend")?;
    let bytes = match buffer(vm, a[1]) {
        Some(other) => data(vm, other).to_vec(),
        None => {
            let inner = vm.unwrap(a[1]);
            if vm.kind(inner) == Kind::Str {
                return Err(vm.type_error("expected iterable of integers; got: 'str'"));
            }
            if !vm.is_iterable(a[1]) {
                let text = format!("can't extend bytearray with {}", vm.class_name(a[1]));
                return Err(vm.type_error(text));
            }
            vm.ask_length(a[1])?;
            construct::from_iterable(vm, "bytearray", a[1])?
        }
    };
    vm.bytearray_extend(b, &bytes)?;
    Ok(Value::NONE)
}

fn iadd(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__iadd__")?;
    let Some(other) = buffer(vm, a[1]) else {
        let text = format!("can't concat {} to {}", vm.class_name(a[1]), vm.class_name(a[0]));
        return Err(vm.type_error(text));
    };
    let bytes = data(vm, other).to_vec();
    vm.bytearray_extend(b, &bytes)?;
    Ok(a[0])
}

fn imul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__imul__")?;
    let Some(count) = seq::repeat_count(vm, a[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    let out = methods::repeated(vm, data(vm, b), count)?;
    BYTEARRAY_LEN.write(b, 0);
    vm.bytearray_extend(b, &out)?;
    Ok(a[0])
}

fn insert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "insert")?;
    let i = vm.index(a[1])?;
    let item = byte(vm, a[2], "byte")?;
    let len = array_len(b) as i64;
    let at = if i < 0 { (i + len).max(0) } else { i.min(len) } as usize;
    vm.bytearray_splice(b, at, at, &[item])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "pop")?;
    let i = if a[1] == Value::UNBOUND { -1 } else { vm.index(a[1])? };
    let len = array_len(b) as i64;
    if len == 0 {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let at = if i < 0 { i + len } else { i };
    if at < 0 || at >= len {
        return Err(vm.index_error("pop index out of range"));
    }
    let item = bytearray_data(b)[at as usize];
    vm.bytearray_splice(b, at as usize, at as usize + 1, b"")?;
    Ok(Value::int(item as i64))
}

fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "remove")?;
    let item = byte(vm, a[1], "byte")?;
    match bytearray_data(b).iter().position(|&x| x == item) {
        Some(i) => {
            vm.bytearray_splice(b, i, i + 1, b"")?;
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("value not found in bytearray")),
    }
}

fn reverse(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "reverse")?;
    bytearray_data(b).reverse();
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "clear")?;
    BYTEARRAY_LEN.write(b, 0);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "copy")?;
    vm.new_bytearray(bytearray_data(b))
}

fn alloc(vm: &mut Vm, a: &[Value]) -> PyResult {
    let b = this(vm, a[0], "__alloc__")?;
    Ok(Value::int(array_capacity(b) as i64))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, /, *args, **kwargs", new).makes_empty(),
    NativeDef::new("__init__", "self, /, source=b'', encoding='utf-8', errors='strict'", init_method),
    NativeDef::new("__setitem__", "self, key, value, /", setitem),
    NativeDef::new("__delitem__", "self, key, /", delitem),
    NativeDef::new("__iadd__", "self, value, /", iadd),
    NativeDef::new("__imul__", "self, value, /", imul),
    NativeDef::new("__alloc__", "self, /", alloc),
    NativeDef::new("append", "self, item, /", append),
    NativeDef::new("extend", "self, iterable_of_ints, /", extend),
    NativeDef::new("insert", "self, index, item, /", insert),
    NativeDef::new("pop", "self, index=-1, /", pop),
    NativeDef::new("remove", "self, value, /", remove),
    NativeDef::new("reverse", "self, /", reverse),
    NativeDef::new("clear", "self, /", clear),
    NativeDef::new("copy", "self, /", copy),
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.bytearray;
    vm.add_methods(class, methods::SHARED);
    vm.add_methods(class, METHODS);
    add_class_methods(vm, class, methods::CLASS_METHODS);
    add_static_methods(vm, class, methods::STATIC_METHODS);
    vm.set_class_attr_str(class, "__hash__", Value::NONE);
}
