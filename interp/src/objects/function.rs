//! Run-time code objects and functions made by native code.

use super::code::{CodeData, SiteCache};
use super::foreign;
use super::kind::Kind;
use super::layout::*;
use crate::errors::PyResult;
use crate::ops;
use crate::vm::Vm;
use hoop_bytecode::{Code, Const, Op};
use hoop_gc::Value;
use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

impl Vm {
    /// Binds a code object to globals (a namespace): the code that functions made from it run.
    pub fn load_code(&mut self, code: Arc<Code>, globals: Value, builtins: Value) -> PyResult {
        if let Err(error) = hoop_bytecode::verify(&code) {
            return Err(self.system_error(format!("malformed code object: {error}")));
        }
        let shape = self.kind_shape(Kind::Code);
        let consts = self.load_consts(&code.consts, globals, builtins)?;
        let roots = self.ctx.heap.temp_root_count();
        let name = self.rooted_name(code.name.as_bytes());
        let qualname = self.rooted_name(code.qualname.as_bytes());
        let data = CodeData {
            instrs: code.instrs.iter().map(|&i| ops::encode(i)).collect(),
            names: self.site_names(&code),
            keyword_names: code.names.iter().map(|n| Some(self.rooted_name(n.as_bytes()))).collect(),
            caches: code.sites.iter().map(|_| Cell::new(SiteCache::EMPTY)).collect(),
            globals,
            builtins,
            local_names: code.local_names.iter().map(|n| self.rooted_name(n.as_bytes())).collect(),
            liveness: OnceCell::new(),
            looks: RefCell::default(),
            locals_seen: Cell::new(code.flags.frame_locals),
            calls_left: Cell::new(self.call_threshold),
            simple_params: if code.flags.generator { u32::MAX } else { plain_params(&code) },
            plain_params: plain_params(&code),
            suspensions: super::handled::suspensions(&code),
            has_loop: code.instrs.iter().any(|i| i.op == Op::Loop),
            consts: Vec::new(),
            name,
            qualname,
            code,
        };
        let value = self.new_foreign(shape, data);
        // The constants are heap objects: rooted by the vector until here, by the code object from here on.
        foreign::get_known::<CodeData>(value).consts = consts.as_slice().to_vec();
        self.ctx.heap.truncate_temp_roots(roots);
        Ok(value)
    }

    /// An interned name that the code object is going to keep: a temporary root until there is one.
    fn rooted_name(&mut self, text: &[u8]) -> Value {
        let name = self.intern(text);
        self.ctx.heap.push_temp_root(name);
        name
    }

    fn site_names(&mut self, code: &Code) -> Vec<Option<Value>> {
        let names = code.sites.iter().map(|s| s.name.and_then(|n| code.names.get(n as usize)));
        names.map(|n| n.map(|n| self.rooted_name(n.as_bytes()))).collect()
    }

    fn load_consts(
        &mut self,
        consts: &[Const],
        globals: Value,
        builtins: Value,
    ) -> PyResult<super::tuple::ValueVec> {
        let mut out = super::tuple::ValueVec::with_capacity(self, consts.len())?;
        for c in consts {
            let v = self.load_const(c, globals, builtins)?;
            out.push(self, v)?;
        }
        Ok(out)
    }

    fn load_const(&mut self, c: &Const, globals: Value, builtins: Value) -> PyResult {
        Ok(match c {
            Const::None => Value::NONE,
            Const::Bool(b) => Value::bool(*b),
            Const::Ellipsis => Value::ELLIPSIS,
            Const::Int(i) => self.int_from_i64(*i),
            Const::BigInt(text) => match text.parse::<dashu_int::IBig>() {
                Ok(n) => self.int_from_ibig(&n)?,
                Err(_) => return Err(self.system_error("malformed integer constant")),
            },
            Const::Float(bits) => self.ctx.box_float(f64::from_bits(*bits)),
            Const::Complex(real, imag) => self.new_complex(f64::from_bits(*real), f64::from_bits(*imag)),
            Const::Str(text) => {
                if text.len() <= 64 {
                    self.intern(text)
                } else {
                    self.new_str(text)
                }
            }
            Const::Bytes(data) => self.new_bytes(data)?,
            Const::Tuple(items) => {
                let items = self.load_consts(items, globals, builtins)?;
                self.new_tuple(items.as_slice())?
            }
            Const::FrozenSet(items) => {
                let items = self.load_consts(items, globals, builtins)?;
                let s = self.new_frozenset();
                for &v in items.as_slice() {
                    self.dict_set(s, v, Value::NONE)?;
                }
                s
            }
            Const::Code(code) => self.load_code(code.clone(), globals, builtins)?,
        })
    }

    /// A function that runs `code` with no defaults and no closure.
    pub fn make_function(&mut self, code: Value) -> Value {
        let data = super::code::code_data(code);
        let shape = self.kind_shape(Kind::Function);
        let module = self.module_name(data.globals);
        let f = self.ctx.alloc(shape, 10);
        for field in [FUNC_DEFAULTS, FUNC_KWDEFAULTS, FUNC_CLOSURE, FUNC_DICT, FUNC_ANNOTATE] {
            field.init(f, Value::UNBOUND);
        }
        for (field, v) in [
            (FUNC_CODE, code),
            (FUNC_NAME, data.name),
            (FUNC_QUALNAME, data.qualname),
            (FUNC_DOC, Value::NONE),
            (FUNC_MODULE, module),
        ] {
            field.init(f, v);
        }
        f
    }

    /// The dict of a function's keyword-only defaults. The function holds it in a cell when the program has a hold of it,
    /// too, and may change it at any time.
    pub fn keyword_defaults(&self, f: Value) -> Option<Value> {
        let held = FUNC_KWDEFAULTS.read(f).filter(|&d| d != Value::UNBOUND)?;
        if self.kind(held) == Kind::Cell { CELL_VALUE.read(held) } else { Some(held) }
    }

    /// As [`Vm::keyword_defaults`], for the program; None if there are none.
    pub fn hand_out_keyword_defaults(&mut self, f: Value) -> Value {
        let Some(dict) = self.keyword_defaults(f) else { return Value::NONE };
        if FUNC_KWDEFAULTS.read(f) == Some(dict) {
            let cell = self.new_cell(Some(dict));
            self.ctx.write(f, &FUNC_KWDEFAULTS, cell);
        }
        dict
    }

    /// `__name__` of a namespace, or None.
    pub fn module_name(&mut self, globals: Value) -> Value {
        let name = self.names.name;
        self.dict_get_str(globals, name).unwrap_or(Value::NONE)
    }

    /// Runs module-level code (or an expression's) in a namespace. `locals`: the mapping for its names, if it was
    /// compiled for one.
    pub fn run_code(&mut self, code: Arc<Code>, globals: Value, locals: &[Value]) -> PyResult {
        self.make_namespace(globals)?;
        let builtins = self.builtins_of(globals)?;
        let code = self.load_code(code, globals, builtins)?;
        let f = self.make_function(code);
        self.call(f, locals)
    }

    /// The namespace of builtins that code under these globals sees; sets `__builtins__` if it is missing.
    fn builtins_of(&mut self, globals: Value) -> PyResult {
        let key = self.names.builtins;
        match self.dict_get_str(globals, key) {
            Some(v) if self.kind(v) == Kind::Module => Ok(MODULE_DICT.read(v).unwrap_or(self.builtins)),
            Some(v) if self.kind(v).is_dict() => {
                self.make_namespace(v)?;
                Ok(v)
            }
            _ => {
                let module = self.builtins_module();
                self.dict_set(globals, key, module)?;
                Ok(self.builtins)
            }
        }
    }
}

fn plain_params(code: &Code) -> u32 {
    let p = code.params;
    let plain = p.keyword_only == 0 && !p.has_varargs && !p.has_varkw;
    if plain { p.positional as u32 } else { u32::MAX }
}
