//! The module `time`: clocks and sleeping.

use crate::support::names_of;
use hoop_gc::Value;
use hoop_interp::errors::PyResult;
use hoop_interp::native::NativeDef;
use hoop_interp::vm::{NativeModule, Vm};
use std::time::Duration;

pub static MODULE: NativeModule = NativeModule { name: "time", init };

const NANO: f64 = 1e-9;

const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("time", "", |vm, _| {
        let t = vm.host.time();
        Ok(vm.ctx.box_float(t))
    }),
    NativeDef::new("time_ns", "", |vm, _| {
        let t = (vm.host.time() * 1e9) as i64;
        Ok(vm.int_from_i64(t))
    }),
    NativeDef::new("perf_counter", "", |vm, _| seconds(vm, vm.host.monotonic_ns())),
    NativeDef::new("perf_counter_ns", "", |vm, _| Ok(vm.int_from_i64(vm.host.clone().monotonic_ns()))),
    NativeDef::new("monotonic", "", |vm, _| seconds(vm, vm.host.monotonic_ns())),
    NativeDef::new("monotonic_ns", "", |vm, _| Ok(vm.int_from_i64(vm.host.clone().monotonic_ns()))),
    NativeDef::new("process_time", "", |vm, _| seconds(vm, vm.host.process_ns())),
    NativeDef::new("process_time_ns", "", |vm, _| Ok(vm.int_from_i64(vm.host.clone().process_ns()))),
    NativeDef::new("thread_time", "", |vm, _| seconds(vm, vm.host.process_ns())),
    NativeDef::new("thread_time_ns", "", |vm, _| Ok(vm.int_from_i64(vm.host.clone().process_ns()))),
    NativeDef::new("sleep", "seconds, /", sleep),
];

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    let ns = names_of(module);
    vm.add_functions(ns, FUNCTIONS);
    for name in ["timezone", "altzone", "daylight"] {
        vm.set_global(ns, name, Value::int(0));
    }
    let utc = vm.str("UTC");
    let names = vm.new_tuple(&[utc, utc])?;
    vm.set_global(ns, "tzname", names);
    Ok(())
}

fn seconds(vm: &mut Vm, ns: i64) -> PyResult {
    Ok(vm.ctx.box_float(ns as f64 * NANO))
}

/// Sleeps in short stretches, between which Ctrl-C is looked at.
fn sleep_until(vm: &mut Vm, end: i64) -> PyResult {
    const STRETCH: i64 = 20_000_000;
    loop {
        if vm.is_interrupted() {
            vm.handle_interrupts()?;
        }
        let left = end - vm.host.monotonic_ns();
        if left <= 0 {
            return Ok(Value::NONE);
        }
        std::thread::sleep(Duration::from_nanos(left.min(STRETCH) as u64));
    }
}

fn sleep(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0].is_int()
        || vm.special(a[0], vm.names.float).is_some()
        || vm.special(a[0], vm.names.index).is_some()
    {
        let s = vm.real_number(a[0])?;
        if s.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        if s < 0.0 {
            return Err(vm.value_error("sleep length must be non-negative"));
        }
        if s > 9_223_372_036.0 {
            return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t"));
        }
        vm.host.clone().flush();
        return sleep_until(vm, vm.host.monotonic_ns().saturating_add((s / NANO) as i64));
    }
    let text = format!("'{}' object cannot be interpreted as an integer", vm.class_name(a[0]));
    Err(vm.type_error(text))
}
