//! Calls: arguments are evaluated straight into the call window.

use crate::emit::{Compiler, Place, Reg, SiteKindOfCell};
use crate::errors::Res;
use crate::symtable::{Binding, ScopeKind};
use hoop_bytecode::{Const, Op, SiteKind};
use ruff_python_ast::{Arguments, Expr, ExprAttribute, ExprCall, Keyword};
use ruff_text_size::{Ranged, TextRange};

impl<'a> Compiler<'a> {
    pub fn call(&mut self, e: &'a ExprCall, to: Reg) -> Res {
        let at = e.range();
        self.check_keywords(&e.arguments)?;
        if needs_unpacking(&e.arguments) {
            let window = self.temps(3);
            self.expr(&e.func, window)?;
            return self.call_unpacking(at, window, &[], &e.arguments, to);
        }
        if let Expr::Attribute(attribute) = &*e.func {
            let window = self.temps(2);
            self.method(attribute, window)?;
            return self.call_method(at, window, &e.arguments, to);
        }
        if e.arguments.keywords.is_empty() {
            let window = self.temp();
            self.expr(&e.func, window)?;
            self.window(&e.arguments.args)?;
            self.emit(at, Op::Call, to, window, e.arguments.args.len() as u16);
            return Ok(());
        }
        let window = self.temps(2);
        self.expr(&e.func, window)?;
        self.emit(at, Op::Unbind, window + 1, 0, 0);
        self.call_method(at, window, &e.arguments, to)
    }

    /// Calls what `window` holds (a function and its self) with arguments that need no unpacking.
    fn call_method(&mut self, at: TextRange, window: Reg, arguments: &'a Arguments, to: Reg) -> Res {
        self.window(&arguments.args)?;
        let positional = arguments.args.len() as u16;
        if arguments.keywords.is_empty() {
            self.emit(at, Op::CallMethod, to, window, positional);
            return Ok(());
        }
        let names = self.keyword_values(&arguments.keywords)?;
        let site = self.call_site(at, positional, names)?;
        self.emit(at, Op::CallKw, to, window, site);
        Ok(())
    }

    fn keyword_values(&mut self, keywords: &'a [Keyword]) -> Res<Vec<u32>> {
        let mut names = Vec::with_capacity(keywords.len());
        for keyword in keywords {
            let register = self.temp();
            self.expr(&keyword.value, register)?;
            if let Some(name) = &keyword.arg {
                let name = self.mangled(name);
                names.push(self.name_index(&name));
            }
        }
        Ok(names)
    }

    fn method(&mut self, e: &'a ExprAttribute, window: Reg) -> Res {
        let mark = self.mark();
        if let Some(arguments) = self.super_window(&e.value)? {
            let site = self.attr_site(e.range, &e.attr)?;
            self.emit(e.range, Op::LoadSuperMethod, window, arguments, site);
            // The arguments of the call follow its window at once.
            self.release(mark);
            return Ok(());
        }
        let object = self.operand_in(&e.value, window)?;
        let site = self.attr_site(e.range, &e.attr)?;
        self.emit(e.range, Op::LoadMethod, window, object, site);
        Ok(())
    }

    /// Calls the function in `window` with arguments to unpack. `leading` registers hold positional arguments that come
    /// before those of the source (class statements).
    pub fn call_unpacking(
        &mut self,
        at: TextRange,
        window: Reg,
        leading: &[Reg],
        arguments: &'a Arguments,
        to: Reg,
    ) -> Res {
        let (positional, keywords) = (window + 1, window + 2);
        if let ([], [Expr::Starred(only)]) = (leading, &arguments.args[..]) {
            // `f(*x)`: the call itself unpacks any iterable.
            self.expr(&only.value, positional)?;
        } else if leading.is_empty() {
            self.list_of(at, &arguments.args, positional)?;
        } else {
            let mark = self.mark();
            let copies = self.temps(leading.len() as u32);
            for (copy, register) in (copies..).zip(leading) {
                self.emit_move(at, copy, *register);
            }
            self.emit(at, Op::BuildList, positional, copies, leading.len() as u16);
            self.release(mark);
            self.extend_list(positional, &arguments.args)?;
        }
        if arguments.keywords.is_empty() {
            self.emit(at, Op::Unbind, keywords, 0, 0);
        } else {
            self.keyword_dict(at, window, &arguments.keywords, keywords)?;
        }
        self.emit(at, Op::CallEx, to, window, 0);
        Ok(())
    }

    fn extend_list(&mut self, list: Reg, items: &'a [Expr]) -> Res {
        for item in items {
            let mark = self.mark();
            let (op, value) = match item {
                Expr::Starred(starred) => (Op::ListExtend, &*starred.value),
                item => (Op::ListAppend, item),
            };
            let value = self.operand(value)?;
            self.emit(item.range(), op, list, value, 0);
            self.release(mark);
        }
        Ok(())
    }

    fn keyword_dict(&mut self, at: TextRange, function: Reg, keywords: &'a [Keyword], to: Reg) -> Res {
        self.emit(at, Op::BuildDict, to, to, 0);
        let mut rest = keywords;
        while !rest.is_empty() {
            let mark = self.mark();
            let named = rest.iter().position(|keyword| keyword.arg.is_none()).unwrap_or(rest.len());
            let (chunk, after) = rest.split_at(named);
            rest = after;
            if !chunk.is_empty() {
                let part = self.temp();
                self.named_arguments(at, chunk, part)?;
                self.emit(at, Op::DictMerge, to, part, function);
            }
            if let Some((unpacked, after)) = rest.split_first() {
                rest = after;
                let value = self.operand(&unpacked.value)?;
                self.emit(unpacked.range, Op::DictMerge, to, value, function);
            }
            self.release(mark);
        }
        Ok(())
    }

    fn named_arguments(&mut self, at: TextRange, keywords: &'a [Keyword], to: Reg) -> Res {
        let window = self.mark().min(u16::MAX as u32) as Reg;
        for keyword in keywords {
            let (key, value) = (self.temp(), self.temp());
            if let Some(name) = &keyword.arg {
                let name = self.mangled(name);
                self.load_const(keyword.range, key, Const::str(&name));
            }
            self.expr(&keyword.value, value)?;
        }
        self.emit(at, Op::BuildDict, to, window, keywords.len() as u16);
        Ok(())
    }

    fn check_keywords(&self, arguments: &Arguments) -> Res {
        let mut seen = std::collections::HashSet::new();
        for keyword in &arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            if !seen.insert(name.as_str()) {
                return self.fail(keyword.range, format!("keyword argument repeated: {name}"));
            }
            if name.as_str() == "__debug__" {
                return self.fail(keyword.range, "cannot assign to __debug__");
            }
        }
        Ok(())
    }

    // ---- class statements

    /// Calls `window` (three registers to come: function, body, name) for a class statement.
    pub fn call_class_builder(
        &mut self,
        at: TextRange,
        window: Reg,
        arguments: Option<&'a Arguments>,
        to: Reg,
    ) -> Res {
        let Some(arguments) = arguments else {
            self.emit(at, Op::CallMethod, to, window, 2);
            return Ok(());
        };
        self.check_keywords(arguments)?;
        if needs_unpacking(arguments) {
            let unpacked = self.temps(3);
            self.emit_move(at, unpacked, window);
            return self.call_unpacking(at, unpacked, &[window + 2, window + 3], arguments, to);
        }
        self.window(&arguments.args)?;
        let positional = arguments.args.len() as u16 + 2;
        if arguments.keywords.is_empty() {
            self.emit(at, Op::CallMethod, to, window, positional);
            return Ok(());
        }
        let names = self.keyword_values(&arguments.keywords)?;
        let site = self.call_site(at, positional, names)?;
        self.emit(at, Op::CallKw, to, window, site);
        Ok(())
    }

    // ---- super

    /// For `super()` without arguments in a method: the registers of `super`, `__class__` and the first argument.
    pub fn super_window(&mut self, e: &'a Expr) -> Res<Option<Reg>> {
        let Expr::Call(call) = e else { return Ok(None) };
        let Expr::Name(name) = &*call.func else { return Ok(None) };
        let scope = &self.table.scopes[self.unit.scope];
        let is_plain_function = matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda);
        let fits = name.id.as_str() == "super"
            && call.arguments.args.is_empty()
            && call.arguments.keywords.is_empty()
            && is_plain_function
            && self.unit.code.params.positional > 0
            && self.place_of("super") == Place::Global
            && scope.binding("__class__") == Some(Binding::Free);
        let first = self.unit.code.local_names.first().cloned();
        let (true, Some(first)) = (fits, first) else { return Ok(None) };
        let at = e.range();
        let window = self.temps(3);
        self.load_name(name.range, "super", window)?;
        if let Place::Cell(cell, SiteKindOfCell::Outer) = self.place_of("__class__") {
            let site = self.short_site(at, SiteKind::CellFree, "__class__")?;
            self.emit(at, Op::LoadCell, window + 1, cell, site);
        } else {
            self.load_name(at, "__class__", window + 1)?;
        }
        self.load_name(at, &first, window + 2)?;
        Ok(Some(window))
    }
}

fn needs_unpacking(arguments: &Arguments) -> bool {
    const MAX_WINDOW: usize = 2000;
    arguments.args.iter().any(Expr::is_starred_expr)
        || arguments.keywords.iter().any(|keyword| keyword.arg.is_none())
        || arguments.args.len() + arguments.keywords.len() > MAX_WINDOW
}
