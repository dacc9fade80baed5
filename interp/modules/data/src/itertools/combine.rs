//! `product`, `permutations`, `combinations`, `combinations_with_replacement`: tuples of items of pools, by indices in
//! lexicographic order.

use crate::itertools::{absent, add_class, make, state, value};
use hoop_gc::Value;
use hoop_object::bigint::operand as int_operand;
use hoop_object::errors::PyResult;
use hoop_object::rows::NativeDef;
use hoop_object::tuple::{self, ValueVec, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_protocol::protocol;

pub fn init(vm: &mut Vm, ns: Value) -> PyResult<()> {
    add_class(vm, ns, "product", PRODUCT)?;
    add_class(vm, ns, "permutations", PERMUTATIONS)?;
    add_class(vm, ns, "combinations", COMBINATIONS)?;
    add_class(vm, ns, "combinations_with_replacement", WITH_REPLACEMENT)?;
    Ok(())
}

fn pool_of(vm: &mut Vm, iterable: Value) -> PyResult {
    let items = protocol::collect(vm, iterable)?;
    tuple::new_tuple(vm, items.as_slice())
}

/// Was this the first call? Notes it.
fn first(it: Value) -> bool {
    let started = &mut state(it).numbers[0];
    std::mem::replace(started, 1) == 0
}

/// The tuple that the first `r` indices into one pool stand for.
fn pick(vm: &mut Vm, it: Value, r: usize) -> PyResult<Option<Value>> {
    let pool = value(it, 0);
    let mut items = ValueVec::with_capacity(vm, r)?;
    for &i in &state(it).indices[..r] {
        items.push(vm, tuple_items(pool)[i])?;
    }
    tuple::new_tuple(vm, items.as_slice()).map(Some)
}

fn finish(it: Value) -> PyResult<Option<Value>> {
    state(it).done = true;
    Ok(None)
}

// ---- product: the pools; started

const PRODUCT: &[NativeDef] = &[NativeDef::new("__new__", "$type, *iterables, repeat=1", |vm, a| {
    let repeat = if a[1] == Value::UNBOUND { 1 } else { protocol::index(vm, a[1])? };
    if repeat < 0 {
        return Err(vm.value_error("repeat argument cannot be negative"));
    }
    let mut pools = ValueVec::new();
    if repeat > 0 {
        for &iterable in &a[2..] {
            let pool = pool_of(vm, iterable)?;
            pools.push(vm, pool)?;
        }
    }
    let each = pools.len();
    for i in each..each * repeat as usize {
        let pool = pools.as_slice()[i - each];
        pools.push(vm, pool)?;
    }
    let object = make(vm, a[0], product_next, pools.as_slice(), &[0])?;
    let inner = vm.unwrap(object);
    state(inner).indices = vec![0; pools.len()];
    Ok(object)
})];

fn product_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let s = state(it);
    if s.done {
        return Ok(None);
    }
    if first(it) {
        if s.values.iter().any(|&pool| tuple_len(pool) == 0) {
            return finish(it);
        }
    } else {
        // The last index that can go up does; those behind it start again.
        let mut at = s.indices.len();
        loop {
            if at == 0 {
                return finish(it);
            }
            at -= 1;
            s.indices[at] += 1;
            if s.indices[at] < tuple_len(s.values[at]) {
                break;
            }
            s.indices[at] = 0;
        }
    }
    let count = s.indices.len();
    let mut items = ValueVec::with_capacity(vm, count)?;
    for i in 0..count {
        let (pool, index) = (value(it, i), state(it).indices[i]);
        items.push(vm, tuple_items(pool)[index])?;
    }
    tuple::new_tuple(vm, items.as_slice()).map(Some)
}

/// The number `r` of items to pick.
fn count_of(vm: &mut Vm, v: Value) -> PyResult<usize> {
    let r = protocol::index(vm, v)?;
    if r < 0 {
        return Err(vm.value_error("r must be non-negative"));
    }
    if r as usize > isize::MAX as usize / size_of::<usize>() {
        return Err(vm.memory_error());
    }
    Ok(r as usize)
}

/// That many zeros. MemoryError if there is no room for them.
fn zeros(vm: &mut Vm, count: usize) -> PyResult<Vec<usize>> {
    let mut out = Vec::new();
    if out.try_reserve_exact(count).is_err() {
        return Err(vm.memory_error());
    }
    out.resize(count, 0);
    Ok(out)
}

/// An iterator over one pool: numbers are started, r, and then whatever `rest` holds.
fn over_pool(
    vm: &mut Vm,
    class: Value,
    next: crate::itertools::Next,
    pool: Value,
    (r, rest): (usize, &[i64]),
    indices: Vec<usize>,
    done: bool,
) -> PyResult {
    let numbers: Vec<i64> = [0, r as i64].iter().chain(rest).copied().collect();
    let object = make(vm, class, next, &[pool], &numbers)?;
    let inner = vm.unwrap(object);
    let s = state(inner);
    (s.indices, s.done) = (indices, done);
    Ok(object)
}

// ---- permutations: pool; started, r, cycles

const PERMUTATIONS: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, r=None", |vm, a| {
    let pool = pool_of(vm, a[1])?;
    let n = tuple_len(pool);
    if !absent(a[2]) && int_operand(vm, a[2]).is_none() {
        return Err(vm.type_error("Expected int as r"));
    }
    let r = if absent(a[2]) { n } else { count_of(vm, a[2])? };
    let cycles: Vec<i64> = (0..r.min(n)).map(|i| (n - i) as i64).collect();
    over_pool(vm, a[0], permutations_next, pool, (r, &cycles), (0..n).collect(), r > n)
})];

fn permutations_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let s = state(it);
    if s.done {
        return Ok(None);
    }
    let r = s.numbers[1] as usize;
    if !first(it) && !next_permutation(&mut s.indices, &mut s.numbers[2..], r) {
        return finish(it);
    }
    pick(vm, it, r)
}

fn next_permutation(indices: &mut [usize], cycles: &mut [i64], r: usize) -> bool {
    let n = indices.len();
    for i in (0..r).rev() {
        cycles[i] -= 1;
        if cycles[i] == 0 {
            indices[i..].rotate_left(1);
            cycles[i] = (n - i) as i64;
        } else {
            indices.swap(i, n - cycles[i] as usize);
            return true;
        }
    }
    false
}

// ---- combinations: pool; started, r

const COMBINATIONS: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, r", |vm, a| {
    let pool = pool_of(vm, a[1])?;
    let r = count_of(vm, a[2])?;
    let done = r > tuple_len(pool);
    let indices = if done { Vec::new() } else { (0..r).collect() };
    over_pool(vm, a[0], combinations_next, pool, (r, &[]), indices, done)
})];

fn combinations_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let s = state(it);
    if s.done {
        return Ok(None);
    }
    let (r, n) = (s.numbers[1] as usize, tuple_len(s.values[0]));
    if !first(it) {
        let Some(i) = (0..r).rev().find(|&i| s.indices[i] != i + n - r) else { return finish(it) };
        let start = s.indices[i] + 1;
        (i..r).for_each(|j| s.indices[j] = start + j - i);
    }
    pick(vm, it, r)
}

const WITH_REPLACEMENT: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, r", |vm, a| {
    let pool = pool_of(vm, a[1])?;
    let r = count_of(vm, a[2])?;
    let done = tuple_len(pool) == 0 && r > 0;
    let indices = if done { Vec::new() } else { zeros(vm, r)? };
    over_pool(vm, a[0], with_replacement_next, pool, (r, &[]), indices, done)
})];

fn with_replacement_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let s = state(it);
    if s.done {
        return Ok(None);
    }
    let (r, n) = (s.numbers[1] as usize, tuple_len(s.values[0]));
    if !first(it) {
        let Some(i) = (0..r).rev().find(|&i| s.indices[i] != n - 1) else { return finish(it) };
        let next = s.indices[i] + 1;
        s.indices[i..].fill(next);
    }
    pick(vm, it, r)
}
