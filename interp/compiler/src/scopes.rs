//! The builder of the symbol table: one walk over the tree, see `symtable`.
//!
//! It also finds the errors that CPython reports from its symbol table pass, and bounds the nesting of the tree, so
//! that later passes may recurse freely.

use crate::errors::{CompileError, ErrorKind, Res, error_at};
use crate::source::Source;
use crate::symtable::{Part, Scope, ScopeKind, SymbolTable, mangle};
use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_stmt};
use ruff_python_ast::{
    Comprehension, ExceptHandler, Expr, ExprAttribute, ExprCall, ExprContext, Identifier, Mod, Parameters,
    Stmt, StmtAnnAssign, StmtClassDef, StmtFunctionDef, StmtImportFrom,
};
use ruff_text_size::{Ranged, TextRange};
use std::collections::HashMap;

/// Expressions and statements may nest this deep.
pub(crate) const MAX_DEPTH: usize = 3000;

/// The parameter of a generator or comprehension function that receives its outermost iterator.
pub(crate) const ITERATOR_PARAMETER: &str = ".0";

/// Built-in functions that may read the local variables of their caller.
pub(crate) const FRAME_READERS: [&str; 5] = ["locals", "vars", "dir", "eval", "exec"];

/// Names of the module of built-in names.
const BUILTINS: [&str; 2] = ["builtins", "__builtins__"];

/// Builds and resolves the scopes of a source.
pub(crate) fn build(tree: &Mod, source: &Source, future_annotations: bool) -> Res<SymbolTable> {
    let mut builder = Builder {
        source,
        table: SymbolTable {
            scopes: vec![Scope::new(ScopeKind::Module, None, None)],
            by_node: HashMap::new(),
        },
        current: 0,
        depth: 0,
        future_annotations: future_annotations || has_future_annotations(tree),
        error: None,
        readers_go_round: false,
    };
    match tree {
        Mod::Module(module) => {
            builder.body(&module.body);
            builder.block_annotations(&module.body, module.range);
        }
        Mod::Expression(expression) => builder.visit_expr(&expression.body),
    }
    if let Some(error) = builder.error {
        return Err(error);
    }
    let mut table = builder.table;
    table.resolve(source)?;
    table.keep_frame_locals(builder.readers_go_round);
    Ok(table)
}

/// Whether `from __future__ import annotations` is in force.
pub(crate) fn has_future_annotations(tree: &Mod) -> bool {
    let Mod::Module(module) = tree else { return false };
    module.body.iter().any(|statement| match statement {
        Stmt::ImportFrom(import) => {
            import.module.as_ref().is_some_and(|module| module.as_str() == "__future__")
                && import.names.iter().any(|name| name.name.as_str() == "annotations")
        }
        _ => false,
    })
}

fn is_bare_super(call: &ExprCall) -> bool {
    matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "super") && call.arguments.is_empty()
}

struct Builder<'a> {
    source: &'a Source,
    table: SymbolTable,
    current: usize,
    depth: usize,
    future_annotations: bool,
    error: Option<Box<CompileError>>,
    /// A function that reads its caller's frame is taken from the module of built-in names.
    readers_go_round: bool,
}

impl<'a> Builder<'a> {
    fn fail(&mut self, range: TextRange, message: String) {
        if self.error.is_none() {
            self.error = Some(error_at(self.source, ErrorKind::SyntaxError, range, message));
        }
    }

    fn scope(&mut self) -> &mut Scope {
        &mut self.table.scopes[self.current]
    }

    fn mangled(&self, name: &str) -> String {
        mangle(self.table.scopes[self.current].private.as_deref(), name)
    }

    fn body(&mut self, body: &'a [Stmt]) {
        body.iter().for_each(|statement| self.visit_stmt(statement));
    }

    /// Runs `inside` in a new scope for this node.
    fn enter(
        &mut self,
        kind: ScopeKind,
        node: TextRange,
        part: Part,
        private: Option<String>,
        inside: impl FnOnce(&mut Self),
    ) {
        let private = private.or_else(|| self.scope().private.clone());
        let outer = self.current;
        let index = self.table.scopes.len();
        self.table.scopes.push(Scope::new(kind, Some(outer), private));
        self.table.scopes[outer].children.push(index);
        self.table.by_node.insert((node, part), index);
        self.current = index;
        inside(self);
        self.current = outer;
    }

    fn bind(&mut self, name: &str, range: TextRange) {
        if name == "__debug__" {
            self.fail(range, "cannot assign to __debug__".to_owned());
        }
        let name = self.mangled(name);
        self.scope().symbol(&name).bound = true;
    }

    /// `called`: by this name, where it stands.
    fn use_name(&mut self, name: &str, called: bool) {
        let name = self.mangled(name);
        let symbol = self.scope().symbol(&name);
        symbol.used = true;
        symbol.handed_on |= !called;
        let reads_frame = FRAME_READERS.contains(&name.as_str())
            || name == "__class__" && self.scope().kind.is_function()
            || name == "super" && !called;
        self.scope().uses_frame_locals |= reads_frame;
        if name == "super" && self.scope().kind.is_function() {
            self.scope().symbol("__class__").used = true;
        }
    }

    /// A call of a plain name hands no function on.
    fn call(&mut self, expression: &'a Expr, call: &'a ExprCall) {
        let Expr::Name(function) = &*call.func else { return walk_expr(self, expression) };
        self.use_name(&function.id, true);
        if is_bare_super(call) {
            self.scope().uses_frame_locals = true;
        }
        self.visit_arguments(&call.arguments);
    }

    fn attribute(&mut self, attribute: &'a ExprAttribute) {
        match &*attribute.value {
            // The class and the object are operands: nothing looks at the frame.
            Expr::Call(call) if is_bare_super(call) => self.use_name("super", true),
            value => {
                let of_builtins = matches!(value, Expr::Name(name) if BUILTINS.contains(&name.id.as_str()));
                self.readers_go_round |= of_builtins && FRAME_READERS.contains(&attribute.attr.as_str());
                self.visit_expr(value);
            }
        }
    }

    fn import_from(&mut self, import: &'a StmtImportFrom) {
        let of_builtins = import.module.as_ref().is_some_and(|module| BUILTINS.contains(&module.as_str()));
        for alias in &import.names {
            self.readers_go_round |= of_builtins && FRAME_READERS.contains(&alias.name.as_str());
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            if bound.as_str() != "*" {
                self.bind(bound, bound.range);
            } else if self.scope().kind != ScopeKind::Module {
                self.fail(import.range, "import * only allowed at module level".to_owned());
            }
        }
    }

    fn parameter(&mut self, name: &Identifier) {
        let mangled = self.mangled(name);
        if self.scope().symbols.get(&mangled).is_some_and(|symbol| symbol.param) {
            self.fail(name.range, format!("duplicate argument '{name}' in function definition"));
        }
        self.bind(name, name.range);
        self.scope().symbol(&mangled).param = true;
    }

    fn parameters(&mut self, parameters: &'a Parameters) {
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        for parameter in positional.chain(&parameters.kwonlyargs) {
            self.parameter(&parameter.parameter.name);
        }
        for parameter in parameters.vararg.iter().chain(&parameters.kwarg) {
            self.parameter(&parameter.name);
        }
    }

    fn defaults(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                self.visit_expr(default);
            }
        }
    }

    fn function(&mut self, function: &'a StmtFunctionDef) {
        function.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
        self.defaults(&function.parameters);
        self.bind(&function.name, function.name.range);
        if !self.future_annotations && crate::function::has_annotations(function) {
            self.enter(ScopeKind::Annotate, function.range, Part::Annotations, None, |builder| {
                builder.scope().symbol("format").bound = true;
                builder.scope().symbol("format").param = true;
                for (_, annotation) in crate::function::annotations(function) {
                    builder.visit_expr(annotation);
                }
            });
        }
        self.enter(ScopeKind::Function, function.range, Part::Body, None, |builder| {
            builder.scope().is_async = function.is_async;
            builder.parameters(&function.parameters);
            builder.body(&function.body);
        });
    }

    fn class(&mut self, class: &'a StmtClassDef) {
        class.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
        if let Some(arguments) = &class.arguments {
            arguments.args.iter().for_each(|base| self.visit_expr(base));
            arguments.keywords.iter().for_each(|keyword| self.visit_expr(&keyword.value));
        }
        self.bind(&class.name, class.name.range);
        let private = Some(class.name.to_string());
        self.enter(ScopeKind::Class, class.range, Part::Body, private, |builder| {
            builder.body(&class.body);
            builder.block_annotations(&class.body, class.range);
        });
    }

    /// The annotations of a module's or class's variables form a function of their own.
    fn block_annotations(&mut self, body: &'a [Stmt], range: TextRange) {
        let annotated = crate::function::variable_annotations(body);
        if annotated.is_empty() || self.future_annotations {
            return;
        }
        self.enter(ScopeKind::Annotate, range, Part::Annotations, None, |builder| {
            builder.scope().symbol("format").bound = true;
            builder.scope().symbol("format").param = true;
            annotated.iter().for_each(|(_, annotation)| builder.visit_expr(annotation));
        });
    }

    fn annotated_assignment(&mut self, statement: &'a StmtAnnAssign) {
        match &*statement.target {
            Expr::Name(name) => {
                let mangled = self.mangled(&name.id);
                let symbol = self.scope().symbol(&mangled);
                symbol.annotated = true;
                let (global, nonlocal) = (symbol.global, symbol.nonlocal);
                if statement.simple && (global || nonlocal) {
                    let kind = if global { "global" } else { "nonlocal" };
                    let message = format!("annotated name '{}' can't be {kind}", name.id);
                    self.fail(statement.range, message);
                }
                if statement.simple || statement.value.is_some() {
                    self.bind(&name.id, name.range);
                }
            }
            target => self.visit_expr(target),
        }
        if let Some(value) = &statement.value {
            self.visit_expr(value);
        }
    }

    fn declare(&mut self, names: &[Identifier], range: TextRange, global: bool) {
        let word = if global { "global" } else { "nonlocal" };
        let at_module = self.scope().kind == ScopeKind::Module;
        if at_module && !global {
            return self.fail(range, "nonlocal declaration not allowed at module level".to_owned());
        }
        for name in names {
            let mangled = self.mangled(name);
            let symbol = self.scope().symbol(&mangled);
            let problem = if symbol.param {
                Some(format!("name '{name}' is parameter and {word}"))
            } else if symbol.nonlocal && global || symbol.global && !global {
                Some(format!("name '{name}' is nonlocal and global"))
            } else if symbol.annotated {
                Some(format!("annotated name '{name}' can't be {word}"))
            } else if symbol.bound {
                Some(format!("name '{name}' is assigned to before {word} declaration"))
            } else if symbol.used {
                Some(format!("name '{name}' is used prior to {word} declaration"))
            } else {
                None
            };
            symbol.declared_at = range;
            symbol.global |= global;
            symbol.nonlocal |= !global;
            if let Some(message) = problem {
                self.fail(range, message);
            }
        }
    }

    fn comprehension(
        &mut self,
        kind: ScopeKind,
        node: TextRange,
        generators: &'a [Comprehension],
        elements: &[&'a Expr],
    ) {
        let Some(first) = generators.first() else { return };
        self.visit_expr(&first.iter);
        self.enter(kind, node, Part::Body, None, |builder| {
            builder.scope().is_generator = kind == ScopeKind::Generator;
            let parameter = builder.scope().symbol(ITERATOR_PARAMETER);
            (parameter.bound, parameter.param) = (true, true);
            for (at, generator) in generators.iter().enumerate() {
                if generator.is_async {
                    builder.await_here(generator.range, "asynchronous comprehension");
                }
                builder.iteration_target(&generator.target);
                if at > 0 {
                    builder.visit_expr(&generator.iter);
                }
                generator.ifs.iter().for_each(|condition| builder.visit_expr(condition));
            }
            elements.iter().for_each(|element| builder.visit_expr(element));
        });
    }

    fn iteration_target(&mut self, target: &'a Expr) {
        self.visit_expr(target);
        let mut pending = vec![target];
        while let Some(target) = pending.pop() {
            match target {
                Expr::Name(name) => {
                    let mangled = self.mangled(&name.id);
                    self.scope().symbol(&mangled).iteration = true;
                }
                Expr::Tuple(tuple) => pending.extend(&tuple.elts),
                Expr::List(list) => pending.extend(&list.elts),
                Expr::Starred(starred) => pending.push(&starred.value),
                _ => {}
            }
        }
    }

    /// `name := value`: binds in the nearest scope that is no comprehension.
    fn walrus(&mut self, name: &str, range: TextRange) {
        let mangled = self.mangled(name);
        let inner = self.current;
        let mut outer = inner;
        while self.table.scopes[outer].kind.is_comprehension() {
            if self.table.scopes[outer].symbols.get(&mangled).is_some_and(|symbol| symbol.iteration) {
                let message =
                    format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                return self.fail(range, message);
            }
            outer = self.table.scopes[outer].parent.unwrap_or(0);
        }
        if outer == inner {
            self.bind(name, range);
            self.scope().symbol(&mangled).walrus = true;
            return;
        }
        let target = &mut self.table.scopes[outer];
        if target.kind == ScopeKind::Class {
            let message = "assignment expression within a comprehension cannot be used in a class body";
            return self.fail(range, message.to_owned());
        }
        let is_global = target.kind == ScopeKind::Module || target.symbol(&mangled).global;
        let symbol = target.symbol(&mangled);
        (symbol.bound, symbol.walrus) = (true, true);
        let mut at = inner;
        while at != outer {
            let symbol = self.table.scopes[at].symbol(&mangled);
            (symbol.global, symbol.nonlocal, symbol.declared_at) = (is_global, !is_global, range);
            at = self.table.scopes[at].parent.unwrap_or(0);
        }
    }

    fn yield_here(&mut self, range: TextRange) {
        let kind = self.scope().kind;
        match kind {
            ScopeKind::Comprehension => self.fail(range, "'yield' inside list comprehension".to_owned()),
            ScopeKind::Generator => self.fail(range, "'yield' inside generator expression".to_owned()),
            ScopeKind::Annotate => {
                self.fail(range, "yield expression cannot be used within an annotation".to_owned());
            }
            ScopeKind::Module | ScopeKind::Class => self.fail(range, "'yield' outside function".to_owned()),
            ScopeKind::Function | ScopeKind::Lambda => self.scope().is_generator = true,
        }
    }

    /// `await` and its kin need an asynchronous function; comprehensions on the way become asynchronous.
    fn await_here(&mut self, range: TextRange, what: &str) {
        let mut at = self.current;
        loop {
            let scope = &mut self.table.scopes[at];
            let kind = scope.kind;
            if scope.is_async && kind == ScopeKind::Function {
                return;
            }
            if kind.is_comprehension() {
                scope.is_async = true;
                at = scope.parent.unwrap_or(0);
                if kind == ScopeKind::Generator {
                    return;
                }
                continue;
            }
            let place = if kind.is_function() || what.starts_with("async") {
                if what.starts_with("async") { "an asynchronous function" } else { "async function" }
            } else {
                "function"
            };
            let joint = if what == "asynchronous comprehension" { "outside of" } else { "outside" };
            let place = if joint == "outside of" { place } else { place.trim_start_matches("an ") };
            return self.fail(range, format!("{what} {joint} {place}"));
        }
    }

    fn enter_node(&mut self, range: TextRange) -> bool {
        if self.depth >= MAX_DEPTH && self.error.is_none() {
            let message = "maximum recursion depth exceeded during compilation";
            self.error = Some(error_at(self.source, ErrorKind::RecursionError, range, message));
        }
        self.error.is_none()
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::AnnAssign(assignment) => self.annotated_assignment(assignment),
            Stmt::Global(global) => self.declare(&global.names, global.range, true),
            Stmt::Nonlocal(nonlocal) => self.declare(&nonlocal.names, nonlocal.range, false),
            Stmt::AugAssign(assignment) => {
                if let Expr::Name(name) = &*assignment.target {
                    self.use_name(&name.id, false);
                }
                walk_stmt(self, statement);
            }
            Stmt::For(node) if node.is_async => {
                self.await_here(node.range, "'async for'");
                walk_stmt(self, statement);
            }
            Stmt::With(node) if node.is_async => {
                self.await_here(node.range, "'async with'");
                walk_stmt(self, statement);
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    let first = bound.split('.').next().unwrap_or_default();
                    self.bind(first, bound.range);
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import),
            _ => walk_stmt(self, statement),
        }
    }

    fn expression(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) => match name.ctx {
                ExprContext::Load => self.use_name(&name.id, false),
                _ => self.bind(&name.id, name.range),
            },
            Expr::Call(call) => self.call(expression, call),
            Expr::Attribute(attribute) => self.attribute(attribute),
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                if let Expr::Name(name) = &*named.target {
                    self.walrus(&name.id, named.target.range());
                }
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                }
                self.enter(ScopeKind::Lambda, lambda.range, Part::Body, None, |builder| {
                    if let Some(parameters) = &lambda.parameters {
                        builder.parameters(parameters);
                    }
                    builder.visit_expr(&lambda.body);
                });
            }
            Expr::ListComp(comp) => {
                self.comprehension(ScopeKind::Comprehension, comp.range, &comp.generators, &[&comp.elt]);
            }
            Expr::SetComp(comp) => {
                self.comprehension(ScopeKind::Comprehension, comp.range, &comp.generators, &[&comp.elt]);
            }
            Expr::DictComp(comp) => {
                let elements: Vec<&Expr> = comp.key.as_deref().into_iter().chain([&*comp.value]).collect();
                self.comprehension(ScopeKind::Comprehension, comp.range, &comp.generators, &elements);
            }
            Expr::Generator(comp) => {
                self.comprehension(ScopeKind::Generator, comp.range, &comp.generators, &[&comp.elt]);
            }
            Expr::Await(_) => {
                self.await_here(expression.range(), "'await'");
                walk_expr(self, expression);
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                if self.scope().is_async && expression.is_yield_from_expr() {
                    self.fail(expression.range(), "'yield from' inside async function".to_owned());
                }
                self.yield_here(expression.range());
                walk_expr(self, expression);
            }
            _ => walk_expr(self, expression),
        }
    }
}

impl<'a> Visitor<'a> for Builder<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if self.enter_node(statement.range()) {
            self.depth += 1;
            self.statement(statement);
            self.depth -= 1;
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if self.enter_node(expression.range()) {
            self.depth += 1;
            self.expression(expression);
            self.depth -= 1;
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(except) = handler;
        if let Some(name) = &except.name {
            self.bind(name, name.range);
        }
        walk_except_handler(self, handler);
    }
}
