//! `list`.

use super::seq::{self, Access};
use crate::comparison_methods;
use crate::errors::PyResult;
use crate::native::{Intrinsic, NativeDef};
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::objects::list::{any_items, float_items, int_items, list_len};
use crate::objects::tuple::{tuple_items, tuple_len};
use crate::operator::CmpOp;
use crate::vm::Vm;
use hoop_engine::float_of;
use hoop_gc::Value;

const ACCESS: Access = Access { len: list_len, item: |vm, l, i| vm.list_item(l, i) };

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, Kind::is_list, "list", method)
}

/// The list behind a value that is one or extends one.
fn as_list(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    vm.kind(inner).is_list().then_some(inner)
}

/// Floats as items of lists: a NaN is found where its very bits are, for lists of floats keep no identity.
fn same_float(x: f64, y: f64) -> bool {
    x == y || x.to_bits() == y.to_bits()
}

impl Vm {
    /// `[..., *v]`: appends the items of an iterable to a list under construction.
    pub fn list_extend(&mut self, l: Value, v: Value) -> PyResult<()> {
        if !self.is_iterable(v) {
            let text = format!("Value after * must be an iterable, not {}", self.class_name(v));
            return Err(self.type_error(text));
        }
        self.extend_list(l, v)
    }

    /// `l.extend(v)`.
    pub fn extend_list(&mut self, l: Value, v: Value) -> PyResult<()> {
        match self.kind(v) {
            kind if kind.is_list() => self.extend_by_list(l, v),
            Kind::Tuple => {
                for i in 0..tuple_len(v) {
                    self.list_push(l, tuple_items(v)[i])?;
                }
                Ok(())
            }
            kind => {
                let it = self.iter(v)?;
                self.ask_length(v)?;
                if kind == Kind::Range && self.kind(it) == Kind::RangeIter {
                    let left = RANGE_ITER_LEFT.read(it) as usize;
                    if matches!(self.kind(l), Kind::ListInt | Kind::ListAny) && left < 1 << 40 {
                        self.list_reserve(l, list_len(l) + left)?;
                    }
                }
                while let Some(x) = self.iter_next(it)? {
                    self.list_push(l, x)?;
                }
                Ok(())
            }
        }
    }

    fn extend_by_list(&mut self, l: Value, v: Value) -> PyResult<()> {
        let n = list_len(v);
        if list_len(l) == 0 && n > 0 {
            let copy = self.list_range(v, 0, n)?;
            self.list_take(l, copy);
            return Ok(());
        }
        for i in 0..n {
            let x = self.list_item(v, i);
            self.list_push(l, x)?;
        }
        Ok(())
    }

    /// `item in list`.
    pub fn list_contains(&mut self, l: Value, item: Value) -> PyResult<bool> {
        Ok(self.list_find(l, item, 0, usize::MAX)?.is_some())
    }

    /// The first position of an item in `start..stop`.
    pub fn list_find(&mut self, l: Value, item: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
        let end = stop.min(list_len(l));
        if start >= end {
            return Ok(None);
        }
        match (self.kind(l), item.as_int(), float_of(item)) {
            (Kind::ListInt, Some(n), _) => {
                Ok(int_items(l)[start..end].iter().position(|&x| x == n).map(|i| i + start))
            }
            (Kind::ListFloat, _, Some(f)) => {
                Ok(float_items(l)[start..end].iter().position(|&x| same_float(x, f)).map(|i| i + start))
            }
            (Kind::ListInt | Kind::ListFloat, ..) if matches!(self.kind(item), Kind::Str | Kind::None) => {
                Ok(None)
            }
            _ => self.list_find_slowly(l, item, start, stop),
        }
    }

    fn list_find_slowly(
        &mut self,
        l: Value,
        item: Value,
        start: usize,
        stop: usize,
    ) -> PyResult<Option<usize>> {
        let mut i = start;
        while i < stop.min(list_len(l)) {
            let x = self.list_item(l, i);
            if self.eq(x, item)? {
                return Ok(Some(i));
            }
            i += 1;
        }
        Ok(None)
    }

    /// `l * count`.
    pub fn list_repeat(&mut self, l: Value, count: usize) -> PyResult {
        let (kind, len) = (self.kind(l), list_len(l));
        let total = seq::repeated_len(self, len, count)?;
        if total == 0 {
            return Ok(self.new_list());
        }
        let array = match kind {
            Kind::ListInt => {
                let a = self.word_array(Kind::IntArray, total)?;
                fill_repeated(ARRAY_INTS.slice_mut(a, total), int_items(l));
                a
            }
            Kind::ListFloat => {
                let a = self.word_array(Kind::FloatArray, total)?;
                fill_repeated(ARRAY_FLOATS.slice_mut(a, total), float_items(l));
                a
            }
            _ => {
                let a = self.value_array(total, &[])?;
                fill_repeated(ARRAY_VALUES.slice_mut(a, total), any_items(l));
                self.ctx.heap.write_barrier(a.ptr());
                a
            }
        };
        Ok(self.list_of_array(kind, array, total))
    }

    /// Do instances of this value's class iterate by a method of their own, other than that of `base`?
    pub fn overrides_iter(&self, v: Value, base: Value) -> bool {
        self.special(v, self.names.iter) != self.lookup(base, self.names.iter)
    }
}

fn fill_repeated<T: Copy>(to: &mut [T], from: &[T]) {
    if let [one] = from {
        return to.fill(*one);
    }
    to.chunks_mut(from.len()).for_each(|part| part.copy_from_slice(&from[..part.len()]));
}

/// `a op b` for two lists.
pub fn compare(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    match (vm.kind(a), vm.kind(b)) {
        (Kind::ListInt, Kind::ListInt) => Ok(Value::bool(compare_ints(op, int_items(a), int_items(b)))),
        (Kind::ListFloat, Kind::ListFloat) => {
            Ok(Value::bool(compare_floats(op, float_items(a), float_items(b))))
        }
        _ => seq::compare(vm, op, a, b, ACCESS),
    }
}

fn compare_ints(op: CmpOp, a: &[i64], b: &[i64]) -> bool {
    match op {
        CmpOp::Eq => a == b,
        CmpOp::Ne => a != b,
        _ => op.holds(a.cmp(b)),
    }
}

fn compare_floats(op: CmpOp, a: &[f64], b: &[f64]) -> bool {
    match a.iter().zip(b).find(|(x, y)| !same_float(**x, **y)) {
        None => op.holds(a.len().cmp(&b.len())),
        Some((x, y)) => match x.partial_cmp(y) {
            Some(order) if !matches!(op, CmpOp::Eq | CmpOp::Ne) => op.holds(order),
            _ => op == CmpOp::Ne,
        },
    }
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = vm.new_list();
    let base = vm.types.list;
    seq::new_of(vm, a[0], base, l)
}

fn init_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__init__")?;
    let arg = seq::one_argument(vm, "list", a[1], &a[2..])?;
    vm.list_clear(l);
    if let Some(v) = arg {
        vm.extend_list(l, v)?;
    }
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "append")?;
    vm.list_push(l, a[1])?;
    Ok(Value::NONE)
}

fn extend(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "extend")?;
    vm.extend_list(l, a[1])?;
    Ok(Value::NONE)
}

fn insert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "insert")?;
    let i = vm.index(a[1])?;
    let len = list_len(l) as i64;
    let at = if i < 0 { (i + len).max(0) } else { i.min(len) };
    vm.list_insert(l, at as usize, a[2])?;
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "pop")?;
    let i = if a[1] == Value::UNBOUND { -1 } else { vm.index(a[1])? };
    let len = list_len(l) as i64;
    if len == 0 {
        return Err(vm.index_error("pop from empty list"));
    }
    let at = if i < 0 { i + len } else { i };
    if at < 0 || at >= len {
        return Err(vm.index_error("pop index out of range"));
    }
    Ok(vm.list_remove(l, at as usize))
}

fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "remove")?;
    match vm.list_find(l, a[1], 0, usize::MAX)? {
        Some(i) => {
            // A comparison may have shortened the list.
            if i < list_len(l) {
                vm.list_remove(l, i);
            }
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("list.remove(x): x not in list")),
    }
}

fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "clear")?;
    vm.list_clear(l);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "copy")?;
    vm.list_range(l, 0, list_len(l))
}

fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "index")?;
    let (start, stop) = seq::search_bounds(vm, a[2], a[3], list_len(l))?;
    match vm.list_find(l, a[1], start, stop)? {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(vm.value_error("list.index(x): x not in list")),
    }
}

fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "count")?;
    let n = match (vm.kind(l), a[1].as_int(), float_of(a[1])) {
        (Kind::ListInt, Some(n), _) => int_items(l).iter().filter(|&&x| x == n).count(),
        (Kind::ListFloat, _, Some(f)) => float_items(l).iter().filter(|&&x| same_float(x, f)).count(),
        _ => count_slowly(vm, l, a[1])?,
    };
    Ok(Value::int(n as i64))
}

fn count_slowly(vm: &mut Vm, l: Value, item: Value) -> PyResult<usize> {
    let (mut n, mut i) = (0, 0);
    while i < list_len(l) {
        let x = vm.list_item(l, i);
        n += vm.eq(x, item)? as usize;
        i += 1;
    }
    Ok(n)
}

fn reverse(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "reverse")?;
    match vm.kind(l) {
        Kind::ListInt => int_items(l).reverse(),
        Kind::ListFloat => float_items(l).reverse(),
        _ => any_items(l).reverse(),
    }
    Ok(Value::NONE)
}

fn sort(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "sort")?;
    if a.len() > 3 {
        return Err(vm.type_error("sort() takes no positional arguments"));
    }
    let key = Some(a[1]).filter(|&k| k != Value::UNBOUND && k != Value::NONE);
    let reverse = a[2] != Value::UNBOUND && vm.truth(a[2])?;
    vm.sort(l, key, reverse)?;
    Ok(Value::NONE)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__len__")?;
    Ok(Value::int(list_len(l) as i64))
}

fn getitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__getitem__")?;
    vm.list_get_item(l, a[1])
}

fn setitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__setitem__")?;
    vm.list_assign_item(l, a[1], a[2])?;
    Ok(Value::NONE)
}

fn delitem(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__delitem__")?;
    vm.list_del_item(l, a[1])?;
    Ok(Value::NONE)
}

fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__contains__")?;
    Ok(Value::bool(vm.list_contains(l, a[1])?))
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__iter__")?;
    vm.iter(l)
}

fn reversed(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__reversed__")?;
    Ok(super::iterators::new_reversed(vm, l, list_len(l)))
}

fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let x = this(vm, a[0], "__add__")?;
    match as_list(vm, a[1]) {
        Some(y) => concat(vm, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `x + y` of two lists.
pub fn concat(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let n = list_len(x);
    let sum = vm.list_range(x, 0, n)?;
    if n > 0 && list_len(y) > 0 {
        vm.list_reserve(sum, n + list_len(y))?;
    }
    vm.extend_list(sum, y)?;
    Ok(sum)
}

fn iadd(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__iadd__")?;
    vm.extend_list(l, a[1])?;
    Ok(a[0])
}

fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__mul__")?;
    match seq::repeat_count(vm, a[1])? {
        Some(count) => vm.list_repeat(l, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn imul(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__imul__")?;
    let Some(count) = seq::repeat_count(vm, a[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    let product = vm.list_repeat(l, count)?;
    vm.list_take(l, product);
    Ok(a[0])
}

fn order(vm: &mut Vm, op: CmpOp, a: Value, b: Value) -> PyResult {
    let x = this(vm, a, "__eq__")?;
    match as_list(vm, b) {
        Some(y) => compare(vm, op, x, y),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
comparison_methods!(order: lt Lt, le Le, eq Eq, ne Ne, gt Gt, ge Ge);

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__repr__")?;
    seq::repr_once(vm, l, "[...]", |vm| seq::repr_items(vm, l, ACCESS, ("[", "]")))
}

fn sizeof(vm: &mut Vm, a: &[Value]) -> PyResult {
    let l = this(vm, a[0], "__sizeof__")?;
    let items = LIST_ITEMS.read(l).map_or(0, |array| ARRAY_LEN.read(array));
    Ok(Value::int(40 + 8 * items))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, /, *args, **kwargs", new).makes_empty(),
    NativeDef::new("__init__", "self, /, *args, **kwargs", init_method),
    NativeDef::new("append", "self, object, /", append).intrinsic(Intrinsic::ListAppend),
    NativeDef::new("extend", "self, iterable, /", extend),
    NativeDef::new("insert", "self, index, object, /", insert),
    NativeDef::new("pop", "self, index=-1, /", pop).intrinsic(Intrinsic::ListPop),
    NativeDef::new("remove", "self, value, /", remove),
    NativeDef::new("clear", "self, /", clear),
    NativeDef::new("copy", "self, /", copy),
    NativeDef::new("index", "self, value, start=0, stop=sys.maxsize, /", index),
    NativeDef::new("count", "self, value, /", count),
    NativeDef::new("reverse", "self, /", reverse),
    NativeDef::new("sort", "self, /, *args, key=None, reverse=False", sort),
    NativeDef::new("__len__", "self, /", len),
    NativeDef::new("__getitem__", "self, index, /", getitem),
    NativeDef::new("__setitem__", "self, key, value, /", setitem),
    NativeDef::new("__delitem__", "self, key, /", delitem),
    NativeDef::new("__contains__", "self, key, /", contains),
    NativeDef::new("__iter__", "self, /", iter),
    NativeDef::new("__reversed__", "self, /", reversed),
    NativeDef::new("__add__", "self, value, /", add),
    NativeDef::new("__iadd__", "self, value, /", iadd),
    NativeDef::new("__mul__", "self, value, /", mul),
    NativeDef::new("__rmul__", "self, value, /", mul),
    NativeDef::new("__imul__", "self, value, /", imul),
    NativeDef::new("__lt__", "self, value, /", lt),
    NativeDef::new("__le__", "self, value, /", le),
    NativeDef::new("__eq__", "self, value, /", eq),
    NativeDef::new("__ne__", "self, value, /", ne),
    NativeDef::new("__gt__", "self, value, /", gt),
    NativeDef::new("__ge__", "self, value, /", ge),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("__sizeof__", "self, /", sizeof),
];

pub fn init(vm: &mut Vm) {
    let list = vm.types.list;
    vm.add_methods(list, METHODS);
    vm.set_class_attr_str(list, "__hash__", Value::NONE);
}
