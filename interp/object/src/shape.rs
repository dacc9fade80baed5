//! The shape table: class, kind and attribute map behind each shape id, and the transitions between shapes.
//!
//! Instances start at their class's root shape; setting a new attribute moves them along a transition to a shape with
//! one more name. The number of slots inside the object is part of the shape, so that an attribute's place (inside or
//! in the overflow array) follows from shape and name alone.

use crate::class::{Class, class_data};
use crate::foreign;
use crate::kind::Kind;
use hoop_gc::{ShapeId, Survivors, Value};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// A number of slots inside an instance, as far as there may be so many.
#[inline]
pub fn inline_count(slots: usize) -> u16 {
    u16::try_from(slots.min(MAX_FIXED_INLINE)).unwrap_or(u16::MAX)
}

/// Instances with more attributes than this keep them in a dict.
pub const MAX_SHAPE_ATTRS: usize = 120;

/// A class has no more shapes than this: whatever attributes its instances get beyond what these shapes know, they keep
/// in a dict.
pub const MAX_CLASS_SHAPES: u32 = 1536;

/// So many fixed slots (`__slots__`, those of bases, the hidden ones) lie inside an instance; further ones lie in its
/// overflow array, and only in instances without a dict.
pub const MAX_FIXED_INLINE: usize = 60_000;

/// One row of the table.
pub struct Shape {
    /// The Python class; nothing for parts that programs never see.
    pub class: Option<Value>,
    pub kind: Kind,
    /// Slots inside objects of this shape (instances only).
    pub inline: u16,
    /// Attribute names in slot order (interned strings), after the fixed slots' stand-ins (instances only). The class
    /// keeps them alive.
    pub names: Vec<Value>,
    transitions: FxHashMap<u64, ShapeId>,
    /// Slot numbers by name, once asked for; of shapes with very many names only.
    numbers: OnceCell<FxHashMap<u64, usize>>,
}

/// Where an attribute of an instance lies.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A slot inside the instance.
    Inline(u16),
    /// An item of its overflow array, if that is so long.
    Overflow(usize),
}

/// What stands in the place of names for an instance's fixed slots, which members of its class reach by number.
#[inline]
pub fn fixed_names(count: usize) -> impl Iterator<Item = Value> {
    (0..count as i64).map(Value::int)
}

/// All shapes of a machine. A shape of a class lives as long as the class does, and that as long as there are instances
/// (the heap sees to it): so the table marks nothing.
#[derive(Default)]
pub struct ShapeTable {
    shapes: Vec<Shape>,
    /// The kinds again, close together: what handlers ask for most.
    kinds: Vec<Kind>,
    /// Rows of shapes whose classes are dead.
    free: Vec<ShapeId>,
}

impl ShapeTable {
    #[inline]
    pub fn add(&mut self, class: Option<Value>, kind: Kind, inline: u16, names: Vec<Value>) -> ShapeId {
        let (transitions, numbers) = (FxHashMap::default(), OnceCell::new());
        let row = Shape { class, kind, inline, names, transitions, numbers };
        if let Some(id) = self.free.pop() {
            self.kinds[id.0 as usize] = kind;
            self.shapes[id.0 as usize] = row;
            return id;
        }
        self.kinds.push(kind);
        let id = u32::try_from(self.shapes.len()).expect("fewer shapes than there are ids");
        self.shapes.push(row);
        ShapeId(id)
    }

    /// Classes are dead, and so are all objects of their shapes: their bases forget them, and the shapes' numbers may be
    /// given to others.
    pub fn forget_dead(&mut self, survivors: &Survivors) {
        let classes = survivors.dead_shapes.iter().filter_map(|&id| self.get(id).class);
        let mut bases: Vec<Value> =
            classes.flat_map(|class| class_data(class).bases.iter().copied()).collect();
        bases.sort_unstable_by_key(|base| base.bits());
        bases.dedup();
        for base in bases.into_iter().filter(|&base| survivors.is_alive(base)) {
            foreign::get_known::<Class>(base).subclasses.retain(|&class| survivors.is_alive(class));
        }
        for &id in survivors.dead_shapes {
            let row = &mut self.shapes[id.0 as usize];
            (row.class, row.names, row.transitions) = (None, Vec::new(), FxHashMap::default());
            row.numbers = OnceCell::new();
            self.free.push(id);
        }
    }

    /// How many shapes there are.
    #[inline]
    pub fn count(&self) -> usize {
        self.shapes.len() - self.free.len()
    }

    #[inline(always)]
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0 as usize]
    }

    #[inline(always)]
    pub fn kind(&self, id: ShapeId) -> Kind {
        debug_assert!((id.0 as usize) < self.kinds.len());
        // SAFETY: shape ids come from `add` and objects' headers, which hold such; the table never gets shorter.
        unsafe { *self.kinds.get_unchecked(id.0 as usize) }
    }

    #[inline]
    pub fn set_class(&mut self, id: ShapeId, class: Value) {
        self.shapes[id.0 as usize].class = Some(class);
    }

    /// Slot number of an attribute.
    #[inline]
    pub fn slot(&self, id: ShapeId, name: Value) -> Option<usize> {
        let shape = self.get(id);
        if shape.names.len() <= MAX_SHAPE_ATTRS {
            return shape.names.iter().position(|&n| n == name);
        }
        let numbers = shape.names.iter().enumerate().map(|(i, n)| (n.bits(), i));
        shape.numbers.get_or_init(|| numbers.collect()).get(&name.bits()).copied()
    }

    /// Where an attribute of instances lies.
    #[inline]
    pub fn place(&self, id: ShapeId, name: Value) -> Option<Place> {
        self.slot(id, name).map(|number| self.place_of(id, number))
    }

    /// Where slot `number` of instances lies.
    #[inline]
    pub fn place_of(&self, id: ShapeId, number: usize) -> Place {
        let inline = self.get(id).inline;
        match u16::try_from(number) {
            Ok(slot) if slot < inline => Place::Inline(slot),
            _ => Place::Overflow(number - usize::from(inline)),
        }
    }

    /// The shape with one more attribute, if it was made before.
    #[inline]
    pub fn transition(&self, from: ShapeId, name: Value) -> Option<ShapeId> {
        self.get(from).transitions.get(&name.bits()).copied()
    }

    /// Makes the shape with one more attribute.
    #[inline]
    pub fn add_transition(&mut self, from: ShapeId, name: Value) -> ShapeId {
        let old = self.get(from);
        let mut names = old.names.clone();
        names.push(name);
        let (class, kind, inline) = (old.class, old.kind, old.inline);
        let id = self.add(class, kind, inline, names);
        self.shapes[from.0 as usize].transitions.insert(name.bits(), id);
        id
    }
}
