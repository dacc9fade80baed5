//! Field descriptors of all kinds, and the memory layouts that the collector needs.
//!
//! Offsets count from the object's start; the header takes the first 8 bytes, so fixed word `i` lies at `8 + 8 * i`.

use crate::kind::Kind;
use hoop_engine::{Array, F, Field, I, MemTy, V};
use hoop_gc::{Layout, Tail};

/// Groups of fields, for the effects of native functions (`hoop_ir::Effects`).
pub mod group {
    pub const OTHER: u8 = 0;
    pub const LIST: u8 = 1;
    pub const LIST_ITEMS: u8 = 2;
    pub const DICT: u8 = 3;
    pub const SLOT: u8 = 4;
    pub const CELL: u8 = 5;
    pub const ITER: u8 = 6;
    pub const GENERATOR: u8 = 7;
    pub const FUNCTION: u8 = 8;
    pub const STR: u8 = 9;
    pub const EXCEPTION: u8 = 10;
    pub const SET: u8 = 11;
    /// The exception being handled, which becomes the context of others.
    pub const HANDLED: u8 = 12;
    /// Registers of generators (the tracer's own descriptors).
    pub const REGISTER: u8 = 63;

    /// The bit set of some groups.
    #[inline]
    pub const fn bits(groups: &[u8]) -> u64 {
        let mut set = 0;
        let mut i = 0;
        while i < groups.len() {
            set |= 1 << groups[i];
            i += 1;
        }
        set
    }
}

#[inline]
const fn at(word: i32) -> i32 {
    8 + 8 * word
}

#[inline]
const fn val(name: &'static str, word: i32, group: u8) -> Field<V> {
    Field::new(name, at(word), MemTy::Val, group)
}

#[inline]
const fn num(name: &'static str, word: i32, group: u8) -> Field<I> {
    Field::new(name, at(word), MemTy::I64, group)
}

/// The shape word of any object's header.
pub const SHAPE: Field<I> = Field::new("shape", 0, MemTy::U32, group::OTHER);

/// The guest's flag byte of the header.
pub const FLAGS: Field<I> = Field::new("flags", 5, MemTy::U8, group::OTHER);

pub const FLOAT_VALUE: Field<F> = Field::new("float.value", at(0), MemTy::F64, group::OTHER).immutable();

pub const COMPLEX_REAL: Field<F> = Field::new("complex.real", at(0), MemTy::F64, group::OTHER).immutable();

pub const COMPLEX_IMAG: Field<F> = Field::new("complex.imag", at(1), MemTy::F64, group::OTHER).immutable();

/// Big int: word count, then magnitude words, least significant first. The sign is `aux` (1 = negative).
pub const BIG_LEN: Field<I> = num("bigint.len", 0, group::OTHER).immutable();

pub const BIG_WORDS: Array<I> = Array::new("bigint.words", at(1), MemTy::I64, group::OTHER).immutable();

/// Str: byte length, length in code points, cached hash (0: not yet), code point index (or nothing), UTF-8 bytes.
pub const STR_BYTES: Field<I> = num("str.bytes", 0, group::STR).immutable();

pub const STR_LEN: Field<I> = num("str.len", 1, group::STR).immutable();

pub const STR_HASH: Field<I> = num("str.hash", 2, group::STR);

pub const STR_INDEX: Field<V> = val("str.index", 3, group::STR);

pub const STR_DATA: Array<I> = Array::new("str.data", at(4), MemTy::U8, group::STR).immutable();

/// The machine's table of one-character strs: a value array that never changes.
pub const CHARS: Array<V> = Array::new("chars", at(1), MemTy::Val, group::OTHER).immutable();

/// Bytes: length, cached hash, data.
pub const BYTES_LEN: Field<I> = num("bytes.len", 0, group::STR).immutable();

pub const BYTES_HASH: Field<I> = num("bytes.hash", 1, group::STR);

pub const BYTES_DATA: Array<I> = Array::new("bytes.data", at(2), MemTy::U8, group::STR).immutable();

/// Words of a bytearray.
pub const BYTEARRAY_SIZE: u16 = 3;

/// Bytearray: buffer (ByteBuffer or nothing), length, where in the buffer it starts (bytes are often taken from the front).
pub const BYTEARRAY_BUFFER: Field<V> = val("bytearray.buffer", 0, group::LIST);

pub const BYTEARRAY_LEN: Field<I> = num("bytearray.len", 1, group::LIST);

pub const BYTEARRAY_START: Field<I> = num("bytearray.start", 2, group::LIST);

pub const TUPLE_LEN: Field<I> = num("tuple.len", 0, group::OTHER).immutable();

pub const TUPLE_ITEMS: Array<V> = Array::new("tuple.items", at(1), MemTy::Val, group::OTHER).immutable();

/// List: its array (by strategy a value, int or float array; nothing when empty), length.
pub const LIST_ITEMS: Field<V> = val("list.items", 0, group::LIST);

pub const LIST_LEN: Field<I> = num("list.len", 1, group::LIST);

/// Arrays: capacity, items.
pub const ARRAY_LEN: Field<I> = num("array.len", 0, group::OTHER).immutable();

pub const ARRAY_VALUES: Array<V> = Array::new("array.values", at(1), MemTy::Val, group::LIST_ITEMS);

pub const ARRAY_INTS: Array<I> = Array::new("array.ints", at(1), MemTy::I64, group::LIST_ITEMS);

pub const ARRAY_FLOATS: Array<F> = Array::new("array.floats", at(1), MemTy::F64, group::LIST_ITEMS);

pub const ARRAY_BYTES: Array<I> = Array::new("array.bytes", at(1), MemTy::U8, group::LIST_ITEMS);

/// Words of a dict or set.
pub const DICT_SIZE: u16 = 5;

/// Dict and set, see `dict`: entry array, index table (or nothing), live entries, entries used, keys version.
pub const DICT_ENTRIES: Field<V> = val("dict.entries", 0, group::DICT);

pub const DICT_INDEX: Field<V> = val("dict.index", 1, group::DICT);

pub const DICT_LEN: Field<I> = num("dict.len", 2, group::DICT);

pub const DICT_USED: Field<I> = num("dict.used", 3, group::DICT);

pub const DICT_VERSION: Field<I> = num("dict.version", 4, group::DICT);

/// Words of a frozenset, and its hash: 0 until it is asked for.
pub const FROZENSET_SIZE: u16 = DICT_SIZE + 1;

pub const FROZENSET_HASH: Field<I> = num("frozenset.hash", DICT_SIZE as i32, group::OTHER);

/// The words of a dict's or set's entry array: three (two) per entry, see `dict`.
pub const DICT_WORDS: Array<V> = Array::new("dict.words", at(1), MemTy::Val, group::LIST_ITEMS);

pub const RANGE_START: Field<V> = val("range.start", 0, group::OTHER).immutable();

pub const RANGE_STOP: Field<V> = val("range.stop", 1, group::OTHER).immutable();

pub const RANGE_STEP: Field<V> = val("range.step", 2, group::OTHER).immutable();

pub const RANGE_LEN: Field<V> = val("range.len", 3, group::OTHER).immutable();

pub const SLICE_START: Field<V> = val("slice.start", 0, group::OTHER).immutable();

pub const SLICE_STOP: Field<V> = val("slice.stop", 1, group::OTHER).immutable();

pub const SLICE_STEP: Field<V> = val("slice.step", 2, group::OTHER).immutable();

pub const FUNC_CODE: Field<V> = val("function.code", 0, group::FUNCTION);

pub const FUNC_DEFAULTS: Field<V> = val("function.defaults", 1, group::FUNCTION);

pub const FUNC_KWDEFAULTS: Field<V> = val("function.kwdefaults", 2, group::FUNCTION);

pub const FUNC_CLOSURE: Field<V> = val("function.closure", 3, group::FUNCTION).immutable();

pub const FUNC_NAME: Field<V> = val("function.name", 4, group::FUNCTION);

pub const FUNC_QUALNAME: Field<V> = val("function.qualname", 5, group::FUNCTION);

pub const FUNC_DICT: Field<V> = val("function.dict", 6, group::FUNCTION);

pub const FUNC_DOC: Field<V> = val("function.doc", 7, group::FUNCTION);

pub const FUNC_MODULE: Field<V> = val("function.module", 8, group::FUNCTION);

pub const FUNC_ANNOTATE: Field<V> = val("function.annotate", 9, group::FUNCTION);

/// Builtin function: address of its `NativeDef`, bound self (or nothing), owner (class or module name, or nothing).
pub const BUILTIN_DEF: Field<I> = num("builtin.def", 0, group::FUNCTION).immutable();

pub const BUILTIN_SELF: Field<V> = val("builtin.self", 1, group::FUNCTION).immutable();

pub const BUILTIN_OWNER: Field<V> = val("builtin.owner", 2, group::FUNCTION).immutable();

pub const METHOD_FUNC: Field<V> = val("method.func", 0, group::OTHER).immutable();

pub const METHOD_SELF: Field<V> = val("method.self", 1, group::OTHER).immutable();

/// Code and Class and Foreign: address of the boxed Rust struct.
pub const FOREIGN_BOX: Field<I> = num("foreign.box", 0, group::OTHER).immutable();

/// Cell: content (or nothing); how often it was written, counted up to a few (globals only).
pub const CELL_VALUE: Field<V> = val("cell.value", 0, group::CELL);

/// The value of the cell that holds the exception being handled.
pub const HANDLED_VALUE: Field<V> = val("handled.value", 0, group::HANDLED);

pub const CELL_WRITES: Field<I> = num("cell.writes", 1, group::CELL);

pub const MODULE_DICT: Field<V> = val("module.dict", 0, group::OTHER).immutable();

/// Generator: code, saved pc, state (see `generator`), name, qualname, exception being handled inside; registers.
pub const GEN_CODE: Field<V> = val("generator.code", 0, group::GENERATOR).immutable();

pub const GEN_PC: Field<I> = num("generator.pc", 1, group::GENERATOR);

pub const GEN_STATE: Field<I> = num("generator.state", 2, group::GENERATOR);

pub const GEN_NAME: Field<V> = val("generator.name", 3, group::GENERATOR);

pub const GEN_QUALNAME: Field<V> = val("generator.qualname", 4, group::GENERATOR);

pub const GEN_HANDLED: Field<V> = val("generator.handled", 5, group::GENERATOR);

/// The generator that goes on when this one ends, see `ops/delegation.rs`.
pub const GEN_DELEGATOR: Field<V> = val("generator.delegator", 6, group::GENERATOR);

/// Of a suspended one: the generator that it waits for in `yield from`.
pub const GEN_WAITS_FOR: Field<V> = val("generator.waits_for", 7, group::GENERATOR);

/// Fixed words of a generator; register `i` is word `GEN_FIXED + i`.
pub const GEN_FIXED: u16 = 8;

pub const GEN_REGISTERS: Field<V> = val("register", GEN_FIXED as i32, group::REGISTER);

pub const PROPERTY_GET: Field<V> = val("property.get", 0, group::OTHER);

pub const PROPERTY_SET: Field<V> = val("property.set", 1, group::OTHER);

pub const PROPERTY_DEL: Field<V> = val("property.del", 2, group::OTHER);

pub const PROPERTY_DOC: Field<V> = val("property.doc", 3, group::OTHER);

/// The name it was given as an attribute of a class, if any.
pub const PROPERTY_NAME: Field<V> = val("property.name", 4, group::OTHER);

/// Whether the docstring is the getter's, a bool.
pub const PROPERTY_GETTER_DOC: Field<V> = val("property.getter_doc", 5, group::OTHER);

/// Staticmethod, classmethod: the wrapped function (or nothing, before `__init__`), the dict of attributes (or nothing).
pub const WRAPPED: Field<V> = val("wrapped.func", 0, group::OTHER);

pub const WRAPPED_DICT: Field<V> = val("wrapped.dict", 1, group::OTHER);

/// Super: class after which the search starts, object, the object's class.
pub const SUPER_CLASS: Field<V> = val("super.class", 0, group::OTHER).immutable();

pub const SUPER_OBJECT: Field<V> = val("super.object", 1, group::OTHER).immutable();

pub const SUPER_START: Field<V> = val("super.start", 2, group::OTHER).immutable();

/// Member: name, owner class, slot number or native getter/setter table address.
pub const MEMBER_NAME: Field<V> = val("member.name", 0, group::OTHER).immutable();

pub const MEMBER_OWNER: Field<V> = val("member.owner", 1, group::OTHER).immutable();

pub const MEMBER_SLOT: Field<I> = num("member.slot", 2, group::OTHER).immutable();

pub const MEMBER_DEF: Field<I> = num("member.def", 3, group::OTHER).immutable();

/// Instance: overflow (value array of slots that do not fit, or the attribute dict), then slots (their number is aux).
pub const INSTANCE_OVERFLOW: Field<V> = val("instance.overflow", 0, group::SLOT);

/// Fixed words of an instance before its slots.
pub const INSTANCE_FIXED: u16 = 1;

/// Slot `i` inside an instance.
#[inline(always)]
pub const fn slot(i: u16) -> Field<V> {
    val("slot", INSTANCE_FIXED as i32 + i as i32, group::SLOT).numbered(i)
}

/// Traceback entry: next (towards the raise), code, pc.
pub const TB_NEXT: Field<V> = val("traceback.next", 0, group::EXCEPTION);

pub const TB_CODE: Field<V> = val("traceback.code", 1, group::EXCEPTION).immutable();

pub const TB_PC: Field<I> = num("traceback.pc", 2, group::EXCEPTION).immutable();

/// Mapping proxies and dict views: the mapping; view kind (0 keys, 1 values, 2 items).
pub const VIEW_DICT: Field<V> = val("view.dict", 0, group::OTHER).immutable();

pub const VIEW_KIND: Field<I> = num("view.kind", 1, group::OTHER).immutable();

/// Iterators: what they go over (nothing when exhausted), the next index, and more by kind.
pub const ITER_OVER: Field<V> = val("iter.over", 0, group::ITER);

pub const ITER_INDEX: Field<I> = num("iter.index", 1, group::ITER);

/// Dict iterators: view kind; expected length.
pub const ITER_KIND: Field<I> = num("iter.kind", 2, group::ITER);

pub const ITER_EXPECT: Field<I> = num("iter.expect", 3, group::ITER);

/// Range iterators over small ints: next value is `ITER_INDEX`; how many are left; step.
pub const RANGE_ITER_LEFT: Field<I> = num("range_iter.left", 2, group::ITER);

pub const RANGE_ITER_STEP: Field<I> = num("range_iter.step", 3, group::ITER).immutable();

/// Second value of two-value iterators (function of map and filter, sentinel, counter of enumerate).
pub const ITER_SECOND: Field<V> = val("iter.second", 4, group::ITER);

pub const WEAKREF_OBJECT: Field<V> = val("weakref.object", 0, group::OTHER);

pub const WEAKREF_CALLBACK: Field<V> = val("weakref.callback", 1, group::OTHER);

/// The layout of a kind. Kinds without heap objects have an empty one.
pub fn layout_of(kind: Kind) -> Layout {
    use Kind::*;
    const fn vals(n: u16) -> Layout {
        Layout::fixed(n, (1 << n) - 1)
    }
    match kind {
        Int | None | Bool | NotImplemented | Ellipsis | Unbound | End => Layout::fixed(0, 0),
        Float => Layout::fixed(1, 0),
        Complex => Layout::fixed(2, 0),
        BigInt => Layout::with_tail(1, 0, Tail::Words),
        Str => Layout::with_tail(4, 0b1000, Tail::Bytes),
        Bytes => Layout::with_tail(2, 0, Tail::Bytes),
        ByteArray => Layout::fixed(BYTEARRAY_SIZE, 0b1),
        Tuple | ValueArray => Layout::with_tail(1, 0, Tail::Values),
        IntArray | FloatArray => Layout::with_tail(1, 0, Tail::Words),
        ByteBuffer => Layout::with_tail(1, 0, Tail::Bytes),
        ListEmpty | ListInt | ListFloat | ListAny => Layout::fixed(2, 0b1),
        DictEmpty | DictStr | DictInt | DictAny | Namespace | Set => Layout::fixed(DICT_SIZE, 0b11),
        FrozenSet => Layout::fixed(FROZENSET_SIZE, 0b11),
        Range => vals(4),
        Slice => vals(3),
        Function => vals(10),
        Builtin => Layout::fixed(3, 0b110),
        BoundMethod => vals(2),
        Cell => Layout::fixed(2, 0b1),
        Module => vals(1),
        Generator => Layout::with_tail(GEN_FIXED, 0b11111001, Tail::ValuesAux),
        Property => vals(6),
        StaticMethod | ClassMethod => vals(2),
        Super => vals(3),
        Member => Layout::fixed(4, 0b11),
        Instance | InstanceDict => Layout::with_tail(INSTANCE_FIXED, 0b1, Tail::ValuesAux),
        Traceback => Layout::fixed(3, 0b011),
        MappingProxy | DictView => Layout::fixed(2, 0b1),
        Frame | ListIter | TupleIter | RangeIter | StrIter | DictIter | SetIter | SeqIter | CallIter
        | Enumerate | Zip | Map | Filter | Reversed | Count | ISlice => Layout::fixed(5, 0b10001),
        WeakRef => Layout { weak: true, ..Layout::fixed(2, 0b10) },
        Code | Class => Layout { barriers: true, ..layout_of(Foreign) },
        Foreign => Layout {
            trace: Some(crate::foreign::trace_box),
            drop: Some(crate::foreign::drop_box),
            ..Layout::fixed(2, 0)
        },
    }
}
