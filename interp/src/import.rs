//! Imports: modules from native tables and from files on `sys.path`, packages, `from` and star imports.

use crate::errors::{PyResult, Raise};
use crate::objects::Kind;
use crate::objects::code::code_data;
use crate::objects::layout::*;
use crate::objects::text::str_text;
use crate::vm::{CompileMode, Vm};
use hoop_gc::Value;
use std::path::{Path, PathBuf};

impl Vm {
    /// `import name` with a level and a from-list (None or a tuple).
    pub fn import_statement(&mut self, name: Value, level: Value, from: Value) -> PyResult {
        let level = level.as_int().unwrap_or(0);
        let name = str_text(name).into_owned();
        let full = if level > 0 { self.resolve_relative(&name, level)? } else { name.clone() };
        if full.is_empty() {
            return Err(self.value_error("Empty module name"));
        }
        let module = self.import_module(&full)?;
        if from == Value::NONE || !self.truth(from)? {
            if level > 0 {
                return Ok(module);
            }
            let top = name.split('.').next().unwrap_or(&name).to_string();
            return self.import_module(&top);
        }
        self.import_submodules(&full, module, from)?;
        Ok(module)
    }

    /// `from package import submodule` imports what is no attribute yet.
    fn import_submodules(&mut self, full: &str, module: Value, from: Value) -> PyResult<()> {
        if self.kind(module) != Kind::Module {
            return Ok(());
        }
        let ns = MODULE_DICT.read(module).unwrap_or(Value::NONE);
        let key = self.names.path;
        if self.dict_get_str(ns, key).is_none() {
            return Ok(());
        }
        for &n in self.collect(from)?.as_slice() {
            if self.kind(n) != Kind::Str || self.dict_get_str(ns, n).is_some() || &*str_text(n) == "*" {
                continue;
            }
            let sub = format!("{full}.{}", str_text(n));
            if let Err(raise) = self.import_module(&sub) {
                let class = self.types.module_not_found_error;
                if self.catch(class).is_none() {
                    return Err(raise);
                }
            }
        }
        Ok(())
    }

    fn resolve_relative(&mut self, name: &str, level: i64) -> PyResult<String> {
        let globals = self.looked_at_frame().map(|f| code_data(f.code).globals);
        let Some(ns) = globals else { return Err(self.no_parent()) };
        let (package_key, path_key) = (self.names.package, self.names.path);
        let package = match self.dict_get_str(ns, package_key) {
            Some(p) if self.kind(p) == Kind::Str => str_text(p).into_owned(),
            _ => {
                let own = self.module_name(ns);
                if self.kind(own) != Kind::Str {
                    return Err(self.no_parent());
                }
                let own = str_text(own).into_owned();
                if self.dict_get_str(ns, path_key).is_some() {
                    own
                } else {
                    own.rsplit_once('.').map_or(String::new(), |(p, _)| p.to_string())
                }
            }
        };
        if package.is_empty() {
            return Err(self.no_parent());
        }
        let mut base = package.as_str();
        for _ in 1..level {
            match base.rsplit_once('.') {
                Some((parent, _)) => base = parent,
                None => return Err(self.import_error("attempted relative import beyond top-level package")),
            }
        }
        Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
    }

    fn no_parent(&mut self) -> Raise {
        self.import_error("attempted relative import with no known parent package")
    }

    /// The module of this full name, imported if need be, parents first.
    pub fn import_module(&mut self, full: &str) -> PyResult {
        let key = self.intern(full.as_bytes());
        let modules = self.modules;
        if let Some(m) = self.dict_get_str(modules, key) {
            if m == Value::NONE {
                return Err(self.not_found(full, &format!("import of {full} halted; None in sys.modules")));
            }
            return Ok(m);
        }
        self.enter_native()?;
        let Some((parent, last)) = full.rsplit_once('.') else {
            let path = self.sys_path;
            return self.find_and_load(full, full, path);
        };
        let parent_module = self.import_module(parent)?;
        if let Some(m) = self.dict_get_str(modules, key) {
            return Ok(m);
        }
        let path_key = self.names.path;
        let Some(path) = self.getattr_opt(parent_module, path_key)? else {
            let text = format!("No module named '{full}'; '{parent}' is not a package");
            return Err(self.not_found(full, &text));
        };
        let m = self.find_and_load(full, last, path)?;
        let attr = self.intern(last.as_bytes());
        self.setattr(parent_module, attr, m)?;
        Ok(m)
    }

    fn not_found(&mut self, full: &str, text: &str) -> Raise {
        let class = self.types.module_not_found_error;
        let message = self.str(text);
        let Ok(exc) = self.new_exception(class, &[message]) else { return Raise };
        let name = self.str(full);
        let _ = self.instance_set(exc, self.names.obj_name, name);
        self.raise(exc)
    }

    fn find_and_load(&mut self, full: &str, last: &str, path: Value) -> PyResult {
        if let Some(native) = self.native_modules.iter().find(|m| m.name == full).copied() {
            return self.load_native(native);
        }
        for &dir in self.collect(path)?.as_slice() {
            if self.kind(dir) != Kind::Str {
                continue;
            }
            let dir = PathBuf::from(str_text(dir).into_owned());
            let dir = if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir };
            let package = dir.join(last).join("__init__.py");
            if package.is_file() {
                return self.load_file(full, &package, Some(&dir.join(last)));
            }
            let file = dir.join(format!("{last}.py"));
            if file.is_file() {
                return self.load_file(full, &file, None);
            }
            if dir.join(last).is_dir() {
                return self.namespace_package(full, &dir.join(last));
            }
        }
        Err(self.not_found(full, &format!("No module named '{full}'")))
    }

    fn load_native(&mut self, native: &'static crate::vm::NativeModule) -> PyResult {
        let name = self.intern(native.name.as_bytes());
        let module = self.new_module(name);
        let modules = self.modules;
        self.dict_set(modules, name, module)?;
        (native.init)(self, module)?;
        Ok(module)
    }

    fn namespace_package(&mut self, full: &str, dir: &Path) -> PyResult {
        let name = self.intern(full.as_bytes());
        let module = self.new_module(name);
        self.set_path(module, dir)?;
        let modules = self.modules;
        self.dict_set(modules, name, module)?;
        Ok(module)
    }

    fn set_path(&mut self, module: Value, dir: &Path) -> PyResult<()> {
        let text = self.str(&dir.to_string_lossy());
        let list = self.list_from(&[text])?;
        let key = self.names.path;
        self.setattr(module, key, list)
    }

    fn load_file(&mut self, full: &str, file: &Path, package: Option<&Path>) -> PyResult {
        let source = match std::fs::read(file) {
            Ok(s) => s,
            Err(error) => return Err(self.import_error(format!("cannot read {}: {error}", file.display()))),
        };
        let code = self.compile(&source, &file.to_string_lossy(), CompileMode::Exec)?;
        let name = self.intern(full.as_bytes());
        let module = self.new_module(name);
        let file_text = self.str(&file.to_string_lossy());
        let key = self.names.file;
        self.setattr(module, key, file_text)?;
        let parent = if package.is_some() { full } else { full.rsplit_once('.').map_or("", |(p, _)| p) };
        let parent = self.str(parent);
        let key = self.names.package;
        self.setattr(module, key, parent)?;
        if let Some(dir) = package {
            self.set_path(module, dir)?;
        }
        let modules = self.modules;
        self.dict_set(modules, name, module)?;
        let ns = MODULE_DICT.read(module).unwrap_or(Value::NONE);
        if let Err(raise) = self.run_code(code, ns, &[]) {
            let exc = self.take_pending();
            self.dict_remove(modules, name)?;
            self.ctx.thread.pending = Some(exc);
            return Err(raise);
        }
        Ok(self.dict_get_str(modules, name).unwrap_or(module))
    }

    /// `from module import name`.
    pub fn import_from(&mut self, module: Value, name: Value) -> PyResult {
        if let Some(v) = self.getattr_opt(module, name)? {
            return Ok(v);
        }
        let key = self.names.name;
        let own = self.getattr_opt(module, key)?.filter(|&n| self.kind(n) == Kind::Str);
        let own_text = own.map_or("<unknown module name>".to_string(), |n| str_text(n).into_owned());
        let sub = self.intern(format!("{own_text}.{}", str_text(name)).as_bytes());
        let modules = self.modules;
        if let Some(m) = self.dict_get_str(modules, sub) {
            return Ok(m);
        }
        let key = self.names.file;
        let place = match self.getattr_opt(module, key)? {
            Some(f) if self.kind(f) == Kind::Str => str_text(f).into_owned(),
            _ => "unknown location".to_string(),
        };
        let text = format!("cannot import name '{}' from '{own_text}' ({place})", str_text(name));
        Err(self.import_error(text))
    }

    /// `from module import *` into the globals of `code`.
    pub fn import_star(&mut self, module: Value, code: Value) -> PyResult<()> {
        let globals = code_data(code).globals;
        let all = self.names.all;
        if let Some(names) = self.getattr_opt(module, all)? {
            for &n in self.collect(names)?.as_slice() {
                let n = self.intern_str(n);
                let v = self.getattr(module, n)?;
                self.dict_set(globals, n, v)?;
            }
            return Ok(());
        }
        let key = self.names.dict;
        let ns = self.getattr(module, key)?;
        let mut i = 0;
        while let Some((at, e)) = self.dict_next(ns, i) {
            if self.kind(e.key) == Kind::Str && !str_text(e.key).starts_with('_') {
                self.dict_set(globals, e.key, e.value)?;
            }
            i = at + 1;
        }
        Ok(())
    }
}
