//! Short lists of an engine's values, for handlers: arguments of calls, items of displays.
//!
//! The collector looks at the machine stack and at heap objects, not into Rust's own heap. So the first few values lie in
//! the list itself, which is on the stack; of a longer list a heap array keeps all values alive besides.

use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::tuple::ValueVec;
use hoop_object::vm::PyEngine;
use std::mem::MaybeUninit;
use std::ops::Deref;

/// So many values lie in a list itself.
pub const FEW: usize = 8;

/// See the module text.
pub struct Args<E: PyEngine> {
    few: [MaybeUninit<E::Val>; FEW],
    /// Number of values in `few`; of a longer list it stays `FEW`.
    len: usize,
    /// All values of a list longer than `FEW`.
    many: Vec<E::Val>,
    /// What those are now: keeps them alive.
    kept: ValueVec,
}

impl<E: PyEngine> Args<E> {
    #[inline(always)]
    pub fn new() -> Args<E> {
        Args { few: [const { MaybeUninit::uninit() }; FEW], len: 0, many: Vec::new(), kept: ValueVec::new() }
    }

    /// A value and then others. MemoryError if there is no room for them.
    #[inline]
    pub fn with_first(e: &mut E, first: E::Val, rest: &[E::Val]) -> Result<Args<E>, Raise> {
        let mut all = Args::new();
        all.push(e, first)?;
        all.extend(e, rest)?;
        Ok(all)
    }

    /// `count` times the same value.
    #[inline]
    pub fn filled(e: &mut E, v: E::Val, count: usize) -> Result<Args<E>, Raise> {
        let mut all = Args::new();
        for _ in 0..count {
            all.push(e, v)?;
        }
        Ok(all)
    }

    /// Appends. MemoryError if there is no room.
    #[inline(always)]
    pub fn push(&mut self, e: &mut E, v: E::Val) -> Result<(), Raise> {
        if self.len == FEW {
            return self.push_more(e, v);
        }
        self.few[self.len].write(v);
        self.len += 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn push_more(&mut self, e: &mut E, v: E::Val) -> Result<(), Raise> {
        if self.many.is_empty() {
            for i in 0..FEW {
                let first = self.first_few()[i];
                self.keep(e, first)?;
                self.many.push(first);
            }
        }
        self.keep(e, v)?;
        self.many.push(v);
        Ok(())
    }

    fn keep(&mut self, e: &mut E, v: E::Val) -> Result<(), Raise> {
        let now = e.now_val(v);
        let kept = self.kept.push(e.vm(), now);
        kept.map_err(|raise| crate::call::raise_pending(e, raise))
    }

    #[inline]
    pub fn extend(&mut self, e: &mut E, values: &[E::Val]) -> Result<(), Raise> {
        for &v in values {
            self.push(e, v)?;
        }
        Ok(())
    }

    /// Replaces value `i`, which exists.
    #[inline(always)]
    pub fn set(&mut self, e: &mut E, i: usize, v: E::Val) {
        if self.many.is_empty() {
            assert!(i < self.len, "the list has this value");
            self.few[i].write(v);
            return;
        }
        self.many[i] = v;
        let now = e.now_val(v);
        self.kept.set(e.vm(), i, now);
    }

    #[inline(always)]
    fn first_few(&self) -> &[E::Val] {
        // SAFETY: the first `len` of them have been written; `MaybeUninit<T>` has the layout of `T`.
        unsafe { std::slice::from_raw_parts(self.few.as_ptr().cast(), self.len) }
    }
}

impl<E: PyEngine> Default for Args<E> {
    fn default() -> Self {
        Args::new()
    }
}

impl<E: PyEngine> Deref for Args<E> {
    type Target = [E::Val];

    #[inline(always)]
    fn deref(&self) -> &[E::Val] {
        if self.many.is_empty() { self.first_few() } else { &self.many }
    }
}

/// Plain values in a row: the first few on the stack, all of a longer row in a heap array.
pub struct Row {
    few: [Value; FEW],
    len: usize,
    many: ValueVec,
}

impl Row {
    /// What an engine's values are now.
    #[inline]
    pub fn now<E: PyEngine>(e: &mut E, values: &[E::Val]) -> Result<Row, Raise> {
        Row::collect(e, values, |e, &v| e.now_val(v))
    }

    /// A value for each item. MemoryError if there is no room for them.
    #[inline]
    pub fn collect<E: PyEngine, T>(
        e: &mut E,
        items: &[T],
        value: impl Fn(&E, &T) -> Value,
    ) -> Result<Row, Raise> {
        let mut row = Row { few: [Value::UNBOUND; FEW], len: items.len(), many: ValueVec::new() };
        if items.len() <= FEW {
            for (to, item) in row.few.iter_mut().zip(items) {
                *to = value(e, item);
            }
            return Ok(row);
        }
        for item in items {
            let v = value(e, item);
            row.many.push(e.vm(), v).map_err(|raise| crate::call::raise_pending(e, raise))?;
        }
        Ok(row)
    }

    #[inline]
    pub fn as_slice(&self) -> &[Value] {
        if self.len <= FEW { &self.few[..self.len] } else { self.many.as_slice() }
    }
}
