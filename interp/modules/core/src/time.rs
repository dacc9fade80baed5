//! The module `time`: clocks and sleeping.

use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::rows::NativeDef;
use hoop_object::vm::{NativeModule, Vm};
use hoop_object::{bigint, interrupts, module, text, tuple};
use hoop_protocol::attr;
use hoop_types::classes::object;
use hoop_types::numbers::float;
use hoop_types::support::names_of;
use std::time::Duration;

pub static MODULE: NativeModule = NativeModule { name: "time", init };

const NANO: f64 = 1e-9;

const FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("time", "", |vm, _| {
        let t = vm.host.time();
        Ok(vm.ctx.box_float(t))
    })
    .text("$self, /"),
    NativeDef::new("time_ns", "", |vm, _| {
        let t = (vm.host.time() * 1e9) as i64;
        Ok(bigint::int_from_i64(vm, t))
    })
    .text("$self, /"),
    NativeDef::new("perf_counter", "", |vm, _| seconds(vm, vm.host.monotonic_ns())).text("$self, /"),
    NativeDef::new("perf_counter_ns", "", |vm, _| {
        Ok({
            let i = vm.host.clone().monotonic_ns();
            bigint::int_from_i64(vm, i)
        })
    })
    .text("$self, /"),
    NativeDef::new("monotonic", "", |vm, _| seconds(vm, vm.host.monotonic_ns())).text("$self, /"),
    NativeDef::new("monotonic_ns", "", |vm, _| {
        Ok({
            let monotonic_ns = vm.host.clone().monotonic_ns();
            bigint::int_from_i64(vm, monotonic_ns)
        })
    })
    .text("$self, /"),
    NativeDef::new("process_time", "", |vm, _| seconds(vm, vm.host.process_ns())).text("$self, /"),
    NativeDef::new("process_time_ns", "", |vm, _| {
        Ok({
            let process_ns = vm.host.clone().process_ns();
            bigint::int_from_i64(vm, process_ns)
        })
    })
    .text("$self, /"),
    NativeDef::new("thread_time", "", |vm, _| seconds(vm, vm.host.process_ns())).text("$self, /"),
    NativeDef::new("thread_time_ns", "", |vm, _| {
        Ok({
            let i2 = vm.host.clone().process_ns();
            bigint::int_from_i64(vm, i2)
        })
    })
    .text("$self, /"),
    NativeDef::new("sleep", "seconds, /", sleep).text("$self, object, /"),
];

fn init(vm: &mut Vm, module: Value) -> PyResult<()> {
    let ns = names_of(module);
    object::add_functions(vm, ns, FUNCTIONS);
    for name in ["timezone", "altzone", "daylight"] {
        module::set_global(vm, ns, name, Value::int(0));
    }
    let utc = text::str(vm, "UTC");
    let names = tuple::new_tuple(vm, &[utc, utc])?;
    module::set_global(vm, ns, "tzname", names);
    Ok(())
}

fn seconds(vm: &mut Vm, ns: i64) -> PyResult {
    Ok(vm.ctx.box_float(ns as f64 * NANO))
}

/// Sleeps in short stretches, between which Ctrl-C is looked at.
fn sleep_until(vm: &mut Vm, end: i64) -> PyResult {
    const STRETCH: i64 = 20_000_000;
    loop {
        if interrupts::is_interrupted(vm) {
            (vm.hooks.interrupts)(vm)?;
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
        || attr::special(vm, a[0], vm.names.float).is_some()
        || attr::special(vm, a[0], vm.names.index).is_some()
    {
        let s = float::real_number(vm, a[0])?;
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
