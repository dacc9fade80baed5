//! [`CraneliftBackend`]: units, fragments and exits, and when their memory is given back.
//!
//! A **unit** is one compiled function. A **fragment** is a name for an entry of a unit, an **exit** a way out of one.
//! Units refer to fragments by the address of their [`Interface`] and to their own exits by the address of their
//! [`ExitCell`]; both are boxed and live as long as any code that knows the address.
//!
//! **Freeing.** A unit is wanted if a fragment that has not been freed enters it, if an activation is inside, or if a
//! wanted unit jumps to it or has a bridge in it. The others are garbage. Which activations there are, the machine stacks
//! tell: code that runs has called something, so a word of some stack points into it. Whoever reclaims garbage passes
//! these words.
//!
//! **Re-entry.** Native functions that compiled code calls may enter, compile, attach and free again. So the tables sit in
//! one `RefCell` that is never borrowed while compiled code runs.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{CodegenError, Context};
use cranelift_frontend::FunctionBuilderContext;
use hoop_ir::descr::Descriptors;
use hoop_ir::stage::{Backend, BackendError, CompiledUnit, Effort, ExitId, HeapAbi, Outcome, UnitTrace};
use hoop_ir::trace::FragmentId;

use crate::abi::{ExitCell, Interface, InterfaceKind, Passing, SaveArea, Slot, passes_as};
use crate::arena::{CodeArena, CodeBlock};
use crate::listing::Listing;
use crate::lower::{Environment, UnitEntry, UnitParts, lower_unit};
use crate::options::BackendOptions;
use crate::stubs;
use crate::stubs::{ColdCall, ColdCalls};
use crate::target::{self, Isas};

type Trampoline = extern "C" fn(*mut u8, *mut u64, usize, usize) -> usize;

struct Unit {
    code: CodeBlock,
    #[expect(clippy::vec_box, reason = "the address of each is in the code")]
    exits: Vec<Box<ExitCell>>,
    uses: Vec<FragmentId>,
    /// The traces in it, those with an entry and others.
    traces: Vec<FragmentId>,
}

struct Fragment {
    interface: Box<Interface>,
    /// Index of the unit that it enters; `None` while that is being made, and when its trace is a part of another one's.
    unit: Option<usize>,
    freed: bool,
    /// Units that jump to it or call it.
    users: u32,
    /// Exits that go to this bridge.
    attached: Vec<ExitId>,
}

/// State that nested activations share.
struct Shared {
    /// The context of the last activation.
    ctx: Cell<*mut u8>,
    save: SaveArea,
    /// Offset of the exchange area from the context.
    exchange: isize,
    /// See [`HeapAbi::finish_callee`].
    finish_callee: usize,
}

impl Shared {
    /// After compiled code has left through this exit: puts its fail arguments into the exchange area.
    fn publish(&self, ctx: *mut u8, exit: &ExitCell) {
        self.ctx.set(ctx);
        let words = ctx.wrapping_offset(self.exchange).cast::<u64>();
        let mut passing = Passing::default();
        for (i, &ty) in exit.types.iter().enumerate() {
            let word = match passing.next(ty) {
                Slot::Int(n) => self.save.ints[n].get(),
                Slot::Float(n) => self.save.floats[n].get(),
                Slot::Exchange(_) => continue,
            };
            // SAFETY: the context holds the exchange area at this offset, and a unit whose exits have more fail arguments
            // than the area has words is not compiled.
            unsafe { words.add(i).write(word) };
        }
    }
}

/// Finishes an activation made by `call_fragment` that left by an exit. Gives its value; 0 with an exception pending.
extern "C" fn left_by_exit(shared: *const Shared, ctx: *mut u8, exit: *const ExitCell) -> u64 {
    type Finish = extern "C" fn(*mut u8, u32, *mut u64) -> u32;
    // SAFETY: compiled code passes the state of the backend that runs it.
    let shared = unsafe { &*shared };
    // SAFETY: compiled code passes what the activation returned, the address of an exit cell of the unit it left just
    // now; nothing is reclaimed before that is known.
    let exit = unsafe { &*exit };
    shared.publish(ctx, exit);
    // SAFETY: the heap description says that this is such a function, and units that need it are compiled only if it is
    // there.
    let finish = unsafe { std::mem::transmute::<usize, Finish>(shared.finish_callee) };
    let mut value = 0;
    if finish(ctx, exit.id.0, &mut value) == 0 { 0 } else { value }
}

/// Machine code of one unit, and the fragments that enter it (none: it is reached from other units only).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeRange {
    pub start: usize,
    pub len: usize,
    pub fragments: Vec<FragmentId>,
}

/// Compiles traces to machine code and runs them. See the module text.
pub struct CraneliftBackend {
    core: RefCell<Core>,
    shared: Box<Shared>,
    trampoline: Trampoline,
}

/// Everything that is not touched while compiled code runs.
struct Core {
    isas: Isas,
    heap: HeapAbi,
    options: BackendOptions,
    native_rounding: bool,
    context: Context,
    builder: FunctionBuilderContext,
    arena: CodeArena,
    deopt: usize,
    cold: ColdCalls,
    /// Only its address is used here: it goes into code.
    shared: *const Shared,
    units: Vec<Option<Unit>>,
    free_units: Vec<usize>,
    /// Units by the address of their first instruction.
    starts: BTreeMap<usize, usize>,
    fragments: HashMap<FragmentId, Fragment>,
    /// Unit of each exit, and its index there.
    exits: HashMap<ExitId, (usize, usize)>,
    next_exit: u32,
    /// Bytes of code freed or replaced since garbage was looked for.
    garbage: usize,
    listing: Listing,
}

impl CraneliftBackend {
    /// A backend for the machine this process runs on. Fails with a text if the machine is not supported or the system
    /// gives no memory for code.
    pub fn new(heap: HeapAbi, options: BackendOptions) -> Result<CraneliftBackend, String> {
        let isas = target::host(&options)?;
        let isa = &*isas.best;
        let mut arena = CodeArena::new(options.code_budget).map_err(|e| format!("memory for code: {e}"))?;
        let mut context = Context::new();
        let mut builder = FunctionBuilderContext::new();
        let shared = Box::new(Shared {
            ctx: Cell::new(std::ptr::null_mut()),
            save: SaveArea::default(),
            exchange: heap.exchange as isize,
            finish_callee: heap.finish_callee,
        });
        stubs::trampoline(&mut context, &mut builder, isa);
        let trampoline = install_stub(&mut context, isa, &mut arena)?;
        stubs::deopt(&mut context, &mut builder, isa, &shared.save);
        let deopt = install_stub(&mut context, isa, &mut arena)?;
        let cold = cold_calls(&heap, |call| {
            stubs::cold_call(&mut context, &mut builder, isa, call);
            install_stub(&mut context, isa, &mut arena)
        })?;
        // SAFETY: the code at this address was compiled with this signature in the host's C convention, and the arena
        // keeps it as long as the backend exists.
        let trampoline = unsafe { std::mem::transmute::<usize, Trampoline>(trampoline) };
        let core = Core {
            native_rounding: target::has_native_rounding(isa),
            isas,
            heap,
            options,
            context,
            builder,
            arena,
            deopt,
            cold,
            shared: &raw const *shared,
            units: Vec::new(),
            free_units: Vec::new(),
            starts: BTreeMap::new(),
            fragments: HashMap::new(),
            exits: HashMap::new(),
            next_exit: 0,
            garbage: 0,
            listing: Listing::default(),
        };
        Ok(CraneliftBackend { core: RefCell::new(core), shared, trampoline })
    }

    /// Where the machine code of each unit lies, for profilers.
    pub fn code_map(&self) -> Vec<CodeRange> {
        let core = self.core.borrow();
        let range = |(&start, &index): (&usize, &usize)| {
            let unit = core.units[index].as_ref()?;
            let enters = |id: &FragmentId| core.fragments.get(id).is_some_and(|f| f.unit == Some(index));
            let fragments = unit.traces.iter().copied().filter(enters).collect();
            Some(CodeRange { start, len: unit.code.len(), fragments })
        };
        core.starts.iter().filter_map(range).collect()
    }

    /// Changes the knobs for units compiled from now on (the budget stays as it was).
    pub fn set_options(&self, options: BackendOptions) -> Result<(), String> {
        let isas = target::host(&options)?;
        let mut core = self.core.borrow_mut();
        core.isas = isas;
        core.options = options;
        Ok(())
    }
}

impl Core {
    fn fragment(&self, id: FragmentId) -> Option<&Fragment> {
        self.fragments.get(&id)
    }

    fn fragment_mut(&mut self, id: FragmentId) -> Option<&mut Fragment> {
        self.fragments.get_mut(&id)
    }

    fn live_fragment(&self, id: FragmentId) -> Option<&Fragment> {
        self.fragment(id).filter(|f| !f.freed)
    }

    /// Lowers the unit into `self.context`.
    fn lower(
        &mut self,
        unit: &[UnitTrace],
        effort: Effort,
        descriptors: &Descriptors,
    ) -> Result<UnitParts, BackendError> {
        // Taken out and put back on success: an abandoned function leaves its state behind in them.
        let mut context = std::mem::replace(&mut self.context, Context::new());
        let mut builder = std::mem::take(&mut self.builder);
        context.clear();
        let mut next_exit = self.next_exit;
        let fragments = |id| self.live_fragment(id).map(|f| &*f.interface);
        let env = Environment {
            isa: &*self.isas.best,
            heap: &self.heap,
            effort,
            descriptors,
            native_rounding: self.native_rounding,
            deopt: self.deopt,
            cold: self.cold,
            left_by_exit: left_by_exit as *const () as usize,
            left_data: self.shared as usize,
            listings: self.options.listings,
            fragments: &fragments,
        };
        let parts = lower_unit(&mut context.func, &mut builder, &env, unit, &mut next_exit)?;
        (self.context, self.builder, self.next_exit) = (context, builder, next_exit);
        Ok(parts)
    }

    /// Machine code for the function in `self.context`, in the arena.
    fn generate(&mut self, parts: &UnitParts, effort: Effort) -> Result<CodeBlock, BackendError> {
        if self.options.listings {
            self.listing.clif = parts.names.apply(&self.context.func.display().to_string());
            self.context.set_disasm(true);
        }
        let isa = match effort {
            Effort::Quick { .. } => &self.isas.quick,
            Effort::Best => &self.isas.best,
        };
        let code = self.context.compile(&**isa, &mut ControlPlane::default());
        let code = code.map_err(|e| error_of(&e.inner))?;
        if !code.buffer.relocs().is_empty() {
            return Err(BackendError::Unsupported("code that refers to a library function"));
        }
        if self.options.listings {
            self.listing.asm = parts.names.apply(code.vcode.as_deref().unwrap_or(""));
        }
        let bytes = code.code_buffer();
        let block = self.arena.install(bytes).ok_or(BackendError::OutOfCodeMemory)?;
        if effort == Effort::Best {
            // What the best register allocation took stays in the context: megabytes, until the next time.
            (self.context, self.builder) = (Context::new(), FunctionBuilderContext::new());
        }
        Ok(block)
    }

    /// Fragments that the unit makes and that do not exist yet: known by their interfaces while it is lowered, since a
    /// function may call itself.
    fn announce(&mut self, unit: &[UnitTrace]) -> Vec<FragmentId> {
        let mut new = Vec::new();
        for t in unit.iter().filter(|t| t.parent.is_none()) {
            self.fragments.entry(t.fragment).or_insert_with(|| {
                new.push(t.fragment);
                let interface = Box::new(Interface::new(&t.trace.entry));
                Fragment { interface, unit: None, freed: false, users: 0, attached: Vec::new() }
            });
        }
        new
    }

    /// A fragment that live code refers to may only be replaced by one that is entered in the same way.
    fn check_replacement(&self, unit: &[UnitTrace], parts: &UnitParts) -> Result<(), BackendError> {
        for (index, t) in unit.iter().enumerate().filter(|(_, t)| t.parent.is_none()) {
            let Some(old) = self.fragment(t.fragment).filter(|f| f.unit.is_some()) else { continue };
            let used = !old.attached.is_empty() || old.users > 0;
            let same_entry = old.interface.kind == Interface::new(&t.trace.entry).kind;
            let label = &old.interface.label_types;
            let same_label = label.is_none() || *label == parts.label_types(index);
            if used && !(same_entry && same_label) {
                return Err(BackendError::Unsupported(
                    "a fragment in use is compiled again with another interface",
                ));
            }
        }
        Ok(())
    }

    /// Makes the unit's entries known.
    fn publish(&mut self, index: usize, base: usize, unit: &[UnitTrace], parts: &UnitParts) {
        for (number, t) in unit.iter().enumerate().filter(|(_, t)| t.parent.is_none()) {
            let Some(fragment) = self.fragment_mut(t.fragment) else { continue };
            let replaced = fragment.unit.replace(index);
            fragment.freed = false;
            fragment.interface.kind = Interface::new(&t.trace.entry).kind;
            fragment.interface.label_types = parts.label_types(number);
            self.count_garbage(replaced);
        }
        unit.iter().filter(|t| t.parent.is_some()).for_each(|t| self.merged(t.fragment));
        for (selector, &entry) in parts.entries.iter().enumerate() {
            let Some(fragment) = self.fragment(unit[entry.trace()].fragment) else { continue };
            let interface = &fragment.interface;
            match entry {
                UnitEntry::General(_) => interface.entry.set(base, selector),
                UnitEntry::Start(_) => interface.start.set(base, selector),
                UnitEntry::Label(_) => interface.label.set(base, selector),
            }
            let unlabelled = matches!(entry, UnitEntry::Start(trace) if !parts.has_label[trace]);
            if unlabelled {
                interface.label.set(base, selector);
            }
        }
        for fragment in
            unit.iter().filter_map(|t| self.fragment(t.fragment)).filter(|f| f.unit == Some(index))
        {
            for cell in fragment.attached.iter().filter_map(|&exit| self.exit_cell(exit)) {
                cell.target.copy_from(&fragment.interface.entry);
            }
        }
    }

    fn exit_cell(&self, exit: ExitId) -> Option<&ExitCell> {
        let &(unit, at) = self.exits.get(&exit)?;
        Some(&self.units[unit].as_ref()?.exits[at])
    }

    /// The trace is a part of its parent's code from now on; what leads to code of its own is old.
    fn merged(&mut self, id: FragmentId) {
        let Some(fragment) = self.fragment_mut(id) else { return };
        let (unit, attached) = (fragment.unit.take(), std::mem::take(&mut fragment.attached));
        self.to_interpreter(&attached);
        self.count_garbage(unit);
    }

    fn to_interpreter(&self, exits: &[ExitId]) {
        exits
            .iter()
            .filter_map(|&exit| self.exit_cell(exit))
            .for_each(|cell| cell.to_interpreter(self.deopt));
    }

    fn count_garbage(&mut self, unit: Option<usize>) {
        let unit = unit.and_then(|index| self.units[index].as_ref());
        self.garbage += unit.map_or(0, |unit| unit.code.len());
    }

    /// The unit that the address points into, or to the end of.
    fn unit_at(&self, address: usize) -> Option<usize> {
        let (start, &index) = self.starts.range(..=address).next_back()?;
        (address - start <= self.units[index].as_ref()?.code.len()).then_some(index)
    }

    /// The units that these fragments enter.
    fn entered<'a>(
        &'a self,
        fragments: impl Iterator<Item = FragmentId> + 'a,
    ) -> impl Iterator<Item = usize> + 'a {
        fragments.filter_map(|f| self.fragment(f)?.unit)
    }

    /// The units that activations are in, and what they get to otherwise than through exits.
    fn running_units(&self, words: &[usize]) -> HashSet<usize> {
        let mut work: Vec<usize> = words.iter().filter_map(|&word| self.unit_at(word)).collect();
        let mut running = HashSet::new();
        while let Some(index) = work.pop() {
            if let Some(unit) = self.units[index].as_ref().filter(|_| running.insert(index)) {
                work.extend(self.entered(unit.uses.iter().copied()));
            }
        }
        running
    }

    fn wanted_units(&self, words: &[usize]) -> Vec<bool> {
        let mut wanted = vec![false; self.units.len()];
        let live = self.fragments.values().filter(|f| !f.freed).filter_map(|f| f.unit);
        let mut work: Vec<usize> = live.chain(words.iter().filter_map(|&word| self.unit_at(word))).collect();
        while let Some(index) = work.pop() {
            if std::mem::replace(&mut wanted[index], true) {
                continue;
            }
            let Some(unit) = &self.units[index] else { continue };
            let bridges = unit.exits.iter().filter_map(|e| e.bridge.get());
            work.extend(self.entered(unit.uses.iter().copied().chain(bridges)));
        }
        wanted
    }

    /// Gives back the memory of units that nothing wants. Gives their exits.
    fn reclaim(&mut self, words: &[usize]) -> Vec<ExitId> {
        let mut gone = Vec::new();
        self.garbage = 0;
        for (index, keep) in self.wanted_units(words).into_iter().enumerate() {
            if !keep && let Some(unit) = self.units[index].take() {
                self.forget_unit(index, &unit);
                gone.extend(unit.exits.iter().map(|exit| exit.id));
            }
        }
        self.fragments.retain(|_, f| !(f.freed && f.unit.is_none() && f.users == 0));
        gone
    }

    fn forget_unit(&mut self, index: usize, unit: &Unit) {
        self.starts.remove(&self.arena.address(unit.code));
        self.arena.release(unit.code);
        self.free_units.push(index);
        for exit in &unit.exits {
            self.exits.remove(&exit.id);
            if let Some(bridge) = exit.bridge.get().and_then(|b| self.fragment_mut(b)) {
                bridge.attached.retain(|&e| e != exit.id);
            }
        }
        for &used in &unit.uses {
            self.fragment_mut(used).into_iter().for_each(|f| f.users -= 1);
        }
        for &id in &unit.traces {
            self.fragment_mut(id).filter(|f| f.unit == Some(index)).into_iter().for_each(|f| f.unit = None);
        }
    }

    fn keep_unit(&mut self, unit: Unit) -> usize {
        for &used in &unit.uses {
            self.fragment_mut(used).into_iter().for_each(|f| f.users += 1);
        }
        let index = self.free_units.pop().unwrap_or_else(|| {
            self.units.push(None);
            self.units.len() - 1
        });
        self.starts.insert(self.arena.address(unit.code), index);
        self.units[index] = Some(unit);
        index
    }

    fn compile(
        &mut self,
        unit: &[UnitTrace],
        effort: Effort,
        descriptors: &Descriptors,
    ) -> Result<CompiledUnit, BackendError> {
        let new = self.announce(unit);
        let compiled = self.compile_known(unit, effort, descriptors);
        if compiled.is_err() {
            new.into_iter().for_each(|id| _ = self.fragments.remove(&id));
        }
        compiled
    }

    fn compile_known(
        &mut self,
        unit: &[UnitTrace],
        effort: Effort,
        descriptors: &Descriptors,
    ) -> Result<CompiledUnit, BackendError> {
        let mut parts = self.lower(unit, effort, descriptors)?;
        self.check_replacement(unit, &parts)?;
        let code = self.generate(&parts, effort)?;
        let exits = std::mem::take(&mut parts.exits);
        let ids: Vec<ExitId> = exits.iter().map(|e| e.id).collect();
        let uses = std::mem::take(&mut parts.uses);
        let traces = unit.iter().map(|t| t.fragment).collect();
        let data_bytes = exits.iter().map(|e| exit_bytes(e)).sum::<usize>() + size_of::<Unit>();
        let index = self.keep_unit(Unit { code, exits, uses, traces });
        self.exits.extend(ids.into_iter().enumerate().map(|(at, id)| (id, (index, at))));
        self.publish(index, self.arena.address(code), unit, &parts);
        Ok(CompiledUnit { exits: parts.guard_exits, code_bytes: code.len(), data_bytes })
    }

    fn attach_bridge(&mut self, exit: ExitId, bridge: FragmentId) {
        let Some(cell) = self.exit_cell(exit) else { return };
        let Some(fragment) = self.live_fragment(bridge).filter(|f| f.unit.is_some()) else { return };
        let InterfaceKind::Bridge(types) = &fragment.interface.kind else { return };
        let matches = passes_as(&cell.types, types);
        debug_assert!(matches, "a bridge's inputs are its exit's fail arguments");
        if !matches {
            return;
        }
        let before = cell.bridge.replace(Some(bridge));
        cell.target.copy_from(&fragment.interface.entry);
        if let Some(old) = before.and_then(|b| self.fragment_mut(b)) {
            old.attached.retain(|&e| e != exit);
        }
        if let Some(fragment) = self.fragment_mut(bridge) {
            fragment.attached.push(exit);
        }
    }

    fn free(&mut self, id: FragmentId) {
        let Some(found) = self.fragment_mut(id) else { return };
        found.freed = true;
        let (unit, attached) = (found.unit, std::mem::take(&mut found.attached));
        self.to_interpreter(&attached);
        self.count_garbage(unit);
    }

    /// Code address and selector of a loop's general entry.
    fn entry(&self, id: FragmentId) -> Option<(usize, usize)> {
        let interface = &self.live_fragment(id)?.interface;
        let target = &interface.entry;
        matches!(interface.kind, InterfaceKind::Loop(_)).then(|| (target.code.get(), target.selector.get()))
    }
}

#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "the trait's contract: a living context and frame")]
impl Backend for CraneliftBackend {
    fn compile(
        &self,
        unit: &[UnitTrace],
        effort: Effort,
        descriptors: &Descriptors,
    ) -> Result<CompiledUnit, BackendError> {
        self.core.borrow_mut().compile(unit, effort, descriptors)
    }

    fn attach_bridge(&self, exit: ExitId, bridge: FragmentId) {
        self.core.borrow_mut().attach_bridge(exit, bridge);
    }

    fn enter(&self, fragment: FragmentId, ctx: *mut u8, frame: *mut u64) -> Outcome {
        let (code, selector) = self.core.borrow().entry(fragment).expect("only compiled loops are entered");
        let shared = &*self.shared;
        let left = (self.trampoline)(ctx, frame, code, selector);
        shared.ctx.set(ctx);
        if left == 0 {
            return Outcome::Finished;
        }
        // SAFETY: compiled code returns 0 or the address of an exit cell of the unit it left; its activation has ended just
        // now, and nothing was reclaimed since.
        let exit = unsafe { &*(left as *const ExitCell) };
        shared.publish(ctx, exit);
        Outcome::Exit(exit.id)
    }

    fn exchange(&self) -> *const u64 {
        self.shared.ctx.get().wrapping_offset(self.shared.exchange).cast::<u64>()
    }

    fn free(&self, fragment: FragmentId) {
        self.core.borrow_mut().free(fragment);
    }

    fn code_range(&self) -> Range<usize> {
        self.core.borrow().arena.range()
    }

    fn running(&self, words: &[usize]) -> Vec<FragmentId> {
        let core = self.core.borrow();
        let units = core.running_units(words);
        units
            .into_iter()
            .filter_map(|index| core.units[index].as_ref())
            .flat_map(|u| u.traces.clone())
            .collect()
    }

    fn reclaim(&self, words: &[usize]) -> Vec<ExitId> {
        self.core.borrow_mut().reclaim(words)
    }

    fn code_bytes(&self) -> usize {
        self.core.borrow().arena.used()
    }

    fn garbage(&self) -> usize {
        self.core.borrow().garbage
    }

    fn listing(&self, stage: &str) -> Option<String> {
        let core = self.core.borrow();
        let text = match stage {
            "clif" => &core.listing.clif,
            "asm" => &core.listing.asm,
            _ => return None,
        };
        (!text.is_empty()).then(|| text.clone())
    }
}

/// Memory for an exit: its cell, its types, its row.
fn exit_bytes(exit: &ExitCell) -> usize {
    size_of::<ExitCell>()
        + size_of_val(&*exit.types)
        + size_of::<(ExitId, (usize, usize))>()
        + 4 * size_of::<usize>()
}

/// Makes the stubs of the collector's slow ways.
fn cold_calls(
    heap: &HeapAbi,
    mut make: impl FnMut(&ColdCall) -> Result<usize, String>,
) -> Result<ColdCalls, String> {
    let result = Some(heap.exchange);
    let alloc = ColdCall { native: heap.alloc_slow, params: 3, offset: heap.heap, result };
    let box_float = ColdCall { native: heap.box_float_slow, params: 2, offset: 0, result };
    let remember = ColdCall { native: heap.remember, params: 2, offset: heap.heap, result: None };
    Ok(ColdCalls { alloc: make(&alloc)?, box_float: make(&box_float)?, remember: make(&remember)? })
}

fn install_stub(context: &mut Context, isa: &dyn TargetIsa, arena: &mut CodeArena) -> Result<usize, String> {
    let code = context.compile(isa, &mut ControlPlane::default()).map_err(|e| format!("{:?}", e.inner))?;
    let block = arena.install(code.code_buffer()).ok_or("no memory for code")?;
    context.clear();
    Ok(arena.address(block))
}

fn error_of(error: &CodegenError) -> BackendError {
    debug_assert!(!matches!(error, CodegenError::Verifier(_)), "the function is not well formed: {error}");
    BackendError::Unsupported(match error {
        CodegenError::CodeTooLarge => "too much code in one unit",
        CodegenError::ImplLimitExceeded => "a limit of the code generator",
        CodegenError::Verifier(_) => "a function that is not well formed",
        _ => "something the code generator does not support",
    })
}
