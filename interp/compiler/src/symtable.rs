//! Scopes: which names a block binds, and where each name lives.
//!
//! Two steps. The *builder* (`scopes.rs`) walks the tree once and notes for each scope which names are bound, used,
//! declared global or nonlocal. The *resolver*, here, then goes down with the set of names that enclosing functions
//! bind and comes back up with the names that inner functions need: those become cells where they are local, and free
//! variables on the way.
//!
//! A list, set or dict comprehension is *inlined* (its targets become hidden registers of the enclosing code) unless a
//! function inside captures one of its targets, or it stands in a class body, whose names it must not see. What an
//! inlined comprehension itself uses counts as used by the enclosing scope; what functions inside it use counts as
//! captured.

use crate::errors::{ErrorKind, Res, error_at};
use crate::scopes::FRAME_READERS;
use crate::source::Source;
use ruff_text_size::TextRange;
use std::collections::{HashMap, HashSet};

/// The kind of block a scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    /// List, set or dict comprehension.
    Comprehension,
    Generator,
    /// The function that evaluates annotations on demand.
    Annotate,
}

impl ScopeKind {
    /// Names live in registers and can be captured by inner functions.
    pub fn is_function(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }

    pub fn is_comprehension(self) -> bool {
        matches!(self, ScopeKind::Comprehension | ScopeKind::Generator)
    }
}

/// Where a name of a scope lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Binding {
    Local,
    Cell,
    Free,
    GlobalExplicit,
    GlobalImplicit,
}

/// What is known of a name in a scope.
#[derive(Clone, Debug)]
pub(crate) struct Symbol {
    pub bound: bool,
    pub used: bool,
    /// Used otherwise than by calling it.
    pub handed_on: bool,
    pub param: bool,
    pub global: bool,
    pub nonlocal: bool,
    pub annotated: bool,
    /// Target of a comprehension's `for`.
    pub iteration: bool,
    /// Bound by `:=`.
    pub walrus: bool,
    pub binding: Binding,
    /// Where a global or nonlocal statement names it.
    pub declared_at: TextRange,
}

impl Default for Symbol {
    fn default() -> Symbol {
        Symbol {
            bound: false,
            used: false,
            handed_on: false,
            param: false,
            global: false,
            nonlocal: false,
            annotated: false,
            iteration: false,
            walrus: false,
            binding: Binding::GlobalImplicit,
            declared_at: TextRange::default(),
        }
    }
}

/// One block with its names.
pub(crate) struct Scope {
    pub kind: ScopeKind,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
    /// The class whose name mangles private names here.
    pub private: Option<String>,
    /// In order of first appearance, parameters first.
    pub order: Vec<String>,
    pub symbols: HashMap<String, Symbol>,
    pub is_generator: bool,
    /// An `async def`, or a comprehension with `await` or `async for`.
    pub is_async: bool,
    /// Comprehension that becomes part of the enclosing code.
    pub inlined: bool,
    /// A class scope with a method that needs `__class__`.
    pub needs_class_cell: bool,
    /// Something that may look at the local variables may be called.
    pub uses_frame_locals: bool,
    /// Names that a class binds for itself while functions in it mean the variable of an outer function.
    pub pass_through: Vec<String>,
}

impl Scope {
    pub fn new(kind: ScopeKind, parent: Option<usize>, private: Option<String>) -> Scope {
        Scope {
            kind,
            parent,
            children: Vec::new(),
            private,
            order: Vec::new(),
            symbols: HashMap::new(),
            is_generator: false,
            is_async: false,
            inlined: false,
            needs_class_cell: false,
            uses_frame_locals: false,
            pass_through: Vec::new(),
        }
    }

    /// The entry of a name, made if missing.
    pub fn symbol(&mut self, name: &str) -> &mut Symbol {
        if !self.symbols.contains_key(name) {
            self.order.push(name.to_owned());
        }
        self.symbols.entry(name.to_owned()).or_default()
    }

    pub fn binding(&self, name: &str) -> Option<Binding> {
        self.symbols.get(name).map(|symbol| symbol.binding)
    }

    /// The names with this binding, in order of appearance.
    pub fn names(&self, binding: Binding) -> impl Iterator<Item = &String> {
        self.order.iter().filter(move |name| self.symbols[*name].binding == binding)
    }
}

/// Which of the scopes of a node: a function statement has its body and its annotations.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Part {
    Body,
    Annotations,
}

/// All scopes of a source.
pub(crate) struct SymbolTable {
    pub scopes: Vec<Scope>,
    pub by_node: HashMap<(TextRange, Part), usize>,
}

/// `__name` inside class `C` is `_C__name`.
pub(crate) fn mangle(private: Option<&str>, name: &str) -> String {
    let Some(class) = private.map(|class| class.trim_start_matches('_')).filter(|class| !class.is_empty())
    else {
        return name.to_owned();
    };
    if name.starts_with("__") && !name.ends_with("__") && !name.contains('.') {
        format!("_{class}{name}")
    } else {
        name.to_owned()
    }
}

/// The free names of a scope as its parent must provide them.
#[derive(Default)]
struct Needs {
    /// Used by the code itself: of interest if that code is inlined.
    direct: HashSet<String>,
    /// Captured by functions.
    captured: HashSet<String>,
}

impl SymbolTable {
    /// Decides where every name lives.
    pub fn resolve(&mut self, source: &Source) -> Res {
        self.resolve_scope(0, &HashSet::new(), source)?;
        Ok(())
    }

    /// Finds the scopes whose local variables something may look at. A function that does so may be called by another
    /// name wherever it has been handed to (`go_round`: it is known to be).
    pub fn keep_frame_locals(&mut self, go_round: bool) {
        let go_round = go_round || self.scopes.iter().any(|scope| self.hands_reader_on(scope));
        for at in (0..self.scopes.len()).rev() {
            let scope = &mut self.scopes[at];
            scope.uses_frame_locals |= go_round;
            if scope.inlined
                && scope.uses_frame_locals
                && let Some(parent) = scope.parent
            {
                self.scopes[parent].uses_frame_locals = true;
            }
        }
    }

    fn hands_reader_on(&self, scope: &Scope) -> bool {
        FRAME_READERS.iter().any(|&name| {
            let own = self.scopes[0].symbols.get(name).is_some_and(|symbol| symbol.bound);
            let symbol = scope.symbols.get(name).filter(|symbol| symbol.handed_on);
            let global = |b: Binding| matches!(b, Binding::GlobalImplicit | Binding::GlobalExplicit);
            !own && symbol.is_some_and(|symbol| global(symbol.binding))
        })
    }

    fn resolve_scope(&mut self, at: usize, bound: &HashSet<String>, source: &Source) -> Res<Needs> {
        let mut needs = self.bind_names(at, bound, source)?;
        let inner_bound = self.bound_for_children(at, bound);
        for child in self.scopes[at].children.clone() {
            let child_needs = self.resolve_scope(child, &inner_bound, source)?;
            self.satisfy(at, child, child_needs, bound, &mut needs);
        }
        self.decide_inlining(at);
        Ok(needs)
    }

    fn bind_names(&mut self, at: usize, bound: &HashSet<String>, source: &Source) -> Res<Needs> {
        let mut needs = Needs::default();
        let scope = &mut self.scopes[at];
        let is_module = scope.kind == ScopeKind::Module;
        for name in &scope.order {
            let Some(symbol) = scope.symbols.get_mut(name) else { continue };
            symbol.binding = if symbol.global {
                Binding::GlobalExplicit
            } else if symbol.nonlocal {
                if !bound.contains(name) {
                    let message = format!("no binding for nonlocal '{name}' found");
                    return Err(error_at(source, ErrorKind::SyntaxError, symbol.declared_at, message));
                }
                Binding::Free
            } else if symbol.bound {
                if is_module { Binding::GlobalImplicit } else { Binding::Local }
            } else if bound.contains(name) {
                Binding::Free
            } else {
                Binding::GlobalImplicit
            };
            if symbol.binding == Binding::Free {
                needs.direct.insert(name.clone());
            }
        }
        Ok(needs)
    }

    fn bound_for_children(&self, at: usize, bound: &HashSet<String>) -> HashSet<String> {
        let scope = &self.scopes[at];
        let mut inner = bound.clone();
        if scope.kind == ScopeKind::Class {
            inner.insert("__class__".to_owned());
        }
        for (name, symbol) in &scope.symbols {
            if scope.kind.is_function() && symbol.binding == Binding::Local {
                inner.insert(name.clone());
            } else if symbol.binding == Binding::GlobalExplicit {
                inner.remove(name);
            }
        }
        inner
    }

    /// Makes cells of locals that a child captures; passes on what is not bound here.
    fn satisfy(
        &mut self,
        at: usize,
        child: usize,
        child_needs: Needs,
        bound: &HashSet<String>,
        needs: &mut Needs,
    ) {
        let inlined = self.scopes[child].inlined;
        let mut captured = child_needs.captured;
        if inlined {
            for name in &child_needs.direct {
                self.use_directly(at, name, bound, needs);
            }
        } else {
            captured.extend(child_needs.direct);
        }
        for name in captured {
            self.capture(at, name, needs);
        }
    }

    /// An inlined comprehension uses `name`.
    fn use_directly(&mut self, at: usize, name: &str, bound: &HashSet<String>, needs: &mut Needs) {
        let known = self.scopes[at].symbols.contains_key(name);
        if !known && bound.contains(name) {
            self.scopes[at].symbol(name).binding = Binding::Free;
            needs.direct.insert(name.to_owned());
        }
    }

    fn capture(&mut self, at: usize, name: String, needs: &mut Needs) {
        let scope = &mut self.scopes[at];
        if scope.kind == ScopeKind::Class && name == "__class__" {
            scope.needs_class_cell = true;
            return;
        }
        let is_function = scope.kind.is_function();
        let known = scope.symbols.contains_key(&name);
        let symbol = scope.symbol(&name);
        match symbol.binding {
            Binding::Local if is_function => symbol.binding = Binding::Cell,
            Binding::Cell => {}
            // A class binds the name for itself, while inner functions mean the outer one: only the cell passes through.
            Binding::Local => {
                if !scope.pass_through.contains(&name) {
                    scope.pass_through.push(name.clone());
                }
                needs.captured.insert(name);
            }
            _ => {
                if !known || symbol.binding != Binding::GlobalExplicit {
                    symbol.binding = Binding::Free;
                }
                needs.captured.insert(name);
            }
        }
    }

    fn decide_inlining(&mut self, at: usize) {
        let scope = &self.scopes[at];
        let inlined = scope.kind == ScopeKind::Comprehension
            && !scope.is_generator
            && scope.names(Binding::Cell).next().is_none()
            && scope.parent.is_some_and(|parent| {
                let parent = &self.scopes[parent];
                parent.kind != ScopeKind::Class
            });
        self.scopes[at].inlined = inlined;
    }
}
