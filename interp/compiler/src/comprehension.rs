//! Comprehensions, inlined or as functions, and generator expressions.

use crate::emit::{Compiler, Reg};
use crate::errors::Res;
use crate::function::{NewUnit, function_flags};
use crate::scopes::ITERATOR_PARAMETER;
use crate::symtable::Part;
use hoop_bytecode::{Const, Op, Params};
use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::{Ranged, TextRange};

/// What a comprehension does with each element.
#[derive(Clone, Copy)]
enum Element<'a> {
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
    Yield(&'a Expr),
}

impl Element<'_> {
    fn function_name(self) -> &'static str {
        match self {
            Element::List(_) => "<listcomp>",
            Element::Set(_) => "<setcomp>",
            Element::Dict(..) => "<dictcomp>",
            Element::Yield(_) => "<genexpr>",
        }
    }
}

impl<'a> Compiler<'a> {
    pub fn comprehension(&mut self, e: &'a Expr, to: Reg) -> Res {
        let (generators, element) = match e {
            Expr::ListComp(comp) => (&comp.generators, Element::List(&comp.elt)),
            Expr::SetComp(comp) => (&comp.generators, Element::Set(&comp.elt)),
            Expr::Generator(comp) => (&comp.generators, Element::Yield(&comp.elt)),
            Expr::DictComp(comp) => match &comp.key {
                Some(key) => (&comp.generators, Element::Dict(key, &comp.value)),
                None => return self.fail(comp.range, "dict unpacking cannot be used in dict comprehension"),
            },
            _ => return self.fail(e.range(), "invalid syntax"),
        };
        self.check_comprehension(element)?;
        let Some(scope) = self.table.by_node.get(&(e.range(), Part::Body)).copied() else {
            return self.fail(e.range(), "comprehension without a scope");
        };
        if self.table.scopes[scope].inlined {
            self.inlined_comprehension(e.range(), scope, generators, element, to)
        } else {
            self.comprehension_function(e.range(), scope, generators, element, to)
        }
    }

    fn check_comprehension(&self, element: Element) -> Res {
        let value = match element {
            Element::List(value) | Element::Set(value) | Element::Yield(value) | Element::Dict(_, value) => {
                value
            }
        };
        if value.is_starred_expr() {
            return self.fail(value.range(), "iterable unpacking cannot be used in comprehension");
        }
        Ok(())
    }

    fn inlined_comprehension(
        &mut self,
        at: TextRange,
        scope: usize,
        generators: &'a [Comprehension],
        element: Element<'a>,
        to: Reg,
    ) -> Res {
        let iterator = self.temp();
        self.first_iterator(&generators[0], iterator)?;
        let result = self.scratch(to);
        self.start_result(at, element, result);
        self.unit.inlined.push(scope);
        self.generator_loop(generators, 0, iterator, element, result)?;
        self.unit.inlined.pop();
        let mut hidden: Vec<Reg> = self.table.scopes[scope]
            .order
            .iter()
            .filter_map(|name| self.unit.hidden.get(&(scope, name.clone())).copied())
            .collect();
        hidden.sort_unstable();
        for register in hidden {
            self.emit(at, Op::Unbind, register, 0, 0);
        }
        self.emit_move(at, to, result);
        Ok(())
    }

    fn first_iterator(&mut self, generator: &'a Comprehension, to: Reg) -> Res {
        let iterable = self.operand_in(&generator.iter, to)?;
        if generator.is_async {
            self.async_iterator(generator.iter.range(), iterable, to);
        } else {
            self.emit(generator.iter.range(), Op::GetIter, to, iterable, 0);
        }
        Ok(())
    }

    fn comprehension_function(
        &mut self,
        at: TextRange,
        scope: usize,
        generators: &'a [Comprehension],
        element: Element<'a>,
        to: Reg,
    ) -> Res {
        let new = NewUnit {
            scope,
            name: element.function_name().to_owned(),
            at,
            params: Params { positional: 1, positional_only: 1, ..Params::default() },
            param_names: vec![ITERATOR_PARAMETER.to_owned()],
            flags: function_flags(&self.table.scopes[scope]),
        };
        let code = self.nested_unit(new, |compiler| {
            let result = compiler.temp();
            compiler.start_result(at, element, result);
            compiler.generator_loop(generators, 0, 0, element, result)?;
            if matches!(element, Element::Yield(_)) {
                compiler.load_const(at, result, Const::None);
            }
            compiler.emit(at, Op::Return, result, 0, 0);
            Ok(())
        })?;
        let window = self.temps(2);
        self.make_closure(at, code, scope, window)?;
        self.first_iterator(&generators[0], window + 1)?;
        let result = self.scratch(to);
        self.emit(at, Op::Call, result, window, 1);
        if self.table.scopes[scope].is_async && !matches!(element, Element::Yield(_)) {
            self.await_in_place(at, result);
        }
        self.emit_move(at, to, result);
        Ok(())
    }

    fn start_result(&mut self, at: TextRange, element: Element, result: Reg) {
        let op = match element {
            Element::List(_) => Op::BuildList,
            Element::Set(_) => Op::BuildSet,
            Element::Dict(..) => Op::BuildDict,
            Element::Yield(_) => return,
        };
        self.emit(at, op, result, result, 0);
    }

    /// The loop of generator number `depth` over `iterator`, with all inside it.
    fn generator_loop(
        &mut self,
        generators: &'a [Comprehension],
        depth: usize,
        iterator: Reg,
        element: Element<'a>,
        result: Reg,
    ) -> Res {
        let Some(generator) = generators.get(depth) else {
            return self.element(element, result);
        };
        let mark = self.mark();
        let end = self.label();
        let header = self.loop_header(generator.range);
        let at = generator.iter.range();
        let stopped = if generator.is_async {
            Some(self.next_async_item(&generator.target, at, iterator)?)
        } else {
            self.next_item(&generator.target, at, iterator, end)?;
            None
        };
        for condition in &generator.ifs {
            self.jump_if(condition, header, false)?;
        }
        match generators.get(depth + 1) {
            Some(inner) => {
                let inner_iterator = self.temp();
                self.first_iterator(inner, inner_iterator)?;
                self.generator_loop(generators, depth + 1, inner_iterator, element, result)?;
            }
            None => self.element(element, result)?,
        }
        self.emit_jump(generator.range, Op::Jump, 0, header);
        if let Some(stopped) = stopped {
            self.end_of_async_items(at, stopped, end);
        }
        self.place(end);
        self.release(mark);
        Ok(())
    }

    fn element(&mut self, element: Element<'a>, result: Reg) -> Res {
        let mark = self.mark();
        match element {
            Element::List(value) => {
                let register = self.operand(value)?;
                self.emit(value.range(), Op::ListAppend, result, register, 0);
            }
            Element::Set(value) => {
                let register = self.operand(value)?;
                self.emit(value.range(), Op::SetAdd, result, register, 0);
            }
            Element::Dict(key, value) => {
                let scratch = self.temp();
                let key_register = self.operand_before(key, &[value], scratch)?;
                let register = self.operand(value)?;
                self.emit(key.range().cover(value.range()), Op::DictSet, result, key_register, register);
            }
            Element::Yield(value) => {
                let register = self.operand(value)?;
                let sent = self.temp();
                self.emit(value.range(), Op::Yield, sent, register, 0);
            }
        }
        self.release(mark);
        Ok(())
    }
}
