//! Class statements and decorators.
//!
//! A class body is a function whose only parameter is the namespace mapping; its names go through that mapping. It
//! returns the `__class__` cell, if a method needs it, else None, and leaves the cell in the namespace as
//! `__classcell__` too, where `type.__new__` looks for it.

use crate::emit::{Compiler, Reg};
use crate::errors::Res;
use crate::function::NewUnit;
use crate::symtable::Part;
use hoop_bytecode::{Code, CodeFlags, Const, Op, Params, SiteKind};
use ruff_python_ast::{Decorator, Expr, ExprAttribute, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

/// The name of the parameter that receives the namespace.
pub(crate) const NAMESPACE_PARAMETER: &str = ".namespace";

impl<'a> Compiler<'a> {
    pub fn class_statement(&mut self, node: &'a StmtClassDef) -> Res {
        if let Some(parameters) = &node.type_params {
            return self.fail(parameters.range, "type parameters are not supported yet");
        }
        let mark = self.mark();
        let decorators = self.decorators(&node.decorator_list)?;
        let result = self.temp();
        let at = header_range(node);
        let scope = self.scope_of(node.range, Part::Body)?;
        let code = self.class_body(node, scope)?;
        let window = self.temps(4);
        self.emit(at, Op::LoadBuildClass, window, 0, 0);
        self.emit(at, Op::Unbind, window + 1, 0, 0);
        self.make_closure(at, code, scope, window + 2)?;
        self.load_const(at, window + 3, Const::str(&node.name));
        let whole = TextRange::new(at.start(), node.range.end());
        self.call_class_builder(whole, window, node.arguments.as_deref(), result)?;
        self.apply_decorators(&node.decorator_list, decorators, result);
        let name = self.mangled(&node.name);
        self.store_name(node.name.range, &name, result);
        self.release(mark);
        Ok(())
    }

    fn class_body(&mut self, node: &'a StmtClassDef, scope: usize) -> Res<Code> {
        let new = NewUnit {
            scope,
            name: node.name.to_string(),
            at: header_range(node),
            params: Params { positional: 1, positional_only: 1, ..Params::default() },
            param_names: vec![NAMESPACE_PARAMETER.to_owned()],
            flags: CodeFlags { class_body: true, ..CodeFlags::default() },
        };
        let docstring = self.docstring(&node.body);
        self.nested_unit(new, |compiler| {
            compiler.unit.code.namespace_reg = Some(0);
            compiler.class_prologue(header_range(node), docstring);
            compiler.body(&node.body)?;
            compiler.block_annotations(&node.body, node.range, "__annotate_func__")?;
            compiler.class_result(TextRange::empty(node.range.end()));
            Ok(())
        })
    }

    fn class_prologue(&mut self, at: TextRange, docstring: Option<Const>) {
        let mark = self.mark();
        let value = self.temp();
        let site = self.site(SiteKind::Name, "__name__");
        self.emit_wide(at, Op::LoadName, value, site);
        self.store_in_namespace(at, "__module__", value);
        let qualname = Const::str(&self.unit.code.qualname);
        self.load_const(at, value, qualname);
        self.store_in_namespace(at, "__qualname__", value);
        let line = self.unit.code.first_line;
        self.load_const(at, value, Const::Int(line as i64));
        self.store_in_namespace(at, "__firstlineno__", value);
        if let Some(docstring) = docstring.clone() {
            self.load_const(at, value, docstring);
            self.store_in_namespace(at, "__doc__", value);
        }
        self.set_docstring(docstring);
        self.release(mark);
    }

    fn store_in_namespace(&mut self, at: TextRange, name: &str, from: Reg) {
        let site = self.site(SiteKind::Name, name);
        self.emit_wide(at, Op::StoreName, from, site);
    }

    /// An attribute set on `self` in a function is one that instances of the innermost class will have.
    pub fn note_static_attribute(&mut self, attribute: &ExprAttribute) {
        let on_self = matches!(&*attribute.value, Expr::Name(name) if name.id == "self");
        if !on_self || self.unit.code.flags.class_body {
            return;
        }
        if let Some(class) = self.outer.iter_mut().rev().find(|unit| unit.code.flags.class_body) {
            class.static_attributes.insert(attribute.attr.to_string());
        }
    }

    fn class_result(&mut self, at: TextRange) {
        let names = std::mem::take(&mut self.unit.static_attributes);
        let mark = self.mark();
        let value = self.temp();
        self.load_const(at, value, Const::Tuple(names.iter().map(|name| Const::str(name)).collect()));
        self.store_in_namespace(at, "__static_attributes__", value);
        self.release(mark);
        match self.unit.code.cell_registers.first().copied().filter(|_| !self.unit.code.cell_names.is_empty())
        {
            Some(cell) => {
                self.store_in_namespace(at, "__classcell__", cell);
                self.emit(at, Op::Return, cell, 0, 0);
            }
            None => self.return_none(at),
        }
    }

    // ---- decorators

    /// Evaluates decorators: the first of their call windows (two registers each).
    pub fn decorators(&mut self, decorators: &'a [Decorator]) -> Res<Vec<Reg>> {
        let mut windows = Vec::with_capacity(decorators.len());
        for decorator in decorators {
            let window = self.temps(2);
            self.expr(&decorator.expression, window)?;
            windows.push(window);
        }
        Ok(windows)
    }

    /// `value := decorator(value)`, the last decorator first.
    pub fn apply_decorators(&mut self, decorators: &'a [Decorator], windows: Vec<Reg>, value: Reg) {
        for (decorator, window) in decorators.iter().zip(windows).rev() {
            let at = decorator.expression.range();
            self.emit_move(at, window + 1, value);
            self.emit(at, Op::Call, value, window, 1);
        }
    }
}

/// From the first decorator or `class` up to the arguments or the name.
fn header_range(node: &StmtClassDef) -> TextRange {
    let end = node.arguments.as_ref().map_or(node.name.range.end(), |arguments| arguments.range.end());
    TextRange::new(node.range.start(), end)
}
