//! Lists and their strategies: empty, all small ints, all floats, anything. The kind in the shape tells which; the
//! items lie in an array of machine integers, of doubles, or of values. Storing something that does not fit turns the
//! list into one of values.

use super::kind::Kind;
use super::layout::*;
use super::tuple::fill;
use crate::errors::PyResult;
use crate::vm::Vm;
use hoop_engine::float_of;
use hoop_gc::Value;

/// Items a list can have, by address space.
pub const MAX_LEN: usize = 1 << 48;

#[inline(always)]
pub fn list_len(l: Value) -> usize {
    LIST_LEN.read(l) as usize
}

/// Capacity of the list's array.
fn capacity(l: Value) -> usize {
    LIST_ITEMS.read(l).map_or(0, |a| ARRAY_LEN.read(a) as usize)
}

/// The items of a list of values (`Kind::ListAny`).
pub fn any_items<'a>(l: Value) -> &'a mut [Option<Value>] {
    match LIST_ITEMS.read(l) {
        Some(a) => ARRAY_VALUES.slice_mut(a, list_len(l)),
        None => &mut [],
    }
}

/// The items of a list of ints (`Kind::ListInt`).
pub fn int_items<'a>(l: Value) -> &'a mut [i64] {
    match LIST_ITEMS.read(l) {
        Some(a) => ARRAY_INTS.slice_mut(a, list_len(l)),
        None => &mut [],
    }
}

/// The items of a list of floats (`Kind::ListFloat`).
pub fn float_items<'a>(l: Value) -> &'a mut [f64] {
    match LIST_ITEMS.read(l) {
        Some(a) => ARRAY_FLOATS.slice_mut(a, list_len(l)),
        None => &mut [],
    }
}

impl Vm {
    pub fn new_list(&mut self) -> Value {
        self.new_list_kind(Kind::ListEmpty)
    }

    fn new_list_kind(&mut self, kind: Kind) -> Value {
        let shape = self.kind_shape(kind);
        self.ctx.alloc(shape, 2)
    }

    /// The strategy that fits these values.
    pub fn strategy_for(&self, items: &[Value]) -> Kind {
        match items.first() {
            None => Kind::ListEmpty,
            Some(v) if v.is_int() && items.iter().all(|v| v.is_int()) => Kind::ListInt,
            Some(&v) if float_of(v).is_some() && items.iter().all(|&v| float_of(v).is_some()) => {
                Kind::ListFloat
            }
            _ => Kind::ListAny,
        }
    }

    /// A new list of these items. MemoryError if it is too large.
    pub fn list_from(&mut self, items: &[Value]) -> PyResult {
        let kind = self.strategy_for(items);
        let array = match kind {
            Kind::ListEmpty => return Ok(self.new_list()),
            Kind::ListInt => {
                let a = self.word_array(Kind::IntArray, items.len())?;
                let to = ARRAY_INTS.slice_mut(a, items.len());
                to.iter_mut().zip(items).for_each(|(t, v)| *t = v.int_unchecked());
                a
            }
            Kind::ListFloat => {
                let a = self.word_array(Kind::FloatArray, items.len())?;
                let to = ARRAY_FLOATS.slice_mut(a, items.len());
                to.iter_mut().zip(items).for_each(|(t, &v)| *t = float_of(v).unwrap_or(0.0));
                a
            }
            _ => self.value_array(items.len(), items)?,
        };
        Ok(self.list_of_array(kind, array, items.len()))
    }

    /// A list around an array made for its kind.
    pub fn list_of_array(&mut self, kind: Kind, array: Value, len: usize) -> Value {
        let l = self.new_list_kind(kind);
        LIST_ITEMS.init(l, array);
        LIST_LEN.write(l, len as i64);
        l
    }

    /// Item `i`, which exists.
    #[inline]
    pub fn list_item(&mut self, l: Value, i: usize) -> Value {
        match self.kind(l) {
            Kind::ListInt => Value::int(int_items(l)[i]),
            Kind::ListFloat => self.ctx.box_float(float_items(l)[i]),
            _ => any_items(l)[i].unwrap_or(Value::NONE),
        }
    }

    /// Sets item `i`, which exists.
    pub fn list_set_item(&mut self, l: Value, i: usize, v: Value) -> PyResult<()> {
        match self.kind(l) {
            Kind::ListInt if v.is_int() => int_items(l)[i] = v.int_unchecked(),
            Kind::ListFloat if float_of(v).is_some() => float_items(l)[i] = float_of(v).unwrap_or(0.0),
            _ => {
                self.list_generalize(l)?;
                any_items(l)[i] = Some(v);
                self.list_barrier(l);
            }
        }
        Ok(())
    }

    fn list_barrier(&mut self, l: Value) {
        if let Some(a) = LIST_ITEMS.read(l) {
            self.ctx.heap.write_barrier(a.ptr());
        }
    }

    /// Appends an item. MemoryError if there is no room to grow.
    pub fn list_push(&mut self, l: Value, v: Value) -> PyResult<()> {
        let kind = self.kind(l);
        let fits = match kind {
            Kind::ListInt => v.is_int(),
            Kind::ListFloat => float_of(v).is_some(),
            Kind::ListAny => true,
            _ => {
                let kind = self.strategy_for(&[v]);
                self.set_shape(l, self.kind_shape(kind));
                LIST_LEN.write(l, 0);
                layout_clear_items(l);
                true
            }
        };
        if !fits {
            self.list_generalize(l)?;
        }
        let len = list_len(l);
        if len == capacity(l) {
            self.list_reserve(l, len + 1)?;
        }
        LIST_LEN.write(l, len as i64 + 1);
        match self.kind(l) {
            Kind::ListInt => int_items(l)[len] = v.int_unchecked(),
            Kind::ListFloat => float_items(l)[len] = float_of(v).unwrap_or(0.0),
            _ => {
                any_items(l)[len] = Some(v);
                self.list_barrier(l);
            }
        }
        Ok(())
    }

    /// Makes room for `need` items, growing in proportion.
    pub fn list_reserve(&mut self, l: Value, need: usize) -> PyResult<()> {
        let old = capacity(l);
        if need <= old {
            return Ok(());
        }
        if let Some(array) = LIST_ITEMS.read(l)
            && self.grow_array(array, need.max(old + old / 8))
        {
            return Ok(());
        }
        let new = need.max(old + old / 4 + 6);
        let len = list_len(l);
        let array = match self.kind(l) {
            Kind::ListInt => {
                let a = self.word_array(Kind::IntArray, new)?;
                ARRAY_INTS.slice_mut(a, len).copy_from_slice(int_items(l));
                a
            }
            Kind::ListFloat => {
                let a = self.word_array(Kind::FloatArray, new)?;
                ARRAY_FLOATS.slice_mut(a, len).copy_from_slice(float_items(l));
                a
            }
            _ => {
                let a = self.value_array(new, &[])?;
                ARRAY_VALUES.slice_mut(a, len).copy_from_slice(any_items(l));
                self.ctx.heap.write_barrier(a.ptr());
                a
            }
        };
        self.ctx.write(l, &LIST_ITEMS, array);
        Ok(())
    }

    /// Turns any list into one of values. MemoryError if there is no room.
    pub fn list_generalize(&mut self, l: Value) -> PyResult<()> {
        let (kind, len) = (self.kind(l), list_len(l));
        if kind == Kind::ListAny {
            return Ok(());
        }
        let array = self.value_array(capacity(l).max(len), &[])?;
        for i in 0..len {
            let v = self.list_item(l, i);
            ARRAY_VALUES.slice_mut(array, len)[i] = Some(v);
            self.ctx.heap.write_barrier(array.ptr());
        }
        self.ctx.write(l, &LIST_ITEMS, array);
        self.set_shape(l, self.kind_shape(Kind::ListAny));
        Ok(())
    }

    /// Empties the list.
    pub fn list_clear(&mut self, l: Value) {
        LIST_LEN.write(l, 0);
        layout_clear_items(l);
        self.set_shape(l, self.kind_shape(Kind::ListEmpty));
    }

    /// Replaces the list's whole content.
    pub fn list_assign(&mut self, l: Value, items: &[Value]) -> PyResult<()> {
        let fresh = self.list_from(items)?;
        self.list_take(l, fresh);
        Ok(())
    }

    /// Gives `l` the content of `from`, a list that nobody else uses. `l` keeps its class if that is a subclass's.
    pub fn list_take(&mut self, l: Value, from: Value) {
        let kind = self.kind(from);
        match LIST_ITEMS.read(from) {
            Some(a) => self.ctx.write(l, &LIST_ITEMS, a),
            None => layout_clear_items(l),
        }
        LIST_LEN.write(l, LIST_LEN.read(from));
        self.set_shape(l, self.kind_shape(kind));
    }

    /// A new list with items `start..end`.
    pub fn list_range(&mut self, l: Value, start: usize, end: usize) -> PyResult {
        let len = end.saturating_sub(start);
        if len == 0 {
            return Ok(self.new_list());
        }
        let kind = self.kind(l);
        let array = match kind {
            Kind::ListInt => {
                let a = self.word_array(Kind::IntArray, len)?;
                ARRAY_INTS.slice_mut(a, len).copy_from_slice(&int_items(l)[start..end]);
                a
            }
            Kind::ListFloat => {
                let a = self.word_array(Kind::FloatArray, len)?;
                ARRAY_FLOATS.slice_mut(a, len).copy_from_slice(&float_items(l)[start..end]);
                a
            }
            _ => {
                let a = self.value_array(len, &[])?;
                ARRAY_VALUES.slice_mut(a, len).copy_from_slice(&any_items(l)[start..end]);
                self.ctx.heap.write_barrier(a.ptr());
                a
            }
        };
        Ok(self.list_of_array(kind, array, len))
    }

    /// All items as a vector for native code.
    pub fn list_values(&mut self, l: Value) -> PyResult<super::tuple::ValueVec> {
        let mut out = super::tuple::ValueVec::with_capacity(self, list_len(l))?;
        let mut i = 0;
        while i < list_len(l) {
            let v = self.list_item(l, i);
            out.push(self, v)?;
            i += 1;
        }
        Ok(out)
    }

    /// Removes and gives item `i`, which exists.
    pub fn list_remove(&mut self, l: Value, i: usize) -> Value {
        let v = self.list_item(l, i);
        let len = list_len(l);
        match self.kind(l) {
            Kind::ListInt => int_items(l).copy_within(i + 1.., i),
            Kind::ListFloat => float_items(l).copy_within(i + 1.., i),
            _ => {
                let items = any_items(l);
                items.copy_within(i + 1.., i);
                items[len - 1] = None;
            }
        }
        LIST_LEN.write(l, len as i64 - 1);
        v
    }

    /// Inserts before item `i` (at most the length).
    pub fn list_insert(&mut self, l: Value, i: usize, v: Value) -> PyResult<()> {
        self.list_push(l, v)?;
        match self.kind(l) {
            Kind::ListInt => int_items(l)[i..].rotate_right(1),
            Kind::ListFloat => float_items(l)[i..].rotate_right(1),
            _ => any_items(l)[i..].rotate_right(1),
        }
        Ok(())
    }
}

fn layout_clear_items(l: Value) {
    let raw: hoop_engine::Field<hoop_engine::I> =
        hoop_engine::Field::new("list.items", LIST_ITEMS.descr.offset, hoop_engine::MemTy::I64, group::LIST);
    raw.write(l, 0);
}

/// Copies values into the first items of an array of values.
pub fn fill_array(array: Value, items: &[Value]) {
    fill(ARRAY_VALUES.slice_mut(array, items.len()), items);
}
