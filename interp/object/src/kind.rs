//! Kinds: what is physically behind a shape, with its strategy. Python classes can share a kind (all instances of
//! user classes are `Instance`), and one class can have several (a list of ints, a list of anything).

macro_rules! kinds {
    ($( $(#[$doc:meta])* $name:ident, )*) => {
        /// See the module text. The first eight are the shapes of words that are no pointers.
        #[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Kind { $( $(#[$doc])* $name, )* }

        impl Kind {
            /// All kinds in order.
            pub const ALL: &'static [Kind] = &[ $( Kind::$name, )* ];
        }
    };
}

kinds! {
    Int,
    Float,
    None,
    Bool,
    NotImplemented,
    Ellipsis,
    Unbound,
    End,
    // ---- heap objects
    BigInt,
    Complex,
    Str,
    Bytes,
    ByteArray,
    Tuple,
    ListEmpty,
    ListInt,
    ListFloat,
    ListAny,
    /// Compact dict; the strategy says what its keys are.
    DictEmpty,
    DictStr,
    DictInt,
    DictAny,
    /// A module's globals: string keys, every value in a cell.
    Namespace,
    Set,
    FrozenSet,
    Range,
    Slice,
    Function,
    Builtin,
    BoundMethod,
    Code,
    Cell,
    Class,
    Module,
    Generator,
    Property,
    StaticMethod,
    ClassMethod,
    Super,
    /// A slot or computed attribute of a built-in class (`__slots__` members, `type.__name__`).
    Member,
    /// Instances of user classes, exceptions, and built-in classes written over attributes alone.
    Instance,
    /// An instance whose attributes are in a dict.
    InstanceDict,
    Traceback,
    Frame,
    MappingProxy,
    DictView,
    // ---- iterators of built-in objects
    ListIter,
    TupleIter,
    RangeIter,
    StrIter,
    DictIter,
    SetIter,
    SeqIter,
    CallIter,
    Enumerate,
    Zip,
    Map,
    Filter,
    Reversed,
    /// `itertools.count` and `itertools.islice`.
    Count,
    ISlice,
    /// A Rust object in a box.
    Foreign,
    WeakRef,
    // ---- parts of other objects, never seen by programs
    ValueArray,
    IntArray,
    FloatArray,
    ByteBuffer,
}

impl Kind {
    #[inline]
    pub const fn is_list(self) -> bool {
        matches!(self, Kind::ListEmpty | Kind::ListInt | Kind::ListFloat | Kind::ListAny)
    }

    /// A dict of any strategy, namespaces included.
    #[inline]
    pub const fn is_dict(self) -> bool {
        matches!(self, Kind::DictEmpty | Kind::DictStr | Kind::DictInt | Kind::DictAny | Kind::Namespace)
    }

    #[inline]
    pub const fn is_set(self) -> bool {
        matches!(self, Kind::Set | Kind::FrozenSet)
    }

    /// An iterator that takes its items from others.
    #[inline]
    pub const fn is_adapter(self) -> bool {
        matches!(self, Kind::Enumerate | Kind::Zip | Kind::Map | Kind::Filter | Kind::ISlice)
    }

    #[inline]
    pub const fn is_instance(self) -> bool {
        matches!(self, Kind::Instance | Kind::InstanceDict)
    }
}
