//! Python classes: the Rust side of a class object.

use crate::foreign::Foreign;
use crate::kind::Kind;
use crate::rows::NativeDef;
use crate::vm::Vm;
use hoop_gc::{Marker, ShapeId, Value};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::cell::{Cell, OnceCell};

/// A class's own attributes: interned name (its bits) to name and value, in order of definition.
pub type AttrTable = IndexMap<u64, (Value, Value), FxBuildHasher>;

/// A Python class.
pub struct Class {
    /// The class object itself.
    pub this: Value,
    pub name: Value,
    pub qualname: Value,
    pub bases: Vec<Value>,
    /// The base whose layout this class extends (`__base__`); of `object`: itself.
    pub base: Value,
    /// The class at or above this one whose instances first held a built-in object or slots as these do.
    pub solid: Value,
    /// Names of the slots that this class adds, sorted: a tuple, or None.
    pub own_slots: Value,
    /// Method resolution order, the class itself first.
    pub mro: Vec<Value>,
    pub attrs: AttrTable,
    /// The direct subclasses that are alive; not kept alive by this.
    pub subclasses: Vec<Value>,
    /// Names in the class's shapes.
    pub shape_names: FxHashSet<Value>,
    /// Shapes of the class.
    pub shape_count: u32,
    /// Kind of the class's direct instances.
    pub kind: Kind,
    /// Shape of a new instance (or of the built-in kind).
    pub root_shape: ShapeId,
    /// Shape of an instance whose attributes are in a dict.
    pub dict_shape: Option<ShapeId>,
    /// Slots that new instances get inside, learned from earlier ones.
    pub inline: u16,
    /// The built-in class whose object an instance carries in slot 0 (`class A(list)`).
    pub payload: Option<Value>,
    /// Instances may get attributes beyond their slots.
    pub has_dict: bool,
    /// Instances can be weakly referenced.
    pub has_weakref: bool,
    /// Made by a class statement or `type(...)`.
    pub is_heap: bool,
    /// May be a base class.
    pub is_base: bool,
    /// Instances have a `__del__`.
    pub has_del: bool,
    /// The answer of `exceptions::exception_init` and the class epoch for which it holds.
    pub exception_init: Cell<(u32, Option<Option<Value>>)>,
    /// The answer of `object::plain_init` and the class epoch for which it holds.
    pub plain_init: Cell<(u32, Option<Option<Value>>)>,
    /// The answer of `class::constructor`, once asked for.
    pub constructor: OnceCell<Option<Constructor>>,
}

/// The rows that make an object of a built-in class.
#[derive(Copy, Clone)]
pub struct Constructor {
    pub new: &'static NativeDef,
    /// What fills the empty object that `new` made; without one, `new` does everything.
    pub init: Option<&'static NativeDef>,
}

/// What a class of a few methods takes outside the heap, its shapes included.
const CLASS_BYTES: usize = size_of::<Class>() + 1200;

impl Foreign for Class {
    fn external_bytes(&self) -> usize {
        CLASS_BYTES
    }

    fn trace(&self, marker: &mut Marker) {
        for v in
            [self.name, self.qualname, self.base, self.solid, self.own_slots].into_iter().chain(self.payload)
        {
            marker.value(v);
        }
        for &v in self.bases.iter().chain(&self.mro).chain(&self.shape_names) {
            marker.value(v);
        }
        for &(name, v) in self.attrs.values() {
            marker.value(name);
            marker.value(v);
        }
    }
}

/// The Rust side of a class object.
#[inline(always)]
pub fn class_data<'a>(class: Value) -> &'a Class {
    crate::foreign::get_known::<Class>(class)
}

/// The same, to be changed at once: before anything is allocated.
#[inline]
pub fn class_mut<'a>(vm: &mut Vm, class: Value) -> &'a mut Class {
    vm.ctx.heap.write_barrier(class.ptr());
    crate::foreign::get_known::<Class>(class)
}
