//! Function statements, lambdas, closures, annotations, and the frame layout of every nested code object.

use crate::emit::{Compiler, Reg, SiteKindOfCell, Unit};
use crate::errors::{ErrorKind, Res, error_at};
use crate::finish::finish;
use crate::fold;
use crate::symtable::{Binding, Part, Scope, ScopeKind};
use hoop_bytecode::{Code, CodeFlags, Const, MAX_REGISTERS, Op, Params};
use ruff_python_ast::{ExceptHandler, Expr, ExprLambda, Parameters, Stmt, StmtAnnAssign, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use std::sync::Arc;

/// What a nested code object starts from.
pub(crate) struct NewUnit {
    pub scope: usize,
    pub name: String,
    pub at: TextRange,
    pub params: Params,
    pub param_names: Vec<String>,
    pub flags: CodeFlags,
}

/// The annotations of a function in the order of their names in `__annotations__`.
pub(crate) fn annotations(function: &StmtFunctionDef) -> Vec<(&str, &Expr)> {
    let parameters = &function.parameters;
    let plain = parameters.posonlyargs.iter().chain(&parameters.args).map(|parameter| &parameter.parameter);
    let keyword_only = parameters.kwonlyargs.iter().map(|parameter| &parameter.parameter);
    let all =
        plain.chain(parameters.vararg.as_deref()).chain(keyword_only).chain(parameters.kwarg.as_deref());
    let mut found: Vec<(&str, &Expr)> = all
        .filter_map(|parameter| Some((parameter.name.as_str(), parameter.annotation.as_deref()?)))
        .collect();
    found.extend(function.returns.as_deref().map(|returns| ("return", returns)));
    found
}

pub(crate) fn has_annotations(function: &StmtFunctionDef) -> bool {
    !annotations(function).is_empty()
}

/// The annotated simple names of a module or class body, compound statements included.
pub(crate) fn variable_annotations(body: &[Stmt]) -> Vec<(&str, &Expr)> {
    let mut found = Vec::new();
    collect_annotations(body, &mut found);
    found
}

fn collect_annotations<'a>(body: &'a [Stmt], found: &mut Vec<(&'a str, &'a Expr)>) {
    for statement in body {
        match statement {
            Stmt::AnnAssign(StmtAnnAssign { target, annotation, simple: true, .. }) => {
                if let Expr::Name(name) = &**target {
                    found.push((name.id.as_str(), annotation));
                }
            }
            Stmt::If(node) => {
                collect_annotations(&node.body, found);
                node.elif_else_clauses.iter().for_each(|clause| collect_annotations(&clause.body, found));
            }
            Stmt::For(node) => {
                collect_annotations(&node.body, found);
                collect_annotations(&node.orelse, found);
            }
            Stmt::While(node) => {
                collect_annotations(&node.body, found);
                collect_annotations(&node.orelse, found);
            }
            Stmt::With(node) => collect_annotations(&node.body, found),
            Stmt::Try(node) => {
                collect_annotations(&node.body, found);
                for ExceptHandler::ExceptHandler(handler) in &node.handlers {
                    collect_annotations(&handler.body, found);
                }
                collect_annotations(&node.orelse, found);
                collect_annotations(&node.finalbody, found);
            }
            _ => {}
        }
    }
}

impl<'a> Compiler<'a> {
    // ---- nested code objects

    /// Compiles a nested code object: the frame is laid out, cells are made, then `body` emits the rest.
    pub fn nested_unit(&mut self, new: NewUnit, body: impl FnOnce(&mut Self) -> Res) -> Res<Code> {
        let at = new.at;
        let unit = self.new_unit(new);
        let outer = std::mem::replace(&mut self.unit, unit);
        self.outer.push(outer);
        self.make_cells(at);
        let result = body(self);
        let outer = self.outer.pop();
        let Some(outer) = outer else { return self.fail(at, "unbalanced code objects") };
        let unit = std::mem::replace(&mut self.unit, outer);
        result?;
        self.finish_unit(unit, at)
    }

    /// Turns a unit into a code object, if it keeps the limits.
    pub fn finish_unit(&self, mut unit: Unit<'a>, at: TextRange) -> Res<Code> {
        // The last register of a generator's frame is for the machine.
        unit.code.registers += unit.code.flags.generator as u32;
        if unit.code.registers > MAX_REGISTERS {
            let message = format!("more than {MAX_REGISTERS} variables and temporaries in one code object");
            return Err(error_at(self.source, ErrorKind::SyntaxError, at, message));
        }
        Ok(finish(unit))
    }

    fn new_unit(&self, new: NewUnit) -> Unit<'a> {
        let mut flags = new.flags;
        flags.nested = self.unit_is_function();
        flags.future_annotations = self.future_annotations;
        let scope = &self.table.scopes[new.scope];
        flags.frame_locals = self.uses_frame_locals(new.scope);
        flags.uses_class_cell = scope.binding("__class__") == Some(Binding::Free);
        let code = Code {
            qualname: self.qualname(&new.name),
            name: new.name,
            filename: self.source.filename.clone(),
            first_line: self.source.line(new.at.start()),
            params: new.params,
            flags,
            ..Code::default()
        };
        let mut unit = Unit::new(new.scope, code);
        self.lay_out(&mut unit, new.param_names);
        unit
    }

    fn unit_is_function(&self) -> bool {
        self.table.scopes[self.unit.scope].kind.is_function()
    }

    /// The qualified name of something defined in the current unit.
    fn qualname(&self, name: &str) -> String {
        let scope = &self.table.scopes[self.unit.scope];
        let mangled = self.mangled(name);
        if scope.kind == ScopeKind::Module || scope.binding(&mangled) == Some(Binding::GlobalExplicit) {
            return name.to_owned();
        }
        let infix = if scope.kind == ScopeKind::Class { "." } else { ".<locals>." };
        format!("{}{infix}{name}", self.unit.code.qualname)
    }

    /// Gives every local, cell and free variable its register.
    fn lay_out(&self, unit: &mut Unit<'a>, param_names: Vec<String>) {
        let scope = &self.table.scopes[unit.scope];
        for (register, name) in param_names.iter().enumerate() {
            unit.locals.insert(name.clone(), register as Reg);
        }
        let mut names = param_names;
        if scope.kind.is_function() {
            for name in scope.names(Binding::Local).filter(|name| !unit.locals.contains_key(*name)) {
                names.push(name.clone());
            }
            for (register, name) in names.iter().enumerate() {
                unit.locals.insert(name.clone(), register as Reg);
            }
        }
        let visible = names.len();
        self.lay_out_hidden(unit, unit.scope, &mut names, (visible, &mut Vec::new()));
        unit.code.local_names = names;
        let next = self.lay_out_cells(unit, scope);
        unit.start_temporaries(next);
    }

    /// Does a function, or a comprehension inlined in any code, look at the variables in the frame's registers?
    fn uses_frame_locals(&self, scope: usize) -> bool {
        let inlined = |child: &&usize| self.table.scopes[**child].inlined;
        let scope = &self.table.scopes[scope];
        scope.uses_frame_locals && (scope.kind.is_function() || scope.inlined)
            || scope.children.iter().filter(inlined).any(|child| self.uses_frame_locals(*child))
    }

    /// Inlined comprehensions: siblings share registers where their names are the same, nested ones have others than
    /// their parents, whose registers are `taken`. The names get a leading dot: `locals()` sees them only while they
    /// are bound.
    fn lay_out_hidden(
        &self,
        unit: &mut Unit<'a>,
        parent: usize,
        names: &mut Vec<String>,
        (visible, taken): (usize, &mut Vec<usize>),
    ) {
        for child in &self.table.scopes[parent].children {
            let scope = &self.table.scopes[*child];
            if !scope.inlined {
                continue;
            }
            let outer = taken.len();
            for name in scope.names(Binding::Local).filter(|name| !name.starts_with('.')) {
                let hidden = format!(".{name}");
                let free = |at: &usize| names[*at] == hidden && !taken.contains(at);
                let at = (visible..names.len()).find(free).unwrap_or(names.len());
                if at == names.len() {
                    names.push(hidden);
                }
                unit.hidden.insert((*child, name.clone()), at as Reg);
                taken.push(at);
            }
            self.lay_out_hidden(unit, *child, names, (visible, taken));
            taken.truncate(outer);
        }
    }

    fn lay_out_cells(&self, unit: &mut Unit<'a>, scope: &Scope) -> u32 {
        let mut next = unit.code.local_names.len() as u32;
        let params = unit.code.params.count() as u32;
        let mut take = |unit: &mut Unit<'a>| {
            next += 1;
            unit.code.registers = unit.code.registers.max(next);
            (next - 1) as Reg
        };
        let own = scope.names(Binding::Cell).cloned();
        let own: Vec<String> = own.chain(scope.needs_class_cell.then(|| "__class__".to_owned())).collect();
        for name in own {
            let parameter = unit.locals.get(&name).copied().filter(|register| (*register as u32) < params);
            let register = parameter.unwrap_or_else(|| take(unit));
            unit.cells.insert(name.clone(), (register, SiteKindOfCell::Own));
            unit.code.cell_names.push(name);
            unit.code.cell_registers.push(register);
        }
        for name in free_names(scope) {
            let register = take(unit);
            unit.cells.entry(name.clone()).or_insert((register, SiteKindOfCell::Outer));
            unit.code.free_names.push(name);
            unit.code.cell_registers.push(register);
        }
        if !unit.code.free_names.is_empty() {
            unit.code.func_reg = Some(take(unit));
        }
        next
    }

    /// The entry sequence.
    pub fn make_cells(&mut self, at: TextRange) {
        let at = TextRange::empty(at.start());
        let own = self.unit.code.cell_names.len();
        let registers = self.unit.code.cell_registers.clone();
        for register in &registers[..own] {
            self.emit(at, Op::MakeCell, *register, 0, 0);
        }
        for (number, register) in registers[own..].iter().enumerate() {
            self.emit(at, Op::CopyFree, *register, number as u16, 0);
        }
    }

    /// `to := function` with its closure. `to` must be a temporary.
    pub fn make_closure(&mut self, at: TextRange, code: Code, scope: usize, to: Reg) -> Res {
        let constant = self.constant(Const::Code(Arc::new(code)));
        self.emit_wide(at, Op::MakeFunction, to, constant);
        let free = free_names(&self.table.scopes[scope]);
        if free.is_empty() {
            return Ok(());
        }
        let mark = self.mark();
        let window = self.temps(free.len() as u32);
        for (register, name) in (window..).zip(&free) {
            let Some((cell, _)) = self.unit.cells.get(name).copied() else {
                return self.fail(at, format!("no cell for the free variable '{name}'"));
            };
            self.emit_move(at, register, cell);
        }
        self.emit(at, Op::BuildTuple, window, window, free.len() as u16);
        self.emit(at, Op::SetFunc, to, window, 3);
        self.release(mark);
        Ok(())
    }

    // ---- functions

    pub fn function_statement(&mut self, node: &'a StmtFunctionDef) -> Res {
        if let Some(parameters) = &node.type_params {
            return self.fail(parameters.range, "type parameters are not supported yet");
        }
        let mark = self.mark();
        let decorators = self.decorators(&node.decorator_list)?;
        let function = self.temp();
        self.function_value(node, function)?;
        self.apply_decorators(&node.decorator_list, decorators, function);
        let name = self.mangled(&node.name);
        self.store_name(node.name.range, &name, function);
        self.release(mark);
        Ok(())
    }

    fn function_value(&mut self, node: &'a StmtFunctionDef, to: Reg) -> Res {
        let scope = self.scope_of(node.range, Part::Body)?;
        let docstring = self.docstring(&node.body);
        let new = NewUnit {
            scope,
            name: node.name.to_string(),
            at: definition_range(node),
            params: params_of(&node.parameters),
            param_names: self.param_names(scope, &node.parameters),
            flags: function_flags(&self.table.scopes[scope]),
        };
        let code = self.nested_unit(new, |compiler| {
            compiler.set_docstring(docstring);
            compiler.body(&node.body)?;
            compiler.return_none(TextRange::empty(node.range.end()));
            Ok(())
        })?;
        let at = definition_range(node);
        let defaults = self.defaults(&node.parameters)?;
        self.make_closure(at, code, scope, to)?;
        self.set_defaults(at, to, defaults);
        self.function_annotations(node, to)
    }

    pub fn lambda(&mut self, node: &'a ExprLambda, to: Reg) -> Res {
        let scope = self.scope_of(node.range, Part::Body)?;
        let parameters = node.parameters.as_deref();
        let new = NewUnit {
            scope,
            name: "<lambda>".to_owned(),
            at: node.range,
            params: parameters.map_or(Params::default(), params_of),
            param_names: parameters.map_or(Vec::new(), |parameters| self.param_names(scope, parameters)),
            flags: CodeFlags {
                generator: self.table.scopes[scope].is_generator,
                optimized: true,
                ..CodeFlags::default()
            },
        };
        let code = self.nested_unit(new, |compiler| {
            let value = compiler.operand(&node.body)?;
            compiler.emit(node.body.range(), Op::Return, value, 0, 0);
            Ok(())
        })?;
        let function = self.scratch(to);
        let defaults = match parameters {
            Some(parameters) => self.defaults(parameters)?,
            None => [None, None],
        };
        self.make_closure(node.range, code, scope, function)?;
        self.set_defaults(node.range, function, defaults);
        self.emit_move(node.range, to, function);
        Ok(())
    }

    pub fn scope_of(&self, range: TextRange, part: Part) -> Res<usize> {
        match self.table.by_node.get(&(range, part)) {
            Some(scope) => Ok(*scope),
            None => self.fail(range, "block without a scope"),
        }
    }

    fn param_names(&self, scope: usize, parameters: &Parameters) -> Vec<String> {
        let private = self.table.scopes[scope].private.as_deref();
        let plain = parameters.posonlyargs.iter().chain(&parameters.args).chain(&parameters.kwonlyargs);
        let plain = plain.map(|parameter| &parameter.parameter.name);
        let variadic = parameters.vararg.iter().chain(&parameters.kwarg).map(|parameter| &parameter.name);
        plain.chain(variadic).map(|name| crate::symtable::mangle(private, name)).collect()
    }

    /// Evaluates defaults: the registers of the tuple and of the dict.
    fn defaults(&mut self, parameters: &'a Parameters) -> Res<[Option<Reg>; 2]> {
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let values: Vec<&'a Expr> = positional.filter_map(|parameter| parameter.default.as_deref()).collect();
        let tuple = if values.is_empty() { None } else { Some(self.default_tuple(&values)?) };
        let keywords: Vec<_> =
            parameters.kwonlyargs.iter().filter(|parameter| parameter.default.is_some()).collect();
        if keywords.is_empty() {
            return Ok([tuple, None]);
        }
        let dict = self.temp();
        let mark = self.mark();
        let window = mark.min(u16::MAX as u32) as Reg;
        for parameter in &keywords {
            let (key, value) = (self.temp(), self.temp());
            let name = self.mangled(&parameter.parameter.name);
            self.load_const(parameter.range, key, Const::str(&name));
            if let Some(default) = &parameter.default {
                self.expr(default, value)?;
            }
        }
        self.emit(parameters.range, Op::BuildDict, dict, window, keywords.len() as u16);
        self.release(mark);
        Ok([tuple, Some(dict)])
    }

    fn default_tuple(&mut self, values: &[&'a Expr]) -> Res<Reg> {
        let to = self.temp();
        let at = values[0].range();
        let constants: Option<Vec<Const>> =
            values.iter().map(|value| fold::constant(self.source, value)).collect();
        if let Some(constants) = constants {
            self.load_const(at, to, Const::Tuple(constants));
            return Ok(to);
        }
        let mark = self.mark();
        for value in values {
            let register = self.temp();
            self.expr(value, register)?;
        }
        self.emit(at, Op::BuildTuple, to, mark.min(u16::MAX as u32) as Reg, values.len() as u16);
        self.release(mark);
        Ok(to)
    }

    fn set_defaults(&mut self, at: TextRange, function: Reg, defaults: [Option<Reg>; 2]) {
        for (slot, value) in defaults.into_iter().enumerate() {
            if let Some(value) = value {
                self.emit(at, Op::SetFunc, function, value, slot as u16);
            }
        }
    }

    // ---- annotations

    fn function_annotations(&mut self, node: &'a StmtFunctionDef, function: Reg) -> Res {
        let entries = annotations(node);
        if entries.is_empty() {
            return Ok(());
        }
        let mark = self.mark();
        let annotate = self.temp();
        self.annotate_function(definition_range(node), node.range, entries, annotate)?;
        self.emit(node.range, Op::SetFunc, function, annotate, 2);
        self.release(mark);
        Ok(())
    }

    /// The annotations of a module's or class's variables, stored under `name`.
    pub fn block_annotations(&mut self, body: &'a [Stmt], range: TextRange, name: &str) -> Res {
        let entries = variable_annotations(body);
        if entries.is_empty() {
            return Ok(());
        }
        let mark = self.mark();
        let annotate = self.temp();
        self.annotate_function(TextRange::empty(range.start()), range, entries, annotate)?;
        self.store_name(TextRange::empty(range.start()), name, annotate);
        self.release(mark);
        Ok(())
    }

    /// `to := __annotate__`, a function of one parameter `format` that gives the dict of annotations, and raises
    /// NotImplementedError for formats other than 1 (values) and 2.
    fn annotate_function(
        &mut self,
        at: TextRange,
        node: TextRange,
        entries: Vec<(&'a str, &'a Expr)>,
        to: Reg,
    ) -> Res {
        let private = self.table.scopes[self.unit.scope].private.clone();
        let scope = match self.table.by_node.get(&(node, Part::Annotations)) {
            Some(scope) => *scope,
            None => self.empty_scope(),
        };
        let new = NewUnit {
            scope,
            name: "__annotate__".to_owned(),
            at,
            params: Params { positional: 1, positional_only: 1, ..Params::default() },
            param_names: vec!["format".to_owned()],
            flags: CodeFlags { optimized: true, ..CodeFlags::default() },
        };
        let code = self.nested_unit(new, |compiler| {
            compiler.check_format(at)?;
            let dict = compiler.temp();
            compiler.emit(at, Op::BuildDict, dict, dict, 0);
            for (name, annotation) in entries {
                let mark = compiler.mark();
                let (key, value) = (compiler.temp(), compiler.temp());
                let name = crate::symtable::mangle(private.as_deref(), name);
                compiler.load_const(annotation.range(), key, Const::str(&name));
                compiler.annotation_value(annotation, value)?;
                compiler.emit(annotation.range(), Op::DictSet, dict, key, value);
                compiler.release(mark);
            }
            compiler.emit(at, Op::Return, dict, 0, 0);
            Ok(())
        })?;
        self.make_closure(at, code, scope, to)
    }

    /// With `from __future__ import annotations` an annotate function has no names: any scope without free ones does.
    fn empty_scope(&self) -> usize {
        0
    }

    fn annotation_value(&mut self, annotation: &'a Expr, to: Reg) -> Res {
        if self.future_annotations {
            let text = self.source.slice(annotation.range());
            self.load_const(annotation.range(), to, Const::str(text));
            return Ok(());
        }
        let Expr::Starred(starred) = annotation else { return self.expr(annotation, to) };
        let mark = self.mark();
        let value = self.operand(&starred.value)?;
        self.emit(starred.range, Op::Unpack, to, value, 1);
        self.release(mark);
        Ok(())
    }

    fn check_format(&mut self, at: TextRange) -> Res {
        let go_on = self.label();
        let mark = self.mark();
        let test = self.temp();
        self.emit(at, Op::IfGtImm, test, 0, 2);
        self.emit_jump(at, Op::JumpIfFalse, test, go_on);
        let site = self.site(hoop_bytecode::SiteKind::Global, "NotImplementedError");
        self.emit_wide(at, Op::LoadGlobal, test, site);
        self.emit(at, Op::Raise, test, 0, 0);
        self.place(go_on);
        self.release(mark);
        Ok(())
    }

    // ---- docstrings

    /// The docstring of a body.
    pub fn docstring(&self, body: &[Stmt]) -> Option<Const> {
        let Some(Stmt::Expr(statement)) = body.first() else { return None };
        if self.optimize >= 2 || !statement.value.is_string_literal_expr() {
            return None;
        }
        match fold::constant(self.source, &statement.value) {
            Some(Const::Str(text)) => Some(Const::Str(clean_docstring(&text))),
            _ => None,
        }
    }

    pub fn set_docstring(&mut self, docstring: Option<Const>) {
        self.unit.code.docstring = docstring.map(|docstring| self.constant(docstring));
    }
}

/// Which of the four kinds of function a scope belongs to.
pub(crate) fn function_flags(scope: &Scope) -> CodeFlags {
    CodeFlags {
        generator: scope.is_generator && !scope.is_async,
        coroutine: !scope.is_generator && scope.is_async,
        async_generator: scope.is_generator && scope.is_async,
        optimized: true,
        ..CodeFlags::default()
    }
}

/// The free variables of a scope, in the order of its closure.
fn free_names(scope: &Scope) -> Vec<String> {
    scope.names(Binding::Free).chain(&scope.pass_through).cloned().collect()
}

fn params_of(parameters: &Parameters) -> Params {
    Params {
        positional_only: parameters.posonlyargs.len() as u16,
        positional: (parameters.posonlyargs.len() + parameters.args.len()) as u16,
        keyword_only: parameters.kwonlyargs.len() as u16,
        has_varargs: parameters.vararg.is_some(),
        has_varkw: parameters.kwarg.is_some(),
    }
}

/// From the first decorator or the `def` up to the parameters.
fn definition_range(node: &StmtFunctionDef) -> TextRange {
    TextRange::new(node.range.start(), node.parameters.range.end())
}

/// Removes the indentation that the lines after the first have in common, as CPython's compiler does.
fn clean_docstring(text: &[u8]) -> Vec<u8> {
    let expanded = expand_tabs(text);
    let mut lines = expanded.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&[u8]> = lines.collect();
    let indent = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    let filled = rest.iter().filter(|line| indent(line) < line.len());
    let margin = filled.map(|line| indent(line)).min().unwrap_or(0);
    let mut out = first[indent(first)..].to_vec();
    for line in rest {
        out.push(b'\n');
        out.extend_from_slice(&line[margin.min(indent(line))..]);
    }
    out
}

fn expand_tabs(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    for byte in text {
        match byte {
            b'\t' => {
                let width = 8 - column % 8;
                out.resize(out.len() + width, b' ');
                column += width;
            }
            b'\n' => {
                out.push(b'\n');
                column = 0;
            }
            byte => {
                out.push(*byte);
                column += 1;
            }
        }
    }
    out
}
