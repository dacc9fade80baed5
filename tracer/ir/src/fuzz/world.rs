//! The shapes, fields and random numbers of random traces.

use super::callees::{CALLEES, descriptor, run_callee};
use super::{ObjectSpec, Word};
use crate::descr::{CalleeId, Descriptors, FieldDescr, FieldId, MemTy};
use crate::eval::{TestMachine, words};

/// Shapes of the objects in random traces.
pub mod shapes {
    /// Stands for code objects: a bare header.
    pub const CODE: u32 = 9;
    /// Two values. 24 bytes.
    pub const PAIR: u32 = 10;
    /// An integer, a double, narrow integers, a value. 40 bytes.
    pub const CELL: u32 = 11;
    /// A length, then values / integers / doubles. 16 bytes and 8 for each item.
    pub const VALUES: u32 = 12;
    pub const INTS: u32 = 13;
    pub const FLOATS: u32 = 14;
}

/// Items of every array.
pub const ARRAY_LEN: i64 = 4;

/// The fields and callees of random traces.
pub struct Known {
    pub first: FieldId,
    pub second: FieldId,
    pub cell_int: FieldId,
    pub cell_float: FieldId,
    pub cell_word: FieldId,
    pub cell_byte: FieldId,
    pub cell_half: FieldId,
    pub cell_val: FieldId,
    pub len: FieldId,
    pub values: FieldId,
    pub ints: FieldId,
    pub floats: FieldId,
    /// In the order of [`CALLEES`].
    pub callees: Vec<CalleeId>,
}

impl Known {
    /// Effect groups that callees name.
    pub const FIRST: u8 = 1;
    pub const SECOND: u8 = 2;
    pub const CELL_INT: u8 = 3;

    pub fn new(d: &mut Descriptors, address: fn(&str) -> usize) -> Known {
        let mut field = |name, offset, mem, group, array, immutable| {
            d.field(FieldDescr { name, number: 0, offset, mem, array, immutable, group })
        };
        let mut plain = |name, offset, mem, group| field(name, offset, mem, group, false, false);
        let (first, second) = (
            plain("pair.first", 8, MemTy::Val, Known::FIRST),
            plain("pair.second", 16, MemTy::Val, Known::SECOND),
        );
        let cell_int = plain("cell.int", 8, MemTy::I64, Known::CELL_INT);
        let cell_float = plain("cell.float", 16, MemTy::F64, 4);
        let cell_word = plain("cell.word", 24, MemTy::U32, 5);
        let cell_byte = plain("cell.byte", 28, MemTy::U8, 6);
        let cell_half = plain("cell.half", 30, MemTy::U16, 6);
        let cell_val = plain("cell.val", 32, MemTy::Val, 7);
        let len = field("array.len", 8, MemTy::I64, 8, false, true);
        let values = field("values.item", 16, MemTy::Val, 9, true, false);
        let ints = field("ints.item", 16, MemTy::I64, 10, true, false);
        let floats = field("floats.item", 16, MemTy::F64, 11, true, false);
        let callees = CALLEES.iter().map(|&name| d.callee(descriptor(name, address(name)))).collect();
        Known {
            first,
            second,
            cell_int,
            cell_float,
            cell_word,
            cell_byte,
            cell_half,
            cell_val,
            len,
            values,
            ints,
            floats,
            callees,
        }
    }
}

/// A machine that knows the callees.
pub fn test_machine() -> TestMachine {
    let m = TestMachine::new();
    for name in CALLEES {
        m.define(name, move |m, args| run_callee(m, name, args));
    }
    m
}

/// splitmix64 (Steele, Lea, Flood 2014).
pub struct Rng(pub u64);

impl Rng {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// A small int: mostly small, now and then near an end of the range.
    pub fn int(&mut self) -> i64 {
        match self.below(8) {
            0 => self.pick(&[(1 << 62) - 1, -(1 << 62), 1 << 31, -(1 << 31), (1 << 61) + 7]),
            1 => self.next() as i64 >> 2,
            2 => self.pick(&[0, 1, -1, 2]),
            _ => self.below(200) as i64 - 100,
        }
    }

    pub fn float(&mut self) -> f64 {
        match self.below(6) {
            0 => self.pick(&[0.0, -0.0, 1.0, -1.0, 0.5]),
            1 => self.pick(&[1e300, 1e-300, f64::INFINITY, f64::NEG_INFINITY, 1e77, 2f64.powi(-255)]),
            _ => (self.below(2000) as f64 - 1000.0) / 8.0,
        }
    }

    /// A value; objects among the first `objects`.
    pub fn value(&mut self, objects: usize, floats: bool) -> Word {
        match self.below(6) {
            0 | 1 if objects > 0 => Word::Object(self.below(objects)),
            2 if floats => Word::Float(self.float()),
            3 => Word::Plain(self.pick(&[words::NONE, words::TRUE, words::FALSE])),
            _ => Word::Int(self.int()),
        }
    }
}

/// The objects of a case. The first stands for the code object.
pub fn objects(rng: &mut Rng, floats: bool) -> Vec<ObjectSpec> {
    let kinds = [
        shapes::CODE,
        shapes::PAIR,
        shapes::PAIR,
        shapes::CELL,
        shapes::CELL,
        shapes::VALUES,
        shapes::INTS,
        shapes::FLOATS,
        shapes::PAIR,
    ];
    kinds.iter().map(|&shape| object(rng, shape, kinds.len(), floats)).collect()
}

fn object(rng: &mut Rng, shape: u32, count: usize, floats: bool) -> ObjectSpec {
    let mut cells = Vec::new();
    let size = match shape {
        shapes::PAIR => {
            cells.extend([8, 16].map(|at| (at, MemTy::Val, rng.value(count, floats))));
            24
        }
        shapes::CELL => {
            cells.push((8, MemTy::I64, Word::RawInt(rng.int())));
            cells.push((16, MemTy::F64, Word::RawFloat(rng.float())));
            cells.push((24, MemTy::U32, Word::RawInt(rng.next() as u32 as i64)));
            cells.push((28, MemTy::U8, Word::RawInt(rng.below(256) as i64)));
            cells.push((30, MemTy::U16, Word::RawInt(rng.below(65536) as i64)));
            cells.push((32, MemTy::Val, rng.value(count, floats)));
            40
        }
        shapes::CODE => 8,
        _ => {
            cells.push((8, MemTy::I64, Word::RawInt(ARRAY_LEN)));
            for i in 0..ARRAY_LEN {
                let item = match shape {
                    shapes::VALUES => (MemTy::Val, rng.value(count, floats)),
                    shapes::INTS => (MemTy::I64, Word::RawInt(rng.int())),
                    _ => (MemTy::F64, Word::RawFloat(rng.float())),
                };
                cells.push((16 + 8 * i, item.0, item.1));
            }
            16 + 8 * ARRAY_LEN as u32
        }
    };
    ObjectSpec { shape, size, aux: 0, cells }
}
