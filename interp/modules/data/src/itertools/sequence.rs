//! `count`, `cycle`, `repeat`, `chain`, `accumulate`, `pairwise`, `batched`, `zip_longest`, `starmap`.

use crate::itertools::{absent, add_class, add_known, known, make, set_value, state, this, value};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::list::{self, list_len};
use hoop_object::operator::BinOp;
use hoop_object::rows::NativeDef;
use hoop_object::tuple::{self, ValueVec};
use hoop_object::vm::Vm;
use hoop_object::{bigint, text};
use hoop_protocol::{attr, call, counting, iterators, protocol};
use hoop_types::numbers::int::add_class_methods;

pub fn init(vm: &mut Vm, ns: Value) -> PyResult<()> {
    add_known(vm, ns, "count", Kind::Count, COUNT)?;
    add_class(vm, ns, "cycle", CYCLE)?;
    add_class(vm, ns, "repeat", REPEAT)?;
    let chain = add_class(vm, ns, "chain", CHAIN)?;
    add_class_methods(vm, chain, CHAIN_CLASS);
    add_class(vm, ns, "accumulate", ACCUMULATE)?;
    add_class(vm, ns, "pairwise", PAIRWISE)?;
    add_class(vm, ns, "batched", BATCHED)?;
    add_class(vm, ns, "zip_longest", ZIP_LONGEST)?;
    add_class(vm, ns, "starmap", STARMAP)?;
    Ok(())
}

// ---- count

const COUNT: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, start=0, step=1", |vm, a| {
        let start = if a[1] == Value::UNBOUND { Value::int(0) } else { a[1] };
        let step = if a[2] == Value::UNBOUND { Value::int(1) } else { a[2] };
        for v in [start, step] {
            let is_number = [vm.names.index, vm.names.float, vm.names.complex]
                .iter()
                .any(|&name| attr::special(vm, v, name).is_some());
            if !is_number {
                return Err(vm.type_error("a number is required"));
            }
        }
        Ok(counting::new_count(vm, a[0], start, step))
    }),
    NativeDef::new("__repr__", "$self, /", |vm, a| {
        let it = known(vm, a[0])?;
        let (current, step) = counting::count_state(it);
        let shown = protocol::repr_text(vm, current)?;
        let text = match step == Value::int(1) {
            true => format!("count({shown})"),
            false => format!("count({shown}, {})", protocol::repr_text(vm, step)?),
        };
        Ok(text::str(vm, &text))
    }),
];

// ---- cycle: iterator (None when exhausted), list of items; position

const CYCLE: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, /", |vm, a| {
    let it = iterators::iter(vm, a[1])?;
    let saved = list::new(vm);
    make(vm, a[0], cycle_next, &[it, saved], &[0])
})];

fn cycle_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let (source, saved) = (value(it, 0), value(it, 1));
    if source != Value::NONE {
        if let Some(v) = iterators::iter_next(vm, source)? {
            list::push(vm, saved, v)?;
            return Ok(Some(v));
        }
        set_value(vm, it, 0, Value::NONE);
    }
    let len = list_len(saved);
    if len == 0 {
        return Ok(None);
    }
    let position = &mut state(it).numbers[0];
    let i = *position as usize;
    *position = ((i + 1) % len) as i64;
    Ok(Some(list::item(vm, saved, i)))
}

// ---- repeat: object; how often yet (-1: forever)

const REPEAT: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, object, times=...", |vm, a| {
        let times = if a[2] == Value::UNBOUND { -1 } else { protocol::index(vm, a[2])?.max(0) };
        make(vm, a[0], repeat_next, &[a[1]], &[times])
    }),
    NativeDef::new("__repr__", "$self, /", |vm, a| {
        let it = this(vm, a[0])?;
        let shown = protocol::repr_text(vm, value(it, 0))?;
        let text = match state(it).numbers[0] {
            -1 => format!("repeat({shown})"),
            n => format!("repeat({shown}, {n})"),
        };
        Ok(text::str(vm, &text))
    }),
    NativeDef::new("__length_hint__", "$self, /", |vm, a| {
        let it = this(vm, a[0])?;
        match state(it).numbers[0] {
            -1 => Err(vm.type_error("len() of unsized object")),
            n => Ok(bigint::int_from_i64(vm, n)),
        }
    }),
];

fn repeat_next(_: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let s = state(it);
    match s.numbers[0] {
        0 => return Ok(None),
        -1 => {}
        _ => s.numbers[0] -= 1,
    }
    Ok(Some(s.values[0]))
}

// ---- chain: iterator of iterables, current iterator (or None)

const CHAIN: &[NativeDef] = &[NativeDef::new("__new__", "$type, *iterables", |vm, a| {
    let all = tuple::new_tuple(vm, &a[1..])?;
    let outer = iterators::iter(vm, all)?;
    make(vm, a[0], chain_next, &[outer, Value::NONE], &[])
})];

const CHAIN_CLASS: &[NativeDef] = &[NativeDef::new("from_iterable", "$type, iterable, /", |vm, a| {
    let outer = iterators::iter(vm, a[1])?;
    make(vm, a[0], chain_next, &[outer, Value::NONE], &[])
})];

fn chain_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    loop {
        if state(it).done {
            return Ok(None);
        }
        let inner = value(it, 1);
        if inner != Value::NONE {
            if let Some(v) = iterators::iter_next(vm, inner)? {
                return Ok(Some(v));
            }
            set_value(vm, it, 1, Value::NONE);
        }
        let outer = value(it, 0);
        match iterators::iter_next(vm, outer)? {
            Some(iterable) => {
                let inner = iterators::iter(vm, iterable)?;
                set_value(vm, it, 1, inner);
            }
            None => state(it).done = true,
        }
    }
}

// ---- accumulate: iterator, function (or None), total (or unbound), initial (or None)

const ACCUMULATE: &[NativeDef] =
    &[NativeDef::new("__new__", "$type, iterable, func=None, *, initial=None", |vm, a| {
        let it = iterators::iter(vm, a[1])?;
        let func = if absent(a[2]) { Value::NONE } else { a[2] };
        let initial = if absent(a[3]) { Value::NONE } else { a[3] };
        make(vm, a[0], accumulate_next, &[it, func, Value::UNBOUND, initial], &[])
    })];

fn accumulate_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let [source, func, total, initial] = [0, 1, 2, 3].map(|i| value(it, i));
    if initial != Value::NONE {
        set_value(vm, it, 3, Value::NONE);
        set_value(vm, it, 2, initial);
        return Ok(Some(initial));
    }
    let Some(v) = iterators::iter_next(vm, source)? else { return Ok(None) };
    let total = match (total, func) {
        (Value::UNBOUND, _) => v,
        (t, Value::NONE) => protocol::binary(vm, BinOp::Add, t, v)?,
        (t, f) => call::call(vm, f, &[t, v])?,
    };
    set_value(vm, it, 2, total);
    Ok(Some(total))
}

// ---- pairwise: iterator, the item before (or unbound)

const PAIRWISE: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, /", |vm, a| {
    let it = iterators::iter(vm, a[1])?;
    make(vm, a[0], pairwise_next, &[it, Value::UNBOUND], &[])
})];

fn pairwise_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let (source, mut before) = (value(it, 0), value(it, 1));
    if before == Value::UNBOUND {
        match iterators::iter_next(vm, source)? {
            Some(v) => before = v,
            None => return Ok(None),
        }
        set_value(vm, it, 1, before);
    }
    let Some(v) = iterators::iter_next(vm, source)? else { return Ok(None) };
    set_value(vm, it, 1, v);
    tuple::new_tuple(vm, &[before, v]).map(Some)
}

// ---- batched: iterator; size, strict

const BATCHED: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, n, *, strict=False", |vm, a| {
    let n = protocol::index(vm, a[2])?;
    let strict = a[3] != Value::UNBOUND && protocol::truth(vm, a[3])?;
    if n < 1 {
        return Err(vm.value_error("n must be at least one"));
    }
    let it = iterators::iter(vm, a[1])?;
    make(vm, a[0], batched_next, &[it], &[n, strict as i64])
})];

fn batched_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let source = value(it, 0);
    let (n, strict) = (state(it).numbers[0] as usize, state(it).numbers[1] != 0);
    let mut items = ValueVec::new();
    if state(it).done {
        return Ok(None);
    }
    while items.len() < n {
        match iterators::iter_next(vm, source)? {
            Some(v) => items.push(vm, v)?,
            None => {
                state(it).done = true;
                break;
            }
        }
    }
    if items.is_empty() {
        return Ok(None);
    }
    if strict && items.len() < n {
        return Err(vm.value_error("batched(): incomplete batch"));
    }
    tuple::new_tuple(vm, items.as_slice()).map(Some)
}

// ---- zip_longest: fill value, iterators (None when exhausted); how many are left

const ZIP_LONGEST: &[NativeDef] =
    &[NativeDef::new("__new__", "$type, *iterables, fillvalue=None", |vm, a| {
        let fill = if a[1] == Value::UNBOUND { Value::NONE } else { a[1] };
        let mut values = ValueVec::new();
        values.push(vm, fill)?;
        for &iterable in &a[2..] {
            let it = iterators::iter(vm, iterable)?;
            values.push(vm, it)?;
        }
        let active = values.len() as i64 - 1;
        make(vm, a[0], zip_longest_next, values.as_slice(), &[active])
    })];

fn zip_longest_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    if state(it).numbers[0] == 0 {
        return Ok(None);
    }
    let fill = value(it, 0);
    let mut items = ValueVec::new();
    for i in 1..state(it).values.len() {
        let source = value(it, i);
        let v = if source == Value::NONE { None } else { iterators::iter_next(vm, source)? };
        if v.is_none() && source != Value::NONE {
            state(it).numbers[0] -= 1;
            if state(it).numbers[0] == 0 {
                return Ok(None);
            }
            set_value(vm, it, i, Value::NONE);
        }
        items.push(vm, v.unwrap_or(fill))?;
    }
    tuple::new_tuple(vm, items.as_slice()).map(Some)
}

// ---- starmap: function, iterator

const STARMAP: &[NativeDef] = &[NativeDef::new("__new__", "$type, function, iterable, /", |vm, a| {
    let it = iterators::iter(vm, a[2])?;
    make(vm, a[0], starmap_next, &[a[1], it], &[])
})];

fn starmap_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let (f, source) = (value(it, 0), value(it, 1));
    let Some(args) = iterators::iter_next(vm, source)? else { return Ok(None) };
    let args = protocol::collect(vm, args)?;
    call::call(vm, f, args.as_slice()).map(Some)
}
