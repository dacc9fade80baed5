//! Root tables: the objects that traces refer to, by index.
//!
//! While it is recorded, a trace keeps all of them alive. Once it is a fragment, only plain data (see
//! [`hoop_engine::Guest::is_data`]), which perhaps nobody else holds. What a piece of the tracer needs of a fragment while
//! it runs or records is [`Pinned`].

use hoop_gc::{Marker, Survivors, Value};
use std::cell::RefCell;
use std::ops::Deref;
use std::rc::Rc;

/// Of a recording under way. Shared with the tracer, which marks it.
pub(crate) type RootTable = Rc<RefCell<Vec<Value>>>;

/// Of a fragment.
pub(crate) struct Roots {
    values: Box<[Value]>,
    /// Which of them are plain data.
    data: Box<[bool]>,
}

impl Roots {
    pub fn new(values: &[Value], is_data: impl FnMut(Value) -> bool) -> Roots {
        Roots { values: values.into(), data: values.iter().copied().map(is_data).collect() }
    }

    pub fn values(&self) -> &[Value] {
        &self.values
    }

    pub fn words(&self) -> Vec<u64> {
        self.values.iter().map(|v| v.bits()).collect()
    }

    pub fn bytes(&self) -> usize {
        size_of::<Roots>() + self.values.len() * (size_of::<Value>() + 1)
    }

    /// Marks the plain data, or all.
    pub fn mark(&self, marker: &mut Marker, all: bool) {
        let marked = self.values.iter().zip(&self.data).filter(|&(_, &data)| data || all);
        marked.for_each(|(&v, _)| marker.value(v));
    }

    pub fn are_alive(&self, survivors: &Survivors) -> bool {
        self.values.iter().all(|&v| survivors.is_alive(v))
    }

    pub fn are_old(&self, survivors: &Survivors) -> bool {
        self.values.iter().all(|&v| survivors.is_old(v))
    }
}

/// Root tables all of whose objects are kept alive for now.
pub(crate) type Pins = RefCell<Vec<Rc<Roots>>>;

/// A root table that is kept alive with all its objects.
pub(crate) struct Pinned {
    roots: Rc<Roots>,
    pins: Rc<Pins>,
}

impl Pinned {
    pub fn new(roots: Rc<Roots>, pins: &Rc<Pins>) -> Pinned {
        pins.borrow_mut().push(roots.clone());
        Pinned { roots, pins: pins.clone() }
    }
}

impl Deref for Pinned {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.roots.values()
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let mut pins = self.pins.borrow_mut();
        if let Some(at) = pins.iter().rposition(|p| Rc::ptr_eq(p, &self.roots)) {
            pins.remove(at);
        }
    }
}
