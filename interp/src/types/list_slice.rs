//! Slices of lists: getting, setting, deleting; and replacing a stretch by other items, on which much else rests.

use crate::errors::PyResult;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::list::{any_items, float_items, int_items, list_len};
use crate::vm::Vm;
use hoop_gc::Value;

impl Vm {
    /// `list[slice]`.
    pub fn list_get_slice(&mut self, l: Value, slice: Value) -> PyResult {
        let (start, stop, step) = self.slice_unpack(slice)?;
        let (start, stop, step, count) = super::subscript::slice_adjust(list_len(l), start, stop, step);
        if count == 0 {
            return Ok(self.new_list());
        }
        if step == 1 {
            return self.list_range(l, start as usize, stop as usize);
        }
        let at = |i: usize| (start + i as i64 * step) as usize;
        let kind = self.kind(l);
        let array = match kind {
            Kind::ListInt => {
                let a = self.word_array(Kind::IntArray, count)?;
                let to = ARRAY_INTS.slice_mut(a, count);
                to.iter_mut().enumerate().for_each(|(i, t)| *t = int_items(l)[at(i)]);
                a
            }
            Kind::ListFloat => {
                let a = self.word_array(Kind::FloatArray, count)?;
                let to = ARRAY_FLOATS.slice_mut(a, count);
                to.iter_mut().enumerate().for_each(|(i, t)| *t = float_items(l)[at(i)]);
                a
            }
            _ => {
                let a = self.value_array(count, &[])?;
                let to = ARRAY_VALUES.slice_mut(a, count);
                to.iter_mut().enumerate().for_each(|(i, t)| *t = any_items(l)[at(i)]);
                self.ctx.heap.write_barrier(a.ptr());
                a
            }
        };
        Ok(self.list_of_array(kind, array, count))
    }

    /// `list[slice] = v`.
    pub fn list_set_slice(&mut self, l: Value, slice: Value, v: Value) -> PyResult<()> {
        let (start, stop, step) = self.slice_unpack(slice)?;
        if !self.is_iterable(v) {
            return Err(self.type_error("must assign iterable to extended slice"));
        }
        let source = self.private_list(v)?;
        let (start, stop, step, count) = super::subscript::slice_adjust(list_len(l), start, stop, step);
        if step == 1 {
            return self.list_splice(l, start as usize, stop.max(start) as usize, source);
        }
        let given = list_len(source);
        if given != count {
            let text =
                format!("attempt to assign sequence of size {given} to extended slice of size {count}");
            return Err(self.value_error(text));
        }
        for i in 0..count {
            let v = self.list_item(source, i);
            self.list_set_item(l, (start + i as i64 * step) as usize, v)?;
        }
        Ok(())
    }

    /// A list that nobody else has, with the items of an iterable.
    fn private_list(&mut self, v: Value) -> PyResult {
        let inner = self.unwrap(v);
        if self.kind(inner).is_list() && (inner == v || !self.overrides_iter(v, self.types.list)) {
            return self.list_range(inner, 0, list_len(inner));
        }
        let l = self.new_list();
        let items = if self.kind(v) == Kind::Tuple { v } else { self.iter(v)? };
        self.extend_list(l, items)?;
        Ok(l)
    }

    /// `del list[slice]`.
    pub fn list_del_slice(&mut self, l: Value, slice: Value) -> PyResult<()> {
        let (start, stop, step) = self.slice_unpack(slice)?;
        let (start, stop, step, count) = super::subscript::slice_adjust(list_len(l), start, stop, step);
        if count == 0 {
            return Ok(());
        }
        if step == 1 {
            let nothing = self.new_list();
            return self.list_splice(l, start as usize, stop as usize, nothing);
        }
        let (first, gap) = if step > 0 { (start, step) } else { (start + (count as i64 - 1) * step, -step) };
        let len = list_len(l);
        match self.kind(l) {
            Kind::ListInt => drop_every(int_items(l), first as usize, gap as usize, count),
            Kind::ListFloat => drop_every(float_items(l), first as usize, gap as usize, count),
            _ => {
                drop_every(any_items(l), first as usize, gap as usize, count);
                any_items(l)[len - count..].fill(None);
            }
        }
        self.list_set_len(l, len - count);
        Ok(())
    }

    /// Sets the length to one that the array can hold and below which all items are set.
    fn list_set_len(&mut self, l: Value, len: usize) {
        if len == 0 {
            return self.list_clear(l);
        }
        LIST_LEN.write(l, len as i64);
    }

    /// Replaces items `start..end` by those of `source`, a list that nobody else has.
    pub fn list_splice(&mut self, l: Value, start: usize, end: usize, source: Value) -> PyResult<()> {
        let (len, added) = (list_len(l), list_len(source));
        if len == end - start {
            self.list_take(l, source);
            return Ok(());
        }
        if added > 0 && self.kind(l) != self.kind(source) {
            self.list_generalize(l)?;
            self.list_generalize(source)?;
        }
        let new_len = len - (end - start) + added;
        self.list_reserve(l, new_len)?;
        LIST_LEN.write(l, new_len.max(len) as i64);
        match self.kind(l) {
            Kind::ListInt => replace(int_items(l), len, start, end, int_items(source)),
            Kind::ListFloat => replace(float_items(l), len, start, end, float_items(source)),
            _ => {
                replace(any_items(l), len, start, end, any_items(source));
                if new_len < len {
                    any_items(l)[new_len..].fill(None);
                }
                if let Some(a) = LIST_ITEMS.read(l) {
                    self.ctx.heap.write_barrier(a.ptr());
                }
            }
        }
        self.list_set_len(l, new_len);
        Ok(())
    }
}

/// Replaces `start..end` of the first `len` items, moving those behind; there is room.
fn replace<T: Copy>(items: &mut [T], len: usize, start: usize, end: usize, new: &[T]) {
    items.copy_within(end..len, start + new.len());
    items[start..start + new.len()].copy_from_slice(new);
}

/// Moves the items together after taking out `count` of them: `first` and then each `gap`th.
fn drop_every<T: Copy>(items: &mut [T], first: usize, gap: usize, count: usize) {
    for k in 0..count {
        let from = first + k * gap + 1;
        let to = if k + 1 == count { items.len() } else { from + gap - 1 };
        items.copy_within(from..to, from - 1 - k);
    }
}
