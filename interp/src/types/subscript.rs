//! Subscripts: `o[k]`, `o[k] = v`, `del o[k]`, `k in o`, and what slices mean.

use crate::errors::{PyResult, Raise};
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::list::list_len;
use crate::objects::text::str_bytes;
use crate::objects::tuple::{tuple_items, tuple_len};
use crate::vm::Vm;
use hoop_gc::{INT_MAX, INT_MIN, Value};

impl Vm {
    /// Can the value be an index (an int, or something with `__index__`)?
    #[inline]
    pub fn has_index(&self, v: Value) -> bool {
        matches!(self.kind(v), Kind::Int | Kind::BigInt | Kind::Bool)
            || self.special(v, self.names.index).is_some()
    }

    /// The parts of a slice: start, stop, step; absent ones as the step's direction wants them, huge ones clamped.
    pub fn slice_unpack(&mut self, slice: Value) -> PyResult<(i64, i64, i64)> {
        let part = |f: &hoop_engine::Field<hoop_engine::V>| f.read(slice).unwrap_or(Value::NONE);
        let (start, stop, step) = (part(&SLICE_START), part(&SLICE_STOP), part(&SLICE_STEP));
        let step = self.slice_part(step)?.unwrap_or(1);
        if step == 0 {
            return Err(self.value_error("slice step cannot be zero"));
        }
        let (first, last) = if step < 0 { (INT_MAX, INT_MIN) } else { (0, INT_MAX) };
        let start = self.slice_part(start)?.unwrap_or(first);
        let stop = self.slice_part(stop)?.unwrap_or(last);
        Ok((start, stop, step))
    }

    fn slice_part(&mut self, v: Value) -> PyResult<Option<i64>> {
        if v == Value::NONE || v == Value::UNBOUND {
            return Ok(None);
        }
        if let Some(i) = v.as_int() {
            return Ok(Some(i));
        }
        if !self.has_index(v) {
            return Err(self.type_error("slice indices must be integers or None or have an __index__ method"));
        }
        self.index_clamped(v).map(Some)
    }

    /// Start, stop, step and number of items of a slice of a sequence of this length.
    pub fn slice_indices(&mut self, slice: Value, len: usize) -> PyResult<(i64, i64, i64, usize)> {
        let (start, stop, step) = self.slice_unpack(slice)?;
        Ok(slice_adjust(len, start, stop, step))
    }

    /// A subscript as a position in a sequence of the length that `len` gives; nothing if it is a slice.
    fn position(
        &mut self,
        o: Value,
        key: Value,
        what: &str,
        len: fn(Value) -> usize,
    ) -> PyResult<Option<usize>> {
        let i = match key.as_int() {
            Some(i) => i,
            None if self.kind(key) == Kind::Slice => return Ok(None),
            None if self.has_index(key) => self.index_subscript(key)?,
            None => {
                let name = self.class_name(key);
                let class = self.class_name(o);
                return Err(
                    self.type_error(format!("{class} indices must be integers or slices, not {name}"))
                );
            }
        };
        let n = len(o) as i64;
        let at = if i < 0 { i + n } else { i };
        if at < 0 || at >= n {
            return Err(self.index_error(format!("{what} out of range")));
        }
        Ok(Some(at as usize))
    }

    /// `o[k]`.
    pub fn get_item(&mut self, o: Value, k: Value) -> PyResult {
        match self.kind(o) {
            kind if kind.is_list() => self.list_get_item(o, k),
            Kind::Tuple => self.tuple_get_item(o, k),
            kind if kind.is_dict() => match self.dict_get(o, k)? {
                Some(v) => Ok(v),
                None => Err(self.key_error(k)),
            },
            Kind::Str => self.str_get_item(o, k),
            Kind::Bytes => self.bytes_get_item(o, k),
            _ => match self.special(o, self.names.getitem) {
                Some(f) => self.call_special(f, o, &[k]),
                _ => self.get_item_of_class(o, k),
            },
        }
    }

    /// `o[k]` of something without `__getitem__`: a class may have `__class_getitem__`.
    fn get_item_of_class(&mut self, o: Value, k: Value) -> PyResult {
        if self.kind(o) != Kind::Class {
            let text = format!("'{}' object is not subscriptable", self.class_name(o));
            return Err(self.type_error(text));
        }
        if o == self.types.type_ {
            return super::generic_alias::new_alias(self, o, k);
        }
        let name = self.names.class_getitem;
        match self.lookup(o, name) {
            Some(_) => self.call_method(o, name, &[k]),
            _ => {
                let text = format!("type '{}' is not subscriptable", self.name_of_class(o));
                Err(self.type_error(text))
            }
        }
    }

    /// `o[k] = v`.
    pub fn set_item(&mut self, o: Value, k: Value, v: Value) -> PyResult<()> {
        match self.kind(o) {
            kind if kind.is_list() => self.list_assign_item(o, k, v),
            kind if kind.is_dict() => self.dict_set(o, k, v),
            _ => match self.special(o, self.names.setitem) {
                Some(f) => self.call_special(f, o, &[k, v]).map(|_| ()),
                _ => {
                    let text = format!("'{}' object does not support item assignment", self.class_name(o));
                    Err(self.type_error(text))
                }
            },
        }
    }

    /// `del o[k]`.
    pub fn del_item(&mut self, o: Value, k: Value) -> PyResult<()> {
        match self.kind(o) {
            kind if kind.is_list() => self.list_del_item(o, k),
            kind if kind.is_dict() => match self.dict_remove(o, k)? {
                Some(_) => Ok(()),
                None => Err(self.key_error(k)),
            },
            _ => match self.special(o, self.names.delitem) {
                Some(f) if f != Value::NONE => self.call_special(f, o, &[k]).map(|_| ()),
                _ => Err(self.no_deletion(o)),
            },
        }
    }

    #[cold]
    fn no_deletion(&mut self, o: Value) -> Raise {
        let name = self.class_name(o);
        let not = if self.special(o, self.names.getitem).is_some() { "doesn't" } else { "does not" };
        self.type_error(format!("'{name}' object {not} support item deletion"))
    }

    /// `list[k]`.
    pub fn list_get_item(&mut self, l: Value, k: Value) -> PyResult {
        match self.position(l, k, "list index", list_len)? {
            Some(i) => Ok(self.list_item(l, i)),
            None => self.list_get_slice(l, k),
        }
    }

    /// `list[k] = v`.
    pub fn list_assign_item(&mut self, l: Value, k: Value, v: Value) -> PyResult<()> {
        match self.position(l, k, "list assignment index", list_len)? {
            Some(i) => self.list_set_item(l, i, v),
            None => self.list_set_slice(l, k, v),
        }
    }

    /// `del list[k]`.
    pub fn list_del_item(&mut self, l: Value, k: Value) -> PyResult<()> {
        match self.position(l, k, "list assignment index", list_len)? {
            Some(i) => {
                self.list_remove(l, i);
                Ok(())
            }
            None => self.list_del_slice(l, k),
        }
    }

    /// `tuple[k]`.
    pub fn tuple_get_item(&mut self, t: Value, k: Value) -> PyResult {
        if let Some(i) = self.position(t, k, "tuple index", tuple_len)? {
            return Ok(tuple_items(t)[i]);
        }
        let (start, stop, step, count) = self.slice_indices(k, tuple_len(t))?;
        if step == 1 {
            if count == tuple_len(t) {
                return Ok(t);
            }
            let start = start as usize;
            return self.new_tuple(tuple_items(t).get(start..stop.max(start as i64) as usize).unwrap_or(&[]));
        }
        super::tuple::build(self, count, |i| tuple_items(t)[(start + i as i64 * step) as usize])
    }

    /// `item in container`.
    pub fn contains(&mut self, container: Value, item: Value) -> PyResult<bool> {
        match self.kind(container) {
            kind if kind.is_list() => self.list_contains(container, item),
            Kind::Tuple => super::tuple::contains(self, container, item),
            kind if kind.is_dict() => self.dict_contains(container, item),
            kind if kind.is_set() => self.set_contains(container, item),
            Kind::Str if self.kind(item) == Kind::Str => {
                Ok(hoop_text::text::contains(str_bytes(container), str_bytes(item)))
            }
            _ => match self.special(container, self.names.contains) {
                Some(Value::NONE) => {
                    let text = format!("'{}' object is not a container", self.class_name(container));
                    Err(self.type_error(text))
                }
                Some(f) => {
                    let r = self.call_special(f, container, &[item])?;
                    self.truth(r)
                }
                None => self.contains_by_iteration(container, item),
            },
        }
    }

    fn contains_by_iteration(&mut self, container: Value, item: Value) -> PyResult<bool> {
        if !self.is_iterable(container) {
            let text =
                format!("argument of type '{}' is not a container or iterable", self.class_name(container));
            return Err(self.type_error(text));
        }
        let it = self.iter(container)?;
        while let Some(v) = self.iter_next(it)? {
            if self.eq(v, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Start, stop, step and number of items of an unpacked slice in a sequence of this length.
pub fn slice_adjust(len: usize, start: i64, stop: i64, step: i64) -> (i64, i64, i64, usize) {
    let n = len as i64;
    let (low, high) = if step < 0 { (-1, n - 1) } else { (0, n) };
    let place = |i: i64| if i < 0 { (i + n).max(low) } else { i.min(high) };
    let (start, stop) = (place(start), place(stop));
    let count = if step > 0 && start < stop {
        (stop - start - 1) / step + 1
    } else if step < 0 && stop < start {
        (start - stop - 1) / -step + 1
    } else {
        0
    };
    (start, stop, step, count as usize)
}
