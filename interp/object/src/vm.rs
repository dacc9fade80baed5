//! The virtual machine: heap and frames (in its context), shapes, classes, names, modules, and the outside world.

use crate::class::{Class, class_data, class_mut};
use crate::helpers::Helpers;
use crate::hooks::Hooks;
use crate::intern::InternTable;
use crate::kind::Kind;
use crate::layout::{self, FOREIGN_BOX};
use crate::names::Names;
use crate::shape::ShapeTable;
use crate::thread::{LocalState, Parked};
use crate::typetable::{ROWS, Types};
use crate::{dict, foreign, list, rows, text};
use hoop_bytecode::Code;
use hoop_engine::{Context, Engine, JitHost, Run, VmState, shape_of, tag_shape};
use hoop_gc::{GcConfig, Heap, Marker, ShapeId, Survivors, Value};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// An engine over this machine: the bound of every handler.
pub trait PyEngine: Engine<Vm = Vm> {}

impl<E: Engine<Vm = Vm>> PyEngine for E {}

/// Why source text did not compile.
#[derive(Clone, Debug, Default)]
pub struct SourceError {
    /// `SyntaxError`, `IndentationError` or `TabError`.
    pub class: &'static str,
    pub message: String,
    pub line: u32,
    /// From 1; 0 when unknown.
    pub column: u32,
    pub end_line: u32,
    pub end_column: i32,
    pub text: Option<String>,
}

/// How source text is compiled.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CompileMode {
    Exec,
    Eval,
    Single,
    /// As `Exec` and `Eval`, for names that live in a mapping, the code's only parameter.
    ExecIn,
    EvalIn,
}

/// What the machine needs from outside. The executable provides it.
pub trait Host {
    fn compile(&self, source: &[u8], filename: &str, mode: CompileMode) -> Result<Code, SourceError>;
    /// Wall clock, seconds since 1970.
    fn time(&self) -> f64;
    /// A clock that never goes back, nanoseconds.
    fn monotonic_ns(&self) -> i64;
    /// Processor time of this process, nanoseconds.
    fn process_ns(&self) -> i64;
    fn write(&self, to_stderr: bool, text: &[u8]) -> std::io::Result<()>;
    fn flush(&self);
    /// Where this process last panicked, for people.
    #[inline]
    fn last_panic(&self) -> Option<String> {
        None
    }
    /// The next line of standard input, with its newline; empty at the end. Nothing: `interrupted` says so before
    /// there is one.
    fn read_line(&self, interrupted: &dyn Fn() -> bool) -> std::io::Result<Option<Vec<u8>>>;
}

/// Marks values that something outside the machine keeps.
pub type ExtraRoots = dyn Fn(&mut Marker);

/// Forgets the dead in somebody else's tables.
pub type ExtraForget = dyn Fn(&Survivors);

/// A built-in module: filled in when first imported.
pub struct NativeModule {
    pub name: &'static str,
    pub init: fn(&mut Vm, module: Value) -> crate::errors::PyResult<()>,
}

/// See the module text. The context is first, so that a pointer to the machine is a pointer to its context.
#[repr(C)]
pub struct Vm {
    pub ctx: Context,
    /// The rest of what belongs to the running thread of execution.
    pub thread: LocalState,
    /// The threads that are set aside, and a state for the next one.
    pub(crate) parked: Vec<Parked>,
    pub spare: Option<Parked>,
    pub shapes: ShapeTable,
    /// The shape of the built-in class of each kind.
    kind_shapes: Vec<ShapeId>,
    pub types: Types,
    pub names: Names,
    pub interned: InternTable,
    /// The namespace of the `builtins` module.
    pub builtins: Value,
    /// `sys.modules`.
    pub modules: Value,
    /// Where imports look, a list.
    pub sys_path: Value,
    pub argv: Vec<String>,
    pub native_modules: Vec<&'static NativeModule>,
    /// Goes up when any class changes; part of every cache key.
    pub class_epoch: u32,
    pub method_cache: crate::cache::MethodCache,
    /// Functions of one float that traces call.
    pub float_rows: Vec<fn(f64) -> f64>,
    /// A cell with the exception being handled (`sys.exc_info()`), or None.
    pub handled_cell: Value,
    pub helpers: Helpers,
    /// What the iterator returned that [`hoop_interp::ops::opaque::send`] found at its end; else None.
    pub stop_cell: Value,
    /// Runs frames with machine code, if there is a JIT.
    pub jit: Option<Rc<dyn JitHost<Vm>>>,
    pub host: Rc<dyn Host>,
    /// What lies above this room.
    pub hooks: &'static Hooks,
    /// Passes of a loop header, calls of a function until it is hot; `u32::MAX` without a JIT.
    pub loop_threshold: u32,
    pub call_threshold: u32,
    /// The shared strs of one Latin-1 character, by code point: a value array (`layout::CHARS`).
    pub chars: Value,
    /// An empty buffer for texts in the making: see `format::written`.
    pub scratch: Vec<u8>,
    /// Of the hashes of str and bytes; 0: the same in every run.
    pub hash_seed: u64,
    /// NaNs with a number of their own: see `float::fresh_nan`.
    pub nans_made: u64,
    /// State of native modules, by a name of theirs; heap objects.
    pub module_state: FxHashMap<&'static str, Value>,
    pub signal_handler: Option<Value>,
    /// Marks what the tracer keeps alive.
    pub extra_roots: Option<Rc<ExtraRoots>>,
    /// Tells the tracer who survives.
    pub extra_forget: Option<Rc<ExtraForget>>,
}

// SAFETY: `Vm` is `repr(C)` and its first field is the context.
unsafe impl VmState for Vm {
    #[inline(always)]
    fn context(&mut self) -> &mut Context {
        &mut self.ctx
    }
}

impl Vm {
    /// A machine with built-in classes, which are still empty, and an empty `builtins` namespace. Collections are paused:
    /// who fills the classes resumes them. `stack_base`: an address in the frame of the
    /// caller's caller; everything younger on the machine stack is scanned for values.
    pub fn new(config: GcConfig, host: Rc<dyn Host>, hooks: &'static Hooks, hash_seed: u64) -> Box<Vm> {
        let heap = Heap::new(config);
        let mut vm = Box::new(Vm {
            ctx: Context::new(heap),
            thread: LocalState::default(),
            parked: Vec::new(),
            spare: None,
            shapes: ShapeTable::default(),
            kind_shapes: Vec::new(),
            types: Types::unset(),
            names: Names::unset(),
            interned: InternTable::default(),
            builtins: Value::NONE,
            modules: Value::NONE,
            sys_path: Value::NONE,
            argv: Vec::new(),
            native_modules: Vec::new(),
            class_epoch: 1,
            method_cache: Default::default(),
            float_rows: Vec::new(),
            handled_cell: Value::NONE,
            helpers: Helpers::default(),
            stop_cell: Value::NONE,
            jit: None,
            host,
            hooks,
            loop_threshold: u32::MAX,
            call_threshold: u32::MAX,
            chars: Value::NONE,
            scratch: Vec::new(),
            hash_seed,
            nans_made: 0,
            module_state: FxHashMap::default(),
            signal_handler: None,
            extra_roots: None,
            extra_forget: None,
        });
        vm.connect_heap();
        // Start-up holds values in plain vectors.
        vm.ctx.heap.pause_collections();
        vm.make_shapes();
        vm.names = Names::new(&mut vm);
        vm.make_types();
        vm.handled_cell = dict::new_cell(&mut vm, Some(Value::NONE));
        vm.stop_cell = dict::new_cell(&mut vm, Some(Value::NONE));
        vm.modules = dict::new_dict(&mut vm);
        vm.builtins = dict::new_namespace(&mut vm);
        vm.sys_path = list::new(&mut vm);
        vm.chars = crate::strs::make_chars(&mut vm);
        vm
    }

    fn connect_heap(&mut self) {
        unsafe fn roots(data: *mut (), marker: &mut Marker) {
            // SAFETY: `data` is the machine, whose address is fixed; a collection runs inside one of its methods and
            // only reads.
            unsafe { &*data.cast::<Vm>() }.trace(marker);
        }
        unsafe fn forget(data: *mut (), survivors: &Survivors) {
            let vm = data.cast::<Vm>();
            // SAFETY: as above; these fields are not the collector's, and whoever started the collection does not hold
            // references into them.
            let (interned, shapes, cache) =
                unsafe { (&mut (*vm).interned, &mut (*vm).shapes, &mut (*vm).method_cache) };
            let names_died = interned.forget_dead(survivors);
            // SAFETY: as above.
            let (assumptions, extra) = unsafe { (&mut (*vm).ctx.assumptions, &(*vm).extra_forget) };
            assumptions.forget_dead(survivors);
            extra.iter().for_each(|forget| forget(survivors));
            if names_died || !survivors.dead_shapes.is_empty() {
                // Others may come to lie where names and classes lay.
                *cache = Default::default();
            }
            if !survivors.dead_shapes.is_empty() {
                // SAFETY: as above. Inline caches know shapes by number, and these numbers are going to be used again.
                unsafe { (*vm).class_epoch += 1 };
                shapes.forget_dead(survivors);
            }
        }
        let data = (self as *mut Vm).cast();
        self.ctx.heap.set_roots(roots, data);
        self.ctx.heap.set_forget(forget, data);
        let word = &self.ctx.interrupt as *const _;
        self.ctx.heap.set_interrupt(word, hoop_engine::interrupt::HEAP);
    }

    fn trace(&self, marker: &mut Marker) {
        self.ctx.thread.trace(marker);
        self.thread.trace(marker);
        self.parked.iter().for_each(|thread| thread.trace(marker));
        self.types.trace(marker);
        self.names.trace(marker);
        self.helpers.trace(marker);
        marker.value(self.chars);
        self.module_state.values().for_each(|&v| marker.value(v));
        for v in [self.builtins, self.modules, self.sys_path, self.handled_cell, self.stop_cell] {
            marker.value(v);
        }
        self.signal_handler.iter().for_each(|&v| marker.value(v));
        if let Some(extra) = &self.extra_roots {
            extra(marker);
        }
    }

    /// One shape per kind; the first ones have the numbers that tagged words are given.
    #[inline]
    fn make_shapes(&mut self) {
        debug_assert!(Kind::End as u32 == tag_shape::END.0);
        for &kind in Kind::ALL {
            let shape = self.shapes.add(None, kind, 0, Vec::new());
            self.ctx.heap.set_layout(shape, layout::layout_of(kind));
            self.kind_shapes.push(shape);
        }
    }

    fn make_types(&mut self) {
        let class_shape = self.kind_shape(Kind::Class);
        let classes: Vec<Value> = ROWS.iter().map(|_| self.ctx.alloc(class_shape, 2)).collect();
        self.types = Types::from_rows(&classes);
        for (row, &this) in ROWS.iter().zip(&classes) {
            self.make_type(row, this, classes[row.base]);
        }
        let type_ = self.types.type_;
        self.shapes.set_class(class_shape, type_);
        let int = self.types.int;
        for (kind, class) in [
            (Kind::BigInt, int),
            (Kind::ListInt, self.types.list),
            (Kind::ListFloat, self.types.list),
            (Kind::ListAny, self.types.list),
            (Kind::DictStr, self.types.dict),
            (Kind::DictInt, self.types.dict),
            (Kind::DictAny, self.types.dict),
            (Kind::Namespace, self.types.dict),
        ] {
            self.shapes.set_class(self.kind_shape(kind), class);
        }
    }

    fn make_type(&mut self, row: &crate::typetable::TypeRow, this: Value, base: Value) {
        let name = text::intern(self, row.name.as_bytes());
        let is_object = base == this;
        let mro = if is_object { vec![this] } else { [&[this], &class_data(base).mro[..]].concat() };
        let shared = self.kind_shape(row.kind);
        // Kinds that several classes share (dict views, instances) get a shape per class.
        let root_shape = match self.shapes.get(shared).class {
            _ if row.kind == Kind::Instance => self.exception_or_object_shape(this, row.exception),
            None => {
                self.shapes.set_class(shared, this);
                shared
            }
            Some(_) => {
                let shape = self.shapes.add(Some(this), row.kind, 0, Vec::new());
                self.ctx.heap.set_layout(shape, layout::layout_of(row.kind));
                shape
            }
        };
        let class = Class {
            this,
            name,
            qualname: name,
            bases: if is_object { Vec::new() } else { vec![base] },
            base,
            solid: if row.adds_layout() || is_object { this } else { class_data(base).solid },
            own_slots: Value::NONE,
            mro,
            attrs: Default::default(),
            subclasses: Vec::new(),
            shape_names: Default::default(),
            shape_count: 0,
            kind: row.kind,
            root_shape,
            dict_shape: None,
            inline: self.shapes.get(root_shape).inline,
            payload: None,
            has_dict: row.has_dict(),
            has_weakref: row.has_weakref(),
            is_heap: false,
            is_base: row.is_base,
            has_del: false,
            exception_init: Default::default(),
            plain_init: Default::default(),
            constructor: Default::default(),
        };
        FOREIGN_BOX.write(this, foreign::into_word(class));
        if !is_object {
            class_mut(self, base).subclasses.push(this);
        }
        let module = text::intern(self, b"builtins");
        let key = self.names.module;
        class_mut(self, this).attrs.insert(key.bits(), (key, module));
    }

    #[inline]
    fn exception_or_object_shape(&mut self, class: Value, exception: bool) -> ShapeId {
        let fixed = if exception { usize::from(crate::errors::exc_slot::COUNT) } else { 0 };
        let names = crate::shape::fixed_names(fixed).collect();
        let inline = crate::shape::inline_count(fixed);
        let shape = self.shapes.add(Some(class), Kind::Instance, inline, names);
        self.ctx.heap.set_layout(shape, layout::layout_of(Kind::Instance));
        shape
    }

    /// The exception being handled.
    #[inline]
    pub fn handled(&self) -> Option<Value> {
        layout::HANDLED_VALUE.read(self.handled_cell).filter(|&v| v != Value::NONE)
    }

    // ---- what a value is

    /// The shape of a kind's built-in class.
    #[inline(always)]
    pub fn kind_shape(&self, kind: Kind) -> ShapeId {
        self.kind_shapes[kind as usize]
    }

    #[inline(always)]
    pub fn kind(&self, v: Value) -> Kind {
        self.shapes.kind(shape_of(v))
    }

    /// `type(v)`.
    #[inline(always)]
    pub fn class_of(&self, v: Value) -> Value {
        self.shapes.get(shape_of(v)).class.unwrap_or(self.types.object)
    }

    /// The class's name as Rust text, for messages.
    #[inline]
    pub fn class_name(&self, v: Value) -> String {
        self.name_of_class(self.class_of(v))
    }

    #[inline]
    pub fn name_of_class(&self, class: Value) -> String {
        crate::text::str_text(class_data(class).name).into_owned()
    }

    /// `issubclass(class, of)` by the method resolution order alone.
    #[inline]
    pub fn is_subclass(&self, class: Value, of: Value) -> bool {
        class == of || class_data(class).mro.contains(&of)
    }

    /// `isinstance(v, class)` by the class alone.
    #[inline]
    pub fn is_instance_of(&self, v: Value, class: Value) -> bool {
        self.is_subclass(self.class_of(v), class)
    }

    /// The built-in object inside an instance of a class that extends a built-in one; else the value itself.
    #[inline]
    pub fn unwrap(&self, v: Value) -> Value {
        if !v.is_ptr() || !self.kind(v).is_instance() {
            return v;
        }
        match class_data(self.class_of(v)).payload {
            Some(_) => layout::slot(0).read(v).unwrap_or(v),
            None => v,
        }
    }

    /// A new instance of a class whose instances are of kind `Instance`: all slots unbound, nothing called.
    #[inline]
    pub fn new_instance(&mut self, class: Value) -> Value {
        let v = crate::instance::new_instance(&mut Run::new(self), class);
        if class_data(class).has_del {
            self.ctx.heap.register_finalizer(v.ptr());
        }
        v
    }

    /// A new instance of a user class that carries `payload`, an object of its built-in base.
    #[inline]
    pub fn new_payload_instance(&mut self, class: Value, payload: Value) -> Value {
        let v = self.new_instance(class);
        self.ctx.write(v, &layout::slot(0), payload);
        v
    }

    /// A new shape of a class, with the layout of its kind.
    #[inline]
    pub fn add_shape(&mut self, class: Value, kind: Kind, inline: u16, names: Vec<Value>) -> ShapeId {
        class_mut(self, class).shape_names.extend(&names);
        let shape = self.shapes.add(Some(class), kind, inline, names);
        self.own_shape(class, kind, shape);
        shape
    }

    /// The shape lives as long as its class.
    #[inline]
    pub fn own_shape(&mut self, class: Value, kind: Kind, shape: ShapeId) {
        class_mut(self, class).shape_count += 1;
        self.ctx.heap.set_owned_layout(shape, layout::layout_of(kind), class);
    }

    /// Adds functions to a built-in class.
    #[inline]
    pub fn add_methods(&mut self, class: Value, defs: &'static [crate::rows::NativeDef]) {
        for def in defs {
            let f = if def.name == "__new__" {
                let f = rows::new_builtin(self, def, None, Some(class));
                self.new_wrapper(Kind::StaticMethod, f)
            } else {
                rows::new_method(self, def, class)
            };
            self.set_class_attr_str(class, def.name, f);
        }
    }

    /// Sets an attribute of a class, by text, at start-up.
    #[inline]
    pub fn set_class_attr_str(&mut self, class: Value, name: &str, v: Value) {
        let key = text::intern(self, name.as_bytes());
        class_mut(self, class).attrs.insert(key.bits(), (key, v));
        self.class_epoch += 1;
    }

    /// A staticmethod or classmethod object.
    #[inline]
    pub fn new_wrapper(&mut self, kind: Kind, f: Value) -> Value {
        let shape = self.kind_shape(kind);
        let w = self.ctx.alloc(shape, 2);
        layout::WRAPPED.init(w, f);
        layout::WRAPPED_DICT.init(w, Value::UNBOUND);
        w
    }

    /// A new foreign object around a Rust struct.
    #[inline]
    pub fn new_foreign<T: foreign::Foreign>(&mut self, shape: ShapeId, value: T) -> Value {
        let v = self.ctx.alloc(shape, 2);
        self.ctx.heap.add_external(value.external_bytes() as isize);
        FOREIGN_BOX.write(v, foreign::into_word(value));
        v
    }
}
