//! The caches of attribute look-ups.

use hoop_gc::{ShapeId, Value};

/// What an attribute is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Attr {
    /// Slot inside the instance; unbound means the attribute is missing.
    Slot(u16),
    /// Item of the overflow array.
    Overflow(usize),
    /// A Python function found on the class: binds self.
    Function(Value),
    /// A built-in method found on the class: binds self.
    Builtin(Value),
    /// A plain value found on the class.
    Plain(Value),
    /// A `__slots__` member: a data descriptor.
    Member(Value),
    StaticMethod(Value),
    /// Binds the class.
    ClassMethod(Value),
    /// A property, by its object.
    Property(Value),
    /// Computed by a native getter of the class.
    Native(Value),
    /// Found on the class, with a `__get__`; not a data descriptor.
    Descriptor(Value),
    /// As above, a data descriptor.
    DataDescriptor(Value),
    /// A data descriptor without `__get__`: reading finds the instance's own attribute first, and the descriptor itself.
    SetDescriptor(Value),
    /// The shape does not tell: instance dicts, modules, classes, functions, `__getattribute__`...
    Generic,
    Missing,
}

impl Attr {
    /// Found on the class, and before the instance's own attributes.
    #[inline]
    pub fn hides_own(self) -> bool {
        use Attr::*;
        matches!(self, Property(_) | DataDescriptor(_) | Native(_) | Member(_))
    }

    /// Decides what setting the attribute means.
    #[inline]
    pub fn is_data(self) -> bool {
        self.hides_own() || matches!(self, Attr::SetDescriptor(_))
    }
}

/// What setting an attribute on an instance of a shape does.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Store {
    /// Writes this slot.
    Slot(u16),
    /// Writes this item of the overflow array.
    Overflow(usize),
    /// Adds the attribute: the next shape, and the slot.
    Add(ShapeId, u16),
    /// Calls the Python function that sets a property.
    Property(Value),
    /// The general protocol decides.
    Generic,
}

/// A row of the class look-up cache: class, name, class epoch, what was found.
type LookupRow = (u64, u64, u32, Option<Value>);

/// Direct-mapped caches of look-ups.
pub struct MethodCache {
    pub rows: Vec<(u64, u64, Attr)>,
    pub stores: Vec<(u64, u64, Store)>,
    pub lookups: Vec<std::cell::Cell<LookupRow>>,
}

pub const CACHE_ROWS: usize = 2048;

impl Default for MethodCache {
    fn default() -> Self {
        MethodCache {
            rows: vec![(0, 0, Attr::Missing); CACHE_ROWS],
            stores: vec![(0, 0, Store::Generic); CACHE_ROWS],
            lookups: vec![std::cell::Cell::new((0, 0, 0, None)); CACHE_ROWS],
        }
    }
}
