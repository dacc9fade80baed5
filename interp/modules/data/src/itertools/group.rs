//! `groupby` and `tee`: iterators that share a source.

use crate::itertools::{absent, add_class, make, set_value, state, this, value};
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::list::{self, list_len};
use hoop_object::rows::NativeDef;
use hoop_object::tuple::{self, ValueVec};
use hoop_object::vm::Vm;
use hoop_protocol::{call, iterators, protocol};
use hoop_types::classes::object;

const GROUPER: &str = "itertools._grouper";

const TEE: &str = "itertools._tee";

pub fn init(vm: &mut Vm, ns: Value) -> PyResult<()> {
    add_class(vm, ns, "groupby", GROUPBY)?;
    let grouper = add_class(vm, ns, "_grouper", &[])?;
    vm.module_state.insert(GROUPER, grouper);
    let tee = add_class(vm, ns, "_tee", TEE_METHODS)?;
    vm.module_state.insert(TEE, tee);
    object::add_functions(vm, ns, FUNCTIONS);
    Ok(())
}

fn class(vm: &Vm, name: &'static str) -> Value {
    vm.module_state.get(name).copied().unwrap_or(Value::NONE)
}

// ---- groupby

/// Values of a `groupby`.
const SOURCE: usize = 0;

const KEY: usize = 1;

/// Key of the group given last, or unbound.
const TARGET: usize = 2;

/// Key and item read last, or unbound.
const CURRENT_KEY: usize = 3;

const CURRENT: usize = 4;

/// The group given last; older ones are over.
const GROUP: usize = 5;

const GROUPBY: &[NativeDef] = &[NativeDef::new("__new__", "$type, iterable, key=None", |vm, a| {
    let it = iterators::iter(vm, a[1])?;
    let key = if absent(a[2]) { Value::NONE } else { a[2] };
    let u = Value::UNBOUND;
    make(vm, a[0], groupby_next, &[it, key, u, u, u, Value::NONE], &[])
})];

/// Reads one item; false at the end.
fn advance(vm: &mut Vm, it: Value) -> PyResult<bool> {
    let (source, key) = (value(it, SOURCE), value(it, KEY));
    let Some(v) = iterators::iter_next(vm, source)? else { return Ok(false) };
    let k = if key == Value::NONE { v } else { call::call(vm, key, &[v])? };
    set_value(vm, it, CURRENT, v);
    set_value(vm, it, CURRENT_KEY, k);
    Ok(true)
}

fn groupby_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    set_value(vm, it, GROUP, Value::NONE);
    loop {
        let (target, current) = (value(it, TARGET), value(it, CURRENT_KEY));
        if current != Value::UNBOUND && (target == Value::UNBOUND || !protocol::eq(vm, target, current)?) {
            break;
        }
        if !advance(vm, it)? {
            return Ok(None);
        }
    }
    let key = value(it, CURRENT_KEY);
    set_value(vm, it, TARGET, key);
    let grouper = class(vm, GROUPER);
    let group = make(vm, grouper, group_next, &[it, key], &[])?;
    set_value(vm, it, GROUP, group);
    tuple::new_tuple(vm, &[key, group]).map(Some)
}

fn group_next(vm: &mut Vm, group: Value) -> PyResult<Option<Value>> {
    let (parent, key) = (value(group, 0), value(group, 1));
    if value(parent, GROUP) != group {
        return Ok(None);
    }
    if value(parent, CURRENT) == Value::UNBOUND && !advance(vm, parent)? {
        return Ok(None);
    }
    let current = value(parent, CURRENT_KEY);
    if !protocol::eq(vm, key, current)? {
        return Ok(None);
    }
    let v = value(parent, CURRENT);
    set_value(vm, parent, CURRENT, Value::UNBOUND);
    Ok(Some(v))
}

// ---- tee: source, link. A link is a list: empty while unread, else the item and the next link.

/// About what one more copy takes, in the heap and in Rust's memory.
const COPY_BYTES: usize = 256;

const FUNCTIONS: &[NativeDef] = &[NativeDef::new("tee", "$module, iterable, n=2, /", |vm, a| {
    let n = if a[1] == Value::UNBOUND { 2 } else { protocol::index(vm, a[1])? };
    if n < 0 {
        return Err(vm.value_error("n must be >= 0"));
    }
    vm.check_room((n as usize).saturating_mul(COPY_BYTES))?;
    let mut all = ValueVec::new();
    let tee_class = class(vm, TEE);
    let it = iterators::iter(vm, a[0])?;
    let first = if vm.class_of(it) == tee_class { copy(vm, it)? } else { fresh(vm, it)? };
    for i in 0..n {
        vm.check_memory()?;
        let one = if i == 0 { first } else { copy(vm, first)? };
        all.push(vm, one)?;
    }
    tuple::new_tuple(vm, all.as_slice())
})];

const TEE_METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, iterable, /", |vm, a| {
        let it = iterators::iter(vm, a[1])?;
        if vm.class_of(it) == class(vm, TEE) { copy(vm, it) } else { fresh(vm, it) }
    }),
    NativeDef::new("__copy__", "$self, /", |vm, a| {
        let it = this(vm, a[0])?;
        copy(vm, it)
    }),
];

fn fresh(vm: &mut Vm, source: Value) -> PyResult {
    let link = list::new(vm);
    let tee_class = class(vm, TEE);
    make(vm, tee_class, tee_next, &[source, link], &[])
}

fn copy(vm: &mut Vm, it: Value) -> PyResult {
    let (source, link) = (value(it, 0), value(it, 1));
    let tee_class = class(vm, TEE);
    make(vm, tee_class, tee_next, &[source, link], &[])
}

fn tee_next(vm: &mut Vm, it: Value) -> PyResult<Option<Value>> {
    let (source, link) = (value(it, 0), value(it, 1));
    if list_len(link) == 0 {
        if std::mem::replace(&mut state(it).done, true) {
            return Err(vm.runtime_error("tee() iterator re-entered"));
        }
        let item = iterators::iter_next(vm, source);
        state(it).done = false;
        let Some(v) = item? else { return Ok(None) };
        // The source may have read on through another copy meanwhile.
        if list_len(link) == 0 {
            let next = list::new(vm);
            let filled = list::from(vm, &[v, next])?;
            list::take(vm, link, filled);
        }
    }
    let v = list::item(vm, link, 0);
    let next = list::item(vm, link, 1);
    set_value(vm, it, 1, next);
    Ok(Some(v))
}
