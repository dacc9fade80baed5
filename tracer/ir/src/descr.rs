//! Descriptions that operations refer to: fields of objects and callees. Plain data, interned per trace store; the
//! guest and the engine make them, the optimizer reads their effects, the backend their offsets and addresses.

use crate::op::Ty;
use std::collections::HashMap;

/// Index of a [`FieldDescr`] in [`Descriptors`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FieldId(pub u32);

/// Index of a [`CalleeDescr`] in [`Descriptors`].
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct CalleeId(pub u32);

/// How a field is stored.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum MemTy {
    /// A value word (a store of one that may be a pointer passes the write barrier).
    Val,
    I64,
    F64,
    U32,
    U16,
    U8,
}

impl MemTy {
    pub const fn ty(self) -> Ty {
        match self {
            MemTy::Val => Ty::Val,
            MemTy::F64 => Ty::Float,
            _ => Ty::Int,
        }
    }

    /// Size in bytes.
    pub const fn size(self) -> i32 {
        match self {
            MemTy::Val | MemTy::I64 | MemTy::F64 => 8,
            MemTy::U32 => 4,
            MemTy::U16 => 2,
            MemTy::U8 => 1,
        }
    }
}

/// A field, or (with `array`) the items of an array object. Two descriptors name the same memory only if they are
/// the same descriptor.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldDescr {
    /// `list.items`, `slot3`...
    pub name: &'static str,
    /// A number that tells apart descriptors of one name (slot index).
    pub number: u16,
    /// Bytes from the object's start; for arrays, of item 0.
    pub offset: i32,
    pub mem: MemTy,
    pub array: bool,
    /// Never changes after the object's construction is complete.
    pub immutable: bool,
    /// Bit number in [`Effects::reads`] and [`Effects::writes`] (0..=63).
    pub group: u8,
}

/// What a callee may do, as far as the optimizer cares. The default is everything.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Effects {
    /// Groups of fields read / written (bit sets).
    pub reads: u64,
    pub writes: u64,
    pub allocates: bool,
    /// A guard for exceptions follows.
    pub raises: bool,
    /// May run guest code: anything may happen, assumptions may break.
    pub runs_guest: bool,
    /// May look at the frames of the caller.
    pub sees_frames: bool,
}

impl Effects {
    /// Same result for the same arguments, nothing else.
    pub const PURE: Effects = Effects {
        reads: 0,
        writes: 0,
        allocates: false,
        raises: false,
        runs_guest: false,
        sees_frames: false,
    };
    pub const ALL: Effects =
        Effects { reads: !0, writes: !0, allocates: true, raises: true, runs_guest: true, sees_frames: true };

    pub const fn reading(self, groups: u64) -> Effects {
        Effects { reads: self.reads | groups, ..self }
    }
    pub const fn writing(self, groups: u64) -> Effects {
        Effects { writes: self.writes | groups, ..self }
    }
    pub const fn allocating(self) -> Effects {
        Effects { allocates: true, ..self }
    }
    pub const fn raising(self) -> Effects {
        Effects { raises: true, ..self }
    }
    /// The result depends on the arguments alone, and calling twice is as good as once.
    pub const fn is_pure(self) -> bool {
        self.reads == 0 && self.writes == 0 && !self.raises && !self.runs_guest
    }
}

/// A native function that traces may call. ABI: C, first the context pointer, then the arguments (`Val` and `Int` as
/// 64-bit integers, `Float` as a double, `Bool` never). With `slice`, after the fixed arguments come a pointer to an
/// array of the remaining (Val) arguments on the machine stack and their number.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CalleeDescr {
    pub name: &'static str,
    pub addr: usize,
    pub args: Vec<Ty>,
    pub slice: bool,
    pub ret: Ty,
    pub effects: Effects,
}

/// The interned descriptors of one trace store.
#[derive(Default, Clone, Debug)]
pub struct Descriptors {
    fields: Vec<FieldDescr>,
    field_ids: HashMap<FieldDescr, FieldId>,
    callees: Vec<CalleeDescr>,
    callee_ids: HashMap<CalleeDescr, CalleeId>,
}

impl Descriptors {
    pub fn field(&mut self, d: FieldDescr) -> FieldId {
        let next = FieldId(self.fields.len() as u32);
        *self.field_ids.entry(d).or_insert_with(|| {
            self.fields.push(d);
            next
        })
    }

    pub fn callee(&mut self, d: CalleeDescr) -> CalleeId {
        if let Some(&id) = self.callee_ids.get(&d) {
            return id;
        }
        let id = CalleeId(self.callees.len() as u32);
        self.callees.push(d.clone());
        self.callee_ids.insert(d, id);
        id
    }

    /// Fields have the ids below this number.
    pub fn field_count(&self) -> u32 {
        self.fields.len() as u32
    }

    /// Callees have the ids below this number.
    pub fn callee_count(&self) -> u32 {
        self.callees.len() as u32
    }

    /// A callee that differs at most in its address.
    pub fn same_callee(&self, d: &CalleeDescr) -> Option<CalleeId> {
        let same = |c: &CalleeDescr| CalleeDescr { addr: d.addr, ..c.clone() } == *d;
        self.callees.iter().position(same).map(|i| CalleeId(i as u32))
    }

    /// The name as a string for the life of the process: a descriptor's own where one has it, else a new one.
    pub fn static_name(&self, name: &str) -> &'static str {
        let known = self.fields.iter().map(|f| f.name).chain(self.callees.iter().map(|c| c.name));
        let known = known.into_iter().find(|&n| n == name);
        known.unwrap_or_else(|| Box::leak(name.to_string().into_boxed_str()))
    }

    pub fn field_descr(&self, id: FieldId) -> &FieldDescr {
        &self.fields[id.0 as usize]
    }

    pub fn callee_descr(&self, id: CalleeId) -> &CalleeDescr {
        &self.callees[id.0 as usize]
    }
}
