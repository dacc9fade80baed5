//! Method resolution orders: the C3 linearisation, a metaclass's own `mro`, and `__bases__` set anew.

use super::check_settable;
use crate::errors::{PyResult, Raise};
use crate::objects::Kind;
use crate::objects::class::{class_data, class_mut};
use crate::objects::tuple::{ValueVec, tuple_items};
use crate::vm::Vm;
use hoop_gc::Value;

pub(super) fn mro_method(vm: &mut Vm, args: &[Value]) -> PyResult {
    let data = class_data(args[0]);
    let order = vm.resolve_mro(args[0], &data.bases)?;
    vm.list_from(&order)
}

/// `C.__bases__ = bases`: the new bases must give instances the same layout.
pub(super) fn set_bases(vm: &mut Vm, class: Value, v: Value) -> PyResult<()> {
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
    vm.check_bases(bases)?;
    let base = vm.best_base(bases)?;
    vm.check_same_layout("__bases__", class_data(class).base, base)?;
    vm.rebase(class, bases, base)
}

impl Vm {
    /// Gives the class other bases, and it and its subclasses new resolution orders.
    fn rebase(&mut self, class: Value, bases: &[Value], base: Value) -> PyResult<()> {
        let (mut orders, mut held) = (Vec::new(), ValueVec::from_slice(self, &class_data(class).bases)?);
        let before = std::mem::replace(&mut class_mut(self, class).bases, bases.to_vec());
        if let Err(raise) = self.new_orders(class, &mut orders, &mut held) {
            class_mut(self, class).bases = before;
            for (c, mro) in orders {
                class_mut(self, c).mro = mro;
            }
            self.class_epoch += 1;
            return Err(raise);
        }
        let solid = if class_data(class).own_slots == Value::NONE { class_data(base).solid } else { class };
        let data = class_mut(self, class);
        (data.base, data.solid) = (base, solid);
        for &b in &before {
            class_mut(self, b).subclasses.retain(|&c| c != class);
        }
        for &b in bases {
            class_mut(self, b).subclasses.push(class);
        }
        self.class_changed(class);
        for (c, _) in orders {
            class_mut(self, c).has_del = self.lookup(c, self.names.del).is_some();
        }
        Ok(())
    }

    /// Works the resolution orders out anew from this class downwards; notes the old ones, and holds what is in them.
    fn new_orders(
        &mut self,
        class: Value,
        old: &mut Vec<(Value, Vec<Value>)>,
        held: &mut ValueVec,
    ) -> PyResult<()> {
        self.enter_native()?;
        let data = class_data(class);
        let mro = match self.own_order(class)? {
            Some(mro) => mro.as_slice().to_vec(),
            None => self.resolve_mro(class, &data.bases)?,
        };
        for &c in &data.mro {
            held.push(self, c)?;
        }
        old.push((class, std::mem::replace(&mut class_mut(self, class).mro, mro)));
        for c in class_data(class).subclasses.clone() {
            self.new_orders(c, old, held)?;
        }
        Ok(())
    }

    /// The resolution order that a metaclass's own `mro` gives the class.
    pub(super) fn own_order(&mut self, class: Value) -> PyResult<Option<ValueVec>> {
        let (meta, name) = (self.class_of(class), self.intern(b"mro"));
        if meta == self.types.type_ || !self.overrides(meta, name) {
            return Ok(None);
        }
        let f = self.lookup(meta, name).unwrap_or(Value::NONE);
        let order = self.call_special(f, class, &[])?;
        let order = self.collect(order)?;
        let solid = class_data(class).solid;
        for &c in order.as_slice() {
            if self.kind(c) != Kind::Class {
                let text = format!("mro() returned a non-class ('{}')", self.class_name(c));
                return Err(self.type_error(text));
            }
            if !self.is_subclass(solid, class_data(c).solid) {
                let name = self.name_of_class(c);
                let text = format!("mro() returned base with unsuitable layout ('{name}')");
                return Err(self.type_error(text));
            }
        }
        Ok(Some(order))
    }

    /// The C3 linearisation of the bases' orders.
    pub(super) fn resolve_mro(&mut self, this: Value, bases: &[Value]) -> PyResult<Vec<Value>> {
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
                return Err(self.no_order(&lists));
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
    fn no_order(&mut self, lists: &[&[Value]]) -> Raise {
        let first = lists.iter().enumerate().filter(|&(i, l)| lists[..i].iter().all(|m| m[0] != l[0]));
        let names: Vec<String> = first.map(|(_, l)| self.name_of_class(l[0])).collect();
        self.type_error(format!(
            "Cannot create a consistent method resolution order (MRO) for bases {}",
            names.join(", ")
        ))
    }
}
