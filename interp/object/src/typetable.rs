//! The built-in classes: one row each, in an order in which bases come first.

use crate::kind::Kind;
use hoop_gc::{Marker, Value};

/// A row of the table.
pub struct TypeRow {
    pub name: &'static str,
    pub base: usize,
    pub kind: Kind,
    /// May be subclassed.
    pub is_base: bool,
    /// An exception class.
    pub exception: bool,
}

/// Exception classes whose objects hold more than those of their base.
const LARGER_EXCEPTIONS: &[&str] = &[
    "BaseException",
    "BaseExceptionGroup",
    "SystemExit",
    "StopIteration",
    "ImportError",
    "OSError",
    "NameError",
    "AttributeError",
    "SyntaxError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
];

impl TypeRow {
    /// Do objects of the class hold more than those of its base?
    #[inline]
    pub fn adds_layout(&self) -> bool {
        if self.exception { LARGER_EXCEPTIONS.contains(&self.name) } else { self.kind != Kind::Bool }
    }

    /// Have its objects a dict?
    #[inline]
    pub fn has_dict(&self) -> bool {
        let wrapper = matches!(self.kind, Kind::StaticMethod | Kind::ClassMethod);
        self.exception || wrapper || matches!(self.kind, Kind::Class | Kind::Module | Kind::Function)
    }

    /// Can its objects be weakly referenced?
    #[inline]
    pub fn has_weakref(&self) -> bool {
        use Kind::*;
        matches!(
            self.kind,
            Set | FrozenSet | Class | Module | Function | BoundMethod | Builtin | Code | Generator
        )
    }
}

macro_rules! types {
    ({ $( $field:ident $name:literal : $base:ident, $kind:ident, $is_base:ident; )* } { $( $efield:ident $ename:literal : $ebase:ident; )* }) => {
        /// The built-in class objects.
        pub struct Types { $( pub $field: Value, )* $( pub $efield: Value, )* }

        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $( $field, )* $( $efield, )* }

        /// The rows, bases first.
        pub const ROWS: &[TypeRow] = &[
            $( TypeRow { name: $name, base: Index::$base as usize, kind: Kind::$kind, is_base: types!(@base $is_base), exception: false }, )*
            $( TypeRow { name: $ename, base: Index::$ebase as usize, kind: Kind::Instance, is_base: true, exception: true }, )*
        ];

        impl Types {
            pub fn unset() -> Types {
                Types { $( $field: Value::NONE, )* $( $efield: Value::NONE, )* }
            }

            /// From class objects in the order of the rows.
            pub fn from_rows(classes: &[Value]) -> Types {
                Types { $( $field: classes[Index::$field as usize], )* $( $efield: classes[Index::$efield as usize], )* }
            }

            pub fn trace(&self, marker: &mut Marker) {
                $( marker.value(self.$field); )*
                $( marker.value(self.$efield); )*
            }
        }
    };
    (@base open) => { true };
    (@base closed) => { false };
}

types! {
    {
    object "object": object, Instance, open;
    type_ "type": object, Class, open;
    int "int": object, Int, open;
    bool_ "bool": int, Bool, closed;
    float "float": object, Float, open;
    complex "complex": object, Complex, open;
    str "str": object, Str, open;
    bytes "bytes": object, Bytes, open;
    bytearray "bytearray": object, ByteArray, open;
    tuple "tuple": object, Tuple, open;
    list "list": object, ListEmpty, open;
    dict "dict": object, DictEmpty, open;
    set "set": object, Set, open;
    frozenset "frozenset": object, FrozenSet, open;
    range "range": object, Range, closed;
    slice "slice": object, Slice, closed;
    none_type "NoneType": object, None, closed;
    not_implemented_type "NotImplementedType": object, NotImplemented, closed;
    ellipsis_type "ellipsis": object, Ellipsis, closed;
    function "function": object, Function, closed;
    builtin_function "builtin_function_or_method": object, Builtin, closed;
    method "method": object, BoundMethod, closed;
    code "code": object, Code, closed;
    cell "cell": object, Cell, closed;
    module "module": object, Module, open;
    generator "generator": object, Generator, closed;
    property "property": object, Property, open;
    staticmethod "staticmethod": object, StaticMethod, open;
    classmethod "classmethod": object, ClassMethod, open;
    super_ "super": object, Super, open;
    member_descriptor "member_descriptor": object, Member, closed;
    getset_descriptor "getset_descriptor": object, Member, closed;
    method_descriptor "method_descriptor": object, Builtin, closed;
    wrapper_descriptor "wrapper_descriptor": object, Builtin, closed;
    traceback "traceback": object, Traceback, closed;
    frame "frame": object, Frame, closed;
    mappingproxy "mappingproxy": object, MappingProxy, closed;
    dict_keys "dict_keys": object, DictView, closed;
    dict_values "dict_values": object, DictView, closed;
    dict_items "dict_items": object, DictView, closed;
    list_iterator "list_iterator": object, ListIter, closed;
    tuple_iterator "tuple_iterator": object, TupleIter, closed;
    range_iterator "range_iterator": object, RangeIter, closed;
    str_iterator "str_iterator": object, StrIter, closed;
    dict_keyiterator "dict_keyiterator": object, DictIter, closed;
    dict_valueiterator "dict_valueiterator": object, DictIter, closed;
    dict_itemiterator "dict_itemiterator": object, DictIter, closed;
    set_iterator "set_iterator": object, SetIter, closed;
    seq_iterator "iterator": object, SeqIter, closed;
    callable_iterator "callable_iterator": object, CallIter, closed;
    enumerate "enumerate": object, Enumerate, open;
    zip "zip": object, Zip, open;
    map "map": object, Map, open;
    filter "filter": object, Filter, open;
    reversed "reversed": object, Reversed, open;
    weakref "ReferenceType": object, WeakRef, open;
    }
    {
    base_exception "BaseException": object;
    exception "Exception": base_exception;
    system_exit "SystemExit": base_exception;
    keyboard_interrupt "KeyboardInterrupt": base_exception;
    generator_exit "GeneratorExit": base_exception;
    base_exception_group "BaseExceptionGroup": base_exception;
    stop_iteration "StopIteration": exception;
    stop_async_iteration "StopAsyncIteration": exception;
    arithmetic_error "ArithmeticError": exception;
    floating_point_error "FloatingPointError": arithmetic_error;
    overflow_error "OverflowError": arithmetic_error;
    zero_division_error "ZeroDivisionError": arithmetic_error;
    assertion_error "AssertionError": exception;
    attribute_error "AttributeError": exception;
    buffer_error "BufferError": exception;
    eof_error "EOFError": exception;
    import_error "ImportError": exception;
    module_not_found_error "ModuleNotFoundError": import_error;
    lookup_error "LookupError": exception;
    index_error "IndexError": lookup_error;
    key_error "KeyError": lookup_error;
    memory_error "MemoryError": exception;
    name_error "NameError": exception;
    unbound_local_error "UnboundLocalError": name_error;
    os_error "OSError": exception;
    blocking_io_error "BlockingIOError": os_error;
    child_process_error "ChildProcessError": os_error;
    connection_error "ConnectionError": os_error;
    broken_pipe_error "BrokenPipeError": connection_error;
    connection_aborted_error "ConnectionAbortedError": connection_error;
    connection_refused_error "ConnectionRefusedError": connection_error;
    connection_reset_error "ConnectionResetError": connection_error;
    file_exists_error "FileExistsError": os_error;
    file_not_found_error "FileNotFoundError": os_error;
    interrupted_error "InterruptedError": os_error;
    is_a_directory_error "IsADirectoryError": os_error;
    not_a_directory_error "NotADirectoryError": os_error;
    permission_error "PermissionError": os_error;
    process_lookup_error "ProcessLookupError": os_error;
    timeout_error "TimeoutError": os_error;
    reference_error "ReferenceError": exception;
    runtime_error "RuntimeError": exception;
    not_implemented_error "NotImplementedError": runtime_error;
    python_finalization_error "PythonFinalizationError": runtime_error;
    recursion_error "RecursionError": runtime_error;
    syntax_error "SyntaxError": exception;
    indentation_error "IndentationError": syntax_error;
    tab_error "TabError": indentation_error;
    system_error "SystemError": exception;
    type_error "TypeError": exception;
    value_error "ValueError": exception;
    unicode_error "UnicodeError": value_error;
    unicode_decode_error "UnicodeDecodeError": unicode_error;
    unicode_encode_error "UnicodeEncodeError": unicode_error;
    unicode_translate_error "UnicodeTranslateError": unicode_error;
    warning "Warning": exception;
    user_warning "UserWarning": warning;
    deprecation_warning "DeprecationWarning": warning;
    pending_deprecation_warning "PendingDeprecationWarning": warning;
    syntax_warning "SyntaxWarning": warning;
    runtime_warning "RuntimeWarning": warning;
    future_warning "FutureWarning": warning;
    import_warning "ImportWarning": warning;
    unicode_warning "UnicodeWarning": warning;
    bytes_warning "BytesWarning": warning;
    resource_warning "ResourceWarning": warning;
    encoding_warning "EncodingWarning": warning;
    }
}
