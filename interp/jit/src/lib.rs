//! The JIT of this language: tracer, optimizer and backend, put together as the options say. Only here are the handlers
//! compiled for recording.

use hoop_backend::{BackendOptions, CraneliftBackend, RawMachine};
use hoop_interp::step::Python;
use hoop_ir::eval::EvalBackend;
use hoop_ir::{Backend, Optimize};
use hoop_object::vm::{Host, Vm};
use hoop_optimizer::Optimizer;
use hoop_tracer::{
    BackendChoice, Counters, Dump, NoOptimizer, OptimizerChoice, Options, Stage, Tracer, heap_abi,
};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

/// Stages whose text is wanted, and the file that it goes to.
pub type Dumped = (Vec<String>, Option<String>);

/// A tracer with what comes after it.
pub struct Jit {
    tracer: Rc<Tracer<Python>>,
}

impl Jit {
    /// A JIT as the options say; nothing for `off`.
    pub fn new(jit: &str, dump: Option<&Dumped>, host: Rc<dyn Host>) -> Result<Option<Jit>, String> {
        let text = match jit {
            "off" => return Ok(None),
            "on" => "",
            text => text,
        };
        let options = Options::parse(text).map_err(|e| e.to_string())?;
        let optimizer = make_optimizer(&options.optimizer)?;
        let backend = make_backend(options.backend, dump.is_some())?;
        let clock_host = host.clone();
        let mut tracer = Tracer::new(options, optimizer, backend)
            .with_clock(Box::new(move || clock_host.monotonic_ns() as u64));
        if let Some((stages, file)) = dump {
            tracer = tracer.with_dump(make_dump(stages, file.as_deref())?);
        }
        Ok(Some(Jit { tracer: Rc::new(tracer) }))
    }

    /// From now on the machine runs with this JIT.
    pub fn connect(&self, vm: &mut Vm) {
        vm.loop_threshold = self.tracer.options().threshold;
        vm.call_threshold = self.tracer.options().function;
        let roots = self.tracer.clone();
        vm.extra_roots = Some(Rc::new(move |marker| roots.trace_roots(marker)));
        let tables = self.tracer.clone();
        vm.extra_forget = Some(Rc::new(move |survivors| tables.forget_dead(survivors)));
        vm.jit = Some(self.tracer.clone());
    }

    /// What the counters say, for people.
    pub fn report(&self, vm: &mut Vm) -> String {
        self.tracer.report(vm)
    }

    pub fn counters(&self) -> &Counters {
        self.tracer.counters()
    }
}

fn make_optimizer(choice: &OptimizerChoice) -> Result<Box<dyn Optimize>, String> {
    let options = match choice {
        OptimizerChoice::All => hoop_optimizer::Options::default(),
        OptimizerChoice::Off => return Ok(Box::new(NoOptimizer)),
        OptimizerChoice::Passes(names) => hoop_optimizer::Options::parse(&names.join(","))
            .map_err(|unknown| format!("bad JIT option 'optimizer': no pass '{}'", unknown.0))?,
    };
    Ok(Box::new(Optimizer::new(options)))
}

/// Activations that the evaluator nests: more than a program's own limit allows at first.
const EVALUATOR_DEPTH: u32 = 2000;

fn make_backend(choice: BackendChoice, listings: bool) -> Result<Box<dyn Backend>, String> {
    let abi = heap_abi::<Python>();
    match choice {
        BackendChoice::Eval => {
            let mut backend = EvalBackend::new(RawMachine::new(abi));
            backend.max_depth = EVALUATOR_DEPTH;
            Ok(Box::new(backend))
        }
        BackendChoice::Cranelift => {
            let options = BackendOptions { listings, ..BackendOptions::default() };
            Ok(Box::new(CraneliftBackend::new(abi, options)?))
        }
    }
}

/// A sink that writes the wanted stages to a file, or to standard error.
fn make_dump(stages: &[String], file: Option<&str>) -> Result<Dump, String> {
    let mut wanted = Vec::new();
    for stage in stages {
        wanted.push(match stage.as_str() {
            "bytecode" => continue,
            "recorded" => Stage::Recorded,
            "optimized" => Stage::Optimized,
            "clif" => Stage::Backend,
            "asm" => Stage::Machine,
            "aborts" => Stage::Abort,
            other => return Err(format!("unknown stage '{other}' in --jit-dump")),
        });
    }
    let sink = RefCell::new(open(file)?);
    Ok(Box::new(move |stage, title, text| {
        if wanted.contains(&stage) {
            // A dump that cannot be written must not disturb the program.
            let _ = writeln!(sink.borrow_mut(), "# {} {title}\n{text}", stage.text());
        }
    }))
}

/// A file for dumps; standard error without a name.
pub fn open(file: Option<&str>) -> Result<Box<dyn Write>, String> {
    match file {
        None => Ok(Box::new(std::io::stderr())),
        Some(path) => {
            let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
            opened.map(|f| Box::new(f) as Box<dyn Write>).map_err(|e| format!("cannot write {path}: {e}"))
        }
    }
}
