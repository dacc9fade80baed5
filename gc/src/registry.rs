//! Objects that need more than memory: those with a `drop` or `trace` function, and those with a finalizer.

use crate::chunk::is_marked;
use crate::object::Header;
use crate::shapes::Shapes;
use crate::value::Value;

/// Objects in order of registration; those registered since the last collection stand at the end.
#[derive(Default)]
pub(crate) struct Registered {
    objects: Vec<*mut Header>,
    first_young: usize,
}

impl Registered {
    /// `make_room` is called if memory is exhausted; it gives up something, or returns false.
    pub(crate) fn push(&mut self, object: *mut Header, mut make_room: impl FnMut() -> bool) {
        while self.objects.try_reserve(1).is_err() && make_room() {}
        self.objects.push(object);
    }

    pub(crate) fn old(&self) -> &[*mut Header] {
        &self.objects[..self.first_young]
    }

    /// The objects that a collection (`all`: a full one) may find dead.
    pub(crate) fn candidates(&self, all: bool) -> &[*mut Header] {
        &self.objects[if all { 0 } else { self.first_young }..]
    }

    /// Removes the dead (`all`: old ones too) and passes them to `f` in order. The rest is old from now on.
    pub(crate) fn remove_dead(&mut self, all: bool, mut f: impl FnMut(*mut Header)) {
        let from = if all { 0 } else { self.first_young };
        let mut kept = from;
        for at in from..self.objects.len() {
            let object = self.objects[at];
            // SAFETY: registered objects lie in the heap's chunks until they are found dead here.
            if unsafe { is_marked(object as usize) } {
                self.objects[kept] = object;
                kept += 1;
            } else {
                f(object);
            }
        }
        self.objects.truncate(kept);
        if self.objects.capacity() > 4 * kept + 1024 {
            self.objects.shrink_to(2 * kept);
        }
        self.first_young = kept;
    }
}

/// The lists of a heap.
#[derive(Default)]
pub(crate) struct Registry {
    /// Objects whose shape has a `drop` function.
    pub(crate) drops: Registered,
    /// Objects whose shape has a `trace` function.
    pub(crate) tracers: Registered,
    /// Objects with a finalizer that has not run.
    pub(crate) finalizers: Registered,
    /// Objects found dead whose finalizer is to be run.
    pub(crate) pending: Vec<Value>,
    /// Weak objects whose references were cleared.
    pub(crate) cleared: Vec<Value>,
}

impl Registry {
    /// Calls the `drop` functions of the dead among the objects. Returns how many bytes they held outside the heap.
    pub(crate) fn drop_dead(&mut self, all: bool, shapes: &Shapes) -> usize {
        let mut freed = 0;
        self.drops.remove_dead(all, |object| {
            // SAFETY: a dead object's memory is intact until the sweep; its shape has the function.
            freed += unsafe { call_drop(object, shapes) };
        });
        freed
    }

    /// Calls the `drop` functions of all objects: the heap goes away.
    pub(crate) fn drop_everything(&mut self, shapes: &Shapes) {
        for object in std::mem::take(&mut self.drops).objects {
            // SAFETY: the heap's memory is intact; no object is used after this.
            unsafe { call_drop(object, shapes) };
        }
    }
}

/// # Safety
/// `object` is an object that nothing uses any more.
unsafe fn call_drop(object: *mut Header, shapes: &Shapes) -> usize {
    // SAFETY: as the caller promises; the function was declared for objects of this shape.
    unsafe { shapes.get((*object).shape).layout.drop.map_or(0, |drop| drop(object)) }
}
