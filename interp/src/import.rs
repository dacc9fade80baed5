//! Imports: modules from native tables and from files on `sys.path`, packages, `from` and star imports.

use crate::execution;
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::text::{self, str_text};
use hoop_object::vm::{CompileMode, Vm};
use hoop_object::{dict, function, list, module};
use hoop_protocol::{attr, attributes, call, protocol};
use hoop_types::functions::builtins::locals;
use std::path::{Path, PathBuf};

/// `import name` with a level and a from-list (None or a tuple).
pub fn import_statement(vm: &mut Vm, name: Value, level: Value, from: Value) -> PyResult {
    let level = level.as_int().unwrap_or(0);
    let name = str_text(name).into_owned();
    let full = if level > 0 { resolve_relative(vm, &name, level)? } else { name.clone() };
    if full.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let module = import_module(vm, &full)?;
    if from == Value::NONE || !protocol::truth(vm, from)? {
        if level > 0 {
            return Ok(module);
        }
        let top = name.split('.').next().unwrap_or(&name).to_string();
        return import_module(vm, &top);
    }
    import_submodules(vm, &full, module, from)?;
    Ok(module)
}

/// `from package import submodule` imports what is no attribute yet.
fn import_submodules(vm: &mut Vm, full: &str, module: Value, from: Value) -> PyResult<()> {
    if vm.kind(module) != Kind::Module {
        return Ok(());
    }
    let ns = MODULE_DICT.read(module).unwrap_or(Value::NONE);
    let key = vm.names.path;
    if dict::get_str(vm, ns, key).is_none() {
        return Ok(());
    }
    for &n in protocol::collect(vm, from)?.as_slice() {
        if vm.kind(n) != Kind::Str || dict::get_str(vm, ns, n).is_some() || &*str_text(n) == "*" {
            continue;
        }
        let sub = format!("{full}.{}", str_text(n));
        if let Err(raise) = import_module(vm, &sub) {
            let class = vm.types.module_not_found_error;
            if vm.catch(class).is_none() {
                return Err(raise);
            }
        }
    }
    Ok(())
}

fn resolve_relative(vm: &mut Vm, name: &str, level: i64) -> PyResult<String> {
    let globals = locals::looked_at_frame(vm).map(|f| code_data(f.code).globals);
    let Some(ns) = globals else { return Err(no_parent(vm)) };
    let (package_key, path_key) = (vm.names.package, vm.names.path);
    let package = match dict::get_str(vm, ns, package_key) {
        Some(p) if vm.kind(p) == Kind::Str => str_text(p).into_owned(),
        _ => {
            let own = function::module_name(vm, ns);
            if vm.kind(own) != Kind::Str {
                return Err(no_parent(vm));
            }
            let own = str_text(own).into_owned();
            if dict::get_str(vm, ns, path_key).is_some() {
                own
            } else {
                own.rsplit_once('.').map_or(String::new(), |(p, _)| p.to_string())
            }
        }
    };
    if package.is_empty() {
        return Err(no_parent(vm));
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((parent, _)) => base = parent,
            None => return Err(vm.import_error("attempted relative import beyond top-level package")),
        }
    }
    Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
}

fn no_parent(vm: &mut Vm) -> Raise {
    vm.import_error("attempted relative import with no known parent package")
}

/// The module of this full name, imported if need be, parents first.
pub fn import_module(vm: &mut Vm, full: &str) -> PyResult {
    let key = text::intern(vm, full.as_bytes());
    let modules = vm.modules;
    if let Some(m) = dict::get_str(vm, modules, key) {
        if m == Value::NONE {
            return Err(not_found(vm, full, &format!("import of {full} halted; None in sys.modules")));
        }
        return Ok(m);
    }
    protocol::enter_native(vm)?;
    let Some((parent, last)) = full.rsplit_once('.') else {
        let path = vm.sys_path;
        return find_and_load(vm, full, full, path);
    };
    let parent_module = import_module(vm, parent)?;
    if let Some(m) = dict::get_str(vm, modules, key) {
        return Ok(m);
    }
    let path_key = vm.names.path;
    let Some(path) = attributes::getattr_opt(vm, parent_module, path_key)? else {
        let text = format!("No module named '{full}'; '{parent}' is not a package");
        return Err(not_found(vm, full, &text));
    };
    let m = find_and_load(vm, full, last, path)?;
    let attr = text::intern(vm, last.as_bytes());
    attributes::setattr(vm, parent_module, attr, m)?;
    Ok(m)
}

fn not_found(vm: &mut Vm, full: &str, text: &str) -> Raise {
    let class = vm.types.module_not_found_error;
    let message = text::str(vm, text);
    let Ok(exc) = vm.new_exception(class, &[message]) else { return Raise };
    let name = text::str(vm, full);
    let obj_name = vm.names.obj_name;
    let _ = attr::instance_set(vm, exc, obj_name, name);
    vm.raise(exc)
}

fn find_and_load(vm: &mut Vm, full: &str, last: &str, path: Value) -> PyResult {
    if let Some(native) = vm.native_modules.iter().find(|m| m.name == full).copied() {
        return load_native(vm, native);
    }
    for &dir in protocol::collect(vm, path)?.as_slice() {
        if vm.kind(dir) != Kind::Str {
            continue;
        }
        let dir = PathBuf::from(str_text(dir).into_owned());
        let dir = if dir.as_os_str().is_empty() { PathBuf::from(".") } else { dir };
        let package = dir.join(last).join("__init__.py");
        if package.is_file() {
            return load_file(vm, full, &package, Some(&dir.join(last)));
        }
        let file = dir.join(format!("{last}.py"));
        if file.is_file() {
            return load_file(vm, full, &file, None);
        }
        if dir.join(last).is_dir() {
            return namespace_package(vm, full, &dir.join(last));
        }
    }
    Err(not_found(vm, full, &format!("No module named '{full}'")))
}

fn load_native(vm: &mut Vm, native: &'static hoop_object::vm::NativeModule) -> PyResult {
    let name = text::intern(vm, native.name.as_bytes());
    let module = module::new_module(vm, name);
    let modules = vm.modules;
    dict::set(vm, modules, name, module)?;
    (native.init)(vm, module)?;
    Ok(module)
}

fn namespace_package(vm: &mut Vm, full: &str, dir: &Path) -> PyResult {
    let name = text::intern(vm, full.as_bytes());
    let module = module::new_module(vm, name);
    set_path(vm, module, dir)?;
    let modules = vm.modules;
    dict::set(vm, modules, name, module)?;
    Ok(module)
}

fn set_path(vm: &mut Vm, module: Value, dir: &Path) -> PyResult<()> {
    let text = text::str(vm, &dir.to_string_lossy());
    let list = list::from(vm, &[text])?;
    let key = vm.names.path;
    attributes::setattr(vm, module, key, list)
}

fn load_file(vm: &mut Vm, full: &str, file: &Path, package: Option<&Path>) -> PyResult {
    let source = match std::fs::read(file) {
        Ok(s) => s,
        Err(error) => return Err(vm.import_error(format!("cannot read {}: {error}", file.display()))),
    };
    let code = execution::compile_source(vm, &source, &file.to_string_lossy(), CompileMode::Exec)?;
    let name = text::intern(vm, full.as_bytes());
    let module = module::new_module(vm, name);
    let file_text = text::str(vm, &file.to_string_lossy());
    let key = vm.names.file;
    attributes::setattr(vm, module, key, file_text)?;
    let parent = if package.is_some() { full } else { full.rsplit_once('.').map_or("", |(p, _)| p) };
    let parent = text::str(vm, parent);
    let key = vm.names.package;
    attributes::setattr(vm, module, key, parent)?;
    if let Some(dir) = package {
        set_path(vm, module, dir)?;
    }
    let modules = vm.modules;
    dict::set(vm, modules, name, module)?;
    let ns = MODULE_DICT.read(module).unwrap_or(Value::NONE);
    if let Err(raise) = call::run_code(vm, code, ns, &[]) {
        let exc = vm.take_pending();
        dict::remove(vm, modules, name)?;
        vm.ctx.thread.pending = Some(exc);
        return Err(raise);
    }
    Ok(dict::get_str(vm, modules, name).unwrap_or(module))
}

/// `from module import name`.
pub fn import_from(vm: &mut Vm, module: Value, name: Value) -> PyResult {
    if let Some(v) = attributes::getattr_opt(vm, module, name)? {
        return Ok(v);
    }
    let key = vm.names.name;
    let own = attributes::getattr_opt(vm, module, key)?.filter(|&n| vm.kind(n) == Kind::Str);
    let own_text = own.map_or("<unknown module name>".to_string(), |n| str_text(n).into_owned());
    let sub = text::intern(vm, format!("{own_text}.{}", str_text(name)).as_bytes());
    let modules = vm.modules;
    if let Some(m) = dict::get_str(vm, modules, sub) {
        return Ok(m);
    }
    let key = vm.names.file;
    let place = match attributes::getattr_opt(vm, module, key)? {
        Some(f) if vm.kind(f) == Kind::Str => str_text(f).into_owned(),
        _ => "unknown location".to_string(),
    };
    let text = format!("cannot import name '{}' from '{own_text}' ({place})", str_text(name));
    Err(vm.import_error(text))
}

/// `from module import *` into the globals of `code`.
pub fn import_star(vm: &mut Vm, module: Value, code: Value) -> PyResult<()> {
    let globals = code_data(code).globals;
    let all = vm.names.all;
    if let Some(names) = attributes::getattr_opt(vm, module, all)? {
        for &n in protocol::collect(vm, names)?.as_slice() {
            let n = text::intern_str(vm, n);
            let v = attributes::getattr(vm, module, n)?;
            dict::set(vm, globals, n, v)?;
        }
        return Ok(());
    }
    let key = vm.names.dict;
    let ns = attributes::getattr(vm, module, key)?;
    let mut i = 0;
    while let Some((at, e)) = dict::dict_next(vm, ns, i) {
        if vm.kind(e.key) == Kind::Str && !str_text(e.key).starts_with('_') {
            dict::set(vm, globals, e.key, e.value)?;
        }
        i = at + 1;
    }
    Ok(())
}
