//! The classes of iterators: `enumerate`, `zip`, `map`, `filter`, `reversed`, and the methods that all of them share.

use hoop_gc::Value;
use hoop_object::class::class_mut;
use hoop_object::dict;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::rows::NativeDef;
use hoop_object::text::{self, str_text};
use hoop_object::tuple::{self, ValueVec};
use hoop_object::vm::Vm;
use hoop_protocol::iterators::{self, is_iterator, iterator_hint, new_iterator};
use hoop_protocol::{attr, call, protocol, seq};

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    seq::receiver(vm, v, is_iterator, "iterator", method)
}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    this(vm, a[0], "__iter__")?;
    Ok(a[0])
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    let it = this(vm, a[0], "__next__")?;
    match iterators::iter_step(vm, it)? {
        Some(v) => Ok(v),
        None => Err(vm.stop_iteration(Value::NONE)),
    }
}

fn length_hint(vm: &mut Vm, a: &[Value]) -> PyResult {
    let it = this(vm, a[0], "__length_hint__")?;
    Ok(iterator_hint(vm, it).map_or(Value::NOT_IMPLEMENTED, |n| Value::int(n as i64)))
}

/// Keyword arguments as far as they are known; TypeError if others were given.
fn keywords<const N: usize>(
    vm: &mut Vm,
    name: &str,
    kwargs: Value,
    known: [&str; N],
) -> PyResult<[Option<Value>; N]> {
    let mut found = [None; N];
    let mut i = 0;
    while kwargs != Value::UNBOUND
        && let Some((at, e)) = dict::dict_next(vm, kwargs, i)
    {
        let text = str_text(e.key);
        match known.iter().position(|k| *k == text) {
            Some(k) => found[k] = Some(e.value),
            None if N == 0 => return Err(vm.type_error(format!("{name}() takes no keyword arguments"))),
            None => {
                return Err(vm.type_error(format!("{name}() got an unexpected keyword argument '{text}'")));
            }
        }
        i = at + 1;
    }
    Ok(found)
}

/// `cls, kwargs, *args`.
fn new_enumerate(vm: &mut Vm, a: &[Value]) -> PyResult {
    let [iterable, start] = keywords(vm, "enumerate", a[1], ["iterable", "start"])?;
    let given = a.len() - 2;
    if given + iterable.is_some() as usize + start.is_some() as usize > 2 {
        return Err(vm.type_error(format!("enumerate() takes at most 2 arguments ({given} given)")));
    }
    let Some(iterable) = a.get(2).copied().or(iterable) else {
        return Err(vm.type_error("enumerate() missing required argument 'iterable'"));
    };
    let inner = iterators::iter(vm, iterable)?;
    let start = match a.get(3).copied().or(start) {
        Some(v) => protocol::index_value(vm, v)?,
        None => Value::int(0),
    };
    let it = new_iterator(vm, Kind::Enumerate, inner);
    match start.as_int() {
        // Far from the end of the small ints it can count in a machine word.
        Some(n) if n.unsigned_abs() < 1 << 61 => ITER_INDEX.write(it, n),
        _ => {
            ITER_KIND.write(it, 1);
            vm.ctx.write(it, &ITER_SECOND, start);
        }
    }
    let base = vm.types.enumerate;
    seq::new_of(vm, a[0], base, it)
}

fn iterators_of(vm: &mut Vm, iterables: &[Value]) -> PyResult {
    let mut its = ValueVec::with_capacity(vm, iterables.len())?;
    for &v in iterables {
        let it = iterators::iter(vm, v)?;
        its.push(vm, it)?;
    }
    tuple::new_tuple(vm, its.as_slice())
}

/// `cls, kwargs, *iterables`.
fn new_zip(vm: &mut Vm, a: &[Value]) -> PyResult {
    let [strict] = keywords(vm, "zip", a[1], ["strict"])?;
    let strict = match strict {
        Some(v) => protocol::truth(vm, v)? as i64,
        None => 0,
    };
    let its = iterators_of(vm, &a[2..])?;
    let it = new_iterator(vm, Kind::Zip, its);
    ITER_KIND.write(it, strict);
    let base = vm.types.zip;
    seq::new_of(vm, a[0], base, it)
}

/// `cls, kwargs, function and iterables`.
fn new_map(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0] == vm.types.map {
        keywords(vm, "map", a[1], [])?;
    }
    let [f, iterables @ ..] = &a[2..] else {
        return Err(vm.type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(vm.type_error("map() must have at least two arguments."));
    }
    let its = iterators_of(vm, iterables)?;
    let it = new_iterator(vm, Kind::Map, its);
    ITER_SECOND.init(it, *f);
    let base = vm.types.map;
    seq::new_of(vm, a[0], base, it)
}

/// `cls, kwargs, function, iterable`.
fn new_filter(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0] == vm.types.filter {
        keywords(vm, "filter", a[1], [])?;
    }
    let &[f, iterable] = &a[2..] else {
        return Err(vm.type_error(format!("filter expected 2 arguments, got {}", a.len() - 2)));
    };
    let inner = iterators::iter(vm, iterable)?;
    let it = new_iterator(vm, Kind::Filter, inner);
    ITER_SECOND.init(it, f);
    let base = vm.types.filter;
    seq::new_of(vm, a[0], base, it)
}

/// `cls, kwargs, sequence`.
fn new_reversed(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0] == vm.types.reversed {
        keywords(vm, "reversed", a[1], [])?;
    }
    let &[v] = &a[2..] else {
        return Err(vm.type_error(format!("reversed expected 1 argument, got {}", a.len() - 2)));
    };
    match attr::special(vm, v, vm.names.reversed) {
        Some(f) if f != Value::NONE => return call::call_special(vm, f, v, &[]),
        None if attr::special(vm, v, vm.names.getitem).is_some() => {
            if attr::special(vm, v, vm.names.len).is_none() {
                let text = format!("object of type '{}' has no len()", vm.class_name(v));
                return Err(vm.type_error(text));
            }
        }
        _ => {
            let text = format!("'{}' object is not reversible", vm.class_name(v));
            return Err(vm.type_error(text));
        }
    }
    let len = protocol::len(vm, v)?;
    let it = hoop_protocol::iterators::new_reversed(vm, v, len);
    let base = vm.types.reversed;
    seq::new_of(vm, a[0], base, it)
}

const SHARED: &[NativeDef] =
    &[NativeDef::new("__iter__", "$self, /", iter), NativeDef::new("__next__", "$self, /", next)];

const HINT: &[NativeDef] = &[NativeDef::new("__length_hint__", "$self, /", length_hint)];

const ENUMERATE: &[NativeDef] = &[NativeDef::new("__new__", "$type, /, *args, **kwargs", new_enumerate)];

const ZIP: &[NativeDef] = &[NativeDef::new("__new__", "$type, /, *args, **kwargs", new_zip)];

const MAP: &[NativeDef] = &[NativeDef::new("__new__", "$type, /, *args, **kwargs", new_map)];

const FILTER: &[NativeDef] = &[NativeDef::new("__new__", "$type, /, *args, **kwargs", new_filter)];

const REVERSED: &[NativeDef] = &[NativeDef::new("__new__", "$type, /, *args, **kwargs", new_reversed)];

pub fn init(vm: &mut Vm) {
    let t = &vm.types;
    let counted = [
        t.list_iterator,
        t.tuple_iterator,
        t.range_iterator,
        t.str_iterator,
        t.dict_keyiterator,
        t.dict_valueiterator,
        t.dict_itemiterator,
        t.set_iterator,
        t.seq_iterator,
        t.reversed,
    ];
    let others = [t.callable_iterator, t.enumerate, t.zip, t.map, t.filter];
    let constructors =
        [(t.enumerate, ENUMERATE), (t.zip, ZIP), (t.map, MAP), (t.filter, FILTER), (t.reversed, REVERSED)];
    for class in counted.into_iter().chain(others) {
        vm.add_methods(class, SHARED);
    }
    for class in counted {
        vm.add_methods(class, HINT);
    }
    for (class, defs) in constructors {
        vm.add_methods(class, defs);
    }
}

pub fn init_classes(vm: &mut Vm) {
    crate::iterators::iter_classes::init(vm);
    // Nearly all strs are ASCII; their iterators' class has this name in CPython.
    let name = text::intern(vm, b"str_ascii_iterator");
    let class = class_mut(vm, vm.types.str_iterator);
    (class.name, class.qualname) = (name, name);
    let t = &vm.types;
    for class in [t.list, t.tuple, t.dict, t.set, t.frozenset, t.enumerate] {
        crate::classes::generic_alias::make_generic(vm, class);
    }
}
