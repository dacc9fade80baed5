//! Unpacking of iterables into targets.

use crate::errors::{PyResult, Raise};
use crate::objects::Kind;
use crate::objects::list::list_len;
use crate::objects::tuple::{ValueVec, tuple_items, tuple_len};
use crate::vm::Vm;
use hoop_gc::Value;

impl Vm {
    /// The items of an iterable of exactly `n`, as a tuple.
    pub fn unpack(&mut self, v: Value, n: usize) -> PyResult {
        let kind = self.kind(v);
        if kind == Kind::Tuple {
            return if tuple_len(v) == n { Ok(v) } else { Err(self.wrong_count(n, tuple_len(v), true)) };
        }
        if kind.is_list() {
            if list_len(v) != n {
                return Err(self.wrong_count(n, list_len(v), true));
            }
            let items = self.list_values(v)?;
            return self.new_tuple(items.as_slice());
        }
        let it = self.unpack_iter(v)?;
        let mut items = ValueVec::with_capacity(self, n)?;
        while items.len() < n {
            match self.iter_next(it)? {
                Some(x) => items.push(self, x)?,
                None => return Err(self.wrong_count(n, items.len(), true)),
            }
        }
        if self.iter_next(it)?.is_some() {
            let len = if kind.is_dict() { Some(crate::objects::dict::dict_len(v)) } else { None };
            return Err(self.wrong_count(n, len.unwrap_or(n + 1), len.is_some()));
        }
        self.new_tuple(items.as_slice())
    }

    fn unpack_iter(&mut self, v: Value) -> PyResult {
        if !self.is_iterable(v) {
            let text = format!("cannot unpack non-iterable {} object", self.class_name(v));
            return Err(self.type_error(text));
        }
        self.iter(v)
    }

    /// Iterators are not asked how many items they have left: `counted` says whether `got` is all.
    #[cold]
    fn wrong_count(&mut self, expected: usize, got: usize, counted: bool) -> Raise {
        self.value_error(if got > expected && counted {
            format!("too many values to unpack (expected {expected}, got {got})")
        } else if got > expected {
            format!("too many values to unpack (expected {expected})")
        } else {
            format!("not enough values to unpack (expected {expected}, got {got})")
        })
    }

    /// The items of an iterable for targets of which one is starred: a tuple of `before` items, a list of those in
    /// between, and `after` items.
    pub fn unpack_ex(&mut self, v: Value, before: usize, after: usize) -> PyResult {
        let items = match self.kind(v) {
            Kind::Tuple => ValueVec::from_slice(self, tuple_items(v))?,
            kind if kind.is_list() => self.list_values(v)?,
            _ => {
                let it = self.unpack_iter(v)?;
                let mut items = ValueVec::new();
                while let Some(x) = self.iter_next(it)? {
                    items.push(self, x)?;
                }
                items
            }
        };
        let (n, least) = (items.len(), before + after);
        if n < least {
            let text = format!("not enough values to unpack (expected at least {least}, got {n})");
            return Err(self.value_error(text));
        }
        let middle = self.list_from(&items.as_slice()[before..n - after])?;
        let mut out = ValueVec::with_capacity(self, least + 1)?;
        for i in (0..before).chain(std::iter::once(usize::MAX)).chain(n - after..n) {
            let x = if i == usize::MAX { middle } else { items.as_slice()[i] };
            out.push(self, x)?;
        }
        self.new_tuple(out.as_slice())
    }
}
