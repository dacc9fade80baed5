//! Names that the interpreter itself looks up, interned once.

use crate::text;
use crate::vm::Vm;
use hoop_gc::{Marker, Value};

macro_rules! names {
    ($( $field:ident = $text:literal, )*) => {
        /// Interned strings, see the module text.
        pub struct Names { $( pub $field: Value, )* }

        impl Names {
            /// Before the heap can make strings.
            pub fn unset() -> Names {
                Names { $( $field: Value::NONE, )* }
            }

            pub fn new(vm: &mut Vm) -> Names {
                vm.names.empty = text::intern(vm, b"");
                Names { $( $field: text::intern(vm, $text.as_bytes()), )* }
            }

            pub fn trace(&self, marker: &mut Marker) {
                $( marker.value(self.$field); )*
            }
        }
    };
}

names! {
    empty = "",
    new = "__new__", init = "__init__", del = "__del__", call = "__call__", class = "__class__",
    dict = "__dict__", doc = "__doc__", name = "__name__", qualname = "__qualname__", module = "__module__",
    bases = "__bases__", mro = "__mro__", slots = "__slots__", weakref = "__weakref__",
    file = "__file__", path = "__path__", package = "__package__", spec = "__spec__", loader = "__loader__",
    builtins = "__builtins__", all = "__all__", main = "__main__", annotations = "__annotations__",
    annotate = "__annotate__", classcell = "__classcell__", static_attributes = "__static_attributes__",
    firstlineno = "__firstlineno__", type_params = "__type_params__", import = "__import__",
    build_class = "__build_class__", debug = "__debug__", orig_bases = "__orig_bases__",
    mro_entries = "__mro_entries__", prepare = "__prepare__", init_subclass = "__init_subclass__",
    set_name = "__set_name__", class_getitem = "__class_getitem__", subclasshook = "__subclasshook__",
    instancecheck = "__instancecheck__", subclasscheck = "__subclasscheck__", abstractmethods = "__abstractmethods__",
    getattr = "__getattr__", getattribute = "__getattribute__", setattr = "__setattr__", delattr = "__delattr__",
    get = "__get__", set = "__set__", delete = "__delete__",
    getitem = "__getitem__", setitem = "__setitem__", delitem = "__delitem__", contains = "__contains__",
    missing = "__missing__", len = "__len__", length_hint = "__length_hint__", iter = "__iter__", next = "__next__",
    reversed = "__reversed__", bool = "__bool__", int = "__int__", float = "__float__", complex = "__complex__",
    index = "__index__", hash = "__hash__", repr = "__repr__", str = "__str__", bytes = "__bytes__",
    format = "__format__", dir = "__dir__", sizeof = "__sizeof__", reduce = "__reduce__", reduce_ex = "__reduce_ex__",
    round = "__round__", trunc = "__trunc__", floor = "__floor__", ceil = "__ceil__", abs = "__abs__",
    neg = "__neg__", pos = "__pos__", invert = "__invert__", divmod = "__divmod__", rdivmod = "__rdivmod__",
    eq = "__eq__", ne = "__ne__", lt = "__lt__", le = "__le__", gt = "__gt__", ge = "__ge__",
    add = "__add__", sub = "__sub__", mul = "__mul__", truediv = "__truediv__", floordiv = "__floordiv__",
    mod_ = "__mod__", pow = "__pow__", matmul = "__matmul__", lshift = "__lshift__", rshift = "__rshift__",
    and = "__and__", or = "__or__", xor = "__xor__",
    radd = "__radd__", rsub = "__rsub__", rmul = "__rmul__", rtruediv = "__rtruediv__", rfloordiv = "__rfloordiv__",
    rmod = "__rmod__", rpow = "__rpow__", rmatmul = "__rmatmul__", rlshift = "__rlshift__", rrshift = "__rrshift__",
    rand = "__rand__", ror = "__ror__", rxor = "__rxor__",
    iadd = "__iadd__", isub = "__isub__", imul = "__imul__", itruediv = "__itruediv__", ifloordiv = "__ifloordiv__",
    imod = "__imod__", ipow = "__ipow__", imatmul = "__imatmul__", ilshift = "__ilshift__", irshift = "__irshift__",
    iand = "__iand__", ior = "__ior__", ixor = "__ixor__",
    enter = "__enter__", exit = "__exit__", keys = "keys", items = "items", values = "values", send = "send",
    throw = "throw", close = "close", join = "join", append = "append", args = "args", value = "value",
    code = "code", msg = "msg", path_name = "path", obj_name = "name", write = "write", flush = "flush",
    stdout = "stdout", stderr = "stderr", stdin = "stdin", sep = "sep", end = "end", key = "key", default = "default",
    reverse = "reverse", print_file = "file", notes = "__notes__", wrapped = "__wrapped__", objclass = "__objclass__",
    self_name = "__self__", func = "__func__", defaults = "__defaults__", kwdefaults = "__kwdefaults__",
    closure = "__closure__", code_attr = "__code__", globals = "__globals__", exit_code = "exit_code",
    fget = "fget", filename = "filename", lineno = "lineno", offset = "offset", text = "text",
    end_lineno = "end_lineno", end_offset = "end_offset", print_file_and_line = "print_file_and_line",
}
