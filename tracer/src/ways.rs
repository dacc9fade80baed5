//! Ways into compiled code: the headers at which fragments were entered last, at hand without a look-up in the store.

use crate::units::Heat;
use hoop_engine::ValidFlag;
use hoop_gc::Value;
use hoop_ir::FragmentId;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How a fragment is entered at its header, at hand.
pub(crate) struct WayIn {
    pub code: Value,
    pub pc: u32,
    pub fragment: FragmentId,
    pub flag: ValidFlag,
    pub heat: Rc<Heat>,
    /// The fragment's.
    pub entries: Rc<Cell<u64>>,
    pub function: bool,
    /// The register where the code finds the frame's owner.
    pub owner: Option<u16>,
    pub tries: Tries,
}

/// How often a compiled function returned in machine code, and left it otherwise.
#[derive(Default)]
pub(crate) struct Tries {
    pub finished: Cell<u32>,
    pub left: Cell<u32>,
    /// Bridges compiled, of all fragments, when this was last looked at.
    pub bridges: Cell<u64>,
}

impl Tries {
    pub fn entered(&self) -> u32 {
        self.finished.get() + self.left.get()
    }
}

/// The last headers at which fragments were entered, by a hash of code and pc. Whatever drops a fragment clears it.
pub(crate) struct WaysIn {
    slots: RefCell<Vec<Option<Rc<WayIn>>>>,
}

impl Default for WaysIn {
    fn default() -> WaysIn {
        WaysIn { slots: RefCell::new(vec![None; WAYS]) }
    }
}

impl WaysIn {
    fn slot(code: Value, pc: u32) -> usize {
        (code.bits() as usize >> 4).wrapping_add(pc as usize * 7) & (WAYS - 1)
    }

    pub fn find(&self, code: Value, pc: u32) -> Option<Rc<WayIn>> {
        let slots = self.slots.borrow();
        let way = slots[Self::slot(code, pc)].as_ref()?;
        ((way.code, way.pc) == (code, pc) && way.flag.get() != 0).then(|| way.clone())
    }

    pub fn add(&self, way: WayIn) -> Rc<WayIn> {
        let way = Rc::new(way);
        self.slots.borrow_mut()[Self::slot(way.code, way.pc)] = Some(way.clone());
        way
    }

    pub fn clear(&self) {
        self.slots.borrow_mut().fill(None);
    }
}

/// Headers at hand; a power of two.
const WAYS: usize = 256;
