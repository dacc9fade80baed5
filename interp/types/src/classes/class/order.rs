//! Method resolution orders: the C3 linearisation, a metaclass's own `mro`, and `__bases__` set anew.

use crate::classes::class::{self, check_settable, layout};
use hoop_gc::Value;
use hoop_object::class::{class_data, class_mut};
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::tuple::{ValueVec, tuple_items};
use hoop_object::vm::Vm;
use hoop_object::{list, text};
use hoop_protocol::{attr, call, protocol};

pub(crate) fn mro_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = class_data(args[0]);
    let order = resolve_mro(vm, args[0], &data.bases)?;
    list::from(vm, &order)
}

/// `C.__bases__ = bases`: the new bases must give instances the same layout.
pub(crate) fn set_bases(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
    check_settable(vm, class, "__bases__", v)?;
    if vm.kind(v) != Kind::Tuple {
        let (name, got) = (vm.name_of_class(class), vm.class_name(v));
        return Err(vm.type_error(format!("can only assign tuple to {name}.__bases__, not {got}")));
    }
    let bases = tuple_items(v);
    if bases.is_empty() {
        let name = vm.name_of_class(class);
        return Err(vm.type_error(format!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    for &b in bases {
        if vm.kind(b) != Kind::Class {
            let (name, got) = (vm.name_of_class(class), vm.class_name(b));
            return Err(vm.type_error(format!("{name}.__bases__ must be tuple of classes, not '{got}'")));
        }
        if vm.is_subclass(b, class) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    class::check_bases(vm, bases)?;
    let base = layout::best_base(vm, bases)?;
    layout::check_same_layout(vm, "__bases__", class_data(class).base, base)?;
    rebase(vm, class, bases, base)
}

/// Gives the class other bases, and it and its subclasses new resolution orders.
fn rebase(vm: &mut Vm, class: Value, bases: &[Value], base: Value) -> PyResult<()> {
    let (mut orders, mut held) = (Vec::new(), ValueVec::from_slice(vm, &class_data(class).bases)?);
    let before = std::mem::replace(&mut class_mut(vm, class).bases, bases.to_vec());
    if let Err(raise) = new_orders(vm, class, &mut orders, &mut held) {
        class_mut(vm, class).bases = before;
        for (c, mro) in orders {
            class_mut(vm, c).mro = mro;
        }
        vm.class_epoch += 1;
        return Err(raise);
    }
    let solid = if class_data(class).own_slots == Value::NONE { class_data(base).solid } else { class };
    let data = class_mut(vm, class);
    (data.base, data.solid) = (base, solid);
    for &b in &before {
        class_mut(vm, b).subclasses.retain(|&c| c != class);
    }
    for &b in bases {
        class_mut(vm, b).subclasses.push(class);
    }
    attr::class_changed(vm, class);
    for (c, _) in orders {
        class_mut(vm, c).has_del = attr::lookup(vm, c, vm.names.del).is_some();
    }
    Ok(())
}

/// Works the resolution orders out anew from this class downwards; notes the old ones, and holds what is in them.
fn new_orders(
    vm: &mut Vm,
    class: Value,
    old: &mut Vec<(Value, Vec<Value>)>,
    held: &mut ValueVec,
) -> PyResult<()> {
    protocol::enter_native(vm)?;
    let data = class_data(class);
    let mro = match own_order(vm, class)? {
        Some(mro) => mro.as_slice().to_vec(),
        None => resolve_mro(vm, class, &data.bases)?,
    };
    for &c in &data.mro {
        held.push(vm, c)?;
    }
    old.push((class, std::mem::replace(&mut class_mut(vm, class).mro, mro)));
    for c in class_data(class).subclasses.clone() {
        new_orders(vm, c, old, held)?;
    }
    Ok(())
}

/// The resolution order that a metaclass's own `mro` gives the class.
pub(crate) fn own_order(vm: &mut Vm, class: Value) -> PyResult<Option<ValueVec>> {
    let (meta, name) = (vm.class_of(class), text::intern(vm, b"mro"));
    if meta == vm.types.type_ || !attr::overrides(vm, meta, name) {
        return Ok(None);
    }
    let f = attr::lookup(vm, meta, name).unwrap_or(Value::NONE);
    let order = call::call_special(vm, f, class, &[])?;
    let order = protocol::collect(vm, order)?;
    let solid = class_data(class).solid;
    for &c in order.as_slice() {
        if vm.kind(c) != Kind::Class {
            let text = format!("mro() returned a non-class ('{}')", vm.class_name(c));
            return Err(vm.type_error(text));
        }
        if !vm.is_subclass(solid, class_data(c).solid) {
            let name = vm.name_of_class(c);
            let text = format!("mro() returned base with unsuitable layout ('{name}')");
            return Err(vm.type_error(text));
        }
    }
    Ok(Some(order))
}

/// The C3 linearisation of the bases' orders.
pub(crate) fn resolve_mro(vm: &mut Vm, this: Value, bases: &[Value]) -> PyResult<Vec<Value>> {
    let mut lists: Vec<&[Value]> = bases.iter().map(|&b| &class_data(b).mro[..]).collect();
    lists.push(bases);
    let mut out = vec![this];
    loop {
        lists.retain(|l| !l.is_empty());
        if lists.is_empty() {
            return Ok(out);
        }
        let head = lists.iter().map(|l| l[0]).find(|h| !lists.iter().any(|l| l[1..].contains(h)));
        let Some(head) = head else {
            return Err(no_order(vm, &lists));
        };
        out.push(head);
        for l in &mut lists {
            if l[0] == head {
                *l = &l[1..];
            }
        }
    }
}

/// TypeError: none of these classes can come next.
fn no_order(vm: &mut Vm, lists: &[&[Value]]) -> Raise {
    let first = lists.iter().enumerate().filter(|&(i, l)| lists[..i].iter().all(|m| m[0] != l[0]));
    let names: Vec<String> = first.map(|(_, l)| vm.name_of_class(l[0])).collect();
    vm.type_error(format!(
        "Cannot create a consistent method resolution order (MRO) for bases {}",
        names.join(", ")
    ))
}
